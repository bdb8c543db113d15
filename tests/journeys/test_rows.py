"""Forty businesses copied from a workbook, five of them with a mistake, by keys alone and on a phone."""

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from registry.models import Submission
from tests import factories
from tests.browser import axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

URL = "/usaha/deret/"
HEADER = "No\tNama Usaha\tJenis Produk\tKelurahan\tRT/RW\tNo. HP/WA\tNama Pemilik\tNIK"
FIRST = ["Ani", "Budi", "Cici", "Dedi", "Eka", "Fitri", "Gita", "Hadi"]
MIDDLE = ["Mawar", "Melati", "Kenanga", "Dahlia", "Anggrek"]
MISTAKES = {  # row of the block -> (column of the block, what stands there, key of the cell, what it becomes)
    4: (3, "Sukun Jaya Abadi", "kelurahan", "Purwantoro"),
    9: (4, "0/5", "rt", "3"),
    17: (5, "0812", "phone", "0812-9999-0017"),
    26: (1, "", "name", "Keripik Bu Rahma"),
    33: (7, "3.57302E+15", "nik", factories.nik(33)),
}


def block():
    lines = [HEADER]
    for n in range(40):
        cells = [
            str(n + 1),
            f'"Keripik {FIRST[n % 8]}\n{MIDDLE[n // 8]}"',  # a line break inside the cell
            "keripik tempe",
            "Kel. Purwantoro",
            f"{n % 9 + 1:03d}/005",
            f"0812-3456-{n:04d}",
            f"Ibu {FIRST[n % 8]} {MIDDLE[n // 8]}",
            factories.nik(1000 + n),
        ]
        if n in MISTAKES:
            cells[MISTAKES[n][0]] = MISTAKES[n][1]
        lines.append("\t".join(cells))
    return "\r\n".join(lines) + "\r\n"


def paste(page, text):
    """What Ctrl+V does in the cell that has the focus."""
    page.evaluate(
        """text => {
            const clipboard = new DataTransfer();
            clipboard.setData("text/plain", text);
            const how = {clipboardData: clipboard, bubbles: true, cancelable: true};
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", how));
        }""",
        text,
    )


def cells(page, key):
    return page.locator(f"input[data-key={key}]")


def focused(page):
    return page.evaluate("[document.activeElement.dataset.key, document.activeElement.value]")


def test_forty_pasted_rows_five_mended_all_arrive_once_by_keys_alone(live, petugas):
    page = live.open(URL, user=petugas)
    assert axe(page) == []
    cells(page, "name").first.focus()

    paste(page, block())

    expect(cells(page, "owner").nth(39)).to_have_value("Ibu Hadi Anggrek")
    assert cells(page, "name").first.input_value() == "Keripik Ani Mawar"
    page.keyboard.press("Escape")
    page.keyboard.press("Control+s")  # as drafts: the thirty-six without a wrong cell
    page.wait_for_selector("text=tersimpan sebagai draf")
    assert Submission.objects.filter(status="draft").count() == 40 - 4
    assert axe(page) == []

    send = page.get_by_role("button", name="Kirim untuk diverifikasi")
    send.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=5 baris perlu dibetulkan")
    assert Submission.objects.filter(status="submitted").count() == 35
    assert axe(page) == []

    # The first wrong cell has the focus; its message is tied to it; the others are links away.
    for number, (_column, _wrong, key, right) in enumerate(MISTAKES.values()):
        if number:
            page.locator("[role=alert] a").nth(number).focus()
            page.keyboard.press("Enter")
        assert focused(page)[0] == key
        described = page.evaluate("document.activeElement.getAttribute('aria-describedby')")
        assert page.locator(f"[id='{described}']").inner_text() != ""
        page.keyboard.press("Control+a")
        page.keyboard.type(right)
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Kirim untuk diverifikasi").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=5 usaha terkirim untuk diverifikasi")

    sent = Submission.objects.filter(status="submitted")
    assert (sent.count(), Submission.objects.count()) == (40, 40)
    assert len(set(sent.values_list("title", flat=True))) == 40
    assert {s.proposed("rw") for s in sent if s.title != "Keripik Budi Melati"} == {5}
    assert all(len(n["nik"]) == 16 for s in sent for n in s.unsealed().values())
    page.reload()
    assert page.locator("input[data-key=name]").first.input_value() == ""


def test_forty_rows_on_a_narrow_phone(live, petugas):
    page = live.open(URL, user=petugas, size="phone")
    page.set_viewport_size({"width": 360, "height": 740})
    page.locator("summary", has_text="Tempel blok").click()
    page.get_by_label("Tempel blok dari Excel").fill(plain())
    page.get_by_role("button", name="Baca blok").click()
    page.wait_for_selector("text=40 baris terisi")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert axe(page) == []

    page.get_by_role("button", name="Kirim untuk diverifikasi").click()

    page.wait_for_selector("text=5 baris perlu dibetulkan")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    for key, right in [(m[2], m[3]) for m in MISTAKES.values()]:
        page.locator(f"input[data-key={key}].is-invalid").fill(right)
    page.get_by_role("button", name="Kirim untuk diverifikasi").click()
    page.wait_for_selector("text=5 usaha terkirim untuk diverifikasi")
    assert Submission.objects.filter(status="submitted").count() == 40


