"""Approving together, reversing and the rule, each at once with another; with negative controls."""

import pytest
from django.db.models import QuerySet

from accounts.models import AuditEntry
from registry.models import Business, Submission
from registry.submissions import apply
from registry.submissions.many import approve_many
from registry.submissions.reversing import reverse
from tests.factories import make_business, make_city, make_officer, make_submission
from tests.races import meeting, race
from umkm_portal.lib.errors import Refused

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PATIENCE = 0.3


@pytest.fixture
def people():
    city = make_city()
    return {
        "petugas": make_officer("petugas", city["Purwantoro"]),
        "operator": make_officer("operator", city["Kota"]),
        "one": make_officer("verifikator", city["Kota"]),
        "two": make_officer("verifikator", city["Kota"]),
    }


@pytest.fixture
def meet_before_writing(monkeypatch):
    """Both parties wait for each other after their guards and before anything is written."""
    meet, apply_all = meeting(2, PATIENCE), apply.apply_all

    def slowly(*args, **kwargs):
        meet()
        return apply_all(*args, **kwargs)

    monkeypatch.setattr(apply, "apply_all", slowly)


def five_changes(people):
    made = [make_business(by=people["petugas"], decided_by=people["one"], workers=3) for _ in range(5)]
    return [
        make_submission(by=people["petugas"], kind="change", business=b, workers=5, submit=True) for b in made
    ]


def approve_together(rows, people):
    return race(
        lambda: approve_many(rows, by=people["one"])["approved"],
        lambda: approve_many(rows, by=people["two"])["approved"],
    )


def approvals(rows):
    marks = [str(row.pk) for row in rows]
    return AuditEntry.objects.filter(act="submission.approved", target_id__in=marks).count()


def test_two_who_approve_the_same_rows_together_approve_each_once(people, meet_before_writing):
    rows = five_changes(people)

    outcomes = approve_together(rows, people)

    assert sorted(outcomes) == [0, 5]
    assert approvals(rows) == 5
    assert set(Business.objects.values_list("version", flat=True)) == {2}


def test_without_the_lock_rows_are_approved_twice(people, meet_before_writing, monkeypatch):
    """Negative control: the race above can fail."""
    rows = five_changes(people)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self)

    assert approve_together(rows, people) == [5, 5]
    assert approvals(rows) == 10


def corrected_while_approved(people):
    """A reviewer approves an officer's opening hours while an operator's own correction passes by rule."""
    business = make_business(by=people["petugas"], decided_by=people["one"], opening_hours="07.00")
    waiting = make_submission(
        by=people["petugas"], kind="change", business=business, opening_hours="08.00", submit=True
    )
    light = make_submission(by=people["operator"], kind="change", business=business, opening_hours="09.00")
    outcomes = race(
        lambda: Submission.objects.get(pk=waiting.pk).approve(by=people["one"]),
        lambda: Submission.objects.get(pk=light.pk).submit(by=people["operator"]),
    )
    states = dict(Submission.objects.filter(kind="change").values_list("pk", "status"))
    business.refresh_from_db()
    return outcomes, states[waiting.pk], states[light.pk], business


def test_the_rule_and_a_reviewer_do_not_overwrite_each_other(people, meet_before_writing):
    outcomes, waiting, light, business = corrected_while_approved(people)

    assert {waiting, light} == {"approved", "submitted"}
    assert business.opening_hours == ("08.00" if waiting == "approved" else "09.00")
    assert business.version == 2
    refused = [o.code for o in outcomes if isinstance(o, Refused)]
    assert refused == ([] if waiting == "approved" else ["conflict"])


def test_without_the_lock_one_of_them_is_lost(people, meet_before_writing, monkeypatch):
    """Negative control: both are approved, and one of the two values is gone without a word."""
    monkeypatch.setattr(Submission, "lock_business", _unlocked_business)
    monkeypatch.setattr(apply, "_lock_businesses", _unlocked)

    outcomes, waiting, light, _business = corrected_while_approved(people)

    assert (waiting, light, outcomes) == ("approved", "approved", [None, None])


def _unlocked_business(submission):
    if submission.business_id:
        submission.business.refresh_from_db()


def _unlocked(submissions):
    found = {b.pk: b for b in Business.objects.filter(pk__in=[s.business_id for s in submissions])}
    for business in found.values():
        business.version += 1
    return found


def reverse_at_once(people):
    business = make_business(by=people["petugas"], decided_by=people["one"], address="Jl. A")
    change = make_submission(
        by=people["petugas"], kind="change", business=business, address="Jl. B", submit=True
    )
    change.approve(by=people["one"])
    outcomes = race(
        lambda: reverse(Submission.objects.get(pk=change.pk), by=people["operator"], reason="Keliru."),
        lambda: reverse(Submission.objects.get(pk=change.pk), by=people["petugas"], reason="Keliru."),
    )
    return [o.code for o in outcomes if isinstance(o, Refused)], Submission.objects.filter(reverses=change)


def test_a_decision_reversed_by_two_at_once_is_reversed_once(people):
    for _round in range(3):
        codes, reversals = reverse_at_once(people)
        assert codes == ["reversed-already"]
        assert reversals.count() == 1


def test_also_without_the_lock_the_database_keeps_one(people, monkeypatch):
    monkeypatch.setattr(Submission, "lock", lambda self: self.refresh_from_db())

    codes, reversals = reverse_at_once(people)

    assert (codes, reversals.count()) == (["reversed-already"], 1)
