"""Many proposals and decisions in one request: each row is answered for itself, and stands for itself."""

import json
import uuid

import pytest

from registry.models import Submission
from tests.api.clients import ask, call, post
from tests.factories import make_business, make_submission, nik

pytestmark = pytest.mark.django_db
VALUES = {"name": "Keripik", "activity": "keripik", "kelurahan": "35.73.01.1007"}
ROW = {"index", "status", "uuid", "state", "etag", "code", "detail", "fields"}


def register(**more):
    return {"kind": "register", "values": VALUES} | more


def bulk(user, *rows, status=200):
    return post(user, "submissions/bulk/", {"proposals": list(rows)}, status)


def decide(user, *rows, status=200):
    return post(user, "submissions/decide/", {"decisions": list(rows)}, status)


# ---- proposing -----------------------------------------------------------------------------------


def test_each_row_is_answered_for_itself(petugas):
    told = bulk(
        petugas,
        register(submit=True),
        register(values={"name": "Belum lengkap"}, submit=True),
        register(values=VALUES | {"phone": "abc"}, items=[{"kind": "licence", "values": {}}]),
        register(values=VALUES | {"kelurahan": "35.73.05.1004"}),
        {"kind": "change", "business": str(uuid.uuid4()), "values": {"rw": 3}},
        {"kind": "hapus", "items": [{"kind": "x"}]},
        "bukan objek",
        register(),
    )

    rows = told["results"]
    assert [set(row) for row in rows] == [ROW] * 8
    assert [row["index"] for row in rows] == list(range(8))
    assert [row["status"] for row in rows] == [201, 409, 400, 409, 404, 400, 400, 201]
    assert [row["code"] for row in rows] == [
        None, "incomplete", "invalid", "outside-reach", "not-found", "invalid", "invalid", None,
    ]  # fmt: skip
    assert (told["done"], told["refused"]) == (2, 6)
    assert set(rows[1]["fields"]) == {"activity", "kelurahan"}
    assert set(rows[2]["fields"]) == {"phone", "licence.kind"}
    assert set(rows[5]["fields"]) == {"kind", "items.0.kind"}
    assert [row["state"] for row in rows if row["status"] == 201] == ["submitted", "draft"]
    assert Submission.objects.count() == 2


def test_a_row_sent_again_under_its_uuid_is_made_once(petugas):
    rows = [register(uuid=str(uuid.uuid4())) for _each in range(3)]

    bulk(petugas, *rows[:2])
    again = bulk(petugas, *rows)

    assert [row["status"] for row in again["results"]] == [409, 409, 201]
    assert again["results"][0]["code"] == "already-proposed"
    assert [row["uuid"] for row in again["results"]] == [row["uuid"] for row in rows]
    assert Submission.objects.count() == 3


def test_with_an_idempotency_key_the_same_results_come_again(petugas):
    body = {"proposals": [register(), register(values={"warna": 1})]}
    first, again = (
        call(petugas, "post", "submissions/bulk/", body, HTTP_IDEMPOTENCY_KEY="k") for _each in range(2)
    )

    assert first.json() == again.json() and Submission.objects.count() == 1


@pytest.mark.parametrize("proposals", [[], [register()] * 101, "x", None, {}])
def test_one_to_a_hundred_rows(petugas, proposals):
    assert set(ask(petugas, "post", "submissions/bulk/", {"proposals": proposals}, status=400)) == {
        "proposals"
    }
    assert not Submission.objects.exists()


def test_who_may_not_propose_or_decide_gets_403(kepala, petugas):
    bulk(kepala, register(), status=403)
    decide(petugas, {}, status=403)


def test_no_nik_comes_back(petugas):
    told = bulk(petugas, register(values={nik(77): nik(77)}), {"kind": nik(77)}, nik(77))

    assert nik(77) not in json.dumps(told)


# ---- deciding ------------------------------------------------------------------------------------


def test_each_decision_names_what_was_read(petugas, verifikator):
    first, second, third, fourth, fifth = (make_submission(by=petugas, submit=True) for _each in range(5))
    own = make_submission(by=verifikator, submit=True)
    draft = make_submission(by=petugas)

    def tag(row):
        return call(verifikator, "get", f"submissions/{row.uuid}/")["ETag"]

    def row(submission, act, header=None, **more):
        return {"uuid": str(submission.uuid), "act": act, "if_match": header or tag(submission)} | more

    told = decide(
        verifikator,
        row(first, "approve"),
        row(second, "return", reason="Lengkapi alamat."),
        row(third, "reject", reason="Ganda."),
        row(fourth, "approve", '"lama"'),
        {"uuid": str(fifth.uuid), "act": "approve"},
        row(own, "approve"),
        row(draft, "approve", "*"),
        row(first, "approve", "*"),
        row(fifth, "reject"),
        row(fifth, "approve", status="approved"),
    )

    rows = told["results"]
    assert [r["status"] for r in rows] == [200, 200, 200, 412, 428, 409, 404, 409, 400, 400]
    assert [r["code"] for r in rows[3:8]] == [
        "precondition-failed", "precondition-required", "own-submission", "not-found", "submission-decided",
    ]  # fmt: skip
    assert (rows[3]["etag"], rows[4]["etag"]) == (tag(fourth), tag(fifth))
    assert [r["state"] for r in rows[:3]] == ["approved", "returned", "rejected"]
    assert rows[0]["etag"] == tag(first)
    assert (told["done"], told["refused"]) == (3, 7)
    assert Submission.objects.filter(status="submitted").count() == 3


def test_what_one_decision_changes_the_next_one_sees(petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator, workers=3)
    rows = [
        make_submission(by=petugas, kind="change", business=business, workers=n, submit=True) for n in (5, 7)
    ]

    told = decide(verifikator, *({"uuid": str(r.uuid), "act": "approve", "if_match": "*"} for r in rows))

    assert [(r["status"], r["code"]) for r in told["results"]] == [(200, None), (409, "conflict")]
    assert set(told["results"][1]["fields"]) == {"workers"}
