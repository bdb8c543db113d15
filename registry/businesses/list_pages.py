"""The list of businesses for staff: on the screen, on paper, as a workbook, and the jobs of long ones."""

import re

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.access import requires
from registry.businesses import export
from registry.businesses.columns import LIST_COLUMNS, ListRow
from registry.businesses.forms import filter_choices
from registry.businesses.jobs import Job
from registry.businesses.listing import SIZES, UNLISTED, VIEW_PARAMETERS, Listing
from registry.businesses.tasks import start_export
from registry.regions import working
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.formats import number
from umkm_portal.lib.paging import KeysetPage
from umkm_portal.lib.tables import download

SIXTEEN_DIGITS = re.compile(r"(?<!\d)(?:\d[ .\-]?){15}\d(?!\d)")
BULK_MOST = 2_000  # rows of one bulk change (submissions/bulk.py refuses more)
JOB_ACCESS = ("registry.export_business", "registry.propose_submission")
SEALED = {"pemilik": "owner_name", "telepon": "phone", "alamat": "address"}


def shown_columns(listing):
    """The listing's rows without the columns nothing on the page shows; sealed ones cost opening."""
    left_out = [c for c in UNLISTED if c not in {SEALED.get(key) for key in listing.columns}]
    if "pemilik" not in listing.columns:
        left_out.append("owner_name")
    return listing.rows.for_list().defer(*left_out)


@requires("registry.view_business")
@require_safe
def business_list(request):
    """Businesses in reach: filtered, sorted and paged by the address alone."""
    if address := working.narrowed(request):
        return redirect(address)
    listing = Listing(request)
    if SIXTEEN_DIGITS.search(request.GET.get("q", "")):
        messages.warning(
            request, _("Nomor NIK tidak dicari di sini, supaya tidak tersimpan di alamat. Pakai Cari NIK.")
        )
        return redirect(f"{reverse('business-list')}?{listing.query('q')}")
    page = KeysetPage(request, shown_columns(listing), listing.order, listing.size)
    if page.bad_cursor:
        listing.problems.append(
            _("Halaman lanjutan di alamat ini tidak dikenali, jadi daftar mulai dari awal.")
        )
    quick, further = filter_choices(listing.filterset, request.user)
    return render(
        request,
        "registry/businesses/business_list.html",
        {
            "listing": listing,
            "rows": [ListRow.of(business, listing.sight, listing.columns) for business in page.rows],
            "page": page,
            "count": listing.count,
            "count_text": listing.count_text,
            "now": timezone.now(),
            "columns": listing.columns,
            "headings": listing.headings(),
            "column_choices": [
                (key, column.label, key in listing.columns)
                for key, column in LIST_COLUMNS.items()
                if listing.sight.ever(column.permission)
            ],
            "sorts": listing.sort_choices(),
            "sort": listing.sort,
            "sizes": SIZES,
            "size": listing.size,
            "filterset": listing.filterset,
            "chips": listing.filterset.chips(),
            "quick": quick,
            "further": further,
            "further_on": sum(len(c.chosen) for c in further),
            "problems": listing.problems,
            "clear_url": "?" + listing.query(*(n for n in request.GET if n not in VIEW_PARAMETERS)),
            "kept_by_filters": [p for p in listing.kept() if p[0] in VIEW_PARAMETERS],
            "kept_by_view": listing.kept(*VIEW_PARAMETERS),
            "query": listing.query(),
            "seen_query": listing.columns_query(),
            "export_query": listing.query("baris", "kolom"),
            "pickable": request.user.has_perm("registry.propose_submission"),
            "bulk_most": BULK_MOST,
            "bulk_all": 0 < listing.count <= BULK_MOST,
        },
    )


def _back_to_list(request, listing, refused):
    messages.error(request, refused.message)
    return redirect(f"{reverse('business-list')}?{listing.query()}")


