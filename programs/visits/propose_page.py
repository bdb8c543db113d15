"""From a visit to the entry page: what was learned there goes through the one door, and the visit knows."""

from functools import partial

from django.http import Http404
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from programs.visits.models import PROPOSE
from programs.visits.visit_pages import findings_of, readable_visit
from registry.submissions.entry_page import entry_from
from registry.submissions.origins import Origin
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.formats import day


@requires(PROPOSE)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def visit_propose(request, uuid):
    """Propose a change of the business that was visited, or one that is not recorded yet.

    Findings are words, and a business has fields: only who was there can tell which word belongs where. So a
    change starts with a note that names the visit, and the words stand beside it to be read; a new business
    starts with its name and place besides.
    """
    visit = readable_visit(request, uuid)
    if not visit.may_propose(request.user):
        raise Http404
    origin = Origin(
        back=visit.get_absolute_url(),
        note=_("Dari kunjungan %(day)s.") % {"day": day(visit.on)} if visit.state == visit.State.DONE else "",
        values={} if visit.business_id else _known(visit),
        facts=tuple(findings_of(visit)),
        kept=partial(visit.note_proposal, by=request.user),
    )
    try:
        return entry_from(request, origin, business=visit.business)
    except Refused as refused:  # it was called off at this moment; nothing was kept
        raise Http404 from refused


def _known(visit):
    """What the visit holds of a business that is not recorded, by the fields of the entry page."""
    return {"name": visit.told_name, "kelurahan": visit.kelurahan.code, "rt": visit.rt, "rw": visit.rw}
