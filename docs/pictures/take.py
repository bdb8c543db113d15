"""Take every picture of the README and the guides again, from a running demo.

    make demo                                                # in one window: the site and its worker
    .venv/bin/python docs/pictures/take.py                   # in another
    .venv/bin/python docs/pictures/take.py --only petugas    # names that begin so

Only for a demo: it signs in with the demo password, uploads a list of three invented businesses without
sending it, and changes nothing else. Needs requirements-dev.txt and Chromium.
"""

import argparse
import io
import os
import re
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1366, "height": 768}
LARGEST = 150_000  # bytes of one picture
LIST = (
    "Nama Usaha;Produk;Kelurahan;RT;RW;No HP;NIK\n"
    "Kopi Lereng Contoh;Kopi bubuk;Purwantoro;01;02;081200001234;3.57302E+15\n"
    "Batik Contoh Asri;Batik tulis;Dinoyoo;3;4;08120000;\n"
    ";Keripik;Dinoyo;5;1;;\n"
)


class Camera:
    """One browser; a signed-in page per user and size."""

    def __init__(self, browser, site, only):
        self.browser, self.site, self.only, self.pages, self.taken = browser, site, only, {}, []

    def page(self, user=None, size=DESKTOP):
        key = (user, size["width"])
        if key not in self.pages:
            page = self.browser.new_context(viewport=size, locale="id-ID").new_page()
            if user:
                page.goto(self.site + "/masuk/")
                page.fill("input[name=login]", user)
                page.fill("input[name=password]", "demo-umkm")
                page.press("input[name=password]", "Enter")
                page.wait_for_load_state()
                if "/masuk/" in page.url:
                    sys.exit(f"{user} cannot sign in: is this a fresh demo?")
                page.goto(self.site + "/akun/")  # leaves the greeting behind
            self.pages[key] = page
        return self.pages[key]

    def wants(self, name):
        return name.startswith(self.only)

    def shoot(self, name, path, *, user=None, size=DESKTOP, height=None, width=None, before=None):
        """Save `name`.png of `path`, after `before(page)`, its lower and right part cut off if asked."""
        if not self.wants(name):
            return
        page = self.page(user, size)
        page.goto(path if path.startswith("http") else self.site + path)
        if before:
            before(page)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(200)
        box = {"x": 0, "y": 0, "width": width or size["width"], "height": height or size["height"]}
        self.save(name, page.screenshot(clip=box))

    def save(self, name, data):
        """Few colours, small files: the palette is calm, so nothing is lost that a reader would miss."""
        picture = Image.open(io.BytesIO(data)).convert("RGB")
        for colours in (192, 96, 48):
            packed = io.BytesIO()
            picture.quantize(colours, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
            if packed.tell() < LARGEST:
                break
        (HERE / f"{name}.png").write_bytes(packed.getvalue())
        self.taken.append(name)
        print(f"{name}.png  {packed.tell() // 1024} kB")

    def first(self, path, selector, user=None):
        """The address behind the first link that `selector` finds on `path`."""
        page = self.page(user)
        page.goto(self.site + path)
        return self.site + page.locator(selector).first.get_attribute("href")


def unfold(*words):
    """Open the folds whose heading contains one of `words` and close the others."""

    def act(page):
        for fold in page.locator("#isian details").all():
            heading = fold.locator("summary").first.inner_text()
            wanted = any(word in heading for word in words)
            fold.evaluate("(e, on) => { e.open = on }", wanted)
        page.evaluate("window.scrollTo(0, 0)")

    return act


def press(selector):
    return lambda page: page.locator(selector).first.click()


def scroll(selector, above=70):
    """Bring `selector` under the bar at the top of the page."""
    return lambda page: page.evaluate(
        "([s, n]) => window.scrollTo(0, document.querySelector(s).getBoundingClientRect().top + scrollY - n)",
        [selector, above],
    )


def visitors(camera):
    camera.shoot("beranda", "/")
    camera.shoot("direktori-ponsel", "/direktori/?q=keripik", size=PHONE)
    camera.shoot("direktori-filter", "/direktori/?q=keripik", size=PHONE, before=press("a[href='#saring']"))
    if camera.wants("usaha-publik"):
        path = _richest(camera)
        camera.shoot("usaha-publik", path, size=PHONE)


def _richest(camera):
    """The page of the business that shows the public most: photo, product, licence, number, short name."""
    address, best = camera.site + "/api/v1/businesses/?limit=100", None
    for _turn in range(6):
        answer = camera.page().request.get(address).json()
        for row in answer["results"]:
            shown = sum(
                bool(row[key]) for key in ("photos", "products", "licences", "phone", "opening_hours")
            )
            rank = (bool(row["photos"]), shown, -len(row["name"]))
            best = max(best or (rank, row["url"]), (rank, row["url"]))
        address = answer["next"]
        if not address:
            break
    return best[1]


def officers(camera):
    user = "petugas.purwantoro"
    camera.shoot("petugas-beranda", "/", user=user, size=PHONE)
    camera.shoot("petugas-usaha-baru", "/usaha/baru/", user=user, size=PHONE)
    camera.shoot(
        "petugas-persetujuan",
        "/usaha/baru/",
        user=user,
        size=PHONE,
        before=lambda page: (unfold("Persetujuan")(page), scroll("[name=consents]", 260)(page)),
    )
    camera.shoot("petugas-kiriman", "/data-saya/?status=returned", user=user, size=PHONE)


def readers(camera):
    camera.shoot("lurah-beranda", "/", user="lurah.purwantoro", height=560)
    camera.shoot("usaha-daftar", "/usaha/", user="lurah.purwantoro")
    camera.shoot(
        "usaha-filter", "/usaha/", user="kepala", before=press("form.filter-bar details.menu > summary")
    )
    camera.shoot("pimpinan-beranda", "/", user="kepala", height=560)
    if camera.wants("auditor-riwayat"):
        path = camera.first("/data-saya/?status=approved", "a[href^='/data-saya/'].row-link", "operator")
        camera.shoot("auditor-riwayat", path, user="auditor")


def office(camera):
    camera.shoot("operator-beranda", "/", user="operator", height=620)
    camera.shoot("operator-unggah", "/unggah/", user="operator")
    if camera.wants("operator-hasil"):
        page = camera.page("operator")
        page.goto(camera.site + "/unggah/")
        page.set_input_files(
            "input[name=file]", {"name": "daftar-contoh.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
        )
        page.locator("form button.btn-primary").first.click()
        page.wait_for_load_state()
        page.locator("#baris").wait_for(timeout=60_000)  # appears once the worker has read the list
        camera.shoot("operator-hasil", page.url, user="operator", height=620)
    camera.shoot("verifikasi-antrean", "/verifikasi/", user="verifikator")
    if camera.wants("verifikasi"):
        path = camera.first("/verifikasi/?kind=register", "tbody a[href^='/verifikasi/']", "verifikator")
        camera.shoot("verifikasi-baru", path, user="verifikator")
        busy = _busiest(camera)
        camera.shoot("verifikasi", busy, user="verifikator")
        camera.shoot("verifikasi-perbaikan", busy, user="verifikator", before=press("summary[data-key=p]"))


def _busiest(camera):
    """Of the first waiting changes, the one with the most rows to compare: it shows the page best."""
    page = camera.page("verifikator")
    page.goto(camera.site + "/verifikasi/?kind=change&kelurahan=35.73.01.1007")
    paths = [a.get_attribute("href") for a in page.locator("tbody a[href^='/verifikasi/']").all()][:12]
    found = {}
    for path in paths:
        page.goto(camera.site + path)
        found[path] = page.locator("[data-review] table tbody tr").count()
    return max(found, key=found.get)


def keepers(camera):
    camera.shoot("admin-daftar", "/admin/", user="admin", height=520)
    camera.shoot("admin-akun", "/admin/accounts/user/add/", user="admin", height=560)
    camera.shoot("admin-jabatan", "/admin/registry/post/add/", user="admin", height=480)
    camera.shoot("akun", "/akun/", user="admin", height=400)
    camera.shoot("api", "/api/v1/docs/", before=lambda page: page.wait_for_timeout(2500))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("site", nargs="?", default="http://127.0.0.1:8000")
    parser.add_argument("--only", default="", help="take the pictures whose name begins so")
    given = parser.parse_args()
    if not re.match(r"https?://(127\.0\.0\.1|localhost)(:\d+)?/?$", given.site):
        sys.exit("Only from a demo on this computer.")
    if not CHROMIUM:
        sys.exit("Chromium not found; name it in CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        )
        camera = Camera(browser, given.site.rstrip("/"), given.only)
        for part in (visitors, officers, readers, office, keepers):
            part(camera)
        browser.close()
    print(
        f"{len(camera.taken)} pictures, {sum(p.stat().st_size for p in HERE.glob('*.png')) // 1024} kB in all"
    )


if __name__ == "__main__":
    main()
