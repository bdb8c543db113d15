"""The monthly reports of one's reach: the officer's and lurah's own months, and everybody's in one month."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.access import requires
from programs.monthly import figures, months
from programs.monthly.definitions import FIGURES, SOURCES
from programs.monthly.editions import APPROVE, RECEIVE, VIEW, WRITE
from programs.monthly.letter import month_name, percent_words
from programs.monthly.models import MONTHS_BACK, MonthlyReport
from programs.monthly.pages import PILLS, behind_url
from programs.monthly.recap import kelurahan_of, recap_of, standing, state_words
from programs.monthly.reminding import reminders
from registry.regions.access import reach
from registry.regions.models import Holiday, Region
from umkm_portal.lib.formats import day, moment, number
from umkm_portal.lib.paging import KeysetPage, capped_count
from umkm_portal.lib.tables import download, to_xlsx

MONTHS_SHOWN = 6  # of them all; older ones where they were written
# The columns of the table of a month: figure, short head, whether it is left out on a tablet.
COLUMNS = (
    ("requests", lazy("Perlu didatangi"), False),
    ("visits", lazy("Kunjungan"), False),
    ("followups-overdue", lazy("Lewat tenggat"), True),
    ("checks", lazy("Masih aktif?"), True),
    ("businesses", lazy("Usaha"), True),
)


def own_kelurahan(user):
    """The ids of the kelurahan whose reports `user` writes or signs; a city role's are none."""
    found = set()
    for permission in (WRITE, APPROVE):
        there = reach(user, permission)
        found |= set() if there.everywhere else set(there.kelurahan)
    return found


@requires(VIEW)
@require_safe
def monthly_list(request):
    """One's own months; everybody's with ?bulan=, and straight away for who only reads."""
    own = own_kelurahan(request.user)
    if request.GET.get("lihat") == "terkirim" and request.user.has_perm(RECEIVE):
        return _to_receive(request)
    if own and "bulan" not in request.GET:
        return _own(request, own)
    return _table(request)


def _own(request, own):
    """The last months of each kelurahan, with what is next; older ones where there is a report."""
    today = timezone.localdate()
    this = months.first_of(today)
    wanted = [this]
    while len(wanted) <= MONTHS_BACK:
        wanted.append(months.month_before(wanted[-1]))
    reports = (
        MonthlyReport.objects.visible_to(request.user)
        .filter(kelurahan__in=own, month__gte=wanted[-1])
        .order_by("edition")
    )
    begun = {}
    for row in reports.for_list().defer("note", "reason", "correction", "figures"):
        begun.setdefault((row.kelurahan_id, row.month), []).append(row)
    holidays = Holiday.set_between(wanted[-1], months.next_month(months.next_month(this)))
    due = {month: months.due_on(month, holidays) for month in wanted}
    writes = reach(request.user, WRITE)
    places = Region.objects.filter(pk__in=own).select_related("parent").order_by("code")
    return render(
        request,
        "programs/monthly/own.html",
        {
            "places": [
                {
                    "region": region,
                    "rows": [
                        _month_row(region, month, begun.get((region.pk, month), ()), due[month], today)
                        for month in wanted
                        if month in wanted[:MONTHS_SHOWN] or (region.pk, month) in begun
                    ],
                    "writes": writes.covers(region.pk),
                }
                for region in places
            ],
            "reminders": reminders(request.user, today),
            "reads_more": len(kelurahan_of(request.user)) > len(own),
            "month": f"{this:%Y-%m}",
        },
    )


def _month_row(region, month, editions, due, today):
    report, mending = standing(editions)
    unsent = report is None or not report.is_out
    return {
        "month": month,
        "key": f"{month:%Y-%m}",
        "anchor": f"{region.code}-{month:%Y-%m}",
        "name": month_name(month),
        "report": report,
        "mending": mending,
        "pill": PILLS[report.state if report else None],
        "words": report.get_state_display() if report else _("Belum disusun"),
        "due": due,
        "late": unsent and today > due and (report is not None or month == months.month_before(today)),
        "runs": month == months.first_of(today),
    }


def _asked(request):
    """The month of the address; last month where it names none. Raises Http404 for one that is none."""
    this = months.first_of(timezone.localdate())
    month = months.parse(request.GET["bulan"]) if request.GET.get("bulan") else months.month_before(this)
    if month is None or month > this:
        raise Http404
    return month


def _month_choices(asked):
    month, found = months.first_of(timezone.localdate()), []
    while len(found) <= MONTHS_BACK:
        found.append(month)
        month = months.month_before(month)
    if asked not in found:
        found.append(asked)
    return [{"value": f"{m:%Y-%m}", "label": month_name(m), "on": m == asked} for m in found]


