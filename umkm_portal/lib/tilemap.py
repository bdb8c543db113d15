"""The tile map: one square per kelurahan, kecamatan outlined, every tile a link. Geometry only, no ORM.

It needs no boundary layer, no tiles and no JavaScript, so it stands in wherever a map would. What it says is
how many, not how large: every kelurahan has the same square.

`build(rows, ...)` takes a list of dicts `code, name, kecamatan, column, row, count, url` and gives a
`TileMap` whose shapes a template only has to print. Steps 0 to 5 are colours; step 0 is always "none".
A row may carry `value`, by which it is coloured instead of its count, and `text`, which it shows instead.
"""

import re
from dataclasses import dataclass, field

from django.utils.html import escape

PITCH_X, PITCH_Y = 62, 56  # distance from one tile to the next
WIDTH, HEIGHT = 58, 52  # a tile; the rest is the gap an outline runs in
MARGIN_TOP, MARGIN_FOOT, MARGIN = 20, 16, 4
LABEL_HEIGHT = 16
LABEL_LETTER = 7.2  # mean width of a bold 12 px letter, to size the label's ground
LINE_LETTERS = 8  # a longer name is broken in two
PART_LETTERS = 9  # longest part that fits a tile at 10.5 px

# Endings of Javanese place names: a long name is broken before one of them ("Purwan-toro" reads badly only
# where no ending is known, then the syllable nearest the middle is taken).
_endings = (
    "asri besuki candi celaket dalem dowo gede gungan gunung harjo jajar kandang kerto krajan langu "
    "lor kidul mulyo puro rejo rejosari sari sekar sono toro wangi waru wetan winangun wulung yoso "
    "dadi kasri sentul"
)
ENDINGS = sorted(_endings.split(), key=len, reverse=True)
VOWELS = "aeiou"
LETTER_PAIRS = ("ng", "ny", "kh", "sy", "dh", "th")


@dataclass(frozen=True)
class Tile:
    code: str
    name: str
    kecamatan: str
    count: int | None
    count_text: str
    url: str
    step: int
    selected: bool
    x: int  # whole numbers only: Django writes 1.5 as "1,5" in Indonesian, and SVG would not understand
    y: int
    middle: int
    count_y: int
    lines: tuple  # of (text, y)


@dataclass(frozen=True)
class Label:
    name: str
    x: int
    y: int
    width: int
    middle: int
    text_y: int


@dataclass(frozen=True)
class Step:
    number: int
    text: str


@dataclass(frozen=True)
class TileMap:
    width: int
    height: int
    tiles: list
    outlines: list  # of SVG path data, one per kecamatan border that runs between two tiles
    labels: list
    steps: list = field(default_factory=list)  # the legend, lightest first
    tile_width: int = WIDTH
    tile_height: int = HEIGHT
    label_height: int = LABEL_HEIGHT

    @property
    def view_box(self):
        return f"0 0 {self.width} {self.height}"


def build(rows, *, selected=(), thresholds=None, told=None):
    """Lay out `rows` (dicts `code, name, kecamatan, column, row, count, url`).

    `selected` holds codes to mark. `thresholds` are the five lowest counts of steps 1 to 5; without them
    they are taken from the counts themselves. `told(low)` says a threshold in the legend. Rows without a
    column or row are left out: a city that has no tile map yet gets an empty one.
    """
    rows = [row for row in rows if row.get("column") is not None and row.get("row") is not None]
    if not rows:
        return TileMap(width=PITCH_X, height=PITCH_Y, tiles=[], outlines=[], labels=[])
    left = min(row["column"] for row in rows)
    top = min(row["row"] for row in rows)
    place = {(row["column"] - left, row["row"] - top): row for row in rows}
    thresholds = list(thresholds or thresholds_for([_value(row) or 0 for row in rows]))
    selected = {str(code) for code in ([selected] if isinstance(selected, str) else selected)}
    return TileMap(
        width=(max(x for x, _ in place) + 1) * PITCH_X + 2 * MARGIN,
        height=(max(y for _, y in place) + 1) * PITCH_Y + MARGIN_TOP + MARGIN_FOOT,
        tiles=[_tile(x, y, row, thresholds, selected) for (x, y), row in sorted(place.items(), key=_reading)],
        outlines=_outlines(place),
        labels=_labels(place),
        steps=steps_of(thresholds, told),
    )


