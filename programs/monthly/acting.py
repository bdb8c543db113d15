"""What is done to a monthly report from its page: each a POST that calls one verb."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires
from programs.monthly import figures, months, moved
from programs.monthly.forms import CorrectForm, NoteForm, ReturnForm, SignForm
from programs.monthly.models import APPROVE, RECEIVE, WRITE, MonthlyReport
from programs.monthly.pages import report_page
from registry.regions.models import Region
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.text import clean_line

ANEW = ("report-changed", "figures-changed")  # read again, with what was typed kept


def _report(request, uuid):
    rows = MonthlyReport.objects.visible_to(request.user).select_related("kelurahan__parent__parent")
    return get_object_or_404(rows, uuid=uuid)


def _read(request):
    """The version of the report that the sent page showed; None where it does not say."""
    version = request.POST.get("version", "")
    return int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None


def _refused(request, report, refused, form=None, name=""):
    """Where a refusal is told: at its field where it has one, else above the page as it stands now."""
    if refused.code == "not-found":
        raise Http404 from refused
    at = {field: text for field, text in refused.fields.items() if form is not None and field in form.fields}
    if not at and form is not None and refused.code in ANEW:
        at = {None: refused.message}
    if not at:
        messages.error(request, refused.message)
        return redirect(report)
    for field, text in at.items():
        form.add_error(field, ValidationError(text, code=refused.code))
    report.refresh_from_db()
    return report_page(request, report, **{name: form})


@requires(WRITE)
@require_POST
def monthly_begin(request):
    """Begin, or open, the report of a kelurahan and month."""
    month = months.parse(request.POST.get("bulan", ""))
    kelurahan = (
        Region.objects.kelurahan().filter(code=clean_line(request.POST.get("kelurahan", ""))[:13]).first()
    )
    if kelurahan is None:
        raise Http404
    if month is None:
        messages.error(request, _("Pilih bulannya dari daftar."))
        return redirect("monthly-list")
    try:
        report, _new = MonthlyReport.begin(kelurahan=kelurahan, month=month, by=request.user)
    except Refused as refused:
        if refused.code == "not-found":
            raise Http404 from refused
        messages.error(request, refused.message)
        return redirect("monthly-list")
    return redirect(report)


@requires(WRITE)
@require_POST
def monthly_write(request, uuid):
    """Save the note; with act=submit hand it to the lurah too."""
    report = _report(request, uuid)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return report_page(request, report, note=form)
    try:
        report.write(note=form.cleaned_data["note"], by=request.user, version=_read(request))
        if request.POST.get("act") == "submit":
            report.submit(by=request.user, version=report.version)
            messages.success(request, _("Laporan diteruskan kepada lurah."))
        else:
            messages.success(request, _("Catatan tersimpan."))
    except Refused as refused:
        return _refused(request, report, refused, form, "note")
    return redirect(report)


@requires(APPROVE)
@require_POST
def monthly_approve(request, uuid):
    """Sign and send it; with act=return give it back."""
    report = _report(request, uuid)
    returns = request.POST.get("act") == "return"
    form = (ReturnForm if returns else SignForm)(request.POST)
    name = "back" if returns else "sign"
    if not form.is_valid():
        return report_page(request, report, **{name: form})
    try:
        if returns:
            report.return_for_changes(by=request.user, version=_read(request), **form.cleaned_data)
            messages.success(request, _("Laporan dikembalikan kepada petugas."))
        else:
            report.approve(
                by=request.user,
                version=_read(request),
                seen=request.POST.get("seen"),
                **form.cleaned_data,
            )
            messages.success(request, _("Laporan disetujui dan dikirim ke Diskopindag."))
            if changes := figures.corrections(report.handed_in, report.figures["counts"]):
                words = _("Angkanya berubah sejak diteruskan petugas: %(moved)s.")
                messages.info(request, words % {"moved": moved.sentence(changes)})
    except Refused as refused:
        return _refused(request, report, refused, form, name)
    return redirect(report)


@requires(RECEIVE)
@require_POST
def monthly_receive(request, uuid):
    report = _report(request, uuid)
    try:
        report.receive(by=request.user)
    except Refused as refused:
        return _refused(request, report, refused)
    messages.success(request, _("Laporan diterima."))
    return redirect(report)


@requires(WRITE)
@require_POST
def monthly_correct(request, uuid):
    """Begin the next edition of a report that was sent."""
    report = _report(request, uuid)
    form = CorrectForm(request.POST)
    if not form.is_valid():
        return report_page(request, report, mend=form)
    try:
        edition = report.correct(by=request.user, **form.cleaned_data)
    except Refused as refused:
        return _refused(request, report, refused, form, "mend")
    messages.success(request, _("Koreksi disusun. Yang sudah dikirim tetap seperti saat dikirim."))
    return redirect(edition)
