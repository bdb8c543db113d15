"""/api/v1/submissions/: every act happy, in the wrong state, by the wrong person, on a stranger's row."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from registry.models import Business, Ownership, Person, Submission
from tests.api.clients import ask, get, post
from tests.factories import make_business, make_officer, make_submission, nik

pytestmark = pytest.mark.django_db

PURWANTORO, DINOYO = "35.73.01.1007", "35.73.05.1004"
REQUIRED = {"name": "Keripik Tempe Contoh", "activity": "keripik tempe", "kelurahan": PURWANTORO}
ROW = {
    "uuid", "kind", "status", "source", "title", "business", "batch", "kelurahan_now", "kelurahan_next",
    "proposed_at", "proposed_by", "submitted_at", "returned_at", "decided_at", "withdrawn_at",
}  # fmt: skip
WHOLE = ROW | {
    "note", "values", "items", "hidden", "conflicts", "notes", "reason", "mends", "reverses", "agreed_at",
    "photos", "timeline", "may_edit", "may_withdraw", "may_decide", "may_agree", "needs_agreement",
}  # fmt: skip


def registration(**more):
    return {"kind": "register", "values": REQUIRED} | more


def owner(identity=None, **values):
    return {"kind": "owner", "uuid": identity or str(uuid.uuid4()), "values": {"name": "Wiji"} | values}


def at(submission, act=""):
    return f"submissions/{submission.uuid}/{act + '/' if act else ''}"


# ---- reading -------------------------------------------------------------------------------------


def test_a_list_shows_rows_and_one_shows_all(petugas):
    submission = make_submission(by=petugas)

    rows = get(petugas, "submissions/")["results"]
    whole = get(petugas, at(submission))

    assert [set(row) for row in rows] == [ROW]
    assert set(whole) == WHOLE
    assert (whole["status"], whole["kelurahan_next"], whole["may_edit"]) == ("draft", PURWANTORO, True)
    assert whole["values"]["activity"] == {"base": "", "proposed": "keripik tempe"}
    assert [line["act"] for line in whole["timeline"]] == ["submission.proposed"]


def test_the_list_is_filtered_by_status_kind_kelurahan_and_mine(petugas, petugas_dinoyo, verifikator):
    here = make_submission(by=petugas, submit=True)
    there = make_submission(by=petugas_dinoyo, kelurahan=DINOYO, submit=True)
    draft = make_submission(by=petugas)

    def found(user, **params):
        return {row["uuid"] for row in get(user, "submissions/", **params)["results"]}

    assert found(verifikator) == {str(here.uuid), str(there.uuid)}
    assert found(verifikator, kelurahan=DINOYO) == {str(there.uuid)}
    assert found(petugas, status="draft") == {str(draft.uuid)}
    assert found(petugas, kind="close") == set()
    assert found(petugas, mine="true") == {str(here.uuid), str(draft.uuid)}
    assert found(verifikator, mine="true") == set()
    assert found(petugas, business=here.business_uuid) == {str(here.uuid)}


def test_a_strangers_submission_is_not_found(petugas, petugas_dinoyo, verifikator):
    draft = make_submission(by=petugas)
    sent = make_submission(by=petugas, submit=True)

    assert get(petugas_dinoyo, at(sent), 404)["code"] == "not-found"
    get(verifikator, at(draft), 404)
    assert get(petugas_dinoyo, "submissions/")["results"] == []


def test_who_may_not_read_submissions_gets_403_and_a_visitor_401(city, nobody):
    get(nobody, "submissions/", 403)
    assert get(None, "submissions/", 401)["code"] == "not-authenticated"
    get(make_officer("keuangan", city["Kota"]), "submissions/", 403)


def test_figures_are_hidden_from_who_need_not_know(city, petugas, verifikator):
    submission = make_submission(
        by=petugas, submit=True, capital_idr=5_000_000, workers=3, items=[owner(disability="netra")]
    )
    lurah = make_officer("lurah", city["Purwantoro"])

    told = get(lurah, at(submission))

    assert "capital_idr" not in told["values"] and told["values"]["workers"]["proposed"] == 3
    assert told["items"][0]["values"] == {"name": "Wiji", "role": "owner"}
    assert told["hidden"] == ["capital_idr", "owner.disability"]
    assert get(verifikator, at(submission))["values"]["capital_idr"]["proposed"] == 5_000_000


@pytest.mark.parametrize(("path", "queries"), [("submissions/", 3)])
def test_one_row_and_three_cost_the_same(petugas, verifikator, django_assert_num_queries, path, queries):
    for more in (1, 2):
        for _each in range(more):
            make_submission(by=petugas, submit=True)
        with django_assert_num_queries(queries):
            get(verifikator, path)


# ---- proposing -----------------------------------------------------------------------------------


def test_a_registration_is_proposed_sent_and_approved(petugas, verifikator):
    person = str(uuid.uuid4())
    made = post(
        petugas,
        "submissions/",
        registration(
            items=[
                owner(person, phone="081234567890"),
                {"kind": "licence", "values": {"kind": "nib", "number": "0123456789012"}},
            ],
            identity={person: {"nik": nik(7), "kk": "3573010101010007"}},
            submit=True,
        ),
        201,
    )
    assert (made["status"], made["source"], made["may_decide"]) == ("submitted", "api", False)
    assert made["items"][0]["values"]["nik_masked"] == "•••• 0007"

    decided = post(verifikator, f"submissions/{made['uuid']}/approve/")

    assert decided["status"] == "approved"
    business = Business.objects.get(uuid=made["business"])
    assert (business.name, business.has_nib) == ("Keripik Tempe Contoh", True)
    assert Person.objects.get(uuid=person).nik_last4 == "0007"


def test_the_only_owner_may_be_named_owner(petugas):
    made = post(
        petugas,
        "submissions/",
        registration(
            items=[{"kind": "owner", "values": {"name": "Wiji"}}], identity={"owner": {"nik": nik(8)}}
        ),
        201,
    )

    assert made["items"][0]["values"]["nik_masked"] == "•••• 0008"
    assert Submission.objects.get().unsealed()[made["items"][0]["uuid"]] == {"nik": nik(8)}


def test_an_identity_without_its_owner_is_refused(petugas):
    told = post(petugas, "submissions/", registration(identity={"owner": {"nik": nik(8)}}), 400)

    assert set(told) == {"identity"}
    assert not Submission.objects.exists()


def test_bad_values_are_named_at_their_field_and_nothing_is_written(petugas):
    body = registration(
        values=REQUIRED | {"phone": "abc", "warna": "merah"},
        items=[owner(), {"kind": "licence", "values": {"kind": "nib", "number": "12"}}],
        identity={"owner": {"nik": "123"}},
    )

    told = post(petugas, "submissions/", body, 400)

    assert set(told) == {"phone", "warna", "owner.nik", "licence.number"}
    assert all(isinstance(messages, list) for messages in told.values())
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "register", "values": []},
        {"kind": "register", "values": {"name": {"a": 1}}},
        {"kind": "register", "values": {"season_months": 7}},
        {"kind": "register", "values": {"other_subsectors": "kuliner"}},
        {"kind": "register", "items": {"kind": "owner"}},
        {"kind": "register", "items": [[]]},
        {"kind": "register", "items": [{"kind": ["owner"]}]},
        {"kind": "register", "items": [{"kind": "owner", "values": []}]},
        {"kind": "register", "items": [{"kind": "owner", "uuid": "x"}]},
        {"kind": "register", "items": [{"kind": "photo", "values": {}}]},
        {"kind": "register", "items": [{"kind": "product", "values": {"name": "x"}}] * 201},
        {"kind": "register", "identity": []},
        {"kind": "register", "identity": {"owner": "3573011508800001"}},
        {"kind": "register", "note": {"a": 1}},
        {"kind": "register", "submit": "entah"},
        {"kind": "register", "business": "x"},
        {"kind": "change", "values": {"workers": 3}},
        {"kind": "hapus"},
        {"kind": "register", "status": "approved", "values": REQUIRED},
        {"kind": "register", "proposed_by": "admin", "values": REQUIRED},
        {"kind": "register", "values": {"workers": 10**400}},
        {"kind": "register", "values": {"latitude": "1e999999999", "longitude": 112}},
        {"kind": "register", "values": {"name": "x" * 10_000}},
        [],
        "register",
        None,
        5,
    ],
)
def test_a_body_of_the_wrong_shape_is_400(petugas, body):
    ask(petugas, "post", "submissions/", body, status=400, format="json")

    assert not Submission.objects.exists()


def test_an_unfinished_registration_stays_a_draft_and_is_not_sent(petugas):
    made = post(petugas, "submissions/", registration(values={"name": "Keripik"}), 201)

    told = post(petugas, f"submissions/{made['uuid']}/submit/", status=409)

    assert (told["code"], set(told["fields"])) == ("incomplete", {"activity", "kelurahan"})


def test_what_is_refused_on_sending_leaves_nothing(petugas):
    told = post(petugas, "submissions/", registration(values={"name": "Keripik"}, submit=True), 409)

    assert told["code"] == "incomplete"
    assert not Submission.objects.exists()


def test_a_proposal_sent_twice_is_made_once(petugas):
    body = registration(uuid=str(uuid.uuid4()))

    post(petugas, "submissions/", body, 201)

    assert post(petugas, "submissions/", body, 409)["code"] == "already-proposed"
    assert Submission.objects.count() == 1


def test_another_kelurahan_is_refused_and_a_strangers_business_unknown(petugas, petugas_dinoyo, verifikator):
    business = make_business(by=petugas, decided_by=verifikator)

    told = post(petugas, "submissions/", registration(values=REQUIRED | {"kelurahan": DINOYO}), 409)
    assert told["code"] == "outside-reach"
    change = {"kind": "change", "business": str(business.uuid), "values": {"workers": 9}}
    assert post(petugas_dinoyo, "submissions/", change, 404)["code"] == "not-found"
    post(petugas, "submissions/", change, 201)


def test_who_may_not_propose_gets_403(city, kepala, nobody):
    for user in (kepala, nobody, make_officer("lurah", city["Purwantoro"])):
        assert post(user, "submissions/", registration(), 403)["code"] == "permission-denied"


def test_a_known_nik_is_offered_with_its_person(petugas, verifikator):
    first = str(uuid.uuid4())
    make_business(
        by=petugas,
        decided_by=verifikator,
        items=[{"op": "add"} | owner(first)],
        sealed={first: {"nik": nik(9)}},
    )

    told = post(
        petugas,
        "submissions/",
        registration(items=[owner()], identity={"owner": {"nik": nik(9)}}, submit=True),
        409,
    )

    assert (told["code"], told["person"]) == ("nik-known", first)


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


def picture(name="etalase.jpg", kind="image/jpeg"):
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(buffer, "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue(), kind)


def upload(user, submission, file, status=201):
    return ask(user, "post", at(submission, "photos"), {"file": file}, status=status, format="multipart")


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


# ---- a scale and its basis -----------------------------------------------------------------------


def test_a_basis_without_a_scale_is_let_go(petugas, verifikator):
    values = REQUIRED | {"scale_basis": "capital"}
    made = post(petugas, "submissions/", registration(values=values, submit=True), 201)

    post(verifikator, f"submissions/{made['uuid']}/approve/")

    assert (Business.objects.get().scale, Business.objects.get().scale_basis) == ("", "")


def test_taking_the_scale_away_takes_its_basis(petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator, scale="micro", scale_basis="nib")
    change = {"kind": "change", "business": str(business.uuid), "values": {"scale": ""}, "submit": True}

    made = post(petugas, "submissions/", change, 201)
    post(verifikator, f"submissions/{made['uuid']}/approve/")

    business.refresh_from_db()
    assert (business.scale, business.scale_basis) == ("", "")


def test_a_scale_left_without_its_basis_is_refused(petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator, scale="micro", scale_basis="nib")
    late = make_submission(
        by=petugas, kind="change", business=business, scale="small", scale_basis="nib", submit=True
    )
    first = make_submission(by=petugas, kind="change", business=business, scale="", submit=True)
    first.approve(by=verifikator)

    told = post(verifikator, at(late, "approve"), {"take": ["scale"]}, 409)

    assert told["code"] == "scale-basis-missing"


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        ("licence", {"kind": ""}, "licence.kind"),
        ("product", {"name": None}, "product.name"),
        ("consent", {"group": "address"}, "consent.op"),
        ("consent", {"given_on": None}, "consent.op"),
    ],
)
def test_a_row_keeps_what_makes_it_one(petugas, verifikator, kind, values, field):
    business = make_business(
        by=petugas,
        decided_by=verifikator,
        items=[
            {"kind": "licence", "values": {"kind": "nib"}},
            {"kind": "product", "values": {"name": "Keripik"}},
            {"kind": "consent", "values": {"group": "phone"}},
        ],
    )
    row = get(petugas, f"businesses/{business.uuid}/")[f"{kind}s"][0]
    items = [{"op": "change", "kind": kind, "uuid": row["uuid"], "values": values}]

    told = post(
        petugas, "submissions/", {"kind": "change", "business": str(business.uuid), "items": items}, 400
    )

    assert set(told) == {field}


def test_notes_on_figures_are_told_only_to_who_may_see_the_figures(petugas, verifikator, city):
    lurah = make_officer("lurah", city["Purwantoro"])
    submission = make_submission(by=petugas, submit=True, turnover_idr=777123, turnover_period="day")
    submission.return_for_changes(
        by=verifikator, notes={"turnover_idr": "Omzet 777123 terlalu kecil.", "address": "Tulis gangnya."}
    )
    address = f"submissions/{submission.uuid}/"

    assert "777123" in str(get(verifikator, address))
    told = get(lurah, address)
    assert told["notes"] == {"address": "Tulis gangnya."}
    assert "777123" not in str(told)
