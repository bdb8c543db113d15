"""What became of the forums' proposals, for everybody: the public line and nothing of who asked."""

from django.db.models.functions import TruncMonth
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import public
from programs.visits.proposal_filters import PublicProposalFilter
from programs.visits.proposals import Proposal
from registry.regions.models import Region
from registry.reports.needs import Need
from registry.submissions.filters import stated
from umkm_portal.lib.formats import number
from umkm_portal.lib.keeping import kept
from umkm_portal.lib.paging import KeysetPage, capped_count

COUNT_CAP = 1000
# Read and no more: the text, who told it, the business and the very day stay inside.
SHOWN = ("forum", "need", "state", "public_line", "kelurahan__name", "kelurahan__parent__name")


def version():
    """Moves with every answer, also with one that takes a public line away."""
    newest = Proposal.objects.answered().order_by("-answered_at", "-pk")
    return newest.values_list("answered_at", "pk").first()


@public
@require_safe
@kept(version)
def proposal_public(request):
    """Answered proposals by month of the forum, the newest first."""
    filterset = PublicProposalFilter(stated(request.GET), Proposal.objects.public(), request=request)
    problems = filterset.unread(("after", "before"))
    rows = filterset.qs.none() if filterset.errors else filterset.qs
    shown = rows.select_related("kelurahan__parent").only(*SHOWN).annotate(month=TruncMonth("held_on"))
    page = KeysetPage(request, shown, "-month", 25)
    count, more = capped_count(rows, COUNT_CAP)
    return render(
        request,
        "programs/visits/proposal_public.html",
        {
            "page": page,
            "rows": page.rows,
            "count": number(count) + "+" * more,
            "problems": problems or ([_("Halaman lanjutan ini tidak dikenali.")] if page.bad_cursor else []),
            "filtered": bool(filterset.words()),
            "chips": filterset.chips(),
            "bar": {
                "forum": Proposal.Forum.choices,
                "need": Need.choices,
                "state": filterset.filters["state"].field.choices,
                "kelurahan": Region.objects.kelurahan().select_related("parent").order_by("name", "code"),
                "on": {n: filterset.data.getlist(n) for n in ("forum", "need", "state", "kelurahan")},
            },
            "section": "proposals",
        },
    )
