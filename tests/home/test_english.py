"""English is complete on public pages: no word of ours that a visitor reads there is left in Indonesian.

Two nets. One listens to gettext while a page is made and keeps every text that the English catalogue lacks.
The other reads the finished page, without what is marked as Indonesian (names and words of the businesses
themselves), and looks for Indonesian words: so a text that nobody put through gettext is found too.
"""

import re
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from django.utils.translation import trans_real

from registry.businesses.choices import LicenceKind, OperatingState, Scale
from registry.models import Business, Region
from tests import factories
from tests.access import routes as known
from tests.access.table import TABLE
from tests.access.world import HERE, World
from tests.registry.directory.items import add, consent, owner
from umkm_portal.lib import formats

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# Words that no English page uses.
INDONESIAN = re.compile(
    r"\b(yang|dan|atau|untuk|dari|dengan|belum|tidak|usaha|ini|itu|pada|oleh|dalam|akan|sudah|boleh|bila|cari|"
    r"lihat|masuk|halaman|kelurahan ini|petugas|daftar|semua|hapus|urut|tutup|buka|jam|foto|cetak|bagikan|"
    r"direktori|tentang|beranda|peta|unduh|angka|pemilik|bidang|terdata|menurut|berlaku|diperiksa|lain)\b",
    re.IGNORECASE,
)
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
READ_ALOUD = ("alt", "aria-label", "title", "placeholder", "content", "data-copied", "data-announce")


class Listening:
    """Keeps what gettext was asked for in English and did not know; others' texts are English already."""

    def __init__(self, monkeypatch):
        self.unknown = set()
        theirs = list(trans_real.translation("id")._catalog.keys())
        self.foreign = {key if isinstance(key, str) else key[0] for key in theirs}
        for name in ("gettext", "ngettext", "pgettext", "npgettext"):
            real = getattr(trans_real, name)
            monkeypatch.setattr(translation._trans, name, self.ear(name, real), raising=False)

    def ear(self, name, real):
        def asked(*words):
            if translation.get_language() == "en" and not self.knows(name, words):
                self.unknown.add(str(words[1 if "pgettext" in name else 0]))
            return real(*words)

        return asked

    def knows(self, name, words):
        context, words = (f"{words[0]}\x04", words[1:]) if "pgettext" in name else ("", words)
        text = context + str(words[0]).replace("\r\n", "\n")
        keys = [(text, 0), (text, 1)] if name.startswith("n") else [text]
        catalog = trans_real.catalog()
        return not text or text in self.foreign or all(key in catalog._catalog for key in keys)


