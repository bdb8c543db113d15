"""Where the header stands, how many rows it has, and what each column holds. Pure.

Offices put titles above it, merge group names over it, number the columns below it and repeat it on every
printed page. A column nobody understands keeps its own label and its words; it is never lost.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from umkm_portal.lib.text import clean_line, fold

from . import vocabulary
from .reading import is_number, text_of

LOOK_AT = 60  # rows in which a header is looked for
_OWNERS = re.compile(
    r"\b(pemilik|pengusaha|pribadi|pelaku usaha|penanggung jawab|pimpinan|data diri|biodata|owner)\b"
)
_BUSINESS = re.compile(r"\b(usaha|perusahaan|umkm|ikm|ukm|industri|toko)\b")
_MALE = {"l", "lk", "laki", "laki laki", "pria"}
_FEMALE = {"p", "pr", "perempuan", "wanita", "w"}
_SMALL_PARTS = (
    _MALE
    | _FEMALE
    | {"jumlah", "jml", "total", "rp", "unit", "no", "nomor", "tanggal", "tgl", "ada", "tidak"}
)
_NO_LABEL = re.compile(r"^[\d.,:/\- ]+$|\w@\w|://|^#[A-Z/0]+[!?A]")  # figures, addresses, "#NAME?"
_UNITS = {
    "org", "orang", "rp", "rupiah", "rp 000", "ribu", "ribu rp", "juta", "unit", "buah", "kg", "thn",
    "tahun", "bulan", "l p",
}  # fmt: skip
_PLACED = {
    "name_owner", "address", "address_home", "rt_rw", "rt", "rw", "kelurahan", "kecamatan", "city",
    "id", "name",
}  # fmt: skip
_TO_OWNER = {
    "name_bare": "name_owner", "address": "address_home", "rt": "rt_home", "rw": "rw_home",
    "kelurahan": "kelurahan_home", "kecamatan": "kecamatan_home", "name_people": "name_owner",
}  # fmt: skip


@dataclass
class Column:
    """One column of the list: zero-based `index`, the letter Excel shows, label as written, role."""

    index: int
    letter: str
    label: str
    role: str = ""
    period: str = ""


@dataclass
class Header:
    """Rows `first`..`last` (zero-based) of a sheet, and its columns in order."""

    first: int
    last: int
    columns: list
    labels: dict = field(default_factory=dict)  # folded label by column index, to know a repeated header
    name_from: str = ""  # the role that serves as the business's name
    passed_over: list = field(default_factory=list)  # (column, role) of names that lost to a better one
    cells: int = 0  # cells of the header row as written, blanks included

    def of(self, *roles):
        return [column for role in roles for column in self.columns if column.role == role]

    def first_of(self, *roles):
        found = self.of(*roles)
        return found[0] if found else None


def letter(index):
    """0 -> A, 26 -> AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def find(sheet):
    """The Header of a sheet, or None when no row looks like one."""
    best, best_score = None, 0.0
    seen = 0
    for index, row in enumerate(sheet.rows[:400]):
        if not any(cell != "" for cell in row):
            continue
        seen += 1
        if seen > LOOK_AT:
            break
        score = _score(row)
        if score > best_score + 0.5:
            best, best_score = index, score
    if best is None or best_score < 2:
        return None
    return _build(sheet, best)


def _score(row):
    """How much a row looks like a header: distinct roles, less for every number in it.

    "Jl. Mawar 3 RT 01" speaks of an address too, but it is one.
    """
    roles, filled, against = set(), 0, 0.0
    for cell in row:
        text = text_of(cell).strip()
        if not text:
            continue
        filled += 1
        if is_number(cell) or _NO_LABEL.search(text):
            against += 1
            continue
        if len(text) > 90:
            against += 0.2  # the question of a form: long, but a label all the same
        role = vocabulary.role_of(clean_line(text))
        if role and not (role in _PLACED and re.search(r"\d", text)):
            roles.add(role)
    if filled < 2 or len(roles) < 2:
        return 0.0
    if not roles & {
        "number",
        *vocabulary.NAME_ROLES,
        "name_owner",
        "address",
        "kelurahan",
        "kecamatan",
        "city",
    }:
        return 0.0
    return len(roles) + 0.2 * min(filled, 20) - against


