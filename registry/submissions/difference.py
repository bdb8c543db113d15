"""What a submission changes, as rows a person can read. Pure: the names behind codes are handed in."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from registry.businesses import choices, cleaning, fields
from umkm_portal.lib import formats
from umkm_portal.lib.textdiff import marked

ENDED = lazy("diakhiri")
SEPARATOR = " · "
LONG = 600  # letters; a longer value scrolls in its own cell


@dataclass
class Names:
    """What codes mean today, and the belongings that items name: read once for a page (display.py)."""

    regions: dict = field(default_factory=dict)  # code -> "Purwantoro, Kec. Blimbing"
    kbli: dict = field(default_factory=dict)  # "2025:10307" -> title
    subsectors: dict = field(default_factory=dict)  # slug -> name
    stored: dict = field(default_factory=dict)  # uuid -> {"kind", "values", "nik_last4"}


@dataclass
class Choice:
    """Where the registry moved on since this was proposed: today's words and the proposed ones."""

    key: str
    label: str  # "" where the row's own label says it
    today: str
    proposed: str
    chosen: str = ""
    gone: bool = False  # the whole row ended meanwhile: it can only be left so

    @property
    def id(self):
        return "pilih-" + self.key.replace(".", "-")


@dataclass
class Row:
    """One line of the difference. `key` is what notes are filed under; before, after and mended are HTML."""

    key: str
    label: str
    before: Any
    after: Any
    plain: str = ""  # what is proposed, unmarked
    was: str = ""  # what stands before it, unmarked
    note: str = ""
    ended: bool = False
    mended: Any = ""  # what it became: the reviewer corrected it while approving
    choices: list = field(default_factory=list)
    mends: list = field(default_factory=list)  # inputs to correct it with (mend_inputs.py)
    members: tuple = ()  # the fields a row tells of, when it is more than one
    told: str = ""  # what the reviewer has written about it
    picked: list = field(default_factory=list)  # [{"text", "on"}]: sentences to choose from for a note

    @property
    def id(self):
        return "baris-" + self.key.replace(".", "-")

    @property
    def is_long(self):
        """Whether it is a story that would push everything else off the page."""
        return len(self.plain) > LONG


# ---- one value -----------------------------------------------------------------------------------


def words(spec, value, names):
    """The JSON value of one field as people read it; "" for one that was not told."""
    if cleaning.is_empty(value):
        return ""
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if spec.clean is cleaning.choice:
        return str(dict(spec.choices.choices).get(value, value))
    if spec.clean is cleaning.region:
        return names.regions.get(value, value)
    if spec.clean is cleaning.kbli:
        version, _colon, code = value.partition(":")
        title = names.kbli.get(value, "")
        return f"{code} {title} (KBLI {version})" if title else f"{code} (KBLI {version})"
    if spec.clean is cleaning.slug:
        return names.subsectors.get(value, value)
    if spec.clean is cleaning.slugs:
        return ", ".join(names.subsectors.get(v, v) for v in value)
    if spec.clean is cleaning.months:
        return ", ".join(str(MONTHS[m]) for m in value)
    if spec.clean is cleaning.idr:
        return formats.rupiah(value)
    if spec.clean is cleaning.phone:
        return formats.phone(value)
    if spec.clean is cleaning.day:
        return formats.day(value)
    if spec.clean is cleaning.whole:
        return formats.number(value)
    return str(value)


def note_key(kind, identity):
    """What notes on one belonging are filed under; never so many digits that it looks like a NIK."""
    return f"{kind}.{identity[:8]}"


def label_of(key, items=(), names=None):
    """What a key names: a field, "licence.number", the `note_key` of one of `items`, or a field of it."""
    if key in fields.BUSINESS:
        return str(fields.BUSINESS[key].label)
    kind, _dot, rest = key.partition(".")
    if kind not in fields.ITEMS:
        return key
    if rest in fields.ITEMS[kind]:
        return f"{fields.ITEM_LABELS[kind]}: {fields.ITEMS[kind][rest].label}"
    if (inner := rest.rpartition(".")[2]) in fields.ITEMS[kind]:
        return f"{label_of(key.rpartition('.')[0], items, names)}: {fields.ITEMS[kind][inner].label}"
    item = next((i for i in items if note_key(i["kind"], i["uuid"]) == key), None)
    return item_label(item, names or Names()) if item else str(fields.ITEM_LABELS[kind])


# ---- rows of fields ------------------------------------------------------------------------------


def _band(lower, upper):
    def told(values, names):
        low, high = (words(fields.BUSINESS[n], values[n], names) for n in (lower, upper))
        text = f"{low}–{high}" if low and high and low != high else low or high
        quoted = values.get(lower.removesuffix("_idr") + "_told")
        return " ".join(filter(None, [text, f"“{quoted}”" if quoted else ""]))

    return told


