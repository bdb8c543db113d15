"""Twenty verifications by keyboard alone, at a desk and at 360 px; two editors who meet at one business."""

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.models import Business, Submission
from registry.submissions.many import propose_many
from tests.browser import axe
from tests.factories import make_business, make_submission

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CLEAN, MENDED, RETURNED, REJECTED = range(17), 17, 18, 19
NAMES = [f"Keripik Tempe Sanan {number:02d}" for number in range(1, 21)]


class Keys:
    """The keyboard of one page, counting what was pressed."""

    def __init__(self, page):
        self.page, self.pressed = page, 0

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def write(self, text):
        self.page.keyboard.type(text)
        self.pressed += len(text)


def twenty(petugas):
    return [
        make_submission(by=petugas, submit=True, name=name, opening_hours="08.00-16.00", address="Jl. Sanan")
        for name in NAMES
    ]


def waits_for(page, name):
    """The named one is open, and the focus is where the keys act."""
    page.get_by_role("heading", level=1, name=name).wait_for()
    assert page.evaluate("document.activeElement.closest('[data-review]') !== null"), name


@pytest.mark.parametrize("width", [1366, 360])
def test_twenty_verifications_by_keyboard_alone(live, petugas, verifikator, width):
    rows = twenty(petugas)
    page = live.open(rows[0].review_url, user=verifikator)
    page.set_viewport_size({"width": width, "height": 800})
    assert axe(page) == []
    keys, clean = Keys(page), []

    for number in CLEAN:
        waits_for(page, NAMES[number])
        before = keys.pressed
        keys.press("s")
        page.get_by_text(f"Disetujui: {NAMES[number]}").wait_for()
        clean.append(keys.pressed - before)
    assert max(clean) <= 2, "a clean one takes at most two keys"

    # One with a typo: B opens the first value, Enter goes on to why, Space picks it, Enter approves.
    waits_for(page, NAMES[MENDED])
    keys.press("b")
    page.locator("#perbaiki-name:focus").wait_for()
    assert page.get_by_role("button", name="Setujui dengan perbaikan").is_visible()
    keys.press("End", "Backspace", "Backspace")
    keys.write("99")
    keys.press("Enter")
    page.locator("#perbaikan-1:focus").wait_for()
    keys.press("Space", "Enter")
    page.get_by_text(f"Disetujui dengan perbaikan: {NAMES[MENDED]}").wait_for()

    # One with a note on a field: C walks from note to note, Escape leaves it, P asks, Enter sends.
    waits_for(page, NAMES[RETURNED])
    keys.press("c")
    page.locator("details[open] input[name='catatan-pola:name']:focus").wait_for()
    keys.press("Space")
    keys.press("p")
    page.locator("#minta-1:focus").wait_for()
    keys.press("Enter")
    page.get_by_text(f"Diminta diperbaiki: {NAMES[RETURNED]}").wait_for()

    # One rejected with a sentence from the list.
    waits_for(page, NAMES[REJECTED])
    keys.press("t")
    page.locator("#tolak-1:focus").wait_for()
    keys.press("Space", "Enter")
    page.get_by_role("heading", name="Antrean kosong").wait_for()

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for row in rows:
        row.refresh_from_db()
    assert [row.status for row in rows] == ["approved"] * 18 + ["returned", "rejected"]
    mended, returned, rejected = (rows[n] for n in (MENDED, RETURNED, REJECTED))
    assert mended.mends == {"name": [NAMES[MENDED], "Keripik Tempe Sanan 99"]}
    assert mended.reason == "Salah ketik diperbaiki."
    assert returned.notes == {"name": "Periksa ejaannya."}
    assert rejected.reason == "Usaha berada di luar Kota Malang."
    assert Business.objects.count() == 18
    assert keys.pressed <= len(CLEAN) + 20, f"{keys.pressed} keys for twenty"


def test_the_keys_act_only_in_the_review_and_can_be_switched_off(live, petugas, verifikator):
    first = twenty(petugas)[0]
    page = live.open(first.review_url, user=verifikator)

    page.locator(".topbar a").first.focus()
    page.keyboard.press("s")
    page.get_by_role("heading", level=1, name=NAMES[0]).wait_for()
    page.locator("[data-review]").focus()
    page.keyboard.press("Enter")  # decides nothing
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    assert dialog.get_by_text("Setujui, minta perbaikan, tolak").is_visible()
    assert axe(page) == []
    dialog.get_by_label("Pakai tombol satu huruf").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.locator("[data-review]").focus()
    page.keyboard.press("s")
    page.keyboard.press("j")
    assert page.get_by_role("heading", level=1, name=NAMES[0]).is_visible()
    assert Submission.objects.waiting().count() == 20

    page.get_by_role("button", name="Tombol papan ketik").first.click()
    page.get_by_role("dialog").get_by_label("Pakai tombol satu huruf").check()
    page.keyboard.press("Escape")
    page.locator("[data-review]").focus()
    page.keyboard.press("j")
    waits_for(page, NAMES[1])


