"""Visits: what was found, what becomes of the request, nobody met, on the way, photos."""

import io
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from programs.models import FollowUp, Mentoring, Visit
from programs.visits.actions import close_request, record_unplanned, record_visit
from registry.models import Business, Holiday
from registry.reports.models import LastVisit
from tests.factories import (
    make_business,
    make_officer,
    make_organisation,
    make_visit_day,
    make_visit_request,
)
from umkm_portal.lib.errors import Refused

pytestmark = pytest.mark.django_db


def picture(colour="#a3c"):
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(buffer, "JPEG")
    return SimpleUploadedFile("foto.jpg", buffer.getvalue(), content_type="image/jpeg")


@pytest.fixture
def planned(operator):
    """A planned visit for today."""
    return make_visit_day(by=operator, requests=[make_visit_request()]).visits.get()


def on_the_way(operator, **values):
    told = {"uuid": uuid.uuid4(), "on": timezone.localdate(), "told_at": timezone.now(), "by": operator}
    return record_unplanned(**told | values)


def test_recording_keeps_the_four_findings_and_marks_the_request_visited(planned, operator):
    record_visit(
        planned, by=operator, production="20 bungkus", marketing="toko", problems="izin", needs="kemasan",
        who="Regu 1",
    )  # fmt: skip

    planned.refresh_from_db()
    planned.request.refresh_from_db()
    assert [getattr(planned, name) for name in Visit.FINDINGS] == ["20 bungkus", "toko", "izin", "kemasan"]
    assert (planned.state, planned.recorded_by, planned.who) == ("done", operator, "Regu 1")
    assert (planned.request.state, planned.request.visited_on) == ("visited", timezone.localdate())


def test_each_problem_becomes_a_follow_up_and_twice_sent_is_one(planned, operator):
    office = make_organisation("DINKES")
    problem = {
        "uuid": uuid.uuid4(), "need": "licence", "problem": "P-IRT habis", "organisation": office,
        "working_days": 3,
    }  # fmt: skip

    for _time in range(2):
        record_visit(planned, by=operator, follow_ups=[problem])

    row = FollowUp.objects.get()
    assert (row.visit, row.request, row.organisation) == (planned, planned.request, office)


def test_a_problem_that_is_refused_leaves_the_visit_unrecorded(planned, operator):
    ended = make_organisation("LAMA", ended_on=timezone.localdate())
    with pytest.raises(Refused) as refused:
        record_visit(
            planned,
            by=operator,
            production="20 bungkus",
            follow_ups=[
                {"uuid": uuid.uuid4(), "need": "licence", "problem": "izin", "organisation": ended},
            ],
        )
    assert refused.value.code == "organisation-ended"
    planned.refresh_from_db()
    assert planned.state == "planned"


def test_a_visit_of_tomorrow_cannot_be_recorded(planned, operator):
    with pytest.raises(Refused) as refused:
        planned.record(by=operator, on=timezone.localdate() + timedelta(days=1))
    assert refused.value.code == "told-in-future"


def test_nobody_met_lets_the_request_wait_again(planned, operator):
    planned.miss(by=operator, reason="Tutup.")

    planned.refresh_from_db()
    planned.request.refresh_from_db()
    assert (planned.state, planned.request.state) == ("missed", "new")
    with pytest.raises(Refused) as refused:
        planned.miss(by=operator)
    assert refused.value.code == "visit-done"


@pytest.mark.parametrize("act", ["record", "miss"])
def test_an_officer_of_the_kelurahan_reads_and_does_not_write(planned, petugas, act):
    assert Visit.objects.visible_to(petugas).get() == planned
    with pytest.raises(Refused) as refused:
        getattr(planned, act)(by=petugas)
    assert refused.value.code == "not-found"


def test_another_kelurahan_sees_nothing(planned, petugas_dinoyo):
    assert not Visit.objects.visible_to(petugas_dinoyo).exists()


def test_on_the_way_twice_is_one_visit_and_its_business_counts_as_visited(operator):
    business = make_business()
    same = uuid.uuid4()

    visit, new = on_the_way(operator, uuid=same, business=business, kelurahan=None, production="x")
    again, newer = on_the_way(operator, uuid=same, business=business, kelurahan=None, production="y")

    assert (new, newer, again) == (True, False, visit)
    assert LastVisit.known(business)
    assert visit.day is None


def test_on_the_way_needs_a_name(operator, city):
    with pytest.raises(Refused) as refused:
        on_the_way(operator, kelurahan=city["Purwantoro"])
    assert refused.value.code == "name-missing"


