"""The list as a workbook: the same rows, columns by need-to-know, and a line in the audit trail."""

import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.models import AuditEntry
from registry.businesses import export
from tests.factories import make_business, make_officer, nik

pytestmark = pytest.mark.django_db

URL = "/usaha/unduh/"


def read(response):
    """(heading lines, {column: [values]}) of a downloaded workbook."""
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith('attachment; filename="usaha-')
    rows = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    top = next(n for n, row in enumerate(rows) if row[0] == "Nama usaha")
    heading = [row[0] for row in rows[:top] if row[0]]
    return heading, {label: [row[n] for row in rows[top + 1 :]] for n, label in enumerate(rows[top])}


@pytest.fixture
def wiji(city):
    owner = "7a2b6f9e-0f0c-4b57-9d0c-0b8c0b1f3a55"
    return make_business(
        name="=HYPERLINK(evil)",
        phone="081234567890",
        phone_of="owner",
        turnover_answer="exact",
        turnover_idr=1_000_000,
        turnover_period="month",
        capital_idr=5_000_000,
        items=[
            {"kind": "owner", "uuid": owner, "values": {"name": "Wiji Lestari"}},
            {"kind": "licence", "values": {"kind": "nib", "status": "has", "number": "0123456789012"}},
            {"kind": "licence", "values": {"kind": "halal", "status": "has"}},
        ],
        sealed={owner: {"nik": nik(7)}},
    )


def test_the_workbook_holds_exactly_the_filtered_rows_within_reach(client, wiji, petugas):
    make_business(name="Warung", kelurahan="35.73.05.1004")
    make_business(name="Soto", activity="soto")
    client.force_login(petugas)

    heading, table = read(client.get(URL, {"nib": "ada"}))

    assert table["Nama usaha"] == ["=HYPERLINK(evil)"]
    assert heading[:2] == ["Daftar usaha, Portal UMKM Kota Malang", "Filter: NIB ada"]
    assert heading[2].startswith("1 usaha, per ")
    assert read(client.get(URL))[1]["Nama usaha"] == ["=HYPERLINK(evil)", "Soto"]


def test_numbers_of_licences_keep_their_zeros_and_text_stays_text(client, wiji, petugas):
    client.force_login(petugas)

    table = read(client.get(URL))[1]

    assert table["NIB"] == ["0123456789012"]
    assert table["Halal"] == ["ada"]
    assert table["Omzet/tahun"] == [12_000_000]


def test_columns_are_those_the_reader_needs_to_know(client, city, wiji, petugas):
    client.force_login(petugas)
    officer = read(client.get(URL))[1]
    client.force_login(make_officer("program", city["Kota"]))
    program = read(client.get(URL))[1]

    assert (officer["Pemilik"], officer["Modal usaha"]) == (["Wiji Lestari"], [5_000_000])
    assert program["Pemilik"] == ["Wiji Lestari"]
    assert not [label for label in program if "Omzet" in label or "Modal" in label]


def test_no_workbook_holds_a_nik(client, wiji, operator):
    client.force_login(operator)

    heading, table = read(client.get(URL))

    cells = " ".join([*heading, *(str(v) for values in table.values() for v in values)])
    assert nik(7) not in cells and "NIK" not in " ".join(table)


def test_who_may_not_export_gets_403(client, city, wiji):
    for role in ("keuangan", "auditor"):
        client.force_login(make_officer(role, city["Kota"]))
        assert client.get(URL).status_code == 403


def test_an_export_leaves_a_line_without_what_was_typed(client, wiji, petugas):
    client.force_login(petugas)

    client.get(URL, {"q": "wiji", "nib": "ada"})

    entry = AuditEntry.objects.get(act="business.exported")
    assert entry.recorded_by == petugas
    assert (entry.detail["count"], entry.detail["filters"]) == (1, ["nib", "q"])
    assert entry.detail["form"] == "xlsx"
    assert "wiji" not in str(entry.detail)


def test_a_long_list_is_offered_as_a_job(client, petugas, wiji, monkeypatch):
    make_business(name="Soto")
    monkeypatch.setattr(export, "AT_ONCE", 1)
    client.force_login(petugas)

    page = client.get(URL, {"operating_state": "active"})

    assert page.status_code == 200 and "Buat berkas Excel" in page.content.decode()
    assert reverse("business-export-ask") + "?operating_state=active" in page.content.decode()
    assert not AuditEntry.objects.filter(act="business.exported").exists()


def test_what_is_not_understood_is_not_exported(client, petugas, wiji):
    client.force_login(petugas)

    response = client.get(URL, {"rw": "x"})

    assert (response.status_code, response.url) == (302, "/usaha/?rw=x")


def test_the_workbook_has_the_columns_the_list_shows(client, wiji, petugas):
    client.force_login(petugas)

    _heading, table = read(client.get(URL, {"kolom": "kbli,pemilik,omzet"}))

    assert list(table) == [
        "Nama usaha", "Pemilik", "Versi KBLI", "KBLI", "Judul KBLI", "Omzet, jawaban", "Omzet/tahun",
        "Omzet, seperti disebut",
    ]  # fmt: skip


@pytest.mark.parametrize("rows", [1, 3])
def test_the_workbook_asks_the_same_number_of_questions_for_any_number_of_rows(
    client, operator, rows, django_assert_num_queries
):
    for _ in range(rows):
        make_business(items=[{"kind": "licence", "values": {"kind": "nib", "status": "has"}}])
    client.force_login(operator)
    client.get(URL)

    with django_assert_num_queries(10):
        assert len(read(client.get(URL))[1]["Nama usaha"]) == rows
