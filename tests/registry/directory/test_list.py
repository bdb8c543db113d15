"""The list of the directory: what is found, what is counted, what odd addresses do."""

import re

import pytest

from registry.businesses.rebuild import rebuild_derived
from registry.models import Business, Region
from tests.factories import make_business, make_subsector
from tests.registry.directory.items import add, consent, owner

pytestmark = pytest.mark.django_db
WIDE = {"kecamatan": "35.73.01", "kelurahan": "35.73.01.1007"}


def names(response):
    return [card["name"] for card in response.context["listing"].cards]


def options(response, facet):
    for row in response.context["listing"].facets:
        if row["name"] == facet:
            return [(option["label"], option["count"], option["on"]) for option in row["options"]]
    return None


def test_the_public_finds_a_business_by_words_of_its_products_and_place(client, city):
    make_business(name="Keripik Bu Wiji", items=[add("product", name="Tempe Sagu", price_idr=12000)])
    make_business(name="Batik Celaket", activity="batik tulis")

    assert names(client.get("/direktori/", {"q": "tem purwan"})) == ["Keripik Bu Wiji"]
    assert names(client.get("/direktori/", {"q": "tempe batik"})) == []


def test_facets_count_what_the_other_filters_leave(client, city):
    make_subsector()
    make_business(name="A", subsector="kuliner")
    make_business(name="B", kelurahan="35.73.01.1005")
    make_business(name="C", kelurahan="35.73.05.1004", subsector="kuliner")

    response = client.get("/direktori/", {"kecamatan": "35.73.01"})

    assert names(response) == ["A", "B"]
    assert options(response, "kecamatan") == [("Blimbing", 2, True), ("Lowokwaru", 1, False)]
    assert options(response, "kelurahan") == [("Blimbing", 1, False), ("Purwantoro", 1, False)]
    assert options(response, "subsector") == [("Kuliner", 1, False)]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"q": "keripik"},
        {"kecamatan": ["35.73.01", "35.73.05"], "subsector": "kuliner"},
        {"kelurahan": "35.73.05.1004"},
        {"halal": "ada"},
        {"halal": "tidak"},
        {"halal": "nonhalal", "kecamatan": "35.73.01"},
        {"pirt": "tidak", "q": "keripik"},
        {"operating_state": "temporary"},
        {"kbli": "10"},
    ],
)
def test_the_total_is_the_number_of_rows_whatever_filters(client, city, query):
    make_subsector()
    halal = add("licence", kind="halal", status="has", number="ID35110000123456")
    make_business(subsector="kuliner", items=[halal])
    make_business(kelurahan="35.73.05.1004", subsector="kuliner", operating_state="temporary")
    make_business(items=[add("licence", kind="halal", status="non_halal")])
    make_business(activity="jasa cuci", name="Laundry")

    listing = client.get("/direktori/", query).context["listing"]

    assert listing.problems == []
    assert listing.total == len(listing.page.rows) == listing.filterset.qs.count()


def test_what_is_not_public_is_absent(client, city):
    kept = make_business(name="Tampil")
    make_business(name="Sembunyi", public_opt_out=True)
    make_business(name="Tutup", operating_state="closed")
    make_business(name="Katanya tutup", operating_state="reported_closed")
    unplaced = make_business(name="Tanpa kelurahan")
    Business.objects.filter(pk=unplaced.pk).update(kelurahan=None)
    merged = make_business(name="Tergabung")
    Business.objects.filter(pk=merged.pk).update(merged_into=kept)
    rebuild_derived()  # what was written past the door is counted after a rebuild

    response = client.get("/direktori/")

    assert names(response) == ["Tampil"]
    assert response.context["listing"].total == 1
    for business in Business.objects.exclude(pk__in=[kept.pk, merged.pk]):
        assert client.get(business.public_url).status_code == 404
    assert client.get(merged.public_url).url == kept.public_url


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_the_same_queries_for_any_number_of_rows(client, city, django_assert_num_queries, rows):
    make_subsector()
    for _ in range(rows):
        make_business(subsector="kuliner", items=[add("product", name="Tempe"), *consent("photo")])

    # the version, the ledger and two lists of names; keys, rows and what is theirs
    with django_assert_num_queries(10):
        client.get("/direktori/")
    with django_assert_num_queries(8):
        client.get("/direktori/")  # names kept
    # the chosen kecamatan; three to read a text, two to find what it means
    with django_assert_num_queries(12):
        client.get("/direktori/", {"q": "keripik", "kecamatan": "35.73.01"})


