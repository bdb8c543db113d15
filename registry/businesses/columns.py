"""The columns of business tables, on the page and in the workbook, with who may see each.

Need-to-know is decided row by row: a permission counts only where it reaches (regions.access.reach). NIK
and KK are in no column.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from registry.businesses import choices
from registry.businesses.derived import upper_end, yearly
from registry.businesses.filters import STALE_AFTER
from registry.regions.access import Reach, reach
from umkm_portal.lib.formats import UNKNOWN, number, rupiah

EVERYWHERE = Reach(everywhere=True)
PERSON, MONEY = "registry.view_person", "registry.view_turnover"


class Sight:
    """What one user may see of a business beyond `view_business`, by reach."""

    def __init__(self, user):
        self.user = user

    def may(self, permission, business):
        return not permission or reach(self.user, permission).covers(business.kelurahan_id)

    def ever(self, permission):
        return not permission or bool(reach(self.user, permission))


# ---- words for one business ------------------------------------------------------------------------------


def place(business):
    """ "Purwantoro RW 15", or "" for a business without a kelurahan."""
    if not business.kelurahan_id:
        return ""
    return f"{business.kelurahan.name} RW {business.rw:02d}" if business.rw else business.kelurahan.name


def licences(business):
    """ "NIB, Halal": what it has today."""
    names = [("has_nib", "NIB"), ("has_pirt", "P-IRT"), ("has_halal", _("Halal"))]
    return ", ".join(label for column, label in names if getattr(business, column))


def yearly_turnover(business, *, short=False):
    """Turnover a year in words: a figure, a band, or the answer as told; never 0 for what was not asked.

    `short` writes a band of whole millions as "Rp60–120 juta", for tables.
    """
    answer = business.turnover_answer
    if answer == choices.TurnoverAnswer.UNKNOWN:
        return _("tidak tahu")
    if answer == choices.TurnoverAnswer.REFUSED:
        return _("tidak bersedia menjawab")
    if answer == choices.TurnoverAnswer.EXACT and business.annual_sales_idr is not None:
        return rupiah(business.annual_sales_idr)
    if answer == choices.TurnoverAnswer.BAND:
        lower = yearly(business, business.turnover_idr)
        upper = yearly(business, upper_end(business.turnover_idr, business.turnover_upper_idr))
        if lower is not None or upper is not None:
            return _short_band(lower, upper) if short else _between(lower, upper, rupiah)
    return business.turnover_told or UNKNOWN


def capital(business):
    """Modal usaha in words, a band as a band."""
    upper = upper_end(business.capital_idr, business.capital_upper_idr)
    if business.capital_idr is None and upper is None:
        return business.capital_told or UNKNOWN
    return _between(business.capital_idr, upper, rupiah)


def workers(business):
    """Tenaga kerja in words, a band as a band."""
    upper = upper_end(business.workers, business.workers_upper)
    if business.workers is None and upper is None:
        return business.workers_told or UNKNOWN
    return _between(business.workers, upper, number)


def _short_band(lower, upper):
    million = 1_000_000
    if not lower or not upper or lower == upper or lower % million or upper % million:
        return _between(lower, upper, rupiah)
    return _("Rp%(lower)s–%(upper)s juta") % {
        "lower": number(lower // million),
        "upper": number(upper // million),
    }


def _between(lower, upper, words):
    if upper is None or lower == upper:
        return words(lower)
    if lower is None:
        return _("sampai %(upper)s") % {"upper": words(upper)}
    return f"{words(lower)}–{words(upper)}"


def is_stale(business):
    """Whether nobody has seen it at work for half a year, and it is not known to be closed."""
    if business.operating_state == choices.OperatingState.CLOSED:
        return False
    seen = business.last_confirmed_on
    return seen is None or seen < timezone.localdate() - STALE_AFTER


# ---- the list on the page --------------------------------------------------------------------------------


@dataclass(frozen=True)
class ListColumn:
    """One column a reader may choose; its key is the word in the address. `css` goes to head and cells."""

    label: Any
    permission: str = ""
    css: str = ""


LIST_COLUMNS = {
    "pemilik": ListColumn(lazy("Pemilik"), PERSON, "less"),
    "telepon": ListColumn(lazy("Telepon"), PERSON, "less"),
    "kegiatan": ListColumn(lazy("Produk atau kegiatan"), css="less"),
    "kecamatan": ListColumn(lazy("Kecamatan"), css="less"),
    "kelurahan": ListColumn(lazy("Kelurahan")),
    "rtrw": ListColumn("RT/RW", css="num"),
    "alamat": ListColumn(lazy("Alamat"), css="less"),
    "tempat": ListColumn(lazy("Jenis tempat")),
    "subsektor": ListColumn(lazy("Subsektor")),
    "kbli": ListColumn("KBLI", css="less"),
    "skala": ListColumn(lazy("Skala")),
    "tenaga": ListColumn(lazy("Tenaga kerja"), css="num"),
    "legalitas": ListColumn(lazy("Legalitas")),
    "omzet": ListColumn(lazy("Omzet/tahun"), MONEY, "num"),
    "dipastikan": ListColumn(lazy("Dipastikan"), css="num less"),
    "berubah": ListColumn(lazy("Berubah"), css="num"),
    "keadaan": ListColumn(lazy("Masih aktif?")),
    "data": ListColumn(lazy("Data")),
}
USUAL = (
    "pemilik", "kelurahan", "kbli", "skala", "legalitas", "omzet", "dipastikan", "keadaan", "data",
)  # fmt: skip


@dataclass
class ListRow:
    """One line of the list: the business and its words; None where this user may not look."""

    business: Any
    owner: str | None
    phone: str | None
    place: str
    licences: str
    turnover: str | None
    workers: str
    stale: bool

    @classmethod
    def of(cls, business, sight, columns=LIST_COLUMNS):
        """The row of `business` as `sight` may see it; what no column of `columns` shows is not read."""
        knows = sight.may(PERSON, business)
        return cls(
            business=business,
            owner=business.owner_name if knows and "pemilik" in columns else None,
            phone=business.phone if knows and "telepon" in columns else None,
            place=place(business),
            licences=licences(business),
            turnover=yearly_turnover(business, short=True) if sight.may(MONEY, business) else None,
            workers=workers(business),
            stale=is_stale(business),
        )


# ---- the workbook ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Column:
    """One column of the workbook: `kind` as lib.tables knows it, `value` reads a business.

    With `choices`, what `value` reads is a key of that closed list and is shown in words.
    """

    label: Any
    width: int
    kind: str
    value: Callable
    permission: str = ""
    choices: Any = None
    on: str = ""  # the column of the list that this one belongs to; "" stands in the whole workbook only

    def reader(self, user):
        """A function from a business to this column's value, None where `user` may not look.

        Reach and the words of choices are worked out once here, not once a row.
        """
        words = {key: str(label) for key, label in self.choices.choices} if self.choices else None
        there = reach(user, self.permission) if self.permission else EVERYWHERE

        def read(business):
            if not there.covers(business.kelurahan_id):
                return None
            value = self.value(business)
            return words.get(value, value) if words else value

        return read


def _licence_number(kind):
    def value(business):
        rows = [r for r in business.current_licences if r.kind == kind and r.status == "has"]
        return ", ".join(r.number for r in rows if r.number) or (_("ada") if rows else "")

    return value


def _day(moment):
    return timezone.localtime(moment).date() if moment else None


EXPORT = (
    Column(lazy("Nama usaha"), 34, "text", lambda b: b.name),
    Column(lazy("Pemilik"), 24, "text", lambda b: b.owner_name, PERSON, on="pemilik"),
    Column(lazy("Telepon usaha"), 16, "text", lambda b: b.phone, PERSON, on="telepon"),
    Column(lazy("Produk atau kegiatan"), 36, "text", lambda b: b.activity, on="kegiatan"),
    Column(
        lazy("Kecamatan"),
        16,
        "text",
        lambda b: b.kelurahan.parent.name if b.kelurahan_id else "",
        on="kecamatan",
    ),
    Column(
        lazy("Kelurahan"), 18, "text", lambda b: b.kelurahan.name if b.kelurahan_id else "", on="kelurahan"
    ),
    Column(lazy("Kode kelurahan"), 15, "text", lambda b: b.kelurahan.code if b.kelurahan_id else ""),
    Column("RT", 5, "number", lambda b: b.rt, on="rtrw"),
    Column("RW", 5, "number", lambda b: b.rw, on="rtrw"),
    Column(lazy("Alamat"), 36, "text", lambda b: b.address, on="alamat"),
    Column(lazy("Kios atau stan"), 14, "text", lambda b: b.stall),
    Column(lazy("Jenis tempat"), 14, "text", lambda b: b.place_kind, choices=choices.PlaceKind, on="tempat"),
    Column(lazy("Bentuk usaha"), 14, "text", lambda b: b.legal_form, choices=choices.LegalForm),
    Column(lazy("Versi KBLI"), 9, "text", lambda b: b.kbli.version if b.kbli_id else "", on="kbli"),
    Column("KBLI", 8, "text", lambda b: b.kbli.code if b.kbli_id else "", on="kbli"),
    Column(lazy("Judul KBLI"), 30, "text", lambda b: b.kbli.title if b.kbli_id else "", on="kbli"),
    Column(
        lazy("Subsektor"), 18, "text", lambda b: b.subsector.name if b.subsector_id else "", on="subsektor"
    ),
    Column(
        lazy("Tahun berdiri"),
        9,
        "text",
        lambda b: str(b.founded_on.year if b.founded_on else b.founded_year or ""),
    ),
    Column(lazy("Tenaga kerja"), 9, "number", lambda b: b.workers, on="tenaga"),
    Column(lazy("Tenaga kerja, paling banyak"), 9, "number", lambda b: b.workers_upper, on="tenaga"),
    Column(lazy("Skala"), 10, "text", lambda b: b.scale, choices=choices.Scale, on="skala"),
    Column(lazy("Dasar skala"), 18, "text", lambda b: b.scale_basis, choices=choices.ScaleBasis),
    Column(lazy("Skala per"), 14, "date", lambda b: b.scale_on),
    Column(lazy("Kelas industri"), 16, "text", lambda b: b.industry_class, choices=choices.IndustryClass),
    Column("NIB", 18, "text", _licence_number("nib"), on="legalitas"),
    Column("P-IRT", 20, "text", _licence_number("pirt"), on="legalitas"),
    Column(lazy("Halal"), 22, "text", _licence_number("halal"), on="legalitas"),
    Column(
        lazy("Omzet, jawaban"),
        20,
        "text",
        lambda b: b.turnover_answer,
        MONEY,
        choices=choices.TurnoverAnswer,
        on="omzet",
    ),
    Column(lazy("Omzet/tahun"), 18, "idr", lambda b: b.annual_sales_idr, MONEY, on="omzet"),
    Column(lazy("Omzet, seperti disebut"), 22, "text", lambda b: b.turnover_told, MONEY, on="omzet"),
    Column(lazy("Modal usaha"), 18, "idr", lambda b: b.capital_idr, MONEY),
    Column(lazy("Nilai investasi"), 18, "idr", lambda b: b.investment_idr, MONEY),
    Column(
        lazy("Masih aktif?"),
        16,
        "text",
        lambda b: b.operating_state,
        choices=choices.OperatingState,
        on="keadaan",
    ),
    Column(lazy("Terakhir dipastikan"), 18, "date", lambda b: b.last_confirmed_on, on="dipastikan"),
    Column(lazy("Keberadaan diverifikasi"), 18, "date", lambda b: _day(b.existence_verified_at), on="data"),
    Column(lazy("Identitas diverifikasi"), 18, "date", lambda b: _day(b.identity_verified_at), on="data"),
    Column(lazy("Terkurasi"), 18, "date", lambda b: b.curated_on),
    Column(lazy("Binaan"), 18, "date", lambda b: b.assisted_on),
    Column(lazy("Terdata"), 18, "date", lambda b: _day(b.recorded_at)),
    Column(lazy("Berubah"), 18, "date", lambda b: _day(b.changed_at), on="berubah"),
    Column(lazy("Kode usaha"), 38, "text", lambda b: str(b.uuid)),
)


def workbook_columns(sight, shown=None):
    """The workbook's columns for this reader: the whole of them, or those the list shows (keys `shown`)."""
    return [
        column
        for position, column in enumerate(EXPORT)
        if sight.ever(column.permission) and (shown is None or position == 0 or column.on in shown)
    ]