def steps_of(thresholds, told=None):
    """The legend of five thresholds, lightest first; `told(low)` writes one, as a count when left out."""
    told = told or _dotted
    return [Step(0, told(0)), *(Step(n, f"{told(low)}+") for n, low in enumerate(thresholds, 1))]


def _value(row):
    return row.get("value", row.get("count"))


def thresholds_for(counts):
    """Five rising lowest counts, round enough to be read aloud: the first is always 1.

    The steps hold about 30, 25, 20, 15 and 10 percent of the places that have any, so that a map with one
    very full kelurahan still shows differences among the others.
    """
    some = sorted(count for count in counts if count > 0)
    lows = [1]
    for share in (0.30, 0.55, 0.75, 0.90):
        at = some[min(len(some) - 1, int(share * len(some)))] if some else 0
        lows.append(max(_rounded(at), lows[-1] + 1))
    return lows


def step_for(count, thresholds):
    """Colour step of `count`: 0 for none (or unknown), else the highest threshold it reaches."""
    return sum(1 for low in thresholds if (count or 0) >= low)


def _reading(item):
    (x, y), _row = item
    return (y, x)  # the order a person, and a screen reader, goes through


def _rounded(number):
    for step, below in ((1, 20), (5, 100), (10, 500), (50, 2_000)):
        if number < below:
            return number // step * step
    return number // 100 * 100


def _dotted(number):
    return f"{number:,}".replace(",", ".")


def _corner(x, y):
    return MARGIN + x * PITCH_X, MARGIN_TOP + y * PITCH_Y


def _tile(x, y, row, thresholds, selected):
    left, top = _corner(x, y)
    count = row.get("count")
    lines = name_lines(row["name"])
    first = top + (34 if len(lines) > 1 else 38)
    return Tile(
        code=str(row["code"]),
        name=row["name"],
        kecamatan=row["kecamatan"],
        count=count,
        count_text=row.get("text", "" if count is None else _dotted(count)),
        url=row.get("url") or "",
        step=step_for(_value(row), thresholds),
        selected=str(row["code"]) in selected,
        x=left,
        y=top,
        middle=left + WIDTH // 2,
        count_y=top + 20,
        lines=tuple((line, first + 11 * number) for number, line in enumerate(lines)),
    )


def _outlines(place):
    """Borders between tiles of different kecamatan, neighbouring edges joined into long strokes."""
    edges = set()
    for (x, y), row in place.items():
        for dx, dy in ((1, 0), (0, 1)):
            other = place.get((x + dx, y + dy))
            if other and other["kecamatan"] != row["kecamatan"]:
                edges.add(((x + 1, y), (x + 1, y + 1)) if dx else ((x, y + 1), (x + 1, y + 1)))
    paths = []
    while edges:
        start, end = min(edges)
        edges.remove((start, end))
        direction = (end[0] - start[0], end[1] - start[1])
        while (step := (end, (end[0] + direction[0], end[1] + direction[1]))) in edges:
            edges.remove(step)
            end = step[1]
        paths.append((start, end))
    return [_stroke(start, end) for start, end in sorted(paths)]


def _stroke(start, end):
    (x1, y1), (x2, y2) = _corner(*start), _corner(*end)
    gap_x, gap_y = (PITCH_X - WIDTH) // 2, (PITCH_Y - HEIGHT) // 2
    return f"M{x1 - gap_x} {y1 - gap_y}L{x2 - gap_x} {y2 - gap_y}"


def _labels(place):
    """One label per kecamatan, where it hides no count: over its free top, under its foot, or in a gap."""
    return [_label(name, place) for name in sorted({row["kecamatan"] for row in place.values()})]


