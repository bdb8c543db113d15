"""Many answers at once, each with its own outcome: one that is refused never loses the rest."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from registry.businesses.models import Business
from registry.checks.models import Check
from umkm_portal.lib.errors import Refused, not_found


@dataclass
class Outcome:
    """What came of one answer: a check, or why not."""

    business: Any
    check: Any = None
    new: bool = False
    refused: Refused | None = None


def business_named(identity):
    """The business with this uuid, or the one it was merged into, wherever it lies: who may answer for it on
    which day is the verb's to decide. Raises Refused not-found."""
    rows = Business.objects.select_related("kelurahan__parent", "merged_into__kelurahan__parent")
    business = rows.filter(uuid=identity).first()
    if business is None:
        raise not_found()
    return business.merged_into or business


def record_many(answers, *, via, by):
    """Record a list of {"business": Business, "answer", "told_at", "uuid"?, "note"?}; returns Outcomes."""
    outcomes = []
    for given in answers:
        outcome = Outcome(given["business"])
        try:
            with transaction.atomic():
                outcome.check, outcome.new = Check.record(via=via, by=by, **given)
        except Refused as refused:
            outcome.refused = refused
        outcomes.append(outcome)
    return outcomes
