"""One batch of many changes, and many clean ones approved together."""

import pytest
from django.db import connection

from accounts.models import AuditEntry
from registry.models import Batch, Business, Submission
from registry.submissions.actions import apply_batch
from registry.submissions.many import approve_many, propose_many
from tests.factories import make_business, make_kbli, make_submission
from umkm_portal.lib.errors import Refused

pytestmark = pytest.mark.django_db


def businesses(count, by, decided_by):
    rows = [make_submission(by=by, submit=True) for _ in range(count)]
    assert approve_many(rows, by=decided_by) == {"approved": count, "left": []}
    return list(Business.objects.for_list().prefetch_related("other_subsectors").order_by("pk"))


def code_of(act, *args, **arguments):
    with pytest.raises(Refused) as refused:
        act(*args, **arguments)
    return refused.value.code


def test_120_chosen_rows_become_one_batch_that_another_person_decides(
    petugas, operator, verifikator, django_assert_num_queries
):
    make_kbli()
    rows = businesses(120, petugas, verifikator)
    change = {"rw": "7", "kbli": "2025:10307"}
    with django_assert_num_queries(11 if connection.vendor == "sqlite" else 8):
        batch = propose_many([(b, change) for b in rows], by=operator, title="RW 7")

    assert (batch.kind, batch.state, batch.total) == ("bulk", "submitted", 120)
    assert not batch.may_decide(operator)
    batch.approve(by=verifikator)
    assert apply_batch(batch) == {"applied": 120, "refused": 0}
    assert Business.objects.filter(rw=7, kbli__code="10307").count() == 120
    assert AuditEntry.objects.filter(act="submission.approved").count() == 240


def test_the_number_of_queries_does_not_grow_with_the_rows(
    petugas, operator, verifikator, django_assert_num_queries
):
    rows = businesses(3, petugas, verifikator)
    with django_assert_num_queries(7):
        propose_many([(b, {"rw": 7}) for b in rows], by=operator, title="RW 7")


def test_rows_that_are_so_already_are_left_out(petugas, operator, verifikator):
    rows = businesses(3, petugas, verifikator)
    Business.objects.filter(pk=rows[0].pk).update(rw=7)
    rows[0].refresh_from_db()

    assert propose_many([(b, {"rw": 7}) for b in rows], by=operator, title="RW").total == 2
    assert code_of(propose_many, [(rows[0], {"rw": 7})], by=operator, title="RW") == "nothing-proposed"


def test_a_row_out_of_reach_refuses_the_whole(petugas, petugas_dinoyo, verifikator):
    rows = businesses(2, petugas, verifikator)

    assert code_of(propose_many, [(b, {"rw": 7}) for b in rows], by=petugas_dinoyo, title="x") == "not-found"
    assert Batch.objects.count() == 0


def test_a_move_or_a_closing_is_no_bulk_change(petugas, operator, verifikator):
    [row] = businesses(1, petugas, verifikator)

    assert (
        code_of(propose_many, [(row, {"kelurahan": "35.73.05.1004"})], by=operator, title="x") == "use-move"
    )
    assert (
        code_of(propose_many, [(row, {"operating_state": "closed"})], by=operator, title="x") == "use-close"
    )


def test_what_cannot_be_approved_stays_in_the_queue_with_the_reason(
    petugas, verifikator, petugas_dinoyo, city
):
    business = make_business(by=petugas, decided_by=verifikator, address="Jl. A")
    clean = make_submission(by=petugas, submit=True)
    own = make_submission(by=verifikator, submit=True)
    move = make_submission(by=petugas, kind="move", business=business, kelurahan="35.73.05.1004", submit=True)
    stale = make_submission(by=petugas, kind="change", business=business, address="Jl. B", submit=True)
    make_submission(by=petugas, kind="change", business=business, address="Jl. C", submit=True).approve(
        by=verifikator
    )

    done = approve_many([clean, own, move, stale], by=verifikator)

    assert done["approved"] == 1
    assert {(s.pk, code) for s, code in done["left"]} == {
        (own.pk, "own-submission"),
        (move.pk, "move-not-agreed"),
        (stale.pk, "conflict"),
    }
    assert Submission.objects.get(pk=clean.pk).decided_by == verifikator
    assert Submission.objects.waiting().count() == 3


def test_two_changes_of_one_business_are_not_applied_blindly_in_one_go(petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator)
    first = make_submission(by=petugas, kind="change", business=business, address="Jl. B", submit=True)
    second = make_submission(by=petugas, kind="change", business=business, address="Jl. C", submit=True)

    done = approve_many([first, second], by=verifikator)

    assert (done["approved"], [s.pk for s, _code in done["left"]]) == (1, [second.pk])
    business.refresh_from_db()
    assert business.address == "Jl. B"


def test_approving_many_asks_as_often_for_two_as_for_forty(petugas, verifikator, django_assert_num_queries):
    two = [make_submission(by=petugas, submit=True) for _ in range(2)]
    forty = [make_submission(by=petugas, submit=True) for _ in range(40)]
    with django_assert_num_queries(17):  # two of them the index's: postings and the ledger
        approve_many(two, by=verifikator)
    split = 2 if connection.vendor == "sqlite" else -1  # a statement there holds 999 values
    with django_assert_num_queries(17 + split):
        approve_many(forty, by=verifikator)
