"""One answer of a list at a time: what it says, in the portal's own form. Pure; never raises.

Every function returns what could be read and a short problem code ("" when all is well); the words the
office wrote stay in the row's originals whatever comes out here.
"""

# ruff: noqa: E501  (a pattern is read in one line)

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from registry.people import identity
from umkm_portal.lib.phones import phone_digits
from umkm_portal.lib.text import clean_line, fold, has_long_digits

from .reading import is_number, text_of

_NOTHING = {
    "", "tidak ada", "tdk ada", "tidakada", "belum ada", "blm ada", "nihil", "kosong", "n a", "na", "null", "none",
    "nan", "tidak diisi", "belum diisi", "x", "xx", "xxx", "tidak punya", "belum punya", "td ada", "gak ada", "ndak ada",
}  # fmt: skip
_NO_NAME = _NOTHING | {
    "tanpa nama", "tidak ada nama", "belum ada nama", "tidak bernama", "tanpa merk", "tanpa merek", "belum bernama",
    "tidak ada merk", "tidak ada merek", "belum ada merk", "belum ada merek", "belum punya nama", "tidak memiliki nama",
    "tdk ada nama", "nama usaha", "tidak tahu", "tidak ada nama usaha", "belum ada nama usaha", "ref",
}  # fmt: skip
_EXCEL_ERRORS = {"#ref!", "#n/a", "#name?", "#value!", "#div/0!", "#null!", "#num!"}
_REGION_HEADING = re.compile(
    r"^(kelurahan|kecamatan|kel|kec|desa|kota|kabupaten|kab|provinsi)\b[ .:]*\D{2,40}$"
)
_SCIENTIFIC = re.compile(r"^\s*\d(?:[.,]\d+)?[eE]\+?\d{1,2}\s*$")


def said(value):
    """The words of a cell on one line, "" where the office wrote that there is nothing."""
    if value == "" or value is None:
        return ""
    text = clean_line(text_of(value))
    if not text or not text.strip("-–—_.,/\\*=~ ") or text.lower() in _EXCEL_ERRORS:
        return ""
    return "" if len(text) < 20 and fold(text) in _NOTHING else text


def business_name(value):
    """(name, problem): problem is "none" for no usable name, "heading" for a region's heading, "long"."""
    text = clean_line(text_of(value))
    if not any(c.isalnum() and c != "0" for c in text) or text.lower() in _EXCEL_ERRORS:
        return "", "none"  # "-", "0", "..."
    if len(text) < 30 and fold(text) in _NO_NAME and not (is_number(value)):
        return "", "none"
    if has_long_digits(text):
        return "", "sealed"
    if len(text) > 250:
        return "", "long"
    return text, ""


def is_region_heading(text):
    """Whether words are a heading such as "KELURAHAN PURWANTORO"."""
    return bool(_REGION_HEADING.match(clean_line(text).lower()))


@dataclass(frozen=True)
class Phones:
    """`first` as 628…, `others` as digits with spaces between; `numbers` all of them, for comparing."""

    first: str = ""
    others: str = ""
    numbers: frozenset = frozenset()
    problem: str = ""


def phones(value):
    """Read a phone cell: several numbers, a number cell that lost its 0, landlines, local numbers."""
    if value == "":
        return Phones()
    if _is_damaged(value, 15):
        return Phones(problem="odd")
    text = said(value)
    if is_number(value):
        text = text_of(int(value)) if float(value).is_integer() else ""
    if not text or fold(text) in _NOTHING or set(re.sub(r"\D", "", text)) <= {"0"}:
        return Phones(problem="" if not re.search(r"[^\W\d]", text) else "words")
    if has_long_digits(text) and not phone_digits(text):
        parts = re.split(r"[/,;&|\n]| dan | atau ", text)
        if len(parts) < 2 or any(len(re.sub(r"\D", "", part)) >= 15 for part in parts):
            return Phones(problem="sealed")
    whole = _one_phone(text)
    if whole:
        return Phones(whole, "", frozenset([whole]))
    good, rest = [], []
    for part in re.split(r"[/,;&|\n]|\bdan\b|\batau\b|\s-\s|\s{2,}", text.replace(" / ", "/")):
        number = _one_phone(re.sub(r"[^\d+()\-. ]", " ", part).strip())
        digits = re.sub(r"\D", "", part)
        if number:
            if number not in good:
                good.append(number)
        elif digits:
            split = [_one_phone(piece) for piece in part.split()]
            if len(split) > 1 and all(split):
                good += [n for n in split if n not in good]
            else:
                rest.append(digits)
    others = " ".join([*good[1:], *rest])
    if not good:
        return Phones("", others if len(others) <= 60 else "", frozenset(rest), "odd" if rest else "words")
    if len(others) > 60:
        return Phones(good[0], "", frozenset(good), "too-many")
    return Phones(good[0], others, frozenset(good), "odd" if rest else "")


