"""Pages of visit days: the list, planning one, its visits in the order of the way, paper."""

import uuid as uuids
from dataclasses import dataclass, field

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from programs.visits.board import Board
from programs.visits.days import MOST_A_DAY, VisitDay
from programs.visits.filters import VisitFilter
from programs.visits.forms import DayChangeForm, DayForm, DayMoveForm
from programs.visits.models import RECORD, VIEW, Visit
from programs.visits.pages import done, first_problem, named_businesses, put
from registry.regions.access import reach
from registry.regions.models import Region
from registry.submissions.filters import stated
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.formats import day as told_day
from umkm_portal.lib.formats import number
from umkm_portal.lib.paging import KeysetPage, capped_count

SIZE = 25
TABS = {
    "hari": lazy("Hari mendatang"),
    "lalu": lazy("Hari yang lalu"),
    "kunjungan": lazy("Semua kunjungan"),
}
SEALED = ("production", "marketing", "problems", "needs")
STATE = Visit.State


@requires(VIEW)
@require_safe
def visit_list(request):
    """Visit days ahead, those that were, and all visits."""
    tab = request.GET.get("lihat") if request.GET.get("lihat") in TABS else "hari"
    shared = {
        "tabs": [{"key": key, "label": label, "on": key == tab} for key, label in TABS.items()],
        "tab": tab,
        "may_plan": bool(reach(request.user, RECORD)),
        "today": timezone.localdate(),
    }
    return _visits(request, shared) if tab == "kunjungan" else _days(request, tab, shared)


def _days(request, tab, shared):
    today = shared["today"]
    rows = VisitDay.objects.visible_to(request.user)
    rows = rows.ahead(today) if tab == "hari" else rows.filter(on__lt=today)
    page = KeysetPage(request, rows.counted(request.user), "on" if tab == "hari" else "-on", SIZE)
    return render(request, "programs/visits/visit_list.html", shared | {"page": page, "days": page.rows})


def _visits(request, shared):
    rows = Visit.objects.visible_to(request.user)
    filterset = VisitFilter(stated(request.GET), rows, request=request)
    problems = filterset.unread(("lihat", "after", "before"))
    rows = filterset.qs if not filterset.errors else rows.none()
    shown = rows.select_related("kelurahan__parent", "day").prefetch_related(named_businesses())
    page = KeysetPage(request, shown.defer(*SEALED), "-on", SIZE)
    count, more = capped_count(rows)
    there = reach(request.user, VIEW)
    places = Region.objects.kelurahan().order_by("name", "code")
    return render(
        request,
        "programs/visits/visit_list.html",
        shared
        | {
            "page": page,
            "visits": page.rows,
            "count_text": number(count) + "+" * more,
            "problems": problems,
            "chips": filterset.chips(),
            "places": list(places if there.everywhere else places.filter(pk__in=there.kelurahan)),
            "states": STATE.choices,
            "chosen": {name: request.GET.get(name, "") for name in ("kelurahan", "state", "since", "until")},
        },
    )


