"""Industry class (IKM) by Permenperin 64/2016, at every bound."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.sectors.industry import LARGE, MEDIUM, SMALL, industry_class

BILLION = 1_000_000_000
TODAY = date(2026, 11, 22)
ORDER = [SMALL, MEDIUM, LARGE]

workers = st.one_of(st.integers(0, 500), st.sampled_from([18, 19, 20, 21]))
investment = st.one_of(
    st.integers(0, 40 * BILLION),
    st.integers(1 * BILLION - 2, 1 * BILLION + 2),
    st.integers(15 * BILLION - 2, 15 * BILLION + 2),
)


def class_of(workers, investment, **more):
    return industry_class(on=TODAY, section="C", workers=workers, investment_idr=investment, **more)


@pytest.mark.parametrize(
    ("people", "money", "expected"),
    [
        (19, 1 * BILLION - 1, SMALL),
        (19, 1 * BILLION, MEDIUM),
        (19, 15 * BILLION + 1, MEDIUM),
        (20, 0, MEDIUM),
        (20, 1 * BILLION - 1, MEDIUM),
        (20, 15 * BILLION, MEDIUM),
        (20, 15 * BILLION + 1, LARGE),
        (0, 0, SMALL),
    ],
)
def test_each_bound_falls_on_the_side_the_regulation_says(people, money, expected):
    assert class_of(people, money).industry_class == expected


@given(people=workers, money=investment)
def test_every_pair_of_figures_has_the_class_of_the_text(people, money):
    found = class_of(people, money)

    small = people <= 19 and money < 1 * BILLION
    medium = (people <= 19 and money >= 1 * BILLION) or (people >= 20 and money <= 15 * BILLION)
    assert [found.industry_class] == [SMALL] * small + [MEDIUM] * medium + [LARGE] * (
        not small and not medium
    )
    assert found.article == "Permenperin 64/M-IND/PER/7/2016"


@given(section=st.sampled_from("ABDEFGHIJKLMNOPQRSTUV"), people=workers, money=investment)
def test_only_manufacturing_has_a_class(section, people, money):
    found = industry_class(on=TODAY, section=section, workers=people, investment_idr=money)

    assert (found.industry_class, found.reason) == ("", "not-manufacturing")


@given(people=workers, more_people=workers, money=investment, more_money=investment, share=st.floats(0, 1))
def test_agreeing_ends_of_bands_speak_for_everything_between(people, more_people, money, more_money, share):
    people, more_people = sorted((people, more_people))
    money, more_money = sorted((money, more_money))
    found = class_of(people, money, workers_upper=more_people, investment_upper_idr=more_money)

    low, high = class_of(people, money).industry_class, class_of(more_people, more_money).industry_class
    between = class_of(
        people + int((more_people - people) * share), money + int((more_money - money) * share)
    ).industry_class
    if low == high:
        assert (found.industry_class, between) == (low, low)
    else:
        assert (found.industry_class, found.reason) == ("", "band-crosses-bound")
        assert ORDER.index(low) <= ORDER.index(between) <= ORDER.index(high)


def test_a_missing_figure_is_named():
    assert class_of(None, 5).reason == "workers-missing"
    assert class_of(5, None).reason == "investment-missing"
    assert industry_class(on=date(2016, 6, 30), section="C", workers=1).reason == "no-regulation"


@pytest.mark.parametrize(("people", "money", "upper"), [(-1, 0, None), (1, -1, None), (5, 0, 4)])
def test_impossible_figures_raise(people, money, upper):
    with pytest.raises(ValueError, match=r"negative|band"):
        class_of(people, money, workers_upper=upper)
