"""What a visitor reports: kept, merged, turned into a proposal to close; and what is not accepted."""

import time
from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from registry.models import Business, Submission, Tip
from registry.tips import forms
from registry.tips.models import MOST_A_DAY
from tests.factories import make_business, make_submission
from umkm_portal.lib.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def business(city):
    return make_business(name="Depot Sanan")


def stamp(business, *, age=60):
    with time_machine.travel(time.time() - age, tick=False):
        return forms.new_stamp(business)


def send(client, business, **values):
    values = {"kind": "wrong", "words": "Nomornya salah", "stamp": stamp(business)} | values
    return client.post(reverse("tip-new", args=[business.slug]), values)


def messages_of(response):
    return " ".join(str(e) for errors in response.context["form"].errors.values() for e in errors)


def test_a_report_is_kept_without_an_account_and_its_words_are_sealed(client, business):
    response = send(client, business, contact="0812-3456-7890")

    assert response.url == reverse("tip-thanks")
    tip = Tip.objects.get()
    assert (tip.kind, tip.words, tip.contact, tip.submission) == (
        "wrong",
        "Nomornya salah",
        "0812-3456-7890",
        None,
    )
    raw = Tip.objects.extra(select={"raw": "words", "reach": "contact"}).values_list("raw", "reach").get()
    assert all(text.startswith("s1:") for text in raw)
    line = AuditEntry.objects.get(act="tip.received")
    assert line.recorded_by is None and line.about == business.uuid
    assert "Nomornya" not in str(line.detail) and "7890" not in str(line.detail)


def test_a_report_changes_nothing_about_the_business(client, business):
    before = Business.objects.values().get(pk=business.pk)
    for kind in Tip.Kind.values:
        send(client, business, kind=kind, words=f"Keterangan {kind}")

    assert Business.objects.values().get(pk=business.pk) == before


def test_a_closing_is_proposed_at_the_same_time_by_nobody(client, business, verifikator):
    send(client, business, kind="closed", words="Sejak Maret kosong")

    tip, submission = Tip.objects.get(), Submission.objects.get(kind="close")
    assert tip.submission == submission
    assert (submission.source, submission.status) == ("tip", "submitted")
    assert submission.proposed_by is None and submission.submitted_by is None
    assert "Sejak Maret kosong" in submission.note and "belum diperiksa" in submission.note
    assert submission in Submission.objects.visible_to(verifikator).waiting()

    submission.approve(by=verifikator)
    business.refresh_from_db()
    assert business.operating_state == "closed"
    assert list(Tip.objects.handled()) == [tip]


def test_a_second_visitor_joins_the_closing_that_waits(client, business):
    send(client, business, kind="closed", words="Sejak Maret kosong")
    send(client, business, kind="closed", words="Rumahnya sudah dijual")

    assert Tip.objects.count() == 2
    assert Submission.objects.filter(kind="close").count() == 1
    assert set(Tip.objects.values_list("submission", flat=True)) == {Submission.objects.get(kind="close").pk}


def test_an_officers_closing_that_waits_is_the_one_that_is_joined(client, business, petugas):
    own = make_submission(by=petugas, kind="close", business=business, submit=True)

    send(client, business, kind="closed", words="")

    assert Tip.objects.get().submission == own


def test_a_closing_that_was_turned_down_is_not_asked_again_by_a_visitor(client, business, verifikator):
    send(client, business, kind="closed", words="Tutup")
    Submission.objects.get(kind="close").reject(by=verifikator, reason="Sudah ditelepon, masih buka.")

    send(client, business, kind="closed", words="Betul-betul tutup")

    assert Submission.objects.filter(kind="close").count() == 1
    assert Tip.objects.waiting().get().words == "Betul-betul tutup"
    with time_machine.travel(timezone.now() + timedelta(days=91), tick=False):
        send(
            client,
            business,
            kind="closed",
            words="Masih tutup",
            stamp=forms.signing.dumps({"of": str(business.uuid), "at": time.time() - 60}, salt=forms.SALT),
        )
    assert Submission.objects.filter(kind="close").count() == 2


def test_the_same_words_again_are_the_same_report(client, business):
    send(client, business, words="Nomornya salah")
    send(client, business, words="  NOMORNYA  salah!! ", contact="a@b.id")
    send(client, business, words="Nomornya salah", kind="other")

    first, second = Tip.objects.order_by("pk")
    assert (first.times, first.contact, second.times) == (2, "a@b.id", 1)


def test_the_same_words_about_another_business_are_another_report(client, business):
    send(client, business)
    send(client, make_business(name="Kios Lain"))

    assert [tip.times for tip in Tip.objects.all()] == [1, 1]


def test_what_was_dismissed_may_be_said_again(client, business, petugas):
    send(client, business)
    Tip.objects.get().dismiss(by=petugas, reason="Nomornya benar.")

    send(client, business)

    assert Tip.objects.count() == 2 and Tip.objects.waiting().count() == 1


