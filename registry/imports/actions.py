"""Reading a list, keeping what it brings, sending it as a batch; the command, pages and API call these."""

import json
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from registry.businesses import fields
from registry.businesses.models import Business
from registry.regions.models import Region
from registry.submissions.batches import Batch
from registry.submissions.models import Submission
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.sealing import lookup, seal
from umkm_portal.lib.text import clean_line, mask_long_digits

from . import against, proposals, reading, records
from .display import row_shown
from .models import KEPT_DAYS, Import, ImportRow

CHUNK = 500


@dataclass
class Options:
    """What the uploader says about a list."""

    sheet: int | None = None
    kelurahan: str = ""
    consents: tuple = ()
    statement: str = ""


def look(data, filename, options, *, exclude=None):
    """Read a file and set it against the registry; writes nothing. Returns a Compared. Raises Refused."""
    book = reading.read(data, filename)
    plan = records.plan(
        book, against.load_places(), sheet_number=options.sheet, kelurahan=options.kelurahan or None
    )
    return against.compare(plan, consents=options.consents, exclude=exclude)


def upload(data, filename, options, *, by):
    """Keep an uploaded file, sealed, to be read by `read`. Raises Refused for an empty one."""
    if not data:
        raise Refused("import-empty", _("Berkas ini kosong. Pilih berkas yang berisi daftar usaha."))
    if options.consents and not clean_line(options.statement):
        raise Refused(
            "consent-without-statement",
            _("Tulis dasar persetujuan, misalnya kolom atau formulir tempat pemilik menyetujuinya."),
            fields={"consent_statement": _("Isian ini wajib bila ada persetujuan.")},
        )
    row = Import(
        filename=mask_long_digits(clean_line(filename))[:200] or "daftar",
        sheet_number=options.sheet,
        kelurahan=Region.objects.kelurahan().filter(code=options.kelurahan).first()
        if options.kelurahan
        else None,
        kelurahan_told=options.kelurahan[:13],
        consent_groups=list(options.consents),
        consent_statement=mask_long_digits(clean_line(options.statement))[:300],
        uploaded_by=by,
    )
    row.keep_file(data)
    with transaction.atomic():
        row.save()
        audit.record("import.uploaded", row, by=by, sha256=row.sha256, size=row.size)
    return row


def options_of(row):
    return Options(row.sheet_number, row.kelurahan_told, tuple(row.consent_groups), row.consent_statement)


def read(row):
    """Read a kept file and store its rows (dry run): state ready, or failed. Returns the Compared or None."""
    try:
        compared = look(row.bytes(), row.filename, options_of(row), exclude=row)
    except Refused as refused:
        row.fail(refused)
        return None
    keep(row, compared)
    return compared


def keep(row, compared, *, state=Import.State.READY):
    """Store a Compared under its Import, in chunks; the rows of an earlier reading are replaced."""
    plan = compared.plan
    made = [_row(row, record, compared) for record in plan.records]
    row.rows.all().delete()
    for number, chunk in enumerate(against.in_chunks(made)):
        with transaction.atomic():
            ImportRow.objects.bulk_create(chunk)
        row.progress(min((number + 1) * CHUNK, len(made)), len(made))
    row.sheet_name = plan.sheet.name[:100]
    row.counts = compared.counts() | {"skipped": sum(n for k, n in plan.skipped.items() if k != "blank")}
    row.columns = [[c.letter, mask_long_digits(c.label)[:200], c.role] for c in plan.header.columns]
    row.notes = [str(note) for note in plan.notes]
    row.state, row.refusal, row.refusal_code = state, "", ""
    row.done = row.total = len(made)
    row.save(
        update_fields=[
            "sheet_name",
            "counts",
            "columns",
            "notes",
            "state",
            "refusal",
            "refusal_code",
            "done",
            "total",
        ]
    )


def messages_of(record):
    """[[column letter, header, sentence]] of a record: why it was not accepted, then what is odd."""
    told = [(letter, label, message) for letter, label, message in record.facts.warnings]
    if record.reason:
        told.insert(0, (*record.reason_cell, record.reason))
    return [[letter, mask_long_digits(label)[:200], str(message)] for letter, label, message in told]


def _row(upload, record, compared):
    changed = record.number in compared.changes
    facts = {}
    if record.outcome == records.ACCEPTED:
        if changed:
            _business, values, items, sealed = compared.changes[record.number]
        else:
            values, items, sealed = proposals.registration(
                record.facts, consents=upload.consent_groups, today=timezone.localdate().isoformat()
            )
        facts = {"values": values, "items": items, "sealed": sealed}
    messages = messages_of(record)
    row = ImportRow(
        upload=upload,
        number=record.number,
        outcome=record.outcome,
        changed=changed,
        originals={
            "cells": [reading.text_of(cell) for cell in record.cells],
            "print": compared.prints.get(record.number, ""),
            "match": compared.matches.get(record.number, ""),
        },
        facts=facts,
        reason=str(record.reason)[:300],
        messages=messages,
        has_messages=bool(messages)
        or record.candidate_of is not None
        or record.number in compared.candidates,
        duplicate_of=record.duplicate_of,
        candidate_of=record.candidate_of,
        business_id=compared.business_of.get(record.number),
    )
    row.set_keys()
    return row