def _turnover(values, names):
    spec = fields.BUSINESS
    if values["turnover_answer"] in (choices.TurnoverAnswer.UNKNOWN, choices.TurnoverAnswer.REFUSED):
        return words(spec["turnover_answer"], values["turnover_answer"], names)
    amount = _band("turnover_idr", "turnover_upper_idr")(values, names)
    days = values["turnover_days_per_week"]
    parts = [
        " ".join(filter(None, [amount, words(spec["turnover_period"], values["turnover_period"], names)])),
        _("%d hari seminggu") % days if days else "",
        _("perkiraan") if values["turnover_is_estimate"] and amount else "",
    ]
    return ", ".join(filter(None, parts))


def _scale(values, names):
    text = words(fields.BUSINESS["scale"], values["scale"], names)
    basis = words(fields.BUSINESS["scale_basis"], values["scale_basis"], names)
    return _("%(scale)s, dasar %(basis)s") % {"scale": text, "basis": basis.lower()} if text else ""


# Facts that are told in one breath, and shown so: label, fields (the first ones name the row), words.
TOLD_TOGETHER = (
    ("RT/RW", ("rt", "rw"), lambda values, names: formats.rt_rw(values["rt"], values["rw"])),
    (lazy("Tenaga kerja"), ("workers", "workers_upper", "workers_told"), _band("workers", "workers_upper")),
    (
        lazy("Modal usaha"),
        ("capital_idr", "capital_upper_idr", "capital_told"),
        _band("capital_idr", "capital_upper_idr"),
    ),
    (
        lazy("Omzet"),
        (
            "turnover_idr",
            "turnover_answer",
            "turnover_upper_idr",
            "turnover_period",
            "turnover_days_per_week",
            "turnover_is_estimate",
            "turnover_told",
        ),
        _turnover,
    ),
    (lazy("Skala"), ("scale", "scale_basis"), _scale),
)
TOGETHER = {name: group for group in TOLD_TOGETHER for name in group[1]}


def value_rows(values, names, *, hidden=(), conflicts=None, current=None):
    """Rows for {field: [base, proposed]} in the order of the table, without the `hidden` ones.

    `current` holds today's values, for facts that are told together with one that changes.
    """
    rows, conflicts, done = [], conflicts or {}, set()
    for name, spec in fields.BUSINESS.items():
        if name not in values or name in hidden or name in done:
            continue
        group = TOGETHER.get(name)
        if group and not conflicts.keys() & set(group[1]):
            rows.append(_together(group, values, names, current or {}))
            done |= set(group[1])
            continue
        base, proposed = values[name]
        row = _row(name, spec.label, words(spec, base, names), words(spec, proposed, names))
        if name in conflicts:
            row.choices.append(_choice(name, "", spec, conflicts[name], names))
        rows.append(row)
    return rows


def _choice(key, label, spec, conflict, names):
    _base, today, proposed = conflict
    nothing = _("kosong")
    return Choice(
        key, str(label), words(spec, today, names) or nothing, words(spec, proposed, names) or nothing
    )


def _row(key, label, before, after, **facts):
    shown_before, shown_after = marked(before, after)
    return Row(
        key=key, label=str(label), before=shown_before, after=shown_after, plain=after, was=before, **facts
    )


def _together(group, values, names, current):
    label, members, told = group
    before, after = {}, {}
    for name in members:
        today = current.get(name, fields.BUSINESS[name].empty)
        before[name], after[name] = values.get(name, (today, today))
    there = tuple(n for n in members if n in values)
    return _row(there[0], label, told(before, names), told(after, names), members=there)


def told_rows(current, names, *, hidden=(), without=()):
    """(label, words) of the fields of a business that hold something and are not proposed to change."""
    found = []
    for name, spec in fields.BUSINESS.items():
        if name in without or name in hidden or name not in current:
            continue
        text = words(spec, current[name], names)
        if text and current[name] != spec.empty:
            found.append((str(spec.label), text))
    return found


# ---- rows of belongings --------------------------------------------------------------------------


def merged(item, names):
    """(values before, values after) of an item: its base, over what is stored under its uuid."""
    stored = names.stored.get(item["uuid"], {})
    before = stored.get("values", {}) | item.get("base", {})
    if item["op"] == "end":
        return before, {}
    given = {n: v for n, v in item["values"].items() if n not in ("nik_known", "nik_last4")}
    if item["kind"] == "owner":  # a blank never takes away what is known of a person
        given = {n: v for n, v in given.items() if not cleaning.is_empty(v)}
    return before, before | given


def item_label(item, names):
    """ "Legalitas: NIB", "Produk", "Pemilik"."""
    _before, after = merged(item, names)
    values = after or _before
    label = str(fields.ITEM_LABELS[item["kind"]])
    if item["kind"] == "licence" and values.get("kind"):
        return words(fields.LICENCE["kind"], values["kind"], names)
    if item["kind"] == "consent" and values.get("group"):
        return f"{label}: {words(fields.CONSENT['group'], values['group'], names)}"
    return label


