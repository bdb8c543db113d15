"""The page of entri deret: what arrives, what stays, and what is said about it."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from registry.models import Submission
from registry.rows.columns import COLUMNS, MAX_ROWS
from tests import factories
from tests.registry.rows.grid import URL, row, send, told


def test_each_row_becomes_a_submission_of_its_own(officer, petugas):
    response = send(officer, [row("Satu", rt="003/005", note="dari RW"), row("Dua")])

    assert response.status_code == 302
    first, second = Submission.objects.order_by("pk")
    assert {first.title, second.title} == {"Satu", "Dua"}
    assert {s.status for s in (first, second)} == {"submitted"}
    assert (first.source, first.proposed_by, first.note) == ("page", petugas, "dari RW")
    assert (first.proposed("rt"), first.proposed("rw")) == (3, 5)
    assert AuditEntry.objects.filter(act="submission.submitted").count() == 2


def test_right_rows_go_and_wrong_rows_stay_with_their_messages(officer):
    rows = [row("Benar"), row("Salah", rt="0"), row("Jauh", kelurahan="Dinoyo")]

    response = send(officer, rows)

    assert list(Submission.objects.values_list("title", flat=True)) == ["Benar"]
    kept = told(response)["rows"]
    assert [(r["cells"]["name"], list(r["errors"])) for r in kept] == [
        ("Salah", ["rt"]),
        ("Jauh", ["kelurahan"]),
    ]
    assert told(response)["focus"] == f"s-{rows[1]['uuid']}-rt"
    assert f'href="#s-{rows[1]["uuid"]}-rt"' in response.content.decode()


def test_somebody_elses_number_is_never_taken_over(officer, city, petugas_dinoyo):
    other = factories.make_submission(by=petugas_dinoyo, kelurahan=city["Dinoyo"].code)

    response = send(officer, [row("Satu", identity=str(other.uuid))])

    assert response.status_code == 302
    mine = Submission.objects.exclude(pk=other.pk).get()
    assert mine.title == "Satu"
    other.refresh_from_db()
    assert other.status == "draft"


def test_the_place_is_kept_for_the_next_block(operator, client):
    client.force_login(operator)

    send(client, [row("Satu", kelurahan="Dinoyo", rw="7")], do="next")
    page = client.get(URL)

    assert told(page)["kept"] == {"kelurahan": "Dinoyo", "rw": "7"}
    assert told(client.get(URL))["kept"] == {}


def test_an_officer_of_one_kelurahan_begins_there(officer):
    assert told(officer.get(URL))["kept"] == {"kelurahan": "Purwantoro"}


def test_what_arrived_is_told_to_the_page_that_comes_back(officer):
    rows = [row("Satu")]

    send(officer, rows)

    assert told(officer.get(URL))["arrived"] == [rows[0]["uuid"]]
    assert told(officer.get(URL))["arrived"] == []


def test_more_rows_than_one_sending_takes_stay_where_they_are(officer, monkeypatch):
    rows = [row(f"Usaha Nomor {n}") for n in range(MAX_ROWS + 1)]

    response = send(officer, rows)

    assert Submission.objects.count() == MAX_ROWS
    assert [r["cells"]["name"] for r in told(response)["rows"]] == [f"Usaha Nomor {MAX_ROWS}"]
    assert "200" in response.context["problems"][0]


@pytest.mark.parametrize(
    "grid",
    [
        "{", "[]", '{"rows": 3, "shown": []}', '{"rows": [1, null, {"cells": 3}], "shown": [4]}',
        '{"rows": [{"uuid": {}, "cells": {"name": ["x"], "kelurahan": null, "nope": "x"}}], "shown": []}',
        '{"rows": [], "shown": []}', "[" * 100_000,
    ],
)  # fmt: skip
def test_a_spoilt_grid_is_answered_in_words(officer, grid):
    response = officer.post(URL, {"grid": grid, "do": "send"})

    assert response.status_code == 200
    assert Submission.objects.count() == 0


HOSTILE = [
    "\u202egnirts", "\u200b\u200d", "\0", "=cmd|'/c calc'!A0", "+SUM(1;1)", "javascript:alert(1)",
    "０８１２３４５６７８９０",
    "<script>alert(1)</script>", "x" * 10_240, "31/12/2205", "1e309", "-1", "٣", "💥" * 300,
    "'; DROP TABLE x;--",
    "NaN", "9" * 400, "1" * 16, "%s %(n)d {0}", "Toko \ud800 A",
]  # fmt: skip


@pytest.mark.parametrize("cell", HOSTILE)
def test_hostile_cells_are_answered_and_the_rest_is_kept(officer, cell):
    rows = [row("Baik-baik Saja")]
    for column in COLUMNS:
        rows.append(row(f"Usaha {column.key}", **{"owner": "Siti", column.key: cell}))

    for do in ("check", "draft", "send"):
        response = send(officer, rows, do=do)
        assert response.status_code in (200, 302)
        if response.status_code == 200:
            assert "<script>alert(1)" not in response.content.decode()
    assert Submission.objects.filter(title="Baik-baik Saja", status="submitted").count() == 1
    left = {r["uuid"] for r in told(response)["rows"]} if response.status_code == 200 else set()
    sent = {str(u) for u in Submission.objects.filter(status="submitted").values_list("uuid", flat=True)}
    assert left | sent == {r["uuid"] for r in rows}
    assert left & sent == set()


def test_the_number_of_queries_does_not_grow_with_the_rows(officer):
    factories.make_kbli("10391")
    factories.make_business(name="Keripik Nomor Satu", phone="081234567001")

    def rows(count):
        facts = {"kbli": "10391", "owner": "Siti"}
        return [
            row(f"Keripik Nomor {n}", phone=f"08123456{n:04d}", nik=factories.nik(), **facts)
            for n in range(count)
        ]

    send(officer, rows(1), do="check")
    counts = []
    for number in (3, 60):
        with CaptureQueriesContext(connection) as queries:
            send(officer, rows(number), do="check")
        counts.append(len(queries))
    assert counts[0] == counts[1]


# ---- who -----------------------------------------------------------------------------------------


def test_only_who_may_propose_comes_in(client, kepala, nobody):
    assert client.get(URL).status_code == 302
    for user in (kepala, nobody):
        client.force_login(user)
        assert client.get(URL).status_code == 403
        assert client.post(reverse("rows-block"), {"rows": "[]"}).status_code == 403


def test_a_block_is_read_for_the_page(officer):
    rows = [["Nama Usaha", "Alamat", "Omzet"], ["A", "Jl. B", "5"]]

    answer = officer.post(reverse("rows-block"), {"rows": json.dumps(rows)}).json()

    assert answer == {
        "header": True,
        "rows": [{"name": "A", "address": "Jl. B", "turnover": "5"}],
        "unused": [],
    }
    for spoilt in ("", "{", "3", "[3]", "[" * 100_000, '[["\\ud800", null]]'):
        assert officer.post(reverse("rows-block"), {"rows": spoilt}).status_code == 200
