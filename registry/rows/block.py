"""A block copied from Excel or LibreOffice becomes rows of the grid. Pure.

The clipboard holds lines with tabs; a cell with a line break or a quote in it stands in quotes. Where the
block has its header, columns are found by it as in an uploaded list; otherwise they are taken in order.
"""

import re
from dataclasses import dataclass, field

from registry.imports import amounts, header
from registry.imports.reading import Sheet
from registry.imports.reading_text import split
from registry.rows.columns import COLUMNS
from umkm_portal.lib.text import clean_line

MAX_LINES_IN_A_CELL = 60
MAX_RAW = 100_000  # characters of a cell that are looked at; the cell itself is refused long before
MAX_LABEL = 200
_BARE_NUMBER = re.compile(r"^\s*(rp\.?)?\s*[\d.,]+\s*$", re.IGNORECASE)
_PERIOD_WORDS = {"day": "hari", "week": "minggu", "month": "bulan", "year": "tahun"}
_UNIT_WORDS = {10**3: "ribu", 10**6: "juta"}
_IGNORED = {"number", "number_again", "id", "other"}  # a running number is no fact of a business


@dataclass
class Block:
    """`rows` are {column key: words} when a header was found, else lists of cells in order."""

    rows: list
    has_header: bool = False
    unused: list = field(default_factory=list)  # labels of columns the grid has no place for


def cells_of(text):
    """Rows of cells of a pasted text; a quote that never closes stays what it is."""
    lines = str(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    rows, number = [], 0
    while number < len(lines):
        cells, used = _record(lines, number)
        number += used
        cells = [clean_line(cell[:MAX_RAW]) for cell in cells]
        if any(cells):
            rows.append(cells)
    return rows


def _record(lines, number):
    line = lines[number]
    if '"' not in line:
        return line.split("\t"), 1
    joined = line
    for used in range(1, MAX_LINES_IN_A_CELL + 1):
        cells, is_open = split(joined, "\t")
        if not is_open:
            return cells, used
        if number + used >= len(lines):
            break
        joined += "\n" + lines[number + used]
    return line.split("\t"), 1


def read(rows):
    """The Block of rows of cells: by their header when they have one."""
    found = _header(rows)
    if found is None:
        return Block([row for row in rows if any(row)])
    picked, unused = _pick(found)
    body = rows[found.last + 1 :]
    read_rows = []
    for row in body:
        if not any(row) or header.is_repeated(found, row) or header.is_number_row(row):
            continue
        cells = {key: row[column.index] for key, column in picked.items() if column.index < len(row)}
        _tell_unit_and_period(cells, picked)
        read_rows.append({key: cell for key, cell in cells.items() if cell})
    return Block(read_rows, True, unused)


def _header(rows):
    """The header, when the rows begin with one: most of its labels known, the name among them."""
    start = [[cell[:MAX_LABEL] for cell in row] for row in rows[:8]]
    found = header.find(Sheet("", start))
    if found is None:
        return None
    known = [column for column in found.columns if column.role]
    picked, _unused = _pick(found)
    if len(picked) < 2 or not ({"name", "activity", "owner"} & picked.keys()):
        return None
    return found if len(known) * 2 >= len(found.columns) else None


def _pick(found):
    """({key: column of the block}, labels of those left over)."""
    picked = {}
    for column in COLUMNS:
        here = found.first_of(*column.roles) if column.roles else None
        if here is not None:
            picked[column.key] = here
    taken = {column.index for column in picked.values()}
    unused = [
        clean_line(column.label)[:60]
        for column in found.columns
        if column.index not in taken and column.role not in _IGNORED
    ]
    return picked, unused


def _tell_unit_and_period(cells, picked):
    """Put into the cell what only the label told: "5" under "Omzet per bulan (juta)"."""
    for key in ("turnover", "capital"):
        if not cells.get(key):
            continue
        unit = _UNIT_WORDS.get(amounts.unit_of_label(picked[key].label))
        if unit and _BARE_NUMBER.match(cells[key]):
            cells[key] = f"{cells[key]} {unit}"
    period = _PERIOD_WORDS.get(picked["turnover"].period) if "turnover" in picked else None
    if period and cells.get("turnover") and not cells.get("turnover_period"):
        cells["turnover_period"] = period


def in_order(row, keys):
    """Cells of a row without header as {key: words}, and how many did not fit."""
    return {key: cell for key, cell in zip(keys, row, strict=False) if cell}, sum(
        1 for cell in row[len(keys) :] if cell
    )
