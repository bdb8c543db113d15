"""The directory as a file: the rows asked for, only what is public, nothing that a spreadsheet would run."""

import csv
import io
import re
import zipfile

import pytest
import python_calamine

from registry.directory import download
from tests.factories import make_business, make_kbli, make_subsector
from tests.registry.directory.items import add, consent, owner

pytestmark = pytest.mark.django_db
PAGE = "/direktori/unduh/"
PRIVATE = {
    "phone": "6281234500001",
    "phone_of": "owner",
    "address": "Jalan Rahasia 5",
    "stall": "Kios Rahasia",
    "rt": 5,
    "rw": 15,
    "latitude": "-7.951234",
    "longitude": "112.631234",
    "email": "wiji@contoh.id",
    "capital_idr": 77_000_000,
}


def rows(client, **query):
    response = client.get(PAGE, query | {"berkas": "csv"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def sheet(client, **query):
    response = client.get(PAGE, query | {"berkas": "xlsx"})
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    return response, book.get_sheet_by_index(0).to_python()


def test_a_row_holds_the_public_facts(client, city):
    make_kbli()
    make_subsector()
    items = [
        add("product", name="Tempe Sagu", price_idr=12000),
        add("licence", kind="pirt", status="has", number="2063573010123-33"),
        add("licence", kind="nib", status="has", number="1234567890123"),
    ]
    business = make_business(name="Keripik", kbli="2025:10307", subsector="kuliner", items=items)

    (row,) = rows(client)

    assert (row["Nama usaha"], row["Kelurahan"], row["Kecamatan"]) == ("Keripik", "Purwantoro", "Blimbing")
    assert (row["Kode kelurahan"], row["KBLI"]) == ("35.73.01.1007", "2025:10307")
    assert row["Produk dan harga"] == "Tempe Sagu (Rp12.000)"
    assert row["Nomor P-IRT"].replace("-", "") == "206357301012333"
    assert "1234567890123" not in str(row)  # a NIB opens the owner's file
    assert row["Halaman"].endswith(business.public_url)


def test_what_needs_consent_is_empty_without_it(client, city):
    make_business(name="Diam", items=[owner("Wijayanti")], **PRIVATE)
    agreed = consent("owner_name", "phone", "address", "exact_place")
    make_business(name="Terbuka", items=[owner("Sulastri"), *agreed], **PRIVATE)

    quiet, open_ = rows(client)

    agreed = ("Pemilik", "Telepon", "Alamat", "Lintang", "Bujur")
    assert [quiet[name] for name in agreed] == [""] * 5
    assert [open_[name] for name in agreed] == [
        "Sulastri",
        "6281234500001",
        "Jalan Rahasia 5, Kios Rahasia, RT 05 RW 15",
        "-7.951234",
        "112.631234",
    ]
    for secret in ("Wijayanti", "wiji@contoh.id", "77000000"):
        assert secret not in str([quiet, open_])


def test_the_workbook_says_what_it_holds(client, city):
    make_business(name="Keripik", items=consent("exact_place"), **PRIVATE)
    make_business(name="Batik", activity="batik")

    response, lines = sheet(client, q="keripik", kecamatan="35.73.01")

    assert re.fullmatch(
        r'attachment; filename="usaha-malang-\d{4}-\d\d-\d\d.xlsx"', response["Content-Disposition"]
    )
    assert "no-store" in response["Cache-Control"]
    assert lines[0][0] == "Direktori usaha Kota Malang"
    assert lines[1][0] == "Filter: Cari: keripik; Kecamatan: Blimbing"
    assert lines[2][0].startswith("Per ") and "WIB" in lines[2][0]
    head = next(n for n, line in enumerate(lines) if line[0] == "Nama usaha")
    assert [line[0] for line in lines[head + 1 :]] == ["Keripik"]
    assert lines[head + 1][lines[head].index("Lintang")] == -7.951234


def test_what_a_spreadsheet_would_run_stays_words(client, city):
    make_business(name="=HYPERLINK(1)", activity="+62", opening_hours="@SUM(A1)", description="-1")

    (row,) = rows(client)
    response, lines = sheet(client)

    assert row["Nama usaha"] == "'=HYPERLINK(1)"
    assert (row["Produk atau kegiatan"], row["Jam buka"]) == ("'+62", "'@SUM(A1)")
    assert "=HYPERLINK(1)" in {line[0] for line in lines}
    with zipfile.ZipFile(io.BytesIO(response.content)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("many", [1, 3])
def test_a_file_takes_the_same_queries_for_any_number_of_rows(client, city, django_assert_num_queries, many):
    make_subsector()
    make_kbli()
    for _ in range(many):
        make_business(subsector="kuliner", kbli="2025:10307", items=[add("product", name="Tempe")])
    rows(client)

    # the counts; which rows, the rows, their products, licences and other subsectors
    with django_assert_num_queries(6):
        rows(client)


def test_a_long_answer_is_not_made_but_offered_in_parts(client, city, monkeypatch):
    monkeypatch.setattr(download, "MOST", 2)
    monkeypatch.setattr(download.Download, "most", 2)
    for _ in range(2):
        make_business()
    make_business(kelurahan="35.73.05.1004")

    for query in ({}, {"berkas": "csv"}, {"berkas": "xlsx"}):
        response = client.get(PAGE, query)
        html = response.content.decode()
        assert response.status_code == 200 and "Content-Disposition" not in response
        assert "paling banyak 2 usaha" in html
    parts = response.context["download"].narrower
    assert [(name, many) for name, many, _url in parts] == [("Kec. Blimbing", 2), ("Kec. Lowokwaru", 1)]
    for _name, many, url in parts:
        assert client.get(url).context["download"].total == many


def test_a_kecamatan_that_is_too_long_is_offered_by_kelurahan(client, city, monkeypatch):
    monkeypatch.setattr(download.Download, "most", 1)
    make_business()
    make_business(kelurahan="35.73.01.1005")

    parts = client.get(PAGE, {"kecamatan": "35.73.01"}).context["download"].narrower

    assert [(name, many) for name, many, _url in parts] == [("Blimbing", 1), ("Purwantoro", 1)]


def test_one_address_gets_a_few_files_an_hour_and_is_told_when_to_come_back(client, city, settings):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": {"download": "2/hour"}}
    make_business()

    answers = [client.get(PAGE, {"berkas": "csv"}) for _ in range(3)]
    elsewhere = client.get(PAGE, {"berkas": "csv"}, REMOTE_ADDR="10.0.0.9")

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 3600
    assert "Terlalu banyak berkas" in answers[2].content.decode()
    assert elsewhere.status_code == 200
    assert client.get(PAGE).status_code == 200  # the page itself stays open


def test_nothing_to_take_home_says_so(client, city):
    response = client.get(PAGE, {"q": "zzz", "berkas": "csv"})

    assert response.status_code == 200
    assert "Belum ada yang dapat diunduh" in response.content.decode()


@pytest.mark.parametrize("kind", ["exe", "CSV", "csv\n", "../csv", "pdf"])
def test_another_kind_of_file_is_explained(client, city, kind):
    make_business()

    response = client.get(PAGE, {"berkas": kind})

    assert response["Content-Type"].startswith("text/html")
    assert "Berkas hanya tersedia sebagai XLSX dan CSV." in response.content.decode()


def test_every_column_says_what_it_means(client, city):
    make_business()

    html = client.get(PAGE).content.decode()

    for column in download.COLUMNS:
        assert str(column.label) in html and str(column.meaning) in html
    assert len({str(column.label) for column in download.COLUMNS}) == len(download.COLUMNS)
