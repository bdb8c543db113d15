"""Pages of one visit: reading it, writing down what was found, on the way, photos, nobody met."""

import uuid as uuids
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from programs.visits.actions import record_unplanned, record_visit
from programs.visits.follow_ups import FollowUp
from programs.visits.forms import ProblemForm, TextForm, UnplannedForm, VisitForm
from programs.visits.models import MOST_PHOTOS, RECORD, VIEW, Visit
from programs.visits.pages import done, first_problem, picture, put
from registry.businesses.filters import BusinessFilter
from registry.businesses.models import Business
from registry.regions.access import reach
from registry.regions.working import preset
from registry.reports.models import LastVisit
from registry.submissions.photos import reencode
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.text import clean_line, has_long_digits

FOUND = 12  # businesses offered for a visit on the way


def readable_visit(request, uuid):
    """The visit under `uuid`, 404 when the user may not read it."""
    rows = Visit.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("kelurahan__parent", "business", "day", "request", "told_by", "recorded_by"),
        uuid=uuid,
    )


def findings_of(visit):
    """[(what one looks at, the words)] of a visit, as far as something was written down."""
    told = [(Visit._meta.get_field(name).verbose_name, getattr(visit, name)) for name in Visit.FINDINGS]
    return [(term.capitalize(), words) for term, words in told if words]


@requires(VIEW)
@require_safe
def visit(request, uuid):
    """What was found, with photos and what became of each problem."""
    row = readable_visit(request, uuid)
    user = request.user
    follow_ups = FollowUp.objects.visible_to(user).filter(visit=row).select_related("organisation")
    may_record = reach(user, RECORD).covers(row.kelurahan_id)
    return render(
        request,
        "programs/visits/visit.html",
        {
            "visit": row,
            "findings": findings_of(row),
            "photos": list(row.photos.order_by("pk")),
            "organisations": list(row.organisations.all()),
            "follow_ups": list(follow_ups.order_by("pk")),
            "may_record": may_record and row.state != Visit.State.CANCELLED,
            "may_propose": row.may_propose(user),
            "proposed": list(row.proposals_for(user)),
            "may_read_business": row.business_id
            and reach(user, "registry.view_business").covers(row.kelurahan_id),
            "may_photo": may_record and row.photos.count() < MOST_PHOTOS,
            "miss_form": TextForm(),
            "today": timezone.localdate(),
        },
    )


def _sent(request):
    return request.FILES.getlist("photos")[: MOST_PHOTOS + 1]


def _photos(request, row):
    """Put the photos sent along to `row`; what is no picture is said, and nothing else is lost."""
    for upload in _sent(request):
        try:
            row.add_photo(upload, by=request.user)
        except Refused as refused:
            messages.error(
                request,
                _("Foto %(name)s tidak tersimpan: %(why)s")
                % {"name": clean_line(upload.name)[:60], "why": refused.message},
            )


def _valid(form, problems, photos, row=None):
    """Whether the form and every line of a problem pass; all are looked at, so that all is said at once.
    A visit of which nothing is told is none: a tap on the button alone answers no report."""
    if not all([form.is_valid(), *[line.is_valid() for line in problems]]):
        return False
    told = _asked(problems) or any(form.cleaned_data[name] for name in Visit.FINDINGS)
    if told or (row and row.state == Visit.State.DONE) or any(map(_is_picture, photos)):
        return True
    form.add_error("production", _("Tulis setidaknya satu hal yang didapati, atau lampirkan foto."))
    return False


def _is_picture(upload):
    try:
        reencode(upload)
    except Refused:
        return False
    finally:
        upload.seek(0)
    return True


def _asked(problems):
    return [line.keywords() for line in problems if line.has_changed()]


def _page(request, row, form, problems, **context):
    return render(
        request,
        "programs/visits/visit_record.html",
        {"visit": row, "form": form, "problems": problems, "most": MOST_PHOTOS} | context,
    )


