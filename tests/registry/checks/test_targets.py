"""Which businesses ask for a look, in which reach; the list, its export and the walk's plain form."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from registry.checks.staleness import FINDERS, since_words, targets
from registry.models import Business, Check, Post
from registry.regions.access import forget_posts
from tests.factories import make_business, make_officer, make_submission

pytestmark = pytest.mark.django_db
A = Check.Answer


@pytest.fixture
def shop(city, operator, verifikator):
    def make(name="Kios", *, confirmed=None, **values):
        row = make_business(by=operator, decided_by=verifikator, name=name, rw=values.pop("rw", 5), **values)
        day = None if confirmed is None else timezone.localdate() - timedelta(days=confirmed)
        Business.objects.filter(pk=row.pk).update(last_confirmed_on=day)
        return Business.objects.get(pk=row.pk)

    return make


def found(reason):
    return set(targets(Business.objects.all(), reason).values_list("name", flat=True))


def seen(business, answer, by, days_ago=0):
    told = timezone.now() - timedelta(days=days_ago)
    business.refresh_from_db()
    return Check.record(business=business, answer=answer, via="walk", told_at=told, by=by)[0]


def test_half_a_year_without_confirmation_asks_for_a_look(shop):
    shop("Baru", confirmed=180)
    shop("Lama", confirmed=181)
    shop("Belum pernah")
    closed = shop("Tutup")
    Business.objects.filter(pk=closed.pk).update(operating_state="closed")
    assert found("lama") == {"Lama", "Belum pernah"}


def test_not_found_twice_on_different_days_asks_for_a_look_and_closes_nothing(shop, petugas):
    once, same_day, twice, between, since = (
        shop(name) for name in ("Sekali", "Sehari", "Dua", "Antara", "Lalu")
    )
    seen(once, A.NOT_FOUND, petugas)
    seen(same_day, A.NOT_FOUND, petugas)
    seen(same_day, A.NOT_FOUND, petugas)
    seen(twice, A.NOT_FOUND, petugas, 3)
    seen(twice, A.NOT_FOUND, petugas)
    seen(between, A.NOT_FOUND, petugas, 5)
    seen(between, A.ACTIVE, petugas, 3)
    seen(between, A.NOT_FOUND, petugas)
    seen(since, A.NOT_FOUND, petugas, 5)
    seen(since, A.NOT_FOUND, petugas, 3)
    since.confirm_active(on=timezone.localdate(), by=petugas)

    assert found("tidak-ketemu") == {"Dua"}
    assert set(Business.objects.values_list("operating_state", flat=True)) == {"active"}


def test_an_answer_taken_back_does_not_count(shop, petugas):
    row = shop()
    seen(row, A.NOT_FOUND, petugas, 3)
    seen(row, A.NOT_FOUND, petugas).take_back(by=petugas)
    assert found("tidak-ketemu") == set()


def test_moved_asks_for_a_move_until_one_is_proposed(shop, petugas, operator):
    row = shop("Pindah")
    seen(row, A.MOVED, petugas)
    assert found("pindah") == {"Pindah"}
    make_submission(by=operator, kind="move", business=row, kelurahan="35.73.05.1004", submit=True)
    assert found("pindah") == set()


def test_a_closing_nobody_could_propose_waits_for_the_successor(client, shop, petugas, city):
    row = shop("Tutup")
    Post.objects.filter(user=petugas).update(ends_on=timezone.localdate() - timedelta(days=20))
    forget_posts(petugas)
    seen(row, A.CLOSED, petugas, 21)
    assert found("tutup") == {"Tutup"}
    successor = make_officer("petugas", city["Purwantoro"])
    client.force_login(successor)
    page = client.get(reverse("check-list"), {"sebab": "tutup"}).content.decode()
    assert reverse("submission-close", args=[row.uuid]) in page
    seen(row, A.CLOSED, successor)
    assert found("tutup") == set()


def test_how_long_ago_in_words():
    today = timezone.localdate()
    assert [since_words(d) for d in (None, today, today - timedelta(days=1214))] == [
        "belum pernah",
        "hari ini",
        "1.214 hari lalu",
    ]


# ---- the list ------------------------------------------------------------------------------------


def test_the_list_shows_ones_reach_by_reason_and_rw(client, shop, petugas, petugas_dinoyo, city):
    lurah = make_officer("lurah", city["Purwantoro"])
    shop("Warung Sanan")
    moved = shop("Kios Pindah", rw=9)
    seen(moved, A.MOVED, petugas)
    url = reverse("check-list")

    client.force_login(petugas)
    page = client.get(url).content.decode()
    assert "Warung Sanan" in page
    assert "belum pernah" in page
    assert "Warung Sanan" not in client.get(url, {"rw": "9"}).content.decode()
    assert (
        reverse("submission-move", args=[moved.uuid]) in client.get(url, {"sebab": "pindah"}).content.decode()
    )
    assert "tidak dikenal" in client.get(url, {"sebab": "apa"}).content.decode()
    client.force_login(petugas_dinoyo)
    assert "Warung Sanan" not in client.get(url).content.decode()
    client.force_login(lurah)
    reading = client.get(url, {"sebab": "pindah"}).content.decode()
    assert "Kios Pindah" in reading
    assert reverse("submission-move", args=[moved.uuid]) not in reading


@pytest.mark.parametrize("reason", FINDERS)
def test_the_list_asks_the_same_queries_for_one_and_for_three(client, shop, petugas, reason):
    client.force_login(petugas)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("check-list"), {"sebab": reason, "rw": 5}).status_code == 200
        return len(queries)

    def add(name):
        row = shop(name)
        seen(row, A.NOT_FOUND, petugas, 3)
        seen(row, A.NOT_FOUND if reason == "tidak-ketemu" else A.MOVED, petugas)

    add("Satu")
    client.get(reverse("check-list"))
    one = asked()
    for name in ("Dua", "Tiga"):
        add(name)
    assert asked() == one


def test_the_workbook_holds_what_the_list_shows_and_nobodys_number(client, shop, petugas):
    shop("Warung Sanan", phone="081234567890")
    client.force_login(petugas)
    content = client.get(reverse("check-export")).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    text = str(rows)
    assert "Warung Sanan" in text
    assert "6281234567890" not in text


# ---- the plain form of the walk ------------------------------------------------------------------


def test_an_rw_is_answered_without_javascript_and_never_twice(client, shop, petugas):
    rows = [shop(f"Kios {n}", rt=n) for n in (1, 2, 3)]
    client.force_login(petugas)
    url = reverse("checks-walk")
    assert "3 perlu dipastikan" in client.get(url).content.decode()
    page = client.get(url, {"rw": 5})
    tokens = {each["business"].uuid: each["token"] for each in page.context["asked"]}
    sent = {"kelurahan": "35.73.01.1007", "rw": 5, f"jawab-{rows[0].uuid}": "a", f"jawab-{rows[1].uuid}": "x"}
    sent |= {f"tanda-{identity}": str(token) for identity, token in tokens.items()}

    for _twice in range(2):
        answer = client.post(url, sent, follow=True)

    assert "2 jawaban tersimpan" in answer.content.decode()
    assert Check.objects.count() == 2
    assert [each["business"].name for each in answer.context["asked"]] == ["Kios 3"]


def test_a_strangers_business_in_the_form_loses_nobody_elses_answer(client, shop, petugas_dinoyo, petugas):
    mine, other = shop("Punya saya"), shop("Tetangga", kelurahan="35.73.05.1004")
    client.force_login(petugas)
    answer = client.post(
        reverse("checks-walk"),
        {f"jawab-{other.uuid}": "t", f"jawab-{mine.uuid}": "a", "jawab-ngawur": "a", "jawab-": "q"},
        follow=True,
    )
    page = answer.content.decode()
    assert "1 jawaban tersimpan" in page
    assert "di luar wilayah" in page
    assert "Tetangga" not in page
    assert Check.objects.get().business == mine


def test_what_was_opened_before_the_post_ended_is_still_taken(client, shop, petugas):
    row = shop()
    client.force_login(petugas)
    Post.objects.filter(user=petugas).update(ends_on=timezone.localdate())
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        client.force_login(petugas)
        answer = client.post(reverse("checks-walk"), {f"jawab-{row.uuid}": "a"}, follow=True)
        assert "di luar wilayah" in answer.content.decode()  # of a day without a post
    assert not Check.objects.exists()


def test_an_rw_that_is_done_leads_to_asking_everybody(client, shop, petugas):
    shop("Kios", confirmed=30)
    client.force_login(petugas)
    page = client.get(reverse("checks-walk"), {"rw": 5}).content.decode()
    assert "Semua sudah dipastikan" in page
    assert "?rw=5&amp;biasa=1&amp;semua=1" in page
    assert "Kios" in client.get(reverse("checks-walk"), {"rw": 5, "semua": 1}).content.decode()


@pytest.mark.parametrize("rw", ["000005" + "9" * 5000, "1000", "0", "-1", "5a", "³"])
def test_what_is_no_rw_asks_for_one_again(client, petugas, rw):
    client.force_login(petugas)
    answer = client.get(reverse("checks-walk"), {"rw": rw})
    assert (answer.status_code, answer.context["rw"]) == (200, None)


def test_rw_and_rt_of_the_list_are_written_alike(client, shop, petugas):
    shop("Kios", rw=5, rt=9)
    client.force_login(petugas)
    assert "RW 05 RT 09" in client.get("/masih-aktif/").content.decode()
