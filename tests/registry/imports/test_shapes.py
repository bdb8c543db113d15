"""Shapes that lists of real offices have, in small: forms, continued headers, sums, names of persons."""

import pytest

from registry.businesses import matching
from registry.imports import normalise, vocabulary
from tests.registry.imports.files import csv
from tests.registry.imports.test_plan import HEAD, counts, plan, refusal, row

FORM = [
    "Timestamp",
    "Email Address",
    "Nama lengkap pemilik usaha sesuai KTP",
    "Nama Usaha / Brand yang digunakan saat ini (jika belum ada, tuliskan jenis produk yang dijual)",
    "Apakah Bapak/Ibu bersedia mengikuti seluruh rangkaian kegiatan pelatihan dari awal sampai akhir?",
    "Alamat lengkap tempat usaha beserta RT dan RW, kelurahan serta kecamatan",
    "Berapa rata-rata omzet penjualan per bulan dalam tiga bulan terakhir menurut perkiraan Bapak/Ibu?",
    "Nomor WhatsApp yang dapat dihubungi",
]


def test_the_questions_of_a_form_are_the_header_not_its_first_answer():
    answers = [
        f'"2024/01/02 10:00","a{n}@contoh.id","Pemilik {n}","Keripik {chr(64 + n)}","Ya",'
        f'"Jl. Mawar {n} RT 1 RW 2 Kel. Dinoyo","1 juta","08123456789{n}"'
        for n in range(1, 6)
    ]
    made = plan(csv(",".join(f'"{label}"' for label in FORM), *answers))
    assert counts(made) == (5, 5, 0, 0, 0)
    facts = made.records[0].facts
    assert (facts.name, facts.owner["name"]) == ("Keripik A", "Pemilik 1")
    assert facts.consents == []


def test_to_take_part_is_not_to_be_shown():
    assert vocabulary.role_of("Bersedia data digunakan untuk seluruh pelatihan") != "consent"
    assert vocabulary.role_of("Bersedia nomor HP ditampilkan") == "consent"
    assert vocabulary.role_of("Persetujuan foto") == "consent"


def test_a_header_of_three_rows_with_units_below():
    made = plan(
        [
            ["No", "Nama Usaha", "Alamat", "", "Tenaga Kerja", "", "Omzet"],
            ["", "", "Jalan", "Kelurahan", "Laki-laki", "Perempuan", "Per Bulan"],
            ["", "", "", "", "(org)", "(org)", "(Rp)"],
            [1, 2, 3, 4, 5, 6, 7],
            [1, "Toko A", "Jl. A", "Dinoyo", 1, 2, 1000000],
        ]
    )
    assert counts(made) == (1, 1, 0, 0, 0)
    assert made.records[0].facts.values["workers"] == 3


def test_a_label_that_goes_on_alone_in_the_next_row():
    head = "NO,NAMA PERUSAHAAN,NAMA PEMILIK,JALAN,NOMOR,PRODUK"
    made = plan(csv(head, ",,,,KBLI,", "1,Toko A,Ani,Jl. A,10792,Kue", "2,Toko B,Budi,Jl. B,10792,Kue"))
    assert counts(made) == (2, 2, 0, 0, 0)


def test_a_cell_with_a_formula_error_is_no_header():
    lines = [f"x{n};Ide usaha modal kecil {n};https://contoh.id/{n};Kuliner" for n in range(4)]
    assert refusal(csv(*lines, "#NAME?;Modal usaha;https://contoh.id/9;Kuliner")) == "import-no-header"


@pytest.mark.parametrize(
    "total",
    [
        ["Sub Jumlah", "", "", 2],
        ["", "Jumlah Total I", "", 2],
        ["", "Jumlah dipindahkan", "", 2],
        ["JUMLAH I + II", "", "", 2],
        ["Total Tenaga Kerja", "", "", 2],
    ],
)
def test_subtotals_in_other_words(total):
    made = plan([HEAD, row(1, "Toko A", address="Jl. A"), total, row(2, "Toko B", address="Jl. B")])
    assert counts(made) == (2, 2, 0, 0, 0)


def test_bare_sums_below_the_list_are_no_records_but_a_number_without_a_name_is():
    sums = ["", "", "", "", "", "", "", 26, 2995]
    made = plan([HEAD, *(row(n, f"Toko {n}x", "Ani", f"Jl. {n}", 1, 2) for n in range(1, 5)), [5], [], sums])
    assert counts(made) == (5, 4, 1, 0, 0)
    assert made.skipped["total"] == 1


