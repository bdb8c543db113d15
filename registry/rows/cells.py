"""One row of cells becomes a proposal, with a message at every cell that cannot be used. Pure.

Cells are read by the same functions as an uploaded list's (imports/normalise.py, amounts.py, place.py) and
cleaned by the same table as every other way in. Where a list accepts what is odd with a warning (R5), here
somebody sits at the keys: the cell is asked for again, and nothing is left out unsaid.
"""

import re
import uuid
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.businesses import matching
from registry.imports import amounts, normalise
from registry.imports.vocabulary import period_of
from registry.imports.wording import IDENTITY_MESSAGES, PAPER_MESSAGES, PHONE_MESSAGES, PLACE_MESSAGES
from registry.people.identity import nik_problem
from registry.rows.columns import BY_KEY, MAX_CELL
from registry.submissions.offers import KBLI_TEXT
from registry.submissions.shape import clean_item, clean_proposal
from umkm_portal.lib.text import clean_line, fold, has_long_digits

HIDDEN = "••••"  # what stands for digits that were not shown again
PAPERS = {"nib": "NIB", "pirt": "P-IRT", "halal": "halal"}
_FORMULA = re.compile(r"^\s*[=@]\s*[A-Za-z\"'(+\-]|^\s*[+\-]\s*[A-Za-z]+[!|(]")
_EXCEL_ERROR = re.compile(r"^\s*#(REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!)\s*$", re.IGNORECASE)
_BROKEN = re.compile("[\ud800-\udfff]")  # half a character: no database and no page can hold it
_CITY = re.compile(r"\b(kota|kabupaten|kab)\b.*$", re.IGNORECASE)
_NO_NIK = re.compile(r"^(tidak|tdk|belum) (ada|punya)( nik| ktp)?$")
# Where the door's own message about a field of the proposal belongs in the grid.
CELL_OF = {
    "phone_other": "phone",
    "turnover_idr": "turnover", "turnover_upper_idr": "turnover", "turnover_told": "turnover",
    "turnover_answer": "turnover",
    "capital_idr": "capital", "capital_upper_idr": "capital", "capital_told": "capital",
    "workers_upper": "workers", "workers_told": "workers",
    "founded_on": "founded", "founded_year": "founded", "opening_hours": "hours",
    "owner.name": "owner", "owner.nik": "nik", "owner.nik_answer": "nik", "owner.sex": "sex",
    "owner.uuid": "owner", "licence.number": "nib",
}  # fmt: skip


def cell_of(name):
    """The column a message of the door belongs to."""
    name = CELL_OF.get(name, name)
    return name if name in BY_KEY else "name"


@dataclass
class Reading:
    """What one row proposes. `errors` and `notes` are {column key: message}; notes do not stop it."""

    values: dict = field(default_factory=dict)
    items: list = field(default_factory=list)
    sealed: dict = field(default_factory=dict)
    note: str = ""
    errors: dict = field(default_factory=dict)
    notes: dict = field(default_factory=dict)
    card: matching.Card | None = None
    nik: str = ""
    kbli_told: tuple | None = None  # (code, version or "") until the table has been asked

    def refuse(self, key, message):
        self.errors.setdefault(key, str(message))

    @property
    def owner(self):
        """The owner's item, or None."""
        return next((item for item in self.items if item["kind"] == "owner"), None)


