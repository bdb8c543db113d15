"""Laporan: what a kelurahan reported and what came of it, for officer, lurah, camat and the city."""

from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from registry.regions.access import reach
from registry.regions.held import requires_once_held
from registry.regions.models import Region
from registry.regions.working import here
from registry.reports.filters import VisitRequestFilter
from registry.reports.forms import PhotoForm, WithdrawForm
from registry.reports.models import REPORT, SCHEDULE, VIEW, VisitRequest
from registry.reports.needs import Need
from registry.submissions.filters import stated
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.formats import day, number
from umkm_portal.lib.paging import KeysetPage, capped_count
from umkm_portal.lib.pictures import picture_response

CAP = 200
State = VisitRequest.State
# Address, words, states, order: each list begins with what its reader looks for.
TABS = (
    ("baru", lazy("Baru"), (State.NEW,), "-told_day"),
    ("dijadwalkan", lazy("Dijadwalkan"), (State.SCHEDULED,), "scheduled_on"),
    ("dikunjungi", lazy("Dikunjungi"), (State.VISITED,), "-visited_on"),
    ("selesai", lazy("Selesai"), (State.CLOSED, State.WITHDRAWN), "-closed_at"),
)
PAGE_PARAMETERS = ("lihat", "after", "before")
SEALED = ("note", "answer")


def _told_count(queryset):
    """ "12" or "200+"; "" for none."""
    count, more = capped_count(queryset, CAP)
    return number(count) + "+" * more if count else ""


@requires(VIEW)
@require_safe
def request_list(request):
    """Laporan perlu didatangi, by where they stand."""
    user = request.user
    chosen = next((tab for tab in TABS if tab[0] == request.GET.get("lihat")), TABS[0])
    rows = VisitRequest.objects.visible_to(user)
    if "kelurahan" not in request.GET:
        rows = here(rows, user)
    params = stated(request.GET)
    params.pop("lihat", None)
    filterset = VisitRequestFilter(params, rows, request=request)
    problems = filterset.unread(("after", "before"))
    found = filterset.qs.none() if filterset.errors else filterset.qs
    listed = found.filter(state__in=chosen[2]).for_list().defer(*SEALED)
    page = KeysetPage(request, listed, chosen[3], 25)
    if page.bad_cursor:
        problems.append(_("Halaman lanjutan di alamat ini tidak dikenali, jadi daftar mulai dari awal."))
    tabs = [
        {
            "label": label,
            "on": name == chosen[0],
            "name": name,
            "count": _told_count(found.filter(state__in=states)) if name != "selesai" else "",
        }
        for name, label, states, _order in TABS
    ]
    context = {
        "tab": chosen[0],
        "tabs": tabs,
        "rows": page.rows,
        "page": page,
        "problems": problems,
        "bar": _bar(user, filterset.data),
        "filtered": bool(filterset.words() or problems),
        "may_report": user.has_perm(REPORT),
    }
    return render(request, "registry/reports/list.html", context)


def _bar(user, data):
    """What can be chosen above the list, and what is."""
    there = reach(user, VIEW)
    served = Region.objects.kelurahan().order_by("name", "code")
    if not there.everywhere:
        served = served.filter(pk__in=there.kelurahan) if len(there.kelurahan) > 1 else served.none()
    return {
        "need": data.get("need", ""),
        "needs": Need.choices,
        "mine": data.get("mine", ""),
        "kelurahan": list(served.values_list("code", "name")),
        "place": data.get("kelurahan", ""),
    }


def _readable(request, uuid):
    rows = VisitRequest.objects.visible_to(request.user).for_list().select_related("business__kelurahan")
    return get_object_or_404(rows, uuid=uuid)


