"""Rules R1 to R5 on small lists, counted by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.imports import reading, records
from tests.registry.imports.files import csv, places, xlsx
from umkm_portal.lib.errors import Refused

HEAD = ["No", "Nama Usaha", "Nama Pemilik", "Alamat", "RT", "RW", "Kelurahan", "No HP", "Jenis Usaha"]


def plan(data, name="daftar.csv", **options):
    if isinstance(data, list):
        data, name = xlsx(data), "daftar.xlsx"
    return records.plan(reading.read(data, name), places(), **options)


def row(number, name, owner="", address="", rt="", rw="", kelurahan="Purwantoro", phone="", kind="Kuliner"):
    return [number, name, owner, address, rt, rw, kelurahan, phone, kind]


def counts(made):
    found = made.counts()
    assert found["accepted"] + found["rejected"] + found["duplicates"] == found["records"]
    return tuple(found[k] for k in ("records", "accepted", "rejected", "duplicates", "candidates"))


def refusal(data, **options):
    with pytest.raises(Refused) as refused:
        plan(data, **options)
    return refused.value.code


def test_titles_numbers_subtotals_pages_and_signatures_are_no_records():
    made = plan(
        [
            ["DATA UMKM KELURAHAN PURWANTORO"],
            ["TAHUN 2025"],
            [],
            HEAD,
            [1, 2, 3, 4, 5, 6, 7, 8, 9],
            row(1, "Toko A", address="Jl. A"),
            row(2, "Total Jaya Motor", address="Jl. B"),
            [None, "Jumlah", None, None, None, None, None, 2],
            HEAD,
            ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)"],
            row(3, "Toko C", address="Jl. C"),
            ["TOTAL KESELURUHAN", None, None, 3],
            [],
            [None, None, None, None, None, None, "Malang, 12 Januari 2025"],
            [None, "Mengetahui,", None, None, None, None, "Pendata"],
            [None, "LURAH PURWANTORO"],
            [None, "SUTRISNO, S.Sos"],
            [None, "NIP. 19700101 199003 1 001"],
        ]
    )
    assert counts(made) == (3, 3, 0, 0, 0)
    assert [r.number for r in made.records] == [6, 7, 11]


def test_groups_over_the_columns_tell_owner_from_business():
    made = plan(
        [
            ["DAFTAR IKM"],
            ["No", "Pemilik", "", "Usaha", "", "", "Tenaga Kerja", ""],
            ["", "Nama", "Alamat", "Nama", "Alamat", "Kelurahan", "L", "P"],
            [1, "Siti", "Jl. Rumah", "Keripik Siti", "Jl. Usaha RT 02 RW 05", "Purwantoro", 2, 3],
        ]
    )
    facts = made.records[0].facts
    assert counts(made) == (1, 1, 0, 0, 0)
    assert (facts.name, facts.owner["name"]) == ("Keripik Siti", "Siti")
    assert facts.values["address"] == "Jl. Usaha RT 02 RW 05" and facts.owner["address"] == "Jl. Rumah"
    assert (facts.values["rt"], facts.values["rw"], facts.values["workers"]) == (2, 5, 5)


def test_merged_group_and_sub_header():
    made = records.plan(
        reading.read(
            xlsx(
                [
                    ["No", "Nama UMKM", "Alamat", None, None, "Telp"],
                    [None, None, "Jalan", "RT", "RW", None],
                    [1, "Toko A", "Jl. A", "04", "09", "081234567890"],
                ],
                merges=["A1:A2", "B1:B2", "C1:E1", "F1:F2"],
            ),
            "x.xlsx",
        ),
        places(),
    )
    values = made.records[0].facts.values
    assert (values["address"], values["rt"], values["rw"], values["phone"]) == (
        "Jl. A",
        4,
        9,
        "6281234567890",
    )


def test_r2_no_usable_name_and_cells_that_do_not_fit():
    made = plan(
        csv(
            "nama,kategori,alamat,lat,lon",
            "Kios A,Jasa,Jl. A,-7.95,112.63",
            "-,Jasa,Jl. B,-7.95,112.63",
            ",Jasa,Jl. C,-7.95,112.63",
            "Toko D (Sembako, Pulsa),Dagang,Jl. D,-7.95,112.63",
            "Toko E,Dagang,Jl. E-7.95,112.63",
            "Toko F,Jasa,Jl. F,-7.96,112.64",
        )
    )
    assert counts(made) == (6, 2, 4, 0, 0)
    assert [r.number for r in made.records if r.outcome == "rejected"] == [3, 4, 5, 6]
    assert all(r.reason for r in made.records if r.outcome == "rejected")


def test_trailing_blanks_left_out_are_no_misfit():
    made = plan(
        csv("nama usaha,alamat,kelurahan,keterangan", "A,Jl. A,Dinoyo", "B,Jl. B,Dinoyo,", "C,Jl. C,Dinoyo")
    )
    assert counts(made) == (3, 3, 0, 0, 0)


def test_r3_identical_rows_and_the_same_business():
    made = plan(
        [
            HEAD,
            row(1, "Toko Maju", "Siti", "Jl. A No. 1", "02", "05", phone="081234567890"),
            row(2, "TOKO  MAJU.", "SITI", "Jl A no 1", "02", "05", phone="081234567890"),
            row(3, "Toko Maju", "", "Jalan A No.1 RT 02/RW 05 65122", "", "", phone="", kind="Sembako"),
            row(4, "Toko Maju", "Ani", "Jl. A No. 1", "02", "05"),
            row(5, "Toko Maju", "Siti", "Jl. A No. 1", "03", "05"),
        ]
    )
    assert [r.outcome for r in made.records] == ["accepted", "duplicate", "duplicate", "accepted", "accepted"]
    assert [r.candidate_of for r in made.records] == [None, None, None, 2, None]
    assert counts(made) == (5, 3, 0, 2, 1)


def test_two_empty_addresses_are_not_the_same_address():
    made = plan([HEAD, row(1, "Warung Kelontong", "A"), row(2, "Warung Kelontong", kind="Toko")])
    assert counts(made) == (2, 2, 0, 0, 0)


def test_three_kiosks_of_three_owners_are_three_businesses():
    made = plan(
        [HEAD, *(row(i, "Kios Sembako", o, "Jl. Pasar") for i, o in enumerate(("Ani", "Budi", "Cici"), 1))]
    )
    assert counts(made) == (3, 3, 0, 0, 2)


def test_a_stall_number_tells_businesses_apart():
    made = plan(
        csv("nama usaha,alamat,no kios", "Kios Sembako,Pasar Besar,A-1", "Kios Sembako,Pasar Besar,A-2")
    )
    assert counts(made) == (2, 2, 0, 0, 1)


def test_candidates_by_letter_and_by_point():
    made = plan(
        csv(
            "nama usaha,pemilik,alamat,latitude,longitude",
            "Toko Barokah,Ani,Jl. A,-7.95,112.63",
            "Toko Barokkah,Budi,Jl. A,-7.96,112.64",
            "Toko Barokah,Cici,Jl. Z,-7.95,112.63",
            "Toko 1,Dodi,Jl. B,-7.91,112.61",
            "Toko 2,Edi,Jl. B,-7.92,112.62",
        )
    )
    assert counts(made) == (5, 5, 0, 0, 2)
    assert [r.candidate_of for r in made.records] == [None, 2, 2, None, None]


def test_r5_places_and_their_warnings():
    made = plan(
        csv(
            "nama usaha,alamat,kelurahan,kecamatan",
            "A,Jl. A,Kel. PURWANTORO ,Blimbing",
            "B,Jl. B,Purwantoroo,Kec. Blimbing",
            "C,Jl. C,Sanan,",
            "D,Jl. D,Klojen,Klojen",
            "E,Jl. E,Pragaan Daya,Pragaan",
            "F,Jl. F,,",
            'G,"Jl. Dinoyo 5, Kel. Jatimulyo, Kec. Lowokwaru",,',
            "H,Jl. Dinoyo 7,,",
            "I,Jl. I,Dinoyo,Klojen",
        )
    )
    found = [(r.facts.values.get("kelurahan"), len(r.facts.warnings)) for r in made.records]
    assert found == [
        ("35.73.01.1007", 0),
        ("35.73.01.1007", 1),
        ("35.73.01.1007", 0),
        ("35.73.02.1001", 0),
        (None, 1),
        (None, 1),
        ("35.73.05.1007", 1),
        (None, 1),
        ("35.73.05.1004", 1),
    ]
    assert made.records[4].facts.warnings[0][:2] == ("C", "kelurahan")
    assert counts(made)[:2] == (9, 9)


def test_the_uploader_names_the_kelurahan_unless_the_row_is_elsewhere():
    data = csv("nama usaha,alamat,kecamatan", "A,Jl. A,Blimbing", "B,Jl. B,Pragaan")
    made = plan(data, kelurahan="35.73.01.1007")
    assert [r.facts.values.get("kelurahan") for r in made.records] == ["35.73.01.1007", None]
    unknown = plan(data, kelurahan="53.71.05.1008")
    assert counts(unknown)[:2] == (2, 2)
    assert unknown.notes and all(r.facts.values.get("kelurahan") is None for r in unknown.records)


def test_a_heading_of_a_region_places_the_rows_below_it():
    made = plan(
        [
            ["No", "Nama Usaha", "Alamat"],
            ["KELURAHAN PURWANTORO"],
            [1, "A", "Jl. A"],
            ["KELURAHAN DINOYO"],
            [1, "B", "Jl. B"],
        ]
    )
    assert counts(made) == (4, 2, 2, 0, 0)
    assert [r.facts.values.get("kelurahan") for r in made.records if r.outcome == "accepted"] == [
        "35.73.01.1007",
        "35.73.05.1004",
    ]


def test_recaps_and_other_tables_are_refused():
    assert (
        refusal([["No", "Kelurahan", "Jumlah UMKM"], [1, "Purwantoro", 120], [2, "Dinoyo", 80]])
        == "import-recap"
    )
    assert (
        refusal([["No", "Kecamatan", "Mikro", "Kecil"], [1, "Blimbing", 9, 2], [2, "Klojen", 7, 1]])
        == "import-recap"
    )
    assert (
        refusal([["Nama", "Kecamatan", "UMKM"], ["Purwantoro", "Blimbing", 9], ["Dinoyo", "Klojen", 4]])
        == "import-recap"
    )
    assert refusal([["halo", "dunia"], ["a", "b"]]) == "import-no-header"
    assert refusal([HEAD, row(1, "A")], sheet_number=4) == "import-no-such-sheet"


def test_the_sheet_with_most_records_is_read_and_others_are_named():
    small, big = [HEAD, row(1, "A")], [HEAD, *(row(i, f"Toko {i}") for i in range(1, 6))]
    data = xlsx([["catatan"]], title="Info", more=[("Kecil", small, "visible"), ("Besar", big, "visible")])
    made = records.plan(reading.read(data, "x.xlsx"), places())
    assert made.sheet.name == "Besar" and any("Kecil" in note for note in made.notes)
    chosen = records.plan(reading.read(data, "x.xlsx"), places(), sheet_number=2)
    assert chosen.counts()["records"] == 1
    hidden = xlsx(small, more=[("Lama", big, "hidden")])
    assert records.plan(reading.read(hidden, "x.xlsx"), places()).counts()["records"] == 1


def test_the_one_name_a_list_has():
    bare = plan(csv("no,nama,jenis usaha,alamat", "1,Siti Aminah,Kelontong,Jl. A"))
    assert bare.counts()["accepted"] == 1 and bare.notes
    both = plan(csv("nama,nama usaha,alamat", "Siti,Toko A,Jl. A")).records[0].facts
    assert (both.name, both.owner["name"]) == ("Toko A", "Siti")
    swapped = plan(csv("nama,nama pengusaha,alamat", "Toko A,Siti,Jl. A")).records[0].facts
    assert (swapped.name, swapped.owner["name"]) == ("Toko A", "Siti")
    owners_only = plan(csv("no,nama pemilik,jenis usaha,alamat", "1,Siti,Kelontong,Jl. A", "2,Ani,Kue,Jl. B"))
    assert counts(owners_only) == (2, 0, 2, 0, 0)
    assert any("nama usaha" in note.lower() for note in owners_only.notes)


def test_identity_numbers_never_stand_in_values_or_messages():
    nik, kk = "3573011508800001", "3573010101010002"
    made = plan(
        csv(
            "nama usaha,nama pemilik,NIK,No KK,alamat,no hp,keterangan,NIB",
            f"Toko A,Siti,{nik},{kk},Jl. A {nik},{nik},{nik},{nik}",
            "Toko B,Ani,3.57301E+15,,Jl. B,,,",
        )
    )
    facts = made.records[0].facts
    assert facts.sealed["nik"] == nik and facts.sealed["kk"] == kk
    told = repr(
        (facts.values, facts.owner, facts.licences, facts.warnings, made.records[0].reason, made.notes)
    )
    assert nik not in told and kk not in told
    assert any(w[0] == "C" and "rusak" in w[2] for w in made.records[1].facts.warnings)


def test_nothing_is_cut():
    long = "Jl. " + "Panjang " * 100
    made = plan(csv("nama usaha,alamat,produk", f"Toko A,{long.strip()},{'keripik ' * 200}"))
    values = made.records[0].facts.values
    assert values["address"] == long.strip() and values["activity"] == ("keripik " * 200).strip()
    assert plan(csv("nama usaha,alamat", "X" * 10_000 + ",Jl. A")).counts()["rejected"] == 1


def test_formula_like_text_and_markup_stay_words():
    made = plan(
        csv("nama usaha,alamat", '"=HYPERLINK(""http://x"")",Jl. A', "<b>Toko</b>,Jl. B", "+62 Kopi,Jl. C")
    )
    assert [r.facts.name for r in made.records] == ['=HYPERLINK("http://x")', "<b>Toko</b>", "+62 Kopi"]


def test_generic_names_do_not_explode():
    import time

    head = "nama usaha,pemilik,alamat,latitude,longitude"
    lines = [f"Kios Sembako,Pemilik {i},Pasar Besar,-7.9{i % 10},112.6{i % 10}" for i in range(12_000)]
    start = time.process_time()
    made = plan(csv(head, *lines))
    assert counts(made)[:2] == (12_000, 12_000)
    assert time.process_time() - start < 60


cells = st.text(alphabet="ab1-. ,;\"'=\n\tRTW/0", max_size=12)


@given(st.lists(st.lists(cells, min_size=1, max_size=9), max_size=15))
def test_every_record_has_one_outcome(table):
    made = plan([HEAD, row(1, "Toko A", "Siti", "Jl. A"), *table])
    counts(made)
    assert all(r.outcome in ("accepted", "rejected", "duplicate") for r in made.records)


@given(st.lists(st.sampled_from(["Toko A", "Toko B", "TOKO A", "-", ""]), min_size=1, max_size=12))
def test_reading_its_own_accepted_rows_again_keeps_them(names):
    table = [row(i, name, "", f"Jl. {i % 3}") for i, name in enumerate(names, 1)]
    made = plan([HEAD, *table])
    kept = [r.cells for r in made.records if r.outcome == "accepted"]
    if kept:
        again = plan([HEAD, *kept])
        assert counts(again)[:4] == (len(kept), len(kept), 0, 0)
