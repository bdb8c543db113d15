"""Acts on one submission besides sending it: take a decision back, propose again."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from registry.businesses import fields
from registry.businesses.models import Business
from registry.submissions import reversing
from registry.submissions.act_forms import ReasonForm
from registry.submissions.bases import with_bases
from registry.submissions.difference import label_of
from registry.submissions.history import Teller
from registry.submissions.models import Submission
from registry.submissions.next_steps import may_propose_again, may_reverse, next_step, reversals
from umkm_portal.lib.errors import Refused

PROPOSE = "registry.propose_submission"
JOINED = (
    "business__kelurahan__parent",
    "business__kbli",
    "business__subsector",
    "kelurahan_now__parent",
    "kelurahan_next__parent",
    "proposed_by",
    "returned_by",
    "decided_by",
    "withdrawn_by",
    "agreed_by",
    "batch",
    "reverses",
)


def readable(request, uuid):
    """The submission under `uuid` with what its pages name, 404 when the user may not read it."""
    rows = Submission.objects.visible_to(request.user).select_related(*JOINED)
    return get_object_or_404(rows, uuid=uuid)


@requires(PROPOSE)
@require_http_methods(["GET", "HEAD", "POST"])
def submission_reverse(request, uuid):
    """Show what taking this decision back would do, ask for the reason, and propose it."""
    submission = readable(request, uuid)
    if not may_reverse(submission, request.user):
        messages.warning(request, _("Hanya keputusan setuju di wilayah Anda yang dapat dibalikkan."))
        return redirect(submission)
    _before, later = reversals(submission)
    if later is not None:
        messages.warning(request, _("Sudah ada usulan untuk membalikkan keputusan ini."))
        return redirect(later)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = reversing.reverse(submission, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refused:
            if refused.code == "not-found":
                raise Http404 from refused
            form.add_error("reason" if "reason" in refused.fields else None, refused.message)
        else:
            messages.success(request, _("Usulan pembalikan terkirim. %s") % next_step(made))
            return redirect(made)
    return render(
        request,
        "registry/submissions/reverse.html",
        {"submission": submission, "form": form, **_what_goes_back(submission, request.user)},
    )


def _what_goes_back(submission, user):
    """What the page of a reversal shows: `kind`, `back` (changes) and `left` [(label, why)]."""
    business = Business.objects.select_related("kelurahan__parent", "kbli", "subsector").get(
        pk=submission.business_id
    )
    submission.business = business
    kind, values, items, left = reversing.reversal_of(submission)
    today = fields.current_values(business, values)
    draft = Submission(
        kind=kind,
        business=business,
        proposed_by=user,
        kelurahan_now=business.kelurahan,
        values={name: [today[name], value] for name, value in values.items()},
        items=with_bases([dict(item) for item in items]),
    )
    teller = Teller(business, user, [draft, submission])
    return {
        "kind": kind,
        "back": teller.changes_of(draft),
        "left": [
            (teller.label_of(key, submission) or label_of(key, submission.items, teller.names), why)
            for key, why in left.items()
        ],
    }


@requires(PROPOSE)
@require_POST
def submission_again(request, uuid):
    """Start anew from what was turned down or taken back: a draft with the same contents."""
    submission = readable(request, uuid)
    if not may_propose_again(submission, request.user):
        messages.warning(request, _("Data ini tidak dapat diajukan lagi oleh Anda."))
        return redirect(submission)
    try:
        made = reversing.propose_again(submission, by=request.user)
    except Refused as refused:
        said = refused.message
        if refused.code == "not-found":  # an owner out of reach: the draft would tell whom
            said = _("Sebagian isinya di luar wilayah Anda. Isi usulan baru, atau hubungi verifikator.")
        messages.error(request, said)
        return redirect(submission)
    messages.success(request, _("Draf baru dibuat dari isian itu. Periksa, perbaiki, lalu kirim."))
    return redirect("submission-edit", made.uuid)
