"""Pages of forum proposals: logged line by line during the meeting, listed, answered, taken home."""

import uuid

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import audit
from accounts.access import requires
from programs.visits.proposal_facts import facts, may_correct
from programs.visits.proposal_filters import ProposalFilter
from programs.visits.proposal_forms import UNLINKED, AnswerForm, LogForm
from programs.visits.proposals import ANSWER, LOG, VIEW, Proposal
from registry.regions import working
from registry.regions.access import reach
from registry.regions.held import requires_once_held
from registry.regions.models import Region
from registry.reports.needs import Need
from registry.reports.shell import shell_page
from registry.submissions.filters import stated
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.formats import moment, number
from umkm_portal.lib.paging import KeysetPage, capped_count
from umkm_portal.lib.tables import download, to_xlsx

KEPT = "forum"  # session: the forum being logged
SHOWN = 8
COUNT_CAP = 10_000
MOST_ROWS = 20_000
KEEPS_RT = {Proposal.Forum.MUSKELSUS}  # one RT's own meeting: its RT and RW stay filled in too
EXPORT = "registry.export_business"
WORDS = "programs/visits/partials/proposal_words.html"


# ---- during the meeting ----------------------------------------------------------------------------


@requires_once_held(LOG)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def proposal_log(request):
    """Log one proposal after the other; the forum, its day and place stay filled in between."""
    if request.method == "POST":
        form = LogForm(request.POST, user=request.user)
        if form.is_valid() and _logged(request, form):
            return redirect("proposal-log")
    else:
        form = LogForm(user=request.user, initial=_beginning(request))
    return render(request, "programs/visits/proposal_log.html", _log_context(request, form))


def _beginning(request):
    """What a line begins with: what stayed of the forum, or today in the kelurahan one works in."""
    fresh = {"uuid": uuid.uuid4(), "held_on": timezone.localdate()}
    if "baru" in request.GET or KEPT not in request.session:
        region = working.preset(request.user)
        return fresh | {"kelurahan": region.code if region else ""}
    return fresh | request.session[KEPT]


def _logged(request, form):
    """Keep what a valid form says; False, with the errors on the form, where it is refused."""
    given = form.cleaned_data
    told = {name: given[name] for name in ("uuid", "forum", "held_on", "kelurahan", "need", "text")}
    try:
        proposal, new = Proposal.log(
            by=request.user, told_at=timezone.now(), place=given["place"], rt=given["rt"], rw=given["rw"],
            business=given["business"], **told,
        )  # fmt: skip
    except Refused as refused:
        for name, message in (refused.fields or {None: refused.message}).items():
            form.add_error(name if name in form.fields else None, str(message))
        return False
    kept = {"forum": proposal.forum, "place": proposal.place, "kelurahan": proposal.kelurahan.code}
    kept["held_on"] = proposal.held_on.isoformat()
    if proposal.forum in KEEPS_RT:
        kept |= {"rt": proposal.rt, "rw": proposal.rw}
    request.session[KEPT] = kept
    messages.success(request, _("Usulan tersimpan.") if new else _("Usulan ini sudah tersimpan sebelumnya."))
    return True


def _shell_context():
    """The page of nobody: what the phone keeps for halls without signal."""
    form = LogForm(user=AnonymousUser())
    return {"form": form, "about_forum": _about(form), "words": WORDS}


proposal_log_shell = shell_page("programs/visits/proposal_log.html", _shell_context)


def _about(form):
    return [form[name] for name in LogForm.ABOUT_FORUM]


