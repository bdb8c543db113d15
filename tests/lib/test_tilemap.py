import csv
import re
from pathlib import Path

from umkm_portal.lib.tilemap import HEIGHT, WIDTH, build, name_lines, step_for, thresholds_for

TILES = Path(__file__).parents[2] / "registry" / "data" / "cartogram_tiles.csv"


def square(code, column, row, kecamatan="Utara", count=0):
    return {
        "code": code,
        "name": f"Desa {code}",
        "kecamatan": kecamatan,
        "column": column,
        "row": row,
        "count": count,
        "url": f"/direktori/?kelurahan={code}",
    }


def malang():
    with TILES.open(encoding="utf-8") as file:
        return [
            square(row["kelurahan_code"], int(row["column"]), int(row["row"]), row["kecamatan"], number)
            | {"name": row["kelurahan"]}
            for number, row in enumerate(csv.DictReader(file))
        ]


def test_tiles_are_read_from_left_to_right_and_top_to_bottom():
    tiles = build([square("c", 0, 1), square("b", 1, 0), square("a", 0, 0)]).tiles

    assert [tile.code for tile in tiles] == ["a", "b", "c"]


def test_a_row_without_a_place_is_left_out():
    assert build([square("a", None, None)]).tiles == []


def test_an_outline_runs_only_between_two_kecamatan():
    one = build([square("a", 0, 0), square("b", 1, 0)])
    two = build([square("a", 0, 0), square("b", 1, 0, "Selatan")])

    assert one.outlines == []
    assert len(two.outlines) == 1


def test_edges_in_a_row_become_one_stroke():
    rows = [square(f"u{x}", x, 0) for x in range(3)] + [square(f"s{x}", x, 1, "Selatan") for x in range(3)]

    assert len(build(rows).outlines) == 1


def test_the_selected_tile_is_marked():
    tiles = build([square("a", 0, 0), square("b", 1, 0)], selected="b").tiles

    assert [tile.code for tile in tiles if tile.selected] == ["b"]


def test_no_count_is_step_zero_and_unknown_is_not_written_as_zero():
    none, unknown = build([square("a", 0, 0, count=0), square("b", 1, 0, count=None)]).tiles

    assert (none.step, none.count_text) == (0, "0")
    assert (unknown.step, unknown.count_text) == (0, "")


def test_steps_follow_the_thresholds():
    assert [step_for(count, [1, 10, 20, 30, 40]) for count in (0, 1, 9, 10, 40, 4_000)] == [0, 1, 1, 2, 5, 5]


def test_thresholds_rise_even_when_all_counts_are_equal():
    lows = thresholds_for([7] * 57)

    assert lows[0] == 1
    assert lows == sorted(set(lows))


def test_the_legend_starts_at_none_and_dots_thousands():
    steps = build([square("a", 0, 0, count=5_000)], thresholds=[1, 10, 100, 1_000, 2_000]).steps

    assert [step.text for step in steps] == ["0", "1+", "10+", "100+", "1.000+", "2.000+"]


def test_shapes_are_whole_numbers_for_the_template():
    drawn = build(malang())

    numbers = [value for tile in drawn.tiles for value in (tile.x, tile.y, tile.middle, tile.count_y)]
    numbers += [value for label in drawn.labels for value in (label.x, label.y, label.width, label.text_y)]
    assert all(isinstance(value, int) for value in numbers)
    assert all(re.fullmatch(r"M\d+ \d+L\d+ \d+", path) for path in drawn.outlines)


def test_the_whole_city_fits_and_every_kecamatan_is_named():
    drawn = build(malang())

    assert len(drawn.tiles) == 57
    assert sorted(label.name for label in drawn.labels) == [
        "Blimbing",
        "Kedungkandang",
        "Klojen",
        "Lowokwaru",
        "Sukun",
    ]
    assert all(tile.x + WIDTH <= drawn.width and tile.y + HEIGHT <= drawn.height for tile in drawn.tiles)
    assert all(label.x >= 0 and label.x + label.width <= drawn.width for label in drawn.labels)


def test_no_name_part_is_wider_than_a_tile():
    parts = [part for row in malang() for part in name_lines(row["name"])]

    assert max(len(part.rstrip("-")) for part in parts) <= 9


def test_names_break_where_a_reader_would():
    assert name_lines("Dinoyo") == ["Dinoyo"]
    assert name_lines("Purwantoro") == ["Purwan-", "toro"]
    assert name_lines("Oro-oro Dowo") == ["Oro-oro", "Dowo"]
    assert name_lines("Kedungkandang") == ["Kedung-", "kandang"]
