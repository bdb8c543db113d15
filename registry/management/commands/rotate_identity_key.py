"""manage.py rotate_identity_key: rewrite every sealed number under the newest IDENTITY_KEY."""

import json

from django.core.management.base import BaseCommand
from django.db import transaction

from accounts import audit
from registry.models import Person, Submission
from registry.people.identity import sealed_nik
from umkm_portal.lib.sealing import is_sealed_with_newest, lookup, seal, unseal

CHUNK = 500


def resealed_person(person):
    """Rewrite one person's columns in memory; whether anything changed."""
    changed = False
    if person.nik_sealed and not is_sealed_with_newest(person.nik_sealed):
        for column, value in sealed_nik(unseal(person.nik_sealed)).items():
            setattr(person, column, value)
        changed = True
    if person.kk_sealed and not is_sealed_with_newest(person.kk_sealed):
        number = unseal(person.kk_sealed)
        person.kk_sealed, person.kk_lookup = seal(number), lookup("kk", number)
        changed = True
    return changed


def resealed_submission(submission):
    """As `resealed_person`; keeps the claim on a NIK that an open registration holds."""
    if not submission.sealed or is_sealed_with_newest(submission.sealed):
        return False
    numbers = json.loads(unseal(submission.sealed))
    submission.sealed = seal(json.dumps(numbers))
    if submission.owner_nik_lookup:
        first = next(n["nik"] for n in numbers.values() if n.get("nik"))
        submission.owner_nik_lookup = lookup("nik", first)
    return True


class Command(BaseCommand):
    help = "Menulis ulang nomor tersegel dengan kunci IDENTITY_KEY terbaru. Dapat diulang dan diteruskan."

    def handle(self, **options):
        people = self.rewrite(
            Person.objects.exclude(nik_sealed="", kk_sealed=""),
            resealed_person,
            ["nik_sealed", "nik_lookup", "nik_last4", "kk_sealed", "kk_lookup"],
        )
        submissions = self.rewrite(
            Submission.objects.exclude(sealed=""), resealed_submission, ["sealed", "owner_nik_lookup"]
        )
        self.stdout.write(f"{people} orang dan {submissions} usulan ditulis ulang.")

    def rewrite(self, queryset, reseal, columns):
        """Walk a table by key in chunks, each its own transaction; returns how many rows changed."""
        last, total = 0, 0
        while True:
            with transaction.atomic():
                rows = list(
                    queryset.select_for_update(of=("self",)).filter(pk__gt=last).order_by("pk")[:CHUNK]
                )
                if not rows:
                    return total
                changed = [row for row in rows if reseal(row)]
                queryset.model.objects.bulk_update(changed, columns)
                audit.AuditEntry.objects.bulk_create(
                    [audit.line("identity.resealed", row, by=None) for row in changed]
                )
            last, total = rows[-1].pk, total + len(changed)
