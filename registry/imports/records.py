"""The plan: a book becomes records, each accepted, rejected or a duplicate, with reasons. Pure.

accepted + rejected + duplicates = records, always; candidates are counted inside accepted (rules R1 to R5
of DOMAIN.md). The plan knows nothing of the database: what the registry holds comes later (against.py).
"""

# ruff: noqa: E501  (sentences are easier to translate in one piece)

import re
from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from registry.businesses import matching
from umkm_portal.lib.text import clean_line, fold

from . import choosing, normalise
from .facts import Facts, Reader
from .reading import text_of

ACCEPTED, REJECTED, DUPLICATE = "accepted", "rejected", "duplicate"


@dataclass
class Record:
    """One record. `number` is the row as the file numbers it; `reason` says why it was not accepted."""

    number: int
    outcome: str = ACCEPTED
    reason: str = ""
    reason_cell: tuple = ("", "")  # (column letter, header)
    duplicate_of: int | None = None  # row number
    candidate_of: int | None = None
    facts: Facts = field(default_factory=Facts)
    cells: list = field(default_factory=list)
    print: str = ""  # what makes two rows identical

    @property
    def warnings(self):
        return [(self.number, *warning) for warning in self.facts.warnings]


@dataclass
class Plan:
    """What a list would bring. `notes` are about the file, `records` about its rows."""

    sheet: object
    header: object
    records: list
    notes: list = field(default_factory=list)
    skipped: dict = field(default_factory=dict)

    def counts(self):
        """{records, accepted, rejected, duplicates, candidates, warnings}."""
        outcomes = Counter(record.outcome for record in self.records)
        return {
            "records": len(self.records),
            "accepted": outcomes[ACCEPTED],
            "rejected": outcomes[REJECTED],
            "duplicates": outcomes[DUPLICATE],
            "candidates": sum(
                1 for r in self.records if r.outcome == ACCEPTED and r.candidate_of is not None
            ),
            "warnings": sum(len(r.facts.warnings) for r in self.records) + len(self.notes),
        }


def plan(book, places, *, sheet_number=None, kelurahan=None):
    """Make the Plan of a book. Raises Refused when it holds no list of businesses.

    `kelurahan` is the code the uploader chose for rows that name none; one that `places` does not know is
    accepted, and its rows stay unplaced (R5).
    """
    sheet, header, sifted, notes = choosing.choose(book, sheet_number)
    notes = [*book.notes, *notes]
    choosing.refuse_recap(sheet, header, sifted, places)
    if kelurahan and kelurahan not in places.names:
        notes.append(
            _("Kode kelurahan yang dipilih tidak ada di data wilayah; usaha diterima tanpa penempatan.")
        )
    if header.name_from in ("name_bare", "name_people", "name_mixed", "name_group", "brand"):
        label = header.first_of("name").label
        notes.append(
            _("Daftar ini tidak punya kolom nama usaha; kolom %(label)s dipakai sebagai nama usaha.")
            % {"label": label}
        )
    elif not header.name_from:
        notes.append(
            _(
                'Daftar ini hanya memuat nama orang, tanpa kolom nama usaha. Tambahkan kolom "Nama usaha" lalu unggah lagi.'
            )
        )
    default = None if not kelurahan else (kelurahan if kelurahan in places.names else "")
    title = None if kelurahan else _title_place(sheet, header, places)
    if title is not None and title.code and not header.first_of("kelurahan", "kelurahan_kecamatan"):
        notes.append(
            _("Kelurahan %(name)s diambil dari judul daftar untuk baris yang tidak menyebutnya.")
            % {"name": places.names[title.code]}
        )
    reader = Reader(header, places, default=default, title=title)
    records = _read(sheet, header, sifted, reader)
    _mark_identical(records, header)
    _mark_same(records)
    return Plan(sheet, header, records, notes, sifted.skipped)


def _title_place(sheet, header, places):
    """The kelurahan a list's own title names: "KELURAHAN PURWANTORO KECAMATAN BLIMBING"."""
    for row in sheet.rows[: header.first]:
        for cell in row:
            text = clean_line(text_of(cell))
            match = re.search(r"\b(?:kelurahan|kel)\b[ .:]*(.{3,80})", text, re.IGNORECASE)
            if match:
                found = places.resolve(
                    re.split(r"\b(?:tahun|bulan|rt|rw|per)\b", match[1], flags=re.IGNORECASE)[0]
                )
                if found.code:
                    return found
    found = places.resolve(sheet.name) if sheet.name else None
    return found if found is not None and found.code and not found.problem else None


# ---- the rows ---------------------------------------------------------------------------------


def _read(sheet, header, sifted, reader):
    records = []
    down = _merged_down(sheet, header)
    misfits = _misfits(sheet, header, sifted) if sheet.is_text else set()
    headings = _group_headings(header, sifted)
    for index, row in sifted.records:
        record = Record(index + 1, cells=row)
        records.append(record)
        filled = row
        if (extra := down.get(index)) is not None:
            filled = list(row) + [""] * (max(extra) + 1 - len(row))
            for column, value in extra.items():
                if filled[column] == "":
                    filled[column] = value
        if index in misfits:
            record.outcome = REJECTED
            record.reason = _(
                "Jumlah sel pada baris ini tidak cocok dengan judul kolom. Periksa tanda pemisah dan tanda kutipnya."
            )
            continue
        told = [clean_line(text_of(cell)) for cell in row if text_of(cell).strip()]
        if len(told) <= 2 and any(normalise.is_region_heading(text) for text in told):
            heading = next(text for text in told if normalise.is_region_heading(text))
            reader.section = (
                reader.places.resolve(
                    re.sub(r"^\W*(kelurahan|kel|desa)\W*", "", heading, flags=re.IGNORECASE)
                )
                if re.match(r"\W*(kel|desa)", heading, re.IGNORECASE)
                else None
            )
            record.outcome, record.reason = REJECTED, _("Baris ini judul wilayah, bukan usaha.")
            continue
        if index in headings:
            record.outcome, record.reason = REJECTED, _("Baris ini judul kelompok, bukan usaha.")
            continue
        record.facts = reader.read(filled)
        if not record.facts.name:
            _reject_nameless(record, header, row)
    return records


