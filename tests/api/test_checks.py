""" "Masih aktif?" over the API: one, many at once, taken back; each row for itself, nothing twice."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registry.models import Business, Check, Post
from tests.api.clients import ask, call, get, post
from tests.factories import make_business, make_officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def business(city):
    return make_business(name="Keripik Sanan", rw=5)


def told(business, answer="active", **more):
    return {"business": str(business.uuid), "answer": answer} | more


def test_one_answer_is_recorded_with_what_it_proposes(business, petugas):
    made = post(petugas, "checks/", told(business, "closed", note="Kata tetangga pindah"), 201)
    assert (made["answer"], made["via"], made["kelurahan"], made["rw"]) == (
        "closed",
        "walk",
        "35.73.01.1007",
        5,
    )
    assert made["submission"] == str(Check.objects.get().submission.uuid)
    assert made["note"] == "Kata tetangga pindah"
    listed = get(petugas, "checks/", answer="closed")["results"]
    assert [row["uuid"] for row in listed] == [made["uuid"]]
    assert "note" not in listed[0]


def test_the_same_uuid_and_the_same_key_are_the_same_answer(business, petugas):
    body = told(business, uuid=str(uuid.uuid4()))
    assert post(petugas, "checks/", body, 201)["uuid"] == post(petugas, "checks/", body, 200)["uuid"]
    first = call(petugas, "post", "checks/", told(business), HTTP_IDEMPOTENCY_KEY="k-1")
    again = call(petugas, "post", "checks/", told(business), HTTP_IDEMPOTENCY_KEY="k-1")
    assert (first.status_code, again["Idempotency-Replayed"]) == (201, "true")
    assert Check.objects.count() == 2


def test_many_rows_are_answered_each_for_itself(business, petugas, city):
    elsewhere = make_business(kelurahan="35.73.05.1004")
    identity = str(uuid.uuid4())
    rows = [
        told(business, uuid=identity),
        told(business, uuid=identity),
        told(elsewhere),
        told(business, "apa"),
        "bukan objek",
        told(business, told_at=(timezone.now() + timedelta(days=2)).isoformat()),
        told(business, told_at="0001-01-01T00:00:00Z"),
        {"business": str(uuid.uuid4()), "answer": "active"},
        told(business, status="x"),
        told(business, "not_found"),
    ]
    body = post(petugas, "checks/bulk/", {"checks": rows})
    assert [row["status"] for row in body["results"]] == [201, 200, 404, 400, 400, 409, 400, 404, 400, 201]
    assert (body["done"], body["refused"]) == (3, 7)
    assert Check.objects.count() == 2
    post(petugas, "checks/bulk/", {"checks": [told(business)] * 101}, 400)
    post(petugas, "checks/bulk/", {"checks": []}, 400)


def test_taking_back_names_the_state_that_was_read(business, petugas, operator):
    made = post(petugas, "checks/", told(business, "closed"), 201)
    path = f"checks/{made['uuid']}/"
    tag = call(petugas, "get", path)["ETag"]
    assert call(petugas, "get", path, HTTP_IF_NONE_MATCH=tag).status_code == 304
    assert call(petugas, "post", path + "take-back/", {}).status_code == 428
    assert call(petugas, "post", path + "take-back/", {}, HTTP_IF_MATCH='"lain"').status_code == 412
    assert call(operator, "post", path + "take-back/", {}, HTTP_IF_MATCH="*").status_code == 404
    answer = call(petugas, "post", path + "take-back/", {}, HTTP_IF_MATCH=tag)
    assert answer.json()["taken_back_at"]
    assert Check.objects.get().submission.status == "withdrawn"
    assert (
        ask(petugas, "post", path + "take-back/", {}, status=409, HTTP_IF_MATCH="*")["code"]
        == "check-settled"
    )
    assert get(petugas, "checks/", standing="true")["results"] == []


def test_reach_decides_who_reads_and_who_records(business, petugas, petugas_dinoyo, city, kepala, nobody):
    made = post(petugas, "checks/", told(business), 201)
    lurah = make_officer("lurah", city["Purwantoro"])
    assert get(lurah, f"checks/{made['uuid']}/")["uuid"] == made["uuid"]
    for user, status in ((petugas_dinoyo, 404), (lurah, 403), (kepala, 403), (nobody, 403), (None, 401)):
        post(user, "checks/", told(business), status)
    get(petugas_dinoyo, f"checks/{made['uuid']}/", 404)
    assert get(petugas_dinoyo, "checks/")["results"] == []
    get(petugas, "checks/", 400, jawaban="active")


def test_what_was_seen_before_the_post_ended_arrives_afterwards(business, petugas):
    then = timezone.now() - timedelta(days=20)
    Post.objects.filter(user=petugas).update(ends_on=timezone.localdate(then))
    body = post(
        petugas, "checks/bulk/", {"checks": [told(business, told_at=then.isoformat()), told(business)]}
    )
    assert [row["status"] for row in body["results"]] == [201, 404]


def test_a_merged_business_is_answered_for_as_what_it_became(business, petugas):
    kept = make_business(name="Yang tinggal")
    Business.objects.filter(pk=business.pk).update(merged_into=kept)
    assert post(petugas, "checks/", told(business), 201)["business"] == str(kept.uuid)


def test_the_list_asks_the_same_queries_for_one_and_for_three(business, petugas):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            get(petugas, "checks/")
        return len(queries)

    post(petugas, "checks/", told(business, "closed"), 201)
    get(petugas, "checks/")
    one = asked()
    for _more in range(2):
        post(petugas, "checks/", told(make_business(), "closed"), 201)
    assert asked() == one
