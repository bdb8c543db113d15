"""The signed-in home: what waits for the person who opens it, by what their posts let them do."""

from django.core.cache import cache
from django.db.models import Count, Q
from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts import second_factor
from registry.businesses import choices
from registry.businesses.filters import STALE_AFTER, BusinessFilter
from registry.businesses.models import Business
from registry.imports.models import Import
from registry.regions.access import current_posts, reach
from registry.regions.models import ENDS_SOON, Post
from registry.regions.working import chosen, here
from registry.submissions.ages import TARGET_WORKING_DAYS, Ages
from registry.submissions.models import LIGHT_CORRECTION, Submission
from registry.submissions.next_steps import moves_to_answer
from registry.submissions.queue import batches_waiting, decides_only_late, escalates, queue_of
from registry.submissions.sample_pages import last_month, month_name
from registry.submissions.sampling import SampleCheck
from registry.tips.desk import told_count, waiting_for
from umkm_portal.home.context import serves_kelurahan
from umkm_portal.home.field import field_work
from umkm_portal.lib.formats import number
from umkm_portal.lib.paging import capped_count

CAP = 1000
SHOWN = 6
FIGURES_KEPT = 60  # seconds
UNREAD = ("values", "items", "sealed", "note")  # sealed columns a list has no use for

OPEN = "".join(
    f"&operating_state={state.value}"
    for state in choices.OperatingState
    if state != choices.OperatingState.CLOSED
).lstrip("&")
# What readers see counted: (label, query of the business list, definition). The figure is counted by the
# very filter of the list it links to, so the two can not part ways.
FIGURES = (
    (
        lazy("usaha terdata"),
        OPEN,
        lazy("Datanya disetujui masuk dan tidak tercatat tutup permanen. Belum berarti terverifikasi."),
    ),
    (
        lazy("keberadaannya terverifikasi"),
        f"{OPEN}&verified=existence",
        lazy("Terdata, dan keberadaannya diperiksa lewat kunjungan, dokumen atau pemilik."),
    ),
    (
        lazy("dipastikan dalam 180 hari"),
        f"{OPEN}&confirmed=recent",
        lazy("Terdata, dan dilihat masih aktif dalam 180 hari terakhir."),
    ),
    (lazy("punya NIB"), f"{OPEN}&nib=ada", lazy("Terdata, dengan NIB yang tercatat masih berlaku.")),
    (
        lazy("kuliner tanpa sertifikat halal"),
        f"{OPEN}&subsector=kuliner&halal=tidak",
        lazy(
            "Terdata, subsektor kuliner, halal tidak ada atau belum diketahui; tanpa produk non-halal dan "
            "yang tidak wajib. Usaha mikro dan kecil wajib sejak 17 Oktober 2026."
        ),
    ),
)


def waiting(request):
    """The page. Sections appear by permission, so a person with two posts sees the work of both."""
    user = request.user
    now = timezone.localtime()
    posts = current_posts(user)[0]
    proposes = bool(reach(user, "registry.propose_submission"))
    decides = bool(reach(user, "registry.decide_submission")) or decides_only_late(user)
    officer = serves_kelurahan(user)
    own = own_work(user) if proposes else None
    return render(
        request,
        "home/waiting.html",
        {
            "now": now,
            "greeting": greeting(now.hour),
            "posts": posts,
            "ending": [p for p in posts if 0 <= (p.ends_on - now.date()).days <= ENDS_SOON],
            "in_grace": [p for p in posts if p.in_grace],
            "needs_second_factor": second_factor.missing_for(user, second_factor.permissions()),
            "posts_ending": posts_ending(user, now.date()),
            "officer": officer,
            "own": own,
            # something really waits: else the page greets instead of standing empty under that heading
            "waits": decides
            or (own and not officer and any(own[kind] for kind in ("moves", "returned", "drafts"))),
            "alive": still_active(user, now.date()) if officer else None,
            "queue": review_queue(user, now.date()) if decides else None,
            "only_late": decides_only_late(user),
            "batches": batches(user),
            "sample": monthly_sample(user, now.date()),
            "tips": told_count(waiting_for(user)) if user.has_perm("registry.handle_tip") else None,
            "uploads": uploads(user),
            "figures": figures(user) if not officer and reach(user, "registry.view_business") else None,
            "urls": urls(user),
            "field": field_work(user, now.date()),
        },
    )


def posts_ending(user, today):
    """What an admin is told about others' posts, capped counts as text; None for who renews none."""
    if not user.has_perm("registry.change_post"):
        return None
    others = Post.objects.exclude(user=user)
    return {
        "ending": capped(others.ending(today)),
        "in_grace": capped(others.in_grace(today)),
        "days": ENDS_SOON,
    }


def urls(user):
    """Where the sections lead."""
    queue = reverse("submission-queue")
    return {
        "new": reverse("submission-new"),
        "mine": reverse("submission-mine"),
        "queue": queue,
        "late": f"{queue}?overdue=true",
        "in_time": f"{queue}?overdue=false",
        "imports": reverse("import-list"),
        "admin": reverse("admin:index") if user.has_perm("registry.change_region") else "",
    }


def greeting(hour):
    """How one greets in Malang at this hour."""
    if hour < 11:
        return _("Selamat pagi")
    if hour < 15:
        return _("Selamat siang")
    return _("Selamat sore") if hour < 18 else _("Selamat malam")


def capped(queryset):
    """ "12" or "1.000+"."""
    count, more = capped_count(queryset, CAP)
    return number(count) + "+" * more