class Page(HTMLParser):
    """What a reader meets on a page, by the language it is marked with."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.open, self.said = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        language = attrs.get("lang") or (self.open[-1][1] if self.open else "")
        for name in READ_ALOUD:
            if attrs.get(name) and not (name == "content" and "name" not in attrs):
                self.said.append((language, attrs[name]))
        if tag not in VOID:
            self.open.append((tag, language))

    def handle_endtag(self, tag):
        while self.open:
            if self.open.pop()[0] == tag:
                break

    def handle_data(self, data):
        tag, language = self.open[-1] if self.open else ("", "")
        if tag not in ("script", "style") and data.strip():
            self.said.append((language, " ".join(data.split())))


def left_in_indonesian(html):
    said = [(language, re.sub(r"https?://\S+", "", text)) for language, text in Page(html).said]
    return [text for language, text in said if language != "id" and INDONESIAN.search(text)]


@pytest.fixture
def world():
    """The city of the access matrix, and businesses in every state with everything the public may see."""
    city = World()
    factories.make_subsector("fesyen", "Fesyen")
    for state, months in (("active", []), ("temporary", []), ("seasonal", [6, 7, 12])):
        factories.make_business(
            name=f"Batik {state}", activity="batik tulis", subsector="fesyen", kbli="2025:10307",
            operating_state=state, season_months=months, opening_hours="Senin–Sabtu 08.00–16.00",
            phone="081234567890", phone_of="owner", address="Jl. Merbabu 1", rt=1, rw=2,
            latitude="-7.95", longitude="112.63", description="Sejak 1998.",
            items=[
                *consent("owner_name", "phone", "address", "exact_place"),
                owner(),
                add("product", name="Kain", price_idr=250_000, unit="lembar", technique="tulis"),
                add("licence", kind="halal", status="has", number="ID35410000000", expires_on="2020-01-05"),
                add("licence", kind="pirt", status="has", number="210357301000130", expires_on="2028-01-05"),
                add("licence", kind="nib", status="has", number="1234567890123"),
                add("licence", kind="merek", status="has", checked_on="2026-01-05"),
            ],
        )  # fmt: skip
    factories.make_business(name="Sate", items=[add("licence", kind="halal", status="non_halal")])
    Region.objects.filter(name="Purwantoro").update(tile_column=1, tile_row=1)
    return city


def public_addresses(world):
    """Every address a visitor may open, from the table of the access matrix, and what is found there."""
    found = [
        reverse("account_login"),
        "/tidak-ada/",
        "/direktori/?q=tidakadasamasekali",
        "/direktori/peta/?q=batik&warna=bagian",
        "/direktori/angka/?q=tidakadasamasekali",
        "/direktori/unduh/?q=tidakadasamasekali",
        "/direktori/unduh/?kecamatan=35.73.01&q=batik",
        "/direktori/?q=batik&zz=1&urut=zz&after=zz",
        "/direktori/?kecamatan=35.73.01&kelurahan=35.73.01.1007&halal=ada&subsector=fesyen",
        *(business.public_url for business in Business.objects.public()),
    ]
    for route in known.all_routes():
        entry = TABLE.get(route.name)
        if route.path.startswith("lapor/kerangka/"):
            continue  # working pages of nobody, which the phone keeps for officers without signal
        who = entry.methods.get("GET") if entry and not route.is_api else None
        if who is not None and who.everybody:
            found.append(route.address(world.parts(entry.row, HERE, None) if route.parts else {}))
    return found


def test_no_text_of_a_public_page_is_left_untranslated(world, monkeypatch):
    listening, wrong, seen = Listening(monkeypatch), [], 0
    client = Client()
    client.cookies["bahasa"] = "en"
    for address in public_addresses(world):
        answer = client.get(address)
        if b"<html" not in b"".join(answer):
            continue
        seen += 1
        html = answer.content.decode()
        assert '<html lang="en"' in html, address
        wrong += [f"{address}: {text}" for text in left_in_indonesian(html)]
    assert seen > 12
    assert not listening.unknown, "\n".join(sorted(listening.unknown))
    assert not wrong, "\n".join(wrong)


def test_the_pages_for_what_went_wrong_speak_english_too(client, monkeypatch):
    listening = Listening(monkeypatch)
    with translation.override("en"):
        for name in ("400.html", "403.html", "403_csrf.html", "404.html", "405.html", "500.html"):
            html = render_to_string(
                name, {}, request=RequestFactory().get("/") if name[0:2] != "50" else None
            )
            assert '<html lang="en"' in html, name
            assert left_in_indonesian(html) == [], name
    assert not listening.unknown, "\n".join(sorted(listening.unknown))


@pytest.mark.parametrize("labels", [OperatingState.labels[:3], LicenceKind.labels, Scale.labels])
def test_every_word_of_the_closed_lists_the_public_meets_is_translated(labels, monkeypatch):
    listening = Listening(monkeypatch)
    with translation.override("en"):
        assert all(str(label) for label in labels)
    assert listening.unknown == set()


def test_a_text_without_translation_is_heard_and_seen(monkeypatch):
    listening = Listening(monkeypatch)
    with translation.override("en"):
        translation.gettext("Kalimat yang tidak diterjemahkan")
        translation.ngettext("%d kucing", "%d kucing", 2)
    assert listening.unknown == {"Kalimat yang tidak diterjemahkan", "%d kucing"}
    page = '<p>Cari usaha</p><p lang="id">Keripik dan kopi</p><img alt="foto toko"><p>Open now</p>'
    assert left_in_indonesian(page) == ["Cari usaha", "foto toko"]


def test_dates_are_english_and_rupiah_stays_as_it_is_printed_on_packs():
    with translation.override("en"):
        assert formats.day("2026-08-17") == "17 August 2026"
        assert formats.rupiah(1_500_000) == "Rp1.500.000"
        assert formats.number(11_158) == "11,158"
    assert formats.day("2026-08-17") == "17 Agustus 2026"
