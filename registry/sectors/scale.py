"""Scale of a business (UMKM) by PP 7/2021 pasal 35, and annual sales from what people tell. Pure.

Amounts are whole rupiah. Capital (modal usaha) leaves out the land and buildings of the place of
business; sales are per year. Upper bounds are inclusive ("paling banyak"). Which criterion counts:
capital for a business founded on or after the day the regulation took effect (2 February 2021),
annual sales for one founded earlier.

Source: PP 7/2021 pasal 35 ayat (3) (capital) and ayat (5) (annual sales), in force since it was
promulgated on 2 February 2021. Read on 22 November 2026 as quoted in DDTC News of 23 February 2021 and
in copies of the text; the amounts agree in all of them.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

MICRO, SMALL, MEDIUM, LARGE = "micro", "small", "medium", "large"
CAPITAL, SALES = "capital", "sales"

BILLION = 1_000_000_000


@dataclass(frozen=True)
class Thresholds:
    """One regulation's amounts: inclusive upper bounds in rupiah, from the smallest scale upwards."""

    regulation: str
    effective_on: date
    capital: tuple
    capital_article: str
    sales: tuple
    sales_article: str


# Oldest first. Pasal 35 lets the amounts be changed; a new regulation becomes a new entry, not an edit.
THRESHOLDS = (
    Thresholds(
        regulation="PP 7/2021",
        effective_on=date(2021, 2, 2),
        capital=((MICRO, 1 * BILLION), (SMALL, 5 * BILLION), (MEDIUM, 10 * BILLION)),
        capital_article="PP 7/2021 pasal 35 ayat (3)",
        sales=((MICRO, 2 * BILLION), (SMALL, 15 * BILLION), (MEDIUM, 50 * BILLION)),
        sales_article="PP 7/2021 pasal 35 ayat (5)",
    ),
)


@dataclass(frozen=True)
class Scale:
    """What the figures say about a business's scale.

    `scale` is micro, small, medium, large, or "" when it cannot be told; then `reason` says why:
    no-regulation, founding-unknown, capital-missing, sales-missing, or band-crosses-bound (the two ends
    of a band lie in different scales). `basis` is the criterion that counts (capital, sales, or "" while
    it is unknown) and `article` its source. `by_capital` and `by_sales` hold what either figure alone
    would say ("" without a figure), so that a page can show where they disagree.
    """

    scale: str
    basis: str
    article: str
    reason: str
    by_capital: str
    by_sales: str

    @property
    def disagrees(self):
        """Both figures are known and they say different scales."""
        return bool(self.by_capital and self.by_sales and self.by_capital != self.by_sales)


def thresholds_on(day):
    """The amounts in force on `day`, or None before the first regulation known here."""
    in_force = [t for t in THRESHOLDS if t.effective_on <= day]
    return in_force[-1] if in_force else None


def scale_by(bounds, amount_idr):
    """The scale of one amount: the first inclusive upper bound it does not pass, else large."""
    _refuse_negative(amount_idr)
    for scale, upper in bounds:
        if amount_idr <= upper:
            return scale
    return LARGE


def scale_of_band(bounds, lower_idr, upper_idr=None):
    """The scale of an exact amount or a band; "" when unknown or when the ends of the band disagree.

    `upper_idr` None means an exact amount; `lower_idr` None with an upper end means "at most".
    Raises ValueError for a negative amount or a band turned round.
    """
    if lower_idr is None and upper_idr is None:
        return ""
    lower_idr = 0 if lower_idr is None else lower_idr
    upper_idr = lower_idr if upper_idr is None else upper_idr
    if lower_idr > upper_idr:
        raise ValueError("the lower end of a band is above its upper end")
    low, high = scale_by(bounds, lower_idr), scale_by(bounds, upper_idr)
    return low if low == high else ""


