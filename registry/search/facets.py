"""The kept counts of public businesses: a ledger of +1 and -1, folded now and then into one snapshot.

A facet key names everything a public business is counted by, "12.3.C.micro.active.101"; its parts stand in
FACETS. An approval adds lines and waits for nobody; `fold` sums them up; `current` reads both in one
statement, so that a fold in between neither loses nor doubles a business.
"""

import json
import secrets
import zlib
from collections import Counter

from django.db import connection, transaction
from django.utils import timezone

from registry.search.models import FacetEntry, FacetSnapshot

FACETS = ("kelurahan", "subsector", "sector", "scale", "operating_state", "halal", "pirt", "nib")
FOLD_AT = 500  # lines that may wait before they are folded
TOTAL = "all"


def facet_key(kelurahan, subsector, sector, scale, state, *, halal, pirt, nib):
    """The key of a public business: row ids of kelurahan and subsector, words of the rest, yes-no as 1, 0."""
    return f"{kelurahan}.{subsector or ''}.{sector}.{scale}.{state}.{int(halal)}{int(pirt)}{int(nib)}"


def parts(key):
    """The values of a facet key in the order of FACETS, as text."""
    *words, flags = key.split(".")
    return (*words, *flags)


def totals_of(cells):
    """{facet: {value: n}} and {TOTAL: {"": n}} of {facet key: n}."""
    found = {name: Counter() for name in FACETS}
    for key, n in cells.items():
        for name, value in zip(FACETS, parts(key), strict=True):
            found[name][value] += n
    return {name: dict(counter) for name, counter in found.items()} | {TOTAL: {"": sum(cells.values())}}


class Counts:
    """The counts of one moment. `totals` are at hand; `cells` are unpacked when a filter asks for them."""

    def __init__(self, number, totals, folded_at, entries=()):
        self.number, self.folded_at, self.entries = number, folded_at, entries
        self.totals = _with(totals, totals_of(dict(entries))) if entries else totals

    @property
    def total(self):
        return self.totals.get(TOTAL, {}).get("", 0)

    def cells(self):
        """[(values in the order of FACETS, n)] of every combination there is; kept in the process."""
        cells = _cells(self.number)
        if self.entries:
            known = dict(cells)
            for key, n in self.entries:
                values = parts(key)
                known[values] = known.get(values, 0) + n
            cells = known.items()
        return cells

    def by_place(self):
        """The cells by kelurahan, {kelurahan: [(values, n)]}; kept in the process while nothing is added."""
        if self.entries or self.number is None:
            return by_place(self.cells())
        cells = self.cells()
        if _kept.get("number") != self.number:
            return by_place(cells)
        if "places" not in _kept:
            _kept["places"] = by_place(cells)
        return _kept["places"]


def by_place(cells):
    """{kelurahan: [(values, n)]} of cells."""
    found = {}
    for cell in cells:
        found.setdefault(cell[0][0], []).append(cell)
    return found


class Moved(Exception):
    """The ledger was folded between two statements: read again."""


_kept = {}  # the last snapshot of this process: {"number", "totals", "folded_at"} and, when asked, {"cells"}


def current():
    """Today's Counts: one query, and one more after each folding."""
    statement = (
        f"SELECT key, n FROM {FacetEntry._meta.db_table} "
        f"UNION ALL SELECT '', number FROM {FacetSnapshot._meta.db_table}"
    )
    for _try in range(20):
        entries, number = [], None
        with connection.cursor() as cursor:
            cursor.execute(statement)
            lines = cursor.fetchall()
        for key, n in lines:
            if key:
                entries.append((key, n))
            else:
                number = n
        if number is None:  # nothing was ever folded: everything is in the ledger
            return Counts(None, {}, timezone.now(), _summed(entries))
        if _kept.get("number") != number:
            row = FacetSnapshot.objects.values("number", "totals", "folded_at").first()
            if row is None or row["number"] != number:
                continue
            _kept.clear()
            _kept.update(row)
        return Counts(number, _kept["totals"], _kept["folded_at"], _summed(entries))
    raise Moved


def _summed(entries):
    counter = Counter()
    for key, n in entries:
        counter[key] += n
    return tuple((key, n) for key, n in counter.items() if n)


def _with(totals, more):
    return {
        name: {
            value: n
            for value in totals.get(name, {}).keys() | more.get(name, {}).keys()
            if (n := totals.get(name, {}).get(value, 0) + more.get(name, {}).get(value, 0))
        }
        for name in (*FACETS, TOTAL)
    }


def _cells(number):
    if number is None:
        return []
    if _kept.get("number") != number or "cells" not in _kept:
        row = FacetSnapshot.objects.filter(number=number).values_list("cells", flat=True).first()
        if row is None:
            raise Moved
        cells = [(parts(key), n) for key, n in _unpacked(row).items()]
        if _kept.get("number") != number:
            return cells
        _kept["cells"] = cells
    return _kept["cells"]


def _unpacked(blob):
    return json.loads(zlib.decompress(bytes(blob))) if blob else {}


def _store(snapshot, cells):
    snapshot.number = secrets.randbelow(2**31)
    snapshot.totals = totals_of(cells)
    snapshot.cells = zlib.compress(json.dumps(cells, separators=(",", ":")).encode(), 6)
    snapshot.folded_at = timezone.now()
    snapshot.save()


def _locked():
    FacetSnapshot.objects.get_or_create(pk=1, defaults={"folded_at": timezone.now()})
    return FacetSnapshot.objects.select_for_update().get(pk=1)


def fold_when_long():
    """Fold once enough lines wait; called after commits."""
    if FacetEntry.objects.order_by().values("pk")[FOLD_AT : FOLD_AT + 1].exists():
        fold()


@transaction.atomic
def fold():
    """Sum the ledger up into the snapshot: the lines seen go, those added meanwhile stay."""
    snapshot = _locked()
    lines = list(FacetEntry.objects.values_list("pk", "key", "n"))
    cells = Counter(_unpacked(snapshot.cells))
    for _pk, key, n in lines:
        cells[key] += n
    pks = [pk for pk, _key, _n in lines]
    for start in range(0, len(pks), 500):
        FacetEntry.objects.filter(pk__in=pks[start : start + 500]).delete()
    _store(snapshot, {key: n for key, n in cells.items() if n})


def recount(count):
    """Put the counts of `count()`, a {facet key: n} read from the businesses, in place of the kept ones.

    Call it outside a transaction: both are read of one moment (REPEATABLE READ on PostgreSQL; SQLite writes
    one at a time), so that what is approved meanwhile is neither lost nor counted twice. Raises
    OperationalError where a fold came between; call it again.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql" and not connection.savepoint_ids:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        snapshot = _locked()
        cells = {key: n for key, n in count().items() if key and n}
        FacetEntry.objects.all().delete()
        _store(snapshot, cells)
