"""The verification queue: what waits for a decision, whose it is to decide, and its page."""

from urllib.parse import urlencode

from django.db.models import Q
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import requires
from registry.regions.access import reach
from registry.regions.models import Post, Region
from registry.regions.roles import PERMISSIONS, Role
from registry.submissions.ages import TARGET_WORKING_DAYS, Ages
from registry.submissions.batches import Batch
from registry.submissions.filters import QueueFilter, stated
from registry.submissions.models import Submission
from umkm_portal.lib.formats import number
from umkm_portal.lib.paging import KeysetPage, capped_count

DECIDE, DECIDE_LATE = "registry.decide_submission", "registry.decide_escalated"
HEADS = [role for role in Role if DECIDE_LATE in PERMISSIONS[role]]
UNREAD = (
    "values",
    "items",
    "sealed",
    "note",
    "notes",
    "reason",
    "mends",
)  # sealed; a list has no use for them
BATCHES_SHOWN = 20


def decides_only_late(user):
    """Whether this user decides what others left too long, and nothing else: the head of section."""
    return bool(reach(user, DECIDE_LATE)) and not reach(user, DECIDE)


def queue_of(user, ages=None):
    """What waits for a decision by `user`: the queue, or only what is overdue for the head of section."""
    rows = Submission.objects.visible_to(user).waiting()
    if decides_only_late(user):
        rows = rows.filter(submitted_at__lt=(ages or Ages()).overdue_before())
    return rows


def batches_waiting(user):
    """Bulk changes and lists that wait for a decision `user` may take, oldest first."""
    kinds = [
        kind
        for kind, permission in ((Batch.Kind.BULK, DECIDE), (Batch.Kind.IMPORT, "registry.decide_import"))
        if reach(user, permission).everywhere
    ]
    rows = Batch.objects.visible_to(user).filter(state=Batch.State.SUBMITTED, kind__in=kinds)
    return rows.exclude(proposed_by=user).select_related("proposed_by").order_by("proposed_at", "pk")


def filtered_queue(request, ages=None):
    """(filterset, waiting rows as the address asks, sentences about what in it was not understood)."""
    rows = queue_of(request.user, ages)
    filterset = QueueFilter(stated(request.GET), rows, request=request)
    problems = filterset.unread(("after", "before"))
    return filterset, filterset.qs if not filterset.errors else rows.none(), problems


def kept_query(request):
    """The address's query without cursors: filters that go along from one page to the next."""
    return urlencode(
        [(k, v) for k, vs in request.GET.lists() for v in vs if v and k not in ("after", "before")]
    )


def row_shown(submission, ages, user, query=""):
    """One line of the queue."""
    return {
        "submission": submission,
        "age": ages.of(submission),
        "overdue": ages.is_overdue(submission),
        "place": (submission.kelurahan_next or submission.kelurahan_now),
        "own": submission.proposed_by_id == user.pk or submission.submitted_by_id == user.pk,
        "url": submission.review_url + (f"?{query}" if query else ""),
    }


def escalates():
    """Whether somebody serves who decides what waits too long."""
    return Post.objects.current().filter(role__in=HEADS).exists()


def told_count(queryset):
    """(number, "1.000+") of rows, counted up to the cap."""
    count, more = capped_count(queryset)
    return count, number(count) + "+" * more


def _bar(filterset, there):
    """The queue's filter bar: what can be chosen and what is."""
    data = filterset.data
    places = Region.objects.kelurahan().filter(
        Q(pk__in=there.values("kelurahan_next")) | Q(pk__in=there.values("kelurahan_now"))
    )
    return {
        "kelurahan": list(places.order_by("name")),
        "kelurahan_on": data.getlist("kelurahan"),
        "kinds": Submission.Kind.choices,
        "kinds_on": data.getlist("kind"),
        "overdue": data.get("overdue", ""),
    }


@requires(DECIDE, DECIDE_LATE)
@require_safe
def submission_queue(request):
    """What waits for a decision, the longest waiting first."""
    user, ages = request.user, Ages()
    filterset, rows, problems = filtered_queue(request, ages)
    query = kept_query(request)
    page = KeysetPage(request, rows.for_list().defer(*UNREAD), "submitted_at", 25)
    if page.bad_cursor:
        problems.append(_("Halaman lanjutan di alamat ini tidak dikenali, jadi antrean mulai dari awal."))
    _count, count_text = told_count(rows)
    late, late_text = told_count(rows.filter(submitted_at__lt=ages.overdue_before()))
    return render(
        request,
        "registry/submissions/queue.html",
        {
            "rows": [row_shown(s, ages, user, query) for s in page.rows],
            "page": page,
            "count_text": count_text,
            "late": late,
            "late_text": late_text,
            "target": TARGET_WORKING_DAYS,
            "only_late": decides_only_late(user),
            "escalates": late and escalates(),
            "batches": list(batches_waiting(user)[:BATCHES_SHOWN]),
            "may_together": bool(reach(user, DECIDE)) and page.rows,
            "may_sample": user.has_perm("registry.check_sample"),
            "query": query,
            "bar": _bar(filterset, queue_of(user, ages)),
            "chips": filterset.chips(),
            "problems": problems,
        },
    )
