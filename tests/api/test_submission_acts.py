"""/api/v1/submissions/{uuid}/: its acts, happy, in the wrong state, by the wrong person, on a stranger's."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from registry.models import Business, Ownership, Person
from tests.api.clients import ask, get, post
from tests.api.submissions import DINOYO, REQUIRED, at, owner, picture, registration, upload
from tests.factories import make_business, make_officer, make_submission, nik

pytestmark = pytest.mark.django_db


# ---- editing -------------------------------------------------------------------------------------


def test_put_replaces_and_patch_changes_what_is_named(petugas):
    submission = make_submission(by=petugas, address="Jl. Sanan", workers=3)

    patched = ask(petugas, "patch", at(submission), {"values": {"workers": 5}})
    assert patched["values"]["workers"]["proposed"] == 5
    assert patched["values"]["address"]["proposed"] == "Jl. Sanan"

    put = ask(petugas, "put", at(submission), {"values": REQUIRED, "note": "Lengkap"})
    assert set(put["values"]) == set(REQUIRED)
    assert put["note"] == "Lengkap"


def test_a_nik_not_written_again_is_kept(petugas, verifikator):
    person = str(uuid.uuid4())
    made = post(
        petugas, "submissions/", registration(items=[owner(person)], identity={person: {"nik": nik(5)}}), 201
    )
    path = f"submissions/{made['uuid']}/"

    ask(petugas, "patch", path, {"values": {"workers": 2}})
    again = ask(petugas, "put", path, {"values": REQUIRED, "items": made["items"]})

    assert again["items"][0]["values"]["nik_masked"] == "•••• 0005"
    post(petugas, path + "submit/")
    post(verifikator, path + "approve/")
    assert Person.objects.with_nik(nik(5)).get().uuid == uuid.UUID(person)


def test_marks_a_client_invents_are_not_believed(petugas, petugas_dinoyo, verifikator):
    known = str(uuid.uuid4())
    make_business(
        by=petugas_dinoyo,
        decided_by=verifikator,
        kelurahan=DINOYO,
        items=[{"op": "add"} | owner(known)],
        sealed={known: {"nik": nik(6)}},
    )
    invented = owner(nik_last4="9999", nik_known=True)
    stolen = owner(known, nik_known=True)

    made = post(petugas, "submissions/", registration(items=[invented]), 201)

    assert made["items"][0]["values"] == {"name": "Wiji", "role": "owner"}
    assert post(petugas, "submissions/", registration(items=[stolen]), 404)["code"] == "not-found"


def test_edit_is_refused_in_the_wrong_state_to_the_wrong_person_and_strangers(
    petugas, petugas_dinoyo, operator, verifikator
):
    draft = make_submission(by=petugas)
    sent = make_submission(by=petugas, submit=True)
    body = {"values": REQUIRED}

    for method in ("put", "patch"):
        told = ask(petugas, method, at(sent), body, status=409)
        assert told["code"] == "submission-wrong-state"
        ask(petugas_dinoyo, method, at(draft), body, status=404)
        ask(operator, method, at(draft), body, status=404)
    sent.return_for_changes(by=verifikator, reason="Lengkapi.")
    assert ask(operator, "put", at(sent), body, status=409)["code"] == "not-yours"


def test_the_status_cannot_be_written(petugas):
    submission = make_submission(by=petugas)

    for method in ("put", "patch"):
        told = ask(petugas, method, at(submission), {"values": REQUIRED, "status": "approved"}, status=400)
        assert set(told) == {"status"}
    ask(petugas, "delete", at(submission), status=405)


# ---- acts ----------------------------------------------------------------------------------------


def test_submit(petugas, petugas_dinoyo, verifikator, kepala):
    draft = make_submission(by=petugas)

    post(petugas_dinoyo, at(draft, "submit"), status=404)
    post(kepala, at(draft, "submit"), status=403)
    assert post(petugas, at(draft, "submit"))["status"] == "submitted"
    assert post(petugas, at(draft, "submit"), status=409)["code"] == "submission-wrong-state"


def test_withdraw(petugas, petugas_dinoyo, operator, kepala):
    sent = make_submission(by=petugas, submit=True)

    post(petugas_dinoyo, at(sent, "withdraw"), status=404)
    post(kepala, at(sent, "withdraw"), status=403)
    assert post(operator, at(sent, "withdraw"), status=409)["code"] == "not-yours"
    assert post(petugas, at(sent, "withdraw"))["status"] == "withdrawn"
    assert post(petugas, at(sent, "withdraw"), status=409)["code"] == "submission-wrong-state"


def test_return(petugas, petugas_dinoyo, verifikator):
    sent = make_submission(by=petugas, submit=True)
    notes = {"notes": {"address": "Tulis nama gangnya."}}

    post(petugas, at(sent, "return"), notes, 403)
    post(petugas_dinoyo, at(sent, "return"), notes, 403)
    assert post(verifikator, at(sent, "return"), {}, 409)["code"] == "note-missing"
    told = post(verifikator, at(sent, "return"), notes)
    assert (told["status"], told["notes"]) == ("returned", notes["notes"])
    assert told["timeline"][-1]["detail"]["notes"] == notes["notes"]
    assert post(verifikator, at(sent, "return"), notes, 409)["code"] == "submission-wrong-state"
    post(verifikator, f"submissions/{uuid.uuid4()}/return/", notes, 404)


def test_approve(city, petugas, verifikator, verifikator_lain):
    sent = make_submission(by=petugas, submit=True)
    own = make_submission(by=verifikator, submit=True)

    post(petugas, at(sent, "approve"), status=403)
    assert post(verifikator, at(own, "approve"), status=409)["code"] == "own-submission"
    assert post(verifikator, at(sent, "approve"))["status"] == "approved"
    assert post(verifikator_lain, at(sent, "approve"), status=409)["code"] == "submission-decided"
    draft = make_submission(by=petugas)
    post(verifikator, at(draft, "approve"), status=404)
    assert Business.objects.count() == 1


def test_reject(petugas, verifikator):
    sent = make_submission(by=petugas, submit=True)

    post(petugas, at(sent, "reject"), {"reason": "Data ganda."}, 403)
    assert set(post(verifikator, at(sent, "reject"), {}, 400)) == {"reason"}
    told = post(verifikator, at(sent, "reject"), {"reason": "Data ganda."})
    assert (told["status"], told["reason"]) == ("rejected", "Data ganda.")
    assert post(verifikator, at(sent, "reject"), {"reason": "Lagi."}, 409)["code"] == "submission-decided"
    post(verifikator, f"submissions/{uuid.uuid4()}/reject/", {"reason": "x"}, 404)


def test_where_today_differs_the_reviewer_must_choose(petugas, operator, verifikator):
    business = make_business(by=petugas, decided_by=verifikator, workers=3)
    late = make_submission(by=petugas, kind="change", business=business, workers=5, submit=True)
    make_submission(by=operator, kind="change", business=business, workers=7, submit=True).approve(
        by=verifikator
    )

    assert get(verifikator, at(late))["conflicts"] == {"workers": {"base": 3, "today": 7, "proposed": 5}}
    told = post(verifikator, at(late, "approve"), status=409)
    assert (told["code"], set(told["fields"])) == ("conflict", {"workers"})
    assert set(post(verifikator, at(late, "approve"), {"keep": ["name"]}, 400)) == {"keep"}
    post(verifikator, at(late, "approve"), {"keep": ["workers"]})

    business.refresh_from_db()
    assert business.workers == 7


def test_nothing_of_a_registration_can_be_kept_as_it_is(petugas, verifikator):
    sent = make_submission(by=petugas, submit=True)

    post(verifikator, at(sent, "approve"), {"keep": ["name"]}, 400)

    assert not Business.objects.exists()


@pytest.mark.parametrize("act", ["submit", "withdraw", "return", "approve", "reject"])
@pytest.mark.parametrize("body", [[], {"status": "approved"}, {"notes": 5}, {"reason": {}}, {"keep": "name"}])
def test_acts_refuse_what_they_do_not_know(petugas, verifikator, act, body):
    sent = make_submission(by=petugas, submit=True)
    user = petugas if act in ("submit", "withdraw") else verifikator

    ask(user, "post", at(sent, act), body, status=400)

    sent.refresh_from_db()
    assert sent.status == "submitted"


@pytest.mark.parametrize("act", ["submit", "withdraw", "return", "approve", "reject", "photos"])
def test_acts_are_post_only(verifikator, petugas, act):
    sent = make_submission(by=petugas, submit=True)

    ask(verifikator, "get", at(sent, act), status=405)


# ---- photos --------------------------------------------------------------------------------------


def test_a_photo_waits_with_its_draft_and_is_published_by_approving(petugas, verifikator):
    draft = make_submission(by=petugas)

    photo = upload(petugas, draft, picture())
    assert set(photo) == {"uuid", "url", "width", "height", "bytes", "uploaded_at"}
    items = [{"kind": "photo", "values": {"kind": "place", "attachment": photo["uuid"]}}]
    ask(petugas, "patch", at(draft), {"items": items})
    post(petugas, at(draft, "submit"))
    post(verifikator, at(draft, "approve"))

    published = Business.objects.get().photos.get()
    assert (published.kind, published.width, published.height) == ("place", 40, 30)


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (SimpleUploadedFile("kosong.jpg", b"", "image/jpeg"), "photo-empty"),
        (SimpleUploadedFile("foto.jpg", b"<script>alert(1)</script>", "image/jpeg"), "photo-unreadable"),
    ],
)
def test_what_is_no_picture_is_refused(petugas, file, code):
    assert upload(petugas, make_submission(by=petugas), file, 409)["code"] == code


def test_photos_are_for_who_may_edit(petugas, petugas_dinoyo, operator, verifikator, kepala):
    draft = make_submission(by=petugas)
    sent = make_submission(by=petugas, submit=True)

    upload(petugas_dinoyo, draft, picture(), 404)
    upload(kepala, draft, picture(), 403)
    assert upload(petugas, sent, picture(), 409)["code"] == "submission-wrong-state"
    ask(petugas, "post", at(draft, "photos"), {"file": "x"}, status=415, format="json")
    assert set(ask(petugas, "post", at(draft, "photos"), {}, status=400, format="multipart")) == {"file"}


def test_the_successor_of_a_post_goes_on_with_its_draft(city, petugas, verifikator):
    draft = make_submission(by=petugas)
    successor = make_officer("petugas", city["Purwantoro"])

    assert post(successor, at(draft, "submit"))["proposed_by"] == petugas.name
    post(verifikator, at(draft, "approve"))
    assert Ownership.objects.count() == 0