def _build(sheet, index):
    rows = sheet.rows
    first = last = index
    spread = _merges(sheet)
    parts = [_labels(rows[index], index, spread)]
    below = index + 1
    while below < len(rows) and below <= index + 2 and _is_sub_header(rows, below, parts[-1], spread):
        parts.append(_labels(rows[below], below, spread, keep=_filled(rows[below])))
        last = below
        below += 1
    if len(parts) > 1:
        under = _filled(rows[index + 1])
        parts[0] = _labels(rows[index], index, spread, fill=True, until=under)
    above = index - 1
    if above >= 0 and _is_group_row(sheet, above, index, spread):
        group = _labels(rows[above], above, spread, fill=True, until=_filled(rows[index]))
        parts.insert(0, group)
        first = above
    width = max((len(rows[i]) for i in range(first, last + 1)), default=0)
    columns = []
    for position in range(width):
        told = [part[position] for part in parts if part.get(position)]
        told = [text for n, text in enumerate(told) if text not in told[:n]]
        if told:
            columns.append(_column(position, told))
    header = Header(first, last, columns, cells=len(rows[index]))
    header.labels = {
        c.index: fold(text_of(rows[index][c.index])) for c in columns if c.index < len(rows[index])
    }
    _settle(header)
    return header


def _merges(sheet):
    """{(row, column): (row, column) of the cell that holds the words} for merged ranges."""
    spread = {}
    for top, left, bottom, right in sheet.merged:
        if (bottom - top + 1) * (right - left + 1) > 4000:
            continue
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                spread[row, column] = (top, left)
    return spread


def _filled(row):
    return {i for i, cell in enumerate(row) if text_of(cell).strip()}


def _labels(row, number, spread, fill=False, keep=None, until=None):
    """{column: words}; a merged or (with `fill`) blank cell takes the words to its left."""
    labels, left = {}, ""
    merged_here = any(row_number == number for row_number, _column in spread)
    for position, cell in enumerate(row):
        text = clean_line(text_of(cell))
        origin = spread.get((number, position))
        if text:
            left = text
            labels[position] = text
        elif origin and origin[0] == number and origin[1] in labels:
            labels[position] = labels[origin[1]]
        elif fill and left and until and position in until and origin is None and not merged_here:
            labels[position] = left
    if keep is not None:
        labels = {position: text for position, text in labels.items() if position in keep}
    return labels


def _is_sub_header(rows, number, above, spread):
    """Whether a row only tells more about the header above it ("RT", "RW" under "Alamat")."""
    row = rows[number]
    filled = _filled(row)
    if not filled or len(filled) > max(len(above), 2) * 2:
        return False
    if len(filled) == 1 and not any(row_number == number - 1 for row_number, _column in spread):
        # A lone word heads the rows below it, unless it goes on with a label ("KBLI" under "NOMOR").
        return _goes_on(row, next(iter(filled)), above)
    known = 0
    for position in filled:
        cell = row[position]
        text = fold(text_of(cell))
        if is_number(cell) or len(text) > 40 or not text or re.fullmatch(r"[\d ]+", text):
            return False
        origin = spread.get((number, position))
        if origin and origin[0] < number:
            return False
        if vocabulary.role_of(text_of(cell).strip()) or text in _SMALL_PARTS or text in _UNITS:
            known += 1
    return known >= max(1, len(filled) * 0.6)


def _goes_on(row, position, above):
    text = clean_line(text_of(row[position]))
    begun = min(above, default=0) < position and position in above and fold(above[position]) in _SMALL_PARTS
    return begun and len(text) < 20 and bool(vocabulary.role_of(text)) and not is_number(row[position])


def _is_group_row(sheet, number, below, spread):
    """Whether a row above the header names groups of columns ("Data Pemilik", "Data Usaha")."""
    filled = sorted(_filled(sheet.rows[number]))
    below_filled = _filled(sheet.rows[below])
    if not filled or not below_filled:
        return False
    texts = [clean_line(text_of(sheet.rows[number][i])) for i in filled]
    if any(len(text) > 60 for text in texts) or any(is_number(sheet.rows[number][i]) for i in filled):
        return False
    if len(filled) == 1:
        covers = sum(
            1
            for (row, _c), (top, left) in spread.items()
            if row == number and (top, left) == (number, filled[0])
        )
        return 1 < covers < len(below_filled) and filled[0] > min(below_filled)
    return len(filled) <= len(below_filled) + 1


