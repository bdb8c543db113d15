"""One cleaner per kind of value: what was typed in, the JSON form out, or an Indonesian message.

Every way in (page, API, import, link) goes through these by way of fields.py, so that a value that
passed is stored the same everywhere. Cleaners raise ValidationError; "" and None mean "not told".
"""

import re
import uuid
from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from umkm_portal.lib.phones import phone_digits
from umkm_portal.lib.text import clean_line, clean_text, validate_no_identity_number

MAX_IDR = 10**15
THOUSANDS = re.compile(r"^\d{1,3}(\.\d{3})+$")
HANDLE = re.compile(r"^[A-Za-z0-9._]{1,60}$")
REGION = re.compile(r"^\d{2}\.\d{2}\.\d{2}\.\d{4}$")
KBLI = re.compile(r"^20\d\d:\d{5}$")
SLUG = re.compile(r"^[a-z0-9_-]{1,60}$")


def is_empty(value):
    return value is None or value == "" or value == []


def _text(value):
    if not isinstance(value, (str, int, float, Decimal)) or isinstance(value, bool):
        raise ValidationError(_("Isian ini harus berupa teks."))
    text = str(value)
    if "\0" in text:
        raise ValidationError(_("Isian ini memuat karakter yang tidak terbaca. Ketik ulang isinya."))
    return text


def _limited(text, spec):
    if spec.limit and len(text) > spec.limit:
        raise ValidationError(
            _("Paling panjang %(limit)d huruf, sekarang %(now)d. Persingkat isinya.")
            % {"limit": spec.limit, "now": len(text)}
        )
    validate_no_identity_number(text)
    return text


def line(value, spec):
    return _limited(clean_line(_text(value)), spec)


def text(value, spec):
    return _limited(clean_text(_text(value)), spec)


def name(value, spec):
    cleaned = line(value, spec)
    if cleaned and not any(c.isalnum() for c in cleaned):
        raise ValidationError(_("Tulis nama dengan huruf atau angka."))
    return cleaned


def number_text(value, spec):
    """A licence number: kept as text, leading zeros and all; 15-digit P-IRT is no identity number."""
    cleaned = clean_line(_text(value))
    if spec.limit and len(cleaned) > spec.limit:
        raise ValidationError(_("Nomor paling panjang %(limit)d huruf.") % {"limit": spec.limit})
    return cleaned


def identity(value, spec):
    """A uuid we minted; its digits may look like a NIK and are none."""
    try:
        return str(uuid.UUID(_text(value)))
    except ValueError as error:
        raise ValidationError(_("Penanda berkas tidak dikenal.")) from error


def choice(value, spec):
    cleaned = clean_line(_text(value))
    if cleaned not in spec.choices.values:
        raise ValidationError(_("Pilih salah satu dari daftar."))
    return cleaned


def boolean(value, spec):
    if isinstance(value, bool):
        return value
    if str(value).lower() in ("true", "on", "1", "ya"):
        return True
    if str(value).lower() in ("false", "off", "0", "tidak"):
        return False
    raise ValidationError(_("Jawab ya atau tidak."))


def _whole(value, example="1.500.000"):
    if isinstance(value, bool):
        raise ValidationError(_("Tulis angka bulat."))
    if isinstance(value, int):
        return value
    cleaned = clean_line(_text(value))
    cleaned = re.sub(r"^rp\.?\s*", "", cleaned, flags=re.I)
    if THOUSANDS.match(cleaned):
        cleaned = cleaned.replace(".", "")
    cleaned = re.sub(r",0{1,2}$|,-$", "", cleaned)
    if not re.fullmatch(r"-?\d{1,18}", cleaned, flags=re.ASCII):
        raise ValidationError(_("Tulis angka bulat tanpa huruf, misalnya %s.") % example)
    return int(cleaned)


def whole(value, spec):
    low, high = spec.bounds
    number = _whole(value, "5")
    if not low <= number <= high:
        raise ValidationError(
            _("Angka harus antara %(low)s dan %(high)s.")
            % {"low": f"{low:,}".replace(",", "."), "high": f"{high:,}".replace(",", ".")}
        )
    return number


