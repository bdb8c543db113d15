"""Saved views: whose they are, what they may hold, and what sharing leaves behind."""

import pytest

from accounts import saved
from accounts.models import AuditEntry, SavedView
from tests.factories import make_business, make_officer
from umkm_portal.lib.errors import Refused

pytestmark = pytest.mark.django_db

LIST, SAVE = "/usaha/", "/akun/tampilan/simpan/"


def keep(user, title="Mikro", query="scale=micro", **values):
    return saved.save_view(page="business-list", title=title, query=query, by=user, **values)[0]


@pytest.mark.parametrize(
    ("query", "kept", "left_out"),
    [
        ("scale=micro&urut=-omzet&kolom=pemilik,kbli", "scale=micro&urut=-omzet&kolom=pemilik%2Ckbli", False),
        ("?q=tempe&after=abc&before=x&rw=", "q=tempe", False),
        ("q=08123456789&scale=micro", "scale=micro", True),
        ("q=0812+3456", "", True),
        ("q=1.2.3.4.5", "", True),
        ("q=RW+1234", "q=RW+1234", False),
        ("kelurahan=35.73.01.1007&kbli=2025:10307", "kelurahan=35.73.01.1007&kbli=2025%3A10307", False),
        ("scale=3573011508800007", "", True),
        (
            "csrfmiddlewaretoken=abc&changed_after=2026-01-01T00:00:00",
            "changed_after=2026-01-01T00%3A00%3A00",
            False,
        ),
    ],
)
def test_an_address_is_kept_without_pager_and_numbers(query, kept, left_out):
    assert saved.clean_query(query) == (kept, left_out)


def test_the_page_says_that_a_number_was_left_out(client, petugas):
    client.force_login(petugas)

    answer = client.post(
        SAVE, {"page": "business-list", "title": "Bu Wiji", "query": "q=081234567&scale=micro"}
    )

    assert answer.url == "/usaha/?scale=micro"
    assert "tidak ikut disimpan" in client.get(answer.url).content.decode()
    assert SavedView.objects.get().query == "scale=micro"


@pytest.mark.parametrize("title", ["  ", "Bu Wiji 0812 3456 7890"])
def test_a_title_that_will_not_do_comes_back_with_what_was_typed(client, petugas, title):
    client.force_login(petugas)

    answer = client.post(SAVE, {"page": "business-list", "title": title, "query": "rw=5", "shared": "1"})

    assert answer.url == "/usaha/?rw=5" and not SavedView.objects.exists()
    assert "0812 3456" not in str(dict(client.session))
    page = client.get(answer.url).content.decode()
    assert 'id="tampilan-business-list-salah"' in page and '<details class="menu" open>' in page
    assert f'value="{title}" aria-invalid="true"' in page
    assert 'name="shared" value="1" checked' in page
    assert "-salah" not in client.get(answer.url).content.decode()  # once


def test_a_saved_view_stands_in_the_menu_of_its_list(client, petugas):
    keep(petugas)
    client.force_login(petugas)

    page = client.get(LIST + "?scale=micro").content.decode()

    assert '<a href="/usaha/?scale=micro" aria-current="true">' in page


def test_a_private_view_is_its_owners_and_a_shared_one_everybodys(petugas, petugas_dinoyo):
    private, shared = keep(petugas), keep(petugas, "Tanpa NIB", "nib=tidak", shared=True)

    assert saved.for_page(petugas, "business-list") == ([private, shared], [])
    assert saved.for_page(petugas_dinoyo, "business-list") == ([], [shared])


def test_a_shared_view_shows_each_reader_their_own_reach(client, petugas, petugas_dinoyo):
    make_business(name="Soto Purwantoro")
    make_business(name="Soto Dinoyo", kelurahan="35.73.05.1004")
    view = keep(petugas, "Soto", "q=soto", shared=True)

    client.force_login(petugas_dinoyo)
    page = client.get(f"{LIST}?{view.query}")

    assert [r.business.name for r in page.context["rows"]] == ["Soto Dinoyo"]


