"""Money, head-counts, years and dates as offices write them. Pure; never raises, never invents.

NULL, 0, "tidak tahu" and "tidak bersedia menjawab" are four answers (DOMAIN.md, "The business").
"""

# ruff: noqa: E501  (a pattern is read in one line)

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from umkm_portal.lib.text import clean_line, fold

from .reading import is_number, text_of
from .vocabulary import period_of

MAX_IDR = 10**15
_UNITS = {
    "rb": 10**3, "rbu": 10**3, "ribu": 10**3, "ribuan": 10**3, "k": 10**3, "rbuan": 10**3, "rban": 10**3,
    "jt": 10**6, "juta": 10**6, "jta": 10**6, "jutaan": 10**6, "jtan": 10**6, "jtaan": 10**6,
    "m": 10**9, "miliar": 10**9, "milyar": 10**9, "milliar": 10**9, "milyard": 10**9, "mlr": 10**9, "milar": 10**9,
    "miliyar": 10**9, "t": 10**12, "triliun": 10**12, "trilyun": 10**12,
}  # fmt: skip
_UNIT_WORDS = "|".join(sorted(_UNITS, key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?<![a-z0-9])(?:rp|idr)?\.?\s*(\d[\d.,]*\d|\d)\s*(?:,-)?\s*({_UNIT_WORDS})?(?![a-z0-9])", re.IGNORECASE
)
_UNKNOWN = re.compile(
    r"\b(tidak|tdk|tak|gak|ga|belum|blm) (tahu|tau|diketahui|pasti|ingat|menentu|tentu)\b|^tidak tetap$"
)
_REFUSED = re.compile(
    r"\b(tidak|tdk|tak|menolak|enggan) (bersedia|mau|menjawab|berkenan|ingin)\b|\bmenolak\b|\benggan\b|^rahasia$|\btidak menjawab\b|\btidak bersedia\b"
)
_AT_MOST = re.compile(
    r"<|≤|=<|\b(kurang|dibawah|di bawah|maks|maksimal|maksimum|paling banyak|hingga|sampai|s/d|sd|under)\b",
    re.I,
)
_AT_LEAST = re.compile(
    r">|≥|\b(lebih|diatas|di atas|min|minimal|minimum|paling sedikit|over|keatas|ke atas)\b", re.I
)
_ABOUT = re.compile(
    r"±|\+/-|\+-|~|\b(kurang lebih|kurleb|sekitar|kira|kisaran|rata|perkiraan|estimasi|an|-an|approx)\b|\d(rb|jt|juta|ribu)an\b",
    re.I,
)
_LESS_OR_MORE = re.compile(r"\bkurang lebih\b", re.I)


@dataclass(frozen=True)
class Money:
    """A sum as told. `answer`: exact, band, unknown, refused or "" (no answer, or words that hold no sum)."""

    answer: str = ""
    low: int | None = None
    high: int | None = None
    period: str = ""
    is_estimate: bool = False
    problem: str = ""


