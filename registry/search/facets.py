"""The kept counts of public businesses: a ledger of +1 and -1, folded now and then into one snapshot.

A facet key names everything a public business is counted by, "12.3.C.micro.active.101"; its parts stand in
FACETS. An approval adds lines and waits for nobody; `fold` sums them up; `current` reads both in one
statement, so that a fold in between neither loses nor doubles a business.
"""

import json
import secrets
import zlib
from collections import Counter
from functools import cached_property

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


class Snapshot:
    """One folding, as a process keeps it: read whole in one row, so that none of it belongs to another."""

    def __init__(self, number, totals, folded_at, cells):
        self.number, self.totals, self.folded_at, self._packed = number, totals, folded_at, cells

    @cached_property
    def cells(self):
        return [(parts(key), n) for key, n in _unpacked(self._packed).items()]

    @cached_property
    def indexed(self):
        return Cells(self.cells)


class Counts:
    """The counts of one moment. `totals` are at hand; `cells` are unpacked when a filter asks for them."""

    def __init__(self, snapshot, entries=()):
        self.snapshot, self.entries, self.folded_at = snapshot, entries, snapshot.folded_at
        self.totals = _with(snapshot.totals, totals_of(dict(entries))) if entries else snapshot.totals

    @property
    def total(self):
        return self.totals.get(TOTAL, {}).get("", 0)

    def cells(self):
        """[(values in the order of FACETS, n)] of every combination there is."""
        if not self.entries:
            return self.snapshot.cells
        known = dict(self.snapshot.cells)
        for key, n in self.entries:
            values = parts(key)
            known[values] = known.get(values, 0) + n
        return list(known.items())

    def indexed(self):
        """The same as one or two Cells whose counts add up: what was folded, and what came since."""
        if not self.entries:
            return [self.snapshot.indexed]
        return [self.snapshot.indexed, Cells([(parts(key), n) for key, n in self.entries])]


class Cells:
    """Cells [(values in the order of FACETS, n)] that are asked again and again: found by kelurahan and by
    one value, without passing over the others. What is asked for is built once."""

    def __init__(self, cells):
        self._cells, self._found, self._sums, self._beside = cells, {}, {}, {}

    def by(self, at):
        """{kelurahan: {value at position `at`: [(values, n)]}}."""
        if at not in self._found:
            found = {}
            for cell in self._cells:
                values = cell[0]
                found.setdefault(values[0], {}).setdefault(values[at], []).append(cell)
            self._found[at] = found
        return self._found[at]

    def sums(self, at):
        """{kelurahan: {value at position `at`: how many}}."""
        if at not in self._sums:
            self._sums[at] = {
                place: {value: sum(n for _values, n in cells) for value, cells in values.items()}
                for place, values in self.by(at).items()
            }
        return self._sums[at]

    def beside(self, at, value):
        """{kelurahan: {position: {value there: how many}}} of the cells with `value` at position `at`."""
        if (at, value) not in self._beside:
            self._beside[at, value] = {
                place: _counted(values[value]) for place, values in self.by(at).items() if value in values
            }
        return self._beside[at, value]


def _counted(cells):
    """{position: {value: how many}} of cells."""
    found = {at: Counter() for at in range(len(FACETS))}
    for at, counter in found.items():
        for values, n in cells:
            counter[values[at]] += n
    return found


class Moved(Exception):
    """The ledger was folded between two statements, again and again."""


_kept = None  # the last Snapshot this process read; rebound whole, never changed


def current():
    """Today's Counts: one query, and one more after each folding."""
    global _kept
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
            return Counts(Snapshot(None, {}, timezone.now(), b""), _summed(entries))
        snapshot = _kept
        if snapshot is None or snapshot.number != number:
            row = FacetSnapshot.objects.values_list("number", "totals", "folded_at", "cells").first()
            if row is None or row[0] != number:
                continue
            snapshot = _kept = Snapshot(*row)
        return Counts(snapshot, _summed(entries))
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
    """Fold once enough lines wait, unless somebody is at it; called after commits, so it waits for nobody."""
    if not FacetEntry.objects.order_by().values("pk")[FOLD_AT : FOLD_AT + 1].exists():
        return
    with transaction.atomic():
        FacetSnapshot.objects.get_or_create(pk=1, defaults={"folded_at": timezone.now()})
        free = FacetSnapshot.objects.select_for_update(skip_locked=True).filter(pk=1).first()
        if free is not None:
            _fold_into(free)


@transaction.atomic
def fold():
    """Sum the ledger up into the snapshot: the lines seen go, those added meanwhile stay."""
    _fold_into(_locked())


def _fold_into(snapshot):
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
