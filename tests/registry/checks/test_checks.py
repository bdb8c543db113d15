"""What each answer to "masih aktif?" does, who may give it for which day, and how it is taken back."""

import uuid
from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import AuditEntry
from registry.models import Business, Check, Post, Submission
from registry.regions.access import forget_posts
from tests.factories import make_business, make_officer, make_submission
from umkm_portal.lib.errors import Refused

pytestmark = pytest.mark.django_db
A = Check.Answer


@pytest.fixture
def business(city):
    made = make_business(name="Keripik Sanan", rw=5, rt=2)
    Business.objects.filter(pk=made.pk).update(last_confirmed_on=None)
    return Business.objects.get(pk=made.pk)


def record(business, answer, *, by, **given):
    return Check.record(
        business=business,
        answer=answer,
        via="walk",
        told_at=given.pop("told_at", timezone.now()),
        by=by,
        **given,
    )[0]


def set_state(business, state):
    Business.objects.filter(pk=business.pk).update(operating_state=state)
    business.refresh_from_db()


def test_active_records_the_day_at_once_and_proposes_nothing(business, petugas):
    check = record(business, A.ACTIVE, by=petugas)

    business.refresh_from_db()
    assert business.last_confirmed_on == timezone.localdate()
    assert (check.submission, check.kelurahan, check.rw) == (None, business.kelurahan, 5)
    assert AuditEntry.objects.filter(act="check.recorded", about=business.uuid).count() == 1


@pytest.mark.parametrize(
    ("state", "answer", "kind", "becomes"),
    [
        ("active", A.CLOSED, "close", "closed"),
        ("active", A.TEMPORARY, "change", "temporary"),
        ("temporary", A.ACTIVE, "change", "active"),
        ("reported_closed", A.ACTIVE, "change", "active"),
        ("closed", A.ACTIVE, "reopen", "active"),
    ],
)
def test_what_changes_the_record_goes_through_the_one_door(business, petugas, state, answer, kind, becomes):
    set_state(business, state)

    check = record(business, answer, by=petugas)

    assert (check.submission.kind, check.submission.status) == (kind, "submitted")
    assert check.submission.proposed("operating_state") == becomes
    assert check.submission.proposed_by == petugas
    business.refresh_from_db()
    assert business.operating_state == state


@pytest.mark.parametrize(
    ("state", "answer"),
    [("active", A.MOVED), ("active", A.NOT_FOUND), ("closed", A.CLOSED), ("temporary", A.TEMPORARY)],
)
def test_what_nobody_can_propose_stays_a_finding(business, petugas, state, answer):
    set_state(business, state)

    check = record(business, answer, by=petugas)

    assert check.submission is None
    business.refresh_from_db()
    assert (business.operating_state, business.last_confirmed_on) == (state, None)


def test_a_closing_that_waits_already_counts_as_this_ones(business, petugas, operator):
    waiting = make_submission(by=operator, kind="close", business=business, submit=True)

    assert record(business, A.CLOSED, by=petugas).submission == waiting
    assert Submission.objects.filter(kind="close").count() == 1


def test_the_same_uuid_is_the_same_answer_whatever_it_says(business, petugas, petugas_dinoyo, operator):
    identity = uuid.uuid4()
    first, new = Check.record(
        business=business, answer=A.ACTIVE, via="walk", told_at=timezone.now(), by=petugas, uuid=identity
    )
    again, second = Check.record(
        business=business, answer=A.CLOSED, via="walk", told_at=timezone.now(), by=petugas, uuid=identity
    )
    assert (new, second, again.pk, again.answer) == (True, False, first.pk, A.ACTIVE)
    with pytest.raises(Refused) as refused:
        record(business, A.ACTIVE, by=operator, uuid=identity)
    assert refused.value.code == "uuid-taken"
    assert Check.objects.count() == 1


def test_a_stranger_a_reader_and_a_visitor_may_not(business, petugas_dinoyo, city, kepala, nobody):
    lurah = make_officer("lurah", city["Purwantoro"])
    for user in (petugas_dinoyo, lurah, kepala, nobody):
        with pytest.raises(Refused) as refused:
            record(business, A.ACTIVE, by=user)
        assert refused.value.code == "not-found"
    assert not Check.objects.exists()


