"""The staff list of businesses: who sees which rows and columns, and what an odd address does."""

import pytest
from django.urls import reverse

from registry.models import Submission
from tests.factories import make_business, make_officer

pytestmark = pytest.mark.django_db

URL = "/usaha/"


def names(response):
    return [row.business.name for row in response.context["rows"]]


@pytest.fixture
def purwantoro(city):
    return make_business(
        name="Keripik Bu Wiji",
        turnover_answer="exact",
        turnover_idr=500_000,
        turnover_period="day",
        items=[{"kind": "owner", "values": {"name": "Wiji Lestari"}}],
    )


@pytest.fixture
def dinoyo(city):
    return make_business(name="Keramik Pak Samsul", kelurahan="35.73.05.1004")


def test_a_visitor_is_sent_to_sign_in(client, city):
    response = client.get(URL)

    assert response.status_code == 302
    assert response.url == "/masuk/?next=/usaha/"


def test_without_a_post_the_answer_is_403(client, nobody):
    client.force_login(nobody)

    assert client.get(URL).status_code == 403
    assert client.get("/usaha/unduh/").status_code == 403


def test_each_sees_the_businesses_of_their_reach(client, purwantoro, dinoyo, petugas, petugas_dinoyo, kepala):
    for user, expected in (
        (petugas, ["Keripik Bu Wiji"]),
        (petugas_dinoyo, ["Keramik Pak Samsul"]),
        (kepala, ["Keramik Pak Samsul", "Keripik Bu Wiji"]),
    ):
        client.force_login(user)
        assert names(client.get(URL)) == expected


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_number_of_questions_for_any_number_of_rows(
    client, verifikator, rows, django_assert_num_queries
):
    for _ in range(rows):
        make_business(items=[{"kind": "owner", "values": {"name": "Wiji"}}])
    client.force_login(verifikator)
    client.get(URL)

    with django_assert_num_queries(8):
        assert len(names(client.get(URL))) == rows


def test_turnover_and_owner_are_shown_only_to_who_needs_to_know(client, city, purwantoro, petugas):
    keuangan = make_officer("keuangan", city["Kota"])
    program = make_officer("program", city["Kota"])
    for user, owner, turnover in ((petugas, True, True), (program, True, False), (keuangan, False, False)):
        client.force_login(user)
        page = client.get(URL).content.decode()
        assert ("Wiji Lestari" in page) == owner
        assert ("Rp156.000.000" in page) == turnover


def test_asking_for_a_column_does_not_open_it(client, city, purwantoro):
    client.force_login(make_officer("keuangan", city["Kota"]))

    response = client.get(URL, {"columns": ["turnover", "owner", "nonsense", "place"]})

    assert response.context["columns"] == ["place"]


@pytest.mark.parametrize("order", ["name", "-name", "place", "changed", "-changed"])
def test_next_and_previous_walk_the_whole_list_in_any_order(client, kepala, purwantoro, order):
    for n in range(27):
        make_business(
            by=purwantoro.recorded_by, decided_by=purwantoro.changed_by, name=f"Warung {n % 5} {n:02}"
        )
    client.force_login(kepala)
    first = client.get(URL, {"sort": order, "size": 25})
    second = client.get(URL + first.context["page"].next_url)
    back = client.get(URL + second.context["page"].previous_url)

    assert len(set(names(first) + names(second))) == 28
    assert second.context["page"].next_url == ""
    assert names(back) == names(first)


def test_an_empty_list_says_what_to_do(client, petugas):
    client.force_login(petugas)

    page = client.get(URL).content.decode()

    assert "Belum ada usaha di wilayah Anda" in page
    assert reverse("submission-new") in page


def test_a_filter_that_finds_nothing_offers_to_take_it_off(client, petugas, purwantoro):
    client.force_login(petugas)

    assert "Tidak ada usaha yang cocok" in client.get(URL, {"q": "semen"}).content.decode()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=" + "a" * 5000, "paling panjang 200 huruf"),
        ("kelurahan=99.99", "Kelurahan"),
        ("kbli=<script>alert(1)</script>", "KBLI"),
        ("rw=satu", "Filter RW"),
        ("halal=mungkin", "Sertifikat halal"),
        ("kelurahn=1", "“kelurahn” bukan filter"),
        ("after=sampah", "mulai dari awal"),
        ("before=" + "A" * 3000, "mulai dari awal"),
        ("after=WyJhIiwgIngiXQ", "mulai dari awal"),
        ("changed_after=0001-01-01T00:00:00%2B14:00", "di luar jangkauan"),
    ],
)
def test_an_address_that_is_not_understood_gets_a_page_that_says_so(client, kepala, purwantoro, query, said):
    client.force_login(kepala)

    response = client.get(f"{URL}?{query}")

    assert response.status_code == 200
    assert said in response.content.decode()
    assert "<script>alert" not in response.content.decode()


def test_what_is_not_understood_finds_nothing(client, kepala, purwantoro):
    client.force_login(kepala)

    assert names(client.get(URL, {"rw": "x"})) == []
    assert names(client.get(URL, {"sort": "sampah", "size": "-1", "columns": "x"})) == ["Keripik Bu Wiji"]


def test_a_nul_in_the_address_is_a_400(client, kepala):
    client.force_login(kepala)

    assert client.get(f"{URL}?q=%00").status_code == 400


def test_a_nik_typed_into_the_search_box_leaves_the_address_at_once(client, kepala, purwantoro):
    client.force_login(kepala)

    response = client.get(URL, {"q": "3573011508800007", "halal": "tidak"})

    assert response.status_code == 302
    assert response.url == "/usaha/?halal=tidak"


def test_a_draft_is_no_business(client, petugas):
    from tests.factories import make_submission

    make_submission(by=petugas)
    client.force_login(petugas)

    assert Submission.objects.count() == 1
    assert names(client.get(URL)) == []
