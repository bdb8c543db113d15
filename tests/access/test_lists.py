"""What lies outside reach stands on no page: every list and page without a row, rendered as it is served."""

import pytest

from registry.regions.roles import Role
from tests.access import routes as known
from tests.access.table import TABLE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_throttle")]
OPEN = [
    route
    for route in known.all_routes()
    if route.name in TABLE and "GET" in TABLE[route.name].methods and not route.parts
]
ELSEWHERE = ("Pemilik Dinoyo", "Keripik Dinoyo")
HERE_ONLY = [role for role in Role if "city" not in role.levels]


@pytest.mark.parametrize("role", HERE_ONLY)
def test_no_list_of_a_kelurahan_names_what_is_elsewhere(role, world):
    """What the public may read of another kelurahan it may read too: the owner is not of it."""
    told = []
    for route in OPEN:
        if TABLE[route.name].methods["GET"].everybody and route.name != "api-business-list":
            continue
        response = world.clients[role, "own"].get(route.address({}))
        body = b"".join(response.streaming_content) if response.streaming else response.content
        told += [f"{route.name}: {text}" for text in ELSEWHERE if text.encode() in body]
    assert told == []


def test_the_lists_do_name_what_is_here(world):
    """Negative control: the same search finds the kelurahan's own."""
    body = world.clients[Role.PETUGAS, "own"].get("/usaha/").content
    assert b"Keripik Purwantoro" in body
    assert b"Keripik Dinoyo" in world.clients[Role.OPERATOR, "own"].get("/usaha/").content
