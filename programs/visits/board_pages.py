"""Pages of the board: the list itself, putting needs into a visit day, paper and workbook."""

import uuid as uuids

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.access import requires
from programs.visits.actions import schedule
from programs.visits.board import PLACES, Board
from programs.visits.board_printed import Rows
from programs.visits.days import MOST_A_DAY, VisitDay
from programs.visits.models import RECORD
from registry.regions import working
from registry.reports.models import VIEW, VisitRequest
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.formats import day as told_day
from umkm_portal.lib.formats import number
from umkm_portal.lib.tables import download, to_xlsx

EXPORT = "registry.export_business"
ON_PAPER, IN_WORKBOOK = 500, 20_000
CHUNK = 2_000
QUICK = 3  # filters that stand beside the list; the others fold


@requires(VIEW)
@require_safe
def visit_board(request):
    """Which businesses need a visit, the most pressing first."""
    if address := working.narrowed(request):
        return redirect(address)
    return _board(request)


def _board(request, *, picked=(), problem="", code=200, day="", on=""):
    """The board; `day` and `on` are what a refused scheduling had chosen or typed, shown again."""
    board = Board(request)
    page = board.page()
    count = board.count()
    summary, query = board.summary(), board.query()
    lines = board.lines(page.rows, picked)
    days, bar, rw = board.days(), board.bar(), board.params.get("rw", "")
    if day or on:
        days = [one | {"on": str(one["uuid"]) == day} for one in days]
    return render(
        request,
        "programs/visits/board.html",
        {
            "board": board,
            "page": page,
            "lines": lines,
            "rows": Rows(may_schedule=board.may_schedule, query=query)(lines),
            "count_text": number(count),
            "shown": len(page.rows),
            "summary": summary,
            "days": days,
            "day": next((day for day in days if day["on"]), None),
            "quick": bar[:QUICK],
            "further": bar[QUICK:],
            "further_on": sum(choice["on"] for choice in bar[QUICK:]) + bool(rw),
            "chips": board.filterset.chips(),
            "clear_url": board.address(**dict.fromkeys((*PLACES, "need", "urgency", "visited", "state"))),
            "problems": board.problems,
            "problem": problem,
            "today": board.today,
            "typed_on": on,
            "query": query,
            "rw": rw,
            "by_place": board.order == "tempat",
            "order_url": board.address(urut=None if board.order == "tempat" else "tempat"),
            "kept": board.kept("urut", "hari", "state"),
            "most": MOST_A_DAY,
            "may_export": request.user.has_perm(EXPORT),
        },
        status=code,
    )


@requires(RECORD)
@require_POST
def board_schedule(request):
    """Put the picked needs into the chosen day, or into a new one; then go on at the board.

    What somebody else scheduled meanwhile is said by name, and the rest stays picked: nothing is lost.
    """
    picked = set(request.POST.getlist("pilih"))
    try:
        requests = _picked(request.user, picked)
        try:
            day = schedule(requests, by=request.user, **_day(request))
        except Refused:
            _picked(request.user, picked)  # somebody was quicker by a moment: say which ones
            raise
    except Refused as refused:
        if refused.code == "not-found":
            raise Http404 from refused
        told = {"day": request.POST.get("hari", ""), "on": request.POST.get("tanggal", "")}
        return _board(request, picked=picked, problem=refused.message, code=409, **told)
    messages.success(
        request,
        _("%(n)s kebutuhan masuk ke hari kunjungan %(day)s.")
        % {"n": number(len(requests)), "day": told_day(day.on)},
    )
    return redirect(Board(request).address(hari=str(day.uuid)))


