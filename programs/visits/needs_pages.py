"""Kebutuhan: how many need what, where; the list behind each number; the same as a workbook."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import requires
from programs.visits.needs import (
    DEFINITIONS,
    FOLLOW_UPS,
    PROPOSALS,
    REPORTS,
    SOURCE_WORDS,
    SOURCES,
    Needs,
    NeedsFilter,
    by_need,
    by_place,
    regions_of,
)
from registry.regions import working
from registry.regions.access import reach
from registry.regions.models import Region
from registry.reports.needs import Need
from umkm_portal.lib.formats import day, moment, number
from umkm_portal.lib.paging import KeysetPage
from umkm_portal.lib.tables import download, to_xlsx

READ = "registry.view_visitrequest"
PARAMETERS = ("need", "kecamatan", "kelurahan", "since", "until", "open")
ORDER = {REPORTS: "-told_day", FOLLOW_UPS: "-id", PROPOSALS: "-held_on"}


class Asked:
    """What the address asks for; without a valid filter nothing is counted."""

    def __init__(self, request):
        self.form = NeedsFilter(request.GET)
        self.valid = self.form.is_valid()
        self.query = [(name, value) for name in PARAMETERS for value in request.GET.getlist(name) if value]
        self.needs = Needs(request.user, self.form.cleaned_data) if self.valid else None

    def url(self, name, **more):
        """The address of a page with this filter, `more` put in the place of what it names."""
        pairs = [(n, v) for n, v in self.query if n not in more]
        pairs += [(n, v) for n, v in more.items() if v]
        return f"{reverse(name)}?{urlencode(pairs)}"

    def words(self):
        return [
            f"{label}: {day(words) if hasattr(words, 'year') else words}"
            for label, words in self.form.words()
        ]


@requires(READ)
@require_safe
def needs(request):
    """Two tables: needs by source, and needs by place; each number leads to its list."""
    if address := working.narrowed(request):
        return redirect(address)
    asked = Asked(request)
    counted = asked.needs.counted() if asked.valid else {}
    regions = regions_of(counted)
    narrow = asked.valid and bool(
        asked.form.cleaned_data["kecamatan"] or asked.form.cleaned_data["kelurahan"]
    )
    kecamatan = {r.parent_id for r in regions.values()}
    parents = not narrow and len(kecamatan) > 1
    lines = by_need(counted)
    places = by_place(counted, regions, parents=parents)
    return render(
        request,
        "programs/visits/needs.html",
        {
            "form": asked.form,
            "bar": _bar(request, asked),
            "headline": _headline(counted, regions, asked),
            "lines": [_need_line(line, asked) for line in lines],
            "sum": _sum(lines, asked),
            "columns": [(line.key, line.label) for line in lines],
            "places": [_place_line(line, lines, asked, parents=parents) for line in places],
            "place_word": _("Kecamatan") if parents else _("Kelurahan"),
            "definitions": [(SOURCE_WORDS[s], DEFINITIONS[s]) for s in SOURCES],
            "sources": [SOURCE_WORDS[s] for s in SOURCES],
            "words": asked.words() if asked.valid else [],
            "filtered": bool(asked.query),
            "export_url": asked.url("needs-export"),
            "now": timezone.now(),
        },
    )


def _headline(counted, regions, asked):
    """The largest number of one kelurahan, in words: "47 di Sukun membutuhkan kemasan"."""
    if not counted:
        return None
    (kelurahan, need), tally = max(counted.items(), key=lambda item: (item[1].total, -item[0][0], item[0][1]))
    region = regions[kelurahan]
    return {
        "count": number(tally.total),
        "place": region.name,
        "need": str(dict(Need.choices)[need]).lower(),
        "url": asked.url("needs-list", need=need, kelurahan=region.code, kecamatan=""),
    }


def _numbers(tally, asked, **where):
    """[{count, url}] for each source, then the sum."""
    told = [
        {"count": getattr(tally, source), "url": asked.url("needs-list", source=source, **where)}
        for source in SOURCES
    ]
    return [*told, {"count": tally.total, "url": asked.url("needs-list", **where)}]


def _need_line(line, asked):
    return {"label": line.label, "numbers": _numbers(line.sum, asked, need=line.key)}


def _sum(lines, asked):
    found = {source: sum(getattr(line.sum, source) for line in lines) for source in SOURCES}
    told = [{"count": n, "url": asked.url("needs-list", source=source)} for source, n in found.items()]
    return [*told, {"count": sum(found.values()), "url": asked.url("needs-list")}]


def _place_line(line, needs, asked, *, parents):
    where = {"kecamatan": line.key} if parents else {"kelurahan": line.key}
    name = "needs" if parents else "needs-list"
    return {
        "label": line.label,
        "url": asked.url(name, **where),
        "cells": [
            {
                "count": line.cells[need.key].total if need.key in line.cells else 0,
                "url": asked.url("needs-list", need=need.key, **where),
            }
            for need in needs
        ],
        "total": {"count": line.sum.total, "url": asked.url("needs-list", **where)},
    }


def _bar(request, asked):
    there = reach(request.user, READ)
    regions = Region.objects.kelurahan().select_related("parent").order_by("name", "code")
    if not there.everywhere:
        regions = regions.filter(pk__in=there.kelurahan)
    regions = list(regions)
    kecamatan = sorted({r.parent for r in regions}, key=lambda r: r.name)
    get = request.GET
    return {
        "need": Need.choices,
        "kecamatan": kecamatan if len(kecamatan) > 1 else (),
        "kelurahan": regions if len(regions) > 1 else (),
        "on": {name: get.getlist(name) for name in ("need", "kecamatan", "kelurahan")},
        "since": get.get("since", ""),
        "until": get.get("until", ""),
        "open": get.get("open", ""),
    }


# ---- the list behind a number ------------------------------------------------------------------------


@requires(READ)
@require_safe
def needs_list(request):
    """The rows behind a number, one source at a time; the tabs' counts add up to the sum."""
    asked = Asked(request)
    counts = {source: asked.needs.rows(source).count() if asked.valid else 0 for source in SOURCES}
    wanted = request.GET.get("source")
    source = wanted if wanted in SOURCES else next((s for s in SOURCES if counts[s]), REPORTS)
    page = None
    if asked.valid:
        page = KeysetPage(request, _joined(asked.needs.rows(source), source), ORDER[source], 25)
    return render(
        request,
        "programs/visits/needs_list.html",
        {
            "form": asked.form,
            "page": page,
            "rows": [_told(row, source) for row in page.rows] if page else [],
            "tabs": [
                {
                    "label": SOURCE_WORDS[s],
                    "count": number(counts[s]),
                    "url": asked.url("needs-list", source=s),
                    "on": s == source,
                }
                for s in SOURCES
            ],
            "total": number(sum(counts.values())),
            "definition": DEFINITIONS[source],
            "words": asked.words() if asked.valid else [],
            "back_url": asked.url("needs"),
            "now": timezone.now(),
        },
    )


