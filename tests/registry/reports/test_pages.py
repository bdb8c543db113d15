"""The quick report without JavaScript, the list of what was reported, and the page of one report."""

import uuid
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from registry.models import Post, VisitRequest
from tests.factories import make_business, make_officer, make_visit_request
from tests.registry.reports.test_api import picture

pytestmark = pytest.mark.django_db
FORM = "/lapor/perlu-didatangi/"
LIST = "/laporan/"


def signed_in(user):
    client = Client()
    client.force_login(user, backend="accounts.backends.SignInBackend")
    return client


def upload(content=None):
    return SimpleUploadedFile(
        "foto.jpg", picture() if content is None else content, content_type="image/jpeg"
    )


def filled(**changes):
    return {
        "uuid": str(uuid.uuid4()),
        "kelurahan": "35.73.01.1007",
        "told_name": "Warung Bu Jumi",
        "need": "equipment",
        "urgency": "2",
        "do": "send",
    } | changes


# ---- the plain form ------------------------------------------------------------------------------


def test_a_report_with_its_photo_posts_as_a_plain_form(petugas):
    client = signed_in(petugas)
    sent = filled(note="Ovennya mati", rt="3", rw="7", told_place="Depan musala", photo=upload())

    answer = client.post(FORM, sent)

    row = VisitRequest.objects.get()
    assert answer.status_code == 302 and answer["Location"] == row.get_absolute_url()
    assert (row.told_name, row.need, row.urgency, row.rt, row.rw) == ("Warung Bu Jumi", "equipment", 2, 3, 7)
    assert (row.note, row.told_place, row.told_by) == ("Ovennya mati", "Depan musala", petugas)
    assert row.photo
    assert "Laporan terkirim" in client.get(row.get_absolute_url()).content.decode()


def test_the_same_page_sent_again_is_one_report(petugas):
    client, sent = signed_in(petugas), filled()

    addresses = {client.post(FORM, sent)["Location"] for _each in range(5)}

    assert VisitRequest.objects.count() == len(addresses) == 1


def test_a_business_is_searched_and_picked(petugas):
    business = make_business(name="Keripik Tempe Bu Sri", rw=5)
    client = signed_in(petugas)

    found = client.post(FORM, filled(told_name="tempe sri", note="Ovennya mati", do="search"))
    page = found.content.decode()
    assert found.status_code == 200 and f'value="{business.uuid}"' in page and "Ovennya mati" in page
    client.post(FORM, filled(told_name="tempe sri", pick=str(business.uuid)))

    row = VisitRequest.objects.get()
    assert (row.business, row.told_name, row.rw) == (business, "", 5)


def test_a_link_from_a_business_names_it(petugas):
    business = make_business(name="Keripik Tempe Bu Sri")

    page = signed_in(petugas).get(f"{FORM}?usaha={business.uuid}").content.decode()

    assert "Keripik Tempe Bu Sri" in page and f'name="business" value="{business.uuid}"' in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"told_name": ""}, "Pilih usahanya, atau tulis namanya."),
        ({"need": ""}, "Pilih kebutuhannya."),
        ({"kelurahan": "35.73.05.1004"}, "Pilih kelurahan Anda."),
        ({"uuid": "bukan"}, "Halaman ini sudah usang"),
        ({"told_name": "", "need": ""}, "Pilih usahanya, atau tulis namanya."),
        ({"rt": "abc"}, "RT: Tulis angkanya saja, 1 sampai 999, atau kosongkan."),
        ({"rw": "0"}, "RW: Tulis angkanya saja, 1 sampai 999, atau kosongkan."),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(petugas, changes, words):
    answer = signed_in(petugas).post(FORM, filled(note="Ovennya mati") | changes)

    assert answer.status_code == 422
    assert words in answer.content.decode() and "Ovennya mati" in answer.content.decode()
    assert not VisitRequest.objects.exists()