@requires(RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def visit_record(request, uuid):
    """Write down what was found, for the first time or again, and what has to be followed up."""
    row = readable_visit(request, uuid)
    if row.state == Visit.State.CANCELLED:
        messages.warning(request, _("Kunjungan ini sudah dibatalkan."))
        return redirect(row)
    data = request.POST if request.method == "POST" else None
    form = VisitForm(data, initial=_start(row))
    problems = ProblemForm.lines(data)
    if (
        data is not None
        and _valid(form, problems, _sent(request), row)
        and not _overtaken(request, row, form)
    ):
        try:
            opened = record_visit(row, by=request.user, follow_ups=_asked(problems), **form.cleaned_data)
        except Refused as refused:
            put(form, refused)
        else:
            _photos(request, row)
            messages.success(request, _saved(opened))
            return redirect(row)
    return _page(request, row, form, problems, business=row.business)


def _overtaken(request, row, form):
    """Whether somebody else wrote this visit down since the form was opened: said once, with what was typed
    kept; who sends again after that means it."""
    if request.POST.get("version", str(row.version)) == str(row.version):
        return False
    who = row.recorded_by.name if row.recorded_by_id else _("orang lain")
    said = _(
        "%(who)s mengubah catatan ini sejak Anda membukanya. Isian Anda tetap di bawah; "
        "bandingkan di tab lain, lalu simpan lagi."
    )
    form.add_error(None, said % {"who": who})
    return True


def _saved(opened):
    if opened:
        return _("Kunjungan tersimpan, %(n)d tindak lanjut dibuat.") % {"n": len(opened)}
    return _("Kunjungan tersimpan.")


def _start(row):
    today = timezone.localdate()
    day_who = row.day.who if row.day_id else ""
    joining = (
        row.organisations.all() if row.recorded_at else row.day.organisations.all() if row.day_id else ()
    )
    return {
        "on": min(row.on, today),
        "who": row.who or day_who,
        "organisations": list(joining),
        **{name: getattr(row, name) for name in Visit.FINDINGS if row.recorded_at},
    }


@requires(RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def visit_new(request):
    """A visit nobody planned ("jemput bola"): choose the business, or name one that is not recorded."""
    business = _business(request)
    data = request.POST if request.method == "POST" else None
    start = {"on": timezone.localdate(), "uuid": uuids.uuid4()}
    if business is None and (place := preset(request.user)):
        start["kelurahan"] = place.code
    form = UnplannedForm(data, business=business, initial=start)
    problems = ProblemForm.lines(data)
    if data is not None and _valid(form, problems, _sent(request)):
        told = {"kelurahan": None} | form.cleaned_data
        try:
            row, _new = record_unplanned(
                by=request.user,
                business=business,
                told_at=timezone.now(),
                follow_ups=_asked(problems),
                **told,
            )
        except Refused as refused:
            put(form, refused)
        else:
            _photos(request, row)  # also of what was sent again: the line may have broken between them
            messages.success(request, _("Kunjungan tersimpan."))
            return redirect(row)
    return _page(request, None, form, problems, business=business, **_search(request, business))


def _business(request):
    """The business the address names (`usaha`), None for none; 404 out of reach."""
    named = request.GET.get("usaha", "")
    if not named:
        return None
    try:
        identity = uuids.UUID(named)
    except ValueError as error:
        raise Http404 from error
    return get_object_or_404(
        Business.objects.visible_to(request.user).select_related("kelurahan__parent"), uuid=identity
    )


def _search(request, business):
    """Businesses whose name holds the words of `q`, to choose from."""
    asked = clean_line(request.GET.get("q", ""))[:100]
    if business is not None or not asked or has_long_digits(asked):
        return {"q": "" if has_long_digits(asked) else asked, "found": None}
    filterset = BusinessFilter(
        QueryDict(urlencode({"q": asked})), Business.objects.visible_to(request.user), request=request
    )
    rows = filterset.qs if not filterset.errors else Business.objects.none()
    shown = rows.select_related("kelurahan__parent").only(
        "uuid", "name", "rt", "rw", "kelurahan__name", "kelurahan__level", "kelurahan__parent__name"
    )
    found = list(shown.order_by("name", "pk")[:FOUND])
    last = dict(LastVisit.objects.filter(business__in=found).values_list("business", "on"))
    return {"q": asked, "found": [(row, last.get(row.pk)) for row in found]}


@requires(RECORD)
@require_POST
def visit_miss(request, uuid):
    """Nobody was met: the need waits again."""
    row = readable_visit(request, uuid)
    form = TextForm(request.POST)
    reason = request.POST.get("text", "")
    if reason.strip() and not form.is_valid():
        messages.error(request, first_problem(form))
        return redirect(row)
    said = _("Dicatat tidak bertemu. Kebutuhannya kembali menunggu di papan.")
    return done(request, lambda: row.miss(by=request.user, reason=reason), said, row.day or row)


@requires(RECORD)
@require_POST
def visit_photo_add(request, uuid):
    row = readable_visit(request, uuid)
    if not request.FILES.getlist("photos"):
        messages.error(request, _("Pilih fotonya dulu."))
    _photos(request, row)
    return redirect(row)


@requires(VIEW)
@require_safe
def visit_photo(request, uuid, photo):
    """A picture of a visit, for whoever may read the visit."""
    row = get_object_or_404(Visit.objects.visible_to(request.user), uuid=uuid)
    kept = get_object_or_404(row.photos, uuid=photo)
    return picture(kept.file, kept.uuid)
