"""The directory to take home: the public facts of the rows asked for, as XLSX or CSV.

A fact stands here when `facts_of` gives it, as on the page and in the API: what needs consent is empty
without it. At most MOST rows in one file, made while the visitor waits; a longer answer offers narrower ones.
"""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from registry.businesses.choices import OperatingState
from registry.directory.asked import Counted, address, filter_text
from registry.directory.public import facts_of
from umkm_portal.lib import tables
from umkm_portal.lib.formats import moment, number, rt_rw
from umkm_portal.lib.throttling import AddressThrottle

MOST = 5_000
CHUNK = 500
CSV_TYPE = "text/csv; charset=utf-8"
FORMATS = {"xlsx": tables.XLSX_TYPE, "csv": CSV_TYPE}


class DownloadThrottle(AddressThrottle):
    """`download`: files of the directory, by address."""

    scope = "download"


@dataclass(frozen=True)
class Column:
    label: str
    width: int
    kind: str
    meaning: str
    read: object
    by_consent: bool = False


def _names(rows):
    return ", ".join(row["name"] for row in rows)


def _prices(facts):
    return "; ".join(f"{p.name} (Rp{number(p.price_idr)})" if p.price_idr else p.name for p in facts.products)


def _licences(facts):
    """What the business has today, without numbers: they have columns of their own."""
    return ", ".join(row.label for row in facts.licences if row.is_valid)


def _number(facts, kind):
    return next((row.number for row in facts.licences if row.kind == kind and row.is_valid), "")


COLUMNS = (
    Column(lazy("Nama usaha"), 32, "text", lazy("Nama seperti dikenal pembeli."), lambda f: f.name),
    Column(
        lazy("Produk atau kegiatan"),
        36,
        "text",
        lazy("Ditulis dengan kata pemiliknya."),
        lambda f: f.activity,
    ),
    Column(lazy("Kecamatan"), 16, "text", lazy("Tempat usahanya."), lambda f: f.kecamatan["name"]),
    Column(lazy("Kelurahan"), 18, "text", lazy("Tempat usahanya."), lambda f: f.kelurahan["name"]),
    Column(
        lazy("Kode kelurahan"),
        15,
        "text",
        lazy("Kode Kementerian Dalam Negeri; untuk menggabung dengan data lain."),
        lambda f: f.kelurahan["code"],
    ),
    Column(
        lazy("Subsektor"),
        18,
        "text",
        lazy("Subsektor ekonomi kreatif, yang utama dulu."),
        lambda f: _names([row for row in (f.subsector, *f.other_subsectors) if row]),
    ),
    Column(
        "KBLI",
        12,
        "text",
        lazy("Versi dan kode; angka yang sama berbeda arti di versi lain."),
        lambda f: f"{f.kbli['version']}:{f.kbli['code']}" if f.kbli else "",
    ),
    Column(
        lazy("Judul KBLI"),
        30,
        "text",
        lazy("Judul resmi kode itu."),
        lambda f: f.kbli["title"] if f.kbli else "",
    ),
    Column(
        lazy("Keadaan"),
        16,
        "text",
        lazy("Aktif, tutup sementara, atau musiman."),
        lambda f: str(OperatingState(f.operating_state).label),
    ),
    Column(lazy("Jam buka"), 22, "text", lazy("Seperti disebut pemiliknya."), lambda f: f.opening_hours),
    Column(lazy("Produk dan harga"), 40, "text", lazy("Harga dalam rupiah saat dicatat."), _prices),
    Column(
        lazy("Legalitas"),
        24,
        "text",
        lazy("Yang tercatat dan masih berlaku. Kosong berarti tidak tercatat, bukan pasti tidak punya."),
        _licences,
    ),
    Column(
        lazy("Nomor P-IRT"), 18, "text", lazy("Nomor yang tercetak di kemasan."), lambda f: _number(f, "pirt")
    ),
    Column(
        lazy("Nomor halal"),
        22,
        "text",
        lazy("Nomor yang tercetak di kemasan."),
        lambda f: _number(f, "halal"),
    ),
    Column(
        lazy("Terakhir dipastikan"),
        16,
        "date",
        lazy("Hari petugas terakhir memastikan usaha ini berjalan; kosong: belum pernah."),
        lambda f: f.last_confirmed_on,
    ),
    Column(
        lazy("Keberadaan diverifikasi"),
        16,
        "date",
        lazy("Hari keberadaannya diperiksa; kosong: terdata, belum diverifikasi."),
        lambda f: f.existence_verified_on,
    ),
    Column(lazy("Pemilik"), 22, "text", lazy("Nama pemilik."), lambda f: f.owner_name, True),
    Column(lazy("Telepon"), 16, "text", lazy("Nomor usaha."), lambda f: f.phone, True),
    Column(
        lazy("Alamat"),
        34,
        "text",
        lazy("Alamat, kios, RT dan RW."),
        lambda f: ", ".join(filter(None, [f.address, f.stall, rt_rw(f.rt, f.rw)])),
        True,
    ),
    Column(
        lazy("Lintang"),
        11,
        "degrees",
        lazy("Derajat WGS 84."),
        lambda f: None if f.latitude is None else float(f.latitude),
        True,
    ),
    Column(
        lazy("Bujur"),
        11,
        "degrees",
        lazy("Derajat WGS 84."),
        lambda f: None if f.longitude is None else float(f.longitude),
        True,
    ),
    Column(
        lazy("Halaman"),
        40,
        "text",
        lazy("Halamannya di direktori, tempat data terbarunya."),
        lambda f: settings.SITE_URL + f.url,
    ),
)


