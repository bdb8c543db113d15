"""Counts of needs: each need once, apart by source, and the list behind a number is what was counted."""

import io
import uuid
from datetime import timedelta
from urllib.parse import urlsplit

import openpyxl
import pytest
from django.http import QueryDict
from django.utils import timezone

from programs.models import Visit
from programs.visits.needs import Needs, NeedsFilter
from registry.models import Region
from tests.factories import (
    make_business,
    make_follow_up,
    make_officer,
    make_proposal,
    make_visit_day,
    make_visit_request,
)

pytestmark = pytest.mark.django_db


def counted(user, query=""):
    form = NeedsFilter(QueryDict(query))
    assert form.is_valid(), form.errors
    return {
        (row.need_place, row.need): (row.reports, row.follow_ups, row.proposals)
        for row in _rows(Needs(user, form.cleaned_data).counted())
    }


def _rows(found):
    names = dict(Region.objects.values_list("pk", "name"))
    for (kelurahan, need), tally in found.items():
        tally.need_place, tally.need = names[kelurahan], need
        yield tally


@pytest.fixture
def visited(operator, petugas):
    """A visit that answers a report of packaging."""
    request = make_visit_request(by=petugas, need="packaging")
    day = make_visit_day(by=operator, requests=[request])
    visit = Visit.objects.get(day=day)
    visit.record(by=operator, problems="Kemasan dan halal")
    return visit


def test_each_need_counts_once(operator, petugas, visited):
    make_follow_up(by=operator, visit=visited, need="packaging")  # what the report had named already
    make_follow_up(by=operator, visit=visited, need="licence")
    make_follow_up(by=operator, need="capital")  # no visit found it
    make_proposal(by=petugas, need="packaging")
    make_visit_request(by=petugas, need="equipment").withdraw(by=petugas)
    make_visit_request(by=petugas, need="equipment").close(outcome="twice", by=operator)

    assert counted(operator) == {
        ("Purwantoro", "packaging"): (1, 0, 1),
        ("Purwantoro", "licence"): (0, 1, 0),
    }


def test_what_a_visit_nobody_planned_found_counts(operator, city):
    visit, _new = Visit.unplanned(
        uuid=uuid.uuid4(), kelurahan=city["Dinoyo"], on=timezone.localdate(), by=operator,
        told_at=timezone.now(), told_name="Warung",
    )  # fmt: skip
    make_follow_up(by=operator, visit=visit, need="marketing")
    assert counted(operator) == {("Dinoyo", "marketing"): (0, 1, 0)}


def test_the_counts_are_narrowed(operator, petugas, petugas_dinoyo, city):
    make_visit_request(by=petugas, days_ago=40)
    make_visit_request(by=petugas_dinoyo, kelurahan=city["Dinoyo"], need="capital")
    make_visit_request(by=petugas, need="capital").close(outcome="gone", by=operator)
    since = (timezone.localdate() - timedelta(days=7)).isoformat()

    assert counted(operator, "kecamatan=35.73.05") == {("Dinoyo", "capital"): (1, 0, 0)}
    assert counted(operator, f"since={since}&kelurahan=35.73.01.1007") == {
        ("Purwantoro", "capital"): (1, 0, 0)
    }
    assert counted(operator, f"until={since}") == {("Purwantoro", "packaging"): (1, 0, 0)}
    assert ("Purwantoro", "capital") not in counted(operator, "open=true")
    assert counted(petugas_dinoyo) == {("Dinoyo", "capital"): (1, 0, 0)}
    assert not NeedsFilter({"since": "2026-02-01", "until": "2026-01-01"}).is_valid()


def test_the_list_behind_each_number_is_what_was_counted(client, operator, petugas, visited):
    make_follow_up(by=operator, visit=visited, need="licence")
    for _each in range(2):
        make_proposal(by=petugas, business=make_business())
    client.force_login(operator)
    page = client.get("/kebutuhan/")

    assert page.context["headline"]["count"] == "3"
    numbers = [n for line in page.context["lines"] for n in line["numbers"]] + page.context["sum"]
    numbers += [cell for place in page.context["places"] for cell in [*place["cells"], place["total"]]]
    seen = 0
    for number in numbers:
        if not number["count"]:
            continue
        behind = client.get(number["url"])
        source = "source=" in urlsplit(number["url"]).query
        told = len(behind.context["rows"]) if source else int(behind.context["total"])
        assert told == number["count"], number
        for row in behind.context["rows"]:
            assert client.get(row["url"]).status_code == 200
        seen += 1
    assert seen > 10


@pytest.mark.parametrize("rows", [1, 3])
def test_the_counts_ask_the_same_for_any_number(
    client, operator, petugas, visited, rows, django_assert_num_queries
):
    for _each in range(rows):
        make_proposal(by=petugas)
        make_visit_request(by=petugas)
        make_follow_up(by=operator, visit=visited, need="licence")
    client.force_login(operator)
    client.get("/kebutuhan/")
    for path, questions in (("", 8), ("daftar/", 7), ("daftar/?source=follow_ups", 7), ("unduh/", 7)):
        with django_assert_num_queries(questions):
            client.get(f"/kebutuhan/{path}")


def test_a_reader_sees_their_own_reach_only(client, city, petugas, petugas_dinoyo):
    make_visit_request(by=petugas)
    for user, total in ((petugas, 1), (petugas_dinoyo, 0), (make_officer("lurah", city["Purwantoro"]), 1)):
        client.force_login(user)
        page = client.get("/kebutuhan/?kelurahan=35.73.01.1007")
        assert sum(n["count"] for n in page.context["sum"][-1:]) == total
        assert client.get("/kebutuhan/daftar/").context["total"] == str(total)
    client.force_login(make_officer("keuangan", city["Kota"]))
    assert client.get("/kebutuhan/").status_code == 403


def test_the_counts_are_taken_away(client, operator, petugas):
    make_visit_request(by=petugas)
    make_proposal(by=petugas)
    client.force_login(operator)
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/kebutuhan/unduh/").content)).active
    assert [cell.value for cell in list(sheet.iter_rows())[-1]] == [
        "Blimbing", "Purwantoro", "Kemasan", 1, 0, 1, 2,
    ]  # fmt: skip
    assert client.get("/kebutuhan/unduh/?since=zz").status_code == 302
