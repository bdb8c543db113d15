"""One way in: counted, with the second step; and what was handed out ends with the account or password."""

import pytest
from knox.models import AuthToken
from rest_framework.test import APIClient

from accounts.api import new_token
from accounts.models import AuditEntry, User
from registry.models import Post
from tests.factories import PASSWORD, make_officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(city):
    return make_officer("admin", city["Kota"], "admin.portal")


@pytest.fixture
def at_work(client, admin):
    """A client signed in as the admin."""
    client.force_login(admin, backend="accounts.backends.SignInBackend")
    return client


def works(token):
    return APIClient(HTTP_AUTHORIZATION=f"Token {token}").get("/api/v1/me/").status_code == 200


def test_the_admin_site_has_no_sign_in_of_its_own(client, admin):
    """Its form counted no attempts and asked for no second step."""
    page = client.get("/admin/login/?next=/admin/registry/post/")
    typed = client.post("/admin/login/", {"username": admin.username, "password": PASSWORD})

    assert page.status_code == typed.status_code == 302
    assert page["Location"] == "/masuk/?next=/admin/registry/post/"
    assert typed["Location"] == "/masuk/?next=/admin/"
    assert "_auth_user_id" not in client.session


def test_who_is_signed_in_without_the_role_is_told_so(client, petugas):
    client.force_login(petugas, backend="accounts.backends.SignInBackend")

    assert client.get("/admin/", follow=True).status_code == 403


def test_the_admin_enters_as_before(at_work):
    assert at_work.get("/admin/").status_code == 200
    assert at_work.get("/admin/login/")["Location"] == "/admin/"
    assert at_work.get("/admin/password_change/")["Location"] == "/akun/sandi/"


def test_a_new_password_ends_every_token(client, petugas):
    _row, token = new_token(petugas, by=petugas)
    client.force_login(petugas, backend="accounts.backends.SignInBackend")
    assert works(token)

    fresh = "sandi-baru-yang-panjang-7"
    client.post("/akun/sandi/", {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh})

    assert User.objects.get(pk=petugas.pk).check_password(fresh)
    assert not works(token)
    assert AuditEntry.objects.filter(act="account.password-changed", recorded_by=petugas).exists()


def test_a_password_set_by_the_admin_ends_tokens_and_is_told(at_work, admin, verifikator):
    _row, token = new_token(verifikator, by=verifikator)
    fresh = "sandi-baru-yang-panjang-7"

    at_work.post(
        f"/admin/accounts/user/{verifikator.pk}/password/",
        {"usable_password": "true", "password1": fresh, "password2": fresh},
    )

    assert User.objects.get(pk=verifikator.pk).check_password(fresh)
    assert not works(token)
    line = AuditEntry.objects.get(act="account.changed")
    assert (line.target_id, line.recorded_by) == (str(verifikator.pk), admin)
    assert line.detail == {"fields": ["password"]}


def test_an_account_shut_and_opened_again_has_no_old_tokens(at_work, petugas):
    _row, token = new_token(petugas, by=petugas)
    page, facts = f"/admin/accounts/user/{petugas.pk}/change/", {"username": petugas.username, "name": "Rini"}

    assert at_work.post(page, facts).status_code == 302
    assert at_work.post(page, facts | {"is_active": "on"}).status_code == 302

    assert User.objects.get(pk=petugas.pk).is_active
    assert not works(token)
    assert not AuthToken.objects.filter(user=petugas).exists()


def test_a_post_shortened_by_the_admin_is_in_the_trail(at_work, admin, petugas):
    post = Post.objects.get(user=petugas)

    at_work.post(f"/admin/registry/post/{post.pk}/change/", {"ends_on": post.starts_on.isoformat()})

    assert Post.objects.get(pk=post.pk).ends_on == post.starts_on
    line = AuditEntry.objects.get(act="post.ended")
    assert (line.target_id, line.recorded_by) == (str(post.pk), admin)


@pytest.mark.parametrize(
    ("debug", "local", "status"), [(True, True, 201), (False, True, 401), (True, False, 401)]
)
def test_the_demo_password_opens_only_a_demo(petugas, settings, debug, local, status):
    settings.DEBUG, settings.IS_LOCAL = debug, local
    petugas.set_password(settings.DEMO_PASSWORD)
    petugas.save()

    asked = {"username": petugas.username, "password": settings.DEMO_PASSWORD}

    assert APIClient().post("/api/v1/tokens/", asked).status_code == status
