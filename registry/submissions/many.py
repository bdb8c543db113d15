"""Many at once: a bulk change proposed as one batch, and clean submissions approved together."""

import json

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from registry.businesses import fields
from registry.businesses.models import Business
from registry.regions.access import reach
from registry.submissions import apply, rules
from registry.submissions.actions import CHUNK
from registry.submissions.bases import belongings_today
from registry.submissions.batches import Batch
from registry.submissions.models import Submission, SubmissionEditor
from registry.submissions.shape import clean_proposal
from umkm_portal.lib.errors import Refused, not_found
from umkm_portal.lib.text import clean_line, clean_text, mask_long_digits

FULL = ("kelurahan__parent", "kbli", "subsector")


@transaction.atomic
def propose_many(changes, *, by, title, note=""):
    """One batch of `change` submissions: [(business, {field: raw})]. Returns the submitted Batch.

    `note` is for who decides and stands with every row.
    Businesses come with kelurahan, kbli, subsector and other_subsectors joined. Where nothing would change
    the business is left out. Raises ValidationError for a value no field takes; Refused: nothing-proposed,
    use-move/use-close for what has an act of its own, not-found for a business out of reach.
    """
    there, shapes, rows = reach(by, "registry.propose_submission"), {}, []
    note = clean_text(mask_long_digits(note or ""))[:2000]
    batch = Batch(kind=Batch.Kind.BULK, title=clean_line(mask_long_digits(title or ""))[:200], proposed_by=by)
    for business, raw in changes:
        if not there.covers(business.kelurahan_id):
            raise not_found()
        row = Submission(
            kind=Submission.Kind.CHANGE,
            status=Submission.Status.SUBMITTED,
            business=business,
            business_uuid=business.uuid,
            title=business.name,
            kelurahan_now=business.kelurahan,
            proposed_by=by,
            note=note,
            submitted_at=batch.proposed_at,
            submitted_by=by,
        )
        mark = json.dumps(raw, sort_keys=True, default=str)
        if mark not in shapes:
            shapes[mark] = clean_proposal(raw)
            rules.check(row, shapes[mark], by=None)
        rules.fits_kind(row, shapes[mark])
        today = fields.current_values(business, shapes[mark].values)
        row.values = {n: [today[n], v] for n, v in shapes[mark].values.items() if today[n] != v}
        if row.values:
            rows.append(row)
    if not rows:
        raise Refused("nothing-proposed", _("Tidak ada yang berubah."))
    batch.total = len(rows)
    batch.save(force_insert=True)
    for row in rows:
        row.batch = batch
    Submission.objects.bulk_create(rows, batch_size=CHUNK)
    named = sorted({name for row in rows for name in row.values})
    audit.record("batch.proposed", batch, by=by, total=batch.total, fields=named)
    _audit("submission.submitted", rows, by=by, batch=str(batch.uuid))
    return batch


def _audit(act, rows, *, by, **detail):
    lines = [audit.line(act, row, by=by, about=row.business_uuid, kind=row.kind, **detail) for row in rows]
    audit.AuditEntry.objects.bulk_create(lines, batch_size=CHUNK)


def approve_many(submissions, *, by):
    """Approve ordinary submissions together, each guarded as if it were decided alone.

    Takes rows or their pks; works in chunks of CHUNK, each its own transaction. Returns
    {"approved": n, "left": [(submission, code)]}: what a rule refuses stays in the queue.
    """
    pks = sorted({getattr(s, "pk", s) for s in submissions})
    done = {"approved": 0, "left": []}
    for start in range(0, len(pks), CHUNK):
        chunk = pks[start : start + CHUNK]
        try:
            approved, left = _approve_chunk(chunk, by)
        except Refused:  # one of them spoils the chunk: take each alone
            approved, left = 0, []
            for row in Submission.objects.filter(pk__in=chunk).order_by("pk"):
                try:
                    row.approve(by=by)
                    approved += 1
                except Refused as refused:
                    left.append((row, refused.code))
        done["approved"] += approved
        done["left"] += left
    return done


@transaction.atomic
def _approve_chunk(pks, by):
    rows = list(
        Submission.objects.select_for_update(of=("self",))
        .filter(pk__in=pks)
        .select_related("proposed_by")
        .prefetch_related("attachments")
        .order_by("pk")
    )
    _join_businesses(rows)
    edited = set(
        SubmissionEditor.objects.filter(submission__in=pks, user=by).values_list("submission", flat=True)
    )
    belongings = belongings_today([item for row in rows for item in row.items])
    able, left, taken = [], [], set()
    for row in rows:
        code = _obstacle(row, by, edited, belongings)
        if not code and row.business_id in taken:
            code = "conflict"  # a second one on the same business is compared with what the first left
        if code:
            left.append((row, code))
            continue
        able.append(row)
        taken |= {row.business_id} - {None}
    if able:
        apply.apply_all(able, by=by)
        now = timezone.now()
        for row in able:
            row.status, row.decided_at, row.decided_by = Submission.Status.APPROVED, now, by
        Submission.objects.bulk_update(able, ["status", "decided_at", "decided_by", "business"])
        _audit("submission.approved", able, by=by, together=len(able))
    return len(able), left


def _join_businesses(rows):
    """Lock the businesses of these rows and join them, with what comparing needs."""
    ids = [row.business_id for row in rows if row.business_id]
    found = Business.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    joined = {b.pk: b for b in found.select_related(*FULL).prefetch_related("other_subsectors")}
    for row in rows:
        if row.business_id:
            row.business = joined[row.business_id]


def _obstacle(row, by, edited, belongings):
    """The code of what `approve` would refuse `by` here; "" for nothing."""
    if code := row.obstacle_to_decide(by, edited=row.pk in edited):
        return code
    if row.needs_agreement():
        return "move-not-agreed"
    return "conflict" if row.conflicts(belongings) else ""
