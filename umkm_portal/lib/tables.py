"""Tables people take home: XLSX and CSV that open safely in Excel."""

import csv
import io
from datetime import date, datetime

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_CELL = 32_767  # Excel's own limit for one cell


def _plain(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    return value


def to_xlsx(columns, rows, *, sheet="Data", heading=(), spool=""):
    """A workbook as bytes.

    `columns` is a list of (label, width, kind) with kind one of text, number, idr, degrees, date; `rows`
    yields tuples in that order; `heading` are lines above the table (title, filter, as-of date). Text is
    written as text, so a cell that begins with "=" stays words and never becomes a formula. A very long
    table is written row by row into the folder `spool` (a private one, deleted by the caller), not held in
    memory.
    """
    buffer = io.BytesIO()
    room = {"constant_memory": True, "tmpdir": spool} if spool else {"in_memory": True}
    book = xlsxwriter.Workbook(buffer, room | {"strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet(sheet[:31])
    bold = book.add_format({"bold": True})
    head = book.add_format({"bold": True, "bg_color": "#E6F1F3", "bottom": 1})
    formats = {
        "text": book.add_format({"num_format": "@"}),
        "number": book.add_format({"num_format": "#,##0"}),
        "idr": book.add_format({"num_format": '"Rp"#,##0'}),
        "degrees": book.add_format({"num_format": "0.000000"}),
        "date": book.add_format({"num_format": "d mmmm yyyy"}),
    }
    top = 0
    for line in heading:
        page.write_string(top, 0, str(line), bold if top == 0 else None)
        top += 1
    if heading:
        top += 1
    for index, (label, width, _kind) in enumerate(columns):
        page.set_column(index, index, width)
        page.write_string(top, index, str(label), head)
    page.freeze_panes(top + 1, 1)
    row_number = top
    for row_number, row in enumerate(rows, start=top + 1):
        for index, ((_label, _width, kind), raw) in enumerate(zip(columns, row, strict=True)):
            value = _plain(raw)
            if value == "":
                continue
            if kind in ("number", "idr", "degrees") and isinstance(value, (int, float)):
                page.write_number(row_number, index, value, formats[kind])
            elif kind == "date" and isinstance(value, (date, datetime)):
                page.write_datetime(row_number, index, value, formats["date"])
            else:
                page.write_string(row_number, index, str(value)[:MAX_CELL], formats["text"])
    if columns:
        page.autofilter(top, 0, max(row_number, top), len(columns) - 1)
    book.close()
    return buffer.getvalue()


def to_csv(columns, rows):
    """A CSV as bytes (UTF-8 with BOM, semicolons). A leading =, +, -, @ or tab is disarmed by a quote."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow([label for label, _width, _kind in columns])
    for row in rows:
        writer.writerow([_disarmed(_plain(value)) for value in row])
    return buffer.getvalue().encode("utf-8-sig")


def _disarmed(value):
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value


def download(content, filename, content_type=XLSX_TYPE):
    """An HttpResponse that the browser saves under `filename` (ASCII)."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "no-store"
    return response
