"""Language and theme: two cookies, two switches, and public pages that are alike for all their readers."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.factories import make_business

pytestmark = pytest.mark.django_db
ALIKE = ("home", "about", "privacy", "directory")


def english(client):
    client.cookies["bahasa"] = "en"
    return client


def test_a_public_page_speaks_english_for_whoever_chose_it(client, city):
    assert '<html lang="id"' in client.get("/tentang/").content.decode()

    response = client.post("/bahasa/", {"bahasa": "en", "next": "/tentang/"})

    assert response.url == "/tentang/"
    page = client.get("/tentang/")
    assert '<html lang="en"' in page.content.decode()
    assert page["Content-Language"] == "en"
    assert "Cookie" in page["Vary"]
    client.post("/bahasa/", {"bahasa": "id"})
    assert '<html lang="id"' in client.get("/tentang/").content.decode()


def test_what_the_browser_prefers_changes_nothing(client, city):
    assert '<html lang="id"' in client.get("/", headers={"accept-language": "en-GB,en"}).content.decode()


def test_a_language_we_lack_is_indonesian(client, city):
    assert client.post("/bahasa/", {"bahasa": "fr"}).cookies["bahasa"].value == "id"
    client.cookies["bahasa"] = "../../etc"
    assert '<html lang="id"' in client.get("/").content.decode()


@pytest.mark.parametrize("back", ["https://contoh.id/", "//contoh.id", "javascript:alert(1)", "/\\contoh.id"])
def test_the_language_switch_leads_nowhere_else(client, back):
    assert client.post("/bahasa/", {"bahasa": "en", "next": back}).url == "/"


def test_the_language_changes_by_post_only(client):
    assert client.get("/bahasa/").status_code == 405


def test_working_pages_and_the_api_stay_indonesian(client, petugas):
    client.force_login(petugas)
    for address in ("/", "/akun/", "/usaha/"):
        page = english(client).get(address)
        assert '<html lang="id"' in page.content.decode(), address
        assert page["Content-Language"] == "id"
    refused = english(client).get("/api/v1/regions/?zz=1").content
    assert refused == Client().get("/api/v1/regions/?zz=1").content


def test_the_sign_in_page_and_missing_pages_speak_the_visitors_language(client, city):
    assert '<html lang="en"' in english(client).get("/masuk/").content.decode()
    assert '<html lang="en"' in client.get("/tidak-ada/").content.decode()
    assert '<html lang="en"' in client.get("/direktori/tidak-ada/").content.decode()


def test_one_visitors_language_is_not_the_next_ones(city):
    english(Client()).get("/tentang/")
    assert translation.get_language() == "id"
    assert '<html lang="id"' in Client().get("/tentang/").content.decode()


# ---- pages that can be kept ------------------------------------------------------------------


def test_the_switches_ask_for_no_token(city):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/tampilan/", {"tema": "dark"}).status_code == 302
    assert strict.post("/bahasa/", {"bahasa": "en"}).status_code == 302
    assert strict.post("/masuk/", {"login": "x", "password": "y"}).status_code == 403


@pytest.mark.parametrize("name", ALIKE)
@pytest.mark.parametrize("cookies", [{}, {"tema": "dark"}, {"bahasa": "en"}])
def test_a_public_page_is_the_same_for_everybody_with_the_same_cookies(city, name, cookies):
    make_business()
    answers = []
    for _visitor in range(2):
        client = Client()
        for key, value in cookies.items():
            client.cookies[key] = value
        answers.append(client.get(reverse(name)))
    first, second = answers
    assert first.content == second.content
    assert "csrfmiddlewaretoken" not in first.content.decode()
    assert "X-CSRFToken" not in first.content.decode()
    assert not first.cookies


def test_the_page_of_a_business_carries_no_token_either(client, city):
    page = client.get(make_business().public_url)
    assert "csrfmiddlewaretoken" not in page.content.decode()
    assert not page.cookies
