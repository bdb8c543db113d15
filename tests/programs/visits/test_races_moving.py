"""Two who move, fill, call off or write down one day at once, or put one proposal right. With negative
controls."""

from datetime import timedelta

import pytest
from django.utils import timezone

from programs.models import Proposal, Visit, VisitDay
from registry.reports.models import VisitRequest
from tests.factories import (
    make_business,
    make_proposal,
    make_visit_day,
    make_visit_request,
)
from tests.races import meeting, race
from umkm_portal.lib.errors import Refused

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PATIENCE = 0.3


def in_days(number):
    return timezone.localdate() + timedelta(days=number)


def held(monkeypatch, model, *, locked=True):
    """Whoever has read a row of `model` for an act waits for the other before going on; without `locked`
    the row is read, but not held."""
    meet, lock = meeting(2, PATIENCE), model._lock

    def slowly(self):
        lock(self) if locked else self.refresh_from_db()
        meet()

    monkeypatch.setattr(model, "_lock", slowly)


def named(outcomes):
    return sorted(one.code if isinstance(one, Refused) else type(one).__name__ for one in outcomes)


# ---- two who move one day ------------------------------------------------------------------------------


def move_at_once(two, day):
    was = day.on
    return race(*(
        lambda on=on, user=user: VisitDay.objects.get(pk=day.pk).move(on=on, by=user, was=was)
        for on, user in zip((in_days(8), in_days(9)), two, strict=True)
    ))  # fmt: skip


def test_the_second_of_two_who_move_a_day_is_told(two, monkeypatch):
    day = make_visit_day(by=two[0], requests=[make_visit_request()])
    held(monkeypatch, VisitDay)
    assert named(move_at_once(two, day)) == ["day-moved", "int"]


def test_without_the_lock_the_second_moves_what_it_did_not_see(two, monkeypatch):
    """Negative control: both move it, and one of them does not know."""
    day = make_visit_day(by=two[0], requests=[])
    held(monkeypatch, VisitDay, locked=False)
    assert named(move_at_once(two, day)) == ["int", "int"]


# ---- one moves it, the other puts a need into it -------------------------------------------------------


def move_and_add(two, monkeypatch, *, locked):
    day, need = make_visit_day(by=two[0], requests=[make_visit_request()]), make_visit_request()
    held(monkeypatch, VisitDay, locked=locked)
    outcomes = race(
        lambda: VisitDay.objects.get(pk=day.pk).move(on=in_days(9), by=two[0]),
        lambda: VisitDay.objects.get(pk=day.pk).add([VisitRequest.objects.get(pk=need.pk)], by=two[1]),
    )
    assert not [one for one in outcomes if isinstance(one, Exception)], outcomes
    day.refresh_from_db()
    return {day.on, *day.visits.values_list("on", flat=True), *day.visits.values_list(
        "request__scheduled_on", flat=True
    )}  # fmt: skip


def test_what_is_put_into_a_day_that_moves_is_on_its_date(two, monkeypatch):
    assert move_and_add(two, monkeypatch, locked=True) == {in_days(9)}


def test_without_the_lock_it_stays_on_the_old_date(two, monkeypatch):
    """Negative control."""
    assert len(move_and_add(two, monkeypatch, locked=False)) == 2


# ---- one moves it or calls it off, the other writes down a visit ---------------------------------------


def act_and_record(two, monkeypatch, act):
    """One business waits twice in one day. While the day is moved or called off, its second visit is written
    down; who has changed a request waits for the other before going on."""
    business = make_business()
    needs = [make_visit_request(business=business) for _each in range(2)]
    day = make_visit_day(by=two[0], requests=needs)
    last, meet = day.visits.order_by("pk").last(), meeting(2, PATIENCE)
    save, around = VisitRequest._save, VisitRequest.lock_around

    def slowly(self, *names):
        save(self, *names)
        meet()

    def later(*args):
        meet()
        around(*args)

    monkeypatch.setattr(VisitRequest, "_save", slowly)
    monkeypatch.setattr(VisitRequest, "lock_around", later)
    return race(
        lambda: act(VisitDay.objects.get(pk=day.pk), two[0]),
        lambda: Visit.objects.get(pk=last.pk).record(by=two[1], on=in_days(0)),
    )


ACTS = {
    "move": lambda day, user: day.move(on=in_days(9), by=user),
    "cancel": lambda day, user: day.cancel(by=user),
}


@pytest.mark.parametrize("act", ACTS)
def test_neither_waits_for_the_other_for_ever(two, monkeypatch, act):
    assert not [one for one in named(act_and_record(two, monkeypatch, ACTS[act])) if "Error" in one]


@pytest.mark.parametrize("act", ACTS)
def test_without_one_order_of_locks_the_database_ends_one_of_them(two, monkeypatch, act):
    """Negative control: visits and requests are locked by turns, as they come."""

    def by_turns(self):
        return self.visits.filter(state="planned").order_by("pk").select_related("request")

    monkeypatch.setattr(VisitDay, "_lock_planned", by_turns)
    assert "OperationalError" in named(act_and_record(two, monkeypatch, ACTS[act]))


# ---- one proposal put right twice ----------------------------------------------------------------------


def correct_at_once(two, monkeypatch):
    proposal, meet = make_proposal(by=two[0]), meeting(2, PATIENCE)
    read = Proposal.refresh_from_db

    def slowly(self, **options):
        read(self, **options)
        meet()

    monkeypatch.setattr(Proposal, "refresh_from_db", slowly)
    return race(*(
        lambda user=user, text=text: Proposal.objects.get(pk=proposal.pk).correct(
            by=user, text=text, version=1
        )
        for user, text in zip(two, ("satu", "dua"), strict=True)
    ))  # fmt: skip


def test_the_second_of_two_corrections_is_told(two, monkeypatch):
    assert named(correct_at_once(two, monkeypatch)) == ["list", "proposal-changed"]


def test_without_the_lock_the_second_writes_over_the_first(two, monkeypatch):
    """Negative control."""
    read = Proposal.refresh_from_db
    monkeypatch.setattr(Proposal, "refresh_from_db", lambda self, **_lock: read(self))
    assert named(correct_at_once(two, monkeypatch)) == ["list", "list"]
