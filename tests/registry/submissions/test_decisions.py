"""Deciding beyond yes and no: mends, belongings that moved on, the rule, the head of section."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from registry.models import Business, Licence, Person, Product, Submission
from registry.submissions.sampling import SAMPLE_SIZE, SampleCheck, draw
from tests.factories import make_business, make_city, make_officer, make_post, make_submission
from umkm_portal.lib.errors import Refused

pytestmark = pytest.mark.django_db


def refused(act, **arguments):
    with pytest.raises(Refused) as caught:
        act(**arguments)
    return caught.value


def product(**values):
    return {"op": "add", "kind": "product", "uuid": str(uuid.uuid4()), "values": {"name": "Keripik"} | values}


def nib(number="0123456789012", **item):
    return {"op": "add", "kind": "licence", "uuid": str(uuid.uuid4())} | {
        "values": {"kind": "nib", "status": "has", "number": number}
    } | item  # fmt: skip


def age(submission, days=14):
    """Let a submission wait since `days` ago."""
    long_ago = timezone.now() - timedelta(days=days)
    Submission.objects.filter(pk=submission.pk).update(submitted_at=long_ago)
    submission.refresh_from_db()


# ---- setujui dengan perbaikan ------------------------------------------------------------------------


def test_a_mend_is_applied_and_both_values_stay(petugas, verifikator):
    item = product(name="Kripik tempe")
    submission = make_submission(by=petugas, submit=True, name="Kripik Bu Wiji", items=[item])
    key = f"product.{item['uuid'][:8]}.name"

    submission.approve(
        by=verifikator, mends={"name": "Keripik Bu Wiji", key: "Keripik tempe"}, reason="Ejaan nama."
    )

    business = Business.objects.get()
    assert business.name == "Keripik Bu Wiji"
    assert Product.objects.get().name == "Keripik tempe"
    submission.refresh_from_db()
    assert submission.mends == {
        "name": ["Kripik Bu Wiji", "Keripik Bu Wiji"],
        key: ["Kripik tempe", "Keripik tempe"],
    }
    assert submission.values["name"][1] == "Keripik Bu Wiji"
    assert submission.title == "Keripik Bu Wiji"
    line = AuditEntry.objects.get(act="submission.approved", target_id=str(submission.pk))
    assert line.detail["mended"] == ["name", key]


def test_a_mend_says_what_was_mended(petugas, verifikator):
    submission = make_submission(by=petugas, submit=True, name="Kripik")

    assert refused(submission.approve, by=verifikator, mends={"name": "Keripik"}).code == "mend-unexplained"
    assert Business.objects.count() == 0
    assert Submission.objects.get().proposed("name") == "Kripik"


def test_a_mend_that_changes_nothing_is_no_mend(petugas, verifikator):
    submission = make_submission(by=petugas, submit=True, name="Keripik")

    submission.approve(by=verifikator, mends={"name": "Keripik"})

    assert Submission.objects.get().mends == {}


@pytest.mark.parametrize("key", ["kelurahan", "description", "owner.12345678.name", "opening", ""])
def test_only_what_was_proposed_is_mended(petugas, verifikator, key):
    submission = make_submission(by=petugas, submit=True)

    answer = refused(submission.approve, by=verifikator, mends={key: "x"}, reason="Ejaan.")

    assert (answer.code, set(answer.fields)) == ("not-mendable", {key})


def test_a_mend_is_checked_like_what_is_typed(petugas, verifikator):
    item = nib()
    submission = make_submission(by=petugas, submit=True, items=[item], opening_hours="pagi")
    number = f"licence.{item['uuid'][:8]}.number"

    assert refused(submission.approve, by=verifikator, mends={number: "12"}, reason="x").fields.keys() == {
        number
    }
    empty = refused(submission.approve, by=verifikator, mends={"name": ""}, reason="x")
    assert (empty.code, set(empty.fields)) == ("mend-invalid", {"name"})
    assert Business.objects.count() == 0


# ---- where belongings moved on -----------------------------------------------------------------------


@pytest.fixture
def licensed(petugas, verifikator):
    """A business with one NIB, and the item that would change its number."""
    business = make_business(by=petugas, decided_by=verifikator, items=[nib()])
    licence = Licence.objects.get()

    def change(number, **values):
        return make_submission(
            by=petugas,
            kind="change",
            business=business,
            submit=True,
            items=[nib(number, op="change", uuid=str(licence.uuid))],
            **values,
        )

    return licence, change


def test_of_two_changes_to_one_licence_the_second_comes_to_the_reviewers_eyes(licensed, verifikator):
    licence, change = licensed
    first, second = change("1111111111111"), change("2222222222222")
    first.approve(by=verifikator)
    key = f"licence.{str(licence.uuid)[:8]}.number"

    answer = refused(second.approve, by=verifikator)

    assert (answer.code, set(answer.fields)) == ("conflict", {key})
    assert second.conflicts() == {key: ("0123456789012", "1111111111111", "2222222222222")}
    second.approve(by=verifikator, keep=[key])
    licence.refresh_from_db()
    assert licence.number == "1111111111111"


def test_the_reviewer_may_take_the_later_value(licensed, verifikator):
    licence, change = licensed
    first, second = change("1111111111111"), change("2222222222222")
    first.approve(by=verifikator)

    second.approve(by=verifikator, take=second.conflicts())

    licence.refresh_from_db()
    assert licence.number == "2222222222222"


def test_a_change_of_a_row_that_ended_is_not_applied_in_silence(licensed, petugas, verifikator):
    licence, change = licensed
    late = change("2222222222222", address="Gg. III")
    end = {"op": "end", "kind": "licence", "uuid": str(licence.uuid), "values": {}}
    make_submission(by=petugas, kind="change", business=licence.business, submit=True, items=[end]).approve(
        by=verifikator
    )
    row = f"licence.{str(licence.uuid)[:8]}"

    assert refused(late.approve, by=verifikator).code == "conflict"
    assert refused(late.approve, by=verifikator, take=[row]).code == "row-gone"
    late.approve(by=verifikator, keep=[row])

    assert Licence.objects.current().count() == 0
    assert Business.objects.get().address == "Gg. III"


def test_editing_one_field_does_not_move_the_base_of_another(petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator, address="Jl. A")
    change = make_submission(by=petugas, kind="change", business=business, address="Jl. B")
    make_submission(by=petugas, kind="change", business=business, submit=True, address="Jl. C").approve(
        by=verifikator
    )
    business.refresh_from_db()
    change.business = business
    change.edit(by=petugas, values={"address": "Jl. B", "rt": 3})

    assert change.conflicts() == {"address": ("Jl. A", "Jl. C", "Jl. B")}


def test_a_licences_number_is_checked_though_only_the_number_is_sent(licensed):
    licence, _change = licensed

    with pytest.raises(Exception) as caught:
        make_submission(
            by=licence.business.recorded_by,
            kind="change",
            business=licence.business,
            items=[
                {"op": "change", "kind": "licence", "uuid": str(licence.uuid), "values": {"number": "12"}}
            ],
        )
    assert "licence.number" in caught.value.message_dict


# ---- koreksi ringan ----------------------------------------------------------------------------------


def test_city_staffs_light_correction_is_applied_by_rule(operator, petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator)
    change = make_submission(
        by=operator,
        kind="change",
        business=business,
        submit=True,
        opening_hours="08.00–16.00",
        items=[product(name="Keripik")],
    )

    assert (change.status, change.decided_rule, change.decided_by) == ("approved", "light-correction", None)
    business.refresh_from_db()
    assert (business.opening_hours, business.changed_by) == ("08.00–16.00", operator)
    assert business.products.count() == 1
    line = AuditEntry.objects.get(act="submission.approved", target_id=str(change.pk))
    assert (line.recorded_by, line.detail["rule"]) == (None, "light-correction")


@pytest.mark.parametrize(
    "values", [{"name": "Nama lain"}, {"address": "Jl. B"}, {"scale": "small", "scale_basis": "nib"}]
)
def test_what_is_not_light_waits_for_a_second_person(operator, petugas, verifikator, values):
    business = make_business(by=petugas, decided_by=verifikator)
    change = make_submission(
        by=operator, kind="change", business=business, submit=True, opening_hours="08.00", **values
    )

    assert change.status == "submitted"


def test_an_officers_light_correction_waits(petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator)

    assert (
        make_submission(by=petugas, kind="change", business=business, submit=True, rt=2).status == "submitted"
    )


def test_the_rule_leaves_a_correction_that_meets_another_to_a_person(operator, petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator, opening_hours="07.00")
    change = make_submission(by=operator, kind="change", business=business, opening_hours="08.00")
    make_submission(by=petugas, kind="change", business=business, submit=True, opening_hours="09.00").approve(
        by=verifikator
    )

    change.submit(by=operator)

    assert change.status == "submitted"


def test_what_a_reviewer_sent_back_goes_to_a_person_again(operator, petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator, opening_hours="07.00")
    change = make_submission(by=operator, kind="change", business=business, opening_hours="08.00")
    make_submission(by=petugas, kind="change", business=business, submit=True, opening_hours="09.00").approve(
        by=verifikator
    )
    change.submit(by=operator)
    change.return_for_changes(by=verifikator, reason="Pastikan lagi jamnya.")
    change.edit(by=operator, values={"opening_hours": "10.00"})
    change.submit(by=operator)

    assert change.status == "submitted"


def test_the_rule_does_not_pass_what_a_person_has_rejected(operator, petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator)
    make_submission(by=petugas, kind="change", business=business, submit=True, phone="081234567890").reject(
        by=verifikator, reason="Nomor palsu."
    )

    again = make_submission(by=operator, kind="change", business=business, submit=True, phone="081234567890")
    other = make_submission(by=operator, kind="change", business=business, submit=True, phone="081234567891")

    assert (again.status, other.status) == ("submitted", "approved")


def test_a_rejection_of_something_else_does_not_hold_back_an_emptied_field(operator, petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator, rt=3)
    make_submission(by=petugas, kind="change", business=business, submit=True, phone="081234567890").reject(
        by=verifikator, reason="Nomor palsu."
    )

    emptied = make_submission(by=operator, kind="change", business=business, submit=True, rt=None)

    assert emptied.status == "approved"


def test_the_rule_can_be_switched_off(operator, petugas, verifikator, settings):
    settings.LIGHT_CORRECTIONS = False
    business = make_business(by=petugas, decided_by=verifikator)

    assert (
        make_submission(by=operator, kind="change", business=business, submit=True, rt=2).status
        == "submitted"
    )


# ---- the month's sample ------------------------------------------------------------------------------


@pytest.fixture
def last_month(operator, petugas, verifikator):
    """25 light corrections decided last month and one of today; returns last month's first day."""
    business = make_business(by=petugas, decided_by=verifikator)
    first = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)

    def correct(number):
        business.refresh_from_db()
        return make_submission(by=operator, kind="change", business=business, submit=True, rt=number)

    made = [correct(number).pk for number in range(1, 26)]
    when = timezone.make_aware(datetime(first.year, first.month, 12))
    Submission.objects.filter(pk__in=made).update(decided_at=when)
    correct(99)
    return first


