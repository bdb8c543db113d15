"""What a page of the grid holds: its rows as sent, and what is said about each."""

import json
import uuid as uuids
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from registry.rows import block
from registry.rows.cells import Reading
from registry.rows.columns import BY_KEY, KEPT_FOR_THE_NEXT, chosen
from registry.rows.resembling import sign_of
from umkm_portal.lib.text import has_long_digits, mask_long_digits

BLANK_ROWS = 10  # a fresh page
FIELDS_OF_A_PLAIN_PAGE = 1500  # well inside DATA_UPLOAD_MAX_NUMBER_FIELDS
MOST_ROWS = 1000  # in one grid; above that it is a list to be uploaded


@dataclass
class Row:
    """One row: cells as typed, what reading them gave, and what became of it."""

    uuid: uuids.UUID = field(default_factory=uuids.uuid4)
    cells: dict = field(default_factory=dict)
    anyway: str = ""  # the sign of the warning that was ticked away
    reading: Reading = field(default_factory=Reading)
    errors: dict = field(default_factory=dict)
    warnings: list = field(default_factory=list)
    submission: object = None  # its draft, or what it became
    stamp: int | None = None  # the newest audit line of its draft when this grid wrote it last
    elsewhere: bool = False  # its draft went on at another page since, and is not written over
    saved: str = ""  # when its draft was kept
    nik_last4: str = ""  # of a number that was typed and is kept sealed

    @property
    def is_blank(self):
        return not any(cell.strip() for key, cell in self.cells.items() if key not in KEPT_FOR_THE_NEXT)

    @property
    def sign(self):
        return sign_of(self.warnings)

    @property
    def may_go(self):
        return not self.errors and (not self.warnings or self.anyway == self.sign)

    def refuse(self, key, message):
        self.errors.setdefault(key, str(message))

    def shown(self, key):
        """A cell as it may be shown again: never the digits of an identity number."""
        cell = self.cells.get(key, "")
        if key == "nik":
            return "" if any(c.isdecimal() for c in cell) else cell
        if has_long_digits(cell) and (key in self.errors or key not in ("pirt", "halal")):
            return mask_long_digits(cell)
        return cell

    def as_json(self):
        """What the page's script knows of it."""
        return {
            "uuid": str(self.uuid),
            "cells": {key: shown for key in self.cells if (shown := self.shown(key))},
            "errors": self.errors,
            "notes": self.reading.notes,
            "warnings": [{"text": w.text, "name": w.name, "url": w.url, "row": w.row} for w in self.warnings],
            "sign": self.sign,
            "anyway": bool(self.warnings) and self.anyway == self.sign,
            "saved": self.saved,
            "nik4": self.nik_last4,
        }


@dataclass
class Grid:
    """The page as sent. `with_script` when the page's script gathered it; `rest` is unread block text."""

    rows: list = field(default_factory=list)
    shown: list = field(default_factory=list)
    with_script: bool = False
    block: str = ""
    problems: list = field(default_factory=list)  # sentences about the page as a whole

    @property
    def filled(self):
        return [row for row in self.rows if not row.is_blank]


def read_post(data, columns):
    """The Grid of a POST: one field of JSON from the script, or a plain form's fields."""
    text = data.get("grid", "")
    if text:
        return _from_json(text, columns)
    grid = Grid(shown=chosen(columns, data.getlist("kolom")), block=data.get("block", ""))
    keys = [column.key for column in columns]
    for identity in data.getlist("row")[:MOST_ROWS]:
        cells = {key: data.get(f"{identity}-{key}", "") for key in keys}
        grid.rows.append(
            Row(_uuid(identity), {k: c for k, c in cells.items() if c}, data.get(f"{identity}-anyway", ""))
        )
    return _each_its_own(grid)


def _from_json(text, columns):
    try:
        told = json.loads(text)
        rows, shown = told["rows"], told.get("shown")
        if not isinstance(rows, list) or not isinstance(shown, list):
            raise TypeError
    except (ValueError, TypeError, KeyError, RecursionError):
        grid = Grid(shown=chosen(columns, ()), with_script=True)
        grid.problems.append(_("Isian ini tidak terbaca. Muat ulang halaman, lalu coba lagi."))
        return grid
    grid = Grid(shown=chosen(columns, shown), with_script=True)
    keys = {column.key for column in columns}
    for raw in rows[:MOST_ROWS]:
        cells = raw.get("cells") if isinstance(raw, dict) else None
        if not isinstance(cells, dict):
            continue
        kept = {k: c for k, c in cells.items() if k in keys and isinstance(c, str) and c}
        grid.rows.append(Row(_uuid(raw.get("uuid")), kept, str(raw.get("anyway") or "")[:40]))
    return _each_its_own(grid)


def _uuid(text):
    try:
        return uuids.UUID(str(text))
    except ValueError:
        return uuids.uuid4()


def _each_its_own(grid):
    seen = set()
    for row in grid.rows:
        if row.uuid in seen:
            row.uuid = uuids.uuid4()
        seen.add(row.uuid)
    return grid


def plain_rows(shown):
    """How many rows a page without script may hold, so that its form can be sent back whole."""
    return max(BLANK_ROWS, min(MOST_ROWS, FIELDS_OF_A_PLAIN_PAGE // (len(shown) + 3)))


def take_block(grid, columns, kept):
    """Read the pasted text of a plain page into rows; what does not fit stays in the text box."""
    rows = block.cells_of(grid.block)
    read = block.read(rows)
    keys = [column.key for column in columns]
    if read.has_header:
        grid.shown = [key for key in keys if key in grid.shown or any(key in row for row in read.rows)]
        found = read.rows
        if read.unused:
            grid.problems.append(_("Kolom yang tidak dipakai: %s.") % ", ".join(read.unused))
    else:
        found, left = [], 0
        for row in read.rows:
            cells, more = block.in_order(row, grid.shown)
            found.append(cells)
            left = max(left, more)
        if left:
            grid.problems.append(
                _(
                    "Blok ini lebih lebar daripada tabel: %d kolom terakhir tidak dibaca. "
                    "Tambah kolom, lalu tempel lagi."
                )
                % left
            )
    room = plain_rows(grid.shown) - len(grid.filled)
    grid.rows = grid.filled + [Row(cells=kept | cells) for cells in found[:room]]
    grid.block = ""
    if len(found) > room:
        labels = [str(BY_KEY[key].label) for key in grid.shown]
        lines = ["\t".join(labels)] + [
            "\t".join(row.get(key, "") for key in grid.shown) for row in found[room:]
        ]
        grid.block = "\n".join(lines)
        grid.problems.append(
            _("%(read)d baris dibaca. %(left)d baris lain masih di kotak tempel; baca setelah ini terkirim.")
            % {"read": room, "left": len(found) - room}
        )
    return found
