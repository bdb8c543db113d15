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
    Submission.objects.update(proposed_at=timezone.now() - timedelta(days=300))
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


# ---- what taking back leaves ---------------------------------------------------------------------

LONG_AGO = timedelta(days=200)


@pytest.fixture
def stale(business):
    """Confirmed long ago."""
    Business.objects.filter(pk=business.pk).update(last_confirmed_on=timezone.localdate() - LONG_AGO)
    business.refresh_from_db()
    return business


def days_since(business):
    business.refresh_from_db()
    return business.last_confirmed_on and (timezone.localdate() - business.last_confirmed_on).days


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_confirmation_taken_back_leaves_the_date_before(stale, petugas, city, order):
    other = make_officer("petugas", city["Purwantoro"])
    checks = [(record(stale, A.ACTIVE, by=petugas), petugas), (record(stale, A.ACTIVE, by=other), other)]
    (first, its), (second, others) = (checks[n] for n in order)

    first.take_back(by=its)
    assert days_since(stale) == 0, "the other one still says so"
    second.take_back(by=others)
    assert days_since(stale) == LONG_AGO.days
    assert AuditEntry.objects.filter(act="business.unconfirmed", about=stale.uuid).count() == 1


def test_never_confirmed_is_never_confirmed_again(business, petugas):
    record(business, A.ACTIVE, by=petugas).take_back(by=petugas)
    assert days_since(business) is None


def test_an_earlier_days_answer_stands_and_one_taken_back_does_not(stale, petugas):
    yesterday = timezone.now() - timedelta(days=1)
    early = record(stale, A.ACTIVE, by=petugas, told_at=yesterday)
    late = record(stale, A.ACTIVE, by=petugas)
    late.take_back(by=petugas)
    assert days_since(stale) == 1

    late = record(stale, A.ACTIVE, by=petugas)
    early.take_back(by=petugas)
    assert days_since(stale) == 0
    late.take_back(by=petugas)
    assert days_since(stale) == LONG_AGO.days


@pytest.mark.parametrize("otherwise", ["by hand", "verified", "proposed"])
def test_what_else_confirms_the_day_keeps_it(stale, petugas, operator, verifikator, otherwise):
    check = record(stale, A.ACTIVE, by=petugas)
    if otherwise == "by hand":
        stale.confirm_active(on=timezone.localdate(), by=operator)
    elif otherwise == "verified":
        stale.verify("existence", how="visit", by=verifikator)
    else:
        values = {"operating_state": "temporary"}
        make_submission(by=petugas, kind="change", business=stale, submit=True, **values).approve(
            by=verifikator
        )
    check.take_back(by=petugas)
    assert days_since(stale) == 0


def test_of_a_closed_business_nothing_was_confirmed_and_nothing_is_undone(stale, petugas):
    Business.objects.filter(pk=stale.pk).update(last_confirmed_on=timezone.localdate())
    set_state(stale, "closed")
    record(stale, A.ACTIVE, by=petugas).take_back(by=petugas)
    assert days_since(stale) == 0


# ---- once more -----------------------------------------------------------------------------------


def test_a_state_that_waits_already_is_not_proposed_again(business, petugas, operator, verifikator):
    values = {"operating_state": "temporary"}
    waiting = make_submission(by=operator, kind="change", business=business, submit=True, **values)
    assert [record(business, A.TEMPORARY, by=petugas).submission for _twice in range(2)] == [waiting] * 2
    waiting.reject(by=verifikator, reason="Masih buka")
    assert record(business, A.TEMPORARY, by=petugas).submission != waiting


def test_another_change_that_waits_is_not_this_ones(business, petugas, operator):
    values = {"opening_hours": "08.00-16.00"}
    waiting = make_submission(by=operator, kind="change", business=business, submit=True, **values)
    assert record(business, A.TEMPORARY, by=petugas).submission != waiting


def test_taking_back_leaves_what_one_had_proposed_by_hand_before(business, petugas):
    mine = make_submission(by=petugas, kind="close", business=business, submit=True)
    record(business, A.CLOSED, by=petugas).take_back(by=petugas)
    mine.refresh_from_db()
    assert mine.status == "submitted"


def test_a_phone_set_to_another_year_dates_nothing(business, petugas):
    with pytest.raises(Refused) as refused:
        record(business, A.ACTIVE, by=petugas, told_at=datetime.fromisoformat("2020-01-02T08:00:00+07:00"))
    assert (refused.value.code, set(refused.value.fields)) == ("told-long-ago", {"told_at"})
    with pytest.raises(Refused) as refused:
        record(business, A.ACTIVE, by=petugas, seen_on=timezone.localdate() - timedelta(days=400))
    assert set(refused.value.fields) == {"seen_on"}


def test_what_is_kept_already_is_answered_so_though_the_business_moved(business, petugas, city):
    identity = uuid.uuid4()
    first = record(business, A.ACTIVE, by=petugas, uuid=identity)
    Business.objects.filter(pk=business.pk).update(kelurahan=city["Dinoyo"])
    business.refresh_from_db()
    assert record(business, A.ACTIVE, by=petugas, uuid=identity) == first
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        assert record(business, A.ACTIVE, by=petugas, uuid=identity, told_at=first.told_at) == first
