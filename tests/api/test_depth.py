"""What else can be done over the API: mend, agree, reverse, propose again, see photos, decide batches."""

import pytest

from registry.imports import actions as imports
from registry.imports import tasks
from registry.models import Business
from registry.submissions.many import propose_many
from tests.api.clients import ask, call, get, post
from tests.api.submissions import REQUIRED, at, picture, upload
from tests.api.world import listed
from tests.factories import make_business, make_officer, make_submission

pytestmark = pytest.mark.django_db


# ---- one submission ------------------------------------------------------------------------------


def test_approving_with_a_mend_keeps_both_values(petugas, verifikator):
    sent = make_submission(by=petugas, submit=True, opening_hours="24 jam")
    body = {"mends": {"opening_hours": "08.00–16.00"}}

    assert post(verifikator, at(sent, "approve"), body, 409)["code"] == "mend-unexplained"
    told = post(verifikator, at(sent, "approve"), body | {"reason": "Salah ketik."})

    assert told["mends"] == {"opening_hours": {"sent": "24 jam", "mended": "08.00–16.00"}}
    assert Business.objects.get().opening_hours == "08.00–16.00"
    assert post(verifikator, at(sent, "approve"), {"mends": []}, 400)


def test_a_mended_figure_is_not_told_to_who_need_not_know(city, petugas, verifikator):
    sent = make_submission(by=petugas, submit=True, capital_idr=5_000_000)
    post(verifikator, at(sent, "approve"), {"mends": {"capital_idr": 50_000_000}, "reason": "Kurang nol."})

    assert get(make_officer("lurah", city["Purwantoro"]), at(sent))["mends"] == {}
    assert set(get(petugas, at(sent))["mends"]) == {"capital_idr"}


def test_a_move_is_agreed_to_or_declined_by_who_receives_it(petugas, petugas_dinoyo, verifikator):
    business = make_business(by=petugas, decided_by=verifikator)
    body = {"kind": "move", "business": str(business.uuid), "values": {"kelurahan": "35.73.05.1004"}}
    moves = [post(petugas, "submissions/", body | {"submit": True}, 201) for _each in range(2)]
    first, second = (f"submissions/{move['uuid']}/" for move in moves)

    assert moves[0]["needs_agreement"] and not moves[0]["may_agree"]
    assert get(petugas_dinoyo, first)["may_agree"]
    assert post(verifikator, first + "approve/", status=409)["code"] == "move-not-agreed"
    post(petugas, first + "agree/", status=404)
    assert post(petugas_dinoyo, first + "agree/")["agreed_at"].endswith("+07:00")
    assert post(petugas_dinoyo, second + "decline/", {"reason": "Bukan di sini."})["status"] == "returned"
    assert post(verifikator, first + "approve/")["status"] == "approved"


def test_a_decision_is_reversed_by_a_new_submission(petugas, operator, verifikator):
    business = make_business(by=petugas, decided_by=verifikator, address="Jl. Lama")
    sent = make_submission(by=petugas, kind="change", business=business, address="Jl. Baru", submit=True)
    assert post(petugas, at(sent, "reverse"), {"reason": "Keliru."}, 409)["code"] == "not-approved"
    sent.approve(by=verifikator)

    made = post(petugas, at(sent, "reverse"), {"reason": "Keliru."}, 201)

    assert (made["reverses"], made["status"]) == (str(sent.uuid), "submitted")
    assert made["values"]["address"] == {"base": "Jl. Baru", "proposed": "Jl. Lama"}
    assert post(operator, at(sent, "reverse"), {"reason": "Lagi."}, 409)["code"] == "reversed-already"


def test_what_was_turned_down_is_proposed_again(petugas, petugas_dinoyo, verifikator):
    sent = make_submission(by=petugas, submit=True)
    assert post(petugas, at(sent, "propose-again"), status=409)["code"] == "not-turned-down"
    sent.reject(by=verifikator, reason="Ganda.")

    made = post(petugas, at(sent, "propose-again"), status=201)

    assert (made["status"], made["title"]) == ("draft", sent.title)
    assert made["uuid"] != str(sent.uuid)
    post(petugas_dinoyo, at(sent, "propose-again"), status=404)


def test_a_photo_has_an_address_of_its_own(petugas, petugas_dinoyo, verifikator):
    draft = make_submission(by=petugas)
    photo = upload(petugas, draft, picture())
    path = photo["url"].removeprefix("/api/v1/")

    shown = call(petugas, "get", path)

    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert shown.content[:3] == b"\xff\xd8\xff" and shown["Cache-Control"] == "private, no-cache"
    assert call(petugas, "get", path, HTTP_IF_NONE_MATCH=shown["ETag"]).status_code == 304
    assert call(petugas, "get", path, HTTP_ACCEPT="image/jpeg").status_code == 200
    for user in (petugas_dinoyo, verifikator, None):
        told = call(user, "get", path, HTTP_ACCEPT="image/jpeg")
        assert (told.status_code, told["Content-Type"]) == (404 if user else 401, "application/json")
    assert get(petugas, at(draft))["photos"] == [photo]

    items = [{"kind": "photo", "values": {"attachment": photo["uuid"]}}]
    ask(petugas, "patch", at(draft), {"items": items})
    post(petugas, at(draft, "submit"))
    post(verifikator, at(draft, "approve"))
    published = get(petugas, f"businesses/{draft.business_uuid}/")["photos"][0]
    assert call(petugas, "get", published["url"].removeprefix("/api/v1/"))["Content-Type"] == "image/jpeg"
    assert call(petugas_dinoyo, "get", published["url"].removeprefix("/api/v1/")).status_code == 404


