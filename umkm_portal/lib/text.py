"""Cleaning and folding of what people type; pure, the same on every database."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Characters nobody types on purpose: controls, zero-width, and those that turn the reading direction.
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_EXCEL_ESCAPE = re.compile(r"_x000[dD]_")
# Not a decimal such as -7.575141666666667: one to three figures, a point, and ten or more without another.
# The second way: groups as on a card (4-4-4-4, 6-6-4), parted by what a keyboard or a scan puts there.
_PART = r"(?:[ .\-\u00a0\u2007\u202f\u2010-\u2015\u2212\u00b7_/]|\s{2,3}|\r?\n)"
LONG_DIGITS = re.compile(
    r"(?<!\d)(?<!\d\.)(?!\d{1,3}\.\d{10,}(?![\d.]))\d(?:[ .\-]?\d){14,16}(?!\d)"
    rf"|(?<!\d)(?:\d{{4}}{_PART}){{3}}\d{{4}}(?!\d)"
    rf"|(?<!\d)\d{{6}}{_PART}\d{{6}}{_PART}\d{{4}}(?!\d)"
)


def _is_clean(text):
    """Whether a text is plain printable ASCII, as most is: nothing in it needs cleaning but its ends."""
    return text.isascii() and text.isprintable() and "_x000" not in text


def clean_text(value):
    """Several lines of text without invisible characters, in NFC, trimmed; newlines kept."""
    if isinstance(value, str) and _is_clean(value):
        return value.strip()
    value = unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n").replace("\r", "\n")
    return _INVISIBLE.sub("", _EXCEL_ESCAPE.sub("", value)).strip()


def clean_line(value):
    """One line of text: as `clean_text`, every run of white space a single space."""
    if isinstance(value, str) and "  " not in value and _is_clean(value):
        return value.strip()
    return _SPACES.sub(" ", clean_text(value)).strip()


def fold(value):
    """Lower-case ASCII words joined by single spaces: "Kué Kering, Bu Ani" -> "kue kering bu ani"."""
    plain = str(value)
    if not plain.isascii():  # most of what people type is; long lists are folded word by word
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", plain.lower()).strip()


def has_long_digits(value):
    """Whether a text holds 15 to 17 digits in a row: possibly a NIK or KK, so to be sealed."""
    return bool(LONG_DIGITS.search(str(value)))


def mask_long_digits(value):
    """The text with such a run replaced by dots."""
    return LONG_DIGITS.sub("••••", str(value))


def validate_no_identity_number(value):
    """Validator for free text: identity numbers belong in their own, sealed field (UU 27/2022)."""
    if has_long_digits(value):
        raise ValidationError(
            _("Isian ini tampak memuat NIK atau nomor KK. Tulis nomor itu hanya di isian NIK."),
            code="identity-number",
        )
