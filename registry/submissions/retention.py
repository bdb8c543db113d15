"""How long proposals that came to nothing are kept (docs/personal-data.md)."""

from datetime import timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry
from registry.submissions.models import Attachment, Submission

IDLE_DRAFT_DAYS = 30
UNUSED_PHOTO_DAYS = 90
IDENTITY_DAYS = 30
CHUNK = 500


def delete_idle_drafts(now=None):
    """Delete drafts nobody touched for 30 days, with their photos; returns how many."""
    since = (now or timezone.now()) - timedelta(days=IDLE_DRAFT_DAYS)
    touched = AuditEntry.objects.filter(
        target_type="submission", target_id=Cast(OuterRef("pk"), CharField()), recorded_at__gte=since
    )
    idle = Submission.objects.filter(status=Submission.Status.DRAFT, proposed_at__lt=since)
    total = 0
    for draft in idle.exclude(Exists(touched)).iterator(chunk_size=200):
        with transaction.atomic():
            draft.lock()
            if draft.status != Submission.Status.DRAFT:
                continue
            delete_photos(draft.attachments.all())
            audit.record("submission.expired", draft, by=None, about=draft.business_uuid)
            draft.delete()
            total += 1
    return total


def delete_unused_photos(now=None):
    """Delete photos uploaded 90 days ago whose proposals were rejected or withdrawn; returns how many."""
    since = (now or timezone.now()) - timedelta(days=UNUSED_PHOTO_DAYS)
    unused = Attachment.objects.filter(
        submission__status__in=[Submission.Status.REJECTED, Submission.Status.WITHDRAWN],
        uploaded_at__lt=since,
    )
    with transaction.atomic():
        return delete_photos(unused)


def drop_identities(now=None):
    """Empty NIK and KK of proposals rejected or withdrawn 30 days ago; returns how many proposals.

    The proposal stays, with the last four digits; whoever proposes it again types the number again.
    """
    since = (now or timezone.now()) - timedelta(days=IDENTITY_DAYS)
    over = Submission.objects.filter(
        Q(status=Submission.Status.REJECTED, decided_at__lt=since)
        | Q(status=Submission.Status.WITHDRAWN, withdrawn_at__lt=since)
    ).exclude(sealed="", owner_nik_lookup=None)
    total = 0
    while True:
        with transaction.atomic():
            rows = list(over.select_for_update(of=("self",)).order_by("pk")[:CHUNK])
            if not rows:
                return total
            Submission.objects.filter(pk__in=[r.pk for r in rows]).update(sealed="", owner_nik_lookup=None)
            AuditEntry.objects.bulk_create(
                audit.line("submission.identity-expired", r, by=None, about=r.business_uuid) for r in rows
            )
        total += len(rows)


def delete_photos(attachments):
    """Delete waiting photos and, once the transaction holds, their files."""
    rows = list(attachments)
    for row in rows:
        file = row.file
        row.delete()
        transaction.on_commit(lambda file=file: file.storage.delete(file.name))
    return len(rows)