def _picked(user, picked):
    """The VisitRequests under these uuids, all of them and all waiting. Raises Refused otherwise."""
    if not picked:
        raise Refused("nothing-picked", _("Pilih dulu kebutuhan yang akan dijadwalkan."))
    if len(picked) > MOST_A_DAY:
        raise Refused(
            "day-full",
            _("Satu hari memuat paling banyak %(most)d kunjungan. Buat hari lain."),
            most=MOST_A_DAY,
        )
    try:
        uuids_picked = [uuids.UUID(one) for one in picked]
    except ValueError as error:
        raise Http404 from error
    rows = VisitRequest.objects.visible_to(user).filter(uuid__in=uuids_picked).defer("note", "answer")
    requests = list(rows.select_related("business__kelurahan", "kelurahan", "scheduled_by"))
    if len(requests) != len(picked):
        raise Http404
    taken = [row for row in requests if row.state != VisitRequest.State.NEW]
    if taken:
        raise Refused(
            "request-scheduled",
            _(
                "Sudah dijadwalkan atau ditangani orang lain: %(names)s. "
                "Sisanya masih terpilih; periksa, lalu tekan lagi."
            ),
            names=", ".join(row.name for row in taken[:5]) + (" …" if len(taken) > 5 else ""),
        )
    return requests


def _day(request):
    """Which day the form names, as keywords of `schedule`."""
    chosen = request.POST.get("hari", "")
    if chosen:
        try:
            found = uuids.UUID(chosen)
        except ValueError as error:
            raise Http404 from error
        return {"day": get_object_or_404(VisitDay.objects.visible_to(request.user), uuid=found)}
    try:
        on = parse_date(request.POST.get("tanggal", ""))
    except ValueError:
        on = None
    if on is None:
        raise Refused("day-missing", _("Pilih hari kunjungan, atau tulis tanggal hari yang baru."))
    return {"on": on}


# ---- taken home ----------------------------------------------------------------------------------------


def _taken(request, limit, form):
    """(board, lines) of all the address asks for, up to `limit`; an audit line is left."""
    board = Board(request)
    rows = list(board.line_up.order_by("place_in_line", "pk")[: limit + 1])
    if len(rows) > limit or board.problems:
        messages.error(
            request,
            board.problems[0]
            if board.problems
            else _("Lebih dari %(limit)s kebutuhan. Persempit dengan filter, misalnya per kecamatan.")
            % {"limit": number(limit)},
        )
        return board, None
    audit.record(
        "visit-board.exported",
        request.user,
        by=request.user,
        count=len(rows),
        filters=sorted({word["name"] for word in board.filterset.words()}),
        form=form,
    )
    lines = []
    for start in range(0, len(rows), CHUNK):
        lines += board.lines(rows[start : start + CHUNK])
    return board, lines


@requires(EXPORT)
@require_safe
@never_cache
def board_print(request):
    """The board under the same address, for A4."""
    board, lines = _taken(request, ON_PAPER, "print")
    if lines is None:
        return redirect(board.address())
    return render(
        request,
        "programs/visits/board_print.html",
        {"lines": lines, "said": board.said(len(lines)), "back_url": board.address()},
    )


@requires(EXPORT)
@require_safe
@never_cache
def board_export(request):
    """The board under the same address, as a workbook."""
    board, lines = _taken(request, IN_WORKBOOK, "xlsx")
    if lines is None:
        return redirect(board.address())
    columns = [
        (_("No."), 6, "number"),
        (_("Usaha"), 34, "text"),
        (_("Kebutuhan"), 20, "text"),
        (_("Kemendesakan"), 14, "text"),
        (_("Menunggu (hari)"), 14, "number"),
        (_("Terakhir dikunjungi"), 20, "date"),
        (_("Kecamatan"), 18, "text"),
        (_("Kelurahan"), 20, "text"),
        ("RW", 6, "number"),
        ("RT", 6, "number"),
        (_("Patokan tempat"), 28, "text"),
        (_("Status"), 18, "text"),
        (_("Hari kunjungan"), 20, "date"),
    ]
    content = to_xlsx(
        columns,
        (
            (
                n,
                line.name,
                line.request.get_need_display(),
                line.request.get_urgency_display(),
                line.waited,
                line.visited_on or _("belum pernah"),
                line.kelurahan.kecamatan,
                line.kelurahan.name,
                line.request.rw,
                line.request.rt,
                line.request.told_place,
                line.request.get_state_display(),
                line.request.visited_on or line.request.scheduled_on,
            )
            for n, line in enumerate(lines, 1)
        ),
        sheet=_("Perlu didatangi"),
        heading=board.said(len(lines)),
    )
    return download(content, f"perlu-didatangi-{timezone.localtime():%Y%m%d-%H%M}.xlsx")
