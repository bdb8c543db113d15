"""A parameter nobody reads answers 400 on every viewset: a typo must not look like an answer."""

import pytest
from rest_framework.test import APIClient

from tests.factories import make_officer, make_post
from umkm_portal.api import router

pytestmark = pytest.mark.django_db

SAMPLES = {
    "code": "35.73",
    "key": "2025:10307",
    "slug": "kuliner",
    "uuid": "6eb33bb4-aa16-4311-a2db-3eaf80bbf6d8",
}


def operations():
    """(path, method) of every operation of every viewset the router knows."""
    for pattern in router.urls:
        view = pattern.callback
        path = str(pattern.pattern).lstrip("^").rstrip("$").replace(r"\.", ".")
        while "(?P<" in path:
            start = path.index("(?P<")
            name = path[start + 4 : path.index(">", start)]
            end, depth = start, 0
            for end in range(start, len(path)):
                depth += {"(": 1, ")": -1}.get(path[end], 0)
                if depth == 0:
                    break
            path = path[:start] + SAMPLES.get(name, SAMPLES["uuid"]) + path[end + 1 :]
        for method in view.actions:
            yield path, method


OPERATIONS = sorted(set(operations()))


def test_the_walk_meets_every_viewset():
    prefixes = {prefix.split("/")[0] for prefix, _viewset, _name in router.registry}
    assert {path.split("/")[0] for path, _method in OPERATIONS} == prefixes
    assert len(prefixes) >= 6
    assert ("submissions/", "post") in OPERATIONS


@pytest.fixture
def anyone(city):
    """Somebody who may do everything that can be done here."""
    user = make_officer("operator", city["Kota"])
    for role in ("verifikator", "admin", "kepala"):
        make_post(user, role, city["Kota"])
    for role in ("petugas", "lurah"):
        make_post(user, role, city["Purwantoro"])
    return user


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_an_unknown_parameter_is_refused(anyone, path, method):
    client = APIClient()
    client.force_authenticate(anyone)

    response = getattr(client, method)(f"/api/v1/{path}?warna=merah", {}, format=None)

    assert response.status_code == 400, (response.status_code, response.content[:300])
    assert response.json() == {"warna": ["Parameter tidak dikenal."]}


@pytest.mark.parametrize("path", sorted({p for p, m in OPERATIONS if m == "get" and p.count("/") == 1}))
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "201"),
        ("limit", "0"),
        ("limit", "-1"),
        ("limit", "1e2"),
        ("limit", "٣"),
        ("after", "x"),
        ("before", "bnVsbA"),
        ("after", "WyJhIiwgImEiXQ"),
        ("ordering", "password"),
        ("ordering", "pk"),
        ("ordering", ""),
    ],
)
def test_a_pager_that_cannot_be_is_refused(anyone, path, name, value):
    client = APIClient()
    client.force_authenticate(anyone)

    response = client.get(f"/api/v1/{path}", {name: value})

    assert (response.status_code, list(response.json())) in [(400, [name]), (400, ["after"])], (
        response.content
    )


@pytest.mark.parametrize(
    "path", sorted({p for p, m in OPERATIONS if m == "get" and p.count("/") == 1} - {"needs/"})
)
def test_a_page_holds_at_most_two_hundred(anyone, path):
    client = APIClient()
    client.force_authenticate(anyone)

    assert client.get(f"/api/v1/{path}", {"limit": 200, "format": "json"}).status_code == 200