def test_counts_follow_a_change_at_once(client, city):
    make_business()
    assert client.get("/direktori/").context["listing"].total == 1

    make_business()

    assert client.get("/direktori/").context["listing"].total == 2


def test_counts_of_a_common_word_are_capped_and_say_so(client, city, monkeypatch):
    Region.objects.filter(name="Purwantoro").update(tile_column=1, tile_row=1)
    monkeypatch.setattr("registry.businesses.finding.MOST", 2)
    for _ in range(3):
        make_business()

    response = client.get("/direktori/", {"q": "keripik"})

    assert response.context["listing"].total_text == "2+"
    assert (
        "Lebih dari 2 usaha cocok. Jumlah di filter dan peta menghitung 2 yang pertama"
        in response.content.decode()
    )
    assert "2+ usaha terdata di seluruh kota" in response.content.decode()
    assert len(names(response)) == 2
    complete = client.get("/direktori/", {"q": "keripik", "urut": "nama"})
    assert len(names(complete)) == 3 and complete.context["listing"].total_text == "2+"


def test_pages_follow_each_other_by_name_and_by_newest(client, city, monkeypatch):
    monkeypatch.setattr("registry.directory.pages.PAGE_SIZE", 2)
    for name in ("C", "A", "B"):
        make_business(name=name)

    for query, first, second in (({}, ["A", "B"], ["C"]), ({"urut": "terbaru"}, ["B", "A"], ["C"])):
        page = client.get("/direktori/", query)
        assert names(page) == first
        after = client.get("/direktori/" + page.context["listing"].page.next_url)
        assert names(after) == second
        back = client.get("/direktori/" + after.context["listing"].page.previous_url)
        assert names(back) == first


def test_chips_take_one_filter_off_and_a_kecamatan_with_its_kelurahan(client, city):
    make_business()

    chips = client.get("/direktori/", {"q": "keripik", **WIDE}).context["listing"].chips

    assert [(chip["label"], chip["url"]) for chip in chips] == [
        ("Blimbing", "/direktori/?q=keripik"),
        ("Purwantoro", "/direktori/?q=keripik&kecamatan=35.73.01"),
    ]


def test_a_tile_chooses_its_kelurahan_and_lets_go_of_it(client, city):
    Region.objects.filter(name="Purwantoro").update(tile_column=1, tile_row=1)
    make_business()

    (tile,) = client.get("/direktori/", {"q": "keripik"}).context["listing"].map.tiles
    assert tile.url == "/direktori/?q=keripik&kecamatan=35.73.01&kelurahan=35.73.01.1007"
    assert tile.count == 1

    (chosen,) = client.get(tile.url).context["listing"].map.tiles
    assert chosen.selected
    assert chosen.url == "/direktori/?q=keripik&kecamatan=35.73.01"


def test_another_kecamatan_drops_the_kelurahan_of_the_first(client, city):
    make_business(name="D", kelurahan="35.73.05.1004")

    response = client.get("/direktori/", {"kecamatan": "35.73.05", "kelurahan": "35.73.01.1007"})

    assert names(response) == ["D"]


def test_nothing_found_offers_the_whole_city(client, city):
    make_business(name="Kripik", kelurahan="35.73.05.1004")

    response = client.get("/direktori/", {"q": "kripik", "kelurahan": "35.73.01.1007"})

    assert "Lihat 1 usaha di seluruh kota" in response.content.decode()
    assert names(client.get(response.context["listing"].way_out[0])) == ["Kripik"]


def test_nothing_found_offers_the_text_without_filters_or_everything(client, city):
    make_business(name="Kripik")

    filtered = client.get("/direktori/", {"q": "kripik", "operating_state": "seasonal"}).context["listing"]
    assert filtered.way_out == ("/direktori/?q=kripik", "Lihat 1 usaha tanpa filter")
    unknown = client.get("/direktori/", {"q": "zzz", "operating_state": "seasonal"}).context["listing"]
    assert unknown.way_out == ("/direktori/", "Lihat semua usaha")


