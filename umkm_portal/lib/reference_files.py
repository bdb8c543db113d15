"""Reading reference files and bringing tables to what they say.

Sizes and shapes are checked here, so that a hostile file gives a message and no traceback.
"""

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from umkm_portal.lib.errors import Refused
from umkm_portal.lib.text import clean_line

MAX_CSV_BYTES = 8 * 1024 * 1024
MAX_JSON_BYTES = 40 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 60
MAX_CELL = 2_000
SHOWN_PROBLEMS = 10


@dataclass(frozen=True)
class Row:
    """One row of a reference file: its line number in the file and its cells by column name."""

    line: int
    cells: dict

    def __getitem__(self, name):
        return self.cells.get(name, "")


class Problems:
    """Collects what is wrong with a file, so that one run names more than the first mistake."""

    def __init__(self):
        self.lines = []
        self.count = 0

    def add(self, row, text):
        self.count += 1
        if len(self.lines) < SHOWN_PROBLEMS:
            self.lines.append(_("baris %(line)s: %(text)s") % {"line": row.line, "text": text})

    def refuse(self, code):
        """Raise Refused with the collected lines; nothing happens when there are none."""
        if self.count:
            more = self.count - len(self.lines)
            tail = "\n" + _("dan %(more)s kesalahan lain.") % {"more": more} if more else ""
            raise Refused(code, "\n".join([_("Berkas tidak dimuat:"), *self.lines]) + tail)


def read_bytes(path, limit):
    """The content of a regular file of at most `limit` bytes. Raises Refused."""
    path = Path(path)
    try:
        if not path.is_file():
            raise Refused("file-missing", _("Berkas tidak ditemukan: %(name)s"), name=path.name)
        with path.open("rb") as file:
            raw = file.read(limit + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise Refused("file-unreadable", _("Berkas tidak dapat dibaca.")) from error
    if len(raw) > limit:
        raise Refused("file-too-large", _("Berkas lebih besar dari %(mb)s MB."), mb=limit // (1024 * 1024))
    if not raw.strip():
        raise Refused("file-empty", _("Berkas kosong."))
    return raw


def read_csv(path, required, optional=()):
    """Rows of a CSV file with a header, comma, semicolon or tab separated, UTF-8 or Windows-1252.

    Header names are compared in lower case without spaces around them; columns not asked for are
    ignored. Raises Refused for anything that is no such table.
    """
    text = _decode(read_bytes(path, MAX_CSV_BYTES))
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        header = [clean_line(name).lower() for name in next(reader, [])]
        columns = _columns(header, required, optional)
        rows = []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(rows) >= MAX_ROWS:
                raise Refused("file-too-long", _("Berkas lebih dari %(rows)s baris."), rows=MAX_ROWS)
            rows.append(_row(reader.line_num, cells, columns, len(header)))
    except csv.Error as error:
        raise Refused(
            "file-not-csv", _("Berkas bukan CSV yang utuh (tanda kutip atau isi sel rusak).")
        ) from error
    if not rows:
        raise Refused("file-no-rows", _("Berkas hanya berisi judul kolom, tanpa baris data."))
    return rows


def _decode(raw):
    if b"\0" in raw:
        raise Refused(
            "file-not-text", _("Berkas bukan teks CSV. Simpan lembar kerja sebagai CSV (UTF-8), lalu ulangi.")
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return raw.decode("cp1252")
        except UnicodeDecodeError as error:
            raise Refused("file-encoding", _("Huruf tidak terbaca: simpan sebagai UTF-8.")) from error


def _columns(header, required, optional):
    if len(header) > MAX_COLUMNS:
        raise Refused("file-columns", _("Berkas memiliki lebih dari %(most)s kolom."), most=MAX_COLUMNS)
    named = [name for name in header if name]
    twice = sorted({name for name in named if named.count(name) > 1} & {*required, *optional})
    if twice:
        raise Refused("file-columns", _("Kolom tertulis dua kali: %(names)s"), names=", ".join(twice))
    missing = [name for name in required if name not in header]
    if missing:
        raise Refused("file-columns", _("Kolom tidak ditemukan: %(names)s"), names=", ".join(missing))
    return {name: header.index(name) for name in (*required, *optional) if name in header}


def _row(line, cells, columns, width):
    if len(cells) > width and any(cell.strip() for cell in cells[width:]):
        raise Refused(
            "file-row-shape", _("Baris %(line)s memiliki lebih banyak sel daripada judul kolom."), line=line
        )
    if any(len(cell) > MAX_CELL for cell in cells):
        raise Refused(
            "file-cell-too-long",
            _("Baris %(line)s memuat sel lebih dari %(most)s huruf."),
            line=line,
            most=MAX_CELL,
        )
    return Row(line, {n: clean_line(cells[i]) if i < len(cells) else "" for n, i in columns.items()})


def read_json(path):
    """A JSON document. Raises Refused when it is none, too large or nested beyond reason."""
    raw = read_bytes(path, MAX_JSON_BYTES)
    try:
        return json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Refused("file-not-json", _("Berkas bukan JSON yang utuh.")) from error


def _no_constant(name):
    raise ValueError(f"{name} is no JSON number")


@dataclass
class Counts:
    """What one load did to one table."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def __str__(self):
        return _("%(created)s baru, %(updated)s diperbarui, %(unchanged)s tetap") % vars(self)


def upsert(model, existing, wanted, batch_size=500):
    """Bring rows of `model` to what `wanted` says, in bulk; returns `Counts`.

    `existing` maps keys to instances, `wanted` maps keys to {field: value}, complete enough to create
    a row. Only fields that are given are compared and written; rows that are not wanted stay as they are.
    Callers hold the transaction.
    """
    counts, new, changed, fields = Counts(), [], [], set()
    for key, values in wanted.items():
        row = existing.get(key)
        if row is None:
            new.append(model(**values))
            continue
        different = [name for name, value in values.items() if getattr(row, name) != value]
        if not different:
            counts.unchanged += 1
            continue
        for name in different:
            setattr(row, name, values[name])
        fields.update(different)
        changed.append(row)
    model.objects.bulk_create(new, batch_size=batch_size)
    if changed:
        model.objects.bulk_update(changed, sorted(fields), batch_size=batch_size)
    counts.created, counts.updated = len(new), len(changed)
    return counts