def test_photos_are_written_anew_and_limited(planned, operator, monkeypatch):
    monkeypatch.setattr("programs.visits.models.MOST_PHOTOS", 1)
    assert planned.add_photo(picture(), by=operator).file.size > 0
    with pytest.raises(Refused) as refused:
        planned.add_photo(picture("#3ac"), by=operator)
    assert refused.value.code == "photos-enough"


def test_closing_a_request_takes_its_planned_visit_out_of_the_day(planned, operator):
    close_request(planned.request, outcome="gone", by=operator, answer="Pindah ke luar kota.")

    planned.refresh_from_db()
    planned.request.refresh_from_db()
    assert (planned.state, planned.request.state, planned.request.outcome) == ("cancelled", "closed", "gone")


def test_a_due_day_counts_working_days_by_the_citys_holidays(operator, city, monkeypatch):
    from programs.visits.due import due_after

    friday = timezone.localdate().replace(year=2026, month=11, day=20)
    Holiday.objects.create(on=friday + timedelta(days=3), name="Libur")  # the Monday
    assert due_after(1, friday) == friday + timedelta(days=4)
    for wrong in (0, 61):
        with pytest.raises(Refused):
            due_after(wrong, friday)


@pytest.fixture
def done(operator):
    """A visit of a recorded business, done today, and the need it answers."""
    business = make_business()
    need = make_visit_request(business=business, days_ago=5)
    visit = make_visit_day(by=operator, requests=[need]).visits.get()
    visit.record(by=operator)
    return visit


def told(visit):
    """What the need and the board know of when the business was visited."""
    visit.request.refresh_from_db()
    return visit.request.visited_on, LastVisit.objects.get(business=visit.business).on


def test_a_date_put_right_later_reaches_the_need_and_the_board(done, operator):
    earlier = timezone.localdate() - timedelta(days=2)
    assert told(done) == (timezone.localdate(), timezone.localdate())

    done.record(by=operator, on=earlier)

    assert told(done) == (earlier, earlier)


def test_a_date_put_right_leaves_a_newer_visit_the_last(done, operator):
    today = timezone.localdate()
    on_the_way(operator, business=done.business, kelurahan=None)
    done.record(by=operator, on=today - timedelta(days=2))
    assert told(done) == (today - timedelta(days=2), today)


def test_a_closed_need_follows_too(done, operator):
    done.request.close(outcome="helped", by=operator)
    done.record(by=operator, on=timezone.localdate() - timedelta(days=1))
    assert told(done)[0] == timezone.localdate() - timedelta(days=1)


@pytest.mark.parametrize("year", [1, 2020])
def test_a_year_nobody_means_is_refused(done, operator, year):
    old = timezone.localdate().replace(year=year, month=1)
    for act in (
        lambda: done.record(by=operator, on=old),
        lambda: on_the_way(operator, business=done.business, kelurahan=None, on=old),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert (refused.value.code, list(refused.value.fields)) == ("told-long-ago", ["on"])


def test_what_was_found_can_be_mended_years_later(done, operator):
    Visit.objects.filter(pk=done.pk).update(on=timezone.localdate() - timedelta(days=900))
    done.record(by=operator, production="20 bungkus")
    assert done.production == "20 bungkus"


def test_sent_again_after_the_business_moved_it_is_the_same_visit(city):
    blimbing = make_officer("program", city["Kec. Blimbing"])
    business, same = make_business(), uuid.uuid4()
    visit, _new = on_the_way(blimbing, uuid=same, business=business, kelurahan=None)
    Business.objects.filter(pk=business.pk).update(kelurahan=city["Dinoyo"])
    business.refresh_from_db()
    assert on_the_way(blimbing, uuid=same, business=business, kelurahan=None) == (visit, False)


def test_a_photo_sent_again_is_the_same_photo(planned, operator):
    first = planned.add_photo(picture(), by=operator)
    assert planned.add_photo(picture(), by=operator) == first
    planned.add_photo(picture("#3ac"), by=operator)
    assert planned.photos.count() == 2


def test_the_sign_of_a_session_is_that_of_one_series(operator):
    business, same = make_business(), uuid.uuid4()
    one, other = (Mentoring.start(business=business, goal=g, mentor="Ani", by=operator) for g in "ab")
    session = {"on": timezone.localdate(), "service": "nib", "note": "", "by": operator, "uuid": same}
    assert one.add_session(**session) == one.add_session(**session)
    with pytest.raises(Refused) as refused:
        other.add_session(**session)
    assert refused.value.code == "uuid-taken"
    with pytest.raises(Refused) as refused:
        one.add_session(**session | {"uuid": uuid.uuid4(), "on": timezone.localdate().replace(year=1)})
    assert refused.value.code == "told-long-ago"
