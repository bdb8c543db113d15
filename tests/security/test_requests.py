"""Requests that meant harm: forged tokens of paging, many questions for a NIK, pages kept by a cache."""

import base64

import pytest
from django.core.cache import cache

from tests.api.clients import get
from tests.factories import make_business, nik

pytestmark = pytest.mark.django_db
WELL_MADE = b'["a", "1"]'
FORGED = [b'["\\ud800", "1"]', b'["a", "\\ud800"]', b"[" * 1400, b'{"a": 1}', b'[["x"], "1"]', b"\xff\xfe"]


def token(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@pytest.mark.parametrize("raw", FORGED)
def test_a_forged_cursor_is_refused_not_a_crash(client, raw):
    make_business()

    assert client.get("/direktori/", {"after": token(raw)}).status_code == 200
    get(None, "businesses/", 400, after=token(raw))
    get(None, "businesses/", after=token(WELL_MADE))


def test_questions_for_a_nik_are_counted_on_the_page_as_on_the_api(client, petugas, monkeypatch):
    from registry.people.asking import Questions

    monkeypatch.setattr(Questions, "get_rate", lambda self: "3/hour")
    client.force_login(petugas, backend="accounts.backends.SignInBackend")
    cache.clear()

    codes = [client.post("/orang/cari/", {"nik": nik()}).status_code for _n in range(5)]

    assert codes == [200, 200, 200, 429, 429]
    assert client.post("/orang/cari/", {"nik": "123"}).status_code == 200  # a slip is no question


def test_the_page_and_the_api_count_in_one_place(client, petugas, monkeypatch):
    from registry.people.asking import Questions

    monkeypatch.setattr(Questions, "get_rate", lambda self: "60/hour")
    client.force_login(petugas, backend="accounts.backends.SignInBackend")
    client.post("/orang/cari/", {"nik": nik()})

    assert len(cache.get(f"throttle_identity_{petugas.pk}")) == 1


@pytest.mark.parametrize("path", ["/usaha/", "/data-saya/", "/akun/", "/api/v1/people/"])
def test_what_staff_read_is_private(client, petugas, path):
    client.force_login(petugas, backend="accounts.backends.SignInBackend")

    kept = client.get(path)["Cache-Control"]

    assert "private" in kept or "no-store" in kept


def test_signing_out_empties_the_browsers_cache(client, petugas):
    client.force_login(petugas, backend="accounts.backends.SignInBackend")

    assert client.post("/keluar/")["Clear-Site-Data"] == '"cache"'
    assert "Clear-Site-Data" not in client.get("/direktori/")
