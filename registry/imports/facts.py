"""One row becomes facts: values, owner, licences, consents, the card it is recognised by, warnings. Pure.

R5: what is odd is accepted with a warning that names the cell; the message never repeats what stood there.
"""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from registry.businesses import fields, matching
from umkm_portal.lib.text import clean_line, clean_text, fold, has_long_digits

from . import amounts, normalise
from .place import Found
from .reading import is_number, text_of

LICENCES = {
    "nib": "nib",
    "pirt": "pirt",
    "halal": "halal",
    "bpom_md": "bpom_md",
    "sni": "sni",
    "merek": "merek",
}
_PAPER_NAMES = {
    "nib": "NIB",
    "pirt": "P-IRT",
    "halal": "halal",
    "bpom_md": "BPOM MD",
    "sni": "SNI",
    "merek": "merek",
}
# A column that says so holds the owner's own number; any other may be a neighbour's or the enumerator's.
_OWNERS_NUMBER = re.compile(r"\b(pemilik|pengusaha|owner|pimpinan)\b", re.IGNORECASE)


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


class Reader:
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
        self._money(row, facts)
        self._owner(row, facts)
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
        if message := _PLACE_MESSAGES.get(found.problem):
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

    # ---- how to reach it, what it does -----------------------------------------------------

    def _reach(self, row, facts):
        values = facts.values
        numbers, others = [], []
        for column in self._all.get("phone", ()):
            if column.index >= len(row):
                continue
            read = normalise.phones(row[column.index])
            if read.first and not numbers and _OWNERS_NUMBER.search(column.label):
                values["phone_of"] = "owner"
            numbers += [n for n in [read.first] if n and n not in numbers]
            others += read.others.split()
            facts.sealed.setdefault("phones", set()).update(read.numbers)
            if read.problem in _PHONE_MESSAGES:
                self.warn(facts, column, _PHONE_MESSAGES[read.problem]())
        if numbers:
            values["phone"] = numbers[0]
            values.setdefault("phone_of", "unknown")
        rest = " ".join(dict.fromkeys([*numbers[1:], *others]))
        if rest and len(rest) <= 60:
            values["phone_other"] = rest
        for role in ("email", "website", "marketplace", "opening_hours"):
            text = normalise.said(self.cell(row, "hours" if role == "opening_hours" else role))
            if text:
                values[role] = text
        account, problem = normalise.handle(self.cell(row, "instagram"))
        if account:
            values["instagram"] = account
        elif problem:
            self.warn(facts, "instagram", _("Nama akun Instagram ini tidak dikenali."))

    def _work(self, row, facts):
        values = facts.values
        details = [
            text
            for c in self._all.get("detail", ())
            if c.index < len(row) and (text := normalise.said(row[c.index]))
        ]
        activity = normalise.said(self.cell(row, "activity"))
        sectors = [
            text
            for c in self._all.get("sector", ())
            if c.index < len(row) and (text := normalise.said(row[c.index]))
        ]
        kbli = normalise.said(self.cell(row, "kbli"))
        scale = normalise.scale(self.cell(row, "scale"))
        for text in list(sectors):
            if not scale and normalise.scale(text) and len(fold(text).split()) <= 2:
                scale = normalise.scale(text)
                sectors.remove(text)
        values["activity"] = (
            "; ".join(dict.fromkeys(details)) or activity or (sectors[0] if sectors else kbli)
        )
        told = sectors + ([activity] if details and activity else [])
        if kbli and not kbli.replace(" ", "").isdigit():
            told.append(kbli)
        values["sector_told"] = "; ".join(dict.fromkeys(told))
        self._kbli(row, kbli, facts)
        if scale:
            values["scale"], values["scale_basis"] = scale, "statement"
        form = normalise.legal_form(self.cell(row, "legal_form")) or normalise.legal_form_of_name(facts.name)
        if form:
            values["legal_form"] = form
        state = self.cell(row, "operating_state")
        if normalise.said(state) and (read := normalise.operating_state(state)):
            values["operating_state"] = read
        for role, message in (
            ("founded", _("Tahun atau tanggal berdiri ini tidak masuk akal, jadi tidak dipakai.")),
        ):
            read = amounts.when(self.cell(row, role))
            if read.problem == "odd":
                self.warn(facts, role, message)
            elif read.day:
                values["founded_on"], values["founded_year"] = read.day.isoformat(), read.year
            elif read.year:
                values["founded_year"] = read.year

    def _kbli(self, row, told, facts):
        digits = told.replace(" ", "").replace(".", "")
        if not digits:
            return
        first = digits[:5]
        if first.isdigit() and len(first) == 5 and (len(digits) == 5 or not digits[5].isdigit()):
            column = self._one["kbli"]
            version = next((v for v in ("2025", "2020") if v in column.label), "")
            facts.values["kbli_told"] = (first, version)
            facts.sealed["kbli_cell"] = (column.letter, column.label)

    # ---- figures ---------------------------------------------------------------------------

    def _money(self, row, facts):
        values = facts.values
        self._turnover(row, facts)
        for column in [*self._all.get("capital", ()), *self._all.get("assets", ())]:
            if column.index >= len(row) or (
                not normalise.said(row[column.index]) and not is_number(row[column.index])
            ):
                continue
            read = amounts.money(row[column.index], self._units[column.index])
            if (
                read.answer in ("exact", "band")
                and values.get("capital_idr") is None
                and values.get("capital_upper_idr") is None
            ):
                values["capital_idr"], values["capital_upper_idr"] = read.low, read.high
                values["capital_told"] = clean_line(text_of(row[column.index]))
            elif read.problem == "odd":
                self.warn(facts, column, _("Jumlah uang ini tidak terbaca; isi aslinya tetap disimpan."))
        read = amounts.money(self.cell(row, "investment"), self._units.get(self._index("investment"), 1))
        if read.answer == "exact":
            values["investment_idr"] = read.low
        self._workers(row, facts)

    def _index(self, role):
        return self._one[role].index if role in self._one else -1

    def _turnover(self, row, facts):
        for column in self._all.get("turnover", ()):
            cell = row[column.index] if column.index < len(row) else ""
            read = amounts.money(cell, self._units[column.index])
            if read.problem:
                self.warn(
                    facts,
                    column,
                    _("Omzet ini tidak terbaca sebagai jumlah uang; isi aslinya tetap disimpan."),
                )
            if not read.answer or facts.values.get("turnover_answer"):
                continue
            period = read.period or column.period
            facts.values |= {
                "turnover_answer": read.answer,
                "turnover_idr": read.low,
                "turnover_upper_idr": read.high,
                "turnover_period": period,
                "turnover_is_estimate": read.is_estimate,
                "turnover_told": clean_line(text_of(cell)),
            }

    def _workers(self, row, facts):
        values = facts.values
        sexes = [amounts.workers(self.cell(row, role)) for role in ("workers_male", "workers_female")]
        columns = self._all.get("workers", ())
        total, told = amounts.Count(), ""
        for column in columns:
            cell = row[column.index] if column.index < len(row) else ""
            read = amounts.workers(cell)
            if read.problem:
                self.warn(
                    facts,
                    column,
                    _("Jumlah tenaga kerja ini tidak terbaca sebagai angka; isi aslinya tetap disimpan."),
                )
                told = told or clean_line(text_of(cell))
            if total.low is None and total.high is None and (read.low is not None or read.high is not None):
                total = read
                told = (
                    ""
                    if is_number(cell) or clean_line(text_of(cell)).isdigit()
                    else clean_line(text_of(cell))
                )
        if total.low is None and total.high is None and any(s.low is not None for s in sexes):
            total = amounts.Count(sum(s.low or 0 for s in sexes))
        if total.low is not None:
            values["workers"] = total.low
        if total.high is not None:
            values["workers_upper"] = total.high
        if told:
            values["workers_told"] = told

    # ---- who -------------------------------------------------------------------------------

    def _owner(self, row, facts):
        owner = {}
        name = normalise.said(self.cell(row, "name_owner"))
        if name and not has_long_digits(name):
            owner["name"] = name
        nik, nik_problem = normalise.national_id(self.cell(row, "nik"))
        kk, kk_problem = normalise.national_id(self.cell(row, "kk"), "kk")
        if nik:
            facts.sealed["nik"] = nik
            facts.sealed["nik_cell"] = (self._one["nik"].letter, self._one["nik"].label)
        if kk:
            facts.sealed["kk"] = kk
        answers = {"refused": "refused", "later": "later"}
        if nik_problem in answers:
            owner["nik_answer"] = answers[nik_problem]
        for role, problem in (("nik", nik_problem), ("kk", kk_problem)):
            if problem in _IDENTITY_MESSAGES:
                self.warn(facts, role, _IDENTITY_MESSAGES[problem]())
        male, female = (
            normalise.said(self.cell(row, "sex_male")),
            normalise.said(self.cell(row, "sex_female")),
        )
        sex = normalise.sex(self.cell(row, "sex")) or (
            "L" if male and not female else "P" if female and not male else ""
        )
        if sex:
            owner["sex"] = sex
        born = amounts.when(self.cell(row, "born_on"), earliest=1900)
        if born.problem == "odd":
            self.warn(facts, "born_on", _("Tanggal lahir ini tidak masuk akal, jadi tidak dipakai."))
        elif born.day:
            owner["born_on"] = born.day.isoformat()
        for key, role in (
            ("address", "address_home"),
            ("education", "education"),
            ("disability", "disability"),
        ):
            text = normalise.said(self.cell(row, role))
            if text:
                owner[key] = text
        rt, rw = normalise.neighbourhood(self.cell(row, "address_home"))
        rt = normalise.unit_number(self.cell(row, "rt_home"))[0] or rt
        rw = normalise.unit_number(self.cell(row, "rw_home"))[0] or rw
        if rt:
            owner["rt"] = rt
        if rw:
            owner["rw"] = rw
        home = normalise.said(self.cell(row, "kelurahan_home"))
        if home:
            found = self.places.resolve(home, normalise.said(self.cell(row, "kecamatan_home")))
            if found.code:
                owner["domicile"] = found.code
        if not owner.get("name") and (nik or kk):
            # A list of persons: the one name it has is the person's too.
            if self.header.name_from in ("name_bare", "name_people", "name_mixed"):
                owner["name"] = facts.name
            else:
                self.warn(
                    facts,
                    "nik" if nik else "kk",
                    _("NIK atau KK ini tanpa nama pemilik, jadi belum dapat dicatat sebagai orang."),
                )
                facts.sealed.pop("nik", None), facts.sealed.pop("kk", None)
        if owner.get("name"):
            facts.owner = owner

    def _papers(self, row, facts):
        for role, kind in LICENCES.items():
            for column in self._all.get(role, ()):
                if column.index >= len(row):
                    continue
                paper = normalise.licence(row[column.index], kind)
                self._paper(facts, column, kind, paper)
                break
        for column in self._all.get("consent", ()):
            if column.index < len(row):
                facts.consents += [
                    g for g in normalise.consents(column.label, row[column.index]) if g not in facts.consents
                ]

    def _paper(self, facts, column, kind, paper):
        if paper.problem in ("odd", "damaged", "sealed", "long", "words"):
            self.warn(facts, column, _PAPER_MESSAGES[paper.problem]() % {"kind": _PAPER_NAMES[kind]})
        if not paper.status:
            return
        number, note = paper.number, paper.note
        digits = "".join(c for c in number if c.isdigit())
        kept = {"nib": len(digits) == 13, "pirt": len(digits) == 15, "halal": number.upper().startswith("ID")}
        if number and not kept.get(kind, True):
            if not paper.problem:
                self.warn(facts, column, _PAPER_MESSAGES["odd"]() % {"kind": _PAPER_NAMES[kind]})
            if not has_long_digits(number):
                note = f"{_('tertulis')}: {number}"
            number = ""
        facts.licences.append({"kind": kind, "status": paper.status, "number": number, "note": note})

    # ---- last look -------------------------------------------------------------------------

    def _check(self, facts):
        """Every value through the same cleaner as a form's; what does not pass stays in the originals only."""
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
                    facts, licence["kind"], _PAPER_MESSAGES["odd"]() % {"kind": _PAPER_NAMES[licence["kind"]]}
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
            if has_long_digits(text_of(cell)) and not isinstance(cell, float):
                if not any(letter == column.letter for letter, _label, _message in facts.warnings):
                    self.warn(
                        facts,
                        column,
                        _("Sel ini memuat angka sepanjang NIK, jadi isinya disegel dan tidak disalin."),
                    )

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


