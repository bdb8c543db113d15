"""Antrean WhatsApp: made from a list of businesses, sent by hand one tap after the other."""

from uuid import UUID, uuid4

from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from registry.businesses.columns import place
from registry.businesses.export import said
from registry.businesses.listing import Listing
from registry.checks.models import CONFIRM
from registry.checks.staleness import REASONS
from registry.checks.target_pages import Targets
from registry.outreach.forms import AnsweredForm, QueueForm
from registry.outreach.masking import masked_phone
from registry.outreach.messages import filled
from registry.outreach.models import MOST, OutreachLine, OutreachQueue
from registry.outreach.numbers import usable
from registry.regions.access import within_reach
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.paging import KeysetPage

# Where "kirim berikutnya" leads, and what wa.me leads on to: a form may go nowhere else.
CHAT = ["'self'", "https://wa.me", "https://api.whatsapp.com", "https://web.whatsapp.com", "whatsapp:"]
S = OutreachLine.State


@requires(CONFIRM)
@require_safe
def outreach_list(request):
    """Queues of one's own and of one's kelurahan, with how far they have come."""
    rows = (
        OutreachQueue.objects.visible_to(request.user)
        .with_progress(request.user)
        .select_related("kelurahan", "made_by")
    )
    page = KeysetPage(request, rows.defer("message"), "-pk", 25)
    return render(request, "registry/outreach/list.html", {"page": page, "rows": page.rows})


def _source(request):
    """(what the list was, its businesses): the staff list by its filters, or targets of "masih aktif?"."""
    if request.GET.get("dari") == "masih-aktif":
        params = request.GET.copy()
        del params["dari"]
        request.GET = params
        asked = Targets(request)
        return f"{REASONS[asked.reason]}: {said(asked.filterset.words())}", asked.rows().order_by(
            "asked_since", "pk"
        )
    listing = Listing(request)
    return said(listing.filterset.words()), listing.ordered()


@requires(CONFIRM)
@require_http_methods(["GET", "HEAD", "POST"])
def outreach_new(request):
    """Whom a list would let write to, the message, and the queue."""
    query = request.GET.urlencode()
    words, rows = _source(request)
    rows = within_reach(rows, request.user, CONFIRM)
    found = list(rows.defer(None).select_related("kelurahan__parent")[: MOST + 1])
    fitting = usable(found)
    form = QueueForm(request.POST or None, initial={"title": words[:120], "token": uuid4()})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            queue = OutreachQueue.make(
                businesses=found,
                title=told["title"],
                message=told["message"],
                by=request.user,
                uuid=told["token"],
            )
        except Refused as refused:
            form.add_error("message" if "message" in refused.fields else None, refused.message)
        else:
            return redirect(queue)
    return render(
        request,
        "registry/outreach/new.html",
        {
            "form": form,
            "query": query,
            "words": words,
            "found": min(len(found), MOST),
            "too_many": len(found) > MOST,
            "most": MOST,
            "fitting": len(fitting),
            "left_out": len(found) - len(fitting),
            "sample": filled(str(form["message"].value() or ""), fitting[0], link="…", until="…")
            if fitting
            else "",
        },
    )


def _queue(request, uuid):
    rows = OutreachQueue.objects.visible_to(request.user).with_progress(request.user)
    return get_object_or_404(rows, uuid=uuid)


@requires(CONFIRM)
@csp_update({"form-action": CHAT})
@require_safe
def outreach_queue(request, uuid):
    """One queue: the next message with its button, what was sent and waits for an answer, and the rest."""
    queue = _queue(request, uuid)
    lines = queue.lines_for(request.user).select_related("business__kelurahan", "link")
    following = lines.filter(state=S.WAITING).order_by("position").first()
    tab = request.GET.get("lihat", "")
    tab = tab if tab in S.values else S.SENT.value
    order = "position" if tab in (S.WAITING, S.SKIPPED) else "-sent_at"
    rows = lines.filter(state=tab).exclude(sent_at=None) if order == "-sent_at" else lines.filter(state=tab)
    page = KeysetPage(request, rows, order, 25)
    response = render(
        request,
        "registry/outreach/queue.html",
        {
            "queue": queue,
            "next": following,
            "next_phone": masked_phone(following.business.phone) if following else "",
            "next_place": place(following.business) if following else "",
            "next_text": filled(queue.message, following.business, link="…/konfirmasi/…", until="…")
            if following
            else "",
            "done": queue.total - queue.waiting,
            "tab": tab,
            "tabs": [
                (S.SENT.value, _("Menunggu jawaban"), queue.sent - queue.answered),
                (S.ANSWERED.value, _("Dijawab"), queue.answered),
                (S.SKIPPED.value, _("Dilewati"), queue.skipped),
                (S.WAITING.value, _("Belum dikirim"), queue.waiting),
            ],
            "page": page,
            "rows": page.rows,
            "whys": OutreachLine.Why.choices,
            "answers": AnsweredForm.base_fields["answer"].choices,
        },
    )
    add_never_cache_headers(response)
    return response


@requires(CONFIRM)
@require_POST
def outreach_send(request, uuid):
    """Mark the named line sent and go on to WhatsApp, where the message stands written."""
    queue = _queue(request, uuid)
    try:
        address = queue.send_next(_named(request), by=request.user)
    except Refused as refused:
        return _back(request, queue, refused)
    response = HttpResponseRedirect(address)
    add_never_cache_headers(response)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _named(request):
    """The line's uuid from the form. Raises Http404 for what is none."""
    try:
        return UUID(request.POST.get("line", ""))
    except ValueError as error:
        raise Http404 from error


def _line(request, queue):
    return get_object_or_404(
        queue.lines_for(request.user).select_related("queue", "business"), uuid=_named(request)
    )


def _back(request, queue, refused=None, done=""):
    if refused is not None:
        if refused.code == "not-found":
            raise Http404 from refused
        messages.error(request, refused.message)
    elif done:
        messages.success(request, done)
    tab = request.POST.get("lihat", "")
    return redirect(queue.get_absolute_url() + (f"?lihat={tab}" if tab in S.values else ""))


@requires(CONFIRM)
@require_POST
def outreach_line(request, uuid):
    """What becomes of one line: answered, skipped, or taken up again; or the whole queue closes."""
    queue = _queue(request, uuid)
    act = request.POST.get("act", "")
    try:
        if act == "close":
            queue.close(by=request.user)
            return _back(request, queue, done=_("Antrean ditutup. Tautan yang sudah terkirim tetap berlaku."))
        line = _line(request, queue)
        if act == "answered":
            form = AnsweredForm(request.POST)
            if not form.is_valid():
                raise Refused("answer-missing", _("Pilih jawabannya."))
            line.mark_answered(answer=form.cleaned_data["answer"], by=request.user)
            return _back(request, queue, done=_("Jawaban tersimpan."))
        if act == "skip":
            line.skip(why=request.POST.get("why", ""), by=request.user)
            return _back(request, queue, done=_("Dilewati."))
        if act == "again":
            line.take_up_again(by=request.user)
            return _back(request, queue, done=_("Kembali ke antrean; tautannya tidak berlaku lagi."))
    except Refused as refused:
        return _back(request, queue, refused)
    raise Http404
