"""Proposals and needs over the API."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from programs.models import Proposal
from tests.api.clients import ask, call, get, post
from tests.factories import make_business, make_post, make_proposal, make_user, make_visit_request

pytestmark = pytest.mark.django_db


def body(**values):
    return {
        "uuid": str(uuid.uuid4()), "forum": "ngombe", "held_on": timezone.localdate().isoformat(),
        "kelurahan": "35.73.01.1007", "need": "packaging", "text": "Minta kemasan",
    } | values  # fmt: skip


def test_the_same_proposal_sent_five_times_is_one_with_the_same_answer(petugas):
    sent = body(rt=3, rw=5)
    answers = [post(petugas, "proposals/", sent, status=201) for _each in range(5)]
    assert all(answer == answers[0] for answer in answers)
    assert (answers[0]["text"], answers[0]["state"]) == ("Minta kemasan", "new")
    assert Proposal.objects.count() == 1


def test_an_idempotency_key_answers_alike(petugas):
    sent, key = body(), {"HTTP_IDEMPOTENCY_KEY": "kunci-1"}
    first = call(petugas, "post", "proposals/", sent, **key)
    again = call(petugas, "post", "proposals/", sent, **key)
    assert (first.status_code, again.json(), again["Idempotency-Replayed"]) == (201, first.json(), "true")
    assert call(petugas, "post", "proposals/", body(), **key).status_code == 422


def test_a_business_of_the_same_kelurahan_is_linked(petugas):
    here, away = make_business(), make_business(kelurahan="35.73.05.1004")
    told = post(petugas, "proposals/", body(business=str(here.uuid)), status=201)
    assert told["business"] == str(here.uuid)
    for wrong in (away.uuid, uuid.uuid4()):
        assert (
            ask(petugas, "post", "proposals/", body(business=str(wrong)), status=404)["code"] == "not-found"
        )


def test_what_was_logged_before_a_post_ended_arrives(city, petugas_dinoyo):
    gone = make_user()
    make_post(gone, "petugas", city["Purwantoro"], days=-20)
    then = timezone.localdate() - timedelta(days=30)

    post(gone, "proposals/", body(held_on=then.isoformat()), status=201)

    assert ask(gone, "post", "proposals/", body(), status=404)
    assert ask(gone, "get", "proposals/", status=403)
    assert ask(petugas_dinoyo, "post", "proposals/", body(), status=404)


def test_bad_input_is_told_by_field(petugas):
    told = ask(petugas, "post", "proposals/", body(rt=0, need="emas", text="", status="done"), status=400)
    assert set(told) == {"status"}
    told = ask(petugas, "post", "proposals/", body(rt=0, need="emas", text=""), status=400)
    assert set(told) == {"rt", "need", "text"}
    late = body(held_on=(timezone.localdate() + timedelta(days=2)).isoformat())
    assert set(ask(petugas, "post", "proposals/", late, status=409)["fields"]) == {"held_on"}


def test_an_answer_names_the_state_it_was_written_over(operator, petugas):
    row = make_proposal(by=petugas)
    path, answer = f"proposals/{row.uuid}/respond/", {"outcome": "taken", "public_line": "Disiapkan."}
    tag = call(operator, "get", f"proposals/{row.uuid}/")["ETag"]

    assert call(operator, "post", path, answer, if_match="").status_code == 428
    done = call(operator, "post", path, answer, HTTP_IF_MATCH=tag)
    assert (done.status_code, done.json()["state"]) == (200, "taken") and done["ETag"] != tag
    assert call(operator, "post", path, answer, HTTP_IF_MATCH=tag).status_code == 412
    assert call(petugas, "post", path, answer, HTTP_IF_MATCH="*").status_code == 403
    assert call(operator, "get", f"proposals/{row.uuid}/", HTTP_IF_NONE_MATCH=done["ETag"]).status_code == 304


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_for_any_number(operator, petugas, rows, django_assert_num_queries):
    business = make_business()
    for _each in range(rows):
        make_proposal(by=petugas, business=business)
    with django_assert_num_queries(3):
        told = get(operator, "proposals/")
    assert len(told["results"]) == rows
    assert not {"text", "answer"} & set(told["results"][0])


def test_the_list_is_narrowed_by_what_it_knows(operator, petugas, petugas_dinoyo):
    row = make_proposal(by=petugas)
    assert [r["uuid"] for r in get(operator, "proposals/", need="packaging")["results"]] == [str(row.uuid)]
    assert get(operator, "proposals/", state="done")["results"] == []
    assert get(petugas_dinoyo, "proposals/")["results"] == []
    get(operator, "proposals/", expected=400, status="done")


def test_needs_are_counted_within_reach(operator, petugas, petugas_dinoyo):
    make_visit_request(by=petugas)
    make_proposal(by=petugas)
    (line,) = get(operator, "needs/")
    assert line == {
        "kecamatan": "35.73.01", "kelurahan": "35.73.01.1007", "need": "packaging", "reports": 1,
        "follow_ups": 0, "proposals": 1, "total": 2,
    }  # fmt: skip
    assert get(petugas_dinoyo, "needs/") == []
    assert get(operator, "needs/", need="capital") == []
    get(operator, "needs/", expected=400, since="kemarin")
    get(operator, "needs/", expected=400, zz=1)


def test_sent_again_after_its_business_moved_it_is_answered_alike(petugas, city):
    business = make_business()
    sent = body(business=str(business.uuid))
    first = post(petugas, "proposals/", sent, status=201)
    type(business).objects.filter(pk=business.pk).update(kelurahan=city["Dinoyo"])
    assert post(petugas, "proposals/", sent, status=201) == first
