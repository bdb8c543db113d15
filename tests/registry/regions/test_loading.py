"""load_regions: any city's file, idempotent, all or nothing."""

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from registry.regions import loading
from registry.regions.models import Region

pytestmark = pytest.mark.django_db

HEADER = "kecamatan_code,kecamatan,kelurahan_code,kelurahan,postal_code,lat,lon,bps_code_2016\n"
MALANG = (
    "35.73.01,Blimbing,35.73.01.1007,Purwantoro,65122,-7.954127,112.644462,3573040005\n"
    "35.73.01,Blimbing,35.73.01.1005,Blimbing,65125,-7.944619,112.645971,3573040007\n"
)
KUPANG = "53.71.05,Kota Raja,53.71.05.1008,Fontein,,,,\n53.71.01,Alak,53.71.01.1008,Alak,,,,\n"


@pytest.fixture
def load(tmp_path, capsys):
    def run(text, *arguments):
        path = tmp_path / "wilayah.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        call_command("load_regions", str(path), *arguments)
        return capsys.readouterr().out

    return run


def test_a_file_makes_the_city_its_kecamatan_and_kelurahan(load):
    said = load(HEADER + MALANG)

    purwantoro = Region.objects.get(code="35.73.01.1007")
    assert (purwantoro.parent.name, purwantoro.parent.parent.name) == ("Blimbing", "Kota Malang")
    assert (purwantoro.latitude, purwantoro.postal_code) == (Decimal("-7.954127"), "65122")
    assert dict(Region.objects.values_list("code", "level")) == {
        "35.73": "city",
        "35.73.01": "kecamatan",
        "35.73.01.1005": "kelurahan",
        "35.73.01.1007": "kelurahan",
    }
    assert said.splitlines() == [
        "Kota Malang: 1 baru, 0 diperbarui, 0 tetap",
        "Kecamatan: 1 baru, 0 diperbarui, 0 tetap",
        "Kelurahan: 2 baru, 0 diperbarui, 0 tetap",
    ]


def test_loading_again_changes_nothing(load):
    load(HEADER + MALANG)

    assert load(HEADER + MALANG).count(" 0 baru, 0 diperbarui") == 3


def test_a_second_city_stands_beside_the_first(load):
    load(HEADER + MALANG)
    load(HEADER + KUPANG)

    assert Region.objects.get(code="53.71.05.1008").parent.parent.name == "Kota Kupang"
    assert Region.objects.within("35.73").count() == 4
    assert Region.objects.within("53.71").count() == 5


def test_a_corrected_name_is_updated_and_an_empty_cell_erases_nothing(load):
    load(HEADER + MALANG)
    said = load(HEADER + "35.73.01,Blimbing,35.73.01.1007,Purwantara,,,,\n")

    purwantoro = Region.objects.get(code="35.73.01.1007")
    assert (purwantoro.name, purwantoro.postal_code) == ("Purwantara", "65122")
    assert purwantoro.longitude == Decimal("112.644462")
    assert "Kelurahan: 0 baru, 1 diperbarui, 0 tetap" in said
    assert "1 wilayah lain kota ini dibiarkan." in said


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbf" + (HEADER + MALANG).encode(),
        (HEADER + MALANG).replace(",", ";").replace("-7.9", "-7,9").replace("112.6", "112,6"),
        (HEADER + MALANG).replace(",", "\t").replace("\n", "\r\n"),
        (HEADER.upper() + MALANG + "\n,,,,,,,\n"),
        "catatan," + HEADER + MALANG.replace("35.73.01,B", "x,35.73.01,B"),
        (HEADER + MALANG).replace("35.73.01.1007", "3573011007").replace("35.73.01,", "357301,"),
    ],
    ids=["bom", "semicolons-and-decimal-commas", "tabs", "blank-rows", "more-columns", "no-dots"],
)
def test_the_ways_offices_save_a_table_are_read(load, text):
    load(text)

    assert Region.objects.get(code="35.73.01.1007").latitude == Decimal("-7.954127")
    assert Region.objects.count() == 4


