"""The map: counts and shares per kelurahan, drawn from outlines or as tiles, and the points as JSON."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find

from registry.models import Business, Region
from registry.regions.models import Boundary
from tests.factories import make_business, make_officer, make_subsector
from tests.registry.directory.items import add, consent
from tests.registry.directory.outlines import load_outlines

pytestmark = pytest.mark.django_db
MAP, DATA = "/direktori/peta/", "/direktori/peta/data/"
PLACE = {"latitude": "-7.95", "longitude": "112.63"}
HALAL = {"kind": "halal", "status": "has", "number": "ID35110000123456"}


def placed(**values):
    return make_business(items=consent("exact_place"), **PLACE | values)


def table(response):
    """{kelurahan: (count, share)} as the page's table has it."""
    area_map = response.context["map"]
    return {row.name: (row.count, row.share) for _name, _many, rows in area_map.groups for row in rows}


# ---- the page --------------------------------------------------------------------------------


def test_the_table_counts_every_kelurahan_also_those_without_any(client, city):
    make_business()
    make_business()
    make_business(kelurahan="35.73.05.1004")

    response = client.get(MAP)

    assert table(response) == {"Blimbing": (0, "0 %"), "Purwantoro": (2, "66,7 %"), "Dinoyo": (1, "33,3 %")}
    assert [(name, many) for name, many, _rows in response.context["map"].groups] == [
        ("Blimbing", 2),
        ("Lowokwaru", 1),
    ]
    assert response.context["map"].total == 3


def test_under_a_filter_the_share_is_of_the_businesses_there(client, city):
    make_business(items=[add("licence", **HALAL)])
    make_business()
    make_business(kelurahan="35.73.05.1004")

    response = client.get(MAP, {"halal": "ada", "warna": "bagian"})

    assert table(response)["Purwantoro"] == (1, "50 %")
    assert table(response)["Dinoyo"] == (0, "0 %")
    assert "Bagian dari usaha setempat" in response.content.decode()


def test_what_lies_outside_the_chosen_place_is_not_zero_but_not_asked_for(client, city):
    load_outlines()
    make_business()
    make_business(kelurahan="35.73.05.1004")

    response = client.get(MAP, {"kecamatan": "35.73.01"})

    assert table(response) == {"Blimbing": (0, "0 %"), "Purwantoro": (1, "50 %")}
    shapes = {area.name: area for area in response.context["map"].shapes}
    assert shapes["Dinoyo"].count is None and shapes["Dinoyo"].text == ""
    assert response.content.decode().count("area-out") == 1


def test_an_area_leads_to_its_list_under_the_same_question(client, city):
    load_outlines()
    make_business()

    html = client.get(MAP, {"q": "keripik", "nib": "tidak"}).content.decode()

    url = "/direktori/?q=keripik&amp;nib=tidak&amp;kecamatan=35.73.01&amp;kelurahan=35.73.01.1007"
    assert html.count(f'href="{url}"') == 2  # on the map and in the table
    listing = client.get(url.replace("&amp;", "&")).context["listing"]
    assert (listing.total, listing.problems) == (1, [])


def test_without_outlines_the_tiles_stand_in_and_no_script_is_loaded(client, city):
    Region.objects.filter(name="Purwantoro").update(tile_column=1, tile_row=1)
    make_business()

    html = client.get(MAP).content.decode()

    assert 'class="tile-map"' in html and 'class="areas"' not in html
    assert "leaflet" not in html
    assert ">1</text>" in html


def test_outlines_are_drawn_by_the_server_with_their_source(client, city):
    load_outlines()
    make_business()

    html = client.get(MAP).content.decode()

    assert html.count('<a class="area ') == 3 and 'class="tile-map"' not in html
    assert "<title>Purwantoro, Blimbing: 1</title>" in html
    assert "Batas wilayah: Bappeda." in html
    assert "vendor/leaflet.js" in html


def test_outlines_of_kecamatan_alone_are_used(client, city):
    load_outlines("kecamatan")
    make_business()
    make_business(kelurahan="35.73.01.1005")

    response = client.get(MAP)

    assert [(a.name, a.count) for a in response.context["map"].shapes] == [("Blimbing", 2), ("Lowokwaru", 0)]
    assert table(response)["Purwantoro"][0] == 1
    assert '?kecamatan=35.73.01"' in response.content.decode()


def test_a_new_outline_is_drawn_at_once(client, city):
    load_outlines()
    before = client.get(MAP).context["map"].drawing
    Boundary.objects.all().delete()
    load_outlines("kecamatan")

    after = client.get(MAP).context["map"].drawing

    assert (len(before.shapes), len(after.shapes)) == (3, 2)


