"""Decisions are undone by a submission that another person decides."""

import uuid

import pytest

from registry.models import Business, Licence, Ownership, Product, Submission
from registry.submissions.many import propose_many
from registry.submissions.reversing import propose_again, reversal_of, reverse
from tests.factories import make_business, make_submission, nik
from umkm_portal.lib.errors import Refused

pytestmark = pytest.mark.django_db


def code_of(act, *args, **arguments):
    with pytest.raises(Refused) as refused:
        act(*args, **arguments)
    return refused.value.code


def item(of, op="add", identity=None, **values):
    return {"op": op, "kind": of, "uuid": identity or str(uuid.uuid4()), "values": values}


@pytest.fixture
def changed(petugas, verifikator):
    """A business and an approved change of it: name, address and a licence's number; one product added."""
    business = make_business(
        by=petugas,
        decided_by=verifikator,
        name="Keripik A",
        address="Jl. A",
        items=[item("licence", kind="nib", status="has", number="0123456789012")],
    )
    licence = str(Licence.objects.get().uuid)
    change = make_submission(
        by=petugas,
        kind="change",
        business=business,
        submit=True,
        name="Keripik B",
        address="Jl. B",
        items=[item("licence", "change", licence, number="9999999999999"), item("product", name="Keripik")],
    )
    change.approve(by=verifikator)
    business.refresh_from_db()
    return business, change


def test_a_reversal_puts_back_what_is_still_as_it_was_applied(changed, petugas, verifikator, operator):
    business, change = changed
    back = reverse(change, by=operator, reason="Tertukar dengan usaha lain.")

    assert (back.status, back.reverses, back.kind) == ("submitted", change, "change")
    back.approve(by=verifikator)

    business.refresh_from_db()
    assert (business.name, business.address) == ("Keripik A", "Jl. A")
    assert Licence.objects.current().get().number == "0123456789012"
    assert not Product.objects.current().exists()


def test_what_changed_again_is_left_and_named(changed, petugas, verifikator, operator):
    business, change = changed
    make_submission(by=petugas, kind="change", business=business, submit=True, address="Jl. C").approve(
        by=verifikator
    )
    change.business.refresh_from_db()

    _kind, values, items, left = reversal_of(change)

    assert values == {"name": "Keripik A"}
    assert len(items) == 2
    assert set(left) == {"address"}


def test_a_decision_is_reversed_once(changed, operator):
    _business, change = changed
    first = reverse(change, by=operator, reason="Keliru.")

    assert code_of(reverse, change, by=operator, reason="Keliru.") == "reversed-already"
    first.withdraw(by=operator)
    assert reverse(change, by=operator, reason="Keliru.").status == "submitted"


def test_a_light_reversal_still_needs_a_second_person(petugas, verifikator, operator):
    business = make_business(by=petugas, decided_by=verifikator, opening_hours="07.00")
    change = make_submission(
        by=operator, kind="change", business=business, submit=True, opening_hours="08.00"
    )
    assert change.status == "approved"

    back = reverse(change, by=operator, reason="Keliru.")

    assert back.status == "submitted"
    assert code_of(back.approve, by=operator) == "not-found"


def test_nothing_left_to_reverse_is_said(changed, operator, verifikator):
    _business, change = changed
    reverse(change, by=operator, reason="Keliru.").approve(by=verifikator)
    Submission.objects.filter(reverses=change).update(reverses=None)
    change.business.refresh_from_db()

    assert code_of(reverse, change, by=operator, reason="Keliru.") == "nothing-to-reverse"
    assert code_of(reverse, change, by=operator, reason="") == "reason-missing"


def test_a_registration_is_reversed_by_closing_and_a_closing_by_reopening(petugas, verifikator, operator):
    business = make_business(by=petugas, decided_by=verifikator)
    registration = Submission.objects.get()
    reverse(registration, by=operator, reason="Bukan usaha.").approve(by=verifikator)
    business.refresh_from_db()
    assert business.operating_state == "closed"

    closing = Submission.objects.get(kind="close")
    reverse(closing, by=operator, reason="Ternyata usaha.").approve(by=verifikator)
    business.refresh_from_db()
    assert business.operating_state == "active"


def test_a_change_of_owner_is_reversed(petugas, verifikator, operator):
    first, second = item("owner", name="Wiji"), item("owner", name="Rini")
    business = make_business(by=petugas, decided_by=verifikator, items=[first])
    change = make_submission(
        by=petugas, kind="change", business=business, submit=True,
        items=[item("owner", "end", first["uuid"]), second],
    )  # fmt: skip
    change.approve(by=verifikator)

    reverse(change, by=operator, reason="Keliru.").approve(by=verifikator)

    owning = Ownership.objects.filter(business=business, ended_on=None)
    assert [o.person.name for o in owning] == ["Wiji"]


def test_only_what_was_approved_is_reversed(petugas, operator):
    assert (
        code_of(reverse, make_submission(by=petugas, submit=True), by=operator, reason="x") == "not-approved"
    )


def test_reversing_stays_within_reach(changed, petugas_dinoyo):
    assert code_of(reverse, changed[1], by=petugas_dinoyo, reason="x") == "not-found"


def test_what_was_turned_down_can_be_proposed_again_with_its_nik(petugas, verifikator):
    owner = item("owner", name="Wiji")
    submission = make_submission(
        by=petugas, submit=True, items=[owner, item("product", name="Keripik")],
        sealed={owner["uuid"]: {"nik": nik(7)}},
    )  # fmt: skip
    assert code_of(propose_again, submission, by=petugas) == "not-turned-down"
    submission.reject(by=verifikator, reason="Kurang jelas.")

    again = propose_again(submission, by=petugas)
    again.submit(by=petugas)
    again.approve(by=verifikator)

    assert Business.objects.get().products.count() == 1
    assert again.unsealed()[owner["uuid"]]["nik"] == nik(7)


def test_a_row_of_a_batch_is_not_proposed_again_alone(petugas, operator, verifikator):
    business = make_business(by=petugas, decided_by=verifikator)
    batch = propose_many([(business, {"rw": 7})], by=operator, title="RW")
    batch.withdraw(by=operator)

    assert code_of(propose_again, batch.submissions.get(), by=operator) == "in-batch"
