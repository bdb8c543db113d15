"""The review page's inputs: mends in place, choices for items, notes, what the reader may not see."""

import uuid

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from registry.models import Submission
from registry.submissions.display import display, mends_told
from registry.submissions.wording import timeline
from tests.factories import make_business, make_officer, make_submission

pytestmark = pytest.mark.django_db


def opened(client, user, submission):
    client.force_login(user)
    return client.get(submission.review_url).content.decode()


def stored(business):
    business.refresh_from_db()
    return business


# ---- setujui dengan perbaikan --------------------------------------------------------------------


def test_a_typo_is_mended_in_place_and_both_values_stay(client, petugas, verifikator):
    product = {"kind": "product", "uuid": str(uuid.uuid4()), "values": {"name": "Kripik", "price_idr": 12000}}
    submission = make_submission(
        by=petugas, submit=True, name="Keripik Temep", opening_hours="08-17", items=[product]
    )
    key = f"product.{product['uuid'][:8]}.name"
    page = opened(client, verifikator, submission)
    assert 'name="perbaiki:name" value="Keripik Temep"' in page
    assert f'name="perbaiki:{key}" value="Kripik"' in page
    assert f'name="perbaiki:product.{product["uuid"][:8]}.price_idr" value="12.000"' in page

    answer = client.post(
        submission.review_url,
        {
            "act": "approve",
            "perbaiki:name": "Keripik Tempe",
            "perbaiki:opening_hours": "08-17",
            f"perbaiki:{key}": "Keripik",
            f"perbaiki:product.{product['uuid'][:8]}.price_idr": "12.000",
            "mend-template": ["Salah ketik diperbaiki."],
        },
    )

    assert answer.status_code == 302
    submission.refresh_from_db()
    business = submission.business
    assert (business.name, business.products.get().name) == ("Keripik Tempe", "Keripik")
    assert submission.mends == {"name": ["Keripik Temep", "Keripik Tempe"], key: ["Kripik", "Keripik"]}
    for reader, path in ((verifikator, submission.review_url), (petugas, submission.get_absolute_url())):
        client.force_login(reader)
        page = client.get(path).content.decode()
        for words in ("Keripik Temep", "Diperbaiki verifikator menjadi", "<ins>Tempe</ins>", "Kripik"):
            assert words in page, (path, words)
        assert "Salah ketik diperbaiki." in page
        assert "Nama usaha “Keripik Temep” menjadi “Keripik Tempe”" in page


def test_a_mend_has_to_be_named(client, petugas, verifikator):
    submission = make_submission(by=petugas, submit=True, name="Keripik Temep")
    client.force_login(verifikator)

    answer = client.post(submission.review_url, {"act": "approve", "perbaiki:name": "Keripik Tempe"})

    page = answer.content.decode()
    assert answer.status_code == 200 and "Sebut apa yang Anda perbaiki" in page
    assert 'name="perbaiki:name" value="Keripik Tempe"' in page, "what was typed stays"
    submission.refresh_from_db()
    assert (submission.status, submission.proposed("name")) == ("submitted", "Keripik Temep")


def test_a_mend_that_no_rule_takes_is_shown_at_its_input(client, petugas, verifikator):
    submission = make_submission(by=petugas, submit=True, phone="081234567890")
    client.force_login(verifikator)

    page = client.post(
        submission.review_url, {"act": "approve", "perbaiki:phone": "12", "mend-reason": "Nomor."}
    ).content.decode()

    assert "Nomor telepon tidak dikenali" in page and 'href="#perbaiki-phone"' in page


def test_what_is_as_sent_is_no_mend(client, petugas, verifikator):
    story = "Baris satu.\nBaris dua."
    submission = make_submission(by=petugas, submit=True, description=story, phone="081234567890")
    client.force_login(verifikator)

    client.post(
        submission.review_url,
        {
            "act": "approve",
            "perbaiki:description": story.replace("\n", "\r\n"),
            "perbaiki:phone": "0812-3456-7890",
            "perbaiki:kelurahan": "35.73.05.1004",
            "perbaiki:entah": "x",
        },
    )

    submission.refresh_from_db()
    assert (submission.status, submission.mends) == ("approved", {})
    assert submission.business.kelurahan.name == "Purwantoro"