class Reader:
    """Reads rows. `places` as in imports; `codes` the kelurahan the user may propose for (None: all)."""

    def __init__(self, places, codes=None):
        self.places = places
        self.codes = codes

    def read(self, cells, identity, *, nik_last4=""):
        """The Reading of one row. `nik_last4` are the last digits of a number that stands in its draft.

        Items get uuids that follow from the row's own, so that what is sent again is the same.
        """
        found = Reading()
        cells = self._usable(cells, found)
        told = lambda key: cells.get(key, "")  # noqa: E731
        self._what(told, found)
        self._place(told, found)
        numbers = self._phones(told("phone"), found)
        self._owner(told, found, identity, nik_last4)
        for kind in PAPERS:
            self._paper(told(kind), kind, found, identity)
        self._figures(told, found)
        self._rest(told, found)
        found.card = self._card(told, found, numbers)
        self._clean(found)
        return found

    def _usable(self, cells, found):
        """The cells that can be read at all; the others get their message here."""
        kept = {}
        for key, cell in cells.items():
            if key not in BY_KEY or not cell:
                continue
            if len(cell) > MAX_CELL:
                found.refuse(
                    key,
                    _("Isi sel ini terlalu panjang: %(now)s huruf. Paling panjang %(limit)s.")
                    % {"now": _number(len(cell)), "limit": _number(MAX_CELL)},
                )
            elif "\0" in cell or _BROKEN.search(cell):
                found.refuse(key, _("Isian ini memuat karakter yang tidak terbaca. Ketik ulang isinya."))
            elif HIDDEN in cell:
                found.refuse(key, _("Ganti atau hapus bagian yang ditutup dengan %s.") % HIDDEN)
            elif _FORMULA.match(cell):
                found.refuse(key, _("Sel ini berisi rumus. Salin hasilnya saja, atau ketik isinya."))
            elif _EXCEL_ERROR.match(cell):
                found.refuse(key, _("Sel ini berisi galat Excel, bukan isi. Ketik isinya."))
            else:
                kept[key] = clean_line(cell)
        return kept

    # ---- what and where ------------------------------------------------------------------------

    def _what(self, told, found):
        name, problem = normalise.business_name(told("name"))
        if problem == "sealed":
            found.refuse("name", _no_identity_number())
        elif problem == "long":
            name = told("name")  # the cleaner says how long it may be
        elif problem and told("name"):
            found.refuse("name", _("Ini bukan nama usaha. Tulis nama yang dikenal pembeli."))
        elif problem:
            found.refuse("name", _("Tulis nama usaha."))
        found.values["name"] = name
        form = normalise.legal_form_of_name(name)
        if form:
            found.values["legal_form"] = form
        found.values["activity"] = normalise.said(told("activity"))
        if not found.values["activity"]:
            found.refuse("activity", _("Tulis produk atau kegiatannya."))

    def _place(self, told, found):
        values = found.values
        values["address"] = normalise.said(told("address"))
        self._rt_rw(told, found)
        words = normalise.said(told("kelurahan"))
        if not words:
            found.refuse("kelurahan", _("Tulis kelurahannya."))
            return
        city = _CITY.search(words)  # "Dinoyo, Kab. Malang" is not our Dinoyo
        there = self.places.resolve(words, "", city[0].split(",")[0] if city else "")
        code = words if words in self.places.names else there.code
        if code is None:
            found.refuse(
                "kelurahan",
                {
                    "ambiguous": _("Nama ini dipakai lebih dari satu kelurahan. Tulis juga kecamatannya."),
                    "other-city": _("Kelurahan ini di luar kota ini."),
                }.get(there.problem, _("Kelurahan ini tidak dikenal di kota ini. Periksa ejaannya.")),
            )
            return
        if self.codes is not None and code not in self.codes:
            found.refuse("kelurahan", _("Kelurahan ini di luar wilayah Anda."))
            return
        if there.problem == "typo" and words != code:
            found.notes["kelurahan"] = PLACE_MESSAGES["typo"]() % {"name": self.places.names[code]}
        values["kelurahan"] = code

    def _rt_rw(self, told, found):
        read = {}
        for key in ("rt", "rw"):
            text = told(key)
            number, problem = normalise.unit_number(text)
            pair = normalise.neighbourhood(text) if number is None or problem else (None, None)
            if pair[0] and pair[1]:
                read.setdefault("rt", pair[0]), read.setdefault("rw", pair[1])
            elif problem or (number is None and re.search(r"\d", text)):
                found.refuse(
                    key,
                    _("Angka 1–999, atau kosongkan."),
                )
            elif number is not None:
                if key in read and read[key] != number:
                    found.refuse(key, _("RW ini berbeda dengan yang tertulis di kolom RT."))
                read[key] = number
        inside = normalise.neighbourhood(found.values["address"])
        for key, number in zip(("rt", "rw"), inside, strict=True):
            if key in read and number and read[key] != number:
                found.notes.setdefault(
                    key, _("RT/RW di kolom berbeda dengan yang di alamat; dipakai yang di kolom.")
                )
            found.values[key] = read.get(key) or number

    # ---- who -----------------------------------------------------------------------------------

    def _phones(self, text, found):
        phones = normalise.phones(text)
        if phones.problem == "sealed":
            found.refuse("phone", _no_identity_number())
        elif phones.problem == "too-many":
            found.refuse("phone", _("Terlalu banyak nomor dalam satu sel. Sisakan yang utama."))
        elif phones.problem:
            found.refuse("phone", PHONE_MESSAGES[phones.problem]())
        elif phones.first:
            found.values |= {"phone": phones.first, "phone_other": phones.others, "phone_of": "unknown"}
        return phones.numbers

    def _owner(self, told, found, identity, nik_last4):
        values = {}
        text = told("nik")
        number, problem = normalise.national_id(text)
        or_later = " " + _("Atau tulis menyusul.")
        if problem == "damaged":
            found.refuse("nik", IDENTITY_MESSAGES["damaged"]() + or_later)
        elif problem == "wrong" and _NO_NIK.match(fold(text)):
            values["nik_answer"] = "none"
        elif problem == "wrong":
            found.refuse("nik", nik_problem(text) + or_later)
        elif problem:
            values["nik_answer"] = problem
        elif _NO_NIK.match(fold(text)):
            values["nik_answer"] = "none"
        elif number:
            found.nik = number
        elif nik_last4:
            values |= {"nik_answer": "given", "nik_last4": nik_last4}
        name = normalise.said(told("owner"))
        sex = normalise.sex(told("sex"))
        if told("sex") and not sex and normalise.said(told("sex")):
            found.refuse("sex", _("Tulis L atau P."))
        if sex:
            values["sex"] = sex
        if not name:
            if found.nik or values.keys() & {"nik_last4", "sex"}:
                found.refuse("owner", _("Tulis nama pemiliknya; NIK dan L/P tercatat pada orangnya."))
            return
        owner = str(uuid.uuid5(identity, "owner"))
        found.items.append(
            {"op": "add", "kind": "owner", "uuid": owner, "values": {"name": name, "role": "owner"} | values}
        )
        if found.nik:
            found.sealed[owner] = {"nik": found.nik}

    def _paper(self, text, kind, found, identity):
        paper = normalise.licence(text, kind)
        if paper.problem == "sealed":
            found.refuse(kind, _no_identity_number())
        elif paper.problem:
            found.refuse(kind, PAPER_MESSAGES[paper.problem]() % {"kind": PAPERS[kind]})
        elif paper.status:
            values = {"kind": kind, "status": paper.status, "number": paper.number, "note": paper.note}
            item = {
                "op": "add",
                "kind": "licence",
                "uuid": str(uuid.uuid5(identity, kind)),
                "values": {name: value for name, value in values.items() if value},
            }
            for message in clean_item(item)[1].values():
                found.refuse(kind, message)
            found.items.append(item)

    # ---- figures -------------------------------------------------------------------------------

    def _figures(self, told, found):
        values = found.values
        for key in ("turnover", "capital"):
            read = amounts.money(told(key))
            if read.problem:
                found.refuse(key, _("Jumlah uang ini tidak terbaca. Tulis seperti 1.500.000 atau 1,5 juta."))
                continue
            if key == "capital" and read.answer in ("exact", "band"):
                values |= {"capital_idr": read.low, "capital_upper_idr": read.high}
                values["capital_told"] = told(key)
            elif key == "turnover" and read.answer:
                values |= {
                    "turnover_answer": read.answer,
                    "turnover_idr": read.low,
                    "turnover_upper_idr": read.high,
                    "turnover_period": read.period,
                    "turnover_is_estimate": read.is_estimate,
                    "turnover_told": told(key),
                }
        self._period(told("turnover_period"), found)
        workers = amounts.workers(told("workers"))
        if workers.problem:
            found.refuse("workers", _("Jumlah ini tidak terbaca. Tulis angka, misalnya 3 atau 1-5."))
        values |= {"workers": workers.low, "workers_upper": workers.high}
        if not told("workers").isdigit() and (workers.low, workers.high) != (None, None):
            values["workers_told"] = told("workers")
        when = amounts.when(told("founded"))
        if when.problem:
            found.refuse("founded", _("Tahun atau tanggal ini tidak masuk akal. Tulis seperti 2015."))
        values |= {"founded_on": when.day.isoformat() if when.day else None, "founded_year": when.year}

    def _period(self, text, found):
        if not normalise.said(text):
            return
        period = period_of(text)
        if not period:
            found.refuse("turnover_period", _("Tulis hari, minggu, bulan atau tahun."))
        elif found.values.get("turnover_period") not in ("", None, period):
            found.refuse("turnover_period", _("Berbeda dengan yang tertulis di kolom omzet."))
        elif found.values.get("turnover_answer") in ("exact", "band"):
            found.values["turnover_period"] = period

    def _rest(self, told, found):
        values = found.values
        for key, name in (("stall", "stall"), ("hours", "opening_hours"), ("website", "website")):
            values[name] = normalise.said(told(key))
        values["instagram"], problem = normalise.handle(told("instagram"))
        if problem:
            found.refuse("instagram", _("Tulis nama akun Instagram saja, misalnya keripik.sanan."))
        kind = normalise.place_kind(told("place_kind"))
        if normalise.said(told("place_kind")) and not kind:
            found.refuse("place_kind", _("Tulis rumah, kios, pasar, kaki lima, keliling atau daring."))
        values["place_kind"] = kind
        found.note = normalise.said(told("note"))
        if has_long_digits(found.note):
            found.refuse("note", _no_identity_number())
        elif len(found.note) > 2000:
            found.refuse("note", _("Paling panjang 2.000 huruf. Persingkat isinya."))
        text = normalise.said(told("kbli"))
        match = KBLI_TEXT.match(text.replace(".", "") if text[:1].isdigit() else text)
        if match:
            found.kbli_told = (match[2], match[1] or "")
        elif text:
            found.refuse("kbli", _("Tulis kode KBLI 5 angka, misalnya 10307 atau 2025:10307."))

    # ---- together ------------------------------------------------------------------------------

    @staticmethod
    def _card(told, found, numbers):
        values = found.values
        paper = next((i["values"] for i in found.items if i["values"].get("kind") == "nib"), {})
        owner = found.owner
        return matching.Card(
            name=matching.name_key(values["name"]),
            address=matching.address_key(values["address"], values.get("rt"), values.get("rw")),
            place=values.get("kelurahan") or "",
            owner=matching.name_key(owner["values"]["name"]) if owner else "",
            phones=frozenset(numbers),
            nib=paper.get("number", ""),
            stall=matching.name_key(values["stall"]),
        )

    @staticmethod
    def _clean(found):
        """Through the one cleaner: its messages come back to the cells, what it refused is taken out."""
        found.values = {n: v for n, v in found.values.items() if v not in ("", None)}
        try:
            clean_proposal(found.values, found.items, found.sealed)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                if name == "licence.number":
                    continue  # said at its own cell already
                found.refuse(cell_of(name), " ".join(messages))


def _no_identity_number():
    return _("Sel ini memuat angka sepanjang NIK. Tulis nomor itu hanya di kolom NIK pemilik.")


def _number(value):
    return f"{value:,}".replace(",", ".")
