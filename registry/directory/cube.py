"""Counts for facets and the map: one grouped query, kept for up to a minute, counted further in Python.

Without a text every facet, the map and the total come out of the kept cube. With a text the matching rows
are read, up to TEXT_CAP, as the same kind of rows; above that the counts are of those read first, and the
page says so.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Count
from django.utils import timezone

from registry.businesses.models import Business
from registry.regions.models import Region
from registry.sectors.models import Subsector

KEPT_SECONDS = 60
TEXT_CAP = 2000
DIMENSIONS = ("kelurahan", "subsector", "operating_state", "has_halal", "has_pirt")
KELURAHAN, SUBSECTOR, STATE, HALAL, PIRT, NUMBER = range(6)


@dataclass(frozen=True)
class Place:
    """A kelurahan as facets and the map need it."""

    pk: int
    code: str
    name: str
    kecamatan_code: str
    kecamatan: str
    column: int | None
    row: int | None


@dataclass(frozen=True)
class Cube:
    """Public businesses counted by DIMENSIONS (the last member of a row is how many), and what they name."""

    rows: list
    places: dict  # {pk: Place}, in the order of their codes
    subsectors: dict  # {pk: (slug, name)}
    counted_at: datetime


def current_cube():
    """The cube of today's public businesses.

    Kept under the last change of any business, so that an applied change or a withdrawn consent shows at
    once; KEPT_SECONDS bounds the age of everything else (an opted-out owner, a renamed subsector).
    """
    last = Business.objects.order_by("-changed_at", "-pk").values_list("changed_at", "pk").first()
    if last is None:
        return _count()
    key = f"directory-cube:{last[0].timestamp()}:{last[1]}"
    kept = cache.get(key)
    if kept is None:
        kept = _count()
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _count():
    rows = Business.objects.public().order_by().values_list(*DIMENSIONS).annotate(n=Count("pk"))
    places = Region.objects.kelurahan().select_related("parent").order_by("code")
    return Cube(
        rows=list(rows),
        places={
            r.pk: Place(r.pk, r.code, r.name, r.parent.code, r.parent.name, r.tile_column, r.tile_row)
            for r in places
        },
        subsectors={s.pk: (s.slug, s.name) for s in Subsector.objects.all()},
        counted_at=timezone.now(),
    )


def rows_of(queryset):
    """(rows in the cube's form, whether the cap cut them) for businesses found by a text."""
    found = list(queryset.order_by().values_list(*DIMENSIONS)[: TEXT_CAP + 1])
    return [(*row, 1) for row in found[:TEXT_CAP]], len(found) > TEXT_CAP
