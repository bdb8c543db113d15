"""What an owner says by a personal link becomes a proposal: nobody signed in, so there is no proposer.

It is decided like any other, by a person who reads that it came by the owner's link and who made that link.
Never by that one: whoever made a link can open it, too. A light correction is no exception: the rule that
approves by itself is for city staff.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from registry.submissions.models import Submission
from registry.submissions.shape import clean_proposal
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.text import clean_text, mask_long_digits

ONCE = (Submission.Kind.CLOSE, Submission.Kind.REOPEN)


@transaction.atomic
def propose_for_owner(business, *, kind, asked_by, values=None, note=""):
    """The proposal an owner's answer leads to, or None where it would change nothing.

    `asked_by` is the account that made the link: it counts as a hand in the proposal (deciding.py). An open
    closing or reopening counts as this one, and stays its proposer's. Call it with the business's row locked,
    and only after the link was checked. Raises ValidationError({field: message}) for values that do not pass.
    """
    waiting = Submission.objects.filter(business=business, kind__in=ONCE, status__in=Submission.OPEN)
    if kind in ONCE and (open_one := waiting.first()):
        return open_one if open_one.kind == kind else None
    told = _("Jawaban pemilik lewat tautan pribadi yang dibuat %(name)s.") % {
        "name": asked_by.name or asked_by.username
    }
    submission = Submission(
        kind=kind,
        source=Submission.Source.OWNER_LINK,
        status=Submission.Status.SUBMITTED,
        business=business,
        business_uuid=business.uuid,
        submitted_at=timezone.now(),
        note=clean_text(mask_long_digits(f"{told} {note}"))[:2000],
    )
    try:
        submission.fill(clean_proposal(values or {}, (), None), by=None)
    except Refused:  # closed already, or not closed at all
        return None
    if not submission.values:
        return None
    try:
        with transaction.atomic():
            submission.save(force_insert=True)
    except IntegrityError:  # an officer sent one at this moment
        return waiting.filter(kind=kind).first()
    submission.editors.create(user=asked_by)
    about = {"by": None, "about": business.uuid, "kind": submission.kind}
    audit.record("submission.proposed", submission, **about)
    audit.record("submission.submitted", submission, **about)
    return submission
