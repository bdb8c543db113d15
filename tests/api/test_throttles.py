"""How often one may ask: by account reading and writing are counted apart, and 429 says when to come back."""

import pytest
from rest_framework.settings import api_settings

from tests.api.clients import call
from tests.factories import make_submission

pytestmark = pytest.mark.django_db
BODY = {"kind": "register", "values": {"name": "Keripik"}}


@pytest.fixture(autouse=True)
def few(monkeypatch):
    rates = {"anon": "2/min", "read": "3/min", "write": "2/min", "token": "1/min", "bulk": "1/min"}
    monkeypatch.setattr(api_settings, "DEFAULT_THROTTLE_RATES", rates, raising=False)


def codes(times, *request, **options):
    return [call(*request, **options).status_code for _each in range(times)]


def test_reading_and_writing_are_counted_apart(petugas, operator):
    assert codes(4, petugas, "get", "submissions/") == [200, 200, 200, 429]
    assert codes(3, petugas, "post", "submissions/", BODY) == [201, 201, 429]
    assert codes(1, operator, "get", "submissions/") == [200]


def test_a_429_says_when_to_come_back(petugas):
    codes(3, petugas, "get", "me/")

    told = call(petugas, "get", "me/")

    assert told.status_code == 429 and 1 <= int(told["Retry-After"]) <= 60
    assert told.json() == {
        "code": "throttled",
        "detail": f"Permintaan Anda terlalu sering. Coba lagi dalam {told['Retry-After']} detik.",
    }


def test_visitors_are_counted_by_address(db):
    assert codes(3, None, "get", "regions/", REMOTE_ADDR="10.0.0.1") == [200, 200, 429]
    assert codes(1, None, "get", "regions/", REMOTE_ADDR="10.0.0.2") == [200]


def test_many_rows_at_once_are_counted_for_themselves(petugas, verifikator):
    row = {"proposals": [BODY]}
    sent = make_submission(by=petugas, submit=True)
    decisions = {"decisions": [{"uuid": str(sent.uuid), "act": "approve", "if_match": "*"}]}

    assert codes(2, petugas, "post", "submissions/bulk/", row) == [200, 429]
    assert codes(2, verifikator, "post", "submissions/decide/", decisions) == [200, 429]


def test_no_rate_is_no_limit(petugas, monkeypatch):
    monkeypatch.setattr(api_settings, "DEFAULT_THROTTLE_RATES", {}, raising=False)

    assert set(codes(9, petugas, "get", "me/")) == {200}
