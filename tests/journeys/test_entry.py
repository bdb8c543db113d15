"""Entering a business on a phone, with keys only: by steps, warned of a likely duplicate, and never losing
what was typed, not even to a session that ends in the middle."""

import pytest
from django.contrib.sessions.models import Session
from PIL import Image

from registry.models import Submission
from tests.browser import axe
from tests.factories import PASSWORD, make_business, make_kbli

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW = {"width": 360, "height": 740}
NEW = "/usaha/baru/"


def narrow(live, path, user):
    page = live.open("/", user=user, size="phone")
    page.set_viewport_size(NARROW)
    page.goto(path)
    return page


def tab_to(page, selector, limit=60):
    """Press Tab until the element has the focus: what cannot be reached by keys fails here."""
    for _press in range(limit):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by Tab")


def in_the_tab(page):
    """Everything of an entry page that stands in the browser's storage."""
    kept = "Object.entries(sessionStorage).filter(([key]) => key.startsWith('isian:')).flat().join(' ')"
    return page.evaluate(kept)


def fits(page):
    """No sideways scrolling, and nothing for axe to find."""
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert axe(page) == []
    return True


def test_one_business_by_steps_with_keys_only_at_360(live, petugas, verifikator):
    make_kbli("10794", "2025", "Industri kerupuk, keripik, peyek")
    make_kbli()
    make_business(by=petugas, decided_by=verifikator, name="Keripik Tempe Bu Wiji", phone="081234567890")
    page = narrow(live, NEW, petugas)
    assert page.locator("[data-step-of]", has_text="Langkah 1 dari 7").is_visible()
    assert not page.locator("[name=address]").is_visible()

    # The required facts come first; the same business in the registry is named while typing.
    tab_to(page, "[name=name]")
    page.keyboard.type("Kripik Tempe Bu Wiji")
    page.get_by_text("nama beda satu huruf").wait_for()
    assert fits(page)
    page.keyboard.press("Control+a")
    page.keyboard.type("Krupuk Ikan Bu Yayuk")
    page.get_by_text("Mungkin sudah tercatat", exact=True).wait_for(state="detached")
    tab_to(page, "[name=activity]")
    page.keyboard.type("kerupuk ikan")
    page.get_by_text("Boleh dikirim sekarang").wait_for()
    page.locator("[data-saved-text]", has_text="Tersimpan").wait_for()

    # Enter on Berikutnya leads through the steps; a wrong value is named without moving the focus.
    tab_to(page, "[data-step-next]")
    page.keyboard.press("Enter")
    page.locator("[data-step-of]", has_text="Langkah 2 dari 7").wait_for()
    tab_to(page, "[name=rt]")
    page.keyboard.type("lima")
    tab_to(page, "[name=address]")
    page.keyboard.type("Jl. Sanan Gg. III")
    page.locator("#id_rt-langsung").wait_for()
    assert page.evaluate("document.activeElement.name") == "address"
    assert fits(page)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("5")

    for number in (3, 4, 5):
        tab_to(page, "[data-step-next]")
        page.keyboard.press("Enter")
        page.locator("[data-step-of]", has_text=f"Langkah {number} dari 7").wait_for()
    tab_to(page, "[name=kbli]")
    page.keyboard.type("krupuk")
    page.get_by_role("option", name="Industri kerupuk").wait_for()
    assert fits(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.input_value("[name=kbli]") == "2025:10794"

    for number in (6, 7):
        tab_to(page, "[data-step-next]")
        page.keyboard.press("Enter")
        page.locator("[data-step-of]", has_text=f"Langkah {number} dari 7").wait_for()
    assert fits(page)
    tab_to(page, "[value=send][data-at-end]")
    page.keyboard.press("Enter")
    page.get_by_text("Menunggu verifikasi").first.wait_for()

    sent = Submission.objects.get(kind="register", status="submitted")
    told = [sent.proposed(n) for n in ("name", "rt", "address", "kbli")]
    assert told == ["Krupuk Ikan Bu Yayuk", 5, "Jl. Sanan Gg. III", "2025:10794"]
    assert Submission.objects.filter(status="draft").count() == 0
    assert in_the_tab(page) == ""


def test_a_draft_is_kept_over_a_session_that_ended(live, petugas):
    page = narrow(live, NEW, petugas)
    tab_to(page, "[name=name]")
    page.keyboard.type("Keripik Sanan")
    page.locator("[data-saved-text]", has_text="Tersimpan").wait_for()
    draft = Submission.objects.get()

    # The session ends while the officer goes on typing.
    Session.objects.all().delete()
    tab_to(page, "[name=activity]")
    page.keyboard.type("keripik tempe iris tipis")
    page.evaluate("document.querySelector('[data-step-link=\"3\"]').click()")
    tab_to(page, "[name='owner-0-name']")
    page.keyboard.type("Wiji Lestari")
    tab_to(page, "[name='owner-0-nik']")
    page.keyboard.type("3573015508800007")
    page.locator("[data-saved-text]", has_text="Sesi Anda berakhir").wait_for()
    draft.refresh_from_db()
    assert draft.proposed("activity") is None

    # In the tab: what was typed, without identity numbers.
    kept = in_the_tab(page)
    assert "iris tipis" in kept and "3573015508800007" not in kept
    assert fits(page)

    # Signing in again leads back; what was typed stands in its place and is saved.
    tab_to(page, "[data-saved] a", limit=90)
    page.keyboard.press("Enter")
    page.wait_for_url("**/masuk/**")
    page.fill("[name=login]", petugas.username)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_text("Isian Anda dikembalikan.").wait_for()
    assert page.get_by_text("isi ulang: NIK").is_visible()
    page.locator("[data-saved-text]", has_text="Tersimpan").wait_for()
    assert fits(page)
    draft.refresh_from_db()
    assert draft.proposed("activity") == "keripik tempe iris tipis"
    assert draft.items[0]["values"]["name"] == "Wiji Lestari"
    assert in_the_tab(page) == ""


def test_signing_out_empties_the_tab_and_another_person_finds_nothing(live, petugas, petugas_dinoyo):
    page = narrow(live, NEW, petugas)
    page.route(
        "**/usaha/baru/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    page.fill("[name=name]", "Keripik Rahasia")
    page.locator("[data-saved-text]", has_text="Tidak ada sambungan").wait_for()
    assert "Rahasia" in in_the_tab(page)

    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("header summary", has_text="Menu").click()
    page.get_by_role("button", name="Keluar").click()
    page.wait_for_load_state()
    assert in_the_tab(page) == ""


def test_a_photo_is_shrunk_here_and_sent_at_once(live, petugas, tmp_path):
    big = tmp_path / "besar.jpg"
    Image.new("RGB", (4000, 3000), "teal").save(big)
    page = narrow(live, NEW + "#langkah-7", petugas)
    page.set_input_files("[name=photos]", big)
    page.get_by_role("img", name="Foto 1").wait_for()

    picture = Submission.objects.get().attachments.get()
    assert (picture.width, picture.height) == (1600, 1200)
    assert fits(page)


def test_without_javascript_it_is_one_long_page(live, petugas):
    page = live.open(NEW, user=petugas, size="phone", javascript=False)
    assert not page.get_by_text("Langkah 1").is_visible()
    page.fill("[name=name]", "Keripik Sanan")
    page.fill("[name=activity]", "keripik")
    page.fill("[name=address]", "Jl. Sanan 47")
    page.get_by_role("button", name="Kirim untuk diverifikasi").click()
    page.get_by_text("Menunggu verifikasi").first.wait_for()
    assert Submission.objects.get().proposed("address") == "Jl. Sanan 47"
