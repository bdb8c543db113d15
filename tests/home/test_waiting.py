"""The signed-in home, the frame's menus and the account page."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from registry.models import Business, Submission
from registry.regions.access import forget_posts
from registry.submissions.batches import Batch
from tests.factories import make_business, make_officer, make_post, make_submission, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_figures():
    cache.clear()


def home(client, user):
    client.force_login(user)
    response = client.get("/")
    assert response.status_code == 200
    return response


def menu(response):
    return [str(entry["label"]) for entry in response.context["nav"]]


def test_an_officer_sees_what_waits_for_their_post(client, petugas, petugas_dinoyo, verifikator):
    returned = make_submission(by=petugas, submit=True, name="Keripik Bu Wiji")
    returned.return_for_changes(by=verifikator, notes={"address": "Tulis nama gangnya."})
    make_submission(by=petugas, name="Warung Draf")
    make_submission(by=petugas, submit=True, name="Sudah Dikirim")

    page = home(client, petugas).content.decode()

    for words in (
        "Keripik Bu Wiji",
        "Tulis nama gangnya.",
        "Perlu diperbaiki",
        "Warung Draf",
        "<strong>1</strong> menunggu verifikasi",
        "Petugas kelurahan Purwantoro",
    ):
        assert words in page
    other = home(client, petugas_dinoyo).content.decode()
    assert "Keripik Bu Wiji" not in other and "Warung Draf" not in other
    assert "Tidak ada yang menunggu Anda" in other


def test_an_officer_sees_how_many_are_confirmed_and_the_list_agrees(client, petugas):
    seen, stale = make_business(name="Segar"), make_business(name="Lama")
    make_business(name="Dinoyo", kelurahan="35.73.05.1004")
    Business.objects.filter(pk=stale.pk).update(last_confirmed_on=timezone.localdate() - timedelta(days=181))
    assert seen.last_confirmed_on == timezone.localdate()

    response = home(client, petugas)

    alive = response.context["alive"]
    assert (alive["total"], alive["seen"], alive["left"]) == (2, 1, 1)
    listed = client.get(f"/usaha/?{alive['url']}").context["rows"]
    assert [row.business.name for row in listed] == ["Lama"]


def test_a_verifikator_sees_ages_and_the_queue_behind_each_figure_agrees(client, petugas, verifikator):
    late, fresh = (make_submission(by=petugas, submit=True, name=n) for n in ("Telat", "Baru"))
    Submission.objects.filter(pk=late.pk).update(submitted_at=timezone.now() - timedelta(days=30))

    response = home(client, verifikator)

    queue = response.context["queue"]
    assert (queue["count"], queue["late"], queue["in_time"]) == ("2", 1, "1")
    assert [row["submission"].title for row in queue["oldest"]] == ["Telat", "Baru"]
    assert "Mulai verifikasi, 2 menunggu" in response.content.decode()
    addresses = response.context["urls"]
    assert "Telat" in client.get(addresses["late"]).content.decode()
    assert "Baru" not in client.get(addresses["late"]).content.decode()
    assert "Baru" in client.get(addresses["in_time"]).content.decode()
    assert fresh.status == "submitted"


def test_batches_of_others_wait_for_the_verifikator(client, operator, verifikator):
    Batch.objects.create(title="ikm-sukun.xlsx", total=1118, proposed_by=operator)
    Batch.objects.create(title="punya-saya.xlsx", total=3, proposed_by=verifikator)

    page = home(client, verifikator).content.decode()

    assert "ikm-sukun.xlsx" in page and "1.118 usaha" in page
    assert "punya-saya.xlsx" not in page


def test_readers_see_figures_that_agree_with_the_lists_behind_them(client, city, kepala):
    make_business(items=[{"kind": "licence", "values": {"kind": "nib", "status": "has"}}])
    make_business(kelurahan="35.73.05.1004")
    for reader, total in ((kepala, 2), (make_officer("lurah", city["Dinoyo"]), 1)):
        rows = home(client, reader).context["figures"]["rows"]
        assert rows[0]["value"] == str(total)
        assert all(row["definition"] for row in rows)
        for row in rows:
            assert client.get(row["url"]).context["count_text"] == row["value"]


def test_each_role_gets_the_menu_of_its_permissions(client, city, petugas, operator, verifikator, kepala):
    queue, field = "Verifikasi data", "Lapangan"
    mine, upload, uploads = "Data yang saya kirim", "Unggah Excel", "Unggahan"
    admin, opd = (make_officer(role, city["Kota"]) for role in ("admin", "opd"))
    for user, expected in (
        (petugas, ["Beranda", "Usaha", field, mine]),
        (operator, ["Beranda", "Usaha", field, mine, upload]),
        (verifikator, ["Beranda", "Usaha", queue, field, mine, uploads]),
        (kepala, ["Beranda", "Usaha", field, uploads]),
        (admin, ["Beranda", "Jabatan", "Akun dan data acuan"]),
        (opd, ["Beranda", "Tindak lanjut"]),
    ):
        assert menu(home(client, user)) == expected


def test_only_officers_in_the_field_get_the_bar_at_the_foot(client, petugas, operator):
    foot = home(client, petugas).context["tabbar"]
    assert [str(e["label"]) for e in foot] == ["Beranda", "Usaha", "Lapor", "Usaha baru", "Data saya"]
    assert [str(e["label"]) for e in foot if e["first"]] == ["Lapor"]
    assert not home(client, operator).context["tabbar"]


def test_one_entry_is_current(client, petugas):
    client.force_login(petugas)
    for address, current in (("/", "Beranda"), ("/usaha/", "Usaha"), ("/orang/cari/", "Usaha")):
        context = client.get(address).context
        assert [str(e["label"]) for e in context["nav"] if e["current"]] == [current]
    foot = client.get("/usaha/baru/").context["tabbar"]
    assert [str(e["label"]) for e in foot if e["current"]] == ["Usaha baru"]


def test_every_role_can_open_its_home(client, city):
    for role, region in (
        ("petugas", "Purwantoro"),
        ("lurah", "Purwantoro"),
        ("camat", "Kec. Blimbing"),
        ("operator", "Kota"),
        ("verifikator", "Kota"),
        ("program", "Kota"),
        ("keuangan", "Kota"),
        ("kepala", "Kota"),
        ("auditor", "Kota"),
        ("admin", "Kota"),
        ("kasi", "Kota"),
        ("opd", "Kota"),
    ):
        home(client, make_officer(role, city[region]))


def test_two_posts_show_the_work_of_both(client, city, petugas):
    make_post(petugas, "verifikator", city["Kota"])
    forget_posts(petugas)

    response = home(client, petugas)

    assert response.context["queue"] is not None
    assert response.context["own"] is not None


@pytest.mark.parametrize("rows", [1, 3])
def test_the_home_asks_the_same_number_of_questions_for_any_number_of_rows(
    client, petugas, verifikator, rows, django_assert_num_queries
):
    for _ in range(rows):
        make_submission(by=petugas)
        make_submission(by=petugas, submit=True)
        make_submission(by=petugas, submit=True).return_for_changes(by=verifikator, reason="Lengkapi.")
        make_submission(by=petugas, submit=True).approve(by=verifikator)
    for user, questions in ((petugas, 16), (verifikator, 18)):
        home(client, user)
        with django_assert_num_queries(questions):
            client.get("/")


def test_the_menus_cost_a_visitor_nothing(client, city, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/masuk/")


def test_a_post_that_ends_soon_is_said(client, city):
    user = make_user()
    make_post(user, "petugas", city["Dinoyo"], days=10)

    assert "Hubungi admin bila akan diperpanjang" in home(client, user).content.decode()


def test_the_theme_comes_from_the_cookie_and_only_the_two_we_have(client, petugas):
    client.force_login(petugas)
    for told, theme in (("dark", "dark"), ("light", "light"), ('"><script>', "light"), ("", "light")):
        client.cookies["tema"] = told
        assert f'data-bs-theme="{theme}"' in client.get("/akun/").content.decode()


def test_the_account_page_tells_the_posts_and_their_days(client, city, nobody):
    user = make_user()
    make_post(user, "petugas", city["Dinoyo"])
    make_post(user, "lurah", city["Purwantoro"], days=-15, since=100)
    make_post(user, "petugas", city["Blimbing"], days=90, since=-10)
    client.force_login(user)
    response = client.get("/akun/")

    assert [row["state"] for row in response.context["posts"]] == ["current", "coming", "ended"]
    assert "/akun/sandi/" in response.content.decode()
    assert "/akun/dua-langkah/" in response.content.decode()
    client.force_login(nobody)
    assert "belum punya jabatan" in client.get("/akun/").content.decode()


def test_the_account_page_is_for_the_signed_in(client):
    assert client.get("/akun/").url == "/masuk/?next=/akun/"
