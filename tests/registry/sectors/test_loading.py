"""load_kbli and load_reference: idempotent, all or nothing, a message for every bad file."""

import pytest
from django.core.management import CommandError, call_command

from registry.regions.models import Boundary, Holiday, Region, RegionAlias
from registry.sectors.models import Kbli, ProductCentre, Subsector

pytestmark = pytest.mark.django_db

HEADER = "kbli_version,code,section,title\n"
TEMPE = "2025,10307,C,PEMBUATAN TEMPE KEDELAI\n"


def load(tmp_path, capsys, text, command="load_kbli"):
    path = tmp_path / "tabel.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    call_command(command, str(path))
    return capsys.readouterr().out


def test_a_table_is_loaded_with_readable_titles(tmp_path, capsys):
    said = load(tmp_path, capsys, HEADER + TEMPE + "2020,10391,C,Industri Tempe Kedelai\n")

    tempe = Kbli.objects.at("2025:10307")
    assert (tempe.title, tempe.section, tempe.title_folded) == (
        "Pembuatan Tempe Kedelai",
        "C",
        "pembuatan tempe kedelai",
    )
    assert said == "KBLI 2020: 1 baru, 0 diperbarui, 0 tetap\nKBLI 2025: 1 baru, 0 diperbarui, 0 tetap\n"


def test_loading_again_changes_nothing_and_a_new_title_updates(tmp_path, capsys):
    load(tmp_path, capsys, HEADER + TEMPE)

    assert load(tmp_path, capsys, HEADER + TEMPE) == "KBLI 2025: 0 baru, 0 diperbarui, 1 tetap\n"
    assert "0 baru, 1 diperbarui" in load(tmp_path, capsys, HEADER + TEMPE.replace("PEMBUATAN", "INDUSTRI"))
    assert Kbli.objects.get().title == "Industri Tempe Kedelai"


def test_the_section_may_be_missing_and_follows_the_version(tmp_path, capsys):
    load(tmp_path, capsys, "kbli_version;code;title\n2020;96200;Aktivitas penatu\n2025;96100;PENCUCIAN\n")

    assert dict(Kbli.objects.values_list("version", "section")) == {"2020": "S", "2025": "T"}


def test_codes_that_a_later_file_leaves_out_stay(tmp_path, capsys):
    load(tmp_path, capsys, HEADER + TEMPE)
    load(tmp_path, capsys, HEADER + "2025,10308,C,PEMBUATAN TAHU KEDELAI\n")

    assert Kbli.objects.count() == 2


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("2026,10307,C,Tempe\n", "baris 3: versi KBLI"),
        ("2025,7,C,Tempe\n", "baris 3: kode harus"),
        ("2025,103070,C,Tempe\n", "baris 3: kode harus"),
        ("2025,10308,G,Tahu\n", "baris 3: kode 10308 tidak ada dalam kategori itu"),
        ("2025,00123,,Tahu\n", "baris 3: kode 00123 tidak ada"),
        ("2025,10308,C,\n", "baris 3: judul kosong"),
        (f"2025,10308,C,{'x' * 301}\n", "baris 3: judul kosong atau lebih"),
        ("2025,10307,C,Tempe lain\n", "baris 3: kode 2025:10307 memiliki dua judul"),
        ('2025,10308,C,"Tahu\n', "Berkas bukan CSV yang utuh"),
        ("2025,10308,C,Tahu,lebih\n", "Baris 3 memiliki lebih banyak sel"),
        (f"2025,10308,C,{'x' * 3000}\n", "Baris 3 memuat sel lebih dari 2000 huruf"),
        (f"2025,10308,C,{'x' * 200_000}\n", "Berkas bukan CSV yang utuh"),
        ("2025,10308,C,Ta\0hu\n", "Berkas bukan teks CSV"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_loaded(tmp_path, capsys, bad, said):
    with pytest.raises(CommandError) as refused:
        load(tmp_path, capsys, HEADER + TEMPE + bad)

    assert said in str(refused.value)
    assert not Kbli.objects.exists()


def test_many_bad_rows_are_counted_and_only_some_are_shown(tmp_path, capsys):
    with pytest.raises(CommandError) as refused:
        load(tmp_path, capsys, HEADER + "2025,7,C,Tempe\n" * 25)

    assert str(refused.value).count("baris ") == 10
    assert "dan 15 kesalahan lain." in str(refused.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Berkas kosong."),
        (b"  \n", "Berkas kosong."),
        (HEADER.encode(), "Berkas hanya berisi judul kolom"),
        (b"kode,judul\n1,2\n", "Kolom tidak ditemukan: kbli_version, code, title"),
        (b"kbli_version,code,code,title\n2025,1,1,a\n", "Kolom tertulis dua kali: code"),
        (b"PK\x03\x04\0\0\0", "Berkas bukan teks CSV"),
        ((",".join("abc" * 30) + "\n").encode(), "lebih dari 60 kolom"),
        (b"kbli_version,code,title\n2025,10307,\x81\x8d\n", "Huruf tidak terbaca"),
    ],
)
def test_what_is_no_table_gets_a_message(tmp_path, capsys, content, said):
    with pytest.raises(CommandError, match=said):
        load(tmp_path, capsys, content)


