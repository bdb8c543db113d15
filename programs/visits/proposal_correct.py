"""The page on which a logged proposal is put right, until it is answered."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from programs.visits.proposal_facts import facts
from programs.visits.proposal_forms import UNLINKED, CorrectionForm
from programs.visits.proposals import LOG, Proposal
from registry.regions.access import reach
from umkm_portal.lib.errors import Refused


@requires(LOG)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_correct(request, uuid):
    """Put right what was logged; nothing typed is lost when it is refused."""
    proposal = _within_reach(request, uuid)
    form = CorrectionForm(
        request.POST if request.method == "POST" else None, proposal=proposal, user=request.user
    )
    if form.is_bound and form.is_valid():
        try:
            changed = proposal.correct(by=request.user, **_told(form))
        except Refused as refused:
            _put(form, refused)
        else:
            said = _("Perbaikan tersimpan.") if changed else _("Tidak ada yang berubah.")
            messages.success(request, said)
            return redirect(proposal)
    now = _within_reach(request, uuid)
    if now.answered_at and not form.is_bound:
        messages.warning(request, _("Usulan ini sudah dijawab, jadi tidak diperbaiki lagi."))
        return redirect(now)
    overtaken = form.is_bound and form.data.get("version") != str(now.version)
    if overtaken:
        form.follow(now)
    return render(
        request,
        "programs/visits/proposal_correct.html",
        {
            "proposal": now,
            "form": form,
            "overtaken": overtaken,
            "facts": facts(now) if overtaken else [],
            "unlinked": UNLINKED,
        },
    )


def _within_reach(request, uuid):
    """The proposal under `uuid`, 404 where the user may not read it or may not log there."""
    rows = Proposal.objects.visible_to(request.user).for_list().select_related("answered_by")
    proposal = get_object_or_404(rows, uuid=uuid)
    if not reach(request.user, LOG).covers(proposal.kelurahan_id):
        raise Http404
    return proposal


def _told(form):
    return {name: form.cleaned_data[name] for name in (*Proposal.CORRECTABLE, "version")}


def _put(form, refused):
    if refused.code == "not-found":
        raise Http404 from refused
    for name, message in (refused.fields or {None: refused.message}).items():
        where = {"business": "name"}.get(name, name)
        form.add_error(where if where in form.fields else None, str(message))
