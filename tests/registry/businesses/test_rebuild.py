"""The nightly rebuild puts right what only the clock changed, and nothing else."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from registry.businesses.rebuild import rebuild_derived
from registry.models import Business
from tests.factories import make_business

pytestmark = pytest.mark.django_db


def test_a_licence_that_expired_overnight_no_longer_counts():
    today = timezone.localdate()
    business = make_business(
        items=[
            {
                "kind": "licence",
                "values": {
                    "kind": "halal",
                    "number": "ID123",
                    "expires_on": (today + timedelta(days=1)).isoformat(),
                },
            }
        ]
    )
    make_business(name="Tanpa legalitas")
    assert business.has_halal
    assert rebuild_derived() == 0

    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        assert rebuild_derived() == 1

    after = Business.objects.get(pk=business.pk)
    assert not after.has_halal
    assert (after.version, after.changed_at) == (business.version, business.changed_at)


def test_a_business_is_the_same_after_a_rebuild(petugas, verifikator):
    business = make_business(
        by=petugas,
        decided_by=verifikator,
        phone="0812-3456-7890",
        items=[
            {"kind": "owner", "uuid": "11111111-2222-3333-4444-555555555555", "values": {"name": "Wiji"}},
            {"kind": "product", "values": {"name": "Marning"}},
            {"kind": "consent", "values": {"group": "phone"}},
        ],
    )
    Business.objects.filter(pk=business.pk).update(search_keys="", owner_words="", shows_phone=False)

    assert rebuild_derived() == 1

    after = Business.objects.get(pk=business.pk)
    assert (after.search_keys, after.owner_words, after.shows_phone) == (
        business.search_keys,
        business.owner_words,
        True,
    )
    assert "marning" in after.search_keys
