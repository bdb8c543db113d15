"""Pages of those who propose: what was sent, and what became of it. The entry page: entry_page.py."""

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.models import AuditEntry
from registry.submissions.ages import Ages
from registry.submissions.difference import label_of
from registry.submissions.display import display
from registry.submissions.filters import SubmissionFilter, stated
from registry.submissions.models import Submission
from registry.submissions.wording import timeline, what_happens_next
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.paging import KeysetPage

PROPOSE, READ = "registry.propose_submission", "registry.view_submission"
RETURNED_SHOWN = 20


def _mine(request, uuid):
    rows = Submission.objects.visible_to(request.user).select_related(
        "business__kelurahan__parent",
        "business__kbli",
        "business__subsector",
        "kelurahan_now__parent",
        "kelurahan_next__parent",
        "proposed_by",
        "returned_by",
        "decided_by",
        "withdrawn_by",
    )
    return get_object_or_404(rows, uuid=uuid)


@requires(PROPOSE)
@require_safe
def submission_mine(request):
    """What the user, or the post they hold, has proposed; what asks for mending stands first."""
    rows = Submission.objects.visible_to(request.user).sent_by_post(request.user)
    filterset = SubmissionFilter(stated(request.GET), rows, request=request)
    problems = filterset.unread(("after", "before"))
    listed = filterset.qs.none() if filterset.errors else filterset.qs
    filtered = bool(filterset.words())
    returned = []
    if not filtered and not problems and not {"after", "before"} & set(request.GET):
        returned = list(
            rows.filter(status=Submission.Status.RETURNED)
            .for_list()
            .order_by("-returned_at")[:RETURNED_SHOWN]
        )
    if not filtered and not problems:
        listed = listed.exclude(status=Submission.Status.RETURNED)
    page = KeysetPage(request, listed.for_list(), "-proposed_at", 25)
    if page.bad_cursor:
        problems.append(_("Halaman lanjutan di alamat ini tidak dikenali, jadi daftar mulai dari awal."))
    ages = Ages()
    chosen = request.GET.getlist("status")
    return render(
        request,
        "registry/submissions/mine.html",
        {
            "returned": [_told(s, ages, request.user) for s in returned],
            "rows": [_told(s, ages, request.user) for s in page.rows],
            "page": page,
            "problems": problems,
            "chips": filterset.chips(),
            "states": [
                {"value": value, "label": label, "on": chosen == [value]}
                for value, label in Submission.Status.choices
            ],
            "filtered": filtered or bool(problems),
        },
    )


def _told(submission, ages, user):
    """One row of the list: whose it is, what happens next, and the first thing the reviewer wrote."""
    age = ages.of(submission) if submission.status == Submission.Status.SUBMITTED else None
    notes = [f"{label_of(k, submission.items)}: {t}" for k, t in (submission.notes or {}).items()]
    said = submission.reason or next(iter(notes), "")
    return {
        "submission": submission,
        "next": what_happens_next(submission, age),
        "said": said if submission.status in ("returned", "rejected") else "",
        "author": ""
        if submission.proposed_by_id == user.pk or not submission.proposed_by
        else submission.proposed_by.name,
        "url": reverse("submission-edit", args=[submission.uuid])
        if submission.may_edit(user)
        else submission.get_absolute_url(),
    }


@requires(READ)
@require_safe
def submission_detail(request, uuid):
    """What was sent, where it stands, what the reviewer said, and everything that happened to it."""
    submission = _mine(request, uuid)
    entries = AuditEntry.objects.filter(target_type="submission", target_id=str(submission.pk))
    ages = Ages()
    user = request.user
    return render(
        request,
        "registry/submissions/detail.html",
        {
            "submission": submission,
            "display": display(submission, user),
            "next": what_happens_next(submission, ages.of(submission)),
            "overdue": submission.status == "submitted" and ages.is_overdue(submission),
            "age": ages.of(submission),
            "notes": [(label_of(k, submission.items), t) for k, t in (submission.notes or {}).items()],
            "timeline": timeline(entries.select_related("recorded_by").order_by("-pk")),
            "may_edit": submission.may_edit(user),
            "may_withdraw": submission.may_withdraw(user),
            "may_decide": submission.may_decide(user),
        },
    )


@requires(PROPOSE)
@require_POST
def submission_send(request, uuid):
    """Send a draft as it is; what is missing is asked for on the entry page."""
    submission = _mine(request, uuid)
    try:
        submission.submit(by=request.user)
    except Refused as refused:
        if refused.code == "not-found":
            raise Http404 from refused
        messages.error(request, refused.message)
        submission.refresh_from_db()
        editable = submission.may_edit(request.user)
        return redirect("submission-edit" if editable else "submission-detail", submission.uuid)
    messages.success(request, _("Terkirim. %s") % what_happens_next(submission))
    return redirect(submission)


@requires(PROPOSE)
@require_POST
def submission_withdraw(request, uuid):
    """Take back what nobody decided yet."""
    submission = _mine(request, uuid)
    try:
        submission.withdraw(by=request.user)
    except Refused as refused:
        if refused.code == "not-found":
            raise Http404 from refused
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Ditarik. Isiannya tetap dapat dibaca di sini."))
    return redirect(submission)


@requires(READ)
@require_safe
def submission_photo(request, uuid, photo):
    """A picture that waits with a submission: private, for those who may read the submission."""
    submission = get_object_or_404(Submission.objects.visible_to(request.user), uuid=uuid)
    attachment = get_object_or_404(submission.attachments, uuid=photo)
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(
        content,
        content_type="image/jpeg",
        headers={
            "Cache-Control": "private, max-age=3600",
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": f'inline; filename="{attachment.uuid}.jpg"',
        },
    )
