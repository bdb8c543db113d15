"""Proposing, and applying what was decided; what needs more than one row stands here."""

from functools import partial
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Prefetch, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from registry.businesses.models import Business
from registry.search import index
from registry.submissions import apply
from registry.submissions.batches import Batch
from registry.submissions.models import Attachment, Submission
from registry.submissions.photos import reencode
from registry.submissions.shape import clean_proposal
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.text import clean_text, mask_long_digits

CHUNK = 500
MAX_ATTACHMENTS = 12


@transaction.atomic
def propose(
    *,
    kind,
    by,
    values=None,
    items=(),
    sealed=None,
    business=None,
    note="",
    source="page",
    submit=False,
    uuid=None,
    reverses=None,
):
    """Make a submission (a draft, or sent at once) and return it.

    `values` {field: raw}, `items` raw item dicts, `sealed` {owner uuid: {"nik", "kk"}}; see shape.py.
    `uuid` is minted by who fills it in, so that what was sent twice over a bad line is made once.
    `reverses` is the submission this one takes back (reversing.py).
    Raises ValidationError({field: message}) for bad values, Refused for rules; then nothing was written.
    """
    if kind not in Submission.Kind.values or (kind == "register") != (business is None):
        raise ValidationError({"kind": _("Jenis usulan tidak dikenal.")})
    submission = Submission(
        kind=kind,
        source=source,
        business=business,
        proposed_by=by,
        reverses=reverses,
        note=clean_text(mask_long_digits(note or ""))[:2000],
    )
    if uuid is not None:
        submission.uuid = uuid
    if business is not None:
        submission.business_uuid = business.uuid
    submission.fill(clean_proposal(values, items, sealed), by=by)
    try:
        with transaction.atomic():
            submission.save(force_insert=True)
    except IntegrityError as error:
        if reverses is not None and "uuid" not in str(error):
            raise
        raise Refused(
            "already-proposed", _("Isian ini sudah tersimpan. Buka dari Data yang saya kirim.")
        ) from error
    audit.record("submission.proposed", submission, by=by, about=submission.business_uuid, kind=kind)
    if submit:
        submission.submit(by=by)
    return submission


@transaction.atomic
def attach_photo(submission, *, upload, by):
    """Keep an uploaded picture with a draft: decoded, turned upright, shrunk, re-encoded without EXIF.

    Returns the Attachment. Raises Refused for a file that is no picture, too large, or one too many.
    """
    submission._guard_edit(by)
    _refuse_too_many(submission, 1)
    return _keep_picture(submission, reencode(upload), by=by)


def _refuse_too_many(submission, more):
    if submission.attachments.count() + more > MAX_ATTACHMENTS:
        raise Refused(
            "photos-full", _("Paling banyak %(limit)d foto untuk satu usulan."), limit=MAX_ATTACHMENTS
        )


def _keep_picture(submission, picture, *, by, uuid=None):
    attachment = Attachment(
        uuid=uuid or uuid4(),
        submission=submission,
        width=picture.width,
        height=picture.height,
        bytes=picture.size,
        uploaded_by=by,
    )
    attachment.file.save(
        f"photos/{attachment.uuid.hex[:2]}/{attachment.uuid}.jpg", picture.content, save=False
    )
    attachment.save()
    return attachment


@transaction.atomic
def keep_entry(
    *, by, kind, values, items, sealed=None, submission=None, business=None, note="", pictures=(), uuid=None
):
    """Make a draft, or change one, with its new pictures at once; pictures no longer named are dropped.

    `pictures` are (attachment uuid, photos.Picture) pairs that photo items name. Raises as `propose` and
    `edit` do; then nothing was written. Returns the submission.
    """
    if submission is None:
        submission = propose(
            kind=kind,
            by=by,
            values=values,
            items=items,
            sealed=sealed,
            business=business,
            note=note,
            uuid=uuid,
        )
    else:
        submission.edit(by=by, values=values, items=items, sealed=sealed, note=note)
    named = {i["values"].get("attachment") for i in submission.items if i["kind"] == "photo"}
    for dropped in submission.attachments.exclude(uuid__in=named - {None, ""}):
        name, storage = dropped.file.name, dropped.file.storage
        dropped.delete()
        transaction.on_commit(partial(storage.delete, name))
    _refuse_too_many(submission, len(pictures))
    for identity, picture in pictures:
        _keep_picture(submission, picture, by=by, uuid=identity)
    return submission


