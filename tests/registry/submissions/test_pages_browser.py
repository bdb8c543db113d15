"""The room's pages in a browser: at 390 px without trouble, and the review by keyboard alone."""

import pytest

from registry.models import Business, Submission
from tests.browser import axe
from tests.factories import make_business, make_submission

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_entry_page_fits_a_phone_and_names_what_is_wrong(live, petugas):
    page = live.open("/usaha/baru/", user=petugas, size="phone")
    page.fill("[name=name]", "Kue Lumpur Mak Nah")
    page.get_by_role("button", name="Berikutnya").click()
    page.fill("[name=rt]", "lima")
    page.locator("[data-steps] summary").click()
    page.get_by_role("link", name="Foto dan persetujuan").click()
    page.get_by_role("button", name="Kirim untuk diverifikasi").click()
    page.get_by_role("heading", name="2 isian perlu diperbaiki").wait_for()

    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    assert page.input_value("[name=rt]") == "lima"
    assert page.locator("[name=activity]").is_visible()  # the step of the first mistake
    page.get_by_role("link", name="RT: ").click()
    assert page.evaluate("document.activeElement.name") == "rt"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert axe(page) == []


def test_a_reviewer_needs_only_keys(live, petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator, workers=3)
    first = make_submission(by=petugas, submit=True, name="Yang Pertama")
    make_submission(by=petugas, kind="change", business=business, workers=5, submit=True)
    page = live.open(first.review_url, user=verifikator)
    assert axe(page) == []

    page.keyboard.press("j")
    page.get_by_role("heading", name="perubahan data").wait_for()
    page.keyboard.press("k")
    page.get_by_role("heading", name="Yang Pertama").wait_for()
    page.keyboard.press("p")
    page.locator("input:focus").wait_for()  # the fold puts the cursor there once it has opened
    page.keyboard.press("Space")  # the first reason
    page.get_by_role("button", name="Kirim permintaan perbaikan").press("Enter")
    page.get_by_text("Diminta diperbaiki: Yang Pertama").wait_for()
    page.keyboard.press("s")
    page.get_by_role("heading", name="Antrean kosong").wait_for()

    first.refresh_from_db()
    assert (first.status, first.reason[:6]) == ("returned", "Alamat")
    assert Business.objects.get(pk=business.pk).workers == 5
    assert not Submission.objects.waiting().exists()
