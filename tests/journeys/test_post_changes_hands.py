"""With the keyboard alone, at 360 px: an officer is replaced in the middle of the work, and a business moves.

The successor goes on with the predecessor's draft and returned item under the author's name; the predecessor
sees nothing any more. Then the receiving kelurahan agrees to a move.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.models import Business, Submission
from tests.browser import axe
from tests.factories import make_business, make_officer, make_submission

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW = {"width": 360, "height": 740}
FOCUSED = """() => { const e = document.activeElement; if (e === document.body) return "";
    const label = e.labels && e.labels[0] ? e.labels[0].textContent : "";
    return (label || e.getAttribute("aria-label") || e.textContent || "").replace(/\\s+/g, " ").trim(); }"""


class Keys:
    """A page in the hands of somebody without a mouse: goes from one control to the next and presses keys."""

    def __init__(self, live, path, user):
        self.page = live.open(path, user=user, size="phone")
        self.page.set_viewport_size(NARROW)
        self.page.reload()

    def to(self, words, limit=150):
        """Tab on until the control that is named with `words` has the focus, wherever the page begins."""
        for _step in range(limit):
            self.page.keyboard.press("Tab")
            if words in self.page.evaluate(FOCUSED):
                return self
        raise AssertionError(f"“{words}” is not reached with Tab on {self.page.url}")

    def press(self, key="Enter"):
        self.page.keyboard.press(key)
        return self

    def go(self, words):
        """Follow the link or press the button named with `words`, and wait for the page it leads to."""
        self.to(words)
        with self.page.expect_navigation():
            self.press()
        return self

    def write(self, text):
        self.press("Control+A")
        self.page.keyboard.insert_text(text)
        return self

    def steps_to(self, shown):
        """Go on through the steps of the entry page until `shown` (a locator) stands there."""
        for _step in range(10):
            if shown.is_visible():
                return self
            self.to("Berikutnya").press()
        raise AssertionError(f"no step shows it on {self.page.url}")

    def fill(self, label, text):
        """Write into a field of the entry page, in whichever step it stands."""
        return self.steps_to(self.page.get_by_label(label).first).to(label).write(text)

    def send(self):
        words = "Kirim untuk diverifikasi"
        return self.steps_to(self.page.get_by_role("button", name=words).first).go(words)

    def reads(self, words):
        return words in self.page.evaluate("document.body.innerText")

    def is_fine(self):
        """Nothing sticks out sideways and axe has nothing to say."""
        assert self.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
        assert axe(self.page) == []


def test_the_successor_goes_on_where_the_predecessor_stopped(live, city, petugas, verifikator):
    draft = make_submission(by=petugas, name="Kopi Setengah Jadi")
    returned = make_submission(by=petugas, name="Batik Kembali", submit=True)
    returned.return_for_changes(by=verifikator, notes={"address": "Tulis gangnya."})

    # The post changes hands: the old one ends yesterday, the new one begins.
    yesterday = timezone.localdate() - timedelta(days=1)
    petugas.posts.update(ends_on=yesterday, ended_at=timezone.now(), ended_by=verifikator)
    successor = make_officer("petugas", city["Purwantoro"], "petugas.baru")

    # The predecessor sees nothing of it.
    gone = Keys(live, "/", petugas)
    assert not gone.reads("Kopi Setengah Jadi") and not gone.reads("Batik Kembali")
    for path in ("/data-saya/", draft.get_absolute_url(), returned.get_absolute_url()):
        assert gone.page.request.get(live.url + path).status in (403, 404)

    # What came back stands first, with the author's name, the note and what happens next.
    desk = Keys(live, "/data-saya/", successor)
    desk.is_fine()
    assert desk.reads("Perlu Anda perbaiki") and desk.reads(f"oleh {petugas.name}")
    assert desk.reads("Alamat: Tulis gangnya.") and desk.reads("Perbaiki isian yang diberi catatan")
    desk.page.goto(returned.get_absolute_url())
    assert desk.reads(f"Diisi {petugas.name}. Pekerjaan ini milik jabatan Anda")
    desk.is_fine()

    # Sending it as it is asks first.
    desk.go("Kirim lagi")
    assert desk.reads("Belum ada yang diubah")
    desk.is_fine()
    desk.go("Perbaiki")
    desk.fill("Alamat", "Jl. Sanan Gg. III No. 4").send()
    assert desk.reads("Menunggu verifikasi")

    # The draft is finished too.
    desk.page.goto("/data-saya/")
    desk.go("Kopi Setengah Jadi")
    desk.fill("Produk atau kegiatan", "kopi bubuk").send()
    assert desk.reads("Menunggu verifikasi")

    for row, name in ((draft, "Kopi Setengah Jadi"), (returned, "Batik Kembali")):
        row.refresh_from_db()
        assert (row.title, row.status) == (name, "submitted")
        assert (row.proposed_by, row.submitted_by) == (petugas, successor)
        assert row.may_decide(verifikator) and not row.may_decide(successor)


def test_a_move_is_agreed_by_the_receiving_kelurahan(live, city, petugas, petugas_dinoyo, verifikator):
    business = make_business(name="Keripik Pindah", kelurahan="35.73.05.1004")
    move = make_submission(
        by=petugas_dinoyo, kind="move", business=business, kelurahan="35.73.01.1007", submit=True
    )

    # The sender reads whom it waits for.
    sender = Keys(live, "/data-saya/", petugas_dinoyo)
    assert sender.reads("Menunggu persetujuan Kelurahan Purwantoro")

    # The receiving officer is asked at home, opens it and agrees.
    receiver = Keys(live, "/", petugas)
    assert receiver.reads("Pindah dari Dinoyo ke Purwantoro: menunggu jawaban Anda")
    receiver.is_fine()
    receiver.go("Keripik Pindah")
    assert receiver.reads("Apakah Kelurahan Purwantoro menerima usaha ini?")
    receiver.is_fine()
    receiver.go("Setuju, usahanya di sini")
    assert receiver.reads("Anda menyetujui perpindahan ini.")

    # The reviewer reads who agreed, and decides.
    move.refresh_from_db()
    assert move.agreed_by == petugas
    reviewer = Keys(live, move.review_url, verifikator)
    assert reviewer.reads(f"Kelurahan Purwantoro menyetujui perpindahan ini: {petugas.name}")
    Submission.objects.get(pk=move.pk).approve(by=verifikator)

    # It stands in the receiver's list, with its earlier place and the consent in its history.
    receiver.page.goto(Business.objects.get(pk=business.pk).get_absolute_url())
    assert receiver.reads("Dulu di Dinoyo, Kec. Lowokwaru, sampai")
    receiver.go("iwayat")
    assert receiver.reads("Perpindahan disetujui kelurahan penerima")
    receiver.is_fine()
