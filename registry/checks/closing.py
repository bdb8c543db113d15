"""What an answer to "masih aktif?" proposes, through the one door."""

from django.db import transaction
from django.utils.translation import gettext as _

from registry.businesses.choices import OperatingState
from registry.regions.access import reach
from registry.submissions.actions import propose
from registry.submissions.from_owner import propose_for_owner
from registry.submissions.models import Submission
from umkm_portal.lib.errors import Refused

PROPOSE = "registry.propose_submission"


def proposed_by_answer(answer, state):
    """(kind, values) of what `answer` proposes for a business recorded as `state`, or None. Pure.

    "pindah" and "tidak ketemu" propose nothing, as nobody knows where to; "aktif" only where the record says
    otherwise.
    """
    if answer == "closed":
        return None if state == OperatingState.CLOSED else ("close", None)
    if answer == "temporary" and state not in (OperatingState.TEMPORARY, OperatingState.CLOSED):
        return "change", {"operating_state": OperatingState.TEMPORARY.value}
    if answer == "active" and state == OperatingState.CLOSED:
        return "reopen", None
    if answer == "active" and state in (OperatingState.TEMPORARY, OperatingState.REPORTED_CLOSED):
        return "change", {"operating_state": OperatingState.ACTIVE.value}
    return None


def propose_what_was_seen(check, *, by, asked_by=None):
    """The open proposal this answer leads to, or None where there is nothing to propose.

    An open closing or reopening, or an open change to the same state, counts as this one's. Without a post of
    today (the answer came in after it ended) nothing is proposed: the finding waits on the list of the
    successor. `by` None is the owner by link of `asked_by` (submissions/from_owner.py). Call it with the
    business's row locked: of two who find it closed at once the second finds what the first proposed.
    """
    business = check.business
    asked = proposed_by_answer(check.answer, business.operating_state)
    if asked is None:
        return None
    kind, values = asked
    open_ones = Submission.objects.filter(business=business, kind=kind, status__in=Submission.OPEN)
    state = (values or {}).get("operating_state")
    waiting = next(
        (each for each in open_ones if not state or each.proposed("operating_state") == state), None
    )
    if waiting is not None:
        return waiting
    if by is None:
        return propose_for_owner(business, kind=kind, asked_by=asked_by, values=values, note=check.note)
    if not reach(by, PROPOSE).covers(business.kelurahan_id):
        return None
    told = _("Masih aktif? Dilihat %(day)s.") % {"day": check.seen_on.strftime("%d-%m-%Y")}
    try:
        with transaction.atomic():
            return propose(
                kind=kind, by=by, business=business, values=values, note=f"{told} {check.note}", submit=True
            )
    except Refused as refused:
        if refused.code in ("not-found", "outside-reach"):
            return None
        raise
