"""Industry class (IKM) of a manufacturer by Permenperin 64/2016. Pure.

Workers are counted in persons, investment in whole rupiah. Small: at most 19 workers and less than one
billion (land and buildings of the place of business left out). Medium: at most 19 workers and at least
one billion, or at least 20 workers and at most 15 billion. Large: at least 20 workers and more than 15
billion. Only KBLI section C (manufacturing) has a class; it stands beside the UMKM scale and does not
replace it.

Source: Permenperin 64/M-IND/PER/7/2016 on the number of workers and the value of investment that
classify an industry. Read on 22 November 2026 as quoted by Permenperin 27/M-IND/PER/7/2017 and in
copies of the text.
"""

from dataclasses import dataclass
from datetime import date

SMALL, MEDIUM, LARGE = "small", "medium", "large"
MANUFACTURING = "C"

BILLION = 1_000_000_000


@dataclass(frozen=True)
class Thresholds:
    """One regulation's bounds: workers in persons, investment in rupiah."""

    regulation: str
    effective_on: date
    few_workers: int  # at most
    small_investment_below: int
    medium_investment_up_to: int


# Oldest first; a new regulation becomes a new entry. Only the month of this one is certain here, so it
# counts from its first day.
THRESHOLDS = (
    Thresholds(
        regulation="Permenperin 64/M-IND/PER/7/2016",
        effective_on=date(2016, 7, 1),
        few_workers=19,
        small_investment_below=1 * BILLION,
        medium_investment_up_to=15 * BILLION,
    ),
)


@dataclass(frozen=True)
class IndustryClass:
    """`industry_class` is small, medium, large or ""; then `reason` says why.

    Reasons: not-manufacturing, no-regulation, workers-missing, investment-missing, band-crosses-bound.
    """

    industry_class: str
    article: str
    reason: str


def thresholds_on(day):
    """The bounds in force on `day`, or None before the first regulation known here."""
    in_force = [t for t in THRESHOLDS if t.effective_on <= day]
    return in_force[-1] if in_force else None


def class_by(rules, workers, investment_idr):
    """The class of one pair of figures. Raises ValueError when one is negative."""
    if workers < 0 or investment_idr < 0:
        raise ValueError("workers and investment are not negative")
    if workers <= rules.few_workers:
        return SMALL if investment_idr < rules.small_investment_below else MEDIUM
    return MEDIUM if investment_idr <= rules.medium_investment_up_to else LARGE


def industry_class(
    *,
    on,
    section,
    workers=None,
    workers_upper=None,
    investment_idr=None,
    investment_upper_idr=None,
):
    """The industry class on the day `on` of a business in KBLI `section`, as an `IndustryClass`.

    An upper end makes a band; a class is given only when both ends agree. The class never falls as
    workers or investment grow, so agreeing ends speak for everything between them.
    """
    if section != MANUFACTURING:
        return IndustryClass("", "", "not-manufacturing")
    rules = thresholds_on(on)
    if rules is None:
        return IndustryClass("", "", "no-regulation")
    people = _ends(workers, workers_upper)
    money = _ends(investment_idr, investment_upper_idr)
    if people is None:
        return IndustryClass("", rules.regulation, "workers-missing")
    if money is None:
        return IndustryClass("", rules.regulation, "investment-missing")
    low = class_by(rules, people[0], money[0])
    high = class_by(rules, people[1], money[1])
    if low != high:
        return IndustryClass("", rules.regulation, "band-crosses-bound")
    return IndustryClass(low, rules.regulation, "")


def _ends(lower, upper):
    """(lower, upper) of a band, equal ends for an exact figure, None when nothing is known."""
    if lower is None and upper is None:
        return None
    lower = 0 if lower is None else lower
    upper = lower if upper is None else upper
    if lower > upper:
        raise ValueError("the lower end of a band is above its upper end")
    return lower, upper
