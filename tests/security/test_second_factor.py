"""Deciding, revealing and giving access need a code: on pages, over the API, in the admin, in the verbs."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import actions
from accounts.api import new_token
from accounts.models import AuditEntry
from registry.models import Post
from tests.factories import PASSWORD, make_officer, make_submission
from umkm_portal.lib.errors import Refused

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
QUEUE = "/verifikasi/"


@pytest.fixture(autouse=True)
def required(settings):
    settings.REQUIRE_SECOND_FACTOR = True


@pytest.fixture
def admin(city):
    return make_officer("admin", city["Kota"], "admin.portal")


def code(secret=SECRET):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def enrolled(user, *, ago=timedelta(days=1)):
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    Authenticator.objects.filter(user=user).update(created_at=timezone.now() - ago)
    return user


def signed_in(user, *, trust=None, cookies=None):
    """A client that went through the sign-in page, and through the code where it was asked."""
    client = Client()
    if cookies:
        client.cookies = cookies
    asked = client.post("/masuk/", {"login": user.username, "password": PASSWORD})
    if asked.url.endswith("/authenticate/"):
        asked = client.post(asked.url, {"code": code()})
        client.post(asked.url, {"action": "trust" if trust else "skip"})
    return client


def test_a_reviewer_without_one_is_led_to_enrol_and_back(verifikator):
    client = signed_in(verifikator)

    away = client.get(QUEUE + "?sort=age")
    assert (away.status_code, away.url) == (302, "/akun/dua-langkah/totp/activate/")
    asked = client.get(away.url, follow=True)
    assert "diperlukan pengaman dua langkah" in asked.text
    client.post("/akun/ulang/?next=" + away.url, {"password": PASSWORD, "next": away.url})
    secret = client.get(away.url).context["form"].secret
    done = client.post(away.url, {"code": code(secret)})
    codes = client.get(done.url)

    assert "Kembali ke halaman tadi" in codes.text
    assert client.get("/akun/dua-langkah/lanjut/").url == QUEUE + "?sort=age"
    assert client.get(QUEUE).status_code == 200
    assert AuditEntry.objects.filter(act="account.second-factor-enrolled", recorded_by=verifikator).exists()


@pytest.mark.parametrize(("typed", "said"), [("000000", "sudah berganti"), ("", "Isian ini wajib.")])
def test_a_wrong_code_enrols_nobody_and_says_what_to_do(petugas, typed, said):
    client, page = signed_in(petugas), "/akun/dua-langkah/totp/activate/"
    client.post("/akun/ulang/?next=" + page, {"password": PASSWORD, "next": page})
    secret = client.get(page).context["form"].secret

    answer = client.post(page, {"code": typed})

    assert said in answer.text and "Kode 6 angka: " in answer.text and "Kesalahan:" in answer.text
    assert secret in answer.text  # the same to scan again
    assert not Authenticator.objects.exists()


def test_the_secret_is_sealed(verifikator):
    enrolled(verifikator)
    row = Authenticator.objects.get(user=verifikator, type="totp")
    assert row.data["secret"].startswith("s1:") and SECRET not in str(row.data)


def test_with_the_code_at_sign_in_everything_opens(verifikator):
    client = signed_in(enrolled(verifikator))
    assert client.get(QUEUE).status_code == 200


def test_a_session_from_before_the_enrolment_is_asked_for_a_code(verifikator):
    old = signed_in(verifikator)
    enrolled(verifikator, ago=timedelta(seconds=0))

    away = old.get(QUEUE)
    assert away.url == "/akun/dua-langkah/reauthenticate/?next=%2Fverifikasi%2F"
    back = old.post(away.url, {"code": code(), "next": QUEUE})
    assert (back.status_code, back.url) == (302, QUEUE)
    assert old.get(QUEUE).status_code == 200


def test_what_decides_nothing_needs_none(petugas, verifikator):
    assert signed_in(petugas).get("/usaha/").status_code == 200
    client = signed_in(verifikator)
    assert client.get("/usaha/").status_code == 200
    home = client.get("/").text
    assert "menunggu pengaman dua langkah" in home and "Verifikasi data" not in home


def test_a_form_comes_back_to_its_page_and_htmx_is_told_to_leave(verifikator, petugas):
    submission = make_submission(by=petugas, submit=True)
    client = signed_in(verifikator)
    page = f"http://testserver{QUEUE}{submission.uuid}/"

    away = client.post(f"{QUEUE}{submission.uuid}/", {"act": "approve"}, headers={"Referer": page})
    assert away.url == "/akun/dua-langkah/totp/activate/"
    assert client.session["second_factor_back"] == page
    piece = client.get(QUEUE, headers={"HX-Request": "true"})
    assert piece.headers["HX-Redirect"] == "/akun/dua-langkah/totp/activate/"
    client.post(f"{QUEUE}{submission.uuid}/", {}, headers={"Referer": "https://elsewhere.example/x"})
    assert client.session["second_factor_back"] == "/"


def test_a_page_that_forgot_to_ask_opens_no_way_round(rf, verifikator, petugas, settings):
    """The verbs ask reach(), and reach() knows the session: a decorator left out changes nothing."""
    from accounts.second_factor import watch

    submission = make_submission(by=petugas, submit=True)
    watch(verifikator, lambda: False)
    with pytest.raises(Refused) as refused:
        submission.approve(by=verifikator)
    submission.refresh_from_db()
    assert submission.status == "submitted", refused.value.code
    watch(verifikator, lambda: True)
    submission.approve(by=verifikator)


def test_the_api_answers_403_with_its_code(verifikator, petugas):
    submission = make_submission(by=petugas, submit=True)
    _row, token = new_token(verifikator, by=verifikator)
    client = APIClient(HTTP_AUTHORIZATION=f"Token {token}")
    url = f"/api/v1/submissions/{submission.uuid}/approve/"

    answer = client.post(url, {})
    assert (answer.status_code, answer.json()["code"]) == (403, "second-factor-required")
    assert client.get("/api/v1/submissions/").status_code == 200

    enrolled(verifikator, ago=timedelta(seconds=0))
    assert client.post(url, {}).status_code == 403, "a token from before the enrolment"
    time.sleep(0.01)
    _row, token = new_token(verifikator, by=verifikator)
    client = APIClient(HTTP_AUTHORIZATION=f"Token {token}")
    read = client.get(f"/api/v1/submissions/{submission.uuid}/")["ETag"]
    assert client.post(url, {}, headers={"If-Match": read}).status_code == 200


def test_who_lacks_the_right_altogether_gets_a_plain_403(petugas):
    assert signed_in(petugas).get(QUEUE).status_code == 403
    _row, token = new_token(petugas, by=petugas)
    answer = APIClient(HTTP_AUTHORIZATION=f"Token {token}").post(
        "/api/v1/submissions/7b0f6f5e-3f0a-4c63-9d3e-0d2f5a1c9e11/approve/", {}
    )
    assert answer.json()["code"] == "permission-denied"


def test_the_admin_site_asks_too(admin):
    client = signed_in(admin)
    away = client.get("/admin/registry/post/", follow=True)
    assert "/akun/" in away.redirect_chain[1][0]
    assert signed_in(enrolled(admin)).get("/admin/registry/post/").status_code == 200


def test_a_remembered_device_is_not_asked_until_all_are_forgotten(verifikator):
    enrolled(verifikator)
    client = signed_in(verifikator, trust=True)
    cookie = client.cookies["mfa_trusted"]
    assert (cookie["max-age"], cookie["httponly"]) == (30 * 24 * 3600, True)
    client.post("/keluar/")

    again = signed_in(verifikator, cookies=client.cookies)
    assert again.get(QUEUE).status_code == 200

    again.post("/akun/dua-langkah/perangkat/")
    assert again.get(QUEUE).status_code == 302
    assert AuditEntry.objects.filter(act="account.devices-forgotten").count() == 1


def test_an_admin_takes_a_lost_one_away(admin, verifikator, client):
    there = signed_in(enrolled(verifikator))
    _row, token = new_token(verifikator, by=verifikator)
    office = signed_in(enrolled(admin))
    page = f"/admin/accounts/user/{verifikator.pk}/"

    assert "Hapus pengaman dua langkah" in office.get(page + "change/").text
    assert "Pastikan dulu" in office.get(page + "pengaman/").text
    office.post(page + "pengaman/")

    assert not Authenticator.objects.filter(user=verifikator).exists()
    assert there.get("/akun/").status_code == 302
    assert APIClient(HTTP_AUTHORIZATION=f"Token {token}").get("/api/v1/me/").status_code == 401
    line = AuditEntry.objects.get(act="account.second-factor-reset")
    assert (line.target_id, line.recorded_by) == (str(verifikator.pk), admin)
    assert office.get("/admin/").status_code == 200, "nobody else's session ends"


def test_nobody_takes_away_their_own(admin):
    enrolled(admin)
    with pytest.raises(Refused) as refused:
        actions.reset(admin, by=admin)
    assert refused.value.code == "second-factor-own"
    office = signed_in(admin)
    assert "Hapus pengaman" not in office.get(f"/admin/accounts/user/{admin.pk}/change/").text
    office.post(f"/admin/accounts/user/{admin.pk}/pengaman/")
    assert Authenticator.objects.filter(user=admin).exists()


def test_who_is_no_admin_takes_none_away(verifikator, verifikator_lain):
    enrolled(verifikator)
    with pytest.raises(Refused) as refused:
        actions.reset(verifikator, by=verifikator_lain)
    assert refused.value.code == "not-allowed"
    assert Post.objects.count() == 2


def test_switched_off_nobody_is_asked(settings, verifikator):
    settings.REQUIRE_SECOND_FACTOR = False
    assert signed_in(verifikator).get(QUEUE).status_code == 200
