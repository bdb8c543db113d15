"""A session ends while somebody types in an ordinary form: it is sent after signing in, in another tab."""

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from programs.models import Visit
from tests.browser import axe
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


def test_what_was_typed_is_sent_after_signing_in_elsewhere(live, operator, city):
    page = live.open(reverse("visit-new"), user=operator, size="phone")
    page.get_by_label("Nama usaha").fill("Bakso Keliling")
    page.locator("[name=kelurahan]").select_option(label=city["Dinoyo"].name)
    page.get_by_label("Produksi").fill("Bakso\n200 mangkuk")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Simpan kunjungan").click()
    expect(page.get_by_role("heading", name="Isian belum terkirim, dan masih ada.")).to_be_visible()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Masuk di tab baru").click()
    tab = opened.value
    tab.get_by_label("Nama pengguna").fill(operator.username)
    tab.get_by_label("Kata sandi").fill(PASSWORD)
    tab.keyboard.press("Enter")
    tab.wait_for_url(lambda url: "/masuk/" not in url)

    page.get_by_role("button", name="Kirim lagi").click()
    expect(page.get_by_text(f"Anda masuk sebagai {operator.name}")).to_be_visible()
    page.get_by_role("button", name="Kirim lagi").click()
    expect(page.get_by_text("Kunjungan tersimpan.")).to_be_visible()
    visit = Visit.objects.get()
    assert (visit.name, visit.production) == ("Bakso Keliling", "Bakso\n200 mangkuk")
