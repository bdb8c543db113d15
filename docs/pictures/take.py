"""Take every picture of the README and the guides again, from a running demo.

    make demo                                                # in one window: the site and its worker
    .venv/bin/python docs/pictures/take.py                   # in another
    .venv/bin/python docs/pictures/take.py --only petugas    # names that begin so

Only for a demo: it signs in with the demo password, uploads a list of three invented businesses without
sending it, fills in forms without sending them, and changes nothing else. Needs requirements-dev.txt and
Chromium.
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
BLOCK = (
    "Nama usaha\tProduk\tKelurahan\tRT\tRW\tTelepon\n"
    "Soto Contoh Pak Man\tSoto ayam\tPurwantoro\t3\t4\t081200004321\n"
    "Keripik Contoh Bu Tin\tKeripik singkong\tPurwantoro\t5\t1\t0812\n"
    "Kopi Contoh Lereng\tKopi bubuk\tPurwantoro\t2\t2\t\n"
)


class Camera:
    """One browser; a signed-in page per user and size."""

    def __init__(self, browser, site, only):
        self.browser, self.site, self.only, self.pages, self.taken = browser, site, only, {}, []

    def page(self, user=None, size=DESKTOP, **cookies):
        """The page of this user and size; cookies: tema="dark", bahasa="en"."""
        key = (user, size["width"], *cookies.items())
        if key not in self.pages:
            context = self.browser.new_context(viewport=size, locale="id-ID")
            context.add_cookies([{"name": n, "value": v, "url": self.site} for n, v in cookies.items()])
            page = context.new_page()
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

    def shoot(self, name, path, *, user=None, size=DESKTOP, height=None, width=None, before=None, **cookies):
        """Save `name`.png of `path`, after `before(page)`, its lower and right part cut off if asked."""
        if not self.wants(name):
            return
        page = self.page(user, size, **cookies)
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
        camera.shoot("usaha-publik-layar", path)
    camera.shoot("direktori", "/direktori/?q=krupuk")
    camera.shoot("direktori-gelap", "/direktori/?q=batik", tema="dark")
    camera.shoot("direktori-inggris", "/direktori/?q=kopi", bahasa="en")
    camera.shoot("peta", "/direktori/peta/?subsector=kuliner")
    camera.shoot("angka", "/direktori/angka/?kecamatan=35.73.01")
    camera.shoot("kelurahan", "/kelurahan/purwantoro/")
    camera.shoot("beranda-inggris", "/", size=PHONE, bahasa="en")


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
    camera.shoot("petugas-persetujuan", "/usaha/baru/", user=user, size=PHONE, before=_to_consent)
    camera.shoot("petugas-kiriman", "/data-saya/?status=returned", user=user, size=PHONE)
    camera.shoot("petugas-deret", "/usaha/deret/", user=user, before=_paste, height=640)
    if camera.wants("petugas-pindah"):
        link = "a[href^='/data-saya/']:has-text('Pindah dari')"
        path = camera.first("/", link, "petugas.dinoyo")
        camera.shoot("petugas-pindah", path, user="petugas.dinoyo", size=PHONE)
    if camera.wants("petugas-keadaan"):
        path = camera.first("/usaha/", "tbody a[href^='/usaha/']", user)
        camera.shoot(
            "petugas-keadaan",
            path + "keadaan/",
            user=user,
            size=PHONE,
            before=press("label:has-text('Musiman')"),
        )
        camera.shoot("petugas-ganti-pemilik", path + "ganti-pemilik/", user=user, size=PHONE)


def _to_consent(page):
    """Walk the steps of the phone to the last one, where the owner's consent stands."""
    while page.locator("[data-step-next]:visible").count():
        page.locator("[data-step-next]:visible").click()
    unfold("Persetujuan")(page)
    scroll("[name=consents]", 260)(page)


def _paste(page):
    """Put three invented rows into the grid and have them looked at; nothing is sent."""
    page.locator("summary:has-text('Tempel blok')").click()
    page.fill("#deret-blok", BLOCK)
    page.locator("button[value=block]").click()
    page.wait_for_load_state()
    page.locator("button.btn[value=check]").click()
    page.wait_for_load_state()
    page.evaluate("window.scrollTo(0, 0)")