def test_what_was_seen_before_the_post_ended_is_accepted_later_for_its_day_only(business, petugas):
    then = timezone.now() - timedelta(days=20)
    Post.objects.filter(user=petugas).update(ends_on=timezone.localdate(then))
    forget_posts(petugas)

    check = record(business, A.ACTIVE, by=petugas, told_at=then)
    closed = record(business, A.CLOSED, by=petugas, told_at=then)

    business.refresh_from_db()
    assert business.last_confirmed_on == check.seen_on == timezone.localdate(then)
    assert closed.submission is None  # nobody proposes without a post: it waits on the successor's list
    with pytest.raises(Refused) as refused:
        record(business, A.ACTIVE, by=petugas)
    assert refused.value.code == "not-found"


def test_an_answer_from_the_future_is_refused_and_a_fast_clock_is_not(business, petugas):
    record(business, A.ACTIVE, by=petugas, told_at=timezone.now() + timedelta(minutes=10))
    with pytest.raises(Refused) as refused:
        record(business, A.ACTIVE, by=petugas, told_at=timezone.now() + timedelta(hours=2))
    assert refused.value.code == "told-in-future"
    with pytest.raises(Refused) as refused:
        record(business, A.ACTIVE, by=petugas, seen_on=timezone.localdate() + timedelta(days=1))
    assert set(refused.value.fields) == {"seen_on"}


def test_a_business_without_a_kelurahan_cannot_be_answered_for(business, operator):
    Business.objects.filter(pk=business.pk).update(kelurahan=None)
    business.refresh_from_db()
    with pytest.raises(Refused) as refused:
        record(business, A.ACTIVE, by=operator)
    assert refused.value.code == "unplaced"


def test_a_note_keeps_no_identity_number_in_clear(business, petugas):
    check = record(business, A.NOT_FOUND, by=petugas, note="Kata tetangga 3573015508800001 pindah")
    assert "3573015508800001" not in Check.objects.get(pk=check.pk).note


# ---- taking back ---------------------------------------------------------------------------------


def test_a_slip_is_taken_back_the_same_day_with_what_it_proposed(business, petugas):
    check = record(business, A.CLOSED, by=petugas)

    check.take_back(by=petugas)

    check.submission.refresh_from_db()
    assert check.submission.status == "withdrawn"
    assert not Check.objects.standing().exists()
    with pytest.raises(Refused) as refused:
        check.take_back(by=petugas)
    assert refused.value.code == "check-settled"


def test_taking_back_leaves_what_others_proposed_or_also_say(business, petugas, operator, city):
    waiting = make_submission(by=operator, kind="close", business=business, submit=True)
    record(business, A.CLOSED, by=petugas).take_back(by=petugas)
    waiting.refresh_from_db()
    assert waiting.status == "submitted"
    waiting.withdraw(by=operator)

    mine = record(business, A.CLOSED, by=petugas)
    record(business, A.CLOSED, by=make_officer("petugas", city["Purwantoro"]))
    mine.take_back(by=petugas)
    mine.submission.refresh_from_db()
    assert mine.submission.status == "submitted"


def test_nobody_takes_back_anothers_answer_or_yesterdays(business, petugas, operator):
    check = record(business, A.ACTIVE, by=petugas)
    with pytest.raises(Refused) as refused:
        check.take_back(by=operator)
    assert refused.value.code == "not-found"
    with time_machine.travel(timezone.now() + timedelta(days=1)), pytest.raises(Refused) as refused:
        check.take_back(by=petugas)
    assert refused.value.code == "check-settled"


def test_the_day_is_jakartas(business, petugas):
    late = datetime.fromisoformat("2026-03-02T23:30:00+07:00")
    with time_machine.travel(late, tick=False):
        assert record(business, A.ACTIVE, by=petugas, told_at=late).seen_on.isoformat() == "2026-03-02"