def test_two_editors_of_one_business_and_two_reviewers_of_one_proposal(
    live, petugas, operator, verifikator, verifikator_lain
):
    business = make_business(
        by=petugas,
        decided_by=verifikator,
        workers=3,
        items=[{"kind": "product", "values": {"name": "Keripik", "price_idr": 10000}}],
    )
    product = str(business.products.get().uuid)

    def priced(by, price, workers):
        item = {"op": "change", "kind": "product", "uuid": product, "values": {"price_idr": price}}
        return make_submission(
            by=by, kind="change", business=business, workers=workers, items=[item], submit=True
        )

    first, second = priced(petugas, 12000, 5), priced(operator, 15000, 7)
    here = live.open(first.review_url, user=verifikator)
    there = live.open(first.review_url, user=verifikator_lain, size="phone")

    # The second reviewer comes too late: told who and when, and taken on to the next.
    here.keyboard.press("s")
    here.get_by_text("Disetujui: ").first.wait_for()
    there.get_by_role("button", name="Setujui").click()
    there.get_by_text("keputusan Anda tidak disimpan").wait_for()
    assert there.get_by_text(f"Sudah disetujui oleh {verifikator.name}").is_visible()
    assert there.url.endswith(second.review_url)

    # The second editor's values stand beside today's; without a choice nothing is decided.
    assert there.get_by_text("Data berubah sejak diusulkan.").count() == 2
    there.get_by_role("button", name="Setujui").click()
    there.get_by_role("alert").get_by_text("Pilih nilai yang benar").wait_for()
    assert axe(there) == []
    there.get_by_label("Biarkan yang sekarang: 5").check()
    there.get_by_label("Pakai yang diusulkan: Rp15.000").check()
    there.get_by_role("button", name="Setujui").click()
    there.get_by_role("heading", name="Antrean kosong").wait_for()

    business.refresh_from_db()
    assert (business.workers, business.products.get().price_idr) == (5, 15000)


def test_many_are_approved_together_on_a_phone(live, petugas, verifikator):
    twenty(petugas)
    page = live.open("/verifikasi/", user=verifikator, size="phone")
    assert axe(page) == []
    page.get_by_role("link", name="Setujui bersama").click()
    assert page.get_by_role("heading", name="Sampel: 10 dari 20").is_visible()
    assert axe(page) == []
    page.get_by_label("Sampel sudah saya lihat").check()
    page.get_by_role("button", name="Setujui 20 data").click()
    page.get_by_role("heading", name="20 data disetujui").wait_for()
    assert axe(page) == []
    assert Business.objects.count() == 20


def test_a_bulk_change_is_decided_and_a_sample_read_on_a_phone_in_the_dark(live, operator, verifikator):
    made = [make_business(by=operator, decided_by=verifikator) for _row in range(3)]
    rows = Business.objects.filter(pk__in=[b.pk for b in made]).select_related("kelurahan__parent")
    batch = propose_many([(b, {"place_kind": "rumah"}) for b in rows], by=operator, title="Di rumah semua")
    light = make_submission(by=operator, kind="change", business=rows[0], opening_hours="08-17", submit=True)
    before = timezone.localtime().replace(day=1) - timedelta(days=3)
    Submission.objects.filter(pk=light.pk).update(decided_at=before)
    page = live.open("/", user=verifikator, size="phone", scheme="dark")
    assert axe(page) == []

    page.get_by_role("link", name="Di rumah semua").click()
    assert page.get_by_role("heading", name="Yang berubah").is_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Setujui 3 usaha").click()
    page.get_by_text("Disetujui dan diterapkan.").wait_for()
    batch.refresh_from_db()
    assert batch.state == "applied"

    page.goto("/verifikasi/sampel/")
    page.get_by_label("Catatan, wajib bila keliru").fill("Jamnya lain.")
    page.keyboard.press("Enter")  # decides nothing
    page.get_by_role("button", name="Keliru").click()
    page.get_by_role("link", name="Ajukan pembalikan").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert axe(page) == []
