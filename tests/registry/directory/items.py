"""Items of a proposal, short."""

import uuid


def add(what, **values):
    return {"op": "add", "kind": what, "uuid": str(uuid.uuid4()), "values": values}


def consent(*groups):
    return [add("consent", group=group, given_on="2026-01-05", channel="paper") for group in groups]


def owner(name="Wiji Lestari", **values):
    return add("owner", name=name, role="owner", **values)
