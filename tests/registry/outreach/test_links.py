"""The owner's personal link: what it shows, what its bearer may do, once, and how little a bad one tells."""

import logging
import re
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from registry.models import Business, Check, OwnerLink, Submission
from registry.outreach.links import read_token, token_of
from registry.outreach.masking import masked_phone, masked_words
from tests.factories import make_business, make_submission
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.redact import redact

pytestmark = pytest.mark.django_db


@pytest.fixture
def business(city):
    made = make_business(
        name="Keripik Sanan", rw=5, phone="081234567890", phone_of="owner", address="Jl. Sanan Gang 3 No. 12",
        opening_hours="08.00-16.00",
    )  # fmt: skip
    Business.objects.filter(pk=made.pk).update(last_confirmed_on=None)
    return Business.objects.get(pk=made.pk)


@pytest.fixture
def link(business, petugas):
    return OwnerLink.make(business=business, by=petugas)


def address(link):
    return reverse("owner-link", args=[token_of(link.uuid)])


def test_it_shows_enough_to_know_the_record_and_too_little_to_learn_it(client, link):
    answer = client.get(address(link))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Keripik Sanan" in page
    assert "0812-••••-•890" in page
    for hidden in ("6281234567890", "081234567890", "1234567", "Sanan Gang 3", "No. 12"):
        assert hidden not in page
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "strict-origin"
    client.get(address(link))
    assert client.get(address(link)).status_code == 200  # opening it uses nothing up


def test_active_is_recorded_at_once_in_the_owners_name(client, link, business):
    assert client.post(address(link), {"answer": "active"}).url == reverse("owner-thanks")
    business.refresh_from_db()
    check = Check.objects.get()
    assert business.last_confirmed_on == timezone.localdate()
    assert (check.via, check.told_by, check.submission) == ("owner", None, None)
    assert not Submission.objects.filter(source="owner_link").exists()


@pytest.mark.parametrize(("answer", "kind"), [("temporary", "change"), ("closed", "close")])
def test_what_changes_the_record_is_a_proposal_without_a_proposer(
    client, link, business, answer, kind, verifikator
):
    client.post(address(link), {"answer": answer})

    proposal = Submission.objects.get(source="owner_link")
    assert (proposal.kind, proposal.status, proposal.proposed_by, proposal.submitted_by) == (
        kind,
        "submitted",
        None,
        None,
    )
    business.refresh_from_db()
    assert business.operating_state == "active"
    proposal.approve(by=verifikator)
    business.refresh_from_db()
    assert business.operating_state == answer


@pytest.mark.parametrize(
    "told", [{"answer": "closed"}, {"answer": "temporary"}, {"answer": "active", "address": "Jl. Baru 1"}]
)
def test_who_made_the_link_decides_nothing_that_came_by_it(
    client, business, verifikator, verifikator_lain, told
):
    link = OwnerLink.make(business=business, by=verifikator)
    client.post(address(link), told)

    proposal = Submission.objects.get(source="owner_link")
    acts = (
        proposal.approve,
        lambda by: proposal.reject(by=by, reason="x"),
        lambda by: proposal.return_for_changes(by=by, reason="x"),
    )
    for act in acts:
        with pytest.raises(Refused) as refused:
            act(by=verifikator)
        assert refused.value.code == "own-submission"
    client.force_login(verifikator)
    assert "tautan pemilik ini" in client.get(proposal.review_url).content.decode()
    client.force_login(verifikator_lain)
    assert (
        f"tautan pribadi yang dibuat {verifikator.name}." in client.get(proposal.review_url).content.decode()
    )
    proposal.approve(by=verifikator_lain)


def test_a_closing_of_an_officer_stays_theirs_when_the_owner_says_the_same(
    client, business, petugas, verifikator
):
    waiting = make_submission(by=petugas, kind="close", business=business, submit=True)
    client.post(address(OwnerLink.make(business=business, by=verifikator)), {"answer": "closed"})
    assert Check.objects.get().submission == waiting
    assert waiting.may_decide(verifikator)


def test_corrections_wait_for_somebody_and_light_ones_do_too(client, link, business):
    told = {
        "answer": "active",
        "phone": "0812 9999 8888",
        "opening_hours": "09.00-17.00",
        "address": "Jl. Baru 1",
    }
    client.post(address(link), told)

    proposal = Submission.objects.get(source="owner_link")
    assert {name: pair[1] for name, pair in proposal.values.items()} == {
        "phone": "6281299998888",
        "opening_hours": "09.00-17.00",
        "address": "Jl. Baru 1",
    }
    assert proposal.status == "submitted"
    business.refresh_from_db()
    assert business.phone == "6281234567890"


def test_of_a_business_that_closed_nothing_is_corrected(client, link):
    client.post(address(link), {"answer": "closed", "address": "Jl. Baru 1"})
    assert list(Submission.objects.filter(source="owner_link").values_list("kind", flat=True)) == ["close"]


