"""Every route × method × role × relation: what is answered is what the table says (tests/access/table.py)."""

from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test.utils import override_settings
from django.urls import reverse

from accounts.models import AuditEntry
from registry.regions.roles import Role
from tests.access import routes as known
from tests.access.rows import ROWS
from tests.access.table import TABLE
from tests.access.who import HAVE_GRACE, NEED_A_SECOND_FACTOR
from tests.access.world import HERE, RELATIONS, THERE

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ROUTES = list(known.all_routes())
OURS = [route for route in ROUTES if route.name in TABLE]
THEIRS = [route for route in ROUTES if route.group]
REFUSED = {"sign-in", 401, 403, 404, 405}
IN, WRONG_METHOD = "in", 405

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("no_throttle")]
counted = {"cells": 0}


# ---- the table names every route, and no other ---------------------------------------------------


def test_every_route_stands_in_the_table():
    lines = [route.suggestion() for route in known.missing(ROUTES)]
    assert not lines, "Say in tests/access/table.py who may, for example:\n" + "\n".join(lines)


def test_every_line_of_the_table_has_its_route():
    assert known.gone(ROUTES) == [], "These lines of tests/access/table.py have no route any more."


def test_no_two_routes_share_a_name():
    assert known.named_twice(ROUTES) == []


def test_a_route_that_the_table_lacks_is_seen():
    """Negative control."""
    table = {name: entry for name, entry in TABLE.items() if name != "business-verify"}
    lines = [route.suggestion() for route in known.missing(ROUTES, table)]
    assert [line for line in lines if '"business-verify": page(' in line]
    assert known.gone(ROUTES, TABLE | {"business-burn": None}) == ["business-burn"]


def test_every_row_and_method_of_the_table_is_known():
    for route in OURS:
        entry = TABLE[route.name]
        assert entry.api == route.is_api, route.name
        assert not entry.row or entry.row in ROWS, f"{route.name}: no row {entry.row!r} in ROWS and world.py"
        assert bool(entry.row) == bool(route.parts), f"{route.name}: /{route.path} names a row, or none"
        assert set(entry.methods) <= set(METHODS), route.name
        if route.is_api and route.name != "api-nothing-here":
            assert set(entry.methods) == set(route.methods), f"{route.name} knows {route.methods}"


# ---- what is expected ----------------------------------------------------------------------------


def enters(who, role, relation):
    """Whether `who` of the table names somebody of this role in this relation to their post."""
    if who.everybody:
        return True
    if role == "anonymous":
        return False
    if who.signed_in:
        return True
    if role not in who.roles:
        return False
    if who.once:
        return True
    if relation in ("expired", "ended"):
        return False
    return relation != "in grace" or role in who.in_grace


def reaches(entry, who, role, relation):
    """Whether the row lies in reach and is one that this role sees."""
    row = ROWS.get(entry.row)
    if row is None:
        return True
    if who.everybody:
        who = entry.within
        if who is None or not enters(who, role, relation):
            return True
    if role not in row.seen_by or (role in row.own_only and relation not in ("own", "other")):
        return False
    return not (row.placed and relation == "other" and Role(role).levels != {"city"})


def expected(entry, method, role, relation):
    """The answers that are right: a set of statuses, "sign-in" or IN."""
    refusal = (401 if entry.api else "sign-in") if role == "anonymous" else 403
    who = entry.methods.get(method)
    if who is None:
        entering = [enters(w, role, relation) for w in entry.methods.values()]
        if all(entering):
            return {WRONG_METHOD, *filter(None, [entry.always])}
        return {WRONG_METHOD, refusal}
    if not enters(who, role, relation):
        return {refusal}
    if not reaches(entry, who, role, relation):
        return {404}
    return {entry.always or IN}


# ---- what is answered ----------------------------------------------------------------------------


def people(entry):
    """(role, relation) of everybody who asks: "other" where the address is about a place, "ended" of those
    who would have days of grace."""
    placed = entry is not None and ROWS.get(entry.row) and ROWS[entry.row].placed
    for role in Role:
        for relation in RELATIONS:
            if (relation != "other" or placed) and (relation != "ended" or role in HAVE_GRACE):
                yield role, relation
    yield "anonymous", ""
    yield "nobody", ""


def ask(world, method, path, who, *, api, send, upload=False, known=True):
    """The answer to one request, undone: a status, "sign-in" or IN; and how many acts it left behind."""
    client = world.clients[who]
    client.cookies = SimpleCookie(world.cookies[who])
    given = {}
    if method == "POST" and (upload or not api):
        given = {"data": world.body(send)}
    elif method != "GET" and api:
        given = {"data": {} if upload else world.body(send), "content_type": "application/json"}
    if api:
        given["headers"] = {"If-Match": "*"}  # what was read is not the question here, but who may
    with transaction.atomic():
        response = getattr(client, method.lower())(
            path, **given, **{"tests.user": world.users.get(who) if known else None}
        )
        left = AuditEntry.objects.count() - world.acts
        transaction.set_rollback(True)
    if response.streaming:
        b"".join(response.streaming_content)  # closes the file behind it
    counted["cells"] += 1
    status = response.status_code
    to = urlsplit(response.get("Location", "")).path if status in (301, 302) else ""
    if to in (reverse("account_login"), reverse("admin:login")):
        return "sign-in", left
    if to == reverse("mfa_activate_totp") and not known:
        return "second factor", left
    return (status if status in REFUSED or status >= 500 else IN), left


