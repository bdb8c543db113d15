"""The page of one business: what everybody sees, what only a consent shows, and never the rest."""

import itertools
import json

import pytest
from django.core.files.base import ContentFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from registry.businesses.belongings import Photo
from registry.businesses.public import public_facts
from registry.directory.public import directory_facts, public_businesses
from registry.models import Business, Consent, Person
from registry.submissions.photos import reencode
from tests.factories import make_business, make_kbli, make_subsector
from tests.registry.directory.items import add, consent, owner

pytestmark = pytest.mark.django_db

# What the public sees of everybody (ARCHITECTURE section 8), and the technical columns it implies.
PUBLIC_COLUMNS = {
    "id", "uuid", "slug", "name", "activity", "description", "kelurahan", "kbli", "subsector",
    "operating_state", "season_months", "opening_hours", "last_confirmed_on", "existence_verified_at",
    "has_nib", "has_halal", "has_pirt",
}  # fmt: skip
# What one consent opens: {group: {column}}.
BY_CONSENT = {
    "owner_name": {"owner_name"},
    "phone": {"phone"},
    "address": {"address", "stall", "rt", "rw"},
    "exact_place": {"latitude", "longitude"},
}
GROUPS = [*BY_CONSENT, "photo"]
GIVEN = {
    "phone": "6281298765432",
    "rt": 771,
    "rw": 662,
    "latitude": "-7.987654",
    "longitude": "112.634567",
}
# How a page writes a column that is not written as it is stored.
WRITTEN = {"rt": "RT 771", "rw": "RW 662", "phone": "0812-9876-5432", "latitude": "7.987654"}


def planted(column):
    """A value that stands nowhere else, for one private column; None where it can hold none."""
    if column.name in GIVEN:
        return GIVEN[column.name]
    number = column.creation_counter
    if column.choices or (not column.editable and column.name.startswith("existence")):
        return None
    if isinstance(column, models.IntegerField) and not column.is_relation:
        small = isinstance(column, models.PositiveSmallIntegerField)
        return 31000 + number % 700 if small else 987_000_000 + number % 100_000
    if isinstance(column, models.TextField | models.CharField):
        return f"zq{number}zq"[: column.max_length]
    return None


def private_columns():
    for column in Business._meta.concrete_fields:
        private = column.name not in PUBLIC_COLUMNS and not column.is_relation
        if private and (value := planted(column)) is not None:
            yield column.name, value


@pytest.fixture
def business(city):
    """A business with a distinctive value in every column that is not public, and in its belongings."""
    row = make_business(
        name="Warung Uji",
        activity="rujak cingur",
        kbli=make_kbli().key,
        subsector=make_subsector().slug,
        items=[
            owner(
                "zqorangzq",
                phone="6281311112222",
                phone_of="owner",
                email="zqsurel@zq.id",
                address="zqrumahzq",
                education="zqsekolahzq",
                disability="zqdifabelzq",
                nik_answer="later",
            ),
            add("licence", kind="nib", status="has", number="9120001234567", note="zqcatatanzq"),
            add("licence", kind="merek", status="has", number="zqmerekzq"),
            add("licence", kind="sni", status="none", note="zqsnizq"),
            add("product", name="Rujak", price_idr=15000),
        ],
    )
    Business.objects.filter(pk=row.pk).update(**dict(private_columns()), phone_of="owner")
    return row


def forms_of(value):
    """The ways a page might write a planted value."""
    if isinstance(value, int):
        return {str(value), f"{value:,}".replace(",", ".")}
    return {str(value)}


def seen(client, business):
    """All the public can read of it: the page, the list, and the facts the API gives out."""
    (row,) = public_businesses()
    parts = [
        client.get(business.public_url).content.decode(),
        client.get("/direktori/").content.decode(),
        client.get("/api/v1/businesses/").content.decode(),
        client.get(f"/api/v1/businesses/{business.uuid}/").content.decode(),
        json.dumps(directory_facts(row).as_dict(), cls=DjangoJSONEncoder),
        json.dumps(public_facts(row), default=str),
    ]
    return "\n".join(parts)


def test_no_private_column_is_planted_in_vain(business):
    """The negative control: every planted value can be found where it is shown."""
    business.refresh_from_db()
    for name, value in private_columns():
        assert str(getattr(business, name)).lstrip("-") == str(value).lstrip("-"), name


def test_no_private_value_reaches_the_public_without_consent(client, business):
    text = seen(client, business)

    assert "Warung Uji" in text and "rujak cingur" in text
    for name, value in private_columns():
        for form in forms_of(value) | {WRITTEN.get(name, str(value))}:
            assert form not in text, name
    for value in ("zq", "9120001234567", "6281311112222", "0813-1111-2222"):
        assert value not in text


@pytest.mark.parametrize("given", [s for n in range(6) for s in itertools.combinations(GROUPS, n)])
def test_each_consent_opens_its_own_group_only(client, business, given):
    Business.objects.filter(pk=business.pk).update(**{f"shows_{g}": g in given for g in GROUPS})
    page = client.get(business.public_url).content.decode()
    columns = dict(private_columns())

    opened = {name for group in given for name in BY_CONSENT.get(group, ())}
    for name, value in columns.items():
        shown = WRITTEN.get(name, str(value)) in page
        assert shown == (name in opened), name
    assert ("wa.me/6281298765432" in page) == ("phone" in given)


@pytest.mark.parametrize("whose", ["family", "enumerator", "unknown", ""])
def test_a_number_of_another_is_never_published(client, city, whose):
    business = make_business(phone="6281298765432", phone_of=whose, items=consent("phone"))

    for path in (business.public_url, "/direktori/"):
        page = client.get(path).content.decode()
        assert "6281298765432" not in page and "0812-9876-5432" not in page