def item_text(kind, values, names, *, last4="", hidden=()):
    """One belonging in a line: "Keripik tempe · Rp12.000 per bungkus"."""
    if not values:
        return ""
    table = fields.ITEMS[kind]

    def told(name):
        return "" if name in hidden else words(table[name], values.get(name), names)

    if kind == "licence":
        number = told("number")
        dates = [
            _("terbit %s") % told("issued_on") if values.get("issued_on") else "",
            _("berlaku sampai %s") % told("expires_on") if values.get("expires_on") else "",
            _("diperiksa %s") % told("checked_on") if values.get("checked_on") else "",
        ]
        state = values.get("status") or choices.LicenceStatus.HAS.value
        status = "" if number and state == "has" else words(table["status"], state, names)
        parts = [status, number, *dates, told("note")]
    elif kind == "product":
        price = told("price_idr")
        unit = told("unit").removeprefix("per ")
        if price and unit:
            price = _("%(price)s per %(unit)s") % {"price": price, "unit": unit}
        parts = [told("name"), price or unit, told("description"), told("material"), told("technique")]
    elif kind == "consent":
        parts = [_("setuju ditampilkan"), told("channel"), told("given_on")]
    elif kind == "photo":
        parts = [told("kind"), told("caption")]
    else:
        parts = _owner_parts(told, values, last4)
    return SEPARATOR.join(p for p in map(str, parts) if p)


def _owner_parts(told, values, last4):
    phone, whose = told("phone"), told("phone_of")
    if phone and whose and values.get("phone_of") != "owner":
        phone = f"{phone} ({whose.lower()})"
    answer = values.get("nik_answer")
    nik = f"NIK •••• {last4}" if last4 else (f"NIK {told('nik_answer').lower()}" if answer else "")
    role = told("role") if values.get("role") not in (None, "", "owner") else ""
    place = SEPARATOR.join(filter(None, [told("address"), formats.rt_rw(values.get("rt"), values.get("rw"))]))
    return [
        told("name"), role, nik, phone, told("sex"), told("born_on"), told("domicile"), place, told("email"),
        told("education"), told("disability"),
    ]  # fmt: skip


def item_rows(items, names, *, hidden=(), conflicts=None):
    """Rows for what is proposed about licences, products, photos, consents and owners.

    `hidden` holds "kind.field" names that this reader may not see; what moved on in those is told without
    its values.
    """
    rows, conflicts = [], conflicts or {}
    order = list(fields.ITEMS)
    for item in sorted(items, key=lambda i: order.index(i["kind"])):
        kind = item["kind"]
        veiled = {h.partition(".")[2] for h in hidden if h.startswith(kind + ".")}
        before, after = merged(item, names)
        stored_last4 = names.stored.get(item["uuid"], {}).get("nik_last4", "")
        last4 = item["values"].get("nik_last4") or stored_last4
        old = item_text(kind, before, names, last4=stored_last4, hidden=veiled)
        new = item_text(kind, after, names, last4=last4, hidden=veiled)
        ended = item["op"] == "end"
        if _joins(item, names) and (old == new or item["values"].get("nik_known")):
            old = ""  # somebody already known becomes an owner here, as they are
        key = note_key(kind, item["uuid"])
        row = _row(
            key,
            item_label(item, names),
            old,
            new,
            ended=ended,
            note=_item_note(item, names, rewrites=bool(old)),
        )
        if key in conflicts:
            row.choices.append(Choice(key, "", "", "", gone=True))
        for name, spec in fields.ITEMS[kind].items():
            if f"{key}.{name}" in conflicts:
                choice = _choice(f"{key}.{name}", spec.label, spec, conflicts[f"{key}.{name}"], names)
                if name in veiled:
                    choice.today, choice.proposed = _("tidak ditampilkan"), _("tidak ditampilkan")
                row.choices.append(choice)
        rows.append(row)
    return rows


def mended_rows(sent, now):
    """`sent` rows, each with what it became where a reviewer corrected it; `now` are the same after."""
    after = {row.key: row.plain for row in now}
    for row in sent:
        text = after.get(row.key, row.plain)
        if text != row.plain:
            row.mended = marked(row.plain, text)[1] or _("dikosongkan")
    return sent


def _joins(item, names):
    """Whether somebody who is recorded already becomes an owner here."""
    return item["kind"] == "owner" and item["op"] == "add" and item["uuid"] in names.stored


def _item_note(item, names, *, rewrites=False):
    if item["kind"] == "owner" and item["values"].get("nik_known"):
        return _("NIK ini sudah tercatat; usaha akan digabung ke orang itu.")
    if _joins(item, names):
        return (
            _("Orang ini sudah tercatat; bila disetujui, datanya berubah juga di usahanya yang lain.")
            if rewrites
            else _("Orang ini sudah tercatat.")
        )
    return ""
