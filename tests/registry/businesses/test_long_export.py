"""Workbooks of many rows: made by a job, kept a day for the one who asked; and the printed list."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts.models import AuditEntry
from registry.businesses import export, jobs
from registry.businesses.jobs import Job
from registry.businesses.tasks import make_export
from registry.models import Post
from tests.factories import make_business, make_officer

pytestmark = pytest.mark.django_db

ASK = "/usaha/unduh/minta/"


@pytest.fixture
def shops(settings, tmp_path, operator, verifikator):
    settings.MEDIA_ROOT, settings.VAR_DIR = tmp_path / "media", tmp_path
    owner = [{"kind": "owner", "values": {"name": "Wiji Lestari"}}]
    return [
        make_business(by=operator, decided_by=verifikator, name=name, kelurahan=place, items=owner)
        for name, place in (
            ("Soto A", "35.73.01.1007"),
            ("Soto B", "35.73.01.1007"),
            ("Soto C", "35.73.05.1004"),
        )
    ]


def made(client, query=""):
    """The job of an asked-for workbook, run."""
    client.post(f"{ASK}?{query}")
    job = Job.objects.latest("pk")
    make_export.call(job.pk)
    job.refresh_from_db()
    return job


def test_the_job_makes_the_same_workbook_for_who_asked(client, shops, petugas):
    client.force_login(petugas)

    job = made(client, "q=soto&urut=-nama&kolom=pemilik")
    answer = client.get(f"/pekerjaan/{job.uuid}/berkas/")

    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert (job.state, job.outcome, job.done) == ("done", {"count": 2}, 2)
    assert rows[1][0] == "Filter: Cari soto"
    assert [row[:2] for row in rows[-3:]] == [
        ["Nama usaha", "Pemilik"], ["Soto B", "Wiji Lestari"], ["Soto A", "Wiji Lestari"],
    ]  # fmt: skip


def test_request_making_and_fetching_leave_lines_without_what_was_typed(client, shops, petugas):
    client.force_login(petugas)

    job = made(client, "q=wiji")
    client.get(f"/pekerjaan/{job.uuid}/berkas/")

    exported, fetched = AuditEntry.objects.filter(act__in=["business.exported", "export.fetched"]).order_by(
        "pk"
    )
    assert (exported.recorded_by, exported.detail["count"], exported.detail["filters"]) == (petugas, 2, ["q"])
    assert fetched.recorded_by == petugas
    assert "wiji" not in f"{job.title} {exported.detail} {fetched.detail}".lower()


def test_the_file_lies_sealed_and_is_gone_after_a_day(client, shops, petugas, tmp_path):
    client.force_login(petugas)
    job = made(client)
    (stored,) = (tmp_path / "media").rglob("*.sealed")
    assert not stored.read_bytes().startswith(b"PK")
    assert [p for p in tmp_path.iterdir() if p.name != "media"] == []

    assert jobs.delete_old_files() == 0
    Job.objects.update(file_kept_until=timezone.now() - timedelta(seconds=1))
    assert client.get(f"/pekerjaan/{job.uuid}/berkas/").url == f"/pekerjaan/{job.uuid}/"
    assert "sudah dihapus" in client.get(f"/pekerjaan/{job.uuid}/").content.decode()
    call_command("clean_up")

    job.refresh_from_db()
    assert job.file == ""


def test_files_are_deleted_with_the_night(
    client, shops, petugas, tmp_path, django_capture_on_commit_callbacks
):
    client.force_login(petugas)
    made(client)

    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.delete_old_files(timezone.now() + timedelta(hours=25)) == 1

    assert list((tmp_path / "media").rglob("*.sealed")) == []


def test_nobody_else_sees_or_fetches_it(client, city, shops, petugas, operator):
    client.force_login(petugas)
    job = made(client)
    for user in (operator, make_officer("kepala", city["Kota"])):
        client.force_login(user)
        assert client.get(f"/pekerjaan/{job.uuid}/").status_code == 404
        assert client.get(f"/pekerjaan/{job.uuid}/berkas/").status_code == 404


def test_a_post_that_ended_meanwhile_exports_nothing(client, shops, petugas):
    client.force_login(petugas)
    client.post(ASK)
    Post.objects.filter(user=petugas).delete()
    job = Job.objects.get()

    make_export.call(job.pk)

    job.refresh_from_db()
    assert (job.state, job.outcome) == ("done", {"count": 0})


def test_what_is_not_understood_is_not_asked_for(client, shops, petugas):
    client.force_login(petugas)

    assert client.post(f"{ASK}?rw=x").url == "/usaha/?rw=x"
    assert not Job.objects.exists()


def test_a_job_that_breaks_says_so(client, shops, petugas, monkeypatch):
    monkeypatch.setattr("registry.businesses.tasks.workbook", lambda *a, **k: 1 / 0)
    client.force_login(petugas)
    client.post(ASK)
    job = Job.objects.get()

    with pytest.raises(ZeroDivisionError):
        make_export.call(job.pk)

    assert "Coba minta lagi" in client.get(f"/pekerjaan/{job.uuid}/").content.decode()


# ---- on paper --------------------------------------------------------------------------------------------


def test_the_printed_list_names_its_filter_and_day_and_is_recorded(client, shops, petugas):
    client.force_login(petugas)

    page = client.get("/usaha/cetak/", {"q": "soto", "kolom": "pemilik,kelurahan"})

    assert page.context["lines"][1] == "Filter: Cari soto"
    assert page.context["lines"][2].startswith("2 usaha, per ")
    assert [r.business.name for r in page.context["rows"]] == ["Soto A", "Soto B"]
    entry = AuditEntry.objects.get(act="business.exported")
    assert (entry.detail["form"], entry.detail["count"]) == ("print", 2)


def test_phones_are_printed_only_for_who_may_read_them(client, city, shops, petugas):
    make_business(name="Soto D", phone="081234567890", phone_of="owner")
    for user, expected in ((petugas, True), (make_officer("keuangan", city["Kota"]), None)):
        client.force_login(user)
        answer = client.get("/usaha/cetak/", {"kolom": "telepon,kelurahan"})
        if expected is None:
            assert answer.status_code == 403
        else:
            assert "0812-3456-7890" in answer.content.decode()


def test_too_much_for_paper_is_refused_with_what_to_do(client, shops, petugas, monkeypatch):
    monkeypatch.setattr(export, "ON_PAPER", 1)
    client.force_login(petugas)

    answer = client.get("/usaha/cetak/", {"q": "soto"})

    assert answer.url == "/usaha/?q=soto"
    assert "Persempit dengan filter" in client.get(answer.url).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_paper_asks_the_same_number_of_questions_for_any_number_of_rows(
    client, operator, verifikator, rows, django_assert_num_queries
):
    for n in range(rows):
        make_business(by=operator, decided_by=verifikator, name=f"Soto {n}", phone="081234567890")
    client.force_login(operator)
    client.get("/usaha/cetak/")

    with django_assert_num_queries(7):
        client.get("/usaha/cetak/", {"kolom": "telepon,alamat,pemilik,kbli,subsektor,kecamatan"})


def test_what_a_stopped_worker_left_is_queued_again(
    client, shops, petugas, django_capture_on_commit_callbacks
):
    client.force_login(petugas)
    client.post(ASK)
    Job.objects.update(state="running")

    with django_capture_on_commit_callbacks() as queued:
        call_command("resume_jobs")
    make_export.call(Job.objects.get().pk)

    assert len(queued) == 1
    assert Job.objects.get().state == "done"


def test_a_new_key_seals_what_was_asked_and_made(client, shops, petugas, settings):
    client.force_login(petugas)
    job = made(client, "q=soto")
    settings.IDENTITY_KEY = ["n" * 50, *settings.IDENTITY_KEY]
    call_command("rotate_identity_key")
    settings.IDENTITY_KEY = settings.IDENTITY_KEY[:1]

    again = Job.objects.get(pk=job.pk)

    assert again.request["query"] == "q=soto"
    assert again.bytes().startswith(b"PK")
