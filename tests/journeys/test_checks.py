"""A sheet keyed in by keys alone, and a slip of the thumb taken back after it was sent."""

import pytest
from playwright.sync_api import expect

from registry.models import Business, Check, Sheet
from tests.browser import axe
from tests.factories import make_business
from tests.journeys.test_walk_offline import until

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lane(city, operator, verifikator):
    rows = [
        make_business(name=f"Warung {n}", rw=5, rt=1, by=operator, decided_by=verifikator)
        for n in range(1, 6)
    ]
    Business.objects.update(last_confirmed_on=None)
    return rows


def test_a_sheet_is_keyed_in_by_keys_alone(live, petugas, city, lane):
    sheet = Sheet.make(kelurahan=city["Purwantoro"], rw=5, by=petugas)
    page = live.open("/masih-aktif/lembar/", user=petugas)
    page.get_by_label("Kode di pojok kanan atas").fill(sheet.code.lower())
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{sheet.code}/isi/")
    assert axe(page) == []

    page.keyboard.type("1a 2q 9t")  # the line has the focus
    page.keyboard.press("Enter")
    page.get_by_text("huruf q tidak dikenal").wait_for()
    assert page.get_by_text("lembar ini bernomor 1 sampai 5").is_visible()
    assert not Check.objects.exists()

    page.get_by_label("Nomor dan huruf").fill("1a 2t")
    page.locator("summary", has_text="Atau pilih di daftar").press("Enter")
    page.locator("[data-number='3'] input").first.focus()
    page.keyboard.press("x")
    page.keyboard.press("ArrowRight")  # from number 4, its second letter
    expect(page.locator("[data-sheet-count]")).to_have_text("4/5")
    page.keyboard.press("Control+s")
    page.get_by_text("4 jawaban tersimpan").wait_for()
    assert list(Check.objects.order_by("business__name").values_list("answer", flat=True)) == [
        "active",
        "closed",
        "not_found",
        "temporary",
    ]


def test_a_slip_is_taken_back_after_it_was_sent(live, petugas, lane):
    page = live.open("/lapor/masih-aktif/?rw=5", user=petugas, size="phone")
    page.get_by_role("button", name="Tutup permanen").tap()
    until(
        page, "Outbox.items().then((items) => items.length && items.every((each) => each.state === 'sent'))"
    )
    assert Check.objects.get().submission.status == "submitted"

    page.get_by_role("button", name="Batalkan").tap()
    page.locator("[data-name]", has_text="Warung 1").wait_for()

    check = Check.objects.get()
    assert check.taken_back_at
    assert check.submission.status == "withdrawn"
    page.get_by_role("button", name="Aktif", exact=True).tap()
    page.locator("[data-name]", has_text="Warung 2").wait_for()
