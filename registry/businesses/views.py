"""The list of businesses for staff, its workbook, and the acts that are no proposals."""

import re
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import CharField, Value
from django.db.models.functions import Coalesce, Concat
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.access import requires
from registry.businesses.belongings import Consent, Photo
from registry.businesses.columns import LIST_COLUMNS, USUAL, ListRow, Sight
from registry.businesses.export import export_rows
from registry.businesses.filters import BusinessFilter
from registry.businesses.forms import ConfirmForm, VerifyForm, filter_choices
from registry.businesses.models import Business
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.formats import number
from umkm_portal.lib.paging import KeysetPage, capped_count
from umkm_portal.lib.tables import download

# What the list reads from the address besides its filters.
PAGE_PARAMETERS = ("sort", "size", "columns", "after", "before")
SORTS = {
    "name": ("name", lazy("Nama A–Z")),
    "-name": ("-name", lazy("Nama Z–A")),
    "place": ("place_key", lazy("Kelurahan")),
    "changed": ("-changed_at", lazy("Terakhir berubah")),
    "-changed": ("changed_at", lazy("Paling lama tidak berubah")),
}
UNLISTED = ("search_text", "description", "address", "phone", "phone_other", "email", "owner_words")
SIZES = (25, 50, 100)
SIXTEEN_DIGITS = re.compile(r"(?<!\d)(?:\d[ .\-]?){15}\d(?!\d)")


def _listed(request):
    """(filterset, rows in reach and order, problems): what the address asks for, for page and workbook.

    An address that is not understood finds nothing, so that a slip never looks like an answer.
    """
    filterset = BusinessFilter(request.GET, Business.objects.visible_to(request.user), request=request)
    problems = filterset.unread(PAGE_PARAMETERS)
    rows = filterset.qs.none() if filterset.errors else filterset.qs
    order, _label = SORTS.get(request.GET.get("sort"), SORTS["name"])
    if order == "place_key":
        place = Concat(
            Coalesce("kelurahan__name", Value("")), Value("\x1f"), "name", output_field=CharField()
        )
        rows = rows.annotate(place_key=place)
    return filterset, rows, order, problems


def _kept(request, *without):
    """The address's parameters except the pager's and `without`, for links and hidden fields."""
    skip = {"after", "before", *without}
    return [(name, value) for name, values in request.GET.lists() if name not in skip for value in values]


@requires("registry.view_business")
@require_safe
def business_list(request):
    """Businesses in reach: filtered, sorted and paged by the address alone."""
    if SIXTEEN_DIGITS.search(request.GET.get("q", "")):
        messages.warning(
            request, _("Nomor NIK tidak dicari di sini, supaya tidak tersimpan di alamat. Pakai Cari NIK.")
        )
        return redirect(f"{reverse('business-list')}?{urlencode(_kept(request, 'q'))}")
    filterset, rows, order, problems = _listed(request)
    size = int(request.GET["size"]) if request.GET.get("size") in map(str, SIZES) else SIZES[0]
    page = KeysetPage(request, rows.for_list().defer(*UNLISTED), order, size)
    if page.bad_cursor:
        problems.append(_("Halaman lanjutan di alamat ini tidak dikenali, jadi daftar mulai dari awal."))
    sight = Sight(request.user)
    columns = _columns(request, sight)
    quick, further = filter_choices(filterset, request.user)
    count, more = capped_count(rows)
    return render(
        request,
        "registry/businesses/business_list.html",
        {
            "rows": [ListRow.of(business, sight) for business in page.rows],
            "page": page,
            "count": count,
            "count_text": number(count) + "+" * more,
            "now": timezone.now(),
            "columns": columns,
            "labels": LIST_COLUMNS,
            "column_choices": [
                (key, label, key in columns)
                for key, (label, permission) in LIST_COLUMNS.items()
                if sight.ever(permission)
            ],
            "sorts": [(key, label) for key, (_order, label) in SORTS.items()],
            "sort": request.GET.get("sort") if request.GET.get("sort") in SORTS else "name",
            "sizes": SIZES,
            "size": size,
            "filterset": filterset,
            "chips": filterset.chips(),
            "quick": quick,
            "further": further,
            "further_on": sum(len(c.chosen) for c in further),
            "problems": problems,
            "clear_url": "?" + urlencode([p for p in _kept(request) if p[0] in ("sort", "size", "columns")]),
            "query": urlencode(_kept(request)),
            "kept_by_filters": [p for p in _kept(request) if p[0] in ("sort", "size", "columns")],
            "kept_by_view": _kept(request, "sort", "size", "columns"),
            "export_url": reverse("business-export") + "?" + urlencode(_kept(request, "size", "columns")),
        },
    )


