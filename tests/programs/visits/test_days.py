"""Visit days: planning, putting needs in and taking them out, calling a day off."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from programs.models import Visit, VisitDay
from registry.models import Business
from tests.factories import make_business, make_officer, make_visit_day, make_visit_request
from umkm_portal.lib.errors import Refused

pytestmark = pytest.mark.django_db


def test_a_need_put_into_a_day_is_a_planned_visit_and_scheduled(operator):
    request = make_visit_request(rw=7)
    day = make_visit_day(by=operator)

    (visit,) = day.add([request], by=operator)

    request.refresh_from_db()
    assert (request.state, request.scheduled_on) == ("scheduled", day.on)
    assert (visit.state, visit.on, visit.rw, visit.request) == ("planned", day.on, 7, request)
    assert AuditEntry.objects.filter(act="visit-day.added").count() == 1


def test_what_somebody_scheduled_already_is_refused_and_nothing_else_is_planned(operator):
    taken, free = make_visit_request(), make_visit_request()
    make_visit_day(by=operator, requests=[taken])
    day = make_visit_day(by=operator)

    with pytest.raises(Refused) as refused:
        day.add([free, taken], by=operator)

    assert refused.value.code == "request-scheduled"
    free.refresh_from_db()
    assert free.state == "new"
    assert day.visits.count() == 0


def test_a_day_in_the_past_is_refused(operator):
    with pytest.raises(Refused) as refused:
        VisitDay.plan(on=timezone.localdate() - timedelta(days=1), by=operator)
    assert refused.value.code == "scheduled-in-past"


def test_a_full_day_takes_no_more(operator, monkeypatch):
    monkeypatch.setattr("programs.visits.days.MOST_A_DAY", 1)
    day = make_visit_day(by=operator, requests=[make_visit_request()])
    with pytest.raises(Refused) as refused:
        day.add([make_visit_request()], by=operator)
    assert refused.value.code == "day-full"


@pytest.mark.parametrize("role", ["petugas", "verifikator", "kasi"])
def test_who_does_not_plan_is_told_nothing(role, city):
    region = city["Purwantoro"] if role == "petugas" else city["Kota"]
    with pytest.raises(Refused) as refused:
        VisitDay.plan(on=timezone.localdate(), by=make_officer(role, region))
    assert refused.value.code == "not-found"


def test_the_same_uuid_is_the_same_day(operator):
    day = make_visit_day(by=operator)
    assert VisitDay.plan(on=day.on, by=operator, uuid=day.uuid) == day
    other = make_officer("operator", day.planned_by.posts.get().region)
    with pytest.raises(Refused) as refused:
        VisitDay.plan(on=day.on, by=other, uuid=day.uuid)
    assert refused.value.code == "uuid-taken"


def test_taken_out_again_the_need_waits_as_before(operator):
    request = make_visit_request()
    day = make_visit_day(by=operator, requests=[request])

    day.remove(day.visits.get(), by=operator)

    request.refresh_from_db()
    assert (request.state, request.scheduled_on) == ("new", None)
    make_visit_day(by=operator, requests=[request])  # and it can be planned anew


def test_a_day_called_off_gives_back_what_was_not_visited(operator):
    waits, seen = make_visit_request(), make_visit_request()
    day = make_visit_day(by=operator, requests=[waits, seen])
    day.visits.get(request=seen).record(by=operator, production="20 bungkus")

    day.cancel(by=operator)

    waits.refresh_from_db()
    seen.refresh_from_db()
    assert (waits.state, seen.state) == ("new", "visited")
    with pytest.raises(Refused) as refused:
        day.add([waits], by=operator)
    assert refused.value.code == "day-cancelled"


def test_a_request_closed_meanwhile_does_not_keep_a_day_from_being_called_off(operator):
    request = make_visit_request()
    day = make_visit_day(by=operator, requests=[request])
    request.close(outcome="gone", by=operator)

    day.cancel(by=operator)

    request.refresh_from_db()
    assert request.state == "closed"
    assert Visit.objects.get().state == "cancelled"


def test_who_sees_a_day(operator, petugas, petugas_dinoyo, nobody):
    day = make_visit_day(by=operator, requests=[make_visit_request()])
    empty = make_visit_day(by=operator)

    def seen_by(user):
        return list(VisitDay.objects.visible_to(user).order_by("pk"))

    assert seen_by(operator) == [day, empty]
    assert seen_by(petugas) == [day]
    assert seen_by(petugas_dinoyo) == []
    assert seen_by(nobody) == []


def test_changing_says_who_goes_and_keeps_the_date(operator):
    day = make_visit_day(by=operator)
    day.change(by=operator, title="Blimbing", who="Regu 1", organisations=[])
    day.refresh_from_db()
    assert (day.title, day.who, day.version) == ("Blimbing", "Regu 1", 2)


def test_a_visit_found_out_of_a_business_keeps_its_name(operator):
    business = make_business(name="Keripik Ani")
    day = make_visit_day(by=operator, requests=[make_visit_request(business=business)])
    assert day.visits.get().name == "Keripik Ani"
    assert Business.objects.count() == 1


def test_a_day_tells_each_kelurahan_only_of_its_own_visits(operator, petugas, petugas_dinoyo, city):
    needs = [make_visit_request(), make_visit_request()]
    needs.append(make_visit_request(by=petugas_dinoyo, kelurahan=city["Dinoyo"]))
    day = make_visit_day(by=operator, requests=needs)
    day.visits.get(request=needs[0]).record(by=operator)

    def counts(user):
        row = VisitDay.objects.visible_to(user).counted(user).get()
        return row.planned, row.visited, row.missed

    assert counts(operator) == (2, 1, 0)
    assert counts(petugas) == (1, 1, 0)
    assert counts(petugas_dinoyo) == (1, 0, 0)
