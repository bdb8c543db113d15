"""The page of one business: who opens it, what it shows, and the acts that are no proposals."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import AuditEntry
from registry.models import Photo
from tests.factories import make_business, make_officer, make_submission, nik

pytestmark = pytest.mark.django_db

OWNER = "7a2b6f9e-0f0c-4b57-9d0c-0b8c0b1f3a55"


@pytest.fixture
def business(city):
    return make_business(
        name="Keripik Bu Wiji",
        phone="081234567890",
        phone_of="owner",
        capital_idr=25_000_000,
        founded_year=2023,
        items=[
            {"kind": "owner", "uuid": OWNER, "values": {"name": "Wiji Lestari", "phone": "081234567890"}},
            {"kind": "licence", "values": {"kind": "nib", "status": "has", "number": "0123456789012"}},
            {
                "kind": "licence",
                "values": {
                    "kind": "pirt",
                    "status": "has",
                    "number": "123456789012325",
                    "expires_on": "2025-03-01",
                },
            },
            {"kind": "product", "values": {"name": "Keripik tempe 250 g", "price_idr": 12_000}},
            {"kind": "consent", "values": {"group": "phone", "channel": "paper"}},
        ],
        sealed={OWNER: {"nik": nik(7)}},
    )


def page(client, business, user):
    client.force_login(user)
    response = client.get(business.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_tells_facts_belongings_and_history(client, business, petugas):
    shown = page(client, business, petugas)

    for words in (
        "Keripik Bu Wiji",
        "0812-3456-7890 (pemilik)",
        "Rp25.000.000",
        "Mikro, dasar modal usaha",
        "Wiji Lestari",
        "•••• 0007",
        "0123456789012",
        "P-IRT habis berlaku 1 Maret 2025.",
        "Keripik tempe 250 g",
        "Rp12.000",
        "Formulir kertas",
        "Disetujui: usaha baru",
    ):
        assert words in shown
    assert nik(7) not in shown


def test_a_stranger_gets_404_everywhere(client, business, petugas_dinoyo):
    consent = business.consents.get()
    client.force_login(petugas_dinoyo)
    here = business.get_absolute_url()

    assert client.get(here).status_code == 404
    assert client.get(f"{here}persetujuan/{consent.uuid}/tarik/").status_code == 404
    assert client.post(f"{here}persetujuan/{consent.uuid}/tarik/").status_code == 404
    assert client.post(f"{here}aktif/", {"on": timezone.localdate()}).status_code == 404
    assert client.get(f"/usaha/{uuid.uuid4()}/").status_code == 404
    consent.refresh_from_db()
    assert consent.withdrawn_at is None


def test_people_and_money_are_for_who_needs_to_know(client, city, business):
    program = page(client, business, make_officer("program", city["Kota"]))
    keuangan = page(client, business, make_officer("keuangan", city["Kota"]))

    assert "Wiji Lestari" in program and "Rp25.000.000" not in program
    assert "Wiji Lestari" not in keuangan and "0812" not in keuangan and "•••• 0007" not in keuangan


def test_buttons_are_those_the_reader_may_press(client, city, business, petugas, kepala):
    officer = page(client, business, petugas)
    head = page(client, business, kepala)

    for path in ("ubah/", "pindah/", "tutup/", "/aktif/", f"?pemilik={OWNER}", "/tarik/"):
        assert path in officer
        assert path not in head
    assert "verifikasi/" not in officer


def test_open_submissions_are_shown_to_who_may_read_them(client, business, petugas):
    make_submission(by=petugas, kind="change", business=business, address="Gg. III", submit=True)

    assert "Perubahan data" in page(client, business, petugas)


def test_an_officer_confirms_that_it_is_active(client, business, petugas):
    client.force_login(petugas)
    day = timezone.localdate()

    response = client.post(f"{business.get_absolute_url()}aktif/", {"on": day.isoformat()}, follow=True)

    assert "Tercatat masih aktif." in response.content.decode()
    business.refresh_from_db()
    assert business.last_confirmed_on == day
    assert AuditEntry.objects.filter(act="business.confirmed", recorded_by=petugas).count() == 1


@pytest.mark.parametrize(
    ("on", "said"), [("besok", "Tanggal tidak dikenali"), ("2999-01-01", "tidak boleh di masa depan")]
)
def test_a_day_that_can_not_be_is_refused_in_words(client, business, petugas, on, said):
    client.force_login(petugas)

    response = client.post(f"{business.get_absolute_url()}aktif/", {"on": on}, follow=True)

    assert said in response.content.decode()


def test_only_a_verifikator_verifies(client, business, petugas, verifikator):
    address = f"{business.get_absolute_url()}verifikasi/"
    client.force_login(petugas)
    assert client.post(address, {"what": "existence", "how": "visit"}).status_code == 403
    client.force_login(verifikator)
    assert "Pilih yang diperiksa" in client.post(address, {"what": "x"}, follow=True).content.decode()

    response = client.post(address, {"what": "existence", "how": "visit"}, follow=True)

    assert "Keberadaan terverifikasi" in response.content.decode()
    business.refresh_from_db()
    assert (business.existence_verified_by, business.existence_verified_how) == (verifikator, "visit")


def test_withdrawing_a_consent_asks_first_and_holds_at_once(client, business, petugas):
    consent = business.consents.get()
    address = f"{business.get_absolute_url()}persetujuan/{consent.uuid}/tarik/"
    client.force_login(petugas)

    assert "Tarik persetujuan?" in client.get(address).content.decode()
    business.refresh_from_db()
    assert business.shows_phone

    assert "Persetujuan ditarik" in client.post(address, follow=True).content.decode()
    business.refresh_from_db()
    assert not business.shows_phone
    assert "sudah ditarik" in client.post(address, follow=True).content.decode()


def test_acts_are_not_done_by_looking(client, business, petugas):
    client.force_login(petugas)

    assert client.get(f"{business.get_absolute_url()}aktif/").status_code == 405


def test_a_photo_is_served_within_reach_only(client, business, petugas, petugas_dinoyo):
    photo = Photo(business=business, width=1, height=1)
    photo.file.save("photos/x.jpg", ContentFile(b"\xff\xd8bytes"))
    address = f"{business.get_absolute_url()}foto/{photo.uuid}/"

    client.force_login(petugas)
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(response.streaming_content) == b"\xff\xd8bytes"
    assert "private" in response["Cache-Control"]
    client.force_login(petugas_dinoyo)
    assert client.get(address).status_code == 404
    photo.ended_on = timezone.localdate() - timedelta(days=1)
    photo.save()
    client.force_login(petugas)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_number_of_questions_for_any_number_of_belongings(
    client, city, petugas, rows, django_assert_num_queries
):
    items = []
    for n in range(rows):
        items += [
            {"kind": "owner", "values": {"name": f"Wiji {n}"}},
            {"kind": "licence", "values": {"kind": "lainnya", "status": "has"}},
            {"kind": "product", "values": {"name": f"Produk {n}"}},
            {"kind": "consent", "values": {"group": ["phone", "photo", "address"][n], "channel": "wa"}},
        ]
    business = make_business(items=items)
    for _ in range(rows):
        make_submission(by=petugas, kind="change", business=business, address="Gg. III", submit=True)
    client.force_login(petugas)
    page(client, business, petugas)

    with django_assert_num_queries(23):
        client.get(business.get_absolute_url())
