"""The monthly sample of light corrections: drawn once, read by another, taken home as a workbook."""

from datetime import datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from registry.models import Submission
from registry.submissions.sample_pages import last_month
from registry.submissions.sampling import SAMPLE_SIZE, SampleCheck
from tests.registry.submissions.waiting import changes

pytestmark = pytest.mark.django_db
QUERIES_SAMPLE = 19
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
