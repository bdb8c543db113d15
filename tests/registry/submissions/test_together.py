"""Setujui bersama, batches and the monthly sample: what is shown, what is done, what it costs."""

from datetime import datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from python_calamine import CalamineWorkbook

from accounts.models import AuditEntry
from registry.imports.models import Import
from registry.imports.tasks import resume
from registry.models import Business, Submission
from registry.submissions import tasks
from registry.submissions.batches import Batch
from registry.submissions.many import propose_many
from registry.submissions.sample_pages import last_month
from registry.submissions.sampling import SAMPLE_SIZE, SampleCheck
from registry.submissions.together import AT_ONCE, sample_of
from tests.factories import make_business, make_officer, make_submission, numbers

pytestmark = pytest.mark.django_db
TOGETHER = "/verifikasi/bersama/"
QUERIES_QUEUE = 11
QUERIES_TOGETHER = 19
QUERIES_SAMPLE = 19
QUERIES_BATCH = 20


@pytest.fixture
def kasi(city):
    return make_officer("kasi", city["Kota"], "kasi")


def registrations(by, count, city):
    """`count` registrations waiting, each with an owner, a phone and a licence; written in one go."""
    now, rows = timezone.now(), []
    for number in range(count):
        row = Submission(
            kind="register",
            status="submitted",
            title=f"Usaha {number}",
            kelurahan_next=city["Purwantoro"],
            proposed_by=by,
            submitted_at=now + timedelta(microseconds=number),
            submitted_by=by,
            values={
                "name": ["", f"Usaha {number}"],
                "activity": ["", "kue"],
                "kelurahan": [None, "35.73.01.1007"],
                "phone": ["", f"62812{next(numbers):08d}"],
            },
        )
        row.items = [
            {
                "op": "add",
                "kind": "licence",
                "uuid": str(row.uuid),
                "values": {"kind": "nib", "status": "has", "number": "0123456789012"},
            }
        ]
        rows.append(row)
    return Submission.objects.bulk_create(rows)


def shops(by, count, city):
    """`count` businesses of Purwantoro with little more than a name; written in one go."""
    return Business.objects.bulk_create(
        Business(
            name=f"Toko {number}",
            slug=f"toko-{next(numbers)}",
            kelurahan=city["Purwantoro"],
            recorded_by=by,
            changed_by=by,
        )
        for number in range(count)
    )


def changes(by, count, city):
    """`count` changes waiting, each of a business of its own."""
    now = timezone.now()
    businesses = shops(by, count, city)
    return Submission.objects.bulk_create(
        Submission(
            kind="change",
            status="submitted",
            title=business.name,
            business=business,
            business_uuid=business.uuid,
            kelurahan_now=city["Purwantoro"],
            proposed_by=by,
            submitted_at=now + timedelta(microseconds=number),
            submitted_by=by,
            values={"address": ["", f"Jl. Sanan {number}"]},
        )
        for number, business in enumerate(businesses)
    )


def mark_in(answer):
    return answer.content.decode().split('name="mark" value="')[1].split('"')[0]


