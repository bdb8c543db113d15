"""Organisations, who acts for them, officials: loaded, kept in the admin, read by day."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from programs.models import Membership, OfficeAddress, OfficeHolder, Organisation
from programs.partners.loading import load_organisations
from tests.factories import make_officer, make_user

BACKEND = "accounts.backends.SignInBackend"


@pytest.fixture
def admin(city):
    user = make_officer("admin", city["Kota"])
    user.is_staff = True
    user.save()
    return user


@pytest.fixture
def client(admin):
    found = Client()
    found.force_login(admin, backend=BACKEND)
    return found


@pytest.fixture
def dinkes(db):
    return Organisation.objects.create(short_name="Dinkes", name="Dinas Kesehatan", kind="opd")


# ---- loading -------------------------------------------------------------------------------------


def test_the_files_own_rows_load_and_may_be_loaded_again(db):
    assert load_organisations() == ["Instansi dan mitra: 13 baru, 0 diperbarui, 0 tetap"]
    assert load_organisations() == ["Instansi dan mitra: 0 baru, 0 diperbarui, 13 tetap"]
    assert Organisation.objects.get(short_name="BPR Tugu Artha").helps_with == ["capital"]


@pytest.mark.parametrize(
    "line",
    [
        "A,Nama,opd,tidak-ada",
        "A,Nama,bukan,",
        "A,,opd,",
        "A,Nama,opd,\nA,Nama lain,opd,",
        f"{'A' * 41},Nama,opd,",
    ],
)
def test_a_file_with_a_mistake_changes_nothing(line, tmp_path, db):
    file = tmp_path / "instansi.csv"
    file.write_text(f"short_name,name,kind,helps_with\nBaik,Instansi Baik,opd,licence\n{line}\n")
    with pytest.raises(CommandError, match="Berkas tidak dimuat"):
        call_command("load_partners", str(file))
    assert not Organisation.objects.exists()


# ---- the admin -----------------------------------------------------------------------------------


def test_an_admin_lets_somebody_act_for_an_office(client, admin, dinkes):
    user, today = make_user("opd.contoh"), timezone.localdate()
    given = {"user": user.pk, "organisation": dinkes.pk, "starts_on": today, "ends_on": today + timedelta(9)}
    assert client.post(reverse("admin:programs_membership_add"), given).status_code == 302
    assert list(Organisation.objects.of(user)) == [dinkes]
    assert not Organisation.objects.of(user, today + timedelta(10)).exists()
    assert AuditEntry.objects.filter(act="membership.added", recorded_by=admin).count() == 1


def test_nobody_acts_for_an_office_by_their_own_hand(client, admin, dinkes):
    today = timezone.localdate()
    given = {"user": admin.pk, "organisation": dinkes.pk, "starts_on": today, "ends_on": today}
    assert client.post(reverse("admin:programs_membership_add"), given).status_code == 200
    assert not Membership.objects.exists()


def test_days_in_order_and_the_account_stays(client, dinkes):
    user, today = make_user(), timezone.localdate()
    row = Membership.objects.create(user=user, organisation=dinkes, starts_on=today, ends_on=today)
    change = reverse("admin:programs_membership_change", args=[row.pk])
    wrong = client.post(change, {"starts_on": today, "ends_on": today - timedelta(1)})
    assert "Hari terakhir mendahului hari pertama." in wrong.content.decode()
    other = make_user()
    client.post(change, {"starts_on": today, "ends_on": today + timedelta(3), "user": other.pk})
    row.refresh_from_db()
    assert (row.user, row.ends_on) == (user, today + timedelta(3))


def test_an_office_goes_with_its_kind_of_region(client, city):
    add = reverse("admin:programs_officeholder_add")
    given = {"office": "lurah", "name": "Contoh, S.Sos.", "starts_on": "2026-01-01"}
    for region in (city["Kec. Blimbing"].pk, ""):
        assert "Wilayahnya tidak sesuai" in client.post(add, given | {"region": region}).content.decode()
    assert client.post(add, given | {"region": city["Purwantoro"].pk}).status_code == 302
    assert client.post(add, given | {"office": "head", "region": ""}).status_code == 302


def test_what_an_organisation_handles_is_ticked(client):
    given = {
        "short_name": "Dinkes",
        "name": "Dinas Kesehatan",
        "kind": "opd",
        "helps_with": ["licence", "other"],
    }
    assert client.post(reverse("admin:programs_organisation_add"), given).status_code == 302
    assert Organisation.objects.get().helps_with == ["licence", "other"]


@pytest.mark.parametrize("model", ["organisation", "membership", "officeholder", "officeaddress"])
def test_the_lists_open_and_nothing_is_deleted(model, client, dinkes, city):
    rows = {
        "organisation": lambda: dinkes,
        "membership": lambda: Membership.objects.create(
            user=make_user(), organisation=dinkes, ends_on=timezone.localdate()
        ),
        "officeholder": lambda: OfficeHolder.objects.create(
            office="lurah", region=city["Purwantoro"], name="A", starts_on=date(2026, 1, 1)
        ),
        "officeaddress": lambda: OfficeAddress.objects.create(region=city["Purwantoro"], address="Jalan 1"),
    }
    row = rows[model]()
    assert client.get(reverse(f"admin:programs_{model}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:programs_{model}_change", args=[row.pk])).status_code == 200
    assert client.get(reverse(f"admin:programs_{model}_delete", args=[row.pk])).status_code == 403


def test_an_address_leaves_out_what_is_not_known(city):
    row = OfficeAddress(region=city["Purwantoro"], address="Jalan Contoh 1")
    assert row.lines() == ["Jalan Contoh 1"]
    row.region.postal_code, row.phone, row.email = "65122", "(0341) 1", "a@b.id"
    assert row.lines() == ["Jalan Contoh 1, Kode Pos 65122", "Telepon (0341) 1  Surel a@b.id"]