@pytest.mark.parametrize("content", [b"\0\0\0\x18ftypheic" + b"\0" * 200, b"bukan foto"])
def test_a_bad_photo_does_not_lose_the_report(petugas, content):
    client = signed_in(petugas)

    client.post(FORM, filled(photo=upload(content)))

    row = VisitRequest.objects.get()
    assert not row.photo
    page = client.get(row.get_absolute_url()).content.decode()
    assert "Laporannya tersimpan, fotonya belum" in page and "Tambah foto" in page
    client.post(f"{row.get_absolute_url()}foto/kirim/", {"photo": upload()})
    row.refresh_from_db()
    assert row.photo


def test_who_may_not_report_does_not_get_the_form(kepala, nobody):
    assert signed_in(kepala).get(FORM).status_code == 403
    assert signed_in(nobody).get(FORM).status_code == 403
    assert Client().get(FORM)["Location"].startswith("/masuk/")


def test_who_held_the_post_opens_the_form_and_has_no_kelurahan_to_report_from(petugas):
    Post.objects.update(ends_on=timezone.localdate() - timedelta(days=20))

    assert signed_in(petugas).get(FORM).status_code == 200
    assert signed_in(petugas).post(FORM, filled()).status_code == 422


# ---- the list ------------------------------------------------------------------------------------


def in_every_state(petugas, operator):
    rows = {
        name: make_visit_request(by=petugas, told_name=f"Usaha {name}") for name in ("a", "b", "c", "d", "e")
    }
    rows["b"].schedule(on=timezone.localdate() + timedelta(days=2), by=operator)
    rows["c"].visited(on=timezone.localdate(), by=operator)
    rows["d"].close(outcome="helped", answer="Alat dipinjami klaster.", by=operator)
    rows["e"].withdraw(by=petugas)
    return rows


@pytest.mark.parametrize(
    ("tab", "names"),
    [("baru", "a"), ("dijadwalkan", "b"), ("dikunjungi", "c"), ("selesai", "de"), ("ngawur", "a")],
)
def test_each_list_holds_its_state_for_officer_lurah_camat_and_staff(petugas, operator, city, tab, names):
    in_every_state(petugas, operator)
    readers = [
        petugas,
        operator,
        make_officer("lurah", city["Purwantoro"]),
        make_officer("camat", city["Kec. Blimbing"]),
    ]
    for reader in readers:
        page = signed_in(reader).get(LIST, {"lihat": tab}).content.decode()
        assert {name for name in "abcde" if f"Usaha {name}<" in page} == set(names), reader.username


