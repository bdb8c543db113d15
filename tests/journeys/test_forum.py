"""A forum without signal: every line arrives once, is answered, and everybody reads what became of it."""

import pytest
from playwright.sync_api import expect

from programs.models import Proposal
from tests.browser import axe
from tests.factories import make_business
from tests.line import Line

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
PAGE = "/lapor/usulan/"


@pytest.fixture
def line(live):
    made = Line(live.url)
    yield made
    made.close()


def ready(page):
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("document.querySelector('form.is-live') && navigator.serviceWorker.controller")


def say(page, need, text, rw="5", name=""):
    page.get_by_label("RW", exact=True).fill(rw)
    page.get_by_label("Kebutuhan").select_option(label=need)
    page.locator("#id_text").fill(text)
    page.get_by_label("Usaha yang disebut").fill(name)
    page.keyboard.press("Control+Enter")
    page.locator("[data-told]", has_text="Tersimpan").wait_for()
    expect(page.locator("#id_text")).to_have_value("")


def test_what_a_forum_says_without_signal_arrives_once_and_is_answered(live, line, petugas, operator, city):
    business = make_business(name="Keripik Bu Wiji", rw=5)
    page = live.open(PAGE, user=petugas, size="phone", url=line.url, workers=True)
    ready(page)
    page.get_by_label("Forum", exact=True).select_option(label="Musrenbang")
    page.get_by_label("Tempat").fill("Balai RW 5")
    assert axe(page) == []

    line.cut()
    page.context.set_offline(True)
    say(page, "Kemasan", "Minta kemasan", name="Keripik Bu Wiji")
    page.reload()  # the shell comes from the phone, the forum stays
    page.wait_for_selector("form.is-live")
    assert "Musrenbang" in page.locator("[data-forum-told]").inner_text()
    say(page, "Alat", "Minta oven", rw="7", name="Belum Terdata")
    expect(page.locator("#kotak li")).to_have_count(2)
    assert axe(page) == []
    assert Proposal.objects.count() == 0

    line.mend()
    page.context.set_offline(False)
    page.locator("#kotak").get_by_text("Terkirim", exact=True).nth(1).wait_for()
    packs, oven = Proposal.objects.order_by("rw")
    assert (packs.business, packs.forum, packs.place, packs.rw) == (business, "musrenbang", "Balai RW 5", 5)
    assert (oven.business, oven.text) == (None, "Minta oven\n(Belum Terdata)")

    desk = live.open(packs.get_absolute_url(), user=operator)
    assert axe(desk) == []
    desk.get_by_text("Terlaksana", exact=True).click()
    desk.get_by_label("Jawaban untuk kelurahan").fill("Sudah dibagikan.")
    desk.get_by_label("Ringkasan untuk umum").fill("Kemasan dibagikan kepada warga.")
    desk.keyboard.press("Control+s")
    desk.get_by_text("Jawaban tersimpan.").wait_for()

    visitor = live.open("/usulan-warga/?need=packaging")
    visitor.get_by_text("Kemasan dibagikan kepada warga.").wait_for()
    assert "Wiji" not in visitor.content() and "Balai" not in visitor.content()


def test_the_menu_folds_and_nothing_runs_over(live, petugas, verifikator):
    for user, widths in ((petugas, (1366, 360)), (verifikator, (1366, 1100, 820))):
        for width in widths:
            page = live.open("/privasi/", user=user)
            page.set_viewport_size({"width": width, "height": 800})
            page.goto("/")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, width
            bar = page.locator(".wide-nav")
            if bar.is_visible():
                assert page.evaluate(
                    "Array.from(document.querySelectorAll('header .container-fluid > *'))"
                    ".every(e => e.getBoundingClientRect().right <= innerWidth)"
                ), width
                bar.get_by_text("Lapangan").click()
                bar.get_by_role("link", name="Kebutuhan").wait_for()
            else:
                page.locator("header details.menu > summary").last.click()
                page.locator("header .menu-fold > summary").click()
                page.locator("header .menu-fold").get_by_role("link", name="Kebutuhan").wait_for()
            assert axe(page) == []
            page.context.close()
