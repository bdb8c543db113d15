"""Simultaneous decisions and registrations end in exactly one outcome; each race has a negative control."""

import uuid

import pytest
from django.db import IntegrityError, connection

from accounts.models import AuditEntry
from registry.businesses.models import BusinessQuerySet
from registry.models import Business, Person, Submission
from registry.submissions import apply
from tests.factories import make_business, make_city, make_officer, make_submission, nik
from tests.races import meeting, race
from umkm_portal.lib.errors import Refused

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PATIENCE = 0.3


@pytest.fixture
def people():
    city = make_city()
    return {
        "petugas": make_officer("petugas", city["Purwantoro"]),
        "dinoyo": make_officer("petugas", city["Dinoyo"]),
        "operator": make_officer("operator", city["Kota"]),
        "one": make_officer("verifikator", city["Kota"]),
        "two": make_officer("verifikator", city["Kota"]),
    }


def waiting_change(people):
    """A change waiting for a decision; approving it twice would move the version twice."""
    business = make_business(by=people["petugas"], decided_by=people["one"], workers=3)
    return make_submission(by=people["petugas"], kind="change", business=business, workers=5, submit=True)


def approve_at_once(submission, people, monkeypatch):
    """Both reviewers approve; each waits inside the act, after its guards, for the other."""
    meet = meeting(2, PATIENCE)
    apply_all = apply.apply_all

    def slowly(*args, **kwargs):
        meet()
        return apply_all(*args, **kwargs)

    monkeypatch.setattr(apply, "apply_all", slowly)
    return race(
        lambda: Submission.objects.get(pk=submission.pk).approve(by=people["one"]),
        lambda: Submission.objects.get(pk=submission.pk).approve(by=people["two"]),
    )


def approvals(submission):
    return AuditEntry.objects.filter(act="submission.approved", target_id=str(submission.pk)).count()


def test_two_approvals_at_once_end_in_one(people, monkeypatch):
    submission = waiting_change(people)

    outcomes = approve_at_once(submission, people, monkeypatch)

    refused = [o for o in outcomes if isinstance(o, Refused)]
    assert [r.code for r in refused] == ["submission-decided"]
    assert outcomes.count(None) == 1
    assert approvals(submission) == 1
    assert Business.objects.get().version == 2


def test_without_the_lock_both_approvals_pass(people, monkeypatch):
    """Negative control: the race above can fail."""
    submission = waiting_change(people)
    monkeypatch.setattr(Submission, "lock", lambda self: self.refresh_from_db())

    outcomes = approve_at_once(submission, people, monkeypatch)

    assert outcomes == [None, None]
    assert approvals(submission) == 2


def test_approving_and_withdrawing_at_once_end_in_one(people):
    for _round in range(5):
        submission = make_submission(by=people["petugas"], submit=True)
        outcomes = race(
            lambda pk=submission.pk: Submission.objects.get(pk=pk).approve(by=people["one"]),
            lambda pk=submission.pk: Submission.objects.get(pk=pk).withdraw(by=people["petugas"]),
        )
        assert sorted(type(o).__name__ for o in outcomes) == ["NoneType", "Refused"]
        submission.refresh_from_db()
        assert Business.objects.filter(uuid=submission.business_uuid).exists() == (
            submission.status == "approved"
        )


def test_ones_own_submission_is_decided_by_the_other_alone(people):
    submission = make_submission(by=people["one"], submit=True)

    outcomes = race(
        lambda: Submission.objects.get(pk=submission.pk).approve(by=people["one"]),
        lambda: Submission.objects.get(pk=submission.pk).approve(by=people["two"]),
    )

    assert isinstance(outcomes[0], Refused)
    assert outcomes[1] is None
    submission.refresh_from_db()
    assert submission.decided_by == people["two"]


def test_without_the_guard_the_database_refuses_ones_own_decision(people, monkeypatch):
    submission = make_submission(by=people["one"], submit=True)
    monkeypatch.setattr(Submission, "_had_a_hand", lambda self, user, edited=None: False)

    with pytest.raises(IntegrityError, match="submission_not_decided_by_its_proposer"):
        submission.approve(by=people["one"])

    assert not Business.objects.exists()


def two_registrations(people, number):
    drafts = []
    for proposer, kelurahan in (("petugas", "35.73.01.1007"), ("dinoyo", "35.73.05.1004")):
        owner = {"op": "add", "kind": "owner", "uuid": str(uuid.uuid4()), "values": {"name": "Sama Orang"}}
        drafts.append(
            make_submission(
                by=people[proposer],
                kelurahan=kelurahan,
                items=[owner],
                sealed={owner["uuid"]: {"nik": number}},
            )
        )
    return drafts


