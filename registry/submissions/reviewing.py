"""Pages of those who decide: the queue, and one submission side by side with what is recorded."""

from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import requires
from accounts.models import AuditEntry
from registry.regions.models import Region
from registry.submissions.ages import Ages
from registry.submissions.checks import checks
from registry.submissions.difference import label_of
from registry.submissions.display import display
from registry.submissions.filters import QueueFilter, stated
from registry.submissions.models import Submission
from registry.submissions.wording import (
    REJECT_REASONS,
    RETURN_REASONS,
    TARGET_WORKING_DAYS,
    timeline,
    why_not_decided,
)
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.formats import number
from umkm_portal.lib.paging import KeysetPage, capped_count
from umkm_portal.lib.text import clean_text

DECIDE = "registry.decide_submission"
BEFORE, AFTER = 4, 20  # neighbours of the open item in the queue beside it
HISTORY = 25
NOTE, CHOICE = "catatan:", "pilih:"


def _queue(request):
    """(filterset, waiting rows as the address asks, sentences about what in it was not understood)."""
    rows = Submission.objects.visible_to(request.user).waiting()
    filterset = QueueFilter(stated(request.GET), rows, request=request)
    problems = filterset.unread(("after", "before"))
    return filterset, filterset.qs if not filterset.errors else rows.none(), problems


def _kept(request):
    return urlencode(
        [(k, v) for k, vs in request.GET.lists() for v in vs if v and k not in ("after", "before")]
    )


def _row(submission, ages, user, query=""):
    return {
        "submission": submission,
        "age": ages.of(submission),
        "overdue": ages.is_overdue(submission),
        "place": (submission.kelurahan_next or submission.kelurahan_now),
        "own": submission.proposed_by_id == user.pk or submission.submitted_by_id == user.pk,
        "url": submission.review_url + (f"?{query}" if query else ""),
    }


def _bar(request, filterset):
    """The queue's filter bar: what can be chosen and what is."""
    data, there = filterset.data, Submission.objects.visible_to(request.user).waiting()
    used = set(there.values_list("kelurahan_next", flat=True).distinct()) | set(
        there.values_list("kelurahan_now", flat=True).distinct()
    )
    places = Region.objects.kelurahan().filter(pk__in=used - {None}).order_by("name")
    return {
        "kelurahan": list(places),
        "kelurahan_on": data.getlist("kelurahan"),
        "kinds": Submission.Kind.choices,
        "kinds_on": data.getlist("kind"),
        "overdue": data.get("overdue", ""),
    }


@requires(DECIDE)
@require_safe
def submission_queue(request):
    """What waits for a decision, the longest waiting first."""
    filterset, rows, problems = _queue(request)
    ages, query = Ages(), _kept(request)
    page = KeysetPage(request, rows.for_list(), "submitted_at", 25)
    if page.bad_cursor:
        problems.append(_("Halaman lanjutan di alamat ini tidak dikenali, jadi antrean mulai dari awal."))
    count, more = capped_count(rows)
    late, late_more = capped_count(rows.filter(submitted_at__lt=ages.overdue_before()))
    return render(
        request,
        "registry/submissions/queue.html",
        {
            "rows": [_row(s, ages, request.user, query) for s in page.rows],
            "page": page,
            "count": count,
            "count_text": number(count) + "+" * more,
            "late": late,
            "late_text": number(late) + "+" * late_more,
            "target": TARGET_WORKING_DAYS,
            "bar": _bar(request, filterset),
            "chips": filterset.chips(),
            "problems": problems,
        },
    )


def _neighbours(rows, submission):
    """(those before, those after) in the queue: oldest first, the row itself left out."""
    at, pk = submission.submitted_at, submission.pk
    if at is None:
        return [], list(rows.order_by("submitted_at", "pk")[: AFTER + 1])
    earlier = rows.filter(Q(submitted_at__lt=at) | Q(submitted_at=at, pk__lt=pk))
    later = rows.filter(Q(submitted_at__gt=at) | Q(submitted_at=at, pk__gt=pk))
    before = list(earlier.order_by("-submitted_at", "-pk")[:BEFORE])
    return before[::-1], list(later.order_by("submitted_at", "pk")[:AFTER])


