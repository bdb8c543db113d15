"""Drafts that rows of a grid became, and whether somebody went on with one on another page since.

A row holds less than the entry page or the API: written over what was completed there, it would lose the
rest. Every act leaves one audit line, so the newest line of a submission is the stamp of its state.
"""

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from accounts.models import AuditEntry
from registry.submissions.models import Submission
from umkm_portal.lib.errors import Refused


def known(rows, user):
    """Give each row what it became earlier: a draft kept from here, or one that arrived already."""
    mine = list(Submission.objects.filter(uuid__in=[row.uuid for row in rows], proposed_by=user))
    submissions = {submission.uuid: submission for submission in mine}
    lines = _lines(mine)
    for row in rows:
        row.submission = submissions.get(row.uuid)
        row.elsewhere = (
            row.submission is not None
            and row.submission.status in Submission.EDITABLE
            and not _is_as_written(row, lines)
        )


def refuse_elsewhere(row):
    """Under the lock of its submission: raises Refused when it is not as this grid left it."""
    if not _is_as_written(row, _lines([row.submission])):
        row.elsewhere = True
        raise Refused("draft-elsewhere", words())


def stamp(row):
    """Remember the state of its submission as this grid has just written it."""
    row.stamp = _lines([row.submission]).get(str(row.submission.pk), (None, 0))[0]


def words():
    return _("Draf ini sudah diubah di halaman lain. Lanjutkan di sana, lalu hapus baris ini.")


def _is_as_written(row, lines):
    """Without a stamp (another session, an answer got lost) a row knows its draft only as it was made."""
    newest, number = lines.get(str(row.submission.pk), (None, 0))
    return newest == row.stamp if row.stamp else number <= 1


def _lines(submissions):
    """{submission pk, as audit lines tell it: (its newest line, how many)}, in one query."""
    if not submissions:
        return {}
    found = AuditEntry.objects.filter(
        target_type="submission",
        target_id__in=[str(submission.pk) for submission in submissions],
        act__startswith="submission.",
    )
    found = found.values_list("target_id").annotate(newest=Max("pk"), number=Count("pk"))
    return {target: (newest, number) for target, newest, number in found.order_by()}
