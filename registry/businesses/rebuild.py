"""Computing the derived columns again, for the clock (licences expire) and after a change of a rule."""

from django.db import OperationalError, connection, transaction
from django.db.models import Count

from registry.businesses import derived
from registry.businesses.belongings import Consent, Licence, Product, current_of
from registry.businesses.models import Business, Ownership
from registry.search import facets, index
from registry.search.models import Posting, Term, Variant

CHUNK = 500


def rebuild_derived():
    """Recompute derived.COLUMNS of every business in chunks; returns how many rows changed.

    Touches neither `version` nor `changed_at`: nobody changed anything about the business.
    """
    last, changed = 0, 0
    while True:
        with transaction.atomic():
            rows = list(
                Business.objects.select_for_update(of=("self",))
                .filter(pk__gt=last)
                .select_related("kelurahan__parent", "kbli", "subsector")
                .order_by("pk")[:CHUNK]
            )
            if not rows:
                return changed
            stale = _stale(rows)
            _write(stale)
        last, changed = rows[-1].pk, changed + len(stale)


def rebuild_of(businesses):
    """As `rebuild_derived`, for the rows of one queryset; call it inside a transaction."""
    rows = list(
        businesses.select_for_update(of=("self",))
        .select_related("kelurahan__parent", "kbli", "subsector")
        .order_by("pk")
    )
    _write(_stale(rows))


def rebuild_search():
    """Make the index, the vocabulary and the kept counts anew from the businesses; returns how many rows.

    For the first run after an upgrade and whenever the index is in doubt. Search finds less until it ends.
    """
    rebuild_derived()
    for model in (Posting, Variant, Term):
        model.objects.all().delete()
    last, done = 0, 0
    while True:
        with transaction.atomic():
            rows = list(
                Business.objects.select_for_update(of=("self",)).filter(pk__gt=last).order_by("pk")[:CHUNK]
            )
            if rows:
                Posting.objects.filter(business__in=rows).delete()
                for business in rows:
                    business._indexed = ("", business.facet_key)
                index.put(rows)
        if not rows:
            break
        index.learn(derived.vocabulary_of(rows))
        last, done = rows[-1].pk, done + len(rows)
    recount()
    return done


def recount():
    """Count anew what search and facets keep: bearers of each word, public businesses by facet key."""
    index.recount_terms(Business.objects.public())
    for tries_left in (4, 3, 2, 1, 0):
        try:
            return facets.recount(_counted)
        except OperationalError:  # a fold came between; within a transaction there is no second try
            if not tries_left or connection.in_atomic_block:
                raise


def _counted():
    rows = Business.objects.exclude(facet_key="").order_by().values_list("facet_key").annotate(n=Count("pk"))
    return dict(rows)


def _write(stale):
    Business.objects.bulk_update(stale, derived.COLUMNS)
    index.put(stale, words=derived.vocabulary_of(stale))


def _stale(rows):
    """Those of `rows` whose derived columns are no longer what they should be, with them set anew."""
    held, stale = current_of(rows), []
    for business in rows:
        before = [getattr(business, column) for column in derived.COLUMNS]
        place = business.kelurahan
        derived.derive(
            business,
            owners=[row.person for row in held.get((Ownership, business.pk), ())],
            licences=held.get((Licence, business.pk), ()),
            products=held.get((Product, business.pk), ()),
            consents=held.get((Consent, business.pk), ()),
            place_names=(place.name, place.parent.name) if place else (),
        )
        if before != [getattr(business, column) for column in derived.COLUMNS]:
            stale.append(business)
    return stale