def test_place_state_and_identity_are_never_offered_for_mending(client, petugas, verifikator):
    owner = {"kind": "owner", "uuid": str(uuid.uuid4()), "values": {"name": "Wiji", "nik_answer": "later"}}
    consent = {"kind": "consent", "uuid": str(uuid.uuid4()), "values": {"group": "phone"}}
    submission = make_submission(by=petugas, submit=True, items=[owner, consent])
    page = opened(client, verifikator, submission)

    assert 'name="perbaiki:kelurahan"' not in page and 'name="perbaiki:operating_state"' not in page
    assert f'name="perbaiki:owner.{owner["uuid"][:8]}.name"' in page
    assert "nik_answer" not in page and f"perbaiki:consent.{consent['uuid'][:8]}" not in page


# ---- both values, for fields and for items -------------------------------------------------------


def changed_product(petugas, verifikator):
    """A business, and a change of its product's price overtaken by another."""
    item = {"kind": "product", "values": {"name": "Keripik", "price_idr": 10000}}
    business = make_business(by=petugas, decided_by=verifikator, items=[item])
    product = business.products.get()

    def priced(price, **more):
        change = {
            "op": "change",
            "kind": "product",
            "uuid": str(product.uuid),
            "values": {"price_idr": price} | more,
        }
        return make_submission(by=petugas, kind="change", business=business, items=[change], submit=True)

    late, other = priced(12000, unit="bungkus"), priced(15000)
    other.approve(by=verifikator)
    return late, product


@pytest.mark.parametrize(("choice", "price"), [("keep", 15000), ("take", 12000)])
def test_a_reviewer_chooses_between_todays_and_the_proposed_value_of_an_item(
    client, petugas, verifikator, choice, price
):
    late, product = changed_product(petugas, verifikator)
    key = f"product.{str(product.uuid)[:8]}.price_idr"
    page = opened(client, verifikator, late)
    assert f'name="pilih:{key}"' in page
    assert "<strong>Rp15.000</strong>" in page and "<strong>Rp12.000</strong>" in page

    refused = client.post(late.review_url, {"act": "approve"}).content.decode()
    assert "Pilih nilai yang benar" in refused and f'href="#baris-product-{str(product.uuid)[:8]}"' in refused
    client.post(late.review_url, {"act": "approve", f"pilih:{key}": choice})

    product.refresh_from_db()
    assert (product.price_idr, product.unit) == (price, "bungkus")


def test_a_row_that_ended_meanwhile_can_only_be_left(client, petugas, verifikator):
    late, product = changed_product(petugas, verifikator)
    ended = {"op": "end", "kind": "product", "uuid": str(product.uuid)}
    make_submission(by=petugas, kind="change", business=late.business, items=[ended], submit=True).approve(
        by=verifikator
    )
    page = opened(client, verifikator, late)
    key = f"product.{str(product.uuid)[:8]}"
    assert "Sudah diakhiri sejak diusulkan." in page and "Biarkan berakhir" in page
    assert f'id="pilih-product-{str(product.uuid)[:8]}-take"' not in page

    client.post(late.review_url, {"act": "approve", f"pilih:{key}": "keep"})

    late.refresh_from_db()
    assert late.status == "approved"
    product.refresh_from_db()
    assert product.ended_on == timezone.localdate()


def test_deciding_on_what_was_sent_again_meanwhile_asks_to_look_again(client, petugas, verifikator):
    submission = make_submission(by=petugas, submit=True, name="Nama Lama")
    page = opened(client, verifikator, submission)
    stamp = page.split('name="stamp" value="')[1].split('"')[0]
    other = make_officer("verifikator", submission.kelurahan_next.parent.parent)
    submission.return_for_changes(by=other, reason="Periksa.")
    submission.edit(by=petugas, values={"name": "Nama Baru", "activity": "kue", "kelurahan": "35.73.01.1007"})
    submission.submit(by=petugas)

    answer = client.post(submission.review_url, {"act": "approve", "stamp": stamp})

    assert answer.status_code == 200 and "berubah sejak Anda membukanya" in answer.content.decode()
    assert "Nama Baru" in answer.content.decode()
    submission.refresh_from_db()
    assert submission.status == "submitted"


# ---- notes ---------------------------------------------------------------------------------------


def test_a_note_may_be_a_sentence_to_pick_and_words_of_ones_own(client, petugas, verifikator):
    submission = make_submission(by=petugas, submit=True, address="Jl. Sanan")
    assert "Tulis gang dan nomor rumahnya." in opened(client, verifikator, submission)

    client.post(
        submission.review_url,
        {
            "act": "return",
            "catatan-pola:address": ["Tulis gang dan nomor rumahnya."],
            "catatan:address": "RT berapa?",
            "catatan:entah": "bukan isian",
        },
    )

    submission.refresh_from_db()
    assert submission.notes == {"address": "Tulis gang dan nomor rumahnya. RT berapa?"}


