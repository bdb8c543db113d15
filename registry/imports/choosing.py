"""Which sheet of a book holds the list, and what is refused: no list at all, or a recap. Pure."""

# ruff: noqa: E501  (sentences are easier to translate in one piece)

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from umkm_portal.lib.errors import Refused
from umkm_portal.lib.text import clean_line, fold

from . import header as headers
from . import normalise, vocabulary
from .reading import is_number, text_of
from .sifting import sift

_REGION_ROLES = ("kelurahan", "kecamatan", "city", "province", "region_name", "kelurahan_kecamatan")

_OF_A_BUSINESS = {
    "address", "kelurahan", "kecamatan", "kelurahan_kecamatan", "city", "rt", "rw", "rt_rw", "phone", "activity",
    "detail", "sector", "kbli", "nib", "permit", "pirt", "halal", "workers", "turnover", "capital", "assets", "stall",
    "place_kind", "founded", "scale", "legal_form", "brand", "latitude", "coordinates", "instagram", "marketplace",
}  # fmt: skip


def choose(book, sheet_number):
    """(sheet, its header, what was sifted, notes) of the fullest list. Raises Refused when there is none."""
    if sheet_number is not None and not 1 <= sheet_number <= len(book.sheets):
        raise Refused(
            "import-no-such-sheet",
            gettext_lazy("Berkas ini hanya punya %(count)s lembar."),
            count=len(book.sheets),
        )
    looked = []
    for number, sheet in enumerate(book.sheets, start=1):
        if sheet_number is not None and number != sheet_number:
            continue
        header = headers.find(sheet)
        if header is not None:
            _undo_false_name(sheet, header)
            _undo_false_phone(sheet, header)
            looked.append((number, sheet, header, sift(sheet, header)))
    lists = [entry for entry in looked if _is_of_businesses(entry[2])]
    if not lists:
        raise _no_list(book, looked, sheet_number)
    best = max(
        lists, key=lambda e: (bool(e[2].name_from), not e[1].hidden, e[3].full, len(e[3].records), -e[0])
    )
    notes = []
    if best[1].hidden:
        notes.append(
            _('Lembar "%(name)s" tersembunyi, tetapi hanya di situ ada daftar.') % {"name": best[1].name}
        )
    for number, sheet, _header, sifted in lists:
        if number != best[0] and sifted.records:
            notes.append(
                _(
                    'Lembar "%(name)s" juga berisi daftar (%(count)s baris) dan tidak dibaca; pilih lembar %(number)s untuk membacanya.'
                )
                % {"name": sheet.name, "count": len(sifted.records), "number": number}
            )
    return best[1], best[2], best[3], notes


def _is_of_businesses(header):
    """Whether a list names businesses, or persons with at least one fact of a business beside the name."""
    if header.name_from in ("name_bare", "name_people", "name_group"):
        return bool({column.role for column in header.columns} & _OF_A_BUSINESS)
    return bool(header.name_from or header.first_of("name_owner"))


def _undo_false_name(sheet, header):
    """A "name" column that holds only figures ("UMKM" in a table of totals) is none."""
    column = header.first_of("name")
    if column is None:
        return
    cells = [row[column.index] for row in sheet.rows[header.last + 1 :][:500] if column.index < len(row)]
    cells = [cell for cell in cells if text_of(cell).strip()]
    figures = sum(1 for cell in cells if is_number(cell) or re.fullmatch(r"[\d.,\s]+", text_of(cell)))
    if len(cells) >= 2 and figures > 0.8 * len(cells):
        headers.without_name(header)
        if header.first_of("name") is not column:
            _undo_false_name(sheet, header)


def _undo_false_phone(sheet, header):
    """A "Kontak" column that holds words names the person to speak to."""
    if header.first_of("name_owner"):
        return
    for column in header.of("phone"):
        cells = [row[column.index] for row in sheet.rows[header.last + 1 :][:500] if column.index < len(row)]
        cells = [text for cell in cells if (text := normalise.said(cell))]
        words = sum(1 for text in cells if text.upper() != text.lower() and not any(map(str.isdigit, text)))
        if cells and words > 0.8 * len(cells):
            column.role = "name_owner"
            return


def _no_list(book, looked, sheet_number):
    for _number, sheet, header, _sifted in looked:
        if header.of(*_REGION_ROLES) or _is_figures(sheet, header.last + 1):
            return _recap()
    for sheet in book.sheets if sheet_number is None else [book.sheets[sheet_number - 1]]:
        for index, row in enumerate(sheet.rows[:40]):
            roles = {vocabulary.role_of(clean_line(text_of(cell))) for cell in row if text_of(cell).strip()}
            if roles & set(_REGION_ROLES) and _is_figures(sheet, index + 1):
                return _recap()
        told = [clean_line(text_of(cell)) for row in sheet.rows[:15] for cell in row if text_of(cell).strip()]
        if any(re.match(r"(data )?rekap", text, re.IGNORECASE) for text in told):
            return _recap()
    if looked:
        return Refused(
            "import-no-name-column",
            gettext_lazy(
                'Tidak ada kolom nama usaha. Beri judul kolom "Nama usaha" pada daftar, lalu unggah lagi.'
            ),
        )
    return Refused(
        "import-no-header",
        gettext_lazy(
            "Baris judul kolom tidak ditemukan. Pastikan ada satu baris judul seperti Nama usaha, Alamat, Kelurahan."
        ),
    )


def _is_figures(sheet, start):
    cells = [cell for row in sheet.rows[start : start + 200] for cell in row if text_of(cell).strip()]
    figures = sum(
        1 for cell in cells if is_number(cell) or re.fullmatch(r"(rp)?[\d.,\s%-]+", text_of(cell).lower())
    )
    return len(cells) >= 2 and figures >= 0.5 * len(cells)


def _recap():
    return Refused(
        "import-recap",
        gettext_lazy(
            "Ini rekap (jumlah per wilayah atau bidang), bukan daftar usaha. Unggah daftar yang memuat satu usaha tiap baris."
        ),
    )


def refuse_recap(sheet, header, sifted, places):
    """A recap whose region column is called "Nama": names of regions, and figures beside them."""
    column = header.first_of("name")
    if column is None or not sifted.records:
        return
    known = {fold(name) for name in places.names.values()} | {fold(k) for k in places.kecamatan_of.values()}
    names = [fold(text_of(row[column.index])) for _i, row in sifted.records if column.index < len(row)]
    names = [name for name in names if name]
    regions = sum(
        1
        for n in names
        if n in known
        or n.replace(" ", "") in known
        or re.match(r"^(kecamatan|kec|kelurahan|kel|kota|kabupaten|kab) ", n)
    )
    of_businesses = header.of("address", "name_owner", "phone", "activity", "detail", "nib")
    if names and regions >= 0.8 * len(names) and not of_businesses:
        raise _recap()
