"""A report from the lane: made without signal, kept over a closed tab, arriving once with its photo."""

import io
import random

import pytest
from PIL import Image

from registry.models import Region, VisitRequest
from tests.browser import axe
from tests.factories import PASSWORD, make_business
from tests.line import Line

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
PAGE = "/lapor/perlu-didatangi/"
# What the browser itself asks to see whether the worker changed; on a server the scripts' names say so.
WORKERS_OWN = {
    "GET /lapor/sw.js", "GET /static/js/sw.js", "GET /static/js/outbox.js", "GET /static/js/outbox-store.js"
}  # fmt: skip


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
    page.locator("form.is-live").wait_for()
    page.evaluate(
        """() => navigator.serviceWorker.controller ? true : new Promise((yes, no) => {
          navigator.serviceWorker.addEventListener("controllerchange", () => yes(true));
          setTimeout(() => no(new Error("the service worker did not come")), 15000);
        })"""
    )


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
    page.wait_for_load_state("networkidle")
    assert VisitRequest.objects.count() == 1


def sign_in(page, user, to=PAGE):
    page.goto(f"/masuk/?next={to}")
    page.get_by_label("Nama pengguna").fill(user.username)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Masuk").click()
    page.wait_for_url(f"**{to}")


def fill_in(page, name, need="Alat"):
    page.get_by_label("Nama usaha").fill(name)
    page.get_by_text(need, exact=True).tap()


def kept(page):
    """Everything that lies on the phone, as text: what somebody with the phone in hand could read."""
    return page.evaluate(
        """async () => {
          const all = [];
          for (const { name } of await indexedDB.databases()) {
            const done = (asked) => new Promise((yes) => (asked.onsuccess = () => yes(asked.result)));
            const db = await done(indexedDB.open(name));
            const bytes = (key, value) =>
              value instanceof ArrayBuffer ? new TextDecoder("latin1").decode(value) : value;
            for (const store of db.objectStoreNames) {
              const rows = await done(db.transaction(store).objectStore(store).getAll());
              all.push(`${name}/${store}: ${JSON.stringify(rows, bytes)}`);
            }
            db.close();
          }
          return all.join("\\n");
        }"""
    )


def test_a_lost_session_and_two_officers_on_one_phone_lose_nothing(live, line, petugas, petugas_dinoyo):
    page = live.open("/privasi/", size="phone", url=line.url, workers=True)
    sign_in(page, petugas)
    ready(page)
    cut(page, line)
    fill_in(page, "Warung Bu Jumi")
    page.get_by_role("button", name="Kirim laporan").tap()
    page.locator("#kotak").get_by_text("Menunggu sinyal").wait_for()

    # the session ends meanwhile: it asks to sign in, and keeps the item
    page.context.clear_cookies(name="sessionid")
    mend(page, line)
    page.reload()
    page.locator("[data-banner=signed-out]", has_text="Sesi Anda berakhir.").wait_for()
    page.locator("#kotak").get_by_text("Warung Bu Jumi").wait_for()
    assert axe(page) == []
    assert VisitRequest.objects.count() == 0

    # another officer takes the phone: sees nothing of it, and sends what is theirs
    sign_in(page, petugas_dinoyo)
    page.locator("[data-banner=others]", has_text="1 catatan petugas lain menunggu").wait_for()
    assert page.locator("#kotak li").count() == 0
    assert "Jumi" not in kept(page) and "Warung" not in kept(page)
    fill_in(page, "Toko Pak Darmo", "Bahan")
    page.get_by_role("button", name="Kirim laporan").tap()
    page.locator("#kotak").get_by_text("Terkirim", exact=True).wait_for()
    assert [(row.told_by, row.told_name) for row in VisitRequest.objects.all()] == [
        (petugas_dinoyo, "Toko Pak Darmo")
    ]
    assert "Darmo" not in kept(page)

    # signing out leaves the phone without key, names and drafts that could be read
    page.get_by_label("Nama usaha").fill("Bakso Cak Man")
    page.wait_for_timeout(900)
    page.goto("/akun/")
    page.get_by_text("Menu", exact=True).first.tap()
    page.get_by_role("button", name="Keluar").tap()
    page.wait_for_url(line.url + "/")
    assert "keys" not in kept(page) and "Bakso" not in kept(page)
    page.goto(PAGE)
    page.locator("[data-banner=nobody]", has_text="Masuk dulu.").wait_for()
    assert page.locator("#kotak li").count() == 0

    # its author comes back: exactly one arrives
    sign_in(page, petugas)
    page.locator("#kotak").get_by_text("Terkirim", exact=True).wait_for()
    assert VisitRequest.objects.get(told_by=petugas).told_name == "Warung Bu Jumi"
    assert VisitRequest.objects.count() == 2


