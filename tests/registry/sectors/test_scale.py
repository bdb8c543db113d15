"""UMKM scale by PP 7/2021 pasal 35, at every bound, and annual sales from what people tell."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from registry.sectors.scale import (
    CAPITAL,
    LARGE,
    MEDIUM,
    MICRO,
    SALES,
    SMALL,
    THRESHOLDS,
    annual_sales,
    scale_by,
    scale_of,
    scale_of_band,
    thresholds_on,
)

BILLION = 1_000_000_000
IN_FORCE = date(2021, 2, 2)
TODAY = date(2026, 11, 22)
ORDER = [MICRO, SMALL, MEDIUM, LARGE]

CAPITAL_BOUNDS = [(MICRO, 1 * BILLION, SMALL), (SMALL, 5 * BILLION, MEDIUM), (MEDIUM, 10 * BILLION, LARGE)]
SALES_BOUNDS = [(MICRO, 2 * BILLION, SMALL), (SMALL, 15 * BILLION, MEDIUM), (MEDIUM, 50 * BILLION, LARGE)]

rupiah = st.integers(min_value=0, max_value=100 * BILLION)
near_capital = st.one_of(rupiah, *(st.integers(b - 2, b + 2) for _below, b, _above in CAPITAL_BOUNDS))
near_sales = st.one_of(rupiah, *(st.integers(b - 2, b + 2) for _below, b, _above in SALES_BOUNDS))
new = st.dates(min_value=IN_FORCE, max_value=TODAY)
old = st.dates(min_value=date(1900, 1, 1), max_value=IN_FORCE - timedelta(days=1))


@pytest.mark.parametrize(("at_bound", "bound", "above"), CAPITAL_BOUNDS)
def test_the_upper_bound_of_capital_belongs_to_the_smaller_scale(at_bound, bound, above):
    founded = {"on": TODAY, "founded_on": IN_FORCE}

    assert scale_of(capital_idr=bound, **founded).scale == at_bound
    assert scale_of(capital_idr=bound + 1, **founded).scale == above


@pytest.mark.parametrize(("at_bound", "bound", "above"), SALES_BOUNDS)
def test_the_upper_bound_of_sales_belongs_to_the_smaller_scale(at_bound, bound, above):
    founded = {"on": TODAY, "founded_on": date(2010, 5, 1)}

    assert scale_of(annual_sales_idr=bound, **founded).scale == at_bound
    assert scale_of(annual_sales_idr=bound + 1, **founded).scale == above


@given(founded_on=new, capital=near_capital, sales=near_sales)
def test_a_business_founded_under_the_regulation_goes_by_capital(founded_on, capital, sales):
    found = scale_of(on=TODAY, founded_on=founded_on, capital_idr=capital, annual_sales_idr=sales)

    assert (found.scale, found.basis, found.reason) == (_by(CAPITAL_BOUNDS, capital), CAPITAL, "")
    assert found.article == "PP 7/2021 pasal 35 ayat (3)"
    assert found.by_sales == _by(SALES_BOUNDS, sales)
    assert found.disagrees == (found.by_capital != found.by_sales)


@given(founded_on=old, capital=near_capital, sales=near_sales)
def test_an_earlier_business_goes_by_annual_sales(founded_on, capital, sales):
    found = scale_of(on=TODAY, founded_on=founded_on, capital_idr=capital, annual_sales_idr=sales)

    assert (found.scale, found.basis, found.reason) == (_by(SALES_BOUNDS, sales), SALES, "")
    assert found.article == "PP 7/2021 pasal 35 ayat (5)"


def test_the_criterion_changes_on_the_day_the_regulation_took_effect():
    figures = {"on": TODAY, "capital_idr": 1, "annual_sales_idr": 60 * BILLION}

    assert scale_of(founded_on=date(2021, 2, 1), **figures).scale == LARGE
    assert scale_of(founded_on=date(2021, 2, 2), **figures).scale == MICRO


@pytest.mark.parametrize(("year", "basis"), [(2020, SALES), (2022, CAPITAL)])
def test_the_year_of_founding_decides_when_it_can(year, basis):
    found = scale_of(on=TODAY, founded_year=year, capital_idr=1, annual_sales_idr=3 * BILLION)

    assert found.basis == basis


@given(year=st.sampled_from([None, 2021]), capital=near_capital, sales=near_sales)
def test_without_a_founding_date_a_scale_needs_both_figures_to_agree(year, capital, sales):
    found = scale_of(on=TODAY, founded_year=year, capital_idr=capital, annual_sales_idr=sales)

    if _by(CAPITAL_BOUNDS, capital) == _by(SALES_BOUNDS, sales):
        assert found.scale == _by(SALES_BOUNDS, sales)
    else:
        assert (found.scale, found.basis, found.reason) == ("", "", "founding-unknown")
        assert (found.by_capital, found.by_sales) == (_by(CAPITAL_BOUNDS, capital), _by(SALES_BOUNDS, sales))


@pytest.mark.parametrize("figures", [{"capital_idr": 5}, {"annual_sales_idr": 5}, {}])
def test_without_a_founding_date_one_figure_is_not_enough(figures):
    assert scale_of(on=TODAY, **figures).reason == "founding-unknown"
    assert scale_of(on=TODAY, **figures).scale == ""


def test_the_figure_that_counts_is_named_when_it_is_missing():
    assert scale_of(on=TODAY, founded_year=2024, annual_sales_idr=5).reason == "capital-missing"
    assert scale_of(on=TODAY, founded_year=2010, capital_idr=5).reason == "sales-missing"


@given(low=near_capital, width=rupiah)
def test_a_band_has_a_scale_only_when_both_ends_agree(low, width):
    found = scale_of(on=TODAY, founded_year=2024, capital_idr=low, capital_upper_idr=low + width)

    ends = {_by(CAPITAL_BOUNDS, low), _by(CAPITAL_BOUNDS, low + width)}
    if len(ends) == 1:
        assert found.scale == ends.pop()
    else:
        assert (found.scale, found.basis, found.reason) == ("", CAPITAL, "band-crosses-bound")


def test_a_band_up_to_an_amount_starts_at_nothing():
    bounds = THRESHOLDS[0].sales

    assert scale_of_band(bounds, None, 2 * BILLION) == MICRO
    assert scale_of_band(bounds, None, 2 * BILLION + 1) == ""


@given(a=near_sales, b=near_sales)
def test_more_never_means_a_smaller_scale(a, b):
    assume(a <= b)
    bounds = THRESHOLDS[0].sales

    assert ORDER.index(scale_by(bounds, a)) <= ORDER.index(scale_by(bounds, b))


def test_before_the_regulation_there_is_no_answer():
    assert thresholds_on(date(2021, 2, 1)) is None
    assert thresholds_on(IN_FORCE) == THRESHOLDS[0]
    assert scale_of(on=date(2021, 2, 1), founded_year=2010, annual_sales_idr=1).reason == "no-regulation"


@pytest.mark.parametrize("figures", [{"capital_idr": -1}, {"capital_idr": 5, "capital_upper_idr": 4}])
def test_impossible_figures_raise(figures):
    with pytest.raises(ValueError, match=r"negative|band"):
        scale_of(on=TODAY, founded_year=2024, **figures)


# ---- annual sales ----------------------------------------------------------------------------


@given(amount=rupiah, days=st.integers(1, 7))
def test_sales_per_day_count_the_days_open_and_52_weeks(amount, days):
    assert annual_sales(amount, "day", days).amount_idr == amount * days * 52


@pytest.mark.parametrize(
    ("period", "expected"), [("day", 312_000), ("week", 52_000), ("month", 12_000), ("year", 1_000)]
)
def test_a_thousand_rupiah_per_period_makes_so_much_a_year(period, expected):
    assert annual_sales(1_000, period).amount_idr == expected


def test_six_days_are_assumed_and_said_to_be():
    assumed, told = annual_sales(500_000, "day"), annual_sales(500_000, "day", 6)

    assert (assumed.amount_idr, assumed.days_assumed) == (156_000_000, True)
    assert (told.amount_idr, told.days_assumed) == (156_000_000, False)
    assert assumed.assumption == (
        "Omzet harian × 6 hari per minggu × 52 minggu. Jumlah hari buka tidak disebut, dianggap enam."
    )
    assert told.assumption == "Omzet harian × 6 hari per minggu × 52 minggu."


def test_nothing_told_is_no_annual_figure_and_zero_is_one():
    assert annual_sales(None, "month") is None
    assert annual_sales(1_000, "") is None
    assert annual_sales(0, "month").amount_idr == 0


@pytest.mark.parametrize("arguments", [(-1, "day"), (1, "day", 0), (1, "day", 8), (1, "decade")])
def test_an_impossible_period_raises(arguments):
    with pytest.raises(ValueError, match=r"negative|days|period"):
        annual_sales(*arguments)


def _by(bounds, amount):
    """The scale written out again, by the words of the article: "paling banyak" includes the amount."""
    return next((scale for scale, upper, _above in bounds if amount <= upper), LARGE)
