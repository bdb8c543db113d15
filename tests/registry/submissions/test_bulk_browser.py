"""A bulk change by keyboard alone, and the list's menus as axe and a narrow phone see them."""

import pytest

from registry.models import Batch
from tests.browser import axe
from tests.factories import make_business

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Kelompok Usaha Bersama Ibu-ibu PKK RW 09 Kampung Warna-Warni Maju Lancar Sejahtera Abadi"


@pytest.fixture
def shops(petugas, verifikator):
    names = ["Bakso Cak Man", "Keripik Bu Wiji", LONG, "Soto Pak Djo", "Tempe Sanan"]
    return [make_business(by=petugas, decided_by=verifikator, name=name, rw=3) for name in names]


def press_until(page, key, reached, most=80):
    """Press a key until the focus is where `reached` (a selector) says."""
    for _ in range(most):
        if page.evaluate("selector => document.activeElement.matches(selector)", reached):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{reached} was not reached with {key}")


def test_three_businesses_get_another_rw_by_keyboard_alone(live, petugas, shops):
    page = live.open("/usaha/", user=petugas)
    press_until(page, "Tab", "input[data-pick]")
    for n in range(3):
        page.keyboard.press("Space")
        if n < 2:
            page.keyboard.press("Tab")
            press_until(page, "Tab", "input[data-pick]")
    assert page.locator("[data-picked]").inner_text() == "3"
    press_until(page, "Tab", "#ubah-banyak button[value=pilih]")
    assert axe(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/ubah-banyak/**")

    press_until(page, "Tab", "input[name=what]")
    page.keyboard.press("Space")
    press_until(page, "Tab", "#b-rw")
    page.keyboard.type("12")
    assert axe(page) == []
    page.keyboard.press("Enter")
    page.wait_for_selector("#b-title")

    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert axe(page) == []
    press_until(page, "Tab", "button[value=kirim]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/kumpulan/**")

    batch = Batch.objects.get()
    assert (batch.kind, batch.state, batch.total) == ("bulk", "submitted", 3)
    assert {tuple(s.values["rw"]) for s in batch.submissions.all()} == {(3, 12)}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_list_with_its_menus_open(live, petugas, shops, scheme):
    page = live.open("/usaha/?q=ke&urut=-nama", user=petugas, scheme=scheme)
    for menu in ("Tampilan", "Unduh", "Filter", "Urutan"):
        page.locator(".list-page summary", has_text=menu).first.click()
        assert axe(page) == [], menu
        page.keyboard.press("Escape")
    page.locator("input[data-pick-all]").check()
    assert axe(page) == []
    for path in ("/usaha/cetak/", "/akun/tampilan/", "/pekerjaan/", "/usaha/?q=tidakada"):
        page.goto(path)
        assert axe(page) == [], path


def test_nothing_is_wider_than_a_phone_of_360(live, petugas, shops):
    page = live.open("/usaha/", user=petugas, size="phone")
    page.set_viewport_size({"width": 360, "height": 740})
    every = "/usaha/?kolom=pemilik,telepon,kegiatan,kecamatan,kelurahan,rtrw,alamat,tempat,omzet,keadaan,data"
    for path in (
        "/usaha/?q=k&kelurahan=35.73.01.1007",
        every,
        "/usaha/ubah-banyak/",
        "/akun/tampilan/",
        "/pekerjaan/",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
    page.goto("/usaha/")
    for menu in range(page.locator(".list-page summary").count()):
        summary = page.locator(".list-page summary").nth(menu)
        summary.click()
        box = page.locator(".list-page .menu[open] > :last-child").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 360
        page.keyboard.press("Escape")


def test_rows_are_picked_and_sent_without_javascript(live, petugas, shops):
    page = live.open("/usaha/", user=petugas, javascript=False)
    page.locator("input[name=usaha]").first.check()
    page.get_by_role("button", name="Ubah yang dipilih").click()
    page.get_by_label("RW", exact=True).check()
    page.get_by_label("RW yang baru").first.fill("5")
    page.get_by_role("button", name="Tinjau dulu").click()
    page.get_by_role("button", name="Kirim 1 perubahan").click()

    assert Batch.objects.get().total == 1


def test_a_view_is_saved_from_the_menu_and_opened_again(live, petugas, shops):
    page = live.open("/usaha/?rw=3&urut=-nama&kolom=kelurahan,rtrw", user=petugas)
    page.locator("summary", has_text="Tampilan").click()
    page.get_by_label("Simpan tampilan ini").fill("RW 3")
    page.get_by_role("button", name="Simpan", exact=True).click()
    page.goto("/usaha/")
    page.locator("summary", has_text="Tampilan").click()
    page.get_by_role("link", name="RW 3").click()

    assert page.url.endswith("/usaha/?rw=3&urut=-nama&kolom=kelurahan%2Crtrw")
    assert page.locator("thead th").all_inner_texts()[1:] == ["Usaha↓", "Kelurahan", "RT/RW"]
