"""A month's figures equal an independent recount, whatever came in and when, and the list behind each."""

from datetime import date, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programs.models import MonthlyReport
from programs.monthly import figures
from programs.monthly.definitions import FIGURES
from programs.monthly.recap import recap_of
from registry.models import Check
from tests.factories import make_officer
from tests.programs.monthly.life import JAKARTA, MONTHS, Life, recount

TODAY = date(2026, 11, 10)


@pytest.fixture
def now():
    with time_machine.travel(datetime(2026, 11, 10, 9, 0, tzinfo=JAKARTA), tick=False):
        yield


@pytest.fixture
def people(city):
    return {
        "petugas": make_officer("petugas", city["Purwantoro"]),
        "operator": make_officer("operator", city["Kota"]),
        "verifikator": make_officer("verifikator", city["Kota"]),
        "lurah": make_officer("lurah", city["Purwantoro"]),
    }


@pytest.fixture
def places(city):
    return [city["Purwantoro"], city["Blimbing"], city["Dinoyo"]]


def kept(counts):
    return {key: number for key, number in counts.items() if number}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_three_months_equal_a_recount_of_the_rows(now, places, people, seed):
    Life(places, people, seed)

    for month in MONTHS:
        for place in places:
            counted = figures.count(place, month)
            assert kept(counted) == recount([place], month, TODAY), (month, place.name)
            assert set(counted) == set(FIGURES)


def test_counted_among_the_whole_city_it_is_the_same(now, places, people, monkeypatch):
    """A few kelurahan are found through their index, many by reading the whole table."""
    Life(places, people, 11)
    monkeypatch.setattr(figures, "MANY", 0)
    for month in MONTHS:
        for place in places:
            assert kept(figures.count(place, month)) == recount([place], month, TODAY)


def test_a_month_that_still_runs_is_counted_as_of_today(places, people):
    Life(places, people, 4)
    for today in (date(2026, 10, 3), date(2026, 10, 20)):
        assert kept(figures.count(places[0], MONTHS[2], today)) == recount([places[0]], MONTHS[2], today)


def test_life_of_the_test_touches_every_figure(now, places, people):
    """Negative control: a figure that is always nought would prove nothing."""
    Life(places, people, 5, rows=150)
    seen = set()
    for month in MONTHS:
        seen |= set(kept(figures.total(figures.count_many([p.pk for p in places], month).values())))
    rare = {key for key in FIGURES if key.startswith("sessions-")}
    assert set(FIGURES) - seen - rare == set()


def test_what_comes_in_after_sending_shows_as_a_correction(now, places, people):
    life = Life(places, people, 6)
    place, month = places[0], MONTHS[2]
    business = next(
        b for b in life.businesses if b.kelurahan_id == place.pk and b.operating_state == "active"
    )
    report, _new = MonthlyReport.begin(kelurahan=place, month=month, by=people["petugas"])
    report.submit(by=people["petugas"])
    report.approve(letter_number="400/1", letter_on=date(2026, 11, 2), by=people["lurah"])
    before = recount([place], month, TODAY)
    assert kept(report.figures["counts"]) == before
    assert figures.corrections(report.figures["counts"], figures.count(place, month)) == {}

    late = date(2026, 10, 31)
    life.request(late, kelurahan=place, state="new", need="packaging")
    life.check(
        late, business=business, kelurahan=place, answer="active", taken_back_at=None, taken_back_by=None
    )
    life.visit(late, business=business, kelurahan=place, state="missed", recorded_at=None, recorded_by=None)
    life.proposal(late, kelurahan=place, answered_at=None, answered_by=None)
    life.request(date(2026, 11, 1), kelurahan=place)  # another month's
    Check.objects.filter(kelurahan=place, seen_on__month=10, answer="moved").update(
        taken_back_at=datetime(2026, 11, 9, tzinfo=JAKARTA), taken_back_by=people["petugas"]
    )

    report.refresh_from_db()
    after = recount([place], month, TODAY)
    changed = {
        k: (before.get(k, 0), after.get(k, 0)) for k in before | after if before.get(k) != after.get(k)
    }
    assert figures.corrections(report.figures["counts"], figures.count(place, month)) == changed
    assert changed["requests-need-packaging"][1] == changed["requests-need-packaging"][0] + 1
    assert {"requests", "checks-active", "visits-missed", "proposals"} <= set(changed)


def test_progress_after_the_month_is_no_correction(now, places, people):
    """A need of October that is visited in November was still open when October ended."""
    life = Life(places, people, 7, rows=3)
    row = life.request(date(2026, 10, 5), kelurahan=places[0], state="new")
    before = figures.count(places[0], MONTHS[2])

    row.visited(on=date(2026, 11, 4), by=people["operator"])
    row.close(outcome="helped", by=people["operator"])

    assert figures.count(places[0], MONTHS[2]) == before


def test_each_figure_equals_the_list_behind_it(now, places, people):
    Life(places, people, 8)
    ids = [place.pk for place in places]
    for month in MONTHS:
        whole = figures.total(figures.count_many(ids, month).values())
        for key in FIGURES:
            rows = figures.behind(key, ids, month)
            assert rows.count() == whole[key], key
            assert figures.visible(key, rows, people["operator"]).count() == whole[key], key


@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_queries_for_one_kelurahan_as_for_all(now, places, people, rows):
    Life(places, people, 10, rows=rows + 1)
    for ids in ([places[0].pk], [place.pk for place in places]):
        with CaptureQueriesContext(connection) as asked:
            figures.count_many(ids, MONTHS[0])
        counting = [query["sql"] for query in asked if query["sql"].startswith("SELECT")]
        assert len(counting) == 7 + 2  # seven sources; the open businesses, and the new ones


def test_the_roll_up_is_the_sum_of_its_kelurahan(now, places, people, kepala):
    Life(places, people, 9)
    for month in MONTHS:
        recap = recap_of(kepala, month)
        assert [head.region.name for head, _lines in recap.groups] == ["Blimbing", "Lowokwaru"]
        for head, lines in recap.groups:
            assert head.counts == figures.total(line.counts for line in lines)
            assert kept(head.counts) == recount([line.region for line in lines], month, TODAY)
        assert kept(recap.whole.counts) == recount(places, month, TODAY)


def test_shares_are_whole_percent_of_the_open_businesses():
    counts = dict.fromkeys(FIGURES, 0) | {"businesses": 8, "confirmed": 1, "seen": 3, "seen-ever": 8}
    assert figures.rates(counts) == (13, 38, 100)
    assert figures.rates(dict.fromkeys(FIGURES, 0)) == (None, None, None)
