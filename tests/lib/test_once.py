"""What is sent again stands once; another broken rule is no repetition."""

import pytest
from django.db import IntegrityError
from django.utils import timezone

from registry.models import VisitRequest
from tests.factories import make_user
from umkm_portal.lib.once import insert_once

pytestmark = pytest.mark.django_db


def request_of(user, kelurahan, **values):
    now = timezone.now()
    given = {"told_name": "Kios", "need": "equipment", "weight": 2, "told_day": now.toordinal()} | values
    return VisitRequest(kelurahan=kelurahan, told_at=now, told_by=user, **given)


def test_the_row_that_stands_is_given_back(city):
    user = make_user()
    first, new = insert_once(request_of(user, city["Purwantoro"]))
    again, newer = insert_once(request_of(user, city["Purwantoro"], uuid=first.uuid, told_name="Lain"))

    assert (new, newer) == (True, False)
    assert (again.pk, again.told_name) == (first.pk, "Kios")


def test_another_broken_rule_raises(city):
    with pytest.raises(IntegrityError):
        insert_once(request_of(make_user(), city["Purwantoro"], told_name=""))

    assert not VisitRequest.objects.exists()


def test_what_belongs_to_it_is_undone_with_it(city):
    row = request_of(make_user(), city["Purwantoro"])

    def write():
        row.save(force_insert=True)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        insert_once(row, write)

    assert not VisitRequest.objects.exists()