def apply_batch(batch, *, progress=None):
    """Apply an approved batch in chunks of CHUNK submissions, each its own transaction; resumable.

    A submission that a rule refuses (a NIK taken meanwhile) stays waiting on its own, outside the batch's
    fate, with the reason noted. `progress(done, total)` is called after each chunk. Returns
    {"applied": n, "refused": n}.
    """
    with transaction.atomic():
        batch.lock()
        if batch.state not in (Batch.State.APPROVED, Batch.State.APPLYING):
            raise Refused("batch-not-approved", _("Kumpulan data ini belum disetujui atau sudah selesai."))
        batch.state = Batch.State.APPLYING
        batch.save(update_fields=["state"])
    done = {"applied": 0, "refused": 0}
    last_pk = 0
    while True:
        waiting = batch.submissions.filter(status=Submission.Status.SUBMITTED, pk__gt=last_pk)
        pks = list(waiting.order_by("pk").values_list("pk", flat=True)[:CHUNK])
        if not pks:
            break
        last_pk = pks[-1]
        try:
            done["applied"] += _apply_chunk(batch, pks)
        except Refused:
            for pk in pks:
                try:
                    done["applied"] += _apply_chunk(batch, [pk])
                except Refused as refused:
                    done["refused"] += 1
                    _set_aside(pk, refused)
        if progress:
            progress(done["applied"] + done["refused"], batch.total)
    with transaction.atomic():
        batch.lock()
        batch.state = Batch.State.APPLIED
        batch.save(update_fields=["state"])
        audit.record("batch.applied", batch, by=batch.decided_by, **done)
    index.recount_terms(Business.objects.public())  # a batch may have brought half the vocabulary
    return done


@transaction.atomic
def _apply_chunk(batch, pks):
    rows = list(
        Submission.objects.select_for_update(of=("self",))
        .filter(pk__in=pks, status=Submission.Status.SUBMITTED)
        .select_related("proposed_by")
        .prefetch_related(
            Prefetch(
                "business",
                Business.objects.select_related("kelurahan", "kbli", "subsector").prefetch_related(
                    "other_subsectors"
                ),
            )
        )
        .order_by("pk")
    )
    if not rows:
        return 0
    by, now = batch.decided_by, timezone.now()
    if any(row.conflicts() for row in rows if row.business_id):
        raise Refused(
            "conflict",
            _("Data usaha berubah sejak daftar ini dibaca. Pilih nilai yang benar satu per satu."),
        )
    apply.apply_all(rows, by=by)
    # One statement for the chunk; a registration finds its new business by the uuid they share.
    made = Business.objects.filter(uuid=OuterRef("business_uuid")).values("pk")[:1]
    Submission.objects.filter(pk__in=[row.pk for row in rows]).update(
        status=Submission.Status.APPROVED, decided_at=now, decided_by=by, business=Subquery(made)
    )
    audit.AuditEntry.objects.bulk_create(
        [
            audit.line(
                "submission.approved",
                row,
                by=by,
                about=row.business_uuid,
                kind=row.kind,
                batch=str(batch.uuid),
            )
            for row in rows
        ]
    )
    return len(rows)


@transaction.atomic
def _set_aside(pk, refused):
    """Leave a refused row in the ordinary queue with the reason, where a person can look at it."""
    row = Submission.objects.select_for_update(of=("self",)).get(pk=pk)
    row.batch = None
    row.note = "\n".join(filter(None, [row.note, str(refused.message)]))
    row.save(update_fields=["batch", "note"])
    audit.record("submission.set-aside", row, by=None, about=row.business_uuid, code=refused.code)


def likely_same(submission, user, limit=5):
    """Businesses in reach that a registration may repeat: same kelurahan, same name but for case."""
    name = submission.proposed("name")
    if submission.kind != "register" or not name or not submission.kelurahan_next_id:
        return []
    return list(
        Business.objects.visible_to(user)
        .filter(kelurahan=submission.kelurahan_next_id, name__iexact=name)
        .exclude(uuid=submission.business_uuid)
        .for_list()[:limit]
    )