def test_another_kelurahan_sees_nothing(petugas, petugas_dinoyo, operator):
    rows = in_every_state(petugas, operator)
    client = signed_in(petugas_dinoyo)

    for tab in ("baru", "dijadwalkan", "dikunjungi", "selesai"):
        page = client.get(LIST, {"lihat": tab}).content.decode()
        assert not [name for name in rows if f"Usaha {name}<" in page]
    for row in rows.values():
        address = row.get_absolute_url()
        assert client.get(address).status_code == 404
        assert client.get(f"{address}foto/").status_code == 404
        assert client.post(f"{address}tarik/").status_code == 404
        assert client.post(f"{address}foto/kirim/", {"photo": upload()}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_three_rows_as_for_one(petugas, count, django_assert_num_queries):
    for _each in range(count):
        make_visit_request(by=petugas, business=make_business())
    client = signed_in(petugas)
    client.get(LIST)

    with django_assert_num_queries(7):
        client.get(LIST)


def test_filters_narrow_the_list_and_a_slip_is_said(petugas):
    make_visit_request(by=petugas, need="capital", told_name="Usaha modal")
    make_visit_request(by=petugas, need="licence", told_name="Usaha izin")
    client = signed_in(petugas)

    page = client.get(LIST, {"need": "capital", "mine": "true"}).content.decode()
    assert "Usaha modal" in page and "Usaha izin" not in page
    assert "bukan filter" in client.get(LIST, {"nama": "x"}).content.decode()
    assert "Tidak ada yang cocok" in client.get(LIST, {"need": "uang"}).content.decode()
    assert client.get(LIST, {"after": "ngawur"}).status_code == 200


# ---- one report ----------------------------------------------------------------------------------


def test_the_page_tells_every_step_and_the_answer(petugas, operator):
    row = make_visit_request(by=petugas, note="Ovennya mati")
    row.schedule(on=timezone.localdate(), by=operator)
    row.visited(on=timezone.localdate(), by=operator)
    row.close(outcome="unable", answer="Belum ada oven yang kosong.", by=operator)

    page = signed_in(petugas).get(row.get_absolute_url()).content.decode()

    for words in ("Ovennya mati", "Dilaporkan", "Dijadwalkan", "Dikunjungi", "Belum dapat dibantu",
                  "Belum ada oven yang kosong."):  # fmt: skip
        assert words in page


@pytest.mark.parametrize("state", ["new", "scheduled", "visited", "closed"])
def test_what_is_shared_names_nobody(petugas, operator, state):
    business = make_business(name="Keripik Bu Sri Wahyuni", phone="081234567890", phone_of="owner")
    row = make_visit_request(by=petugas, business=business, note="Rahasia", told_place="Depan musala")
    if state == "scheduled":
        row.schedule(on=timezone.localdate(), by=operator)
    elif state == "visited":
        row.visited(on=timezone.localdate(), by=operator)
    elif state == "closed":
        row.close(outcome="helped", answer="Untuk Bu Sri", by=operator)

    context = signed_in(petugas).get(row.get_absolute_url()).context
    text = context["share"]

    assert unquote(context["share_url"]) == f"https://wa.me/?text={text}"
    assert "Purwantoro" in text and "Kemasan" in text and str(row.uuid) in text
    for secret in ("Sri", "Keripik", "0812", "62812", "Rahasia", "musala", petugas.name, operator.name):
        assert secret not in text


def test_the_photo_is_served_to_who_may_read_the_report(petugas, operator, nobody):
    row = make_visit_request(by=petugas)
    address = f"{row.get_absolute_url()}foto/"
    assert signed_in(petugas).get(address).status_code == 404
    row.add_photo(upload(), by=petugas)

    answer = signed_in(operator).get(address)

    assert answer.status_code == 200 and answer["Content-Type"] == "image/jpeg"
    assert "private" in answer["Cache-Control"]
    assert signed_in(nobody).get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_an_officer_takes_a_report_back_and_not_what_has_a_day(petugas, operator):
    row, late = make_visit_request(by=petugas), make_visit_request(by=petugas)
    late.schedule(on=timezone.localdate(), by=operator)
    client = signed_in(petugas)

    client.post(f"{row.get_absolute_url()}tarik/", {"reason": "Sudah pindah"})
    told = client.post(f"{late.get_absolute_url()}tarik/", follow=True).content.decode()

    row.refresh_from_db(), late.refresh_from_db()
    assert (row.state, row.answer, late.state) == ("withdrawn", "Sudah pindah", "scheduled")
    assert "Hubungi Diskopindag" in told


def test_whoever_comes_after_an_officer_reads_and_withdraws_what_they_reported(petugas, city):
    row = make_visit_request(by=petugas)
    successor = make_officer("petugas", city["Purwantoro"])

    page = signed_in(successor).get(row.get_absolute_url()).content.decode()

    assert "Tarik laporan" in page and "Tambah foto" not in page
    signed_in(successor).post(f"{row.get_absolute_url()}tarik/")
    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_late_arrival_is_shown(petugas):
    row = make_visit_request(by=petugas, days_ago=3)

    assert row.arrived_late == 3
    assert "sampai di sini" in signed_in(petugas).get(row.get_absolute_url()).content.decode()


def test_a_report_without_rw_ends_without_a_loose_dot(petugas):
    client = signed_in(petugas)
    client.post(FORM, filled(rw=""))
    client.post(FORM, filled(told_name="Warung Pak Tri", rw="7"))

    page = client.get(LIST).content.decode()

    assert "· RW 07" in page and "· </span>" not in page


def test_the_photo_of_a_report_has_a_size_on_the_page():
    """As it comes from a camera it is four times as wide as a phone."""
    assert ".report-photo {\n  max-width: 100%;" in (settings.BASE_DIR / "static/css/work.css").read_text()
