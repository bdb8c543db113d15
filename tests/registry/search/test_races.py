"""The kept counts under simultaneous approvals and folds: nothing lost, nothing doubled, nobody waiting."""

import threading

import pytest
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from registry.businesses.rebuild import recount
from registry.models import Business, FacetEntry, FacetSnapshot, Posting
from registry.search import facets, index
from tests.factories import make_business, make_city, make_officer, make_submission
from tests.races import meeting, race

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def recounted():
    rows = Business.objects.public().order_by().values_list("facet_key").annotate(n=Count("pk"))
    return {facets.parts(key): n for key, n in rows}


def counted():
    return {values: n for values, n in dict(facets.current().cells()).items() if n}


@pytest.fixture
def people():
    city = make_city()
    return make_officer("operator", city["Kota"]), make_officer("verifikator", city["Kota"])


def waiting(people, many):
    return [make_submission(by=people[0], submit=True, name=f"Tempe Sanan {n}") for n in range(many)]


def test_approvals_and_folds_at_once_keep_the_counts(people):
    submissions = waiting(people, 6)
    acts = [lambda s=s: s.approve(by=people[1]) for s in submissions]

    outcomes = race(*acts, facets.fold, facets.fold, facets.current)

    assert [o for o in outcomes if isinstance(o, Exception)] == []
    assert counted() == recounted() and sum(counted().values()) == 6
    facets.fold()
    assert not FacetEntry.objects.exists() and counted() == recounted()
    assert Posting.objects.filter(key="sanan", weight=0).count() == 6


def two_folds_and_a_new_line(people, monkeypatch, take):
    """One fold took the snapshot and is slow to go on; meanwhile a business comes in and another folds.

    `take` reads the snapshot, under lock or not.
    """
    make_business(by=people[0], decided_by=people[1])
    (late,) = waiting(people, 1)
    has_read, other_is_done = threading.Event(), threading.Event()
    first = iter([True])

    def slowly():
        snapshot = take()
        if next(first, False):
            has_read.set()
            other_is_done.wait(0.7)
        return snapshot

    def second():
        has_read.wait(5)
        late.approve(by=people[1])
        facets.fold()
        other_is_done.set()

    monkeypatch.setattr(facets, "_locked", slowly)
    race(facets.fold, second)
    return sum(counted().values())


def test_a_slow_fold_loses_nobody_who_came_meanwhile(people, monkeypatch):
    assert two_folds_and_a_new_line(people, monkeypatch, facets._locked) == 2
    assert counted() == recounted()


def test_without_the_lock_it_does(people, monkeypatch):
    """The negative control: the guard is the lock on the snapshot."""
    FacetSnapshot.objects.create(pk=1, folded_at=timezone.now())
    assert two_folds_and_a_new_line(people, monkeypatch, lambda: FacetSnapshot.objects.get(pk=1)) == 0


def test_a_recount_waits_for_nobody_and_loses_nobody(people):
    submissions = waiting(people, 3)
    outcomes = race(*[lambda s=s: s.approve(by=people[1]) for s in submissions], recount)
    assert [o for o in outcomes[:3] if isinstance(o, Exception)] == []
    assert counted() == recounted()


def test_an_approval_waits_for_no_counter(people):
    """Two transactions add to the same count without a lock between them."""
    one, two = (
        make_business(by=people[0], decided_by=people[1]),
        make_business(by=people[0], decided_by=people[1]),
    )
    meet = meeting(2, 5)
    met = []

    def put(business):
        with transaction.atomic():
            index.remember(business)
            business.facet_key = "1..industri.micro.active.000"
            index.put([business])
            meet()
            met.append(business.pk)

    race(lambda: put(one), lambda: put(two), timeout=10)

    assert len(met) == 2
