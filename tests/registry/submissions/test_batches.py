"""Many submissions decided as one: another person decides, chunks apply, a refused row is set aside."""

import uuid

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import AuditEntry
from registry.imports.tasks import apply_import, resume
from registry.models import Batch, Business, Submission
from registry.submissions import actions
from registry.submissions.actions import apply_batch
from tests.factories import make_business, make_officer, make_submission, nik
from tests.registry.submissions.test_acts import code_of, owner_item
from umkm_portal.lib.sealing import seal

pytestmark = pytest.mark.django_db


def make_batch(operator, region, *, count=5, owners=()):
    """A submitted batch of registrations, as an import makes it; `owners` give rows an owner with a NIK."""
    batch = Batch.objects.create(title="Daftar", proposed_by=operator, total=count)
    now = timezone.now()
    for number in range(count):
        items, sealed = [], ""
        if number < len(owners):
            item = owner_item(uuid.uuid4())
            items = [item]
            sealed = seal(f'{{"{item["uuid"]}": {{"nik": "{owners[number]}"}}}}')
        Submission.objects.create(
            kind="register",
            status="submitted",
            source="import",
            batch=batch,
            values={
                "name": [None, f"Usaha {number}"],
                "activity": ["", "kue"],
                "kelurahan": [None, region.code],
            },
            items=items,
            sealed=sealed,
            title=f"Usaha {number}",
            kelurahan_next=region,
            proposed_by=operator,
            submitted_at=now,
            submitted_by=operator,
        )
    return batch


def test_an_approved_batch_is_applied_in_chunks(city, operator, verifikator, monkeypatch):
    monkeypatch.setattr(actions, "CHUNK", 2)
    batch = make_batch(operator, city["Purwantoro"])
    batch.approve(by=verifikator)
    progress = []

    done = apply_batch(batch, progress=lambda at, total: progress.append((at, total)))

    assert done == {"applied": 5, "refused": 0}
    assert progress == [(2, 5), (4, 5), (5, 5)]
    assert batch.state == Batch.State.APPLIED
    assert Business.objects.public().count() == 5
    assert not Business.objects.exclude(last_confirmed_on=None).exists(), "a list confirms nobody"
    for submission in batch.submissions.select_related("business"):
        assert submission.business.uuid == submission.business_uuid
        assert (submission.status, submission.decided_by) == ("approved", verifikator)
    assert AuditEntry.objects.filter(act="submission.approved").count() == 5


def test_applying_goes_on_where_it_stopped(city, operator, verifikator, monkeypatch):
    monkeypatch.setattr(actions, "CHUNK", 2)
    batch = make_batch(operator, city["Purwantoro"])
    batch.approve(by=verifikator)

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        apply_batch(batch, progress=stop)
    assert Business.objects.count() == 2

    assert apply_batch(Batch.objects.get()) == {"applied": 3, "refused": 0}
    assert Business.objects.count() == 5


def test_a_batch_is_not_decided_by_its_proposer(city, operator):
    batch = make_batch(operator, city["Purwantoro"])
    both = make_officer("verifikator", city["Kota"])
    Batch.objects.filter(pk=batch.pk).update(proposed_by=both)

    assert code_of(batch.approve, by=both) == "own-submission"
    assert code_of(batch.approve, by=operator) == "not-found"
    assert code_of(apply_batch, batch=batch) == "batch-not-approved"


def test_a_row_a_rule_refuses_is_set_aside_with_the_reason(city, operator, petugas, verifikator):
    known = owner_item()
    make_business(by=petugas, decided_by=verifikator, items=[known], sealed={known["uuid"]: {"nik": nik(7)}})
    batch = make_batch(operator, city["Purwantoro"], count=3, owners=[nik(8), nik(7)])
    batch.approve(by=verifikator)

    assert apply_batch(batch) == {"applied": 2, "refused": 1}

    aside = Submission.objects.waiting().get()
    assert aside.title == "Usaha 1"
    assert "NIK" in aside.note
    assert nik(7) not in aside.note


def test_a_rejected_batch_takes_its_rows_along(city, operator, verifikator):
    batch = make_batch(operator, city["Purwantoro"], count=2)

    assert code_of(batch.reject, by=verifikator, reason="  ") == "reason-missing"
    batch.reject(by=verifikator, reason="Daftar tahun lalu.")

    assert set(batch.submissions.values_list("status", flat=True)) == {"rejected"}
    assert not Business.objects.exists()


def test_a_withdrawn_batch_takes_its_rows_along(city, operator, verifikator):
    batch = make_batch(operator, city["Purwantoro"], count=2)

    assert code_of(batch.withdraw, by=verifikator) == "not-found"
    batch.withdraw(by=operator)

    assert set(batch.submissions.values_list("status", flat=True)) == {"withdrawn"}
    assert code_of(batch.approve, by=verifikator) == "batch-decided"


def test_a_row_of_a_batch_is_decided_with_its_batch(city, operator, verifikator):
    row = make_batch(operator, city["Purwantoro"], count=1).submissions.get()

    assert code_of(row.approve, by=verifikator) == "in-batch"
    assert not Submission.objects.waiting().exists()


def test_a_row_whose_business_moved_on_is_set_aside_for_a_person(city, operator, petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator, phone="081234567890")
    batch = Batch.objects.create(title="Daftar", proposed_by=operator, total=1)
    now = timezone.now()
    Submission.objects.create(
        kind="change",
        status="submitted",
        source="import",
        batch=batch,
        business=business,
        business_uuid=business.uuid,
        values={"phone": ["6281234567890", "628111111111"]},
        kelurahan_now=city["Purwantoro"],
        proposed_by=operator,
        submitted_at=now,
        submitted_by=operator,
    )
    newer = make_submission(by=petugas, kind="change", business=business, phone="082222222222", submit=True)
    newer.approve(by=verifikator)
    batch.approve(by=verifikator)

    assert apply_batch(batch) == {"applied": 0, "refused": 1}

    business.refresh_from_db()
    assert business.phone == "6282222222222"
    assert Submission.objects.waiting().get().conflicts()


def test_what_a_stopped_worker_left_is_queued_again(
    city, operator, verifikator, django_capture_on_commit_callbacks
):
    batch = make_batch(operator, city["Purwantoro"], count=2)
    batch.approve(by=verifikator)
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.APPLYING)

    with django_capture_on_commit_callbacks(execute=True):
        assert resume() == 1

    queued = DBTaskResult.objects.get()
    assert queued.task_path.endswith("apply_import")
    apply_import.call(batch.pk)
    assert Business.objects.count() == 2
    assert resume() == 0
