"""How the entry page is laid out: sections of fields, each with its completeness and the reviewer's notes."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from registry.businesses.choices import LicenceKind
from registry.submissions.difference import label_of, note_key
from registry.submissions.forms import MONEY_PREFIX, ROWS
from registry.submissions.offers import title_of_kbli

HALF = "col-6"
SECTIONS = (
    (
        "usaha",
        lazy("Usaha"),
        "name activity kelurahan operating_state season_months legal_form founded_year description",
    ),
    ("tempat", lazy("Tempat usaha"), "rt rw address place_kind stall latitude longitude"),
    ("pemilik", lazy("Pemilik"), "owner"),
    (
        "kontak",
        lazy("Kontak dan jam buka"),
        "phone phone_of opening_hours instagram marketplace website email",
    ),
    ("produk", lazy("Produk"), "product"),
    ("bidang", lazy("Bidang usaha"), "kbli subsector"),
    ("legalitas", lazy("Legalitas"), "licence"),
    (
        "skala",
        lazy("Tenaga kerja, modal, omzet"),
        "workers capital_idr investment_idr turnover_answer turnover_idr turnover_upper_idr turnover_period "
        "turnover_days_per_week turnover_is_estimate scale scale_basis",
    ),
    ("foto", lazy("Foto"), "photo camera photos photo_kind"),
    ("persetujuan", lazy("Persetujuan pemilik"), "consents consent_channel consents_end public_opt_out"),
    ("catatan", lazy("Catatan"), "note"),
)
# On a phone one step at a time, the required facts first; everywhere else the sections stand together.
STEPS = (
    (lazy("Usaha"), "usaha"),
    (lazy("Tempat"), "tempat"),
    (lazy("Pemilik"), "pemilik"),
    (lazy("Kontak dan produk"), "kontak produk"),
    (lazy("Bidang dan legalitas"), "bidang legalitas"),
    (lazy("Tenaga kerja, modal, omzet"), "skala"),
    (lazy("Foto dan persetujuan"), "foto persetujuan catatan"),
)
NARROW = {
    "latitude", "longitude", "turnover_period", "founded_year", "turnover_days_per_week", "price_idr", "unit",
    "issued_on", "expires_on", "scale", "scale_basis", "workers",
}  # fmt: skip
CSS = {"rt": "col-4", "rw": "col-4"} | dict.fromkeys(NARROW, HALF)
MORE = {  # folded away inside their section: what few businesses need
    "usaha": (
        lazy("Tahun berdiri, bentuk usaha, cerita"),
        "founded_year legal_form season_months description",
    ),
    "tempat": (lazy("Nomor kios, titik lokasi"), "stall latitude longitude"),
    "kontak": (lazy("Toko daring, situs web, surel"), "marketplace website email"),
    "skala": (lazy("Skala menurut dokumen, investasi"), "scale scale_basis investment_idr"),
}
MARK_OPTIONAL = {"usaha", "tempat"}  # below these everything is optional, and the heading says so
LAYOUTS = {"sex": "segmented", "season_months": "chips"}
MONEY = {"capital_idr", "investment_idr", "turnover_idr", "turnover_upper_idr", "price_idr"}
ALWAYS_OPEN = {"usaha", "tempat", "pemilik"}
COUNTED = {  # towards completeness; what only some businesses have is left out
    "name", "activity", "founded_year", "kelurahan", "rt", "rw", "address", "place_kind", "phone",
    "opening_hours", "kbli", "subsector", "workers", "capital_idr", "turnover_answer",
}  # fmt: skip
ROW_WORDS = {
    "owner": (lazy("Pemilik baru"), lazy("Tambah pemilik lain")),
    "licence": (lazy("Legalitas lain"), lazy("Legalitas lain (BPOM MD, merek, SNI)")),
    "product": (lazy("Produk"), lazy("Tambah produk")),
    "photo": (lazy("Foto"), ""),
}
FIXED = {"nib": "NIB", "pirt": "P-IRT", "halal": lazy("Sertifikat halal")}


@dataclass
class Part:
    """One field on the page. `note` is the reviewer's."""

    bound: Any
    css: str = "col-12"
    layout: str = ""
    prefix: str = ""
    note: str = ""
    under: str = ""  # the words of a code that stands in the field
    pick: Any = None  # the codes to choose from, where what was typed fits several

    @property
    def offers(self):
        return self.pick is not None


