""" "Masih aktif?": walking an RW with a thumb, business after business.

The page holds no names: checks.js takes them from the names-list that the phone keeps for hours without a
signal. Without JavaScript the same address gives a plain form, a few businesses at a time.
"""

from datetime import timedelta
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registry.businesses.filters import STALE_AFTER
from registry.businesses.models import Business
from registry.checks.keying import LETTER_OF, LETTERS
from registry.checks.models import CONFIRM, Check
from registry.checks.recording import record_many
from registry.checks.sheets import walked
from registry.checks.staleness import long_unconfirmed, since_words, still_open
from registry.regions.access import reach, within_reach
from registry.regions.held import requires_once_held
from registry.regions.models import Region
from registry.regions.working import preset
from registry.reports.shell import shell_page
from umkm_portal.lib.formats import number

AT_ONCE = 30  # businesses of one plain form
LATELY = timedelta(days=7)  # who answered this recently is not asked again


def kelurahan_of(user):
    """The kelurahan in which `user` may confirm today, by name."""
    there = reach(user, CONFIRM)
    rows = Region.objects.kelurahan().order_by("name", "code")
    return list(rows if there.everywhere else rows.filter(pk__in=there.kelurahan))


def chosen_kelurahan(request, regions):
    """The one the address names, else the one worked in, else the only one; None while there is none."""
    code = request.GET.get("kelurahan") or request.POST.get("kelurahan", "")
    named = next((region for region in regions if region.code == code), None)
    if named or code:
        return named
    now = preset(request.user)
    return now if now in regions else (regions[0] if len(regions) == 1 else None)


def rw_of(text):
    """The RW somebody typed or chose, or None."""
    return int(text) if len(text) <= 3 and text.isascii() and text.isdigit() and int(text) else None


def rws(region):
    """[{"rw", "total", "stale"}] of a kelurahan's open businesses; those without an RW come last."""
    today = timezone.localdate()
    stale = Q(last_confirmed_on=None) | Q(last_confirmed_on__lt=today - STALE_AFTER)
    rows = still_open(Business.objects.filter(kelurahan=region, merged_into=None)).order_by()
    found = rows.values("rw").annotate(total=Count("pk"), stale=Count("pk", filter=stale))
    return sorted(found, key=lambda row: (row["rw"] is None, row["rw"] or 0))


def to_ask(user, region, rw, *, everybody):
    """The businesses of an RW to ask about, in walking order: the stale ones, or (`everybody`) all that
    nobody answered for within LATELY."""
    rows = within_reach(Business.objects.filter(merged_into=None), user, CONFIRM)
    rows = rows.filter(kelurahan=region, rw=rw)
    rows = still_open(rows) if everybody else long_unconfirmed(rows)
    since = timezone.localdate() - LATELY
    lately = Check.objects.standing().filter(business=OuterRef("pk"), seen_on__gte=since)
    return walked(rows.exclude(Exists(lately)).exclude(last_confirmed_on__gte=since))


TEMPLATE, WORDS = "registry/checks/walk.html", "registry/checks/partials/walk_words.html"
walk_shell = shell_page(TEMPLATE, lambda: {"words": WORDS})


@requires_once_held(CONFIRM)
@require_http_methods(["GET", "HEAD", "POST"])
def walk(request):
    """Choose an RW, then answer; what a phone recorded before a post's end is accepted afterwards too."""
    regions = kelurahan_of(request.user)
    region = chosen_kelurahan(request, regions)
    if request.method == "POST":
        return _keep(request)
    rw = rw_of(request.GET.get("rw", ""))
    everybody = request.GET.get("semua") == "1"
    asked, left = [], 0
    if region and rw:
        rows = to_ask(request.user, region, rw, everybody=everybody)
        left = rows.count()
        asked = list(
            rows.only("uuid", "name", "rt", "rw", "activity", "operating_state", "last_confirmed_on")[
                :AT_ONCE
            ]
        )
    return render(
        request,
        TEMPLATE,
        {
            "words": WORDS,
            "regions": regions,
            "region": region,
            "rws": [row for row in rws(region) if row["rw"]] if region and not rw else [],
            "rw": rw,
            "everybody": everybody,
            "asked": [
                {"business": row, "token": uuid4(), "since": since_words(row.last_confirmed_on)}
                for row in asked
            ],
            "left": left,
            "answers": answers(),
        },
    )


def answers():
    """[(letter, value, label)] in the order of the thumb's buttons."""
    return [(LETTER_OF[value], value, label) for value, label in Check.Answer.choices]


def _keep(request):
    """Record what the plain form says; each answer has its own outcome, and nothing typed is lost."""
    given = []
    for name, letter in request.POST.items():
        if name.startswith("jawab-") and letter in LETTERS:
            given.append((name.removeprefix("jawab-"), LETTERS[letter]))
    tokens = {identity: _uuid(request.POST.get(f"tanda-{identity}", "")) for identity, _answer in given}
    named = {_uuid(identity) for identity, _answer in given} - {None}
    rows = {str(row.uuid): row for row in Business.objects.filter(uuid__in=named).select_related("kelurahan")}
    now = timezone.now()
    outcomes = record_many(
        [
            {"business": rows[identity], "answer": answer, "told_at": now, "uuid": tokens[identity]}
            for identity, answer in given[: AT_ONCE * 4]
            if identity in rows
        ],
        via=Check.Via.WALK,
        by=request.user,
    )
    kept = sum(outcome.check is not None for outcome in outcomes)
    refused = [outcome for outcome in outcomes if outcome.refused]
    if kept:
        messages.success(request, _("%(count)s jawaban tersimpan.") % {"count": number(kept)})
    elif not refused:
        messages.warning(request, _("Belum ada yang dijawab."))
    for outcome in refused[:10]:
        if outcome.refused.code == "not-found":  # another kelurahan's: not even its name is told
            messages.error(request, _("Satu usaha di luar wilayah Anda tidak disimpan."))
        else:
            messages.error(request, f"{outcome.business.name}: {outcome.refused.message}")
    kelurahan, rw = request.POST.get("kelurahan", ""), request.POST.get("rw", "")
    query = {"biasa": "1", "kelurahan": kelurahan, "rw": rw} | (
        {"semua": "1"} if request.POST.get("semua") else {}
    )
    return redirect(f"{reverse('checks-walk')}?{urlencode(query)}")


def _uuid(text):
    try:
        return UUID(text)
    except ValueError:
        return None
