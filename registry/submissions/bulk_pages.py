"""The pages of a bulk change: which field to what value, what would come of it, send."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from registry.businesses import choices
from registry.sectors.models import Subsector
from registry.submissions import bulk, bulk_tasks
from registry.submissions.batches import Batch
from registry.submissions.models import Submission
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.formats import number

CARRIED = ("what", "rw", "rt", "rt_rw", "kbli", "subsector", "place_kind")
RESENT_WITHIN = timedelta(minutes=10)
LABELS = {**bulk.CHANGES, "rt": "RT", "rt_rw": "RW"}  # of the inputs, for the list of what is wrong


@requires(bulk.PROPOSE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def bulk_change(request):
    """One page in three steps, each a form that carries what was chosen before; nothing is kept between.

    The rows are those posted as `usaha`, else all that the list's address in the query string finds.
    """
    data = request.POST.copy()
    if data.get("kbli_pilih"):  # one of the codes offered for the words that were typed
        data["kbli"], data["langkah"] = data["kbli_pilih"], "tinjau"
    back_url = f"{reverse('business-list')}?{request.GET.urlencode()}"
    everything = request.method != "POST" or data.get("langkah") == "semua" or data.get("semua") == "1"
    uuids = data.getlist("usaha")
    try:
        if not everything and not uuids:
            raise Refused("nothing-chosen", _("Pilih dulu usahanya, lalu pilih Ubah yang dipilih."))
        chosen = bulk.found_by(request) if everything else bulk.picked(uuids, request.user)
        if not chosen.businesses:
            raise Refused("nothing-chosen", _("Tidak ada usaha yang cocok. Kurangi filter, lalu coba lagi."))
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect(back_url)
    step = data.get("langkah", "")
    shared = _common(request, chosen, back_url, data)
    if step not in ("tinjau", "kirim"):
        return _ask(request, shared)
    try:
        change = bulk.read_change(data)
    except ValidationError as error:
        return _ask(request, shared, error.message_dict)
    found = bulk.preview(chosen, change, by=request.user)
    if step == "kirim":
        if data.get("mark") != chosen.mark:
            messages.warning(
                request, _("Daftarnya berubah sejak ditinjau. Periksa lagi jumlahnya, lalu kirim.")
            )
        elif answer := _send(request, change, found, data):
            return answer
    return _look(request, shared, change, found)


def _common(request, chosen, back_url, data):
    return {
        "chosen": chosen,
        "count": len(chosen.businesses),
        "back_url": back_url,
        "action": f"{reverse('bulk-change')}?{request.GET.urlencode()}",
        "uuids": [] if chosen.everything else [b.uuid for b in chosen.businesses],
        "data": data,
    }


def _ask(request, shared, errors=None):
    """Step one: what is to be changed, to what."""
    data, errors = shared["data"], errors or {}
    return render(
        request,
        "registry/submissions/bulk.html",
        shared
        | {
            "what": data.get("what", ""),
            "changes": bulk.CHANGES.items(),
            "subsectors": Subsector.objects.order_by("position", "name"),
            "place_kinds": choices.PlaceKind.choices,
            "errors": errors,
            "error_list": [
                (f"b-{name}", f"{LABELS[name]}: {' '.join(said)}")
                if name in LABELS
                else ("b-what-rw", " ".join(said))
                for name, said in errors.items()
            ],
            "kbli_offers": bulk.kbli_like(data.get("kbli", "")) if "kbli" in errors else [],
        },
        status=400 if errors else 200,
    )


def _look(request, shared, change, found):
    """Step two: what would become of each row, then a title, a note, and the button that sends."""
    title = shared["data"].get("title") or change.title(len(found.changing))
    return render(
        request,
        "registry/submissions/bulk_preview.html",
        shared
        | {
            "change": change,
            "heaps": found.heaps(),
            "changing": len(found.changing),
            "already": len(found.already),
            "forbidden": len(found.forbidden),
            "pending": _pending(found),
            "title": title,
            "carried": [(n, shared["data"].get(n, "")) for n in CARRIED],
            "as_job": len(found.changing) > bulk.AT_ONCE,
        },
    )


def _pending(found):
    """How many of the rows that would change have something else waiting to be decided."""
    pks = [business.pk for business, _today in found.changing]
    waiting = Submission.objects.filter(business__in=pks, status=Submission.Status.SUBMITTED)
    return waiting.order_by().values("business").distinct().count() if pks else 0


def _send(request, change, found, data):
    """Send it, or have it sent; None where the page has to be shown again."""
    by = request.user
    businesses = [business for business, _today in found.changing]
    title = bulk.titled(data.get("title")) or change.title(len(businesses))
    sent = Batch.objects.filter(
        kind=Batch.Kind.BULK,
        proposed_by=by,
        title=title,
        total=len(businesses),
        state=Batch.State.SUBMITTED,
        proposed_at__gte=timezone.now() - RESENT_WITHIN,
    ).first()
    if sent is not None:  # the same page sent again, after the answer was lost on the way
        messages.success(request, _("Perubahan ini sudah terkirim."))
        return redirect("batch-detail", sent.uuid)
    try:
        if len(businesses) > bulk.AT_ONCE:
            job = bulk.ask_for(businesses, change.values, by=by, title=title, note=data.get("note"))
            bulk_tasks.start(job)
            return redirect(job)
        batch = bulk.send(businesses, change.values, by=by, title=title, note=bulk.noted(data.get("note")))
    except Refused as refused:
        if refused.code == "not-found":
            raise Http404 from refused
        messages.error(request, refused.message)
        return None
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return None
    messages.success(
        request,
        _("%s perubahan terkirim untuk diverifikasi sebagai satu kumpulan.") % number(batch.total),
    )
    return redirect("batch-detail", batch.uuid)
