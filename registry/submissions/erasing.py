"""Emptying a person whom nothing needs any more (UU 27/2022 article 8; docs/personal-data.md).

What is emptied: the person's own columns, the owner items of decided proposals, their identity numbers, and
the uploaded row they came from. What stays: that somebody was the owner of a business that closed, the audit
trail, and words people wrote in notes and reasons, which no program can search for a name.
"""

import json

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from registry.businesses.choices import OperatingState
from registry.businesses.models import Business
from registry.businesses.rebuild import rebuild_of
from registry.people.models import Person
from registry.submissions.models import Submission
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.sealing import seal
from umkm_portal.lib.text import clean_text, mask_long_digits

ERASED = "Data dihapus"
EMPTY = {
    "name": ERASED, "name_words": "", "nik_answer": "", "nik_sealed": "", "nik_lookup": None, "nik_last4": "",
    "kk_sealed": "", "kk_lookup": "", "kk_last4": "", "sex": "", "born_on": None, "phone": "",
    "phone_lookup": "", "phone_of": "", "email": "", "address": "", "domicile": None, "rt": None, "rw": None,
    "education": "", "disability": "",
}  # fmt: skip
WAITING = (Submission.Status.DRAFT, *Submission.OPEN)


def proposals_naming(person):
    """Proposals with an owner item of this person. Reads all of them: sealed columns can not be searched."""
    mark = str(person.uuid)
    for submission in Submission.objects.order_by("pk").iterator(chunk_size=500):
        if any(i.get("kind") == "owner" and i.get("uuid") == mark for i in submission.items or ()):
            yield submission


def in_the_way(person, proposals):
    """Sentences saying what still needs this person; [] when nothing does."""
    found = []
    current = person.ownerships.filter(ended_on=None, business__merged_into=None)
    for ownership in current.exclude(business__operating_state=OperatingState.CLOSED).select_related(
        "business"
    ):
        found.append(_("Masih pemilik atau pengelola %s yang belum tutup.") % ownership.business.name)
    for submission in proposals:
        if submission.status in WAITING or (submission.batch_id and submission.status == "submitted"):
            found.append(_("Masih disebut pada usulan yang belum diputuskan: %s.") % submission.uuid)
    return found


@transaction.atomic
def erase(person, *, reason, by=None):
    """Empty a person's data for good. `by` None: from the command line.

    Raises Refused: reason-missing, person-needed (the message says by what).
    """
    reason = clean_text(mask_long_digits(reason or ""))[:500]
    if len(reason) < 5:
        raise Refused("reason-missing", _("Tulis alasan penghapusan, misalnya nomor surat permintaannya."))
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    proposals = list(proposals_naming(person))
    if needed := in_the_way(person, proposals):
        raise Refused("person-needed", "%(why)s", why=" ".join(str(line) for line in needed))
    for submission in proposals:
        _empty_proposal(submission, str(person.uuid))
    for column, value in EMPTY.items():
        setattr(person, column, value)
    person.save(update_fields=list(EMPTY))
    rebuild_of(Business.objects.filter(ownerships__person=person))
    audit.record("person.erased", person, by=by, reason=reason, count=len(proposals))


def _empty_proposal(submission, mark):
    """The owner item keeps its place and loses what it said; the uploaded row behind it loses its cells."""
    for item in submission.items:
        if item.get("kind") == "owner" and item.get("uuid") == mark:
            item["values"] = {"name": ERASED} if item.get("values") else {}
            item.pop("base", None)
    secrets = submission.unsealed()
    secrets.pop(mark, None)
    submission.sealed = seal(json.dumps(secrets)) if any(secrets.values()) else ""
    submission.owner_nik_lookup = None
    submission.mends = {k: v for k, v in submission.mends.items() if not k.startswith(f"owner.{mark[:8]}")}
    submission.save(update_fields=["items", "sealed", "owner_nik_lookup", "mends"])
    row = getattr(submission, "import_row", None)
    if row is not None:
        row.originals, row.facts = {}, {}
        row.save(update_fields=["originals", "facts"])
