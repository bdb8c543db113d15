"""Who moves next: which moves wait for a kelurahan's consent, and one sentence for the proposer."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import AuditEntry
from registry.regions.access import reach
from registry.regions.models import Post
from registry.submissions.models import Submission
from registry.submissions.moving import OFFICERS, PROPOSE
from registry.submissions.wording import what_happens_next

TURNED_DOWN = (Submission.Status.REJECTED, Submission.Status.WITHDRAWN)
STANDING = (Submission.Status.DRAFT, *Submission.OPEN, Submission.Status.APPROVED)


def awaiting_agreement():
    """Sent moves to which the receiving kelurahan has still to agree (as Moving.needs_agreement says)."""
    at_home = Post.objects.usable().filter(
        user=OuterRef("proposed_by"),
        user__is_active=True,
        role__in=OFFICERS,
        region=OuterRef("kelurahan_next"),
    )
    rows = Submission.objects.filter(kind=Submission.Kind.MOVE, status=Submission.Status.SUBMITTED)
    return rows.filter(agreed_at=None, kelurahan_next__isnull=False).exclude(Exists(at_home))


def moves_to_answer(user):
    """Moves into a kelurahan whose officer `user` is, waiting for their yes or no."""
    return (
        awaiting_agreement()
        .filter(kelurahan_next__in=reach(user, PROPOSE).kelurahan)
        .exclude(proposed_by=user)
        .select_related("kelurahan_now", "kelurahan_next", "proposed_by")
        .order_by("submitted_at", "pk")
    )


def next_step(submission, age=None, *, awaits=None, user=None):
    """One sentence: what this state means and who moves next. `age` in working days.

    `awaits` says whether a move waits for the receiving kelurahan, where that was looked up for a list.
    """
    if awaits is None:
        awaits = submission.status == Submission.Status.SUBMITTED and submission.needs_agreement()
    if awaits:
        if user is not None and submission.may_agree(user):
            return _("Menunggu jawaban Anda sebagai kelurahan penerima, lalu diperiksa verifikator.")
        return _("Menunggu persetujuan Kelurahan %s, lalu diperiksa verifikator.") % (
            submission.kelurahan_next.name
        )
    if submission.status == Submission.Status.APPROVED:
        if submission.decided_rule:
            return _("Koreksi ringan: langsung masuk data UMKM tanpa menunggu verifikator.")
        if submission.mends:
            return _("Sudah masuk data UMKM dengan perbaikan verifikator; yang diperbaiki tampak di bawah.")
    if submission.status == Submission.Status.REJECTED:
        return _("Tidak dimasukkan ke data UMKM. Bila alasannya keliru atau sudah diperbaiki, ajukan lagi.")
    if submission.status == Submission.Status.WITHDRAWN:
        return _("Ditarik oleh pengirim. Tidak ada yang berubah pada data UMKM; dapat diajukan lagi.")
    return what_happens_next(submission, age)


def may_propose_again(submission, user):
    """Whether `user` may start anew from what was turned down or taken back: theirs, or their post's."""
    if submission.status not in TURNED_DOWN or submission.batch_id:
        return False
    there = reach(user, PROPOSE)
    place = submission.kelurahan_now_id or submission.kelurahan_next_id
    return bool(there) and (submission.proposed_by_id == user.pk or there.covers(place))


def may_reverse(submission, user):
    """Whether `user` may propose to take an approved submission back (somebody else decides)."""
    if submission.status != Submission.Status.APPROVED or submission.business_id is None:
        return False
    return reach(user, PROPOSE).covers(submission.business.kelurahan_id)


def reversals(submission):
    """(the submission this one takes back or None, the standing one that takes this back or None)."""
    later = submission.reversed_by.filter(status__in=STANDING).order_by("-pk").first()
    return submission.reverses, later


def is_unchanged(submission):
    """Whether nobody touched a returned submission since it came back."""
    edits = AuditEntry.objects.filter(
        act="submission.edited", target_type="submission", target_id=str(submission.pk)
    )
    return (
        submission.status == Submission.Status.RETURNED
        and not edits.filter(recorded_at__gt=submission.returned_at).exists()
    )