def test_a_photo_broken_on_its_way_and_a_full_phone(live, line, petugas, photo, tmp_path):
    page = live.open(PAGE, user=petugas, size="phone", url=line.url, workers=True)
    ready(page)

    # what is no photo for this phone, in words
    heic = tmp_path / "IMG_0001.HEIC"
    heic.write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 2000)
    page.locator("[name=photo_file]").set_input_files(heic)
    page.locator("[data-error=photo]", has_text="HEIC").wait_for()
    large = tmp_path / "besar.jpg"
    with large.open("wb") as file:
        file.truncate(41 * 1024**2)
    page.locator("[name=photo_file]").set_input_files(large)
    page.locator("[data-error=photo]", has_text="40 MB").wait_for()

    # the text arrives, the line breaks in the middle of the photo, and it goes again
    fill_in(page, "Warung Bu Jumi")
    page.locator("[name=photo]").set_input_files(photo)
    page.get_by_text("Foto siap").wait_for()
    line.limit = 100_000
    page.get_by_role("button", name="Kirim laporan").tap()
    page.locator("#kotak").get_by_text("Foto menunggu").wait_for()
    row = VisitRequest.objects.get()
    assert line.broken and not row.photo
    line.limit = None
    page.locator("#kotak").get_by_role("button", name="Kirim sekarang").tap()
    page.locator("#kotak").get_by_text("Terkirim", exact=True).wait_for()
    row.refresh_from_db()
    assert row.photo and VisitRequest.objects.count() == 1

    # no room: said, what lies there stays, and the text can go without its photo
    fill_in(page, "Toko Pak Darmo")
    page.locator("[name=photo]").set_input_files(photo)
    page.get_by_text("Foto siap").wait_for()
    page.evaluate(
        """() => {
          const put = IDBObjectStore.prototype.put;
          IDBObjectStore.prototype.put = function (value, key) {
            if (this.name === "photos") throw new DOMException("full", "QuotaExceededError");
            return put.apply(this, arguments);
          };
        }"""
    )
    page.get_by_role("button", name="Kirim laporan").tap()
    hears(page, "Penyimpanan ponsel penuh.")
    assert page.get_by_label("Nama usaha").input_value() == "Toko Pak Darmo"
    page.get_by_role("button", name="Simpan tanpa foto").tap()
    page.locator("#kotak li[data-state=sent]").nth(1).wait_for()
    assert VisitRequest.objects.get(told_name="Toko Pak Darmo").photo.name == ""


def test_a_known_business_in_few_taps_at_360_pixels_and_nothing_loaded_again(live, line, petugas, city):
    Region.objects.filter(pk=city["Purwantoro"].pk).update(latitude="-7.95", longitude="112.65")
    make_business(name="Keripik Tempe Bu Sri Wahyuni Sejahtera Abadi Sanan Malang Raya", rw=15)
    page = live.open("/privasi/", user=petugas, size="phone", url=line.url, workers=True)
    page.set_viewport_size({"width": 360, "height": 740})
    page.context.grant_permissions(["geolocation"], origin=line.url)
    page.context.set_geolocation({"latitude": -6.2, "longitude": 106.8, "accuracy": 12})
    page.goto("about:blank")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(PAGE)
    ready(page)
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if url.endswith("woff2")]

    # later visits load nothing: page, styles, scripts, icons and names lie on the phone
    line.asked.clear()
    page.reload()
    page.wait_for_selector("form.is-live")
    page.wait_for_load_state("networkidle")
    assert set(line.asked) <= WORKERS_OWN

    taps = 0

    def tap(target):
        nonlocal taps
        target.tap()
        taps += 1

    tap(page.get_by_label("Nama usaha"))
    for letter in "sri":
        page.keyboard.press(letter)
        taps += 1
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, input, select, textarea, .chip, .segmented label")]
          .map((e) => [e, e.getBoundingClientRect()])
          .filter(([e, box]) => box.width > 1 && box.height > 1 && box.height < 44)
          .filter(([e]) => !e.matches(".visually-hidden, .skip, [type=file]"))
          .map(([e, box]) => `${e.outerHTML.slice(0, 80)} ${box.height}`)"""
    )
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    tap(page.get_by_role("button", name="Keripik Tempe Bu Sri"))
    tap(page.get_by_text("Kemasan", exact=True))
    tap(page.get_by_text("Mendesak"))
    tap(page.get_by_role("button", name="Pakai lokasi saya"))
    page.get_by_text("Lokasi terisi, ketelitian sekitar 12 meter.").wait_for()
    tap(page.get_by_role("button", name="Kirim laporan"))
    page.locator("#kotak").get_by_text("Terkirim", exact=True).wait_for()
    assert taps <= 12
    assert VisitRequest.objects.get().business is not None
    # the phone was in another city: accepted, and said
    page.locator("#kotak").get_by_text("Titik lokasinya jauh dari kota ini.").wait_for()
    assert VisitRequest.objects.get().place_is_doubtful