@transaction.atomic
def send(row):
    """Make the batch of a list being sent: one submission for each accepted row, all or none.

    One transaction, although longer than a chunk: a verifikator must never meet half a list. Lists are sent
    one at a time, and one that was read before another was sent is read again, so that two uploads of the
    same business never add it twice. Raises Refused when nothing new is left.
    """
    list(
        Import.objects.select_for_update(of=("self",)).order_by("pk")[:1]
    )  # whoever sends holds the first row
    row.lock()
    if row.state != Import.State.SENDING:
        raise Refused("import-not-ready", _("Unggahan ini %(state)s."), state=row.get_state_display().lower())
    if _moved_since(row):
        keep(row, look(row.bytes(), row.filename, options_of(row), exclude=row), state=Import.State.SENDING)
    by, now = row.uploaded_by, timezone.now()
    rows = list(row.rows.filter(outcome="accepted").select_related("business__kelurahan"))
    if not rows:
        raise Refused("import-nothing-new", _("Tidak ada baris baru untuk dikirim."))
    batch = Batch.objects.create(title=row.filename[:200], total=len(rows), proposed_by=by)
    codes = {r.facts["values"].get("kelurahan") for r in rows}
    regions = {region.code: region for region in Region.objects.filter(code__in=codes - {None})}
    done = 0
    for chunk in against.in_chunks(rows):
        made = [_submission(r, batch, regions, by, now) for r in chunk]
        _release_claimed(made)
        Submission.objects.bulk_create(made)
        for import_row, submission in zip(chunk, made, strict=True):
            import_row.submission, import_row.facts = submission, {}  # the submission holds them now
        ImportRow.objects.bulk_update(chunk, ["submission", "facts"])
        done += len(chunk)
    row.batch, row.state, row.done, row.total = batch, Import.State.SENT, done, len(rows)
    row.save(update_fields=["batch", "state", "done", "total"])
    audit.record("batch.submitted", batch, by=by, total=batch.total, upload=str(row.uuid))
    return batch


def _moved_since(row):
    """Whether a list was sent or decided, or a business changed, since this one was uploaded."""
    since = row.uploaded_at
    others = Batch.objects.filter(Q(proposed_at__gte=since) | Q(decided_at__gte=since))
    return others.exists() or Business.objects.filter(changed_at__gte=since).exists()


def _release_claimed(submissions):
    """Leave a NIK to the open registration that claims it already; applying settles whose it is."""
    lookups = {s.owner_nik_lookup for s in submissions} - {None}
    claimed = set(
        Submission.objects.open()
        .filter(kind=Submission.Kind.REGISTER, owner_nik_lookup__in=lookups)
        .values_list("owner_nik_lookup", flat=True)
    )
    for submission in submissions:
        if submission.owner_nik_lookup in claimed:
            submission.owner_nik_lookup = None


def _submission(import_row, batch, regions, by, now):
    facts = import_row.facts
    values, items, secrets = facts["values"], facts["items"], facts["sealed"]
    business = import_row.business if import_row.changed else None
    today = (
        fields.current_values(business, values) if business else {n: fields.BUSINESS[n].empty for n in values}
    )
    submission = Submission(
        kind="change" if business else "register",
        status=Submission.Status.SUBMITTED,
        source=Submission.Source.IMPORT,
        business=business,
        batch=batch,
        values={n: [today[n], v] for n, v in values.items() if today[n] != v or n == "operating_state"},
        items=items,
        sealed=seal(json.dumps(secrets)) if secrets else "",
        title=values.get("name") or (business.name if business else ""),
        kelurahan_now=business.kelurahan if business else None,
        kelurahan_next=regions.get(values.get("kelurahan")),
        proposed_at=now,
        proposed_by=by,
        submitted_at=now,
        submitted_by=by,
    )
    if business:
        submission.business_uuid = business.uuid
    nik = next((s["nik"] for s in secrets.values() if s.get("nik")), "")
    if nik and not business:
        submission.owner_nik_lookup = lookup("nik", nik)
    return submission


def problem_table(row):
    """(columns, rows) of a workbook with the rows that have a message; identity numbers stay covered."""
    columns = [(str(_("Baris")), 8, "number"), (str(_("Kesalahan")), 60, "text")]
    columns += [(label, 22, "text") for _letter, label, _role in row.columns]
    positions = [_position(letter) for letter, _label, _role in row.columns]

    def rows():
        for kept in row.rows.with_messages().defer("facts").iterator(chunk_size=CHUNK):
            cells = kept.cells
            told = " ".join(
                f"{m['column']}: {m['text']}" if m["column"] else m["text"]
                for m in row_shown(kept)["messages"]
            )
            originals = (cells[i] if i < len(cells) else "" for i in positions)
            yield (kept.number, told, *(mask_long_digits(text) for text in originals))

    return columns, rows()


def _position(letters):
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def delete_old_files(today=None):
    """Delete uploaded files kept for KEPT_DAYS; their rows and counts stay. Returns how many."""
    since = (today or timezone.localdate()) - timedelta(days=KEPT_DAYS)
    total = 0
    for row in Import.objects.exclude(file="").filter(uploaded_at__date__lt=since).iterator(chunk_size=200):
        row.delete_file()
        audit.record("import.file-deleted", row, by=None)
        total += 1
    return total
