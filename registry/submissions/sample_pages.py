"""The monthly sample: light corrections that a rule approved, read afterwards by a person."""

from datetime import date, datetime, timedelta

from django.contrib import messages
from django.db.models import Min
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from registry.submissions.display import display_many, with_business
from registry.submissions.models import LIGHT_CORRECTION, Submission
from registry.submissions.sampling import SAMPLE_SIZE, SampleCheck, draw
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.formats import moment
from umkm_portal.lib.tables import download, to_xlsx

CHECK = "registry.check_sample"
MONTHS_SHOWN = 24
COLUMNS = (
    (lazy("Usaha"), 32, "text"),
    (lazy("Kelurahan"), 20, "text"),
    (lazy("Isian"), 22, "text"),
    (lazy("Sebelum"), 36, "text"),
    (lazy("Sesudah"), 36, "text"),
    (lazy("Pengirim"), 24, "text"),
    (lazy("Berlaku"), 18, "date"),
    (lazy("Hasil"), 12, "text"),
    (lazy("Catatan"), 40, "text"),
    (lazy("Diperiksa oleh"), 24, "text"),
    (lazy("Diperiksa"), 18, "date"),
)


def last_month(today):
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


def months(today):
    """First days of the months that are over and had light corrections since the first, newest first."""
    first = Submission.objects.filter(decided_rule=LIGHT_CORRECTION).aggregate(at=Min("decided_at"))["at"]
    month, found = last_month(today), [last_month(today)]
    oldest = timezone.localtime(first).date().replace(day=1) if first else month
    while month > oldest and len(found) < MONTHS_SHOWN:
        month = last_month(month)
        found.append(month)
    return found


def _month(request):
    """The month the address asks for. Raises Http404 for one that is none, or is not over."""
    text = request.GET.get("bulan", "")
    if not text:
        return last_month(timezone.localdate())
    try:
        month = datetime.strptime(text, "%Y-%m").date()
    except ValueError as error:
        raise Http404 from error
    if not date(2020, 1, 1) <= month <= last_month(timezone.localdate()):
        raise Http404
    return month


def month_name(month):
    return date_format(month, "F Y")


def _rows(month, user):
    """The month's sample as the page shows it: each correction with its difference and what was found."""
    checks = list(draw(month))
    ids = [check.submission_id for check in checks]
    submissions = {s.pk: s for s in with_business(Submission.objects.visible_to(user)).filter(pk__in=ids)}
    checks = [check for check in checks if check.submission_id in submissions]
    shown = display_many([submissions[check.submission_id] for check in checks], user)
    reversed_ids = set(
        Submission.objects.filter(reverses__in=ids)
        .exclude(status__in=["rejected", "withdrawn"])
        .values_list("reverses", flat=True)
    )
    return [
        {
            "check": check,
            "submission": found.submission,
            "display": found,
            "place": found.submission.kelurahan_next or found.submission.kelurahan_now,
            "own": found.submission.proposed_by_id == user.pk,
            "reversed": check.submission_id in reversed_ids,
        }
        for check, found in zip(checks, shown, strict=True)
    ]


@requires(CHECK)
@require_safe
def sample(request):
    """The light corrections drawn for one month, with what each changed and what was found of it."""
    return _page(request, _month(request))


def _page(request, month, error=None, wrong=None):
    rows = _rows(month, request.user)
    checked = [row for row in rows if row["check"].verdict]
    for row in rows:
        row["error"] = error.message if error and row["submission"].uuid == wrong else ""
        row["note"] = request.POST.get("note", "") if row["error"] else ""
    return render(
        request,
        "registry/submissions/sample.html",
        {
            "month": month,
            "month_name": month_name(month),
            "query": f"bulan={month:%Y-%m}",
            "months": [
                {"value": f"{m:%Y-%m}", "label": month_name(m), "on": m == month}
                for m in months(timezone.localdate())
            ],
            "rows": rows,
            "drawn": len(rows),
            "checked": len(checked),
            "wrong": sum(row["check"].verdict == SampleCheck.Verdict.WRONG for row in checked),
            "size": SAMPLE_SIZE,
            "now": timezone.now(),
        },
        status=400 if error else 200,
    )


@requires(CHECK)
@require_POST
def sample_check(request, uuid):
    """Say of one drawn correction whether it was right."""
    check = get_object_or_404(
        SampleCheck.objects.filter(submission__in=Submission.objects.visible_to(request.user)),
        submission__uuid=uuid,
    )
    try:
        check.decide(
            verdict=request.POST.get("verdict", ""), note=request.POST.get("note", ""), by=request.user
        )
    except Refused as refused:
        if refused.code == "not-found":
            raise Http404 from refused
        if refused.code == "sample-checked":
            messages.warning(request, refused.message)
        else:
            return _page(request, check.month, refused, uuid)
    else:
        messages.success(request, _("Tercatat: %s.") % check.get_verdict_display().lower())
    query = QueryDict(mutable=True)
    query["bulan"] = f"{check.month:%Y-%m}"
    return redirect(f"{reverse('sample')}?{query.urlencode()}#k-{uuid}")


@requires(CHECK)
@require_safe
def sample_export(request):
    """The month's sample as a workbook, one line for each changed field."""
    month = _month(request)
    lines = []
    for row in _rows(month, request.user):
        check, submission = row["check"], row["submission"]
        for change in row["display"].rows:
            lines.append(
                (
                    submission.title,
                    row["place"].name if row["place"] else "",
                    change.label,
                    change.was,
                    change.plain,
                    submission.proposed_by.name if submission.proposed_by else "",
                    timezone.localtime(submission.decided_at).date(),
                    check.get_verdict_display(),
                    check.note,
                    check.checked_by.name if check.checked_by else "",
                    timezone.localtime(check.checked_at).date() if check.checked_at else None,
                )
            )
    heading = (
        _("Sampel koreksi ringan %s") % month_name(month),
        _("Koreksi ringan oleh staf kota yang disetujui aturan, ditarik acak paling banyak %d.")
        % SAMPLE_SIZE,
        _("Per %s") % moment(timezone.now()),
    )
    return download(
        to_xlsx(COLUMNS, lines, sheet="Sampel", heading=heading), f"sampel-koreksi-{month:%Y-%m}.xlsx"
    )
