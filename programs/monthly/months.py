"""A calendar month in Jakarta: its bounds, its last working day, and the day its report is due. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from registry.regions.workdays import is_working_day

# The report of a month is due on this working day of the month after it (docs/decisions/0013).
DUE_WORKING_DAY = 5


@dataclass(frozen=True)
class Span:
    """One month: `first` and `last` day, the moments `since` (included) and `until` (not included), and the
    day `day` as of which things are counted: the last one, or today while the month still runs."""

    first: date
    last: date
    since: datetime
    until: datetime
    day: date


def first_of(day):
    return day.replace(day=1)


def next_month(day):
    """The first day of the month after the one `day` lies in."""
    return first_of(first_of(day) + timedelta(days=31))


def month_before(day):
    """The first day of the month before the one `day` lies in."""
    return first_of(first_of(day) - timedelta(days=1))


def midnight(day):
    """The moment `day` begins in Jakarta."""
    return timezone.make_aware(datetime.combine(day, time.min))


def span_of(month, today=None):
    """The Span of the month that begins on `month`."""
    after = next_month(month)
    last = after - timedelta(days=1)
    day = min(today or timezone.localdate(), last)
    return Span(month, last, midnight(month), midnight(after), day)


def last_working_day(month, holidays):
    """From this day on the month's report may be sent. `holidays` is a set of dates covering the month."""
    day = next_month(month) - timedelta(days=1)
    while not is_working_day(day, holidays) and day > month:
        day -= timedelta(days=1)
    return day


def due_on(month, holidays):
    """The day by which the month's report is expected: DUE_WORKING_DAY of the month after it."""
    day, left = next_month(month) - timedelta(days=1), DUE_WORKING_DAY
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day, holidays)
    return day


def parse(text):
    """ "2026-10" -> 1 October 2026; None for what names no month of this century."""
    try:
        month = datetime.strptime(text, "%Y-%m").date()
    except (ValueError, TypeError):
        return None
    return month if len(text) == 7 and 2020 <= month.year < 2100 else None