@pytest.mark.parametrize(("told", "name"), [("0", ""), (0, ""), ("000", ""), ("88", "88"), (212, "212")])
def test_naught_is_no_name_but_figures_may_be(told, name):
    assert normalise.business_name(told)[0] == name


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Tegal Mulyo No. 10 B", "Tegalmulyo no 10B", True),
        ("Jl. Mawar 003/005", "Jalan Mawar", True),  # RT and RW are told apart and compared by themselves
        ("Jl. Mawar 1 23", "Jl. Mawar 12 3", False),
        ("Gg. 3 No. 1", "Gg. 31", False),
    ],
)
def test_the_same_address_in_other_spaces(one, other, same):
    assert (matching.fold_address(one) == matching.fold_address(other)) is same


def test_a_contact_of_words_is_the_person_and_so_an_identity():
    head = ["PERUSAHAAN", "KONTAK", "JALAN", "TELP"]
    made = plan([head, ["Kios Ikan", "Siti", "Jl. A", ""], ["Kios Ikan", "Budi", "Jl. A", ""]])
    assert counts(made) == (2, 2, 0, 0, 1)
    assert made.records[0].facts.owner["name"] == "Siti"


def test_groups_and_shared_columns_give_a_name():
    groups = plan([["No", "Nama Kelompok", "Ketua", "Alamat"], [1, "KUB Melati", "Siti", "Jl. A"]])
    assert groups.records[0].facts.name == "KUB Melati"
    both = plan([["No", "Nama Pemilik / Usaha", "Alamat", "HP"], [1, "Siti / Keripik Siti", "Jl. A", ""]])
    assert counts(both) == (1, 1, 0, 0, 0)
    member = plan(
        [["No", "Nama Kelompok", "Nama Usaha", "Alamat"], [1, "KUB Melati", "Keripik Siti", "Jl. A"]]
    )
    assert member.records[0].facts.name == "Keripik Siti"


def test_a_recap_told_by_its_title_only():
    recap = [
        ["REKAPITULASI DATA UMKM"],
        [],
        ["No", "Sektor Usaha", "Barat", "Timur"],
        [1, "Pertanian", 162, 217],
        [2, "Industri", 30, 12],
    ]
    assert refusal(recap) == "import-recap"


def test_group_headings_are_no_businesses():
    made = plan(
        [
            HEAD,
            ["I", "MAKANAN"],
            row(1, "Toko A", "Ani", "Jl. A"),
            row(2, "Toko B", "Budi", "Jl. B"),
            ["II", "KERAJINAN"],
            row(1, "Toko C", "Cici", "Jl. C"),
        ]
    )
    assert counts(made) == (5, 3, 2, 0, 0)


@pytest.mark.parametrize(
    "block",
    [
        [["Ditetapkan di Malang"], ["pada tanggal 5 Mei 2022"], ["KEPALA DINAS,"], ["SUPARNO"]],
        [["Malang, 12-01-2023"], ["Camat"], ["SUPARNO"], ["NIP. 19681212"]],
        [["Tanggal : 12 Januari 2023"], ["Tanda tangan,"], ["SUPARNO"]],
        [["Yang membuat"], ["(................)"]],
    ],
)
def test_signature_blocks_in_other_words(block):
    shops = [row(n, f"Toko {n}x", "Ani", f"Jl. {n}", 1, 2) for n in range(1, 6)]
    made = plan([HEAD, *shops, [], *([*[""] * 5, *line] for line in block)])
    assert counts(made) == (5, 5, 0, 0, 0)


def test_names_that_sound_like_an_office_in_a_narrow_list():
    shops = [
        ["Kepala Sapi Rawon", "Jl. A", "Rawon"],
        ["Camat Bakso", "Jl. B", "Bakso"],
        ["Toko C", "Jl. C", "Es"],
    ]
    assert counts(plan([["Nama Usaha", "Alamat", "Produk"], *shops])) == (3, 3, 0, 0, 0)
    numbered = [[n, *shop] for n, shop in enumerate(shops, 1)]
    block = [[], ["", "Mengetahui", "", "Pendata"], ["", "AHMAD", "", "SITI"], ["", "NIP. 197"]]
    assert counts(plan([["No", "Nama Usaha", "Alamat", "Produk"], *numbered, *block])) == (3, 3, 0, 0, 0)


def test_a_list_of_staff_is_no_list_of_businesses():
    staff = [["No", "NIP", "Nama", "Jabatan", "Golongan"], [1, "1970", "Ani", "Kasi", "III/a"]]
    assert refusal(staff) == "import-no-name-column"
