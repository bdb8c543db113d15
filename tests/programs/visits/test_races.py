"""Two who schedule one need, send one thing or visit one business at once. With negative controls."""

import uuid

import pytest
from django.db import IntegrityError
from django.utils import timezone

from programs.models import FollowUp, Visit, VisitDay
from programs.visits import days, follow_ups
from registry.reports.models import VisitRequest
from tests.factories import (
    make_business,
    make_follow_up,
    make_organisation,
    make_visit_day,
    make_visit_request,
)
from tests.races import meeting, race
from umkm_portal.lib.errors import Refused

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PATIENCE = 0.3


def schedule_at_once(two, needs, monkeypatch):
    """Each puts `needs` into a day of their own, and waits inside the act, past its guards, for the other."""
    days = [make_visit_day(by=user) for user in two]
    meet = meeting(2, PATIENCE)
    refuse_unless = VisitRequest._refuse_unless

    def slowly(self, *states):
        refuse_unless(self, *states)
        meet()

    monkeypatch.setattr(VisitRequest, "_refuse_unless", slowly)

    def add(day, user):
        fresh = list(VisitRequest.objects.filter(pk__in=[row.pk for row in needs]).order_by("?"))
        return VisitDay.objects.get(pk=day.pk).add(fresh, by=user)

    return race(*(lambda day=day, user=user: add(day, user) for day, user in zip(days, two, strict=True)))


def test_the_second_of_two_is_told_and_plans_nothing(two, monkeypatch):
    needs = [make_visit_request(), make_visit_request()]

    outcomes = schedule_at_once(two, needs, monkeypatch)

    refused = [one for one in outcomes if isinstance(one, Refused)]
    assert [one.code for one in refused] == ["request-scheduled"]
    assert "orang lain" in refused[0].message
    assert Visit.objects.count() == 2
    assert Visit.objects.values("day").distinct().count() == 1


def test_without_the_lock_the_second_runs_into_the_database(two, monkeypatch):
    """Negative control: without the guard the race above ends in an error nobody can read."""
    monkeypatch.setattr(VisitRequest, "_lock", lambda self: self.refresh_from_db())

    outcomes = schedule_at_once(two, [make_visit_request()], monkeypatch)

    assert [one for one in outcomes if isinstance(one, IntegrityError)]
    assert not [one for one in outcomes if isinstance(one, Refused)]


def test_two_who_close_one_follow_up_end_in_one(two):
    for _round in range(3):
        row = make_follow_up(by=two[0])
        outcomes = race(
            lambda pk=row.pk: FollowUp.objects.get(pk=pk).close(by=two[0], evidence="satu"),
            lambda pk=row.pk: FollowUp.objects.get(pk=pk).close(by=two[1], evidence="dua"),
        )
        assert sorted(type(one).__name__ for one in outcomes) == ["NoneType", "Refused"]


def test_planning_and_closing_one_need_at_once_never_leaves_a_plan_for_a_closed_one(two):
    from programs.visits.actions import close_request

    for _round in range(3):
        need, day = make_visit_request(), make_visit_day(by=two[0])
        race(
            lambda pk=need.pk, day=day: VisitDay.objects.get(pk=day.pk).add(
                [VisitRequest.objects.get(pk=pk)], by=two[0]
            ),
            lambda pk=need.pk: close_request(VisitRequest.objects.get(pk=pk), outcome="gone", by=two[1]),
        )
        need.refresh_from_db()
        planned = Visit.objects.filter(request=need, state="planned").exists()
        assert (need.state == "scheduled") == planned


# ---- one thing sent twice at once, over a bad line ------------------------------------------------------


def plan_at_once(user, monkeypatch, *, times=2):
    """The same day sent `times` at once; each looks for it, then waits for the others before it writes."""
    meet = meeting(times, PATIENCE)
    first = days.clean_line

    def slowly(text):
        meet()
        return first(text)

    monkeypatch.setattr(days, "clean_line", slowly)
    same = {"on": timezone.localdate(), "uuid": uuid.uuid4(), "title": "Blimbing"}
    return race(*[lambda: VisitDay.plan(by=user, **same)] * times)


def test_a_day_sent_twice_at_once_is_one_day(two, monkeypatch):
    outcomes = plan_at_once(two[0], monkeypatch)
    assert [type(one) for one in outcomes] == [VisitDay, VisitDay]
    assert VisitDay.objects.count() == 1


def test_without_asking_again_the_second_ends_in_the_database(two, monkeypatch):
    """Negative control: what was sent twice does meet in the database."""

    def no_memory(self, by):
        raise IntegrityError("same")

    monkeypatch.setattr(VisitDay, "_again", no_memory)
    outcomes = plan_at_once(two[0], monkeypatch)
    assert sorted(type(one).__name__ for one in outcomes) == ["IntegrityError", "VisitDay"]


def test_a_follow_up_sent_twice_at_once_is_one(two, monkeypatch):
    organisation, same, meet = make_organisation(), uuid.uuid4(), meeting(2, PATIENCE)
    due_after = follow_ups.due_after

    def slowly(*args):
        meet()
        return due_after(*args)

    monkeypatch.setattr(follow_ups, "due_after", slowly)
    outcomes = race(*[lambda: make_follow_up(by=two[0], organisation=organisation, uuid=same)] * 2)
    assert [type(one) for one in outcomes] == [FollowUp, FollowUp]
    assert FollowUp.objects.count() == 1


# ---- two visits of one business -------------------------------------------------------------------------


def record_at_once(two, monkeypatch):
    """Two needs of one business, each with a visit; both are written down at once, and each waits, after its
    own need is marked, for the other."""
    business = make_business()
    needs = [make_visit_request(business=business), make_visit_request(business=business)]
    visits = [make_visit_day(by=user, requests=[need]).visits.get()
              for user, need in zip(two, needs, strict=True)]  # fmt: skip
    meet = meeting(2, PATIENCE)
    visited = VisitRequest.visited

    def slowly(self, **told):
        visited(self, **told)
        meet()

    monkeypatch.setattr(VisitRequest, "visited", slowly)
    return race(*(
        lambda pk=visit.pk, user=user: Visit.objects.get(pk=pk).record(by=user, production="20 bungkus")
        for visit, user in zip(visits, two, strict=True)
    ))  # fmt: skip


def test_two_visits_of_one_business_are_both_written_down(two, monkeypatch):
    assert record_at_once(two, monkeypatch) == [None, None]
    assert set(VisitRequest.objects.values_list("state", flat=True)) == {"visited"}


def test_without_one_order_of_locks_they_wait_for_one_another(two, monkeypatch):
    """Negative control: the database ends one of the two as a deadlock."""
    monkeypatch.setattr(VisitRequest, "lock_around", lambda *args: None)
    outcomes = record_at_once(two, monkeypatch)
    assert sorted(type(one).__name__ for one in outcomes) == ["NoneType", "OperationalError"]
