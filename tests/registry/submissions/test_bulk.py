"""One change for many businesses: which rows, what would come of each, and one batch that others decide."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.businesses.jobs import Job
from registry.models import Batch, Business, Post, Submission
from registry.submissions import bulk, bulk_tasks, tasks
from tests.factories import make_business, make_kbli, make_post, make_submission, make_subsector

pytestmark = pytest.mark.django_db

URL = "/usaha/ubah-banyak/"


@pytest.fixture
def shops(operator, verifikator):
    """Three businesses of Purwantoro, the last already in RW 7, and one of Dinoyo."""
    found = [
        make_business(by=operator, decided_by=verifikator, name=f"Warung {n}", rw=rw)
        for n, rw in enumerate((None, 3, 7))
    ]
    return [
        *found,
        make_business(
            by=operator, decided_by=verifikator, name="Warung Dinoyo", kelurahan="35.73.05.1004", rw=1
        ),
    ]


def many(number, operator, verifikator):
    """That many businesses of Purwantoro, copied from one that came through the one door."""
    first = make_business(by=operator, decided_by=verifikator, name="Warung 000", rw=3)
    rows = []
    for n in range(1, number):
        row = Business.objects.get(pk=first.pk)
        row.pk, row.uuid, row.slug, row.name = None, None, f"warung-{n}", f"Warung {n:03}"
        row.uuid = Business._meta.get_field("uuid").get_default()
        rows.append(row)
    Business.objects.bulk_create(rows)
    return list(Business.objects.order_by("pk"))


def form(rows, **values):
    return {"usaha": [str(b.uuid) for b in rows], "what": "rw", "rw": "7"} | values


def counts(response):
    return {key: n for key, n, _rows, _more in response.context["heaps"]}


def send(client, rows, url=URL, **values):
    """Preview, then send with the mark that the preview gave."""
    page = client.post(url, form(rows, langkah="tinjau", **values))
    mark = page.context["chosen"].mark
    return client.post(url, form(rows, langkah="kirim", mark=mark, **values))


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"rw": "0"}, "rw", "RW: Angka harus antara 1 dan 999."),
        ({"what": "rtrw", "rt": "x", "rt_rw": "3"}, "rt", "RT: Tulis angka bulat"),
        ({"what": "subsector"}, "subsector", "Subsektor ekonomi kreatif: Isi nilai yang baru."),
    ],
)
def test_a_value_that_will_not_do_is_named_at_its_field(client, shops, petugas, given, field, said):
    client.force_login(petugas)

    page = client.post(URL, form(shops[:2], langkah="tinjau", **given))

    assert page.status_code == 400 and said in page.text
    assert f'aria-describedby="b-{field}-salah"' in page.text and f'id="b-{field}-salah"' in page.text
    assert all(f'value="{shop.uuid}"' in page.text for shop in shops[:2])
    nothing = client.post(URL, form(shops[:2], langkah="tinjau", what=""))
    assert nothing.text.count("Pilih apa yang diubah.") == 2  # in the list of what is wrong, at the choice


def test_the_preview_says_of_each_row_what_would_become_of_it(client, city, shops, petugas):
    make_post(petugas, "lurah", city["Dinoyo"])  # reads Dinoyo, proposes nothing there
    client.force_login(petugas)

    page = client.post(URL, form(shops, langkah="tinjau"))

    assert counts(page) == {"changing": 2, "already": 1, "forbidden": 1}
    assert [b.name for b, _today in page.context["heaps"][0][2]] == ["Warung 0", "Warung 1"]
    assert [today for _b, today in page.context["heaps"][0][2]] == ["—", "RW 03"]
    assert not Batch.objects.exists()


def test_sending_makes_one_batch_of_what_changes_and_may_be_changed(client, city, shops, petugas):
    make_post(petugas, "lurah", city["Dinoyo"])
    client.force_login(petugas)

    answer = send(client, shops, title="RW dari surat RW 7", note="Surat RW 7")

    batch = Batch.objects.get()
    assert answer.url == reverse("batch-detail", args=[batch.uuid])
    assert (batch.kind, batch.state, batch.total, batch.title) == (
        "bulk", "submitted", 2, "RW dari surat RW 7",
    )  # fmt: skip
    assert sorted((s.title, s.values, s.note) for s in batch.submissions.all()) == [
        ("Warung 0", {"rw": [None, 7]}, "Surat RW 7"),
        ("Warung 1", {"rw": [3, 7]}, "Surat RW 7"),
    ]
    assert sorted(Business.objects.values_list("rw", flat=True).exclude(rw=None)) == [1, 3, 7]


def test_rows_out_of_sight_are_not_found_and_not_named(client, shops, petugas):
    client.force_login(petugas)

    page = client.post(URL, form(shops, langkah="tinjau"))

    assert page.context["chosen"].missing == 1
    assert "Warung Dinoyo" not in page.content.decode()


def test_sent_twice_is_sent_once(client, shops, petugas):
    client.force_login(petugas)

    first, second = send(client, shops), send(client, shops)

    assert first.url == second.url
    assert Batch.objects.count() == 1


def test_all_results_are_those_of_the_address(client, shops, operator):
    client.force_login(operator)

    page = client.get(URL, {"q": "warung", "kelurahan": "35.73.05.1004", "urut": "-nama"})

    assert [b.name for b in page.context["chosen"].businesses] == ["Warung Dinoyo"]
    page = client.post(URL + "?q=warung&rw=3", {"semua": "1", "langkah": "tinjau", "what": "rw", "rw": "9"})
    assert counts(page) == {"changing": 1, "already": 0, "forbidden": 0}


def test_a_list_that_changed_since_the_preview_is_shown_again(client, shops, operator, verifikator):
    client.force_login(operator)
    data = {"semua": "1", "what": "rw", "rw": "9"}
    mark = client.post(URL + "?q=warung", data | {"langkah": "tinjau"}).context["chosen"].mark
    make_business(by=operator, decided_by=verifikator, name="Warung baru")

    page = client.post(URL + "?q=warung", data | {"langkah": "kirim", "mark": mark})

    assert page.status_code == 200 and "Daftarnya berubah sejak ditinjau" in page.content.decode()
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"what": ""}, "Pilih apa yang diubah"),
        ({"what": "nama", "name": "X"}, "Pilih apa yang diubah"),
        ({"rw": ""}, "Isi nilai yang baru"),
        ({"rw": "1000"}, "Angka harus antara 1 dan 999"),
        ({"rw": "\u202e7x"}, "Tulis"),
        ({"what": "rtrw", "rt": "x", "rt_rw": "3"}, "RT:"),
        ({"what": "kbli", "kbli": "99999"}, "Tidak ada di KBLI"),
        ({"what": "kbli", "kbli": "2025:1"}, "Tidak ada di KBLI"),
        ({"what": "subsector", "subsector": "penerbangan"}, "tidak ada di daftar"),
        ({"what": "place_kind", "place_kind": "istana"}, "Pilih salah satu"),
    ],
)
def test_a_value_that_can_not_be_read_is_named_at_its_field(client, shops, operator, values, said):
    client.force_login(operator)

    page = client.post(URL, form(shops, langkah="tinjau") | values)

    assert page.status_code == 400
    assert said in page.content.decode()
    assert page.content.decode().count('name="usaha"') == 4


@pytest.mark.parametrize(
    ("values", "changed"),
    [
        ({"what": "rtrw", "rt": "2", "rt_rw": "5"}, {"rt": [None, 2], "rw": [1, 5]}),
        ({"what": "kbli", "kbli": "10307"}, {"kbli": [None, "2025:10307"]}),
        ({"what": "kbli", "kbli": "tempe"}, {"kbli": [None, "2025:10307"]}),
        ({"what": "subsector", "subsector": "kuliner"}, {"subsector": [None, "kuliner"]}),
        ({"what": "place_kind", "place_kind": "kios"}, {"place_kind": ["", "kios"]}),
    ],
)
def test_each_field_can_be_changed(client, shops, operator, values, changed):
    make_kbli()
    make_subsector()
    client.force_login(operator)

    send(client, shops[3:], **values)

    assert Submission.objects.get(batch__isnull=False).values == changed


def test_words_that_fit_several_codes_offer_them(client, shops, operator):
    make_kbli()
    make_kbli("10308", title="Industri tahu dan tempe goreng")
    client.force_login(operator)

    page = client.post(URL, form(shops, langkah="tinjau", what="kbli", kbli="tempe"))
    assert [k.code for k in page.context["kbli_offers"]] == ["10307", "10308"]

    page = client.post(URL, form(shops, what="kbli", kbli="tempe", kbli_pilih="2025:10308"))
    assert counts(page)["changing"] == 4


def test_rows_with_something_else_waiting_are_counted(client, shops, operator):
    make_submission(by=operator, kind="change", business=shops[0], address="Jl. Sanan 1", submit=True)
    Submission.objects.filter(business=shops[0], kind="change").update(status="submitted", decided_at=None)
    client.force_login(operator)

    assert (
        "1 di antaranya punya usulan lain" in client.post(URL, form(shops, langkah="tinjau")).content.decode()
    )


def test_more_than_the_limit_is_refused_with_what_to_do(client, shops, operator, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 3)
    client.force_login(operator)

    for ask in (lambda: client.get(URL), lambda: client.post(URL, form(shops, langkah="pilih"))):
        answer = ask()
        assert answer.status_code == 302
        assert "Persempit dengan filter" in client.get(answer.url).content.decode()


@pytest.mark.parametrize("data", [{}, {"usaha": "x"}, {"usaha": "x" * 5000, "langkah": "kirim"}])
def test_without_known_rows_it_goes_back_to_the_list(client, shops, operator, data):
    client.force_login(operator)

    assert client.post(URL + "?q=warung", data).url == "/usaha/?q=warung"


def test_who_may_not_propose_gets_403(client, shops, kepala):
    client.force_login(kepala)

    assert client.get(URL).status_code == 403
    assert client.post(URL, form(shops, langkah="kirim")).status_code == 403


def test_120_chosen_rows_become_one_batch_that_another_person_approves(client, operator, verifikator):
    rows = many(120, operator, verifikator)
    client.force_login(operator)

    send(client, rows, rw="12", title="RW 12")
    batch = Batch.objects.get()
    assert (batch.total, batch.submissions.count()) == (120, 120)
    assert not batch.may_decide(operator)
    tasks.approve(batch, by=verifikator)

    batch.refresh_from_db()
    assert batch.state == "applied"
    assert set(Business.objects.values_list("rw", flat=True)) == {12}
    assert set(batch.submissions.values_list("status", flat=True)) == {"approved"}


@pytest.mark.parametrize("rows", [25, 100])
def test_preview_and_sending_ask_the_same_number_of_questions_for_any_number_of_rows(
    client, operator, verifikator, rows, django_assert_num_queries
):
    found = many(rows, operator, verifikator)
    client.force_login(operator)
    data = form(found, langkah="tinjau")
    mark = client.post(URL, data).context["chosen"].mark

    with django_assert_num_queries(5):
        client.post(URL, data)
    with CaptureQueriesContext(connection) as asked:
        client.post(URL, data | {"langkah": "kirim", "mark": mark})
    chunked = [q["sql"] for q in asked if q["sql"].startswith("INSERT")]
    assert len(asked) - len(chunked) == 7
    assert len(chunked) <= 4 + rows // 25  # a row has some thirty columns: SQLite takes them in pieces
    assert Batch.objects.get().total == rows


def test_a_long_one_is_sent_by_a_job_in_the_name_of_who_asked(
    client, city, shops, petugas, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    make_post(petugas, "lurah", city["Dinoyo"])
    client.force_login(petugas)

    answer = send(client, shops)
    job = Job.objects.get()
    assert answer.url == f"/pekerjaan/{job.uuid}/"
    assert "Menunggu giliran" in client.get(answer.url).content.decode()
    bulk_tasks.send_change.call(job.pk)
    bulk_tasks.send_change.call(job.pk)  # queued twice, sent once

    job.refresh_from_db()
    batch = Batch.objects.get()
    assert (job.state, job.outcome) == ("done", {"batch": str(batch.uuid), "total": 2, "left": 0})
    assert reverse("batch-detail", args=[batch.uuid]) in client.get(answer.url).content.decode()


def test_a_job_keeps_to_the_reach_of_the_day_it_runs(client, shops, petugas, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    client.force_login(petugas)
    send(client, shops)
    Post.objects.filter(user=petugas).delete()
    job = Job.objects.get()

    bulk_tasks.send_change.call(job.pk)

    job.refresh_from_db()
    assert (job.state, Batch.objects.count()) == ("failed", 0)
    assert job.refusal == "Tidak ada yang berubah."


def test_a_job_is_its_askers_alone(client, shops, petugas, operator, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    client.force_login(petugas)
    url = send(client, shops).url
    client.force_login(operator)

    assert client.get(url).status_code == 404
    assert not re.search(r"RW menjadi", client.get("/pekerjaan/").content.decode())


def test_identity_numbers_do_not_stay_in_title_or_note(client, shops, operator):
    client.force_login(operator)

    send(client, shops, title="RW 3573011508800007", note="NIK 3573011508800007")

    batch = Batch.objects.get()
    assert "3573011508800007" not in batch.title + batch.submissions.first().note