def scale_of(
    *,
    on,
    founded_on=None,
    founded_year=None,
    capital_idr=None,
    capital_upper_idr=None,
    annual_sales_idr=None,
    annual_sales_upper_idr=None,
):
    """The scale of a business on the day `on`, as a `Scale`.

    An unknown founding date (or only the year in which the regulation took effect) decides no criterion:
    then a scale is given only when capital and sales are both known and agree.
    """
    rules = thresholds_on(on)
    if rules is None:
        return Scale("", "", "", "no-regulation", "", "")
    by_capital = scale_of_band(rules.capital, capital_idr, capital_upper_idr)
    by_sales = scale_of_band(rules.sales, annual_sales_idr, annual_sales_upper_idr)
    new = _founded_after(rules.effective_on, founded_on, founded_year)
    if new is None:
        if by_capital and by_capital == by_sales:
            return Scale(by_capital, CAPITAL, rules.capital_article, "", by_capital, by_sales)
        return Scale("", "", "", "founding-unknown", by_capital, by_sales)
    if new:
        scale, basis, article = by_capital, CAPITAL, rules.capital_article
        told = (capital_idr, capital_upper_idr) != (None, None)
    else:
        scale, basis, article = by_sales, SALES, rules.sales_article
        told = (annual_sales_idr, annual_sales_upper_idr) != (None, None)
    reason = "" if scale else "band-crosses-bound" if told else f"{basis}-missing"
    return Scale(scale, basis, article, reason, by_capital, by_sales)


def _founded_after(effective_on, founded_on, founded_year):
    """True from the effective day on, False before it, None when that cannot be told."""
    if founded_on is not None:
        return founded_on >= effective_on
    if founded_year is None or founded_year == effective_on.year:
        return None
    return founded_year > effective_on.year


def _refuse_negative(amount):
    if amount < 0:
        raise ValueError("an amount in rupiah is not negative")


# ---- annual sales from what people tell ------------------------------------------------------

DAY, WEEK, MONTH, YEAR = "day", "week", "month", "year"
WEEKS_PER_YEAR = 52
MONTHS_PER_YEAR = 12
USUAL_DAYS_PER_WEEK = 6


@dataclass(frozen=True)
class AnnualSales:
    """Sales of a year in rupiah, and how often a year the told amount was counted."""

    amount_idr: int
    period: str
    times: int
    days_per_week: int | None = None
    days_assumed: bool = False

    @property
    def assumption(self):
        """One Indonesian sentence that states how the year was computed."""
        if self.period == DAY:
            text = _("Omzet harian × %(days)s hari per minggu × %(weeks)s minggu.") % {
                "days": self.days_per_week,
                "weeks": WEEKS_PER_YEAR,
            }
            return (
                f"{text} {_('Jumlah hari buka tidak disebut, dianggap enam.')}" if self.days_assumed else text
            )
        if self.period == WEEK:
            return _("Omzet mingguan × %(weeks)s minggu.") % {"weeks": WEEKS_PER_YEAR}
        if self.period == MONTH:
            return _("Omzet bulanan × %(months)s bulan.") % {"months": MONTHS_PER_YEAR}
        return _("Omzet setahun sebagaimana disebut.")


def annual_sales(amount_idr, period, days_per_week=None):
    """Sales of a year from an amount per day, week, month or year; None without amount or period.

    day × days_per_week (six when not told) × 52, week × 52, month × 12. This is a rule of thumb of this
    portal, no article of law: it is stated beside every figure made with it (`AnnualSales.assumption`).
    Raises ValueError for a negative amount, an unknown period or days outside 1 to 7.
    """
    if amount_idr is None or not period:
        return None
    _refuse_negative(amount_idr)
    if period == DAY:
        days = USUAL_DAYS_PER_WEEK if days_per_week is None else days_per_week
        if not 1 <= days <= 7:
            raise ValueError("a week has 1 to 7 days")
        times = days * WEEKS_PER_YEAR
        return AnnualSales(amount_idr * times, DAY, times, days, days_per_week is None)
    if period not in (WEEK, MONTH, YEAR):
        raise ValueError("the period is day, week, month or year")
    times = {WEEK: WEEKS_PER_YEAR, MONTH: MONTHS_PER_YEAR, YEAR: 1}[period]
    return AnnualSales(amount_idr * times, period, times)
