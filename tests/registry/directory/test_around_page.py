"""What goes with the page of a business: facts for machines, share card, QR code, sheet to print."""

import io
import json
import re

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from registry.businesses.belongings import Photo
from registry.directory import sharecard
from registry.directory.detail import months_told
from registry.directory.public import directory_facts, public_businesses
from registry.directory.structured import as_script, local_business
from registry.models import Business, Consent
from registry.submissions.photos import reencode
from tests.factories import make_business, make_kbli, make_subsector
from tests.registry.directory.items import add, consent, owner

pytestmark = pytest.mark.django_db
SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)


def facts_of(business):
    return directory_facts(public_businesses().get(pk=business.pk))


def picture(colour="orange", size=(1600, 1200)):
    content = io.BytesIO()
    Image.new("RGB", size, colour).save(content, "JPEG")
    return reencode(ContentFile(content.getvalue()))


def with_photo(business, colour="orange"):
    made = picture(colour)
    photo = Photo(business=business, width=made.width, height=made.height)
    photo.file.save(f"photos/{photo.uuid}.jpg", made.content, save=False)
    photo.save()
    return photo


@pytest.fixture
def business(city):
    return make_business(
        name="Warung Uji",
        activity="rujak cingur",
        kbli=make_kbli().key,
        subsector=make_subsector().slug,
        phone="6281298765432",
        phone_of="owner",
        address="Jl. Sanan 47",
        rt=5,
        rw=15,
        latitude="-7.987654",
        longitude="112.634567",
        items=[owner("Siti Aminah"), add("product", name="Rujak", price_idr=15000)],
    )


# ---- facts for machines ----------------------------------------------------------------------


def test_machines_read_what_the_page_says(client, business):
    with_photo(business)
    Business.objects.filter(pk=business.pk).update(
        **{f"shows_{g}": True for g in ("phone", "address", "exact_place", "photo", "owner_name")}
    )

    (script,) = SCRIPT.findall(client.get(business.public_url).content.decode())

    told = json.loads(script)
    assert told["@type"] == "LocalBusiness" and told["name"] == "Warung Uji"
    assert told["url"] == f"http://testserver{business.public_url}"
    assert told["telephone"] == "+6281298765432"
    assert told["address"]["streetAddress"] == "Jl. Sanan 47, Kelurahan Purwantoro, Kecamatan Blimbing"
    assert told["geo"] == {"@type": "GeoCoordinates", "latitude": "-7.987654", "longitude": "112.634567"}
    assert told["makesOffer"][0]["price"] == "15000"
    assert told["image"][0].startswith("http://testserver/direktori/foto/")


def test_without_consent_machines_read_name_product_and_kelurahan_only(business):
    with_photo(business)
    told = local_business(facts_of(business))

    assert not {"telephone", "geo", "image"} & set(told)
    assert told["address"]["streetAddress"] == "Kelurahan Purwantoro, Kecamatan Blimbing"
    text = json.dumps(told)
    for private in ("6281298765432", "Sanan 47", "7.98", "Aminah", "47", "postalCode"):
        assert private not in text


def test_a_withdrawn_consent_is_gone_from_the_facts_at_once(client, city, verifikator):
    business = make_business(phone="6281298765432", phone_of="owner", items=consent("phone"))
    assert "+6281298765432" in client.get(business.public_url).content.decode()

    Consent.objects.get(business=business).withdraw(by=verifikator)

    assert "6281298765432" not in client.get(business.public_url).content.decode()


@pytest.mark.parametrize(
    "text",
    ["</script><script>alert(1)</script>", "<!-- <script>", "]]> & \u2028 \u2029", '"; alert(1); "', "\\"],
)
def test_no_name_ends_the_script_it_stands_in(client, city, text):
    business = make_business(
        name=f"Kedai {text}", activity=text, items=[add("product", name=f"Es {text}", price_idr=1)]
    )

    page = client.get(business.public_url).content.decode()

    (script,) = SCRIPT.findall(page)
    assert json.loads(script)["name"] == Business.objects.get(pk=business.pk).name
    assert not set("<>&") & set(as_script(facts_of(business)))
    assert "alert(1)</script>" not in page


def test_a_chat_is_told_title_picture_and_the_address_people_type(client, business, settings):
    settings.SITE_URL = "https://umkm.malangkota.go.id"
    page = client.get(business.public_url).content.decode()

    address = f"https://umkm.malangkota.go.id{business.public_url}"
    assert f'<link rel="canonical" href="{address}">' in page
    assert f'<meta property="og:url" content="{address}">' in page
    assert f'<meta property="og:image" content="{address}kartu.jpg">' in page
    assert '<meta property="og:image:width" content="1200">' in page
    assert '<meta property="og:title" content="Warung Uji, Purwantoro">' in page
    assert '<meta property="og:description" content="rujak cingur. Purwantoro, Kota Malang">' in page
    assert page.count('name="description"') == 1


# ---- share card ------------------------------------------------------------------------------


def card(client, business, **headers):
    return client.get(f"{business.public_url}kartu.jpg", headers=headers)