def test_an_empty_registry_has_a_page(client, db):
    response = client.get("/direktori/")

    assert response.status_code == 200
    assert "Belum ada usaha di sini" in response.content.decode()


HOSTILE = [
    "q=" + "a" * 5000,
    "q=" + "%25" * 3000,
    "q=" + "_" * 200,
    "q=%27%20OR%201=1--",
    "q=%D9%A1%D9%A2%D9%A3",
    "q=%F0%9F%98%80",
    "q=%EF%BF%BE%ED%A0%80",
    "q=&q=&q=tempe",
    "nik=3573011508800001",
    "owner_name=Wiji",
    "turnover_idr=1",
    "kecamatan=%D9%A3%D9%A5",
    "kecamatan=35.73.01&kecamatan=nowhere",
    "kelurahan=35.73.01.1007&kelurahan=35.73.01.1007",
    "kecamatan=35.73.01%0A",
    "subsector=" + "x" * 3000,
    "operating_state=closed",
    "halal=ya&pirt=1",
    "kbli=%D9%A1",
    "urut=-phone",
    "after=garbage",
    "after=" + "A" * 5000,
    "before=WzEsMl0",
    "after=WyJhIiwiOTk5OTk5OTk5OTk5OTk5OTk5OTkiXQ",
    "urut=terbaru&after=WyJhIiwiMSJd",
    "urut=terbaru&after=Wzk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5LCIxIl0",
    "after=%E2%82%AC&before=%E2%82%AC",
    "=&&&=x",
]


@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: query[:40])
def test_odd_addresses_get_a_page(client, city, query):
    make_business(name="Warung Tempe")

    response = client.get(f"/direktori/?{query}")

    assert response.status_code == 200
    assert len(response.content) < 60_000


@pytest.mark.parametrize(
    "address", ["/direktori/", "/direktori/peta/", "/", "/api/v1/businesses/", "/nowhere/"]
)
@pytest.mark.parametrize("query", ["&".join(["urut=nama"] * 5000), "q=%00"])
def test_what_cannot_be_read_is_refused_at_once(client, db, address, query):
    response = client.get(f"{address}?{query}")

    assert response.status_code == 400
    assert len(response.content) < 3_000


@pytest.mark.parametrize(
    "query", ["nik=3573011508800001", "urut=x", "after=garbage", "kecamatan=x", "q=" + "a" * 300]
)
def test_what_was_not_understood_is_said_and_the_first_page_shown(client, city, query):
    make_business(name="Warung")

    response = client.get(f"/direktori/?{query}")

    assert "Sebagian alamat ini tidak terbaca." in response.content.decode()
    assert names(response) == ["Warung"]
    listing = response.context["listing"]
    assert listing.url() == "/direktori/" and listing.kept == []


def test_nobody_is_found_by_what_they_keep_private(client, city):
    make_business(
        name="Warung",
        phone="6281234500001",
        phone_of="owner",
        address="Jalan Rahasia 5",
        email="wiji@contoh.id",
        items=[owner("Wijayanti Kusumaningrum", phone="6281234500002")],
    )

    for text in ("Wijayanti", "6281234500001", "0812", "Rahasia", "contoh", "6281234500002"):
        assert names(client.get("/direktori/", {"q": text})) == []


def test_a_card_shows_contact_and_rw_by_consent_only(client, city):
    values = {"phone": "6281234500001", "phone_of": "owner", "rw": 15, "rt": 5}
    make_business(name="Diam", **values)
    make_business(name="Terbuka", items=consent("phone", "address"), **values)

    quiet, open_ = client.get("/direktori/").context["listing"].cards

    assert (quiet["chat_url"], quiet["place"]) == ("", "Purwantoro, Blimbing")
    assert (open_["chat_url"], open_["place"]) == (
        "https://wa.me/6281234500001",
        "Purwantoro RW 15, Blimbing",
    )


def test_every_link_of_the_page_is_an_address_of_the_portal(client, city):
    make_business()

    html = client.get("/direktori/", {"q": "keripik"}).content.decode()

    for address in set(re.findall(r'href="(/direktori/[^"#]*)', html)):
        assert client.get(address.replace("&amp;", "&")).status_code == 200