def _one_phone(text):
    digits = re.sub(r"\D", "", text)
    if len(digits) > 14 or len(digits) < 8:
        return ""
    if digits.startswith("8") and not text.strip().startswith("+") and len(digits) < 9:
        return ""  # a local number of eight digits, not a mobile one without its 0
    return phone_digits(text)


def _is_damaged(value, digits):
    """Whether a long number passed through a number cell, which keeps fifteen digits only."""
    if is_number(value):
        return abs(value) >= 10 ** (digits - 1)
    return bool(_SCIENTIFIC.match(text_of(value)))


def national_id(value, kind="nik"):
    """(16 digits or "", problem) of a NIK or KK cell; problem: damaged, refused, later, none, or wrong."""
    if value == "":
        return "", ""
    if _is_damaged(value, 15):
        return "", "damaged"
    text = said(value).strip("'`\" ")
    if not text:
        return "", ""
    words = fold(text)
    if re.search(r"\b(tidak|menolak|enggan) (bersedia|mau)\b|menolak|enggan", words):
        return "", "refused"
    if re.search(r"menyusul|proses|belum", words):
        return "", "later"
    digits = identity.digits(text)
    problem = identity.nik_problem(text) if kind == "nik" else identity.kk_problem(text)
    return ("", "wrong") if problem else (digits, "")


@dataclass(frozen=True)
class Paper:
    """An answer about one licence: `status` as in LicenceStatus or "", its number, a note, a problem."""

    status: str = ""
    number: str = ""
    note: str = ""
    problem: str = ""


_HAS = re.compile(
    r"^(ada|sudah|sdh|ya|y|punya|memiliki|terdaftar|aktif|true|1|v|√|✓|✔|sudah ada|sudah punya|milik|terbit|lengkap)\b"
)
_HAS_NONE = re.compile(
    r"^(tidak|tdk|belum|blm|tak|no|n|false|0|gak|non aktif|tidak ada|belum ada|kosong|nihil)\b"
)
_IN_PROCESS = re.compile(r"\b(proses|diproses|pengajuan|pengurusan|sedang|mengurus)\b")
_NOT_KNOWN = re.compile(r"\b(tidak|tdk|belum) (tahu|tau|diketahui)\b")


def licence(value, kind):
    """Read a legalitas cell: a number, ada/tidak/proses/belum, or nothing. `kind` as in LicenceKind."""
    text = clean_line(text_of(value)).strip("'`\" ")
    if not text or set(text) <= set("-–—_. "):
        return Paper()
    words = fold(text) or text
    digits = identity.digits(text)
    if kind == "halal" and re.search(r"\bnon ?halal\b", words):
        return Paper("non_halal")
    if _NOT_KNOWN.search(words):
        return Paper("unknown")
    if re.search(r"\b(tidak|tdk) (perlu|wajib)\b", words):
        return Paper("not_required")
    if len(digits) < 6:
        if _IN_PROCESS.search(words):
            return Paper("none", note="proses")
        if _HAS_NONE.match(words):
            return Paper("none")
        if _HAS.match(words) or text in "√✓✔":
            return Paper("has")
        return Paper(problem="words") if len(digits) < 4 else Paper("has", text[:80], problem="odd")
    if _is_damaged(value, 16) or (is_number(value) and abs(value) >= 10**15):
        return Paper("has", problem="damaged")
    if kind == "halal" and text.upper().startswith("ID") and len(digits) == 17 and len(text) <= 40:
        return Paper("has", text)  # "ID" and 17 digits is how BPJPH numbers certificates
    if len(digits) in (16, 17) or (len(digits) == 15 and kind not in ("pirt",)):
        return Paper("has", problem="sealed")
    if kind == "nib" and len(digits) != 13:
        return Paper("has", text if len(text) <= 80 else "", problem="odd")
    if kind == "pirt" and len(digits) not in (12, 15):
        return Paper("has", text if len(text) <= 80 else "", problem="odd")
    if len(text) > 80:
        return Paper("has", problem="long")
    return Paper("has", digits if kind in ("nib", "pirt") and re.fullmatch(r"[\d .\-]+", text) else text)


