"""What a submission changed, as sentences of the history: label, before, after. Pure: names are handed in."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from registry.businesses import cleaning, fields
from registry.submissions.difference import SEPARATOR, TOGETHER, item_text, note_key, words

LONG = 160  # letters of one value; the submission's own page holds the whole


@dataclass(frozen=True)
class Change:
    """One line: `label`: `before` became `after`. An empty side was not told; `note` says the rest."""

    label: str
    before: str
    after: str
    note: str = ""


@dataclass(frozen=True)
class Known:
    """What a reader may know of a person: "" for a name out of sight, details only `in_sight`."""

    name: str
    in_sight: bool


def _cut(text):
    text = " ".join(str(text).split())
    return text if len(text) <= LONG else text[: LONG - 1].rstrip() + "…"


def _change(label, before, after, note=""):
    return Change(str(label), _cut(before), _cut(after), note)


def _notes(sent, now, is_kept):
    if is_kept:
        return _("tidak dipakai, dibiarkan seperti semula")
    return _("dikirim “%s”, diperbaiki verifikator") % _cut(sent or _("kosong")) if sent != now else ""


def of_values(values, names, *, hidden=(), mends=None, kept=()):
    """[Change] of {field: [base, proposed]} in the order of the table; `mends` {key: [sent, mended]}.

    Of `hidden` fields only the label is told. Facts told together (RT and RW) make one line.
    """
    found, done, mends = [], set(), mends or {}
    for name, spec in fields.BUSINESS.items():
        if name not in values or name in done:
            continue
        label, members, told = TOGETHER.get(name, (spec.label, (name,), None))
        done |= set(members)
        members = [n for n in members if n in values]
        if set(members) & set(hidden):
            found.append(Change(str(label), "", "", _("diubah, isinya tidak ditampilkan untuk Anda")))
            continue
        sides = []
        for side in (
            {n: values[n][0] for n in members},
            {n: mends[n][0] if n in mends else values[n][1] for n in members},
            {n: values[n][1] for n in members},
        ):
            if told is None:
                sides.append(words(spec, side[name], names))
            else:
                blank = {n: fields.BUSINESS[n].empty for n in TOGETHER[name][1]}
                sides.append(told(blank | side, names))
        before, sent, now = sides
        if before == now == sent:  # told together with a fact that did not change: said in other words
            now = sent = now or _("diubah")
        found.append(_change(label, before, now, _notes(sent, now, bool(set(members) & set(kept)))))
    return found


def of_item(item, names, stored_label="", *, hidden=(), mends=None, kept=()):
    """[Change] of one licence, product, photo or consent; `stored_label` names it when the item does not."""
    kind, values, mends = item["kind"], item["values"], mends or {}
    table, key = fields.ITEMS[kind], note_key(item["kind"], item["uuid"])
    veiled = {h.partition(".")[2] for h in hidden if h.startswith(kind + ".")}
    label = _label(kind, values, names) or stored_label
    label = f"{fields.ITEM_LABELS[kind]} {label}".strip() if kind != "licence" or not label else label
    if kind == "consent":
        return [Change(label, "", _("diberikan") if item["op"] == "add" else _("ditarik"))]
    if item["op"] == "add":
        text = item_text(kind, _without_label(kind, values), names, hidden=veiled)
        return [_change(label, "", text or _("ditambahkan"), _notes("", "", key in kept))]
    if item["op"] == "end":
        text = item_text(kind, _without_label(kind, item.get("base", {})), names, hidden=veiled)
        return [_change(label, text, _("diakhiri"), _notes("", "", key in kept))]
    found = []
    for name in table:
        if name not in values or name == "attachment":
            continue
        told = f"{label}, {str(table[name].label).lower()}"
        if name in veiled:
            found.append(Change(told, "", "", _("diubah, isinya tidak ditampilkan untuk Anda")))
            continue
        before, now = (words(table[name], side.get(name), names) for side in (item.get("base", {}), values))
        sent = words(table[name], mends.get(f"{key}.{name}", [values[name]])[0], names)
        found.append(_change(told, before, now, _notes(sent, now, {key, f"{key}.{name}"} & set(kept))))
    return found


def _label(kind, values, names):
    first = {"licence": "kind", "product": "name", "consent": "group"}.get(kind)
    return words(fields.ITEMS[kind][first], values.get(first), names) if first else ""


def _without_label(kind, values):
    return {n: v for n, v in values.items() if n != {"product": "name"}.get(kind)}


def of_owner(item, names, person=None, *, hidden=(), sees_people=True, joins=True):
    """[Change] of who owns the business. `person` is the `Known` behind the uuid, None for somebody new.

    NIK and KK are never told, and of a person out of sight no more than that there is one. `joins` says
    that the business was there before them.
    """
    label = fields.ITEM_LABELS["owner"]
    if not sees_people:
        return [Change(str(label), "", "", _("diubah, isinya tidak ditampilkan untuk Anda"))]
    values = item["values"]
    name = person.name if person else values.get("name", "")
    if (person and not name) or values.get("nik_known"):
        name = name or _("orang di luar wilayah Anda")
    if item["op"] == "end":
        return [_change(label, name, _("bukan pemilik lagi"))]
    if item["op"] == "add":
        role = words(fields.OWNER["role"], values.get("role"), names) if values.get("role") != "owner" else ""
        told = SEPARATOR.join(filter(None, [name or _("tanpa nama"), role]))
        return [_change(label, "", told, _("menjadi pemilik") if joins and not role else "")]
    if person is None or not person.in_sight:
        return [_change(label, "", name or _("orang di luar wilayah Anda"), _("datanya diperbaiki"))]
    return _details_of(item, names, name, hidden)


def _details_of(item, names, name, hidden):
    found, base = [], item.get("base", {})
    for field, spec in fields.OWNER.items():
        if field not in item["values"] or cleaning.is_empty(item["values"][field]):
            continue
        told = f"{fields.ITEM_LABELS['owner']} {name}, {str(spec.label).lower()}"
        if f"owner.{field}" in hidden:
            found.append(Change(told, "", "", _("diubah, isinya tidak ditampilkan untuk Anda")))
            continue
        found.append(
            _change(told, words(spec, base.get(field), names), words(spec, item["values"][field], names))
        )
    return found or [_change(fields.ITEM_LABELS["owner"], "", name)]
