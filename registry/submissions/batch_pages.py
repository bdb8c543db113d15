"""A batch, many changes decided as one: what it changes and where, a sample, all rows, and the decision."""

from collections import Counter

from django.contrib import messages
from django.db.models import Count
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from registry.businesses import fields
from registry.regions.access import reach
from registry.regions.models import Region
from registry.sectors.models import Kbli, Subsector
from registry.submissions import tasks
from registry.submissions.batches import Batch
from registry.submissions.difference import Names, words
from registry.submissions.display import display_many, with_business
from registry.submissions.models import Submission
from registry.submissions.together import sample_of
from registry.submissions.wording import NEED_TO_KNOW
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.paging import KeysetPage

SEES = (
    "registry.decide_submission",
    "registry.decide_import",
    "registry.view_import",
    "registry.propose_submission",
)
SAMPLE = 5
PAGE = 25
SUMMED = 5000  # rows read for the summary; beyond that it says so
VALUES_SHOWN = 5
LABELS = 4  # names of changed fields in a row of the list
BUSY = (Batch.State.APPROVED, Batch.State.APPLYING)


def _visible(request, uuid):
    rows = Batch.objects.visible_to(request.user).select_related("proposed_by", "decided_by")
    return get_object_or_404(rows, uuid=uuid)


@requires(*SEES)
@require_http_methods(["GET", "HEAD", "POST"])
def batch_detail(request, uuid):
    """One batch: what changes, counts by kelurahan, a sample, every row; decide it or take it back."""
    batch = _visible(request, uuid)
    reason, error = "", None
    if request.method == "POST":
        try:
            messages.success(request, _act(request, batch))
            return redirect("batch-detail", batch.uuid)
        except Refused as refused:
            if refused.code == "not-found":
                raise Http404 from refused
            batch.refresh_from_db()
            reason, error = request.POST.get("reason", ""), refused
    elif request.headers.get("HX-Request"):
        return _progress(request, batch)
    return _page(request, batch, reason, error)


def _progress(request, batch):
    """The piece that asks again every two seconds; the whole page once there is nothing to wait for."""
    if batch.state not in BUSY:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {"batch": batch, "done": _done(batch)}
    return render(request, "registry/submissions/partials/batch_progress.html", context)


def _done(batch):
    return batch.submissions.exclude(status=Submission.Status.SUBMITTED).count()


def _act(request, batch):
    act, by = request.POST.get("act"), request.user
    if act == "approve" and batch.kind == Batch.Kind.BULK:
        tasks.approve(batch, by=by)
        if batch.state == Batch.State.APPLIED:
            return _("Disetujui dan diterapkan.")
        return _("Disetujui. Sedang diterapkan; halaman ini menunjukkan kemajuannya.")
    if act == "reject" and batch.kind == Batch.Kind.BULK:
        batch.reject(by=by, reason=request.POST.get("reason", ""))
        return _("Ditolak. Pengirim membaca alasannya; tidak ada usaha yang berubah.")
    if act == "withdraw":
        batch.withdraw(by=by)
        return _("Ditarik. Tidak ada usaha yang berubah.")
    raise Refused("act-unknown", _("Tombol ini tidak dikenal. Muat ulang halaman."))


