"""Words and pictures of the field go when their time is over, or when the owner asks; the counts stay."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import AuditEntry
from programs.models import Mentoring, Proposal, Visit
from programs.visits.retention import forget_pictures, forget_words
from registry.models import Check, VisitRequest
from tests.access.world import picture
from tests.factories import make_business, make_follow_up, make_proposal, make_visit_request

pytestmark = pytest.mark.django_db


def upload():
    return SimpleUploadedFile("foto.jpg", picture(), content_type="image/jpeg")


def in_days(days):
    return time_machine.travel(timezone.now() + timedelta(days=days))


@pytest.fixture
def life(petugas, operator):
    """One business with a report, a visit, a problem, a check, mentoring and a proposal, all with words."""
    business = make_business()
    request = make_visit_request(by=petugas, business=business, note="Rahasia satu", told_place="Rahasia")
    VisitRequest.objects.filter(pk=request.pk).update(latitude="-7.9", longitude="112.6")
    request.add_photo(upload(), by=petugas)
    request.close(outcome="helped", answer="Rahasia dua", by=operator)
    visit, _new = Visit.unplanned(
        uuid=uuid.uuid4(), kelurahan=None, business=business, on=timezone.localdate(), by=operator,
        told_at=timezone.now(), problems="Rahasia tiga",
    )  # fmt: skip
    visit.add_photo(upload(), by=operator)
    problem = make_follow_up(by=operator, visit=visit, problem="Rahasia empat")
    problem.close(by=operator, evidence="Rahasia lima", photo=upload())
    check, _new = Check.record(
        business=business, answer="moved", via="walk", told_at=timezone.now(), by=petugas, note="Rahasia enam"
    )
    series = Mentoring.start(business=business, goal="Halal", mentor="Yuni", by=operator)
    series.add_session(on=timezone.localdate(), service="halal", note="Rahasia tujuh", by=operator)
    proposal = make_proposal(by=petugas, business=business, text="Rahasia delapan")
    proposal.respond(state="done", by=operator, answer="Rahasia sembilan", public_line="Sudah dibantu.")
    return business, request, visit, problem, check, series, proposal


def again(*rows):
    for row in rows:
        row.refresh_from_db()


def test_pictures_go_half_a_year_after_a_report_and_a_year_after_a_visit(life):
    _business, request, visit, problem, *_rest = life
    file, storage = request.photo.name, request.photo.storage

    with in_days(179):
        assert forget_pictures() == 0
    with in_days(181):
        assert forget_pictures() == 1
    again(request)
    assert (bool(request.photo), bool(request.photo_digest)) == (False, True)
    assert storage.exists(file)  # within the test's transaction nothing is committed yet
    with in_days(366):
        assert forget_pictures() == 2
        assert forget_pictures() == 0
    again(problem)
    assert not problem.evidence_photo and visit.photos.count() == 0


def test_a_deleted_file_leaves_the_disk(petugas, operator, django_capture_on_commit_callbacks):
    request = make_visit_request(by=petugas)
    request.add_photo(upload(), by=petugas)
    request.close(outcome="gone", by=operator)
    with in_days(200), django_capture_on_commit_callbacks(execute=True):
        forget_pictures()
    assert not request.photo.storage.exists(request.photo.name)


def test_words_go_after_a_year_and_what_was_said_at_forums_after_two(life):
    _business, request, _visit, _problem, check, _series, proposal = life
    with in_days(364):
        assert forget_words() == 0
    with in_days(367):
        assert forget_words() == 2
    again(request, check, proposal)
    assert (request.note, request.answer, request.told_place, request.latitude) == ("", "", "", None)
    assert (request.outcome, check.note, check.answer) == ("helped", "", "moved")
    assert proposal.text == "Rahasia delapan"
    with in_days(732):
        assert forget_words() == 1
    again(proposal)
    assert (proposal.text, proposal.public_line, proposal.state) == ("", "Sudah dibantu.", "done")


def test_what_is_still_open_keeps_its_words(petugas):
    request, proposal = make_visit_request(by=petugas, note="Masih perlu"), make_proposal(by=petugas)
    with in_days(1000):
        assert (forget_words(), forget_pictures()) == (0, 0)
    again(request, proposal)
    assert request.note and proposal.text


def test_an_owner_who_asks_has_all_words_about_the_business_emptied(life, operator):
    business, *rows = life
    Visit.objects.update(who="Bu Siti, istri pemilik")
    reason = "Surat 12/2026 dari 3573015508800001"
    call_command("forget_field", str(business.uuid), reason=reason, by=operator.username)

    again(*rows)
    request, visit, problem, check, series, proposal = rows
    words = [
        request.note, request.answer, request.told_place, visit.who, visit.problems, problem.problem,
        problem.evidence, check.note, proposal.text, *problem.history.values_list("text", flat=True),
        *series.sessions.values_list("note", flat=True),
    ]  # fmt: skip
    assert set(words) == {""}
    assert not request.photo and not problem.evidence_photo and visit.photos.count() == 0
    assert Proposal.objects.get().business is None and VisitRequest.objects.get().business == business
    line = AuditEntry.objects.get(act="field.forgotten")
    assert (line.recorded_by, line.about) == (operator, business.uuid)
    told = line.detail["reason"]
    assert told.startswith("Surat 12/2026 dari") and "3573015508800001" not in told


@pytest.mark.parametrize("identity", ["bukan-uuid", "7b0f6f5e-3f0a-4c63-9d3e-0d2f5a1c9e11"])
def test_an_unknown_business_is_told(db, identity):
    with pytest.raises(CommandError):
        call_command("forget_field", identity, reason="Surat")


def test_the_nightly_run_tells_what_it_did(life, capsys):
    with in_days(400):
        call_command("clean_up")
    told = capsys.readouterr().out
    assert "3 foto lapangan lama dihapus." in told and "2 catatan lapangan lama dikosongkan." in told
