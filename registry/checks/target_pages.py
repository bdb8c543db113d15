"""The list of businesses that ask for a look, with why, and the same as a workbook."""

from django.db.models import DateField, Value
from django.db.models.functions import Coalesce
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.access import requires
from registry.businesses.columns import place
from registry.businesses.export import said
from registry.businesses.forms import Choice, regions_in_reach
from registry.businesses.models import Business
from registry.checks.filters import TargetFilter
from registry.checks.models import CONFIRM, VIEW
from registry.checks.staleness import CLOSED, LONG, MOVED, NEVER, REASONS, latest_of, since_words, targets
from registry.regions import working
from registry.regions.access import within_reach
from umkm_portal.lib.formats import moment, number
from umkm_portal.lib.paging import KeysetPage, capped_count
from umkm_portal.lib.tables import download, to_xlsx

CAP = 1_000
AT_ONCE = 20_000  # rows of one workbook
PAGE_PARAMETERS = ("sebab", "after", "before")
SHOWN = (
    "uuid", "name", "rt", "rw", "operating_state", "last_confirmed_on", "kelurahan__code", "kelurahan__name",
    "kelurahan__parent__name",
)  # fmt: skip


class Targets:
    """What one address asks for: the reason, the filters and the rows, for page, export and queue."""

    def __init__(self, request):
        self.reason = request.GET.get("sebab", LONG)
        self.known = self.reason in REASONS
        mine = within_reach(Business.objects.filter(merged_into=None), request.user, VIEW)
        self.filterset = TargetFilter(request.GET, mine, request=request)
        self.problems = self.filterset.unread(PAGE_PARAMETERS)
        if not self.known:
            self.reason = LONG
            self.problems.append(_("Sebab di alamat ini tidak dikenal."))
        self.base = self.filterset.qs.none() if self.filterset.errors or not self.known else self.filterset.qs

    def rows(self, reason=None):
        """The rows, the longest unconfirmed first."""
        found = targets(self.base, reason or self.reason)
        oldest = Coalesce("last_confirmed_on", Value(NEVER, output_field=DateField()))
        return found.annotate(asked_since=oldest).select_related("kelurahan__parent").only(*SHOWN)

    def counts(self):
        """{reason: "12" or "1.000+"}"""
        told = {}
        for reason in REASONS:
            count, more = capped_count(targets(self.base, reason), CAP)
            told[reason] = number(count) + "+" * more
        return told


@requires(VIEW)
@require_safe
def check_list(request):
    """Businesses nobody confirmed for half a year, not found twice, moved, or closed without a proposal."""
    if address := working.narrowed(request):
        return redirect(address)
    asked = Targets(request)
    page = KeysetPage(request, asked.rows(), "asked_since", 25)
    counts = asked.counts()
    return render(
        request,
        "registry/checks/targets.html",
        {
            "reason": asked.reason,
            "reasons": [
                {"name": name, "label": label, "count": counts[name]} for name, label in REASONS.items()
            ],
            "rows": rows_of(page.rows),
            "page": page,
            "choice": kelurahan_choice(asked.filterset, request.user),
            "filterset": asked.filterset,
            "chips": asked.filterset.chips(),
            "problems": asked.problems,
            "now": timezone.now(),
            "may_confirm": request.user.has_perm(CONFIRM),
            "moved": MOVED,
            "closed": CLOSED,
        },
    )


def kelurahan_choice(filterset, user):
    """The drop-down of kelurahan in reach, by kecamatan; None where there is only one."""
    regions = regions_in_reach(user)
    if len(regions) < 2:
        return None
    groups = {}
    for region in regions:
        groups.setdefault(region.parent.name, []).append((region.code, region.name))
    chosen = [value for value in filterset.data.getlist("kelurahan") if value]
    return Choice("kelurahan", _("Kelurahan"), _("Semua kelurahan"), list(groups.items()), chosen)


def rows_of(businesses):
    """What the table shows of each."""
    latest = latest_of(businesses)
    return [
        {
            "business": business,
            "place": place(business),
            "since": since_words(business.last_confirmed_on),
            "answer": latest.get(business.pk, ("", None))[0],
            "answer_on": latest.get(business.pk, ("", None))[1],
        }
        for business in businesses
    ]


@requires("registry.export_business")
@require_safe
def check_export(request):
    """The whole list as a workbook, without anybody's name or number."""
    asked = Targets(request)
    rows = within_reach(asked.rows(), request.user, "registry.export_business")
    found = list(rows.order_by("kelurahan__name", "rw", "rt", "name")[:AT_ONCE])
    latest = latest_of(found)
    columns = [
        (_("Nama usaha"), 34, "text"),
        (_("Kecamatan"), 16, "text"),
        (_("Kelurahan"), 18, "text"),
        ("RW", 6, "number"),
        ("RT", 6, "number"),
        (_("Keadaan"), 18, "text"),
        (_("Terakhir dipastikan"), 18, "date"),
        (_("Jawaban terakhir"), 18, "text"),
        (_("Dilihat"), 14, "date"),
    ]
    lines = (
        (
            b.name,
            b.kelurahan.parent.name if b.kelurahan_id else "",
            b.kelurahan.name if b.kelurahan_id else "",
            b.rw,
            b.rt,
            b.get_operating_state_display(),
            b.last_confirmed_on,
            *latest.get(b.pk, ("", None)),
        )
        for b in found
    )
    words = asked.filterset.words()
    heading = [
        _("Usaha yang perlu dipastikan: %(reason)s") % {"reason": REASONS[asked.reason]},
        _("Filter: %(words)s") % {"words": said(words)},
        _("%(count)s usaha, per %(now)s") % {"count": number(len(found)), "now": moment(timezone.now())},
    ]
    names = sorted({word["name"] for word in words} | {"sebab"})
    audit.record("check.exported", request.user, by=request.user, count=len(found), filters=names)
    content = to_xlsx(columns, lines, sheet=_("Masih aktif"), heading=heading)
    return download(content, f"masih-aktif-{asked.reason}-{timezone.localdate():%Y-%m-%d}.xlsx")
