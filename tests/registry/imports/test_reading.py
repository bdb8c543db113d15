"""Bytes to rows: formats by content, encodings, separators, and what is refused."""

# ruff: noqa: E501  (one case, one line)

import io
import zipfile

import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from registry.imports import reading, reading_text
from tests.registry.imports.files import csv, xlsx
from umkm_portal.lib.errors import Refused

HEAD = "No;Nama Usaha;Alamat"


def rows(data, name="daftar.csv"):
    return reading.read(data, name).sheets[0].rows


def code(data, name="daftar.xlsx"):
    with pytest.raises(Refused) as refused:
        reading.read(data, name)
    assert str(refused.value)
    return refused.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings(encoding):
    assert rows(csv(HEAD, "1;Kafé Ibu;Jl. A", encoding=encoding))[1] == ["1", "Kafé Ibu", "Jl. A"]


def test_cp1252_after_300_kilobytes_of_ascii():
    lines = [HEAD, *(f"{i};Warung {i};Jl. Panjang Sekali Nomor {i}" for i in range(9000)), "9001;Kafé;Jl. B"]
    data = csv(*lines, encoding="cp1252")
    assert data.index(b"\xe9") > 300_000
    assert rows(data)[-1][1] == "Kafé"


def test_both_encodings_in_one_file():
    data = "a;Kafé;b\n".encode() * 3 + "a;Kafé;b\n".encode("cp1252")
    assert {r[1] for r in rows(data)} == {"Kafé"}


def test_semicolons_and_commas_in_one_file():
    book = reading.read(csv(HEAD, "1;A, B;Jl. C", "2,Toko D,Jl. E", "3;F;G"), "x.csv")
    assert book.sheets[0].rows[1:] == [["1", "A, B", "Jl. C"], ["2", "Toko D", "Jl. E"], ["3", "F", "G"]]
    assert book.notes


def test_quotes_newlines_and_quotes_that_never_close():
    found = rows(csv("a,b,c", '1,"dua\nbaris",x', '2,Toko "Jaya",y', '3,"tak ditutup,z', "4,e,f"))
    assert found[1] == ["1", "dua\nbaris", "x"]
    assert found[2] == ["2", 'Toko "Jaya"', "y"]
    assert found[3][0] == "3" and len(found[3]) == 3
    assert found[4] == ["4", "e", "f"]


def test_nul_is_dropped_and_endings_of_every_kind_are_read():
    assert rows(b"a,b\r\n1\x00,2\r\n") == [["a", "b"], ["1", "2"]]
    assert rows(b"a,b\r1,2\r") == [["a", "b"], ["1", "2"]]


def test_numbers_are_told_from_text():
    found = rows(xlsx([["NIK", "Nama Usaha"], [3573010101900001, "A"], ["3573010101900001", "B"]]), "x.xlsx")
    assert reading.is_number(found[1][0]) and not reading.is_number(found[2][0])
    assert reading.text_of(found[1][0]) == "3573010101900001"


def test_legacy_xls_and_a_table_of_a_web_page():
    book = xlwt.Workbook()
    page = book.add_sheet("Data")
    for r, row in enumerate([["No", "Nama Usaha"], [1, "Toko A"]]):
        for c, value in enumerate(row):
            page.write(r, c, value)
    out = io.BytesIO()
    book.save(out)
    assert rows(out.getvalue(), "x.xls")[1][1] == "Toko A"
    html = b"<html><table><tr><th>No</th><th>Nama Usaha</th></tr><tr><td>1</td><td>Toko &amp; B</td></tr></table>"
    assert rows(html, "x.xls")[1] == ["1", "Toko & B"]


def test_stated_dimension_that_lies():
    data = xlsx([["No", "Nama Usaha"], [1, "A"], [2, "B"]])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                content = content.replace(b'ref="A1:B3"', b'ref="A1:XFD1048576"')
                assert b"XFD" in content
            target.writestr(entry.filename, content)
    assert [r[1] for r in rows(out.getvalue(), "x.xlsx")] == ["Nama Usaha", "A", "B"]


def test_a_cell_at_the_far_end_is_refused_not_unpacked():
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1"] = "Nama Usaha"
    book.active.cell(1_048_576, 16_384, "x")
    out = io.BytesIO()
    book.save(out)
    assert code(out.getvalue()) == "import-area"


def test_what_is_refused():
    assert code(b"") == "import-empty"
    assert code(b"\xef\xbb\xbf\r\n ") == "import-empty"
    assert code(b"#!/bin/sh\nrm -rf /\n") == "import-kind"
    assert code(b"%PDF-1.4 ...") == "import-kind"
    assert code(b"\x89PNG\r\n\x1a\n" + b"\0" * 50) == "import-kind"
    assert code(b"PK\x03\x04" + b"x" * 200) == "import-damaged"
    assert code(xlsx([["a"]])[:-400]) == "import-damaged"
    assert code(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600) == "import-damaged"
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    assert code(locked) == "import-locked"
    assert code(xlsx([])) == "import-empty"
    assert code(bytes(range(256)) * 20) == "import-kind"


def test_a_bomb_is_not_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "x")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    assert code(out.getvalue()) == "import-bomb"


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data):
    try:
        reading.read(data, "x.xlsx")
    except Refused as refused:
        assert str(refused)


@given(st.text(alphabet='a",;\n\t1é |', max_size=200))
def test_any_text_becomes_a_table(text):
    table = reading_text.table(text)
    assert len(table.rows) == len(table.widths) == len(table.lines)
