"""The audit trail only grows: in code on every database, by a trigger on PostgreSQL."""

import pytest
from django.core.management import call_command
from django.db import connection, models, transaction
from django.db.utils import IntegrityError

from accounts import audit
from accounts.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(petugas):
    return audit.record("person.viewed", petugas, by=petugas, how="page")


def test_a_line_is_neither_changed_nor_deleted_in_code(line):
    line.act = "nothing.happened"
    for attempt in (
        line.save,
        line.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(act="x"),
        lambda: AuditEntry.objects.bulk_update([line], ["act"]),
    ):
        with pytest.raises(TypeError, match="append-only"), transaction.atomic():
            attempt()
    assert AuditEntry.objects.get().act == "person.viewed"


@pytest.mark.postgres
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE accounts_auditentry SET act = 'x'",
        "DELETE FROM accounts_auditentry",
        "UPDATE accounts_auditentry SET detail = 'x'",
    ],
)
def test_the_database_refuses_as_well(line, sql):
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert AuditEntry.objects.get().act == "person.viewed"


@pytest.mark.postgres
def test_also_around_the_model(line):
    with pytest.raises(IntegrityError), transaction.atomic():
        models.QuerySet(AuditEntry).filter(pk=line.pk).update(act="x")


@pytest.mark.postgres
def test_rotating_lets_only_the_seal_change(line):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL umkm.rotating = 'on'")
        cursor.execute("UPDATE accounts_auditentry SET detail = detail")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("UPDATE accounts_auditentry SET act = 'x'")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("DELETE FROM accounts_auditentry")


def test_the_key_rotation_goes_through(line, settings):
    settings.IDENTITY_KEY = ["kunci-baru-" + "n" * 40, settings.IDENTITY_KEY[0]]
    call_command("rotate_identity_key", verbosity=0)
    settings.IDENTITY_KEY = settings.IDENTITY_KEY[:1]
    assert AuditEntry.objects.get(pk=line.pk).detail == {"how": "page"}
