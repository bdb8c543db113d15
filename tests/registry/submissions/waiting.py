"""Much that waits for a decision, written in one go: what pages and lists are measured with."""

from datetime import timedelta

from django.utils import timezone

from registry.models import Business, Submission
from tests.factories import numbers


def registrations(by, count, city):
    """`count` registrations waiting, each with an owner, a phone and a licence; written in one go."""
    now, rows = timezone.now(), []
    for number in range(count):
        row = Submission(
            kind="register",
            status="submitted",
            title=f"Usaha {number}",
            kelurahan_next=city["Purwantoro"],
            proposed_by=by,
            submitted_at=now + timedelta(microseconds=number),
            submitted_by=by,
            values={
                "name": ["", f"Usaha {number}"],
                "activity": ["", "kue"],
                "kelurahan": [None, "35.73.01.1007"],
                "phone": ["", f"62812{next(numbers):08d}"],
            },
        )
        row.items = [
            {
                "op": "add",
                "kind": "licence",
                "uuid": str(row.uuid),
                "values": {"kind": "nib", "status": "has", "number": "0123456789012"},
            }
        ]
        rows.append(row)
    return Submission.objects.bulk_create(rows)


def shops(by, count, city):
    """`count` businesses of Purwantoro with little more than a name; written in one go."""
    return Business.objects.bulk_create(
        Business(
            name=f"Toko {number}",
            slug=f"toko-{next(numbers)}",
            kelurahan=city["Purwantoro"],
            recorded_by=by,
            changed_by=by,
        )
        for number in range(count)
    )


def changes(by, count, city):
    """`count` changes waiting, each of a business of its own."""
    now = timezone.now()
    businesses = shops(by, count, city)
    return Submission.objects.bulk_create(
        Submission(
            kind="change",
            status="submitted",
            title=business.name,
            business=business,
            business_uuid=business.uuid,
            kelurahan_now=city["Purwantoro"],
            proposed_by=by,
            submitted_at=now + timedelta(microseconds=number),
            submitted_by=by,
            values={"address": ["", f"Jl. Sanan {number}"]},
        )
        for number, business in enumerate(businesses)
    )
