"""Forum proposals: logged once, by whoever served there on that day, and answered for all to follow."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from programs.models import Proposal
from registry.models import Business
from registry.regions.access import forget_posts
from tests.factories import make_business, make_officer, make_post, make_proposal, make_user
from umkm_portal.lib.errors import Refused

pytestmark = pytest.mark.django_db


def told(city, **values):
    return {
        "uuid": uuid.uuid4(), "forum": "musrenbang", "held_on": timezone.localdate(),
        "kelurahan": city["Purwantoro"], "need": "training", "text": "Minta pelatihan",
        "told_at": timezone.now(),
    } | values  # fmt: skip


def refusal(act, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return refused.value.code


def test_a_proposal_sent_twice_is_one(city, petugas, petugas_dinoyo):
    asked = told(city, rt=3, rw=5)
    first, new = Proposal.log(by=petugas, **asked)
    again, newer = Proposal.log(by=petugas, **asked | {"text": "Lain"})

    assert (new, newer, again.pk, again.text) == (True, False, first.pk, "Minta pelatihan")
    assert Proposal.objects.count() == 1
    assert AuditEntry.objects.filter(act="proposal.logged").count() == 1
    stranger = make_officer("petugas", city["Purwantoro"])
    assert refusal(Proposal.log, by=stranger, **asked) == "uuid-taken"


def test_what_was_heard_before_a_post_ended_is_accepted_later(city):
    today = timezone.localdate()
    gone = make_user()
    make_post(gone, "petugas", city["Purwantoro"], days=-20)

    Proposal.log(by=gone, **told(city, held_on=today - timedelta(days=20)))

    assert refusal(Proposal.log, by=gone, **told(city, held_on=today - timedelta(days=19))) == "not-found"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"text": "  \u200b "}, "text-missing"),
        ({"held_on": timezone.localdate() + timedelta(days=1)}, "told-in-future"),
        ({"told_at": timezone.now() + timedelta(hours=2)}, "told-in-future"),
        ({"held_on": date(1, 1, 1)}, "told-long-ago"),
        ({"told_at": datetime(1970, 1, 1, tzinfo=UTC)}, "told-long-ago"),
        ({"kelurahan": None}, "not-found"),
    ],
)
def test_what_cannot_be_logged_is_refused(city, petugas, values, code):
    assert refusal(Proposal.log, by=petugas, **told(city, **values)) == code
    assert Proposal.objects.count() == 0


def test_a_stranger_logs_nothing_and_a_business_elsewhere_is_not_linked(city, petugas, petugas_dinoyo):
    away = make_business(kelurahan="35.73.05.1004")

    assert refusal(Proposal.log, by=petugas_dinoyo, **told(city)) == "not-found"
    assert refusal(Proposal.log, by=petugas, **told(city, business=away)) == "not-found"


def test_identity_numbers_are_covered(city, petugas):
    row = make_proposal(by=petugas, text="Pak X 3573011508800001 minta alat", place="Rumah 3573011508800001")
    assert "3573011508800001" not in row.text + row.place


def test_an_answer_may_be_given_again_and_taken_off_the_public_page(city, petugas, operator):
    row = make_proposal(by=petugas)

    row.respond(state="taken", by=operator, public_line="Pelatihan disiapkan.")
    assert list(Proposal.objects.public()) == [row]
    row.respond(state="done", by=operator, answer="Sudah dilatih.", public_line="")

    row.refresh_from_db()
    assert (row.state, row.answer, row.version) == ("done", "Sudah dilatih.", 3)
    assert not Proposal.objects.public().exists() and Proposal.objects.answered().exists()
    assert AuditEntry.objects.filter(act="proposal.answered").count() == 2


def test_an_answer_is_refused(city, petugas, operator, kepala):
    row = make_proposal(by=petugas)

    assert refusal(row.respond, state="taken", by=petugas) == "not-found"
    assert refusal(row.respond, state="taken", by=kepala) == "not-found"
    assert refusal(row.respond, state="new", by=operator) == "state-unknown"
    assert refusal(row.respond, state="done", by=operator) == "answer-missing"
    assert refusal(row.respond, state="taken", by=operator, version=7) == "proposal-changed"
    row.refresh_from_db()
    assert (row.state, row.version) == ("new", 1)


@pytest.mark.parametrize(
    "line", ["Hubungi 0812-3456-7890", "WA +62 812 3456 7890", "NIK 3573011508800001", "telp (0341) 551234"]
)
def test_the_public_line_holds_nobodys_number(city, petugas, operator, line):
    row = make_proposal(by=petugas)
    assert refusal(row.respond, state="taken", by=operator, public_line=line) == "line-personal"


@pytest.mark.parametrize("line", ["Anggaran Rp2.000.000.000 tahun 2027", "RW 05 dan RT 003, 57 kelurahan"])
def test_amounts_and_places_may_stand_in_it(city, petugas, operator, line):
    row = make_proposal(by=petugas)
    row.respond(state="taken", by=operator, public_line=line)
    assert Proposal.objects.public().get().public_line == line


def test_sent_again_after_everything_moved_it_is_the_same_proposal(city, petugas):
    business = make_business()
    asked = told(city, business=business)
    first, _new = Proposal.log(by=petugas, **asked)
    Business.objects.filter(pk=business.pk).update(kelurahan=city["Dinoyo"])
    business.refresh_from_db()
    petugas.posts.update(ends_on=timezone.localdate() - timedelta(days=1))
    forget_posts(petugas)

    assert Proposal.log(by=petugas, **asked) == (first, False)
    assert refusal(Proposal.log, by=petugas, **asked | {"uuid": uuid.uuid4()}) == "not-found"
