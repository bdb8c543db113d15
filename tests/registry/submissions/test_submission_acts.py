"""Acts on one submission: a kelurahan's answer to a move, reversal, proposing again, sending it unchanged."""

import pytest

from registry.models import Business, Submission
from tests.factories import make_business, make_officer, make_post, make_submission

pytestmark = pytest.mark.django_db


def signed_in(client, user):
    client.force_login(user)
    return client


def page(client, user, path):
    response = signed_in(client, user).get(path)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def move(petugas, petugas_dinoyo):
    """From Dinoyo to Purwantoro, sent by Dinoyo's officer."""
    business = make_business(name="Keripik Pindah", kelurahan="35.73.05.1004")
    return make_submission(
        by=petugas_dinoyo, kind="move", business=business, kelurahan="35.73.01.1007", submit=True
    )


# ---- a move ----------------------------------------------------------------------------------------------


def test_the_receiving_officer_is_asked_on_home_and_list(client, move, petugas, petugas_dinoyo):
    home = page(client, petugas, "/")
    mine = page(client, petugas, "/data-saya/")

    assert "Pindah dari Dinoyo ke Purwantoro: menunggu jawaban Anda" in home
    assert "Menunggu jawaban Anda <span" in mine
    assert "menunggu jawaban Anda" not in page(client, petugas_dinoyo, "/")
    sender = page(client, petugas_dinoyo, "/data-saya/")
    assert "Menunggu persetujuan Kelurahan Purwantoro, lalu diperiksa verifikator." in sender


def test_agreeing_lets_the_reviewer_decide_and_says_who_agreed(
    client, move, petugas, petugas_dinoyo, verifikator
):
    here = move.get_absolute_url()
    assert "menerima usaha ini?" in page(client, petugas, here)
    assert "menerima usaha ini?" not in page(client, petugas_dinoyo, here)

    client.post(f"{here}jawab-pindah/", {"act": "agree"})  # by the sender: nothing happens
    move.refresh_from_db()
    assert move.agreed_at is None

    done = signed_in(client, petugas).post(f"{here}jawab-pindah/", {"act": "agree"}, follow=True)
    assert "Anda menyetujui perpindahan ini." in done.content.decode()
    move.refresh_from_db()
    assert move.agreed_by == petugas
    for reader, path in ((verifikator, move.review_url), (petugas_dinoyo, here)):
        assert f"Kelurahan Purwantoro menyetujui perpindahan ini: {petugas.name}" in page(
            client, reader, path
        )
    move.approve(by=verifikator)
    assert Business.objects.get(pk=move.business_id).kelurahan.name == "Purwantoro"


def test_declining_gives_it_back_with_the_reason(client, move, petugas, petugas_dinoyo):
    here = move.get_absolute_url()
    signed_in(client, petugas)

    assert (
        "Tulis alasannya."
        in client.post(f"{here}jawab-pindah/", {"act": "decline"}, follow=True).content.decode()
    )
    assert "Pilih setuju" in client.post(f"{here}jawab-pindah/", {"act": "x"}, follow=True).content.decode()
    client.post(f"{here}jawab-pindah/", {"act": "decline", "reason": "Rumahnya masih Dinoyo."})

    move.refresh_from_db()
    assert (move.status, move.agreed_at) == ("returned", None)
    assert "Rumahnya masih Dinoyo." in page(client, petugas_dinoyo, "/data-saya/")


@pytest.mark.parametrize("reason", ["  ", "\u200b", "Belum ada di RW 03. " * 60])
def test_a_reason_that_will_not_do_is_named_at_its_field_and_kept(client, move, petugas, reason):
    answer = signed_in(client, petugas).post(
        f"{move.get_absolute_url()}jawab-pindah/", {"act": "decline", "reason": reason}
    )

    shown = answer.content.decode()
    assert answer.status_code == 400
    assert 'id="id_reason-salah"' in shown and "Kesalahan:" in shown
    assert reason.strip() in shown
    move.refresh_from_db()
    assert (move.status, move.reason) == ("submitted", "")


