"""The page of entri deret: one row per business, typed or pasted, sent together."""

import json

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from registry.people.identity import nik_problem
from registry.rows import actions, block, checking, shown
from registry.rows.columns import MAX_ROWS, chosen, columns_for
from registry.rows.grid import BLANK_ROWS, MOST_ROWS, Grid, Row, plain_rows, read_post, take_block
from umkm_portal.lib.sealing import SealBroken, seal, unseal

PROPOSE = checking.PROPOSE
# Kept in the session: identity numbers of rows that stay (sealed), the stamps of their drafts, the columns
# chosen, what just arrived.
NUMBERS, STAMPS, SHOWN, TOLD = "rows_numbers", "rows_stamps", "rows_shown", "rows_told"


@requires(PROPOSE)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def rows_entry(request):
    """The grid: fill it in, have it checked, keep it as drafts, send what is right."""
    columns = columns_for(request.user)
    if request.method != "POST":
        told = request.session.pop(TOLD, {})
        grid = Grid(shown=chosen(columns, request.session.get(SHOWN)))
        return _page(request, grid, columns, kept=told.get("kept"), arrived=told.get("arrived", []))
    grid = read_post(request.POST, columns)
    request.session[SHOWN] = grid.shown
    act = request.POST.get("do", "draft")
    if act in ("block", "columns", "add"):
        if act == "block":
            take_block(grid, columns, _first_place(request.user))
        _keep_numbers(request, grid.rows)
        return _page(request, grid, columns, more=BLANK_ROWS if act == "add" else 0)
    return _receive(request, grid, columns, act)


def _receive(request, grid, columns, act):
    """Check the rows and, where asked, keep or send them. What stays is shown again with its messages."""
    filled = grid.filled
    now, later = filled[:MAX_ROWS], filled[MAX_ROWS:]
    for row in now:
        row.stamp = request.session.get(STAMPS, {}).get(str(row.uuid))
    checking.check(now, request.user, numbers=_numbers(request))
    arrived, drafted = [], []
    if act in ("send", "next"):
        arrived = actions.send(now, by=request.user)
    elif act != "check":
        drafted = actions.keep_drafts(now, by=request.user)
    _keep_numbers(request, filled, arrived + drafted)
    _keep_stamps(request, now, arrived)
    gone = {row.uuid for row in arrived}
    stay = [row for row in now if row.uuid not in gone]
    kept = _place_of(arrived[-1]) if act == "next" and arrived else None
    if arrived and not stay and not later:
        request.session[TOLD] = {"arrived": [str(row.uuid) for row in arrived], "kept": kept}
        messages.success(request, shown.arrived_words(len(arrived)))
        return redirect("rows-entry")
    grid.rows = stay + later
    _place_warnings(grid.rows)
    if elsewhere := shown.elsewhere_words(grid.rows):
        grid.problems.append(elsewhere)
    if later:
        grid.problems.append(
            _(
                "Paling banyak %(limit)d baris sekali kirim. "
                "%(left)d baris terakhir belum dibaca; semuanya masih di bawah."
            )
            % {"limit": MAX_ROWS, "left": len(later)}
        )
    if not filled:
        grid.problems.append(_("Belum ada baris yang diisi."))
    return _page(request, grid, columns, kept=kept, arrived=arrived, drafted=drafted, act=act)


def _place_warnings(rows):
    """Say which row a warning means by its place among those that stay; what was sent has none."""
    places = {str(row.uuid): number for number, row in enumerate(rows)}
    for row in rows:
        for warning in row.warnings:
            warning.row = places.get(warning.other)


def _page(request, grid, columns, *, kept=None, arrived=(), drafted=(), act="", more=0):
    kept = kept or _first_place(request.user)
    blank = 0 if grid.with_script else max(more or BLANK_ROWS - len(grid.filled), 1)
    rows = grid.filled + [Row(cells=dict(kept)) for _n in range(blank)]
    if not grid.with_script:
        rows = rows[: max(plain_rows(grid.shown), len(grid.filled))]
    numbers = {identity: number[-4:] for identity, number in _numbers(request).items() if is_nik(number)}
    for row in rows:
        row.nik_last4 = row.nik_last4 or numbers.get(str(row.uuid), "")
    context = shown.page(
        grid,
        rows,
        columns,
        request.user,
        kept=kept,
        arrived=arrived,
        drafted=drafted,
        act=act,
        numbers=numbers,
    )
    return render(request, "registry/rows/entry.html", context)


@requires(PROPOSE)
@sensitive_post_parameters()
@require_POST
def rows_block(request):
    """Which columns a pasted block means, for the page's script: its rows by column when it has a header."""
    try:
        rows = json.loads(request.POST.get("rows", ""))
        rows = [[str(cell) for cell in row] for row in rows[: MOST_ROWS + 10]]
    except (ValueError, TypeError, RecursionError):
        return JsonResponse({"header": False})
    read = block.read(rows)
    allowed = {column.key for column in columns_for(request.user)}
    if not read.has_header:
        return JsonResponse({"header": False})
    found = [{key: cell for key, cell in row.items() if key in allowed} for row in read.rows]
    return JsonResponse({"header": True, "rows": found, "unused": read.unused})


def is_nik(text):
    return not nik_problem(text)


# ---- what is kept between two sendings -------------------------------------------------------------------


def _first_place(user):
    """The kelurahan of somebody who serves only one: every fresh row begins with it."""
    own = checking.kelurahan_of(user)
    return {"kelurahan": own[0][1]} if len(own) == 1 else {}


def _place_of(row):
    return {key: row.cells[key] for key in ("kelurahan", "rw") if row.cells.get(key)}


def _numbers(request):
    """{row uuid: NIK cell} of rows that stayed after an earlier attempt. In clear only in this request."""
    found = {}
    for identity, token in request.session.get(NUMBERS, {}).items():
        try:
            found[identity] = unseal(token)
        except SealBroken:
            continue  # the keys changed meanwhile: it is asked for again
    return found


def _keep_numbers(request, rows, done=()):
    """Keep the NIK cells of rows that stay, sealed, for they are not shown again; forget those that went."""
    numbers, kept = _numbers(request), dict(request.session.get(NUMBERS, {}))
    for row in done:
        kept.pop(str(row.uuid), None)
    gone = {row.uuid for row in done}
    for row in rows:
        identity, cell = str(row.uuid), row.cells.get("nik", "")
        if row.uuid in gone or not cell.strip():
            continue
        if not any(c.isdecimal() for c in cell):
            kept.pop(identity, None)  # "menyusul" takes the place of a number
        elif numbers.get(identity) != cell:
            kept[identity] = seal(cell[:60])
    while len(kept) > MOST_ROWS:
        kept.pop(next(iter(kept)))
    if kept != request.session.get(NUMBERS, {}):
        request.session[NUMBERS] = kept


def _keep_stamps(request, rows, done):
    """Keep what the drafts of rows that stay looked like when they were written; forget those that went."""
    before = request.session.get(STAMPS, {})
    kept, gone = dict(before), {row.uuid for row in done}
    for row in rows:
        kept.pop(str(row.uuid), None)
        if row.stamp and row.uuid not in gone:
            kept[str(row.uuid)] = row.stamp
    while len(kept) > MOST_ROWS:
        kept.pop(next(iter(kept)))
    if kept != before:
        request.session[STAMPS] = kept
