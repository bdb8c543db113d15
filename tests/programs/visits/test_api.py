"""Visits, visit days, follow-ups and mentorings over the API: what is answered, to whom, under which tag."""

import uuid

import pytest
from django.utils import timezone

from programs.models import FollowUp, Mentoring, Visit, VisitDay
from tests.factories import (
    make_business,
    make_follow_up,
    make_officer,
    make_organisation,
    make_representative,
    make_visit_day,
    make_visit_request,
)
from tests.programs.visits.test_visits import picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_throttle")]
API = "/api/v1"
TODAY = timezone.localdate


@pytest.fixture
def no_throttle(settings):
    rates = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
    settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = dict.fromkeys(rates, "10000/min")


@pytest.fixture
def ask(client):
    """ask(user, method, path, body, **headers)."""

    def send(user, method, path, body=None, **headers):
        client.force_login(user)
        given = {} if method == "get" else {"data": body or {}, "content_type": "application/json"}
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return getattr(client, method)(f"{API}{path}", headers=names, **given)

    return send


def planned(operator):
    return make_visit_day(by=operator, requests=[make_visit_request()]).visits.get()


def test_a_visit_is_recorded_with_its_problems_under_the_tag_that_was_read(ask, operator):
    visit, office = planned(operator), make_organisation("DINKES")
    path = f"/visits/{visit.uuid}/"
    body = {
        "production": "20 bungkus",
        "follow_ups": [
            {"uuid": str(uuid.uuid4()), "need": "licence", "problem": "P-IRT", "organisation": "DINKES"}
        ],
    }
    tag = ask(operator, "get", path)["ETag"]

    assert ask(operator, "post", path + "record/", body).status_code == 428
    answer = ask(operator, "post", path + "record/", body, If_Match=tag)
    stale = ask(operator, "post", path + "record/", body, If_Match=tag)

    assert (answer.status_code, stale.status_code) == (200, 412)
    assert (answer.json()["state"], answer.json()["production"]) == ("done", "20 bungkus")
    assert answer["ETag"] == ask(operator, "get", path)["ETag"]
    assert FollowUp.objects.get().organisation == office


def test_a_tag_saves_the_second_reading(ask, operator):
    path = f"/visits/{planned(operator).uuid}/"
    tag = ask(operator, "get", path)["ETag"]
    assert ask(operator, "get", path, If_None_Match=tag).status_code == 304


def test_an_unplanned_visit_sent_again_is_the_same(ask, operator):
    body = {
        "uuid": str(uuid.uuid4()), "on": TODAY().isoformat(), "told_name": "Warung Bu Sri",
        "kelurahan": "35.73.01.1007", "rw": 5, "needs": "kemasan",
    }  # fmt: skip
    first = ask(operator, "post", "/visits/", body, Idempotency_Key="a-1")
    again = ask(operator, "post", "/visits/", body, Idempotency_Key="a-1")
    anew = ask(operator, "post", "/visits/", body)

    assert [answer.status_code for answer in (first, again, anew)] == [201, 201, 201]
    assert first.json() == again.json()
    assert Visit.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"on": "2999-01-01"}, 409),
        ({"kelurahan": "99.99"}, 404),
        ({"business": str(uuid.uuid4())}, 404),
        ({"told_name": ""}, 409),
        ({"state": "done"}, 400),
        ({"follow_ups": [{"need": "x"}]}, 400),
    ],
)
def test_what_is_wrong_with_a_visit_is_said(ask, operator, change, status):
    body = {
        "uuid": str(uuid.uuid4()), "on": TODAY().isoformat(), "told_name": "Warung",
        "kelurahan": "35.73.01.1007",
    }  # fmt: skip
    assert ask(operator, "post", "/visits/", body | change).status_code == status
    assert not Visit.objects.exists()


def test_needs_go_into_a_day_all_or_none(ask, operator):
    day = VisitDay.objects.get(
        uuid=ask(operator, "post", "/visit-days/", {"on": TODAY().isoformat()}).json()["uuid"]
    )
    free, taken = make_visit_request(), make_visit_request()
    make_visit_day(by=operator, requests=[taken])

    def add(*requests):
        body = {"requests": [str(row.uuid) for row in requests]}
        return ask(operator, "post", f"/visit-days/{day.uuid}/add/", body, If_Match="*")

    refused = add(free, taken)
    assert (refused.status_code, refused.json()["code"]) == (409, "request-scheduled")
    assert add(free).status_code == 200
    assert ask(operator, "get", f"/visits/?day={day.uuid}").json()["results"][0]["request"] == str(free.uuid)
    visit = day.visits.get()
    removed = ask(
        operator, "post", f"/visit-days/{day.uuid}/remove/", {"visit": str(visit.uuid)}, If_Match="*"
    )
    assert removed.status_code == 200
    changed = ask(operator, "patch", f"/visit-days/{day.uuid}/", {"title": "Halal"}, If_Match="*")
    assert changed.json()["title"] == "Halal"
    assert ask(operator, "post", f"/visit-days/{day.uuid}/cancel/", If_Match="*").json()["cancelled_at"]


