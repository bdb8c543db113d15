"""The people of a monthly report, in November 2026: October is over, its report is due on the 6th."""

from datetime import date, datetime
from types import SimpleNamespace

import pytest
import time_machine

from programs.models import MonthlyReport
from tests.factories import make_officer
from tests.programs.monthly.life import JAKARTA

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


@pytest.fixture
def clock():
    """Tuesday, 10 November 2026, nine o'clock; `clock.move_to` goes on."""
    with time_machine.travel(datetime(2026, 11, 10, 9, 0, tzinfo=JAKARTA), tick=False) as traveller:
        yield traveller


@pytest.fixture
def people(clock, city):
    return SimpleNamespace(
        petugas=make_officer("petugas", city["Purwantoro"], "petugas.purwantoro"),
        lurah=make_officer("lurah", city["Purwantoro"]),
        plh=make_officer("lurah", city["Purwantoro"]),
        camat=make_officer("camat", city["Kec. Blimbing"]),
        operator=make_officer("operator", city["Kota"]),
        kasi=make_officer("kasi", city["Kota"]),
        verifikator=make_officer("verifikator", city["Kota"]),
        petugas_dinoyo=make_officer("petugas", city["Dinoyo"]),
        lurah_dinoyo=make_officer("lurah", city["Dinoyo"]),
    )


@pytest.fixture
def report(people, city):
    """October's report of Purwantoro, begun by its officer."""
    return MonthlyReport.begin(kelurahan=city["Purwantoro"], month=OCTOBER, by=people.petugas)[0]


@pytest.fixture
def handed(report, people):
    report.write(note="RW 3 ramai.", by=people.petugas)
    report.submit(by=people.petugas)
    return report


@pytest.fixture
def sent(handed, people):
    handed.approve(letter_number="400.10/12/2026", letter_on=date(2026, 11, 3), by=people.lurah)
    return handed
