"""The columns of the grid: what an office's own lists have, in the order they have it.

A cell holds words as typed or pasted; cells.py reads them. `roles` are those of imports/vocabulary.py by
which a pasted header finds its column, the most telling first.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

MAX_ROWS = 200  # filled rows read in one sending
MAX_CELL = 4000  # characters; nothing that is a cell of a list is longer


@dataclass(frozen=True)
class Column:
    """One column. `width` is one of the classes of rows.css; `need_to_know` asks for view_turnover."""

    key: str
    label: Any
    roles: tuple = ()
    width: str = "m"
    mode: str = "text"  # inputmode
    offers: tuple = ()  # words offered while typing
    help: Any = ""
    shown: bool = False
    required: bool = False
    need_to_know: bool = False


COLUMNS = (
    Column("name", _("Nama usaha"), ("name",), "l", shown=True, required=True),
    Column(
        "activity",
        _("Produk atau kegiatan"),
        ("detail", "activity", "sector"),
        "l",
        shown=True,
        required=True,
    ),
    Column("kelurahan", _("Kelurahan"), ("kelurahan", "kelurahan_kecamatan"), shown=True, required=True),
    Column("rt", "RT", ("rt", "rt_rw"), "s", "numeric", help=_("boleh 003/005"), shown=True),
    Column("rw", "RW", ("rw",), "s", "numeric", shown=True),
    Column("address", _("Alamat"), ("address",), "l", shown=True),
    Column("phone", _("Telepon"), ("phone",), "m", "tel", shown=True),
    Column("owner", _("Nama pemilik"), ("name_owner",), shown=True),
    Column("nik", _("NIK pemilik"), ("nik",), "m", "numeric", help=_("atau: menyusul"), shown=True),
    Column("nib", "NIB", ("nib",), "m", "numeric", help=_("nomor, atau: ada, belum"), shown=True),
    Column("turnover", _("Omzet"), ("turnover",), "m", help=_("misalnya 1,5 juta"), need_to_know=True),
    Column(
        "turnover_period",
        _("Omzet per"),
        (),
        "s",
        offers=(_("hari"), _("minggu"), _("bulan"), _("tahun")),
        need_to_know=True,
    ),
    Column("capital", _("Modal usaha"), ("capital",), "m", help=_("tanpa tanah"), need_to_know=True),
    Column("workers", _("Tenaga kerja"), ("workers",), "s"),
    Column("kbli", "KBLI", ("kbli",), "s", help=_("5 angka")),
    Column("pirt", "P-IRT", ("pirt",), "m", "numeric", help=_("nomor, atau: ada, belum")),
    Column("halal", "Halal", ("halal",), "m", help=_("nomor, atau: ada, belum")),
    Column("stall", _("Nomor kios"), ("stall",), "s"),
    Column(
        "place_kind",
        _("Jenis tempat"),
        ("place_kind",),
        offers=(_("rumah"), _("kios"), _("pasar"), _("kaki lima"), _("keliling"), _("daring")),
    ),
    Column("founded", _("Tahun berdiri"), ("founded",), "s", "numeric"),
    Column("hours", _("Jam buka"), ("hours",)),
    Column("instagram", "Instagram", ("instagram",)),
    Column("website", _("Situs web"), ("website",)),
    Column("sex", _("Pemilik L/P"), ("sex",), "s", offers=("L", "P")),
    Column("note", _("Keterangan"), ("note",), "l", help=_("untuk verifikator")),
)
BY_KEY = {column.key: column for column in COLUMNS}
KEPT_FOR_THE_NEXT = ("kelurahan", "rw")  # a row that holds nothing else is not begun yet


def columns_for(user):
    """The columns this user may fill: figures only for those who may read them (as on the entry page)."""
    if user.has_perm("registry.view_turnover"):
        return list(COLUMNS)
    return [column for column in COLUMNS if not column.need_to_know]


def chosen(columns, keys):
    """The keys to show, in the grid's own order; the required ones always. Without a choice, the usual."""
    wanted = {key for key in keys or () if isinstance(key, str)}
    if not wanted & {column.key for column in columns}:
        wanted = {column.key for column in columns if column.shown}
    return [column.key for column in columns if column.required or column.key in wanted]