_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
_RT_WORD, _RW_WORD = r"(?:\b[Rr][Tt]|(?<=[a-z])RT)", r"(?:\b[Rr][Ww]|(?<=[a-z0-9])RW)"
_GAP = r"[\s.:;,/_=-]"
_RT = re.compile(rf"{_RT_WORD}(?:{_GAP}{{0,3}}0*(\d{{1,3}})(?!\d)|{_GAP}{{1,3}}([ivxlIVXL]{{1,7}})\b)")
_RW = re.compile(rf"{_RW_WORD}(?:{_GAP}{{0,3}}0*(\d{{1,3}})(?!\d)|{_GAP}{{1,3}}([ivxlIVXL]{{1,7}})\b)")
_RT_SLASH = re.compile(rf"{_RT_WORD}[\s.:]{{0,3}}0*(\d{{1,3}})\s*[/\\-]\s*0*(\d{{1,3}})(?!\d)")
_RT_RW_BOTH = re.compile(
    rf"{_RT_WORD}\s*[/.,-]?\s*[Rr][Ww]\b[\s.:]{{0,3}}0*(\d{{1,3}})\s*[/\\\-,. ]\s*0*(\d{{1,3}})(?!\d)"
)
_PAIR = re.compile(r"^\s*0*(\d{1,3})\s*[/\\\-,. ]\s*0*(\d{1,3})\s*$")
_PAIR_INSIDE = re.compile(r"(?<![\d/])(0\d{1,2})\s*/\s*(0\d{1,2})(?![\d/])")


def neighbourhood(text):
    """(RT or None, RW or None) written in a text: an address or an RT/RW cell."""
    text = text_of(text)
    if not text:
        return None, None
    match = _PAIR.match(text) or _RT_RW_BOTH.search(text) or _RT_SLASH.search(text)
    if match:
        return _unit(match[1]), _unit(match[2])
    rt, rw = _RT.search(text), _RW.search(text)
    if rt or rw:
        return (_unit(rt[1] or rt[2]) if rt else None), (_unit(rw[1] or rw[2]) if rw else None)
    match = _PAIR_INSIDE.search(text)
    return (_unit(match[1]), _unit(match[2])) if match else (None, None)


def unit_number(value):
    """(1..999 or None, problem) of a single RT or RW cell: 4, "04", "RT 04", "IV"."""
    if value == "":
        return None, ""
    text = said(value)
    if is_number(value):
        text = text_of(value)
    if not text or re.fullmatch(r"0+", text):
        return None, ""
    match = re.search(r"(?<!\d)0*(\d{1,3})(?!\d)", text) if re.search(r"\d", text) else None
    if match and len(re.findall(r"\d+", text)) == 1:
        number = _unit(match[1])
        return number, "" if number else "odd"
    roman = re.fullmatch(r"(?:r[tw]\W*)?([ivxl]{1,7})", text.strip().lower())
    if roman and _unit(roman[1]):
        return _unit(roman[1]), ""
    return None, "odd"


def _unit(text):
    if not text:
        return None
    if text.isdigit():
        return int(text) or None
    total = 0
    values = [_ROMAN[c] for c in text.lower()]
    for value, following in zip(values, [*values[1:], 0], strict=True):
        total += -value if value < following else value
    return total if 0 < total < 100 else None


def coordinates(latitude, longitude):
    """((lat, lon) as strings or None, problem). Swapped, shifted or foreign points are not put right."""
    lat, lon = _decimal(latitude), _decimal(longitude)
    if lat is None and lon is None:
        return None, "" if not said(latitude) and not said(longitude) else "odd"
    if lat is None or lon is None:
        return None, "odd"
    if lat == 0 and lon == 0:
        return None, ""
    if not (-12 <= lat <= 7 and 94 <= lon <= 142):
        return None, "odd"
    return (f"{lat:.6f}", f"{lon:.6f}"), ""


def coordinate_pair(value):
    """As `coordinates`, for one cell that holds both: "-7.96, 112.63"."""
    text = text_of(value)
    match = re.search(r"(-?\d{1,2}[.,]\d+)\s*[,;/ ]+\s*(\d{2,3}[.,]\d+)", text)
    if not match:
        return None, "odd" if said(value) else ""
    return coordinates(match[1], match[2])


def _decimal(value):
    text = text_of(value).strip().replace("−", "-").replace("°", "")
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _lookup(text, table):
    if not text:
        return ""
    words = f" {fold(text)} "
    for answer, pattern in table:
        if re.search(pattern, words):
            return answer
    return ""


