"""Letters and reports on the office's paper: one Document, as PDF (typst) or DOCX (Word).

Words come in as data: typst reads them from JSON and Word from runs of text, so nothing a person typed is
ever read as markup. No file is fetched: the fonts are those that come with typst, the emblem is left to the
office. A report of some pages takes a few tenths of a second; what takes longer is made by a job.
"""

import io
import json
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

import typst
from django.utils import timezone
from django.utils.translation import gettext as _
from docx import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

PDF_TYPE = "application/pdf"
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEMPLATE = Path(__file__).with_suffix(".typ")
FONT = "Times New Roman"  # in Word; every office machine has it
WIDTH = Cm(16.5)  # of the text between the margins
TOGETHER = 5  # rows of a table that is not torn between two pages
GREY = RGBColor(0x50, 0x50, 0x50)
# What may stand after the borders of a paragraph: Word reads these in the order of its schema only.
AFTER_BORDERS = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr", "w:sectPr")


@dataclass
class Row:
    """A line of a table: the cells as words, how deep it is indented, and small print under the first."""

    cells: list
    level: int = 0
    small: str = ""


@dataclass
class Part:
    """A heading with paragraphs and a table. The first column is words, the others numbers."""

    heading: str
    columns: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    before: list = field(default_factory=list)
    after: list = field(default_factory=list)


@dataclass
class Signature:
    """Lines above the name (place and day, office), the name, lines below it (NIP)."""

    above: list
    name: str
    below: list = field(default_factory=list)


@dataclass
class Document:
    title: str
    letterhead: list = field(default_factory=list)  # lines, the last the largest
    address: list = field(default_factory=list)
    under: list = field(default_factory=list)  # lines under the title
    mark: str = ""  # a framed word above the title, such as that this is a draft
    opening: list = field(default_factory=list)  # paragraphs
    parts: list = field(default_factory=list)
    signature: Signature | None = None
    closing: list = field(default_factory=list)  # small print at the end
    footer: str = ""


# ---- PDF -----------------------------------------------------------------------------------------


@cache
def _fonts():
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def _compiled(document, format, **options):
    words = {"page": _("Halaman"), "of": _("dari")}
    data = json.dumps(asdict(document) | {"words": words}, default=str)
    return typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=_fonts(),
        format=format,
        sys_inputs={"data": data},
        timestamp=int(timezone.now().timestamp()),
        **options,
    )


def to_pdf(document):
    """The document as PDF bytes, tagged for readers (PDF/UA-1)."""
    return _compiled(document, "pdf", pdf_standards="ua-1")


def to_pictures(document, ppi=80):
    """Its pages as PNG bytes, to be looked at."""
    pages = _compiled(document, "png", ppi=ppi)
    return pages if isinstance(pages, list) else [pages]


# ---- Word ----------------------------------------------------------------------------------------


def to_docx(document):
    """The document as DOCX bytes."""
    word = WordDocument()
    _paper(word, document)
    for index, text in enumerate(document.letterhead):
        last = index == len(document.letterhead) - 1
        _line(word, text, size=16 if last else 12.5, bold=True, centre=True, tight=True)
    for text in document.address:
        _line(word, text, size=9, centre=True, tight=True)
    if document.letterhead:
        _rule(word.paragraphs[-1])
        _line(word, "", size=6)
    if document.mark:
        _line(word, document.mark, size=9.5, bold=True, centre=True)
    _line(word, document.title.upper(), size=12.5, bold=True, centre=True, tight=True, style="Title")
    for text in document.under:
        _line(word, text, centre=True, tight=True)
    _line(word, "", size=6)
    for text in document.opening:
        _line(word, text, justify=True)
    for part in document.parts:
        _line(word, part.heading, bold=True, style="Heading 1", before=10)
        for text in part.before:
            _line(word, text, justify=True)
        if part.rows:
            _table(word, part)
        for text in part.after:
            _line(word, text, justify=True, before=4)
    if document.signature:
        if document.parts:
            _hold_on_to(word, document.parts[-1])
        _sign(word, document.signature)
    for text in document.closing:
        _line(word, text, size=8.5, grey=True, before=10)
    buffer = io.BytesIO()
    word.save(buffer)
    return buffer.getvalue()


def _paper(word, document):
    """A4, margins, the font, what the file says of itself, and the foot of the page."""
    page = word.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin, page.right_margin = Cm(2.5), Cm(2)
    page.top_margin, page.bottom_margin = Cm(1.8), Cm(2)
    style = word.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.line_spacing = 1.0
    for language in word.styles.element.xpath("w:docDefaults//w:lang"):
        language.set(qn("w:val"), "id-ID")
    facts = word.core_properties
    facts.title, facts.author, facts.comments = document.title, "", ""
    facts.language = "id-ID"
    facts.created = facts.modified = timezone.now().replace(tzinfo=None)
    foot = page.footer.paragraphs[0]
    foot.style = style  # Word's own foot has tab stops of another paper
    foot.paragraph_format.tab_stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    _said(foot, f"{document.footer}\t{_('Halaman')} ", size=8, grey=True)
    _counted(foot, "PAGE")
    _said(foot, f" {_('dari')} ", size=8, grey=True)
    _counted(foot, "NUMPAGES")


