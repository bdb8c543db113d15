"""Outlines of areas as a light SVG drawing: projected, thinned, written as path data. Geometry only, no ORM.

Borders are thinned once for both neighbours, so that no gap opens between them: rings are cut where the set
of areas that meet changes, and each piece is simplified by itself (Douglas-Peucker). The projection is the
web's (spherical Mercator), so that the same drawing lies true over map tiles.

`draw({code: geometry}, group_of)` takes GeoJSON Polygon or MultiPolygon geometries in degrees and gives a
`Drawing`, all in whole numbers.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

WIDTH = 1000  # units of the drawing; the height follows the ground
MAX_HEIGHT = 2000
TOLERANCE = 1.5  # of a unit: under a pixel on every screen the drawing fits on
MARGIN = 4
BESIDE = 4.3  # how far beside a line one looks for what lies there


@dataclass(frozen=True)
class Shape:
    """One area: its path, where a label may stand, and how wide the area is there."""

    code: str
    path: str
    x: int
    y: int
    room: int
    box: tuple  # west, south, east, north in degrees


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    box: tuple  # west, south, east, north in degrees, of the whole drawing
    shapes: tuple
    borders: tuple  # path data of lines between groups and around the whole

    @property
    def view_box(self):
        return f"0 0 {self.width} {self.height}"


def draw(geometries, group_of):
    """A Drawing of {code: geometry}, or None where there is nothing to draw.

    `group_of(code)` names what an area belongs to; lines between two groups come in `borders`.
    """
    flat = {code: _rings(geometry) for code, geometry in sorted(geometries.items())}
    flat = {code: rings for code, rings in flat.items() if rings}
    if not flat:
        return None
    boxes = {code: _box(point for ring in rings for point in ring) for code, rings in flat.items()}
    whole = _box(corner for box in boxes.values() for corner in (box[:2], box[2:]))
    place, width, height, whole = _placer(whole)
    placed, owners = [], []
    for code, rings in flat.items():
        for ring in rings:
            thin = _without_repeats([place(*point) for point in ring])
            if len(thin) >= 3:
                placed.append(thin)
                owners.append(code)
    pieces = _Pieces(placed)
    rings_of = {code: [] for code in flat}
    for number, code in enumerate(owners):
        ring = pieces.thinned(number)
        if len(ring) >= 3:
            rings_of[code].append(ring)
    shapes = tuple(_shape(code, rings, boxes[code]) for code, rings in rings_of.items() if rings)
    groups = [group_of(code) for code in owners]
    return Drawing(width, height, whole, shapes, pieces.borders(groups))


# ---- from degrees to the drawing ---------------------------------------------------------------


def _rings(geometry):
    """Every ring of a geometry, holes too, without its closing point."""
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    return [[(x, y) for x, y in ring[:-1]] for polygon in polygons for ring in polygon]


def _box(points):
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def mercator(latitude):
    """The northing of a latitude in the web's projection, in degrees of longitude."""
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)))


def _latitude(northing):
    return math.degrees(2 * math.atan(math.exp(math.radians(northing))) - math.pi / 2)


def _placer(box):
    """(function from degrees to units, width, height, the box of the drawing with its margin)."""
    west, south, east, north = box
    low, high = mercator(south), mercator(north)
    scale = min(
        (WIDTH - 2 * MARGIN) / max(east - west, 1e-6), (MAX_HEIGHT - 2 * MARGIN) / max(high - low, 1e-6)
    )
    width = round((east - west) * scale) + 2 * MARGIN
    height = round((high - low) * scale) + 2 * MARGIN

    def place(x, y):
        return round((x - west) * scale) + MARGIN, round((high - mercator(y)) * scale) + MARGIN

    margin = MARGIN / scale
    with_margin = (west - margin, _latitude(low - margin), east + margin, _latitude(high + margin))
    return place, width, height, with_margin


def _without_repeats(ring):
    kept = [point for point, after in zip(ring, [*ring[1:], ring[0]], strict=True) if point != after]
    return kept


# ---- thinning, the same for both sides of a border ---------------------------------------------


