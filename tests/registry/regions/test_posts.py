"""A post fits its role's level and its days are in order, whoever assigns it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from registry.models import Post
from tests.factories import make_officer, make_user
from umkm_portal.lib.errors import Refused

pytestmark = pytest.mark.django_db


def test_a_role_does_not_stand_at_another_level(city):
    today = timezone.localdate()
    with pytest.raises(Refused) as refused:
        Post.assign(
            user=make_user(), role="petugas", region=city["Kota"], starts_on=today, ends_on=today, by=None
        )
    assert refused.value.code == "post-region"

    with pytest.raises(Refused) as refused:
        Post.assign(
            user=make_user(),
            role="petugas",
            region=city["Dinoyo"],
            starts_on=today,
            ends_on=today - timedelta(days=1),
            by=None,
        )
    assert refused.value.code == "post-ends_on"
    assert not Post.objects.exists()


def test_the_admin_reads_it_at_the_field(client, city):
    admin = make_officer("admin", city["Kota"])
    client.force_login(admin)
    today = timezone.localdate()
    values = {"user": make_user().pk, "role": "petugas", "starts_on": today, "ends_on": today}

    answer = client.post(reverse("admin:registry_post_add"), values | {"region": city["Kota"].pk})
    assert answer.status_code == 200
    assert "Pilih wilayah yang sesuai" in answer.text
    assert Post.objects.count() == 1

    answer = client.post(reverse("admin:registry_post_add"), values | {"region": city["Dinoyo"].pk})
    assert answer.status_code == 302
    assert Post.objects.count() == 2


def test_nobody_gives_themselves_a_post(client, city):
    admin = make_officer("admin", city["Kota"])
    today = timezone.localdate()
    with pytest.raises(Refused) as refused:
        Post.assign(
            user=admin, role="verifikator", region=city["Kota"], starts_on=today, ends_on=today, by=admin
        )
    assert refused.value.code == "post-own"

    client.force_login(admin)
    values = {"user": admin.pk, "role": "verifikator", "starts_on": today, "ends_on": today}
    answer = client.post(reverse("admin:registry_post_add"), values | {"region": city["Kota"].pk})
    assert answer.status_code == 200
    assert Post.objects.count() == 1


def test_an_account_without_a_post_is_told_so(client, nobody):
    client.force_login(nobody)
    assert "belum punya jabatan" in client.get("/").text
