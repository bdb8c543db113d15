"""A report from the lane: made without signal, kept over a closed tab, arriving once with its photo."""

import io
import random

import pytest
from PIL import Image

from registry.models import VisitRequest
from tests.browser import axe
from tests.factories import make_business
from tests.line import Line

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
PAGE = "/lapor/perlu-didatangi/"


@pytest.fixture
def line(live):
    made = Line(live.url)
    yield made
    made.close()


@pytest.fixture
def photo(tmp_path):
    """A picture as a phone takes it: 12 megapixels that do not press well."""
    noise = Image.frombytes("RGB", (400, 300), random.Random(7).randbytes(400 * 300 * 3))
    buffer = io.BytesIO()
    noise.resize((4000, 3000), Image.NEAREST).save(buffer, "JPEG", quality=95)
    path = tmp_path / "foto.jpg"
    path.write_bytes(buffer.getvalue())
    return path


def ready(page):
    """Wait until the page can do without the network: its worker is there and it knows who works here."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("document.querySelector('form.is-live') && navigator.serviceWorker.controller")


def cut(page, line):
    line.cut()
    page.context.set_offline(True)


def mend(page, line):
    line.mend()
    page.context.set_offline(False)


def hears(page, text):
    """Wait until the line for eyes and readers says so."""
    page.locator("[data-told]", has_text=text).wait_for()


def test_a_report_made_without_signal_arrives_once_with_its_photo(live, line, petugas, city, photo):
    business = make_business(name="Keripik Tempe Bu Sri", rw=5, rt=2)
    page = live.open(PAGE, user=petugas, size="phone", url=line.url, workers=True)
    ready(page)
    assert axe(page) == []

    cut(page, line)
    page.reload()
    page.wait_for_selector("form.is-live")
    page.get_by_label("Nama usaha").tap()
    page.keyboard.type("bu s")
    page.get_by_role("button", name="Keripik Tempe Bu Sri").tap()
    page.get_by_text("Alat", exact=True).tap()
    page.get_by_text("Mendesak").tap()
    page.get_by_label("Catatan").fill("Mesin perajang rusak")
    page.locator("[name=photo]").set_input_files(photo)
    page.get_by_text("Foto siap").wait_for()
    page.get_by_role("button", name="Kirim laporan").tap()
    hears(page, "Tersimpan di ponsel ini. Terkirim sendiri saat ada sinyal.")
    assert axe(page) == []
    context = page.context
    page.close()
    assert VisitRequest.objects.count() == 0

    page = live.watched(context)
    page.goto(PAGE)
    page.locator("#kotak").get_by_text("Menunggu sinyal").wait_for()
    page.locator("#kotak").get_by_text("Keripik Tempe Bu Sri").wait_for()

    mend(page, line)
    page.locator("#kotak").get_by_text("Terkirim", exact=True).wait_for()
    row = VisitRequest.objects.get()
    assert (row.business, row.need, row.urgency, row.note) == (
        business,
        "equipment",
        3,
        "Mesin perajang rusak",
    )
    assert row.photo and row.photo_digest and row.photo.size <= 400_000
    assert "Bu Sri" not in page.locator("#kotak").inner_text()
    page.locator("#kotak").get_by_role("link", name="Lihat").tap()
    page.get_by_role("heading", name="Keripik Tempe Bu Sri").wait_for()
    assert VisitRequest.objects.count() == 1
