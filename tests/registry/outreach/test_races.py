"""A link answered twice at once is answered once; a line tapped twice is sent once; with a control."""

import uuid

import pytest
from django.db import IntegrityError

from registry.models import Check, OutreachQueue, OwnerLink
from registry.outreach import links, models
from registry.outreach.messages import USUAL
from tests.factories import make_business, make_city, make_officer
from tests.races import meeting, race
from umkm_portal.lib import once
from umkm_portal.lib.errors import Refused

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PATIENCE = 0.3


@pytest.fixture
def world():
    city = make_city()
    business = make_business(phone="081234567890", phone_of="owner")
    return business, make_officer("petugas", city["Purwantoro"])


def answer_at_once(link, monkeypatch):
    meet = meeting(2, PATIENCE)
    record = links.Check.record

    def slowly(**given):
        meet()
        return record(**given)

    monkeypatch.setattr(links.Check, "record", slowly)
    return race(*[lambda: OwnerLink.objects.get(pk=link.pk).answer(answer="closed")] * 2)


def test_two_answers_at_once_are_one(world, monkeypatch):
    business, officer = world
    link = OwnerLink.make(business=business, by=officer)
    outcomes = answer_at_once(link, monkeypatch)
    assert [o.code for o in outcomes if isinstance(o, Refused)] == ["link-ended"]
    assert Check.objects.count() == 1


def test_without_the_lock_both_answers_count(world, monkeypatch):
    """Negative control: the race above can fail."""
    business, officer = world
    link = OwnerLink.make(business=business, by=officer)
    monkeypatch.setattr(
        "registry.outreach.links.Business.objects.select_for_update", lambda **_: links.Business.objects
    )
    monkeypatch.setattr(OwnerLink, "_lock", lambda self: self.refresh_from_db())
    answer_at_once(link, monkeypatch)
    assert Check.objects.count() == 2


def test_two_taps_at_once_send_one(world):
    business, officer = world
    queue = OutreachQueue.make(businesses=[business], title="", message=str(USUAL), by=officer)
    line = queue.lines.get()
    outcomes = race(*[lambda: OutreachQueue.objects.get(pk=queue.pk).send_next(line.uuid, by=officer)] * 4)
    assert [o.code for o in outcomes if isinstance(o, Refused)] == ["line-sent"] * 3
    assert OwnerLink.objects.count() == 1


def make_at_once(world, monkeypatch):
    """Two send one form; each waits for the other after looking whether it is there already."""
    business, officer = world
    identity, meet, fitting = uuid.uuid4(), meeting(2, PATIENCE), models.usable

    def slowly(businesses):
        meet()
        return fitting(businesses)

    monkeypatch.setattr(models, "usable", slowly)
    given = {"businesses": [business], "title": "", "message": str(USUAL), "by": officer, "uuid": identity}
    return race(*[lambda: OutreachQueue.make(**given)] * 2)


def test_a_form_sent_twice_at_once_makes_one_queue(world, monkeypatch):
    one, other = make_at_once(world, monkeypatch)
    assert one == other == OutreachQueue.objects.get()


def test_without_catching_the_second_one_of_them_fails(world, monkeypatch):
    """Negative control: the race above can fail."""
    monkeypatch.setattr(once, "IntegrityError", ZeroDivisionError)
    assert [o for o in make_at_once(world, monkeypatch) if isinstance(o, IntegrityError)]
