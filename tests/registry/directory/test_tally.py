"""A Tally counts as one does cell by cell, whatever is chosen, also what came since the last folding."""

import random
from collections import Counter

import pytest
from django.utils import timezone

from registry.directory.cube import AT, REGIONS, Cube, Place, Tally
from registry.search.facets import Counts, Snapshot, totals_of

PLACES = {
    pk: Place(pk, f"35.73.0{pk % 3}.{pk}", f"K{pk}", f"35.73.0{pk % 3}", "", 0, 0) for pk in range(1, 8)
}
SUBSECTORS = {1: ("kuliner", "Kuliner"), 2: ("kriya", "Kriya")}
CHOOSABLE = {
    "kecamatan": ["35.73.00", "35.73.01"],
    "kelurahan": ["35.73.01.1", "35.73.02.2", "35.73.01.4"],
    "subsector": ["kuliner", "kriya"],
    "sector": ["C", "I"],
    "scale": ["micro", "unknown"],
    "operating_state": ["active"],
    "halal": ["ada", "tidak"],
    "nib": ["ada"],
}


def some_cells(draw, many=300):
    found = Counter()
    for _each in range(many):
        flags = "".join(draw.choice("01") for _flag in range(3))
        words = [draw.choice("1234567"), draw.choice(["", "1", "2"]), draw.choice("CIG")]
        words += [draw.choice(["", "micro", "small"]), draw.choice(["active", "seasonal"]), flags]
        found[".".join(words)] += draw.randint(1, 5)
    return dict(found)


class Kept(Snapshot):
    def __init__(self, cells):
        super().__init__(1, totals_of(cells), timezone.now(), b"")
        self.cells = [((*key.split(".")[:-1], *key.split(".")[-1]), n) for key, n in cells.items()]


def cell_by_cell(cube, cells, chosen, facet, without):
    """The definition: every cell that passes every chosen filter not in `without`, by its value."""
    tests = [cube.allowed(name, values) for name, values in chosen.items() if name not in without]
    at, found = AT["kelurahan" if facet == "kecamatan" else facet], Counter()
    for values, n in cells:
        if all(values[there] in allowed for there, allowed in tests):
            found[values[at]] += n
    return {value: n for value, n in cube.named(facet, found).items() if n}


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("given", [False, True])
def test_counts_equal_counting_cell_by_cell(seed, given):
    draw = random.Random(seed)
    folded, since = some_cells(draw), some_cells(draw, 20)
    gone = {key: -n for key, n in list(folded.items())[:5]}  # closed since the last folding
    entries = tuple((since | gone).items())
    cube = Cube(Counts(Kept(folded), entries), PLACES, SUBSECTORS)
    cells = [*Kept(folded).cells, *Kept(since | gone).cells]
    names = draw.sample(list(CHOOSABLE), draw.randint(0, 4))
    chosen = {name: draw.sample(CHOOSABLE[name], draw.randint(1, len(CHOOSABLE[name]))) for name in names}

    tally = Tally(cube, chosen, cells if given else None)

    for facet in CHOOSABLE:
        without = tuple(REGIONS) if facet == "kecamatan" else (facet,)
        counted = {value: n for value, n in tally.counts(facet, without).items() if n}
        assert counted == cell_by_cell(cube, cells, chosen, facet, without), facet
    everything = cell_by_cell(cube, cells, chosen, "kelurahan", ())
    assert tally.total == sum(everything.values())