def money(value, label_unit=1):
    """Read one money cell. `label_unit` multiplies bare numbers where the label says "(juta)"."""
    if is_number(value):
        if value != value or value < 0 or value > MAX_IDR:
            return Money(problem="odd")
        return Money("exact", round(value * label_unit))
    text = clean_line(text_of(value)).lower()
    if not text:
        return Money()
    plain = fold(text)
    if _REFUSED.search(plain):
        return Money("refused")
    if _UNKNOWN.search(plain):
        return Money("unknown")
    period = period_of(re.sub(r"\d", " ", text).replace("/", " "))
    if re.match(r"^-\s*\d", text):
        return Money(period=period, problem="odd")
    found = [(_number(m[1], bool(m[2])), _UNITS.get((m[2] or "").lower(), 0)) for m in _AMOUNT.finditer(text)]
    found = [(number, unit) for number, unit in found if number is not None]
    if not found:
        return Money(period=period, problem="" if not plain or set(text) <= set("-–. ") else "words")
    estimate = bool(_ABOUT.search(text))
    unit_after = next((unit for _n, unit in reversed(found) if unit), 0)
    sums = []
    for number, unit in found[:2]:
        # "50-100 juta": the unit at the end is meant for both, when the first one is bare and small.
        factor = (
            unit
            or (unit_after if number < 1000 and len(found) > 1 else 0)
            or (label_unit if number < 10**6 else 1)
        )
        total = int((number * factor).to_integral_value()) if number * factor <= MAX_IDR else None
        sums.append(total)
    if None in sums or len(found) > 2:
        return Money(period=period, problem="odd" if None in sums else "words")
    if len(sums) == 2:
        low, high = sorted(sums)
        return Money("band", low, high, period, estimate)
    bounds = _LESS_OR_MORE.sub(" ", text)
    if _AT_MOST.search(bounds) and not _AT_LEAST.search(bounds):
        return Money("band", None, sums[0], period, estimate)
    if _AT_LEAST.search(bounds) and not _AT_MOST.search(bounds):
        return Money("band", sums[0], None, period, estimate)
    return Money("exact", sums[0], None, period, estimate)


def _number(text, has_unit):
    """Decimal of "1.500.000,00", "1,5", "1.500", "1,500,000"; None when it is no number."""
    text = text.strip(".,")
    if "." in text and "," in text:
        if text.rfind(",") > text.rfind("."):
            text = text.replace(".", "").replace(",", ".")
        else:
            text = text.replace(",", "")
    elif text.count(".") > 1 or text.count(",") > 1:
        text = text.replace(".", "").replace(",", "")
    elif "." in text or "," in text:
        tail = re.split(r"[.,]", text)[1]
        if len(tail) == 3 and not (has_unit and text[0] == "0"):
            text = text.replace(".", "").replace(",", "")
        else:
            text = text.replace(",", ".")
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and number < Decimal(10) ** 18 else None


def unit_of_label(label):
    """1.000 or 1.000.000 when a label says "(Rp 000)", "(ribuan)", "(juta)"; else 1."""
    text = str(label).lower()
    if re.search(r"\bjuta\b|\bjt\b", text):
        return 10**6
    if re.search(r"\bribu(an)?\b|\brb\b|rp\.?\s*[.,]?000\b|x\s*1[.,]?000\b|\(000\)", text):
        return 10**3
    return 1


@dataclass(frozen=True)
class Count:
    """A head-count: `low`, and `high` where a band was told. `problem` when words hold no number."""

    low: int | None = None
    high: int | None = None
    problem: str = ""


def workers(value):
    """Read a worker cell: 3, "3 orang", "1-5 Tenaga Kerja", "L: 2 P: 3", "> 20"."""
    if value == "":
        return Count()
    if is_number(value):
        whole = value == value and float(value).is_integer() and 0 <= value <= 100_000
        return Count(int(value)) if whole else Count(problem="odd")
    text = clean_line(text_of(value)).lower()
    if not text or set(text) <= set("-–. "):
        return Count()
    by_sex = re.findall(r"\b(l|lk|laki-laki|laki|pria|p|pr|perempuan|wanita)\b\s*[:=]?\s*(\d{1,5})\b", text)
    by_sex = by_sex or [
        (sex, n) for n, sex in re.findall(r"\b(\d{1,5})\s*(l|lk|laki-laki|laki|p|pr|perempuan)\b", text)
    ]
    if len(by_sex) == 2 and by_sex[0][0][0] != by_sex[1][0][0]:
        return Count(sum(int(number) for _sex, number in by_sex))
    numbers = [
        int(n.replace(".", ""))
        for n in re.findall(r"(?<![\d.,])\d{1,3}(?:\.\d{3})+(?!\d)|(?<![\d.,])\d{1,6}(?![\d,])", text)
    ]
    if not numbers:
        return Count(problem="words")
    if len(numbers) == 1:
        if numbers[0] > 100_000:
            return Count(problem="odd")
        if re.search(r">|≥|\blebih\b|\bminimal\b|\bdi ?atas\b", text) and "kurang lebih" not in text:
            return Count(numbers[0])
        if re.search(r"<|≤|\bkurang dari\b|\bmaksimal\b|\bdi ?bawah\b", text):
            return Count(None, numbers[0])
        return Count(numbers[0])
    if len(numbers) == 2 and re.search(r"\d\s*(-|–|s/d|sd|sampai|hingga|s\.d\.?)\s*\d", text):
        low, high = sorted(numbers)
        return Count(low, high) if high <= 100_000 else Count(problem="odd")
    return Count(problem="words")


