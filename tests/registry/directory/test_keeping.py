"""A finished page is kept for visitors, and gone as soon as what it shows is taken back."""

import gzip

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from registry.models import Consent
from tests.factories import make_business
from tests.registry.directory.items import consent, owner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_pages")]
PAGES = ("/", "/direktori/", "/direktori/?q=keripik")


@pytest.fixture
def open_business(city):
    return make_business(
        name="Keripik Bu Wiji",
        phone="6281234500001",
        phone_of="owner",
        items=[owner("Wiji"), *consent("phone")],
    )


@pytest.mark.parametrize("page", PAGES)
def test_a_second_visitor_is_sent_the_same_page_without_making_it(
    client, open_business, django_assert_max_num_queries, page
):
    first = client.get(page)
    with django_assert_max_num_queries(1):
        again = client.get(page)
    assert again.content == first.content and again["ETag"] == first["ETag"]

    with django_assert_max_num_queries(1):
        same = client.get(page, HTTP_IF_NONE_MATCH=first["ETag"])
    assert same.status_code == 304 and same.content == b""
    assert "no-cache" in same["Cache-Control"] and "Cookie" in same["Vary"]


def test_a_compressed_page_says_what_the_plain_one_says(client, open_business):
    plain = client.get("/direktori/").content
    packed = client.get("/direktori/", HTTP_ACCEPT_ENCODING="gzip")

    assert packed["Content-Encoding"] == "gzip" and gzip.decompress(packed.content) == plain


def test_withdrawn_consent_is_gone_from_every_kept_page_at_once(client, open_business, operator):
    pages = (*PAGES, open_business.public_url)
    assert [b"wa.me/6281234500001" in client.get(page).content for page in pages] == [False, True, True, True]

    Consent.objects.get(business=open_business, group="phone").withdraw(by=operator)

    assert not any(b"6281234500001" in client.get(page).content for page in pages)


def test_languages_and_themes_are_kept_apart(client, open_business):
    client.get("/direktori/")
    client.cookies["tema"] = "dark"
    assert 'data-bs-theme="dark"' in client.get("/direktori/").content.decode()


def test_who_is_signed_in_gets_a_page_of_their_own(client, open_business, operator):
    visitor = client.get("/direktori/").content
    client.force_login(operator)
    own = client.get("/direktori/")

    assert own.content != visitor and "ETag" not in own
    client.logout()
    client.cookies.clear()
    assert client.get("/direktori/").content == visitor


def test_odd_addresses_are_answered_but_not_kept(client, open_business):
    for address in ("/direktori/?q=" + "a" * 2000, "/direktori/nowhere/"):
        client.get(address)
        assert not [key for key in caches["pages"]._cache if "page:" in key]


def test_the_version_moves_with_every_change(open_business, operator):
    from registry.directory.keeping import version

    before = version()
    Consent.objects.get(business=open_business, group="phone").withdraw(by=operator)
    assert version() > before


def test_an_empty_registry_has_a_version(db):
    from registry.directory.keeping import version

    assert version() is None


def test_what_one_visitor_is_told_is_told_to_nobody_else(client, open_business, operator):
    """Messages travel in a cookie of their own, which outlives the session."""
    client.force_login(operator)
    client.post(reverse("account_logout"))
    assert "messages" in client.cookies and not client.cookies["sessionid"].value
    del client.cookies["sessionid"]  # as a browser does; the test's client keeps it, empty

    own = client.get("/").content.decode()
    assert "Anda telah keluar" in own
    assert "Anda telah keluar" not in Client().get("/").content.decode()