@pytest.mark.parametrize("half", ["latitude", "longitude"])
def test_half_a_point_is_refused(petugas, verifikator, half):
    value = {"latitude": "-7.966620", "longitude": "112.632632"}
    body = {"kind": "register", "values": REQUIRED | {half: value[half]}}

    assert set(post(petugas, "submissions/", body, 400)) & {"latitude", "longitude"}
    made = post(petugas, "submissions/", body | {"values": REQUIRED | value}, 201)
    path = f"submissions/{made['uuid']}/"
    ask(petugas, "patch", path, {"values": {half: ""}}, status=400)
    business = make_business(by=petugas, decided_by=verifikator, **value)
    change = {"kind": "change", "business": str(business.uuid), "values": {half: None}}
    post(petugas, "submissions/", change, 400)
    moved = {"latitude": "-7.950000", "longitude": "112.630000"}[half]
    post(petugas, "submissions/", change | {"values": {half: moved}}, 201)


# ---- a business ----------------------------------------------------------------------------------


def test_the_acts_on_a_business(city, petugas, petugas_dinoyo, verifikator, kepala):
    items = [{"kind": "consent", "values": {"group": "phone"}}]
    business = make_business(by=petugas, decided_by=verifikator, items=items)
    path = f"businesses/{business.uuid}/"

    assert post(petugas, path + "confirm/", {"on": "2026-01-02"})["last_confirmed_on"]
    assert post(petugas, path + "confirm/", {"on": "2999-01-02"}, 409)["code"] == "confirmed-in-future"
    post(petugas, path + "verify/", {"what": "existence", "how": "visit"}, 403)
    assert post(verifikator, path + "verify/", {"what": "existence", "how": "visit"})["existence_verified_at"]
    assert post(verifikator, path + "recognise/", {"what": "curated", "on": "2026-01-02"})["curated_on"]
    body = {"what": "curated", "reason": "Masa berlakunya habis."}
    assert post(verifikator, path + "unrecognise/", body)["curated_on"] is None
    assert post(verifikator, path + "unrecognise/", body, 409)["code"] == "not-recognised"
    consent = get(petugas, path)["consents"][0]["uuid"]
    assert post(petugas, path + f"consents/{consent}/withdraw/")["consents"] == []
    for act in ("confirm", f"consents/{consent}/withdraw"):
        post(petugas_dinoyo, path + act + "/", status=404)
        post(kepala, path + act + "/", status=403)
        post(None, path + act + "/", status=401)


# ---- lists and batches ---------------------------------------------------------------------------


@pytest.fixture
def sent_list(operator, city):
    row = imports.upload(listed(1), "daftar.csv", imports.Options(), by=operator)
    tasks.start_reading(row)
    tasks.start_sending(row, by=operator)
    row.refresh_from_db()
    return row


def test_the_rows_of_an_import(sent_list, operator, petugas):
    path = f"imports/{sent_list.uuid}/rows/"

    rows = get(operator, path, outcome="accepted")["results"]

    assert [row["outcome"] for row in rows] == ["accepted"]
    assert rows[0]["submission"] == str(sent_list.batch.submissions.get().uuid)
    assert get(operator, path, outcome="rejected")["results"] == []
    assert set(rows[0]) == {
        "number", "outcome", "changed", "duplicate_of", "candidate_of", "business", "submission", "messages",
    }  # fmt: skip
    get(petugas, path, 403)
    get(operator, "imports/00000000-0000-0000-0000-000000000000/rows/", 404)
    get(operator, path, 400, warna="merah")


def test_batches_are_read_and_decided(sent_list, operator, petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator)
    changes = propose_many([(business, {"rw": 9})], by=operator, title="RW 9")
    first, second = (f"batches/{batch.uuid}/" for batch in (sent_list.batch, changes))

    assert {row["kind"] for row in get(operator, "batches/")["results"]} == {"import", "bulk"}
    assert len(get(operator, "batches/", kind="bulk")["results"]) == 1
    assert get(petugas, "batches/")["results"] == []
    assert not get(operator, second)["may_decide"] and get(verifikator, second)["may_decide"]
    assert [row["kind"] for row in get(verifikator, second + "rows/")["results"]] == ["change"]
    post(operator, second + "approve/", status=403)
    assert post(verifikator, second + "approve/")["progress_state"] == "applied"
    assert Business.objects.get(pk=business.pk).rw == 9
    assert post(verifikator, second + "approve/", status=409)["code"] == "batch-decided"
    told = post(verifikator, first + "reject/", {"reason": "Daftar lama."})
    assert (told["progress_state"], told["reason"]) == ("rejected", "Daftar lama.")
    get(petugas, first, 404)
