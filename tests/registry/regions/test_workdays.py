"""Working days: Monday to Friday without the office's holidays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.regions.models import Holiday
from registry.regions.workdays import is_working_day, working_days_between

MONDAY = date(2026, 11, 16)
days = st.dates(min_value=date(2024, 1, 1), max_value=date(2028, 12, 31))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (MONDAY, MONDAY, 0),
        (MONDAY, date(2026, 11, 17), 1),
        (date(2026, 11, 20), date(2026, 11, 22), 0),  # Friday to Sunday
        (date(2026, 11, 20), date(2026, 11, 23), 1),  # Friday to Monday
        (date(2026, 11, 21), date(2026, 11, 23), 1),  # Saturday to Monday
        (MONDAY, date(2026, 11, 23), 5),
        (date(2026, 11, 23), MONDAY, 0),
    ],
)
def test_the_day_something_came_in_does_not_count_and_today_does(start, end, expected):
    assert working_days_between(start, end, set()) == expected


def test_a_holiday_counts_only_when_it_takes_a_working_day_away():
    friday, next_friday = date(2026, 11, 20), date(2026, 11, 27)

    assert working_days_between(friday, next_friday, {date(2026, 11, 25)}) == 4
    assert working_days_between(friday, next_friday, {date(2026, 11, 22)}) == 5
    assert working_days_between(friday, next_friday, {friday, date(2026, 11, 30)}) == 5


@given(
    start=days,
    length=st.integers(-5, 60),
    holidays=st.sets(days, max_size=5),
    near=st.sets(st.integers(0, 60)),
)
def test_it_equals_counting_the_days_one_by_one(start, length, holidays, near):
    end = start + timedelta(days=length)
    off = holidays | {start + timedelta(days=n) for n in near}

    one_by_one = sum(is_working_day(start + timedelta(days=n), off) for n in range(1, length + 1))
    assert working_days_between(start, end, off) == one_by_one


@pytest.mark.django_db
def test_the_holidays_between_two_days_include_both_ends():
    for day in (15, 16, 20, 21):
        Holiday.objects.create(on=date(2026, 11, day), name="libur")

    assert Holiday.set_between(date(2026, 11, 16), date(2026, 11, 20)) == {
        date(2026, 11, 16),
        date(2026, 11, 20),
    }
