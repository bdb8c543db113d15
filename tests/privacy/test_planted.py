"""Planted NIKs, phones and names are in no log line and, in clear, in no dump of the database."""

import json
import logging
import uuid

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from registry.models import Business, Person, Submission
from registry.submissions.actions import propose
from tests.factories import make_submission
from umkm_portal.lib import sealing
from umkm_portal.lib.redact import RedactPersonalNumbers, redact

pytestmark = pytest.mark.django_db
NIK, KK = "3573014408800099", "3573010101010077"
PHONE, PHONE_KEPT = "0812-7777-3141", "6281277773141"
OWNER = "Zulaikhah Tertanam"
PLANTED = [NIK, KK, PHONE_KEPT, "77773141", "Zulaikhah", "zulaikhah", "Tertanam"]


def dump():
    """Every cell of every table as one text."""
    cells = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            cells += [bytes(c) if isinstance(c, memoryview) else c for row in cursor.fetchall() for c in row]
    return "\n".join(c.decode("latin-1") if isinstance(c, bytes) else str(c) for c in cells)


def owner(**values):
    item = {
        "op": "add",
        "kind": "owner",
        "uuid": str(uuid.uuid4()),
        "values": {"name": OWNER, "phone": PHONE, "address": "Jl. Sanan 1"} | values,
    }
    return item, {item["uuid"]: {"nik": NIK, "kk": KK}}


def live_through_everything(petugas, verifikator):
    """A draft, a returned and mended one, an approved one, a withdrawn one: each with the planted facts."""
    item, sealed = owner()
    submission = make_submission(
        by=petugas, name="Keripik Sanan", phone=PHONE, items=[item], sealed=sealed, submit=True
    )
    submission.return_for_changes(by=verifikator, notes={"address": f"Tanya Bu {OWNER}."}, reason="Lengkapi.")
    submission.edit(
        by=petugas,
        values={"name": "Keripik Sanan", "activity": "keripik", "kelurahan": "35.73.01.1007", "phone": PHONE},
        items=[item],
        note=f"Sudah ditanya ke {OWNER} di {PHONE}.",
    )
    submission.submit(by=petugas)
    submission.approve(by=verifikator)
    draft_item, draft_sealed = owner(name=OWNER + " Kedua")
    draft_sealed[draft_item["uuid"]] = {"kk": KK}
    propose(kind="register", by=petugas, values={"name": "Draf"}, items=[draft_item], sealed=draft_sealed)
    return submission


def test_the_dump_shows_no_planted_fact(petugas, verifikator):
    live_through_everything(petugas, verifikator)

    person = Person.objects.get()
    assert (person.name, person.phone) == (OWNER, PHONE_KEPT)
    assert Business.objects.get().phone == PHONE_KEPT
    text = dump()
    assert "Keripik Sanan" in text
    assert [p for p in PLANTED if p in text] == []


def test_a_fact_left_in_clear_would_be_found(petugas):
    """Negative control: the dump does look into every column."""
    make_submission(by=petugas, name=f"Warung {OWNER}")
    assert OWNER in dump()


def test_names_and_phones_are_found_again_though_sealed(petugas, verifikator):
    live_through_everything(petugas, verifikator)

    token = sealing.word_queries("name", "ZULAIKHAH")[0]
    assert Business.objects.filter(owner_words__contains=token).exists()
    assert Person.objects.filter(phone_lookup=sealing.lookup("phone", PHONE_KEPT)).exists()
    with pytest.raises(ValueError, match="sealed"):
        Person.objects.filter(name=OWNER).exists()


def test_logs_show_no_planted_fact(petugas, verifikator, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    caplog.handler.addFilter(RedactPersonalNumbers())
    submission = live_through_everything(petugas, verifikator)
    client = Client(raise_request_exception=False)
    client.force_login(petugas)

    def explode(self, *args, **kwargs):
        raise RuntimeError(f"gagal menyimpan {NIK} {PHONE}")

    monkeypatch.setattr(Submission, "get_absolute_url", explode)
    monkeypatch.setattr(Submission, "may_edit", explode)
    client.get(f"/data-saya/{submission.uuid}/")
    client.post("/orang/cari/", {"nik": NIK})
    client.post("/usaha/baru/", {"name": "X", "owner-nik": NIK, "owner-phone": PHONE, "owner-name": OWNER})
    logging.getLogger("django.request").error("rusak: %s %s", NIK, PHONE)

    text = caplog.text + "".join(r.exc_text or "" for r in caplog.records)
    assert "rusak" in text
    assert [p for p in [*PLANTED, PHONE] if p in text] == []


@pytest.mark.parametrize(
    "line",
    [
        NIK,
        "3573 0144 0880 0099",
        "3573.0144.0880.0099",
        "+62 812-7777-3141",
        "081277773141",
        "(0341) 55512345",
    ],
)
def test_redaction_knows_how_numbers_are_written(line):
    assert not any(len(run) >= 8 for run in "".join(c if c.isdigit() else " " for c in redact(line)).split())


def test_rotating_the_key_keeps_everything_readable_and_findable(petugas, verifikator, settings):
    submission = live_through_everything(petugas, verifikator)
    old = settings.IDENTITY_KEY[0]
    settings.IDENTITY_KEY = ["kunci-baru-" + "n" * 40, old]
    assert Person.objects.with_nik(NIK).exists(), "found under the older key before rotation"

    call_command("rotate_identity_key", verbosity=0)

    settings.IDENTITY_KEY = settings.IDENTITY_KEY[:1]
    person = Person.objects.with_nik(NIK).get()
    assert (person.name, sealing.unseal(person.nik_sealed)) == (OWNER, NIK)
    submission.refresh_from_db()
    assert json.dumps(submission.unsealed()).count(NIK) == 1
    assert submission.proposed("phone") == PHONE_KEPT
    token = sealing.word_queries("name", "Tertanam")[0]
    assert Business.objects.filter(owner_words__contains=token).exists()
