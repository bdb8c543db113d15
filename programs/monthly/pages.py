"""The page of one monthly report, and the lists behind its figures."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.access import requires
from accounts.models import AuditEntry
from programs.monthly import figures, months, moved
from programs.monthly.definitions import FIGURES, SOURCE_OF, SOURCES
from programs.monthly.editions import VIEW
from programs.monthly.forms import CorrectForm, NoteForm, ReturnForm, SignForm
from programs.monthly.letter import FORMS, filename, month_name, rate_rows
from programs.monthly.models import MonthlyReport
from programs.monthly.shown import described
from registry.regions.access import reach
from registry.regions.models import Region
from umkm_portal.lib.formats import number
from umkm_portal.lib.paging import KeysetPage, capped_count
from umkm_portal.lib.tables import download

ACTS = {
    "monthly-report.begun": lazy("Mulai disusun"),
    "monthly-report.written": lazy("Catatan ditulis"),
    "monthly-report.submitted": lazy("Diteruskan kepada lurah"),
    "monthly-report.returned": lazy("Dikembalikan lurah"),
    "monthly-report.approved": lazy("Disetujui dan dikirim"),
    "monthly-report.received": lazy("Diterima Diskopindag"),
    "monthly-report.corrected": lazy("Koreksi disusun"),
    "monthly-report.reminded": lazy("Diingatkan: lewat tenggat"),
    "monthly-report.taken": lazy("Diunduh"),
}
# state -> (key of the pill, which the words of the state replace)
PILLS = {
    None: "draft",
    "draft": "draft",
    "submitted": "submitted",
    "returned": "returned",
    "sent": "approved",
    "received": "approved",
}


def behind_url(region, month, key):
    return reverse("monthly-behind", args=[region.code, f"{month:%Y-%m}", key])


def figure_rows(source, region, month, counts, sent=None):
    """A source's figures for a table: parts only where there is something to tell."""
    rows = []
    for figure in source.figures:
        now, was = counts[figure.key], (sent or {}).get(figure.key)
        if figure.part_of and not now and not was:
            continue
        rows.append(
            {
                "label": figure.label,
                "definition": figure.definition,
                "part": bool(figure.part_of),
                "now": now,
                "sent": was,
                "change": _signed(now - was) if was is not None and was != now else "",
                "url": behind_url(region, month, figure.key),
            }
        )
    return rows


def _signed(value):
    return f"+{number(value)}" if value > 0 else f"−{number(-value)}"


def report_page(request, report, *, note=None, sign=None, back=None, mend=None):
    """The page; forms that did not go through come back with what was typed (status 400)."""
    user, now = request.user, timezone.now()
    counts = figures.count(report.kelurahan, report.month)
    sent = report.figures.get("counts", {}) if report.is_out else {}
    may = {act: report.may(act, user) for act in ("write", "approve", "receive", "correct")}
    superseded = report.is_superseded
    first, today = report.may_go_on(), timezone.localdate()
    typed = [form for form in (note, sign, back, mend) if form is not None]
    changed = figures.corrections(sent, counts)
    since = figures.corrections(report.handed_in, sent or counts)  # between handing in and signing, or now
    before = sent or (report.handed_in if since else {})
    return render(
        request,
        "programs/monthly/report.html",
        {
            "report": report,
            "pill": PILLS[report.state],
            "month_name": month_name(report.month),
            "now": now,
            "sources": [
                {
                    "title": source.title,
                    "rows": figure_rows(source, report.kelurahan, report.month, counts, before),
                }
                for source in SOURCES
            ],
            "rates": [
                {"label": label, "count": count, "percent": percent}
                for label, count, percent in rate_rows(sent or counts)
            ],
            "sent": sent,
            "before": before,
            "changed": moved.sentence(changed),
            "moved": moved.sentence(since),
            "seen": moved.carried(counts),
            "overtaken": note is not None and note.has_error("note", "report-changed"),
            "waits": _waits(report, counts) if not report.is_out else [],
            "may": may | {"correct": may["correct"] and not superseded},
            "own": may["approve"] and report.was_written_by(user),
            "first": first,
            "too_early": today < first,
            "due_on": report.due_on(),
            "late": not report.month_is_told and today > report.due_on(),
            "authors": report.authors(),
            "signer": report.signer() if report.is_out else None,
            "editions": list(
                MonthlyReport.objects.of(report.kelurahan, report.month).defer("note", "reason")
            ),
            "history": _history(report),
            "forms": list(FORMS),
            "note": note or NoteForm(initial={"note": report.note}),
            "sign": sign or SignForm(),
            "back": back or ReturnForm(),
            "mend": mend or CorrectForm(),
            "typed": typed,
        },
        status=400 if typed else 200,
    )