def _joined(rows, source):
    rows = rows.select_related("kelurahan__parent", "business")
    if source == FOLLOW_UPS:
        return rows.select_related("organisation", "visit").defer("evidence")
    return rows.defer("answer") if source == PROPOSALS else rows.defer("answer", "note")


def _told(row, source):
    """A row of any source for one table."""
    if source == REPORTS:
        on, what = timezone.localdate(row.told_at), row.name
    elif source == FOLLOW_UPS:
        on, what = timezone.localdate(row.opened_at), row.business.name if row.business_id else row.visit.name
    else:
        on, what = row.held_on, row.business.name if row.business_id else row.get_forum_display()
    text = {REPORTS: "", FOLLOW_UPS: getattr(row, "problem", ""), PROPOSALS: getattr(row, "text", "")}[source]
    return {
        "title": what,
        "url": row.get_absolute_url(),
        "text": text,
        "need": row.get_need_display(),
        "place": row.kelurahan.place,
        "rw": row.rw if source != FOLLOW_UPS else row.visit.rw,
        "on": on,
        "state": row.get_state_display(),
    }


# ---- to take away --------------------------------------------------------------------------------------


@requires(READ)
@require_safe
def needs_export(request):
    """The counts by kelurahan and need as a workbook; no row of it is about one person or business."""
    asked = Asked(request)
    if not asked.valid:
        messages.error(request, next(iter(asked.form.errors.values()))[0])
        return redirect(asked.url("needs"))
    counted = asked.needs.counted()
    regions, names = regions_of(counted), dict(Need.choices)
    ordered = sorted(
        counted.items(),
        key=lambda item: (regions[item[0][0]].parent.name, regions[item[0][0]].name, str(names[item[0][1]])),
    )
    now = timezone.localtime()
    content = to_xlsx(
        [
            (_("Kecamatan"), 20, "text"),
            (_("Kelurahan"), 22, "text"),
            (_("Kebutuhan"), 22, "text"),
            *((str(SOURCE_WORDS[source]), 18, "number") for source in SOURCES),
            (_("Jumlah"), 12, "number"),
        ],
        (
            (
                regions[kelurahan].parent.name, regions[kelurahan].name, str(names[need]), tally.reports,
                tally.follow_ups, tally.proposals, tally.total,
            )
            for (kelurahan, need), tally in ordered
        ),
        sheet=_("Kebutuhan"),
        heading=[
            _("Kebutuhan usaha menurut tempat, Kota Malang"),
            "; ".join(asked.words()) or _("Semua kebutuhan di wilayah saya"),
            _("%(count)s kebutuhan, per %(now)s")
            % {"count": number(sum(t.total for t in counted.values())), "now": moment(now)},
            *(f"{SOURCE_WORDS[source]}: {DEFINITIONS[source]}" for source in SOURCES),
        ],
    )  # fmt: skip
    return download(content, f"kebutuhan-{now:%Y%m%d-%H%M}.xlsx")
