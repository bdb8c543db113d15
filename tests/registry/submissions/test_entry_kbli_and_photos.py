"""The entry page's KBLI and photos, and a page that is sent twice."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from registry.models import Attachment, Submission
from tests.factories import make_kbli
from tests.registry.submissions.entry import NEW, filled, inputs, photo, signed_in

pytestmark = pytest.mark.django_db


def test_a_kbli_that_fits_several_codes_is_asked_for(client, petugas):
    make_kbli()
    make_kbli("10391", "2020", "Industri tempe kedelai")
    make_kbli("10399", "2025", "Industri makanan kedelai lainnya")
    answer = filled(signed_in(client, petugas), name="Tempe", activity="tempe", kbli="kedelai")

    page = answer.content.decode()
    assert "Pilih salah satu di bawah" in page and 'value="2025:10399"' in page
    draft = Submission.objects.get()
    path = f"/data-saya/{draft.uuid}/ubah/"
    again = client.post(path, inputs(answer) | {"kbli_pick": "2025:10307", "rt": "lima", "do": "send"})
    assert "Pilih salah satu di bawah" not in again.content.decode()
    client.post(path, inputs(again) | {"rt": "5", "do": "send"})
    draft.refresh_from_db()
    assert (draft.status, draft.proposed("kbli")) == ("submitted", "2025:10307")


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("2025:10307", "2025:10307"),
        ("10307", "2025:10307"),
        ("Industri tempe kedelai", "2025:10307"),
        ("56102", None),
        ("99999", None),
        ("tidak ada apa-apa", None),
        ("2025:99999", None),
    ],
)
def test_a_kbli_is_found_by_key_code_or_title(client, petugas, typed, key):
    make_kbli()
    make_kbli("56102", "2020", "Rumah makan")
    make_kbli("56102", "2025", "Restoran keliling")
    filled(signed_in(client, petugas), name="Tempe", activity="tempe", kbli=typed)

    submission = Submission.objects.get()
    assert submission.proposed("kbli") == key
    assert submission.status == ("submitted" if key else "draft")


def test_a_file_that_is_no_picture_is_named_and_the_good_one_is_kept(client, petugas):
    script = SimpleUploadedFile("foto.jpg", b"<script>alert(1)</script>", "image/jpeg")
    empty = SimpleUploadedFile("kosong.jpg", b"", "image/jpeg")
    data = inputs(signed_in(client, petugas).get(NEW))
    data |= {"name": "Keripik", "activity": "keripik", "photos": [script, empty, photo()], "do": "send"}
    page = client.post(NEW, data).content.decode()

    assert "bukan foto yang dapat dibaca" in page
    draft = Submission.objects.get()
    assert draft.status == "draft"
    assert f"/data-saya/{draft.uuid}/foto/" in page and "Pilih ulang foto yang salah." in page
    assert [i["kind"] for i in draft.items] == ["photo"]
    assert Attachment.objects.count() == 1


def test_a_photo_taken_out_of_a_draft_is_gone(client, petugas):
    filled(signed_in(client, petugas), do="draft", name="Keripik", photos=photo())
    draft = Submission.objects.get()
    path = f"/data-saya/{draft.uuid}/ubah/"
    attachment = Attachment.objects.get()
    assert attachment.file.storage.exists(attachment.file.name)

    filled(client, path, do="draft", photo__0__end="on")

    draft.refresh_from_db()
    assert draft.items == [] and not Attachment.objects.exists()


def test_the_same_page_sent_twice_makes_one_submission(client, petugas):
    signed_in(client, petugas)
    data = inputs(client.get(NEW)) | {"name": "Keripik", "activity": "keripik", "do": "send"}

    first, second = client.post(NEW, data), client.post(NEW, data)

    assert first.url == second.url
    assert Submission.objects.count() == 1


def test_the_same_draft_sent_twice_makes_one_submission(client, petugas):
    signed_in(client, petugas)
    data = inputs(client.get(NEW)) | {"name": "Keripik", "do": "draft", "product-0-name": "Keripik"}

    client.post(NEW, data)
    client.post(NEW, data)

    assert len(Submission.objects.get().items) == 1
