"""One row at a time: cells read as in lists, and a message where somebody has to look again."""

from uuid import UUID

import pytest

from registry.imports.place import Places
from registry.rows.cells import HIDDEN, Reader

PLACES = Places(
    [
        ("35.73.01.1007", "Purwantoro", "Blimbing"),
        ("35.73.01.1005", "Blimbing", "Blimbing"),
        ("35.73.05.1004", "Dinoyo", "Lowokwaru"),
    ],
    city="Kota Malang",
)
ROW = UUID("6f0a5b62-5f8e-4d7d-9a66-3e0d1f3c2b11")
NEEDED = {"name": "Keripik Bu Siti", "activity": "keripik tempe", "kelurahan": "Purwantoro"}
NIK = "3573011508800001"


def read(codes=None, **cells):
    return Reader(PLACES, codes).read(NEEDED | cells, ROW)


def test_what_offices_write_is_read_as_in_lists():
    found = read(
        rt="003/005",
        phone="0812-3456-7890 / 0341 551234",
        turnover="±1,5 juta/bulan",
        workers="1-5 orang",
        owner="Siti",
        nik=NIK,
        nib="0220001234567",
        kelurahan="kel. purwantoro",
        founded="Maret 2015",
    )

    assert found.errors == {}
    assert {k: found.values[k] for k in ("rt", "rw", "phone", "phone_other", "kelurahan")} == {
        "rt": 3,
        "rw": 5,
        "phone": "6281234567890",
        "phone_other": "62341551234",
        "kelurahan": "35.73.01.1007",
    }
    assert (found.values["turnover_idr"], found.values["turnover_period"]) == (1_500_000, "month")
    assert found.values["turnover_is_estimate"] is True
    assert (found.values["workers"], found.values["workers_upper"]) == (1, 5)
    assert found.values["founded_year"] == 2015
    owner, licence = found.items
    assert owner["values"]["name"] == "Siti"
    assert found.sealed == {owner["uuid"]: {"nik": NIK}}
    assert licence["values"] == {"kind": "nib", "status": "has", "number": "0220001234567"}


def test_the_same_row_names_the_same_owner_twice():
    assert read(owner="Siti").items == read(owner="Siti").items


@pytest.mark.parametrize(
    ("key", "cell"),
    [
        ("name", ""),
        ("name", "-"),
        ("activity", ""),
        ("kelurahan", ""),
        ("kelurahan", "Sukun Raya Permai"),
        ("kelurahan", "Dinoyo, Kab. Malang, Kec. Dau"),
        ("rt", "0"),
        ("rt", "RT sekian"),
        ("rw", "1000"),
        ("phone", "0812"),
        ("phone", "lihat di WA"),
        ("nik", "3.57302E+15"),
        ("nik", "3,57302E+15"),
        ("nik", "357301150880"),
        ("nib", "12345"),
        ("turnover", "banyak"),
        ("turnover_period", "panen"),
        ("capital", "-5"),
        ("workers", "sekeluarga"),
        ("kbli", "tempe"),
        ("founded", "31/12/2205"),
        ("founded", "2205"),
        ("instagram", "javascript:alert(1)"),
        ("website", "javascript:alert(1)"),
        ("website", "data:text/html,x"),
        ("place_kind", "awang-awang"),
        ("sex", "mungkin"),
        ("note", NIK),
        ("address", f"Jl. Mawar {NIK}"),
        ("name", f"Toko {NIK}"),
        ("phone", NIK),
        ("nib", NIK),
        ("name", "x" * 251),
        ("name", "y" * 10_240),
        ("address", "z" * 10_240),
        ("note", "n" * 10_240),
        ("name", "=cmd|'/c calc'!A0"),
        ("activity", '=HYPERLINK("http://x")'),
        ("address", "@SUM(1)"),
        ("address", "#REF!"),
        ("owner", "#N/A"),
        ("address", f"Jl. Mawar {HIDDEN}"),
        ("name", "Toko\0A"),
    ],
)
def test_a_cell_that_cannot_be_used_says_so_itself(key, cell):
    found = read(**{"owner": "Siti"} | {key: cell})

    assert list(found.errors) == [key]
    assert NIK not in found.errors[key]


@pytest.mark.parametrize(
    ("key", "cell", "field", "value"),
    [
        ("name", "Kopi\u202e\u200bTubruk", "name", "KopiTubruk"),
        ("rt", "０３", "rt", 3),
        ("rt", "RT 02 RW 05", "rw", 5),
        ("address", "-", "address", None),
        ("phone", "tidak ada", "phone", None),
        ("phone", "62 812 3456 7890", "phone", "6281234567890"),
        ("turnover", "Rp 1.500.000,00", "turnover_idr", 1_500_000),
        ("turnover", "500rb", "turnover_idr", 500_000),
        ("turnover", "tidak tahu", "turnover_answer", "unknown"),
        ("turnover", "tidak bersedia", "turnover_answer", "refused"),
        ("turnover", "0", "turnover_idr", 0),
        ("capital", "2 M", "capital_idr", 2_000_000_000),
        ("address", "Jl. Sanan RT 4 RW 15", "rw", 15),
        ("place_kind", "kaki lima", "place_kind", "pkl"),
        ("instagram", "https://instagram.com/keripik.sanan?x=1", "instagram", "keripik.sanan"),
        ("website", "contoh.id", "website", "contoh.id"),
        ("kelurahan", "35.73.05.1004", "kelurahan", "35.73.05.1004"),
    ],
)
def test_a_cell_that_can_be_read_is(key, cell, field, value):
    found = read(**{key: cell})

    assert found.errors == {}
    assert found.values.get(field) == value


def test_a_slip_of_the_pen_is_read_and_told():
    found = read(kelurahan="Purwantro")

    assert found.values["kelurahan"] == "35.73.01.1007"
    assert "Purwantoro" in found.notes["kelurahan"]


def test_a_kelurahan_outside_reach_is_refused():
    found = read(codes={"35.73.05.1004"})

    assert list(found.errors) == ["kelurahan"]


@pytest.mark.parametrize(
    ("cell", "answer"),
    [("menyusul", "later"), ("tidak bersedia", "refused"), ("tidak punya", "none"), ("", None)],
)
def test_four_answers_about_a_nik(cell, answer):
    assert read(owner="Siti", nik=cell).owner["values"].get("nik_answer") == answer


def test_a_nik_needs_a_name_to_belong_to():
    assert list(read(nik=NIK).errors) == ["owner"]


def test_what_is_left_empty_proposes_nothing():
    assert set(read().values) == {"name", "activity", "kelurahan"}


def test_two_columns_that_disagree_are_asked_about():
    assert list(read(rt="003/005", rw="7").errors) == ["rw"]
    assert list(read(turnover="5 juta/bulan", turnover_period="hari").errors) == ["turnover_period"]
