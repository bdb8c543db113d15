"""R1: which rows below a header are records. Pure.

A record is a non-blank row that is neither a row of column numbers, a subtotal nor part of a signature
block. The header printed again on the next page and notes under the list are none either.
"""

# ruff: noqa: E501  (a pattern is read in one line)

import re
from dataclasses import dataclass, field
from statistics import median

from umkm_portal.lib.text import clean_line, fold

from . import header as headers
from . import normalise
from .reading import is_number, text_of

_TOTAL = re.compile(
    r"^(sub ?total|sub ?jumlah|grand total|jumlah total|total|jumlah|jml|rata rata|jumlah keseluruhan|total keseluruhan|jumlah seluruhnya|jumlah seluruh|rekapitulasi)\b"
)
_TOTAL_TAIL = re.compile(
    r"^\W*(kelurahan|kecamatan|kel|kec|rw|rt|umkm|ukm|ikm|usaha|pelaku|data|seluruh|keseluruhan|halaman|total|akhir|dipindah|pindah|ini\b|tenaga kerja|investasi|produksi|[ivx]+\b|\d|$)"
)
_FIGURES = re.compile(r"(rp)?[\d.,()%\s\-–:=]*")
_SIGNATURE = re.compile(
    r"^(mengetahui|menyetujui|disahkan|dibuat oleh|diketahui|hormat kami|tertanda|ttd|an|a n|u b|ub|plt|plh|pjs|nip|nrp|niy|"
    r"lurah|camat|kepala|sekretaris|sekretaris lurah|kasi|kabid|ketua|penata|pembina|pengatur|petugas|pendata|koordinator|operator|"
    r"ditetapkan|dikeluarkan|pada tanggal|tanggal|tanda tangan|yang membuat|yang menyatakan|pembuat|diperiksa|dibuat di|pejabat|kasubbag|kasubbid|kaur|"
    r"pendamping|walikota|bupati|kasubag|seksi|bendahara|penyusun|enumerator|surveyor|yang mendata)\b"
)
_NIP = re.compile(r"\bn\W?i\W?p\b\W{0,4}[\d.\s]*", re.IGNORECASE)
_PLACE_DATE = re.compile(
    r"^[a-z .]{3,30},\s*(\d{0,2}|[.…_\s]+)\s*(januari|februari|pebruari|maret|april|mei|juni|juli|agustus|september|oktober|november|nopember|desember|jan|feb|mar|apr|jun|jul|agu|agt|sep|okt|nov|des|[.…_]{3,})[\s.…_]*(20\d\d|19\d\d|[.…_]+|20\s*$|$)",
    re.IGNORECASE,
)
_PLACE_DAY = re.compile(r"^[a-z .]{3,30},\s*\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*(19|20)?\d\d$", re.IGNORECASE)
_FOOTNOTE = re.compile(
    r"^(\*|catatan|sumber|keterangan|ket|note|nb|n\.b|dicetak|data per|tanggal cetak|diunduh|cara pengisian|petunjuk)\b|^\*|^(sumber|catatan|keterangan|ket|nb|note)\s*:",
    re.IGNORECASE,
)


@dataclass
class Sifted:
    """`records` are (zero-based row number, row); `skipped` counts the rest by kind."""

    records: list = field(default_factory=list)
    skipped: dict = field(default_factory=dict)
    full: int = 0  # records with a usable name that are as filled as their neighbours


def sift(sheet, header):
    """Tell the records of a sheet from what stands between and below them."""
    name = header.first_of("name")
    number = header.first_of("number")
    rows = sheet.rows
    fills = [n for row in rows[header.last + 1 :] if (n := _fill(row))]
    usual = median(fills) if fills else 0
    sifted = Sifted()

    def skip(kind):
        sifted.skipped[kind] = sifted.skipped.get(kind, 0) + 1

    signing = False
    for index in range(header.last + 1, len(rows)):
        row = rows[index]
        fill = _fill(row)
        if not fill:
            skip("blank")
            continue
        if headers.is_number_row(row):
            skip("numbers")
            signing = False
            continue
        if headers.is_repeated(header, row):
            skip("repeated")
            signing = False
            continue
        if _is_total(row):
            skip("total")
            continue
        full = _is_full(row, fill, usual, name, number) and not (
            signing and number is not None and not _mark(row, number).isdigit()
        )
        if full:
            signing = False
        elif signing or _starts_signature(row, fill, usual):
            signing = True
            skip("signature")
            continue
        sifted.full += full
        sifted.records.append((index, row))
    _drop_footnotes(sifted, usual, name, number)
    return sifted


