"""The trail: one page of it, and the same as a workbook."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.access import requires
from umkm_portal.lib.formats import moment, number
from umkm_portal.lib.paging import KeysetPage
from umkm_portal.lib.tables import download, to_xlsx
from umkm_portal.trail.filters import TrailFilter
from umkm_portal.trail.words import told

READ = "accounts.view_auditentry"
MAX_ROWS = 20_000
CHUNK = 500


@requires(READ)
@require_safe
@never_cache
def trail(request):
    """Lines of the trail, newest first. Opening it is a line too, written before the page is read."""
    form = TrailFilter(request.GET)
    valid = form.is_valid()
    audit.record("trail.opened", request.user, by=request.user, filters=form.used() if valid else [])
    page = (
        KeysetPage(request, form.rows(request.user).select_related("recorded_by"), "-id", 50)
        if valid
        else None
    )
    query = request.GET.copy()
    for cursor in ("after", "before"):
        query.pop(cursor, None)
    return render(
        request,
        "trail/trail.html",
        {
            "form": form,
            "page": page,
            "rows": told(page.rows, request.user) if page else [],
            "filtered": valid and bool(form.used()),
            "export_url": f"{reverse('trail-export')}?{query.urlencode()}",
            "now": timezone.localtime(),
        },
    )


@requires(READ)
@require_safe
def trail_export(request):
    """What the filter shows, as a workbook."""
    form = TrailFilter(request.GET)
    if not form.is_valid():
        return redirect(f"{reverse('trail')}?{request.GET.urlencode()}")
    rows = form.rows(request.user)
    count = len(rows.order_by().values_list("pk", flat=True)[: MAX_ROWS + 1])
    if count > MAX_ROWS:
        messages.error(request, _("Lebih dari %s baris. Persempit harinya, lalu unduh.") % number(MAX_ROWS))
        return redirect(f"{reverse('trail')}?{request.GET.urlencode()}")
    audit.record("trail.exported", request.user, by=request.user, count=count, filters=form.used())
    now = timezone.localtime()
    content = to_xlsx(
        [
            (_("Waktu"), 26, "text"),
            (_("Oleh"), 26, "text"),
            (_("Akun"), 22, "text"),
            (_("Perbuatan"), 34, "text"),
            (_("Pada"), 34, "text"),
            (_("Usaha"), 34, "text"),
            (_("Keterangan"), 60, "text"),
        ],
        _cells(rows.select_related("recorded_by").order_by("-id"), request.user),
        sheet=_("Jejak"),
        heading=[
            _("Jejak perbuatan, Portal UMKM Kota Malang"),
            _("%(count)s baris, per %(now)s") % {"count": number(count), "now": moment(now)},
            _("Nama, nomor dan alamat orang tidak dimuat."),
        ],
    )
    return download(content, f"jejak-{now:%Y%m%d-%H%M}.xlsx")


def _cells(rows, user):
    """Cells of all lines, read and named in chunks."""
    last = None
    while True:
        chunk = list((rows if last is None else rows.filter(pk__lt=last))[:CHUNK])
        for row in told(chunk, user):
            yield (
                moment(row["at"]), row["by"], row["username"], str(row["act"]), row["target"], row["about"],
                row["detail"],
            )  # fmt: skip
        if len(chunk) < CHUNK:
            return
        last = chunk[-1].pk
