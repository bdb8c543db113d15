"""The rows a month's figures count: one queryset a source, given the month's Span.

What counts by which day: the day that was meant by whoever recorded it (told, seen, visited, held), in
Jakarta; the office's own acts (sent, decided, closed) by our clock. What stands at a month's end (state of
a request, overdue, open, confirmed) is worked out as it was then. So a month that is over changes only when
something about it comes in late, and that is a correction.
"""

from datetime import date, timedelta

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce

from programs.monthly.months import midnight
from programs.visits.follow_ups import FollowUp
from programs.visits.mentoring import MentoringSession
from programs.visits.models import Visit
from programs.visits.proposals import Proposal
from registry.businesses.choices import OperatingState
from registry.businesses.filters import STALE_AFTER
from registry.businesses.models import Business
from registry.checks.models import Check
from registry.reports.models import VisitRequest
from registry.submissions.models import Submission

FIRST_DAY = date(2000, 1, 1)  # "ever" begins here
State = VisitRequest.State


def requests(span):
    """Reports told in the month, with the state they had when it ended (`stood`)."""
    days = (span.first.toordinal(), span.last.toordinal())
    stood = Case(
        When(state=State.WITHDRAWN, closed_at__lt=span.until, then=Value("withdrawn")),
        When(state=State.CLOSED, closed_at__lt=span.until, then=Value("closed")),
        When(visited_on__lte=span.last, then=Value("visited")),
        When(scheduled_at__lt=span.until, then=Value("scheduled")),
        default=Value("new"),
        output_field=CharField(),
    )
    return VisitRequest.objects.filter(told_day__range=days).annotate(stood=stood)


def checks(span):
    return Check.objects.standing().filter(seen_on__range=(span.first, span.last))


def submissions(span):
    """What was sent one by one about a kelurahan; lists are decided as one, visitors' reports are no work of
    the kelurahan. A move counts where it was asked for."""
    place = Case(
        When(kind=Submission.Kind.MOVE, kelurahan_now__isnull=False, then=F("kelurahan_now")),
        default=Coalesce("kelurahan_next", "kelurahan_now"),
    )
    return (
        Submission.objects.filter(batch=None)
        .exclude(source=Submission.Source.TIP)
        .filter(within("submitted_at", span) | within("decided_at", span))
        .annotate(place=place)
    )


def visits(span):
    return Visit.objects.filter(
        state__in=[Visit.State.DONE, Visit.State.MISSED], on__range=(span.first, span.last)
    )


def follow_ups(span):
    """Those that were open at some moment of the month."""
    return FollowUp.objects.filter(Q(closed_at=None) | Q(closed_at__gte=span.since), opened_at__lt=span.until)


def sessions(span):
    return MentoringSession.objects.filter(on__range=(span.first, span.last))


def proposals(span):
    return Proposal.objects.filter(Q(held_on__range=(span.first, span.last)) | within("answered_at", span))


def businesses(span):
    """Those recorded by the month's end."""
    return Business.objects.filter(merged_into=None, kelurahan__isnull=False, recorded_at__lt=span.until)


def was_open(span):
    """Q: open when the month ended. What was decided since tells: first closed means it was open before."""
    since = Submission.objects.filter(
        status=Submission.Status.APPROVED, kind__in=["close", "reopen"], decided_at__gte=span.until
    )
    earlier = since.filter(business=OuterRef("business")).filter(
        Q(decided_at__lt=OuterRef("decided_at")) | Q(decided_at=OuterRef("decided_at"), pk__lt=OuterRef("pk"))
    )
    first = since.filter(~Exists(earlier))
    return Q(pk__in=first.filter(kind="close").values("business")) | (
        ~Q(operating_state=OperatingState.CLOSED) & ~Q(pk__in=first.filter(kind="reopen").values("business"))
    )


def sighted(start, end, answers, *, visited, brief=False):
    """Q: somebody saw the business from `start` to `end`. The business keeps its newest confirmation only,
    so for a month gone by the answers themselves are asked too: of the businesses it does not decide, each
    by its own entries in an index, which does not grow with what the whole city ever answered. In a `brief`
    time few are seen, and so few answers are sooner read as one set than nearly every business asked.
    """
    answered = Check.objects.standing().filter(answer__in=answers, seen_on__range=(start, end))
    done = Visit.objects.done().filter(business__isnull=False, on__range=(start, end))
    found = Q(last_confirmed_on__range=(start, end)) | Q(
        existence_verified_at__gte=midnight(start), existence_verified_at__lt=midnight(end + timedelta(1))
    )
    for rows in (answered, done) if visited else (answered,):
        if brief:
            found |= Q(pk__in=rows.values("business"))
        else:
            found |= Q(Exists(rows.filter(business=OuterRef("pk"))))
    return found


def fresh(span):
    """Q: confirmed as active within the half year before the month's end."""
    return sighted(span.day - STALE_AFTER, span.day, ["active"], visited=False)


def seen(span):
    """Q: seen in the month."""
    return sighted(span.first, span.last, ["active", "temporary"], visited=True, brief=True)


def seen_ever(span):
    """Q: seen at any time until the month's end."""
    return sighted(FIRST_DAY, span.last, ["active", "temporary"], visited=True)


def within(name, span):
    return Q(**{f"{name}__gte": span.since, f"{name}__lt": span.until})
