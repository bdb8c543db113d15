"""Pages of monthly reports: mine, everybody's, one, and the lists behind its figures."""

import io
from datetime import date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document as read_docx
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from programs.models import MonthlyReport, OfficeAddress, OfficeHolder
from programs.monthly import figures, moved
from programs.monthly.definitions import FIGURES, SOURCES
from registry.models import Region, VisitRequest
from tests.factories import make_officer
from tests.programs.monthly.conftest import OCTOBER
from tests.programs.monthly.life import JAKARTA, MONTHS, Life

LETTER = {"letter_number": "400.10/12/2026", "letter_on": "2026-11-03"}
BACKEND = "accounts.backends.SignInBackend"


def signed_in(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def url(name, report, *more):
    return reverse(f"monthly-{name}", args=[report.uuid, *more])


def words(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def places(city):
    return [city["Purwantoro"], city["Blimbing"], city["Dinoyo"]]


@pytest.fixture
def life(people, places):
    return Life(places, vars(people), 3, rows=12)


# ---- the way, on pages ---------------------------------------------------------------------------


def test_the_officer_begins_writes_and_hands_over(people, city):
    client = signed_in(people.petugas)
    begun = client.post(reverse("monthly-begin"), {"kelurahan": city["Purwantoro"].code, "bulan": "2026-10"})
    report = MonthlyReport.objects.get()
    assert begun.headers["Location"] == report.get_absolute_url()

    page = words(client.get(report.get_absolute_url()))
    assert "Teruskan kepada lurah" in page
    client.post(url("write", report), {"note": "RW 3 ramai.", "act": "save"})
    report.refresh_from_db()
    assert (report.note, report.state) == ("RW 3 ramai.", "draft")
    client.post(url("write", report), {"note": "RW 3 ramai sekali.", "act": "submit"})
    report.refresh_from_db()
    assert (report.note, report.state) == ("RW 3 ramai sekali.", "submitted")


def test_the_lurah_signs_or_gives_back(handed, people):
    client = signed_in(people.lurah)
    again = client.post(url("approve", handed), {"act": "return", "kembali-reason": ""})
    assert again.status_code == 400
    client.post(url("approve", handed), {"act": "return", "kembali-reason": "Kurang Ngombe."})
    handed.refresh_from_db()
    assert handed.state == "returned"
    assert "Kurang Ngombe." in words(client.get(handed.get_absolute_url()))

    handed.submit(by=people.petugas)
    client.post(url("approve", handed), LETTER)
    handed.refresh_from_db()
    assert (handed.state, handed.letter_number) == ("sent", "400.10/12/2026")


def test_a_refused_letter_comes_back_as_typed_with_the_reason_at_its_field(handed, people):
    page = signed_in(people.lurah).post(url("approve", handed), LETTER | {"letter_on": "2026-10-12"})
    assert page.status_code == 400
    assert "400.10/12/2026" in words(page)
    assert "Tanggal surat antara hari kerja terakhir" in words(page)


def test_a_note_somebody_wrote_meanwhile_is_not_written_over_unseen(report, people, city):
    report.write(note="Dari rekan.", by=make_officer("petugas", city["Purwantoro"]))
    client = signed_in(people.petugas)
    page = client.post(url("write", report), {"note": "Dari saya.", "act": "submit", "version": "1"})
    report.refresh_from_db()
    assert (page.status_code, report.note, report.state) == (400, "Dari rekan.", "draft")
    assert "Laporan ini berubah sejak Anda membukanya" in words(page)
    assert "Dari saya.</textarea>" in words(page) and "Dari rekan.</p>" in words(page)
    assert f'name="version" value="{report.version}"' in words(page)
    client.post(url("write", report), {"note": "Dari kami.", "act": "submit", "version": report.version})
    report.refresh_from_db()
    assert (report.note, report.state) == ("Dari kami.", "submitted")


def test_the_same_note_sent_twice_is_no_conflict(report, people):
    client = signed_in(people.petugas)
    for _each in range(2):
        sent = client.post(url("write", report), {"note": "Ramai.", "act": "save", "version": "1"})
        assert sent.status_code == 302


def test_the_lurah_signs_the_figures_that_were_shown(handed, people, city, places):
    client = signed_in(people.lurah)
    life = Life(places, vars(people), 4, rows=2)
    shown = client.get(handed.get_absolute_url()).context["seen"]
    read, before = {"version": str(handed.version), "seen": shown}, moved.read(shown)["requests"]
    life.request(date(2026, 10, 12), kelurahan=places[0], state="new")
    page = client.post(url("approve", handed), LETTER | read)
    handed.refresh_from_db()
    assert (page.status_code, handed.state) == (400, "submitted")
    change = f"Laporan perlu didatangi dari {before} menjadi {before + 1}; dan 2 rinciannya."
    assert f"Angkanya berubah sejak Anda membuka laporan ini: {change}" in words(page)
    assert LETTER["letter_number"] in words(page)
    client.post(url("approve", handed), LETTER | read | {"seen": page.context["seen"]})
    handed.refresh_from_db()
    assert handed.state == "sent"
    assert moved.read(page.context["seen"]) == handed.figures["counts"]


def test_what_moved_since_it_was_handed_in_is_named_before_and_after_signing(handed, people, places):
    life = Life(places, vars(people), 4, rows=2)
    lurah = signed_in(people.lurah)
    handed.return_for_changes(reason="Kurang.", by=people.lurah)
    handed.submit(by=people.petugas)
    submitted = handed.figures["submitted"]
    before = submitted["requests"], submitted["requests-need-packaging"]
    life.request(date(2026, 10, 12), kelurahan=places[0], state="new", need="packaging")
    moved_by = f"Laporan perlu didatangi dari {before[0]} menjadi {before[0] + 1}; dan 2 rinciannya."
    for reader in (people.lurah, people.petugas):
        page = signed_in(reader).get(handed.get_absolute_url())
        assert moved_by in words(page)
        row = next(r for s in page.context["sources"] for r in s["rows"] if r["label"] == "Kemasan")
        assert (row["sent"], row["change"], row["now"]) == (before[1], "+1", before[1] + 1)

    shown = lurah.get(handed.get_absolute_url())
    read = {"version": str(handed.version), "seen": shown.context["seen"]}
    after = lurah.post(url("approve", handed), LETTER | read, follow=True)

    handed.refresh_from_db()
    assert (handed.state, handed.figures["submitted"]) == ("sent", submitted)
    assert f"Angkanya berubah sejak diteruskan petugas: {moved_by}" in words(after)
    assert f"Berubah antara diteruskan dan disetujui: {moved_by}" in words(after)
    assert f"Berubah antara diteruskan dan disetujui: {moved_by}" in words(
        lurah.get(handed.get_absolute_url())
    )


def test_nothing_is_said_to_have_moved_where_nothing_did(handed, people):
    lurah = signed_in(people.lurah)
    page = lurah.get(handed.get_absolute_url())
    assert not page.context["moved"] and not page.context["before"]
    read = {"version": str(handed.version), "seen": page.context["seen"]}
    assert "berubah" not in words(lurah.post(url("approve", handed), LETTER | read, follow=True)).lower()


@pytest.mark.parametrize("seen", ["", "x", "e30:1vN4kq:palsu"])
def test_figures_that_nobody_was_shown_are_not_signed(handed, people, seen):
    page = signed_in(people.lurah).post(url("approve", handed), LETTER | {"seen": seen})
    handed.refresh_from_db()
    assert (page.status_code, handed.state) == (400, "submitted")
    assert "Angkanya mungkin berubah sejak Anda membuka laporan ini." in words(page)


def test_a_part_is_named_where_its_whole_stayed():
    changes = {"requests-need-tools": (2, 1), "requests-need-packaging": (0, 1), "followups-opened": (1, 2)}
    changes = {key: value for key, value in changes.items() if key in FIGURES}
    assert moved.sentence(changes).endswith("Tindak lanjut: dibuat dari 1 menjadi 2")
    assert "Laporan perlu didatangi, kemasan dari 0 menjadi 1" in moved.sentence(changes)


@pytest.mark.parametrize("act", [LETTER, {"act": "return", "kembali-reason": "Kurang."}])
def test_the_lurah_decides_about_the_words_that_were_shown(handed, people, act):
    version = str(handed.version)
    handed.return_for_changes(reason="Kurang.", by=people.plh)
    handed.write(note="Lain sama sekali.", by=people.petugas)
    handed.submit(by=people.petugas)
    page = signed_in(people.lurah).post(url("approve", handed), act | {"version": version})
    handed.refresh_from_db()
    assert (page.status_code, handed.state) == (400, "submitted")
    assert "Laporan ini berubah sejak Anda membukanya" in words(page)


def test_a_kelurahan_with_a_null_in_it_is_read_without(people, city):
    """PostgreSQL takes no such text."""
    asked = {"kelurahan": "\0" + city["Purwantoro"].code, "bulan": "2026-10"}
    assert signed_in(people.petugas).post(reverse("monthly-begin"), asked).status_code == 302
    unknown = asked | {"kelurahan": "\0"}
    assert signed_in(people.petugas).post(reverse("monthly-begin"), unknown).status_code == 404


def test_too_late_an_act_says_how_it_stands(sent, people):
    page = signed_in(people.lurah).post(url("approve", sent), LETTER, follow=True)
    assert "Laporan ini berstatus terkirim" in words(page)


def test_diskopindag_receives_and_the_officer_corrects(sent, people):
    signed_in(people.kasi).post(url("receive", sent))
    sent.refresh_from_db()
    assert sent.state == "received"
    done = signed_in(people.petugas).post(
        url("correct", sent), {"koreksi-reason": "Dua tertinggal."}, follow=True
    )
    assert "koreksi ke-1" in words(done)
    assert MonthlyReport.objects.count() == 2


def test_the_page_of_a_stranger_is_not_there(sent, people):
    for who in (people.petugas_dinoyo, people.lurah_dinoyo):
        client = signed_in(who)
        assert client.get(sent.get_absolute_url()).status_code == 404
        assert client.get(url("document", sent, "pdf")).status_code == 404
        assert client.post(url("correct", sent), {"koreksi-reason": "x"}).status_code in (403, 404)
    behind = reverse("monthly-behind", args=[sent.kelurahan.code, "2026-10", "requests"])
    assert signed_in(people.petugas_dinoyo).get(behind).status_code == 404
    begin = {"kelurahan": sent.kelurahan.code, "bulan": "2026-09"}
    assert signed_in(people.petugas_dinoyo).post(reverse("monthly-begin"), begin).status_code == 404


@pytest.mark.parametrize("bad", ["2026-13", "", "bulan"])
def test_a_month_that_is_none(bad, people, city):
    client = signed_in(people.petugas)
    client.post(reverse("monthly-begin"), {"kelurahan": city["Purwantoro"].code, "bulan": bad})
    assert not MonthlyReport.objects.exists()
    assert signed_in(people.kasi).get(reverse("monthly-list"), {"bulan": bad}).status_code == (
        404 if bad else 200
    )
    assert client.get(f"/laporan/bulanan/{city['Purwantoro'].code}/{bad or 'x'}/requests/").status_code == 404


# ---- corrections are shown -----------------------------------------------------------------------


def test_what_came_late_stands_beside_what_was_sent(sent, people, life, city):
    page = words(signed_in(people.petugas).get(sent.get_absolute_url()))
    now = figures.count(city["Purwantoro"], OCTOBER)
    assert now["requests"] > 0
    assert "Ada koreksi setelah dikirim." in page
    assert f"Laporan perlu didatangi dari 0 menjadi {now['requests']}" in page
    assert f"<strong>+{now['requests']}</strong>" in page


def test_nothing_late_says_nothing(sent, people):
    assert "Ada koreksi" not in words(signed_in(people.petugas).get(sent.get_absolute_url()))


# ---- the lists behind ----------------------------------------------------------------------------


def test_every_figure_of_every_source_has_its_list(people, life, city, places):
    client = signed_in(people.operator)
    for region, ids in (("35.73", [p.pk for p in places]), ("35.73.01", [p.pk for p in places[:2]])):
        whole = figures.total(figures.count_many(ids, MONTHS[1]).values())
        for source in SOURCES:
            key = next((f.key for f in source.figures if whole[f.key]), source.figures[0].key)
            page = client.get(reverse("monthly-behind", args=[region, "2026-09", key]))
            assert page.status_code == 200
            assert len(page.context["rows"]) == whole[key], key
    assert client.get(reverse("monthly-behind", args=["35.73", "2026-09", "tidak-ada"])).status_code == 404


def test_a_list_behind_holds_no_sealed_words(people, life, city):
    VisitRequest.objects.update(note="Rahasia besar")
    page = signed_in(people.petugas).get(
        reverse("monthly-behind", args=[city["Purwantoro"].code, "2026-10", "requests"])
    )
    assert "Rahasia" not in words(page)


# ---- lists ---------------------------------------------------------------------------------------


def asked(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_queries_do_not_grow_with_rows(people, city, places):
    officer, city_staff = signed_in(people.petugas), signed_in(people.kasi)
    pages = [
        (officer, reverse("monthly-list")),
        (city_staff, reverse("monthly-list") + "?bulan=2026-10"),
        (city_staff, reverse("monthly-list") + "?lihat=terkirim"),
        (city_staff, reverse("monthly-behind", args=["35.73", "2026-10", "requests"])),
    ]
    life, counts = Life(places, vars(people), 4, rows=2), []
    for number in (1, 3):
        for month in (OCTOBER, date(2026, 9, 1), date(2026, 8, 1))[:number]:
            report, new = MonthlyReport.begin(kelurahan=city["Purwantoro"], month=month, by=people.petugas)
            if new:
                report.submit(by=people.petugas)
                report.approve(letter_number="1", letter_on=date(2026, 11, 2), by=people.lurah)
            life.request(date(2026, 10, 12), kelurahan=places[0], state="new")
        for client, address in pages:
            client.get(address)  # what is kept for a while is kept now
        counts.append([asked(client, address) for client, address in pages])
    assert counts[0] == counts[1]


def test_the_officer_sees_their_months_and_the_city_the_table(sent, people):
    mine = signed_in(people.petugas).get(reverse("monthly-list"))
    assert mine.templates[0].name == "programs/monthly/own.html"
    assert [row["words"] for row in mine.context["places"][0]["rows"]][:2] == ["Belum disusun", "Terkirim"]
    table = signed_in(people.camat).get(reverse("monthly-list"))
    assert table.templates[0].name == "programs/monthly/table.html"
    assert [line["region"].name for group in table.context["groups"] for line in group["lines"]] == [
        "Blimbing",
        "Purwantoro",
    ]


def test_who_is_late_is_seen_and_can_be_asked_for(sent, people):
    client = signed_in(people.kasi)
    page = client.get(reverse("monthly-list"), {"bulan": "2026-10"})
    assert page.context["late"] == 2
    assert words(page).count("> terlambat") + words(page).count("terlambat</span>") >= 2
    only = client.get(reverse("monthly-list"), {"bulan": "2026-10", "terlambat": "ya"})
    shown = [line["region"].name for group in only.context["groups"] for line in group["lines"]]
    assert shown == ["Blimbing", "Dinoyo"]


def test_before_the_day_nobody_is_late(people, clock):
    clock.move_to(datetime(2026, 11, 6, 9, 0, tzinfo=JAKARTA))
    assert signed_in(people.kasi).get(reverse("monthly-list"), {"bulan": "2026-10"}).context["late"] == 0


def test_what_waits_to_be_received(sent, people):
    page = words(signed_in(people.operator).get(reverse("monthly-list"), {"lihat": "terkirim"}))
    assert "400.10/12/2026" in page
    sent.receive(by=people.operator)
    page = words(signed_in(people.operator).get(reverse("monthly-list"), {"lihat": "terkirim"}))
    assert "Tidak ada yang menunggu" in page


def test_the_workbook_of_a_month_rolls_up(people, life, places):
    content = signed_in(people.kasi).get(reverse("monthly-export"), {"bulan": "2026-09"}).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    start = next(i for i, row in enumerate(rows) if row[0] == "Wilayah")
    head, body = rows[start], rows[start + 1 :]
    column = head.index("Kunjungan: Kunjungan")
    by_name = {row[0]: row for row in body}
    whole = figures.total(figures.count_many([p.pk for p in places], MONTHS[1]).values())
    assert by_name["Jumlah Kota Malang"][column] == whole["visits"]
    parts = [by_name[name][column] or 0 for name in ("Blimbing", "Purwantoro", "Dinoyo")]
    assert sum(parts) == whole["visits"]
    assert len(head) == 10 + len(FIGURES)


def test_a_correction_under_way_leaves_what_was_sent_on_the_lists(sent, people):
    edition = sent.correct(reason="Dua tertinggal.", by=people.petugas)
    row = signed_in(people.petugas).get(reverse("monthly-list")).context["places"][0]["rows"][1]
    assert (row["report"], row["mending"], row["words"], row["late"]) == (sent, edition, "Terkirim", False)
    page = signed_in(people.kasi).get(reverse("monthly-list"), {"bulan": "2026-10"})
    assert page.context["late"] == 2 and "koreksi ke-1: disusun" in words(page)
    assert not signed_in(people.petugas).get(edition.get_absolute_url()).context["late"]
    waiting = signed_in(people.kasi).get(reverse("monthly-list"), {"lihat": "terkirim"})
    assert [line["report"] for line in waiting.context["rows"]] == [sent]


def test_beside_the_letters_number_stand_the_letters_figures(sent, people, life):
    sent.correct(reason="Dua tertinggal.", by=people.petugas)
    now = figures.count(sent.kelurahan, OCTOBER)
    assert now["requests"] > sent.figures["counts"]["requests"] == 0
    content = signed_in(people.kasi).get(reverse("monthly-export"), {"bulan": "2026-10"}).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    start = next(i for i, row in enumerate(rows) if row[0] == "Wilayah")
    line = dict(
        zip(rows[start], next(row for row in rows[start:] if row[0] == sent.kelurahan.name), strict=True)
    )
    assert line["Status"] == "Terkirim (koreksi disusun)"
    assert line["Nomor surat"] == sent.letter_number and line["Dikirim"]
    assert line["Laporan perlu didatangi: Laporan perlu didatangi"] == 0
    assert line["Berubah sejak dikirim"] == len(figures.corrections(sent.figures["counts"], now))
    whole = dict(zip(rows[start], next(row for row in rows if row[0] == "Jumlah Kota Malang"), strict=True))
    others = sum(
        figures.count(place, OCTOBER)["requests"]
        for place in Region.objects.kelurahan().exclude(pk=sent.kelurahan_id)
    )
    assert whole["Laporan perlu didatangi: Laporan perlu didatangi"] == others


# ---- paper ---------------------------------------------------------------------------------------


def test_the_letter_carries_head_number_and_the_name_of_its_day(sent, people, city):
    OfficeAddress.objects.create(region=city["Purwantoro"], address="Jalan Contoh 1", phone="(0341) 000")
    OfficeHolder.objects.create(
        office="lurah", region=city["Purwantoro"], name="Pengganti, S.Sos.", is_acting=True,
        starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 5), staff_number="19700101",
    )  # fmt: skip
    client = signed_in(people.petugas)
    content = client.get(url("document", sent, "docx"))
    lines = [p.text for p in read_docx(io.BytesIO(content.content)).paragraphs]
    for line in (
        "PEMERINTAH KOTA MALANG", "KECAMATAN BLIMBING", "KELURAHAN PURWANTORO", "Jalan Contoh 1",
        "Nomor 400.10/12/2026", "Malang, 3 November 2026", "Plh. Lurah Purwantoro", "Pengganti, S.Sos.",
        "NIP 19700101",
    ):  # fmt: skip
        assert line in lines, line
    assert 'filename="laporan-purwantoro-2026-10.docx"' in content["Content-Disposition"]
    assert client.get(url("document", sent, "pdf")).content.startswith(b"%PDF-")
    assert client.get(url("document", sent, "zip")).status_code == 404


def test_a_draft_says_so_and_is_signed_by_nobody(report, people):
    content = signed_in(people.petugas).get(url("document", report, "docx")).content
    lines = [p.text for p in read_docx(io.BytesIO(content)).paragraphs]
    assert "DRAF: belum disetujui lurah" in lines
    assert not any(line.startswith("Malang,") for line in lines)


def test_the_letter_of_a_correction_names_both_figures(sent, people, life):
    edition = sent.correct(reason="Dua tertinggal.", by=people.petugas)
    edition.submit(by=people.petugas)
    edition.approve(letter_number="400.10/13", letter_on=date(2026, 11, 9), by=people.lurah)
    content = signed_in(people.petugas).get(url("document", edition, "docx")).content
    word = read_docx(io.BytesIO(content))
    table = word.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["Uraian", "Semula", "Menjadi"]
    assert [cell.text for cell in table.rows[1].cells][1:] == [
        "0",
        str(edition.figures["counts"]["requests"]),
    ]
    lines = [p.text for p in word.paragraphs]
    assert "Surat ini mengoreksi laporan nomor 400.10/12/2026 tanggal 3 November 2026." in lines
    changes = figures.corrections(sent.figures["counts"], edition.figures["counts"])
    assert f"Yang berubah: {moved.sentence(changes)}." in lines
    assert lines.index("Dua tertinggal.") < lines.index("A. Laporan perlu didatangi")


def test_a_correction_of_words_alone_says_so(sent, people):
    edition = sent.correct(reason="Nama RW keliru.", by=people.petugas)
    content = signed_in(people.petugas).get(url("document", edition, "docx")).content
    assert "Angkanya tidak berubah." in [p.text for p in read_docx(io.BytesIO(content)).paragraphs]


def test_the_workbooks_figures_are_numbers(sent, people, life):
    edition = sent.correct(reason="Dua tertinggal.", by=people.petugas)
    for row in (sent, edition):
        content = signed_in(people.petugas).get(url("document", row, "xlsx")).content
        rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
        head = next(at for at, cells in enumerate(rows) if cells[0] == "Bagian")
        told = [value for cells in rows[head + 1 :] for value in cells[2:-1]]
        assert len(rows[head + 1 :]) == len(FIGURES) and {type(value) for value in told} == {int}
    assert "Koreksi ke-1" in [cells[0] for cells in rows[:head]]


def test_the_workbook_shows_sent_now_and_the_difference(sent, people, life):
    content = signed_in(people.petugas).get(url("document", sent, "xlsx")).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    line = next(row for row in rows if row[:2] == ["Laporan perlu didatangi", "Laporan perlu didatangi"])
    now = figures.count(sent.kelurahan, OCTOBER)["requests"]
    assert line[2:5] == [0, now, now]
    assert rows[0][0] == "PEMERINTAH KOTA MALANG"


def test_every_act_has_words_in_the_history():
    from programs.monthly.pages import ACTS
    from umkm_portal.trail.words import ACTS as known

    acts = {act for act in known if act.startswith("monthly-report.") and act != "monthly-report.recap-taken"}
    assert acts and acts == set(ACTS)
