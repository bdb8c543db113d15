"""Pages of those who propose: what was sent, and what became of it. The entry page: entry_page.py."""

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.models import AuditEntry
from registry.regions import working
from registry.regions.access import reach
from registry.regions.models import Region
from registry.submissions.act_forms import DeclineForm, UnchangedForm, put
from registry.submissions.acts import readable
from registry.submissions.ages import TARGET_WORKING_DAYS, Ages
from registry.submissions.display import display, hidden_fields, mends_told
from registry.submissions.filters import stated
from registry.submissions.mine_filter import MineFilter
from registry.submissions.models import Submission
from registry.submissions.next_steps import (
    awaiting_agreement,
    is_unchanged,
    may_propose_again,
    may_reverse,
    moves_to_answer,
    next_step,
    reversals,
)
from registry.submissions.wording import notes_told, timeline
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.paging import KeysetPage

PROPOSE, READ = "registry.propose_submission", "registry.view_submission"
FIRST_SHOWN = 20  # of each kind that waits for the reader


@requires(PROPOSE)
@require_safe
def submission_mine(request):
    """What the user, or the post they hold, has proposed; what waits for them stands first."""
    if address := working.narrowed(request):
        return redirect(address)
    user = request.user
    rows = Submission.objects.visible_to(user).sent_by_post(user)
    filterset = MineFilter(stated(request.GET), rows, request=request)
    problems = filterset.unread(("after", "before"))
    listed = filterset.qs.none() if filterset.errors else filterset.qs
    whole = not filterset.words() and not problems
    first = whole and not {"after", "before"} & set(request.GET)
    returned, moves = [], []
    if first:
        moves = list(moves_to_answer(user)[:FIRST_SHOWN])
        returned = list(
            rows.filter(status=Submission.Status.RETURNED).for_list().order_by("-returned_at")[:FIRST_SHOWN]
        )
    if whole:
        # those standing first are not told twice, on whichever page they would come
        listed = listed.exclude(status=Submission.Status.RETURNED)
        listed = listed.exclude(pk__in=moves_to_answer(user).values("pk"))
    page = KeysetPage(request, listed.for_list().select_related("returned_by"), "-proposed_at", 25)
    if page.bad_cursor:
        problems.append(_("Halaman lanjutan di alamat ini tidak dikenali, jadi daftar mulai dari awal."))
    told = _Teller(user, [*moves, *returned, *page.rows])
    return render(
        request,
        "registry/submissions/mine.html",
        {
            "moves": [told.row(s) for s in moves],
            "returned": [told.row(s) for s in returned],
            "rows": [told.row(s) for s in page.rows],
            "page": page,
            "problems": problems,
            "chips": filterset.chips(),
            "bar": _bar(request, filterset),
            "filtered": not whole,
        },
    )


def _bar(request, filterset):
    """What can be chosen above the list, and what is."""
    data, there = filterset.data, reach(request.user, PROPOSE)
    served = Region.objects.filter(pk__in=there.kelurahan).order_by("name") if there.kelurahan else ()
    return {
        "q": data.get("q", ""),
        "status": Submission.Status.choices,
        "status_on": data.getlist("status"),
        "kinds": Submission.Kind.choices,
        "kinds_on": data.getlist("kind"),
        "author": data.get("author", ""),
        "kelurahan": list(served) if len(there.kelurahan) > 1 else [],
        "kelurahan_on": data.getlist("kelurahan"),
    }


class _Teller:
    """Rows of the list: whose each is, how long it waits, what happens next, what the reviewer wrote."""

    def __init__(self, user, submissions):
        self.user, self.ages = user, Ages()
        moves = [s.pk for s in submissions if s.kind == "move" and s.status == "submitted"]
        waiting = awaiting_agreement().filter(pk__in=moves).values_list("pk", flat=True) if moves else ()
        self.awaiting = set(waiting)

    def row(self, submission):
        state = submission.status
        age = self.ages.of(submission) if state == Submission.Status.SUBMITTED else None
        notes = notes_told(submission, hidden_fields(submission, self.user))
        said = submission.reason or next((f"{label}: {text}" for label, text in notes), "")
        mine = submission.proposed_by_id == self.user.pk
        return {
            "submission": submission,
            "next": next_step(submission, age, awaits=submission.pk in self.awaiting, user=self.user),
            "age": age,
            "overdue": age is not None and age > TARGET_WORKING_DAYS,
            "said": said if state in ("returned", "rejected") else "",
            "more_notes": max(len(notes) - (not submission.reason), 0) if state == "returned" else 0,
            "author": "" if mine or not submission.proposed_by else submission.proposed_by.name,
            "url": reverse("submission-edit", args=[submission.uuid])
            if submission.may_edit(self.user)
            else submission.get_absolute_url(),
        }


