"""The component sheet shows every component there is, to who works here."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from umkm_portal.lib.icons import PUBLIC, WORKING
from umkm_portal.lib.statuses import STATUSES

pytestmark = pytest.mark.django_db


def test_every_component_has_its_place_on_the_sheet(client, operator):
    folder = Path(settings.BASE_DIR) / "templates"
    there = {str(path.relative_to(folder)) for path in (folder / "components").glob("*.html")}
    client.force_login(operator)

    shown = {template.name for template in client.get("/komponen/").templates}

    assert there - shown == set()


def test_every_state_and_icon_is_on_the_sheet(client, operator):
    client.force_login(operator)
    html = client.get("/komponen/").content.decode()
    assert [key for key, row in STATUSES.items() if str(row.text) not in html] == []
    assert [name for name in PUBLIC | WORKING if f"#{name}" not in html] == []


def test_the_sheet_is_not_for_visitors(operator):
    assert Client().get("/komponen/").status_code == 302
