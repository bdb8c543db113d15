"""Visitors at the same moment, and a visitor beside an officer: one report, one closing."""

import pytest
from django.db import connection
from django.db.models import QuerySet

from registry.models import Business, Submission, Tip
from registry.tips import models
from tests.factories import make_business, make_city, make_officer, make_submission
from tests.races import meeting, race
from umkm_portal.lib.errors import Refused

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PATIENCE = 0.3


@pytest.fixture
def business():
    city = make_city()
    return make_business(
        by=make_officer("petugas", city["Purwantoro"], "petugas"),
        decided_by=make_officer("verifikator", city["Kota"]),
    )


def report_at_once(business, monkeypatch):
    """Two visitors say the same; each waits inside the act, after its guards, for the other."""
    meet, propose = meeting(2, PATIENCE), models.propose_closing

    def slowly(*args, **kwargs):
        meet()
        return propose(*args, **kwargs)

    monkeypatch.setattr(models, "propose_closing", slowly)

    def report():
        return Tip.receive(business=Business.objects.get(pk=business.pk), kind="closed", words="Tutup")

    return race(report, report)


def test_the_same_words_at_once_are_one_report_and_one_closing(business, monkeypatch):
    outcomes = report_at_once(business, monkeypatch)

    assert not [o for o in outcomes if isinstance(o, Exception)]
    assert Tip.objects.get().times == 2
    assert Submission.objects.filter(kind="close").count() == 1


def test_without_the_lock_they_are_two_reports(business, monkeypatch):
    """Negative control; the closing stays one all the same, by the database's constraint."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one transaction write at a time, with or without our lock")
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **kwargs: self)

    outcomes = report_at_once(business, monkeypatch)

    assert not [o for o in outcomes if isinstance(o, Exception)]
    assert Tip.objects.count() == 2
    assert Submission.objects.filter(kind="close").count() == 1


def test_an_officers_closing_at_the_same_moment_leaves_one(business, monkeypatch):
    officer = Submission.objects.get().proposed_by
    draft = make_submission(by=officer, kind="close", business=business)
    meet, save = meeting(2, PATIENCE), Submission.save

    def slowly(self, *args, **kwargs):
        if self.kind == "close":
            meet()
        return save(self, *args, **kwargs)

    monkeypatch.setattr(Submission, "save", slowly)
    outcomes = race(
        lambda: Submission.objects.get(pk=draft.pk).submit(by=officer),
        lambda: Tip.receive(business=Business.objects.get(pk=business.pk), kind="closed", words="Tutup"),
    )

    assert Submission.objects.filter(kind="close", status="submitted").count() == 1
    refused = [o for o in outcomes if isinstance(o, Refused)]
    assert [r.code for r in refused] in ([], ["closing-open"])
    assert Tip.objects.get().submission == Submission.objects.get(kind="close", status="submitted")
    assert not [o for o in outcomes if isinstance(o, Exception) and not isinstance(o, Refused)]
