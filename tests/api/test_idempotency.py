"""Idempotency-Key: sent twice is done once and answered alike; another body is refused; kept for a day."""

import io
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.idempotency import delete_answered
from accounts.models import IdempotentRequest
from registry.models import Import, Submission
from registry.submissions.api import SubmissionViewSet
from tests.api.clients import call
from tests.api.world import listed
from tests.factories import PASSWORD, make_submission, nik
from tests.races import race

pytestmark = pytest.mark.django_db
BODY = {
    "kind": "register",
    "values": {"name": "Keripik", "activity": "keripik", "kelurahan": "35.73.01.1007"},
    "items": [{"kind": "owner", "values": {"name": "Wiji"}}],
    "identity": {"owner": {"nik": nik(4321)}},
}


def send(user, body=None, key="kunci-1", path="submissions/", **options):
    return call(user, "post", path, BODY if body is None else body, HTTP_IDEMPOTENCY_KEY=key, **options)


def test_sent_twice_is_done_once_and_answered_alike(petugas):
    first, again = send(petugas), send(petugas)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content and first["ETag"] == again["ETag"]
    assert ("Idempotency-Replayed" in first, again["Idempotency-Replayed"]) == (False, "true")
    assert Submission.objects.count() == 1


def test_another_body_or_address_under_the_same_key_is_422(petugas):
    send(petugas)

    for told in (
        send(petugas, BODY | {"note": "lain"}),
        send(petugas, {"nik": nik(1)}, path="people/lookup/"),
    ):
        assert (told.status_code, told.json()["code"]) == (422, "idempotency-key-reused")
    assert Submission.objects.count() == 1
    assert send(petugas, BODY | {"note": "lain"}, "kunci-2").status_code == 201


def test_the_same_words_in_another_order_are_the_same(petugas):
    send(petugas)

    assert send(petugas, dict(reversed(BODY.items())))["Idempotency-Replayed"] == "true"


def test_keys_are_each_users_own(petugas, operator):
    send(petugas)

    assert "Idempotency-Replayed" not in send(operator)
    assert Submission.objects.count() == 2


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 101, "a\tb"])
def test_a_key_that_is_none_is_400(petugas, key):
    told = send(petugas, key=key)

    assert (told.status_code, told.json()["code"]) == (400, "idempotency-key-invalid")
    assert not Submission.objects.exists()


def test_refusals_are_kept_too(petugas):
    body = {"kind": "register", "values": {"name": "Keripik"}, "submit": True}
    first, again = send(petugas, body), send(petugas, body)

    assert (first.status_code, again.status_code, first.content) == (409, 409, again.content)
    assert again["Idempotency-Replayed"] == "true"


def test_what_names_an_old_state_may_be_sent_again_under_its_key(petugas):
    draft = make_submission(by=petugas)
    path = f"submissions/{draft.uuid}/submit/"

    assert send(petugas, {}, path=path, if_match='"lama"').status_code == 412
    assert send(petugas, {}, path=path, if_match="*").status_code == 200
    again = send(petugas, {}, path=path, if_match='"lama"')  # the answer was lost on the way
    assert (again.status_code, again["Idempotency-Replayed"]) == (200, "true")


def test_a_500_is_not_kept_and_nothing_of_it_stays(petugas, monkeypatch):
    answer = SubmissionViewSet.answer

    def broken(self, *args, **kwargs):
        raise RuntimeError("broken")

    monkeypatch.setattr(SubmissionViewSet, "answer", broken)
    with pytest.raises(RuntimeError):
        send(petugas)
    assert not Submission.objects.exists()

    monkeypatch.setattr(SubmissionViewSet, "answer", answer)
    assert send(petugas).status_code == 201
    assert Submission.objects.count() == 1


def test_who_may_no_longer_ask_is_not_answered_from_memory(petugas):
    send(petugas)
    petugas.posts.all().delete()

    assert send(petugas).status_code == 403


def test_an_upload_is_known_by_its_content_whatever_the_boundary(operator):
    def upload(data):
        file = SimpleUploadedFile("daftar.csv", data, "text/csv")
        return send(operator, {"file": file}, path="imports/", format="multipart")

    first, again = upload(listed(1)), upload(listed(1))

    assert (first.status_code, first.json()) == (201, again.json())
    assert Import.objects.count() == 1
    assert upload(listed(2)).status_code == 422


def test_no_number_and_no_key_stands_in_clear(petugas):
    send(petugas, key=nik(4321))

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_idempotentrequest")
        kept = json.dumps(cursor.fetchall(), default=str)
    assert nik(4321) not in kept and "Keripik" not in kept


def test_after_a_rotation_of_keys_the_answer_is_still_known(petugas, settings):
    first = send(petugas)
    old = settings.IDENTITY_KEY
    settings.IDENTITY_KEY = ["a-newer-key-" + "n" * 40, *old]
    call_command("rotate_identity_key", stdout=io.StringIO())

    again = send(petugas)

    assert (again.status_code, again.content) == (201, first.content)
    assert Submission.objects.count() == 1


def test_answers_are_kept_a_day(petugas, capsys):
    send(petugas)
    assert delete_answered() == 0
    IdempotentRequest.objects.update(made_at=timezone.now() - timedelta(hours=24, seconds=1))

    assert send(petugas, {"kind": "register", "values": {"name": "Lain"}}).status_code == 201
    IdempotentRequest.objects.update(made_at=timezone.now() - timedelta(hours=24, seconds=1))
    call_command("clean_up")
    assert not IdempotentRequest.objects.exists()
    assert "1 jawaban API lama dihapus." in capsys.readouterr().out


def test_a_visitors_sign_in_keeps_no_token(petugas):
    body = {"username": petugas.username, "password": PASSWORD}
    tokens = [send(None, body, path="tokens/").json()["token"] for _each in range(2)]

    assert len(set(tokens)) == 2 and not IdempotentRequest.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_sent_at_the_same_moment_it_is_done_once(petugas):
    for number in range(5):
        told = race(*[lambda n=number: send(petugas, key=f"kunci-{n}")] * 6)
        assert {response.status_code for response in told} <= {201, 409}
        assert sum("Idempotency-Replayed" not in r for r in told if r.status_code == 201) == 1
        for response in told:
            if response.status_code == 409:
                assert (response.json()["code"], response["Retry-After"]) == ("in-progress", "1")
        assert Submission.objects.count() == number + 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_without_a_key_it_is_done_each_time(petugas):
    """The negative control of the test above."""
    assert [r.status_code for r in race(*[lambda: call(petugas, "post", "submissions/", BODY)] * 3)] == [
        201
    ] * 3
    assert Submission.objects.count() == 3
