"""A report on the kelurahan's paper: as PDF, as a Word file, as a workbook. Nothing in it is typed twice."""

from datetime import datetime

from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from programs.monthly import figures, moved
from programs.monthly.definitions import FIGURES, SOURCES
from programs.monthly.models import MonthlyReport
from programs.partners.models import OfficeAddress
from umkm_portal.lib import documents
from umkm_portal.lib.formats import day, moment, number
from umkm_portal.lib.tables import XLSX_TYPE, to_xlsx


def month_name(month):
    return date_format(month, "F Y")


def letterhead(kelurahan):
    """(lines, address lines) of the kop surat of a kelurahan. The emblem is the office's to add."""
    kecamatan = kelurahan.parent
    lines = [
        _("Pemerintah %(city)s") % {"city": kecamatan.parent.name},
        _("Kecamatan %(name)s") % {"name": kecamatan.name},
        _("Kelurahan %(name)s") % {"name": kelurahan.name},
    ]
    place = OfficeAddress.objects.select_related("region").filter(region=kelurahan).first()
    return [line.upper() for line in lines], place.lines() if place else []


def stands(report, counts):
    """(the figures the paper shows, the moment they are of): as sent, else as counted now (`counts`)."""
    if report.is_out:
        return report.figures["counts"], datetime.fromisoformat(report.figures["at"])
    return counts, None


def earlier(report):
    """The edition before this one, which was sent; None for a first edition."""
    if report.edition == 1:
        return None
    return MonthlyReport.objects.of(report.kelurahan, report.month).get(edition=report.edition - 1)


def _corrects(before, counts, shown):
    """What a correction says first: which letter it corrects, and what moved."""
    changes = figures.corrections(counts, shown)
    letter = _("Surat ini mengoreksi laporan nomor %(number)s tanggal %(day)s.") % {
        "number": before.letter_number,
        "day": day(before.letter_on),
    }
    moves = _("Yang berubah: %(moved)s.") % {"moved": moved.sentence(changes)}
    return [letter, moves if changes else _("Angkanya tidak berubah.")]


def percent_words(value):
    return "—" if value is None else f"{number(value)}%"


def rate_rows(counts):
    """[(label, number of businesses, percent)] of freshness and coverage."""
    shares = figures.rates(counts)
    return [
        (FIGURES[key].label, counts[key], percent_words(share))
        for key, share in zip(("confirmed", "seen", "seen-ever"), shares, strict=True)
    ]


def paper(report, counts, now):
    """The Document of a report: `counts` are today's figures, used while it is not sent."""
    shown, at = stands(report, counts)
    former = earlier(report)
    before = former.figures.get("counts", {}) if former else {}
    lines, address = letterhead(report.kelurahan)
    month = month_name(report.month)
    under = [_("Bulan %(month)s") % {"month": month}]
    if report.edition > 1:
        under.append(_("Koreksi ke-%(n)d") % {"n": report.edition - 1})
    under.append(_("Nomor %(number)s") % {"number": report.letter_number} if report.letter_number else "")
    parts = [_part(letter, source, shown, before) for letter, source in zip("ABCDEFGH", SOURCES, strict=True)]
    if report.correction:
        parts.insert(0, documents.Part(_("Alasan koreksi"), before=report.correction.split("\n")))
    if report.note:
        parts.append(documents.Part(_("Catatan"), before=report.note.split("\n")))
    return documents.Document(
        title=_("Laporan bulanan UMKM dan IKM"),
        letterhead=lines,
        address=address,
        under=[line for line in under if line],
        mark="" if report.is_out else _("DRAF: belum disetujui lurah"),
        opening=[
            _(
                "Bersama ini disampaikan kepada Kepala Dinas Koperasi, Perindustrian dan Perdagangan laporan "
                "Kelurahan %(name)s tentang usaha mikro, kecil dan menengah serta industri kecil dan "
                "menengah pada bulan %(month)s."
            )
            % {"name": report.kelurahan.name, "month": month},
            *(_corrects(former, before, shown) if former else []),
        ],
        parts=parts,
        signature=_signature(report) if report.is_out else None,
        closing=[
            _("Disusun oleh: %(names)s.") % {"names": ", ".join(who.name for who in report.authors())},
        ],
        footer=_("Portal UMKM, dihitung dari data per %(at)s") % {"at": moment(at or now)},
    )