def test_a_missing_file_and_a_folder_get_a_message(tmp_path):
    for name in (tmp_path / "tidak-ada.csv", tmp_path, "nama\0nul.csv"):
        with pytest.raises(CommandError, match="Berkas tidak"):
            call_command("load_kbli", str(name))


def test_a_file_beyond_the_limit_is_not_read(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("umkm_portal.lib.reference_files.MAX_CSV_BYTES", 1024 * 1024)
    with pytest.raises(CommandError, match="lebih besar dari 1 MB"):
        load(tmp_path, capsys, HEADER + TEMPE * 40_000)

    monkeypatch.setattr("umkm_portal.lib.reference_files.MAX_ROWS", 5)
    with pytest.raises(CommandError, match="lebih dari 5 baris"):
        load(tmp_path, capsys, HEADER + TEMPE * 6)


def test_a_complete_table_is_loaded_in_few_queries(tmp_path, django_assert_max_num_queries):
    path = tmp_path / "tabel.csv"
    path.write_text(HEADER + "".join(f"2025,{n:05},,Judul nomor {n}\n" for n in range(10_000, 12_600)))

    with django_assert_max_num_queries(20):
        call_command("load_kbli", str(path))
    with django_assert_max_num_queries(5):
        call_command("load_kbli", str(path))
    assert Kbli.objects.count() == 2_600


# ---- everything that is bundled --------------------------------------------------------------


def test_the_bundled_facts_load_and_load_again(capsys):
    call_command("load_reference")
    first = capsys.readouterr().out
    call_command("load_reference")
    again = capsys.readouterr().out

    assert "Kota Malang: 1 baru" in first
    assert "Kelurahan: 57 baru" in first
    assert [line for line in again.splitlines() if " 0 baru, 0 diperbarui, " not in line] == []
    assert Region.objects.kelurahan().filter(tile_column=None).count() == 0
    assert (Region.objects.count(), RegionAlias.objects.count()) == (63, 38)
    assert (Subsector.objects.count(), ProductCentre.objects.count()) == (17, 10)
    assert not Boundary.objects.exists()


def test_the_bundled_kbli_is_a_selection_with_both_versions(capsys):
    call_command("load_reference")

    leaves = Kbli.objects.leaves()
    for version in ("2020", "2025"):
        assert 300 <= leaves.filter(version=version).count() <= 700
        assert Kbli.objects.filter(version=version, code__regex=r"^[0-9]{2}$").count() == 87
    moved = {"2020:10391": "Tempe", "2025:10307": "Tempe", "2020:13134": "Batik", "2025:13133": "Batik"}
    assert [key for key, word in moved.items() if word not in Kbli.objects.at(key).title] == []
    assert Kbli.objects.at("2020:56102").title != Kbli.objects.at("2025:56102").title


def test_the_bundled_holidays_cover_three_years_of_decrees(capsys):
    call_command("load_reference")

    by_year = [Holiday.objects.filter(on__year=year).count() for year in (2025, 2026, 2027)]
    assert by_year == [28, 25, 26]
    assert not Holiday.objects.filter(is_decreed=False).exists()


def test_sanan_is_three_rw_of_purwantoro_and_cookies_is_only_planned(capsys):
    call_command("load_reference")

    sanan = ProductCentre.objects.get(name__contains="Sanan")
    assert (sanan.kelurahan.name, sanan.rws, sanan.planned) == ("Purwantoro", [14, 15, 16], False)
    assert ProductCentre.objects.get(planned=True).kelurahan.name == "Purwantoro"
    assert ProductCentre.objects.get(kelurahan=None).name == "Sentra Mebel Kemirahan"
