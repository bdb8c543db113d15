"""The quick report as a plain form; static/js/report.js lays the outbox over it where the browser can."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from registry.businesses.models import Business
from registry.regions.access import reach
from registry.regions.held import requires_once_held
from registry.regions.models import Region
from registry.regions.working import preset
from registry.reports.forms import ReportForm
from registry.reports.models import DOUBTFUL, REPORT, UNNAMED, VisitRequest
from registry.reports.shell import shell_page
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.text import fold

WORDS = "registry/reports/partials/report_words.html"
TEMPLATE = "registry/reports/report.html"
FOUND = 12  # businesses offered to choose from after a search
PLACED = (
    "need",
    "urgency",
    "told_name",
    "told_place",
    "rt",
    "rw",
    "note",
    "latitude",
    "longitude",
    "accuracy_m",
)


def _served(user):
    """The kelurahan `user` may report from today."""
    there, rows = reach(user, REPORT), Region.objects.kelurahan().order_by("name", "code")
    return rows if there.everywhere else rows.filter(pk__in=there.kelurahan)


def _named(user, text):
    """The business of this uuid in the user's reach, or None."""
    try:
        identity = uuid.UUID(str(text))
    except ValueError:
        return None
    return Business.objects.visible_to(user).filter(uuid=identity).first()


def _search(user, name, kelurahan):
    """Businesses of the kelurahan whose name holds every word of `name`."""
    rows = Business.objects.visible_to(user).filter(kelurahan__in=kelurahan)
    for word in fold(name).split()[:6]:
        rows = rows.filter(name__icontains=word)
    return list(rows.order_by("name", "pk").only("uuid", "name", "rt", "rw")[:FOUND])


def shell_context():
    """The form without anybody: the phone fills in whose it is."""
    return {"form": ReportForm(kelurahan=Region.objects.none()), "words": WORDS, "found": None}


report_need_shell = shell_page(TEMPLATE, shell_context)


@requires_once_held(REPORT)
@sensitive_post_parameters("note", "told_name")
@require_http_methods(["GET", "HEAD", "POST"])
def report_need(request):
    """Report that a business needs a visit. Nothing typed is lost when something is missing."""
    served = _served(request.user)
    context = {"words": WORDS, "found": None, "one_kelurahan": len(served) == 1}
    if request.method != "POST":
        business = _named(request.user, request.GET.get("usaha", ""))
        form = ReportForm(kelurahan=served, initial=_initial(request.user, business, served))
        return render(request, TEMPLATE, context | {"form": form, "business": business})
    form = ReportForm(request.POST, request.FILES, kelurahan=served)
    business = _named(request.user, request.POST.get("pick") or request.POST.get("business", ""))
    if request.POST.get("do") == "search":
        name = request.POST.get("told_name", "")
        context["found"] = _search(request.user, name, served) if name.strip() else None
        form = ReportForm(initial=_typed(form), kelurahan=served)
        return render(request, TEMPLATE, context | {"form": form, "business": business})
    if form.is_valid():
        request_made = _keep(request, form, business)
        if request_made is not None:
            return redirect(request_made)
    elif business is None and not form.cleaned_data.get("told_name") and "told_name" not in form.errors:
        form.add_error("told_name", UNNAMED)  # all that is missing at once, not one per round
    kept = _("Isian Anda masih ada di bawah; hanya foto perlu dipilih lagi.")
    return render(request, TEMPLATE, context | {"form": form, "business": business, "kept": kept}, status=422)


def _initial(user, business, served):
    region = business.kelurahan if business else preset(user)
    codes = [row.code for row in served] if len(served) == 1 else []
    return {
        "uuid": uuid.uuid4(),
        "kelurahan": codes[0] if codes else region.code if region else "",
        "urgency": 1,
    }


def _typed(form):
    """What was typed, to be shown again without a word about what is missing."""
    return {name: form.data.get(name, "") for name in (*PLACED, "uuid", "kelurahan")}


def _keep(request, form, business):
    """Write the report and its photo; None when it was refused, and then the form says why."""
    told = form.cleaned_data
    try:
        made, new = VisitRequest.report(
            by=request.user,
            uuid=told["uuid"],
            kelurahan=told["kelurahan"],
            business=business,
            told_at=timezone.now(),
            **{name: told[name] for name in PLACED},
        )
    except Refused as refused:
        if refused.code == "not-found":
            raise Http404 from refused
        form.add_error(None, refused.message)
        for name, text in refused.fields.items():
            if name in form.fields:
                form.add_error(name, text)
        return None
    messages.success(request, _("Laporan terkirim.") if new else _("Laporan ini sudah terkirim sebelumnya."))
    if made.place_is_doubtful:
        messages.warning(request, DOUBTFUL)
    upload = told.get("photo") or told.get("photo_file")
    if upload:
        try:
            made.add_photo(upload, by=request.user)
        except Refused as refused:
            text = _("Laporannya tersimpan, fotonya belum: %(why)s") % {"why": refused.message}
            messages.warning(request, text)
    return made
