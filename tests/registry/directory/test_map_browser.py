"""Map, figures and download in a browser: with and without script, by keyboard, on a narrow phone."""

import re

import pytest
from django.test import Client

from registry.models import Region
from tests.browser import axe
from tests.factories import make_business, make_subsector
from tests.registry.directory.items import add, consent
from tests.registry.directory.outlines import load_outlines

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MAP = "/direktori/peta/"
PAGES = (MAP, f"{MAP}?warna=bagian&halal=ada", "/direktori/angka/", "/direktori/unduh/", f"{MAP}?q=zzz")


@pytest.fixture
def businesses(city):
    for at, row in enumerate(Region.objects.kelurahan()):
        Region.objects.filter(pk=row.pk).update(tile_column=at, tile_row=0)
    make_subsector()
    halal = add("licence", kind="halal", status="has", number="ID35110000412760325")
    first = make_business(
        name="Keripik Wiji <b>&</b>", latitude="-7.95", longitude="112.63", items=consent("exact_place")
    )
    make_business(
        name="Tempe Sanan", latitude="-7.95", longitude="112.63001", items=[halal, *consent("exact_place")]
    )
    make_business(name="Batik Dinoyo", kelurahan="35.73.05.1004", subsector="kuliner")
    return first


@pytest.fixture
def outlines(businesses):
    return load_outlines()


@pytest.mark.parametrize(("size", "scheme"), [("phone", "light"), ("desktop", "dark")])
@pytest.mark.parametrize("with_outlines", [True, False])
def test_the_views_have_no_barriers_and_fit(live, businesses, size, scheme, with_outlines):
    if with_outlines:
        load_outlines()
    page = live.open("/", size=size)
    page.context.add_cookies([{"name": "tema", "value": scheme, "url": live.url}])
    if size == "phone":
        page.set_viewport_size({"width": 360, "height": 740})
    for path in PAGES:
        page.goto(path)
        if with_outlines and path.startswith(MAP):
            page.locator("[data-map-label]:not(:empty)").wait_for()
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_an_area_is_opened_by_keyboard_with_script(live, outlines):
    page = live.open(MAP)
    page.wait_for_selector(".leaflet-container")
    area = page.locator("a.area", has=page.locator("title", has_text="Purwantoro"))
    area.focus()
    assert page.evaluate("document.activeElement.matches('a.area')")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("kelurahan=35.73.01.1007"))
    assert page.get_by_role("heading", level=1).inner_text() == "2 usaha"


def test_an_area_is_opened_by_a_click_but_not_by_a_drag(live, outlines):
    page = live.open(MAP)
    page.wait_for_selector(".leaflet-container")
    box = page.locator("a.area", has=page.locator("title", has_text="Dinoyo")).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.get_by_role("button", name="Perbesar").click()
    page.wait_for_timeout(400)

    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y - 10, steps=5)
    page.mouse.up()
    page.wait_for_timeout(200)
    assert page.url.endswith(MAP)

    page.mouse.click(x - 30, y)
    page.wait_for_url(re.compile("kelurahan=35.73.05.1004"))


def test_points_that_agreed_are_shown_grouped_and_named(live, outlines, businesses):
    page = live.open(MAP)
    pin = page.get_by_role("button", name="2 usaha di sini")
    pin.focus()
    page.keyboard.press("Enter")

    link = page.locator(".leaflet-popup").get_by_role("link", name="Keripik Wiji <b>&</b>")
    link.wait_for()
    assert page.locator("[data-map-label]").inner_text() == "2 usaha menunjukkan tempat tepatnya di sini."
    page.locator(".leaflet-container").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(700)  # after a move the map may ask again, and must not close what is read
    link.click()
    page.wait_for_url(re.compile(businesses.public_url))

    page.goto(MAP)
    page.get_by_label("Tampilkan titik usaha").uncheck()
    assert page.locator(".pin").count() == 0


def test_without_script_the_map_is_drawn_and_coloured_the_other_way(live, outlines):
    page = live.open(MAP, size="phone", javascript=False)
    assert page.locator("a.area").count() == 3
    page.get_by_role("navigation", name="Warna menurut").get_by_role("link", name="Bagian").click()
    assert page.get_by_role("cell", name="66,7 %").first.is_visible()
    page.get_by_role("table").get_by_role("link", name="Dinoyo").click()
    assert page.get_by_role("heading", level=1).inner_text() == "1 usaha"


def test_filtering_stays_in_the_view_without_script(live, outlines):
    page = live.open("/direktori/angka/", size="phone", javascript=False)
    page.get_by_role("link", name="Filter").click()
    page.get_by_role("checkbox", name="Lowokwaru").check()
    page.get_by_role("button", name="Tampilkan").click()

    assert page.url.endswith("/direktori/angka/?kecamatan=35.73.05")
    assert page.get_by_role("heading", level=1).inner_text() == "1 usaha"
    page.get_by_role("navigation", name="Tampilan").get_by_role("link", name="Daftar").click()
    assert page.url.endswith("/direktori/?kecamatan=35.73.05")


def test_when_the_points_do_not_come_the_page_says_so(live, outlines):
    page = live.open("/direktori/")
    page.route("**/direktori/peta/data/**", lambda route: route.abort())
    page.goto(MAP)
    page.get_by_text("Titik usaha tidak dapat dimuat").wait_for()
    assert page.locator("a.area").count() == 3


def test_a_file_is_downloaded(live, businesses):
    page = live.open("/direktori/unduh/?q=batik")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Unduh CSV").click()
    assert waiting.value.suggested_filename.endswith(".csv")
    assert Client().get("/direktori/unduh/?q=batik").status_code == 200