def test_another_office_reads_replies_and_closes_what_is_its_own(ask, operator, city, client):
    office = make_organisation("DINKES")
    opd = make_representative(office, city["Kota"])
    mine, others = make_follow_up(by=operator, organisation=office), make_follow_up(by=operator)
    path = f"/follow-ups/{mine.uuid}/"

    assert [row["uuid"] for row in ask(opd, "get", "/follow-ups/").json()["results"]] == [str(mine.uuid)]
    assert ask(opd, "get", f"/follow-ups/{others.uuid}/").status_code == 404
    assert ask(opd, "post", path + "drop/", {"reason": "x"}, If_Match="*").status_code == 403
    assert (
        ask(opd, "post", path + "reply/", {"text": "Diproses."}, If_Match="*").json()["state"] == "answered"
    )
    closed = client.post(
        f"{API}{path}close/", {"evidence": "Terbit.", "photo": picture()}, headers={"If-Match": "*"}
    )
    assert (closed.json()["state"], closed.json()["has_photo"]) == ("closed", True)
    assert [note["act"] for note in closed.json()["history"]] == ["opened", "answered", "closed"]
    assert ask(opd, "get", path + "photo/")["Content-Type"] == "image/jpeg"


def test_a_follow_up_is_about_exactly_one_thing_and_handed_over_with_a_reason(ask, operator):
    business = make_business()
    make_organisation("DINKES")
    make_organisation("DISNAKER")
    body = {"uuid": str(uuid.uuid4()), "need": "licence", "problem": "Halal", "organisation": "DINKES"}

    assert ask(operator, "post", "/follow-ups/", body).status_code == 400
    made = ask(operator, "post", "/follow-ups/", body | {"business": str(business.uuid)})
    path = f"/follow-ups/{made.json()['uuid']}/"
    assert (
        ask(operator, "post", path + "hand-over/", {"organisation": "DISNAKER"}, If_Match="*").status_code
        == 400
    )
    handed = ask(
        operator,
        "post",
        path + "hand-over/",
        {"organisation": "DISNAKER", "reason": "Urusannya."},
        If_Match="*",
    )
    assert handed.json()["organisation"] == "DISNAKER"
    assert (
        ask(operator, "post", path + "drop/", {"reason": "Tutup."}, If_Match="*").json()["state"] == "dropped"
    )
    assert (
        ask(operator, "post", path + "reopen/", {"reason": "Belum."}, If_Match="*").json()["state"] == "open"
    )


def test_a_series_of_mentoring(ask, operator, petugas):
    business = make_business()
    made = ask(
        operator,
        "post",
        "/mentorings/",
        {"business": str(business.uuid), "goal": "Halal", "mentor": "Bu Ani"},
    )
    path = f"/mentorings/{made.json()['uuid']}/"
    session = {"uuid": str(uuid.uuid4()), "on": TODAY().isoformat(), "service": "halal", "note": "Berkas."}
    for _time in range(2):
        told = ask(operator, "post", path + "sessions/", session, If_Match="*")
    assert [row["service"] for row in told.json()["sessions"]] == ["halal"]
    assert ask(petugas, "get", path).status_code == 200
    assert ask(petugas, "post", path + "end/", {"result": "reached"}, If_Match="*").status_code == 403
    assert (
        ask(operator, "post", path + "end/", {"result": "reached"}, If_Match="*").json()["result"]
        == "reached"
    )
    assert (
        ask(operator, "post", path + "sessions/", session, If_Match="*").json()["code"] == "mentoring-ended"
    )
    assert Mentoring.objects.running().count() == 0


def test_photos_of_a_visit(ask, operator, petugas, petugas_dinoyo, client):
    visit = planned(operator)
    client.force_login(operator)
    made = client.post(f"{API}/visits/{visit.uuid}/photos/", {"file": picture()})
    assert made.status_code == 201
    path = made.json()["url"].removeprefix(API)
    assert ask(petugas, "get", path).status_code == 200
    assert ask(petugas_dinoyo, "get", path).status_code == 404


def test_unknown_parameters_are_refused(ask, operator):
    for name in ("visits", "visit-days", "follow-ups", "mentorings"):
        assert ask(operator, "get", f"/{name}/?ngawur=1").status_code == 400


@pytest.mark.parametrize(
    ("path", "queries"), [("/visits/", 4), ("/visit-days/", 5), ("/follow-ups/", 4), ("/mentorings/", 4)]
)
@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_as_often_for_one_as_for_three(
    ask, client, operator, django_assert_num_queries, path, queries, count
):
    business = make_business()
    for _number in range(count):
        visit = planned(operator)
        make_follow_up(by=operator, visit=visit)
        Mentoring.start(business=business, goal="Halal", mentor="Bu Ani", by=operator)
    ask(operator, "get", path)
    with django_assert_num_queries(queries):
        answer = client.get(API + path)
    assert len(answer.json()["results"]) == count


def test_a_visit_sent_again_after_its_business_moved_is_answered_alike(ask, city):
    blimbing = make_officer("program", city["Kec. Blimbing"])
    business = make_business()
    sent = {"uuid": str(uuid.uuid4()), "on": timezone.localdate().isoformat(), "business": str(business.uuid)}
    first = ask(blimbing, "post", "/visits/", sent)
    type(business).objects.filter(pk=business.pk).update(kelurahan=city["Dinoyo"])
    again = ask(blimbing, "post", "/visits/", sent)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert Visit.objects.count() == 1
