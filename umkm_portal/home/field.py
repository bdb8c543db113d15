"""What of the field waits for whoever opens the home: reports, visits, problems, monthly reports, proposals.

Each part is asked for by the permission it belongs to, in a number of questions that does not grow with rows.
"""

from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.monthly.models import APPROVE
from programs.monthly.reminding import reminders
from programs.visits import follow_ups, proposals
from programs.visits.days import VisitDay
from programs.visits.follow_ups import FollowUp
from programs.visits.models import RECORD, Visit
from programs.visits.proposals import Proposal
from registry.regions.access import reach
from registry.regions.working import here
from registry.reports.models import REPORT, SCHEDULE, VIEW, VisitRequest
from registry.reports.needs import Urgency
from umkm_portal.home.context import open_to

SHOWN = 5
NEWS = timedelta(days=30)  # how long a closed report counts as news
State = VisitRequest.State


def field_work(user, today):
    """{part: what it shows, or None where it is not this user's}."""
    told = reach(user, REPORT)
    officer = bool(told) and not told.everywhere
    office = bool(reach(user, SCHEDULE))
    return {
        "reported": reported(user, told, today) if officer else None,
        "monthly": reminders(user, today),
        "signs": bool(reach(user, APPROVE)),
        "board": board(user, today) if office else None,
        "days": days(today) if reach(user, RECORD) else None,
        "watched": watched(user, today) if not officer and not office and reach(user, VIEW) else None,
        "problems": problems(user, today) if reach(user, follow_ups.ANSWER) else None,
        "handed": handed(user, today) if reach(user, follow_ups.HANDED) else None,
        "proposed": proposed(user) if reach(user, proposals.ANSWER) else None,
        "late_url": _with("follow-up-list", user, "overdue=true"),
        "new_proposals_url": _with("proposal-list", user, "state=new"),
        "urls": {
            name.replace("-", "_"): open_to(user, name)
            for name in (
                "report-need", "checks-walk", "check-list", "proposal-log", "proposal-list",
                "visit-request-list", "visit-board", "visit-list", "follow-up-list", "monthly-list", "needs",
            )
        },
    }  # fmt: skip


def _with(name, user, query):
    """The address of a list with a filter on, or "" where it is not the user's."""
    url = open_to(user, name)
    return f"{url}?{query}" if url else ""


def reported(user, told, today):
    """How the reports of the officer's kelurahan stand, the next visits and the latest answers."""
    rows = here(VisitRequest.objects.visible_to(user), user).filter(kelurahan__in=told.kelurahan)
    since = timezone.now() - NEWS
    counts = rows.aggregate(
        new=Count("pk", filter=Q(state=State.NEW)),
        scheduled=Count("pk", filter=Q(state=State.SCHEDULED)),
        visited=Count("pk", filter=Q(state=State.VISITED)),
        closed=Count("pk", filter=Q(state=State.CLOSED, closed_at__gte=since)),
    )
    shown = rows.select_related("business", "kelurahan").defer("note", "answer")
    coming = shown.filter(state=State.SCHEDULED).order_by("scheduled_on", "pk")[:SHOWN]
    answered = shown.filter(state=State.CLOSED, closed_at__gte=since).order_by("-closed_at", "-pk")[:3]
    return {
        "any": any(counts.values()),
        "told": [
            (_("baru"), counts["new"]),
            (_("dijadwalkan"), counts["scheduled"]),
            (_("dikunjungi"), counts["visited"]),
            (_("selesai 30 hari ini"), counts["closed"]),
        ],
        "coming": list(coming),
        "answered": list(answered),
    }


def board(user, today):
    """What stands on the board without a day."""
    rows = VisitRequest.objects.visible_to(user).filter(state=State.NEW)
    return rows.aggregate(total=Count("pk"), urgent=Count("pk", filter=Q(urgency=Urgency.URGENT)))


def days(today):
    """Today's visit days with what is left of them, else the next one."""
    rows = VisitDay.objects.filter(on__gte=today, cancelled_at=None).annotate(
        total=Count("visits", filter=~Q(visits__state=Visit.State.CANCELLED)),
        left=Count("visits", filter=Q(visits__state=Visit.State.PLANNED)),
    )
    found = list(rows.order_by("on", "pk")[:SHOWN])
    now = [day for day in found if day.on == today]
    return {"today": bool(now), "rows": now or found[:1]}


def watched(user, today):
    """For who reads the field without acting in it: reports that are open, and visits this month."""
    return {
        "open": VisitRequest.objects.visible_to(user).open().count(),
        "visited": Visit.objects.visible_to(user).done().filter(on__gte=today.replace(day=1)).count(),
        "late": FollowUp.objects.visible_to(user).overdue(today).count(),
    }


def problems(user, today):
    """Open follow-ups in reach, and those past their day."""
    there = reach(user, follow_ups.ANSWER)
    rows = FollowUp.objects.open()
    if not there.everywhere:
        rows = rows.filter(kelurahan__in=there.kelurahan)
    return rows.aggregate(total=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))


def handed(user, today):
    """What was handed to an organisation the user acts for, where their post lies, the most urgent first."""
    rows = FollowUp.objects.handed_to(user).open()
    counts = rows.aggregate(total=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
    shown = rows.select_related("kelurahan__parent", "business", "organisation", "visit").defer("evidence")
    found = list(shown.order_by("due_on", "pk")[:SHOWN])
    for row in found:
        row.late = row.is_overdue(today)
    return counts | {"rows": found}


def proposed(user):
    """How many proposals nobody has answered."""
    return Proposal.objects.visible_to(user).filter(state=Proposal.State.NEW).count()
