"""One row becomes facts: values, owner, licences, consents, the card it is recognised by, warnings. Pure.

R5: what is odd is accepted with a warning that names the cell; the message never repeats what stood there.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from registry.businesses import fields, matching
from umkm_portal.lib.text import clean_text, fold, has_long_digits

from . import amounts, normalise
from .facts_what import FIGURE_ROLES, What
from .facts_who import LICENCES, OWNER_ROLES, PAPER_NAMES, Who
from .place import Found
from .reading import text_of
from .wording import PAPER_MESSAGES, PLACE_MESSAGES

_ROLE_OF_FIELD = {
    "kelurahan": "kelurahan", "workers_told": "workers", "turnover_told": "turnover",
    "capital_told": "capital",
    "sector_told": "sector", "opening_hours": "hours", "phone_other": "phone", "founded_on": "founded",
    "founded_year": "founded", "turnover_idr": "turnover", "capital_idr": "capital", "activity": "detail",
}  # fmt: skip
_ROLE_OF_OWNER = {
    "name": "name_owner", "address": "address_home", "education": "education", "disability": "disability",
    "sex": "sex", "born_on": "born_on",
}  # fmt: skip


@dataclass
class Facts:
    """What one record says. `owner` lacks NIK and KK, which stand in `sealed`."""

    name: str = ""
    values: dict = field(default_factory=dict)
    owner: dict = field(default_factory=dict)
    sealed: dict = field(default_factory=dict)
    licences: list = field(default_factory=list)
    products: list = field(default_factory=list)
    consents: list = field(default_factory=list)
    card: matching.Card | None = None
    warnings: list = field(default_factory=list)  # (column letter, header, message)


class Reader(What, Who):
    """Reads the rows of one list; made once with its header and the place it is about."""

    def __init__(self, header, places, *, default=None, title=None):
        """`default` is the kelurahan code the uploader chose ("" when chosen but unknown here), or None."""
        self.header = header
        self.places = places
        self.default = default
        self.section = None  # Found of the last heading such as "KELURAHAN PURWANTORO"
        self.title = title  # Found of the list's own title
        self._one = {column.role: column for column in reversed(header.columns) if column.role}
        self._at = {role: column.index for role, column in self._one.items()}
        self._has_figures = bool(self._one.keys() & FIGURE_ROLES)
        self._has_owner = bool(self._one.keys() & OWNER_ROLES)
        self._has_papers = bool(self._one.keys() & {*LICENCES, "consent"})
        self._all = {}
        for column in header.columns:
            self._all.setdefault(column.role, []).append(column)
        self._units = {
            column.index: amounts.unit_of_label(column.label)
            for role in ("turnover", "capital", "assets", "investment")
            for column in self._all.get(role, ())
        }

    def cell(self, row, role):
        index = self._at.get(role, -1)
        return row[index] if 0 <= index < len(row) else ""

    def read(self, row):
        """The Facts of a record; `name` is "" where it has no usable one (R2)."""
        facts = Facts()
        facts.name, problem = normalise.business_name(self.cell(row, "name"))
        if problem:
            return facts
        facts.values["name"] = facts.name
        self._place(row, facts)
        self._reach(row, facts)
        self._work(row, facts)
        if self._has_figures:
            self._money(row, facts)
        if self._has_owner:
            self._owner(row, facts)
        if self._has_papers:
            self._papers(row, facts)
        self._check(facts)
        self._long_digits(row, facts)
        self._make_card(row, facts)
        return facts

    def warn(self, facts, role, message):
        column = self._one.get(role) if isinstance(role, str) else role
        facts.warnings.append(
            (column.letter, column.label, str(message)) if column else ("", "", str(message))
        )

    # ---- where -------------------------------------------------------------------------------

    def _place(self, row, facts):
        values = facts.values
        address = clean_text(text_of(self.cell(row, "address")))
        if not normalise.said(address):
            address = ""
        extra = [
            f"{column.label.split(' / ')[-1]} {text}"
            for column in self._all.get("address_extra", ())
            if column.index < len(row) and (text := normalise.said(row[column.index]))
        ]
        values["address"] = ", ".join([address, *extra]) if address else ", ".join(extra)
        rt, rt_problem = normalise.unit_number(self.cell(row, "rt"))
        rw, rw_problem = normalise.unit_number(self.cell(row, "rw"))
        if rt is None and rw is None:
            for role in ("rt_rw", "rt", "rw"):
                rt, rw = normalise.neighbourhood(self.cell(row, role))
                if rt and rw:
                    rt_problem = rw_problem = ""
                    break
        inside = normalise.neighbourhood(address)
        for role, problem in (("rt", rt_problem), ("rw", rw_problem)):
            if problem:
                self.warn(facts, role, _("RT atau RW ini tidak terbaca sebagai angka 1 sampai 999."))
        if (rt and inside[0] and rt != inside[0]) or (rw and inside[1] and rw != inside[1]):
            self.warn(
                facts,
                "rt" if rt != inside[0] else "rw",
                _("RT/RW di kolom berbeda dengan yang di alamat; dipakai yang di kolom."),
            )
        values["rt"], values["rw"] = rt or inside[0], rw or inside[1]
        self._kelurahan(row, facts, address)
        point, problem = None, ""
        if "coordinates" in self._one:
            point, problem = normalise.coordinate_pair(self.cell(row, "coordinates"))
        if point is None and ("latitude" in self._one or "longitude" in self._one):
            point, problem = normalise.coordinates(self.cell(row, "latitude"), self.cell(row, "longitude"))
        if problem:
            self.warn(
                facts,
                "latitude" if "latitude" in self._one else "coordinates",
                _("Koordinat ini bukan titik di Indonesia atau tidak lengkap, jadi tidak dipakai."),
            )
        if point:
            values["latitude"], values["longitude"] = point
        kind = normalise.place_kind(self.cell(row, "place_kind"))
        if kind:
            values["place_kind"] = kind
        stall = normalise.said(self.cell(row, "stall"))
        if stall:
            values["stall"] = stall

    def _kelurahan(self, row, facts, address):
        told = normalise.said(self.cell(row, "kelurahan") or self.cell(row, "kelurahan_kecamatan"))
        kecamatan = normalise.said(self.cell(row, "kecamatan"))
        city = normalise.said(self.cell(row, "city"))
        role = "kelurahan" if "kelurahan" in self._one else "kelurahan_kecamatan"
        code = normalise.said(self.cell(row, "kelurahan_code"))
        if code in self.places.names:
            facts.values["kelurahan"] = code
            return
        if told:
            found = self.places.resolve(told, kecamatan, city)
        elif self.default is not None:
            found = self._default(kecamatan, city, address)
            role = (
                "city"
                if city
                else ("kecamatan" if kecamatan else "address")
                if found.problem == "other-city"
                else role
            )
        elif self.section is not None:
            found = self.section
        elif self.title is not None and self.title.code:
            found = self.title
        else:
            found = self.places.resolve("", kecamatan, city, address)
            role = "address" if found.problem in ("from-address",) else role
            if found.problem == "other-city":
                role = "city" if city else ("kecamatan" if kecamatan else "address")
        facts.values["kelurahan"] = found.code
        if message := PLACE_MESSAGES.get(found.problem):
            name = self.places.names.get(found.code, "")
            self.warn(facts, role, message() % {"name": name} if name else message())

    def _default(self, kecamatan, city, address):
        """The uploader's kelurahan, unless the row itself says that it lies in another city."""
        there = self.places.resolve("", kecamatan, city, address)
        if there.problem == "other-city":
            return there
        if self.default and kecamatan and not self.places.lies_in(self.default, kecamatan):
            return Found(self.default, "kecamatan-differs")
        return Found(self.default or None, "" if self.default else "default-unknown")

    # ---- last look -------------------------------------------------------------------------

    def _check(self, facts):
        """Every value through the same cleaner as a form's; the rest stays in the originals only."""
        kbli = facts.values.pop("kbli_told", None)
        given = {k: v for k, v in facts.values.items() if v not in ("", None)}
        clean, errors = fields.clean_values(given)
        for name, message in errors.items():
            self.warn(
                facts,
                _ROLE_OF_FIELD.get(name, name),
                f"{fields.BUSINESS[name].label}: {message}" if name in fields.BUSINESS else message,
            )
        for partner in (("latitude", "longitude"),):
            if any(p not in clean for p in partner):
                for p in partner:
                    clean.pop(p, None)
        facts.values = clean
        if kbli:
            facts.values["kbli_told"] = kbli
        if facts.owner:
            given = {k: v for k, v in facts.owner.items() if v not in ("", None)}
            clean, errors = fields.clean_values(given, fields.OWNER)
            for name, message in errors.items():
                self.warn(facts, _ROLE_OF_OWNER.get(name, "name_owner"), message)
            facts.owner = clean if clean.get("name") else {}
        kept = []
        for licence in facts.licences:
            _clean, errors = fields.clean_values({k: v for k, v in licence.items() if v}, fields.LICENCE)
            if errors:
                licence = {"kind": licence["kind"], "status": licence["status"], "number": "", "note": ""}
                self.warn(
                    facts, licence["kind"], PAPER_MESSAGES["odd"]() % {"kind": PAPER_NAMES[licence["kind"]]}
                )
            kept.append(licence)
        facts.licences = kept

    def _long_digits(self, row, facts):
        """Any cell of 15 to 17 digits is sealed whatever its column; say so where none was expected."""
        for column in self.header.columns:
            if column.index >= len(row) or column.role in (
                "nik",
                "kk",
                "npwp",
                "pirt",
                "halal",
                "id",
                "number",
                "latitude",
                "longitude",
                "coordinates",
                "other",
            ):
                continue
            cell = row[column.index]
            if cell == "" or (isinstance(cell, str) and len(cell) < 15):
                continue
            told = any(letter == column.letter for letter, _label, _message in facts.warnings)
            if has_long_digits(text_of(cell)) and not isinstance(cell, float) and not told:
                self.warn(facts, column, PAPER_MESSAGES["cell"]())

    def _make_card(self, row, facts):
        values = facts.values
        address = text_of(self.cell(row, "address"))
        place = (
            values.get("kelurahan")
            or " ".join(
                fold(normalise.said(self.cell(row, role)))
                for role in ("kelurahan", "kelurahan_kecamatan", "kecamatan")
            ).strip()
        )
        extra = " ".join(
            text_of(row[c.index]) for c in self._all.get("address_extra", ()) if c.index < len(row)
        )
        address = " ".join(part for part in (address, extra) if normalise.said(part))
        nik_cell, nib_cell = normalise.said(self.cell(row, "nik")), normalise.said(self.cell(row, "nib"))
        nib_digits = "".join(c for c in nib_cell if c.isdigit())
        facts.card = matching.Card(
            name=matching.name_key(facts.name),
            address=matching.address_key(address, values.get("rt"), values.get("rw")),
            place=place,
            point=matching.point_key(values.get("latitude"), values.get("longitude")),
            owner=matching.name_key(normalise.said(self.cell(row, "name_owner"))),
            phones=frozenset(facts.sealed.pop("phones", ())),
            nik="".join(c for c in nik_cell if c.isdigit()),
            nib=nib_digits if len(nib_digits) >= 9 else "",
            stall=matching.name_key(normalise.said(self.cell(row, "stall"))),
        )
