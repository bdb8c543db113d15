"""My submissions: the list, one of them with its state and acts, its photos, and who may open which page."""

import uuid

import pytest
from django.urls import reverse

from registry.models import Attachment
from tests.factories import make_business, make_officer, make_submission, nik
from tests.registry.submissions.entry import NEW, filled, photo, signed_in

pytestmark = pytest.mark.django_db
QUERIES_MINE = 7


@pytest.mark.parametrize("rows", [1, 3])
def test_my_submissions_cost_the_same_for_one_and_for_three(
    client, petugas, verifikator, django_assert_num_queries, rows
):
    for _row in range(rows):
        make_submission(by=petugas, submit=True)
        make_submission(by=petugas, submit=True).return_for_changes(by=verifikator, reason="Lengkapi.")
    signed_in(client, petugas).get("/data-saya/")

    with django_assert_num_queries(QUERIES_MINE):
        page = client.get("/data-saya/")

    assert page.content.decode().count('class="row-link"') == 2 * rows


def test_returned_items_stand_on_top_and_the_successor_sees_them(client, city, petugas, verifikator):
    make_submission(by=petugas, name="Yang Lain", submit=True)
    returned = make_submission(by=petugas, name="Yang Kembali", submit=True)
    returned.return_for_changes(by=verifikator, notes={"address": "Tulis gangnya."})
    successor = make_officer("petugas", city["Purwantoro"])

    page = signed_in(client, successor).get("/data-saya/").content.decode()

    assert page.index("Yang Kembali") < page.index("Yang Lain")
    assert "Alamat: Tulis gangnya." in page and petugas.name in page


def test_an_unknown_filter_is_said_and_not_guessed(client, petugas):
    make_submission(by=petugas, name="Keripik Rahasia")
    for query in ("?status=entah", "?warna=biru", "?after=x"):
        page = signed_in(client, petugas).get(f"/data-saya/{query}")
        assert page.status_code == 200
        assert "notice-warn" in page.content.decode(), query


def test_the_detail_tells_state_and_history_without_identity_numbers(client, petugas, verifikator):
    identity = str(uuid.uuid4())
    submission = make_submission(
        by=petugas,
        submit=True,
        items=[{"kind": "owner", "uuid": identity, "values": {"name": "Wiji"}}],
        sealed={identity: {"nik": nik(4321)}},
    )
    submission.return_for_changes(by=verifikator, notes={"address": "Tulis nama gangnya."})

    page = signed_in(client, petugas).get(submission.get_absolute_url()).content.decode()

    assert "Diminta diperbaiki" in page and "Tulis nama gangnya." in page
    assert "•••• 4321" in page and nik(4321) not in page


def test_figures_are_shown_only_to_who_needs_them(client, city, petugas):
    lurah = make_officer("lurah", city["Purwantoro"])
    submission = make_submission(by=petugas, submit=True, capital_idr=98_765_432, address="Jl. Sanan")

    assert "98.765.432" in signed_in(client, petugas).get(submission.get_absolute_url()).content.decode()
    page = signed_in(client, lurah).get(submission.get_absolute_url()).content.decode()
    assert "Jl. Sanan" in page and "98.765.432" not in page and "hanya untuk petugas" in page


def test_sending_and_withdrawing_from_the_detail(client, petugas, petugas_dinoyo, operator):
    draft = make_submission(by=petugas)
    send, take_back = f"/data-saya/{draft.uuid}/kirim/", f"/data-saya/{draft.uuid}/tarik/"

    assert signed_in(client, petugas_dinoyo).post(send).status_code == 404
    assert client.get(send).status_code == 405
    signed_in(client, petugas).post(send)
    draft.refresh_from_db()
    assert draft.status == "submitted"
    page = client.post(send, follow=True).content.decode()
    assert "sudah berstatus" in page
    assert signed_in(client, petugas_dinoyo).post(take_back).status_code == 404
    page = signed_in(client, operator).post(take_back, follow=True).content.decode()
    assert "Hanya pengusul" in page
    signed_in(client, petugas).post(take_back)
    draft.refresh_from_db()
    assert draft.status == "withdrawn"


def test_an_incomplete_draft_cannot_be_sent_from_the_detail(client, petugas):
    draft = make_submission(by=petugas, activity="")
    answer = signed_in(client, petugas).post(f"/data-saya/{draft.uuid}/kirim/", follow=True)

    assert "Lengkapi dulu isian yang wajib" in answer.content.decode()


def test_photos_are_private(client, petugas, petugas_dinoyo, verifikator):
    filled(signed_in(client, petugas), name="Keripik", activity="keripik", photos=photo())
    attachment = Attachment.objects.get()
    path = reverse("submission-photo", args=[attachment.submission.uuid, attachment.uuid])

    answer = signed_in(client, verifikator).get(path)

    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "private, max-age=3600"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
    assert signed_in(client, petugas_dinoyo).get(path).status_code == 404
    other = make_submission(by=petugas, submit=True)
    wrong = reverse("submission-photo", args=[other.uuid, attachment.uuid])
    assert signed_in(client, petugas).get(wrong).status_code == 404


# ---- who may -------------------------------------------------------------------------------------


def test_who_may_open_which_page(client, petugas, petugas_dinoyo, verifikator, kepala, nobody):
    business = make_business(by=petugas, decided_by=verifikator)
    draft = make_submission(by=petugas)
    pages = [NEW, f"/usaha/{business.uuid}/ubah/", f"/data-saya/{draft.uuid}/ubah/", "/data-saya/"]

    for path in pages:
        assert client.get(path).url.startswith("/masuk/"), path
    for user in (kepala, nobody):
        signed_in(client, user)
        assert [client.get(p).status_code for p in pages] == [403] * 4
    signed_in(client, petugas_dinoyo)
    assert [client.get(p).status_code for p in pages] == [200, 404, 404, 200]
    signed_in(client, petugas)
    assert [client.get(p).status_code for p in pages] == [200] * 4


def test_what_was_sent_cannot_be_changed_any_more(client, petugas):
    submission = make_submission(by=petugas, submit=True)
    answer = signed_in(client, petugas).get(f"/data-saya/{submission.uuid}/ubah/")

    assert answer.url == submission.get_absolute_url()