def test_notes_on_figures_stay_with_those_who_may_read_them(client, city, petugas, verifikator):
    lurah = make_officer("lurah", city["Purwantoro"])
    submission = make_submission(
        by=petugas, submit=True, turnover_idr=5_000_000, turnover_answer="exact", turnover_period="month"
    )
    submission.return_for_changes(
        by=verifikator, notes={"turnover_idr": "Kemarin 7 juta?", "address": "Isi alamatnya."}
    )

    def page(user):
        client.force_login(user)
        return client.get(submission.get_absolute_url()).content.decode()

    assert "Kemarin 7 juta?" in page(petugas) and "Isi alamatnya." in page(petugas)
    assert "Isi alamatnya." in page(lurah) and "Kemarin" not in page(lurah)
    told = timeline(AuditEntry.objects.filter(act="submission.returned"))
    assert told[0]["text"] == "Alamat: Isi alamatnya."


def test_mends_of_figures_stay_with_those_who_may_read_them(city, petugas, verifikator):
    lurah = make_officer("lurah", city["Purwantoro"])
    submission = make_submission(by=petugas, submit=True, capital_idr=5_000_000, opening_hours="8")
    mends = {"capital_idr": "50000000", "opening_hours": "08.00"}
    submission.approve(by=verifikator, mends=mends, reason="Salah ketik.")
    entries = list(AuditEntry.objects.filter(act="submission.approved"))

    assert mends_told(entries, verifikator)[str(submission.pk)] == (
        "Modal usaha “Rp5.000.000” menjadi “Rp50.000.000”; Jam buka “8” menjadi “08.00”"
    )
    assert mends_told(entries, lurah)[str(submission.pk)] == "Jam buka “8” menjadi “08.00”"
    assert [row.key for row in display(submission, lurah).rows if row.mended] == ["opening_hours"]


# ---- the head of section -------------------------------------------------------------------------


def test_the_head_of_section_sees_and_decides_only_what_waits_too_long(client, petugas, kasi, verifikator):
    late = make_submission(by=petugas, submit=True, name="Terlalu Lama")
    fresh = make_submission(by=petugas, submit=True, name="Baru Masuk")
    long_ago = timezone.now() - timezone.timedelta(days=20)
    Submission.objects.filter(pk=late.pk).update(submitted_at=long_ago)
    client.force_login(kasi)

    queue = client.get("/verifikasi/").content.decode()
    assert "Terlalu Lama" in queue and "Baru Masuk" not in queue and "#state-overdue" in queue
    assert "Setujui bersama" not in queue
    page = client.get(fresh.review_url).content.decode()
    assert "Masih dalam tenggat verifikator" in page and 'value="approve"' not in page
    refused = client.post(fresh.review_url, {"act": "approve"})
    assert refused.status_code == 200 and "masih dalam tenggat" in refused.content.decode()

    assert client.post(late.review_url, {"act": "approve"}).url == "/verifikasi/"
    late.refresh_from_db()
    assert (late.status, late.decided_by) == ("approved", kasi)
    assert "Tidak ada yang lewat tenggat" in client.get("/verifikasi/").content.decode()


def test_a_reviewer_sees_which_ones_went_to_the_head_of_section(client, petugas, verifikator, city):
    late = make_submission(by=petugas, submit=True)
    Submission.objects.filter(pk=late.pk).update(submitted_at=timezone.now() - timezone.timedelta(days=20))
    client.force_login(verifikator)

    assert "di kepala seksi" not in client.get("/verifikasi/").content.decode()
    make_officer("kasi", city["Kota"], "kasi")
    assert client.get("/verifikasi/").content.decode().count("di kepala seksi") == 1


def test_a_move_without_an_answer_can_be_returned_but_not_approved(
    client, petugas, petugas_dinoyo, verifikator
):
    business = make_business(by=petugas, decided_by=verifikator)
    move = make_submission(by=petugas, kind="move", business=business, kelurahan="35.73.05.1004", submit=True)
    page = opened(client, verifikator, move)

    assert "Kelurahan penerima belum menjawab." in page
    assert 'value="approve"' not in page and 'value="return"' in page
    assert "belum menyetujui" in client.post(move.review_url, {"act": "approve"}).content.decode()

    Submission.objects.filter(pk=move.pk).update(submitted_at=timezone.now() - timezone.timedelta(days=20))
    assert 'value="approve"' in opened(client, verifikator, move)
    client.post(move.review_url, {"act": "approve", "mend-reason": "Petugasnya cuti."})
    assert stored(business).kelurahan.name == "Dinoyo"