def plain():
    """The block as a phone's clipboard has it, without quoted line breaks."""
    return block().replace("\r\n", "\0").replace("\n", " ").replace("\0", "\n").replace('"', "")


def test_the_keys_of_the_grid(live, petugas):
    page = live.open(URL, user=petugas)
    cells(page, "name").first.focus()
    paste(page, "Kios Satu\tsembako\nKios Dua\tsembako\nKios Tiga\tsembako")
    expect(cells(page, "name").nth(2)).to_have_value("Kios Tiga")
    values = lambda key: [c.input_value() for c in cells(page, key).all()[:4]]  # noqa: E731

    # fill down in its two ways, and back
    for _n in range(3):
        page.keyboard.press("ArrowRight")
    assert focused(page) == ["rt", ""]
    page.keyboard.type("7")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+d")
    assert values("rt") == ["7", "7", "7", ""]
    page.keyboard.press("Control+z")
    assert values("rt") == ["7", "", "", ""]
    page.get_by_role("button", name="Isi ke bawah").click()
    assert values("rt") == ["7", "7", "7", ""]
    assert focused(page) == ["rt", "7"]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+a")
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+d")
    assert values("rt") == ["7", "9", "9", ""]

    # insert, delete, undo
    page.keyboard.press("Alt+Enter")
    assert values("name") == ["Kios Satu", "Kios Dua", "Kios Tiga", ""]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Alt+Delete")
    assert values("name") == ["Kios Satu", "Kios Dua", "", ""]
    page.get_by_role("button", name="Urungkan").click()
    assert values("name")[2] == "Kios Tiga"

    # out of the grid and on with Tab
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.closest('[role=toolbar]') !== null")

    # a column more
    page.locator("summary", has_text="Kolom").click()
    page.get_by_role("checkbox", name="Keterangan").check()
    assert cells(page, "note").count() > 0

    # the paste itself is undone last of all
    page.locator("summary", has_text="Kolom").click()
    for _n in range(8):
        page.get_by_role("button", name="Urungkan").click()
    assert values("activity") == ["", "", "", ""]


def test_what_is_typed_outlives_a_lost_session_and_no_sign_out(live, petugas):
    page = live.open(URL, user=petugas)
    number = factories.nik()
    cells(page, "name").first.focus()
    paste(page, f"Kios Satu\tsembako\t\t\t\t\t\tSiti\t{number}\nKios {number}\tkue")
    expect(cells(page, "name").nth(1)).to_have_value(f"Kios {number}")
    page.wait_for_timeout(500)
    kept = page.evaluate("JSON.stringify(sessionStorage)")
    assert "Kios Satu" in kept
    assert number not in kept

    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Kirim untuk diverifikasi").click()
    page.wait_for_url("**/masuk/**")
    page.get_by_label("Nama pengguna").fill(petugas.username)
    page.get_by_label("Kata sandi").fill(factories.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/usaha/deret/")
    assert cells(page, "name").first.input_value() == "Kios Satu"
    assert page.get_by_text("Isian Anda dipulihkan").is_visible()

    page.locator("details.menu").filter(
        has=page.locator(f"form[action='{reverse('account_logout')}']")
    ).locator("summary").first.click()
    page.get_by_role("button", name="Keluar").click()
    page.wait_for_load_state()
    assert "deret:" not in page.evaluate("JSON.stringify(sessionStorage)")
    live.problems[:] = [p for p in live.problems if "403" not in p]


def test_a_likely_duplicate_is_sent_only_with_its_tick(live, petugas):
    factories.make_business(name="Keripik Sanan Jaya", phone="081234567890")
    page = live.open(URL, user=petugas)
    cells(page, "name").first.focus()
    paste(page, "Nama Usaha\tProduk\tTelepon\nKeripik Sanan Jaya\tkeripik\t081234567890\nKios Baru\tkue\t")
    expect(cells(page, "name").nth(1)).to_have_value("Kios Baru")

    page.get_by_role("button", name="Kirim untuk diverifikasi").click()

    page.wait_for_selector("text=1 baris mungkin sudah ada")
    assert page.get_by_text("telepon sama").is_visible()
    assert axe(page) == []
    page.keyboard.press("Space")  # the tick has the focus
    page.get_by_role("button", name="Kirim untuk diverifikasi").click()
    page.wait_for_selector("text=1 usaha terkirim")
    assert Submission.objects.filter(status="submitted", proposed_by=petugas).count() == 2


def test_without_script_the_form_does_the_same(live, petugas):
    page = live.open(URL, user=petugas, javascript=False)
    page.locator("summary", has_text="Tempel blok").click()
    page.get_by_label("Tempel blok dari Excel").fill(plain())
    page.get_by_role("button", name="Baca blok").click()
    page.get_by_role("button", name="Kirim untuk diverifikasi").click()
    expect(page.get_by_role("heading", name="5 baris perlu dibetulkan")).to_be_visible()
    for key, right in [(m[2], m[3]) for m in MISTAKES.values()]:
        page.locator(f"input.is-invalid[id$='-{key}']").fill(right)
    page.get_by_role("button", name="Kirim untuk diverifikasi").click()
    assert page.get_by_text("5 usaha terkirim untuk diverifikasi").is_visible()
    assert Submission.objects.filter(status="submitted").count() == 40
