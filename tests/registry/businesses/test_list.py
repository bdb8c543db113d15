"""The staff list of businesses: who sees which rows and columns, and what an odd address does."""

import pytest
from django.urls import reverse

from registry.businesses import listing
from registry.businesses.columns import LIST_COLUMNS
from registry.businesses.listing import SORTS
from registry.models import Submission
from tests.factories import make_business, make_officer, make_post

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


def make_many(number, by, decided_by, **values):
    """That many businesses in one batch of Purwantoro, all but one as a shop keeps them."""
    businesses = [
        make_business(by=by, decided_by=decided_by, name=f"Warung {n:03}", **values) for n in range(number)
    ]
    return businesses


@pytest.mark.parametrize("rows", [25, 100])
def test_the_list_asks_the_same_number_of_questions_for_any_number_of_rows(
    client, operator, verifikator, rows, django_assert_num_queries
):
    make_many(rows, operator, verifikator, items=[{"kind": "owner", "values": {"name": "Wiji"}}])
    client.force_login(verifikator)
    every = {"baris": "100", "kolom": ",".join(LIST_COLUMNS)}
    client.get(URL, every)

    with django_assert_num_queries(9):
        assert len(names(client.get(URL, every))) == rows
    with django_assert_num_queries(12):  # three to read the text; counted anew, instead of the kept figure
        assert len(names(client.get(URL, every | {"q": "warung"}))) == rows


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

    response = client.get(URL, {"kolom": ["omzet,pemilik", "nonsense", "kelurahan"]})

    assert response.context["columns"] == ["kelurahan"]


def test_the_columns_asked_for_stand_in_the_table_and_no_others(client, kepala, purwantoro):
    client.force_login(kepala)

    page = client.get(URL, {"kolom": "rtrw,kegiatan,tempat"})

    assert [str(h["label"]) for h in page.context["headings"]] == [
        "Usaha", "Produk atau kegiatan", "RT/RW", "Jenis tempat",
    ]  # fmt: skip
    assert "Pemilik</a>" not in page.content.decode()


ORDERS = [sign + key for key in SORTS for sign in ("", "-")]


@pytest.mark.parametrize("order", ORDERS)
def test_next_and_previous_walk_the_whole_list_in_any_order(client, kepala, purwantoro, order):
    for n in range(27):
        make_business(
            by=purwantoro.recorded_by, decided_by=purwantoro.changed_by, name=f"Warung {n % 5} {n:02}"
        )
    client.force_login(kepala)
    first = client.get(URL, {"urut": order, "baris": 25})
    second = client.get(URL + first.context["page"].next_url)
    back = client.get(URL + second.context["page"].previous_url)

    assert first.context["sort"] == order
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
    assert names(client.get(URL, {"urut": "sampah", "baris": "-1", "kolom": "x"})) == ["Keripik Bu Wiji"]


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


def test_a_heading_says_how_the_list_is_sorted_and_turns_it_round(client, kepala, purwantoro):
    client.force_login(kepala)

    headings = {
        h["key"]: h for h in client.get(URL, {"urut": "-berubah", "q": "keripik"}).context["headings"]
    }

    assert headings["nama"]["aria"] == "" and headings["nama"]["url"] == "?q=keripik&urut=nama"
    assert headings["data"]["url"] == ""
    headings = {h["key"]: h for h in client.get(URL, {"kolom": "berubah"}).context["headings"]}
    assert headings["nama"]["aria"] == "ascending" and headings["nama"]["url"] == "?kolom=berubah&urut=-nama"
    assert headings["berubah"]["url"] == "?kolom=berubah&urut=-berubah"


def test_turnover_is_an_order_only_for_who_may_know_it_of_all_they_see(client, city, purwantoro, petugas):
    make_post(petugas, "lurah", city["Dinoyo"])  # reads Dinoyo, but not its turnover
    program = make_officer("program", city["Kota"])
    for user, expected in (
        (petugas, "nama"),
        (program, "nama"),
        (make_officer("kepala", city["Kota"]), "omzet"),
    ):
        client.force_login(user)
        assert client.get(URL, {"urut": "omzet"}).context["sort"] == expected


def test_an_order_without_an_index_is_refused_above_the_cap_and_says_so(
    client, kepala, purwantoro, dinoyo, monkeypatch
):
    monkeypatch.setattr(listing, "COUNT_CAP", 1)
    client.force_login(kepala)

    page = client.get(URL, {"urut": "kelurahan", "q": "keri"})

    assert page.context["sort"] == "nama"
    assert "diurutkan menurut nama saja" in page.content.decode()
    assert page.context["count_text"] == "1+"
    assert client.get(URL, {"urut": "-berubah", "q": "keri"}).context["sort"] == "-berubah"


def test_without_a_filter_the_count_is_exact_and_within_reach(
    client, kepala, petugas, purwantoro, dinoyo, monkeypatch
):
    monkeypatch.setattr(listing, "COUNT_CAP", 1)
    for user, expected in ((kepala, "2"), (petugas, "1")):
        client.force_login(user)
        assert client.get(URL).context["count_text"] == expected


def test_rows_can_be_picked_only_by_who_may_propose(client, kepala, petugas, purwantoro):
    for user, expected in ((petugas, True), (kepala, False)):
        client.force_login(user)
        page = client.get(URL).content.decode()
        assert (f'value="{purwantoro.uuid}"' in page) == expected
        assert (reverse("bulk-change") in page) == expected


def test_a_phone_stands_on_the_page_only_when_asked_for_and_allowed(client, city, petugas):
    make_business(name="Soto", phone="081234567890", phone_of="owner")
    keuangan = make_officer("keuangan", city["Kota"])
    for user, columns, expected in (
        (petugas, "", False),
        (petugas, "telepon", True),
        (keuangan, "telepon", False),
    ):
        client.force_login(user)
        assert ("0812-3456-7890" in client.get(URL, {"kolom": columns}).content.decode()) == expected


def test_an_order_that_does_not_exist_is_named_and_not_passed_over(client, verifikator):
    client.force_login(verifikator)
    page = client.get("/usaha/?urut=zzz").content.decode()
    assert "Urutan itu tidak tersedia" in page
    assert "Urutan itu tidak tersedia" not in client.get("/usaha/?urut=-nama").content.decode()
