"""A block from the clipboard: where its cells end, and which column is which."""

import pytest

from registry.rows import block


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
        ('"Jl. Mawar 3\nRT 02"\tx', [["Jl. Mawar 3 RT 02", "x"]]),
        ('"kue ""basah"""\tx', [['kue "basah"', "x"]]),
        ('Kue "Basah" Bu Ani\tx', [['Kue "Basah" Bu Ani', "x"]]),
        ('"tak pernah tutup\tb\nc\td', [['"tak pernah tutup', "b"], ["c", "d"]]),
        ("a\t\tc\n\n\t\t\nb", [["a", "", "c"], ["b"]]),
        ("", []),
    ],
)
def test_cells_of_a_pasted_text(text, rows):
    assert block.cells_of(text) == rows


def test_a_header_tells_the_columns_in_any_order():
    rows = block.cells_of(
        "No\tNama Pemilik\tNo. HP/WA\tNama Usaha\tJenis Produk\tRT/RW\tKelurahan\n"
        "1\tSiti\t0812-1111-2222\tKeripik Bu Siti\tkeripik tempe\t003/005\tPurwantoro"
    )

    read = block.read(rows)

    assert read.has_header
    assert read.rows == [
        {
            "name": "Keripik Bu Siti",
            "activity": "keripik tempe",
            "kelurahan": "Purwantoro",
            "rt": "003/005",
            "phone": "0812-1111-2222",
            "owner": "Siti",
        }
    ]
    assert read.unused == []


def test_a_label_tells_unit_and_period_of_its_figures():
    rows = block.cells_of("Nama Usaha\tJenis Usaha\tOmzet per bulan (juta)\nKios A\tsembako\t5")

    assert block.read(rows).rows == [
        {"name": "Kios A", "activity": "sembako", "turnover": "5 juta", "turnover_period": "bulan"}
    ]


def test_columns_without_a_place_are_named():
    rows = block.cells_of("Nama Usaha\tAlamat\tNama ibu kandung\tWarna spanduk\nA\tJl. B\tC\tmerah")

    assert "Warna spanduk" in block.read(rows).unused


@pytest.mark.parametrize(
    "text",
    [
        "Warung Sederhana\tnasi campur\tPurwantoro\nToko Maju\tsembako\tBlimbing",
        "Kelurahan Purwantoro\tkopi\nKelurahan Blimbing\tteh",
        "Toko Kelontong",
    ],
)
def test_businesses_are_no_header(text):
    read = block.read(block.cells_of(text))

    assert not read.has_header
    assert read.rows == block.cells_of(text)


def test_a_header_printed_again_and_numbered_columns_are_no_businesses():
    rows = block.cells_of(
        "Nama Usaha\tAlamat\tKelurahan\n1\t2\t3\nA\tJl. B\tPurwantoro\n"
        "Nama Usaha\tAlamat\tKelurahan\nC\tJl. D\tBlimbing"
    )

    assert [row["name"] for row in block.read(rows).rows] == ["A", "C"]
