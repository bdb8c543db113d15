"""Many clients at once through real HTTP on PostgreSQL; each guard is also taken away, to see the race.

How many rounds: RACE_ROUNDS (`make races` runs 50 with 64 clients, `make test-postgres` a few).
"""

import time
import uuid
from collections import Counter
from contextlib import contextmanager

import pytest
from django.db import connection

from accounts.models import AuditEntry
from registry.models import Business, Submission
from tests import factories
from tests.http_races.crowd import CLIENTS, CONTROL_ROUNDS, ROUNDS, Crowd, serving, token_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ANY_VERSION = {"If-Match": "*"}


@pytest.fixture
def city():
    return factories.make_city()


def officers(city, role, region, many=CLIENTS):
    """Tokens of `many` users with a post of this role."""
    return [token_of(factories.make_officer(role, city[region])) for _number in range(many)]


@contextmanager
def crowd(without=""):
    with serving(without) as port:
        clients = Crowd(port)
        try:
            yield clients
        finally:
            clients.close()


@pytest.fixture
def tell(capsys):
    """Print how long and how many, past pytest's capture."""
    began = time.monotonic()

    def say(what, rounds, statuses):
        with capsys.disabled():
            told = ", ".join(f"{status}: {n}" for status, n in sorted(statuses.items()))
            print(
                f"\n{what}: {rounds} rounds x {CLIENTS} clients in {time.monotonic() - began:.0f} s ({told})"
            )

    return say


# ---- double decision -----------------------------------------------------------------------------


def decide_at_once(clients, city, tokens, rounds):
    """Every reviewer approves the same change; yields (submission, outcomes) a round."""
    proposer = factories.make_officer("petugas", city["Purwantoro"])
    business = factories.make_business(by=proposer)
    for number in range(rounds):
        submission = factories.make_submission(
            by=proposer, kind="change", business=business, workers=number + 1, submit=True
        )
        path = f"submissions/{submission.uuid}/approve/"
        outcomes = clients.ask(
            *({"method": "POST", "path": path, "token": t, "headers": ANY_VERSION} for t in tokens)
        )
        yield submission, outcomes
        business.refresh_from_db()


def approvals(submission):
    return AuditEntry.objects.filter(act="submission.approved", target_id=str(submission.pk)).count()


def test_of_many_decisions_one_counts(city, tell):
    tokens, statuses = officers(city, "verifikator", "Kota"), Counter()
    with crowd() as clients:
        for submission, outcomes in decide_at_once(clients, city, tokens, ROUNDS):
            codes = Counter(status for status, _body, _headers in outcomes)
            statuses += codes
            assert codes == {200: 1, 409: CLIENTS - 1}
            assert {b["code"] for s, b, _h in outcomes if s == 409} == {"submission-decided"}
            assert approvals(submission) == 1
    assert Business.objects.get().version == 1 + ROUNDS
    tell("double decision", ROUNDS, statuses)


def test_without_the_lock_several_decisions_count(city):
    """Negative control."""
    tokens = officers(city, "verifikator", "Kota")
    with crowd(without="lock") as clients:
        for submission, _outcomes in decide_at_once(clients, city, tokens, CONTROL_ROUNDS):
            if approvals(submission) > 1:
                return
    pytest.fail("the race did not show without the lock: it proves nothing")


# ---- two close requests --------------------------------------------------------------------------


def close_at_once(clients, business, tokens, rounds):
    body = {"kind": "close", "business": str(business.uuid), "submit": True}
    for _number in range(rounds):
        yield clients.ask(
            *({"method": "POST", "path": "submissions/", "token": t, "body": body} for t in tokens)
        )
        for submission in Submission.objects.open().filter(kind="close"):
            submission.withdraw(by=submission.proposed_by)


def open_closings(business):
    return Submission.objects.open().filter(kind="close", business=business).count()


def test_of_many_close_requests_one_is_open(city, tell):
    business, statuses = factories.make_business(), Counter()
    tokens = officers(city, "petugas", "Purwantoro")
    with crowd() as clients:
        for outcomes in close_at_once(clients, business, tokens, ROUNDS):
            codes = Counter(status for status, _body, _headers in outcomes)
            statuses += codes
            assert codes == {201: 1, 409: CLIENTS - 1}
            assert {b["code"] for s, b, _h in outcomes if s == 409} == {"closing-open"}
            assert open_closings(business) == 1
    tell("close requests", ROUNDS, statuses)


@contextmanager
def without_constraint(name):
    constraint = next(c for c in Submission._meta.constraints if c.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Submission, constraint)
    try:
        yield
    finally:
        Submission.objects.all()._raw_delete("default")
        with connection.schema_editor() as editor:
            editor.add_constraint(Submission, constraint)


def test_without_the_constraint_several_close_requests_are_open(city):
    """Negative control."""
    business = factories.make_business()
    tokens = officers(city, "petugas", "Purwantoro")
    with without_constraint("submission_one_open_closing"), crowd() as clients:
        for _outcomes in close_at_once(clients, business, tokens, CONTROL_ROUNDS):
            if open_closings(business) > 1:
                return
    pytest.fail("the race did not show without the constraint: it proves nothing")


# ---- the same thing sent again -------------------------------------------------------------------


