"""The public pages in a browser: readable by everybody, on a narrow phone, without JavaScript."""

import pytest

from registry.models import Region
from tests.browser import axe
from tests.factories import make_business, make_subsector
from tests.registry.directory.items import add, consent, owner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def business(city):
    """One of everything, with names as long as they come; a small tile map."""
    for at, row in enumerate(Region.objects.kelurahan()):
        Region.objects.filter(pk=row.pk).update(tile_column=at, tile_row=0)
    make_subsector()
    items = [
        owner("Siti Aminah"),
        add("product", name="Keripik tempe sagu daun jeruk", price_idr=1_500_000, unit="bungkus 250 gram"),
        add("licence", kind="halal", status="has", number="ID35110000412760325", checked_on="2026-01-05"),
        *consent("owner_name", "phone", "address", "exact_place"),
    ]
    return make_business(
        name="Oleh-oleh Sanan Jaya Makmur Sentosa Keluarga Besar Haji Mustofa Cabang Utama",
        phone="6281298765432",
        phone_of="owner",
        address="Jalan Sanan Gang III Nomor 47",
        opening_hours="Senin–Sabtu 07.00–17.00 WIB",
        latitude="-7.95",
        longitude="112.63",
        subsector="kuliner",
        items=items,
    )


def pages(business):
    return [
        "/",
        "/direktori/",
        "/direktori/?q=keripik&kecamatan=35.73.01",
        "/direktori/?q=zzz",
        business.public_url,
        "/tentang/",
        "/privasi/",
    ]


@pytest.mark.parametrize("size", ["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_public_pages_have_no_barriers(live, business, size, scheme):
    page = live.open("/", size=size)
    page.context.add_cookies([{"name": "tema", "value": scheme, "url": live.url}])
    for path in pages(business):
        page.goto(path)
        assert axe(page) == [], path


@pytest.mark.parametrize("width", [320, 360])
def test_public_pages_fit_a_narrow_phone(live, business, width):
    page = live.open("/", size="phone")
    page.set_viewport_size({"width": width, "height": 740})
    for path in pages(business):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_filtering_on_a_phone_needs_no_javascript(live, business):
    make_business(name="Batik Dinoyo", kelurahan="35.73.05.1004")
    page = live.open("/direktori/", size="phone", javascript=False)
    page.get_by_role("link", name="Filter").click()
    page.get_by_label("Lowokwaru").check()
    page.get_by_role("button", name="Tampilkan").click()

    assert page.get_by_role("heading", level=1).inner_text() == "1 usaha"
    page.get_by_role("link", name="Batik Dinoyo").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Batik Dinoyo"