@dataclass
class Group:
    """Fields that belong together: the section's own, or one belonging with its legend."""

    parts: list = field(default_factory=list)
    more: list = field(default_factory=list)
    more_label: str = ""
    hidden: list = field(default_factory=list)
    legend: str = ""
    text: str = ""
    end: Any = None
    note: str = ""
    picture: str = ""
    folded: str = ""  # the summary under which the whole group is folded away
    more_open: bool = False


@dataclass
class Section:
    key: str
    title: str
    groups: list
    done: int = 0
    total: int = 0
    open: bool = False
    optional: bool = False
    step: int = 1
    missing: list = field(default_factory=list)

    @property
    def anchor(self):
        return f"bagian-{self.key}"


def sections(entry):
    """The sections of an entry page, in the order of SECTIONS, without those that hold nothing."""
    notes = dict(entry.submission.notes) if entry.submission and entry.submission.status == "returned" else {}
    found = []
    for key, title, names in SECTIONS:
        section = Section(key=key, title=str(title), groups=[], optional=key not in MARK_OPTIONAL)
        section.step = next(n for n, (_title, keys) in enumerate(STEPS, 1) if key in keys.split())
        if entry.kind == "move":  # there the new kelurahan is what it is about
            names = {"usaha": "", "tempat": "kelurahan " + names}.get(key, names)
        own = Group()
        own.more_label, folded = MORE.get(key, ("", ""))
        for name in names.split():
            if name in entry.rows:
                section.groups += [_row_group(entry, row, notes) for row in entry.rows[name]]
                _count_rows(section, name, entry.rows[name])
            elif name in entry.main.fields:
                part = _part(entry.main, name, notes.pop(name, ""))
                if name == "kbli":
                    part.under = title_of_kbli(entry.main["kbli"].value())
                    part.pick = entry.main["kbli_pick"] if entry.kbli_offers else None
                part.bound.field.required |= section.optional or name in CSS
                (own.more if name in folded.split() else own.parts).append(part)
                _count(section, part)
        if own.parts or own.more:
            own.more_open = any(p.bound.errors or p.note for p in own.more)
            section.groups.append(own)
        if not section.groups:
            continue
        section.open = _is_open(section, entry)
        found.append(section)
    if found and len(found) <= 2:
        for section in found:
            section.open = True
    return found


def loose_notes(entry, found):
    """[(label, text)] of the reviewer's notes that no field on the page shows."""
    if not entry.submission or entry.submission.status != "returned":
        return []
    placed = {p.note for s in found for g in s.groups for p in [*g.parts, *g.more]}
    placed |= {g.note for s in found for g in s.groups}
    return [
        (label_of(key, entry.submission.items), text)
        for key, text in entry.submission.notes.items()
        if text not in placed
    ]


def steps(found):
    """[{"number", "title", "keys"}] of the sections of a page, for the phone."""
    here = {section.key for section in found}
    return [
        {"number": number, "title": str(title), "keys": keys.split()}
        for number, (title, keys) in enumerate(STEPS, 1)
        if here & set(keys.split())
    ]


def _part(form, name, note=""):
    prefix = MONEY_PREFIX if name in MONEY else ""
    css = CSS.get(name, "col-12")
    if form.errors.get(name) and css != HALF:
        css = "col-12"  # room for the message
    return Part(form[name], css, LAYOUTS.get(name, ""), prefix, note)