def _part(letter, source, shown, before):
    """One source's table: its figures always, their shares where there are any."""
    columns = [_("Uraian"), _("Jumlah")]
    if before:
        columns = [_("Uraian"), _("Semula"), _("Menjadi")]
    rows = []
    for figure in source.figures:
        value, was = shown.get(figure.key), before.get(figure.key)
        if figure.part_of and not value and not was:
            continue
        cells = [str(figure.label), *([number(was)] if before else []), number(value)]
        rows.append(
            documents.Row(cells, 1 if figure.part_of else 0, "" if figure.part_of else str(figure.definition))
        )
    if source.key == "businesses":
        for row in rows:
            row.small = str(next(f for f in source.figures if str(f.label) == row.cells[0]).definition)
        shares = "; ".join(f"{label} {percent}" for label, _count, percent in rate_rows(shown))
        return documents.Part(f"{letter}. {source.title}", columns, rows, after=[
            _("Bagian dari usaha terdata: %(shares)s.") % {"shares": shares}
        ])  # fmt: skip
    return documents.Part(f"{letter}. {source.title}", columns, rows)


def _signature(report):
    """Who held the office on the letter's day, by the list of officials; the account where none is kept."""
    holder = report.signer()
    city = report.kelurahan.parent.parent.name
    above = [
        f"{city.removeprefix('Kota ').removeprefix('Kabupaten ')}, {day(report.letter_on)}",
        f"{holder.title if holder else _('Lurah')} {report.kelurahan.name}",
    ]
    if holder is None:
        return documents.Signature(above, report.approved_by.name)
    below = [f"NIP {holder.staff_number}"] if holder.staff_number else []
    return documents.Signature(above, holder.name, below)


# ---- the workbook --------------------------------------------------------------------------------


def workbook(report, counts, now):
    """XLSX bytes: every figure with its meaning; as sent beside as counted now once it was sent."""
    lines, address = letterhead(report.kelurahan)
    heading = [
        *lines,
        *address,
        "",
        _("Laporan bulanan UMKM dan IKM, %(month)s") % {"month": month_name(report.month)},
        _("Status: %(state)s") % {"state": report.get_state_display()},
    ]
    if report.edition > 1:
        heading.append(_("Koreksi ke-%(n)d") % {"n": report.edition - 1})
    if report.is_out:
        heading.append(
            _("Nomor %(number)s, %(day)s") % {"number": report.letter_number, "day": day(report.letter_on)}
        )
    heading.append(_("Dihitung per %(now)s") % {"now": moment(now)})
    sent = report.figures.get("counts", {}) if report.is_out else {}
    columns = [(_("Bagian"), 26, "text"), (_("Uraian"), 34, "text")]
    columns += [
        (_("Terkirim"), 12, "number"),
        (_("Sekarang"), 12, "number"),
        (_("Koreksi"), 12, "number"),
    ] * bool(sent)
    columns += [(_("Jumlah"), 12, "number")] * (not sent)
    columns += [(_("Pengertian"), 90, "text")]
    rows = []
    for source in SOURCES:
        for figure in source.figures:
            now_count = counts[figure.key]
            numbers = (now_count,)
            if sent:
                was = sent.get(figure.key)
                numbers = (was, now_count, None if was is None else now_count - was)
            label = f"   {figure.label}" if figure.part_of else str(figure.label)
            rows.append((str(source.title), label, *numbers, str(figure.definition)))
    return to_xlsx(columns, rows, sheet=_("Laporan"), heading=heading)


FORMS = {
    "pdf": (documents.PDF_TYPE, lambda report, counts, now: documents.to_pdf(paper(report, counts, now))),
    "docx": (documents.DOCX_TYPE, lambda report, counts, now: documents.to_docx(paper(report, counts, now))),
    "xlsx": (XLSX_TYPE, workbook),
}


def filename(report, form):
    edition = f"-koreksi{report.edition - 1}" if report.edition > 1 else ""
    place = "".join(c for c in report.kelurahan.name.lower() if c.isascii() and c.isalnum())
    return f"laporan-{place}-{report.month:%Y-%m}{edition}.{form}"
