"""The landing page and the small public pages."""

import json
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from registry.models import ProductCentre, Region
from tests.factories import make_business, make_subsector

pytestmark = pytest.mark.django_db
PLAIN = ["home", "about", "privacy", "health", "robots", "directory"]


@pytest.mark.parametrize("name", PLAIN)
def test_public_pages_need_no_account_and_no_data(client, name):
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", [*PLAIN, "theme", "favicon"])
def test_public_pages_say_that_they_are_public(name):
    from django.urls import resolve

    assert resolve(reverse(name)).func.access == ("public",)


# ---- landing ---------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_landing_takes_the_same_queries_for_any_number_of_rows(client, city, django_assert_num_queries, rows):
    make_subsector()
    for n in range(rows):
        make_business(subsector="kuliner")
        ProductCentre.objects.create(name=f"Sentra {n}", product="tempe", kelurahan=city["Purwantoro"])

    client.get("/")  # the doors are counted, a search each, and kept for ten minutes
    with django_assert_num_queries(2):  # the version and the ledger
        client.get("/")


def test_every_figure_has_a_date_a_meaning_and_its_list(client, city):
    make_business()
    make_business(kelurahan="35.73.05.1004", public_opt_out=True)

    stats = client.get("/").context["stats"]

    assert [(row["value"], row["label"]) for row in stats] == [
        (1, "usaha terdata"),
        (0, "bersertifikat halal"),
        (0, "ber-P-IRT"),
        (1, "kelurahan sudah punya data"),
    ]
    for row in stats:
        assert row["definition"]
        assert client.get(row["url"]).status_code == 200


def test_a_figure_agrees_with_the_list_behind_it(client, city):
    make_subsector()
    ProductCentre.objects.create(name="Sentra Tempe Sanan", product="tempe", kelurahan=city["Purwantoro"])
    for values in ({}, {"kelurahan": "35.73.05.1004"}, {"subsector": "kuliner"}, {"name": "Kopi Kita"}):
        make_business(**values)

    page = client.get("/").context

    doors = [*page["kinds"], *page["centres"], *page["suggestions"]]
    assert {door.label for door in doors} >= {"Kuliner", "Tempe Sanan", "Kopi", "keripik tempe"}
    for door in doors:
        assert client.get(door.url).context["listing"].total == door.count, door.label


def test_nothing_leads_to_an_empty_list(client, city):
    ProductCentre.objects.create(name="Sentra Raket", product="raket", kelurahan=city["Dinoyo"])
    ProductCentre.objects.create(name="Klaster", product="tempe", kelurahan=city["Purwantoro"], planned=True)
    make_business()

    page = client.get("/").context

    assert page["centres"] == [] and page["kinds"] == []


def test_the_map_leads_to_the_kelurahan(client, city):
    Region.objects.filter(name="Purwantoro").update(tile_column=1, tile_row=1)
    make_business()

    (tile,) = client.get("/").context["map"].tiles

    assert tile.count == 1
    assert client.get(tile.url).context["listing"].total == 1


def test_every_link_of_the_public_pages_leads_somewhere(client, city):
    make_business()
    for name in ("home", "about", "privacy"):
        html = client.get(reverse(name)).content.decode()
        for address in {a for a in re.findall(r'href="(/[^"]*)"', html) if not a.startswith("/static/")}:
            assert client.get(address.replace("&amp;", "&")).status_code == 200, address


def test_whoever_holds_a_post_sees_what_waits_and_may_look_at_the_public_page(client, petugas):
    client.force_login(petugas, backend=settings.AUTHENTICATION_BACKENDS[0])

    assert "Dibuat di Malang" not in client.get("/").content.decode()
    assert "Dibuat di Malang" in client.get("/?umum=1").content.decode()


def test_an_account_without_a_post_sees_the_public_page(client, nobody):
    client.force_login(nobody, backend=settings.AUTHENTICATION_BACKENDS[0])

    assert "Dibuat di Malang" in client.get("/").content.decode()


def test_nothing_on_the_public_pages_needs_inline_script_or_style(client, city):
    make_business()
    for name in ("home", "about", "privacy", "directory"):
        html = client.get(reverse(name)).content.decode()
        assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", html)


# ---- theme -----------------------------------------------------------------------------------


def test_the_theme_turns_and_stays(client):
    response = client.post("/tampilan/", {"next": "/direktori/?q=tempe"})
    assert response.url == "/direktori/?q=tempe"
    assert 'data-bs-theme="dark"' in client.get("/").content.decode()

    client.post("/tampilan/", {"next": "/"})
    assert 'data-bs-theme="light"' in client.get("/").content.decode()


def test_a_theme_may_be_named_and_an_unknown_one_is_not_kept(client):
    assert client.post("/tampilan/", {"tema": "dark"}).cookies["tema"].value == "dark"
    assert client.post("/tampilan/", {"tema": '"><script>'}).cookies["tema"].value == "light"


@pytest.mark.parametrize(
    "back", ["https://contoh.id/", "//contoh.id", "javascript:alert(1)", "", "/\\contoh.id"]
)
def test_the_theme_leads_nowhere_else(client, back):
    assert client.post("/tampilan/", {"next": back}).url == "/"


def test_the_theme_changes_by_post_only(client):
    assert client.get("/tampilan/").status_code == 405


# ---- health and machines ---------------------------------------------------------------------


def test_health_says_that_all_is_well(client, db):
    response = client.get("/sehat/")

    assert response.status_code == 200
    assert json.loads(response.content) == {
        "status": "ok",
        "database": "ok",
        "migrations": "ok",
        "queue": {"waiting": 0, "oldest_seconds": 0},
    }
    assert "no-store" in response.headers["Cache-Control"]


def test_health_says_when_nobody_works_on_the_queue(client, db):
    task = DBTaskResult.objects.create(
        args_kwargs={}, task_path="x.y", backend_name="default", run_after=timezone.now() - timedelta(hours=2)
    )
    DBTaskResult.objects.filter(pk=task.pk).update(enqueued_at=timezone.now() - timedelta(hours=1))

    answer = client.get("/sehat/").json()

    assert answer["status"] == "late"
    assert answer["queue"]["waiting"] == 1
    assert answer["queue"]["oldest_seconds"] >= 3600


def test_health_is_broken_while_migrations_wait(client, db):
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.filter(app="registry").order_by("-pk")[:1].get().delete()

    response = client.get("/sehat/")

    assert response.status_code == 503
    assert response.json()["migrations"] == "pending"


def test_robots_are_kept_off_the_working_side_and_off_filters(client):
    text = client.get("/robots.txt").content.decode()

    assert "Disallow: /masuk/" in text and "Disallow: /direktori/?" in text
    assert "Disallow: /\n" not in text


def test_favicon_leads_to_the_drawing(client):
    assert client.get("/favicon.ico").url.endswith("/img/favicon.svg")