def test_the_colour_says_what_the_legend_says_and_the_figure_stands_beside_it(client, city):
    load_outlines()
    for _ in range(3):
        make_business()
    make_business(kelurahan="35.73.05.1004")

    area_map = client.get(MAP).context["map"]

    steps = {area.name: (area.text, area.step) for area in area_map.shapes}
    assert steps["Blimbing"] == ("0", 0)
    lows = [int(step.text.rstrip("+")) for step in area_map.steps]
    for text, step in steps.values():
        assert lows[step] <= int(text) and (step == 5 or int(text) < lows[step + 1])


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_takes_the_same_queries_for_any_number_of_rows(
    client, city, django_assert_num_queries, rows
):
    make_subsector()
    load_outlines()
    for _ in range(rows):
        placed(subsector="kuliner")
    client.get(MAP, {"nib": "tidak"})  # the names are kept, the outlines drawn

    with django_assert_num_queries(3):  # the last change, the counts, the version of the outlines
        client.get(MAP)


@pytest.mark.parametrize(
    "query", ["warna=x", "warna=bagian&warna=jumlah", "kelurahan=x", "bbox=1", "hal=9", "after=x", "nik=1"]
)
def test_odd_addresses_get_a_page(client, city, query):
    load_outlines()
    make_business()

    response = client.get(f"{MAP}?{query}")

    assert response.status_code == 200
    assert response.context["map"].total == 1


def test_an_empty_registry_has_a_map(client, db):
    assert client.get(MAP).status_code == 200


def test_nothing_found_is_a_map_of_zeros(client, city):
    load_outlines()
    make_business()

    response = client.get(MAP, {"operating_state": "seasonal", "warna": "bagian"})

    assert {row[0] for row in table(response).values()} == {0}


def test_no_inline_script_or_style(client, city):
    load_outlines()
    make_business()
    for path in (MAP, "/direktori/angka/", "/direktori/unduh/"):
        html = client.get(path).content.decode()
        assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=|data:", html), path


def test_the_map_page_weighs_at_most_55_kb_more_than_the_list(client, city):
    """All that is loaded beside the page itself, compressed as it is served."""
    load_outlines()
    make_business()

    def files(path):
        names = set(re.findall(rb'(?:href|src)="/static/([^"#]+\.(?:css|js))"', client.get(path).content))
        return {name: len(gzip.compress(Path(find(name.decode())).read_bytes(), 6)) for name in sorted(names)}

    there, here = files("/direktori/"), files(MAP)
    assert there.items() <= here.items()
    # measured with the 57 outlines of Kota Malang and 2,000 businesses: 13.5 KB of page, the list's 8.1
    pages = 5_500
    assert sum(here.values()) - sum(there.values()) + pages <= 55_000, here


# ---- tiles from outside ----------------------------------------------------------------------


def policy(response):
    found = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    return found["img-src"]


def test_without_a_setting_the_browser_may_ask_nobody(client, city):
    load_outlines()

    response = client.get(MAP)

    assert policy(response) == "'self'"
    assert "data-tiles" not in response.content.decode()


def test_a_named_server_is_let_in_on_the_map_page_only(client, city, settings):
    settings.MAP_TILE_URL = "https://{s}.peta.example/{z}/{x}/{y}.png"
    settings.MAP_TILE_ATTRIBUTION = "© <b>Peta</b>"
    load_outlines()

    response = client.get(MAP)

    assert policy(response) == "'self' https://*.peta.example"
    assert 'data-attribution="© &lt;b&gt;Peta&lt;/b&gt;"' in response.content.decode()
    assert policy(client.get("/direktori/")) == "'self'"


def test_with_tiles_there_is_a_map_also_without_outlines(client, city, settings):
    settings.MAP_TILE_URL = "https://peta.example/{z}/{x}/{y}.png"
    settings.MAP_TILE_ATTRIBUTION = "Peta"
    Region.objects.filter(name="Purwantoro").update(
        tile_column=1, tile_row=1, latitude="-7.95", longitude="112.63"
    )

    html = client.get(MAP).content.decode()

    assert 'data-map="112.610000,-7.970000,112.650000,-7.930000"' in html
    assert 'class="tile-map"' in html and "vendor/leaflet.js" in html


# ---- the points ------------------------------------------------------------------------------


def test_only_who_agreed_to_the_exact_place_is_a_point(client, city):
    shown = placed(name="Terbuka")
    make_business(name="Diam", **PLACE)
    make_business(name="Alamat saja", items=consent("address", "phone"), **PLACE)
    placed(name="Sembunyi", public_opt_out=True)
    placed(name="Tutup", operating_state="closed")
    make_business(name="Tanpa titik", items=consent("exact_place"))

    answer = client.get(DATA).json()

    assert answer["points"] == [[-7.95, 112.63, "Terbuka", shown.slug]]
    assert (answer["count"], answer["grouped"], answer["cells"]) == (1, False, [])
    assert answer["page"].replace("SLUG", shown.slug) == shown.public_url
    assert answer["areas"] == [["35.73.01.1007", 4]]  # the list holds four, one with its place