def _column(position, told):
    label = " / ".join(told)
    told = [text for text in told if fold(text) not in _UNITS] or told
    lowest, group = told[-1], fold(" ".join(told[:-1]))
    role = vocabulary.role_of(lowest)
    short = fold(lowest)
    if group:
        above = vocabulary.role_of(" ".join(told[:-1]))
        if short in _MALE | _FEMALE:
            if above == "workers":
                role = "workers_male" if short in _MALE else "workers_female"
            elif above == "sex":
                role = "sex_male" if short in _MALE else "sex_female"
        elif role in _TO_OWNER and _OWNERS.search(group) and above not in ("name", "address"):
            role = _TO_OWNER[role]
        elif role == "name_bare" and _BUSINESS.search(group):
            role = "name"
        elif role in ("", "number", "other") or short in _SMALL_PARTS:
            role = vocabulary.role_of(f"{' '.join(told[:-1])} {lowest}") or above
    return Column(position, letter(position), label, role, vocabulary.period_of(label))


# Of these a list has one; a second column with the same role is kept as it is written.
_ONE_OF = [
    "number",
    "name",
    "name_owner",
    "address",
    "address_home",
    "rt",
    "rw",
    "rt_rw",
    "kelurahan",
    "kecamatan",
    "nik",
    "kk",
    "nib",
    "npwp",
    "latitude",
    "longitude",
    "coordinates",
    "email",
    "instagram",
    "stall",
    "founded",
    "sex",
    "born_on",
    "scale",
    "legal_form",
    "operating_state",
]


def _settle(header):
    """Decide which column is the business's name and whose name the others are."""
    for role in _ONE_OF:
        for extra in header.of(role)[1:]:
            extra.role = f"{role}_again"
    sex = header.first_of("sex_male"), header.first_of("sex_female")
    if not all(sex):
        for column in sex:
            if column:
                column.role = "other"
    choice = next((role for role in vocabulary.NAME_ROLES if header.of(role)), "")
    # A trade mark is a business's name only where there is no other; a person's name where nothing else is.
    if choice == "brand" and header.of("name_bare", "name_people") and header.first_of("name_owner"):
        choice = "name_bare" if header.of("name_bare") else "name_people"
    header.name_from = choice
    chosen = header.first_of(choice) if choice else None
    for column in header.of("name_group"):
        if column is not chosen:
            column.role = "other"
    for column in header.of("name_people", "name_bare", "name_mixed"):
        if column is not chosen:
            header.passed_over.append((column, column.role))
            column.role = "other" if header.first_of("name_owner") else "name_owner"
    if chosen:
        chosen.role = "name"


def without_name(header):
    """Settle again after the chosen name column turned out to hold no names."""
    header.first_of("name").role = "other"
    for column, role in header.passed_over:
        column.role = role
    header.passed_over = []
    _settle(header)


def is_repeated(header, row):
    """Whether a row below is the header again, as printed on every page."""
    same = filled = 0
    for position, label in header.labels.items():
        text = fold(text_of(row[position])) if position < len(row) else ""
        if text:
            filled += 1
            same += text == label
            if filled == 3 and not same:
                return False  # the way out for nearly every record
    return same >= 2 and same >= 0.7 * max(filled, 1) and same >= 0.5 * len(header.labels)


_NUMBERED = re.compile(r"^\(?\s*(\d{1,2}|[a-z])\s*[).]?$", re.IGNORECASE)


def is_number_row(row):
    """Whether a row only numbers the columns: 1 2 3, (1) (2) (3), a b c."""
    told = [text_of(cell).strip() for cell in row]
    told = [text for text in told if text]
    if len(told) < 3:
        return False
    numbers = []
    for text in told:
        match = _NUMBERED.match(text.split("=")[0].strip())
        if not match:
            return False
        mark = match[1].lower()
        numbers.append(int(mark) if mark.isdigit() else ord(mark) - 96)
    steps = [b - a for a, b in pairwise(numbers)]
    return (
        numbers[0] in (0, 1, 2)
        and all(step in (1, 2) for step in steps)
        and steps.count(1) >= len(steps) * 0.6
    )
