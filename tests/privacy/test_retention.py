"""What may no longer be kept goes, and an owner who asks is emptied unless something needs them."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import AuditEntry
from registry.imports.models import Import, ImportRow
from registry.imports.retention import empty_old_originals
from registry.models import Batch, Business, Person, Submission
from registry.submissions.erasing import erase
from registry.submissions.retention import drop_identities
from tests.factories import make_business, make_submission, nik
from tests.privacy.test_planted import dump
from umkm_portal.lib.errors import Refused

pytestmark = pytest.mark.django_db
OWNER = "7a2b6f9e-0f0c-4b57-9d0c-0b8c0b1f3a55"
ASKED = "Surat pemilik 12/2026"


def owner(identity=OWNER):
    return {
        "kind": "owner",
        "uuid": identity,
        "values": {"name": "Wiji Tertanam", "phone": "081234567890", "address": "Jl. Sanan 1"},
    }


def in_days(days):
    return time_machine.travel(timezone.now() + timedelta(days=days))


# ---- identity numbers of proposals that came to nothing -------------------------------------------


@pytest.mark.parametrize("end", ["rejected", "withdrawn"])
def test_numbers_of_what_came_to_nothing_go_after_thirty_days(petugas, verifikator, end):
    submission = make_submission(by=petugas, items=[owner()], sealed={OWNER: {"nik": nik(7)}}, submit=True)
    kept = make_submission(by=petugas, items=[owner("7a2b6f9e-0f0c-4b57-9d0c-0b8c0b1f3a56")], submit=True,
                           sealed={"7a2b6f9e-0f0c-4b57-9d0c-0b8c0b1f3a56": {"nik": nik(8)}})  # fmt: skip
    if end == "rejected":
        submission.reject(by=verifikator, reason="Bukan usaha.")
    else:
        submission.withdraw(by=petugas)

    with in_days(29):
        assert drop_identities() == 0
    with in_days(31):
        assert drop_identities() == 1
        assert drop_identities() == 0
    submission.refresh_from_db(), kept.refresh_from_db()
    assert (submission.sealed, submission.owner_nik_lookup, submission.unsealed()) == ("", None, {})
    assert kept.unsealed()
    assert AuditEntry.objects.get(act="submission.identity-expired").target_id == str(submission.pk)


# ---- the words of uploaded lists -------------------------------------------------------------------


def make_upload(user, state=None):
    batch = Batch.objects.create(title="x", total=1, proposed_by=user) if state else None
    if state:
        Batch.objects.filter(pk=batch.pk).update(state=state)
    upload = Import.objects.create(
        filename="x.xlsx",
        sha256="0" * 64,
        size=1,
        uploaded_by=user,
        batch=batch,
        state="sent" if state else "ready",
    )
    row = ImportRow(
        upload=upload, number=1, outcome="accepted", originals={"cells": [nik(9)], "print": "a", "match": "b"}
    )
    row.set_keys()
    row.save()
    return row


def test_cells_of_old_lists_go_and_their_prints_stay(operator):
    sent, waiting = make_upload(operator), make_upload(operator, "submitted")
    before = sent.fingerprint

    with in_days(89):
        assert empty_old_originals() == 0
    with in_days(91):
        assert empty_old_originals() == 1
        assert empty_old_originals() == 0
    sent.refresh_from_db(), waiting.refresh_from_db()
    assert (sent.cells, sent.facts, sent.fingerprint) == ([], {}, before)
    assert waiting.cells == [nik(9)]
    call_command("clean_up", verbosity=0)


# ---- erasing ---------------------------------------------------------------------------------------


@pytest.fixture
def closed(petugas, verifikator):
    business = make_business(
        by=petugas, decided_by=verifikator, items=[owner()], sealed={OWNER: {"nik": nik(7), "kk": nik(8)}}
    )
    closing = make_submission(
        kind="close", by=petugas, business=business, operating_state="closed", submit=True
    )
    closing.approve(by=verifikator)
    return business


def test_an_owner_of_something_open_is_needed(petugas, verifikator):
    make_business(by=petugas, decided_by=verifikator, name="Kios Buka", items=[owner()])
    with pytest.raises(CommandError, match="Kios Buka"):
        call_command("erase_person", OWNER, reason=ASKED)
    assert Person.objects.get().name == "Wiji Tertanam"


def test_so_is_who_stands_in_an_open_proposal(closed, petugas):
    make_submission(by=petugas, items=[owner()], submit=True)
    with pytest.raises(Refused) as refused:
        erase(Person.objects.get(), reason=ASKED)
    assert refused.value.code == "person-needed"


def test_nothing_of_an_erased_person_is_left(closed, verifikator):
    call_command("erase_person", OWNER, reason=ASKED, by=verifikator.username, verbosity=0)

    person = Person.objects.get()
    assert (person.name, person.nik_last4, person.phone, person.address) == ("Data dihapus", "", "", "")
    assert Business.objects.get().owner_name == "Data dihapus"
    for submission in Submission.objects.all():
        assert "Wiji" not in str(submission.items) and not submission.unsealed()
    assert not [p for p in ("Wiji", nik(7), nik(8), "6281234567890") if p in dump()]
    line = AuditEntry.objects.get(act="person.erased")
    assert (line.target_id, line.recorded_by, line.detail["reason"]) == (str(person.pk), verifikator, ASKED)


@pytest.mark.parametrize(
    "given", [{"uuid": "x"}, {"uuid": "7a2b6f9e-0f0c-4b57-9d0c-000000000000"}, {"by": "siapa"}]
)
def test_the_command_says_what_is_wrong(closed, given):
    with pytest.raises(CommandError):
        call_command("erase_person", given.get("uuid", OWNER), reason=ASKED, by=given.get("by"))
    with pytest.raises(CommandError, match="alasan"):
        call_command("erase_person", OWNER, reason="x")
    assert Person.objects.get().name == "Wiji Tertanam"