@requires(DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def submission_review(request, uuid):
    """One submission beside what is recorded, with what speaks for and against it; decide, then the next."""
    submission = get_object_or_404(
        Submission.objects.visible_to(request.user).select_related(
            "business__kelurahan__parent",
            "business__kbli",
            "business__subsector",
            "kelurahan_now__parent",
            "kelurahan_next__parent",
            "proposed_by",
            "submitted_by",
            "decided_by",
        ),
        uuid=uuid,
    )
    _filterset, rows, problems = _queue(request)
    before, after = _neighbours(rows.for_list(), submission)
    query = _kept(request)
    typed, error, error_fields = {}, "", {}
    if request.method == "POST":
        try:
            said = _decide(request, submission)
        except Refused as refused:
            if refused.code == "not-found":
                raise Http404 from refused
            submission.refresh_from_db()
            error, error_fields, typed = refused.message, refused.fields, request.POST
        else:
            messages.success(request, said)
            following = (
                after[0] if after else rows.exclude(pk=submission.pk).order_by("submitted_at", "pk").first()
            )
            address = following.review_url if following else reverse("submission-queue")
            return redirect(f"{address}?{query}" if query else address)
    return _review_page(request, submission, rows, before, after, problems, typed, error, error_fields)


def _decide(request, submission):
    """Do what the button said. Returns the sentence to show; raises Refused."""
    post, by = request.POST, request.user
    title = submission.title or _("tanpa nama")
    act = post.get("act")
    if act == "approve":
        chosen = {n.removeprefix(CHOICE): c for n, c in post.items() if n.startswith(CHOICE)}
        chosen = {n: c for n, c in chosen.items() if n in submission.conflicts()}
        submission.approve(
            by=by,
            keep=[n for n, choice in chosen.items() if choice == "keep"],
            take=[n for n, choice in chosen.items() if choice == "take"],
        )
        return _("Disetujui: %s.") % title
    if act == "return":
        notes = {name.removeprefix(NOTE): text for name, text in post.items() if name.startswith(NOTE)}
        submission.return_for_changes(by=by, notes=notes, reason=_reason(post, "return"))
        return _("Diminta diperbaiki: %s. Pengirim membaca catatan Anda.") % title
    if act == "reject":
        submission.reject(by=by, reason=_reason(post, "reject"))
        return _("Ditolak: %s. Pengirim membaca alasannya.") % title
    raise Refused("act-unknown", _("Tombol ini tidak dikenal. Muat ulang halaman."))


def _reason(post, act):
    picked = [clean_text(text)[:300] for text in post.getlist(f"{act}-template")[:10]]
    return "\n".join(filter(None, [*picked, clean_text(post.get(f"{act}-reason", ""))]))


def _review_page(request, submission, rows, before, after, problems, typed, error, error_fields):
    user, ages, query = request.user, Ages(), _kept(request)
    shown = display(submission, user, with_unchanged=True)
    for row in shown.rows:
        row.told, row.chosen = typed.get(NOTE + row.key, ""), typed.get(CHOICE + row.key, "")
    position = None
    if submission.status == Submission.Status.SUBMITTED:
        at, pk = submission.submitted_at, submission.pk
        ahead, more = capped_count(rows.filter(Q(submitted_at__lt=at) | Q(submitted_at=at, pk__lt=pk)))
        position = None if more else ahead + 1
    count, more = capped_count(rows)
    about = AuditEntry.objects.filter(about=submission.business_uuid).select_related("recorded_by")
    entries = list(about.order_by("-pk")[:HISTORY])
    is_listed = submission.status == Submission.Status.SUBMITTED and submission.batch_id is None
    listed = [*before, *([submission] if is_listed else []), *after]
    return render(
        request,
        "registry/submissions/review.html",
        {
            "submission": submission,
            "display": shown,
            "is_new": submission.kind == Submission.Kind.REGISTER,
            "checks": checks(submission, user),
            "timeline": timeline(entries, _addresses(entries, user, submission)),
            "notes": [(label_of(k, submission.items), t) for k, t in (submission.notes or {}).items()],
            "age": ages.of(submission),
            "overdue": ages.is_overdue(submission),
            "target": TARGET_WORKING_DAYS,
            "queue": [_row(s, ages, user, query) for s in listed],
            "count_text": number(count) + "+" * more,
            "position": position,
            "previous_url": _row(before[-1], ages, user, query)["url"] if before else "",
            "next_url": _row(after[0], ages, user, query)["url"] if after else "",
            "queue_url": reverse("submission-queue") + (f"?{query}" if query else ""),
            "may_decide": submission.may_decide(user),
            "obstacle": why_not_decided(submission, user),
            "return_reasons": _templates(RETURN_REASONS, typed, "return"),
            "reject_reasons": _templates(REJECT_REASONS, typed, "reject"),
            "typed": {
                "return_reason": typed.get("return-reason", ""),
                "reject_reason": typed.get("reject-reason", ""),
                "act": typed.get("act", ""),
            },
            "error": error,
            "error_fields": [
                (f"baris-{name.replace('.', '-')}", f"{label_of(name)}: {text}")
                for name, text in error_fields.items()
                if name != "reason"  # the message above already asks for it
            ],
            "problems": problems,
        },
    )


def _templates(reasons, typed, act):
    picked = set(typed.getlist(f"{act}-template")) if typed else set()
    return [{"text": str(text), "on": str(text) in picked} for text in reasons]


def _addresses(entries, user, submission):
    """{(target_type, target_id): page} of the other submissions the timeline speaks of."""
    ids = {e.target_id for e in entries if e.target_type == "submission"} - {str(submission.pk)}
    if not ids:
        return {}
    rows = Submission.objects.visible_to(user).filter(pk__in=ids).only("pk", "uuid")
    return {("submission", str(s.pk)): s.get_absolute_url() for s in rows}
