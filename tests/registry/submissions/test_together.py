"""Setujui bersama: what is shown, what is done, what it costs."""

import pytest

from accounts.models import AuditEntry
from registry.models import Business, Submission
from registry.submissions.together import AT_ONCE, sample_of
from tests.factories import make_business, make_officer, make_submission
from tests.registry.submissions.waiting import changes, registrations

pytestmark = pytest.mark.django_db
TOGETHER = "/verifikasi/bersama/"
QUERIES_QUEUE = 11
QUERIES_TOGETHER = 19


def mark_in(answer):
    return answer.content.decode().split('name="mark" value="')[1].split('"')[0]


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
