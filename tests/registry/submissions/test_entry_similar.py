"""Likely duplicates of what is being typed: reasons shown, generic names silent, reach respected."""

import pytest
from django.core.cache import cache

from registry.submissions import similar
from tests.factories import make_business, make_submission
from tests.registry.submissions.entry import signed_in

pytestmark = pytest.mark.django_db
ASK = "/isian/mirip/"
HERE = "35.73.01.1007"


@pytest.fixture
def shop(petugas, verifikator):
    return make_business(
        by=petugas, decided_by=verifikator, name="Keripik Tempe Bu Wiji", address="Jl. Sanan 47", rt=5, rw=15,
        phone="081234567890",
    )  # fmt: skip


def asked(client, user, **typed):
    answer = signed_in(client, user).post(ASK, typed)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    ("typed", "reasons"),
    [
        ({"name": "KERIPIK TEMPE BU WIJI"}, "nama sama"),
        ({"name": "Kripik Tempe Bu Wiji"}, "nama beda satu huruf"),
        ({"name": "Keripik Tempe Bu Wiji", "rt": "5", "rw": "15"}, "nama sama, RT/RW sama"),
        ({"name": "Keripik Tempe Bu Wiji", "address": "Jalan Sanan No 47"}, "nama sama"),
        ({"name": "Keripik Tempe Bu Wiji", "address": "Jalan Sanan 47"}, "nama sama, alamat sama"),
        ({"name": "Toko Lain", "phone": "+62 812-3456-7890"}, "telepon sama"),
        ({"name": "Tempe Keripik Wiji", "owner-0-phone": "0812 3456 7890"}, "telepon sama"),
    ],
)
def test_a_likely_duplicate_is_shown_with_its_reasons(client, petugas, shop, typed, reasons):
    page = asked(client, petugas, kelurahan=HERE, **typed)

    assert shop.name in page and reasons in page and f"/usaha/{shop.uuid}/ubah/" in page


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "Bakso Pak Man"},
        {"name": "Ker"},
        {"name": "Keripik Singkong Bu Wiji Sanan"},
        {"name": "Keripik Tempe Bu Wiji", "kelurahan": ""},
        {"name": "", "phone": "0812"},
    ],
)
def test_what_is_not_alike_is_not_mentioned(client, petugas, shop, typed):
    assert asked(client, petugas, **({"kelurahan": HERE} | typed)) == ""


def test_a_name_that_many_bear_is_silent_until_more_speaks(client, petugas, verifikator):
    for number in range(similar.MANY):
        make_business(
            by=petugas,
            decided_by=verifikator,
            name="Warung Kelontong",
            phone=f"08123456789{number}",
            rt=number + 1,
        )

    assert asked(client, petugas, kelurahan=HERE, name="warung kelontong", rt="2") == ""
    page = asked(client, petugas, kelurahan=HERE, name="Warung Kelontong", phone="081234567893")
    assert page.count("nama sama, telepon sama") == 1 and page.count("nama sama") == 1


def test_a_telephone_that_many_share_is_silent(client, petugas, petugas_dinoyo, verifikator):
    for number in range(similar.MANY + 1):
        make_business(by=petugas, decided_by=verifikator, name=f"Toko {number} Jaya", phone="081234567890")

    assert asked(client, petugas, kelurahan=HERE, name="Beda Sekali", phone="081234567890") == ""
    assert asked(client, petugas_dinoyo, name="Beda Sekali", phone="081234567890") == ""


def test_beyond_reach_only_the_same_telephone_is_told_and_nothing_of_whom(client, petugas_dinoyo, shop):
    page = asked(client, petugas_dinoyo, kelurahan="35.73.05.1004", name=shop.name, phone="081234567890")

    assert "di luar wilayah Anda" in page
    for told in (shop.name, "Purwantoro", "Sanan", str(shop.uuid), "sama"):
        assert told not in page
    assert asked(client, petugas_dinoyo, kelurahan="35.73.05.1004", name=shop.name) == ""
    assert asked(client, petugas_dinoyo, kelurahan=HERE, name=shop.name) == ""


def test_numbers_cannot_be_tried_one_after_the_other(client, petugas_dinoyo, shop):
    cache.clear()
    ask = {"name": "X", "phone": "081234567890"}
    told = [bool(asked(client, petugas_dinoyo, **ask)) for _try in range(similar.ASKED_OUTSIDE + 3)]

    assert told == [True] * similar.ASKED_OUTSIDE + [False] * 3


def test_a_registration_that_waits_is_mentioned_but_not_ones_own(client, petugas, operator):
    waiting = make_submission(by=operator, name="Keripik Tempe Bu Wiji", kelurahan=HERE, submit=True)
    page = asked(client, petugas, kelurahan=HERE, name="Keripik Tempe Bu Wiji")

    assert "menunggu verifikasi" in page and waiting.get_absolute_url() in page
    own = {"without": str(waiting.business_uuid)}
    assert asked(client, petugas, kelurahan=HERE, name="Keripik Tempe Bu Wiji", **own) == ""


def test_telephones_travel_in_the_body_only(client, petugas):
    assert signed_in(client, petugas).get(ASK, {"phone": "081234567890"}).status_code == 405


def test_the_draft_page_says_so_without_javascript(client, petugas, shop):
    draft = make_submission(by=petugas, name="Keripik Tempe Bu Wiji", kelurahan=HERE)
    page = signed_in(client, petugas).get(f"/data-saya/{draft.uuid}/ubah/").content.decode()

    assert "Mungkin sudah tercatat" in page and shop.get_absolute_url() in page
