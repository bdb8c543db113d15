"""The date a business is left with when an answer that confirmed it is taken back."""

from django.db.models import Max
from django.utils import timezone

from accounts.models import AuditEntry
from registry.submissions.models import Submission


def day_without(check, business):
    """The day on which `business` (locked) was last confirmed, or None, as if `check` and all that were taken
    back had never been; the check's own day where something else confirms it, too. Call it with the check
    already marked as taken back."""
    answers = type(check).objects.filter(business=business, confirms=True)
    standing, undone = answers.standing(), answers.exclude(taken_back_at=None)
    day = check.seen_on
    while day and (first := undone.filter(seen_on=day).order_by("pk").first()):
        if first.confirmed_before == day or standing.filter(seen_on=day).exists():
            break
        if _confirmed_otherwise(business, day, undone.filter(seen_on=day).count()):
            break
        day = first.confirmed_before
    latest = standing.aggregate(day=Max("seen_on"))["day"]
    return max((each for each in (day, latest) if each), default=None)


def _confirmed_otherwise(business, day, answers):
    """Whether anything but these `answers` (how many) confirmed it on `day`: by hand, by a verification, or
    by what somebody proposed about its state (submissions/apply.py)."""
    verified = business.existence_verified_at
    if verified and timezone.localdate(verified) == day:
        return True
    told = AuditEntry.objects.filter(act="business.confirmed", about=business.uuid)
    if sum(entry.detail.get("on") == day.isoformat() for entry in told) > answers:
        return True
    decided = Submission.objects.filter(business=business, status=Submission.Status.APPROVED)
    return any(
        timezone.localdate(each.proposed_at) == day
        for each in decided.exclude(source=Submission.Source.IMPORT)
        if each.kind == Submission.Kind.REGISTER or "operating_state" in each.values
    )
