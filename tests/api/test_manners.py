"""Bad requests get an answer in JSON, never a 500; and no answer repeats a NIK."""

import json

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from registry.models import Submission
from tests.api.clients import ask, get, post
from tests.factories import make_submission, nik

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(petugas):
    client = APIClient()
    client.force_authenticate(petugas)
    return client


def send(client, raw, kind="application/json", path="submissions/"):
    return client.generic("POST", f"/api/v1/{path}", raw, content_type=kind)


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"",
        b"nul",
        b"\xff\xfe",
        b'{"kind": "register", "note": "\xff"}',
        b'{"kind": NaN}',
        b'{"kind": "register", "values": {"name": "a\\u0000b"}}',
        b'{"kind": "register", "values": {"na\\u0000me": "b"}}',
        b'{"kind": "register", "values": {"name": "\\ud800"}}',
        b"[" * 100_000,
        b'{"values":' * 500 + b"1" + b"}" * 500,
        b'{"kind": "register", "values": ' + b'{"a":' * 20 + b"1" + b"}" * 20 + b"}",
        b'{"kind": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_body_that_no_database_can_hold_is_400(client, raw):
    response = send(client, raw)

    assert response.status_code == 400, response.content[:300]
    assert response["Content-Type"] == "application/json"
    assert not Submission.objects.exists()


def test_a_body_too_large_is_413(client):
    raw = b'{"kind": "register", "note": "' + b"a" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE + b'"}'

    response = send(client, raw)

    assert (response.status_code, response.json()["code"]) == (413, "body-too-large")


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"],
)
def test_another_kind_of_body_is_415(client, kind):
    assert send(client, b"kind=register", kind).status_code == 415


def test_another_charset_is_read_as_utf_8_or_refused(client):
    raw = json.dumps({"kind": "register"}).encode("utf-16")

    assert send(client, raw, "application/json; charset=utf-16").status_code == 400
    assert send(client, b"{}", "application/json; charset=bz2_codec").status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "tidak-ada/",
        "submissions",
        "submissions/x/",
        "submissions/../",
        "submissions/00000000-0000-0000-0000-000000000000/",
        "submissions/--------------------------------/",
        "businesses/zzzz/",
        "people/00000000000000000000000000000000/",
        "",
    ],
)
def test_what_is_not_there_is_404_in_json(client, path):
    for method in ("get", "post"):
        response = getattr(client, method)(f"/api/v1/{path}")
        assert response.status_code in (404, 405), (method, response.content)
        assert set(response.json()) == {"code", "detail"}


def test_a_method_nobody_answers_is_405(client):
    for path in ("businesses/", "regions/", "me/"):
        response = client.delete(f"/api/v1/{path}")
        assert (response.status_code, response.json()["code"]) == (405, "method-not-allowed")


def test_a_nul_in_the_address_is_400(client):
    response = client.get("/api/v1/businesses/?q=a%00b")

    assert (response.status_code, response.json()["code"]) == (400, "nul")


def test_another_format_is_not_found(client):
    assert client.get("/api/v1/submissions/", {"format": "xml"}).status_code == 404
    assert client.get("/api/v1/submissions/", HTTP_ACCEPT="text/html").status_code in (200, 406)


PLANTED = nik(4321)


@pytest.mark.parametrize(
    "body",
    [
        {"kind": PLANTED},
        {PLANTED: "x", "kind": "register"},
        {"kind": "register", "values": {PLANTED: "x"}},
        {"kind": "register", "values": {"name": PLANTED}},
        {"kind": "register", "values": {"phone": PLANTED, "kbli": PLANTED, "workers": PLANTED}},
        {"kind": "register", "items": [{"kind": PLANTED}]},
        {"kind": "register", "items": [{"kind": "owner", "uuid": PLANTED}]},
        {"kind": "register", "items": [{"kind": "owner", "values": {"name": PLANTED, PLANTED: 1}}]},
        {"kind": "register", "items": [{"kind": "licence", "values": {"kind": "nib", "number": PLANTED}}]},
        {"kind": "register", "identity": {PLANTED: {"nik": PLANTED}}},
        {"kind": "register", "identity": {"owner": {PLANTED: PLANTED}}},
        {"kind": "register", "identity": {"owner": {"nik": PLANTED + "1"}}, "items": [{"kind": "owner"}]},
        {"kind": "register", "business": PLANTED, "uuid": PLANTED, "submit": PLANTED},
    ],
)
def test_a_refusal_repeats_no_nik(petugas, body):
    told = post(petugas, "submissions/", body, 400)

    assert PLANTED not in json.dumps(told)


def test_no_answer_holds_a_nik(petugas, verifikator):
    identity = "7b0f6f5e-3f0a-4c63-9d3e-0d2f5a1c9e11"
    body = {
        "kind": "register",
        "values": {"name": "Keripik", "activity": "keripik", "kelurahan": "35.73.01.1007"},
        "items": [{"kind": "owner", "uuid": identity, "values": {"name": "Wiji"}}],
        "identity": {identity: {"nik": PLANTED, "kk": PLANTED}},
        "note": f"NIK-nya {PLANTED}.",
    }
    made = post(petugas, "submissions/", body, 201)
    path = f"submissions/{made['uuid']}/"
    answers = [
        made,
        get(petugas, path),
        get(petugas, "submissions/"),
        ask(petugas, "patch", path, {"note": f"lagi {PLANTED}"}),
        post(petugas, path + "submit/"),
        post(verifikator, path + "return/", {"notes": {"name": f"salah {PLANTED}", PLANTED: "x"}}),
        post(petugas, path + "submit/"),
        post(verifikator, path + "approve/", {"reason": PLANTED}),
        get(petugas, f"businesses/{made['business']}/"),
        get(petugas, "businesses/"),
        get(None, f"businesses/{made['business']}/"),
        get(petugas, "people/"),
        get(petugas, f"people/{identity}/"),
        post(petugas, "people/lookup/", {"nik": PLANTED}),
        post(petugas, "people/lookup/", {"nik": PLANTED, PLANTED: 1}, 400),
        get(petugas, "people/", 400, **{PLANTED: "1"}),
    ]

    for answer in answers:
        assert PLANTED not in json.dumps(answer)
    assert "•••• 4321" in json.dumps(answers, ensure_ascii=False)


def test_a_nik_in_a_note_of_a_reviewer_is_covered(petugas, verifikator):
    sent = make_submission(by=petugas, submit=True)

    told = post(verifikator, f"submissions/{sent.uuid}/return/", {"reason": f"NIK {PLANTED} salah"})

    assert told["reason"] == "NIK •••• salah"