def _log_context(request, form):
    value = {name: form[name].value() for name in LogForm.ABOUT_FORUM}
    settled = not any(name in form.errors for name in LogForm.ABOUT_FORUM) and all(
        value[name] for name in ("forum", "held_on", "kelurahan")
    )
    held_on = value["held_on"]
    if settled and form.is_bound:
        held_on = form.cleaned_data["held_on"]  # a day may be typed in more ways than the database reads
    rows, count = [], 0
    if settled:
        mine = Proposal.objects.filter(told_by=request.user, forum=value["forum"])
        mine = mine.filter(held_on=str(held_on), kelurahan__code=value["kelurahan"])
        found = list(mine.select_related("kelurahan", "business").order_by("-pk")[: SHOWN + 1])
        rows = found[:SHOWN]
        count = mine.count() if len(found) > SHOWN else len(found)
    return {
        "form": form,
        "about_forum": _about(form),
        "words": WORDS,
        "settled": settled,
        "forum_words": dict(Proposal.Forum.choices).get(value["forum"], ""),
        "held_on": held_on,
        "place": value["place"],
        "kelurahan": next(
            (r for r in form.fields["kelurahan"].queryset if r.code == value["kelurahan"]), None
        ),
        "rows": rows,
        "may_correct": bool(rows) and may_correct(rows[0], request.user),
        "count": count,
        "unlinked": UNLINKED,
    }


# ---- the list ----------------------------------------------------------------------------------------


def _asked(request):
    """(filterset, rows in reach, sentences about what was not understood)."""
    filterset = ProposalFilter(
        stated(request.GET), Proposal.objects.visible_to(request.user), request=request
    )
    problems = filterset.unread(("after", "before"))
    rows = filterset.qs.none() if filterset.errors else filterset.qs
    return filterset, rows, problems


@requires(VIEW)
@require_safe
def proposal_list(request):
    """Proposals in reach, the newest forum first."""
    if address := working.narrowed(request):
        return redirect(address)
    filterset, rows, problems = _asked(request)
    page = KeysetPage(request, rows.for_list().defer("answer"), "-held_on", 25)
    if page.bad_cursor:
        problems.append(_("Halaman lanjutan di alamat ini tidak dikenali, jadi daftar mulai dari awal."))
    count, more = capped_count(rows, COUNT_CAP)
    query = stated(request.GET)
    for cursor in ("after", "before"):
        query.pop(cursor, None)
    return render(
        request,
        "programs/visits/proposal_list.html",
        {
            "page": page,
            "rows": page.rows,
            "count": number(count) + "+" * more,
            "problems": problems,
            "chips": filterset.chips(),
            "bar": bar(request, filterset),
            "filtered": bool(filterset.words()),
            "may_log": request.user.has_perm(LOG),
            "export_url": f"{reverse('proposal-export')}?{query.urlencode()}"
            if rows and request.user.has_perm(EXPORT)
            else "",
        },
    )


def bar(request, filterset):
    """What can be chosen above the list, and what is; kelurahan only within the reader's reach."""
    data, there = filterset.data, reach(request.user, VIEW)
    regions = Region.objects.kelurahan().order_by("name", "code")
    if not there.everywhere:
        regions = regions.filter(pk__in=there.kelurahan)
    named = list(regions.select_related("parent"))
    return {
        "forum": Proposal.Forum.choices,
        "state": Proposal.State.choices,
        "need": Need.choices,
        "kelurahan": named if len(named) > 1 else (),
        "on": {name: data.getlist(name) for name in ("forum", "state", "need", "kelurahan")},
        "since": data.get("since", ""),
        "until": data.get("until", ""),
    }


COLUMNS = (
    ("Forum", 24, "text"), ("Tanggal", 18, "date"), ("Tempat", 24, "text"), ("Kecamatan", 18, "text"),
    ("Kelurahan", 20, "text"), ("RT", 6, "number"), ("RW", 6, "number"), ("Kebutuhan", 18, "text"),
    ("Usulan", 60, "text"), ("Usaha", 30, "text"), ("Status", 20, "text"), ("Jawaban", 50, "text"),
    ("Ringkasan untuk umum", 40, "text"), ("Dijawab", 18, "date"),
)  # fmt: skip


