"""Letters as PDF and Word: what people typed is never read as markup, and nothing comes from outside."""

import io
import zipfile

import pytest
from docx import Document as read_docx

from umkm_portal.lib.documents import Document, Part, Row, Signature, to_docx, to_pdf, to_pictures

EVIL = [
    '#panic("x")',
    '#include "/etc/passwd"',
    "*tebal* _miring_ $x^2$ `kode` <label> @rujukan = judul",
    "</w:t></w:r><w:p/>&amp;<!--",
    '"} #{ "',
    "\\u{41} \\ // komentar",
]


def letter(text="Kata"):
    return Document(
        title=f"Laporan {text}",
        letterhead=["PEMERINTAH KOTA MALANG", text],
        address=[text],
        under=[text],
        mark=text,
        opening=[text],
        parts=[
            Part(
                text, [text, "Jumlah"], [Row([text, "1.204"], 0, text), Row([text, "3"], 1)], [text], [text]
            ),
            Part("Catatan", before=[text]),
        ],
        signature=Signature([text], text, [text]),
        closing=[text],
        footer=text,
    )


@pytest.mark.parametrize("text", EVIL)
def test_what_looks_like_markup_is_printed_as_it_was_typed(text):
    """Compared with the same letter in other words of that length: as many pages, no error, no picture."""
    assert to_pdf(letter(text)).startswith(b"%PDF-")
    assert len(to_pictures(letter(text), ppi=20)) == 1

    word = read_docx(io.BytesIO(to_docx(letter(text))))
    assert [p.text for p in word.paragraphs].count(text) >= 5
    assert word.tables[0].cell(1, 0).paragraphs[0].text == text


def test_markup_that_is_read_would_be_seen():
    """Negative control: typst stops at such words where they stand in its source."""
    import typst

    with pytest.raises(typst.TypstError):
        typst.compile(EVIL[0].encode(), format="pdf")


def test_a_word_file_says_nothing_of_how_it_was_made_and_asks_for_nothing():
    with zipfile.ZipFile(io.BytesIO(to_docx(letter()))) as file:
        core = file.read("docProps/core.xml").decode()
        links = "".join(file.read(n).decode() for n in file.namelist() if n.endswith(".rels"))
    assert "python" not in core.lower()
    assert 'TargetMode="External"' not in links


def test_a_long_report_repeats_its_head_and_counts_its_pages():
    long = letter()
    long.parts[0].rows = [Row([f"Baris {n}", str(n)], 1) for n in range(150)]
    assert len(to_pictures(long, ppi=20)) > 2
    xml = zipfile.ZipFile(io.BytesIO(to_docx(long))).read("word/document.xml").decode()
    assert xml.count("<w:tblHeader") == 1
    assert xml.count("<w:cantSplit") == 150


def test_a_plain_letter_needs_no_letterhead_nor_signature():
    bare = Document(title="Lampiran", parts=[Part("Tabel", ["Uraian", "Jumlah"], [Row(["Usaha", "3"])])])
    assert to_pdf(bare).startswith(b"%PDF-")
    assert to_docx(bare)
