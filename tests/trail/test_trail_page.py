"""The auditor reads the trail on the days of the letter, and leaves lines of their own."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry
from registry.models import Person, Post
from tests.factories import make_business, make_officer, make_submission, nik

pytestmark = pytest.mark.django_db
OWNER = "7a2b6f9e-0f0c-4b57-9d0c-0b8c0b1f3a55"


@pytest.fixture
def auditor(city):
    return make_officer("auditor", city["Kota"], "pemeriksa")


@pytest.fixture
def wiji(city, petugas, verifikator):
    item = {"kind": "owner", "uuid": OWNER, "values": {"name": "Wiji Lestari", "phone": "081234567890"}}
    make_business(
        by=petugas,
        decided_by=verifikator,
        name="Keripik Sanan",
        items=[item],
        sealed={OWNER: {"nik": nik(7)}},
    )
    return Person.objects.get(uuid=OWNER)


@pytest.fixture
def at_work(client, auditor):
    client.force_login(auditor)
    return client


def shown(response):
    return [str(row["act"]) for row in response.context["rows"]]


def test_the_newest_lines_come_first_and_the_opening_is_one(at_work, wiji, auditor):
    page = at_work.get("/jejak/")

    assert shown(page)[:2] == ["Jejak dibuka", "Disetujui"]
    assert "Keripik Sanan" in page.text
    line = AuditEntry.objects.get(act="trail.opened")
    assert (line.recorded_by, line.detail) == (auditor, {"filters": []})


def test_it_is_narrowed_by_day_act_person_and_business(at_work, wiji, petugas):
    make_submission(by=petugas, name="Warung Lain")
    today = timezone.localdate().isoformat()

    assert shown(at_work.get("/jejak/", {"perbuatan": "submission.approved"})) == ["Disetujui"]
    assert set(
        shown(at_work.get("/jejak/", {"oleh": "petugas.pur", "perbuatan": "submission.proposed"}))
    ) == {"Isian dibuat"}
    assert len(shown(at_work.get("/jejak/", {"usaha": "keripik san"}))) == 3
    assert at_work.get("/jejak/", {"sampai": "2020-01-01"}).context["rows"] == []
    assert len(shown(at_work.get("/jejak/", {"dari": today, "sampai": today, "oleh": "verifikator"}))) == 1
    assert AuditEntry.objects.filter(act="trail.opened").last().detail == {
        "filters": ["dari", "oleh", "sampai"]
    }


@pytest.mark.parametrize(
    "query",
    [
        {"dari": "kemarin"},
        {"dari": "2026-02-02", "sampai": "2026-01-01"},
        {"perbuatan": "x.y"},
        {"oleh": "x" * 300},
        {"dari": "99999-01-01"},
    ],
)
def test_nonsense_is_said_at_its_field(at_work, query):
    page = at_work.get("/jejak/", query)
    assert page.status_code == 200 and page.context["form"].errors
    assert at_work.get("/jejak/unduh/", query).status_code == 302


def test_no_person_is_named_and_no_number_told(at_work, wiji, verifikator):
    audit.record("person.viewed", wiji, by=verifikator, how="page")
    audit.record(
        "identity.revealed", wiji, by=verifikator, reason=f"Cek {nik(7)} 081234567890", activity="K-1"
    )
    audit.record("submission.returned", wiji, by=verifikator, reason="Tanya Bu Wiji", notes={"x": "Wiji"})

    page = at_work.get("/jejak/").text
    book = at_work.get("/jejak/unduh/").content
    cells = " ".join(
        str(cell)
        for row in openpyxl.load_workbook(io.BytesIO(book)).active.iter_rows(values_only=True)
        for cell in row
    )
    for text in (page, cells):
        assert "•••• 0007" in text and "K-1" in text
        for secret in ("Wiji", nik(7), "081234567890"):
            assert secret not in text


def test_a_download_is_a_line_with_its_count(at_work, wiji, auditor):
    at_work.get("/jejak/unduh/", {"perbuatan": "submission.approved"})
    line = AuditEntry.objects.get(act="trail.exported")
    assert (line.recorded_by, line.detail) == (auditor, {"count": 1, "filters": ["perbuatan"]})


def test_pages_follow_each_other_by_key(at_work, petugas, auditor):
    AuditEntry.objects.bulk_create(
        [audit.line("token.created", petugas, by=petugas, count=n) for n in range(60)]
    )
    first = at_work.get("/jejak/", {"perbuatan": "token.created"})
    second = at_work.get("/jejak/" + first.context["page"].next_url)
    assert (len(shown(first)), len(shown(second))) == (50, 10)


def test_nothing_opens_outside_the_days_nor_for_others(client, auditor, kepala, petugas):
    for user in (kepala, petugas):
        client.force_login(user)
        assert client.get("/jejak/").status_code == client.get("/jejak/unduh/").status_code == 403
    Post.objects.filter(user=auditor).update(ends_on=timezone.localdate() - timedelta(days=1))
    client.force_login(auditor)
    assert client.get("/jejak/").status_code == client.get("/jejak/unduh/").status_code == 403
    assert client.get("/usaha/").status_code == 403


def test_one_line_and_three_cost_the_same(at_work, wiji, verifikator):
    counts = []
    for more in (1, 2):
        for _one in range(more):
            audit.record("person.viewed", wiji, by=verifikator, how="page")
        with CaptureQueriesContext(connection) as asked:
            at_work.get("/jejak/", {"perbuatan": "person.viewed"})
        counts.append(len(asked))
    assert counts[0] == counts[1]
