"""Signing in without a browser, who one is, and how often one may ask."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import call_command
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from accounts.models import AuditEntry
from tests.api.clients import get, post
from tests.factories import PASSWORD, make_officer

pytestmark = pytest.mark.django_db


def sign_in(username, password=PASSWORD, status=201, **more):
    return post(None, "tokens/", {"username": username, "password": password} | more, status)


def bearing(token, method="get", path="me/", scheme="Token"):
    return getattr(APIClient(HTTP_AUTHORIZATION=f"{scheme} {token}"), method)(f"/api/v1/{path}")


def test_me_tells_posts_permissions_and_reach(petugas):
    told = get(petugas, "me/")

    assert set(told) == {"username", "name", "email", "posts", "permissions", "reach"}
    assert told["username"] == "petugas.purwantoro"
    assert [(p["role"], p["region"]) for p in told["posts"]] == [
        ("petugas", {"code": "35.73.01.1007", "name": "Purwantoro", "level": "kelurahan"})
    ]
    assert "registry.propose_submission" in told["permissions"]
    assert "registry.decide_submission" not in told["permissions"]
    assert told["reach"] == {"everywhere": False, "kelurahan": ["35.73.01.1007"]}


def test_me_without_a_post_and_with_the_whole_city(nobody, verifikator, city):
    assert get(nobody, "me/")["permissions"] == []
    assert get(verifikator, "me/")["reach"] == {"everywhere": True, "kelurahan": []}
    camat = get(make_officer("camat", city["Kec. Blimbing"]), "me/")
    assert camat["reach"]["kelurahan"] == ["35.73.01.1005", "35.73.01.1007"]
    assert get(None, "me/", 401)["code"] == "not-authenticated"


def test_a_password_becomes_a_token_that_ends(petugas):
    told = sign_in("petugas.purwantoro")

    assert set(told) == {"token", "expires_at", "user"}
    assert bearing(told["token"]).json()["username"] == "petugas.purwantoro"
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert bearing(told["token"]).status_code == 401
    assert AuditEntry.objects.get(act="token.created").recorded_by == petugas


def test_the_token_of_the_command_line_works(petugas, capsys):
    call_command("create_token", "petugas.purwantoro")

    assert bearing(capsys.readouterr().out.strip()).status_code == 200


@pytest.mark.parametrize(
    ("username", "password"),
    [("petugas.purwantoro", "salah"), ("tidak.ada", PASSWORD), ("a" * 150, "b" * 200)],
)
def test_wrong_credentials_get_no_token(petugas, username, password):
    assert sign_in(username, password, 401)["code"] == "bad-credentials"
    assert not AuthToken.objects.exists()


def test_an_inactive_account_gets_no_token_and_its_old_one_ends(petugas):
    token = sign_in("petugas.purwantoro")["token"]
    petugas.is_active = False
    petugas.save(update_fields=["is_active"])

    assert sign_in("petugas.purwantoro", status=401)["code"] == "bad-credentials"
    assert bearing(token).status_code == 401


@pytest.mark.parametrize("body", [{}, {"username": "x"}, {"username": [], "password": {}}, [], {"user": "x"}])
def test_a_body_of_the_wrong_shape(db, body):
    post(None, "tokens/", body, 400)


def test_a_second_step_is_asked_for_here_too(verifikator):
    secret = generate_totp_secret()
    TOTP.activate(verifikator, secret)
    RecoveryCodes.activate(verifikator)
    code = RecoveryCodes(verifikator.authenticator_set.get(type="recovery_codes")).get_unused_codes()[0]

    assert sign_in("verifikator", status=401)["code"] == "code-needed"
    assert sign_in("verifikator", status=401, code="000000")["code"] == "code-needed"
    assert sign_in("verifikator", code=code)["token"]
    assert sign_in("verifikator", status=401, code=code)["code"] == "code-needed"


def test_signing_out_ends_this_token_or_all(petugas):
    first, second, third = (sign_in("petugas.purwantoro")["token"] for _each in range(3))

    assert bearing(first, "delete", "tokens/current/").status_code == 204
    assert [bearing(t).status_code for t in (first, second)] == [401, 200]
    assert bearing(second, "post", "tokens/end-all/").status_code == 204
    assert bearing(third).status_code == 401
    assert AuditEntry.objects.get(act="token.all-ended").detail == {"count": 2}


def test_a_session_has_no_current_token(petugas):
    client = APIClient()
    client.force_login(petugas)

    assert client.get("/api/v1/me/").status_code == 200
    assert client.delete("/api/v1/tokens/current/").status_code == 401


def test_a_session_writes_only_with_its_csrf_token(petugas):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(petugas)

    assert client.post("/api/v1/submissions/", {}).status_code == 403


@pytest.mark.parametrize("token", ["", "x", "umkm_" + "0" * 64, "\xff\xfe", "a b", "umkm_\x00"])
def test_a_token_that_is_none_is_401(db, token):
    assert bearing(token).status_code == 401


def test_guessing_is_slowed_down(petugas):
    for _each in range(5):
        sign_in("petugas.purwantoro", "salah", 401)
    found = [
        APIClient()
        .post("/api/v1/tokens/", {"username": "petugas.purwantoro", "password": "salah"})
        .status_code
        for _each in range(6)
    ]

    assert found[-1] == 429


def test_a_visitor_may_ask_120_times_a_minute(db):
    for _each in range(120):
        get(None, "regions/", limit=1)

    response = APIClient().get("/api/v1/regions/")
    assert (response.status_code, response.json()["code"]) == (429, "throttled")
    assert int(response["Retry-After"]) <= 60


def test_a_forged_address_does_not_reset_the_count(db):
    for number in range(120):
        APIClient(HTTP_X_FORWARDED_FOR=f"10.0.0.{number}").get("/api/v1/regions/", {"limit": 1})

    assert APIClient(HTTP_X_FORWARDED_FOR="10.0.1.1").get("/api/v1/regions/").status_code == 429