def idr(value, spec):
    number = _whole(value)
    if not 0 <= number <= MAX_IDR:
        raise ValidationError(_("Nilai rupiah harus antara 0 dan 1.000 triliun."))
    return number


def decimal(value, spec):
    cleaned = clean_line(_text(value)).replace(",", ".")
    try:
        number = Decimal(cleaned)
        if not number.is_finite():
            raise InvalidOperation
        number = number.quantize(Decimal("0.000001"))
    except InvalidOperation as error:
        raise ValidationError(_("Tulis koordinat seperti -7,966620.")) from error
    low, high = spec.bounds
    if not low <= number <= high:
        raise ValidationError(_("Koordinat ini di luar Indonesia. Periksa lintang dan bujurnya."))
    return str(number)


def day(value, spec):
    if isinstance(value, date):
        found = value
    else:
        try:
            found = date.fromisoformat(clean_line(_text(value)))
        except ValueError as error:
            raise ValidationError(_("Tulis tanggal seperti 2026-11-22.")) from error
    low, future = spec.bounds
    if found.year < low:
        raise ValidationError(_("Tahun terlalu lama: paling awal %(low)d.") % {"low": low})
    if not future and found > timezone.localdate():
        raise ValidationError(_("Tanggal ini di masa depan."))
    if found.year > timezone.localdate().year + 50:
        raise ValidationError(_("Tahun %(year)d terlalu jauh di depan.") % {"year": found.year})
    return found.isoformat()


def year(value, spec):
    number = _whole(value, "2015")
    now = timezone.localdate().year
    if not 1800 <= number <= now:
        raise ValidationError(_("Tahun harus antara 1800 dan %(now)d.") % {"now": now})
    return number


def phone(value, spec):
    cleaned = clean_line(_text(value))
    number = phone_digits(cleaned)
    if not number:
        raise ValidationError(_("Nomor telepon tidak dikenali. Tulis seperti 0812-3456-7890."))
    return number


def email(value, spec):
    cleaned = clean_line(_text(value))
    try:
        validate_email(cleaned)
    except ValidationError as error:
        raise ValidationError(_("Alamat surel tidak lengkap. Contoh: nama@contoh.id.")) from error
    return _limited(cleaned, spec)


def web(value, spec):
    cleaned = _limited(clean_line(_text(value)), spec)
    if "://" not in cleaned and not cleaned.lower().startswith(("javascript:", "data:", "mailto:")):
        cleaned = "https://" + cleaned
    try:
        parts = urlsplit(cleaned)
        good = parts.scheme in ("http", "https") and "." in (parts.hostname or "")
    except ValueError:
        good = False
    if not good or " " in cleaned:
        raise ValidationError(_("Tulis alamat web seperti https://contoh.id."))
    return cleaned


def handle(value, spec):
    cleaned = clean_line(_text(value))
    cleaned = re.sub(r"^(https?://)?(www\.)?instagram\.com/", "", cleaned).split("?")[0].strip("/@ ")
    if not HANDLE.match(cleaned):
        raise ValidationError(_("Tulis nama akun Instagram saja, misalnya keripik.sanan."))
    validate_no_identity_number(cleaned)
    return cleaned


def region(value, spec):
    cleaned = clean_line(_text(value))
    if not REGION.match(cleaned):
        raise ValidationError(_("Pilih kelurahan dari daftar."))
    return cleaned


def kbli(value, spec):
    cleaned = clean_line(_text(value))
    if not KBLI.match(cleaned):
        raise ValidationError(_("Tulis KBLI dengan versinya, misalnya 2025:10307."))
    return cleaned


def slug(value, spec):
    cleaned = clean_line(_text(value))
    if not SLUG.match(cleaned):
        raise ValidationError(_("Pilih salah satu dari daftar."))
    return cleaned


def slugs(value, spec):
    if not isinstance(value, (list, tuple)) or len(value) > 16:
        raise ValidationError(_("Pilih dari daftar."))
    return sorted({slug(v, spec) for v in value})


def months(value, spec):
    try:
        found = sorted({int(v) for v in value})
    except (TypeError, ValueError, OverflowError) as error:
        raise ValidationError(_("Pilih bulan dari daftar.")) from error
    if any(not 1 <= m <= 12 for m in found):
        raise ValidationError(_("Pilih bulan dari daftar."))
    return found
