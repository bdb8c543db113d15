"""Pages of kelurahan, sectors and sentra: their addresses, what they count, where they lead."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from registry.directory.places import SPOTS, centre_place, kelurahan_spots
from registry.models import Business, ProductCentre, Region, Subsector
from registry.sectors.kbli import SECTORS
from tests.factories import make_business, make_kbli, make_subsector

pytestmark = pytest.mark.django_db


@pytest.fixture
def businesses(city):
    make_subsector()
    make_business(name="Keripik A", subsector="kuliner", kbli=make_kbli().key)
    make_business(name="Keripik B", subsector="kuliner")
    make_business(name="Jahit C", activity="jahit baju", kelurahan="35.73.05.1004")
    make_business(name="Tersembunyi", public_opt_out=True)
    ProductCentre.objects.create(
        name="Sentra Keripik", product="keripik/tempe", kelurahan=city["Purwantoro"], rws=[14, 15, 16]
    )
    cache.clear()


def shown(response):
    return [item["name"] for item in response.context["cards"]]


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/kelurahan/purwantoro/", ["Keripik A", "Keripik B"]),
        ("/kelurahan/dinoyo/", ["Jahit C"]),
        ("/kelurahan/blimbing/", []),
        ("/sektor/kuliner/", ["Keripik A", "Keripik B"]),
        ("/sektor/industri/", ["Keripik A"]),
        ("/sentra/sentra-keripik/", ["Keripik A", "Keripik B"]),
    ],
)
def test_a_page_shows_counts_and_leads_to_the_same_rows(client, businesses, path, names):
    response = client.get(path)

    assert response.status_code == 200
    assert sorted(shown(response)) == names
    assert response.context["total"] == len(names)
    listing = client.get(response.context["list_url"]).context["listing"]
    assert listing.problems == [] and listing.total == len(names)
    for group in response.context["links"]:
        for _label, count, url in group["rows"]:
            assert url.startswith("/direktori/?")
            assert client.get(url).context["listing"].total == count
    assert "Tersembunyi" not in response.content.decode()


@pytest.mark.parametrize("kind", ["kelurahan", "sektor", "sentra"])
def test_an_index_leads_to_pages_that_are_there(client, businesses, kind):
    response = client.get(f"/{kind}/")

    rows = [row for group in response.context["groups"] for row in group["rows"]]
    assert rows
    for spot, count in rows:
        page = client.get(spot.url)
        assert page.status_code == 200
        assert count is None or page.context["total"] == count
    assert f'href="{reverse(f"places-{kind}")}"' in client.get("/").content.decode()


@pytest.mark.parametrize(
    "path", ["/kelurahan/tidak-ada/", "/sektor/x/", "/sentra/1/", "/kelurahan/Purwantoro/"]
)
def test_a_place_that_is_not_is_not_found(client, businesses, path):
    assert client.get(path).status_code == 404


def test_names_that_read_alike_get_addresses_of_their_own(city):
    Region.objects.create(
        code="35.73.05.1099", name="PURWANTORO", level="kelurahan", parent=city["Kec. Lowokwaru"]
    )
    slugs = {spot.code: spot.slug for spot in kelurahan_spots()}
    assert slugs["35.73.01.1007"] == "purwantoro-1007" and slugs["35.73.05.1099"] == "purwantoro-1099"
    assert slugs["35.73.05.1004"] == "dinoyo"


def test_a_subsector_named_like_a_field_of_business_keeps_the_plain_address(client, city):
    slug = next(iter(SECTORS))
    Subsector.objects.create(slug=slug, name="Sama")
    slugs = [spot.slug for spot in SPOTS["sektor"]()]
    assert len(slugs) == len(set(slugs)) and slug in slugs and f"{slug}-kbli" in slugs
    assert client.get(f"/sektor/{slug}/").context["spot"].params == {"subsector": slug}


def test_neighbours_are_those_whose_tiles_touch(client, city):
    for name, column, row in (("Purwantoro", 3, 3), ("Blimbing", 4, 4), ("Dinoyo", 5, 3)):
        Region.objects.filter(pk=city[name].pk).update(tile_column=column, tile_row=row)

    near = client.get("/kelurahan/purwantoro/").context["near"]

    assert [spot.name for spot in near] == ["Blimbing"]


def test_beside_a_sector_stand_those_with_businesses_the_fullest_first(client, businesses):
    make_subsector("fesyen", "Fesyen")
    make_subsector("kriya", "Kriya")
    make_subsector("musik", "Musik")
    for slug, many in (("fesyen", 1), ("kriya", 2)):
        for number in range(many):
            make_business(name=f"{slug} {number}", subsector=slug)

    near = client.get("/sektor/kuliner/").context["near"]

    assert [spot.code for spot in near] == ["kriya", "fesyen"]


def test_a_sentra_without_a_kelurahan_is_a_search_in_the_whole_city(client, businesses):
    ProductCentre.objects.create(name="Sentra Jahit", product="jahit", planned=True)

    response = client.get("/sentra/sentra-jahit/")

    assert shown(response) == ["Jahit C"] and response.context["spot"].group == "Masih rencana"


@pytest.mark.parametrize(
    ("rws", "told"), [([], ""), ([15], " RW 15"), ([16, 14, 15], " RW 14–16"), ([3, 7], " RW 3, 7")]
)
def test_where_a_sentra_lies_is_told_with_its_rw(city, rws, told):
    row = ProductCentre(name="x", product="y", kelurahan=city["Purwantoro"], rws=rws)
    assert centre_place(row) == f"Kelurahan Purwantoro{told}, Blimbing"


def test_a_page_takes_the_same_queries_for_two_and_for_ten(client, businesses, django_assert_max_num_queries):
    def asked():
        cache.clear()
        client.get("/kelurahan/purwantoro/")
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as found:
            client.get("/kelurahan/purwantoro/")
        return len(found)

    few = asked()
    for number in range(8):
        make_business(name=f"Keripik {number}", subsector="kuliner")
    assert asked() == few
    assert Business.objects.public().count() == 11
