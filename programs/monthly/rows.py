"""The rows a month's figures count: one queryset a source, given the month's Span.

What counts by which day: the day that was meant by whoever recorded it (told, seen, visited, held), in
Jakarta; the office's own acts (sent, decided, closed) by our clock. What stands at a month's end (state of
a request, overdue, open, confirmed) is worked out as it was then. So a month that is over changes only when
something about it comes in late, and that is a correction.
"""

from datetime import date, timedelta

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Subquery, Value, When
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
    """Those recorded by the month's end, and whether they were open then (`was_open`), had been confirmed
    within 180 days (`fresh`), were seen in the month (`seen`) or ever before (`seen_ever`)."""
    after = Submission.objects.filter(
        business=OuterRef("pk"), status="approved", kind__in=["close", "reopen"], decided_at__gte=span.until
    ).order_by("decided_at", "pk")
    return (
        Business.objects.filter(merged_into=None, kelurahan__isnull=False, recorded_at__lt=span.until)
        .annotate(closing_after=Subquery(after.values("kind")[:1]))
        .annotate(
            was_open=Case(
                When(closing_after="close", then=Value(True)),
                When(closing_after="reopen", then=Value(False)),
                When(operating_state=OperatingState.CLOSED, then=Value(False)),
                default=Value(True),
            ),
            fresh=_sighted(span.day - STALE_AFTER, span.day, ["active"], visited=False),
            seen=_sighted(span.first, span.last, ["active", "temporary"], visited=True),
            seen_ever=_sighted(FIRST_DAY, span.last, ["active", "temporary"], visited=True),
        )
    )


def _sighted(start, end, answers, *, visited):
    """Whether somebody saw the business from `start` to `end`. The business keeps its newest confirmation
    only, so for a month gone by the answers themselves are asked too."""
    found = (
        Q(last_confirmed_on__range=(start, end))
        | Q(
            existence_verified_at__gte=midnight(start), existence_verified_at__lt=midnight(end + timedelta(1))
        )
        | Q(
            Exists(
                Check.objects.standing().filter(
                    business=OuterRef("pk"), answer__in=answers, seen_on__range=(start, end)
                )
            )
        )
    )
    if visited:
        found |= Q(Exists(Visit.objects.done().filter(business=OuterRef("pk"), on__range=(start, end))))
    return Case(When(found, then=Value(True)), default=Value(False))


def within(name, span):
    return Q(**{f"{name}__gte": span.since, f"{name}__lt": span.until})
