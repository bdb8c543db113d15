"""The review page: one submission side by side with what is recorded; decide, then the next."""

import hashlib
import json

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from accounts.models import AuditEntry
from registry.submissions.ages import TARGET_WORKING_DAYS, Ages
from registry.submissions.checks import checks
from registry.submissions.difference import label_of, note_key
from registry.submissions.display import display, hidden_fields, mends_told, with_business
from registry.submissions.mend_inputs import mend_inputs, mends_in
from registry.submissions.models import Submission
from registry.submissions.queue import (
    DECIDE,
    DECIDE_LATE,
    UNREAD,
    filtered_queue,
    kept_query,
    row_shown,
    told_count,
)
from registry.submissions.wording import (
    MEND_REASONS,
    NOTE_REASONS,
    REJECT_REASONS,
    RETURN_REASONS,
    USUAL_NOTES,
    is_hidden,
    notes_told,
    timeline,
    who_was_first,
    why_not_decided,
)
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.paging import capped_count
from umkm_portal.lib.text import clean_text

BEFORE, AFTER = 4, 20  # neighbours of the open item in the queue beside it
HISTORY = 25
NOTE, PICKED, CHOICE = "catatan:", "catatan-pola:", "pilih:"
TOO_LATE = ("submission-decided", "submission-wrong-state")


def _neighbours(rows, submission):
    """(those before, those after) in the queue: oldest first, the row itself left out."""
    at, pk = submission.submitted_at, submission.pk
    if at is None:
        return [], list(rows.order_by("submitted_at", "pk")[: AFTER + 1])
    earlier = rows.filter(Q(submitted_at__lt=at) | Q(submitted_at=at, pk__lt=pk))
    later = rows.filter(Q(submitted_at__gt=at) | Q(submitted_at=at, pk__gt=pk))
    before = list(earlier.order_by("-submitted_at", "-pk")[:BEFORE])
    return before[::-1], list(later.order_by("submitted_at", "pk")[:AFTER])


def stamp(submission, conflicts):
    """A mark of what the reviewer has before them: it changes when the sender sends again, or when what is
    recorded today differs otherwise than it did."""
    seen = [submission.submitted_at, sorted(conflicts.items())]
    return hashlib.sha256(json.dumps(seen, default=str).encode()).hexdigest()[:16]


@requires(DECIDE, DECIDE_LATE)
@require_http_methods(["GET", "HEAD", "POST"])
def submission_review(request, uuid):
    """One submission beside what is recorded, with what speaks for and against it; decide, then the next."""
    visible = with_business(Submission.objects.visible_to(request.user))
    submission = get_object_or_404(visible.select_related("returned_by", "withdrawn_by"), uuid=uuid)
    ages = Ages()
    _filterset, rows, problems = filtered_queue(request, ages)
    before, after = _neighbours(rows.for_list().defer(*UNREAD), submission)
    found = {"rows": rows, "before": before, "after": after, "problems": problems, "ages": ages}
    if request.method != "POST":
        return _review_page(request, submission, found)
    try:
        messages.success(request, _decide(request, submission))
    except Refused as refused:
        if refused.code == "not-found":
            raise Http404 from refused
        submission = visible.select_related("returned_by", "withdrawn_by").get(pk=submission.pk)
        if refused.code not in TOO_LATE:
            return _review_page(request, submission, found, request.POST, refused)
        title = submission.title or _("tanpa nama")
        said = _("%(title)s: keputusan Anda tidak disimpan. %(who)s")
        messages.warning(request, said % {"title": title, "who": who_was_first(submission)})
    return redirect(_following(request, rows, after, submission))


def _following(request, rows, after, submission):
    query = kept_query(request)
    following = after[0] if after else rows.exclude(pk=submission.pk).order_by("submitted_at", "pk").first()
    address = following.review_url if following else reverse("submission-queue")
    return f"{address}?{query}" if query else address


# ---- deciding --------------------------------------------------------------------------------------------


def _decide(request, submission):
    """Do what the button said. Returns the sentence to show; raises Refused."""
    post, by = request.POST, request.user
    title = submission.title or _("tanpa nama")
    act = post.get("act")
    waits = submission.status == Submission.Status.SUBMITTED
    if waits and post.get("stamp") and post["stamp"] != stamp(submission, submission.conflicts()):
        raise Refused(
            "changed-meanwhile",
            _("Data ini berubah sejak Anda membukanya. Yang tampil sekarang yang terbaru; periksa lagi."),
        )
    if act == "approve":
        return _approve(post, by, submission, title)
    if act == "return":
        submission.return_for_changes(by=by, notes=_notes(post, by, submission), reason=_reason(post, act))
        return _("Diminta diperbaiki: %s. Pengirim membaca catatan Anda.") % title
    if act == "reject":
        submission.reject(by=by, reason=_reason(post, act))
        return _("Ditolak: %s. Pengirim membaca alasannya.") % title
    raise Refused("act-unknown", _("Tombol ini tidak dikenal. Muat ulang halaman."))


def _approve(post, by, submission, title):
    chosen = {n.removeprefix(CHOICE): c for n, c in post.items() if n.startswith(CHOICE)}
    conflicts = submission.conflicts() if chosen else {}
    chosen = {n: c for n, c in chosen.items() if n in conflicts}
    mends = mends_in(submission, hidden_fields(submission, by), post)
    submission.approve(
        by=by,
        keep=[n for n, choice in chosen.items() if choice == "keep"],
        take=[n for n, choice in chosen.items() if choice == "take"],
        mends=mends,
        reason=_reason(post, "mend") if mends or submission.needs_agreement() else "",
    )
    if submission.mends:
        return _("Disetujui dengan perbaikan: %s. Pengirim membaca yang Anda perbaiki.") % title
    return _("Disetujui: %s.") % title


