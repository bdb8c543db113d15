""" "Setujui bersama": what of the filtered queue nothing warns of, approved after a look at a sample."""

from collections import Counter

from django.contrib import messages
from django.core import signing
from django.db.models import Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import requires
from registry.submissions.checks import checks_of
from registry.submissions.display import conflicts_of, display_many, with_business
from registry.submissions.many import approve_many
from registry.submissions.models import Submission, SubmissionEditor
from registry.submissions.queue import DECIDE, filtered_queue, kept_query, told_count
from registry.submissions.wording import why_left

AT_ONCE = 200  # more at once would be approving without looking
SAMPLE = 10
SALT = "setujui-bersama"
FRESH = 2 * 60 * 60  # seconds for which a look at the sample counts
RESULT = "together-result"  # in the session, for the page after
LISTED = 50
ALONE = (Submission.Kind.MOVE, Submission.Kind.CLOSE)  # another kelurahan answers; it leaves the directory


def sort_out(submissions, user):
    """({those that may be approved together}, [(submission, code) of the others]), in a fixed number of
    queries: no warning, no conflict, nothing of one's own, and none that is decided ALONE."""
    pks = [s.pk for s in submissions]
    edited = set(
        SubmissionEditor.objects.filter(submission__in=pks, user=user).values_list("submission", flat=True)
    )
    conflicts = conflicts_of(submissions)
    found = checks_of(submissions, user)
    clean, left = [], []
    for submission in submissions:
        code = submission.obstacle_to_decide(user, edited=submission.pk in edited)
        if not code and submission.kind in ALONE:
            code = submission.kind
        if not code and submission.pk in conflicts:
            code = "conflict"
        if not code and any(check.icon == "warn" for check in found[submission.pk]):
            code = "warning"
        if code:
            left.append((submission, code))
        else:
            clean.append(submission)
    return clean, left


def sample_of(rows, size=SAMPLE):
    """`size` of `rows`, spread evenly from the first to the last."""
    if len(rows) <= size:
        return rows
    return [rows[round(i * (len(rows) - 1) / (size - 1))] for i in range(size)]


def _mark(submissions):
    """What the reviewer was shown, signed: which rows, and when each was sent."""
    return signing.dumps([[s.pk, s.submitted_at.isoformat()] for s in submissions], salt=SALT, compress=True)


def _reasons(left):
    """[(sentence, how many, [submissions])] of what was left, most first."""
    counts, rows = Counter(), {}
    for submission, code in left:
        text = why_left(code)
        counts[text] += 1
        rows.setdefault(text, []).append(submission)
    return [(text, n, rows[text][:LISTED]) for text, n in counts.most_common()]


@requires(DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def submission_together(request):
    """What of the filtered queue can be approved together, with a sample; then the approving."""
    if request.method == "POST" and request.POST.get("seen"):
        return _approve(request)
    _filterset, rows, problems = filtered_queue(request)
    looked = list(with_business(rows).order_by("submitted_at", "pk")[:AT_ONCE])
    clean, left = sort_out(looked, request.user)
    count, count_text = told_count(rows)
    query = kept_query(request)
    return render(
        request,
        "registry/submissions/together.html",
        {
            "count_text": count_text,
            "looked": len(looked),
            "beyond": count > len(looked),
            "at_once": AT_ONCE,
            "clean": len(clean),
            "left": _reasons(left),
            "left_count": len(left),
            "sample": [
                {"submission": d.submission, "display": d, "is_new": d.submission.kind == "register"}
                for d in display_many(sample_of(clean), request.user)
            ],
            "mark": _mark(clean),
            "unseen": request.method == "POST",
            "queue_url": reverse("submission-queue") + (f"?{query}" if query else ""),
            "filters": _filterset.words(),
            "query": query,
            "problems": problems,
        },
        status=400 if request.method == "POST" else 200,
    )


def _approve(request):
    try:
        shown = dict(signing.loads(request.POST.get("mark", ""), salt=SALT, max_age=FRESH))
    except signing.BadSignature:
        messages.error(request, _("Sampel ini sudah terlalu lama. Lihat lagi, lalu setujui."))
        return redirect(request.get_full_path())
    user = request.user
    rows = list(
        with_business(Submission.objects.visible_to(user)).filter(pk__in=shown).order_by("submitted_at", "pk")
    )
    same, left = [], []
    for row in rows:
        there = row.submitted_at and row.submitted_at.isoformat() == shown[row.pk]
        same.append(row) if there else left.append((row, "changed-meanwhile"))
    clean, unclean = sort_out(same, user)
    done = approve_many(clean, by=user)
    left += unclean + [(getattr(s, "pk", s), code) for s, code in done["left"]]
    request.session[RESULT] = {
        "approved": done["approved"],
        "left": [[getattr(s, "pk", s), code] for s, code in left],
        "query": kept_query(request),
    }
    return redirect("submission-together-done")


@requires(DECIDE)
@require_safe
def submission_together_done(request):
    """How many were approved together, and what was left in the queue and why."""
    result = request.session.get(RESULT)
    if result is None:
        return redirect("submission-queue")
    codes = dict(map(tuple, result["left"]))
    rows = Submission.objects.visible_to(request.user).filter(Q(pk__in=list(codes)))
    left = [(row, codes[row.pk]) for row in rows.only("pk", "uuid", "title", "kind").order_by("pk")]
    query = result["query"]
    return render(
        request,
        "registry/submissions/together_done.html",
        {
            "approved": result["approved"],
            "left": _reasons(left),
            "left_count": len(codes),
            "queue_url": reverse("submission-queue") + (f"?{query}" if query else ""),
            "again_url": reverse("submission-together") + (f"?{query}" if query else ""),
        },
    )
