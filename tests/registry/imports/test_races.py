"""Two people send the same list at once: every business is proposed once. With a negative control."""

import pytest

from registry.imports import actions
from registry.imports.models import Import
from registry.models import Submission
from tests.factories import make_city, make_officer
from tests.races import meeting, race
from tests.registry.imports.files import csv
from umkm_portal.lib.errors import Refused

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def send_at_once(monkeypatch):
    """Two operators read the same list and send it; each waits at the door for the other."""
    city = make_city()
    data = csv("nama usaha,alamat,kelurahan", "Toko A,Jl. A,Purwantoro", "Toko B,Jl. B,Dinoyo")
    uploads = []
    for name in ("satu", "dua"):
        by = make_officer("operator", city["Kota"], f"operator.{name}")
        upload = actions.upload(data, "x.csv", actions.Options(), by=by)
        actions.read(upload)
        upload.refresh_from_db()
        upload.begin_sending(by=by)
        uploads.append(upload)
    meet = meeting(2, 0.5)
    submission = actions._submission

    def slowly(*args):
        meet()
        return submission(*args)

    monkeypatch.setattr(actions, "_submission", slowly)
    return race(*(lambda pk=upload.pk: actions.send(Import.objects.get(pk=pk)) for upload in uploads))


def test_one_list_sent_by_two_is_proposed_once(monkeypatch):
    outcomes = send_at_once(monkeypatch)
    assert Submission.objects.count() == 2
    refused = [o for o in outcomes if isinstance(o, Refused)]
    assert [r.code for r in refused] == ["import-nothing-new"]


def test_without_reading_again_it_would_be_proposed_twice(monkeypatch):
    monkeypatch.setattr(actions, "_moved_since", lambda row: False)
    send_at_once(monkeypatch)
    assert Submission.objects.count() == 4