def field(camera):
    """Reports, visits, forums and the monthly report; nothing is sent."""
    officer, staff = "petugas.purwantoro", "program"
    camera.shoot("petugas-lapor", "/lapor/perlu-didatangi/", user=officer, size=PHONE)
    camera.shoot("petugas-laporan", "/laporan/?lihat=selesai", user=officer, size=PHONE, height=640)
    camera.shoot("petugas-masih-aktif", "/lapor/masih-aktif/", user=officer, size=PHONE)
    camera.shoot("petugas-usulan", "/lapor/usulan/", user=officer, size=PHONE, before=_at_a_forum)
    camera.shoot("papan-kunjungan", "/kunjungan/papan/", user=staff)
    camera.shoot("kebutuhan", "/kebutuhan/", user=staff)
    camera.shoot("usulan-warga", "/usulan-warga/", height=640)
    camera.shoot("instansi-beranda", "/", user="opd.dinkes", height=420)
    if camera.wants("kunjungan"):
        told = camera.page(staff).request.get(camera.site + "/api/v1/follow-ups/?limit=100").json()["results"]
        visit = next(row["visit"] for row in told if row["visit"])
        camera.shoot("kunjungan", f"/kunjungan/{visit}/", user=staff)
    if camera.wants("usulan-jawab"):
        path = camera.first("/usulan/?state=new", "tbody a[href^='/usulan/']", staff)
        camera.shoot("usulan-jawab", path, user=staff, height=640)
    if camera.wants("lurah-bulanan"):
        path = camera.first("/", "main a[href^='/laporan/bulanan/']", "lurah.purwantoro")
        camera.shoot("lurah-bulanan", path, user="lurah.purwantoro")


def _at_a_forum(page):
    """Fill in a line of a Musrenbang; nothing is sent."""
    page.select_option("#id_forum", "musrenbang")
    page.fill("#id_place", "Kantor kelurahan")
    page.fill("#id_rt", "3")
    page.fill("#id_rw", "5")
    page.select_option("#id_need", "packaging")
    page.fill("#id_text", "Kemasan keripik supaya tahan lama di toko.")
    page.locator("details[data-forum] > summary").click()
    page.evaluate("window.scrollTo(0, 0)")


def readers(camera):
    camera.shoot("lurah-beranda", "/", user="lurah.purwantoro", height=560)
    camera.shoot("usaha-daftar", "/usaha/", user="lurah.purwantoro")
    camera.shoot(
        "usaha-filter", "/usaha/", user="kepala", before=press("form.filter-bar details.menu > summary")
    )
    camera.shoot(
        "usaha-tampilan",
        "/usaha/?kecamatan=35.73.02",
        user="operator",
        before=press("summary:has-text('kolom')"),
    )
    camera.shoot("pimpinan-beranda", "/", user="kepala", height=560)
    camera.shoot("kasi-antrean", "/verifikasi/", user="kasi", height=560)
    if camera.wants("auditor-riwayat"):
        path = camera.first(
            "/data-saya/?status=approved", "a[href^='/data-saya/'].row-link", "petugas.purwantoro"
        )
        camera.shoot("auditor-riwayat", path, user="auditor")
    camera.shoot("auditor-jejak", "/jejak/", user="auditor", height=640)


def office(camera):
    camera.shoot("operator-beranda", "/", user="operator", height=620)
    camera.shoot("operator-unggah", "/unggah/", user="operator")
    camera.shoot(
        "operator-ubah-banyak",
        "/usaha/?kelurahan=35.73.05.1004&q=keramik",
        user="operator",
        before=_many,
        height=640,
    )
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
        camera.shoot("verifikasi-betulkan", busy, user="verifikator", before=_mend)
        camera.shoot("verifikasi-bersama", "/verifikasi/bersama/", user="verifikator")
        camera.shoot("verifikasi-sampel", "/verifikasi/sampel/", user="verifikator", height=640)
        path = camera.first("/verifikasi/", "a[href^='/verifikasi/kumpulan/']", "verifikator")
        camera.shoot("verifikasi-kumpulan", path, user="verifikator", height=640)


def _many(page):
    """Pick four businesses, give them one RW and look at what would change; nothing is sent."""
    for box in page.locator("tbody input[type=checkbox]").all()[:4]:
        box.check()
    page.locator("button:has-text('Ubah yang dipilih')").click()
    page.locator("main input[type=radio]").first.check()
    page.fill("#b-rw", "7")
    page.locator("button:has-text('Tinjau dulu')").click()


def _mend(page):
    """Correct the last field that is compared; nothing is sent."""
    page.locator("[data-review] summary:has-text('Perbaiki'):visible").last.click()
    field = page.locator("[data-review] details[open] input:visible, details[open] textarea:visible").first
    field.fill(field.input_value() + " lama")
    page.locator("label:has-text('Salah ketik diperbaiki')").click()


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
    camera.shoot("admin-jabatan", "/jabatan/", user="admin", height=560)
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
        for part in (visitors, officers, field, readers, office, keepers):
            part(camera)
        browser.close()
    print(
        f"{len(camera.taken)} pictures, {sum(p.stat().st_size for p in HERE.glob('*.png')) // 1024} kB in all"
    )


if __name__ == "__main__":
    main()