def test_the_sample_is_drawn_once_by_chance_from_that_month(last_month):
    first = set(draw(last_month).values_list("submission", flat=True))

    assert len(first) == SAMPLE_SIZE
    assert set(draw(last_month).values_list("submission", flat=True)) == first
    assert all(c.submission.proposed("rt") != 99 for c in SampleCheck.objects.all())


def test_this_months_sample_is_not_drawn_yet(operator):
    assert refused(draw, month=timezone.localdate().replace(day=1)).code == "month-not-over"


def test_a_sample_is_checked_by_another_person(last_month, operator, verifikator):
    row = draw(last_month).first()

    assert refused(row.decide, verdict="wrong", by=verifikator).code == "note-missing"
    assert refused(row.decide, verdict="right", by=operator).code == "not-found"
    row.decide(verdict="wrong", note="Jam buka tertukar.", by=verifikator)

    assert (row.verdict, row.checked_by) == ("wrong", verifikator)
    assert refused(row.decide, verdict="right", by=verifikator).code == "sample-checked"


# ---- lewat tenggat -----------------------------------------------------------------------------------


def test_the_head_of_section_decides_what_waited_too_long(petugas):
    head = make_officer("kasi", make_city()["Kota"])
    submission = make_submission(by=petugas, submit=True)

    assert submission.obstacle_to_decide(head) == "not-overdue"
    assert refused(submission.approve, by=head).code == "not-overdue"
    age(submission)
    assert submission.may_decide(head)
    submission.approve(by=head)

    assert Business.objects.count() == 1


