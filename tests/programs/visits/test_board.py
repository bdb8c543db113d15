"""The board: its order, its filters, what is picked, and that it asks as often for many needs as for one."""

import io
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from programs.models import VisitDay
from registry.reports.models import LastVisit, VisitRequest
from tests.factories import make_business, make_officer, make_visit_day, make_visit_request

pytestmark = pytest.mark.django_db
BOARD = "/kunjungan/papan/"


@pytest.fixture
def desk(client, operator):
    client.force_login(operator)
    return client


def names(answer):
    return [line.name for line in answer.context["lines"]]


def need(name, **values):
    return make_visit_request(told_name=name, **values)


def test_the_most_pressing_comes_first_by_urgency_age_and_never_visited(desk, operator, petugas):
    known = make_business(name="Pernah")
    LastVisit.note(known, on=timezone.localdate())
    need("Biasa lama", days_ago=20, by=petugas)  # 1 × 2 × 21 = 42
    need("Mendesak baru", urgency=3, by=petugas)  # 9 × 2 × 1 = 18
    need("Segera", urgency=2, days_ago=9, by=petugas)  # 3 × 2 × 10 = 60
    make_visit_request(business=known, days_ago=20, by=petugas)  # 1 × 1 × 21 = 21
    need("Sama, lebih baru", urgency=2, days_ago=6, by=petugas)  # 3 × 2 × 7 = 42: the older goes first

    assert names(desk.get(BOARD)) == ["Segera", "Biasa lama", "Sama, lebih baru", "Pernah", "Mendesak baru"]


def test_by_place_it_groups_by_kelurahan_and_rw(desk, petugas, petugas_dinoyo, city):
    need("B", rw=7, by=petugas)
    need("A", rw=7, urgency=3, by=petugas)
    need("C", rw=2, by=petugas)
    need("D", rw=1, by=petugas_dinoyo, kelurahan=city["Dinoyo"], urgency=3)

    answer = desk.get(BOARD, {"urut": "tempat"})

    assert [(line.heading, line.name) for line in answer.context["lines"]] == [
        ("Purwantoro, RW 02", "C"),
        ("Purwantoro, RW 07", "A"),
        ("", "B"),
        ("Dinoyo, RW 01", "D"),
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kelurahan": "35.73.05.1004"}, ["Dinoyo"]),
        ({"kecamatan": "35.73.01"}, ["Halal", "Kemasan"]),
        ({"rw": "7"}, ["Halal"]),
        ({"need": "licence"}, ["Halal"]),
        ({"need": ["licence", "packaging"], "urgency": "1"}, ["Kemasan", "Dinoyo"]),
        ({"urgency": "3"}, ["Halal"]),
        ({"visited": "never"}, ["Halal", "Kemasan", "Dinoyo"]),
        ({"visited": "before"}, []),
        ({"state": "scheduled"}, ["Besok"]),
        ({"state": "open"}, ["Halal", "Kemasan", "Dinoyo", "Besok"]),
        ({"kelurahan": "ngawur"}, []),
    ],
)
def test_filters_stand_in_the_address(desk, operator, petugas, petugas_dinoyo, city, query, found):
    need("Halal", need="licence", urgency=3, rw=7, by=petugas)
    need("Kemasan", days_ago=2, by=petugas)
    need("Dinoyo", days_ago=1, by=petugas_dinoyo, kelurahan=city["Dinoyo"])
    make_visit_day(by=operator, requests=[need("Besok", by=petugas)])
    assert names(desk.get(BOARD, query)) == found


def test_what_the_address_says_and_nobody_understands_is_told(desk):
    answer = desk.get(BOARD, {"ngawur": "1", "rw": "x"})
    assert len(answer.context["problems"]) == 2