def _group_headings(header, sifted):
    """Rows such as "II | KERAJINAN" in a list whose records bear figures: headings, not businesses."""
    number, name = header.first_of("number"), header.first_of("name")
    if number is None or name is None:
        return set()
    figures, lettered = 0, set()
    for index, row in sifted.records:
        mark = text_of(row[number.index]).strip().rstrip(".)") if number.index < len(row) else ""
        if mark.isdigit():
            figures += 1
        elif re.fullmatch(r"[A-Z]|[IVXL]{1,6}", mark):
            told = {i for i, cell in enumerate(row) if text_of(cell).strip()}
            if told == {number.index, name.index}:
                lettered.add(index)
    return lettered if figures > len(lettered) and len(header.columns) > 3 else set()


def _reject_nameless(record, header, row):
    record.outcome = REJECTED
    column = header.first_of("name")
    if column is None:
        record.reason = _("Daftar ini tidak punya kolom nama usaha.")
        return
    _name, problem = normalise.business_name(row[column.index] if column.index < len(row) else "")
    record.reason_cell = (column.letter, column.label)
    record.reason = {
        "long": _("Nama usaha terlalu panjang (paling panjang 250 huruf)."),
        "sealed": _("Kolom nama usaha memuat angka sepanjang NIK, bukan nama."),
    }.get(problem, _("Nama usaha kosong atau bukan nama."))


def _misfits(sheet, header, sifted):
    """R2 for text files: rows with more cells than the header, or fewer where the missing ones matter.

    A row may stop early only where the columns it leaves out are mostly blank in the list: programs leave
    out trailing blanks. A row of one lone cell fits no list of three columns.
    """
    width = header.cells
    right = [row for index, row in sifted.records if sheet.widths[index] == width]
    filled = Counter()
    for row in right:
        for position, cell in enumerate(row):
            if cell.strip():
                filled[position] += 1
    labelled = {column.index for column in header.columns}
    misfits = set()
    for index, row in sifted.records:
        cells = sheet.widths[index]
        if cells > width:
            if any(cell.strip() for cell in row[width:]):
                misfits.add(index)
        elif cells < width:
            missing = [p for p in range(cells, width) if p in labelled]
            if missing and (cells == 1 or any(filled[p] > 0.5 * max(len(right), 1) for p in missing)):
                misfits.add(index)
    return misfits


_FILLED_DOWN = (
    "kelurahan",
    "kecamatan",
    "city",
    "province",
    "rt",
    "rw",
    "rt_rw",
    "name_owner",
    "kelurahan_kecamatan",
)


def _merged_down(sheet, header):
    """{row: {column: value}} for place and owner cells merged over several rows."""
    columns = {column.index for column in header.of(*_FILLED_DOWN)}
    down = {}
    for top, left, bottom, right in sheet.merged:
        if left in columns and left == right and top > header.last and 0 < bottom - top < 20_000:
            value = sheet.rows[top][left] if top < len(sheet.rows) and left < len(sheet.rows[top]) else ""
            if value != "":
                for row in range(top + 1, bottom + 1):
                    down.setdefault(row, {})[left] = value
    return down


# ---- duplicates inside the file ------------------------------------------------------------------


def _running_columns(records, header):
    """Columns that only number the rows: the number column, and an id that never repeats."""
    running = {column.index for column in header.of("number", "number_again")}
    labelled = {column.index for column in header.columns}
    for column in header.of("id"):
        told = [text_of(r.cells[column.index]).strip() for r in records if column.index < len(r.cells)]
        told = [text for text in told if text]
        if len(set(told)) == len(told):
            running.add(column.index)
    if 0 not in labelled and records:
        told = [text_of(r.cells[0]).strip().rstrip(".") for r in records if r.cells]
        numbers = [int(text) for text in told if text.isdigit() and len(text) < 8]
        if len(numbers) > 0.8 * len(told) and len(set(numbers)) == len(numbers):
            running.add(0)
    return running


def row_print(cells, running):
    """The row without case, punctuation, spaces and its running number (R3)."""
    parts = [
        fold(text_of(cell)).replace(" ", "") if position not in running else ""
        for position, cell in enumerate(cells)
    ]
    while parts and not parts[-1]:
        parts.pop()
    return "\x1f".join(parts)


def _mark_identical(records, header):
    running = _running_columns(records, header)
    first = {}
    for record in records:
        record.print = row_print(record.cells, running)
        if record.outcome != ACCEPTED:
            continue
        earlier = first.setdefault(record.print, record)
        if earlier is not record:
            record.outcome, record.duplicate_of = DUPLICATE, earlier.number
            record.reason = _("Sama persis dengan baris %(row)s.") % {"row": earlier.number}


def _mark_same(records):
    cards = [record.facts.card if record.outcome == ACCEPTED else None for record in records]
    for record, (same, candidate) in zip(records, matching.judge(cards), strict=True):
        if same is not None:
            record.outcome, record.duplicate_of = DUPLICATE, records[same].number
            record.reason = _("Nama dan alamat sama dengan baris %(row)s, tanpa identitas yang berbeda.") % {
                "row": records[same].number
            }
        elif candidate is not None:
            record.candidate_of = records[candidate].number
