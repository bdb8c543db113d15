"""Monthly reports over the API: the same rows, figures and verbs, held to what the sender has read."""

from datetime import date

import pytest
from rest_framework.test import APIClient

from accounts.models import AuditEntry
from programs.models import MonthlyReport
from programs.monthly import figures
from tests.programs.monthly.conftest import OCTOBER
from tests.programs.monthly.life import Life

LIST = "/api/v1/monthly-reports/"
LETTER = {"letter_number": "400.10/12/2026", "letter_on": "2026-11-03"}


def api(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


def at(report, act=""):
    return f"{LIST}{report.uuid}/{act + '/' if act else ''}"


def post(user, report, act, body=None, **headers):
    """An act in the state that is read right before it."""
    client = api(user)
    headers = headers or {"if_match": client.get(at(report))["ETag"]}
    return client.post(at(report, act), body or {}, headers=headers)


def test_the_whole_way(people, city):
    made = api(people.petugas).post(LIST, {"kelurahan": city["Purwantoro"].code, "month": "2026-10"})
    assert made.status_code == 201
    report = MonthlyReport.objects.get()
    again = api(people.petugas).post(LIST, {"kelurahan": city["Purwantoro"].code, "month": "2026-10"})
    assert (again.status_code, again.json()["uuid"]) == (200, str(report.uuid))

    tag = api(people.petugas).get(at(report))["ETag"]
    wrote = api(people.petugas).patch(at(report), {"note": "RW 3."}, headers={"if_match": tag})
    assert (wrote.status_code, wrote.json()["note"]) == (200, "RW 3.")
    assert post(people.petugas, report, "submit").json()["progress"] == "submitted"
    assert post(people.lurah, report, "return", {"reason": "Kurang."}).json()["reason"] == "Kurang."
    assert post(people.petugas, report, "submit").status_code == 200
    sent = post(people.lurah, report, "approve", LETTER).json()
    assert (sent["progress"], sent["letter_number"], sent["authors"]) == (
        "sent",
        "400.10/12/2026",
        [people.petugas.name],
    )
    assert post(people.operator, report, "receive").json()["progress"] == "received"
    edition = post(people.petugas, report, "correct", {"reason": "Lupa."})
    assert (edition.status_code, edition.json()["edition"]) == (201, 2)


def test_figures_as_sent_and_what_came_late(sent, people, city):
    Life([city["Purwantoro"], city["Blimbing"]], vars(people), 3, rows=12)
    body = api(people.camat).get(at(sent)).json()
    now = figures.count(city["Purwantoro"], OCTOBER)
    assert body["figures"]["requests"] == 0
    assert body["corrections"]["requests"] == {"sent": 0, "now": now["requests"]}
    assert body["rates"] == {"freshness": None, "coverage": None, "coverage_ever": None}
    assert body["due_on"] == "2026-11-06"


def test_what_is_signed_is_what_was_read(handed, people, city):
    """The tag holds the figures: what comes in between reading and signing asks for another look."""
    client = api(people.lurah)
    tag = client.get(at(handed))["ETag"]
    assert client.get(at(handed), headers={"if_none_match": tag}).status_code == 304
    Life([city["Purwantoro"]], vars(people), 3, rows=12)

    late = client.post(at(handed, "approve"), LETTER, headers={"if_match": tag})
    assert late.status_code == 412
    assert client.get(at(handed), headers={"if_none_match": tag}).status_code == 200
    assert client.post(at(handed, "approve"), LETTER, headers={"if_match": late["ETag"]}).status_code == 200


def test_without_if_match_nothing_happens(handed, people):
    assert api(people.lurah).post(at(handed, "approve"), LETTER).status_code == 428
    handed.refresh_from_db()
    assert handed.state == "submitted"


def test_sent_twice_over_a_bad_line_is_done_once(handed, people):
    client = api(people.lurah)
    headers = {"if_match": "*", "idempotency-key": "kunci-1"}
    first = client.post(at(handed, "approve"), LETTER, headers=headers)
    second = client.post(at(handed, "approve"), LETTER, headers=headers)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert AuditEntry.objects.filter(act="monthly-report.approved").count() == 1


@pytest.mark.parametrize(
    ("act", "who", "body", "code"),
    [
        ("submit", "petugas", {}, (409, "report-state")),
        ("approve", "petugas", LETTER, (403, "permission-denied")),
        ("approve", "lurah_dinoyo", LETTER, (404, "not-found")),
        ("approve", "lurah", LETTER | {"letter_on": "2026-10-01"}, (409, "letter-day")),
        ("return", "lurah", {"reason": " "}, (400, None)),
        ("approve", "lurah", {"letter_number": "1"}, (400, None)),
        ("approve", "lurah", LETTER | {"state": "received"}, (400, None)),
        ("receive", "operator", {}, (409, "report-state")),
    ],
)
def test_refusals(act, who, body, code, handed, people):
    answer = api(getattr(people, who)).post(at(handed, act), body, headers={"if_match": "*"})
    assert (answer.status_code, answer.json().get("code")) == code


def test_strangers_read_nothing_and_lists_are_filtered(sent, people, city):
    assert api(people.petugas_dinoyo).get(at(sent)).status_code == 404
    assert api(people.petugas_dinoyo).get(LIST).json()["results"] == []
    edition = sent.correct(reason="Lupa.", by=people.petugas)

    def found(**query):
        return [row["uuid"] for row in api(people.operator).get(LIST, query).json()["results"]]

    assert found() == [str(edition.uuid), str(sent.uuid)]
    assert found(latest="true") == [str(edition.uuid)]
    assert found(progress="sent") == [str(sent.uuid)]
    assert found(month="2026-09") == []
    assert found(kelurahan=city["Dinoyo"].code) == []
    assert found(kecamatan=city["Kec. Blimbing"].code, month="2026-10", progress="sent") == [str(sent.uuid)]
    assert api(people.operator).get(LIST, {"month": "Oktober"}).status_code == 400
    assert api(people.operator).get(LIST, {"bulan": "2026-10"}).status_code == 400


def test_a_list_holds_no_note_and_asks_as_often_for_three_as_for_one(people, city, django_assert_num_queries):
    for number, month in enumerate((OCTOBER, date(2026, 9, 1), date(2026, 8, 1)), 1):
        MonthlyReport.begin(kelurahan=city["Purwantoro"], month=month, by=people.petugas)
        client = api(people.operator)
        client.get(LIST)
        with django_assert_num_queries(1):
            rows = client.get(LIST).json()["results"]
        assert len(rows) == number
        assert "note" not in rows[0]