def _table(request):
    month = _asked(request)
    recap = recap_of(request.user, month)
    late = [line for line in recap.lines if line.late]
    only_late = request.GET.get("terlambat") == "ya"
    groups = [
        {
            "head": _cells(head, month),
            "lines": [_cells(line, month) for line in lines if line.late or not only_late],
        }
        for head, lines in recap.groups
    ]
    return render(
        request,
        "programs/monthly/table.html",
        {
            "recap": recap,
            "month": f"{month:%Y-%m}",
            "month_name": month_name(month),
            "months": _month_choices(month),
            "groups": [group for group in groups if group["lines"]],
            "whole": _cells(recap.whole, month) if recap.lines else None,
            "columns": [
                {"label": label, "less": less, "definition": FIGURES[key].definition}
                for key, label, less in COLUMNS
            ],
            "late": len(late),
            "only_late": only_late,
            "sent": recap.whole.sent,
            "of": recap.whole.of,
            "several": len(recap.groups) > 1,
            "receives": _receives(request.user),
            "own": bool(own_kelurahan(request.user)),
        },
    )


def _cells(line, month):
    """A line as the template prints it."""
    single = line.of == 1 and line.region.level == "kelurahan"
    return {
        "region": line.region,
        "report": line.report,
        "mending": line.mending,
        "pill": PILLS[line.report.state if line.report else None],
        "words": state_words(line) if single else "",
        "late": line.late,
        "corrected": line.corrected,
        "sent": line.sent,
        "of": line.of,
        "numbers": [
            {
                "value": line.counts[key],
                "url": behind_url(line.region, month, key),
                "less": less,
                "bad": key == "followups-overdue" and line.counts[key] > 0,
            }
            for key, _label, less in COLUMNS
        ],
        "rates": [
            {"words": percent_words(value), "url": behind_url(line.region, month, key)}
            for value, key in zip(line.rates, ("confirmed", "seen", "seen-ever"), strict=True)
        ],
    }


def _receives(user):
    """How many sent reports wait to be received, capped; None for who receives none."""
    if not user.has_perm(RECEIVE):
        return None
    count, more = capped_count(MonthlyReport.objects.to_receive(user))
    return number(count) + "+" * more


def _to_receive(request):
    rows = MonthlyReport.objects.to_receive(request.user).for_list().select_related("approved_by")
    page = KeysetPage(request, rows, "month", 50)
    return render(
        request,
        "programs/monthly/to_receive.html",
        {
            "rows": [{"report": row, "name": month_name(row.month)} for row in page.rows],
            "page": page,
            "receives": _receives(request.user),
            "month": f"{months.month_before(months.first_of(timezone.localdate())):%Y-%m}",
        },
    )


@requires(VIEW)
@require_safe
def monthly_export(request):
    """The month's table as a workbook: every figure of every kelurahan, kecamatan and the city."""
    month = _asked(request)
    recap = recap_of(request.user, month)
    columns = [
        (_("Wilayah"), 24, "text"),
        (_("Kecamatan"), 18, "text"),
        (_("Status"), 18, "text"),
        (_("Dikirim"), 18, "date"),
        (_("Nomor surat"), 28, "text"),
        (_("Angkanya"), 18, "text"),
        (_("Berubah sejak dikirim"), 12, "number"),
        (_("Kesegaran (%)"), 12, "number"),
        (_("Cakupan bulan ini (%)"), 12, "number"),
        (_("Cakupan selama ini (%)"), 12, "number"),
    ]
    for source in SOURCES:
        columns += [(f"{source.title}: {figure.label}", 14, "number") for figure in source.figures]
    lines = [_export_row(line) for head, rows in recap.groups for line in (*rows, head)]
    lines += [_export_row(recap.whole)] if len(recap.groups) > 1 else []
    heading = [
        _("Rekap laporan bulanan kelurahan, %(month)s") % {"month": month_name(month)},
        _("%(sent)s dari %(of)s kelurahan sudah mengirim; tenggat %(due)s.")
        % {"sent": recap.whole.sent, "of": recap.whole.of, "due": day(recap.due_on)},
        _("Kesegaran: dipastikan aktif dalam 180 hari. Cakupan: dilihat. Bagian dari usaha terdata."),
        _("Yang sudah dikirim: angka seperti di suratnya. Yang belum: dihitung per %(at)s.")
        % {"at": moment(recap.at)},
        _("Berubah sejak dikirim: sekian angka berbeda bila dihitung sekarang; lihat laporannya."),
    ]
    audit.record("monthly-report.recap-taken", request.user, by=request.user, month=f"{month:%Y-%m}")
    return download(
        to_xlsx(columns, lines, sheet=_("Rekap"), heading=heading), f"rekap-laporan-{month:%Y-%m}.xlsx"
    )


def _export_row(line):
    """A line as it was told: beside the number of a letter stand the figures of that letter."""
    single, report = line.region.level == "kelurahan", line.report
    out = report is not None and report.is_out
    state = state_words(line) if single else _("%(sent)d dari %(of)d terkirim") % vars(line)
    if single and line.late:
        state = f"{state} ({_('terlambat')})"
    if line.mending:
        state = f"{state} ({_('koreksi disusun')})"
    return (
        line.region.name if single else f"{_('Jumlah')} {line.region.name}",
        line.region.parent.name if single else "",
        state,
        timezone.localdate(report.approved_at) if out else None,
        report.letter_number if out else "",
        "" if not single else _("seperti dikirim") if out else _("dihitung sekarang"),
        len(figures.corrections(line.stated, line.counts)) if out else None,
        *line.stated_rates,
        *(line.stated[figure.key] for source in SOURCES for figure in source.figures),
    )
