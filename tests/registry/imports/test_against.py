"""Lists against the registry and other lists: duplicates, changes, and what counts meanwhile."""

# ruff: noqa: E501  (one case, one line)

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from registry.imports import actions, tasks
from registry.imports.models import Import, ImportRow
from registry.models import Batch, Business, Person, Submission
from registry.submissions.actions import apply_batch
from tests.factories import make_business, make_submission, nik
from tests.registry.imports.files import csv

HEAD = "No,Nama Usaha,Nama Pemilik,NIK,Alamat,RT,RW,Kelurahan,No HP,NIB,Produk"


def line(number, name, owner="", number_id="", address="Jl. A", phone="", nib="", product="keripik"):
    return f"{number},{name},{owner},{number_id},{address},02,05,Purwantoro,{phone},{nib},{product}"


@pytest.fixture
def bring(operator, verifikator):
    """Upload lines, send them and, unless told otherwise, let the verifikator approve and apply."""

    def bring(*lines, head=HEAD, approve=True):
        upload = actions.upload(csv(head, *lines), "daftar.csv", actions.Options(), by=operator)
        actions.read(upload)
        upload.refresh_from_db()
        if upload.counts.get("accepted"):
            tasks.start_sending(upload, by=operator)
            if approve:
                tasks.approve(upload, by=verifikator)
        upload.refresh_from_db()
        return upload

    return bring


def counts(upload):
    return tuple(upload.counts[k] for k in ("records", "accepted", "rejected", "duplicates", "changed"))


def test_a_list_becomes_businesses_through_the_one_door(bring, operator, verifikator):
    number = nik(1)
    upload = bring(line(1, "Toko A", "Siti", number, phone="081234567890", nib="0220001234567"), line(2, ""))
    assert counts(upload) == (2, 1, 1, 0, 0)
    business = Business.objects.get()
    assert (business.name, business.rt, business.rw, business.phone) == ("Toko A", 2, 5, "6281234567890")
    assert business.kelurahan.code == "35.73.01.1007" and business.has_nib
    assert business.recorded_by == operator and business.changed_by == verifikator
    person = Person.objects.get()
    assert person.name == "Siti" and person.nik_last4 == number[-4:]
    assert upload.batch.state == Batch.State.APPLIED
    row = upload.rows.get(number=2)
    assert row.submission.status == Submission.Status.APPROVED and row.cells[1] == "Toko A"


@pytest.mark.parametrize("approve", [True, False])
def test_the_same_list_again_adds_nothing(bring, approve):
    lines = [line(i, f"Toko {c}", address=f"Jl. {c}") for i, c in enumerate("ABC", 1)]
    bring(*lines, approve=approve)
    again = bring(*lines, approve=approve)
    assert counts(again) == (3, 0, 0, 3, 0)
    assert Submission.objects.count() == 3


def test_a_list_without_addresses_again_adds_nothing(bring):
    lines = ["Warung A,kopi", "Warung B,teh"]
    bring(*lines, head="Nama Usaha,Produk")
    assert counts(bring(*lines, head="Nama Usaha,Produk")) == (2, 0, 0, 2, 0)


def test_rows_of_a_rejected_or_withdrawn_list_do_not_count(bring, operator, verifikator):
    first = bring(line(1, "Toko A"), approve=False)
    first.batch.reject(by=verifikator, reason="salah berkas")
    second = bring(line(1, "Toko A"), approve=False)
    assert counts(second) == (1, 1, 0, 0, 0)
    second.batch.withdraw(by=operator)
    assert counts(bring(line(1, "Toko A"))) == (1, 1, 0, 0, 0)


def test_new_values_are_a_change_and_blanks_never_overwrite(bring):
    bring(line(1, "Toko A", "Siti", phone="081234567890"))
    upload = bring(line(9, "TOKO A", "siti", address="Jalan A", nib="0220001234567", product=""))
    assert counts(upload) == (1, 1, 0, 0, 1)
    business = Business.objects.get()
    assert business.phone == "6281234567890" and business.activity == "keripik" and business.name == "Toko A"
    assert business.licences.get().number == "0220001234567"
    assert Person.objects.count() == 1


def test_another_owner_at_the_same_address_is_a_candidate(bring):
    bring(line(1, "Toko A", "Siti"))
    upload = bring(line(1, "Toko A", "Budi"))
    assert counts(upload) == (1, 1, 0, 0, 0) and upload.counts["candidates"] == 1
    assert Business.objects.count() == 2


def test_a_business_entered_by_hand_is_found(bring, operator, verifikator):
    make_business(
        by=operator, decided_by=verifikator, name="Toko A", address="Jl. A", rt=2, rw=5, activity="keripik"
    )
    assert counts(bring(line(1, "Toko A"))) == (1, 0, 0, 1, 0)


