"""An officer of two kelurahan chooses which one lists show; what they may do stays what the posts say."""

import pytest
from django.test import Client

from registry.models import Post
from tests.factories import make_business, make_officer, make_post, make_submission

pytestmark = pytest.mark.django_db
PURWANTORO, DINOYO, BLIMBING = "35.73.01.1007", "35.73.05.1004", "35.73.01.1005"


@pytest.fixture
def both(city):
    user = make_officer("petugas", city["Purwantoro"])
    make_post(user, "petugas", city["Dinoyo"])
    return user


@pytest.fixture
def client(both):
    client = Client()
    client.force_login(both)
    return client


def work_in(client, code, **more):
    return client.post("/jabatan/kelurahan/", {"kelurahan": code, "next": "/usaha/"} | more)


def test_the_switch_stands_on_every_working_page_of_who_serves_several(client, petugas):
    for path in ("/", "/usaha/", "/data-saya/", "/akun/"):
        assert 'name="kelurahan" value="35.73.05.1004" aria-pressed="false"' in client.get(path).text, path
    one = Client()
    one.force_login(petugas)
    assert "aria-pressed" not in one.get("/usaha/").text


def test_it_narrows_lists_in_their_address_and_presets_the_entry(client, both):
    here, there = make_business(name="Kios Sini"), make_business(name="Kios Sana", kelurahan=DINOYO)
    make_submission(by=both, name="Draf Sini"), make_submission(by=both, name="Draf Sana", kelurahan=DINOYO)

    assert work_in(client, DINOYO).url == "/usaha/"
    assert client.get("/usaha/").url == f"/usaha/?kelurahan={DINOYO}"
    page = client.get("/usaha/", follow=True).text
    assert "Kios Sana" in page and "Kios Sini" not in page
    drafts = client.get("/data-saya/", follow=True).text
    assert "Draf Sana" in drafts and "Draf Sini" not in drafts
    assert "Draf Sini" not in client.get("/").text
    assert f'value="{DINOYO}" selected' in client.get("/usaha/baru/").text
    for business in (here, there):
        assert client.get(business.get_absolute_url()).status_code == 200

    work_in(client, "")
    assert client.get("/usaha/").status_code == 200
    assert "Draf Sini" in client.get("/").text


@pytest.mark.parametrize("code", [BLIMBING, "35.73", "x", "35.73.01.9999"])
def test_it_never_widens_reach(client, city, code):
    make_business(name="Kios Asing", kelurahan=BLIMBING)
    work_in(client, DINOYO)
    work_in(client, code)
    assert "working_in" not in client.session
    assert "Kios Asing" not in client.get("/usaha/", follow=True).text


def test_a_choice_ends_with_its_post(client, both, city, admin=None):
    work_in(client, DINOYO)
    Post.objects.filter(user=both, region=city["Dinoyo"]).delete()
    assert client.get("/usaha/").status_code == 200


def test_it_leads_nowhere_else(client):
    assert work_in(client, DINOYO, next="https://elsewhere.example/").url == "/"
