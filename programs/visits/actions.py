"""Acts on several things at once: a visit with the problems it found, a request with its planned visit."""

from django.db import transaction

from programs.visits.days import VisitDay
from programs.visits.follow_ups import FollowUp
from programs.visits.models import Visit


@transaction.atomic
def record_visit(visit, *, by, follow_ups=(), **found):
    """Write down a visit, and open a follow-up for each problem it names; returns the follow-ups.

    `follow_ups` are the keywords of FollowUp.open_for, each with a `uuid`: sent twice they are opened once.
    Raises Refused as Visit.record and FollowUp.open_for do; then nothing is kept.
    """
    visit.record(by=by, **found)
    return [FollowUp.open_for(visit=visit, by=by, **one) for one in follow_ups]


@transaction.atomic
def record_unplanned(*, uuid, by, follow_ups=(), **told):
    """As `record_visit` for a visit nobody planned; returns (visit, whether new). See Visit.unplanned."""
    visit, new = Visit.unplanned(uuid=uuid, by=by, **told)
    for one in follow_ups:
        FollowUp.open_for(visit=visit, by=by, **one)
    return visit, new


@transaction.atomic
def schedule(requests, *, by, day=None, on=None, title="", who=""):
    """Put requests into `day`, or into a new one on `on`; returns the day. Raises Refused as VisitDay.plan
    and VisitDay.add do; then there is no new day either."""
    if day is None:
        day = VisitDay.plan(on=on, by=by, title=title, who=who)
    day.add(requests, by=by)
    return day


def close_request(request, *, outcome, by, answer=""):
    """Finish a request with what came of it; a visit still planned for it leaves its day. Raises Refused as
    VisitRequest.close does."""
    planned = Visit.objects.filter(request=request, state=Visit.State.PLANNED).select_related("day")
    while True:
        with transaction.atomic():
            # Days and visits are locked before requests, everywhere: so the plan goes first.
            for visit in planned.all():
                visit.day.remove(visit, by=by)
            request.close(outcome=outcome, by=by, answer=answer)
            if not planned.exists():
                return
            transaction.set_rollback(True)  # somebody planned it between the two: once more