def test_the_receiving_officer_neither_edits_nor_withdraws_it(client, move, petugas):
    here = move.get_absolute_url()
    shown = page(client, petugas, here)

    assert f"{here}tarik/" not in shown and f"{here}ubah/" not in shown
    assert move.business.get_absolute_url() not in shown  # not in reach before it moved
    client.post(f"{here}tarik/")
    move.refresh_from_db()
    assert move.status == "submitted"


def test_the_senders_successor_goes_on_with_a_move(client, city, move, petugas_dinoyo, petugas):
    move.decline_move(by=petugas, reason="Belum pindah.")
    petugas_dinoyo.posts.all().delete()
    successor = make_officer("petugas", city["Dinoyo"])

    assert f"{move.get_absolute_url()}ubah/" in page(client, successor, move.get_absolute_url())
    assert not move.may_edit(petugas)


def test_an_officer_of_both_kelurahan_has_agreed_by_proposing(client, city, petugas, petugas_dinoyo):
    make_post(petugas_dinoyo, "petugas", city["Purwantoro"])
    business = make_business(kelurahan="35.73.05.1004")
    make_submission(by=petugas_dinoyo, kind="move", business=business, kelurahan="35.73.01.1007", submit=True)

    assert "menunggu jawaban Anda" not in page(client, petugas, "/")


def test_a_stranger_to_both_kelurahan_finds_nothing(client, city, move):
    stranger = make_officer("petugas", city["Blimbing"])

    answer = signed_in(client, stranger).post(f"{move.get_absolute_url()}jawab-pindah/", {"act": "agree"})

    assert answer.status_code == 404


# ---- reversal --------------------------------------------------------------------------------------------


def approved(petugas, verifikator, **values):
    business = make_business(address="Lama", activity="tempe")
    submission = make_submission(by=petugas, kind="change", business=business, submit=True, **values)
    submission.approve(by=verifikator)
    return Submission.objects.get(pk=submission.pk)


def test_the_page_shows_what_goes_back_and_what_cannot(client, petugas, operator, verifikator):
    first = approved(petugas, verifikator, address="Keliru", activity="keripik")
    later = make_submission(
        by=petugas,
        kind="change",
        business=Business.objects.get(pk=first.business_id),
        activity="oncom",
        submit=True,
    )
    later.approve(by=verifikator)
    path = f"{first.get_absolute_url()}balikkan/"
    assert path in page(client, petugas, first.get_absolute_url())

    shown = page(client, petugas, path)
    back, left = shown[shown.index("Akan dikembalikan") :].split("Tidak ikut kembali")
    assert "Alamat:" in back and "Keliru" in back and "Lama" in back and "oncom" not in back
    assert "Produk atau kegiatan:</span> Sudah diubah lagi sesudahnya." in left

    assert "Isian ini wajib." in client.post(path, {"reason": " "}).content.decode()
    answer = client.post(path, {"reason": "Alamat usaha lain."}, follow=True).content.decode()
    assert "Usulan pembalikan terkirim." in answer
    made = Submission.objects.get(reverses=first)
    assert first.get_absolute_url() in answer
    assert made.get_absolute_url() in page(client, petugas, first.get_absolute_url())
    assert path not in page(client, petugas, first.get_absolute_url())
    assert signed_in(client, petugas).get(path).url == made.get_absolute_url()
    made.approve(by=verifikator)
    assert Business.objects.get(pk=first.business_id).address == "Lama"


def test_nothing_left_to_reverse_says_so(client, petugas, verifikator):
    first = approved(petugas, verifikator, address="Keliru")
    later = make_submission(
        by=petugas,
        kind="change",
        business=Business.objects.get(pk=first.business_id),
        address="Benar",
        submit=True,
    )
    later.approve(by=verifikator)

    assert "Tidak ada yang dapat dikembalikan" in page(
        client, petugas, f"{first.get_absolute_url()}balikkan/"
    )


def test_only_an_approved_one_is_reversed_by_who_may_propose(client, city, petugas, verifikator):
    waiting = make_submission(by=petugas, submit=True)
    first = approved(petugas, verifikator, address="Keliru")
    path = f"{first.get_absolute_url()}balikkan/"

    assert signed_in(client, petugas).get(f"{waiting.get_absolute_url()}balikkan/").status_code == 302
    lurah = make_officer("lurah", city["Purwantoro"])
    assert path not in page(client, lurah, first.get_absolute_url())
    assert signed_in(client, lurah).get(path).status_code == 403
    assert signed_in(client, make_officer("petugas", city["Dinoyo"])).get(path).status_code == 404


