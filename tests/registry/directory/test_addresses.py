"""An address that was printed or sent goes on leading to the business: after renames, after merges."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.businesses.addresses import MOST_MERGES, FormerSlug, leads_to
from registry.models import Business
from registry.submissions.actions import apply_batch
from registry.submissions.bulk import send
from tests.factories import make_business, make_submission

pytestmark = pytest.mark.django_db

PAGES = ("", "kartu.jpg", "qr.svg", "cetak/", "lapor/")


@pytest.fixture
def business(city):
    return make_business(name="Keripik Bu Wiji")


def renamed(business, name, *, petugas, verifikator):
    """The business under another name, through the one door; its former slug."""
    business.refresh_from_db()
    former = business.slug
    make_submission(by=petugas, kind="change", business=business, name=name, submit=True).approve(
        by=verifikator
    )
    business.refresh_from_db()
    return former


def test_the_address_follows_the_name_and_keeps_its_tail(business, petugas, verifikator):
    former = renamed(business, "Tempe Sanan Jaya", petugas=petugas, verifikator=verifikator)

    assert business.slug == f"tempe-sanan-jaya-{former.rpartition('-')[2]}"


@pytest.mark.parametrize("page", PAGES)
def test_every_page_under_a_former_address_sends_on_to_todays(client, business, petugas, verifikator, page):
    former = renamed(business, "Tempe Sanan Jaya", petugas=petugas, verifikator=verifikator)

    response = client.get(f"/direktori/{former}/{page}")

    assert response.status_code == 301
    assert response.url == f"{business.public_url}{page}"
    assert "max-age=60" in response["Cache-Control"]
    assert client.get(response.url).status_code == 200


def test_several_names_all_lead_to_the_last_one_in_one_step(client, business, petugas, verifikator):
    formers = [
        renamed(business, name, petugas=petugas, verifikator=verifikator)
        for name in ("Nama B", "Nama C", "Nama D")
    ]

    assert {client.get(f"/direktori/{slug}/").url for slug in formers} == {business.public_url}


def test_a_name_that_comes_back_has_its_address_back(client, business, petugas, verifikator):
    first = business.slug
    second = renamed_to = None
    renamed(business, "Nama B", petugas=petugas, verifikator=verifikator)
    renamed_to = business.slug
    second = renamed(business, "Keripik Bu Wiji", petugas=petugas, verifikator=verifikator)

    assert (business.slug, second) == (first, renamed_to)
    assert client.get(f"/direktori/{first}/").status_code == 200
    assert client.get(f"/direktori/{second}/").url == business.public_url
    assert set(FormerSlug.objects.values_list("slug", flat=True)) == {second}
    third = renamed(business, "Nama B", petugas=petugas, verifikator=verifikator)
    assert client.get(f"/direktori/{third}/").url == business.public_url


@pytest.mark.parametrize("name", ["KERIPIK BU WIJI", "Keripik, Bu Wiji!"])
def test_another_spelling_that_makes_the_same_address_leaves_no_former_one(
    business, petugas, verifikator, name
):
    slug = business.slug
    renamed(business, name, petugas=petugas, verifikator=verifikator)

    assert (business.name, business.slug) == (name, slug)
    assert not FormerSlug.objects.exists()


def test_a_change_of_something_else_leaves_the_address(business, petugas, verifikator):
    slug = business.slug
    make_submission(
        by=petugas, kind="change", business=business, opening_hours="08.00-16.00", submit=True
    ).approve(by=verifikator)

    business.refresh_from_db()
    assert business.slug == slug and not FormerSlug.objects.exists()


def test_a_name_the_reviewer_kept_as_it_is_keeps_its_address(business, petugas, verifikator, operator):
    slug = business.slug
    waiting = make_submission(
        by=petugas, kind="change", business=business, name="Nama Usulan", opening_hours="08.00", submit=True
    )
    Business.objects.filter(pk=business.pk).update(name="Nama Sekarang")

    waiting.approve(by=verifikator, keep=["name"])

    business.refresh_from_db()
    assert (business.slug, business.opening_hours) == (slug, "08.00")


def test_a_batch_of_names_needs_the_same_statements_for_one_and_for_many(city, operator, verifikator):
    def statements(many):
        rows = [make_business(name=f"Lama {many} {n}") for n in range(many)]
        formers = {row.slug for row in rows}
        batch = send(rows, {"name": "Nama Baru"}, by=operator, title="Nama", note="")
        batch.approve(by=verifikator)
        with CaptureQueriesContext(connection) as found:
            apply_batch(batch)
        assert FormerSlug.objects.filter(slug__in=formers).count() == many
        assert {row.slug for row in Business.objects.filter(former_slugs__slug__in=formers)} == {
            f"nama-baru-{slug.rpartition('-')[2]}" for slug in formers
        }
        return len([q for q in found if "former" in q["sql"].lower()])

    assert statements(1) == statements(5) == 2


# ---- merges ----------------------------------------------------------------------------------


def merged(row, into):
    Business.objects.filter(pk=row.pk).update(merged_into=into)


def test_a_merged_business_leads_to_the_one_that_stays_along_the_whole_chain(
    client, business, petugas, verifikator
):
    first, second = make_business(name="Kembar A"), make_business(name="Kembar B")
    former = renamed(first, "Kembar A Baru", petugas=petugas, verifikator=verifikator)
    merged(first, second)
    merged(second, business)

    for slug in (former, first.slug, second.slug):
        assert client.get(f"/direktori/{slug}/").url == business.public_url


def test_a_circle_or_an_endless_chain_of_merges_is_not_found(client, city):
    one, other = make_business(name="Lingkar A"), make_business(name="Lingkar B")
    merged(one, other)
    merged(other, one)

    assert leads_to(one.slug) is None
    assert client.get(one.public_url).status_code == 404
    assert MOST_MERGES >= 5


@pytest.mark.parametrize(
    "hidden", [{"public_opt_out": True}, {"operating_state": "closed"}, {"kelurahan": None}]
)
@pytest.mark.parametrize("page", PAGES)
def test_a_business_that_is_not_shown_is_not_found_by_a_former_address_either(
    client, business, petugas, verifikator, hidden, page
):
    former = renamed(business, "Tempe Sanan Jaya", petugas=petugas, verifikator=verifikator)
    gone = make_business(name="Kembar")
    merged(gone, business)
    Business.objects.filter(pk=business.pk).update(**hidden)

    for slug in (former, business.slug, gone.slug):
        assert client.get(f"/direktori/{slug}/{page}").status_code == 404


def test_an_address_that_never_was_is_not_found(client, business):
    assert client.get("/direktori/tidak-ada-abcdefg/").status_code == 404
