"""The working side: reports about businesses of one's kelurahan, and what may be done about one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from registry.businesses.models import Business
from registry.regions.access import reach
from registry.regions.working import here
from registry.submissions.actions import propose
from registry.submissions.models import Submission
from registry.tips.forms import DismissForm
from registry.tips.models import HANDLE, Tip
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.formats import day, number
from umkm_portal.lib.paging import KeysetPage, capped_count

CAP = 200
TABS = (
    ("baru", lazy("Perlu diperiksa"), "waiting", "received_at"),
    ("proses", lazy("Sedang diproses"), "under_way", "received_at"),
    ("selesai", lazy("Selesai"), "handled", "-received_at"),
)
JOINED = ("business__kelurahan__parent", "submission", "dismissed_by")


def waiting_for(user):
    """Tips that wait for `user` to propose something or to dismiss them, in the kelurahan they work in."""
    return here(Tip.objects.visible_to(user).waiting(), user, "business__kelurahan")


def told_count(queryset):
    """ "12" or "200+"."""
    count, more = capped_count(queryset, CAP)
    return number(count) + "+" * more


@requires(HANDLE)
@require_safe
def tip_list(request):
    """Masukan masyarakat: what is to be looked into, what a proposal is under way for, what is done."""
    user = request.user
    chosen = next((tab for tab in TABS if tab[0] == request.GET.get("lihat")), TABS[0])
    mine = here(Tip.objects.visible_to(user), user, "business__kelurahan")
    rows = getattr(mine, chosen[2])().select_related(*JOINED).defer("contact")
    page = KeysetPage(request, rows, chosen[3], 25)
    return render(
        request,
        "registry/tips/list.html",
        {
            "tab": chosen[0],
            "tabs": [
                {"name": name, "label": label, "count": told_count(getattr(mine, which)())}
                for name, label, which, _order in TABS[:2]
            ]
            + [{"name": TABS[2][0], "label": TABS[2][1], "count": ""}],
            "page": page,
            "rows": page.rows,
        },
    )


@requires(HANDLE)
@require_safe
def tip_detail(request, uuid):
    tip = _readable(request, uuid)
    return render(request, "registry/tips/detail.html", _context(tip, request.user, DismissForm()))


def _readable(request, uuid):
    return get_object_or_404(Tip.objects.visible_to(request.user).select_related(*JOINED), uuid=uuid)


def _context(tip, user, form):
    business = tip.business
    mine = reach(user, "registry.propose_submission").covers(business.kelurahan_id)
    about = Submission.objects.visible_to(user).filter(
        business=business, status__in=[Submission.Status.DRAFT, *Submission.OPEN]
    )
    return {
        "tip": tip,
        "business": business,
        "is_public": Business.objects.public().filter(pk=business.pk).exists(),
        "may_propose": mine and tip.is_waiting,
        "acts": [(name, label) for name, label in ACTS.items() if _fits(name, business)],
        "open": list(about.defer("values", "items", "sealed", "note").order_by("-pk")[:5])
        if tip.is_waiting
        else [],
        "readable": tip.submission_id is not None
        and Submission.objects.visible_to(user).filter(pk=tip.submission_id).exists(),
        "others": list(
            Tip.objects.filter(business=business).waiting().exclude(pk=tip.pk).order_by("-received_at")[:5]
        ),
        "form": form,
    }


ACTS = {"change": lazy("Usulkan perubahan"), "close": lazy("Usulkan tutup")}


def _fits(name, business):
    return name == "change" or business.operating_state != "closed"


@requires(HANDLE)
@require_POST
def tip_propose(request, uuid):
    """Begin a proposal because of this tip (`act` change or close) with its words as the note, or name the
    one that was begun already (`submission`); then go on where every proposal is filled in."""
    tip = _readable(request, uuid)
    try:
        with transaction.atomic():
            submission = _named(request, tip) or _begun(request, tip)
            tip.lead_to(submission, by=request.user)
    except Refused as refused:
        if refused.code == "not-found":
            raise Http404 from refused
        messages.error(request, refused.message)
        return redirect(tip)
    except ValidationError:
        messages.error(request, _("Pilih apa yang diusulkan."))
        return redirect(tip)
    if submission.may_edit(request.user):
        return redirect("submission-edit", submission.uuid)
    messages.success(request, _("Dicatat: masukan ini ditangani lewat usulan itu."))
    return redirect(tip)


def _named(request, tip):
    uuid = request.POST.get("submission", "")
    if not uuid:
        return None
    rows = Submission.objects.visible_to(request.user).filter(business=tip.business)
    try:
        return get_object_or_404(rows, uuid=uuid)
    except ValidationError as error:  # not a uuid at all
        raise Http404 from error


def _begun(request, tip):
    kind = request.POST.get("act", "")
    if kind not in ACTS:
        raise ValidationError(_("Pilih apa yang diusulkan."))
    words = tip.words or tip.get_kind_display()
    note = _("Masukan masyarakat %(day)s: %(words)s") % {"day": day(tip.received_at), "words": words}
    return propose(kind=kind, by=request.user, business=tip.business, note=note)


@requires(HANDLE)
@require_POST
def tip_dismiss(request, uuid):
    """ "Tidak benar", with the reason."""
    tip = _readable(request, uuid)
    form = DismissForm(request.POST)
    if form.is_valid():
        try:
            tip.dismiss(by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refused:
            if refused.code == "not-found":
                raise Http404 from refused
            messages.error(request, refused.message)
        else:
            messages.success(request, _("Masukan ini selesai. Alasannya tersimpan."))
        return redirect("tip-list" if not form.errors else tip)
    return render(request, "registry/tips/detail.html", _context(tip, request.user, form), status=200)
