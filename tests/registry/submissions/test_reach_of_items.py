"""What an item may touch and tell: rows of its own business, and no person out of the proposer's reach."""

import uuid

import pytest
from django.core.exceptions import ValidationError

from registry.models import Licence, Ownership, Person, Submission
from registry.regions.roles import GRACE, PERMISSIONS, Role
from registry.submissions.many import propose_many
from registry.submissions.reversing import reversal_of
from tests.factories import make_business, make_submission, nik
from umkm_portal.lib.errors import Refused

pytestmark = pytest.mark.django_db
DINOYO = "35.73.05.1004"


def owner(identity=None, op="add", **values):
    return {"op": op, "kind": "owner", "uuid": identity or str(uuid.uuid4()), "values": values}


@pytest.fixture
def joined(petugas, petugas_dinoyo, verifikator):
    """A registration from Dinoyo whose NIK is of somebody only Purwantoro knows; sent back for mending."""
    known = owner(name="Hariyanto", disability="tunarungu", phone="081234567890")
    make_business(by=petugas, decided_by=verifikator, items=[known], sealed={known["uuid"]: {"nik": nik(7)}})
    mine = owner(name="Haryanto")
    submission = make_submission(
        by=petugas_dinoyo, kelurahan=DINOYO, items=[mine], sealed={mine["uuid"]: {"nik": nik(7)}}, submit=True
    )
    submission.return_for_changes(by=verifikator, reason="Tulis alamat.")
    return submission, known["uuid"]


def test_a_person_out_of_reach_is_joined_and_never_told(joined, petugas_dinoyo):
    submission, identity = joined
    values = {n: pair[1] for n, pair in submission.values.items()}

    submission.edit(
        by=petugas_dinoyo,
        values=values,
        items=[owner(identity, name="A", disability="c", phone="0812000000")],
    )

    [item] = submission.items
    assert "base" not in item
    assert item["values"]["nik_known"]
    assert "tunarungu" not in str(submission.conflicts())


def test_nor_is_that_person_overwritten(joined, petugas_dinoyo, verifikator):
    submission, identity = joined
    values = {n: pair[1] for n, pair in submission.values.items()}
    submission.edit(by=petugas_dinoyo, values=values, items=[owner(identity, name="Nama Lain")])
    submission.submit(by=petugas_dinoyo)
    submission.approve(by=verifikator)

    assert Person.objects.get().name == "Hariyanto"
    assert Ownership.objects.count() == 2


@pytest.mark.parametrize("op", ["change", "end"])
def test_a_row_of_another_business_is_not_touched_nor_told(op, petugas, petugas_dinoyo, verifikator):
    make_business(
        by=petugas,
        decided_by=verifikator,
        items=[{"kind": "licence", "values": {"kind": "nib", "status": "has", "number": "0123456789012"}}],
    )
    mine = make_business(by=petugas_dinoyo, decided_by=verifikator, kelurahan=DINOYO)
    item = {"op": op, "kind": "licence", "uuid": str(Licence.objects.get().uuid), "values": {"note": "x"}}

    with pytest.raises(ValidationError, match="bukan milik"):
        make_submission(by=petugas_dinoyo, kind="change", business=mine, items=[item])
    with pytest.raises(ValidationError, match="bukan milik"):
        make_submission(by=petugas_dinoyo, kelurahan=DINOYO, items=[item])


def test_rows_of_a_batch_are_withdrawn_with_their_batch(petugas, operator, verifikator):
    business = make_business(by=petugas, decided_by=verifikator)
    row = propose_many([(business, {"rw": 7})], by=operator, title="RW").submissions.get()

    for user in (petugas, operator):
        assert not row.may_withdraw(user)
        with pytest.raises(Refused) as refused:
            Submission.objects.get(pk=row.pk).withdraw(by=user)
        assert refused.value.code == "in-batch"


def test_what_the_reviewer_kept_is_not_taken_back(petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator, name="Satu", address="Jl. A")

    def change(**values):
        business.refresh_from_db()
        return make_submission(by=petugas, kind="change", business=business, submit=True, **values)

    first, second = change(name="Dua", address="Jl. B"), change(name="Tiga")
    second.approve(by=verifikator)
    first.approve(by=verifikator, keep=["name"])
    change(name="Dua").approve(by=verifikator)
    first.business.refresh_from_db()

    _kind, values, _items, left = reversal_of(first)

    assert (values, left) == ({"address": "Jl. A"}, {})


def test_an_owner_whom_an_earlier_decision_added_stays(petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator)
    item = owner(name="Wiji")
    first, second = (
        make_submission(by=petugas, kind="change", business=business, submit=True, items=[item]) for _ in "ab"
    )
    first.approve(by=verifikator)
    second.approve(by=verifikator, take=second.conflicts())

    assert reversal_of(second)[2] == []
    assert set(reversal_of(second)[3]) == {f"owner.{item['uuid'][:8]}"}
    assert reversal_of(first)[2] == [{"op": "end", "kind": "owner", "uuid": item["uuid"], "values": {}}]


def test_whoever_proposes_may_read_the_figures_they_would_replace():
    for role in Role:
        for held in (PERMISSIONS[role], PERMISSIONS[role] & GRACE):
            if "registry.propose_submission" in held:
                assert "registry.view_turnover" in held