@requires(EXPORT)
@require_safe
def proposal_export(request):
    """What the list shows under the same address, as a workbook."""
    filterset, rows, problems = _asked(request)
    back = f"{reverse('proposal-list')}?{request.GET.urlencode()}"
    count, more = capped_count(rows, MOST_ROWS)
    if problems or more:
        said = problems[0] if problems else _("Lebih dari %s usulan. Persempit filternya, lalu unduh.")
        messages.error(request, said % number(MOST_ROWS) if more and not problems else said)
        return redirect(back)
    words = filterset.words()
    audit.record(
        "proposal.exported", request.user, by=request.user, count=count,
        filters=sorted({word["name"] for word in words}),
    )  # fmt: skip
    now = timezone.localtime()
    content = to_xlsx(
        COLUMNS,
        (_cells(row) for row in rows.for_list().order_by("-held_on", "-pk").iterator(chunk_size=500)),
        sheet=_("Usulan"),
        heading=[
            _("Usulan forum warga, Kota Malang"),
            "; ".join(f"{word['kind']}: {word['label']}" for word in words)
            or _("Semua usulan di wilayah saya"),
            _("%(count)s usulan, per %(now)s") % {"count": number(count), "now": moment(now)},
            _("Memuat kata-kata warga: simpan dan bagikan hanya untuk tugas."),
        ],
    )
    return download(content, f"usulan-{now:%Y%m%d-%H%M}.xlsx")


def _cells(row):
    return (
        str(row.get_forum_display()), row.held_on, row.place, row.kelurahan.parent.name, row.kelurahan.name,
        row.rt, row.rw, str(row.get_need_display()), row.text, row.business.name if row.business_id else "",
        str(row.get_state_display()), row.answer, row.public_line, row.answered_at,
    )  # fmt: skip


# ---- one proposal --------------------------------------------------------------------------------------


@requires(VIEW)
@require_safe
def proposal_detail(request, uuid):
    """One proposal, and the form to answer it for who may."""
    proposal = _readable(request, uuid)
    may_answer = reach(request.user, ANSWER).covers(proposal.kelurahan_id)
    return _shown(request, proposal, AnswerForm(initial=_told_so_far(proposal)) if may_answer else None)


@requires(ANSWER)
@require_POST
def proposal_answer(request, uuid):
    """Answer it, or answer again as things move on; nothing typed is lost when it is refused."""
    proposal = _readable(request, uuid)
    form = AnswerForm(request.POST)
    if form.is_valid() and _answered(request, proposal, form):
        messages.success(request, _("Jawaban tersimpan."))
        return redirect(proposal)
    return _shown(request, _readable(request, uuid), form)


def _readable(request, uuid):
    rows = Proposal.objects.visible_to(request.user).for_list().select_related("answered_by")
    return get_object_or_404(rows, uuid=uuid)


def _shown(request, proposal, form):
    return render(
        request,
        "programs/visits/proposal.html",
        {
            "proposal": proposal,
            "form": form,
            "facts": facts(proposal),
            "may_correct": may_correct(proposal, request.user),
            "public_url": reverse("proposal-public") if proposal.public_line else "",
        },
    )


def _told_so_far(proposal):
    return {
        # nothing is chosen beforehand: a stray tap on the button answers nobody
        "act": proposal.state if proposal.state != Proposal.State.NEW else None,
        "answer": proposal.answer,
        "public_line": proposal.public_line,
        "version": proposal.version,
    }


def _answered(request, proposal, form):
    given = form.cleaned_data
    try:
        proposal.respond(
            state=given["act"], by=request.user, answer=given["answer"], public_line=given["public_line"],
            version=given["version"],
        )  # fmt: skip
    except Refused as refused:
        if refused.code == "not-found":
            raise Http404 from refused
        if refused.code == "proposal-changed":  # what was typed stays; the next sending is over what is shown
            form.data = form.data.copy()
            form.data["version"] = Proposal.objects.only("version").get(pk=proposal.pk).version
        for name, message in (refused.fields or {None: refused.message}).items():
            form.add_error(name if name in form.fields else None, str(message))
        return False
    return True
