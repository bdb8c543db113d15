"""What a proposal may not bring about, whoever approves it without looking closely."""

import uuid

import pytest

from registry.models import Person
from tests.api.clients import get, post
from tests.factories import make_business, make_person

pytestmark = pytest.mark.django_db


def ending(who, business=None):
    items = [{"op": "end", "kind": "owner", "uuid": str(who)}]
    if business is None:
        values = {"name": "Warung", "activity": "soto", "kelurahan": "35.73.01.1007"}
        return {"kind": "register", "values": values, "items": items}
    return {"kind": "change", "business": str(business.uuid), "items": items, "submit": True}


def test_ending_an_owner_nobody_knows_makes_no_person(petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator)
    before = Person.objects.count()

    told = post(petugas, "submissions/", ending(uuid.uuid4(), business), 400)

    assert set(told) == {"owner.uuid"}
    assert Person.objects.count() == before


def test_ending_somebody_who_owns_another_business(petugas, verifikator, city):
    business = make_business(by=petugas, decided_by=verifikator)
    neighbour = make_person(domicile=city["Purwantoro"])

    post(petugas, "submissions/", ending(neighbour.uuid, business), 400)
    post(petugas, "submissions/", ending(neighbour.uuid), 400)


def test_an_owner_can_still_be_ended(petugas, verifikator):
    owner = str(uuid.uuid4())
    business = make_business(
        by=petugas,
        decided_by=verifikator,
        items=[{"kind": "owner", "uuid": owner, "values": {"name": "Bu Contoh"}}],
    )

    sent = post(petugas, "submissions/", ending(owner, business), 201)
    post(verifikator, f"submissions/{sent['uuid']}/approve/", {})

    assert get(petugas, f"businesses/{business.uuid}/")["owners"] == []