def _row_group(entry, row, notes):
    index = entry.rows[row.kind].index(row)
    group = Group(
        hidden=[(row.add_prefix("uuid"), row.uuid)], note=notes.pop(note_key(row.kind, row.uuid), "")
    )
    if row.fixed:
        group.hidden.append((row.add_prefix("fixed"), row.fixed))
    names, more = list(row.told_names), list(ROWS[row.kind][1])
    names = [n for n in names if n not in more]
    if row.kind == "owner":
        names.insert(names.index("nik_answer") + 1, "nik")
    known = row.kind == "owner" and bool(row.stored)
    if known:  # somebody already on record: a line says who, the fields are folded
        more, names = [*names, *more], []
        group.legend = row.stored.get("name") or _("Pemilik")
        group.text = f"NIK •••• {row.last4}" if row.last4 else _("NIK belum tersimpan")
        group.more_label = _("Ubah data orang ini")
    elif row.kind == "licence":
        group.legend = str(FIXED.get(row.fixed) or ROW_WORDS["licence"][0])
        if row.fixed and row.fixed not in FIXED:
            group.legend = str(dict(LicenceKind.choices).get(row.fixed, row.fixed))
    elif row.kind == "photo":
        group.legend = _("Foto %d") % (index + 1)
        group.picture = _picture(entry, row)
    elif row.kind == "product":
        group.legend = _("Produk %d") % (index + 1)
        group.more_label = _("Keterangan, bahan, teknik")
    elif entry.kind == "change" or len(entry.rows["owner"]) > 1:
        group.legend = str(ROW_WORDS["owner"][0])
    if row.kind == "owner" and not known:
        group.more_label = _("Alamat tinggal")

    def part(name):
        # what a reviewer wrote to "owner.nik" stands at the first row that has such a field
        row.fields[name].required = True  # "optional" stands at the section
        return _part(row, name, notes.pop(f"{row.kind}.{name}", ""))

    if row.uuid in entry.given_items:
        group.text = _("Pemilik yang sama dengan usulan sebelumnya. NIK tidak perlu diketik lagi.")
    group.parts, group.more = [part(n) for n in names], [part(n) for n in more]
    if "end" in row.fields:
        group.end = row["end"]
    group.more_open = any(p.bound.errors or p.note for p in group.more)
    blank = not row.stored and not row.item and not row.errors and not row.has_input()
    another = {"licence": not row.fixed, "owner": entry.kind == "change", "product": index > 0}
    if blank and another.get(row.kind):
        group.folded = str(ROW_WORDS[row.kind][1])
    return group


def _picture(entry, row):
    attachment = row.item["values"].get("attachment") if row.item else ""
    if attachment and entry.submission:
        return reverse("submission-photo", args=[entry.submission.uuid, attachment])
    if row.stored and entry.business:
        return reverse("business-photo", args=[entry.business.uuid, row.uuid])
    return ""


def _filled(bound):
    return bound.value() not in (None, "", [], False)


def _count(section, part):
    if part.bound.name not in COUNTED:
        return
    section.total += 1
    if _filled(part.bound):
        section.done += 1
    else:
        section.missing.append(str(part.bound.label))


def _count_rows(section, kind, rows):
    if kind == "licence":
        rows = [r for r in rows if r.fixed in FIXED]
        section.total += len(rows)
        section.done += sum(bool(_filled(r["status"]) or _filled(r["number"])) for r in rows)
    elif kind == "owner":
        names = ("name", "nik_answer", "phone", "sex")
        section.total += len(names)
        best = max(
            (sum(bool(_filled(r[n]) or (n == "nik_answer" and r.last4)) for n in names) for r in rows),
            default=0,
        )
        section.done += best
    else:
        section.total += 1
        section.done += any(r.stored or r.item or r.has_input() for r in rows)


def _is_open(section, entry):
    if section.key in ALWAYS_OPEN and entry.kind != "change":
        return True
    if entry.kind == "change" and section.key == "usaha":
        return True
    for group in section.groups:
        if group.note or any(p.bound.errors or p.note for p in [*group.parts, *group.more]):
            return True
    return False
