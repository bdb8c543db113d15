"""Pages of follow-ups: what is whose, one with its history, and what is done about it."""

import uuid as uuids

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from programs.partners.models import Organisation
from programs.visits.filters import FollowUpFilter
from programs.visits.follow_ups import ANSWER, HANDED, USUAL_WORKING_DAYS, VIEW, FollowUp
from programs.visits.forms import EvidenceForm, HandOverForm, ProblemForm, TextForm
from programs.visits.models import Visit
from programs.visits.pages import named_businesses, picture, put
from registry.businesses.models import Business
from registry.regions.access import reach
from registry.reports.models import VisitRequest
from registry.reports.needs import Need
from registry.submissions.filters import stated
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.formats import number
from umkm_portal.lib.paging import KeysetPage, capped_count

SIZE = 25
CAP = 200
SEALED = ("problem", "evidence")
TABS = {
    "lewat": lazy("Lewat tenggat"),
    "saya": lazy("Milik saya"),
    "terbuka": lazy("Semua yang terbuka"),
    "selesai": lazy("Selesai"),
}


def _tab_rows(tab, rows, user):
    if tab == "lewat":
        return rows.overdue()
    if tab == "saya":
        return rows.mine(user).open()
    if tab == "terbuka":
        return rows.open()
    return rows.exclude(state__in=FollowUp.OPEN)


def _opens_with(user):
    """Which list somebody finds first: their own, and what is late for who only watches."""
    if reach(user, HANDED) or Organisation.objects.of(user).exists():
        return "saya"
    return "lewat" if user.has_perm("registry.decide_escalated") else "terbuka"


@requires(VIEW, HANDED)
@require_safe
def follow_up_list(request):
    """Problems somebody is to solve: those past their day first."""
    user = request.user
    tab = request.GET.get("lihat")
    if tab not in TABS:
        tab = _opens_with(user)
    everything = FollowUp.objects.visible_to(user)
    filterset = FollowUpFilter(stated(request.GET), everything, request=request)
    problems = filterset.unread(("lihat", "after", "before"))
    asked = filterset.qs if not filterset.errors else everything.none()
    rows = _tab_rows(tab, asked, user)
    shown = rows.select_related("kelurahan__parent", "organisation").prefetch_related(named_businesses())
    shown = shown.defer("evidence")
    page = KeysetPage(request, shown, "-closed_at" if tab == "selesai" else "due_on", SIZE)
    today = timezone.localdate()
    return render(
        request,
        "programs/visits/follow_up_list.html",
        {
            "tabs": [
                {
                    "key": key,
                    "label": label,
                    "on": key == tab,
                    "count": "" if key == "selesai" else _told(_tab_rows(key, asked, user)),
                }
                for key, label in TABS.items()
            ],
            "tab": tab,
            "page": page,
            "rows": [
                {"row": row, "late": row.is_overdue(today), "mark": mark_of(row, today)} for row in page.rows
            ],
            "problems": problems,
            "chips": filterset.chips(),
            "needs": Need.choices,
            "organisations": list(Organisation.objects.active()),
            "chosen": {name: request.GET.get(name, "") for name in ("need", "organisation")},
        },
    )


def _told(rows):
    count, more = capped_count(rows, CAP)
    return number(count) + "+" * more


def mark_of(row, today):
    """The key of its status for people: late is what matters most while it is open."""
    return "overdue" if row.is_overdue(today) else row.mark


def readable_follow_up(request, uuid):
    rows = FollowUp.objects.visible_to(request.user).select_related(
        "kelurahan__parent", "organisation", "visit", "request", "opened_by", "closed_by"
    )
    return get_object_or_404(rows.prefetch_related(named_businesses()), uuid=uuid)


@requires(VIEW, HANDED)
@require_safe
def follow_up(request, uuid):
    """One problem, its history, and what the reader may do about it."""
    row = readable_follow_up(request, uuid)
    return render(request, "programs/visits/follow_up.html", _context(request, row))


def _context(request, row, **forms):
    user, today = request.user, timezone.localdate()
    history = row.history.select_related("told_by", "organisation").order_by("-pk")
    visit_there = reach(user, "programs.view_visit").covers(row.kelurahan_id)
    return {
        "row": row,
        "late": row.is_overdue(today),
        "mark": mark_of(row, today),
        "entries": [
            {
                "title": f"{note.title} → {note.organisation.short_name}"
                if note.act in ("opened", "handed-over")
                else note.title,
                "text": note.text,
                "by": note.told_by.name if note.told_by_id else "",
                "at": note.told_at,
            }
            for note in history
        ],
        "may_answer": row.is_open and row.may_answer(user),
        "may_manage": row.may_manage(user),
        "reads_visit": visit_there,
        "reads_request": reach(user, "registry.view_visitrequest").covers(row.kelurahan_id),
        "reads_business": row.business_id and reach(user, "registry.view_business").covers(row.kelurahan_id),
        "reply_form": TextForm(prefix="jawab"),
        "close_form": EvidenceForm(prefix="selesai"),
        "hand_form": HandOverForm(prefix="teruskan"),
        "drop_form": TextForm(prefix="hentikan"),
        "reopen_form": TextForm(prefix="buka"),
    } | forms