def _fill(row):
    return sum(1 for cell in row if cell != "" and (not isinstance(cell, str) or cell.strip()))


def _is_full(row, fill, usual, name, number):
    if name is None or name.index >= len(row):
        return fill >= usual * 0.5
    told, _problem = normalise.business_name(row[name.index])
    if not told:
        return fill >= max(usual * 0.6, 3)
    if number is not None and number.index != name.index and _mark(row, number).isdigit():
        return True
    if fill <= max(3, usual * 0.5) and _signs(row, fill, usual):
        return False  # "Mengetahui" stands in the column of names and has no number
    return fill >= max(2, usual * 0.5)


def _mark(row, number):
    """The running number a row bears, "" for none."""
    return text_of(row[number.index]).strip().rstrip(".)") if number.index < len(row) else ""


def _signs(row, fill, usual):
    """Whether the words of a row are those of a signature block.

    In a list of three or four columns a record is as sparse as a signature: there every cell must say so,
    or "Kepala Sapi Rawon" in Jalan Mawar would be taken for an office.
    """
    texts = [clean_line(text_of(cell)) for cell in row if isinstance(cell, str) and cell.strip()]
    signs = sum(1 for text in texts if _is_of_signature(text))
    return signs > 0 and (fill <= max(1, usual * 0.5, min(3, usual - 2)) or signs == fill)


def _is_of_signature(text):
    words = fold(text)
    if _PLACE_DATE.match(text) or _PLACE_DAY.match(text) or _NIP.match(text):
        return True
    return bool(_SIGNATURE.match(words)) and len(words) < 70


def _is_total(row):
    """A subtotal: its first words say so and everything else in the row is numbers."""
    texts = [text for cell in row if not is_number(cell) and (text := text_of(cell).strip())]
    texts = [text for text in texts if not _FIGURES.fullmatch(text.lower())]
    if not texts or not _TOTAL.match(fold(texts[0])):
        return False
    texts = [fold(text) for text in texts]
    rest = _TOTAL.sub("", texts[0], count=1).strip()
    if not _TOTAL_TAIL.match(rest):
        return False
    return all(
        text == texts[0]
        or re.fullmatch(r"(\d+ )?(orang|unit|umkm|ukm|ikm|usaha|rp|rupiah|pelaku|jiwa)?", text)
        for text in texts[1:]
    )


def _starts_signature(row, fill, usual):
    """A sparse row with the words of a signature block: "Mengetahui", "Lurah …", "NIP …", place and date."""
    if fill > max(3, usual * 0.5):
        return False
    texts = [clean_line(text_of(cell)) for cell in row if isinstance(cell, str) and cell.strip()]
    return _signs(row, fill, usual) or (fill == 1 and any(_FOOTNOTE.match(text) for text in texts))


def _drop_footnotes(sifted, usual, name, number):
    """After the last proper record, lone words in one cell are notes, and bare figures are sums."""
    while sifted.records and usual >= 3:
        _index, row = sifted.records[-1]
        texts = [clean_line(text_of(cell)) for cell in row if text_of(cell).strip()]
        if len(texts) == 1 and (
            _FOOTNOTE.match(texts[0]) or _PLACE_DATE.match(texts[0]) or len(texts[0]) > 60
        ):
            kind = "note"
        elif _are_sums(row, texts, name, number):
            kind = "total"
        else:
            break
        sifted.records.pop()
        sifted.skipped[kind] = sifted.skipped.get(kind, 0) + 1


def _are_sums(row, texts, name, number):
    """Whether a row holds figures only, and none where a name or a running number would stand."""
    for column in (name, number):
        if column is not None and column.index < len(row) and text_of(row[column.index]).strip():
            return False
    return all(_FIGURES.fullmatch(text.lower()) for text in texts)
