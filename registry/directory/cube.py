"""Counts for facets, figures and the map, from the kept ledger (registry.search.facets): no table is counted.

A `Tally` answers "how many under these filters" for one set of cells: all public businesses, or those a text
found. Counts follow every applied change at once.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.core.cache import caches
from django.utils.translation import get_language

from registry.regions.models import Region
from registry.search import facets
from registry.sectors.models import Subsector

KEPT_SECONDS = 60
AT = {name: at for at, name in enumerate(facets.FACETS)}
REGIONS = frozenset(("kecamatan", "kelurahan"))


PLACE = ("pk", "code", "name", "parent__code", "parent__name", "tile_column", "tile_row")


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
    """Today's counts of public businesses, and the names of what they are counted by."""

    counts: facets.Counts
    places: dict  # {pk: Place}, in the order of their codes
    subsectors: dict  # {pk: (slug, name)}

    @property
    def counted_at(self):
        return self.counts.folded_at

    @property
    def total(self):
        return self.counts.total

    def totals(self, facet):
        """{value: n} of one facet over all public businesses, values as the address writes them."""
        return self.named(facet, self.counts.totals.get("kelurahan" if facet == "kecamatan" else facet, {}))

    def named(self, facet, counted):
        """{value as an address writes it: n} from {value as a facet key holds it: n}."""
        if facet in ("kelurahan", "kecamatan"):
            found = Counter()
            for pk, n in counted.items():
                if place := self.places.get(int(pk)):
                    found[place.code if facet == "kelurahan" else place.kecamatan_code] += n
            return dict(found)
        if facet == "subsector":
            return {
                self.subsectors[int(pk)][0]: n
                for pk, n in counted.items()
                if pk and int(pk) in self.subsectors
            }
        if facet in ("halal", "pirt", "nib"):
            return {{"1": "ada", "0": "tidak"}[value]: n for value, n in counted.items()}
        if facet == "scale":
            return {value or "unknown": n for value, n in counted.items()}
        return dict(counted)

    def allowed(self, facet, chosen):
        """(position in a facet key, {values there}) that the chosen values of `facet` leave."""
        chosen = set(chosen)
        if facet in ("kelurahan", "kecamatan"):
            named = "code" if facet == "kelurahan" else "kecamatan_code"
            return AT["kelurahan"], {str(p.pk) for p in self.places.values() if getattr(p, named) in chosen}
        if facet == "subsector":
            return AT[facet], {str(pk) for pk, (slug, _name) in self.subsectors.items() if slug in chosen}
        if facet in ("halal", "pirt", "nib"):
            return AT[facet], {{"ada": "1", "tidak": "0"}[value] for value in chosen}
        if facet == "scale":
            return AT[facet], {"" if value == "unknown" else value for value in chosen}
        return AT[facet], chosen


def current_cube():
    """The Cube of this moment; one query, and two more once a minute for the names."""
    kept_as = f"directory-names:{get_language()}"
    names = caches["pages"].get(kept_as)
    if names is None:
        places = Region.objects.kelurahan().order_by("code").values_list(*PLACE)
        names = (
            {row[0]: Place(*row) for row in places},
            {s.pk: (s.slug, s.shown_name) for s in Subsector.objects.all()},
        )
        caches["pages"].set(kept_as, names, KEPT_SECONDS)
    return Cube(facets.current(), *names)


class Tally:
    """Counts under `chosen` = {facet: [values as the address writes them]}, with and without itself.

    `cells` are [(values of a facet key, n)], or None for all public businesses.
    """

    def __init__(self, cube, chosen, cells=None):
        self.cube, self.chosen, self._given = cube, chosen, cells

    @cached_property
    def _parts(self):
        """{filters failed: {position: Counter}}: nothing failed, one filter, or both of REGIONS."""
        if self._given is None and not self.chosen:
            totals = self.cube.counts.totals
            return {frozenset(): {at: totals.get(name, {}) for name, at in AT.items()}}
        tests = [(name, *self.cube.allowed(name, values)) for name, values in self.chosen.items()]
        regions = [test for test in tests if test[0] in REGIONS]
        others = [test for test in tests if test[0] not in REGIONS]
        place, none = AT["kelurahan"], frozenset()
        found = {none: {at: Counter() for at in AT.values()}}
        for pk in map(str, self.cube.places):
            failed = frozenset(name for name, _at, allowed in regions if pk not in allowed)
            for cells in self._indexed:
                if failed:  # only a facet of regions asks for it: how many pass the other filters
                    if n := _how_many(cells, pk, others):
                        found.setdefault(failed, {place: Counter()})[place][pk] += n
                    continue
                _count_passing(cells, pk, others, found[none])
                for missed in others:
                    counters = found.setdefault(frozenset(missed[:1]), {missed[1]: Counter()})
                    _count_failing(cells, pk, missed, others, counters[missed[1]])
        return found

    @cached_property
    def _indexed(self):
        """The Cells to count, whose counts add up."""
        return self.cube.counts.indexed() if self._given is None else [facets.Cells(self._given)]

    def counts(self, facet, without=()):
        """{value: n} under every chosen filter but those in `without`: itself, or REGIONS for a region."""
        at = AT["kelurahan" if facet == "kecamatan" else facet]
        found = Counter()
        for failed, counters in self._parts.items():
            if failed <= set(without):
                found.update(counters.get(at, {}))
        return self.cube.named(facet, found)

    @property
    def total(self):
        """How many there are under every chosen filter."""
        return sum(self._parts.get(frozenset(), {}).get(AT["kelurahan"], {}).values())

    @cached_property
    def unfiltered(self):
        """How many there are without any filter."""
        return self.cube.total if self._given is None else sum(n for _values, n in self._given)


def _passing(cells, pk, tests):
    """The cells of one kelurahan that pass every test (name, position, allowed values)."""
    _name, at, allowed = tests[0] if tests else ("", AT["kelurahan"], {pk})
    rest = tests[1:]
    of_value = cells.by(at).get(pk, {})
    for value in allowed:
        for cell in of_value.get(value, ()):
            if not rest or all(cell[0][at] in allowed for _name, at, allowed in rest):
                yield cell


def _how_many(cells, pk, tests):
    """How many businesses of one kelurahan pass every test; of one test the sums are at hand."""
    if len(tests) > 1:
        return sum(n for _values, n in _passing(cells, pk, tests))
    _name, at, allowed = tests[0] if tests else ("", AT["kelurahan"], {pk})
    sums = cells.sums(at).get(pk, {})
    return sum(sums.get(value, 0) for value in allowed)


def _count_passing(cells, pk, tests, counters):
    """Add to every one of `counters` {position: Counter} those of one kelurahan that pass every test."""
    if len(tests) > 1:
        passed = list(_passing(cells, pk, tests))
        for at, counter in counters.items():
            for values, n in passed:
                counter[values[at]] += n
        return
    _name, at, allowed = tests[0] if tests else ("", AT["kelurahan"], {pk})
    for value in allowed:
        for position, counted in cells.beside(at, value).get(pk, {}).items():
            counter = counters[position]
            for found, n in counted.items():
                counter[found] += n


def _count_failing(cells, pk, missed, tests, counter):
    """Add to `counter` those of one kelurahan that fail `missed` alone, by their value there."""
    _name, at, allowed = missed
    if len(tests) == 1:
        for value, n in cells.sums(at).get(pk, {}).items():
            if value not in allowed:
                counter[value] += n
        return
    for values, n in _passing(cells, pk, [test for test in tests if test is not missed]):
        if values[at] not in allowed:
            counter[values[at]] += n
