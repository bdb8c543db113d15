"""How long the words of an uploaded list are kept (docs/personal-data.md)."""

from datetime import timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry
from registry.imports.models import KEPT_DAYS, Import
from registry.submissions.batches import Batch

OVER = [Batch.State.APPLIED, Batch.State.REJECTED, Batch.State.WITHDRAWN]
EMPTIED = "import.originals-expired"


def empty_old_originals(now=None):
    """Empty the cells of lists uploaded 90 days ago and decided or never sent; returns how many rows.

    Outcome, messages and the keyed prints stay, so the same file uploaded again is still recognised.
    A list that still waits for its decision keeps its cells until then.
    """
    since = (now or timezone.now()) - timedelta(days=KEPT_DAYS)
    uploads = Import.objects.filter(uploaded_at__lt=since).filter(Q(batch=None) | Q(batch__state__in=OVER))
    emptied_before = AuditEntry.objects.filter(
        target_type="import", target_id=Cast(OuterRef("pk"), CharField()), act=EMPTIED
    )
    total = 0
    for upload in uploads.exclude(Exists(emptied_before)).order_by("pk"):
        with transaction.atomic():
            emptied = upload.rows.update(originals={}, facts={})
            audit.record(EMPTIED, upload, by=None, count=emptied)
        total += emptied
    return total