# ---- together ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [2, 200])
def test_queue_and_together_cost_the_same_for_two_and_for_two_hundred(
    client, city, petugas, verifikator, django_assert_num_queries, rows
):
    registrations(petugas, rows // 2, city)
    changes(petugas, rows // 2, city)
    client.force_login(verifikator)
    client.get(TOGETHER)

    with django_assert_num_queries(QUERIES_QUEUE):
        client.get("/verifikasi/")
    with django_assert_num_queries(QUERIES_TOGETHER):
        answer = client.get(TOGETHER)

    assert answer.context["clean"] == rows
    assert len(answer.context["sample"]) == min(rows, 10)


def test_clean_ones_are_approved_together_after_a_look_at_a_sample(client, city, petugas, verifikator):
    registrations(petugas, 12, city)
    client.force_login(verifikator)
    page = client.get(TOGETHER)
    assert "Sampel: 10 dari 12" in page.content.decode()

    unseen = client.post(TOGETHER, {"mark": mark_in(page)})
    assert unseen.status_code == 400 and "Centang dulu" in unseen.content.decode()
    assert not Business.objects.exists()

    done = client.post(TOGETHER, {"mark": mark_in(page), "seen": "1"}, follow=True).content.decode()

    assert "12 data disetujui" in done and "tersisa" not in done
    assert Business.objects.count() == 12
    lines = AuditEntry.objects.filter(act="submission.approved")
    assert {line.recorded_by for line in lines} == {verifikator} and lines.count() == 12


def test_what_is_not_clean_stays_and_the_page_says_why(client, city, petugas, petugas_dinoyo, verifikator):
    both = make_officer("verifikator", city["Kota"])
    make_submission(by=both, submit=True, name="Milik Sendiri")
    make_business(by=petugas, decided_by=verifikator, name="Sudah Ada")
    make_submission(by=petugas, submit=True, name="sudah ada")
    business = make_business(by=petugas, decided_by=verifikator, address="Jl. A")
    late = make_submission(by=petugas, kind="change", business=business, address="Jl. B", submit=True)
    Business.objects.filter(pk=business.pk).update(address="Jl. C")
    other = make_business(by=petugas, decided_by=verifikator)
    make_submission(by=petugas, kind="move", business=other, kelurahan="35.73.05.1004", submit=True)
    registrations(petugas, 1, city)
    client.force_login(both)

    page = client.get(TOGETHER)
    text = page.content.decode()

    assert page.context["clean"] == 1 and page.context["left_count"] == 4
    for words in (
        "1 Anda kirim atau ubah sendiri",
        "1 ada peringatan yang perlu dilihat",
        "1 data usahanya berubah sejak diusulkan",
        "1 pindah kelurahan, diputuskan satu per satu",
    ):
        assert words in text
    client.post(TOGETHER, {"mark": mark_in(page), "seen": "1"})
    late.refresh_from_db()
    assert late.status == "submitted" and Submission.objects.waiting().count() == 4


def test_the_filter_of_the_queue_decides_what_is_approved(client, city, petugas, petugas_dinoyo, verifikator):
    registrations(petugas, 2, city)
    elsewhere = make_submission(by=petugas_dinoyo, submit=True, kelurahan="35.73.05.1004")
    client.force_login(verifikator)
    address = TOGETHER + "?kelurahan=35.73.01.1007"

    client.post(address, {"mark": mark_in(client.get(address)), "seen": "1"})

    elsewhere.refresh_from_db()
    assert elsewhere.status == "submitted" and Business.objects.count() == 2
    assert Submission.objects.waiting().get() == elsewhere


def test_what_changed_after_the_look_is_left(client, city, petugas, verifikator, verifikator_lain):
    first, second, third = registrations(petugas, 3, city)
    client.force_login(verifikator)
    mark = mark_in(client.get(TOGETHER))
    registrations(petugas, 1, city)
    first.approve(by=verifikator_lain)
    second.return_for_changes(by=verifikator_lain, reason="Periksa.")
    second.submit(by=petugas)

    done = client.post(TOGETHER, {"mark": mark, "seen": "1"}, follow=True).content.decode()

    assert "1 data disetujui" in done and "2 tersisa di antrean" in done
    assert "1 sudah diputuskan orang lain" in done and "1 dikirim ulang sejak Anda membukanya" in done
    third.refresh_from_db()
    assert third.status == "approved" and Submission.objects.waiting().count() == 2


def test_a_look_cannot_be_made_up(client, city, petugas, verifikator):
    registrations(petugas, 1, city)
    client.force_login(verifikator)

    assert client.post(TOGETHER, {"mark": "[[1, 2]]", "seen": "1"}).url == TOGETHER
    assert not Business.objects.exists()


def test_at_most_two_hundred_at_once_the_longest_waiting(client, city, petugas, verifikator):
    registrations(petugas, AT_ONCE + 3, city)
    client.force_login(verifikator)

    page = client.get(TOGETHER)

    assert page.context["clean"] == AT_ONCE
    assert "Yang dilihat 200 terlama" in page.content.decode()


def test_together_is_for_reviewers(client, petugas, kasi, kepala, nobody):
    for user in (petugas, kasi, kepala, nobody):
        client.force_login(user)
        assert client.get(TOGETHER).status_code == 403
        assert client.get(TOGETHER + "hasil/").status_code == 403


def test_a_sample_is_spread_from_the_first_to_the_last():
    assert sample_of([1, 2, 3], 10) == [1, 2, 3]
    drawn = sample_of(list(range(200)), 10)
    assert (len(set(drawn)), drawn[0], drawn[-1]) == (10, 0, 199)


# ---- batches -------------------------------------------------------------------------------------


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


# ---- the monthly sample --------------------------------------------------------------------------

JAKARTA = ZoneInfo("Asia/Jakarta")


def light(by, city, count, at):
    """`count` light corrections that the rule approved at the moment `at`."""
    rows = changes(by, count, city)
    Submission.objects.filter(pk__in=[row.pk for row in rows]).update(
        status="approved", decided_at=at, decided_rule="light-correction"
    )
    return rows


def in_month(month, day=15):
    return datetime(month.year, month.month, day, 9, tzinfo=JAKARTA)


def address(month):
    return f"/verifikasi/sampel/?bulan={month:%Y-%m}"


@pytest.mark.parametrize("rows", [2, 200])
def test_the_sample_costs_the_same_for_two_and_for_two_hundred(
    client, city, operator, verifikator, django_assert_num_queries, rows
):
    month = last_month(timezone.localdate())
    light(operator, city, rows, in_month(month))
    client.force_login(verifikator)
    client.get(address(month))

    with django_assert_num_queries(QUERIES_SAMPLE):
        page = client.get(address(month))

    assert page.context["drawn"] == min(rows, SAMPLE_SIZE)


def test_every_light_correction_of_a_past_month_can_be_drawn_and_none_of_the_current_one(
    client, city, operator, verifikator
):
    today = timezone.localdate()
    month = last_month(today)
    edges = [
        datetime(month.year, month.month, 1, tzinfo=JAKARTA),
        datetime(today.year, today.month, 1, tzinfo=JAKARTA) - timedelta(microseconds=1),
    ]
    inside = [row.pk for at in (*edges, in_month(month)) for row in light(operator, city, 2, at)]
    light(operator, city, 2, datetime(today.year, today.month, 1, tzinfo=JAKARTA))
    light(operator, city, 2, edges[0] - timedelta(microseconds=1))
    changes(operator, 2, city)
    client.force_login(verifikator)

    drawn = [row["submission"].pk for row in client.get(address(month)).context["rows"]]

    assert sorted(drawn) == sorted(inside)
    assert client.get(f"/verifikasi/sampel/?bulan={today:%Y-%m}").status_code == 404
    light(operator, city, 1, in_month(month))
    assert len(client.get(address(month)).context["rows"]) == len(inside), "drawn once, then fixed"


def test_in_many_draws_every_correction_comes_up(city, operator, verifikator):
    from registry.submissions.sampling import draw

    month = last_month(timezone.localdate())
    rows = {row.pk for row in light(operator, city, 3 * SAMPLE_SIZE, in_month(month))}
    seen = set()
    for _turn in range(60):
        seen |= set(draw(month).values_list("submission_id", flat=True))
        SampleCheck.objects.all().delete()
    assert seen == rows


def test_a_reader_says_right_or_wrong_once(client, city, operator, verifikator, kasi):
    month = last_month(timezone.localdate())
    first, second = light(operator, city, 2, in_month(month))
    client.force_login(kasi)
    assert "Ajukan pembalikan" not in client.get(address(month)).content.decode()

    asked = client.post(f"/verifikasi/sampel/{first.uuid}/", {"verdict": "wrong", "note": " "})
    assert asked.status_code == 400 and "Tulis apa yang keliru." in asked.content.decode()
    client.post(f"/verifikasi/sampel/{first.uuid}/", {"verdict": "wrong", "note": "Gangnya salah."})
    client.post(f"/verifikasi/sampel/{second.uuid}/", {"verdict": "right"})

    page = client.get(address(month))
    assert (page.context["drawn"], page.context["checked"], page.context["wrong"]) == (2, 2, 1)
    assert "Gangnya salah." in page.content.decode()
    again = client.post(f"/verifikasi/sampel/{second.uuid}/", {"verdict": "wrong", "note": "x"}, follow=True)
    assert "sudah diperiksa" in again.content.decode()
    client.force_login(verifikator)
    assert "Ajukan pembalikan" in client.get(address(month)).content.decode()


def test_ones_own_correction_is_read_by_another(client, city, verifikator):
    month = last_month(timezone.localdate())
    (row,) = light(verifikator, city, 1, in_month(month))
    client.force_login(verifikator)

    page = client.get(address(month)).content.decode()
    assert "diperiksa orang lain" in page and 'name="verdict"' not in page
    answer = client.post(f"/verifikasi/sampel/{row.uuid}/", {"verdict": "right"})
    assert answer.status_code == 400


def test_the_sample_is_taken_home_as_a_workbook(client, city, operator, verifikator):
    month = last_month(timezone.localdate())
    light(operator, city, 2, in_month(month))
    client.force_login(verifikator)
    client.get(address(month))

    answer = client.get(f"/verifikasi/sampel/unduh/?bulan={month:%Y-%m}")

    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[4][:5] == ["Usaha", "Kelurahan", "Isian", "Sebelum", "Sesudah"]
    assert sorted(row[4] for row in rows[5:]) == ["Jl. Sanan 0", "Jl. Sanan 1"]


def test_the_sample_is_for_who_reads_samples(client, city, operator, petugas, kepala, nobody):
    month = last_month(timezone.localdate())
    (row,) = light(operator, city, 1, in_month(month))
    for user in (petugas, operator, kepala, nobody):
        client.force_login(user)
        assert client.get(address(month)).status_code == 403
        assert client.get("/verifikasi/sampel/unduh/").status_code == 403
        assert client.post(f"/verifikasi/sampel/{row.uuid}/", {"verdict": "right"}).status_code == 403


def test_the_home_tells_of_a_sample_that_waits_and_of_what_was_escalated(client, city, operator, kasi):
    month = last_month(timezone.localdate())
    light(operator, city, 2, in_month(month))
    late = changes(operator, 1, city)[0]
    Submission.objects.filter(pk=late.pk).update(submitted_at=timezone.now() - timedelta(days=20))
    client.force_login(kasi)

    page = client.get("/").content.decode()

    assert "Sampel koreksi ringan" in page and "Belum dibuka" in page
    assert "1 menunggu" in page and late.title in page and "dalam tenggat" not in page
    assert 'href="/verifikasi/"' in page
    client.get(address(month))
    assert "0 dari 2 sudah diperiksa" in client.get("/").content.decode()