def test_the_card_is_a_small_jpeg_that_is_asked_for_again_after_a_minute(client, business):
    response = card(client, business)

    image = Image.open(io.BytesIO(response.content))
    assert (image.format, image.size, response["Content-Type"]) == ("JPEG", (1200, 630), "image/jpeg")
    assert len(response.content) < 300_000 and not image.getexif()
    assert "max-age=60" in response["Cache-Control"] and "public" in response["Cache-Control"]
    assert card(client, business, if_none_match=response["ETag"]).status_code == 304


def test_a_photo_without_consent_is_not_on_the_card_and_a_withdrawn_one_goes(client, business):
    def right_side():
        image = Image.open(io.BytesIO(card(client, business).content)).convert("RGB")
        return image.getpixel((1150, 600))

    plain, tag = right_side(), card(client, business)["ETag"]
    with_photo(business, "red")
    assert right_side() == plain and card(client, business)["ETag"] == tag

    Business.objects.filter(pk=business.pk).update(shows_photo=True)
    red, _green, blue = right_side()
    assert red > 200 and blue < 60
    assert card(client, business)["ETag"] != tag

    Business.objects.filter(pk=business.pk).update(shows_photo=False)
    assert right_side() == plain and card(client, business)["ETag"] == tag


def test_the_tag_of_the_card_tells_nothing_of_private_changes(client, business):
    tag = card(client, business)["ETag"]
    Business.objects.filter(pk=business.pk).update(phone="62811", version=99, address="Jl. Lain")
    assert card(client, business)["ETag"] == tag

    Business.objects.filter(pk=business.pk).update(name="Nama Lain")
    assert card(client, business)["ETag"] != tag


def test_a_photo_file_that_is_gone_leaves_a_card_without_it(client, business):
    photo = with_photo(business)
    Business.objects.filter(pk=business.pk).update(shows_photo=True)
    photo.file.storage.delete(photo.file.name)

    assert card(client, business).status_code == 200


@pytest.mark.parametrize(
    "name", ["K", "Kopi " * 49, "x" * 250, "茶屋", "Ω→☕", "Tempé Ñandú", "a" * 120 + " " + "b" * 120]
)
def test_any_name_makes_a_card(client, city, name):
    business = make_business(name=name, activity="teh dan kopi")

    response = card(client, business)

    assert response.status_code == 200 and len(response.content) < 300_000


def test_words_on_the_card_stay_inside_their_width():
    font = sharecard._font(46, 750)
    for text in ("Kopi " * 49, "x" * 250, "Kelompok Usaha Bersama Perempuan", "satu", ""):
        lines = sharecard.wrapped(text, font, 500, 3)
        assert len(lines) <= 3
        assert all(font.getlength(line) <= 500 for line in lines)
    assert sharecard.wrapped("a b c", font, 500, 3) == ["a b c"]
    assert sharecard.wrapped("x" * 250, font, 500, 1)[0].endswith("…")
    assert sharecard.drawable("Tempé ☕ 茶 Bu\u202e Ani") == "Tempé Bu Ani"


# ---- QR code and sheet -----------------------------------------------------------------------


def test_the_code_is_an_svg_without_style_and_carries_the_address_people_type(client, business, settings):
    settings.SITE_URL = "https://umkm.malangkota.go.id"
    response = client.get(f"{business.public_url}qr.svg")

    text = response.content.decode()
    assert response["Content-Type"] == "image/svg+xml" and text.startswith("<svg")
    assert "style" not in text and "<script" not in text
    import segno

    again = io.BytesIO()
    segno.make(f"https://umkm.malangkota.go.id{business.public_url}", error="m", micro=False).save(
        again, kind="svg", xmldecl=False, svgclass=None, lineclass=None, omitsize=True, border=2, light="#fff"
    )
    assert response.content == again.getvalue()
    assert (
        client.get(f"{business.public_url}qr.svg", headers={"if-none-match": response["ETag"]}).status_code
        == 304
    )


def test_the_sheet_says_what_the_page_says_and_no_more(client, business):
    page = client.get(f"{business.public_url}cetak/").content.decode()

    assert "Warung Uji" in page and "Rp15.000" in page and "Kelurahan Purwantoro" in page
    assert f'src="{business.public_url}qr.svg"' in page and f"http://testserver{business.public_url}" in page
    for private in ("0812-9876-5432", "Sanan 47", "RT 05", "Siti Aminah"):
        assert private not in page
    Business.objects.filter(pk=business.pk).update(shows_phone=True, shows_address=True)
    page = client.get(f"{business.public_url}cetak/").content.decode()
    assert "0812-9876-5432" in page and "Jl. Sanan 47" in page


# ---- small words -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "told"),
    [
        ([3], "Maret"),
        ([5, 6, 7], "Mei–Juli"),
        ([11, 12, 1], "November–Januari"),
        ([11, 12, 1, 4], "April, November–Januari"),
        ([12, 6, 6, 1], "Juni, Desember–Januari"),
        (list(range(1, 13)), "sepanjang tahun"),
        ([0, 13], ""),
    ],
)
def test_months_are_told_as_people_say_them(months, told):
    assert months_told(months) == told


def test_the_page_says_when_its_data_was_confirmed_or_that_it_never_was(client, business):
    Business.objects.filter(pk=business.pk).update(last_confirmed_on="2026-11-03")
    assert "3 November 2026" in client.get(business.public_url).content.decode()
    Business.objects.filter(pk=business.pk).update(last_confirmed_on=None)
    assert "belum pernah dipastikan petugas" in client.get(business.public_url).content.decode()
