"""A post fits its role's level and its days are in order, whoever assigns it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from registry.models import Post
from registry.regions.access import forget_posts, reach
from tests.factories import make_officer, make_post, make_submission, make_user
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


# ---- renewing, ending, days of grace -------------------------------------------------------------


@pytest.fixture
def admin(city):
    return make_officer("admin", city["Kota"], "admin.portal")


def ending_in(days, role="petugas", place="Purwantoro", city=None, user=None):
    user = user or make_user()
    return make_post(user, role, city[place], days=days)


def day(days):
    return timezone.localdate() + timedelta(days=days)


def refusal(act, **given):
    with pytest.raises(Refused) as refused:
        act(**given)
    return refused.value.code


def test_a_post_is_renewed_with_its_letter(city, admin):
    post = ending_in(10, city=city)

    post.renew(ends_on=day(400), letter="800/5/2026", by=admin)

    post.refresh_from_db()
    assert (post.ends_on, post.letter) == (day(400), "800/5/2026")
    line = AuditEntry.objects.get(act="post.renewed")
    assert (line.target_id, line.recorded_by) == (str(post.pk), admin)
    assert line.detail["ended_on"] == day(10).isoformat()


def test_what_can_not_be_renewed(city, admin):
    post = ending_in(10, city=city)
    own = Post.objects.get(user=admin)
    auditor = ending_in(10, role="auditor", place="Kota", city=city)

    assert refusal(own.renew, ends_on=day(900), by=admin) == "post-own"
    assert refusal(own.end, on=day(0), by=admin) == "post-own"
    assert refusal(post.renew, ends_on=day(10), by=admin) == "post-ends_on"
    assert refusal(post.renew, ends_on=day(5000), by=admin) == "post-ends_on"
    assert refusal(auditor.renew, ends_on=day(30), by=admin) == "post-letter"
    assert refusal(ending_in(-20, city=city).renew, ends_on=day(30), by=admin) == "post-over"
    post.end(on=day(3), by=admin)
    assert refusal(post.renew, ends_on=day(30), by=admin) == "post-ended"
    assert refusal(post.end, on=day(3), by=admin) == "post-ended"


def test_an_auditor_needs_a_letter_and_nobody_the_same_post_twice(city, admin):
    given = {"user": make_user(), "role": "auditor", "region": city["Kota"], "starts_on": day(0)}
    assert refusal(Post.assign, **given, ends_on=day(10), by=admin) == "post-letter"
    post = Post.assign(**given, ends_on=day(10), by=admin, letter="700/1")
    assert refusal(Post.assign, **given, ends_on=day(5), by=admin, letter="700/2") == "post-twice"
    assert post.letter == "700/1"


def test_an_auditor_reads_on_the_days_of_the_letter_only(city):
    user = make_user()
    post = make_post(user, "auditor", city["Kota"], days=0, since=2)
    assert user.has_perm("accounts.view_auditentry")

    for starts, ends in ((-10, -1), (1, 10)):
        Post.objects.filter(pk=post.pk).update(starts_on=day(starts), ends_on=day(ends))
        forget_posts(user)
        assert not user.get_all_permissions()


@pytest.mark.parametrize(
    ("ago", "role", "place", "kept"),
    [
        (1, "petugas", "Purwantoro", {"view", "propose"}),
        (14, "petugas", "Purwantoro", {"view", "propose"}),
        (15, "petugas", "Purwantoro", set()),
        (14, "lurah", "Purwantoro", {"view"}),
        (1, "camat", "Kec. Blimbing", {"view"}),
        (1, "verifikator", "Kota", set()),
        (1, "operator", "Kota", set()),
        (1, "admin", "Kota", set()),
    ],
)
def test_days_of_grace(city, ago, role, place, kept):
    user = make_user()
    make_post(user, role, city[place], days=-ago)
    names = {"view": "registry.view_business", "propose": "registry.propose_submission"}

    assert {key for key, permission in names.items() if user.has_perm(permission)} == kept
    assert not user.has_perm("registry.export_business")
    if kept:
        assert city["Purwantoro"].pk in reach(user, names["view"]).kelurahan
        assert city["Dinoyo"].pk not in reach(user, names["view"]).kelurahan


def test_a_post_ended_by_hand_has_no_grace(city, admin):
    post = ending_in(30, city=city)
    post.end(on=day(-1), by=admin)
    assert not post.user.get_all_permissions()


def test_what_was_sent_before_the_end_is_decided_and_grace_still_sends(city, verifikator):
    post = ending_in(5, city=city)
    sent = make_submission(by=post.user, submit=True)
    draft = make_submission(by=post.user)
    Post.objects.filter(pk=post.pk).update(ends_on=day(-3))
    forget_posts(post.user)

    sent.approve(by=verifikator)
    draft.submit(by=post.user)
    assert (sent.status, draft.status) == ("approved", "submitted")


def test_the_home_page_warns_the_holder_and_the_admin(client, city, admin):
    for days in (1, 12, 30, 31, -3):
        ending_in(days, city=city)
    soon, over = ending_in(9, city=city), ending_in(-9, city=city)

    client.force_login(soon.user)
    assert "berakhir" in client.get("/").text
    client.force_login(over.user)
    page = client.get("/").text
    assert "sudah berakhir" in page and "masih dapat membaca" in page
    client.force_login(admin)
    page = client.get("/").text
    assert "4 jabatan berakhir dalam 30 hari" in page and "2 jabatan dalam masa tenggang" in page


def test_many_are_renewed_in_one_batch(client, city, admin):
    posts = [ending_in(days, city=city) for days in (1, 20, -5)]
    other = ending_in(3, city=city)
    own = Post.objects.get(user=admin)
    auditor = ending_in(3, role="auditor", place="Kota", city=city)
    client.force_login(admin)
    shown = client.get("/jabatan/").text
    assert all(f'value="{p.pk}"' in shown for p in (posts[0], posts[1], other))
    assert f'value="{posts[2].pk}"' in client.get("/jabatan/?lihat=tenggang").text

    answer = client.post(
        "/jabatan/perpanjang/",
        {"post": [p.pk for p in (*posts, own, auditor)], "ends_on": day(365).isoformat(), "letter": ""},
        follow=True,
    )

    assert "3 jabatan diperpanjang." in answer.text
    assert "oleh admin lain" in answer.text and "surat tugas" in answer.text
    assert set(Post.objects.filter(ends_on=day(365)).values_list("pk", flat=True)) == {
        *(p.pk for p in posts),
        own.pk,
    }
    assert (
        Post.objects.get(pk=own.pk).letter == ""
        and AuditEntry.objects.filter(act="post.renewed").count() == 3
    )


@pytest.mark.parametrize(
    "given",
    [{}, {"post": "1"}, {"post": "x", "ends_on": "besok"}, {"post": "9" * 40, "ends_on": "2027-01-01"}],
)
def test_a_batch_with_nonsense_renews_nothing(client, city, admin, given):
    client.force_login(admin)
    assert client.post("/jabatan/perpanjang/", given).status_code == 302
    assert not AuditEntry.objects.filter(act="post.renewed").exists()


def test_a_renewal_that_does_not_go_through_is_shown_again_as_it_was_sent(client, city, admin):
    posts = [ending_in(n, city=city) for n in (3, 9)]
    client.force_login(admin)
    there = "/jabatan/perpanjang/?lihat=segera&q=orang"
    sent = {"post": [p.pk for p in posts], "letter": "800/12/2026", "ends_on": "besok"}

    wrong = client.post(there, sent, follow=True)
    assert wrong.request["QUERY_STRING"] == "lihat=segera&q=orang"
    assert "centangnya masih ada" in wrong.text and 'id="id_ends_on-salah"' in wrong.text
    assert 'value="besok"' in wrong.text
    too_soon = client.post(there, sent | {"ends_on": day(5).isoformat()}, follow=True)
    assert "1 jabatan diperpanjang." in too_soon.text and "harus sesudah yang sekarang" in too_soon.text

    assert too_soon.context["ticked"] == [posts[1].pk]
    assert f'value="{posts[1].pk}" checked' in too_soon.text
    assert f'value="{posts[0].pk}" checked' not in too_soon.text
    for page in (wrong, too_soon):
        assert 'value="800/12/2026"' in page.text
    assert "800/12/2026" not in client.get("/jabatan/?lihat=nanti").text  # once


def test_the_pages_give_renew_and_end(client, city, admin):
    user = make_user()
    client.force_login(admin)
    facts = {"user": user.pk, "role": "petugas", "starts_on": day(0), "ends_on": day(60), "letter": ""}
    wrong = client.post("/jabatan/baru/", facts | {"region": city["Kota"].code})
    assert "Pilih wilayah yang sesuai" in wrong.text and not user.posts.exists()
    client.post("/jabatan/baru/", facts | {"region": city["Dinoyo"].code})
    post = user.posts.get()
    page = f"/jabatan/{post.pk}/"

    assert "Hari terakhir yang baru harus" in client.post(page, {"act": "renew", "ends_on": day(1)}).text
    assert client.post(page, {"act": "renew", "ends_on": day(90)}).status_code == 302
    assert client.post(page, {"act": "end", "on": day(2)}).status_code == 302
    post.refresh_from_db()
    assert (post.ends_on, post.ended_by) == (day(2), admin)
    shown = client.get(page).text
    assert "Jabatan diberikan" in shown and "Jabatan diperpanjang" in shown and "Jabatan diakhiri" in shown
    own = Post.objects.get(user=admin)
    assert "jabatan Anda sendiri" in client.get(f"/jabatan/{own.pk}/").text


def test_the_posts_are_the_admins_business(client, petugas):
    client.force_login(petugas)
    for path in ("/jabatan/", "/jabatan/baru/", "/jabatan/1/"):
        assert client.get(path).status_code == 403
    assert client.post("/jabatan/perpanjang/", {}).status_code == 403


def test_the_list_asks_the_same_questions_of_one_and_of_three(client, city, admin):
    client.force_login(admin)
    client.get("/jabatan/")
    counts = []
    for more in (1, 2):
        for _one in range(more):
            ending_in(5, city=city)
        with CaptureQueriesContext(connection) as asked:
            client.get("/jabatan/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_admin_form_uses_the_verbs(client, city, admin):
    post = ending_in(10, city=city)
    client.force_login(admin)
    page = reverse("admin:registry_post_change", args=[post.pk])
    assert "Ubah hari terakhirnya" in client.post(page, {"ends_on": post.ends_on, "letter": "x"}).text
    assert client.post(page, {"ends_on": day(80), "letter": "x"}).status_code == 302
    assert AuditEntry.objects.get(act="post.renewed").target_id == str(post.pk)
    own = reverse("admin:registry_post_change", args=[Post.objects.get(user=admin).pk])
    assert "oleh admin lain" in client.post(own, {"ends_on": day(800), "letter": ""}).text
