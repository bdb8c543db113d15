"""What search engines are told: every public address, none that is not, in files that never grow too long."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.directory import sitemap
from registry.models import Business
from tests.factories import make_business

pytestmark = pytest.mark.django_db
LOC = re.compile(r"<loc>([^<]*)</loc>")


def addresses(client, path):
    response = client.get(path)
    assert response.status_code == 200 and response["Content-Type"].startswith("application/xml")
    return LOC.findall(response.content.decode())


def all_addresses(client):
    """Of every file the index names, as a crawler goes through them."""
    found = []
    for file in addresses(client, "/sitemap.xml"):
        listed = addresses(client, file.removeprefix("http://testserver"))
        assert len(listed) <= sitemap.MOST
        found += listed
    return found


def test_every_public_business_stands_in_it_once_and_no_other(client, city, monkeypatch):
    monkeypatch.setattr(sitemap.OfThePortal, "limit", 2)
    rows = [make_business(name=f"Kios {n}") for n in range(5)]
    Business.objects.filter(pk=rows[1].pk).update(public_opt_out=True)
    Business.objects.filter(pk=rows[2].pk).update(operating_state="closed")
    Business.objects.filter(pk=rows[3].pk).update(merged_into=rows[0])

    found = [a for a in all_addresses(client) if "/direktori/kios" in a]

    assert sorted(found) == sorted(f"http://testserver{rows[n].public_url}" for n in (0, 4))


def test_what_it_names_can_be_opened(client, city):
    make_business(name="Kios Satu")
    found = all_addresses(client)

    assert "http://testserver/kelurahan/purwantoro/" in found
    for address in found:
        assert client.get(address.removeprefix("http://testserver")).status_code == 200, address


def test_each_business_has_the_day_of_its_last_change(client, city):
    business = make_business(name="Kios Satu")
    Business.objects.filter(pk=business.pk).update(changed_at="2026-11-03T18:30:00Z")  # the 4th in Malang

    assert "<lastmod>2026-11-04</lastmod>" in client.get("/sitemap-usaha.xml").content.decode()
    assert sitemap.BusinessSitemap().lastmod(("x", Business.objects.get().changed_at)) == date(2026, 11, 4)


def test_files_are_cut_by_key_so_the_last_costs_what_the_first_does(client, city, monkeypatch):
    monkeypatch.setattr(sitemap.OfThePortal, "limit", 2)
    rows = [make_business(name=f"Kios {n}") for n in range(6)]
    last = -(-rows[-1].pk // 2)

    counts = []
    for page in (1, last):
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"/sitemap-usaha.xml?p={page}").status_code == 200
        assert not any("OFFSET" in q["sql"] or "COUNT(" in q["sql"] for q in found)
        counts.append(len(found))
    assert counts[0] == counts[1] <= 2
    with CaptureQueriesContext(connection) as found:
        client.get("/sitemap.xml")
    assert not any("COUNT(" in q["sql"] and "registry_business" in q["sql"] for q in found)


@pytest.mark.parametrize("page", ["0", "-1", "abc", "99999999999", "2", "١", "1.5", ""])
def test_a_file_that_is_not_is_not_found(client, city, page):
    assert client.get(f"/sitemap-usaha.xml?p={page}").status_code == 404


def test_no_such_section_is_not_found(client, city):
    assert client.get("/sitemap-x.xml").status_code == 404


def test_robots_are_told_where_it_is(client, db, settings):
    settings.SITE_URL = "https://umkm.malangkota.go.id"
    text = client.get("/robots.txt").content.decode()

    assert "Sitemap: https://umkm.malangkota.go.id/sitemap.xml\n" in text
    assert "Disallow: /masukan/" in text
    assert LOC.findall(client.get("/sitemap.xml").content.decode())[0].startswith(
        "https://umkm.malangkota.go.id/"
    )