def _label(name, place):
    own = [at for at, row in place.items() if row["kecamatan"] == name]
    roofs = [(x, y) for x, y in own if (x, y - 1) not in place]
    feet = [(x, y) for x, y in own if (x, y + 1) not in place]
    side = -1 if roofs else 1 if feet else 0
    tiles = roofs or feet or own
    level = max(y for _, y in tiles) if side == 1 else min(y for _, y in tiles)
    xs = sorted(x for x, y in tiles if y == level)
    run = [x for number, x in enumerate(xs) if x - xs[0] == number]
    left, top = _corner(run[0], level)
    right = _corner(run[-1], level)[0] + WIDTH
    width = round(len(name) * LABEL_LETTER) + 12
    x = (left + right - width) // 2
    if width > right - left:  # wider than its tiles: lean away from a neighbour
        if (run[0] - 1, level + side) in place:
            x = left
        elif (run[-1] + 1, level + side) in place:
            x = right - width
    last = max(x for x, _ in place)
    x = min(max(x, 1), max((last + 1) * PITCH_X + 2 * MARGIN - width - 1, 1))
    y = {-1: top - LABEL_HEIGHT - 1, 1: top + HEIGHT + 2, 0: top - LABEL_HEIGHT // 2}[side]
    return Label(name, x, y, width, x + width // 2, y + 13)


def name_lines(name):
    """`name` on one or two lines that fit a tile: at a space or hyphen, else between syllables."""
    if len(name) <= LINE_LETTERS:
        return [name]
    if " " in name:
        words = name.split()
        cut = min(range(1, len(words)), key=lambda at: abs(len(" ".join(words[:at])) - len(name) / 2))
        return [" ".join(words[:cut]), " ".join(words[cut:])]
    if "-" in name:
        return [part + dash for part, dash in zip(name.split("-", 1), ("-", ""), strict=True)]
    cut = _word_break(name)
    return [name[:cut] + "-", name[cut:]]


def _word_break(word):
    low = word.lower()
    for ending in ENDINGS:
        rest = len(low) - len(ending)
        if low.endswith(ending) and 3 <= rest <= PART_LETTERS and len(ending) <= PART_LETTERS:
            return rest
    breaks = [at for at in _syllable_starts(low) if 3 <= at <= len(low) - 3] or [len(low) // 2]
    return min(breaks, key=lambda at: (abs(at - len(low) / 2), -at))


def _syllable_starts(low):
    """Where a syllable may start: a consonant (or ng, ny, …) followed by a vowel, after a letter."""
    for match in re.finditer(rf"({'|'.join(LETTER_PAIRS)}|[^{VOWELS}])[{VOWELS}]", low):
        if match.start():
            yield match.start()


# ---- printing --------------------------------------------------------------------------------


def svg_parts(map, *, mini=False):
    """What stands inside the <svg>, as one safe-to-print text: sixty tiles are too many for template tags."""
    parts = [_tile_svg(map, tile, mini) for tile in map.tiles]
    parts += [f'<path class="tile-border" d="{outline}"/>' for outline in map.outlines]
    parts += [
        f'<g class="tile-label" aria-hidden="true"><rect x="{label.x}" y="{label.y}" width="{label.width}" '
        f'height="{map.label_height}" rx="8"/><text x="{label.middle}" y="{label.text_y}">'
        f"{escape(label.name)}</text></g>"
        for label in map.labels
    ]
    return "\n".join(parts)


def table_rows(map):
    """The same counts as rows of a table, safe to print."""
    return "".join(
        '<tr><td class="keep">'
        + (f'<a href="{escape(tile.url)}">{escape(tile.name)}</a>' if tile.url else escape(tile.name))
        + f'</td><td class="keep below">{escape(tile.kecamatan)}</td>'
        + f'<td class="keep num">{escape(tile.count_text) or "—"}</td></tr>'
        for tile in map.tiles
    )


def _tile_svg(map, tile, mini):
    css = f"tile tile-{tile.step}" + (" tile-selected" if tile.selected else "")
    title = f"{tile.name}, {tile.kecamatan}" + (f": {tile.count_text}" if tile.count_text else "")
    shape = (
        f"<title>{escape(title)}</title>"
        f'<rect x="{tile.x}" y="{tile.y}" width="{map.tile_width}" height="{map.tile_height}" rx="6"/>'
    )
    if not mini:
        lines = "".join(
            f'<text class="tile-name" x="{tile.middle}" y="{y}">{escape(line)}</text>'
            for line, y in tile.lines
        )
        shape += (
            f'<g aria-hidden="true"><text class="tile-count" x="{tile.middle}" y="{tile.count_y}">'
            f"{escape(tile.count_text)}</text>{lines}</g>"
        )
    if tile.url:
        return f'<a class="{css}" href="{escape(tile.url)}">{shape}</a>'
    return f'<g class="{css}">{shape}</g>'