def submit_at_once(drafts, monkeypatch):
    """Both look for the NIK, find nothing, meet, and then write."""
    meet = meeting(2, PATIENCE)
    settle = Submission._settle_nik

    def slowly(self, by):
        settle(self, by)
        meet()

    monkeypatch.setattr(Submission, "_settle_nik", slowly)
    return race(
        *(
            lambda pk=draft.pk, by=draft.proposed_by: Submission.objects.get(pk=pk).submit(by=by)
            for draft in drafts
        )
    )


def test_two_registrations_of_one_nik_at_once_end_in_one(people, monkeypatch):
    drafts = two_registrations(people, nik(4321))

    outcomes = submit_at_once(drafts, monkeypatch)

    assert [o.code for o in outcomes if isinstance(o, Refused)] == ["nik-pending"]
    assert outcomes.count(None) == 1
    assert sorted(Submission.objects.values_list("status", flat=True)) == ["draft", "submitted"]


def test_without_the_constraint_both_registrations_pass(people, monkeypatch):
    """Negative control: the race above can fail."""
    constraint = next(
        c for c in Submission._meta.constraints if c.name == "submission_one_open_registration_per_nik"
    )
    drafts = two_registrations(people, nik(4321))
    with connection.schema_editor() as editor:
        editor.remove_constraint(Submission, constraint)
    try:
        assert submit_at_once(drafts, monkeypatch) == [None, None]
    finally:
        Submission.objects.all()._raw_delete("default")
        with connection.schema_editor() as editor:
            editor.add_constraint(Submission, constraint)


def test_a_person_with_one_nik_is_made_once_even_when_both_are_approved(people, monkeypatch):
    """The last guard: two approved registrations cannot make two people of one NIK."""
    drafts = two_registrations(people, nik(4321))
    drafts[0].submit(by=people["petugas"])
    Submission.objects.filter(pk=drafts[0].pk).update(owner_nik_lookup=None)
    drafts[1].submit(by=people["dinoyo"])

    outcomes = race(
        lambda: Submission.objects.get(pk=drafts[0].pk).approve(by=people["one"]),
        lambda: Submission.objects.get(pk=drafts[1].pk).approve(by=people["two"]),
    )

    assert [o.code for o in outcomes if isinstance(o, Refused)] == ["nik-taken"]
    assert Person.objects.count() == 1
    assert Business.objects.count() == 1


def test_two_closings_at_once_end_in_one(people):
    business = make_business(by=people["petugas"], decided_by=people["one"])
    drafts = [
        make_submission(by=people[who], kind="close", business=business) for who in ("petugas", "operator")
    ]

    outcomes = race(
        *(lambda pk=d.pk, by=d.proposed_by: Submission.objects.get(pk=pk).submit(by=by) for d in drafts)
    )

    assert [o.code for o in outcomes if isinstance(o, Refused)] == ["closing-open"]
    assert Submission.objects.filter(kind="close", status="submitted").count() == 1


def approve_two_on_one_business(people, monkeypatch):
    """Two proposals on one business, 5 and 9 workers where 3 stood, approved at the same moment."""
    business = make_business(by=people["petugas"], decided_by=people["one"], workers=3)
    pending = [
        make_submission(by=people[who], kind="change", business=business, workers=n, submit=True)
        for who, n in (("petugas", 5), ("operator", 9))
    ]
    meet = meeting(2, PATIENCE)
    conflicts = Submission.conflicts

    def slowly(self):
        found = conflicts(self)
        meet()
        return found

    monkeypatch.setattr(Submission, "conflicts", slowly)
    return race(
        *(
            lambda pk=s.pk, by=people[who]: Submission.objects.get(pk=pk).approve(by=by)
            for s, who in zip(pending, ("one", "two"), strict=True)
        )
    )


def test_of_two_proposals_on_one_business_the_second_meets_the_first(people, monkeypatch):
    outcomes = approve_two_on_one_business(people, monkeypatch)

    assert [o.code for o in outcomes if isinstance(o, Refused)] == ["conflict"]
    assert outcomes.count(None) == 1


def test_without_locking_the_business_one_proposal_is_lost(people, monkeypatch):
    """Negative control: the race above can fail."""
    monkeypatch.setattr(BusinessQuerySet, "select_for_update", lambda self, **options: self)

    assert approve_two_on_one_business(people, monkeypatch) == [None, None]
