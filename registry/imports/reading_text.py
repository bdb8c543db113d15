"""Text files: which encoding, which separator, where a record ends. Pure."""

import re
from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from umkm_portal.lib.errors import Refused

DELIMITERS = (",", ";", "\t", "|")
MAX_LINES_IN_A_CELL = 60
_SEP_LINE = re.compile(r"^sep=(.)\r?$", re.IGNORECASE)
_CONTROL = re.compile("[\x01-\x08\x0e-\x1f]")


@dataclass
class Table:
    rows: list
    widths: list
    lines: list
    delimiter: str
    mixed: int  # rows read with another separator than most


def decode(data):
    """(text, name of the encoding). The whole file is looked at: a cp1252 letter may come after 300 KB."""
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace").replace("\0", ""), "utf-16"
    else:
        sample = data[:4000]
        zeros_odd, zeros_even = sample[1::2].count(0), sample[0::2].count(0)
        half = max(len(sample) // 2, 1)
        if zeros_odd > half * 0.4 and zeros_even < half * 0.1:
            return data.decode("utf-16-le", errors="replace").replace("\0", ""), "utf-16"
        if zeros_even > half * 0.4 and zeros_odd < half * 0.1:
            return data.decode("utf-16-be", errors="replace").replace("\0", ""), "utf-16"
    if b"\0" in data:
        if data.count(0) > max(20, len(data) // 50):
            raise _binary()
        data = data.replace(b"\0", b"")
    try:
        text, encoding = data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        # Line by line: a list glued together from two files may hold both.
        text = "".join(_decode_line(line) for line in data.splitlines(keepends=True))
        encoding = "mixed" if _has_utf8_letters(data) else "cp1252"
    if len(_CONTROL.findall(text[:20000])) > max(10, len(text[:20000]) // 20):
        raise _binary()
    return text, encoding


def _has_utf8_letters(data):
    return bool(re.search(rb"[\xc3\xe2][\x80-\xbf]", data))


def _decode_line(line):
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return line.decode("cp1252")
        except UnicodeDecodeError:
            return line.decode("latin-1")


def _binary():
    return Refused(
        "import-kind",
        _("Berkas ini bukan buku kerja atau daftar. Unggah berkas Excel (.xlsx, .xls), .ods atau .csv."),
    )


def table(text):
    """Records of a CSV-like text, tolerant of mixed separators and of quotes that never close."""
    lines = _physical_lines(text)
    forced = None
    first = 0
    if lines and (match := _SEP_LINE.match(lines[0])):
        forced, first = match[1], 1
    delimiter = forced or _delimiter(lines)
    expected = _usual_width(lines[first:], delimiter)
    rows, widths, starts = [], [], []
    mixed = 0
    number = 0
    if first:
        rows.append([])
        widths.append(0)
        starts.append(1)
        number = first
    while number < len(lines):
        cells, used, other = _record(lines, number, delimiter, expected)
        rows.append(cells)
        widths.append(len(cells))
        starts.append(number + 1)
        mixed += other
        number += used
    return Table(rows, widths, starts, delimiter, mixed)


def _physical_lines(text):
    text = text.replace("\r\r\n", "\n").replace("\r\n", "\n")
    if "\n" not in text:
        text = text.replace("\r", "\n")
    lines = text.split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def _delimiter(lines):
    """The separator that gives most lines the same number of cells, two or more."""
    sample = [line for line in lines[:400] if line.strip()]
    step = max(1, len(lines) // 600)
    sample += [line for line in lines[400::step] if line.strip()]
    best, best_score = ",", -1.0
    for delimiter in DELIMITERS:
        widths = Counter(len(split(line, delimiter)[0]) for line in sample)
        score = max(
            (count * min(width, 12) ** 0.5 for width, count in widths.items() if width > 1), default=0
        )
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _usual_width(lines, delimiter):
    widths = Counter(len(split(line, delimiter)[0]) for line in lines[:3000] if line.strip())
    return widths.most_common(1)[0][0] if widths else 1


def _record(lines, number, delimiter, expected):
    """(cells, physical lines used, 1 when another separator was needed) of the record starting here."""
    line = lines[number]
    cells, is_open = split(line, delimiter)
    if not is_open:
        if len(cells) != expected and expected > 1:
            cells, other = _with_other_separator(line, delimiter, cells, expected)
            return cells, 1, other
        return cells, 1, 0
    joined = line
    for used in range(2, MAX_LINES_IN_A_CELL + 2):
        if number + used > len(lines):
            break
        joined += "\n" + lines[number + used - 1]
        cells, is_open = split(joined, delimiter)
        if is_open:
            continue
        if len(cells) > expected and used > 2:
            break  # the quote closed by accident, somewhere in a later record
        if len(cells) != expected:
            cells, other = _with_other_separator(joined, delimiter, cells, expected)
            if len(cells) != expected:
                break
            return cells, used, other
        return cells, used, 0
    plain = [cell.strip().strip('"') for cell in line.split(delimiter)]
    if len(plain) == expected:
        return plain, 1, 0
    cells, is_open = split(joined, delimiter)
    if not is_open and number + 1 < len(lines):
        return cells, joined.count("\n") + 1, 0
    return plain, 1, 0


def _with_other_separator(line, delimiter, cells, expected):
    for candidate in DELIMITERS:
        if candidate != delimiter and candidate in line:
            again, is_open = split(line, candidate)
            if not is_open and len(again) == expected:
                return again, 1
    # A whole record wrapped in quotes by a second export: "a,b,""c"""
    if len(cells) == 1 and cells[0] and line.startswith('"'):
        again, is_open = split(cells[0], delimiter)
        if not is_open and len(again) == expected:
            return again, 0
    return cells, 0


def split(line, delimiter):
    """(cells, whether a quote stays open) of one record, as RFC 4180 but forgiving."""
    if '"' not in line:
        return line.split(delimiter), False
    cells = []
    position, length = 0, len(line)
    while True:
        start = position
        while start < length and line[start] == " ":
            start += 1
        if start < length and line[start] == '"':
            text, position, closed = _quoted(line, start + 1, delimiter)
            cells.append(text)
            if not closed:
                return cells, True
        else:
            end = line.find(delimiter, position)
            if end < 0:
                end = length
            cells.append(line[position:end])
            position = end
        if position >= length:
            return cells, False
        position += 1  # past the delimiter
        if position == length:
            cells.append("")
            return cells, False


def _quoted(line, position, delimiter):
    """Read a quoted cell from just after its quote: (text, position of the delimiter or end, closed)."""
    parts = []
    length = len(line)
    while True:
        end = line.find('"', position)
        if end < 0:
            parts.append(line[position:])
            return "".join(parts), length, False
        if end + 1 < length and line[end + 1] == '"':
            parts.append(line[position : end + 1])
            position = end + 2
            continue
        after = end + 1
        while after < length and line[after] == " ":
            after += 1
        if after == length or line[after] == delimiter:
            parts.append(line[position:end])
            return "".join(parts), after, True
        parts.append(line[position : end + 1])  # a stray quote inside the words
        position = end + 1
