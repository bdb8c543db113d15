"""The shells of the field pages hold nothing of anybody, weigh little, and need no letters of their own."""

import gzip
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from registry.models import Business, Post
from registry.reports.shell import SHELLS
from tests.factories import make_business, make_visit_request
from tests.home.test_weight import gathered, weigh, weight_of  # noqa: F401  a fixture among them

pytestmark = pytest.mark.django_db
BEYOND = 30_000  # bytes, over what every page of the portal loads
BASE = ("vendor/bootstrap", "css/portal", "js/portal", "icons", "img/")


def signed_in(user):
    client = Client()
    client.force_login(user, backend="accounts.backends.SignInBackend")
    return client


def told_files(worker):
    return json.loads(re.search(r"self\.SHELL = (\{.*?\});", worker)[1])


# ---- shells ----------------------------------------------------------------------------------------


def test_the_shell_is_the_same_for_everybody(petugas):
    make_visit_request(by=petugas)
    address = "/lapor/kerangka/perlu-didatangi/"

    page = signed_in(petugas).get(address)

    assert page.content == Client().get(address).content
    text = page.content.decode()
    assert petugas.username not in text and petugas.name not in text and "Purwantoro" not in text
    assert "csrfmiddlewaretoken" not in text and "Set-Cookie" not in page.headers


def test_the_service_worker_lists_what_the_shells_load():
    answer = Client().get("/lapor/sw.js")
    told = told_files(answer.content.decode())

    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache, public"
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert told["pages"]["/lapor/perlu-didatangi/"] == "/lapor/kerangka/perlu-didatangi/"
    assert set(told["pages"].values()) <= {f"/lapor/kerangka/{page.split('/')[2]}/" for page in told["pages"]}
    assert len(told["pages"]) <= len(SHELLS)
    for address in told["pages"].values():
        page = Client().get(address).content.decode()
        loaded = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))
        assert loaded <= set(told["files"]), address
    assert not [name for name in told["files"] if name.endswith("woff2")]


def test_the_service_worker_lists_the_pictures_that_the_styles_name():
    told = told_files(Client().get("/lapor/sw.js").content.decode())
    styles = [name.removeprefix("/static/") for name in told["files"] if name.endswith(".css")]

    named = {
        f"/static/img/{name}"
        for style in styles
        for name in re.findall(r"img/([a-z-]+\.svg)", Path(finders.find(style)).read_text())
    }

    assert "/static/img/form-caret.svg" in named
    assert named <= set(told["files"])


def test_a_list_that_misses_a_file_is_not_kept(monkeypatch):
    from registry.reports import shell

    whole = shell._content
    with monkeypatch.context() as gathering:
        gathering.setattr(shell, "_content", lambda name: b"" if "portal.css" in name else whole(name))
        before = told_files(Client().get("/lapor/sw.js").content.decode())
    after = told_files(Client().get("/lapor/sw.js").content.decode())

    assert "/static/img/form-caret.svg" not in before["files"]
    assert "/static/img/form-caret.svg" in after["files"]


def test_the_version_moves_when_a_page_changes(monkeypatch):
    before = told_files(Client().get("/lapor/sw.js").content.decode())["version"]
    from registry.reports import shell

    monkeypatch.setattr(shell, "_content", lambda address: b"changed")
    shell._worker_once.cache_clear()
    after = told_files(Client().get("/lapor/sw.js").content.decode())["version"]
    shell._worker_once.cache_clear()

    assert before != after


@pytest.mark.once
def test_the_quick_report_weighs_little_and_loads_no_font(petugas, gathered, settings):  # noqa: F811
    client = signed_in(petugas)
    cookie = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}

    found = weigh(gathered, "/lapor/perlu-didatangi/", **cookie)
    worker = len(gzip.compress(client.get("/lapor/sw.js").content)) + weight_of(gathered / "js/sw.js")

    fonts = [name for name in found if "woff2" in name]
    own = {name: size for name, size in found.items() if not name.startswith(BASE) and name not in fonts}
    print(sum(own.values()) + worker, own)
    assert sum(own.values()) + worker <= BEYOND
    # the style sheet names the font; nothing on the page is set in it, and nothing asks for it early
    page = client.get("/lapor/perlu-didatangi/").content.decode()
    assert "woff2" not in page
    assert "font-family" not in (gathered / "css/lapor.css").read_text()


# ---- who is signed in ------------------------------------------------------------------------------


def test_a_visitor_is_told_nothing():
    told = Client().get("/lapor/keadaan/")

    assert told["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert told.json() == {"user": None, "csrf": "", "posts": [], "keys": [], "at": ""}
    assert not told.cookies


def test_an_officer_is_told_their_place_and_a_key_of_their_own(petugas, petugas_dinoyo):
    one, other = (signed_in(user).get("/lapor/keadaan/").json() for user in (petugas, petugas_dinoyo))

    assert one["user"] == petugas.pk
    assert one["posts"] == [
        {"code": "35.73.01.1007", "name": "Purwantoro", "may": ["report", "check", "proposal"]}
    ]
    assert len(one["keys"][0]) == 64 and one["keys"] != other["keys"]
    assert one["keys"] == signed_in(petugas).get("/lapor/keadaan/").json()["keys"]


def test_an_officer_whose_post_ended_is_still_told_the_key(petugas):
    Post.objects.update(ends_on=timezone.localdate() - timedelta(days=30))

    told = signed_in(petugas).get("/lapor/keadaan/").json()

    assert (told["posts"], len(told["keys"])) == ([], 1)


def test_staff_of_the_city_may_report_anywhere(operator, city):
    told = signed_in(operator).get("/lapor/keadaan/").json()

    assert [post["name"] for post in told["posts"]] == ["Blimbing", "Dinoyo", "Purwantoro"]


# ---- names for picking -----------------------------------------------------------------------------


def test_names_of_ones_kelurahan_without_what_is_closed(petugas):
    kept, closed = make_business(rt=2, rw=5), make_business()
    Business.objects.filter(pk=closed.pk).update(operating_state="closed")
    make_business(kelurahan="35.73.05.1004")

    answer = signed_in(petugas).get("/lapor/daftar/35.73.01.1007.json")

    assert answer.json() == {
        "names": [
            {
                "uuid": str(kept.uuid),
                "name": kept.name,
                "rt": 2,
                "rw": 5,
                "state": "active",
                "confirmed_on": kept.last_confirmed_on and kept.last_confirmed_on.isoformat(),
            }
        ]
    }
    again = signed_in(petugas).get(
        "/lapor/daftar/35.73.01.1007.json", headers={"if-none-match": f"W/{answer['ETag']}"}
    )
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("code", ["35.73.05.1004", "35.73.01", "35.73", "x", "35.73.01.1007%00"])
def test_names_of_elsewhere_are_not_found(petugas, code):
    assert signed_in(petugas).get(f"/lapor/daftar/{code}.json").status_code in (400, 404)


@pytest.mark.parametrize("count", [1, 3])
def test_names_ask_as_often_for_three_as_for_one(petugas, count, django_assert_max_num_queries):
    for _each in range(count):
        make_business()
    client = signed_in(petugas)

    with django_assert_max_num_queries(6):
        assert len(client.get("/lapor/daftar/35.73.01.1007.json").json()["names"]) == count
