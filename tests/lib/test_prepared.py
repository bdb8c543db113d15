"""A prepared statement answers as its queryset does, for any keys, and refuses what it cannot prepare."""

import pytest

from registry.businesses import public
from registry.models import Business
from tests.factories import make_business
from umkm_portal.lib.prepared import Prepared

pytestmark = pytest.mark.django_db


def test_it_answers_as_the_queryset_does(city):
    businesses = [
        make_business(name="Satu", phone="6281234500001", phone_of="owner", season_months=[1, 2]),
        make_business(name="Dua", latitude="-7.95", longitude="112.63"),
    ]
    keys = [b.pk for b in businesses]
    columns = ("pk", "uuid", "name", "phone", "season_months", "latitude", "changed_at", "last_confirmed_on")

    def build(pks):
        return Business.objects.public().filter(pk__in=pks).order_by("pk").values_list(*columns)

    prepared = Prepared(build)
    for some in (keys, keys[:1], keys[1:], [*keys, 10**9]):
        assert [tuple(row) for row in prepared(some)] == list(build(some))
    assert prepared([]) == [] and prepared([10**9]) == []


def test_a_row_hidden_meanwhile_is_left_out(city):
    business = make_business()
    assert len(public.public_rows([business.pk])) == 1
    Business.objects.filter(pk=business.pk).update(public_opt_out=True)
    assert public.public_rows([business.pk]) == []


def test_keys_in_two_places_are_refused(city):
    twice = Prepared(lambda pks: Business.objects.filter(pk__in=pks, rw__in=pks).values_list("pk"))
    with pytest.raises(ValueError, match="exactly once"):
        twice([1])
