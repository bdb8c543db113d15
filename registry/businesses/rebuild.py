"""Computing the derived columns again, for the clock (licences expire) and after a change of a rule."""

from django.db import transaction

from registry.businesses import derived
from registry.businesses.belongings import Consent, Licence, Product, current_of
from registry.businesses.models import Business, Ownership

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
            Business.objects.bulk_update(stale, derived.COLUMNS)
        last, changed = rows[-1].pk, changed + len(stale)


def rebuild_of(businesses):
    """As `rebuild_derived`, for the rows of one queryset; call it inside a transaction."""
    rows = list(
        businesses.select_for_update(of=("self",))
        .select_related("kelurahan__parent", "kbli", "subsector")
        .order_by("pk")
    )
    Business.objects.bulk_update(_stale(rows), derived.COLUMNS)


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
