"""A person's page, and the question who bears a NIK."""

import logging

import pytest

from accounts.models import AuditEntry
from registry.models import Person
from tests.factories import make_business, make_officer, nik

pytestmark = pytest.mark.django_db

OWNER = "7a2b6f9e-0f0c-4b57-9d0c-0b8c0b1f3a55"
LOOKUP = "/orang/cari/"


@pytest.fixture
def wiji(city):
    make_business(
        name="Keripik Bu Wiji",
        items=[
            {
                "kind": "owner",
                "uuid": OWNER,
                "values": {
                    "name": "Wiji Lestari",
                    "phone": "081234567890",
                    "phone_of": "family",
                    "domicile": "35.73.01.1005",
                    "disability": "tuli",
                },
            }
        ],
        sealed={OWNER: {"nik": nik(7)}},
    )
    return Person.objects.get(uuid=OWNER)


def test_the_page_shows_the_person_with_a_masked_nik_and_businesses_in_reach(client, wiji, petugas):
    client.force_login(petugas)

    page = client.get(f"/orang/{wiji.uuid}/").content.decode()

    for words in ("Wiji Lestari", "•••• 0007", "0812-3456-7890", "milik keluarga", "Keripik Bu Wiji", "tuli"):
        assert words in page
    assert nik(7) not in page
    assert f"?pemilik={OWNER}" in page


def test_businesses_elsewhere_are_not_told(client, city, wiji):
    client.force_login(make_officer("petugas", city["Blimbing"]))

    page = client.get(f"/orang/{wiji.uuid}/").content.decode()

    assert "Wiji Lestari" in page
    assert "Keripik Bu Wiji" not in page


def test_a_stranger_gets_404_and_who_reads_no_persons_403(client, city, wiji, petugas_dinoyo):
    client.force_login(petugas_dinoyo)
    assert client.get(f"/orang/{wiji.uuid}/").status_code == 404
    client.force_login(make_officer("keuangan", city["Kota"]))
    assert client.get(f"/orang/{wiji.uuid}/").status_code == 403
    assert client.post(LOOKUP, {"nik": nik(7)}).status_code == 403


def test_disability_is_need_to_know(client, city, wiji):
    client.force_login(make_officer("program", city["Kota"]))

    assert "tuli" not in client.get(f"/orang/{wiji.uuid}/").content.decode()


def test_an_exact_nik_in_reach_leads_to_the_person(client, wiji, petugas):
    client.force_login(petugas)

    response = client.post(LOOKUP, {"nik": f" {nik(7)[:6]} {nik(7)[6:]} "})

    assert (response.status_code, response.url) == (302, f"/orang/{wiji.uuid}/")


def test_out_of_reach_says_only_that_it_is_known(client, wiji, petugas_dinoyo):
    client.force_login(petugas_dinoyo)

    page = client.post(LOOKUP, {"nik": nik(7)}).content.decode()

    assert "sudah tercatat di luar wilayah Anda" in page
    for secret in ("Wiji", str(wiji.uuid), nik(7), "Purwantoro RW", "0812"):
        assert secret not in page


def test_an_unknown_nik_offers_a_new_business(client, petugas):
    client.force_login(petugas)

    page = client.post(LOOKUP, {"nik": nik(9)}).content.decode()

    assert "belum tercatat" in page and "Daftarkan usaha baru" in page
    assert nik(9) not in page


@pytest.mark.parametrize("typed", ["", "123", "1" * 16, "9" * 5000, "35730115088000o7", "<b>"])
def test_a_wrong_nik_is_answered_in_words(client, petugas, typed):
    client.force_login(petugas)

    response = client.post(LOOKUP, {"nik": typed})

    assert response.status_code == 200
    assert "perlu diperbaiki" in response.content.decode()
    assert not AuditEntry.objects.filter(act="identity.looked-up").exists()


def test_the_number_is_looked_up_by_post_only(client, wiji, petugas):
    client.force_login(petugas)

    page = client.get(LOOKUP, {"nik": nik(7)}).content.decode()

    assert "Wiji" not in page and "perlu diperbaiki" not in page


def test_every_question_leaves_a_line_without_the_number(client, wiji, petugas, petugas_dinoyo, caplog):
    caplog.set_level(logging.DEBUG)
    for user in (petugas, petugas_dinoyo):
        client.force_login(user)
        client.post(LOOKUP, {"nik": nik(7)})
    client.post(LOOKUP, {"nik": nik(9)})

    lines = AuditEntry.objects.filter(act="identity.looked-up").order_by("pk")
    assert [entry.detail["found"] for entry in lines] == ["in-reach", "elsewhere", "nobody"]
    assert [entry.target_type for entry in lines] == ["person", "user", "user"]
    assert not any(nik(n) in str(entry.detail) for entry in lines for n in (7, 9))
    assert nik(7) not in caplog.text