@requires(VIEW)
@require_safe
def request_detail(request, uuid):
    row, user = _readable(request, uuid), request.user
    may_read_business = row.business_id is not None and reach(user, "registry.view_business").covers(
        row.business.kelurahan_id
    )
    reports_here = reach(user, REPORT).covers(row.kelurahan_id)
    context = {
        "row": row,
        "business": row.business if may_read_business else None,
        "place": _place(row),
        "steps": _steps(row),
        "share": _share_text(row),
        "share_url": "https://wa.me/?text=" + quote(_share_text(row)),
        "may_withdraw": reports_here and row.state == State.NEW,
        "may_add_photo": row.told_by_id == user.pk and not row.photo and reports_here,
        "may_close": reach(user, SCHEDULE).covers(row.kelurahan_id),
        "withdraw_form": WithdrawForm(),
        "photo_form": PhotoForm(),
    }
    return render(request, "registry/reports/detail.html", context)


def _place(row):
    parts = [f"RT {row.rt}" if row.rt else "", f"RW {row.rw}" if row.rw else "", row.kelurahan.place]
    return ", ".join(part for part in parts if part)


def _steps(row):
    """[{title, text, at}] newest first: what an officer asks, in dates."""
    steps = [{"title": _("Dilaporkan"), "text": "", "by": row.told_by.name, "at": row.told_at}]
    if row.scheduled_on:
        text = _("untuk %(day)s") % {"day": day(row.scheduled_on)}
        steps.append({"title": _("Dijadwalkan"), "text": text, "by": "", "at": row.scheduled_at})
    if row.visited_on:
        text = _("pada %(day)s") % {"day": day(row.visited_on)}
        steps.append({"title": _("Dikunjungi"), "text": text, "by": "", "at": row.visited_at})
    if row.closed_at:
        withdrawn = row.state == State.WITHDRAWN
        title = _("Ditarik") if withdrawn else _("Selesai")
        text = "" if withdrawn else row.get_outcome_display()
        steps.append({"title": title, "text": text, "by": "", "at": row.closed_at})
    return steps[::-1]


def _share_text(row):
    """What an officer passes on in a chat: nothing tells whom it is about; the address asks to sign in."""
    told = {
        "need": row.get_need_display(),
        "urgency": row.get_urgency_display(),
        "place": ", ".join(part for part in (f"RW {row.rw}" if row.rw else "", row.kelurahan.name) if part),
        "told": day(row.told_at),
        "state": row.get_state_display(),
        "address": settings.SITE_URL.rstrip("/") + row.get_absolute_url(),
    }
    if row.state == State.SCHEDULED:
        told["state"] = _("Dijadwalkan %(day)s") % {"day": day(row.scheduled_on)}
    elif row.state == State.VISITED:
        told["state"] = _("Dikunjungi %(day)s") % {"day": day(row.visited_on)}
    elif row.state == State.CLOSED:
        told["state"] = _("Selesai: %(outcome)s") % {"outcome": row.get_outcome_display()}
    return _(
        "Laporan perlu didatangi, %(place)s\nKebutuhan: %(need)s (%(urgency)s)\nDilaporkan %(told)s\n"
        "Status: %(state)s\n%(address)s"
    ) % (told)


@requires(VIEW)
@require_safe
def request_photo(request, uuid):
    """The photo of a report, to who may read the report."""
    row = get_object_or_404(VisitRequest.objects.visible_to(request.user).only("uuid", "photo"), uuid=uuid)
    if not row.photo:
        raise Http404
    return picture_response(request, row.photo, row.uuid)


@requires_once_held(REPORT)
@require_POST
def request_photo_add(request, uuid):
    """Put a photo to one's own report, later than its text."""
    row = get_object_or_404(VisitRequest.objects.filter(told_by=request.user), uuid=uuid)
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, form.errors["photo"][0])
        return redirect(row)
    try:
        row.add_photo(form.cleaned_data["photo"], by=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Foto tersimpan."))
    return redirect(row)


@requires(REPORT)
@require_POST
def request_withdraw(request, uuid):
    """Take back a report nobody has acted on."""
    row = _readable(request, uuid)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["reason"][0])
        return redirect(row)
    try:
        row.withdraw(by=request.user, reason=form.cleaned_data["reason"])
    except Refused as refused:
        if refused.code == "not-found":
            raise Http404 from refused
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Laporan ditarik."))
    return redirect(row)