def address(route, entry, world, role, relation):
    place = THERE if relation == "other" else HERE
    return route.address(world.parts(entry.row, place, role) if route.parts else {})


def depends_on_relation(entry, who, role):
    """Whether it can matter where and when somebody of `role` held their post."""
    if who is None:
        return False
    return entry.within is not None if who.everybody else who.signed_in or role in who.roles


def wrong_cells(route, entry, world):
    """Every cell of a route that is not as the table says. A method that the route does not know, one that
    is everybody's and one that a role may never use is asked for by each role once, holding its post."""
    for role, relation in people(entry):
        for method in METHODS:
            who = entry.methods.get(method)
            if relation not in ("own", "") and not depends_on_relation(entry, who, role):
                continue
            if relation == "successor" and not entry.row:
                continue  # succeeds to nothing: as "own"
            told = entry.at(method)
            path = address(route, told, world, role, relation)
            got, left = ask(
                world, method, path, (role, relation),
                api=entry.api, send=entry.send, upload=entry.upload,
            )  # fmt: skip
            right = expected(told, method, role, relation)
            cell = f"{method} {route.name} as {role} ({relation or '-'})"
            if got not in right:
                yield f"{cell}: {got}, expected {sorted(map(str, right))}"
            elif got != IN and left:
                yield f"{cell}: refused with {got}, yet it left {left} acts"


@pytest.mark.parametrize("route", OURS, ids=lambda route: route.name)
def test_the_route_answers_as_the_table_says(route, world, bare):
    wrong = list(wrong_cells(route, TABLE[route.name], world))
    assert not wrong, f"{len(wrong)} cells differ:\n" + "\n".join(wrong[:60])


# ---- the second factor ---------------------------------------------------------------------------


def test_what_decides_reveals_or_gives_access_asks_for_a_second_factor(world, bare):
    """Whoever may do these things is still kept out until they have shown it (world's people have none)."""
    through, asked = [], 0
    with override_settings(REQUIRE_SECOND_FACTOR=True):
        for route in OURS:
            entry = TABLE[route.name]
            for method, who in entry.methods.items():
                if who not in NEED_A_SECOND_FACTOR:
                    continue
                for role in sorted(who.roles):
                    path = address(route, entry, world, role, "own")
                    got, left = ask(
                        world, method, path, (role, "own"),
                        api=entry.api, send=entry.send, upload=entry.upload, known=False,
                    )  # fmt: skip
                    asked += 1
                    if got not in (403, "second factor") or left:
                        through.append(f"{method} {route.name} as {role}: {got}")
    assert asked > 40
    assert through == []


# ---- third parties' routes -----------------------------------------------------------------------


def their_answer(group, name, role, relation):
    """The right answers of a third party's route, whatever the method."""
    if name in group.open_to_all:
        return None
    if role == "anonymous":
        return {"sign-in"}
    if not enters(group.who, role, relation):
        return {403, "sign-in"}
    if any(part in name for part in group.closed_to_all):
        return {403, 405}
    return None


THEIR_PARTS = {
    "object_id": "1",
    "app_label": "registry",
    "content_type_id": "1",
    "id": "1",
    "pk": "1",
    "url": "x",
}


def those_who_matter(group):
    """Everybody whom the group's rule names, in every relation; of the others one each."""
    for role, relation in people(None):
        if relation in ("own", "") or role in group.who.roles:
            yield role, relation


@pytest.mark.parametrize("route", THEIRS, ids=lambda route: route.name)
def test_a_third_partys_route_keeps_its_groups_rule(route, world, bare):
    wrong = []
    path = route.address(THEIR_PARTS)
    for role, relation in those_who_matter(route.group):
        for method in METHODS:
            got, _left = ask(world, method, path, (role, relation), api=False, send={})
            right = their_answer(route.group, route.name, role, relation)
            if got in range(500, 600) or (right is not None and got not in right):
                wrong.append(f"{method} {route.name} as {role} ({relation or '-'}): {got}, expected {right}")
    assert not wrong, "\n".join(wrong[:40])


def test_the_number_of_cells(world, capsys):
    """Printed, so that nobody takes an empty matrix for a passed one (under xdist each worker has a part)."""
    with capsys.disabled():
        print(f"\naccess matrix: {counted['cells']} cells answered in this process")