def test_one_owner_with_two_businesses_is_one_person(bring):
    number = nik(7)
    bring(line(1, "Toko A", "Siti", number), line(2, "Toko B", "Siti", number, address="Jl. B"))
    assert Business.objects.count() == 2 and Person.objects.count() == 1
    bring(line(1, "Toko C", "Siti", number, address="Jl. C"))
    assert Person.objects.count() == 1 and Person.objects.get().ownerships.count() == 3


def test_one_nik_for_two_names_is_left_out_with_a_warning(bring):
    number = nik(8)
    upload = bring(line(1, "Toko A", "Siti", number), line(2, "Toko B", "Budi", number, address="Jl. B"))
    assert Person.objects.filter(nik_lookup__isnull=False).count() == 1
    assert any("NIK" in text for _c, _h, text in upload.rows.get(number=3).messages)


def test_an_uploader_does_not_decide(operator, verifikator, bring):
    from umkm_portal.lib.errors import Refused

    upload = bring(line(1, "Toko A"), approve=False)
    with pytest.raises(Refused):
        tasks.approve(upload, by=operator)
    assert Business.objects.count() == 0


def test_two_readings_sent_one_after_the_other_add_nothing_twice(operator):
    data = csv(HEAD, line(1, "Toko A"), line(2, "Toko B", address="Jl. B"))
    uploads = [actions.upload(data, "x.csv", actions.Options(), by=operator) for _ in range(2)]
    for upload in uploads:
        actions.read(upload)
    for upload in uploads:
        tasks.start_sending(upload, by=operator)
    assert Submission.objects.count() == 2
    uploads[1].refresh_from_db()
    assert uploads[1].state == Import.State.READY and uploads[1].refusal_code == "import-nothing-new"


def test_a_list_read_before_another_was_sent_is_set_against_it(operator):
    """Not the same rows, but the same business: what was new when it was read is none when it is sent."""
    first = actions.upload(csv(HEAD, line(1, "Toko A")), "x.csv", actions.Options(), by=operator)
    second = actions.upload(
        csv(HEAD, line(1, "Toko A", product="kue"), line(2, "Toko B", address="Jl. B")),
        "y.csv",
        actions.Options(),
        by=operator,
    )
    for upload in (first, second):
        actions.read(upload)
    tasks.start_sending(first, by=operator)
    tasks.start_sending(second, by=operator)
    second.refresh_from_db()
    assert counts(second) == (2, 1, 0, 1, 0) and second.batch.total == 1


def test_queries_do_not_grow_with_the_list(operator, city):
    def queries(count):
        data = csv(HEAD, *(line(i, f"Toko {i}", f"P {i}", address=f"Jl. {i}") for i in range(count)))
        upload = actions.upload(data, "x.csv", actions.Options(), by=operator)
        with CaptureQueriesContext(connection) as seen:
            actions.read(upload)
            upload.begin_sending(by=operator)
            actions.send(upload)
        return len(seen)

    queries(2)
    assert queries(3) == queries(20)


# ---- what may be seen --------------------------------------------------------------------------------


def test_planted_numbers_are_nowhere_in_clear(bring, caplog, tmp_path):
    number, phone, owner = nik(4321), "081298765432", "Sumarsih Rahasiawati"
    upload = bring(
        f"1,Toko A,{owner},{number},Jl. A {number},02,05,Purwantoro,{phone},{number},{number}",
        f"2,Toko B {number},{owner},,Jl. B,02,05,Purwantoro,{phone},,",
    )
    assert upload.counts["records"] == 2
    dump = "\n".join(
        str(row) for table in connection.introspection.table_names() for row in _everything(table)
    )
    for secret in (number, phone[1:], owner, "Rahasiawati"):
        assert secret not in dump
        assert secret not in caplog.text
    assert number.encode() not in upload.file.open("rb").read()
    assert upload.bytes().count(number.encode()) == 5


