"""POST /api/v1/submissions/: what is proposed, what is refused with a word at its field."""

import uuid

import pytest

from registry.models import Business, Person, Submission
from tests.api.clients import ask, get, post
from tests.api.submissions import DINOYO, REQUIRED, at, owner, registration
from tests.factories import make_business, make_officer, make_submission, nik

pytestmark = pytest.mark.django_db


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


# ---- a scale and its basis, what makes a row one -------------------------------------------------


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
