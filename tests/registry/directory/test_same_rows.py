"""One filter, four views: list, map, figures and download mean the same businesses."""

import csv
import io
import random
from urllib.parse import urljoin

import pytest
from django.core.management import call_command

from registry.directory import asked, pages
from registry.models import Business
from registry.sectors.kbli import SECTORS
from tests.factories import make_business, make_kbli, make_subsector
from tests.registry.directory.items import add, consent

pytestmark = pytest.mark.django_db


PLACES = ("35.73.01.1007", "35.73.01.1005", "35.73.05.1004")
KINDS = ("Keripik Tempe", "Batik", "Warung Bu")
WORDS = ("keripik", "batik", "tempe", "kripik", "warung bu", "celaket", "zzz", "&")
CHOICES = {
    "q": WORDS,
    "kecamatan": ("35.73.01", "35.73.05", ["35.73.01", "35.73.05"]),
    "kelurahan": (*PLACES, list(PLACES[:2])),
    "sector": ("industri", "kuliner-penginapan", ["industri", "jasa-lain"]),
    "subsector": ("kuliner", "kriya", ["kuliner", "kriya"]),
    "scale": ("micro", "unknown", ["micro", "unknown"]),
    "halal": ("ada", "tidak", "nonhalal"),
    "pirt": ("ada", "tidak"),
    "nib": ("ada", "tidak"),
    "operating_state": ("active", "seasonal", ["active", "temporary"]),
    "kbli": ("10", "2025:10307", "I"),
}


@pytest.fixture
def full_city(city):
    """Forty businesses, none quite like the next."""
    draw = random.Random(20261123)
    make_subsector()
    make_subsector("kriya", "Kriya")
    for code, title in (("10307", "Industri tempe"), ("56102", "Warung makan")):
        make_kbli(code, title=title)
    from registry.models import Kbli

    Kbli.objects.filter(code="56102").update(section="I")
    for n in range(16):
        kinds = draw.sample(["halal", "pirt", "nib"], draw.randrange(3))
        numbers = {"halal": "ID35110000123456", "pirt": "206357301012333", "nib": "1234567890123"}
        items = [add("licence", kind=kind, status="has", number=numbers[kind]) for kind in kinds]
        if n % 7 == 3 and "halal" not in kinds:
            items.append(add("licence", kind="halal", status="non_halal"))
        if n % 3 == 0:
            items += consent("exact_place")
        values = {
            "name": " ".join([draw.choice(KINDS), draw.choice(["Wiji", "Celaket"]), str(n)]),
            "activity": draw.choice(["keripik tempe", "batik tulis", "nasi campur"]),
            "kelurahan": draw.choice(PLACES),
            "operating_state": draw.choice(["active", "active", "temporary", "seasonal"]),
            "latitude": f"-7.9{n:02d}",
            "longitude": f"112.6{n:02d}",
        }
        if draw.random() < 0.6:
            values["subsector"] = draw.choice(["kuliner", "kriya"])
        if draw.random() < 0.6:
            values["kbli"] = draw.choice(["2025:10307", "2025:56102"])
        if draw.random() < 0.5:
            values |= {"capital_idr": 50_000_000, "founded_year": 2022}
        make_business(items=items, **values)
    make_business(name="Keripik Sembunyi", public_opt_out=True)
    make_business(name="Keripik Tutup", operating_state="closed")


def combinations(many):
    draw = random.Random(4)
    found = [{}, {"q": "zzz"}]
    while len(found) < many:
        names = draw.sample(sorted(CHOICES), draw.choice((1, 1, 2, 2, 3)))
        query = {name: draw.choice(CHOICES[name]) for name in names}
        if query not in found:
            found.append(query)
    return found


def rows_of_the_list(client, query):
    """The slugs on every page of the list."""
    slugs, response, path = [], client.get("/direktori/", query), "/direktori/"
    while True:
        page = response.context["listing"].page
        slugs += [row.slug for row in page.rows]
        assert len(slugs) < 200
        if not page.next_url:
            return slugs
        path = urljoin(path, page.next_url)
        response = client.get(path)


def rows_of_the_file(client, query):
    response = client.get("/direktori/unduh/", {**query, "berkas": "csv"})
    if not response["Content-Type"].startswith("text/csv"):
        assert response.context["download"].total == 0
        return []
    lines = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    return [line["Halaman"].rstrip("/").rpartition("/")[2] for line in lines]


def figures(client, query):
    """{table: sum of its rows} of the tables in which every business stands once, and the total."""
    breakdown = client.get("/direktori/angka/", query).context["breakdown"]
    return breakdown.total, {t.slug: sum(row.count for row in t.rows) for t in breakdown.tables if t.is_parts}


def test_list_map_figures_and_file_agree(client, full_city, settings, monkeypatch):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": {}}
    monkeypatch.setattr(pages, "PAGE_SIZE", 3)
    sizes = []
    for query in combinations(24):
        slugs = rows_of_the_list(client, query)
        assert len(slugs) == len(set(slugs)), query
        assert sorted(rows_of_the_file(client, query)) == sorted(slugs), query

        area_map = client.get("/direktori/peta/", query).context["map"]
        areas = [row.count or 0 for _name, _many, rows in area_map.groups for row in rows]
        assert (sum(areas), area_map.total) == (len(slugs), len(slugs)), query

        total, tables = figures(client, query)
        assert total == len(slugs), query
        assert set(tables.values()) <= {len(slugs)}, (query, tables)

        data = client.get("/direktori/peta/data/", query).json()
        there = Business.objects.filter(slug__in=slugs, shows_exact_place=True)
        assert {point[3] for point in data["points"]} == set(there.values_list("slug", flat=True)), query
        assert sum(many for _code, many in data["areas"]) == len(slugs), query
        sizes.append(len(slugs))
    assert sizes[0] == 16 and 0 in sizes and len(set(sizes)) > 6  # the combinations do tell rows apart