def test_one_business_takes_only_so_many_reports_a_day(client, business):
    for number in range(MOST_A_DAY):
        send(client, business, words=f"Salah nomor {number}")

    response = send(client, business, words="Satu lagi yang panjang", contact="0812")

    assert response.status_code == 429
    assert "beberapa kali hari ini" in messages_of(response)
    assert b"Satu lagi yang panjang" in response.content and b'value="0812"' in response.content
    assert Tip.objects.count() == MOST_A_DAY
    with pytest.raises(Refused) as refused:
        Tip.receive(business=business, kind="other", words="Lewat kode")
    assert refused.value.code == "tips-enough"
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        assert Tip.receive(business=business, kind="other", words="Besoknya").pk


def test_one_address_sends_only_so_many(client, business, monkeypatch):
    monkeypatch.setattr("registry.tips.limits.TipThrottle.get_rate", lambda self: "2/hour")
    for number in range(2):
        assert send(client, business, words=f"Salah {number}").status_code == 302

    response = send(client, business, words="Yang ketiga")

    assert response.status_code == 429 and b"Yang ketiga" in response.content
    assert Tip.objects.count() == 2
    other = client.post(
        reverse("tip-new", args=[business.slug]),
        {"kind": "wrong", "words": "Dari tempat lain", "stamp": stamp(business)},
        REMOTE_ADDR="10.9.8.7",
    )
    assert other.status_code == 302


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"words": "a" * 10_240}, "Paling banyak 1000 huruf; tulisan Anda 10240 huruf."),
        ({"words": "NIK-nya 3573011508800001"}, "Jangan tulis NIK atau nomor KK"),
        ({"words": "3573 0115 0880 0001"}, "Jangan tulis NIK atau nomor KK"),
        ({"words": "123456789012345"}, "Jangan tulis NIK atau nomor KK"),
        ({"contact": "3573011508800001"}, "Jangan tulis NIK atau nomor KK"),
        ({"contact": "x" * 300}, "Paling banyak 200 huruf"),
        ({"kind": ""}, "Pilih salah satu."),
        ({"kind": "approve"}, "Pilih salah satu dari daftar."),
        ({"kind": "wrong", "words": ""}, "Tulis apa yang berubah"),
        ({"kind": "wrong", "words": "\u202e\u200b\0"}, "Tulis apa yang berubah"),
        ({"website": "http://spam.example"}, "tekan Kirim sekali lagi"),
        ({"stamp": ""}, "tekan Kirim sekali lagi"),
        ({"stamp": "x:y:z"}, "tekan Kirim sekali lagi"),
        ({"stamp": "\0"}, "tekan Kirim sekali lagi"),
        ({"stamp": "a" * 10_000}, "tekan Kirim sekali lagi"),
        ({"stamp": signing.dumps({"at": 0}, salt="another")}, "tekan Kirim sekali lagi"),
        ({"stamp": signing.dumps([], salt=forms.SALT)}, "tekan Kirim sekali lagi"),
    ],
)
def test_what_is_not_accepted_says_so_and_loses_nothing(client, business, values, said):
    sent = {"kind": "wrong", "words": "Jamnya salah", "contact": "0812-1111-2222"} | values

    response = send(client, business, **sent)

    assert response.status_code == 200
    assert said in messages_of(response)
    assert Tip.objects.count() == 0 and Submission.objects.filter(kind="close").count() == 0
    for name in ("words", "contact"):
        assert response.context["form"][name].value() == sent[name]


def test_a_form_sent_quicker_than_a_person_can_is_asked_for_again_with_its_words(client, business):
    response = send(client, business, stamp=stamp(business, age=0))
    assert "terlalu cepat" in messages_of(response)

    shown = response.context["form"]["stamp"].value()
    assert forms.stamp_problem(shown, business) == "quick"
    with time_machine.travel(time.time() + 10):
        assert send(client, business, stamp=shown).status_code == 302


@pytest.mark.parametrize("age", [13 * 60 * 60, -60])
def test_a_stamp_of_another_day_or_of_the_future_is_old(business, age):
    assert forms.stamp_problem(stamp(business, age=age), business) == "old"


def test_a_stamp_belongs_to_one_business(client, business):
    other = make_business(name="Kios Lain")

    assert "terlalu lama" in messages_of(send(client, business, stamp=stamp(other)))


def test_text_that_means_something_to_a_browser_is_shown_as_text(client, business, petugas):
    hostile = '<script>alert(1)</script> javascript:alert(1) "><img src=x>'
    send(client, business, words=hostile, contact="javascript:alert(1)")
    client.force_login(petugas)

    page = client.get(Tip.objects.get().get_absolute_url()).content.decode()

    assert "<script>alert" not in page and "<img src=x" not in page
    assert 'href="javascript:' not in page


@pytest.mark.parametrize("values", [{"public_opt_out": True}, {"operating_state": "closed"}])
def test_a_business_that_is_not_shown_takes_no_reports(client, business, values):
    Business.objects.filter(pk=business.pk).update(**values)

    assert client.get(reverse("tip-new", args=[business.slug])).status_code == 404
    assert send(client, business).status_code == 404
    assert Tip.objects.count() == 0


def test_the_page_leads_to_the_form_and_the_form_is_not_for_search_engines(client, business):
    form = reverse("tip-new", args=[business.slug])

    assert f'href="{form}"' in client.get(business.public_url).content.decode()
    page = client.get(form)
    assert '<meta name="robots" content="noindex">' in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert client.get(reverse("tip-thanks")).status_code == 200