def test_counts_by_place_are_those_of_the_filter_but_for_the_place(desk, petugas, petugas_dinoyo, city):
    need("A", rw=7, urgency=3, by=petugas)
    need("B", rw=8, by=petugas)
    need("C", by=petugas_dinoyo, kelurahan=city["Dinoyo"])

    summary = desk.get(BOARD, {"kelurahan": "35.73.01.1007"}).context["summary"]

    assert [(p["name"], p["n"], p["urgent"]) for p in summary["places"]] == [
        ("Purwantoro", "2", 1),
        ("Dinoyo", "1", 0),
    ]
    assert [(rw["name"], rw["n"]) for rw in summary["rws"]] == [("RW 07", "1"), ("RW 08", "1")]
    assert [tab["count"] for tab in summary["tabs"]] == ["2", "0", "0", "2"]


def test_picked_needs_go_into_a_new_day_and_the_day_stays_chosen(desk, petugas):
    rows = [need("A", by=petugas), need("B", by=petugas)]
    tomorrow = timezone.localdate() + timedelta(days=1)

    answer = desk.post(
        reverse("board-schedule") + "?need=packaging",
        {"pilih": [str(row.uuid) for row in rows], "hari": "", "tanggal": tomorrow.isoformat()},
    )

    day = VisitDay.objects.get()
    assert answer.url == f"{BOARD}?need=packaging&hari={day.uuid}"
    assert day.on == tomorrow
    assert set(VisitRequest.objects.values_list("state", flat=True)) == {"scheduled"}
    shown = desk.get(answer.url)
    assert shown.context["day"]["planned"] == 2


def test_what_somebody_scheduled_meanwhile_is_named_and_the_rest_stays_picked(desk, operator, petugas):
    taken, free = need("Kue Bu Sri", by=petugas), need("Bebas", by=petugas)
    make_visit_day(by=operator, requests=[taken])

    answer = desk.post(
        reverse("board-schedule"),
        {"pilih": [str(taken.uuid), str(free.uuid)], "tanggal": timezone.localdate().isoformat()},
    )

    assert answer.status_code == 409
    assert "Kue Bu Sri" in answer.context["problem"]
    assert [(line.name, line.picked) for line in answer.context["lines"]] == [("Bebas", True)]
    assert f'value="{timezone.localdate():%Y-%m-%d}"' in answer.content.decode()
    free.refresh_from_db()
    assert free.state == "new"


def test_what_somebody_scheduled_meanwhile_leaves_the_chosen_day_chosen(desk, operator, petugas):
    taken, free = need("Kue Bu Sri", by=petugas), need("Bebas", by=petugas)
    day = make_visit_day(by=operator, requests=[taken])

    answer = desk.post(
        reverse("board-schedule"), {"pilih": [str(taken.uuid), str(free.uuid)], "hari": str(day.uuid)}
    )

    assert answer.status_code == 409
    assert answer.context["day"]["uuid"] == str(day.uuid)


@pytest.mark.parametrize(
    "sent", [{}, {"tanggal": "besok"}, {"tanggal": "2020-01-01"}, {"tanggal": "2026-02-31"}]
)
def test_a_day_that_is_none_keeps_what_was_picked(desk, petugas, sent):
    row = need("A", by=petugas)
    answer = desk.post(reverse("board-schedule"), {"pilih": [str(row.uuid)]} | sent)
    assert answer.status_code == 409
    assert answer.context["lines"][0].picked
    assert not VisitDay.objects.exists()


def test_nothing_picked_and_strangers_uuids(desk):
    assert desk.post(reverse("board-schedule"), {}).status_code == 409
    assert desk.post(reverse("board-schedule"), {"pilih": ["bukan-uuid"]}).status_code == 404
    stranger = {
        "pilih": ["7b0f6f5e-3f0a-4c63-9d3e-0d2f5a1c9e11"],
        "tanggal": timezone.localdate().isoformat(),
    }
    assert desk.post(reverse("board-schedule"), stranger).status_code == 404


