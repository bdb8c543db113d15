"""A monthly report's way: begun, written, handed to the lurah, signed, received; and corrected."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry
from programs.models import MonthlyReport, OfficeHolder
from programs.monthly import months
from registry.models import Holiday, Post
from tests.factories import make_officer, make_post
from tests.programs.monthly.conftest import NOVEMBER, OCTOBER
from tests.programs.monthly.life import JAKARTA
from umkm_portal.lib.errors import Refused

LETTER = {"letter_number": "400.10/12/2026", "letter_on": date(2026, 11, 3)}


def acts(report):
    rows = AuditEntry.objects.filter(target_type="monthlyreport", target_id=str(report.pk)).order_by("pk")
    return [row.act.removeprefix("monthly-report.") for row in rows]


def refusal(act, **values):
    with pytest.raises(Refused) as refused:
        act(**values)
    return refused.value.code


# ---- the way -------------------------------------------------------------------------------------


def test_from_the_officer_to_the_lurah_to_diskopindag(report, people):
    report.write(note="RW 3 ramai. NIK 3573015508800001", by=people.petugas)
    report.submit(by=people.petugas)
    report.approve(by=people.lurah, **LETTER)
    report.receive(by=people.operator)

    report.refresh_from_db()
    assert report.state == "received"
    assert "3573015508800001" not in report.note
    assert (report.submitted_by, report.approved_by) == (people.petugas, people.lurah)
    assert report.figures["counts"]["requests"] == 0
    assert acts(report) == ["begun", "written", "submitted", "approved", "received"]
    assert report.version == 5


def test_begun_once_for_a_kelurahan_and_month(report, people, city):
    again, new = MonthlyReport.begin(
        kelurahan=city["Purwantoro"], month=date(2026, 10, 20), by=people.petugas
    )
    assert (again.pk, new) == (report.pk, False)
    assert MonthlyReport.objects.count() == 1


def test_the_lurah_asks_for_changes_and_gets_them(handed, people):
    handed.return_for_changes(reason="Tambahkan hasil Ngombe.", by=people.lurah)
    assert (handed.state, handed.reason) == ("returned", "Tambahkan hasil Ngombe.")

    handed.write(note="Ngombe RW 3: sembilan usulan.", by=people.petugas)
    handed.submit(by=people.petugas)
    handed.approve(by=people.lurah, **LETTER)

    assert handed.state == "sent"


def test_a_correction_is_the_next_edition_and_leaves_what_was_sent(sent, people):
    before = sent.figures
    edition = sent.correct(reason="Dua laporan tertinggal.", by=people.petugas)

    sent.refresh_from_db()
    assert (sent.state, sent.figures) == ("sent", before)
    assert (edition.edition, edition.state, edition.note) == (2, "draft", "RW 3 ramai.")
    assert edition.correction == "Dua laporan tertinggal."
    edition.submit(by=people.petugas)
    edition.approve(letter_number="400.10/13/2026", letter_on=date(2026, 11, 9), by=people.lurah)
    assert MonthlyReport.objects.latest().get() == edition


# ---- who ----------------------------------------------------------------------------------------


def test_strangers_find_nothing(report, people, city):
    assert not MonthlyReport.objects.visible_to(people.petugas_dinoyo).exists()
    begin = MonthlyReport.begin
    assert (
        refusal(begin, kelurahan=city["Purwantoro"], month=OCTOBER, by=people.petugas_dinoyo) == "not-found"
    )
    for act, given in (("write", {"note": "x"}), ("submit", {})):
        assert refusal(getattr(report, act), by=people.petugas_dinoyo, **given) == "not-found"
        assert refusal(getattr(report, act), by=people.lurah, **given) == "not-found"


def test_only_the_lurah_of_the_place_signs_or_returns(handed, people):
    for who in (people.petugas, people.lurah_dinoyo, people.camat, people.operator):
        assert refusal(handed.approve, by=who, **LETTER) == "not-found"
        assert refusal(handed.return_for_changes, by=who, reason="x") == "not-found"
    handed.refresh_from_db()
    assert handed.state == "submitted"


def test_only_diskopindag_receives(sent, people):
    for who in (people.petugas, people.lurah, people.camat, people.verifikator):
        assert refusal(sent.receive, by=who) == "not-found"
    sent.receive(by=people.kasi)
    assert sent.received_by == people.kasi


def test_an_acting_lurah_signs_by_a_lurahs_post(handed, people):
    handed.approve(by=people.plh, **LETTER)
    assert handed.approved_by == people.plh


def test_who_wrote_cannot_sign_even_with_the_lurahs_post(handed, people, city):
    """An officer who becomes acting lurah within the month."""
    make_post(people.petugas, "lurah", city["Purwantoro"])
    people.petugas._current_posts = None
    assert refusal(handed.approve, by=people.petugas, **LETTER) == "own-report"


def test_who_only_wrote_the_note_cannot_sign_either(report, people, city):
    second = make_officer("petugas", city["Purwantoro"])
    report.write(note="Catatan.", by=second)
    report.submit(by=people.petugas)
    make_post(second, "lurah", city["Purwantoro"])
    second._current_posts = None
    assert refusal(report.approve, by=second, **LETTER) == "own-report"


def test_without_the_guard_the_database_refuses_ones_own_signature(handed, people):
    with pytest.raises(IntegrityError), transaction.atomic():
        MonthlyReport.objects.filter(pk=handed.pk).update(
            state="sent",
            letter_number="1",
            letter_on=date(2026, 11, 3),
            approved_at=datetime(2026, 11, 3, tzinfo=JAKARTA),
            approved_by=people.petugas,
        )


def test_the_successor_goes_on_with_the_same_draft_and_both_are_named(report, people, city, clock):
    report.write(note="Sampai tanggal sepuluh.", by=people.petugas)
    Post.objects.filter(user=people.petugas).update(ends_on=date(2026, 11, 10))
    clock.move_to(datetime(2026, 11, 11, 9, 0, tzinfo=JAKARTA))
    successor = make_officer("petugas", city["Purwantoro"])
    people.petugas._current_posts = None

    assert refusal(report.write, note="Masih saya.", by=people.petugas) == "not-found"
    assert MonthlyReport.begin(kelurahan=city["Purwantoro"], month=OCTOBER, by=successor) == (report, False)
    report.write(note=report.note + " Lalu seterusnya.", by=successor)
    report.submit(by=successor)

    assert report.authors() == [people.petugas, successor]
    assert refusal(report.approve, by=successor, **LETTER) == "not-found"
    report.approve(letter_number="1", letter_on=date(2026, 11, 11), by=people.lurah)


# ---- in which state -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "left"),
    [
        ("report", {"write", "submit"}),
        ("handed", {"approve", "return_for_changes"}),
        ("sent", {"receive", "correct"}),
    ],
)
def test_each_act_fits_its_state_alone(state, left, people, request):
    row = request.getfixturevalue(state)
    given = {
        "write": (people.petugas, {"note": "x"}),
        "submit": (people.petugas, {}),
        "approve": (people.lurah, LETTER),
        "return_for_changes": (people.lurah, {"reason": "x"}),
        "receive": (people.operator, {}),
        "correct": (people.petugas, {"reason": "x"}),
    }
    for act, (by, values) in given.items():
        if act not in left:
            assert refusal(getattr(row, act), by=by, **values) == "report-state", act
    before = row.version
    row.refresh_from_db()
    assert row.version == before


def test_corrected_once_at_a_time(sent, people):
    sent.correct(reason="Tertinggal.", by=people.petugas)
    assert refusal(sent.correct, reason="Lagi.", by=people.petugas) == "report-corrected"


@pytest.mark.parametrize("act", ["return_for_changes", "correct"])
def test_a_reason_is_asked_for(act, handed, people):
    by = people.lurah
    if act == "correct":
        handed.approve(by=people.lurah, **LETTER)
        by = people.petugas
    with pytest.raises(Refused) as refused:
        getattr(handed, act)(reason="  ", by=by)
    assert refused.value.code == "reason-missing"
    assert set(refused.value.fields) == {"reason"}


# ---- days ---------------------------------------------------------------------------------------


def test_a_month_is_sent_from_its_last_working_day_on(people, city, clock):
    """November 2026 ends on a Monday; with that day off, the Friday before is its last working day."""
    Holiday.objects.create(on=date(2026, 11, 30), name="Libur")
    row, _new = MonthlyReport.begin(kelurahan=city["Purwantoro"], month=NOVEMBER, by=people.petugas)
    clock.move_to(datetime(2026, 11, 26, 23, 0, tzinfo=JAKARTA))
    assert refusal(row.submit, by=people.petugas) == "month-not-over"
    clock.move_to(datetime(2026, 11, 27, 8, 0, tzinfo=JAKARTA))
    row.submit(by=people.petugas)
    assert (
        refusal(row.approve, by=people.lurah, letter_number="1", letter_on=date(2026, 11, 26)) == "letter-day"
    )
    row.approve(by=people.lurah, letter_number="1", letter_on=date(2026, 11, 27))


def test_the_letter_has_a_number_and_a_day_that_was(handed, people):
    sign = handed.approve
    assert refusal(sign, by=people.lurah, **LETTER | {"letter_number": " "}) == "number-missing"
    for day in (date(2026, 10, 29), date(2026, 11, 11), None):
        assert refusal(sign, by=people.lurah, **LETTER | {"letter_on": day}) == "letter-day"
    sign(by=people.lurah, **LETTER | {"letter_on": date(2026, 10, 30)})


def test_no_month_ahead_and_none_long_gone(people, city):
    begin, place = MonthlyReport.begin, city["Purwantoro"]
    assert refusal(begin, kelurahan=place, month=date(2026, 12, 1), by=people.petugas) == "month-ahead"
    assert refusal(begin, kelurahan=place, month=date(2024, 10, 1), by=people.petugas) == "month-too-old"
    assert begin(kelurahan=place, month=date(2024, 11, 1), by=people.petugas)[1]


def test_due_on_the_fifth_working_day_of_the_month_after():
    assert months.due_on(OCTOBER, set()) == date(2026, 11, 6)
    assert months.due_on(OCTOBER, {date(2026, 11, 3)}) == date(2026, 11, 9)
    assert months.due_on(date(2026, 12, 1), {date(2027, 1, 1)}) == date(2027, 1, 8)
    assert months.last_working_day(date(2026, 2, 1), set()) == date(2026, 2, 27)


def test_a_day_anywhere_in_a_month_leads_to_its_neighbours():
    for day in (date(2026, 12, 1), date(2026, 12, 15), date(2026, 12, 31)):
        assert (months.month_before(day), months.next_month(day)) == (date(2026, 11, 1), date(2027, 1, 1))


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "2026", "", None, "2026-10-01", "1999-01", "20x6-10"])
def test_what_names_no_month(text):
    assert months.parse(text) is None


# ---- who signs ----------------------------------------------------------------------------------


def test_the_letter_names_who_held_the_office_on_its_day(sent, city):
    place, office = city["Purwantoro"], OfficeHolder.Office.LURAH
    assert sent.signer() is None
    before, acting, after = (
        OfficeHolder.objects.create(
            office=office, region=place, name=name, is_acting=plh, starts_on=start, ends_on=end
        )
        for name, plh, start, end in (
            ("Lama", False, date(2024, 1, 1), date(2026, 11, 5)),
            ("Pengganti", True, date(2026, 11, 2), date(2026, 11, 4)),
            ("Baru", False, date(2026, 11, 6), None),
        )
    )
    for day, holder in ((2, acting), (4, acting), (5, before), (6, after)):
        sent.letter_on = date(2026, 11, day)
        assert sent.signer() == holder
    assert (acting.title, after.title) == ("Plh. Lurah", "Lurah")


def test_the_day_after_the_last_is_nobodys(sent, city):
    OfficeHolder.objects.create(
        office="lurah", region=city["Purwantoro"], name="A", starts_on=date(2024, 1, 1),
        ends_on=sent.letter_on - timedelta(1),
    )  # fmt: skip
    assert sent.signer() is None