def _waits(report, counts):
    """What somebody may still do before the report is sent."""
    region, month = report.kelurahan, report.month
    stale = counts["businesses"] - counts["confirmed"]
    businesses = f"{reverse('business-list')}?kelurahan={region.code}&confirmed=stale"
    waiting = [
        ("requests-state-new", _("laporan belum dijadwalkan")),
        ("followups-overdue", _("tindak lanjut lewat tenggat")),
    ]
    found = [(counts[key], label, behind_url(region, month, key)) for key, label in waiting]
    found.append((stale, _("usaha belum dipastikan 180 hari terakhir"), businesses))
    return [{"count": count, "label": label, "url": url} for count, label, url in found if count]


def _history(report):
    lines = AuditEntry.objects.filter(target_type=report._meta.model_name, target_id=str(report.pk))
    return [
        {
            "title": ACTS.get(line.act, line.act),
            "text": line.detail.get("reason", ""),
            "by": line.recorded_by or _("Pengingat otomatis"),
            "at": line.recorded_at,
        }
        for line in lines.select_related("recorded_by").order_by("-pk")[:60]
    ]


@requires(VIEW)
@require_safe
def monthly_report(request, uuid):
    rows = MonthlyReport.objects.visible_to(request.user).select_related(
        "kelurahan__parent__parent", "submitted_by", "approved_by", "received_by"
    )
    return report_page(request, get_object_or_404(rows, uuid=uuid))


@requires(VIEW)
@require_safe
def monthly_document(request, uuid, form):
    """The report on paper: pdf, docx or xlsx."""
    rows = MonthlyReport.objects.visible_to(request.user).select_related(
        "kelurahan__parent__parent", "approved_by"
    )
    report = get_object_or_404(rows, uuid=uuid)
    if form not in FORMS:
        raise Http404
    content_type, make = FORMS[form]
    content = make(report, figures.count(report.kelurahan, report.month), timezone.now())
    audit.record("monthly-report.taken", report, by=request.user, form=form)
    return download(content, filename(report, form), content_type)


@requires(VIEW)
@require_safe
def monthly_behind(request, code, month, figure):
    """The rows one figure counts, of a kelurahan, a kecamatan or the city, as far as one's reach goes."""
    first, source = months.parse(month), SOURCE_OF.get(figure)
    region = Region.objects.select_related("parent").filter(code=code[:13]).first()
    if first is None or source is None or region is None:
        raise Http404
    places = _places(request.user, region)
    if not places:
        raise Http404
    rows = figures.visible(figure, figures.behind(figure, places, first), request.user)
    shape = described(source.key)
    page = KeysetPage(request, shape.light(rows), shape.order, 50)
    count, more = capped_count(rows)
    back = MonthlyReport.objects.of(region, first).first() if region.level == "kelurahan" else None
    return render(
        request,
        "programs/monthly/behind.html",
        {
            "figure": FIGURES[figure],
            "source": source,
            "region": region,
            "month_name": month_name(first),
            "month": f"{first:%Y-%m}",
            "rows": [shape.row(row) for row in page.rows],
            "columns": shape.columns,
            "page": page,
            "count": number(count) + "+" * more,
            "back": back.get_absolute_url() if back else f"{reverse('monthly-list')}?bulan={first:%Y-%m}",
        },
    )


def _places(user, region):
    """The ids of the kelurahan within `region` whose reports `user` may read."""
    there = reach(user, VIEW)
    ids = Region.objects.kelurahan().within(region.code).values_list("pk", flat=True)
    return [pk for pk in ids if there.covers(pk)]
