"""Small lists as offices write them, made on the spot."""

import io

import openpyxl

from registry.imports.place import Places

REGIONS = [
    ("35.73.01.1007", "Purwantoro", "Blimbing"),
    ("35.73.01.1005", "Blimbing", "Blimbing"),
    ("35.73.01.1008", "Bunulrejo", "Blimbing"),
    ("35.73.02.1001", "Klojen", "Klojen"),
    ("35.73.02.1008", "Oro-oro Dowo", "Klojen"),
    ("35.73.03.1006", "Kedungkandang", "Kedungkandang"),
    ("35.73.05.1004", "Dinoyo", "Lowokwaru"),
    ("35.73.05.1007", "Jatimulyo", "Lowokwaru"),
    ("35.73.04.1010", "Mulyorejo", "Sukun"),
]
ALIASES = [("Sanan", "35.73.01.1007"), ("Oro2 Dowo", "35.73.02.1008")]


def places():
    return Places(REGIONS, ALIASES, "Kota Malang")


def csv(*lines, encoding="utf-8", end="\n"):
    return end.join(lines).encode(encoding)


def xlsx(rows, *, title="Sheet1", merges=(), more=()):
    """A workbook as bytes; `more` = [(sheet title, rows, state)]."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = title
    for row in rows:
        page.append(list(row))
    for area in merges:
        page.merge_cells(area)
    for name, other, state in more:
        extra = book.create_sheet(name)
        extra.sheet_state = state
        for row in other:
            extra.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
