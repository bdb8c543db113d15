"""Whoever knows a NIK learns nothing more by it, and a recorded person is not rewritten unseen."""

import re
import uuid

import pytest

from registry.models import Submission
from tests.factories import make_business, make_submission, nik

pytestmark = pytest.mark.django_db
SECRETS = {
    "name": "Suminten Rahasia",
    "phone": "081333444555",
    "phone_of": "owner",
    "address": "Gang Rahasia 99",
    "email": "rahasia@contoh.id",
    "born_on": "1985-05-15",
    "disability": "netra",
    "domicile": "35.73.01.1007",
}
SHOWN = ("Suminten", "0813-3344", "Gang Rahasia", "rahasia@contoh", "15 Mei 1985", "netra")


def owner(identity, **values):
    return {"kind": "owner", "uuid": identity, "values": values}


@pytest.fixture
def known(petugas, verifikator):
    """(uuid, NIK) of somebody in Purwantoro, and nowhere else."""
    identity, number = str(uuid.uuid4()), nik(birth="550585")
    make_business(
        by=petugas,
        decided_by=verifikator,
        items=[owner(identity, **SECRETS)],
        sealed={identity: {"nik": number}},
    )
    return identity, number


def told(client, user, path):
    client.force_login(user, backend="accounts.backends.SignInBackend")
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_nik_outside_reach_shows_nobody(client, petugas_dinoyo, verifikator, known):
    _identity, number = known
    mine = str(uuid.uuid4())
    sent = make_submission(
        by=petugas_dinoyo,
        submit=True,
        kelurahan="35.73.05.1004",
        items=[owner(mine)],
        sealed={mine: {"nik": number}},
    )
    page = sent.get_absolute_url()

    proposer = told(client, petugas_dinoyo, page)
    reviewer = told(client, verifikator, sent.review_url)

    assert "NIK ini sudah tercatat" in proposer
    assert [word for word in SHOWN if word in proposer] == []
    assert [word for word in SHOWN if word not in reviewer] == []
    sent.return_for_changes(by=verifikator, reason="Periksa lagi.")
    assert Submission.objects.get(pk=sent.pk).status == "returned"
    mending = told(client, petugas_dinoyo, f"{page}ubah/")
    assert [word for word in SHOWN if word in mending] == []


def test_the_reviewer_sees_what_a_registration_rewrites(client, petugas, verifikator, known):
    identity, _number = known
    sent = make_submission(
        by=petugas, submit=True, items=[owner(identity, name="Orang Lain", phone="089900001111")]
    )

    seen = told(client, verifikator, sent.review_url)

    assert "Sekarang: Suminten Rahasia" in seen and "Diusulkan: Orang Lain" in seen
    assert "datanya berubah juga di usahanya yang lain" in seen


def test_joining_as_they_are_is_no_change(client, petugas, verifikator, known):
    identity, _number = known
    sent = make_submission(by=petugas, submit=True, items=[owner(identity)])

    seen = told(client, verifikator, sent.review_url)

    assert "Orang ini sudah tercatat." in seen and "datanya berubah juga" not in seen