@requires(RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def visit_day_new(request):
    """Plan a day; needs are put into it from the board."""
    start = {"on": timezone.localdate(), "uuid": uuids.uuid4()}
    form = DayForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            day = VisitDay.plan(by=request.user, **form.cleaned_data)
        except Refused as refused:
            put(form, refused)
        else:
            messages.success(request, _("Hari kunjungan dibuat. Pilih kebutuhan yang akan didatangi."))
            return redirect(Board(request).address(hari=str(day.uuid)))
    return render(request, "programs/visits/day_new.html", {"form": form})


# ---- one day -------------------------------------------------------------------------------------------


@dataclass
class Stop:
    """One RW of the way, and who is visited there."""

    title: str
    visits: list = field(default_factory=list)


def stops(visits):
    """`visits` (select_related kelurahan) in the order of the way: kelurahan, RW, RT, name."""
    found = []
    for visit in sorted(visits, key=lambda v: (v.kelurahan.code, v.rw or 0, v.rt or 0, v.name.lower(), v.pk)):
        title = visit.kelurahan.place + (f", RW {visit.rw:02d}" if visit.rw else "")
        if not found or found[-1].title != title:
            found.append(Stop(title))
        found[-1].visits.append(visit)
    return found


def readable_day(request, uuid):
    """The day under `uuid`, 404 when the user may not read it."""
    return get_object_or_404(
        VisitDay.objects.visible_to(request.user).select_related("planned_by"), uuid=uuid
    )


def _visits_of(day, user):
    rows = Visit.objects.visible_to(user).filter(day=day).exclude(state=STATE.CANCELLED)
    return list(
        rows.select_related("kelurahan__parent", "request")
        .defer(*SEALED, "request__note", "request__answer")
        .prefetch_related(named_businesses())
    )


def _context(request, day):
    visits = _visits_of(day, request.user)
    states = [visit.state for visit in visits]
    may_plan = bool(reach(request.user, RECORD)) and not day.cancelled_at
    return {
        "day": day,
        "organisations": list(day.organisations.all()),
        "stops": stops(visits),
        "planned": states.count(STATE.PLANNED),
        "visited": states.count(STATE.DONE),
        "missed": states.count(STATE.MISSED),
        "most": MOST_A_DAY,
        "may_plan": may_plan,
        "may_move": may_plan and set(states) <= {STATE.PLANNED},
        "today": timezone.localdate(),
    }


@requires(VIEW)
@require_safe
def visit_day(request, uuid):
    day = readable_day(request, uuid)
    context = _context(request, day)
    start = {"title": day.title, "who": day.who, "organisations": context["organisations"]}
    return render(
        request,
        "programs/visits/day.html",
        context
        | {"form": DayChangeForm(initial=start), "board_url": Board(request).address(hari=str(day.uuid))},
    )


@requires(VIEW)
@require_safe
@never_cache
def visit_day_print(request, uuid):
    """The way on paper, with room for what is found."""
    return render(request, "programs/visits/day_print.html", _context(request, readable_day(request, uuid)))


@requires(RECORD)
@require_POST
def visit_day_change(request, uuid):
    day = readable_day(request, uuid)
    form = DayChangeForm(request.POST)
    if not form.is_valid():
        messages.error(request, first_problem(form))
        return redirect(day)
    asked = {name: form.cleaned_data[name] for name in ("title", "who", "organisations")}
    return done(request, lambda: day.change(by=request.user, **asked), _("Hari kunjungan disimpan."), day)


@requires(RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def visit_day_move(request, uuid):
    """Put the day on another date; what is still to be visited follows."""
    day = readable_day(request, uuid)
    form = DayMoveForm(
        request.POST if request.method == "POST" else None, initial={"on": day.on, "was": day.on}
    )
    if form.is_bound and form.is_valid():
        try:
            followed = day.move(by=request.user, **form.cleaned_data)
        except Refused as refused:
            put(form, refused)
            day = readable_day(request, uuid)
            form.data = form.data.copy()
            form.data["was"] = day.on.isoformat()  # what is shown now; what was typed stays
        else:
            messages.success(request, _moved(day, followed))
            return redirect(day)
    context = _context(request, day)
    if not form.is_bound and not context["may_move"]:
        messages.warning(request, _("Tanggal hari kunjungan ini tidak dapat diganti lagi."))
        return redirect(day)
    return render(request, "programs/visits/day_move.html", context | {"form": form})


def _moved(day, followed):
    if not followed:
        return _("Tanggalnya sekarang %(day)s.") % {"day": told_day(day.on)}
    told = {"n": followed, "day": told_day(day.on)}
    return _("Dipindah ke %(day)s, %(n)d kunjungan ikut. Petugas kelurahan membaca tanggal barunya.") % told


@requires(RECORD)
@require_POST
def visit_day_cancel(request, uuid):
    day = readable_day(request, uuid)
    said = _("Hari kunjungan dibatalkan. Kebutuhan yang belum didatangi kembali menunggu.")
    return done(request, lambda: day.cancel(by=request.user), said, day)


@requires(RECORD)
@require_POST
def visit_remove(request, uuid):
    """Take a planned visit out of its day."""
    visit = get_object_or_404(
        Visit.objects.visible_to(request.user).select_related("day"), uuid=uuid, day__isnull=False
    )
    day = visit.day
    said = _("Dikeluarkan dari hari ini. Kebutuhannya kembali menunggu.")
    return done(request, lambda: day.remove(visit, by=request.user), said, day)
