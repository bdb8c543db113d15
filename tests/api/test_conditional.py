"""ETag, If-None-Match and If-Match: what is the same is not sent twice, nothing is changed unseen."""

import pytest
from django.db import connection

from registry.models import Submission
from tests.api.clients import call, get, post
from tests.factories import make_business, make_officer, make_submission
from tests.races import race

pytestmark = pytest.mark.django_db
ACTS = [
    ("submit", "petugas", {}),
    ("withdraw", "petugas", {}),
    ("return", "verifikator", {"reason": "Lengkapi."}),
    ("approve", "verifikator", {}),
    ("reject", "verifikator", {"reason": "Ganda."}),
    ("agree", "petugas", {}),
    ("decline", "petugas", {"reason": "Bukan di sini."}),
]


def at(submission, act=""):
    return f"submissions/{submission.uuid}/{act + '/' if act else ''}"


def tag(user, path):
    return call(user, "get", path)["ETag"]


# ---- reading -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["submissions/", "businesses/", "people/", "regions/", "me/", "imports/", "batches/"]
)
def test_what_is_the_same_is_answered_304(operator, path):
    make_business()
    first = call(operator, "get", path)

    again = call(operator, "get", path, HTTP_IF_NONE_MATCH=first["ETag"])

    assert first["ETag"].startswith('"') and first["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie"} <= {name.strip() for name in first["Vary"].split(",")}
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert call(operator, "get", path, HTTP_IF_NONE_MATCH='"lain"').status_code == 200


def test_a_submission_keeps_its_tag_until_something_of_it_changes(petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator, workers=3)
    one = make_submission(by=petugas, kind="change", business=business, workers=5, submit=True)
    other = make_submission(by=petugas, kind="change", business=business, workers=7, submit=True)
    first = tag(verifikator, at(one))

    assert call(verifikator, "get", at(one), HTTP_IF_NONE_MATCH=first).status_code == 304
    other.approve(by=verifikator)  # the business moved on: a conflict appears in the answer about the first
    second = tag(verifikator, at(one))
    one.return_for_changes(by=verifikator, reason="Periksa.")
    assert len({first, second, tag(verifikator, at(one))}) == 3


def test_a_tag_belongs_to_its_reader(city, petugas, verifikator):
    sent = make_submission(by=petugas, submit=True, capital_idr=5_000_000)
    readers = [petugas, verifikator, make_officer("lurah", city["Purwantoro"])]

    assert len({tag(reader, at(sent)) for reader in readers}) == 3


def test_a_visitors_answer_may_be_kept_by_nobody_unasked(db):
    answer = call(None, "get", "businesses/")

    assert (answer["Cache-Control"], "ETag" in answer) == ("no-cache", True)


def test_compression_does_not_break_the_chain(petugas, verifikator):
    sent = make_submission(by=petugas, submit=True)
    weak = call(verifikator, "get", at(sent), HTTP_ACCEPT_ENCODING="gzip")["ETag"]

    assert weak.startswith("W/")
    assert call(verifikator, "get", at(sent), HTTP_IF_NONE_MATCH=weak).status_code == 304
    assert call(verifikator, "post", at(sent, "approve"), {}, if_match=weak).status_code == 200


# ---- changing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("act", "who", "body"), ACTS)
def test_an_act_without_if_match_is_428_and_with_an_old_one_412(request, petugas, act, who, body):
    sent = make_submission(by=petugas, submit=True)
    user = request.getfixturevalue(who)

    for header, status, code in [("", 428, "precondition-required"), ('"lama"', 412, "precondition-failed")]:
        told = call(user, "post", at(sent, act), body, if_match=header)
        assert (told.status_code, told.json()["code"]) == (status, code)
        assert told["ETag"] == told.json()["etag"] == tag(user, at(sent))
        assert "ETag" in told.json()["detail"] or "If-Match" in told.json()["detail"]
    sent.refresh_from_db()
    assert sent.status == "submitted"


@pytest.mark.parametrize("method", ["put", "patch"])
def test_editing_names_what_was_read(petugas, method):
    draft = make_submission(by=petugas)
    body = {"values": {"name": "Keripik", "activity": "keripik", "kelurahan": "35.73.01.1007"}}
    read = tag(petugas, at(draft))

    assert call(petugas, method, at(draft), body, if_match="").status_code == 428
    done = call(petugas, method, at(draft), body, if_match=f'"x", {read}')
    assert done.status_code == 200 and done["ETag"] not in ("", read)
    assert call(petugas, method, at(draft), body, if_match=read).status_code == 412
    assert call(petugas, method, at(draft), body, if_match=done["ETag"]).status_code == 200
    assert call(petugas, method, at(draft), body, if_match="*").status_code == 200


def test_a_stranger_learns_no_tag(petugas, petugas_dinoyo, kepala):
    sent = make_submission(by=petugas, submit=True)

    assert call(petugas_dinoyo, "post", at(sent, "withdraw"), {}, if_match="").status_code == 404
    assert call(kepala, "post", at(sent, "withdraw"), {}, if_match="").status_code == 403


def test_making_something_new_needs_no_if_match(petugas, verifikator):
    done = make_submission(by=petugas, submit=True)
    done.approve(by=verifikator)
    business = make_business(by=petugas, decided_by=verifikator)

    post(petugas, at(done, "reverse"), {"reason": "Keliru."}, 201)
    post(petugas, f"businesses/{business.uuid}/confirm/", {})


def test_if_match_on_a_business_is_compared_where_it_is_given(petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator)
    path, body = f"businesses/{business.uuid}/", {"what": "curated"}
    read = tag(verifikator, path)

    assert call(verifikator, "post", path + "recognise/", body, HTTP_IF_MATCH='"lama"').status_code == 412
    done = call(verifikator, "post", path + "recognise/", body, HTTP_IF_MATCH=read)
    assert (done.status_code, done["ETag"]) == (200, tag(verifikator, path))
    assert call(verifikator, "post", path + "recognise/", body, HTTP_IF_MATCH=read).status_code == 412


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_edits_of_one_state_one_is_refused(petugas):
    draft = make_submission(by=petugas)
    read = tag(petugas, at(draft))

    def edit(note):
        return lambda: call(petugas, "patch", at(draft), {"note": note}, if_match=read).status_code

    for _round in range(5):
        read = tag(petugas, at(draft))
        assert sorted(race(*(edit(f"{_round}-{n}") for n in range(4)))) == [200, 412, 412, 412]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_without_comparing_both_edits_are_taken(petugas):
    """The negative control of the test above: with "*" nobody is held back."""
    draft = make_submission(by=petugas)

    edits = [lambda n=n: call(petugas, "patch", at(draft), {"note": f"{n}"}).status_code for n in range(4)]

    assert race(*edits) == [200] * 4
    assert Submission.objects.count() == 1 and connection.vendor == "postgresql"


def test_times_are_told_in_the_citys_own_hour(petugas):
    draft = make_submission(by=petugas)

    assert get(petugas, at(draft))["timeline"][0]["at"].endswith("+07:00")
