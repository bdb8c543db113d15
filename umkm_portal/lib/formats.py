"""Numbers, money, dates and phone numbers as people in Malang write them. Pure functions.

The template filters of `ui` are these. An unknown value reads "—", never 0.
"""

import datetime
import re
from decimal import Decimal, InvalidOperation

from django.utils import dateformat, timezone
from django.utils.translation import get_language

UNKNOWN = "—"
MOBILE_GROUPS = {10: (4, 3, 3), 11: (4, 4, 3), 12: (4, 4, 4), 13: (4, 4, 5)}
SHORT_AREAS = ("021", "022", "024", "031")  # three-digit area codes; every other area code has four


def _english():
    return (get_language() or "id").startswith("en")


def number(value):
    """1234567 -> "1.234.567"; 1234.5 -> "1.234,5". English pages get the marks the other way round."""
    return _grouped(value, english=_english())


def _grouped(value, *, english=False):
    if value is None or value == "":
        return UNKNOWN
    try:
        amount = value if isinstance(value, int) else Decimal(str(value))
        text = f"{amount:,}"
    except (InvalidOperation, ValueError, TypeError):
        return str(value)
    if not english:
        text = text.translate(str.maketrans(",.", ".,"))
    return text


def rupiah(value):
    """1500000 -> "Rp1.500.000", in English too: so it stands on packs. A lower value: sign before the Rp."""
    if value is None or value == "":
        return UNKNOWN
    text = _grouped(value)
    return f"-Rp{text[1:]}" if text.startswith("-") else f"Rp{text}"


def _moment(value):
    if isinstance(value, str):
        try:
            value = (
                datetime.datetime.fromisoformat(value) if "T" in value else datetime.date.fromisoformat(value)
            )
        except ValueError:
            return value
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return value


def day(value):
    """A date, a time or an ISO text -> "22 November 2026"."""
    moment = _moment(value)
    if not moment:
        return UNKNOWN
    return moment if isinstance(moment, str) else dateformat.format(moment, "j F Y")


def moment(value):
    """A time -> "22 November 2026 09.14 WIB" (09:14 in English)."""
    when = _moment(value)
    if not isinstance(when, datetime.datetime):
        return day(value)
    return f"{dateformat.format(when, 'j F Y H')}{':' if _english() else '.'}{when:%M} WIB"


def phone(value):
    """ "6281234567890" -> "0812-3456-7890"; a landline -> "0341-551234". Anything else stays as it is."""
    digits = re.sub(r"\D", "", str(value or ""))
    if not digits:
        return UNKNOWN
    if digits.startswith("62"):
        digits = "0" + digits[2:]
    if digits.startswith("08") and len(digits) in MOBILE_GROUPS:
        parts, start = [], 0
        for size in MOBILE_GROUPS[len(digits)]:
            parts.append(digits[start : start + size])
            start += size
        return "-".join(parts)
    if digits.startswith("0") and 9 <= len(digits) <= 12:
        area = 3 if digits.startswith(SHORT_AREAS) else 4
        return f"{digits[:area]}-{digits[area:]}"
    return str(value)


def rt_rw(rt, rw):
    """(5, 15) -> "RT 05 RW 15"; a missing one is left out; none at all reads ""."""
    parts = [
        f"{name} {int(value):02d}"
        for name, value in (("RT", rt), ("RW", rw))
        if value not in (None, "") and str(value).strip().isdigit()
    ]
    return " ".join(parts)