# ---- again -----------------------------------------------------------------------------------------------


def test_what_was_rejected_is_proposed_again_as_a_draft(client, petugas, verifikator):
    sent = make_submission(by=petugas, name="Kopi Sanan", submit=True)
    sent.reject(by=verifikator, reason="Di luar kota.")
    path = f"{sent.get_absolute_url()}ajukan-lagi/"
    assert path in page(client, petugas, sent.get_absolute_url())

    answer = client.post(path)

    made = Submission.objects.get(status="draft")
    assert answer.url == f"/data-saya/{made.uuid}/ubah/"
    assert (made.proposed("name"), made.proposed_by) == ("Kopi Sanan", petugas)
    assert "Draf baru dibuat" in page(client, petugas, answer.url)


def test_what_waits_or_was_approved_is_not_proposed_again(client, petugas, petugas_dinoyo):
    sent = make_submission(by=petugas, submit=True)
    path = f"{sent.get_absolute_url()}ajukan-lagi/"

    answer = signed_in(client, petugas).post(path, follow=True)

    assert "tidak dapat diajukan lagi" in answer.content.decode()
    assert Submission.objects.count() == 1
    assert signed_in(client, petugas_dinoyo).post(path).status_code == 404


# ---- sent back and sent again ----------------------------------------------------------------------------


def test_what_came_back_is_not_sent_again_unchanged_without_saying_so(client, petugas, verifikator):
    sent = make_submission(by=petugas, submit=True)
    sent.return_for_changes(by=verifikator, notes={"address": "Tulis gangnya."})
    path = f"{sent.get_absolute_url()}kirim/"
    signed_in(client, petugas)

    asked = client.post(path).content.decode()
    sent.refresh_from_db()
    assert "Belum ada yang diubah" in asked and "Tulis gangnya." in asked
    assert sent.status == "returned"
    assert "Isian ini wajib." in client.post(path, {"why": ""}).content.decode()

    client.post(path, {"why": "Gangnya memang tidak bernama."})
    sent.refresh_from_db()
    assert sent.status == "submitted"
    assert "Dikirim lagi tanpa perubahan: Gangnya memang tidak bernama." in sent.note


def test_a_mended_one_is_sent_at_once(client, petugas, verifikator):
    sent = make_submission(by=petugas, submit=True)
    sent.return_for_changes(by=verifikator, notes={"address": "Tulis gangnya."})
    values = {name: pair[1] for name, pair in sent.values.items()} | {"address": "Gg. III"}
    sent.edit(by=petugas, values=values, items=sent.items)

    signed_in(client, petugas).post(f"{sent.get_absolute_url()}kirim/")

    sent.refresh_from_db()
    assert sent.status == "submitted"


# ---- the list --------------------------------------------------------------------------------------------


def test_the_list_is_filtered_by_name_kind_state_and_author(client, city, petugas, operator):
    make_submission(by=petugas, name="Kopi Sanan", submit=True)
    make_submission(by=operator, name="Batik Celaket", submit=True)
    make_submission(by=petugas, name="Tempe Murni")

    def shown(query):
        listed = page(client, petugas, f"/data-saya/?{query}")
        return [name for name in ("Kopi Sanan", "Batik Celaket", "Tempe Murni") if f">{name}<" in listed]

    assert shown("") == ["Kopi Sanan", "Batik Celaket", "Tempe Murni"]
    assert shown("q=sanan") == ["Kopi Sanan"]
    assert shown("status=draft") == ["Tempe Murni"]
    assert shown("author=others") == ["Batik Celaket"]
    assert shown("author=me&kind=register&status=submitted") == ["Kopi Sanan"]
    assert shown("kind=move") == []
    assert "menunggu" in page(client, petugas, "/data-saya/") or "dikirim hari ini" in page(
        client, petugas, "/data-saya/"
    )