def own_work(user):
    """What this user's post sent that is theirs to go on with: returned first, then drafts, then news."""
    sent = here(
        Submission.objects.visible_to(user).sent_by_post(user), user, "kelurahan_now", "kelurahan_next"
    )
    shown = sent.select_related("kelurahan_now", "kelurahan_next").defer(*UNREAD)
    returned = shown.filter(status=Submission.Status.RETURNED).order_by("returned_at", "pk")
    drafts = shown.filter(status=Submission.Status.DRAFT).order_by("-proposed_at", "-pk")
    decided = shown.filter(status__in=[Submission.Status.APPROVED, Submission.Status.REJECTED])
    return {
        "moves": list(moves_to_answer(user).defer(*UNREAD)[:SHOWN]),
        "returned": [(row, first_note(row)) for row in returned[:SHOWN]],
        "drafts": list(drafts[:SHOWN]),
        "waiting": capped(sent.filter(status=Submission.Status.SUBMITTED)),
        "news": [news(row) for row in decided.order_by("-decided_at", "-pk")[:5]],
    }


def first_note(submission):
    """The first thing the reviewer asked for."""
    return next(iter((submission.notes or {}).values()), "") or submission.reason


def news(submission):
    approved = submission.status == Submission.Status.APPROVED
    return {
        "title": _("Disetujui") if approved else _("Ditolak"),
        "text": f"{submission.get_kind_display()}: {submission.title}",
        "at": submission.decided_at,
        "by": "",
        "url": reverse("submission-detail", args=[submission.uuid]),
    }


def still_active(user, today):
    """How many of the open businesses an officer serves were seen at work within the last half year."""
    there = reach(user, "registry.confirm_business")
    region = chosen(user)
    found = (
        here(Business.objects.visible_to(user), user)
        .filter(kelurahan__in=there.kelurahan)
        .exclude(operating_state=choices.OperatingState.CLOSED)
        .aggregate(total=Count("pk"), seen=Count("pk", filter=Q(last_confirmed_on__gte=today - STALE_AFTER)))
    )
    return found | {
        "left": found["total"] - found["seen"],
        "url": f"{OPEN}&confirmed=stale" + (f"&kelurahan={region.code}" if region else ""),
    }


def review_queue(user, today):
    """Ages in the review queue: how many are late, due today and in time, and the oldest few."""
    rows = queue_of(user).order_by("submitted_at", "pk")
    sent_on = [timezone.localtime(at).date() for at in rows.values_list("submitted_at", flat=True)[: CAP + 1]]
    clock = Ages(today)
    age_of = {day: clock.since(day) for day in set(sent_on)}
    ages = [age_of[day] for day in sent_on[:CAP]]
    late = sum(age > TARGET_WORKING_DAYS for age in ages)
    oldest = rows.select_related("kelurahan_now", "kelurahan_next").defer(*UNREAD)[:SHOWN]
    return {
        "count": number(len(ages)) + "+" * (len(sent_on) > CAP),
        "any": bool(ages),
        "late": late,
        "late_text": number(late) + "+" * (late == CAP),
        "due": ages.count(TARGET_WORKING_DAYS),
        "in_time": number(len(ages) - late) + "+" * (len(sent_on) > CAP),
        "limit": TARGET_WORKING_DAYS,
        "escalates": bool(late) and not decides_only_late(user) and escalates(),
        "oldest": [
            {
                "submission": row,
                "place": row.kelurahan_next or row.kelurahan_now,
                "age": age,
                "late": age > TARGET_WORKING_DAYS,
            }
            for row, age in zip(oldest, ages, strict=False)
        ],
    }


def batches(user):
    """Bulk changes and lists that wait for this user's decision, oldest first; None for who decides none."""
    if not reach(user, "registry.decide_import").everywhere:
        return None
    return list(batches_waiting(user).select_related("upload")[:SHOWN])


def monthly_sample(user, today):
    """How far last month's sample of light corrections was read; None for who reads none, or when done."""
    if not user.has_perm("registry.check_sample"):
        return None
    month = last_month(today)
    drawn = SampleCheck.objects.filter(month=month).aggregate(
        drawn=Count("pk"), checked=Count("pk", filter=Q(checked_at__isnull=False))
    )
    if not drawn["drawn"]:
        inside = {"decided_at__date__gte": month, "decided_at__date__lt": today.replace(day=1)}
        if not Submission.objects.filter(decided_rule=LIGHT_CORRECTION, **inside).exists():
            return None
    elif drawn["drawn"] == drawn["checked"]:
        return None
    return drawn | {"month": month_name(month), "url": f"{reverse('sample')}?bulan={month:%Y-%m}"}


def uploads(user):
    """The user's own newest uploads; None for who uploads none."""
    if not reach(user, "registry.upload_import"):
        return None
    rows = Import.objects.filter(uploaded_by=user).select_related("batch")
    return list(rows.order_by("-uploaded_at", "-pk")[:SHOWN])


def figures(user):
    """{"rows": [{value, label, url, definition}], "per"}: counted afresh at most once a minute per reach."""
    there = reach(user, "registry.view_business")
    where = "all" if there.everywhere else "-".join(map(str, sorted(there.kelurahan)))
    key = f"home-figures:{where}"
    kept = cache.get(key)
    if kept is None:
        rows = Business.objects.visible_to(user)
        found = [BusinessFilter(QueryDict(query), rows) for _label, query, _text in FIGURES]
        kept = timezone.now(), [0 if f.errors else f.qs.count() for f in found]
        cache.set(key, kept, FIGURES_KEPT)
    per, counts = kept
    return {
        "per": per,
        "rows": [
            {
                "value": number(count),
                "label": label,
                "definition": text,
                "url": f"{reverse('business-list')}?{query}",
            }
            for count, (label, query, text) in zip(counts, FIGURES, strict=True)
        ],
    }
