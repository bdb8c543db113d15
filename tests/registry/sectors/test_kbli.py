"""How KBLI codes and titles are written; no database."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.sectors.kbli import readable_title, section_of, split_key

BUNDLED = Path(__file__).parents[3] / "registry" / "data" / "kbli.csv"


@pytest.mark.parametrize(
    ("version", "code", "section"),
    [
        ("2020", "10391", "C"),
        ("2020", "45407", "G"),
        ("2020", "62011", "J"),
        ("2025", "62110", "K"),
        ("2020", "96200", "S"),
        ("2025", "96100", "T"),
        ("2025", "V", "V"),
        ("2020", "V", ""),
        ("2020", "00000", ""),
    ],
)
def test_a_code_belongs_to_the_section_of_its_version(version, code, section):
    assert section_of(version, code) == section


def test_every_bundled_code_has_the_section_its_division_says():
    with BUNDLED.open(newline="") as file:
        rows = list(csv.DictReader(file))

    assert [r for r in rows if section_of(r["kbli_version"], r["code"]) != r["section"]] == []


@pytest.mark.parametrize(
    ("printed", "readable"),
    [
        (
            "INDUSTRI KERUPUK, KERIPIK, PEYEK, DAN SEJENISNYA",
            "Industri Kerupuk, Keripik, Peyek, dan Sejenisnya",
        ),
        ("PENGASINAN BUAH-BUAHAN DAN SAYURAN", "Pengasinan Buah-buahan dan Sayuran"),
        ("Industri tekstil", "Industri Tekstil"),
        ("INDUSTRI LAMPU LED", "Industri Lampu LED"),
        ("INDUSTRI KERAJINAN YTDL", "Industri Kerajinan ytdl"),
        ("BALAS JASA ( FEE) ATAU KONTRAK", "Balas Jasa (Fee) atau Kontrak"),
        ("  Fasilitas   Pusat Kebugaran/ Fitness Center ", "Fasilitas Pusat Kebugaran/Fitness Center"),
    ],
)
def test_titles_read_the_same_however_the_table_printed_them(printed, readable):
    assert readable_title(printed) == readable


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=80))
def test_making_a_title_readable_twice_changes_nothing_more(text):
    once = readable_title(text)

    assert readable_title(once) == once


@pytest.mark.parametrize(
    "text", ["10307", "2025:", "2024:10307", "2025:1", "2025:103070", "2025:10307\n", ""]
)
def test_a_key_names_a_known_version_and_a_code(text):
    assert split_key("2025:10307") == ("2025", "10307")
    with pytest.raises(ValueError, match="version:code"):
        split_key(text)
