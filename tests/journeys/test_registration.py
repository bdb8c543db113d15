"""From a lane in Purwantoro to the public directory: one business, four people, every step in its history."""

import pytest

from registry.models import Business, Submission
from tests.browser import axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAME = "Keripik Tempe Bu Wiji Sanan"


def test_a_business_is_registered_returned_mended_approved_and_found(
    live, petugas, petugas_dinoyo, verifikator
):
    # The officer registers it on a phone; the kelurahan is already theirs.
    phone = live.open("/usaha/baru/", user=petugas, size="phone")
    assert axe(phone) == []
    phone.get_by_label("Nama usaha").fill(NAME)
    phone.get_by_label("Produk atau kegiatan").fill("Keripik tempe iris tipis")
    phone.get_by_role("button", name="Berikutnya").click()
    phone.get_by_label("Alamat", exact=False).first.fill("Jl. Sanan No. 47")
    phone.get_by_role("button", name="Berikutnya").click()
    phone.get_by_label("Nama pemilik").first.fill("Wiji Lestari")
    phone.get_by_role("button", name="Kirim untuk diverifikasi").first.click()
    phone.get_by_text("Menunggu verifikasi").first.wait_for()
    submission = Submission.objects.get()
    assert (submission.status, submission.kelurahan_next.name) == ("submitted", "Purwantoro")

    # The reviewer sends it back with a note on one field.
    desk = live.open("/verifikasi/", user=verifikator)
    desk.get_by_role("link", name=NAME).first.click()
    assert axe(desk) == []
    desk.locator("summary", has_text="untuk Alamat").click()
    desk.get_by_label("Catatan untuk Alamat").fill("Tulis nama gangnya.")
    desk.locator("summary", has_text="Minta perbaikan").click()
    desk.get_by_role("button", name="Kirim permintaan perbaikan").click()
    desk.wait_for_load_state()
    submission.refresh_from_db()
    assert (submission.status, list(submission.notes.values())) == ("returned", ["Tulis nama gangnya."])

    # The officer sees the note at its field and mends it.
    phone.goto("/data-saya/")
    phone.get_by_role("link", name=NAME).first.click()
    assert phone.get_by_text("Tulis nama gangnya.").first.is_visible()
    phone.goto(f"/data-saya/{submission.uuid}/ubah/")
    assert phone.get_by_text("Tulis nama gangnya.").first.is_visible()
    phone.get_by_label("Alamat", exact=False).first.fill("Jl. Sanan Gg. III No. 47")
    phone.get_by_role("button", name="Kirim untuk diverifikasi").first.click()
    phone.get_by_text("Menunggu verifikasi").first.wait_for()
    submission.refresh_from_db()
    assert submission.status == "submitted"

    # One key approves it.
    desk.goto(f"/verifikasi/{submission.uuid}/")
    desk.locator("[data-review]").focus()
    desk.keyboard.press("s")
    desk.wait_for_url(lambda url: str(submission.uuid) not in url)
    business = Business.objects.get(uuid=submission.business_uuid)
    assert (business.address, business.owner_name) == ("Jl. Sanan Gg. III No. 47", "Wiji Lestari")

    # The public finds it, and sees nothing the owner did not agree to.
    visitor = live.open("/direktori/?q=keripik+sanan", size="phone")
    visitor.get_by_role("link", name=NAME).first.click()
    assert visitor.get_by_role("heading", level=1).inner_text() == NAME
    shown = visitor.content()
    assert "Purwantoro" in shown
    assert "Gg. III" not in shown
    assert "Wiji Lestari" not in shown

    # Another kelurahan's officer: nothing on the working pages, the public facts in the directory.
    for path in (f"/usaha/{business.uuid}/", f"/data-saya/{submission.uuid}/"):
        other = live.open(path, user=petugas_dinoyo)
        assert other.evaluate("document.body.innerText").find(NAME) == -1
        assert other.request.get(live.url + path).status == 404
    other.goto(business.public_url)
    assert other.get_by_role("heading", level=1).inner_text() == NAME
    assert "Gg. III" not in other.content()

    # Every step is in the business's history, for those who may read it.
    desk.goto(f"/usaha/{business.uuid}/")
    history = desk.locator(".timeline").first.inner_text().lower()
    steps = (
        "dikirim untuk diverifikasi",
        "tulis nama gangnya",
        "isian diubah",
        "disetujui",
    )
    assert [step for step in steps if step not in history] == []
