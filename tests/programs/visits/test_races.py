"""Two who schedule the same need at once: one plan, and the second is told so. With a negative control."""

import pytest
from django.db import IntegrityError

from programs.models import FollowUp, Visit, VisitDay
from registry.reports.models import VisitRequest
from tests.factories import (
    make_city,
    make_follow_up,
    make_officer,
    make_visit_day,
    make_visit_request,
)
from tests.races import meeting, race
from umkm_portal.lib.errors import Refused

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PATIENCE = 0.3


@pytest.fixture
def two(db):
    city = make_city()
    return [make_officer("operator", city["Kota"]), make_officer("program", city["Kota"])]


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
