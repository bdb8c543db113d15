"""Pages of mentoring: the series, its sessions with the service given, how it ended."""

import uuid as uuids

from django.contrib import messages
from django.db.models import Count, Max
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from programs.visits.filters import MentoringFilter
from programs.visits.forms import EndForm, MentoringForm, SessionForm
from programs.visits.mentoring import Mentoring
from programs.visits.models import RECORD, VIEW
from programs.visits.pages import put
from registry.businesses.models import Business
from registry.regions.access import reach
from registry.submissions.filters import stated
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.formats import number
from umkm_portal.lib.paging import KeysetPage, capped_count

SIZE = 25


@requires(VIEW)
@require_safe
def mentoring_list(request):
    """Series of businesses in reach: those that run, and those that ended."""
    ended = request.GET.get("lihat") == "selesai"
    rows = Mentoring.objects.visible_to(request.user)
    filterset = MentoringFilter(stated(request.GET), rows, request=request)
    problems = filterset.unread(("lihat", "after", "before"))
    asked = filterset.qs if not filterset.errors else rows.none()
    asked = asked.exclude(ended_at=None) if ended else asked.running()
    shown = (
        asked.select_related("business__kelurahan", "organisation")
        .only(
            "uuid", "goal", "mentor", "started_at", "ended_at", "result",
            "organisation__short_name", "business__uuid", "business__name", "business__kelurahan__name",
        )
        .annotate(times=Count("sessions"), last=Max("sessions__on"))
    )  # fmt: skip
    page = KeysetPage(request, shown, "-started_at", SIZE)
    count, more = capped_count(asked)
    return render(
        request,
        "programs/visits/mentoring_list.html",
        {
            "page": page,
            "rows": page.rows,
            "ended": ended,
            "count_text": number(count) + "+" * more,
            "problems": problems,
            "chips": filterset.chips(),
        },
    )


@requires(RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def mentoring_new(request):
    """Begin a series for the business the address names."""
    try:
        identity = uuids.UUID(request.GET.get("usaha", ""))
    except ValueError as error:
        raise Http404 from error
    rows = Business.objects.visible_to(request.user).select_related("kelurahan__parent")
    business = get_object_or_404(rows, uuid=identity)
    form = MentoringForm(
        request.POST if request.method == "POST" else None, initial={"mentor": request.user.name}
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = Mentoring.start(business=business, by=request.user, **form.cleaned_data)
        except Refused as refused:
            put(form, refused)
        else:
            messages.success(
                request, _("Pendampingan dimulai. Catat sesi pertamanya bila sudah berlangsung.")
            )
            return redirect(row)
    return render(request, "programs/visits/mentoring_new.html", {"form": form, "business": business})


def readable_mentoring(request, uuid):
    rows = Mentoring.objects.visible_to(request.user)
    joined = ("business__kelurahan__parent", "organisation", "started_by", "ended_by")
    return get_object_or_404(rows.select_related(*joined), uuid=uuid)


@requires(VIEW)
@require_safe
def mentoring(request, uuid):
    row = readable_mentoring(request, uuid)
    return render(request, "programs/visits/mentoring.html", _context(request, row))


def _context(request, row, **forms):
    may = reach(request.user, RECORD).covers(row.business.kelurahan_id) and not row.ended_at
    start = {"uuid": uuids.uuid4(), "on": timezone.localdate()}
    return {
        "row": row,
        "sessions": list(row.sessions.select_related("told_by")),
        "may_record": may,
        "reads_business": reach(request.user, "registry.view_business").covers(row.business.kelurahan_id),
        "session_form": SessionForm(initial=start, prefix="sesi"),
        "end_form": EndForm(prefix="selesai"),
    } | forms


def _act(request, uuid, form, name, verb, said):
    row = readable_mentoring(request, uuid)
    if form.is_valid():
        try:
            verb(row, form.cleaned_data)
        except Refused as refused:
            if refused.code == "mentoring-ended":
                messages.error(request, refused.message)
                return redirect(row)
            put(form, refused)
        else:
            messages.success(request, said)
            return redirect(row)
    page = _context(request, row, **{name: form, "open_form": name})
    return render(request, "programs/visits/mentoring.html", page, status=400)


@requires(RECORD)
@require_POST
def mentoring_session(request, uuid):
    form = SessionForm(request.POST, prefix="sesi")
    return _act(
        request, uuid, form, "session_form",
        lambda row, asked: row.add_session(by=request.user, **asked), _("Sesi tersimpan."),
    )  # fmt: skip


@requires(RECORD)
@require_POST
def mentoring_end(request, uuid):
    form = EndForm(request.POST, prefix="selesai")
    return _act(
        request, uuid, form, "end_form",
        lambda row, asked: row.end(by=request.user, **asked), _("Pendampingan selesai."),
    )  # fmt: skip
