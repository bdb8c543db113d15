"""What the registry says today about the belongings a proposal touches: their bases, and where they moved.

A field of the business carries its base in `values`; a change or an end of a licence, product, photo or
owner carries `base` {field: JSON} in the item itself. Items that came from a list carry none.
"""

from registry.businesses.belongings import Licence, Photo, Product, row_values
from registry.businesses.cleaning import is_empty
from registry.people.models import Person
from registry.submissions.difference import note_key

MODELS = {"licence": Licence, "product": Product, "photo": Photo}
NOT_COMPARED = ("attachment", "role", "nik_last4", "nik_known")


def _touches_a_row(item):
    if item["values"].get("nik_known"):
        return False  # somebody the proposer may not read: joined, never overwritten
    return (item["kind"] in MODELS and item["op"] != "add") or (
        item["kind"] == "owner" and item["op"] != "end"
    )


def belongings_today(items):
    """{(kind, uuid): {field: JSON}} of the rows and persons that `items` name, in 4 queries."""
    found = {}
    for kind, model in MODELS.items():
        wanted = {i["uuid"] for i in items if i["kind"] == kind and i["op"] != "add"}
        for row in model.objects.current().filter(uuid__in=wanted) if wanted else ():
            found[kind, str(row.uuid)] = row_values(kind, row)
    wanted = {i["uuid"] for i in items if i["kind"] == "owner" and _touches_a_row(i)}
    for person in Person.objects.filter(uuid__in=wanted).select_related("domicile") if wanted else ():
        found["owner", str(person.uuid)] = row_values("owner", person)
    return found


def with_bases(items, before=()):
    """`items` with `base` filled in: what is recorded today, or what was recorded when the same value was
    proposed already (`before` holds the items of the earlier filling)."""
    today = belongings_today(items)
    earlier = {i["uuid"]: i for i in before if "base" in i}
    for item in items:
        now = today.get((item["kind"], item["uuid"]))
        if now is None or not _touches_a_row(item):
            if item["uuid"] in earlier and item["op"] == "change":
                item["base"] = earlier[item["uuid"]]["base"]  # it ended meanwhile: for the reviewer to see
            continue
        old = earlier.get(item["uuid"], {"values": {}, "base": {}})
        names = now if item["op"] == "end" else _compared(item)
        item["base"] = {
            name: old["base"][name]
            if name in old["base"] and old["values"].get(name) == item["values"].get(name)
            else now[name]
            for name in names
        }
    return items


def _compared(item):
    """Fields of an item that overwrite something; a blank never takes away what is known of a person."""
    return [
        name
        for name, value in item["values"].items()
        if name not in NOT_COMPARED and not (item["kind"] == "owner" and is_empty(value))
    ]


def item_conflicts(items, today=None):
    """{key: (base, today, proposed)} where a belonging moved on since the change was proposed.

    `key` is "licence.1a2b3c4d.number"; "licence.1a2b3c4d" with today None where the row ended meanwhile.
    """
    changes = [i for i in items if "base" in i and i["op"] != "end" and _touches_a_row(i)]
    if not changes:
        return {}
    today = belongings_today(changes) if today is None else today
    found = {}
    for item in changes:
        key, now = note_key(item["kind"], item["uuid"]), today.get((item["kind"], item["uuid"]))
        if now is None:
            found[key] = (item["base"], None, item["values"])
            continue
        for name, base in item["base"].items():
            proposed = item["values"].get(name)
            if now[name] not in (base, proposed):
                found[f"{key}.{name}"] = (base, now[name], proposed)
    return found


def is_row(key):
    """Whether a key of `item_conflicts` names a whole row that ended, not one of its fields."""
    return key.count(".") == 1


def without_kept(items, keep):
    """`items` as they are to be applied: without the rows and fields the reviewer keeps as today."""
    if not keep:
        return items
    left = []
    for item in items:
        key = note_key(item["kind"], item["uuid"])
        if key in keep:
            continue
        kept = {n for n in item["values"] if f"{key}.{n}" in keep}
        left.append(item | {"values": {n: v for n, v in item["values"].items() if n not in kept}})
    return left


def item_at(items, key):
    """(item, field) that a key like "licence.1a2b3c4d.number" names, or (None, "")."""
    for item in items:
        stem = note_key(item["kind"], item["uuid"]) + "."
        if key.startswith(stem):
            return item, key.removeprefix(stem)
    return None, ""
