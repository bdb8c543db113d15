"""Bytes and a filename become sheets of rows; the format is told by content, not by name.

A cell is the plain value the file holds: `str` for text, `int` or `float` for a number cell, `bool`, a
date or time, "" for an empty one. The difference between text and number matters: Excel keeps only
fifteen digits of a number, so a NIK in a number cell is damaged (DOMAIN: "numbers are text").
"""

# ruff: noqa: E501  (sentences are easier to translate in one piece)

import datetime as dt
import io
import pickle
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from umkm_portal.lib.errors import Refused

from . import reading_apart, reading_markup, reading_text

MAX_BYTES = 60 * 1024 * 1024
MAX_UNPACKED = 700 * 1024 * 1024
MAX_RATIO = 400  # a genuine sheet packs 10 to 60 times; a bomb a thousand and more
MAX_ROWS = 300_000
MAX_AREA = 15_000_000  # cells between the first and the last filled one
MAX_COLUMNS = 600
MAX_SECONDS = 180


@dataclass
class Sheet:
    """One sheet: `rows[0]` is row 1 of the file. `merged` holds (row, column, row, column), zero-based."""

    name: str
    rows: list
    hidden: bool = False
    merged: list = field(default_factory=list)
    is_text: bool = False  # from CSV or TSV: a row may have more or fewer cells than the header
    widths: list | None = None  # for text: the number of cells every row really had
    lines: list | None = None  # for text: the physical line on which every row begins


@dataclass
class Book:
    """What was read: `kind` is xlsx, xls, ods, csv or html; `notes` are sentences for the uploader."""

    kind: str
    sheets: list
    notes: list = field(default_factory=list)


def text_of(value):
    """The words of a cell as a person sees them, with nothing invented and nothing cut."""
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e20 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return str(value)


def is_number(value):
    """Whether the file held a number cell (its digits beyond the fifteenth are lost)."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def read(data, filename=""):
    """Read an uploaded file. Raises Refused with an Indonesian sentence when it is no usable list."""
    if not data or not data.strip(b"\0 \r\n\t\xef\xbb\xbf"):
        raise Refused("import-empty", _("Berkas ini kosong. Pilih berkas yang berisi daftar usaha."))
    if len(data) > MAX_BYTES:
        raise Refused(
            "import-too-large",
            _("Berkas ini terlalu besar (paling besar %(mb)s MB). Pecah menjadi beberapa berkas."),
            mb=MAX_BYTES // 1024 // 1024,
        )
    head = data[:8]
    if head[:4] == b"PK\x03\x04":
        return _zipped(data)
    if head[:4] in (b"PK\x05\x06", b"PK\x07\x08"):
        raise _damaged()
    if head == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _legacy(data)
    _refuse_other_kinds(data)
    if head[:2] in (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00") and b"\0" in data[:64]:
        return _legacy(data)
    text, encoding = reading_text.decode(data)
    start = text[:2000].lstrip("\ufeff \r\n\t").lower()
    if start.startswith("<"):
        try:
            sheets = reading_markup.sheets(text)
        except reading_markup.TooWide as error:
            raise _bomb() from error
        if sheets:
            return Book("html", [Sheet(name, rows, merged=merged) for name, rows, merged in sheets])
        raise _not_a_list()
    if start.startswith(("#!", "%!", "{\\rtf")):
        raise _not_a_list()
    return _text(text, encoding)


def _text(text, encoding):
    table = reading_text.table(text)
    if len(table.rows) > MAX_ROWS:
        raise _too_many_rows()
    sheet = Sheet("", table.rows, is_text=True, widths=table.widths, lines=table.lines)
    notes = []
    if table.mixed:
        notes.append(
            str(_("Berkas memakai pemisah kolom yang bercampur; %(count)s baris dibaca dengan pemisah lain."))
            % {"count": table.mixed}
        )
    if encoding == "mixed":
        notes.append(
            str(_("Sebagian huruf memakai pengodean lama (cp1252) dan telah dibaca sebagaimana mestinya."))
        )
    return Book("csv", [sheet], notes)


_OTHER_KINDS = (
    (b"%PDF", _("PDF")),
    (b"\x89PNG", _("gambar")),
    (b"\xff\xd8\xff", _("gambar")),
    (b"GIF8", _("gambar")),
    (b"Rar!", _("arsip RAR")),
    (b"7z\xbc\xaf", _("arsip 7z")),
    (b"\x1f\x8b", _("arsip gzip")),
    (b"MZ", _("program")),
    (b"\x7fELF", _("program")),
    (b"SQLite format 3", _("basis data")),
)


def _refuse_other_kinds(data):
    for magic, name in _OTHER_KINDS:
        if data.startswith(magic) and (magic != b"MZ" or b"\0" in data[:200]):
            raise Refused(
                "import-kind",
                _("Ini berkas %(kind)s, bukan daftar. Unggah berkas Excel (.xlsx, .xls), .ods atau .csv."),
                kind=name,
            )


def _zipped(data):
    """xlsx, xlsb or ods: look at the directory of the archive before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            unpacked = sum(entry.file_size for entry in entries)
            if any(entry.flag_bits & 1 for entry in entries):
                raise _locked()
            bomb = unpacked > MAX_UNPACKED or len(entries) > 5000
            bomb = bomb or (unpacked > 30_000_000 and unpacked > MAX_RATIO * len(data))
            if bomb or any(
                e.file_size > 30_000_000 and e.file_size > MAX_RATIO * e.compress_size for e in entries
            ):
                raise _bomb()
            if "mimetype" in names or "content.xml" in names:
                kind = "ods"
                manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
                if b"encryption-data" in manifest:
                    raise _locked()
                if "mimetype" in names and b"spreadsheet" not in archive.read("mimetype"):
                    raise _not_a_list()
                _measure_ods(archive.read("content.xml"))
            elif any(name.startswith("xl/") for name in names):
                kind = "xlsx"
                _measure_xlsx(archive, entries)
            else:
                raise _not_a_list()
    except Refused:
        raise
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        OSError,
        ValueError,
        EOFError,
        KeyError,
        RuntimeError,
    ) as error:
        raise _damaged() from error
    except Exception as error:  # zlib.error and what a broken archive may yet raise
        raise _damaged() from error
    return _workbook(data, kind)


