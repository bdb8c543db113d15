"""Counting working days, Monday to Friday without holidays. Pure.

The office's five-day week and the joint leave days (cuti bersama) follow the yearly joint decree of three
ministers (SKB 3 Menteri); the days themselves are data (`Holiday.set_between`).
"""

from datetime import timedelta

WORKDAYS_PER_WEEK = 5


def is_working_day(day, holidays):
    """Monday to Friday and no holiday; `holidays` is a set of dates."""
    return day.weekday() < WORKDAYS_PER_WEEK and day not in holidays


def working_days_between(start, end, holidays):
    """Working days after `start` up to and including `end`: 1 from a Monday to the Tuesday after it.

    This is the age in working days, on the day `end`, of what came in on the day `start`; 0 when `end` is
    not after `start`. `holidays` is a set of dates covering the days between.
    """
    if end <= start:
        return 0
    weeks, rest = divmod((end - start).days, 7)
    weekdays = weeks * WORKDAYS_PER_WEEK + sum(
        (end - timedelta(days=back)).weekday() < WORKDAYS_PER_WEEK for back in range(rest)
    )
    return weekdays - sum(start < day <= end and day.weekday() < WORKDAYS_PER_WEEK for day in holidays)
