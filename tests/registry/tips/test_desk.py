"""Who reads reports, what they may do about one, and how long a contact is kept."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from registry.models import Submission, Tip
from registry.submissions.retention import delete_idle_drafts
from registry.tips.retention import forget_contacts
from tests.factories import make_business, make_submission
from umkm_portal.lib.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def business(city):
    return make_business(name="Depot Sanan")


@pytest.fixture
def tip(business):
    return Tip.receive(business=business, kind="wrong", words="Jam bukanya salah", contact="0812-1111-2222")


def test_officers_and_reviewers_of_the_kelurahan_read_it_others_do_not(
    client, tip, petugas, petugas_dinoyo, verifikator, kepala
):
    for user, status in ((petugas, 200), (verifikator, 200), (petugas_dinoyo, 404), (kepala, 403)):
        client.force_login(user)
        assert client.get(tip.get_absolute_url()).status_code == status, user
    client.force_login(petugas_dinoyo)
    assert "Depot Sanan" not in client.get(reverse("tip-list")).content.decode()
    client.logout()
    assert client.get(tip.get_absolute_url()).status_code == 302


def test_the_list_asks_the_same_queries_for_one_and_for_three(client, tip, petugas):
    client.force_login(petugas)
    client.get(reverse("tip-list"))

    def asked():
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(reverse("tip-list")).status_code == 200
        return len(found)

    one = asked()
    for number in range(2):
        Tip.receive(business=make_business(name=f"Kios {number}"), kind="other", words=f"Kata {number}")
    assert asked() == one


@pytest.mark.parametrize("act", ["change", "close"])
def test_a_proposal_begins_with_the_words_at_hand_and_the_report_is_under_way(client, tip, petugas, act):
    client.force_login(petugas)

    response = client.post(reverse("tip-propose", args=[tip.uuid]), {"act": act})

    draft = Submission.objects.get(business=tip.business, status="draft")
    assert response.url == reverse("submission-edit", args=[draft.uuid])
    assert draft.kind == act and draft.proposed_by == petugas
    assert "Jam bukanya salah" in draft.note
    page = client.get(response.url)
    assert page.status_code == 200 and "Jam bukanya salah" in page.content.decode()
    assert list(Tip.objects.under_way()) == [tip] and not Tip.objects.waiting()


def test_a_proposal_that_was_taken_back_or_forgotten_leaves_the_report_waiting(client, tip, petugas):
    client.force_login(petugas)
    client.post(reverse("tip-propose", args=[tip.uuid]), {"act": "close"})
    draft = Submission.objects.get(business=tip.business, kind="close")
    draft.submit(by=petugas)
    draft.withdraw(by=petugas)
    assert list(Tip.objects.waiting()) == [tip]

    client.post(reverse("tip-propose", args=[tip.uuid]), {"act": "change"})
    assert not Tip.objects.waiting()
    delete_idle_drafts(timezone.now() + timedelta(days=40))

    assert not Submission.objects.filter(status="draft").exists()
    assert list(Tip.objects.waiting()) == [tip]


def test_it_may_be_handled_by_a_proposal_that_waits_already(client, tip, petugas):
    move = make_submission(
        by=petugas, kind="move", business=tip.business, kelurahan="35.73.05.1004", submit=True
    )
    elsewhere = make_submission(by=petugas, kind="close", business=make_business(), submit=True)
    client.force_login(petugas)
    url = reverse("tip-propose", args=[tip.uuid])

    assert client.post(url, {"submission": str(elsewhere.uuid)}).status_code == 404
    assert client.post(url, {"submission": "x"}).status_code == 404
    assert client.post(url, {"submission": str(move.uuid)}).status_code == 302

    tip.refresh_from_db()
    assert tip.submission == move


@pytest.mark.parametrize("sent", [{}, {"act": "reopen"}, {"act": "register"}])
def test_an_act_that_is_not_offered_begins_nothing(client, tip, petugas, sent):
    client.force_login(petugas)

    assert client.post(reverse("tip-propose", args=[tip.uuid]), sent).url == tip.get_absolute_url()
    assert Submission.objects.filter(business=tip.business).exclude(kind="register").count() == 0


def test_dismissing_needs_a_reason_and_is_done_once(client, tip, petugas, verifikator):
    client.force_login(petugas)
    url = reverse("tip-dismiss", args=[tip.uuid])

    refused = client.post(url, {"reason": "  "})
    assert refused.status_code == 200 and "Isian ini wajib." in refused.content.decode()
    assert client.post(url, {"reason": "Sudah didatangi, jamnya benar."}).status_code == 302

    tip.refresh_from_db()
    assert tip.dismissed_by == petugas and tip.reason == "Sudah didatangi, jamnya benar."
    assert AuditEntry.objects.get(act="tip.dismissed").recorded_by == petugas
    with pytest.raises(Refused) as again:
        tip.dismiss(by=verifikator, reason="Lagi.")
    assert again.value.code == "tip-handled"
    client.post(reverse("tip-propose", args=[tip.uuid]), {"act": "close"})
    assert not Submission.objects.filter(business=tip.business, kind="close").exists()


def test_nobody_acts_on_a_report_of_another_kelurahan(client, tip, petugas_dinoyo):
    client.force_login(petugas_dinoyo)

    assert client.post(reverse("tip-dismiss", args=[tip.uuid]), {"reason": "x"}).status_code == 404
    assert client.post(reverse("tip-propose", args=[tip.uuid]), {"act": "close"}).status_code == 404
    with pytest.raises(Refused):
        tip.dismiss(by=petugas_dinoyo, reason="x")


def test_a_visitors_closing_goes_back_to_the_officer_of_the_kelurahan(client, business, petugas, verifikator):
    closing = Tip.receive(business=business, kind="closed", words="Kosong").submission
    closing.return_for_changes(by=verifikator, reason="Tolong didatangi dulu.")

    assert closing.may_edit(petugas)
    closing.submit(by=petugas)
    assert closing.submitted_by == petugas
    client.force_login(verifikator)
    assert client.get(closing.review_url).status_code == 200
    closing.approve(by=verifikator)


def test_the_reviewer_reads_that_nobody_signed_it(client, business, verifikator):
    closing = Tip.receive(business=business, kind="closed", words="Kosong sejak Maret").submission
    client.force_login(verifikator)

    page = client.get(closing.review_url).content.decode()

    assert "belum diperiksa" in page and "Kosong sejak Maret" in page
    assert "masyarakat" in client.get(reverse("submission-queue")).content.decode()
    history = client.get(business.get_absolute_url()).content.decode()
    assert "Masyarakat" in history


def test_home_and_queue_lead_to_what_waits(client, tip, petugas, verifikator):
    for user, path in ((petugas, "/"), (verifikator, "/"), (verifikator, reverse("submission-queue"))):
        client.force_login(user)
        assert f'href="{reverse("tip-list")}"' in client.get(path).content.decode(), (user, path)
    client.force_login(petugas)
    assert client.get("/").context["tips"] == "1"


def test_a_contact_is_forgotten_30_days_after_the_report_was_handled(tip, business, petugas, verifikator):
    closing = Tip.receive(business=business, kind="closed", words="Tutup", contact="a@b.id")
    waiting = Tip.receive(business=business, kind="other", words="Lain", contact="c@d.id")
    tip.dismiss(by=petugas, reason="Benar.")
    closing.submission.reject(by=verifikator, reason="Masih buka.")
    now = timezone.now()

    assert forget_contacts(now + timedelta(days=29)) == 0
    assert forget_contacts(now + timedelta(days=31)) == 2
    waiting.refresh_from_db()
    assert waiting.contact == "c@d.id"
    with time_machine.travel(now + timedelta(days=181), tick=False):
        call_command("clean_up")
    assert set(Tip.objects.values_list("contact", flat=True)) == {""}
    assert Tip.objects.get(pk=tip.pk).words == "Jam bukanya salah"
