"""What the page of the grid shows: its rows and columns, counts, and where the eye should go first."""

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from registry.rows import checking
from registry.rows.columns import BY_KEY, KEPT_FOR_THE_NEXT, MAX_ROWS
from registry.rows.grid import MOST_ROWS
from umkm_portal.lib import formats

LINKS_SHOWN = 5  # wrong cells linked at once; the others unfold
MOST_LINKS = 100


def arrived_words(count):
    return _("%s usaha terkirim untuk diverifikasi.") % formats.number(count)


def elsewhere_words(rows):
    """A sentence with links to the drafts that went on at another page; "" when none did."""
    links = [
        (row.submission.get_absolute_url(), _("baris"), number, row.submission.title or _("belum bernama"))
        for number, row in enumerate(rows, 1)
        if row.elsewhere
    ]
    if not links:
        return ""
    return format_html(
        "{} {}",
        _("Draf ini sudah diubah di halaman lain dan tidak ditimpa:"),
        format_html_join(", ", '<a href="{}">{} {}, {}</a>', links),
    )


def cell_id(row, key):
    return f"s-{row.uuid}-{key}"


def page(grid, rows, columns, user, *, kept, arrived, drafted, act, numbers=None):
    """The context of the page. `rows` are those shown, blank ones included."""
    allowed = {column.key for column in columns}
    wrong_keys = {key for row in rows for key in row.errors}
    keys = [c.key for c in columns if c.key in grid.shown or c.key in wrong_keys]
    wrong = [(n, row) for n, row in enumerate(rows, 1) if row.errors]
    alike = [row for row in rows if row.warnings and not row.errors and not row.may_go]
    links = [
        (cell_id(row, key), _("Baris %(n)d, %(column)s: %(message)s") % _told(n, key, message))
        for n, row in wrong
        for key, message in sorted(row.errors.items(), key=lambda e: list(BY_KEY).index(e[0]))
    ]
    ready = [row for row in rows if act == "check" and not row.is_blank and row.may_go]
    shown_columns = [BY_KEY[key] for key in keys]
    names = [name for _code, name, _kecamatan in checking.kelurahan_of(user)]
    return {
        "columns": shown_columns,
        "choices": [
            {"key": c.key, "label": c.label, "on": c.key in keys, "fixed": c.required} for c in columns
        ],
        "rows": [] if grid.with_script else [_plain(n, row, keys) for n, row in enumerate(rows, 1)],
        "offers": [
            {"key": "kelurahan", "words": names},
            *({"key": c.key, "words": c.offers} for c in columns if c.offers),
        ],
        "pasted": grid.block,
        "problems": grid.problems,
        "act": act,
        "arrived": len(arrived) if act else 0,
        "drafted": len(drafted),
        "wrong": wrong,
        "alike": alike,
        "ready": len(ready),
        "links": links[:LINKS_SHOWN],
        "more_links": links[LINKS_SHOWN:MOST_LINKS],
        "focus": _first(rows),
        "limit": MAX_ROWS,
        "data": {
            "columns": [_column(c) for c in columns],
            "shown": keys,
            "rows": [row.as_json() for row in rows if not row.is_blank] if grid.with_script else [],
            "answered": grid.with_script,
            "arrived": [str(getattr(row, "uuid", row)) for row in arrived],
            "numbers": numbers or {},
            "kept": {key: value for key, value in kept.items() if key in allowed},
            "keptKeys": KEPT_FOR_THE_NEXT,
            "focus": _first(rows) if grid.with_script else "",
            "user": str(user.pk),
            "url": reverse("rows-block"),
            "limit": MAX_ROWS,
            "most": MOST_ROWS,
            "words": _words(),
        },
    }


def _told(number, key, message):
    return {"n": number, "column": BY_KEY[key].label, "message": message}


def _first(rows):
    """The id of the first wrong cell, else of the first tick that is asked for."""
    for row in rows:
        if row.errors:
            return cell_id(row, min(row.errors, key=list(BY_KEY).index))
    return next((f"t-{row.uuid}" for row in rows if row.warnings and not row.may_go), "")


def _column(column):
    return {
        "key": column.key,
        "label": str(column.label),
        "width": column.width,
        "mode": column.mode,
        "help": str(column.help),
        "list": f"deret-{column.key}" if column.offers or column.key == "kelurahan" else "",
        "required": column.required,
    }


def _plain(number, row, keys):
    """One row for the page without script."""
    cells = [
        {
            "column": BY_KEY[key],
            "id": cell_id(row, key),
            "name": f"{row.uuid}-{key}",
            "value": row.shown(key),
            "error": row.errors.get(key, ""),
            "note": row.reading.notes.get(key, ""),
            "list": f"deret-{key}" if BY_KEY[key].offers or key == "kelurahan" else "",
            "kept": f"•••• {row.nik_last4}" if key == "nik" and row.nik_last4 else "",
        }
        for key in keys
    ]
    hidden = [(f"{row.uuid}-{k}", row.shown(k)) for k in row.cells if k not in keys and row.shown(k)]
    return {"number": number, "row": row, "cells": cells, "hidden": hidden}


def _words():
    """What the script says, in the page's language."""
    return {
        "row": _("baris"),
        "wrong": _("salah"),
        "alike": _("Mungkin sudah ada"),
        "sameAsRow": _("baris"),
        "anyway": _("Tetap kirim"),
        "unnamed": _("belum bernama"),
        "empty": _("kosong"),
        "pasted": _("%d baris ditempel. Ctrl+Z mengurungkan."),
        "byHeader": _("%d baris ditempel menurut judul kolomnya. Ctrl+Z mengurungkan."),
        "unused": _("Kolom yang tidak dipakai: %s."),
        "tooWide": _("%d kolom di kanan tidak muat dan tidak ditempel. Tampilkan kolom lain dulu."),
        "offline": _(
            "Sambungan terputus, jadi judul kolom tidak dikenali; blok ditempel mulai dari sel ini."
        ),
        "tooMany": _(
            "Paling banyak %d baris di satu tabel. Untuk daftar yang lebih panjang, pakai Unggah Excel."
        ),
        "tooBig": _("Isinya terlalu besar untuk dikirim sekaligus. Periksa sel yang sangat panjang."),
        "filled": _("%d sel diisi. Ctrl+Z mengurungkan."),
        "nothingToFill": _("Tidak ada sel kosong di bawahnya."),
        "undone": _("Diurungkan."),
        "nothingToUndo": _("Tidak ada yang diurungkan."),
        "added": _("Baris ditambahkan."),
        "removed": _("Baris dihapus. Urungkan mengembalikannya."),
        "restored": _("Isian Anda dipulihkan dari peramban ini."),
        "again": _("NIK tidak disimpan di peramban; ketik ulang."),
        "stored": _("NIK tersimpan, tidak ditampilkan lagi"),
        "count": _("%d baris terisi"),
    }