def test_the_head_of_section_does_not_decide_what_they_sent(petugas):
    head = make_officer("kasi", make_city()["Kota"])
    make_post(head, "operator", make_city()["Kota"])
    submission = make_submission(by=head, submit=True)
    age(submission)

    assert refused(submission.approve, by=head).code == "own-submission"


# ---- pengakuan ---------------------------------------------------------------------------------------


def test_recognition_is_dated_and_can_be_taken_back(petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator)
    today = timezone.localdate()

    assert refused(business.recognise, what="curated", on=today, by=petugas).code == "not-found"
    future = today + timedelta(days=1)
    assert (
        refused(business.recognise, what="curated", on=future, by=verifikator).code == "recognised-in-future"
    )
    business.recognise("curated", on=today, by=verifikator, note="Pameran batik")
    business.recognise("assisted", on=today, by=verifikator)
    assert refused(business.unrecognise, what="curated", by=verifikator, reason="").code == "reason-missing"
    business.unrecognise("curated", by=verifikator, reason="Salah usaha.")

    business.refresh_from_db()
    assert (business.curated_on, business.assisted_on) == (None, today)
    acts = AuditEntry.objects.filter(about=business.uuid, act__startswith="business.").order_by("pk")
    assert list(acts.values_list("act", flat=True)) == [
        "business.curated",
        "business.assisted",
        "business.curated-ended",
    ]


def test_a_person_changed_twice_meets_the_reviewer(petugas, verifikator):
    identity = str(uuid.uuid4())
    owner = {"op": "add", "kind": "owner", "uuid": identity, "values": {"name": "Wiji"}}
    business = make_business(by=petugas, decided_by=verifikator, items=[owner])

    def renamed(name):
        change = {"op": "change", "kind": "owner", "uuid": identity, "values": {"name": name}}
        return make_submission(by=petugas, kind="change", business=business, submit=True, items=[change])

    first, second = renamed("Wiji L."), renamed("Wiji Lestari")
    first.approve(by=verifikator)

    key = f"owner.{identity[:8]}.name"
    assert refused(second.approve, by=verifikator).fields.keys() == {key}
    second.approve(by=verifikator, take=[key])
    assert Person.objects.get().name == "Wiji Lestari"
