"""The map of the city: every kelurahan coloured by how many of the businesses asked for it has, or the share.

Drawn from the loaded outlines (registry.regions), from the tile map where there are none. The same numbers
stand in a table beside it, and every area leads to its list.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from django.core.cache import cache
from django.utils.translation import gettext as _

from registry.directory.asked import Counted, address
from registry.regions.boundaries import outlines_version
from registry.regions.models import Boundary, Region
from umkm_portal.lib import tilemap
from umkm_portal.lib.formats import number
from umkm_portal.lib.outlines import Shape, draw

DRAWING_KEPT = 24 * 60 * 60  # under a version: a changed outline is drawn at once
COUNT, SHARE = "jumlah", "bagian"
MODES = (COUNT, SHARE)
REGIONS = ("kecamatan", "kelurahan")
AROUND = 0.02  # of a degree beyond the outermost middles: about two kilometres
LETTER = 15  # units of the drawing that a figure on the map takes


def percent(part, whole):
    """ "12,5 %", or "" where there is nothing to be a part of."""
    if not whole:
        return ""
    share = round(100 * part / whole, 1)
    if part and not share:
        return _("di bawah 0,1 %")
    return f"{number(int(share) if share == int(share) else share)} %"


def _per_mille(threshold):
    return f"{number(threshold // 10 if threshold % 10 == 0 else threshold / 10)} %"


@dataclass(frozen=True)
class Area:
    """A kelurahan (or a kecamatan, where only those have outlines) under the filters in use.

    `count` is None outside the chosen kecamatan or kelurahan: not asked for, not zero.
    """

    code: str
    name: str
    kecamatan: str
    count: int | None
    share: str
    value: int | None
    step: int
    url: str
    selected: bool
    text: str
    shape: Shape | None = None

    @property
    def has_room(self):
        """Whether its figure fits into its outline."""
        return bool(self.text) and self.shape.room >= LETTER * len(self.text) + 8

    @property
    def is_tight(self):
        """Whether it fits only where the drawing is large, not on a phone."""
        return self.shape.room < 1.4 * LETTER * len(self.text) + 8

    @property
    def text_y(self):
        return self.shape.y + 7


@dataclass(frozen=True)
class Label:
    name: str
    x: int
    y: int


def kept_drawing():
    """(Drawing or None, level of its areas, whose layer): the outlines as drawn, kept under their version."""
    version = outlines_version()
    if not version[0]:
        return None, "", ""
    key = f"outlines:{version[0]}:{version[1]}"
    kept = cache.get(key)
    if kept is None:
        kept = _drawn()
        cache.set(key, kept, DRAWING_KEPT)
    return kept


def _drawn():
    rows = list(Boundary.objects.values_list("region__code", "region__level", "geometry", "source"))
    for level in (Region.Level.KELURAHAN, Region.Level.KECAMATAN):
        mine = [row for row in rows if row[1] == level]
        drawing = draw({code: geometry for code, _level, geometry, _source in mine}, lambda code: code[:8])
        if drawing:
            return drawing, str(level), ", ".join(sorted({row[3] for row in mine}))[:200]
    return None, "", ""


class AreaMap:
    """The map under the filters of `listing`, coloured by `mode`."""

    def __init__(self, listing, mode=COUNT):
        self.listing = listing
        self.counted = Counted(listing)
        self.mode = mode if mode in MODES else COUNT
        self.drawing, self.level, self.source = kept_drawing()
        self.places = list(listing.cube.places.values())
        self._kept = {}

    # ---- numbers -----------------------------------------------------------------------------

    @property
    def total(self):
        return self.counted.total

    @cached_property
    def is_filtered(self):
        """Whether anything but a place is asked for: then a share is of the businesses there."""
        return any(name not in REGIONS and name != "urut" for name in self.listing.params)

    @property
    def share_noun(self):
        return _("Bagian dari usaha setempat") if self.is_filtered else _("Bagian dari seluruh kota")

    def _whole(self, level):
        """{code: what its share is a part of}: all its businesses, or the city's when nothing filters."""
        there = self.listing.cube.totals(level)
        if self.is_filtered:
            return there
        return dict.fromkeys([code for code, _name, _above in self._named(level)], self.listing.cube.total)

    def _named(self, level):
        """[(code, name, kecamatan)] of the areas of a level, in the order of their codes."""
        if level == Region.Level.KELURAHAN:
            return [(place.code, place.name, place.kecamatan) for place in self.places]
        names = {place.kecamatan_code: place.kecamatan for place in self.places}
        return [(code, name, _("Kecamatan")) for code, name in names.items()]

    def _asked_for(self, code):
        """Whether an area lies in what is asked for, or holds it."""
        kelurahan, kecamatan = (self.listing.params.get(name, ()) for name in ("kelurahan", "kecamatan"))
        inside = not kecamatan or code[:8] in kecamatan
        return inside and (not kelurahan or any(chosen.startswith(code) for chosen in kelurahan))

    def _counts(self, level):
        """(counts, wholes, thresholds) of a level."""
        if level not in self._kept:
            counts, wholes = self.counted.counts(str(level)), self._whole(level)
            # The steps are the whole city's, so that choosing a kecamatan changes no colour.
            everywhere = self.listing.counts(str(level), without=REGIONS)
            values = [
                self._value(everywhere.get(code, 0), wholes.get(code, 0))
                for code, _name, _above in self._named(level)
            ]
            self._kept[level] = counts, wholes, tilemap.thresholds_for(values)
        return self._kept[level]

    def _value(self, count, whole):
        """What colours an area: the count, or its share in thousandths (at least one where there is any)."""
        if count is None or self.mode == COUNT:
            return count
        return max(round(1000 * count / whole), 1) if whole and count else 0

    def _areas(self, level):
        counts, wholes, thresholds = self._counts(level)
        chosen = self.listing.params.get(str(level), ())
        found = []
        for code, name, kecamatan in self._named(level):
            count = counts.get(code, 0) if self._asked_for(code) else None
            whole = wholes.get(code, 0)
            share = percent(count, whole) if count is not None else ""
            places = {"kecamatan": [code[:8]], "kelurahan": [code] if level == Region.Level.KELURAHAN else []}
            found.append(
                Area(
                    code=code,
                    name=name,
                    kecamatan=kecamatan,
                    count=count,
                    share=share,
                    value=self._value(count, whole),
                    step=tilemap.step_for(self._value(count, whole), thresholds),
                    url=self.listing.url(urut=[], **places),
                    selected=code in chosen,
                    text="" if count is None else number(count) if self.mode == COUNT else share,
                )
            )
        return found

    # ---- what the page shows -----------------------------------------------------------------

    @cached_property
    def rows(self):
        """[Area] of every kelurahan, in the order of their codes."""
        return self._areas(Region.Level.KELURAHAN)

    @property
    def groups(self):
        """The table: [(kecamatan, its count, [Area])] of what is asked for."""
        found = {}
        for row in self.rows:
            if row.count is not None:
                found.setdefault(row.kecamatan, []).append(row)
        return [(name, sum(row.count for row in rows), rows) for name, rows in found.items()]

    @cached_property
    def shapes(self):
        """[Area] that have an outline, with it."""
        if not self.drawing:
            return []
        rows = self.rows if self.level == Region.Level.KELURAHAN else self._areas(self.level)
        by_code = {row.code: row for row in rows}
        return [
            replace(by_code[shape.code], shape=shape)
            for shape in self.drawing.shapes
            if shape.code in by_code
        ]

    @property
    def labels(self):
        """The name of each kecamatan, over the figure of its widest kelurahan."""
        if self.level != Region.Level.KELURAHAN:
            return [Label(row.name, row.shape.x, row.shape.y - 18) for row in self.shapes]
        widest = {}
        for row in self.shapes:
            if row.kecamatan not in widest or row.shape.room > widest[row.kecamatan].room:
                widest[row.kecamatan] = row.shape
        return [Label(name, shape.x, shape.y - 18) for name, shape in widest.items()]

    @property
    def steps(self):
        """The legend."""
        _counts, _wholes, thresholds = self._counts(self.level or Region.Level.KELURAHAN)
        return tilemap.steps_of(thresholds, self._told)

    def _told(self, threshold):
        return number(threshold) if self.mode == COUNT else _per_mille(threshold)

    @property
    def tiles(self):
        """The tile map of the same numbers, for a city whose outlines are not loaded."""
        rows = [
            {
                "code": row.code,
                "name": row.name,
                "kecamatan": row.kecamatan,
                "column": place.column,
                "row": place.row,
                "count": row.count,
                "value": row.value,
                "text": row.text,
                "url": row.url,
            }
            for place, row in zip(self.places, self.rows, strict=True)
        ]
        return tilemap.build(
            rows,
            selected=self.listing.params.get("kelurahan", ()),
            thresholds=self._counts(Region.Level.KELURAHAN)[2],
            told=self._told,
        )

    @property
    def bounds(self):
        """West, south, east, north of what is asked for, in degrees; None without outlines."""
        if not self.drawing:
            return None
        boxes = [row.shape.box for row in self.shapes if row.count is not None]
        if not boxes or len(boxes) == len(self.shapes):
            return self.drawing.box
        west, south, east, north = zip(*boxes, strict=True)
        return min(west), min(south), max(east), max(north)

    @property
    def ground(self):
        """The same of the whole city: of its outlines, or of the middles of its kelurahan; None without."""
        if self.drawing:
            return self.drawing.box
        middles = [
            (float(lon), float(lat))
            for lon, lat in Region.objects.kelurahan()
            .exclude(latitude=None)
            .exclude(longitude=None)
            .values_list("longitude", "latitude")
        ]
        if not middles:
            return None
        west, south = map(min, zip(*middles, strict=True))
        east, north = map(max, zip(*middles, strict=True))
        return west - AROUND, south - AROUND, east + AROUND, north + AROUND

    @property
    def modes(self):
        """[{label, url, on}]: the same map coloured the other way."""
        labels = {COUNT: _("Jumlah"), SHARE: _("Bagian")}
        return [
            {
                "label": labels[mode],
                "url": address("directory-map", self.listing, warna="" if mode == COUNT else mode),
                "on": mode == self.mode,
            }
            for mode in MODES
        ]