def test_an_officer_sees_their_own_kelurahan_and_schedules_nothing(client, petugas, petugas_dinoyo):
    row = need("A", by=petugas)
    client.force_login(petugas_dinoyo)
    assert names(client.get(BOARD)) == []
    client.force_login(petugas)
    answer = client.get(BOARD)
    assert names(answer) == ["A"]
    assert b"data-pick-all" not in answer.content
    assert client.post(reverse("board-schedule"), {"pilih": [str(row.uuid)]}).status_code == 403


def test_pages_follow_each_other_without_a_gap(desk, petugas, monkeypatch):
    monkeypatch.setattr("programs.visits.board.SIZE", 2)
    for number in range(5):
        need(f"W{number}", days_ago=number // 2, by=petugas)
    seen, address = [], BOARD
    while address:
        answer = desk.get(address if address.startswith("/") else BOARD + address)
        seen += names(answer)
        address = answer.context["page"].next_url
    assert seen == ["W4", "W2", "W3", "W0", "W1"]
    assert desk.get(BOARD, {"after": "ngawur"}).context["problems"]


def test_pages_by_place_go_on_from_one_kelurahan_to_the_next_and_back(
    desk, petugas, petugas_dinoyo, city, monkeypatch
):
    monkeypatch.setattr("programs.visits.board.SIZE", 2)
    for name, rw in (("P1", 1), ("P2", 2), ("P9", None)):
        need(name, rw=rw, by=petugas)
    for name, rw in (("D1", 1), ("D2", 2)):
        need(name, rw=rw, by=petugas_dinoyo, kelurahan=city["Dinoyo"])

    first = desk.get(BOARD, {"urut": "tempat"})
    second = desk.get(BOARD + first.context["page"].next_url)
    third = desk.get(BOARD + second.context["page"].next_url)
    back = desk.get(BOARD + third.context["page"].previous_url)

    assert [names(page) for page in (first, second, third)] == [["P1", "P2"], ["P9", "D1"], ["D2"]]
    assert third.context["page"].next_url == ""
    assert names(back) == ["P9", "D1"]


# ---- taken home ----------------------------------------------------------------------------------------


def test_the_workbook_and_the_paper_hold_what_the_address_asks_for(desk, petugas):
    need("=A1", rw=7, urgency=3, by=petugas)
    need("B", need="capital", by=petugas)

    book = desk.get(reverse("board-export"), {"need": "packaging"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    paper = desk.get(reverse("board-print"), {"need": "packaging"})

    assert [row[1] for row in rows if row[0] == 1] == ["=A1"]
    assert "Kemasan" in rows[1][0]
    assert names(paper) == ["=A1"]


def test_too_many_for_paper_is_said(desk, petugas, monkeypatch):
    monkeypatch.setattr("programs.visits.board_pages.ON_PAPER", 1)
    need("A", by=petugas)
    need("B", by=petugas)
    answer = desk.get(reverse("board-print"), {"need": "packaging"})
    assert urlsplit(answer.url).path == BOARD


# ---- as often for many as for one ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "queries"), [({}, 8), ({"urut": "tempat"}, 8), ({"kelurahan": "35.73.01.1007"}, 11)]
)
@pytest.mark.parametrize("count", [1, 3])
def test_the_board_asks_as_often_for_one_need_as_for_many(
    desk, operator, petugas, django_assert_num_queries, query, queries, count
):
    for number in range(count):
        make_visit_request(by=petugas, business=make_business(), rw=number + 1)
        make_visit_day(by=operator)
    desk.get(BOARD, query)
    with django_assert_num_queries(queries):
        desk.get(BOARD, query)


@pytest.mark.parametrize("count", [1, 3])
def test_paper_and_workbook_ask_as_often(desk, petugas, django_assert_num_queries, count):
    for _number in range(count):
        make_visit_request(by=petugas, business=make_business())
    with django_assert_num_queries(7):
        desk.get(reverse("board-export"))


def test_a_kasi_reads_the_board(client, city, petugas):
    need("A", by=petugas)
    client.force_login(make_officer("kasi", city["Kota"]))
    assert names(client.get(BOARD)) == ["A"]