def test_a_landline_is_a_telephone_not_a_whatsapp(client, city):
    business = make_business(phone="62341551234", phone_of="owner", items=consent("phone"))

    page = client.get(business.public_url).content.decode()

    assert "tel:+62341551234" in page and "0341-551234" in page
    assert "wa.me" not in page


def test_withdrawing_a_consent_hides_the_group_on_the_next_request(client, city, verifikator):
    business = make_business(
        phone="6281298765432", phone_of="owner", items=[owner("Siti Aminah"), *consent(*GROUPS)]
    )
    assert "Siti Aminah" in client.get(business.public_url).content.decode()

    for group in ("owner_name", "phone"):
        Consent.objects.get(business=business, group=group).withdraw(by=verifikator)

    page = client.get(business.public_url).content.decode()
    assert "Siti Aminah" not in page and "6281298765432" not in page


def test_legalitas_shows_numbers_printed_on_packs_and_when_they_were_checked(client, city):
    business = make_business(
        items=[
            add("licence", kind="halal", status="has", number="ID35110000412760", checked_on="2026-11-03"),
            add("licence", kind="pirt", status="has", number="206357301021421", expires_on="2025-01-31"),
            add("licence", kind="nib", status="has", number="9120001234567"),
            add("licence", kind="merek", status="none"),
        ]
    )

    response = client.get(business.public_url)

    rows = [(row["label"], row["number"], row["until"]) for row in response.context["licences"]]
    assert rows == [
        ("NIB", "", "tanpa batas waktu"),
        ("P-IRT", "206357301021421", "berakhir 31 Januari 2025"),
        ("Halal", "ID35110000412760", "tanpa batas waktu"),
    ]
    assert "3 November 2026" in response.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_page_takes_the_same_queries_for_any_number_of_belongings(
    client, city, django_assert_num_queries, rows
):
    items = [add("product", name=f"Rujak {n}") for n in range(rows)]
    items += [add("licence", kind=kind, status="has") for kind in ("nib", "pirt", "halal")[:rows]]
    business = make_business(items=[*items, *consent(*GROUPS)])

    # the version, which one, its row, subsectors, products, photos, licences; for the map: counts
    with django_assert_num_queries(10):
        client.get(business.public_url)
    with django_assert_num_queries(8):
        client.get(business.public_url)


@pytest.mark.parametrize("slug", ["tidak-ada", "x" * 300, "%20", "a%0Ab", "é"])
def test_unknown_addresses_are_404(client, db, slug):
    assert client.get(f"/direktori/{slug}/").status_code == 404


def test_text_people_wrote_is_shown_as_text(client, city):
    business = make_business(name="<script>alert(1)</script>", description="<img src=x onerror=alert(1)>")

    page = client.get(business.public_url).content.decode()

    assert "<script>alert" not in page and "<img src=x" not in page


def test_everything_may_be_very_long(client, city):
    items = [add("product", name="p" * 200, description="d" * 2000, material="m" * 2000)]
    business = make_business(name="n" * 250, activity="a" * 2000, description="s" * 5000, items=items)

    assert client.get(business.public_url).status_code == 200
    assert client.get("/direktori/").status_code == 200


# ---- photos ----------------------------------------------------------------------------------


@pytest.fixture
def photo(city, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    business = make_business(items=consent("photo"))
    return make_photo(business)


def make_photo(business):
    from io import BytesIO

    from PIL import Image

    buffer = BytesIO()
    Image.new("RGB", (900, 600), "teal").save(buffer, "PNG")
    picture = reencode(ContentFile(buffer.getvalue()))
    row = Photo(business=business, width=picture.width, height=picture.height)
    row.file.save(f"photos/{row.uuid}.jpg", picture.content, save=False)
    row.save()
    return row


def photo_paths(photo):
    return f"/direktori/foto/{photo.uuid}/", f"/direktori/foto/{photo.uuid}/kecil/"


def test_a_photo_is_sent_while_its_consent_stands(client, photo, verifikator):
    for path in photo_paths(photo):
        response = client.get(path)
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "image/jpeg"
        assert response.headers["Cache-Control"] == "public, max-age=60, must-revalidate"
        assert "Set-Cookie" not in response.headers
        again = client.get(path, headers={"if-none-match": response.headers["ETag"]})
        assert again.status_code == 304

    etag = response.headers["ETag"]
    photo.business.consents.get(group="photo").withdraw(by=verifikator)

    for path in photo_paths(photo):
        assert client.get(path).status_code == 404
        assert client.get(path, headers={"if-none-match": etag}).status_code == 404


def test_the_small_photo_is_small(client, photo):
    whole, small = (client.get(path).content for path in photo_paths(photo))

    assert len(small) < len(whole)


@pytest.mark.parametrize(
    "hidden",
    [{"public_opt_out": True}, {"operating_state": "closed"}, {"kelurahan": None}, {"shows_photo": False}],
)
def test_a_photo_of_what_is_not_public_is_404(client, photo, hidden):
    Business.objects.filter(pk=photo.business_id).update(**hidden)

    for path in photo_paths(photo):
        assert client.get(path).status_code == 404


def test_a_photo_whose_file_is_gone_is_404(client, photo):
    photo.file.delete(save=False)

    for path in photo_paths(photo):
        assert client.get(path).status_code == 404


def test_the_owner_s_person_is_never_joined(client, business):
    assert Person.objects.count() == 1
    assert "zqorangzq" not in seen(client, business)