def _columns(request, sight):
    """Keys of the columns to show: those asked for, else the usual, without what the user may never see."""
    asked = [key for key in request.GET.getlist("columns") if key in LIST_COLUMNS] or USUAL
    return [
        key for key, (_label, permission) in LIST_COLUMNS.items() if key in asked and sight.ever(permission)
    ]


@requires("registry.export_business")
@require_GET
def business_export(request):
    """Exactly the rows of the list under the same address, as XLSX."""
    filterset, rows, order, problems = _listed(request)
    try:
        if problems:
            raise Refused("filter-unread", problems[0])
        content = export_rows(
            rows.order_by(order, "-pk" if order.startswith("-") else "pk"),
            by=request.user,
            filters=filterset.words(),
            now=timezone.now(),
        )
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect(f"{reverse('business-list')}?{urlencode(_kept(request))}")
    return download(content, f"usaha-{timezone.localtime():%Y%m%d-%H%M}.xlsx")


def _business(request, identity):
    return get_object_or_404(Business.objects.visible_to(request.user), uuid=identity)


def _answer(request, business, act, done):
    """Run one act and go back to the business, saying what came of it."""
    try:
        act()
    except Refused as refused:
        if refused.code == "not-found":
            raise Http404 from refused
        messages.error(request, refused.message)
    else:
        messages.success(request, done)
    return redirect(business)


@requires("registry.confirm_business")
@require_POST
def business_confirm(request, identity):
    """The business was seen at work on the given day."""
    business = _business(request, identity)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Tanggal tidak dikenali. Pilih tanggal terlihat aktif."))
        return redirect(business)
    return _answer(
        request,
        business,
        lambda: business.confirm_active(on=form.cleaned_data["on"], by=request.user),
        _("Tercatat masih aktif."),
    )


@requires("registry.verify_business")
@require_POST
def business_verify(request, identity):
    """Existence or identity was checked."""
    business = _business(request, identity)
    form = VerifyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Pilih yang diperiksa dan caranya."))
        return redirect(business)
    asked = form.cleaned_data
    return _answer(
        request,
        business,
        lambda: business.verify(asked["what"], how=asked["how"], by=request.user),
        _("Verifikasi dicatat."),
    )


@requires("registry.withdraw_consent")
@require_http_methods(["GET", "HEAD", "POST"])
def consent_withdraw(request, identity, consent):
    """Ask, then take one consent back at once."""
    business = _business(request, identity)
    row = get_object_or_404(Consent, uuid=consent, business=business)
    if request.method == "POST":
        return _answer(
            request,
            business,
            lambda: row.withdraw(by=request.user),
            _("Persetujuan ditarik. Halaman publik tidak lagi menampilkannya."),
        )
    return render(
        request, "registry/businesses/consent_withdraw.html", {"business": business, "consent": row}
    )


@requires("registry.view_business")
@require_safe
def business_photo(request, identity, photo):
    """A picture of a business in reach; the public page has its own address for consented ones."""
    row = get_object_or_404(Photo.objects.current(), uuid=photo, business=_business(request, identity))
    try:
        file = row.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=600"
    return response
