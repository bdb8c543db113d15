"""The directory as figures: how many businesses, by place, kind, scale and licence, each with its list.

Counts come from the listing (the kept ledger, or what a text found), never from a table scan: a figure and
the list behind it are made from the same rows.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from registry.businesses.choices import Scale
from registry.businesses.filters import PUBLIC_STATES
from registry.directory.areas import percent
from registry.directory.asked import Counted
from registry.directory.listing import LICENCES
from registry.sectors.kbli import SECTORS


@dataclass(frozen=True)
class Row:
    label: str
    count: int
    share: str
    url: str = ""  # empty: no filter finds exactly these
    under: str = ""


@dataclass(frozen=True)
class Table:
    """One way of counting the same businesses. `is_parts`: every business stands in exactly one row."""

    slug: str
    title: str
    noun: str
    meaning: str
    rows: list = field(default_factory=list)
    is_parts: bool = True

    @property
    def most(self):
        return max((row.count for row in self.rows), default=0) or 1


class Breakdown:
    """Every table of the figures page under the filters of `listing`."""

    def __init__(self, listing):
        self.listing = listing
        self.counted = Counted(listing)

    @property
    def total(self):
        return self.counted.total

    @property
    def tables(self):
        """Tables with something in them; [] when nothing matches."""
        if not self.total:
            return []
        tables = [
            self._kecamatan(),
            self._kelurahan(),
            self._table(
                "sector",
                _("Bidang usaha"),
                _("Menurut KBLI yang tercatat, versi 2020 dan 2025 disatukan dalam bidang yang sama."),
                {slug: str(words[0]) for slug, words in SECTORS.items()},
                _("Belum ada KBLI"),
            ),
            self._table(
                "subsector",
                _("Subsektor ekonomi kreatif"),
                _("Subsektor utama; usaha di luar ekonomi kreatif memang tidak punya."),
                dict(self.listing.cube.subsectors.values()),
                _("Tanpa subsektor"),
                noun=_("Subsektor"),
            ),
            self._table(
                "scale",
                _("Skala"),
                _("Menurut PP 7/2021 pasal 35, dari modal, omzet, NIB atau pernyataan pemilik."),
                {value: str(label) for value, label in Scale.choices} | {"unknown": _("Belum diketahui")},
            ),
            self._licences(),
            self._table(
                "operating_state",
                _("Keadaan"),
                _("Yang tercatat tutup permanen tidak ikut dihitung."),
                {value: str(label) for value, label in PUBLIC_STATES},
            ),
        ]
        return [table for table in tables if table.rows]

    def _row(self, label, count, under="", **filters):
        url = self.listing.url(urut=[], **filters) if filters else ""
        return Row(label, count, percent(count, self.total), url, under)

    def _table(self, facet, title, meaning, names, unknown="", noun=""):
        counts = self.counted.counts(facet)
        rows = [
            self._row(name, counts[value], **{facet: [value]})
            for value, name in names.items()
            if counts.get(value)
        ]
        rows.sort(key=lambda row: -row.count)
        rest = self.total - sum(row.count for row in rows)
        if rest > 0 and unknown:
            rows.append(self._row(unknown, rest))
        return Table(facet, title, noun or title, meaning, rows)

    def _kecamatan(self):
        counts = self.counted.counts("kecamatan")
        names = {p.kecamatan_code: p.kecamatan for p in self.listing.cube.places.values()}
        chosen = self.listing.params.get("kelurahan", ())
        rows = [
            self._row(
                name,
                counts[code],
                kecamatan=[code],
                kelurahan=[c for c in chosen if c.startswith(code + ".")],
            )
            for code, name in names.items()
            if counts.get(code)
        ]
        rows.sort(key=lambda row: -row.count)
        meaning = _("Tempat usahanya, bukan tempat tinggal pemiliknya.")
        return Table("kecamatan", _("Kecamatan"), _("Kecamatan"), meaning, rows)

    def _kelurahan(self):
        counts = self.counted.counts("kelurahan")
        rows = [
            self._row(
                p.name,
                counts[p.code],
                under=p.kecamatan,
                kecamatan=[p.kecamatan_code],
                kelurahan=[p.code],
            )
            for p in self.listing.cube.places.values()
            if counts.get(p.code)
        ]
        rows.sort(key=lambda row: -row.count)
        meaning = _("Kelurahan yang tidak disebut belum punya usaha terdata di bawah filter ini.")
        return Table("kelurahan", _("Kelurahan"), _("Kelurahan"), meaning, rows)

    def _licences(self):
        rows = []
        for name, label in LICENCES.items():
            if many := self.counted.counts(name).get("ada", 0):
                rows.append(self._row(str(label), many, **{name: ["ada"]}))
        meaning = _(
            "Yang tercatat dan masih berlaku. Satu usaha dapat punya beberapa, jadi jumlahnya bukan 100 %."
        )
        return Table("legalitas", _("Legalitas"), _("Legalitas"), meaning, rows, is_parts=False)