def _said(paragraph, text, *, size=11, bold=False, grey=False):
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.bold = FONT, Pt(size), bold
    run.font.color.rgb = GREY if grey else RGBColor(0, 0, 0)
    return run


def _line(
    holder, text, *, size=11, bold=False, centre=False, justify=False, grey=False, tight=False, before=0,
    style=None,
):  # fmt: skip
    paragraph = holder.add_paragraph(style=style)
    shape = paragraph.paragraph_format
    shape.space_before, shape.space_after = Pt(before), Pt(0 if tight else 4)
    if centre or justify:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centre else WD_ALIGN_PARAGRAPH.JUSTIFY
    if style == "Title":
        _no_border(paragraph)
    _said(paragraph, text, size=size, bold=bold, grey=grey)
    return paragraph


def _border(paragraph, **sides):
    borders = _element("pBdr")
    for side, (kind, size) in sides.items():
        borders.append(_element(side, val=kind, sz=size, space="4", color="000000"))
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *AFTER_BORDERS)


def _rule(paragraph):
    """The thick and the thin line under a letterhead."""
    _border(paragraph, bottom=("thickThinSmallGap", "24"))


def _no_border(paragraph):
    """Word's own title style draws a line under it."""
    _border(paragraph, bottom=("nil", "0"))


def _element(name, **values):
    """An element of Word's own XML."""
    made = OxmlElement(f"w:{name}")
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    return made


def _counted(paragraph, what):
    """A field that Word fills in: the page, or how many there are."""
    asked = _element("instrText")
    asked.text = what
    shown = OxmlElement("w:t")
    shown.text = "1"
    for part in (
        _element("fldChar", fldCharType="begin"),
        asked,
        _element("fldChar", fldCharType="separate"),
        shown,
        _element("fldChar", fldCharType="end"),
    ):
        _said(paragraph, "", size=8, grey=True)._r.append(part)


def _table(word, part):
    """Lines between rows only; the head is repeated on a new page, no row is torn, and a table of few rows
    stays on one page."""
    numbers = Cm(2.4)
    table = word.add_table(rows=1, cols=len(part.columns))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    lines = _element("tblBorders")
    for side in ("top", "bottom", "insideH"):
        lines.append(_element(side, val="single", sz="4", space="0", color="A0A0A0"))
    table._tbl.tblPr.find(qn("w:tblLayout")).addprevious(lines)  # in the order of Word's schema
    widths = [WIDTH - numbers * (len(part.columns) - 1), *[numbers] * (len(part.columns) - 1)]
    for column, wide in zip(table.columns, widths, strict=True):
        column.width = wide
    for index, label in enumerate(part.columns):
        _cell(table.rows[0].cells[index], label, widths[index], bold=True, number=index > 0)
    table.rows[0]._tr.get_or_add_trPr().append(_element("tblHeader", val="true"))
    for row in part.rows:
        added = table.add_row()
        added._tr.get_or_add_trPr().append(_element("cantSplit", val="true"))
        for index, text in enumerate(row.cells):
            _cell(added.cells[index], text, widths[index], bold=row.level == 0, number=index > 0)
        first = added.cells[0].paragraphs[0]
        first.paragraph_format.left_indent = Cm(0.5 * row.level)
        if row.small:
            small = added.cells[0].add_paragraph()
            small.paragraph_format.space_after = Pt(1)
            small.paragraph_format.left_indent = Cm(0.5 * row.level)
            _said(small, row.small, size=8, grey=True)
    for row in table.rows[: -1 if len(part.rows) <= TOGETHER else 1]:
        for cell in row.cells:
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def _cell(cell, text, width, *, bold=False, number=False):
    cell.width = width
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1)
    if number:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _said(paragraph, text, size=10, bold=bold)


def _hold_on_to(word, part):
    """Let the last words stay with the signature, so that it never stands alone on a page."""
    count = len(part.before) + len(part.after) + (not part.rows)
    for paragraph in word.paragraphs[-count:] if count else ():
        paragraph.paragraph_format.keep_with_next = True


def _sign(word, signature):
    _line(word, "", size=8).paragraph_format.keep_with_next = True
    for text in [*signature.above, "", "", ""]:
        _right(word, text)
    _right(word, signature.name, bold=True).runs[0].underline = True
    for text in signature.below:
        _right(word, text)


def _right(word, text, *, bold=False):
    """A line of the block at the right of the page; it stays with the next one."""
    paragraph = _line(word, text, bold=bold, tight=True)
    paragraph.paragraph_format.left_indent = Cm(9.3)
    paragraph.paragraph_format.keep_with_next = True
    return paragraph
