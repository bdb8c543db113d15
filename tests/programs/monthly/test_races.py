"""Two sign, correct or begin at once: one outcome; each race has a negative control."""

from datetime import date

import pytest

from accounts.models import AuditEntry
from programs.models import MonthlyReport
from programs.monthly import figures
from tests.factories import make_city, make_officer
from tests.races import meeting, race
from umkm_portal.lib.errors import Refused

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PATIENCE = 0.3
MONTH, LETTER_ON = date(2026, 8, 1), date(2026, 9, 1)


@pytest.fixture
def city():
    return make_city()


@pytest.fixture
def petugas(city):
    return make_officer("petugas", city["Purwantoro"])


@pytest.fixture
def lurahs(city):
    return [make_officer("lurah", city["Purwantoro"]) for _each in range(2)]


@pytest.fixture
def handed(city, petugas):
    report, _new = MonthlyReport.begin(kelurahan=city["Purwantoro"], month=MONTH, by=petugas)
    report.submit(by=petugas)
    return report


def sign_at_once(report, lurahs, monkeypatch):
    """The lurah and the acting lurah sign; each waits inside the act, after its guards, for the other."""
    meet, count = meeting(2, PATIENCE), figures.count

    def slowly(*args, **kwargs):
        meet()
        return count(*args, **kwargs)

    monkeypatch.setattr(figures, "count", slowly)
    return race(
        *(
            lambda number=number, by=by: MonthlyReport.objects.get(pk=report.pk).approve(
                letter_number=f"400/{number}", letter_on=LETTER_ON, by=by
            )
            for number, by in enumerate(lurahs)
        )
    )


def signatures(report):
    return AuditEntry.objects.filter(act="monthly-report.approved", target_id=str(report.pk)).count()


def test_two_signatures_at_once_end_in_one(handed, lurahs, monkeypatch):
    outcomes = sign_at_once(handed, lurahs, monkeypatch)

    assert [o.code for o in outcomes if isinstance(o, Refused)] == ["report-state"]
    assert outcomes.count(None) == 1
    assert signatures(handed) == 1
    handed.refresh_from_db()
    assert handed.approved_by == lurahs[outcomes.index(None)]
    assert handed.letter_number == f"400/{outcomes.index(None)}"


def test_without_the_lock_both_sign(handed, lurahs, monkeypatch):
    """Negative control: the race above can fail."""
    monkeypatch.setattr(MonthlyReport, "_lock", lambda self: self.refresh_from_db())

    assert sign_at_once(handed, lurahs, monkeypatch) == [None, None]
    assert signatures(handed) == 2


def test_signing_and_returning_at_once_end_in_one(handed, lurahs):
    outcomes = race(
        lambda: MonthlyReport.objects.get(pk=handed.pk).approve(
            letter_number="1", letter_on=LETTER_ON, by=lurahs[0]
        ),
        lambda: MonthlyReport.objects.get(pk=handed.pk).return_for_changes(reason="Kurang.", by=lurahs[1]),
    )
    assert sorted(type(o).__name__ for o in outcomes) == ["NoneType", "Refused"]


def test_one_report_of_a_month_though_two_begin_it(city, petugas):
    other = make_officer("petugas", city["Purwantoro"])
    for month in (MONTH, date(2026, 7, 1), date(2026, 6, 1)):
        outcomes = race(
            *(
                lambda by=by, month=month: MonthlyReport.begin(
                    kelurahan=city["Purwantoro"], month=month, by=by
                )
                for by in (petugas, other)
            )
        )
        assert len({report.pk for report, _new in outcomes}) == 1
        assert sorted(new for _report, new in outcomes) == [False, True]


def test_one_correction_though_two_begin_it(handed, petugas, lurahs):
    handed.approve(letter_number="1", letter_on=LETTER_ON, by=lurahs[0])
    outcomes = race(
        *(lambda: MonthlyReport.objects.get(pk=handed.pk).correct(reason="Lupa.", by=petugas) for _ in "ab")
    )
    assert [o.code for o in outcomes if isinstance(o, Refused)] == ["report-corrected"]
    assert MonthlyReport.objects.count() == 2
