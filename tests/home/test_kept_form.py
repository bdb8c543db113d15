"""A form sent after the session ended comes back filled, from pages of ours only and without secrets."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db
OURS = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "document"}


def hidden(page):
    form = page.text.partition('id="kirim-lagi"')[2].partition("</form>")[0]
    return re.findall(r'<input type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)"', form)


@pytest.fixture
def unplanned(operator):
    return reverse("visit-new")


def test_what_was_typed_comes_back_and_goes_again_after_signing_in(unplanned, operator):
    typed = {
        "told_name": 'Kios "Baru" & Co',
        "production": "baris satu\r\nbaris dua",
        "organisations": ["1", "2"],
    }
    browser = Client(enforce_csrf_checks=True)
    before = browser.get(reverse("account_login")).cookies["csrftoken"].value

    page = browser.post(unplanned, typed | {"csrfmiddlewaretoken": before}, headers=OURS)

    assert page.status_code == 401 and "no-store" in page["Cache-Control"]
    assert "Masuk di tab baru" in page.text and "Isian belum terkirim, dan masih ada." in page.text
    assert [name for name, _value in hidden(page)] == [
        "told_name",
        "production",
        "organisations",
        "organisations",
    ]
    assert dict(hidden(page))["production"] == "baris satu\r\nbaris dua"
    assert unescape(dict(hidden(page))["told_name"]) == typed["told_name"]

    # Signed in in another tab, the token of the old page no longer counts: once more, now with a new one.
    browser.force_login(operator, backend="accounts.backends.SignInBackend")
    browser.cookies["csrftoken"] = "n" * 32
    again = browser.post(unplanned, typed | {"csrfmiddlewaretoken": before}, headers=OURS)
    assert again.status_code == 403 and f"Anda masuk sebagai {operator.name}" in again.text
    assert hidden(again) == hidden(page)

    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', again.text)[1]
    sent = browser.post(unplanned, typed | {"csrfmiddlewaretoken": token}, headers=OURS)
    assert sent.status_code == 200 and "baris dua" in sent.text  # the form itself, which says what is missing


@pytest.mark.parametrize(
    "headers",
    [
        {},
        OURS | {"Sec-Fetch-Site": "cross-site"},
        OURS | {"Sec-Fetch-Site": "same-site"},
        OURS | {"Sec-Fetch-Dest": "empty"},
    ],
)
def test_what_no_page_of_ours_sent_is_not_offered_again(unplanned, operator, headers):
    answer = Client().post(unplanned, {"told_name": "Kios"}, headers=headers)
    assert answer.url == f"/masuk/?next={unplanned}"

    signed_in = Client(enforce_csrf_checks=True)
    signed_in.force_login(operator, backend="accounts.backends.SignInBackend")
    refused = signed_in.post(unplanned, {"told_name": "Kios"}, headers=headers)
    assert refused.status_code == 403 and "Kios" not in refused.text


@pytest.mark.parametrize("secret", ["password", "new_password", "code", "nik", "owner-nik", "grid"])
def test_secrets_are_never_repeated(unplanned, secret):
    answer = Client().post(unplanned, {"told_name": "Kios", secret: "3573010101800001"}, headers=OURS)
    assert answer.status_code == 302

    refused = Client(enforce_csrf_checks=True).post(
        reverse("account_login"), {"login": "x", secret: "3573010101800001"}, headers=OURS
    )
    assert refused.status_code == 403 and "3573010101800001" not in refused.text


def test_photos_are_said_to_be_chosen_again(unplanned):
    from django.core.files.uploadedfile import SimpleUploadedFile

    photo = SimpleUploadedFile("a.jpg", b"\xff\xd8", "image/jpeg")
    page = Client().post(unplanned, {"told_name": "Kios", "photos": photo}, headers=OURS)
    assert "pilih lagi sesudahnya" in page.text and hidden(page) == [("told_name", "Kios")]


def test_a_visitor_is_not_sent_to_the_officers_sign_in():
    """Of a page that needs no account; its address, which may be an owner's key, goes into no Referer."""
    answer = Client(enforce_csrf_checks=True).post("/konfirmasi/abc.def/", {"answer": "active"}, headers=OURS)
    assert answer.status_code == 403 and answer["Referrer-Policy"] == "strict-origin"
    assert "terlalu lama terbuka" in answer.text and "Masuk di tab baru" not in answer.text
    assert hidden(answer) == [("answer", "active")]

    foreign = Client(enforce_csrf_checks=True).post("/konfirmasi/abc.def/", {"answer": "active"})
    assert foreign.status_code == 403 and foreign["Referrer-Policy"] == "strict-origin"
