"""Pages of acts on one business: its state, a change of owner, recognition."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from registry.models import Business, Ownership, Person, Submission
from registry.people.identity import sealed_nik
from tests.factories import make_business, make_officer, make_person, make_submission, nik
from umkm_portal.lib.sealing import word_tokens

pytestmark = pytest.mark.django_db
OWNER = "7a2b6f9e-0f0c-4b57-9d0c-0b8c0b1f3a55"


@pytest.fixture
def business(city):
    return make_business(
        name="Keripik Bu Wiji",
        phone="081234567890",
        phone_of="owner",
        items=[
            {"kind": "owner", "uuid": OWNER, "values": {"name": "Wiji Lestari", "phone": "081234567890"}},
            {"kind": "consent", "values": {"group": "owner_name", "channel": "paper"}},
            {"kind": "consent", "values": {"group": "phone", "channel": "paper"}},
        ],
        sealed={OWNER: {"nik": nik(7)}},
    )


def signed_in(client, user):
    client.force_login(user)
    return client


def at(business, act):
    return f"{business.get_absolute_url()}{act}/"


def sent():
    return Submission.objects.get(kind="change")


# ---- state -----------------------------------------------------------------------------------------------


def test_closing_for_a_while_is_proposed_and_decided_by_another(client, business, petugas, verifikator):
    answer = signed_in(client, petugas).post(
        at(business, "keadaan"), {"operating_state": "temporary", "note": "Pemilik umrah."}, follow=True
    )

    assert "Terkirim: Keripik Bu Wiji. Diperiksa verifikator" in answer.content.decode()
    assert (sent().status, sent().values, sent().note) == (
        "submitted",
        {"operating_state": ["active", "temporary"]},
        "Pemilik umrah.",
    )
    sent().approve(by=verifikator)
    business.refresh_from_db()
    assert business.operating_state == "temporary"


def test_a_seasonal_business_names_its_months(client, business, petugas, verifikator):
    signed_in(client, petugas)
    refused = client.post(at(business, "keadaan"), {"operating_state": "seasonal"})
    assert "Pilih bulan-bulan usaha ini buka." in refused.content.decode()
    assert not Submission.objects.filter(kind="change").exists()

    client.post(at(business, "keadaan"), {"operating_state": "seasonal", "season_months": ["3", "4"]})
    sent().approve(by=verifikator)
    business.refresh_from_db()
    assert (business.operating_state, business.season_months) == ("seasonal", [3, 4])

    client.post(at(business, "keadaan"), {"operating_state": "active"})
    back = Submission.objects.filter(kind="change").latest("pk")
    assert back.values == {"operating_state": ["seasonal", "active"], "season_months": [[3, 4], []]}


def test_closing_for_good_goes_to_its_own_page(client, business, petugas):
    answer = signed_in(client, petugas).post(at(business, "keadaan"), {"operating_state": "closed"})

    assert (answer.status_code, answer.url) == (302, at(business, "tutup"))


def test_the_note_typed_beside_the_state_goes_along_to_the_page_of_closing(client, business, petugas):
    asked = {"operating_state": "closed", "note": "Pindah ke Kediri, kata anaknya."}
    signed_in(client, petugas).post(at(business, "keadaan"), asked)
    assert asked["note"] not in str(dict(client.session))  # sealed, as notes are

    assert asked["note"] not in client.get(at(make_business(name="Usaha Lain"), "tutup")).text
    assert asked["note"] in client.get(at(business, "tutup")).text
    assert asked["note"] not in client.get(at(business, "tutup")).text  # once


def test_a_closed_business_is_reopened_first(client, business, petugas, verifikator):
    make_submission(by=petugas, kind="close", business=business, submit=True).approve(by=verifikator)

    answer = signed_in(client, petugas).get(at(business, "keadaan"))

    assert (answer.status_code, answer.url) == (302, at(business, "buka"))


def test_a_state_that_is_recorded_already_leaves_nothing_behind(client, business, petugas):
    answer = signed_in(client, petugas).post(at(business, "keadaan"), {"operating_state": "active"})

    assert "Belum ada yang diubah." in answer.content.decode()
    assert not Submission.objects.filter(kind="change").exists()


def test_the_page_sent_twice_over_a_bad_line_proposes_once(client, business, petugas):
    data = {"operating_state": "temporary", "token": str(uuid.uuid4())}
    signed_in(client, petugas)

    client.post(at(business, "keadaan"), data)
    again = client.post(at(business, "keadaan"), data)

    assert again.status_code == 302
    assert Submission.objects.filter(kind="change").count() == 1


# ---- owner -----------------------------------------------------------------------------------------------


def change_of_owner(**given):
    return {
        "ends": [OWNER],
        "name": "Slamet Riyadi",
        "phone": "0813 1111 2222",
        "phone_of": "owner",
        "nik_answer": "given",
        "nik": nik(8),
        "role": "owner",
        "for_business": "on",
        "on": timezone.localdate().isoformat(),
        "note": "Dibeli.",
    } | given


def test_one_change_ends_the_old_owner_and_brings_the_new_one(client, business, petugas, verifikator):
    signed_in(client, petugas).post(at(business, "ganti-pemilik"), change_of_owner())

    made = sent()
    assert [(i["op"], i["kind"]) for i in made.items] == [
        ("end", "owner"),
        ("add", "owner"),
        ("end", "consent"),
        ("end", "consent"),
    ]
    assert made.note.startswith("Berganti pemilik sejak ") and made.note.endswith("Dibeli.")
    assert not made.may_decide(petugas)
    made.approve(by=verifikator)
    business.refresh_from_db()
    now = Ownership.objects.get(business=business, ended_on=None)
    assert (now.person.name, now.person.nik_last4) == ("Slamet Riyadi", "0008")
    assert Ownership.objects.get(person__uuid=OWNER).ended_on == timezone.localdate()
    assert (business.owner_name, business.phone) == ("Slamet Riyadi", "6281311112222")
    assert not business.shows_owner_name and not business.shows_phone


def test_the_nik_never_comes_back_to_the_page(client, business, petugas):
    answer = signed_in(client, petugas).post(at(business, "ganti-pemilik"), change_of_owner(name=""))

    page = answer.content.decode()
    assert "Tulis nama pemilik baru" in page and nik(8) not in page
    answer = client.post(at(business, "ganti-pemilik"), change_of_owner(nik="123"))
    assert 'id="id_nik" aria-invalid' in answer.content.decode() or "NIK" in answer.content.decode()
    assert not Submission.objects.filter(kind="change").exists()


def test_a_recorded_person_is_found_by_name_and_chosen(client, business, city, petugas, verifikator):
    known = make_person(name="Slamet Riyadi", domicile=city["Purwantoro"], phone="6281311112222")
    Person.objects.filter(pk=known.pk).update(name_words=word_tokens("name", known.name))
    stranger = make_person(name="Slamet Dinoyo", domicile=city["Dinoyo"])
    Person.objects.filter(pk=stranger.pk).update(name_words=word_tokens("name", stranger.name))
    signed_in(client, petugas)

    found = client.get(at(business, "ganti-pemilik"), {"q": "slamet"}).content.decode()
    assert f"?orang={known.uuid}" in found and "Slamet Dinoyo" not in found
    assert client.get(at(business, "ganti-pemilik"), {"orang": stranger.uuid}).status_code == 404
    page = client.get(at(business, "ganti-pemilik"), {"orang": known.uuid}).content.decode()
    assert f'name="person" value="{known.uuid}"' in page and 'name="nik"' not in page

    client.post(at(business, "ganti-pemilik"), change_of_owner(person=str(known.uuid)))
    sent().approve(by=verifikator)
    assert Ownership.objects.get(business=business, ended_on=None).person == known
    assert Person.objects.count() == 3  # nobody was made anew


def test_a_nik_that_is_known_in_reach_offers_the_person(client, business, petugas):
    other = make_business(
        items=[{"kind": "owner", "uuid": str(uuid.uuid4()), "values": {"name": "Slamet Riyadi"}}],
    )
    person = other.ownerships.get().person
    Person.objects.filter(pk=person.pk).update(**sealed_nik(nik(8)), nik_answer="given")
    signed_in(client, petugas)

    page = client.post(at(business, "ganti-pemilik"), change_of_owner()).content.decode()
    assert "Orang ini sudah tercatat" in page and f'value="{person.uuid}"' in page
    chosen = client.post(at(business, "ganti-pemilik"), change_of_owner(use_person=str(person.uuid)))
    assert f'name="person" value="{person.uuid}"' in chosen.content.decode()
    assert not Submission.objects.filter(kind="change").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ends": []}, "Pilih siapa yang tidak lagi memiliki usaha ini."),
        ({"on": "besok"}, "Tanggal ini tidak dikenali."),
        ({"on": "2999-01-01"}, "Tanggalnya tidak boleh di masa depan."),
        ({"phone": "12"}, "NIK perlu diketik ulang."),
        ({"nik": "", "nik_answer": "given"}, "Tulis NIK-nya, atau pilih menyusul."),
        ({"person": OWNER}, "Orang ini sudah tercatat sebagai pemilik usaha ini."),
    ],
)
def test_what_can_not_be_is_told_in_words(client, business, petugas, given, said):
    answer = signed_in(client, petugas).post(at(business, "ganti-pemilik"), change_of_owner(**given))

    assert answer.status_code == 200 and said in answer.content.decode()
    assert not Submission.objects.filter(kind="change").exists()


# ---- recognition -----------------------------------------------------------------------------------------


def test_recognising_and_taking_it_back_hold_at_once(client, business, verifikator):
    signed_in(client, verifikator)
    day = timezone.localdate() - timedelta(days=3)
    path = at(business, "pengakuan")

    done = client.post(path, {"what": "assisted", "on": day.isoformat(), "note": "Klinik UMKM."}, follow=True)
    assert "Dicatat: Binaan." in done.content.decode()
    business.refresh_from_db()
    assert (business.assisted_on, business.curated_on) == (day, None)

    empty = client.post(path, {"what": "assisted", "reason": ""})
    assert "Isian ini wajib." in empty.content.decode()
    client.post(path, {"what": "assisted", "reason": "Program selesai."})
    business.refresh_from_db()
    assert business.assisted_on is None


def test_recognition_is_not_in_the_future_and_not_of_another_kind(client, business, verifikator):
    signed_in(client, verifikator)
    path = at(business, "pengakuan")

    assert "Pilih hari ini" in client.post(path, {"what": "curated", "on": "2999-01-01"}).content.decode()
    assert "Pilih kurasi atau binaan." in client.post(path, {"what": "x"}).content.decode()
    business.refresh_from_db()
    assert business.curated_on is None


def test_verifying_again_replaces_how_and_when(client, business, verifikator):
    path = at(business, "verifikasi")
    signed_in(client, verifikator).post(path, {"what": "existence", "how": "visit"})

    page = client.post(path, {"what": "existence", "how": "document"}, follow=True).content.decode()

    business.refresh_from_db()
    assert business.existence_verified_how == "document"
    assert f"{verifikator.name}, lewat dokumen" in page
    assert "Lewat kunjungan." in page and "Lewat dokumen." in page  # both stand in the history


# ---- who -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["keadaan", "ganti-pemilik", "pengakuan"])
def test_strangers_rows_are_404_and_others_403(client, business, city, petugas_dinoyo, kepala, act):
    stranger = petugas_dinoyo if act != "pengakuan" else kepala
    status = 404 if act != "pengakuan" else 403

    assert signed_in(client, stranger).get(at(business, act)).status_code == status
    assert client.post(at(business, act), {}).status_code == status
    assert (
        signed_in(client, make_officer("lurah", city["Purwantoro"])).get(at(business, act)).status_code == 403
    )


def test_the_business_page_links_each_act_to_who_may_do_it(client, city, business, petugas, verifikator):
    here = business.get_absolute_url()
    officer = signed_in(client, petugas).get(here).content.decode()
    reviewer = signed_in(client, verifikator).get(here).content.decode()
    program = signed_in(client, make_officer("program", city["Kota"])).get(here).content.decode()

    assert f"{here}keadaan/" in officer and f"{here}ganti-pemilik/" in officer
    assert f"{here}pengakuan/" not in officer and f"{here}pengakuan/" in reviewer
    assert f"{here}pengakuan/" in program and f"{here}keadaan/" not in program
    assert Business.objects.count() == 1
