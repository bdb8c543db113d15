"""The table of everything that can be proposed about a business, and what each column means.

One `Field` a row: label, cleaner, limits, whether changing it is a light correction. Forms, API, import,
difference and apply all read this table; adding a fact means a model column and a row here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.businesses import choices, cleaning
from registry.people.models import Person

lazy = gettext_lazy


@dataclass(frozen=True)
class Field:
    """One proposable fact. `empty` is its JSON form when not told; `bounds` mean what the cleaner says."""

    name: str
    label: Any
    clean: Callable
    empty: Any = ""
    limit: int = 0
    choices: Any = None
    bounds: tuple = (0, 0)
    light: bool = False  # "koreksi ringan": may be approved by rule when staff propose it
    need_to_know: bool = False  # registry.view_turnover

    def cleaned(self, value):
        """The JSON form of `value`. Raises ValidationError with an Indonesian message."""
        return self.empty if cleaning.is_empty(value) else self.clean(value, self)


def _table(*fields):
    return {f.name: f for f in fields}


BUSINESS = _table(
    Field("name", lazy("Nama usaha"), cleaning.name, limit=250),
    Field("activity", lazy("Produk atau kegiatan"), cleaning.text, limit=2000, light=True),
    Field("description", lazy("Cerita"), cleaning.text, limit=5000, light=True),
    Field("legal_form", lazy("Bentuk usaha"), cleaning.choice, choices=choices.LegalForm),
    Field("kelurahan", lazy("Kelurahan"), cleaning.region, empty=None),
    Field("rt", "RT", cleaning.whole, empty=None, bounds=(1, 999), light=True),
    Field("rw", "RW", cleaning.whole, empty=None, bounds=(1, 999), light=True),
    Field("address", lazy("Alamat"), cleaning.text, limit=1000),
    Field("stall", lazy("Nomor kios atau stan"), cleaning.line, limit=60),
    Field("place_kind", lazy("Jenis tempat"), cleaning.choice, choices=choices.PlaceKind),
    Field("latitude", lazy("Lintang"), cleaning.decimal, empty=None, bounds=(-12, 7)),
    Field("longitude", lazy("Bujur"), cleaning.decimal, empty=None, bounds=(94, 142)),
    Field("phone", lazy("Telepon/WhatsApp"), cleaning.phone, light=True),
    Field("phone_of", lazy("Nomor ini milik"), cleaning.choice, choices=choices.PhoneOf, light=True),
    Field("phone_other", lazy("Telepon lain"), cleaning.line, limit=60, light=True),
    Field("email", lazy("Surel"), cleaning.email, limit=254, light=True),
    Field("website", lazy("Situs web"), cleaning.web, limit=300, light=True),
    Field("instagram", "Instagram", cleaning.handle, limit=100, light=True),
    Field("marketplace", lazy("Toko daring"), cleaning.line, limit=300, light=True),
    Field("opening_hours", lazy("Jam buka"), cleaning.line, limit=200, light=True),
    Field("kbli", "KBLI", cleaning.kbli, empty=None),
    Field("subsector", lazy("Subsektor ekonomi kreatif"), cleaning.slug, empty=None),
    Field("other_subsectors", lazy("Subsektor lain"), cleaning.slugs, empty=[]),
    Field("sector_told", lazy("Bidang menurut daftar"), cleaning.line, limit=300),
    Field("founded_on", lazy("Tanggal berdiri"), cleaning.day, empty=None, bounds=(1800, False)),
    Field("founded_year", lazy("Tahun berdiri"), cleaning.year, empty=None),
    Field("workers", lazy("Tenaga kerja"), cleaning.whole, empty=None, bounds=(0, 100_000)),
    Field(
        "workers_upper", lazy("Tenaga kerja, paling banyak"), cleaning.whole, empty=None, bounds=(0, 100_000)
    ),
    Field("workers_told", lazy("Tenaga kerja, seperti disebut"), cleaning.line, limit=200),
    Field("capital_idr", lazy("Modal usaha"), cleaning.idr, empty=None, need_to_know=True),
    Field(
        "capital_upper_idr", lazy("Modal usaha, paling banyak"), cleaning.idr, empty=None, need_to_know=True
    ),
    Field("capital_told", lazy("Modal usaha, seperti disebut"), cleaning.line, limit=200, need_to_know=True),
    Field(
        "turnover_answer",
        lazy("Omzet, jawaban"),
        cleaning.choice,
        choices=choices.TurnoverAnswer,
        need_to_know=True,
    ),
    Field("turnover_idr", lazy("Omzet"), cleaning.idr, empty=None, need_to_know=True),
    Field("turnover_upper_idr", lazy("Omzet, paling banyak"), cleaning.idr, empty=None, need_to_know=True),
    Field("turnover_period", lazy("Omzet per"), cleaning.choice, choices=choices.Period, need_to_know=True),
    Field(
        "turnover_days_per_week",
        lazy("Hari jualan seminggu"),
        cleaning.whole,
        empty=None,
        bounds=(1, 7),
        need_to_know=True,
    ),
    Field("turnover_is_estimate", lazy("Omzet perkiraan"), cleaning.boolean, empty=False, need_to_know=True),
    Field("turnover_told", lazy("Omzet, seperti disebut"), cleaning.line, limit=200, need_to_know=True),
    Field("investment_idr", lazy("Nilai investasi"), cleaning.idr, empty=None, need_to_know=True),
    Field("scale", lazy("Skala"), cleaning.choice, choices=choices.Scale),
    Field("scale_basis", lazy("Dasar skala"), cleaning.choice, choices=choices.ScaleBasis),
    Field("scale_on", lazy("Skala per tanggal"), cleaning.day, empty=None, bounds=(1950, False)),
    Field(
        "operating_state",
        lazy("Keadaan"),
        cleaning.choice,
        empty=choices.OperatingState.ACTIVE.value,
        choices=choices.OperatingState,
    ),
    Field("season_months", lazy("Bulan buka"), cleaning.months, empty=[]),
    Field("public_opt_out", lazy("Tidak ditampilkan kepada masyarakat"), cleaning.boolean, empty=False),
)

OWNER = _table(
    Field("name", lazy("Nama pemilik"), cleaning.name, limit=150),
    Field("phone", lazy("Telepon pemilik"), cleaning.phone),
    Field("phone_of", lazy("Nomor ini milik"), cleaning.choice, choices=choices.PhoneOf),
    Field("nik_answer", "NIK", cleaning.choice, choices=Person.NikAnswer),
    Field("sex", lazy("Jenis kelamin"), cleaning.choice, choices=Person.Sex),
    Field("born_on", lazy("Tanggal lahir"), cleaning.day, empty=None, bounds=(1900, False)),
    Field("email", lazy("Surel pemilik"), cleaning.email, limit=254),
    Field("address", lazy("Alamat tinggal"), cleaning.text, limit=1000),
    Field("domicile", lazy("Kelurahan tinggal"), cleaning.region, empty=None),
    Field("rt", "RT", cleaning.whole, empty=None, bounds=(1, 999)),
    Field("rw", "RW", cleaning.whole, empty=None, bounds=(1, 999)),
    Field("education", lazy("Pendidikan"), cleaning.line, limit=60),
    Field("disability", lazy("Disabilitas"), cleaning.line, limit=100, need_to_know=True),
    Field("role", lazy("Peran"), cleaning.choice, empty="owner", choices=choices.OwnerRole),
)

LICENCE = _table(
    Field("kind", lazy("Jenis"), cleaning.choice, choices=choices.LicenceKind),
    Field("status", lazy("Status"), cleaning.choice, empty="has", choices=choices.LicenceStatus),
    Field("number", lazy("Nomor"), cleaning.number_text, limit=80),
    Field("issued_on", lazy("Terbit"), cleaning.day, empty=None, bounds=(1950, False)),
    Field("expires_on", lazy("Berlaku sampai"), cleaning.day, empty=None, bounds=(1950, True)),
    Field("checked_on", lazy("Diperiksa"), cleaning.day, empty=None, bounds=(1950, False)),
    Field("note", lazy("Keterangan"), cleaning.line, limit=300),
)

PRODUCT = _table(
    Field("name", lazy("Nama produk"), cleaning.name, limit=200),
    Field("price_idr", lazy("Harga"), cleaning.idr, empty=None),
    Field("unit", lazy("Satuan"), cleaning.line, limit=40),
    Field("description", lazy("Keterangan"), cleaning.text, limit=2000),
    Field("material", lazy("Bahan dan ceritanya"), cleaning.text, limit=2000),
    Field("technique", lazy("Teknik"), cleaning.line, limit=200),
)

PHOTO = _table(
    Field("kind", lazy("Jenis"), cleaning.choice, empty="product", choices=choices.PhotoKind),
    Field("caption", lazy("Keterangan"), cleaning.line, limit=200),
    Field("attachment", lazy("Berkas"), cleaning.identity),
)

CONSENT = _table(
    Field("group", lazy("Kelompok"), cleaning.choice, choices=choices.ConsentGroup),
    Field("given_on", lazy("Diberikan"), cleaning.day, empty=None, bounds=(2000, False)),
    Field("text_version", lazy("Versi naskah"), cleaning.line, limit=40),
    Field("channel", lazy("Saluran"), cleaning.choice, empty="in_person", choices=choices.ConsentChannel),
)

ITEMS = {"owner": OWNER, "licence": LICENCE, "product": PRODUCT, "photo": PHOTO, "consent": CONSENT}
ITEM_LABELS = {
    "owner": lazy("Pemilik"),
    "licence": lazy("Legalitas"),
    "product": lazy("Produk"),
    "photo": lazy("Foto"),
    "consent": lazy("Persetujuan"),
}
REQUIRED = ("name", "activity", "kelurahan")  # DOMAIN "Required at entry"; a list may lack the last two


def clean_values(raw, table=None):
    """Clean {field: raw} against a table of fields.

    Returns (values, errors): JSON values of the fields that passed, and {field: message} for the others,
    unknown names included. Fields that were not given stay out.
    """
    table = BUSINESS if table is None else table
    values, errors = {}, {}
    for field_name, value in raw.items():
        spec = table.get(field_name)
        if spec is None:
            errors[str(field_name)[:60]] = _("Isian ini tidak dikenal.")
            continue
        try:
            values[field_name] = spec.cleaned(value)
        except ValidationError as error:
            errors[field_name] = " ".join(error.messages)
    return values, errors


def column_value(business, field_name):
    """The JSON form of one column of a business, comparable with what a submission holds."""
    if field_name == "kelurahan":
        return business.kelurahan.code if business.kelurahan_id else None
    if field_name == "kbli":
        return f"{business.kbli.version}:{business.kbli.code}" if business.kbli_id else None
    if field_name == "subsector":
        return business.subsector.slug if business.subsector_id else None
    if field_name == "other_subsectors":
        return sorted(s.slug for s in business.other_subsectors.all())
    value = getattr(business, field_name)
    if field_name in ("latitude", "longitude"):
        return None if value is None else str(value.quantize(cleaning.Decimal("0.000001")))
    if field_name in ("founded_on", "scale_on"):
        return None if value is None else value.isoformat()
    return value


def current_values(business, names=None):
    """{field: JSON value} of a business today."""
    return {n: column_value(business, n) for n in (names or BUSINESS)}
