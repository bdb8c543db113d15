"""A visit day put on another date: what is still to be visited follows, and the officers read it."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import AuditEntry
from programs.models import Visit, VisitDay
from programs.monthly import figures
from tests.api.clients import call
from tests.factories import make_officer, make_visit_day, make_visit_request
from umkm_portal.lib.errors import Refused

pytestmark = pytest.mark.django_db


def in_days(number):
    return timezone.localdate() + timedelta(days=number)


@pytest.fixture
def needs(city):
    return [make_visit_request(), make_visit_request()]


@pytest.fixture
def day(operator, needs):
    return make_visit_day(by=operator, requests=needs)


def refusal(day, **told):
    with pytest.raises(Refused) as refused:
        VisitDay.objects.get(pk=day.pk).move(**told)
    return refused.value.code


def test_its_planned_visits_and_what_they_answer_follow(operator, day, needs, client, petugas):
    seen = day.version

    assert day.move(on=in_days(9), by=operator, was=day.on) == 2

    day.refresh_from_db()
    assert (day.on, day.version) == (in_days(9), seen + 1)
    assert set(Visit.objects.values_list("on", "state")) == {(in_days(9), "planned")}
    for need in needs:
        need.refresh_from_db()
        assert (need.state, need.scheduled_on) == ("scheduled", in_days(9))
    assert AuditEntry.objects.filter(act="visit-day.moved").count() == 1
    assert AuditEntry.objects.filter(act="visit-request.rescheduled").count() == 2
    client.force_login(petugas)
    assert f"{in_days(9).day} " in client.get(needs[0].get_absolute_url()).text


def test_a_move_changes_nothing_of_a_month_that_has_ended(operator, day, needs, city):
    """A month counts what had a day when it ended (`scheduled_at`): which day is another matter."""
    this_month = timezone.localdate().replace(day=1)
    next_month = this_month + timedelta(days=40)
    before = figures.count(city["Purwantoro"], this_month, today=next_month)
    assert before["requests-state-scheduled"] == 2

    later = timezone.make_aware(datetime.combine(next_month, time(9)))
    with time_machine.travel(later, tick=False):
        VisitDay.objects.get(pk=day.pk).move(on=next_month + timedelta(days=3), by=operator)

    assert figures.count(city["Purwantoro"], this_month, today=next_month) == before


def test_the_same_date_changes_nothing(operator, day):
    version = day.version
    assert day.move(on=day.on, by=operator) == 0
    assert VisitDay.objects.get().version == version


def test_what_left_the_day_or_was_answered_meanwhile_stays_where_it_is(operator, day, needs):
    day.remove(day.visits.get(request=needs[0]), by=operator)
    needs[1].close(outcome="gone", by=operator)

    day.move(on=in_days(9), by=operator)

    for need, state in zip(needs, ("new", "closed"), strict=True):
        need.refresh_from_db()
        assert need.state == state
    assert not AuditEntry.objects.filter(act="visit-request.rescheduled").exists()


def test_a_day_nobody_went_on_may_still_be_moved_when_it_has_passed(operator, day):
    VisitDay.objects.update(on=in_days(-3))
    Visit.objects.update(on=in_days(-3))
    assert VisitDay.objects.get().move(on=in_days(2), by=operator) == 2


def test_past_dates_are_refused_and_cancelled_days_too(operator, day):
    assert refusal(day, on=in_days(-1), by=operator) == "scheduled-in-past"
    day.cancel(by=operator)
    assert refusal(day, on=in_days(9), by=operator) == "day-cancelled"


@pytest.mark.parametrize("act", ["record", "miss"])
def test_a_day_that_has_begun_stays_and_the_words_say_what_to_do(operator, day, act):
    getattr(day.visits.first(), act)(**{"by": operator} | ({"on": in_days(0)} if act == "record" else {}))
    with pytest.raises(Refused) as refused:
        day.move(on=in_days(9), by=operator)
    assert refused.value.code == "day-begun" and "dari papan" in refused.value.message
    assert set(day.visits.values_list("on", flat=True)) <= {day.on, in_days(0)}


def test_the_second_of_two_is_told_where_it_went(operator, day):
    was = day.on
    day.move(on=in_days(9), by=operator, was=was)
    assert refusal(day, on=in_days(5), by=operator, was=was) == "day-moved"


@pytest.mark.parametrize("role", ["petugas", "verifikator", "kasi"])
def test_who_does_not_plan_moves_nothing(day, city, role):
    region = city["Purwantoro"] if role == "petugas" else city["Kota"]
    assert refusal(day, on=in_days(9), by=make_officer(role, region)) == "not-found"


# ---- the page and the API ------------------------------------------------------------------------------


def page_of(day):
    return f"/kunjungan/hari/{day.uuid}/pindah/"


def test_the_page_says_what_follows_and_moves_it(client, operator, day):
    client.force_login(operator)
    assert page_of(day) in client.get(day.get_absolute_url()).text
    assert "2 kunjungan yang belum didatangi ikut pindah" in client.get(page_of(day)).text

    sent = {"on": in_days(9).isoformat(), "was": day.on.isoformat()}
    page = client.post(page_of(day), sent, follow=True)

    assert page.redirect_chain == [(day.get_absolute_url(), 302)]
    assert "2 kunjungan ikut" in page.text
    again = client.post(page_of(day), sent | {"on": in_days(4).isoformat()})
    assert "dipindah orang lain" in again.text
    assert again.context["form"]["on"].value() == in_days(4).isoformat()
    assert again.context["form"]["was"].value() == in_days(9).isoformat()


@pytest.mark.parametrize("on", ["", "kemarin", "2019-01-01"])
def test_a_date_that_is_none_or_past_is_said_at_its_field(client, operator, day, on):
    client.force_login(operator)
    page = client.post(page_of(day), {"on": on, "was": day.on.isoformat()})
    assert "on" in page.context["form"].errors
    assert VisitDay.objects.get().on == day.on


def test_once_begun_the_page_leads_back(client, operator, petugas, day):
    client.force_login(operator)
    day.visits.first().record(by=operator, on=in_days(0))
    assert page_of(day) not in client.get(day.get_absolute_url()).text
    page = client.get(page_of(day), follow=True)
    assert page.redirect_chain and "tidak dapat diganti" in page.text
    client.force_login(petugas)
    assert client.get(page_of(day)).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_often_for_any_number_of_visits(client, operator, rows, django_assert_num_queries):
    day = make_visit_day(by=operator, requests=[make_visit_request() for _each in range(rows)])
    client.force_login(operator)
    client.get(page_of(day))
    with django_assert_num_queries(6):
        client.get(page_of(day))


def test_the_api_moves_over_the_state_that_was_read(operator, petugas, petugas_dinoyo, day):
    path, sent = f"visit-days/{day.uuid}/", {"on": in_days(9).isoformat()}
    tag = call(operator, "get", path)["ETag"]

    assert call(operator, "post", path + "move/", sent, if_match="").status_code == 428
    done = call(operator, "post", path + "move/", sent, HTTP_IF_MATCH=tag)
    assert (done.status_code, done.json()["on"]) == (200, sent["on"])
    assert call(operator, "post", path + "move/", sent, HTTP_IF_MATCH=tag).status_code == 412
    assert call(petugas, "post", path + "move/", sent, HTTP_IF_MATCH="*").status_code == 403
    past = call(operator, "post", path + "move/", {"on": "2019-01-01"}, HTTP_IF_MATCH="*")
    assert (past.status_code, set(past.json()["fields"])) == (409, {"on"})
    gone = call(operator, "post", "visit-days/0b6a1c1e-1f8a-4d53-8f2e-6f4c9d1a7e20/move/", sent)
    assert gone.status_code == 404
