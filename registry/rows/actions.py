"""Sending the rows of a grid, each as a submission of its own through the one door."""

import uuid as uuids

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.rows import drafts
from registry.rows.cells import cell_of
from registry.submissions.actions import propose
from registry.submissions.models import Submission
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.formats import moment

CHUNK = 20  # rows in one transaction: others need not wait long, a stopped process loses no more than these


def send(rows, *, by):
    """Send the rows that may go; returns those that arrived, now or in an earlier attempt.

    The others get messages at their cells and are left as they are: a row is sent whole or not at all, and
    its uuid lets it arrive once however often it is sent. A draft that went on elsewhere is not overwritten.
    """
    return _each([row for row in rows if _arrived(row) or row.may_go], _send_one, by)


def keep_drafts(rows, *, by):
    """Keep rows without wrong cells as drafts (what is required may be missing); returns those kept."""
    for row in rows:
        for key in ("name", "activity", "kelurahan"):
            if not row.cells.get(key, "").strip():
                row.errors.pop(key, None)
    return _each([row for row in rows if not row.errors and not _arrived(row)], _keep_one, by)


def _each(rows, act, by):
    done = []
    for start in range(0, len(rows), CHUNK):
        with transaction.atomic():
            done += [row for row in rows[start : start + CHUNK] if _tried(row, act, by)]
    return done


def _tried(row, act, by, *, again=True):
    """Do it to one row; what the door refuses becomes a message at the cell. Whether it went."""
    try:
        act(row, by)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            row.refuse(cell_of(name), " ".join(messages))
        return False
    except Refused as refused:
        if refused.code == "already-proposed" and again:
            return _met_itself(row, act, by)
        for name, message in refused.fields.items():
            row.refuse(cell_of(name), message)
        if not refused.fields:
            row.refuse("nik" if refused.code == "too-many-questions" else "name", refused.message)
        return False
    return True


def _met_itself(row, act, by):
    """The uuid is taken: by this row sent twice at the same moment, or by somebody else's row."""
    row.submission = Submission.objects.filter(uuid=row.uuid, proposed_by=by).first()
    if row.submission is None:
        row.uuid = uuids.uuid4()
    return _tried(row, act, by, again=False)


def _arrived(row):
    return row.submission is not None and row.submission.status not in Submission.EDITABLE


def _send_one(row, by):
    if _arrived(row):
        return
    reading = row.reading
    if row.submission is not None:
        with transaction.atomic():
            _write_over(row, by)
            row.submission.submit(by=by)
        return
    row.submission = propose(
        kind=Submission.Kind.REGISTER,
        by=by,
        values=reading.values,
        items=reading.items,
        sealed=reading.sealed,
        note=reading.note,
        submit=True,
        uuid=row.uuid,
    )


def _keep_one(row, by):
    reading = row.reading
    if row.submission is not None:
        with transaction.atomic():
            _write_over(row, by)
    else:
        row.submission = propose(
            kind=Submission.Kind.REGISTER,
            by=by,
            values=reading.values,
            items=reading.items,
            sealed=reading.sealed,
            note=reading.note,
            uuid=row.uuid,
        )
    drafts.stamp(row)
    row.saved = _("Draf tersimpan %s") % moment(timezone.now())


def _write_over(row, by):
    """Put the row in the place of what its draft holds. In a transaction: its state is read under lock."""
    reading = row.reading
    row.submission.lock()
    drafts.refuse_elsewhere(row)
    row.submission.edit(
        by=by, values=reading.values, items=reading.items, sealed=reading.sealed, note=reading.note
    )
