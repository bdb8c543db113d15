"""The owner on the entry page: a NIK never comes back, and a person who is known is picked, within reach."""

import uuid

import pytest

from registry.models import Person, Submission
from tests.factories import make_business, make_person, nik
from tests.registry.submissions.entry import NEW, filled, inputs, signed_in

pytestmark = pytest.mark.django_db


def test_a_nik_never_comes_back_into_the_page(client, petugas):
    number = nik(4321)
    answer = filled(
        signed_in(client, petugas), name="", activity="x1", owner__0__name="Wiji", owner__0__nik=number
    )

    assert number not in answer.content.decode()
    assert "•••• 4321" in answer.content.decode()
    draft = Submission.objects.get()
    again = client.get(f"/data-saya/{draft.uuid}/ubah/").content.decode()
    assert number not in again and "Ketik ulang untuk mengganti" in again
    assert filled(client, f"/data-saya/{draft.uuid}/ubah/", name="Keripik").status_code == 302
    draft.refresh_from_db()
    assert draft.status == "submitted"
    assert draft.unsealed()[draft.items[0]["uuid"]]["nik"] == number


def test_a_known_nik_offers_the_person_in_reach(client, petugas, verifikator):
    identity = str(uuid.uuid4())
    make_business(
        by=petugas,
        decided_by=verifikator,
        items=[{"kind": "owner", "uuid": identity, "values": {"name": "Wiji Lestari"}}],
        sealed={identity: {"nik": nik(9)}},
    )
    answer = filled(
        signed_in(client, petugas),
        name="Warung Kedua",
        activity="nasi",
        owner__0__name="W. Lestari",
        owner__0__nik=nik(9),
    )

    page = answer.content.decode()
    person = Person.objects.get()
    assert "Pakai orang ini sebagai pemilik" in page and f'value="{person.uuid}"' in page
    draft = Submission.objects.get(status="draft")
    path = f"/data-saya/{draft.uuid}/ubah/"
    data = inputs(answer) | {"use_person": str(person.uuid)}
    assert client.post(path, data).url == path + "#bagian-pemilik"
    assert filled(client, path).status_code == 302
    draft.refresh_from_db()
    assert [(i["uuid"], i["op"]) for i in draft.items] == [(identity, "add")]
    draft.approve(by=verifikator)
    assert Person.objects.count() == 1 and person.ownerships.count() == 2


def test_an_owner_who_is_known_is_picked_by_the_address(client, city, petugas, verifikator):
    person = make_person(name="Wiji Lestari", domicile=city["Purwantoro"])
    path = f"{NEW}?pemilik={person.uuid}"

    assert "Wiji Lestari" in signed_in(client, petugas).get(path).content.decode()
    assert filled(client, path, name="Warung Kedua", activity="nasi").status_code == 302

    Submission.objects.get().approve(by=verifikator)
    assert person.ownerships.get().business.name == "Warung Kedua"


def test_an_owner_out_of_reach_is_not_found(client, city, petugas):
    person = make_person(domicile=city["Dinoyo"])

    assert signed_in(client, petugas).get(f"{NEW}?pemilik={person.uuid}").status_code == 404
    assert client.get(f"{NEW}?pemilik=x").status_code == 404


def test_picking_the_known_person_says_which_other_values_were_not_kept(client, city, petugas):
    person = make_person(name="Wiji Lestari", domicile=city["Purwantoro"])
    data = inputs(signed_in(client, petugas).get(NEW))
    data |= {"name": "Warung", "rt": "lima", "owner-0-name": "W. Lestari", "use_person": str(person.uuid)}

    page = client.post(NEW, data, follow=True).content.decode()

    assert "perlu diisi ulang: RT" in page and "Pemiliknya sekarang Wiji Lestari" in page
    assert [i["uuid"] for i in Submission.objects.get().items] == [str(person.uuid)]


def test_a_person_out_of_reach_cannot_be_picked_by_a_button(client, city, petugas):
    person = make_person(domicile=city["Dinoyo"])
    data = inputs(signed_in(client, petugas).get(NEW)) | {"name": "Warung", "use_person": str(person.uuid)}

    assert client.post(NEW, data).status_code == 404
    assert not Submission.objects.exists()