def test_a_wrong_number_and_a_nik_are_told_and_the_rest_is_kept(client, link):
    answer = client.post(
        address(link),
        {"answer": "active", "phone": "abc", "address": "KTP 3573015508800001", "opening_hours": "8-4"},
    )
    page = answer.content.decode()
    assert "Nomor ini tidak dikenali" in page
    assert "Jangan tulis NIK" in page
    assert "8-4" in page
    assert not Check.objects.exists()
    assert OwnerLink.objects.good().exists()


def words_of(answer):
    """What a page tells: without the form's own token and the address that was asked for."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    return re.sub(r"/konfirmasi/[^\"]*", "", page)


def bad_addresses(link):
    good = token_of(link.uuid)
    body, signature = good.split(".")
    changed = ("A" if signature[0] != "A" else "B") + signature[1:]
    tokens = (
        f"{body}.{changed}",
        token_of(uuid.uuid4()),
        body,
        "x",
        "x" * 300,
        f"{body}.",
        "é.é",
        f"{good}x",
    )
    return [reverse("owner-link", args=[token]) for token in tokens]


def test_forged_expired_revoked_and_used_links_all_tell_the_same_nothing(client, link, business, petugas):
    told = {words_of(client.get(each)) for each in bad_addresses(link)}
    told |= {words_of(client.post(each, {"answer": "closed"})) for each in bad_addresses(link)}
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        told.add(words_of(client.get(address(link))))
        assert client.post(address(link), {"answer": "closed"}).status_code == 404
    newer = OwnerLink.make(business=business, by=petugas)  # ends the one before
    answer = client.get(address(link))
    told.add(words_of(answer))
    client.post(address(newer), {"answer": "active"})
    told.add(words_of(client.get(address(newer))))
    told.add(words_of(client.post(address(newer), {"answer": "closed"})))

    assert len(told) == 1
    assert answer.status_code == 404
    assert "no-store" in answer["Cache-Control"]
    assert "Keripik" not in told.pop()
    assert Check.objects.count() == 1


def test_it_lives_fourteen_days_inclusive(client, link):
    with time_machine.travel(timezone.now() + timedelta(days=14)):
        assert client.get(address(link)).status_code == 200


def test_only_who_may_confirm_there_makes_and_revokes_one(
    client, link, business, petugas_dinoyo, petugas, kepala
):
    for user in (petugas_dinoyo, kepala):
        with pytest.raises(Refused) as refused:
            OwnerLink.make(business=business, by=user)
        assert refused.value.code == "not-found"
        with pytest.raises(Refused):
            link.revoke(by=user)
    client.force_login(petugas)
    client.post(reverse("owner-link-revoke", args=[link.uuid]))
    client.logout()
    assert client.get(address(link)).status_code == 404


def test_the_address_is_shown_once_and_kept_nowhere(client, business, petugas):
    client.force_login(petugas)
    url = reverse("owner-links", args=[business.uuid])
    page = client.post(url).content.decode()
    token = token_of(OwnerLink.objects.get().uuid)
    assert token in page
    assert token not in client.get(url).content.decode()
    assert token not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_a_token_is_bound_to_our_key(link):
    token = token_of(link.uuid)
    assert read_token(token) == link.uuid
    with override_settings(SECRET_KEY="z" * 50):
        assert read_token(token) is None
    with override_settings(SECRET_KEY="z" * 50, SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert read_token(token) == link.uuid


def test_no_log_line_keeps_the_token(client, link, caplog):
    token = token_of(link.uuid)
    line = f'"GET /konfirmasi/{token}/?a=1 HTTP/1.1" 200'
    assert redact(line) == '"GET /konfirmasi/[tautan disamarkan]/?a=1 HTTP/1.1" 200'
    assert redact("/konfirmasi/terima-kasih/") == "/konfirmasi/terima-kasih/"
    with caplog.at_level(logging.INFO):
        client.get(reverse("owner-link", args=[token[:-1]]))
    assert token[:-1] not in "".join(redact(record.getMessage()) for record in caplog.records)


def test_one_address_may_not_try_without_end(client, link, monkeypatch):
    rates = {"owner-link": "3/hour"}
    monkeypatch.setattr(
        "umkm_portal.lib.throttling.api_settings.DEFAULT_THROTTLE_RATES", rates, raising=False
    )
    answers = [client.get(each).status_code for each in [*bad_addresses(link)[:3], address(link)]]
    assert answers == [404, 404, 404, 429]


def test_masking():
    assert [masked_phone(n) for n in ("", "6281234567890", "62341551234")] == [
        "",
        "0812-••••-•890",
        "0341-••••-•234",
    ]
    assert masked_words("Jl. Sanan Gg. 3 No. 12A") == "J•. S•••• G•. • N•. •••"
