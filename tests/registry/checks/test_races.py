"""Two who walk the same lane: one answer for one uuid, one closing for one business; with controls."""

import uuid

import pytest
from django.db import IntegrityError
from django.utils import timezone

from registry.checks import models as checks
from registry.models import Business, Check, Submission
from tests.factories import make_business, make_city, make_officer
from tests.races import meeting, race
from umkm_portal.lib.errors import Refused

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PATIENCE = 0.3


@pytest.fixture
def world():
    city = make_city()
    business = make_business()
    return business, [make_officer("petugas", city["Purwantoro"]) for _each in range(2)]


def told(business, answer, by, identity=None):
    def act():
        row = Business.objects.select_related("kelurahan").get(pk=business.pk)
        return Check.record(
            business=row, answer=answer, via="walk", told_at=timezone.now(), by=by, uuid=identity
        )

    return act


def test_one_answer_sent_six_times_at_once_is_one_row(world):
    business, (officer, _other) = world
    identity = uuid.uuid4()

    outcomes = race(*[told(business, "closed", officer, identity)] * 6)

    assert [o for o in outcomes if isinstance(o, Exception)] == []
    assert sorted(new for _check, new in outcomes) == [False] * 5 + [True]
    assert Check.objects.count() == Submission.objects.filter(kind="close").count() == 1


def close_at_once(business, officers, monkeypatch):
    """Both say closed; each waits before it proposes for the other."""
    meet = meeting(2, PATIENCE)
    propose = checks.propose_what_was_seen

    def slowly(check, **given):
        meet()
        return propose(check, **given)

    monkeypatch.setattr(checks, "propose_what_was_seen", slowly)
    return race(*[told(business, "closed", officer) for officer in officers])


def test_two_who_find_it_closed_at_once_make_one_proposal(world, monkeypatch):
    business, officers = world

    outcomes = close_at_once(business, officers, monkeypatch)

    assert [o for o in outcomes if isinstance(o, Exception)] == []
    assert Submission.objects.filter(kind="close").count() == 1
    assert set(Check.objects.values_list("submission__kind", flat=True)) == {"close"}
    assert Check.objects.count() == 2


def test_without_the_lock_one_of_the_two_is_lost(world, monkeypatch):
    """Negative control: the race above can fail."""
    business, officers = world
    real = Business.refresh_from_db
    monkeypatch.setattr(Business, "refresh_from_db", lambda self, **given: real(self))

    outcomes = close_at_once(business, officers, monkeypatch)

    assert [o for o in outcomes if isinstance(o, (Refused, IntegrityError))]
    assert Check.objects.count() == 1