def test_a_withdrawn_consent_is_gone_at_once(client, city, kept_pages):
    business = placed()
    first = client.get(DATA)
    assert first.json()["count"] == 1

    business.consents.get().withdraw(by=make_officer("operator", city["Kota"]))
    again = client.get(DATA, headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 200
    assert again.json()["points"] == []


def test_points_follow_filters_and_the_box(client, city):
    placed(name="Barat", longitude="112.60")
    placed(name="Timur", longitude="112.70", kelurahan="35.73.05.1004")

    def names(**query):
        return [point[2] for point in client.get(DATA, query).json()["points"]]

    assert sorted(names()) == ["Barat", "Timur"]
    assert names(kecamatan="35.73.05") == ["Timur"]
    assert names(q="barat") == ["Barat"]
    assert names(bbox="112.5,-8,112.65,-7.9") == ["Barat"]
    assert names(bbox="112.5,-8,112.65,-7.9", kecamatan="35.73.05") == []


def test_more_than_the_most_come_as_cells_that_count_everybody(client, city, monkeypatch):
    monkeypatch.setattr("registry.directory.points.MOST", 2)
    for at in range(3):
        placed(longitude=str(112.63 + at * 0.00001))
    placed(longitude="112.70", latitude="-7.99")

    answer = client.get(DATA).json()

    assert answer["grouped"] and answer["points"] == []
    assert sorted(cell[2] for cell in answer["cells"]) == [1, 3]
    assert answer["count"] == 4
    assert "perbesar" in answer["label"]
    near = client.get(DATA, {"bbox": "112.69,-8,112.71,-7.9"}).json()
    assert not near["grouped"] and len(near["points"]) == 1


def test_the_answer_is_bounded_whatever_the_number(client, city, monkeypatch):
    monkeypatch.setattr("registry.directory.points.MOST", 5)
    business = placed()
    rows = []
    for n in range(300):
        row = Business.objects.get(pk=business.pk)
        row.pk, row.slug, row.uuid = None, f"usaha-{n}", f"00000000-0000-4000-8000-{n:012d}"
        row.latitude, row.longitude = f"{-7.90 - (n % 20) * 0.005:.6f}", f"{112.60 + (n // 20) * 0.005:.6f}"
        rows.append(row)
    Business.objects.bulk_create(rows)

    answer = client.get(DATA, {"bbox": "112.6,-8.0,112.7,-7.89"}).json()

    assert answer["count"] == sum(cell[2] for cell in answer["cells"]) == 301
    assert len(answer["cells"]) <= 24 * 24


@pytest.mark.parametrize("path", [MAP, DATA, "/direktori/angka/"])
def test_who_has_the_answer_gets_304(client, city, path):
    load_outlines()
    placed()
    for query in ({}, {"kecamatan": "35.73.01"}, {"q": "keripik"}):
        first = client.get(path, query)
        again = client.get(path, query, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]
    placed()
    assert client.get(path, headers={"If-None-Match": client.get(path)["ETag"]}).status_code == 304
    assert client.get(path, query, headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("path", [MAP, DATA, "/direktori/angka/"])
def test_a_finished_answer_is_kept(client, city, kept_pages, django_assert_num_queries, path):
    load_outlines()
    placed()
    first = client.get(path)

    with django_assert_num_queries(1):  # the last change
        assert client.get(path).content == first.content


@pytest.mark.parametrize("rows", [1, 3])
def test_points_take_the_same_queries_for_any_number(client, city, django_assert_num_queries, rows):
    for _ in range(rows):
        placed()
    client.get(DATA)

    with django_assert_num_queries(4):  # the last change, the counts, the points, the cells
        client.get(DATA, {"bbox": "112.5,-8,112.7,-7.9"})


@pytest.mark.parametrize(
    "box",
    [
        "abc",
        "1,2,3",
        "1,2,3,4,5",
        "112.7,-8,112.6,-7.9",
        "112.6,-7.9,112.7,-8",
        "nan,nan,nan,nan",
        "inf,-8,112,-7",
        "1e3,-8,112,-7",
        "-181,-8,112,-7",
        "112.6, -8,112.7,-7.9",
        "١١٢,-8,113,-7",
        "112.6,-8,112.7," + "9" * 5000,
        "112.6,-8,112.7,-7.9'",
    ],
)
def test_a_box_that_is_none_is_refused_with_a_reason(client, city, box):
    placed()

    response = client.get(DATA, {"bbox": box})

    assert response.status_code == 400
    assert "bbox" in response.json()["detail"][0]


@pytest.mark.parametrize("query", ["nik=1", "kelurahan=x", "halal=ya", "latitude=-7.95"])
def test_an_unknown_filter_is_refused_with_a_reason(client, city, query):
    response = client.get(f"{DATA}?{query}")

    assert response.status_code == 400
    assert response.json()["code"] == "invalid"


def test_a_name_made_to_break_out_is_a_name(client, city):
    placed(name='</script><img src=x onerror="alert(1)">')

    response = client.get(DATA)

    assert response["Content-Type"] == "application/json"
    assert json.loads(response.content)["points"][0][2].startswith("</script>")
