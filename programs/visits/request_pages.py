"""What this room knows of a kelurahan's request: its steps from report to answer, and answering it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from programs.visits.actions import close_request
from programs.visits.board import Board
from programs.visits.follow_ups import FollowUp, FollowUpNote
from programs.visits.forms import CloseRequestForm
from programs.visits.models import Visit
from programs.visits.pages import done, put
from registry.reports.models import SCHEDULE, VIEW, VisitRequest
from umkm_portal.lib.errors import Refused


def _readable(request, uuid):
    rows = VisitRequest.objects.visible_to(request.user).select_related("kelurahan__parent", "business")
    return get_object_or_404(rows, uuid=uuid)


def steps_of(row, user):
    """What happened in the field about a request, newest first, as a timeline: each visit planned, done or
    missed, and every step of each follow-up, with whom it lies. As far as `user` may read it."""
    entries = []
    visits = (
        Visit.objects.visible_to(user).filter(request=row).select_related("told_by", "recorded_by", "day")
    )
    for visit in visits:
        address = visit.get_absolute_url()
        entries.append(
            {"title": _("Kunjungan direncanakan"), "text": "", "by": "", "at": visit.told_at, "url": address}
        )
        if visit.recorded_at:
            found = [
                f"{Visit._meta.get_field(name).verbose_name.capitalize()}: {getattr(visit, name)}"
                for name in Visit.FINDINGS
                if getattr(visit, name)
            ]
            entries.append(
                {
                    "title": _("Dikunjungi"),
                    "text": " · ".join(found),
                    "by": visit.who or visit.recorded_by.name,
                    "at": visit.recorded_at,
                    "url": address,
                }
            )
    follow_ups = FollowUp.objects.visible_to(user).filter(request=row)
    notes = FollowUpNote.objects.filter(follow_up__in=follow_ups.values("pk")).select_related(
        "follow_up", "organisation", "told_by"
    )
    for note in notes:
        entries.append(
            {
                "title": f"{note.follow_up.get_need_display()}: {note.title}",
                "text": note.text if note.act != "opened" else note.follow_up.problem,
                "by": note.organisation.short_name,
                "at": note.told_at,
                "url": note.follow_up.get_absolute_url(),
            }
        )
    return sorted(entries, key=lambda entry: entry["at"], reverse=True)


@requires(VIEW)
@require_safe
def request_steps(request, uuid):
    """The steps of a request: a piece for its page, a page of its own without htmx."""
    row = _readable(request, uuid)
    template = (
        "programs/visits/partials/steps.html"
        if request.headers.get("HX-Request")
        else "programs/visits/steps.html"
    )
    return render(request, template, {"row": row, "entries": steps_of(row, request.user)})


@requires(SCHEDULE)
@require_http_methods(["GET", "HEAD", "POST"])
def request_close(request, uuid):
    """Finish a request with what came of it; then back to the board as it was, or (`dari`) to the request."""
    row = _readable(request, uuid)
    form = CloseRequestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            close_request(row, by=request.user, **form.cleaned_data)
        except Refused as refused:
            put(form, refused)
        else:
            messages.success(request, _("Laporan selesai. Petugas kelurahan dapat membaca jawabannya."))
            return redirect(row if "dari" in request.GET else Board(request).address())
    return render(
        request,
        "programs/visits/request_close.html",
        {"row": row, "form": form, "entries": steps_of(row, request.user), "query": request.GET.urlencode()},
    )


@requires(SCHEDULE)
@require_POST
def request_reopen(request, uuid):
    """Take an answer back: the request waits again."""
    row = _readable(request, uuid)
    return done(request, lambda: row.reopen(by=request.user), _("Laporan dibuka kembali."), row)