_LEGAL_FORMS = (
    ("pt_perorangan", r" pt perorangan | perseroan perorangan | perseorangan pt "),
    ("perorangan", r" (perorangan|perseorangan|pribadi|individu|po|usaha dagang perorangan) "),
    ("koperasi", r" (koperasi|kop|ksp|kud) "), ("firma", r" (firma|fa) "), ("cv", r" (cv|c v|komanditer) "),
    ("pt", r" (pt|p t|perseroan terbatas) "), ("ud", r" (ud|u d|usaha dagang|pd) "),
    ("kelompok", r" (kelompok|kub|paguyuban|poktan|gapoktan|kwt) "), ("lainnya", r" (lainnya|lain lain|yayasan|bumdes) "),
)  # fmt: skip
_PLACE_KINDS = (
    ("keliling", r" (keliling|kelilingan|mobile|berpindah) "), ("pkl", r" (pkl|kaki lima|lapak|gerobak|tenda) "),
    ("stan_pasar", r" (pasar|bedak|los|stan|stand) "), ("daring", r" (daring|online|on line) "),
    ("kios", r" (kios|toko|ruko|warung|kedai|outlet) "), ("rumah", r" (rumah|rumahan|rmh|rumah tangga|menumpang rumah) "),
)  # fmt: skip
_STATES = (
    ("closed", r" (tutup permanen|tutup|bangkrut|pailit|berhenti|gulung tikar|sudah tidak|non ?aktif|nonaktif|tidak aktif|tdk aktif|tidak beroperasi|inactive|mati|closed) "),
    ("temporary", r" (tutup sementara|vakum|libur|off|istirahat|cuti) "),
    ("seasonal", r" (musiman|kadang|insidentil|pesanan saja) "),
    ("active", r" (aktif|active|buka|beroperasi|berjalan|jalan|masih|ya) "),
)  # fmt: skip
_SCALES = (
    ("micro", r" (mikro|micro|ultra mikro|usaha mikro|umi) "), ("small", r" (kecil|small) "),
    ("medium", r" (menengah|sedang|medium) "), ("large", r" (besar|large) "),
)  # fmt: skip


def legal_form(value):
    return _lookup(said(value), _LEGAL_FORMS)


def legal_form_of_name(name):
    """UD, CV or PT written before or after a business's name; nothing else is read into a name."""
    match = re.match(r"^\W*(u\.?\s?d|c\.?\s?v|p\.?\s?t)\b[.,]?\s", name, re.IGNORECASE)
    match = match or re.search(r",\s*(u\.?d|c\.?v|p\.?t)\.?\s*$", name, re.IGNORECASE)
    return {"ud": "ud", "cv": "cv", "pt": "pt"}.get(fold(match[1]).replace(" ", ""), "") if match else ""


def place_kind(value):
    return _lookup(said(value), _PLACE_KINDS)


def operating_state(value):
    """active, temporary, seasonal, closed or "" when the word says something else."""
    text = said(value)
    return _lookup(text, (("temporary", r" tutup sementara | sementara tutup | sedang tutup "),) + _STATES)


def scale(value):
    """micro, small, medium, large, or "" when none or several are meant."""
    text = said(value)
    if not text:
        return ""
    found = {answer for answer, pattern in _SCALES if re.search(pattern, f" {fold(text)} ")}
    return found.pop() if len(found) == 1 else ""


def sex(value):
    if value == "":
        return ""
    text = fold(said(value))
    if re.match(r"^(l|lk|laki|laki laki|pria|male|cowok)$", text) or text.startswith("laki"):
        return "L"
    if re.match(r"^(p|pr|perempuan|wanita|w|female|cewek)$", text) or text.startswith("perempuan"):
        return "P"
    return ""


def consents(label, value):
    """Groups of facts the owner lets the public see, as one consent column tells; [] for anything but yes."""
    if not re.match(r"^(ya|y|setuju|bersedia|boleh|iya|true|1|v|ok|oke|yes)\b", fold(said(value))):
        return []
    words = f" {fold(label)} "
    groups = [group for group, pattern in _CONSENT_GROUPS if re.search(pattern, words)]
    if groups:
        return groups
    return ["owner_name", "phone", "address", "photo"] if re.search(r" (semua|seluruh|data) ", words) else []


_CONSENT_GROUPS = (
    ("owner_name", r" (pemilik|nama pemilik|nama) "), ("phone", r" (telepon|telp|hp|wa|whatsapp|nomor|kontak) "),
    ("address", r" (alamat) "), ("photo", r" (foto|gambar) "), ("exact_place", r" (titik|koordinat|lokasi|peta) "),
)  # fmt: skip


def handle(value):
    """(Instagram account, problem): "@keripik.sanan", a link, or nothing."""
    text = said(value)
    if not text:
        return "", ""
    text = (
        re.sub(r"^(https?://)?(www\.)?instagram\.com/", "", text, flags=re.IGNORECASE)
        .split("?")[0]
        .strip("/@: ")
    )
    text = re.sub(r"^(ig|instagram)\s*[:=]?\s*@?", "", text, flags=re.IGNORECASE).strip()
    if not text:
        return "", ""
    return (text, "") if re.fullmatch(r"[A-Za-z0-9._]{1,60}", text) else ("", "words")
