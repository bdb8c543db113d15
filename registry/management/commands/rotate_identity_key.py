"""manage.py rotate_identity_key: rewrite everything sealed under the newest IDENTITY_KEY."""

import json
from itertools import chain

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import connection, models, transaction

from accounts.models import AuditEntry, IdempotentRequest
from registry.businesses.derived import derive_lookups
from registry.models import Business, Import, ImportRow, Job, Person, Submission, Tip
from registry.people.identity import sealed_nik
from umkm_portal.lib.sealed_fields import SealedJSONField, SealedTextField
from umkm_portal.lib.sealing import PREFIX, lookup, seal, unseal, word_tokens

CHUNK = 500


def person(row):
    """Reseal one person's columns in memory."""
    if row.nik_sealed:
        for column, value in sealed_nik(unseal(row.nik_sealed)).items():
            setattr(row, column, value)
    if row.kk_sealed:
        number = unseal(row.kk_sealed)
        row.kk_sealed, row.kk_lookup = seal(number), lookup("kk", number)
    row.name_words = word_tokens("name", row.name)
    row.phone_lookup = lookup("phone", row.phone)


def submission(row):
    """Reseal the identity numbers, and keep the claim on a NIK that an open registration holds."""
    if not row.sealed:
        return
    numbers = json.loads(unseal(row.sealed))
    row.sealed = seal(json.dumps(numbers))
    if row.owner_nik_lookup:
        row.owner_nik_lookup = lookup("nik", next(n["nik"] for n in numbers.values() if n.get("nik")))


def nothing(row):
    """Reading a sealed field and writing it again seals it under the newest key: no more is needed."""


def authenticator(row):
    """Reseal the secrets of somebody's second factor, which allauth keeps inside a JSON column."""
    row.data = {name: _resealed(value) for name, value in row.data.items()}


def _resealed(value):
    if isinstance(value, list):
        return [_resealed(one) for one in value]
    sealed = isinstance(value, str) and value.startswith(f"{PREFIX}:")
    return seal(unseal(value)) if sealed else value


# model, what to do with a row, columns beside the sealed fields that change
TABLES = [
    (
        Person,
        person,
        ["nik_sealed", "nik_lookup", "nik_last4", "kk_sealed", "kk_lookup", "name_words", "phone_lookup"],
    ),
    (Business, derive_lookups, ["owner_words", "phone_lookup"]),
    (Submission, submission, ["sealed", "owner_nik_lookup"]),
    (ImportRow, ImportRow.set_keys, ["fingerprint", "match_key"]),
    (AuditEntry, nothing, []),
    (Job, nothing, []),
    (Tip, Tip.set_lookup, ["words_lookup"]),
    (IdempotentRequest, nothing, []),  # an answer of today is asked for again by tomorrow
    (Authenticator, authenticator, ["data"]),
]


def sealed_columns(model):
    return [f.name for f in model._meta.fields if isinstance(f, (SealedTextField, SealedJSONField))]


def tables():
    """TABLES, and whatever else has sealed columns, of any app: reading and writing them again is enough."""
    named = {model for model, _reseal, _columns in TABLES}
    others = [model for model in apps.get_models() if model not in named and sealed_columns(model)]
    return [*TABLES, *((model, nothing, []) for model in others)]


class Command(BaseCommand):
    help = "Menulis ulang semua yang tersegel dengan kunci IDENTITY_KEY terbaru. Dapat diulang."

    def handle(self, **options):
        for model, reseal, columns in tables():
            total = rewrite(model, reseal, [*columns, *sealed_columns(model)])
            self.stdout.write(f"{model._meta.verbose_name}: {total} baris ditulis ulang.")
        for row in chain(Import.objects.exclude(file=""), Job.objects.exclude(file="")):
            row.reseal_file()


def rewrite(model, reseal, columns):
    """Walk a table by key in chunks, each its own transaction; returns how many rows were rewritten.

    A plain QuerySet, because the audit trail's own refuses every update; this one changes no word of it.
    """
    rows_of, last, total = models.QuerySet(model), 0, 0
    while True:
        with transaction.atomic():
            if model is AuditEntry and connection.vendor == "postgresql":
                with connection.cursor() as cursor:  # the one change its trigger lets through
                    cursor.execute("SET LOCAL umkm.rotating = 'on'")
            rows = list(rows_of.select_for_update(of=("self",)).filter(pk__gt=last).order_by("pk")[:CHUNK])
            if not rows:
                return total
            for row in rows:
                reseal(row)
            rows_of.bulk_update(rows, columns)
        last, total = rows[-1].pk, total + len(rows)