def _notes(post, by, submission):
    """{key: note} on rows this reviewer sees: the sentences picked and what was written."""
    hidden = hidden_fields(submission, by)
    keys = {k for k in submission.values if not is_hidden(k, hidden)}
    keys |= {note_key(item["kind"], item["uuid"]) for item in submission.items}
    found = {}
    for key in keys:
        picked = [clean_text(text)[:300] for text in post.getlist(PICKED + key)[:10]]
        if text := " ".join(filter(None, [*picked, clean_text(post.get(NOTE + key, ""))])):
            found[key] = text
    return found


def _reason(post, act):
    picked = [clean_text(text)[:300] for text in post.getlist(f"{act}-template")[:10]]
    return "\n".join(filter(None, [*picked, clean_text(post.get(f"{act}-reason", ""))]))


# ---- the page --------------------------------------------------------------------------------------------


def _review_page(request, submission, found, typed=None, refused=None):
    user, ages, query = request.user, found["ages"], kept_query(request)
    before, after = found["before"], found["after"]
    shown = display(submission, user, with_unchanged=True)
    may_decide = submission.may_decide(user)
    if may_decide:
        _with_inputs(submission, shown, typed)
    needs_agreement = submission.status == "submitted" and submission.needs_agreement()
    may_without = needs_agreement and submission.agreement_may_be_missing()
    about = AuditEntry.objects.filter(about=submission.business_uuid).select_related("recorded_by")
    entries = list(about.order_by("-pk")[:HISTORY])
    is_listed = submission.status == Submission.Status.SUBMITTED and submission.batch_id is None
    _count, count_text = told_count(found["rows"])
    return render(
        request,
        "registry/submissions/review.html",
        {
            "submission": submission,
            "display": shown,
            "stamp": stamp(submission, shown.conflicts),
            "is_new": submission.kind == Submission.Kind.REGISTER,
            "checks": checks(submission, user),
            "timeline": timeline(
                entries,
                _addresses(entries, user, submission),
                hidden=shown.hidden,
                mended=mends_told(entries, user),
            ),
            "notes": notes_told(submission, shown.hidden),
            "first": who_was_first(submission) if submission.status != "submitted" else "",
            "age": ages.of(submission),
            "overdue": ages.is_overdue(submission),
            "target": TARGET_WORKING_DAYS,
            "queue": [
                row_shown(s, ages, user, query)
                for s in [*before, *([submission] if is_listed else []), *after]
            ],
            "count_text": count_text,
            "position": _position(submission, found["rows"]),
            "previous_url": row_shown(before[-1], ages, user, query)["url"] if before else "",
            "next_url": row_shown(after[0], ages, user, query)["url"] if after else "",
            "queue_url": reverse("submission-queue") + (f"?{query}" if query else ""),
            "may_decide": may_decide,
            "may_approve": may_decide and (may_without or not needs_agreement),
            "needs_agreement": needs_agreement,
            "may_without": may_without,
            "obstacle": why_not_decided(submission, user),
            "return_reasons": _templates(RETURN_REASONS, typed, "return"),
            "reject_reasons": _templates(REJECT_REASONS, typed, "reject"),
            "mend_reasons": _templates(MEND_REASONS, typed, "mend"),
            "typed": {
                "return_reason": typed.get("return-reason", "") if typed else "",
                "reject_reason": typed.get("reject-reason", "") if typed else "",
                "mend_reason": typed.get("mend-reason", "") if typed else "",
                "act": typed.get("act", "") if typed else "",
            },
            "error": refused.message if refused else "",
            "error_fields": _error_fields(refused, shown) if refused else [],
            "problems": found["problems"],
        },
    )


def _position(submission, rows):
    """Its place in the queue, or None where it is not listed or too far back to count."""
    if submission.status != Submission.Status.SUBMITTED:
        return None
    at, pk = submission.submitted_at, submission.pk
    ahead, more = capped_count(rows.filter(Q(submitted_at__lt=at) | Q(submitted_at=at, pk__lt=pk)))
    return None if more else ahead + 1


def _with_inputs(submission, shown, typed):
    """Give the rows what the reviewer may write at them, and what was written before an error."""
    inputs = mend_inputs(submission, shown.hidden, typed)
    for row in shown.rows:
        row.mends = [item for key in row.members or (row.key,) for item in inputs.get(key, ())]
        sentences = NOTE_REASONS.get(row.key) or NOTE_REASONS.get(row.key.partition(".")[0]) or USUAL_NOTES
        picked = set(typed.getlist(PICKED + row.key)) if typed else set()
        row.picked = [{"text": str(text), "on": str(text) in picked} for text in sentences]
        row.told = typed.get(NOTE + row.key, "") if typed else ""
        for choice in row.choices:
            choice.chosen = typed.get(CHOICE + choice.key, "") if typed else ""


def _error_fields(refused, shown):
    """[(anchor, sentence)] of what a rule found wrong, each at the row it stands in."""
    anchors = {key: row.id for row in shown.rows for key in row.members or (row.key,)}
    anchors |= {choice.key: row.id for row in shown.rows for choice in row.choices}
    if refused.code == "mend-invalid":
        anchors |= {item.key: item.id for row in shown.rows for item in row.mends}
    return [
        (anchors.get(name, "judul"), f"{label_of(name, shown.submission.items, shown.names)}: {text}")
        for name, text in refused.fields.items()
        if name != "reason"  # the message above already asks for it
    ]


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
