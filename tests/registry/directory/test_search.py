"""What people type finds what they mean: spellings, honorifics, order, a letter off, words of the office."""

import pytest
from django.db import transaction

from registry.businesses import finding
from registry.businesses.derived import derive_facet_key
from registry.businesses.rebuild import rebuild_search
from registry.models import Business, Synonym, Term
from registry.search import index
from tests.factories import make_business
from tests.registry.directory.items import add

pytestmark = pytest.mark.django_db


@pytest.fixture
def registry(city):
    """A dozen businesses, and the vocabulary learnt (it is learnt after commits)."""
    for name, activity in (
        ("Kerupuk Udang Bu Sri", "kerupuk"),
        ("Krupuk Melati", "aneka krupuk"),
        ("Katering Barokah", "nasi kotak"),
        ("Catering Melati Indah", "jualan"),
        ("Ketring Bunda", "jualan"),
        ("Toko Kelontong Sumber Rejeki", "klontong"),
        ("Foto Copy Berkah", "jilid"),
        ("Fotokopi Soehat", "cetak"),
        ("Wedangan Pakde Djo", "wedang ronde"),
        ("Warung Hik Mas Karyo", "jualan"),
        ("Kopi Kajoetangan", "kopi tubruk"),
        ("Bakso Bapak Man", "bakso"),
        ("Batik Celaket", "batik tulis"),
        ("Warung Ma'ruf", "nasi goreng"),
    ):
        make_business(name=name, activity=activity)
    make_business(name="Dapur Lestari", activity="jajan", items=[add("product", name="Rengginang terasi")])
    for words in ("angkringan, wedangan, hik", "katering, ketring, nasi kotak"):
        Synonym.objects.get_or_create(words=words)
    rebuild_search()


def found(client, text, **params):
    return [c["name"] for c in client.get("/direktori/", {"q": text, **params}).context["listing"].cards]


BOTH_KRUPUK = {"Kerupuk Udang Bu Sri", "Krupuk Melati"}
ALL_CATERING = {"Katering Barokah", "Catering Melati Indah", "Ketring Bunda"}
BOTH_COPY = {"Foto Copy Berkah", "Fotokopi Soehat"}
BOTH_WEDANGAN = {"Wedangan Pakde Djo", "Warung Hik Mas Karyo"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("krupuk", BOTH_KRUPUK),
        ("kerupuk", BOTH_KRUPUK),
        ("katering", ALL_CATERING),
        ("catering", ALL_CATERING),
        ("ketring", ALL_CATERING),
        ("klontong", {"Toko Kelontong Sumber Rejeki"}),
        ("kelontong", {"Toko Kelontong Sumber Rejeki"}),
        ("fotokopi", BOTH_COPY),
        ("foto copy", BOTH_COPY),
        ("photo copy", BOTH_COPY),
        ("angkringan", BOTH_WEDANGAN),
        ("hik", BOTH_WEDANGAN),
        ("kayutangan", {"Kopi Kajoetangan"}),
        ("kopi kajutangan", {"Kopi Kajoetangan"}),
        ("bakso pak man", {"Bakso Bapak Man"}),
        ("bakso pk man", {"Bakso Bapak Man"}),
        ("man bakso", {"Bakso Bapak Man"}),
        ("kerupuk ibu sri", {"Kerupuk Udang Bu Sri"}),
        ("kerupuk mbak sri", {"Kerupuk Udang Bu Sri"}),
        ("rengginang", {"Dapur Lestari"}),
        ("terasi rengginang", {"Dapur Lestari"}),
        ("maruf", {"Warung Ma'ruf"}),
        ("batk celaket", {"Batik Celaket"}),
        ("baitk", {"Batik Celaket"}),
        ("celaaket batik", {"Batik Celaket"}),
        ("celket", {"Batik Celaket"}),
    ],
)
def test_it_is_found_however_it_is_written(client, registry, text, names):
    assert set(found(client, text)) == names


def test_the_name_comes_before_what_is_sold_and_the_word_before_its_neighbours(client, registry):
    make_business(name="Warung Sederhana", activity="batik dan rengginang")

    assert found(client, "batik") == ["Batik Celaket", "Warung Sederhana"]
    assert found(client, "ketring")[0] == "Ketring Bunda"
    assert found(client, "catering")[0] == "Catering Melati Indah"


def test_a_misspelling_says_what_it_took_it_for(client, registry):
    html = client.get("/direktori/", {"q": "baitk tulsi"}).content.decode()

    assert "Tidak ada yang persis “baitk tulsi”" in html
    assert "?q=batik+tulis" in html


def test_a_word_nobody_bears_is_left_out_and_said(client, registry):
    response = client.get("/direktori/", {"q": "batik xylograf"})

    assert found(client, "batik xylograf") == ["Batik Celaket"]
    assert "yang tampil hasil tanpa “xylograf”" in response.content.decode()
    assert found(client, "xylograf") == []


def test_common_words_do_not_drown_a_rare_one(client, registry):
    for number in range(30):
        make_business(name=f"Warung Makan {number}", activity="warung makan nasi")
    make_business(name="Warung Celaket", activity="warung")

    assert found(client, "warung celaket")[0] == "Warung Celaket"
    assert found(client, "celaket warung")[0] == "Warung Celaket"
    assert len(found(client, "warung makan")) == 20