def _business_url(submission, user):
    """The page of its business where `user` may open it: a kelurahan asked to take one over may not yet."""
    business = submission.business
    if business is None or not reach(user, "registry.view_business").covers(business.kelurahan_id):
        return ""
    return business.get_absolute_url()


@requires(READ)
@require_safe
def submission_detail(request, uuid):
    """What was sent, where it stands, what the reviewer said, and everything that happened to it."""
    return _detail(request, readable(request, uuid))


def _detail(request, submission, answer=None):
    """The page of one submission; `answer` is the form declining a move, with what is wrong on it."""
    ages, user = Ages(), request.user
    entries = AuditEntry.objects.filter(target_type="submission", target_id=str(submission.pk))
    entries = list(entries.select_related("recorded_by").order_by("-pk"))
    hidden = hidden_fields(submission, user)
    before, later = reversals(submission)
    seen = Submission.objects.visible_to(user)
    return render(
        request,
        "registry/submissions/detail.html",
        {
            "submission": submission,
            "business_url": _business_url(submission, user),
            "display": display(submission, user),
            "next": next_step(submission, ages.of(submission), user=user),
            "overdue": submission.status == "submitted" and ages.is_overdue(submission),
            "age": ages.of(submission),
            "notes": notes_told(submission, hidden),
            "timeline": timeline(entries, hidden=hidden, mended=mends_told(entries, user)),
            "may_edit": submission.may_edit(user),
            "may_withdraw": submission.may_withdraw(user),
            "may_decide": submission.may_decide(user),
            "may_agree": submission.may_agree(user),
            "answer": answer or DeclineForm(),
            "needs_agreement": submission.status == "submitted" and submission.needs_agreement(),
            "may_again": may_propose_again(submission, user),
            "may_reverse": later is None and may_reverse(submission, user),
            "reverses": before if before and seen.filter(pk=before.pk).exists() else None,
            "reversed": later if later and seen.filter(pk=later.pk).exists() else None,
            "inherited": submission.may_edit(user) and submission.proposed_by_id != user.pk,
        },
        status=400 if answer else 200,
    )


@requires(PROPOSE)
@require_POST
def submission_agree(request, uuid):
    """The receiving kelurahan's officer answers a move: `act` is "agree", or "decline" with a reason."""
    submission, act = readable(request, uuid), request.POST.get("act")
    form = DeclineForm(request.POST)
    if act == "decline" and not form.is_valid() and submission.may_agree(request.user):
        return _detail(request, submission, form)
    try:
        if act == "decline":
            submission.decline_move(by=request.user, reason=request.POST.get("reason", ""))
            messages.success(request, _("Dikembalikan kepada pengirim dengan alasan Anda."))
        elif act == "agree":
            submission.agree(by=request.user)
            messages.success(request, _("Anda menyetujui perpindahan ini. Verifikator memutuskannya."))
        else:
            messages.error(request, _("Pilih setuju atau tidak."))
    except Refused as refused:
        if refused.code == "not-found":
            raise Http404 from refused
        if "reason" in refused.fields and submission.may_agree(request.user):
            put(form, {"reason": refused.message})
            return _detail(request, submission, form)
        messages.error(request, refused.message)
    return redirect(submission)


@requires(PROPOSE)
@require_POST
def submission_send(request, uuid):
    """Send a draft as it is; what is missing is asked for on the entry page. Of something sent back that
    nobody changed since, it asks first why it goes as it is."""
    submission = readable(request, uuid)
    try:
        if is_unchanged(submission) and submission.may_edit(request.user):
            form = UnchangedForm(request.POST if "why" in request.POST else None)
            if not form.is_valid():
                return _ask_why(request, submission, form)
            _say_why(submission, form.cleaned_data["why"], by=request.user)
        submission.submit(by=request.user)
    except Refused as refused:
        if refused.code == "not-found":
            raise Http404 from refused
        messages.error(request, refused.message)
        submission.refresh_from_db()
        editable = submission.may_edit(request.user)
        return redirect("submission-edit" if editable else "submission-detail", submission.uuid)
    messages.success(request, _("Terkirim. %s") % next_step(submission))
    return redirect(submission)


def _ask_why(request, submission, form):
    return render(
        request,
        "registry/submissions/send_unchanged.html",
        {
            "submission": submission,
            "form": form,
            "notes": notes_told(submission, hidden_fields(submission, request.user)),
        },
    )


def _say_why(submission, why, *, by):
    """Add the reason to the note the reviewer reads; what is proposed stays as it is."""
    submission.edit(
        by=by,
        values={name: pair[1] for name, pair in submission.values.items()},
        items=submission.items,
        note="\n".join(filter(None, [submission.note, _("Dikirim lagi tanpa perubahan: %s") % why])),
    )


@requires(PROPOSE)
@require_POST
def submission_withdraw(request, uuid):
    """Take back what nobody decided yet."""
    submission = readable(request, uuid)
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
