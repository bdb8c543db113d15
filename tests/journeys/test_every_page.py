"""Every page of the portal, as somebody who may open it: clean for axe, and no wider than the screen.

The pages come from the table of the access matrix, so that a new one is looked at by itself.
"""

import pytest
from django.test import Client
from django.urls import reverse

from registry.regions.roles import Role
from tests.access import routes as known
from tests.access.rows import ROWS
from tests.access.table import TABLE
from tests.access.world import BACKEND, HERE, World
from tests.browser import axe

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
FIRST = (Role.PETUGAS, Role.OPERATOR, Role.VERIFIKATOR, Role.ADMIN, Role.KASI, Role.AUDITOR)

# Pages of allauth and of Django's admin in our dress.
THIRD_PARTY = [
    ("", "account_login"),
    (Role.PETUGAS, "account_change_password"),
    (Role.PETUGAS, "mfa_index"),
    (Role.ADMIN, "admin:index"),
    (Role.ADMIN, "admin:registry_post_changelist"),  # with filters
    (Role.ADMIN, "admin:registry_post_add"),  # with boxes of choices
]


def reader_of(entry):
    """A role that may open the page with its thing; "" for a page that needs no account, None for nobody."""
    who = entry.methods.get("GET")
    if who is None:
        return None
    if who.everybody:
        return ""
    seen = ROWS[entry.row].seen_by if entry.row else frozenset(Role)
    named = set(Role) if who.signed_in else who.roles & seen
    return next((role for role in (*FIRST, *Role) if role in named), None)


def pages(world):
    """[(role, address)] of every address that answers 200 with a page, without fragments for htmx."""
    found = []
    for route in known.all_routes():
        entry = TABLE.get(route.name)
        if entry is None or route.is_api or route.path.startswith("lapor/kerangka/"):
            continue  # a shell is its page without anybody; for a visitor it asks again who is there
        role = reader_of(entry)
        if role is None:
            continue
        address = route.address(world.parts(entry.row, HERE, role or None) if route.parts else {})
        client = Client(raise_request_exception=False)
        if role:
            client.force_login(world.users[role, "own"], backend=BACKEND)
        answer = client.get(address)
        answer.close()
        html = answer.headers.get("Content-Type", "").startswith("text/html")
        if answer.status_code == 200 and html and b"<html" in answer.content:
            found.append((role, address))
    return found + [(role, reverse(name)) for role, name in THIRD_PARTY]


@pytest.mark.parametrize(("size", "scheme"), [("phone", "light"), ("desktop", "dark")])
def test_every_page_is_clean_for_axe_and_fits_its_screen(live, size, scheme):
    world = World()
    opened, wrong = {}, []
    listed = pages(world)
    for role, address in listed:
        if role not in opened:
            opened[role] = live.open(
                "/privasi/", user=world.users[role, "own"] if role else None, size=size, scheme=scheme
            )
            theme = {"name": "tema", "value": scheme, "url": live.url}
            opened[role].context.add_cookies([theme])
        page = opened[role]
        page.goto(address)
        wrong += [f"{address} ({role or 'anyone'}): {problem}" for problem in axe(page)]
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            wrong.append(f"{address} ({role or 'anyone'}): {wide} px wider than the screen")
    print(f"\n{len(listed)} pages on a {scheme} {size}")
    assert len(listed) > 40
    assert wrong == []