def send_again_at_once(clients, city, rounds):
    """One officer's phone sends one registration many times under one key; yields (user's rows, outcomes)."""
    for number in range(rounds):
        officer = factories.make_officer("petugas", city["Purwantoro"])
        body = {
            "kind": "register",
            "values": {"name": f"Keripik {number}", "activity": "keripik", "kelurahan": "35.73.01.1007"},
        }
        request = {
            "method": "POST",
            "path": "submissions/",
            "token": token_of(officer),
            "body": body,
            "headers": {"Idempotency-Key": str(uuid.uuid4())},
        }
        outcomes = clients.ask(*([request] * CLIENTS))
        yield officer, outcomes, lambda r=request: clients.ask(r)[0]


def test_what_is_sent_again_is_done_once_and_answered_alike(city, tell):
    statuses = Counter()
    with crowd() as clients:
        for officer, outcomes, again in send_again_at_once(clients, city, ROUNDS):
            statuses += Counter(status for status, _body, _headers in outcomes)
            assert Submission.objects.filter(proposed_by=officer).count() == 1
            waiting = [b["code"] for s, b, _h in outcomes if s != 201]
            assert set(waiting) <= {"in-progress"}  # the first one is at work: ask again in a second
            told = {b["uuid"] for s, b, _h in outcomes if s == 201}
            status, body, _headers = again()
            assert (status, told | {body["uuid"]}) == (201, {body["uuid"]})
    tell("sent again under one key", ROUNDS, statuses)


def test_without_holding_the_key_it_is_done_several_times(city):
    """Negative control."""
    with crowd(without="hold") as clients:
        for officer, _outcomes, _again in send_again_at_once(clients, city, CONTROL_ROUNDS):
            if Submission.objects.filter(proposed_by=officer).count() > 1:
                return
    pytest.fail("the race did not show without holding the key: it proves nothing")


def send_one_uuid_at_once(clients, tokens, rounds):
    for number in range(rounds):
        identity = str(uuid.uuid4())
        body = {
            "kind": "register",
            "uuid": identity,
            "values": {"name": f"Keripik {number}", "activity": "keripik", "kelurahan": "35.73.01.1007"},
        }
        request = {"method": "POST", "path": "submissions/", "body": body}
        yield identity, clients.ask(*(request | {"token": token} for token in tokens))


def test_one_uuid_makes_one_row(city, tell):
    tokens, statuses = officers(city, "petugas", "Purwantoro"), Counter()
    with crowd() as clients:
        for identity, outcomes in send_one_uuid_at_once(clients, tokens, ROUNDS):
            codes = Counter(status for status, _body, _headers in outcomes)
            statuses += codes
            assert codes == {201: 1, 409: CLIENTS - 1}
            assert Submission.objects.filter(uuid=identity).count() == 1
    tell("one uuid", ROUNDS, statuses)


@contextmanager
def uuids_not_unique():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'registry_submission'::regclass"
            " AND contype = 'u' AND conkey = ARRAY[(SELECT attnum FROM pg_attribute"
            " WHERE attrelid = 'registry_submission'::regclass AND attname = 'uuid')]"
        )
        (name,) = cursor.fetchone()
        cursor.execute(f'ALTER TABLE registry_submission DROP CONSTRAINT "{name}"')
        try:
            yield
        finally:
            Submission.objects.all()._raw_delete("default")
            cursor.execute(f'ALTER TABLE registry_submission ADD CONSTRAINT "{name}" UNIQUE (uuid)')


def test_without_the_constraint_one_uuid_makes_several_rows(city):
    """Negative control."""
    tokens = officers(city, "petugas", "Purwantoro")
    with uuids_not_unique(), crowd() as clients:
        for identity, _outcomes in send_one_uuid_at_once(clients, tokens, CONTROL_ROUNDS):
            if Submission.objects.filter(uuid=identity).count() > 1:
                return
    pytest.fail("the race did not show without the constraint: it proves nothing")


# ---- lost update ---------------------------------------------------------------------------------


def write_at_once(clients, city, tokens, rounds):
    """Everybody read the same draft and writes a note of their own; yields (draft, outcomes)."""
    for _number in range(rounds):
        draft = factories.make_submission(by=factories.make_officer("petugas", city["Purwantoro"]))
        path = f"submissions/{draft.uuid}/"
        tags = [
            headers["ETag"]
            for _status, _body, headers in clients.ask(
                *({"method": "GET", "path": path, "token": token} for token in tokens)
            )
        ]
        outcomes = clients.ask(
            *(
                {
                    "method": "PATCH",
                    "path": path,
                    "token": token,
                    "body": {"note": f"Catatan {number}"},
                    "headers": {"If-Match": tags[number]},
                }
                for number, token in enumerate(tokens)
            )
        )
        yield draft, outcomes


def test_of_many_writers_who_read_the_same_one_writes(city, tell):
    tokens, statuses = officers(city, "petugas", "Purwantoro"), Counter()
    with crowd() as clients:
        for draft, outcomes in write_at_once(clients, city, tokens, ROUNDS):
            codes = Counter(status for status, _body, _headers in outcomes)
            statuses += codes
            assert codes == {200: 1, 412: CLIENTS - 1}
            draft.refresh_from_db()
            (winner,) = (number for number, (status, _b, _h) in enumerate(outcomes) if status == 200)
            assert draft.note == f"Catatan {winner}"
            assert draft.editors.count() == 1
    tell("lost update", ROUNDS, statuses)


def test_without_comparing_the_others_are_overwritten(city):
    """Negative control."""
    tokens = officers(city, "petugas", "Purwantoro")
    with crowd(without="compare") as clients:
        for _draft, outcomes in write_at_once(clients, city, tokens, CONTROL_ROUNDS):
            if sum(status == 200 for status, _b, _h in outcomes) > 1:
                return
    pytest.fail("the race did not show without comparing: it proves nothing")
