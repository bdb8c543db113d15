"""Twenty copies of one report at once: one row, one answer. With a negative control."""

import uuid

import pytest
from django.db import connection
from django.utils import timezone

from registry.models import VisitRequest
from registry.reports import models
from tests.api.clients import call
from tests.factories import make_city, make_officer
from tests.races import meeting, race

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
MANY, PATIENCE = 20, 2
UNIQUE = (
    "SELECT conname FROM pg_constraint WHERE contype = 'u' AND conrelid = 'registry_visitrequest'::regclass"
)


@pytest.fixture
def officer():
    return make_officer("petugas", make_city()["Purwantoro"])


def send_at_once(officer, monkeypatch, **options):
    """The answers to MANY copies; each waits, after it saw no such row, for the others."""
    meet = meeting(MANY, PATIENCE)
    weight_of = models.weight_of

    def slowly(*args, **kwargs):
        meet()
        return weight_of(*args, **kwargs)

    monkeypatch.setattr(models, "weight_of", slowly)
    body = {
        "uuid": str(uuid.uuid4()),
        "kelurahan": "35.73.01.1007",
        "told_name": "Warung Bu Jumi",
        "need": "equipment",
        "told_at": timezone.now().isoformat(),
    }
    send = lambda: call(officer, "post", "visit-requests/", body, **options)  # noqa: E731
    return race(*[send] * MANY, timeout=60)


def test_twenty_at_once_are_one_report_and_one_answer(officer, monkeypatch):
    answers = send_at_once(officer, monkeypatch)

    assert {each.status_code for each in answers} == {201}
    assert len({each.content for each in answers}) == 1
    assert len({each["ETag"] for each in answers}) == 1
    assert VisitRequest.objects.count() == 1


def test_twenty_at_once_under_one_key_are_one_report(officer, monkeypatch):
    """The first is at work: who comes meanwhile is told so, and what is answered is the same."""
    answers = send_at_once(officer, monkeypatch, HTTP_IDEMPOTENCY_KEY="kunci-laporan")

    assert {each.status_code for each in answers} <= {201, 409}
    assert {each.json()["code"] for each in answers if each.status_code == 409} <= {"in-progress"}
    assert len({each.content for each in answers if each.status_code == 201}) == 1
    assert VisitRequest.objects.count() == 1


def test_without_the_constraint_there_are_many(officer, monkeypatch):
    """Negative control: the race above can fail."""
    with connection.cursor() as cursor:
        cursor.execute(UNIQUE)
        names = [name for (name,) in cursor.fetchall() if "uuid" in name]
        cursor.execute(f'ALTER TABLE registry_visitrequest DROP CONSTRAINT "{names[0]}"')
        try:
            send_at_once(officer, monkeypatch)
            found = VisitRequest.objects.count()
            VisitRequest.objects.all().delete()
        finally:
            cursor.execute(f'ALTER TABLE registry_visitrequest ADD CONSTRAINT "{names[0]}" UNIQUE (uuid)')

    assert found > 1