def test_the_optional_columns_may_be_missing(load):
    load("kecamatan_code,kecamatan,kelurahan_code,kelurahan\n35.73.01,Blimbing,35.73.01.1007,Purwantoro\n")

    assert Region.objects.get(code="35.73.01.1007").latitude is None


def test_windows_letters_are_read(load):
    load((HEADER + "53.71.01,Alak,53.71.01.1001,Namosaín,,,,\n").encode("cp1252"))

    assert Region.objects.get(level="kelurahan").name == "Namosaín"


def test_an_unknown_city_needs_a_name_and_keeps_it(load):
    rows = HEADER + "99.71.01,Satu,99.71.01.1001,Dua,,,,\n"
    with pytest.raises(CommandError, match=r"99.71 tidak dikenal; sebutkan dengan --city-name"):
        load(rows)

    load(rows, "--city-name", "Kota Baru")
    assert "Kota Baru: 0 baru, 0 diperbarui, 1 tetap" in load(rows)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("35.73.02,Klojen,35.73.01.1009,Kesatrian,,,,\n", "baris 4: kelurahan 35.73.01.1009 bukan bagian"),
        ("35.73,Klojen,35.73.01.1009,Kesatrian,,,,\n", "baris 4: kode kecamatan tidak berbentuk"),
        ("35.73.01,Blimbing,35.73.01,Kesatrian,,,,\n", "baris 4: kode kelurahan tidak berbentuk"),
        ("35.73.01,Blimbing,35.73.01.1007,Purwantoro,,,,\n", "baris 4: kode 35.73.01.1007 muncul dua kali"),
        ("35.73.01,Belimbing,35.73.01.1009,Kesatrian,,,,\n", "baris 4: kecamatan 35.73.01 memiliki dua nama"),
        ("35.73.01,Blimbing,35.73.01.1009,,,,,\n", "baris 4: nama kecamatan atau kelurahan kosong"),
        (f"35.73.01,Blimbing,35.73.01.1009,{'a' * 101},,,,\n", "baris 4: nama lebih dari 100"),
        ("35.73.01,Blimbing,35.73.01.1009,Kesatrian,6512,,,\n", "baris 4: kode pos"),
        ("35.73.01,Blimbing,35.73.01.1009,Kesatrian,,112.6,-7.9,\n", "baris 4: titik tidak terbaca"),
        ("35.73.01,Blimbing,35.73.01.1009,Kesatrian,,-7.9,,\n", "baris 4: titik tidak terbaca"),
        ("35.73.01,Blimbing,35.73.01.1009,Kesatrian,,NaN,112.6,\n", "baris 4: titik tidak terbaca"),
        ("35.73.01,Blimbing,35.73.01.1009,Kesatrian,,-7.9,1e9999999,\n", "baris 4: titik tidak terbaca"),
        ("35.73.01,Blimbing,35.73.01.1009,Kesatrian,,,,357304\n", "baris 4: kode BPS"),
        (KUPANG, "Berkas memuat lebih dari satu kota"),
    ],
)
def test_a_bad_row_is_named_and_nothing_changes(load, bad, said):
    with pytest.raises(CommandError) as refused:
        load(HEADER + MALANG + bad)

    assert said in str(refused.value)
    assert not Region.objects.exists()


def test_a_missing_column_is_named(load):
    with pytest.raises(CommandError, match="Kolom tidak ditemukan: kelurahan_code"):
        load("kecamatan_code,kecamatan,kelurahan\n35.73.01,Blimbing,Purwantoro\n")


def test_a_failure_half_way_leaves_the_old_regions(load, monkeypatch):
    load(HEADER + MALANG)
    monkeypatch.setattr(loading, "_upsert_level", _fails_at("kelurahan", loading._upsert_level))
    with pytest.raises(RuntimeError):
        load(HEADER + MALANG.replace("Blimbing,35", "Belimbing,35"))

    assert Region.objects.get(code="35.73.01").name == "Blimbing"


def _fails_at(level, real):
    def upsert_level(known, wanted, at):
        if at == level:
            raise RuntimeError("the machine stopped")
        return real(known, wanted, at)

    return upsert_level