_ROLE_OF_FIELD = {
    "kelurahan": "kelurahan", "workers_told": "workers", "turnover_told": "turnover", "capital_told": "capital",
    "sector_told": "sector", "opening_hours": "hours", "phone_other": "phone", "founded_on": "founded",
    "founded_year": "founded", "turnover_idr": "turnover", "capital_idr": "capital", "activity": "detail",
}  # fmt: skip
_ROLE_OF_OWNER = {
    "name": "name_owner", "address": "address_home", "education": "education", "disability": "disability", "sex": "sex",
    "born_on": "born_on",
}  # fmt: skip

_PLACE_MESSAGES = {
    "typo": lambda: _("Ejaan kelurahan dibaca sebagai %(name)s. Periksa."),
    "from-address": lambda: _("Kelurahan %(name)s diambil dari alamat. Periksa."),
    "kecamatan-differs": lambda: _("Kelurahan %(name)s tidak terletak di kecamatan yang tertulis. Periksa."),
    "unknown": lambda: _("Kelurahan ini tidak dikenal di kota ini; usaha belum ditempatkan."),
    "ambiguous": lambda: _(
        "Nama kelurahan ini dipakai di lebih dari satu kecamatan; usaha belum ditempatkan."
    ),
    "other-city": lambda: _("Wilayah ini di luar kota ini; usaha belum ditempatkan."),
    "none": lambda: _("Baris ini tanpa kelurahan; usaha belum ditempatkan."),
    "default-unknown": lambda: _(
        "Kelurahan yang dipilih tidak ada di data wilayah; usaha belum ditempatkan."
    ),
}
_PHONE_MESSAGES = {
    "odd": lambda: _("Nomor telepon ini tidak lengkap atau tidak dikenali. Periksa."),
    "words": lambda: _("Isi kolom telepon ini bukan nomor."),
    "too-many": lambda: _(
        "Terlalu banyak nomor dalam satu sel; hanya yang pertama dipakai, isi aslinya tetap disimpan."
    ),
    "sealed": lambda: _("Sel telepon ini memuat angka sepanjang NIK, jadi isinya disegel dan tidak disalin."),
}
_IDENTITY_MESSAGES = {
    "damaged": lambda: _(
        "Nomor ini tersimpan sebagai angka di Excel sehingga digit akhirnya rusak. Minta nomor aslinya; nomor ini tidak dipakai."
    ),
    "wrong": lambda: _("Nomor ini bukan 16 angka yang benar, jadi tidak dipakai. Periksa KTP atau KK-nya."),
}
_PAPER_MESSAGES = {
    "odd": lambda: _("Nomor %(kind)s ini tidak sesuai bentuknya. Periksa dokumennya."),
    "damaged": lambda: _(
        "Nomor %(kind)s ini tersimpan sebagai angka di Excel sehingga digit akhirnya rusak."
    ),
    "sealed": lambda: _(
        "Sel %(kind)s ini memuat angka sepanjang NIK, jadi isinya disegel dan tidak disalin."
    ),
    "long": lambda: _("Nomor %(kind)s ini terlalu panjang; isi aslinya tetap disimpan."),
    "words": lambda: _("Jawaban %(kind)s ini tidak dikenali; isi aslinya tetap disimpan."),
}
