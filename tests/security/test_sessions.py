"""One sees where one is signed in, and ends it."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from accounts.api import new_token
from accounts.models import AuditEntry
from accounts.sessions import delete_ended, device
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
PAGE = "/akun/sesi/"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


def signed_in(user, agent=PHONE):
    client = Client(headers={"User-Agent": agent})
    client.post("/masuk/", {"login": user.username, "password": PASSWORD})
    return client


def works(client):
    return client.get("/akun/").status_code == 200


def test_the_list_names_devices_and_ends_one(petugas, petugas_dinoyo):
    here, there, stranger = (
        signed_in(petugas),
        signed_in(petugas, "Firefox on Windows"),
        signed_in(petugas_dinoyo),
    )

    page = here.get(PAGE).text
    assert "Chrome di Android" in page and "Firefox di Windows" in page and "Sesi ini" in page

    other = UserSession.objects.get(session_key=there.session.session_key)
    theirs = UserSession.objects.get(session_key=stranger.session.session_key)
    here.post(PAGE, {"end": other.pk})
    here.post(PAGE, {"end": theirs.pk})
    assert works(here) and not works(there) and works(stranger)
    assert AuditEntry.objects.filter(act="account.session-ended").count() == 1


def test_all_others_end_at_once(petugas, petugas_dinoyo):
    here, there, stranger = signed_in(petugas), signed_in(petugas), signed_in(petugas_dinoyo)

    here.post(PAGE, {"end": "others"})

    assert works(here) and not works(there) and works(stranger)


def test_tokens_are_listed_by_their_head_and_ended(petugas):
    _row, token = new_token(petugas, by=petugas)
    client = signed_in(petugas)

    page = client.get(PAGE).text
    assert token[:9] in page and token not in page
    client.post(PAGE, {"end": "tokens"})
    assert "Token API" not in client.get(PAGE).text


@pytest.mark.parametrize("end", ["", "x", "9" * 30, "²"])
def test_nonsense_ends_nothing(petugas, end):
    client = signed_in(petugas)
    assert client.post(PAGE, {"end": end}).status_code == 302
    assert works(client)


def test_addresses_go_with_their_sessions(petugas):
    client = signed_in(petugas)
    client.post("/keluar/")
    UserSession.objects.update(created_at="2026-01-01T00:00:00Z")

    assert delete_ended() == 1
    assert not UserSession.objects.exists()


def test_a_browser_that_says_nothing_is_still_named():
    assert device("") == "Peramban lain"
