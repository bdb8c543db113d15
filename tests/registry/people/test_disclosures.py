"""A full number needs a reason and is shown once; whoever sees a person leaves a line."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.api import new_token
from accounts.models import AuditEntry
from registry.models import Person, Submission
from registry.people import disclosures
from registry.people.actions import reveal
from tests.factories import make_business, make_officer, make_person, make_submission, nik
from umkm_portal.lib.errors import Refused

pytestmark = pytest.mark.django_db
OWNER = "7a2b6f9e-0f0c-4b57-9d0c-0b8c0b1f3a55"
WHY = {"what": "nik", "reason": "Mencocokkan penerima bantuan", "activity": "KEG-12/2026"}


def owner(name="Wiji Lestari", identity=OWNER):
    return {"kind": "owner", "uuid": identity, "values": {"name": name, "domicile": "35.73.01.1005"}}


@pytest.fixture
def wiji(city):
    make_business(name="Keripik Bu Wiji", items=[owner()], sealed={OWNER: {"nik": nik(7)}})
    return Person.objects.get(uuid=OWNER)


def enter(user):
    client = Client()
    client.force_login(user)
    return client


# ---- revealing -----------------------------------------------------------------------------------


def test_a_number_is_shown_once_for_a_reason(wiji, verifikator):
    client, page = enter(verifikator), f"/orang/{wiji.uuid}/buka-nomor/"
    grouped = " ".join(nik(7)[i : i + 4] for i in range(0, 16, 4))

    shown = client.post(page, WHY)

    assert grouped in shown.text
    assert "no-store" in shown["Cache-Control"] and shown["Refresh"].endswith(f"/orang/{wiji.uuid}/")
    assert grouped not in client.get(page).text and nik(7) not in client.get(page).text
    line = AuditEntry.objects.get(act="identity.revealed")
    assert (line.target_id, line.recorded_by) == (str(wiji.pk), verifikator)
    assert line.detail == {k: WHY[k] for k in WHY}
    assert nik(7) not in str(AuditEntry.objects.values_list("detail"))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"reason": ""}, "reason-missing"),
        ({"reason": "cek"}, "reason-missing"),
        ({"reason": "          x"}, "reason-missing"),
        ({"activity": " "}, "activity-missing"),
        ({"what": "kk"}, "nothing-to-reveal"),
        ({"what": "phone"}, "nothing-to-reveal"),
    ],
)
def test_what_is_refused(wiji, verifikator, given, code):
    with pytest.raises(Refused) as refused:
        reveal(wiji, by=verifikator, **(WHY | given))
    assert refused.value.code == code
    answer = enter(verifikator).post(f"/orang/{wiji.uuid}/buka-nomor/", WHY | given)
    assert answer.status_code == 200 and nik(7)[:4] + " " not in answer.text
    assert not AuditEntry.objects.filter(act="identity.revealed").exists()


def test_what_is_missing_is_said_in_the_words_of_the_portal(wiji, verifikator):
    answer = enter(verifikator).post(f"/orang/{wiji.uuid}/buka-nomor/", WHY | {"reason": " "})

    assert "Alasan: Isian ini wajib." in answer.text and "Bidang ini" not in answer.text
    assert f'value="{WHY["activity"]}"' in answer.text


def test_the_trail_keeps_no_number_typed_as_a_reason(wiji, verifikator):
    reveal(wiji, by=verifikator, **(WHY | {"reason": f"Penerima {nik(7)} diperiksa"}))
    assert nik(7) not in str(AuditEntry.objects.get(act="identity.revealed").detail)


def test_who_may_not(city, wiji, petugas, petugas_dinoyo, operator):
    for user in (petugas, petugas_dinoyo, operator, make_officer("kasi", city["Kota"])):
        assert enter(user).post(f"/orang/{wiji.uuid}/buka-nomor/", WHY).status_code == 403
        with pytest.raises(Refused) as refused:
            reveal(wiji, by=user, **WHY)
        assert refused.value.code == "not-found"


def test_a_person_without_numbers_has_no_such_page(verifikator):
    assert enter(verifikator).get(f"/orang/{make_person().uuid}/buka-nomor/").status_code == 404


def test_a_day_has_a_limit(wiji, verifikator, verifikator_lain, settings):
    settings.REVEALS_PER_DAY = 2
    for _time in range(2):
        reveal(wiji, by=verifikator, **WHY)
    with pytest.raises(Refused) as refused:
        reveal(wiji, by=verifikator, **WHY)
    assert refused.value.code == "reveal-limit"
    assert reveal(wiji, by=verifikator_lain, **WHY) == nik(7)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert reveal(wiji, by=verifikator, **WHY) == nik(7)


# ---- who saw it ----------------------------------------------------------------------------------


def viewed():
    return list(
        AuditEntry.objects.filter(act="person.viewed").values_list("recorded_by__username", flat=True)
    )


def test_a_viewing_leaves_one_line_a_day(wiji, petugas, verifikator):
    for user in (petugas, petugas, verifikator):
        enter(user).get(f"/orang/{wiji.uuid}/")
    assert viewed() == [petugas.username, verifikator.username]
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        enter(petugas).get(f"/orang/{wiji.uuid}/")
    assert len(viewed()) == 3


def test_no_line_for_who_gets_404(wiji, petugas_dinoyo):
    enter(petugas_dinoyo).get(f"/orang/{wiji.uuid}/")
    assert viewed() == []


def test_the_api_leaves_them_too(wiji, petugas, operator):
    for user, path in ((petugas, f"/api/v1/people/{wiji.uuid}/"), (operator, "/api/v1/people/?limit=5")):
        _row, token = new_token(user, by=user)
        client = APIClient(HTTP_AUTHORIZATION=f"Token {token}")
        assert client.get(path).status_code == client.get(path).status_code == 200
    assert viewed() == [petugas.username, operator.username]


def test_many_at_once_cost_the_same_few_queries(wiji, petugas, django_assert_num_queries):
    for _one in range(3):
        make_person()
    with django_assert_num_queries(3):
        assert disclosures.note(Person.objects.all(), by=petugas, how="export") == 4
    assert disclosures.note(Person.objects.all(), by=petugas, how="export") == 0


def test_the_list_tells_names_to_who_watches_and_posts_to_the_owner(city, wiji, petugas, verifikator):
    enter(verifikator).get(f"/orang/{wiji.uuid}/")
    reveal(wiji, by=verifikator, **WHY)
    page, kasi = f"/orang/{wiji.uuid}/pembuka/", make_officer("kasi", city["Kota"])

    watched = enter(kasi).get(page).text
    assert verifikator.name in watched and "Mencocokkan penerima" in watched
    for owners in (enter(kasi).get(page + "?untuk=pemilik").text, enter(petugas).get(page).text):
        assert "Verifikator Kota Malang" in owners and "KEG-12/2026" in owners
        assert verifikator.name not in owners and "Mencocokkan" not in owners and "pasal 32" in owners
    assert AuditEntry.objects.filter(act="person.disclosures-opened").count() == 3


def test_who_may_read_the_list(city, wiji, petugas_dinoyo):
    page = f"/orang/{wiji.uuid}/pembuka/"
    assert enter(petugas_dinoyo).get(page).status_code == 404
    assert enter(make_officer("lurah", city["Purwantoro"])).get(page).status_code == 403
    assert enter(make_officer("auditor", city["Kota"])).get(page).status_code == 200


# ---- a NIK asked for in passing -------------------------------------------------------------------


def proposal(identity):
    return {
        "kind": "register",
        "values": {"name": "Kios Baru", "activity": "keripik", "kelurahan": "35.73.01.1007"},
        "items": [{"kind": "owner", "uuid": identity, "values": {"name": "Seseorang"}}],
        "identity": {identity: {"nik": nik(7)}},
        "submit": True,
    }


def test_sending_a_known_nik_is_a_question_that_counts(wiji, petugas, settings, monkeypatch):
    from registry.people.asking import Questions

    monkeypatch.setitem(Questions.THROTTLE_RATES, "identity", "2/hour")
    _row, token = new_token(petugas, by=petugas)
    client = APIClient(HTTP_AUTHORIZATION=f"Token {token}")
    codes = [
        client.post("/api/v1/submissions/", proposal(f"7b0f6f5e-3f0a-4c63-9d3e-0d2f5a1c9e1{n}")).json()[
            "code"
        ]
        for n in range(3)
    ]

    assert codes == ["nik-known", "nik-known", "too-many-questions"]
    lines = AuditEntry.objects.filter(act="identity.looked-up")
    assert [(e.target_id, e.detail["found"], e.detail["through"]) for e in lines] == [
        (str(wiji.pk), "in-reach", "submission")
    ] * 2
    assert not Submission.objects.filter(title="Kios Baru").exists()


def test_on_the_page_too(wiji, petugas):
    draft = make_submission(
        by=petugas,
        items=[owner("Seseorang", "7b0f6f5e-3f0a-4c63-9d3e-0d2f5a1c9e11")],
        sealed={"7b0f6f5e-3f0a-4c63-9d3e-0d2f5a1c9e11": {"nik": nik(7)}},
    )
    enter(petugas).post(f"/data-saya/{draft.uuid}/kirim/")
    assert AuditEntry.objects.filter(act="identity.looked-up", target_id=str(wiji.pk)).count() == 1


def test_a_list_taken_home_is_seen_too(wiji, petugas, petugas_dinoyo):
    for user in (petugas, petugas, petugas_dinoyo):
        assert enter(user).get("/usaha/unduh/").status_code == 200
    assert viewed() == [petugas.username]
    assert disclosures.described(disclosures.of(wiji), for_owner=True)[0]["why"] == "unduhan daftar usaha"
