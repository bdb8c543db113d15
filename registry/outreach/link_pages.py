"""The personal links of one business: made, shown once, revoked."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from registry.businesses.models import Business
from registry.checks.models import CONFIRM
from registry.outreach.links import OwnerLink
from registry.regions.access import within_reach
from umkm_portal.lib.errors import Refused

SHOWN = 20


@requires(CONFIRM)
@require_http_methods(["GET", "HEAD", "POST"])
def owner_links(request, identity):
    """A new link, to be copied or sent by hand; its address stands on this one answer and nowhere else."""
    rows = within_reach(Business.objects.filter(merged_into=None), request.user, CONFIRM)
    business = get_object_or_404(rows.exclude(kelurahan=None), uuid=identity)
    made = None
    if request.method == "POST":
        try:
            made = OwnerLink.make(business=business, by=request.user)
        except Refused as refused:
            raise Http404 from refused
    links = OwnerLink.objects.filter(business=business).select_related("made_by").order_by("-pk")[:SHOWN]
    response = render(
        request, "registry/outreach/links.html", {"business": business, "made": made, "links": links}
    )
    add_never_cache_headers(response)
    return response


@requires(CONFIRM)
@require_POST
def owner_link_revoke(request, uuid):
    """Let nobody answer by a link any more."""
    rows = OwnerLink.objects.select_related("business")
    link = get_object_or_404(within_reach(rows, request.user, CONFIRM, "business__kelurahan"), uuid=uuid)
    try:
        link.revoke(by=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Tautan pemilik dicabut."))
    return redirect("owner-links", link.business.uuid)
