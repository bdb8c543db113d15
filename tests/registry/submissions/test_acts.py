"""What may happen to a submission, by whom, in which state."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import AuditEntry
from registry.models import Business, Ownership, Person, Region, ScaleRecord, Submission
from registry.regions.access import forget_posts
from registry.submissions.actions import propose
from tests.factories import make_business, make_officer, make_post, make_submission, nik
from umkm_portal.lib.errors import Refused

pytestmark = pytest.mark.django_db


def owner_item(person=None, **values):
    return {
        "op": "add",
        "kind": "owner",
        "uuid": str(person or uuid.uuid4()),
        "values": {"name": "Wiji Lestari"} | values,
    }


def code_of(act, **arguments):
    with pytest.raises(Refused) as refused:
        act(**arguments)
    return refused.value.code


def test_approve_writes_the_business_with_its_owner_and_belongings(petugas, verifikator):
    owner = owner_item(phone="081234567890")
    submission = make_submission(
        by=petugas,
        submit=True,
        name="Keripik Tempe Bu Wiji",
        workers=4,
        capital_idr="25.000.000",
        founded_year=2023,
        items=[
            owner,
            {"kind": "licence", "values": {"kind": "nib", "status": "has", "number": "0123456789012"}},
            {"kind": "product", "values": {"name": "Keripik tempe 250 g", "price_idr": 12000}},
            {"kind": "consent", "values": {"group": "phone", "channel": "paper"}},
        ],
        sealed={owner["uuid"]: {"nik": nik(7)}},
    )

    submission.approve(by=verifikator)

    business = Business.objects.get(uuid=submission.business_uuid)
    assert (business.name, business.workers, business.capital_idr) == ("Keripik Tempe Bu Wiji", 4, 25_000_000)
    assert (business.scale, business.scale_basis) == ("micro", "capital")
    assert business.owner_name == "Wiji Lestari"
    assert business.name_has_owner
    assert business.has_nib and business.shows_phone and not business.shows_address
    assert business.recorded_by == petugas
    assert business.last_confirmed_on == timezone.localdate()
    person = Ownership.objects.get(business=business).person
    assert (person.nik_last4, person.nik_answer, person.phone) == ("0007", "given", "6281234567890")
    assert list(business.products.values_list("name", "price_idr")) == [("Keripik tempe 250 g", 12000)]
    assert ScaleRecord.objects.get(business=business).scale == "micro"
    assert business.existence_verified_at is None


def test_every_act_leaves_one_line_in_the_audit_trail(petugas, verifikator):
    submission = make_submission(by=petugas, submit=True)
    submission.return_for_changes(by=verifikator, notes={"address": "Tulis nama gangnya."})
    submission.edit(
        by=petugas,
        values={"name": "Keripik", "activity": "keripik", "kelurahan": "35.73.01.1007", "address": "Gg. III"},
    )
    submission.submit(by=petugas)
    submission.approve(by=verifikator)

    acts = (
        AuditEntry.objects.filter(about=submission.business_uuid).order_by("pk").values_list("act", flat=True)
    )
    assert list(acts) == [
        "submission.proposed",
        "submission.submitted",
        "submission.returned",
        "submission.edited",
        "submission.submitted",
        "submission.approved",
    ]


def test_approve_is_refused_to_the_proposer(city):
    both = make_officer("verifikator", city["Kota"])
    submission = make_submission(by=both, submit=True)

    assert code_of(submission.approve, by=both) == "own-submission"
    submission.refresh_from_db()
    assert submission.status == Submission.Status.SUBMITTED
    assert not Business.objects.exists()


def test_approve_is_refused_to_who_edited_it(city, petugas, verifikator):
    successor = make_officer("petugas", city["Purwantoro"])
    submission = make_submission(by=petugas)
    submission.edit(
        by=successor, values={"name": "Keripik", "activity": "tempe", "kelurahan": "35.73.01.1007"}
    )
    submission.submit(by=petugas)
    make_post(successor, "verifikator", city["Kota"])
    forget_posts(successor)

    assert code_of(submission.approve, by=successor) == "own-submission"


def test_approve_is_refused_twice(petugas, verifikator, verifikator_lain):
    submission = make_submission(by=petugas, submit=True)
    again = Submission.objects.get(pk=submission.pk)
    submission.approve(by=verifikator)

    assert code_of(again.approve, by=verifikator_lain) == "submission-decided"
    assert Business.objects.count() == 1


def test_approve_out_of_reach_is_not_found(petugas, petugas_dinoyo):
    submission = make_submission(by=petugas, submit=True)

    assert code_of(submission.approve, by=petugas_dinoyo) == "not-found"


def test_submit_is_refused_while_required_fields_are_missing(petugas):
    draft = propose(kind="register", by=petugas, values={"name": "Keripik"})

    with pytest.raises(Refused) as refused:
        draft.submit(by=petugas)

    assert refused.value.code == "incomplete"
    assert set(refused.value.fields) == {"activity", "kelurahan"}


def test_an_officer_cannot_propose_for_another_kelurahan(petugas):
    assert code_of(make_submission, by=petugas, kelurahan="35.73.05.1004") == "outside-reach"
    assert not Submission.objects.exists()


def test_a_kelurahan_of_another_city_is_refused_at_the_field(petugas):
    with pytest.raises(ValidationError) as error:
        make_submission(by=petugas, kelurahan="53.71.05.1008")

    assert set(error.value.message_dict) == {"kelurahan"}


def test_a_stranger_sees_no_submission_of_another_kelurahan(petugas, petugas_dinoyo, verifikator, nobody):
    waiting = make_submission(by=petugas, submit=True)
    draft = make_submission(by=petugas)

    assert set(Submission.objects.visible_to(petugas)) == {waiting, draft}
    assert set(Submission.objects.visible_to(verifikator)) == {waiting}
    assert set(Submission.objects.visible_to(petugas_dinoyo)) == set()
    assert set(Submission.objects.visible_to(nobody)) == set()


def test_the_successor_inherits_drafts_and_returned_items(city, petugas, verifikator):
    draft = make_submission(by=petugas)
    returned = make_submission(by=petugas, submit=True)
    returned.return_for_changes(by=verifikator, reason="Lengkapi alamat.")
    successor = make_officer("petugas", city["Purwantoro"])

    assert set(Submission.objects.visible_to(successor)) == {draft, returned}
    draft.submit(by=successor)
    assert (draft.proposed_by, draft.submitted_by) == (petugas, successor)


def test_a_nik_known_in_reach_is_offered_instead_of_doubled(petugas, verifikator):
    first = owner_item()
    make_business(by=petugas, decided_by=verifikator, items=[first], sealed={first["uuid"]: {"nik": nik(9)}})
    second = owner_item(name="W. Lestari")
    submission = make_submission(by=petugas, items=[second], sealed={second["uuid"]: {"nik": nik(9)}})

    with pytest.raises(Refused) as refused:
        submission.submit(by=petugas)

    assert refused.value.code == "nik-known"
    assert refused.value.person == Person.objects.get()


def test_a_nik_known_out_of_reach_joins_that_person_without_saying_so(petugas, petugas_dinoyo, verifikator):
    first = owner_item()
    make_business(by=petugas, decided_by=verifikator, items=[first], sealed={first["uuid"]: {"nik": nik(9)}})
    second = owner_item(name="W. Lestari")
    submission = make_submission(
        by=petugas_dinoyo,
        kelurahan="35.73.05.1004",
        items=[second],
        sealed={second["uuid"]: {"nik": nik(9)}},
        submit=True,
    )

    submission.approve(by=verifikator)

    assert Person.objects.get().name == "Wiji Lestari"
    assert Ownership.objects.count() == 2


def test_of_two_open_registrations_with_one_nik_the_second_is_refused(petugas):
    for number in (1, 2):
        owner = owner_item()
        submission = make_submission(by=petugas, items=[owner], sealed={owner["uuid"]: {"nik": nik(9)}})
        if number == 1:
            submission.submit(by=petugas)

    assert code_of(submission.submit, by=petugas) == "nik-pending"
    submission.refresh_from_db()
    assert submission.status == Submission.Status.DRAFT


def test_a_change_is_applied_to_the_proposed_fields_only(petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator, address="Jl. Sanan", workers=3)
    submission = make_submission(
        by=petugas, kind="change", business=business, workers=5, address="Jl. Sanan", submit=True
    )
    assert submission.values == {"workers": [3, 5]}

    submission.approve(by=verifikator)

    business.refresh_from_db()
    assert (business.workers, business.address, business.version) == (5, "Jl. Sanan", 2)


def test_where_today_differs_from_base_the_reviewer_chooses(petugas, operator, verifikator):
    business = make_business(by=petugas, decided_by=verifikator, workers=3)
    late = make_submission(by=petugas, kind="change", business=business, workers=5, submit=True)
    make_submission(by=operator, kind="change", business=business, workers=7, submit=True).approve(
        by=verifikator
    )

    late.refresh_from_db()
    assert code_of(late.approve, by=verifikator) == "conflict"
    late.approve(by=verifikator, keep=["workers"])

    business.refresh_from_db()
    assert business.workers == 7


def test_closing_needs_a_second_person_and_leaves_the_directory(petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator)
    closing = make_submission(by=petugas, kind="close", business=business, submit=True)
    again = make_submission(by=petugas, kind="close", business=business)

    assert code_of(again.submit, by=petugas) == "closing-open"
    closing.approve(by=verifikator)

    business.refresh_from_db()
    assert business.operating_state == "closed"
    assert not Business.objects.public().exists()


def test_a_change_cannot_carry_a_closing_or_a_move(petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator)

    assert (
        code_of(make_submission, by=petugas, kind="change", business=business, operating_state="closed")
        == "use-close"
    )
    assert (
        code_of(make_submission, by=petugas, kind="change", business=business, kelurahan="35.73.05.1004")
        == "use-move"
    )


def test_withdrawn_consent_hides_at_once(petugas, verifikator):
    business = make_business(
        by=petugas,
        decided_by=verifikator,
        items=[{"kind": "consent", "values": {"group": "phone", "channel": "paper"}}],
    )
    assert business.shows_phone

    business.consents.get().withdraw(by=petugas)

    business.refresh_from_db()
    assert not business.shows_phone


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x" * 10_000),
        ("name", "a\0b"),
        ("name", "—…!"),
        ("phone", "abc"),
        ("workers", "banyak"),
        ("capital_idr", "-5"),
        ("kbli", "2025:99999"),
        ("kbli", "10307"),
        ("website", "javascript:alert(1)"),
        ("founded_on", "2205-01-01"),
        ("latitude", "91"),
        ("address", "NIK saya 3573015508800001"),
    ],
)
def test_a_bad_value_is_named_at_its_field_and_nothing_is_written(petugas, field, value):
    with pytest.raises(ValidationError) as error:
        make_submission(by=petugas, **{field: value})

    assert field in error.value.message_dict
    assert "3573015508800001" not in str(error.value)
    assert not Submission.objects.exists()


def test_a_person_out_of_reach_cannot_be_named_as_owner(petugas, petugas_dinoyo, verifikator):
    first = owner_item()
    make_business(by=petugas, decided_by=verifikator, items=[first])
    stranger = owner_item(first["uuid"], name="Nama Lain")

    assert (
        code_of(make_submission, by=petugas_dinoyo, kelurahan="35.73.05.1004", items=[stranger])
        == "not-found"
    )


@pytest.mark.parametrize("marks", [{"nik_last4": "1234", "nik_answer": "given"}, {"nik_known": True}])
def test_marks_that_only_we_set_are_not_believed(petugas, marks):
    owner = owner_item(**marks)

    if "nik_last4" in marks:
        with pytest.raises(ValidationError):
            make_submission(by=petugas, items=[owner])
    else:
        assert "nik_known" not in make_submission(by=petugas, items=[owner]).items[0]["values"]


def test_a_nik_stays_with_its_draft_when_it_is_not_typed_again(petugas):
    owner = owner_item()
    draft = make_submission(by=petugas, items=[owner], sealed={owner["uuid"]: {"nik": nik(7)}})

    draft.edit(by=petugas, values={"name": "Keripik"}, items=draft.items)

    assert draft.items[0]["values"]["nik_last4"] == "0007"
    assert draft.unsealed() == {owner["uuid"]: {"nik": nik(7)}}


def test_a_change_that_adds_an_owner_with_a_known_nik_offers_that_person(petugas, verifikator):
    first = owner_item()
    make_business(by=petugas, decided_by=verifikator, items=[first], sealed={first["uuid"]: {"nik": nik(9)}})
    other = make_business(by=petugas, decided_by=verifikator)
    second = owner_item(name="W. Lestari")
    change = make_submission(
        by=petugas,
        kind="change",
        business=other,
        items=[second],
        sealed={second["uuid"]: {"nik": nik(9)}},
    )

    assert code_of(change.submit, by=petugas) == "nik-known"


def test_a_row_that_carries_a_known_uuid_is_refused_when_applied(petugas, verifikator):
    item = {"kind": "product", "uuid": str(uuid.uuid4()), "values": {"name": "Keripik"}}
    make_business(by=petugas, decided_by=verifikator, items=[item])
    second = make_submission(by=petugas, items=[item], submit=True)

    assert code_of(second.approve, by=verifikator) == "row-known"
    assert Business.objects.count() == 1


def test_a_draft_is_made_once_however_often_it_is_sent(petugas):
    identity = uuid.uuid4()
    propose(kind="register", by=petugas, values={"name": "Keripik"}, uuid=identity)

    assert code_of(propose, kind="register", by=petugas, values={}, uuid=identity) == "already-proposed"
    assert Submission.objects.count() == 1


def test_a_move_names_another_kelurahan(petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator)

    with pytest.raises(ValidationError):
        make_submission(by=petugas, kind="move", business=business, kelurahan="35.73.01.1007", rt=3)


def test_a_new_scale_counts_from_the_day_it_was_told(petugas, verifikator):
    business = make_business(
        by=petugas, decided_by=verifikator, scale="micro", scale_basis="nib", scale_on="2022-01-01"
    )
    make_submission(
        by=petugas, kind="change", business=business, scale="small", scale_basis="nib", submit=True
    ).approve(by=verifikator)

    records = ScaleRecord.objects.filter(business=business).values_list("scale", "effective_on")
    assert [(scale, str(day)) for scale, day in records] == [
        ("micro", "2022-01-01"),
        ("small", str(timezone.localdate())),
    ]


def test_figures_do_not_replace_a_scale_told_with_the_nib(petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator, scale="small", scale_basis="nib")
    make_submission(
        by=petugas,
        kind="change",
        business=business,
        capital_idr=5_000_000,
        founded_year=2023,
        submit=True,
    ).approve(by=verifikator)

    business.refresh_from_db()
    assert (business.scale, business.scale_basis) == ("small", "nib")


def test_a_nik_taken_meanwhile_is_refused_also_on_a_change(petugas, verifikator):
    drafts = []
    for name in ("Satu", "Dua"):
        owner = owner_item(name=name)
        business = make_business(by=petugas, decided_by=verifikator, items=[owner])
        owner["op"] = "change"
        drafts.append(
            make_submission(
                by=petugas,
                kind="change",
                business=business,
                items=[owner],
                sealed={owner["uuid"]: {"nik": nik(77)}},
                submit=True,
            )
        )
    drafts[0].approve(by=verifikator)

    assert code_of(drafts[1].approve, by=verifikator) == "nik-taken"


def test_a_loaded_kelurahan_of_another_city_is_refused(operator):
    city = Region.objects.create(code="53.71", name="Kota Kupang", level="city")
    kecamatan = Region.objects.create(code="53.71.05", name="Kota Lama", level="kecamatan", parent=city)
    Region.objects.create(code="53.71.05.1008", name="Fontein", level="kelurahan", parent=kecamatan)

    with pytest.raises(ValidationError) as error:
        make_submission(by=operator, kelurahan="53.71.05.1008")

    assert set(error.value.message_dict) == {"kelurahan"}