def _everything(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        return cursor.fetchall()


def test_old_files_are_deleted_and_rows_stay(bring):
    from datetime import timedelta

    upload = bring(line(1, "Toko A"))
    path = upload.file.path
    Import.objects.update(uploaded_at=upload.uploaded_at - timedelta(days=91))
    assert actions.delete_old_files() == 1
    upload.refresh_from_db()
    import os

    assert not os.path.exists(path) and not upload.file and upload.rows.count() == 1


# ---- the command ---------------------------------------------------------------------------------------


def run(path, **options):
    out = io.StringIO()
    call_command("import_businesses", str(path), stdout=out, as_json=True, **options)
    return json.loads(out.getvalue())


@pytest.fixture
def listed(tmp_path):
    path = tmp_path / "daftar.csv"
    path.write_bytes(
        csv(HEAD, line(1, "Toko A", "Siti Rahasia", nik(5)), line(2, "-"), line(3, "Toko A", "siti rahasia"))
    )
    return path


def test_without_apply_nothing_at_all_is_written(city, listed):
    before = AuditEntry.objects.count()
    answer = run(listed)
    assert {k: answer[k] for k in ("records", "accepted", "rejected", "duplicates", "candidates", "changed")} == {
        "records": 3, "accepted": 1, "rejected": 1, "duplicates": 1, "candidates": 0, "changed": 0,
    }  # fmt: skip
    reasons = {row["row"]: row for row in answer["rows"]}
    assert reasons[3]["messages"][0]["column"] == "B" and reasons[4]["duplicate_of"] == 2
    assert "Rahasia" not in json.dumps(answer)
    assert not Import.objects.exists() and not Batch.objects.exists() and AuditEntry.objects.count() == before


def test_apply_leaves_the_batch_waiting_and_approve_by_applies(operator, verifikator, listed):
    assert run(listed, apply=True, by="operator")["state"] == "submitted"
    assert Business.objects.count() == 0
    again = run(listed, apply=True, by="operator", approve_by="verifikator")
    assert (again["state"], again["accepted"], again["duplicates"]) == ("nothing-new", 0, 2)
    batch = Batch.objects.get()
    batch.approve(by=verifikator)
    apply_batch(batch)
    assert Business.objects.count() == 1 and ImportRow.objects.live().count() == 1


def test_approve_by_must_be_another_person_with_the_right(operator, verifikator, petugas, listed):
    for options in (
        {"by": "operator", "approve_by": "operator"},
        {"by": "operator", "approve_by": petugas.username},
        {"by": petugas.username},
        {"by": "tidak.ada"},
        {},
    ):
        with pytest.raises(CommandError):
            run(listed, apply=True, **options)
    assert not Import.objects.exists()


def test_refused_files_say_why(city, tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"#!/bin/sh\n")
    with pytest.raises(CommandError, match="bukan buku kerja"):
        run(path)
    with pytest.raises(CommandError):
        run(tmp_path / "tidak-ada.csv")


def test_after_a_key_rotation_the_list_is_still_known(bring, settings):
    from umkm_portal.lib import sealing

    upload = bring(line(1, "Toko A", "Siti", nik(6)), approve=False)
    old = settings.IDENTITY_KEY
    settings.IDENTITY_KEY = ["only-for-tests-new-" + "n" * 40, *old]
    sealing._derive.cache_clear()
    call_command("rotate_identity_key", stdout=io.StringIO())
    settings.IDENTITY_KEY = settings.IDENTITY_KEY[:1]
    upload = Import.objects.get(pk=upload.pk)
    assert upload.bytes().startswith(b"No,Nama Usaha") and upload.rows.get().cells[1] == "Toko A"
    assert counts(bring(line(1, "Toko A", "Siti", nik(6)))) == (1, 0, 0, 1, 0)


def read_only(operator, *lines):
    """A list that was read and waits to be sent."""
    upload = actions.upload(csv(HEAD, *lines), "daftar.csv", actions.Options(), by=operator)
    actions.read(upload)
    upload.refresh_from_db()
    return upload


def test_a_business_registered_by_page_meanwhile_is_not_added_again(operator, verifikator, petugas):
    upload = read_only(operator, line(1, "Toko A", address="Jl. Sanan 5"), line(2, "Toko B", address="Jl. B"))
    make_business(
        by=petugas,
        decided_by=verifikator,
        name="Toko A",
        activity="keripik",
        address="Jl. Sanan 5",
        rt=2,
        rw=5,
    )

    tasks.start_sending(upload, by=operator)
    tasks.approve(upload, by=verifikator)

    assert sorted(Business.objects.values_list("name", flat=True)) == ["Toko A", "Toko B"]


def test_a_nik_that_an_open_registration_claims_does_not_hold_the_list_up(operator, verifikator, petugas):
    upload = read_only(operator, line(1, "Toko A", "Siti", nik(5)))
    owner = {
        "op": "add",
        "kind": "owner",
        "uuid": "11111111-2222-3333-4444-555555555555",
        "values": {"name": "Siti"},
    }
    open_one = make_submission(
        by=petugas, items=[owner], sealed={owner["uuid"]: {"nik": nik(5)}}, submit=True
    )

    tasks.start_sending(upload, by=operator)
    upload.refresh_from_db()
    assert upload.state == Import.State.SENT
    open_one.approve(by=verifikator)
    tasks.approve(upload, by=verifikator)

    assert Person.objects.count() == 1
    assert Submission.objects.waiting().get().title == "Toko A"
