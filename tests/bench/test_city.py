"""The generated city: the same rows everywhere, written as the portal itself would have derived them."""

import hashlib
import json
from collections import Counter

import pytest
import time_machine
from django.db import connection

from bench import filling, floor
from bench.city import City, mistyped
from bench.compare import search_sql
from registry.businesses.models import Business
from registry.businesses.rebuild import rebuild_derived
from registry.search import facets, index
from registry.search.models import Posting, Term

ROWS, SEED = 300, 7
# Of the facts drawn with this seed; a change of the generator changes it, another database does not.
EXPECTED = "fecb18acd9448f6959cbc0efdb906b7326b7210da1690de2385762db1bbaa8c9"

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    with time_machine.travel("2026-11-23 03:00:00+00:00", tick=False):
        filling.prepare()
        filling.fill_plainly(ROWS, SEED, lambda text: None)
        yield City(ROWS, SEED)


def told(business, products, licences, consents):
    """What was drawn, as text."""
    return [
        str(business.uuid), business.name, business.phone, business.address, business.scale,
        business.kelurahan.code if business.kelurahan_id else "", business.operating_state,
        business.kbli.code if business.kbli_id else "", str(business.latitude), str(business.recorded_at),
        [(p.name, p.price_idr) for p in products], [(row.kind, row.number) for row in licences],
        [row.group for row in consents],
    ]  # fmt: skip


def test_the_same_seed_gives_the_same_rows_on_every_database(city):
    rows = Business.objects.for_list().order_by("pk")
    facts = [
        told(b, *(list(getattr(b, name).order_by("pk")) for name in ("products", "licences", "consents")))
        for b in rows
    ]

    assert len(facts) == ROWS
    assert hashlib.sha256(json.dumps(facts).encode()).hexdigest() == EXPECTED


def test_another_seed_gives_other_businesses(city):
    other = [made.values["name"] for made in City(ROWS, SEED + 1).chunk(0)]
    assert other != list(Business.objects.order_by("pk").values_list("name", flat=True))


def test_derived_columns_are_what_the_portal_derives(city):
    assert rebuild_derived() == 0


def test_postings_words_and_counts_are_those_of_the_businesses(city):
    expected = {
        (key, b.pk, weight)
        for b in Business.objects.all()
        for key, weight in index.weights_of(b.search_keys).items()
    }
    assert set(Posting.objects.values_list("key", "business_id", "weight")) == expected

    public = Business.objects.public()
    cells = Counter(public.values_list("facet_key", flat=True))
    assert facets.current().totals == facets.totals_of(cells)
    assert index.recount_terms(public) == 0
    assert Term.objects.filter(count__gt=0).exists()


def test_the_floor_shows_the_businesses_that_the_portal_shows(city, client):
    question = floor.Question(floor.WHOLE, floor.WHOLE_PARTS, 50)
    shown = client.get("/api/v1/businesses/").json()["results"]

    rows = question.as_json()["results"]
    assert [row["slug"] for row in rows] == [row["slug"] for row in shown]
    assert [[p["name"] for p in row["products"]] for row in rows] == [
        [p["name"] for p in row["products"]] for row in shown
    ]
    assert [row["address"] for row in rows] == [row["address"] for row in shown]


def test_the_search_by_hand_finds_names_with_both_words(city):
    rows = search_sql(("toko", "kelontong")).as_json()["results"]
    assert rows and all("lontong" in row["name"].lower() for row in rows)


@pytest.mark.parametrize(("how", "longer"), [("insert", 1), ("drop", -1), ("replace", 0), ("swap", 0)])
def test_a_mistake_changes_one_place_of_a_word(how, longer):
    import random

    for number in range(50):
        wrong = mistyped(random.Random(number), "keripik", how)
        assert wrong != "keripik" and len(wrong) == len("keripik") + longer
        if how == "swap":
            assert sorted(wrong) == sorted("keripik")


def test_nothing_is_sealed_less_than_the_portal_seals(city):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT phone, owner_name FROM registry_business WHERE phone <> '' OR owner_name <> ''"
        )
        assert all(not value or value.startswith("s1:") for row in cursor.fetchall() for value in row)