def test_pages_of_a_search_follow_each_other_and_end(client, registry, monkeypatch):
    monkeypatch.setattr("registry.directory.pages.PAGE_SIZE", 2)
    first = client.get("/direktori/", {"q": "catering"}).context["listing"]
    second = client.get(first.page.next_url).context["listing"]

    assert first.page.previous_url == "" and second.page.next_url == ""
    assert {c["name"] for c in first.cards + second.cards} == ALL_CATERING
    for odd in ("3", "0", "-1", "1e9", "abc", "٢"):
        listing = client.get("/direktori/", {"q": "catering", "hal": odd}).context["listing"]
        assert [c["name"] for c in listing.cards] == [c["name"] for c in first.cards]
        assert "Alamat halaman itu tidak dikenal" in " ".join(listing.problems)


def test_the_api_finds_the_same(client, registry):
    for text in ("ketring", "baitk", "foto copy", "batik xylograf"):
        rows = client.get("/api/v1/businesses/", {"q": text}).json()["results"]
        assert {row["name"] for row in rows} == set(found(client, text))


def test_a_search_asks_the_same_number_of_questions_for_any_registry(
    client, registry, django_assert_num_queries
):
    def asked(text):
        with django_assert_num_queries(4):
            return finding.search(text)

    assert asked("batik celaket").hits
    for number in range(20):
        make_business(name=f"Batik Celaket {number}")
    assert len(asked("batik celaket").hits) == 21


def test_nothing_private_is_found_or_suggested(client, registry, django_capture_on_commit_callbacks):
    def answers():
        """What every text finds, and what is said about it."""
        pages = {}
        for text in ("zamrud", "zamrut", "batik zamrut", "warung zamrud", "zam rud"):
            listing = client.get("/direktori/", {"q": text}).context["listing"]
            found = listing.found
            pages[text] = (found.corrected, found.left_out, [hit.name for hit in found.hits])
        return pages

    without = answers()
    with django_capture_on_commit_callbacks(execute=True):
        hidden = make_business(name="Zamrud Rahasia", public_opt_out=True)

    assert answers() == without
    assert not any(hidden.name in hits for _text, _left, hits in without.values())
    Business.objects.filter(pk=hidden.pk).update(public_opt_out=False)
    rebuild_search()
    assert answers() != without  # shown to the public, it is found: the words above would find it


def test_words_that_nobody_bears_together_give_way_to_the_rarest(client, registry):
    for number in range(3):
        make_business(name=f"Bakso Ceria {number}")
    rebuild_search()

    response = client.get("/direktori/", {"q": "bakso celaket"})

    assert [c["name"] for c in response.context["listing"].cards] == ["Batik Celaket"]
    assert response.context["listing"].found.left_out == ("bakso",)


def test_who_spells_a_long_word_right_gets_no_word_a_letter_off(client, registry):
    make_business(name="Permatasari Kue", activity="kue")
    make_business(name="Permatasani Cuci", activity="cuci")
    rebuild_search()

    assert found(client, "permatasari") == ["Permatasari Kue"]
    assert set(found(client, "permatasavi")) == {"Permatasari Kue", "Permatasani Cuci"}


def test_a_rare_word_stands_before_its_neighbours_beside_a_common_one(client, registry):
    make_business(name="Bordir Syijamart", activity="bordir")
    make_business(name="Makanan Nijamart", activity="makanan")
    for number in range(8):
        make_business(name=f"Makanan Enak {number}", activity="makanan")
    rebuild_search()

    assert found(client, "makanan syijamart") == ["Bordir Syijamart", "Makanan Nijamart"]


def test_a_word_only_a_hidden_business_bears_is_suggested_no_more(
    client, registry, django_capture_on_commit_callbacks
):
    make_business(name="Depot Sulastri", activity="pecel")
    hidden = make_business(name="Dapur Sulasty", activity="pecel")
    rebuild_search()
    assert finding.search("sulast").corrected == "sulasty"
    assert Term.objects.get(key="sulasti").count == 1

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        hidden.public_opt_out = True
        index.remember(hidden)
        derive_facet_key(hidden)
        hidden.save()
        index.put([hidden])

    assert Term.objects.get(key="sulasti").count == 0 and Term.objects.get(key="sulastri").count == 1
    assert "sulasty" not in finding.search("sulast").corrected


def test_a_common_word_under_a_filter_is_counted_there(client, registry, monkeypatch):
    monkeypatch.setattr("registry.businesses.finding.MOST", 5)
    for number in range(12):
        make_business(name=f"Warung {number}", activity="nasi")
    for number in range(3):
        make_business(name=f"Warung Dinoyo {number}", kelurahan="35.73.05.1004", activity="nasi")

    where = {"kecamatan": "35.73.05", "kelurahan": "35.73.05.1004"}
    listing = client.get("/direktori/", {"q": "warung"} | where).context["listing"]

    assert len(listing.cards) == 3 and listing.total_text == "3"


def test_every_view_means_the_same_by_a_letter_off(client, registry):
    for number in range(25):
        halal = [add("licence", kind="halal", status="has", number=f"ID351100001234{number:02d}")]
        make_business(name=f"Rengginang {number}", activity="jajan", items=halal if number < 20 else [])
    for number in range(3):
        make_business(name=f"Ranginang {number}", activity="jajan")
    rebuild_search()

    for query in ({"q": "rengginang"}, {"q": "rengginang", "halal": "tidak"}):
        listing = client.get("/direktori/", query).context["listing"]
        rows = client.get("/api/v1/businesses/", query | {"limit": 200}).json()["results"]
        assert listing.total == listing.matching().count() == len(rows)