@requires("registry.export_business")
@require_safe
def business_export(request):
    """The rows of the list under the same address, as XLSX: at once, or as a job when they are many.

    With `kolom` the workbook has the columns the list shows, else every column the reader may see.
    """
    listing = Listing(request)
    whole = "kolom" not in request.GET
    try:
        if listing.problems:
            raise Refused("filter-unread", listing.problems[0])
        rows, count, more = export.exportable(listing.ordered(), request.user, export.AT_ONCE)
        if more:
            return render(
                request,
                "registry/businesses/export_ask.html",
                {
                    "count_text": listing.count_text,
                    "query": listing.query(),
                    "chips": listing.filterset.words(),
                    "at_once": export.AT_ONCE,
                    "back_url": f"{reverse('business-list')}?{listing.query()}",
                },
            )
        content = export.workbook(
            rows,
            by=request.user,
            count=count,
            filters=listing.filterset.words(),
            now=timezone.now(),
            shown=None if whole else listing.columns,
        )
    except Refused as refused:
        return _back_to_list(request, listing, refused)
    return download(content, f"usaha-{timezone.localtime():%Y%m%d-%H%M}.xlsx")


@requires("registry.export_business")
@require_POST
def business_export_ask(request):
    """Ask for a long workbook: a job makes it, and it waits for a day."""
    listing = Listing(request)
    if listing.problems:
        return _back_to_list(request, listing, Refused("filter-unread", listing.problems[0]))
    whole = "kolom" not in request.GET
    job = export.ask_for(listing, by=request.user, shown=listing.columns, whole=whole)
    start_export(job)
    return redirect(job)


@requires("registry.export_business")
@require_safe
@never_cache
def business_print(request):
    """The whole list under the same address for A4, with its filter and date above and on every sheet."""
    listing = Listing(request)
    try:
        if listing.problems:
            raise Refused("filter-unread", listing.problems[0])
        listing.rows = shown_columns(listing)
        rows, count, more = export.exportable(listing.ordered(), request.user, export.ON_PAPER)
        if more:
            raise export.refuse_more_than(export.ON_PAPER)
    except Refused as refused:
        return _back_to_list(request, listing, refused)
    words = listing.filterset.words()
    found = [ListRow.of(business, listing.sight, listing.columns) for business in rows]
    if "pemilik" in listing.columns:
        export.note_owners(rows, by=request.user)
    export.record_export(request.user, count=count, filters=words, columns=len(listing.columns), as_="print")
    return render(
        request,
        "registry/businesses/business_print.html",
        {
            "rows": found,
            "columns": listing.columns,
            "headings": listing.headings(),
            "width": len(listing.columns) + 2,
            "lines": export.heading(words, count, timezone.now()),
            "back_url": f"{reverse('business-list')}?{listing.query()}",
            "title": number(count),
        },
    )


# ---- jobs ------------------------------------------------------------------------------------------------


def _job(request, uuid):
    return get_object_or_404(Job.objects.visible_to(request.user), uuid=uuid)


@requires(*JOB_ACCESS)
@require_safe
@never_cache
def job_list(request):
    """What this user asked for: long workbooks and bulk changes, the newest first."""
    page = KeysetPage(request, Job.objects.visible_to(request.user), "-asked_at", 25)
    return render(request, "registry/businesses/job_list.html", {"page": page, "rows": page.rows})


@requires(*JOB_ACCESS)
@require_safe
@never_cache
def job_detail(request, uuid):
    """How far one job is, and what came of it."""
    job = _job(request, uuid)
    batch = job.outcome.get("batch")
    result_url = reverse("batch-detail", args=[batch]) if batch else ""
    return render(request, "registry/businesses/job_detail.html", {"job": job, "result_url": result_url})


@requires("registry.export_business")
@require_safe
@never_cache
def job_file(request, uuid):
    """The made workbook, to the one who asked for it and while it is kept."""
    job = _job(request, uuid)
    try:
        content = job.bytes()
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect(job)
    audit.record("export.fetched", job, by=request.user, count=job.outcome.get("count", 0))
    return download(content, job.filename)