class Download:
    """The rows of `listing` as a file, and what its page says beforehand."""

    most = MOST
    columns = COLUMNS

    def __init__(self, listing):
        self.listing = listing
        self.counted = Counted(listing)

    @property
    def total(self):
        return self.counted.total

    @property
    def is_capped(self):
        return self.counted.is_capped

    @property
    def is_too_long(self):
        return self.is_capped or self.total > self.most

    @property
    def meanings(self):
        """[(column, what it means)]"""
        agreed = _("Hanya dengan persetujuan pemilik.")
        return [(c.label, f"{c.meaning} {agreed}" if c.by_consent else c.meaning) for c in self.columns]

    @property
    def files(self):
        """[(words, address, whether it is the main one)]"""
        return [
            (_("Unduh XLSX (Excel)"), address("directory-download", self.listing, berkas="xlsx"), True),
            (_("Unduh CSV"), address("directory-download", self.listing, berkas="csv"), False),
        ]

    @cached_property
    def narrower(self):
        """[(place, how many, address)] of the kecamatan, or kelurahan, that fit into one file."""
        places = list(self.listing.cube.places.values())
        kecamatan = self.listing.params.get("kecamatan", ())
        found = []
        if not kecamatan:
            counts = self.counted.counts("kecamatan")
            for code, name in {p.kecamatan_code: p.kecamatan for p in places}.items():
                found.append(
                    (_("Kec. %(name)s") % {"name": name}, counts.get(code, 0), {"kecamatan": [code]})
                )
        if not any(0 < many <= self.most for _name, many, _params in found):
            counts = self.counted.counts("kelurahan")
            found = [
                (p.name, counts.get(p.code, 0), {"kecamatan": [p.kecamatan_code], "kelurahan": [p.code]})
                for p in places
            ]
        return [
            (name, many, address("directory-download", self.listing, **params))
            for name, many, params in found
            if 0 < many <= self.most
        ]

    def rows(self):
        """The cells of every row, in the order of their names."""
        rows = self.listing.matching().order_by("name", "pk").values_list("pk", flat=True)
        keys = list(rows[: self.most])
        for start in range(0, len(keys), CHUNK):
            for facts in facts_of(keys[start : start + CHUNK]):
                yield tuple(column.read(facts) for column in self.columns)

    def response(self, kind):
        """The file as an answer. CSV has its column names only, for machines; XLSX says what it holds."""
        now = timezone.localtime()
        columns = [(str(c.label), c.width, c.kind) for c in self.columns]
        if kind == "csv":
            content = tables.to_csv(columns, self.rows())
        else:
            heading = (
                _("Direktori usaha Kota Malang"),
                _("Filter: %(filters)s") % {"filters": filter_text(self.listing)},
                _("Per %(moment)s. Sumber: %(site)s") % {"moment": moment(now), "site": settings.SITE_URL},
                _("Terdata, belum tentu diverifikasi. Yang perlu persetujuan pemilik kosong tanpanya."),
            )
            content = tables.to_xlsx(columns, self.rows(), sheet=_("Usaha"), heading=heading)
        return tables.download(content, f"usaha-malang-{now:%Y-%m-%d}.{kind}", FORMATS[kind])
