"""A move needs the receiving kelurahan's consent, or a reason why it could not be waited for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from registry.models import Business, Submission
from registry.regions.access import forget_posts
from tests.factories import make_business, make_post, make_submission
from umkm_portal.lib.errors import Refused

pytestmark = pytest.mark.django_db
DINOYO = "35.73.05.1004"


def code_of(act, **arguments):
    with pytest.raises(Refused) as refused:
        act(**arguments)
    return refused.value.code


@pytest.fixture
def move(petugas, verifikator):
    """A move from Purwantoro to Dinoyo, sent."""
    business = make_business(by=petugas, decided_by=verifikator)
    return make_submission(by=petugas, kind="move", business=business, kelurahan=DINOYO, submit=True)


def test_a_move_waits_for_the_receiving_kelurahan(move, petugas, petugas_dinoyo, verifikator):
    assert code_of(move.approve, by=verifikator) == "move-not-agreed"
    assert code_of(move.approve, by=verifikator, reason="Sudah ditelepon.") == "move-not-agreed"
    assert code_of(move.agree, by=petugas) == "not-found"
    assert code_of(move.agree, by=verifikator) == "not-found"
    assert move.may_agree(petugas_dinoyo)

    move.agree(by=petugas_dinoyo)
    assert code_of(move.agree, by=petugas_dinoyo) == "move-agreed"
    move.approve(by=verifikator)

    assert Business.objects.get().kelurahan.name == "Dinoyo"
    acts = list(
        AuditEntry.objects.filter(target_id=str(move.pk)).order_by("pk").values_list("act", flat=True)
    )
    assert acts[-2:] == ["submission.move-agreed", "submission.approved"]


def test_declining_sends_it_back_with_the_reason(move, petugas, petugas_dinoyo):
    assert code_of(move.decline_move, by=petugas_dinoyo, reason=" ") == "reason-missing"
    move.decline_move(by=petugas_dinoyo, reason="Alamat itu masih Purwantoro.")

    move.refresh_from_db()
    assert (move.status, move.returned_by, move.reason) == (
        "returned",
        petugas_dinoyo,
        "Alamat itu masih Purwantoro.",
    )
    assert move.may_edit(petugas)


def test_a_consent_ends_when_the_move_is_edited(move, petugas, petugas_dinoyo, verifikator):
    move.agree(by=petugas_dinoyo)
    move.return_for_changes(by=verifikator, reason="Tulis RT.")
    move.edit(by=petugas, values={"kelurahan": DINOYO, "rt": 4})
    move.submit(by=petugas)

    assert move.needs_agreement()


def test_silence_beyond_the_days_may_be_replaced_by_a_reason(move, petugas_dinoyo, verifikator):
    Submission.objects.filter(pk=move.pk).update(submitted_at=timezone.now() - timedelta(days=14))
    move.refresh_from_db()

    assert code_of(move.approve, by=verifikator) == "move-not-agreed"
    move.approve(by=verifikator, reason="Tiga kali ditelepon, tidak dijawab.")

    assert Business.objects.get().kelurahan.name == "Dinoyo"


def test_a_kelurahan_without_an_officer_may_be_replaced_by_a_reason(move, verifikator):
    move.approve(by=verifikator, reason="Jabatan di Dinoyo kosong.")

    assert Business.objects.get().kelurahan.name == "Dinoyo"


def test_an_officer_of_both_kelurahan_has_agreed_already(city, petugas, petugas_dinoyo, verifikator):
    business = make_business(by=petugas, decided_by=verifikator)
    make_post(petugas, "petugas", city["Dinoyo"])
    forget_posts(petugas)
    move = make_submission(by=petugas, kind="move", business=business, kelurahan=DINOYO, submit=True)

    assert not move.needs_agreement()
    move.approve(by=verifikator)


def test_what_waits_about_the_business_follows_it(move, petugas, petugas_dinoyo, verifikator):
    business = Business.objects.get()
    waiting = make_submission(by=petugas, kind="change", business=business, address="Jl. Baru", submit=True)
    move.agree(by=petugas_dinoyo)
    move.approve(by=verifikator)

    assert waiting in Submission.objects.visible_to(petugas_dinoyo)


def test_a_move_brings_nothing_but_the_new_place(petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator)
    item = {"op": "add", "kind": "product", "values": {"name": "Keripik"}}
    move = make_submission(by=petugas, kind="move", business=business, kelurahan=DINOYO, items=[item])

    assert (set(move.values), move.items) == ({"kelurahan"}, [])
