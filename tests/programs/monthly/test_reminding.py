"""Who is reminded of which monthly report, from which day on."""

import re
from datetime import date, datetime
from html import unescape

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from programs.models import MonthlyReport
from programs.monthly.lists import own_kelurahan
from programs.monthly.reminding import mark_reminded, reminders, wanted_month
from tests.factories import make_post
from tests.programs.monthly.conftest import NOVEMBER, OCTOBER
from tests.programs.monthly.life import JAKARTA


def told(user, today=None):
    return [(item["title"], item["late"]) for item in reminders(user, today)]


@pytest.mark.parametrize(
    ("today", "month"),
    [
        (date(2026, 11, 10), OCTOBER),
        (date(2026, 11, 29), OCTOBER),  # a Sunday; the last working day is the 30th
        (date(2026, 11, 30), NOVEMBER),
        (date(2026, 12, 1), NOVEMBER),
    ],
)
def test_which_month_is_asked_for(today, month, db):
    assert wanted_month(today)[0] == month


def test_the_officer_is_asked_for_the_report_until_it_is_handed_in(people, city):
    title = "Laporan bulanan Oktober 2026 belum dikirim"
    assert told(people.petugas, date(2026, 11, 5)) == [(title, False)]
    assert told(people.petugas) == [(title, True)]
    report, _new = MonthlyReport.begin(kelurahan=city["Purwantoro"], month=OCTOBER, by=people.petugas)
    assert reminders(people.petugas)[0]["url"] == report.get_absolute_url()
    report.submit(by=people.petugas)
    assert told(people.petugas) == []


def test_the_officer_is_told_what_was_given_back(handed, people):
    handed.return_for_changes(reason="Kurang.", by=people.lurah)
    assert told(people.petugas) == [("Laporan bulanan Oktober 2026 perlu diperbaiki", False)]


def test_a_correction_under_way_does_not_unsend_the_month(sent, people, clock):
    edition = sent.correct(reason="Lupa.", by=people.petugas)
    assert told(people.petugas) == [("Koreksi laporan bulanan Oktober 2026 belum dikirim", False)]
    assert ("1 laporan bulanan menunggu diterima", False) in told(people.kasi)
    clock.move_to(datetime(2026, 12, 1, 9, 0, tzinfo=JAKARTA))  # November is asked for by now
    assert told(people.petugas) == [
        ("Koreksi laporan bulanan Oktober 2026 belum dikirim", False),
        ("Laporan bulanan November 2026 belum dikirim", False),
    ]
    edition.submit(by=people.petugas)
    assert told(people.petugas) == [("Laporan bulanan November 2026 belum dikirim", False)]


def test_the_list_shows_what_waits(handed, people):
    client = Client()
    client.force_login(people.lurah, backend="accounts.backends.SignInBackend")
    page = client.get(reverse("monthly-list")).content.decode()
    assert "Laporan bulanan Oktober 2026 menunggu persetujuan Anda" in page
    assert handed.get_absolute_url() in page


def links(page, heading):
    """{(address, words)} of the section under this heading; where there is none, nothing is said."""
    text = page.content.decode()
    section = re.search(rf'aria-labelledby="{heading}".*?</section>', text, re.DOTALL)
    found = re.findall(r'<a [^>]*href="([^"]+)">(.*?)</a>', section[0], re.DOTALL) if section else []
    return [
        (unescape(url), " ".join(unescape(re.sub(r"<[^>]+>", " ", words)).split())) for url, words in found
    ]


@pytest.mark.parametrize("standing", ["nothing", "report", "handed", "returned", "sent", "corrected"])
def test_home_and_list_tell_the_same(standing, people, request):
    """Whoever asks and however a report stands: one source, and no page knows more or less."""
    if standing in ("report", "handed", "sent"):
        request.getfixturevalue(standing)
    elif standing == "returned":
        request.getfixturevalue("handed").return_for_changes(reason="Kurang.", by=people.lurah)
    elif standing == "corrected":
        request.getfixturevalue("sent").correct(reason="Lupa.", by=people.petugas)
    said = 0
    for user in vars(people).values():
        client = Client()
        client.force_login(user, backend="accounts.backends.SignInBackend")
        wanted = [(item["url"], f"{item['title']} {item['text']}") for item in reminders(user)]
        assert links(client.get("/"), "bulanan") == wanted, user
        if own_kelurahan(user):
            assert links(client.get(reverse("monthly-list")), "ingat") == wanted, user
        said += len(wanted)
    assert said  # somebody is always told something


def test_home_and_list_tell_of_the_kelurahan_worked_in(people, city):
    make_post(people.petugas, "petugas", city["Dinoyo"])
    client = Client()
    client.force_login(people.petugas, backend="accounts.backends.SignInBackend")
    pages = ("/", "bulanan"), (reverse("monthly-list"), "ingat")
    assert [len(links(client.get(url), heading)) for url, heading in pages] == [2, 2]
    client.post(reverse("working-in"), {"kelurahan": city["Dinoyo"].code, "next": "/"})
    home, listed = (links(client.get(url), heading) for url, heading in pages)
    assert home == listed and len(home) == 1 and "Dinoyo" in home[0][1]


def test_the_lurah_is_told_what_waits_for_a_signature(handed, people):
    assert told(people.lurah) == [("Laporan bulanan Oktober 2026 menunggu persetujuan Anda", False)]
    assert told(people.lurah_dinoyo) == []


def test_diskopindag_is_told_what_to_receive_and_who_is_late(sent, people):
    assert told(people.kasi) == [
        ("1 laporan bulanan menunggu diterima", False),
        ("2 kelurahan terlambat mengirim laporan Oktober 2026", True),
    ]
    assert told(people.kasi, date(2026, 11, 6)) == [("1 laporan bulanan menunggu diterima", False)]


def test_who_has_nothing_to_do_with_it_is_told_nothing(sent, people, nobody):
    for user in (people.verifikator, people.camat, nobody):
        assert told(user) == []


def test_the_clock_marks_once_what_is_past_its_day(report, people, clock, city):
    clock.move_to(datetime(2026, 11, 6, 20, 0, tzinfo=JAKARTA))
    assert mark_reminded() == 0
    clock.move_to(datetime(2026, 11, 7, 6, 0, tzinfo=JAKARTA))
    call_command("daily")
    report.refresh_from_db()
    assert report.reminded_at is not None
    assert mark_reminded() == 0
    line = AuditEntry.objects.get(act="monthly-report.reminded")
    assert line.recorded_by is None


def test_what_was_sent_or_is_corrected_is_not_marked(sent, people):
    sent.correct(reason="Lupa.", by=people.petugas)
    assert mark_reminded() == 0