def test_where_the_list_counts_no_further_the_other_views_do(client, full_city, monkeypatch):
    monkeypatch.setattr("registry.businesses.finding.MOST", 2)

    for query in ({"q": "keripik tempe"}, {"halal": "tidak"}):
        total, tables = figures(client, query)
        response = client.get("/direktori/angka/", query)
        assert not response.context["counted"].is_capped
        assert total == response.context["listing"].matching().count() > 2
        assert set(tables.values()) == {total}
        assert client.get("/direktori/peta/", query).context["map"].total == total
        assert len(rows_of_the_file(client, query)) == total


def test_beyond_what_is_counted_the_page_says_so(client, full_city, monkeypatch):
    monkeypatch.setattr("registry.businesses.finding.MOST", 2)
    monkeypatch.setattr(asked, "COMPLETE", 2)

    for path in ("/direktori/angka/", "/direktori/peta/"):
        response = client.get(path, {"q": "keripik tempe"})
        assert "Jumlahnya belum lengkap." in response.content.decode()
        assert "2+ usaha" in response.content.decode()
    page = client.get("/direktori/unduh/", {"q": "keripik tempe"}).content.decode()
    assert "Terlalu banyak untuk satu berkas." in page


def test_every_figure_opens_a_list_of_that_many(client, full_city):
    for query in ({}, {"kecamatan": "35.73.01"}, {"q": "keripik", "nib": "tidak"}):
        tables = client.get("/direktori/angka/", query).context["breakdown"].tables
        linked = [row for table in tables for row in table.rows if row.url]
        assert linked
        for row in linked:
            found = client.get(row.url).context["listing"]
            assert (found.total, found.problems) == (row.count, []), (query, row)


def test_the_four_views_lead_to_each_other_with_the_same_question(client, full_city):
    query = {"q": "keripik", "kecamatan": "35.73.01", "sector": "industri"}
    for view in ("", "peta/", "angka/", "unduh/"):
        response = client.get(f"/direktori/{view}", query)
        views = response.context["listing"].views
        assert [row["label"] for row in views] == ["Daftar", "Peta", "Angka", "Unduh"]
        assert [row["current"] for row in views].count(True) == 1
        assert next(row["url"] for row in views if row["current"]).startswith(f"/direktori/{view}?")
        html = response.content.decode()
        for row in views:
            assert row["url"].replace("&", "&amp;") in html
            assert client.get(row["url"]).context["listing"].params == response.context["listing"].params


@pytest.mark.parametrize("view", ["", "peta/", "angka/", "unduh/"])
def test_every_view_says_how_it_understood_the_text(client, full_city, view):
    call_command("rebuild_search", verbosity=0)  # the vocabulary
    response = client.get(f"/direktori/{view}", {"q": "celakt"})
    found, html = response.context["listing"].found, response.content.decode()

    assert found.hits and found.is_widened
    assert "Tidak ada yang persis “celakt”" in html
    if found.corrected:
        assert f'href="/direktori/{view}?q={found.corrected}"' in html


@pytest.mark.parametrize("view", ["peta/", "angka/", "unduh/"])
def test_chips_and_filters_stay_in_the_view(client, full_city, view):
    response = client.get(f"/direktori/{view}", {"kecamatan": "35.73.01", "nib": "ada"})
    html = response.content.decode()

    assert f'<form action="/direktori/{view}">' in html
    assert [chip["url"] for chip in response.context["chips"]] == [
        f"/direktori/{view}?nib=ada",
        f"/direktori/{view}?kecamatan=35.73.01",
    ]
    assert f'href="/direktori/{view}"' in html  # hapus semua


def test_the_map_keeps_its_colour_when_filters_change(client, full_city):
    response = client.get("/direktori/peta/", {"warna": "bagian", "nib": "ada", "kecamatan": "35.73.01"})

    assert '<input type="hidden" name="warna" value="bagian">' in response.content.decode()
    assert response.context["chips"][0]["url"] == "/direktori/peta/?nib=ada&warna=bagian"


def test_sectors_are_named(client, full_city):
    tables = {t.slug: t for t in client.get("/direktori/angka/").context["breakdown"].tables}

    names = {str(words[0]) for words in SECTORS.values()} | {"Belum ada KBLI"}
    assert {row.label for row in tables["sector"].rows} <= names


ODD = ["q=" + "a" * 5000, "q=" + "%25" * 3000, "kelurahan=x", "nik=1", "berkas=exe", "urut=-phone", "hal=-1"]


@pytest.mark.parametrize("view", ["peta/", "angka/", "unduh/"])
@pytest.mark.parametrize("query", ODD, ids=lambda query: query[:20])
def test_odd_addresses_get_a_page(client, city, view, query):
    make_business()

    assert client.get(f"/direktori/{view}?{query}").status_code == 200