_CELL_WITH_VALUE = re.compile(rb"""<c\b[^>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'][^>]*>\s*<(?:v|is|f)\b""")


def _measure_xlsx(archive, entries):
    """Refuse a sheet whose filled cells span an absurd area: it would be unpacked into memory."""
    for entry in entries:
        if not (entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml")):
            continue
        last_row = last_column = 0
        tail = b""
        seen = 0
        with archive.open(entry) as stream:
            while block := stream.read(1 << 22):
                seen += len(block)
                if seen > max(entry.file_size, 1) + (1 << 22):
                    raise _damaged()
                block = tail + block
                for match in _CELL_WITH_VALUE.finditer(block):
                    last_row = max(last_row, int(match[2]))
                    last_column = max(last_column, _column_index(match[1]))
                tail = block[-300:]
        if last_row * last_column > MAX_AREA:
            raise Refused(
                "import-area",
                _(
                    "Ada sel berisi yang sangat jauh dari daftarnya (sampai baris %(row)s). Hapus sel itu lalu unggah lagi."
                ),
                row=last_row,
            )


_REPEATED_CELL = re.compile(rb'number-columns-repeated="(\d{4,})"')
_REPEATED_ROW = re.compile(rb'^[^>]*number-rows-repeated="(\d{4,})"')


def _measure_ods(content):
    """Refuse a filled cell or row said to be repeated thousands of times; blank ones cost nothing."""
    for row in content.split(b"<table:table-row")[1:]:
        if b"value-type" not in row:
            continue
        cells = (cell.split(b">", 1)[0] for cell in row.split(b"<table:table-cell")[1:])
        across = max(
            (int(m[1]) for c in cells if b"value-type" in c and (m := _REPEATED_CELL.search(c))), default=1
        )
        down = _REPEATED_ROW.match(row)
        if across * (int(down[1]) if down else 1) > 5000:
            raise Refused(
                "import-area",
                _("Ada sel berisi yang diulang ribuan kali. Hapus isi di luar daftarnya lalu unggah lagi."),
            )


def _column_index(letters):
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index


def _legacy(data):
    """An OLE2 file: a legacy .xls, or an .xlsx locked with a password."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise _locked()
    if "WordDocument".encode("utf-16-le") in data or "PowerPoint Document".encode("utf-16-le") in data:
        raise _not_a_list()
    return _workbook(data, "xls")


def _workbook(data, kind):
    """The sheets, opened in a process of its own (reading_apart.py says why)."""
    limits = map(str, (MAX_ROWS, MAX_AREA * 2, MAX_COLUMNS))
    command = [sys.executable, "-I", reading_apart.__file__, *limits]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=MAX_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise _bomb() from error
    if done.returncode:
        raise _bomb()
    outcome, found = pickle.loads(done.stdout)  # our own process wrote it
    if outcome == reading_apart.LOCKED:
        raise _locked()
    if outcome == reading_apart.TOO_MANY:
        raise _too_many_rows()
    if outcome == reading_apart.DAMAGED:
        raise _damaged()
    sheets = [Sheet(name, rows, hidden=hidden, merged=merged) for name, rows, hidden, merged in found]
    if not sheets or not any(any(cell != "" for cell in row) for sheet in sheets for row in sheet.rows):
        raise Refused("import-empty", _("Berkas ini tidak berisi baris apa pun."))
    return Book(kind, sheets)


def _bomb():
    return Refused(
        "import-bomb",
        _("Isi berkas ini jauh lebih besar daripada daftar biasa, jadi tidak dibuka."),
    )


def _damaged():
    return Refused(
        "import-damaged",
        _("Berkas ini rusak atau tidak lengkap. Buka di Excel, simpan ulang, lalu unggah lagi."),
    )


def _locked():
    return Refused(
        "import-locked",
        _("Berkas ini dikunci dengan kata sandi. Simpan salinan tanpa kata sandi, lalu unggah lagi."),
    )


def _not_a_list():
    return Refused(
        "import-kind",
        _("Berkas ini bukan buku kerja atau daftar. Unggah berkas Excel (.xlsx, .xls), .ods atau .csv."),
    )


def _too_many_rows():
    return Refused(
        "import-too-many-rows",
        _("Berkas ini memuat lebih dari %(rows)s baris. Pecah menjadi beberapa berkas."),
        rows=MAX_ROWS,
    )
