"""The page of a batch: what a change of many says, who decides it, and how it is applied."""

import pytest
from django_tasks_db.models import DBTaskResult

from registry.imports.models import Import
from registry.imports.tasks import resume
from registry.models import Business, Submission
from registry.submissions import tasks
from registry.submissions.batches import Batch
from registry.submissions.many import propose_many
from tests.factories import make_officer
from tests.registry.submissions.waiting import registrations, shops

pytestmark = pytest.mark.django_db
QUERIES_BATCH = 20


def bulk(by, city, count=3, **values):
    shops(by, count, city)
    rows = Business.objects.select_related("kelurahan__parent", "kbli", "subsector").prefetch_related(
        "other_subsectors"
    )
    values = values or {"place_kind": "rumah"}
    return propose_many([(b, values) for b in rows], by=by, title="Tempat usaha rumah")


def page_of(batch):
    return f"/verifikasi/kumpulan/{batch.uuid}/"


@pytest.mark.parametrize("rows", [2, 200])
def test_a_batch_costs_the_same_for_two_and_for_two_hundred(
    client, city, operator, verifikator, django_assert_num_queries, rows
):
    batch = bulk(operator, city, rows)
    client.force_login(verifikator)
    client.get(page_of(batch))

    with django_assert_num_queries(QUERIES_BATCH):
        page = client.get(page_of(batch))

    assert [(f["label"], f["count"], f["after"]) for f in page.context["summary"]] == [
        ("Jenis tempat", rows, [("Rumah", rows)])
    ]
    assert page.context["places"] == [(city["Purwantoro"], rows)]


def test_a_bulk_change_is_approved_and_applied(client, city, operator, verifikator):
    batch = bulk(operator, city)
    client.force_login(verifikator)
    assert batch.title in client.get("/verifikasi/").content.decode()
    assert batch.title in client.get("/").content.decode()

    answer = client.post(page_of(batch), {"act": "approve"}, follow=True).content.decode()

    assert "Disetujui dan diterapkan." in answer
    assert set(Business.objects.values_list("place_kind", flat=True)) == {"rumah"}
    assert batch.title not in client.get("/verifikasi/").content.decode()


def test_a_long_bulk_change_is_applied_by_a_job_that_goes_on_where_it_stopped(
    client, city, operator, verifikator, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(tasks, "SMALL", 2)
    batch = bulk(operator, city)
    client.force_login(verifikator)

    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(page_of(batch), {"act": "approve"}, follow=True).content.decode()

    assert "Sedang diterapkan" in page and 'max="3"' in page
    assert DBTaskResult.objects.get().task_path.endswith("apply_decided")
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.APPLYING)
    with django_capture_on_commit_callbacks(execute=True):
        assert resume() == 1, "what a stopped worker left is queued again"
    piece = client.get(page_of(batch), headers={"HX-Request": "true"})
    assert b"<h1" not in piece.content and b"Sedang diterapkan" in piece.content
    tasks.apply_decided.call(batch.pk)
    assert client.get(page_of(batch), headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert set(Business.objects.values_list("place_kind", flat=True)) == {"rumah"}
    assert "Diterapkan" in client.get(page_of(batch)).content.decode()


def test_a_bulk_change_is_rejected_with_a_reason(client, city, operator, verifikator):
    batch = bulk(operator, city)
    client.force_login(verifikator)

    asked = client.post(page_of(batch), {"act": "reject", "reason": " "})
    assert asked.status_code == 400 and "Tulis alasan" in asked.content.decode()
    client.post(page_of(batch), {"act": "reject", "reason": "Daftar tahun lalu."})

    client.force_login(operator)
    assert "Daftar tahun lalu." in client.get(page_of(batch)).content.decode()
    assert set(Business.objects.values_list("place_kind", flat=True)) == {""}


def test_its_proposer_takes_a_batch_back_and_never_decides_it(client, city, operator, petugas):
    batch = bulk(operator, city)
    client.force_login(operator)
    page = client.get(page_of(batch)).content.decode()
    assert "diputuskan orang lain" in page and 'value="approve"' not in page
    assert client.post(page_of(batch), {"act": "approve"}).status_code in (400, 404)

    client.post(page_of(batch), {"act": "withdraw"})

    batch.refresh_from_db()
    assert batch.state == "withdrawn"
    client.force_login(petugas)
    assert client.get(page_of(batch)).status_code == 404


def test_figures_in_a_batch_are_summed_only_for_those_who_may_read_them(client, city, operator, verifikator):
    batch = bulk(operator, city, turnover_answer="refused")
    client.force_login(verifikator)
    assert "Tidak bersedia menjawab" in client.get(page_of(batch)).content.decode()
    program = make_officer("program", city["Kota"])
    client.force_login(program)
    assert client.get(page_of(batch)).status_code in (403, 404)


def test_an_uploaded_list_is_shown_here_and_decided_on_its_own_page(client, city, operator, verifikator):
    batch = Batch.objects.create(title="pendataan.xlsx", proposed_by=operator, total=2)
    rows = registrations(operator, 2, city)
    Submission.objects.filter(pk__in=[row.pk for row in rows]).update(batch=batch)
    names = ("records", "accepted", "rejected", "duplicates", "candidates", "changed", "warnings")
    upload = Import.objects.create(
        counts=dict.fromkeys(names, 2),
        filename="pendataan.xlsx",
        sha256="0" * 64,
        size=1,
        uploaded_by=operator,
        state="sent",
        batch=batch,
    )
    client.force_login(verifikator)

    page = client.get(page_of(batch)).content.decode()

    assert "Usaha 1" in page and "Putuskan di halaman unggahan" in page and upload.get_absolute_url() in page
    assert 'value="approve"' not in page
    assert client.post(page_of(batch), {"act": "approve"}).status_code == 400
    assert page_of(batch) in client.get(upload.get_absolute_url()).content.decode()