class _Pieces:
    """Rings cut at the points where other neighbours begin, each piece thinned once."""

    def __init__(self, rings):
        self.rings = rings
        self.at = {}  # point: numbers of the rings that pass it
        for number, ring in enumerate(rings):
            for point in ring:
                self.at.setdefault(point, set()).add(number)
        self.kept = {}  # piece in its one direction: thinned

    def _cuts(self, ring):
        """Positions in a ring where the neighbours change, or two far points of a ring that stands alone."""
        size = len(ring)
        cuts = [
            i
            for i, point in enumerate(ring)
            if len(self.at[point]) > 1
            and not (self.at[point] == self.at[ring[i - 1]] == self.at[ring[(i + 1) % size]])
        ]
        if len(cuts) < 2:
            first = cuts[0] if cuts else ring.index(min(ring))
            x, y = ring[first]
            far = max(range(size), key=lambda i: ((ring[i][0] - x) ** 2 + (ring[i][1] - y) ** 2, ring[i]))
            cuts = sorted({first, far})
        return cuts

    def _of(self, ring):
        cuts = self._cuts(ring)
        for start, end in zip(cuts, [*cuts[1:], cuts[0] + len(ring)], strict=True):
            yield tuple(ring[i % len(ring)] for i in range(start, end + 1))

    def _thin(self, piece):
        """The piece thinned, alike whichever way round it is walked."""
        back = piece[::-1]
        one = min(piece, back)
        if one not in self.kept:
            self.kept[one] = _simplified(one)
        thin = self.kept[one]
        return thin if one == piece else thin[::-1]

    def thinned(self, number):
        found = []
        for piece in self._of(self.rings[number]):
            found += self._thin(piece)[:-1]
        return found

    def borders(self, groups):
        """Path data of the pieces that lie between two groups, or at the edge of all; each once.

        What lies on either side is looked up by a point beside the piece: neighbours that were drawn apart
        share no corners.
        """
        boxes = [_box(ring) for ring in self.rings]

        def group_at(x, y):
            for number, (west, low, east, high) in enumerate(boxes):
                if west <= x <= east and low <= y <= high and _holds(self.rings[number], x, y):
                    return groups[number]
            return None

        lines = set()
        for ring in self.rings:
            for piece in self._of(ring):
                (x1, y1), (x2, y2) = max(pairwise(piece), key=lambda pair: math.dist(*pair))
                length = math.dist((x1, y1), (x2, y2))
                dx, dy = (y1 - y2) / length * BESIDE, (x2 - x1) / length * BESIDE
                x, y = (x1 + x2) / 2, (y1 + y2) / 2
                if group_at(x + dx, y + dy) != group_at(x - dx, y - dy):
                    thin = tuple(self._thin(piece))
                    lines.add(min(thin, thin[::-1]))
        return tuple(_path(line) for line in sorted(lines))


def _holds(ring, x, y):
    """Whether the point lies inside the ring (a corner in the same height counts once)."""
    inside = False
    for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside


def _simplified(points):
    """Douglas-Peucker without recursion; keeps both ends."""
    keep = {0, len(points) - 1}
    waiting = [(0, len(points) - 1)]
    while waiting:
        first, last = waiting.pop()
        best, at = TOLERANCE, None
        for i in range(first + 1, last):
            distance = _distance(points[i], points[first], points[last])
            if distance > best:
                best, at = distance, i
        if at is not None:
            keep.add(at)
            waiting += [(first, at), (at, last)]
    return [points[i] for i in sorted(keep)]


def _distance(point, start, end):
    (x, y), (x1, y1), (x2, y2) = point, start, end
    dx, dy = x2 - x1, y2 - y1
    length = math.hypot(dx, dy)
    if not length:
        return math.hypot(x - x1, y - y1)
    return abs(dx * (y1 - y) - dy * (x1 - x)) / length


# ---- path data and the place of a label --------------------------------------------------------


def _path(points, closed=False):
    """SVG path data in relative whole numbers, the shortest way to write them."""
    x, y = points[0]
    steps = []
    for (x1, y1), (x2, y2) in pairwise(points):
        dx, dy = x2 - x1, y2 - y1
        steps.append(f"{' ' if steps and dx >= 0 else ''}{dx}{' ' if dy >= 0 else ''}{dy}")
    return f"M{x} {y}l{''.join(steps)}{'z' if closed else ''}"


def _shape(code, rings, box):
    path = "".join(_path(ring, closed=True) for ring in rings)
    largest = max(rings, key=lambda ring: abs(_twice_area(ring)))
    x, y, room = _label_place(largest)
    return Shape(code, path, x, y, room, box)


def _twice_area(ring):
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]))


def _label_place(ring):
    """(x, y, width there) in the middle of the widest stretch near the ring's middle height."""
    ys = [y for _x, y in ring]
    low, high = min(ys), max(ys)
    best = (ring[0][0], ring[0][1], 0)
    for part in (0.5, 0.42, 0.58, 0.34, 0.66):
        y = low + (high - low) * part + 0.01  # never exactly through a corner
        xs = sorted(
            x1 + (y - y1) * (x2 - x1) / (y2 - y1)
            for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]])
            if (y1 > y) != (y2 > y)
        )
        for left, right in zip(xs[::2], xs[1::2], strict=False):
            if right - left > best[2] * 1.15:
                best = (round((left + right) / 2), round(y), round(right - left))
    return best
