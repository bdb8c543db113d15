"""What a visitor's report proposes by itself: that a business has closed. No account, so no proposer.

Only a closing is a proposal without words: one act, one field. It is decided like any other, by a person who
was told that nobody signed it (docs/decisions/0009).
"""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from registry.submissions.models import Submission
from registry.submissions.shape import clean_proposal
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.text import clean_text, mask_long_digits

REFUSED_LATELY = timedelta(days=90)  # a closing turned down is not asked again by whoever repeats it


@transaction.atomic
def propose_closing(business, *, words):
    """The open proposal to close `business`: one that waits already, or a new one with these words.

    None when it can not be one: it is closed, or a closing was turned down within REFUSED_LATELY. Call it
    with the business's row locked: of two visitors at once the second finds what the first proposed.
    """
    closings = Submission.objects.filter(business=business, kind=Submission.Kind.CLOSE)
    if waiting := closings.filter(status__in=Submission.OPEN).first():
        return waiting
    since = timezone.now() - REFUSED_LATELY
    turned_down = Q(status=Submission.Status.REJECTED, decided_at__gte=since) | Q(
        status=Submission.Status.WITHDRAWN, withdrawn_at__gte=since
    )
    if closings.filter(turned_down, source=Submission.Source.TIP).exists():
        return None
    submission = Submission(
        kind=Submission.Kind.CLOSE,
        source=Submission.Source.TIP,
        status=Submission.Status.SUBMITTED,
        business=business,
        business_uuid=business.uuid,
        submitted_at=timezone.now(),
        note=clean_text(mask_long_digits(f"{_('Laporan masyarakat tanpa nama, belum diperiksa.')} {words}")),
    )
    try:
        submission.fill(clean_proposal({}, (), None), by=None)
    except Refused:
        return None
    try:
        with transaction.atomic():
            submission.save(force_insert=True)
    except IntegrityError:  # an officer sent one at this moment
        return closings.filter(status__in=Submission.OPEN).first()
    about = {"by": None, "about": business.uuid, "kind": submission.kind}
    audit.record("submission.proposed", submission, **about)
    audit.record("submission.submitted", submission, **about)
    return submission
