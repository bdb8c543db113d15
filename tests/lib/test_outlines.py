"""Drawing outlines: light, without gaps between neighbours, in the right place. The areas are invented."""

import math
import re

import pytest

from umkm_portal.lib.outlines import draw, mercator


def square(west, south, size=0.01, wiggle=0):
    """A square with `wiggle` points more on each side."""
    corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
    ring = []
    for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
        for step in range(wiggle + 1):
            part = step / (wiggle + 1)
            ring.append(
                [
                    round(west + size * (x1 + (x2 - x1) * part), 6),
                    round(south + size * (y1 + (y2 - y1) * part), 6),
                ]
            )
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def points(path):
    """The corners a path visits, in units."""
    found = []
    for part in re.findall(r"M[^M]*", path):
        numbers = [int(n) for n in re.findall(r"-?\d+", part)]
        x, y = numbers[:2]
        found.append((x, y))
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = x + dx, y + dy
            found.append((x, y))
    return found


def test_nothing_to_draw_is_no_drawing():
    assert draw({}, str) is None


def test_a_square_is_its_corners_and_keeps_its_proportions():
    drawing = draw({"a": square(112.6, -7.95, wiggle=30)}, lambda code: code)

    (shape,) = drawing.shapes
    assert len(points(shape.path)) == 4
    west, south, east, north = drawing.box
    assert (drawing.width, round(drawing.width / drawing.height, 2)) == (
        1000,
        round((east - west) / (mercator(north) - mercator(south)), 2),
    )
    assert shape.box == (112.6, -7.95, 112.61, -7.94)


def test_neighbours_share_the_thinned_border():
    ragged = [[112.61, round(-7.95 + 0.0001 * n + 0.00002 * (n % 3), 6)] for n in range(101)]
    ragged = [[x + 0.0005 * math.sin(n / 5), y] for n, (x, y) in enumerate(ragged)]
    left = [[112.60, -7.95], *ragged, [112.60, -7.94]]
    right = [[112.62, -7.94], *ragged[::-1], [112.62, -7.95]]
    areas = {
        "l": {"type": "Polygon", "coordinates": [[*left, left[0]]]},
        "r": {"type": "Polygon", "coordinates": [[*right, right[0]]]},
    }

    one, two = draw(areas, lambda code: code).shapes

    shared = set(points(one.path)) & set(points(two.path))
    assert 4 < len(shared) < 60
    assert len(points(one.path)) - len(shared) <= 2 and len(points(two.path)) - len(shared) <= 2


@pytest.mark.parametrize(("groups", "inside"), [({"a": 1, "b": 1}, 0), ({"a": 1, "b": 2}, 1)])
def test_a_line_is_drawn_between_groups_and_around_all(groups, inside):
    drawing = draw({"a": square(112.60, -7.95), "b": square(112.61, -7.95)}, groups.get)

    middle = drawing.width // 2
    lines = [points(line) for line in drawing.borders]
    assert sum(all(abs(x - middle) < 5 for x, _y in line) for line in lines) == inside
    assert len(lines) >= 2


def test_holes_islands_and_labels():
    hole = square(112.604, -7.946, 0.002)["coordinates"][0]
    outer = square(112.60, -7.95)["coordinates"][0]
    island = square(112.63, -7.95, 0.002)["coordinates"]
    drawing = draw({"a": {"type": "MultiPolygon", "coordinates": [[outer, hole], island]}}, str)

    (shape,) = drawing.shapes
    assert shape.path.count("M") == 3
    assert 0 < shape.x < drawing.width * 0.34  # in the large part, not between the parts
    assert shape.room > 100


def test_a_thing_too_small_to_see_is_left_out_and_breaks_nothing():
    drawing = draw({"a": square(112.60, -7.95, 1), "b": square(112.7, -7.9, 0.00002)}, str)

    assert [shape.code for shape in drawing.shapes] == ["a"]


def test_many_points_are_drawn_in_a_moment():
    ring = [
        [112.6 + 0.05 * math.cos(n / 3000) * (1 + 0.01 * (n % 7)), -7.9 + 0.05 * math.sin(n / 3000)]
        for n in range(18_850)
    ]
    drawing = draw({"a": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}}, str)

    assert len(drawing.shapes[0].path) < 60_000
