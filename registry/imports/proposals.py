"""A record's facts become what a submission holds: values, items, sealed numbers. No writing here."""

import json
from uuid import uuid4

from django.utils.translation import gettext as _

from registry.businesses import fields
from registry.businesses.choices import OperatingState
from registry.businesses.matching import fold_address, name_key
from umkm_portal.lib.text import fold

# Fields told together: the group is proposed when its figures are new, never for other wording alone.
_GROUPS = {
    "turnover": ("turnover_idr", "turnover_upper_idr", "turnover_answer"),
    "capital": ("capital_idr", "capital_upper_idr"),
    "workers": ("workers", "workers_upper"),
}
_NEVER_ALONE = ("phone_of", "scale_basis", "turnover_is_estimate", "turnover_period", "legal_form")


def registration(facts, *, consents=(), today=None):
    """(values, items, sealed) of a new business."""
    items = []
    sealed = {}
    if facts.owner:
        identity = facts.sealed.get("person") or str(uuid4())
        values = {**facts.owner, "role": "owner"}
        if facts.sealed.get("nik_known"):
            values |= {"nik_answer": "given", "nik_known": True}
        elif nik := facts.sealed.get("nik"):
            values |= {"nik_answer": "given", "nik_last4": nik[-4:]}
        numbers = {k: facts.sealed[k] for k in ("nik", "kk") if facts.sealed.get(k)}
        if numbers and not facts.sealed.get("nik_known"):
            sealed[identity] = numbers
        items.append({"op": "add", "kind": "owner", "uuid": identity, "values": values})
    for licence in facts.licences:
        items.append({"op": "add", "kind": "licence", "uuid": str(uuid4()), "values": _filled(licence)})
    for group in dict.fromkeys([*facts.consents, *consents]):
        items.append(_consent(group, today))
    return dict(facts.values), items, sealed


def _consent(group, today):
    values = {"group": group, "channel": "list"} | ({"given_on": today} if today else {})
    return {"op": "add", "kind": "consent", "uuid": str(uuid4()), "values": values}


def _filled(values):
    return {k: v for k, v in values.items() if v not in ("", None)}


def change(facts, business, held, *, consents=(), today=None):
    """(values, items, sealed) of what a list adds to a known business; all empty when nothing is new.

    `held` is {"owners": [Person], "licences": [Licence], "consents": {group}}. Blanks never overwrite.
    """
    today_values = fields.current_values(business, set(facts.values) | {"phone", "phone_other"})
    values = {}
    for name, value in facts.values.items():
        if name == "name" or name in _NEVER_ALONE or _group_of(name):
            continue
        if _is_new(name, value, today_values.get(name), today_values):
            values[name] = value
    for names in _GROUPS.values():
        told = {n: facts.values.get(n) for n in names}
        now = {n: getattr(business, n) for n in names}
        if any(v not in (None, "") for v in told.values()) and any(
            v not in (None, "") and v != now[n] for n, v in told.items()
        ):
            group = _group_of(names[0])
            values |= {n: v for n, v in facts.values.items() if _group_of(n) == group}
    if "phone" in values and "phone_of" in facts.values:
        values["phone_of"] = facts.values["phone_of"]
    if "scale" in values:
        values["scale_basis"] = facts.values.get("scale_basis", "statement")
    if not business.legal_form and facts.values.get("legal_form"):
        values["legal_form"] = facts.values["legal_form"]
    closed = OperatingState.CLOSED.value
    if closed in (values.get("operating_state"), business.operating_state):
        values.pop("operating_state", None)
    items, sealed = [], {}
    _owner_items(facts, held["owners"], items, sealed)
    _licence_items(facts, held["licences"], items)
    for group in dict.fromkeys([*facts.consents, *consents]):
        if group not in held["consents"]:
            items.append(_consent(group, today))
    return values, items, sealed


def _group_of(name):
    stem = name.split("_")[0]
    return stem if stem in _GROUPS else ""


def _is_new(name, value, now, today_values):
    if value in ("", None, []) or value == now:
        return False
    if name in (
        "latitude",
        "longitude",
        "kelurahan",
        "rt",
        "rw",
        "founded_on",
        "founded_year",
        "kbli",
        "scale",
    ):
        return True
    if name == "address":
        return fold_address(value) != fold_address(now)
    if name == "phone":
        return not now
    if name == "phone_other":
        known = {today_values.get("phone"), *str(now or "").split()}
        return any(number not in known for number in value.split())
    if isinstance(value, str):
        return name_key(value) != name_key(now or "")
    return True


def _owner_items(facts, owners, items, sealed):
    if not facts.owner:
        return
    same = next((p for p in owners if fold(p.name) == fold(facts.owner["name"])), None)
    numbers = {k: facts.sealed[k] for k in ("nik", "kk") if facts.sealed.get(k)}
    if same is None:
        if owners:
            return  # another owner's name would have made it another business, or a candidate
        _values, added, secret = registration(facts)
        items += [item for item in added if item["kind"] == "owner"]
        sealed |= secret
    elif numbers.get("nik") and not same.nik_lookup and not facts.sealed.get("nik_known"):
        values = {"nik_answer": "given", "nik_last4": numbers["nik"][-4:]}
        items.append({"op": "change", "kind": "owner", "uuid": str(same.uuid), "values": values})
        sealed[str(same.uuid)] = numbers


def _licence_items(facts, licences, items):
    for licence in facts.licences:
        now = next((row for row in licences if row.kind == licence["kind"]), None)
        if now is None:
            items.append({"op": "add", "kind": "licence", "uuid": str(uuid4()), "values": _filled(licence)})
            continue
        better = licence["status"] == "has" and now.status != "has"
        if better or (licence["number"] and not now.number):
            items.append(
                {"op": "change", "kind": "licence", "uuid": str(now.uuid), "values": _filled(licence)}
            )


def settle_kbli(records, table):
    """Give told KBLI codes their version. `table` is {code: {version: folded title}}; unknown codes warn."""
    for record in records:
        told = record.facts.values.pop("kbli_told", None)
        if not told:
            continue
        code, version = told
        versions = table.get(code, {})
        if version in versions:
            record.facts.values["kbli"] = f"{version}:{code}"
        elif len(versions) == 1 and not version:
            record.facts.values["kbli"] = f"{next(iter(versions))}:{code}"
        elif len(set(versions.values())) == 1 and not version:
            record.facts.values["kbli"] = f"{max(versions)}:{code}"
        else:
            message = (
                _("Kode KBLI ini berarti lain di KBLI 2020 dan 2025; tulis versinya. Kode tidak dipakai.")
                if versions and not version
                else _("Kode KBLI ini tidak dikenal. Kode tidak dipakai.")
            )
            record.facts.warnings.append((*record.facts.sealed.get("kbli_cell", ("", "KBLI")), message))


def settle_subsectors(records, names):
    """Where a list's own words for the field of work name a subsector, note it. `names` is {folded: slug}."""
    for record in records:
        told = record.facts.values.get("sector_told", "")
        found = [names[key] for part in told.split(";") if (key := fold(part)) in names]
        if found:
            record.facts.values["subsector"] = found[0]


def plain(facts):
    """The facts as JSON, for keeping them sealed between reading and sending."""
    return json.loads(
        json.dumps(
            {
                "name": facts.name,
                "values": facts.values,
                "owner": facts.owner,
                "licences": facts.licences,
                "consents": facts.consents,
                "sealed": {
                    k: v for k, v in facts.sealed.items() if k in ("nik", "kk", "person", "nik_known")
                },
            }
        )
    )