_MONTHS = {
    "jan": 1, "feb": 2, "peb": 2, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7, "agu": 8, "agt": 8,
    "ags": 8, "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "nop": 11, "des": 12, "dec": 12,
}  # fmt: skip


@dataclass(frozen=True)
class When:
    """A day, or only a year. `problem` is "odd" for an absurd date and "words" for no date at all."""

    day: dt.date | None = None
    year: int | None = None
    problem: str = ""


def when(value, *, earliest=1800, latest=None):
    """Read a date cell: a date, an Excel serial number, "31/12/2025", "31 Des 2025", "2015", "Maret 2015"."""
    if value == "":
        return When()
    latest = latest or dt.date.today()
    if isinstance(value, dt.datetime):
        return _sensible(value.date(), earliest, latest)
    if isinstance(value, dt.date):
        return _sensible(value, earliest, latest)
    if isinstance(value, (dt.time, dt.timedelta, bool)):
        return When(problem="odd")
    if is_number(value):
        if value != value or value in (float("inf"), float("-inf")):
            return When(problem="odd")
        if 1800 <= value <= 2200 and float(value).is_integer():
            return When(year=int(value)) if earliest <= value <= latest.year else When(problem="odd")
        if 9000 <= value <= 80_000:  # serial days since 30 December 1899, as Excel counts
            return _sensible(dt.date(1899, 12, 30) + dt.timedelta(days=int(value)), earliest, latest)
        return When(problem="odd" if value else "")
    text = clean_line(text_of(value)).lower()
    if not text or set(text) <= set("-–. "):
        return When()
    match = re.search(r"\b(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})\b", text)
    if match:
        return _dated(int(match[1]), int(match[2]), _full_year(match[3], latest), earliest, latest)
    match = re.search(r"\b(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})\b", text)
    if match:
        return _dated(int(match[3]), int(match[2]), int(match[1]), earliest, latest)
    match = re.search(r"\b(\d{1,2})[ \-]*([a-z]{3})[a-z]*[ \-.,']*(\d{4}|\d{2})\b", text)
    if match and match[2] in _MONTHS:
        return _dated(int(match[1]), _MONTHS[match[2]], _full_year(match[3], latest), earliest, latest)
    match = re.fullmatch(r"(?:.*?\b(?:tahun|thn|th|sejak|[a-z]{3,9})[ .]*)?(\d{4})", text)
    if match:
        year = int(match[1])
        return When(year=year) if earliest <= year <= latest.year else When(problem="odd")
    if re.fullmatch(r"\d{5}", text):
        return when(float(text), earliest=earliest, latest=latest)
    return When(problem="words")


def _full_year(text, latest):
    year = int(text)
    if len(text) == 4:
        return year
    return 2000 + year if 2000 + year <= latest.year else 1900 + year


def _dated(day, month, year, earliest, latest):
    if month > 12 >= day:
        day, month = month, day
    try:
        return _sensible(dt.date(year, month, day), earliest, latest)
    except ValueError:
        return When(problem="odd")


def _sensible(day, earliest, latest):
    if not earliest <= day.year or day > latest:
        return When(problem="odd")
    return When(day=day, year=day.year)