def _act(request, uuid, form_class, prefix, name, verb, said):
    """Check the small form called `name`, run `verb(row, asked)`; what is wrong comes back with its words."""
    row = readable_follow_up(request, uuid)
    form = form_class(request.POST, request.FILES, prefix=prefix)
    if form.is_valid():
        try:
            verb(row, form.cleaned_data)
        except Refused as refused:
            if refused.code in ("follow-up-done", "follow-up-open"):
                messages.error(request, refused.message)
                return redirect(row)
            put(form, refused)
        else:
            messages.success(request, said)
            still = FollowUp.objects.visible_to(request.user).filter(pk=row.pk).exists()
            return redirect(row if still else "follow-up-list")
    page = _context(request, row, **{name: form, "open_form": name})
    return render(request, "programs/visits/follow_up.html", page, status=400)


@requires(ANSWER, HANDED)
@require_POST
def follow_up_reply(request, uuid):
    return _act(
        request, uuid, TextForm, "jawab", "reply_form",
        lambda row, asked: row.reply(by=request.user, text=asked["text"]), _("Jawaban tersimpan."),
    )  # fmt: skip


@requires(ANSWER, HANDED)
@require_POST
def follow_up_close(request, uuid):
    return _act(
        request, uuid, EvidenceForm, "selesai", "close_form",
        lambda row, asked: row.close(by=request.user, **asked),
        _("Tindak lanjut selesai. Petugas kelurahan dapat membacanya."),
    )  # fmt: skip


@requires(ANSWER)
@require_POST
def follow_up_hand_over(request, uuid):
    return _act(
        request, uuid, HandOverForm, "teruskan", "hand_form",
        lambda row, asked: row.hand_over(
            asked["organisation"], by=request.user, reason=asked["reason"], working_days=asked["working_days"]
        ),
        _("Diteruskan."),
    )  # fmt: skip


@requires(ANSWER)
@require_POST
def follow_up_drop(request, uuid):
    return _act(
        request, uuid, TextForm, "hentikan", "drop_form",
        lambda row, asked: row.drop(by=request.user, reason=asked["text"]), _("Tidak dilanjutkan."),
    )  # fmt: skip


@requires(ANSWER)
@require_POST
def follow_up_reopen(request, uuid):
    return _act(
        request, uuid, TextForm, "buka", "reopen_form",
        lambda row, asked: row.reopen(by=request.user, reason=asked["text"]), _("Dibuka kembali."),
    )  # fmt: skip


@requires(VIEW, HANDED)
@require_safe
def follow_up_photo(request, uuid):
    row = get_object_or_404(FollowUp.objects.visible_to(request.user), uuid=uuid)
    return picture(row.evidence_photo, row.uuid)


# ---- a new one -----------------------------------------------------------------------------------------


def _about(request):
    """What the address says it is about: {visit | request | business: row}; 404 for what is out of reach."""
    user = request.user
    kinds = {
        "kunjungan": (
            "visit",
            Visit.objects.visible_to(user).select_related("business", "kelurahan", "request"),
        ),
        "laporan": ("request", VisitRequest.objects.visible_to(user).select_related("business", "kelurahan")),
        "usaha": ("business", Business.objects.visible_to(user).select_related("kelurahan")),
    }
    for name, (key, rows) in kinds.items():
        if named := request.GET.get(name):
            try:
                return {key: get_object_or_404(rows, uuid=uuids.UUID(named))}
            except ValueError as error:
                raise Http404 from error
    raise Http404


@requires(ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up_new(request):
    """One problem more of a visit, of a report, or of a business."""
    about = _about(request)
    thing = next(iter(about.values()))
    start = {"uuid": uuids.uuid4(), "working_days": USUAL_WORKING_DAYS, "need": getattr(thing, "need", "")}
    form = ProblemForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            row = FollowUp.open_for(by=request.user, **about, **form.keywords())
        except Refused as refused:
            put(form, refused)
        else:
            messages.success(request, _("Tindak lanjut dibuat."))
            return redirect(row)
    return render(request, "programs/visits/follow_up_new.html", {"form": form, "thing": thing})
