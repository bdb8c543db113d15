"""A workbook of two kilobytes may not end the process that reads it, nor read what lies on the disk."""

import io
import zipfile

import pytest

from registry.imports import reading
from umkm_portal.lib.errors import Refused

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = (
    '<c r="A1" t="inlineStr"><is><t>Nama Usaha</t></is></c><c r="B1" t="inlineStr"><is><t>Alamat</t></is></c>'
)
FAR = {
    "plain": '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>',
    "single quotes": '<row r="1048576"><c r=\'XFD1048576\' t="inlineStr"><is><t>x</t></is></c></row>',
    "a comment before": '<row r="1048576"><c r="XFD1048576" t="str"><!-- --><is><t>x</t></is></c></row>',
    "a bracket in a name": '<row r="1048576"><c s=">" r="XFD1048576" t="str"><is><t>x</t></is></c></row>',
}


def workbook(last="", *, doctype="", name="Toko Satu", at="worksheets/sheet1.xml"):
    types = (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>'
    )

    def pointing(kind, target):
        relation = f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}"/>'
        return f'<Relationships xmlns="{PACKAGE}/relationships">{relation}</Relationships>'

    second = f'<row r="2"><c r="A2" t="inlineStr"><is><t>{name}</t></is></c></row>'
    parts = {
        "[Content_Types].xml": types,
        "_rels/.rels": pointing("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": pointing("worksheet", at),
        f"xl/{at}": f'{doctype}<worksheet xmlns="{MAIN}"><sheetData><row r="1">{SHEET}</row>{second}{last}'
        "</sheetData></worksheet>",
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in parts.items():
            archive.writestr(path, text)
    return packed.getvalue()


def test_an_honest_one_is_read():
    assert reading.read(workbook()).sheets[0].rows == [["Nama Usaha", "Alamat"], ["Toko Satu", ""]]


@pytest.mark.parametrize("written", FAR)
@pytest.mark.parametrize("at", ["worksheets/sheet1.xml", "elsewhere.xml"])
def test_a_cell_at_the_end_of_the_sheet_is_refused(written, at):
    with pytest.raises(Refused) as refused:
        reading.read(workbook(FAR[written], at=at))

    assert refused.value.code in ("import-area", "import-bomb", "import-damaged")


def test_no_file_of_the_machine_is_read_in():
    entity = '<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/passwd">]>'

    try:
        told = str(reading.read(workbook(doctype=entity, name="&e;")).sheets[0].rows)
    except Refused as refused:
        told = refused.message

    assert "root:" not in told


@pytest.mark.parametrize(("rows", "told"), [(100, "read"), (20_000, "import-bomb")])
def test_spans_of_a_web_table_fill_no_more_than_a_list_has(rows, told):
    """Three kilobytes took nine seconds, thirteen took a minute."""
    spans = b"<tr><td rowspan=200 colspan=200>x" * rows
    page = b"<table><tr><th>Nama Usaha<th>Alamat</tr>" + spans + b"</table>"

    if told == "read":
        assert max(map(len, reading.read(page).sheets[0].rows)) <= reading.MAX_COLUMNS
    else:
        with pytest.raises(Refused) as refused:
            reading.read(page)
        assert refused.value.code == told