def test_a_view_of_a_list_one_may_not_open_is_not_told(city, verifikator, petugas, nobody):
    saved.save_view(
        page="submission-queue", title="Lambat", query="overdue=true", by=verifikator, shared=True
    )

    assert saved.for_page(petugas, "submission-queue") == ([], [])
    for user, page in ((petugas, "submission-queue"), (nobody, "business-list"), (petugas, "home")):
        with pytest.raises(Refused) as refused:
            saved.save_view(page=page, title="X", query="", by=user)
        assert refused.value.code == "view-page"


@pytest.mark.parametrize("page", ["", "home", "//evil.example", "account_logout"])
def test_only_listed_pages_can_be_saved(client, petugas, page):
    client.force_login(petugas)

    assert client.post(SAVE, {"page": page, "title": "X", "query": "a=1"}).status_code == 404


def test_the_same_title_replaces(petugas):
    keep(petugas)
    keep(petugas, query="scale=small")

    assert SavedView.objects.get().query == "scale=small"


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("", "view-title"),
        ("  ", "view-title"),
        ("x" * 81, "view-title"),
        ("Bu Wiji 0812-3456-789", "view-title"),
    ],
)
def test_a_title_is_a_short_line_without_a_number(petugas, title, code):
    with pytest.raises(Refused) as refused:
        keep(petugas, title)
    assert refused.value.code == code


def test_too_long_and_too_many_are_refused(petugas, monkeypatch):
    with pytest.raises(Refused) as refused:
        keep(petugas, query="kolom=" + "a" * 3000)
    assert refused.value.code == "view-too-long"
    monkeypatch.setattr(saved, "MOST", 1)
    keep(petugas)
    with pytest.raises(Refused) as refused:
        keep(petugas, "Lain")
    assert refused.value.code == "view-too-many"


def test_more_parameters_than_any_list_has_are_refused_in_words(client, petugas):
    client.force_login(petugas)
    most, query = ("&".join(["rw=1"] * n) for n in (saved.MOST_PARAMETERS, saved.MOST_PARAMETERS + 1))

    answer = client.post(SAVE, {"page": "business-list", "title": "A", "query": query})

    assert answer.url == LIST
    assert "terlalu panjang" in client.get(answer.url).content.decode()
    with pytest.raises(Refused) as refused:
        keep(petugas, query=query)
    assert refused.value.code == "view-too-long"
    assert not SavedView.objects.exists()
    assert client.get(f"{LIST}?{query}").status_code in (200, 302, 400)
    assert keep(petugas, query=most).query == most


def test_only_sharing_leaves_a_line(petugas):
    view = keep(petugas)
    saved.rename(view, title="Mikro saja", by=petugas)
    saved.delete(keep(petugas, "Sementara"), by=petugas)
    assert not AuditEntry.objects.filter(act__startswith="view.").exists()

    saved.share(view, shared=True, by=petugas)
    saved.share(view, shared=True, by=petugas)
    saved.delete(view, by=petugas)

    lines = list(AuditEntry.objects.filter(act__startswith="view.").order_by("pk"))
    assert [(e.act, e.detail) for e in lines] == [
        ("view.shared", {"page": "business-list", "filters": ["scale"]}),
        ("view.unshared", {"page": "business-list", "filters": ["scale"]}),
    ]


@pytest.mark.parametrize("act", ["rename", "share", "delete"])
def test_anothers_view_is_out_of_reach(client, city, petugas, act):
    view = keep(petugas, shared=True)
    client.force_login(make_officer("verifikator", city["Kota"]))

    assert client.post(f"/akun/tampilan/{view.uuid}/", {"act": act, "title": "Ambil"}).status_code == 404
    view.refresh_from_db()
    assert view.title == "Mikro"


def test_a_view_is_renamed_shared_and_deleted_on_its_page(client, petugas):
    view = keep(petugas)
    keep(petugas, "Lain")
    client.force_login(petugas)
    url = f"/akun/tampilan/{view.uuid}/"

    client.post(url, {"act": "rename", "title": "Usaha mikro"})
    client.post(url, {"act": "share"})
    page = client.get("/akun/tampilan/").content.decode()
    assert "Usaha mikro" in page and "Berhenti membagikan" in page
    client.post(url, {"act": "rename", "title": "Lain"})
    assert "sudah punya tampilan" in client.get("/akun/tampilan/").content.decode()
    client.post(url, {"act": "delete"})

    assert [v.title for v in SavedView.objects.all()] == ["Lain"]
    assert client.post(url, {"act": "apa"}).status_code == 404