def _page(request, batch, reason, error):
    user = request.user
    rows = Submission.objects.visible_to(user).filter(batch=batch)
    page = KeysetPage(request, with_business(rows), "pk", PAGE)
    hidden = set() if reach(user, "registry.view_turnover").everywhere else NEED_TO_KNOW
    if batch.proposed_by_id == user.pk:
        hidden = set()
    upload = getattr(batch, "upload", None) if batch.kind == Batch.Kind.IMPORT else None
    first = not {"after", "before"} & set(request.GET)
    chosen = (
        sample_of(list(rows.order_by("pk").values_list("pk", flat=True)[:SUMMED]), SAMPLE) if first else []
    )
    sample = list(with_business(rows.filter(pk__in=chosen)).order_by("pk")) if chosen else []
    shown = display_many([*sample, *page.rows], user)
    return render(
        request,
        "registry/submissions/batch.html",
        {
            "batch": batch,
            "status": "applying" if batch.state in BUSY else batch.state,
            "upload": upload,
            "is_busy": batch.state in BUSY,
            "done": _done(batch) if batch.state in BUSY else 0,
            "summary": summary(rows, hidden) if first and batch.kind == Batch.Kind.BULK else [],
            "summed": SUMMED if batch.total > SUMMED else 0,
            "places": places(rows) if first else [],
            "sample": [
                {"submission": d.submission, "display": d, "is_new": d.submission.kind == "register"}
                for d in shown[: len(sample)]
            ],
            "first": first,
            "note": page.rows[0].note if batch.kind == Batch.Kind.BULK and page.rows else "",
            "page": page,
            "rows": [
                {
                    "submission": d.submission,
                    "place": d.submission.kelurahan_next or d.submission.kelurahan_now,
                    "labels": ", ".join(row.label for row in d.rows[:LABELS]),
                    "more": max(len(d.rows) - LABELS, 0),
                }
                for d in shown[len(sample) :]
            ],
            "may_decide": batch.may_decide(user) and batch.kind == Batch.Kind.BULK,
            "decides_upload": batch.may_decide(user) and upload is not None,
            "own": batch.proposed_by_id == user.pk and batch.state == Batch.State.SUBMITTED,
            "reason": reason,
            "error": error.message if error else "",
            "asks_reason": bool(error and "reason" in error.fields),
        },
        status=400 if error else 200,
    )


def places(rows):
    """[(kelurahan or None, how many)] of a batch, most first."""
    found = (
        rows.order_by()
        .annotate(place=Coalesce("kelurahan_next", "kelurahan_now"))
        .values_list("place")
        .annotate(n=Count("pk"))
        .order_by("-n", "place")
    )
    counts = list(found)
    names = Region.objects.in_bulk([pk for pk, _n in counts if pk])
    return [(names.get(pk), n) for pk, n in counts]


def summary(rows, hidden=()):
    """What a bulk change does: [{"label", "after": [(words, n)], "before": [(words, n)]}] by field.

    Reads at most SUMMED rows; `hidden` fields are named without their values.
    """
    after, before = {}, {}
    for values in rows.order_by("pk").values_list("values", flat=True)[:SUMMED]:
        for name, (old, new) in values.items():
            after.setdefault(name, Counter())[_mark(new)] += 1
            before.setdefault(name, Counter())[_mark(old)] += 1
    names = _names(after, before)
    found = []
    for name, spec in fields.BUSINESS.items():
        if name not in after:
            continue
        if name in hidden:
            found.append({"label": str(spec.label), "count": after[name].total(), "hidden": True})
            continue
        found.append(
            {
                "label": str(spec.label),
                "count": after[name].total(),
                "after": _told(after[name], spec, names),
                "before": _told(before[name], spec, names),
                "more": max(len(after[name]), len(before[name])) > VALUES_SHOWN,
            }
        )
    return found


def _mark(value):
    return tuple(value) if isinstance(value, list) else value


def _told(counter, spec, names):
    def said(value):
        value = list(value) if isinstance(value, tuple) else value
        return words(spec, value, names) or _("kosong")

    return [(said(value), n) for value, n in counter.most_common(VALUES_SHOWN)]


def _names(*counters):
    """The names behind the codes that a summary shows."""
    shown = {
        name: {v for c in counters for v, _n in c.get(name, Counter()).most_common(VALUES_SHOWN)}
        for name in counters[0]
    }
    codes = shown.get("kelurahan", set()) - {None}
    keys = shown.get("kbli", set()) - {None}
    regions = Region.objects.filter(code__in=codes).select_related("parent") if codes else ()
    kbli = Kbli.objects.filter(code__in={k.split(":")[1] for k in keys}) if keys else ()
    slugs = {"subsector", "other_subsectors"} & set(shown)
    return Names(
        regions={r.code: r.place for r in regions},
        kbli={k.key: k.title for k in kbli},
        subsectors=dict(Subsector.objects.values_list("slug", "name")) if slugs else {},
    )
