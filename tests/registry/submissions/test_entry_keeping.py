"""Drafts that save themselves, two editors at one page, the next business of a sitting, and the pickers."""

import uuid

import pytest

from registry.models import Submission
from tests.factories import make_business, make_kbli, make_officer, make_person, make_submission, nik
from tests.registry.submissions.entry import filled, inputs, photo, signed_in

pytestmark = pytest.mark.django_db
NEW = "/usaha/baru/"
KEPT = {"name": "Keripik", "activity": "keripik tempe", "kelurahan": "35.73.01.1007"}


def autosaved(client, data, path=NEW, **changes):
    return client.post(path, data | changes | {"do": "autosave"}).json()


# ---- saving by itself ------------------------------------------------------------------------------------


def test_what_is_typed_becomes_a_draft_that_the_next_save_changes(client, petugas):
    data = inputs(signed_in(client, petugas).get(NEW))
    first = autosaved(client, data, name="Keripik")
    second = autosaved(
        client, data | {"stamp": first["stamp"]}, first["address"], name="Keripik Sanan", rt="5"
    )

    draft = Submission.objects.get()
    assert first["address"] == second["address"] == f"/data-saya/{draft.uuid}/ubah/"
    assert (first["state"], second["state"], second["said"][:10]) == ("saved", "saved", "Tersimpan ")
    assert (draft.status, draft.proposed("name"), draft.proposed("rt")) == ("draft", "Keripik Sanan", 5)


def test_nothing_is_written_before_something_was_typed(client, petugas):
    data = inputs(signed_in(client, petugas).get(NEW))

    assert autosaved(client, data) == {"state": "nothing", "errors": {}}
    assert autosaved(client, data, rt="lima")["state"] == "nothing"  # not kept, so nothing to keep
    for do in ("draft", "send"):
        assert client.post(NEW, data | {"do": do}).status_code == 200
    assert not Submission.objects.exists()


def test_a_bad_value_is_left_out_and_named_by_the_id_of_its_field(client, petugas):
    data = inputs(signed_in(client, petugas).get(NEW))
    answer = autosaved(client, data, name="Keripik", rt="lima", **{"owner-0-nik": "123"})

    assert set(answer["errors"]) == {"id_rt", "id_owner-0-nik"}
    assert Submission.objects.get().proposed("rt") is None


def test_an_answer_lost_on_the_way_is_no_other_editor(client, petugas):
    data = inputs(signed_in(client, petugas).get(NEW))
    autosaved(client, data, name="Keripik")  # its answer never came
    again = autosaved(client, data, name="Keripik Sanan")
    third = autosaved(client, data, again["address"], name="Keripik Sanan Asli")

    assert (again["state"], third["state"]) == ("saved", "saved")
    assert Submission.objects.get().proposed("name") == "Keripik Sanan Asli"


def test_a_photo_sent_twice_over_a_bad_line_is_there_once(client, petugas):
    data = inputs(signed_in(client, petugas).get(NEW)) | {"name": "Keripik", "photos_uuid": str(uuid.uuid4())}
    first = autosaved(client, data, photos=photo())
    second = autosaved(client, data, first["address"], photos=photo())

    assert "Foto 1" in first["photos"] and second["state"] == "saved"
    assert Submission.objects.get().attachments.count() == 1


def test_a_photo_cannot_take_the_name_of_somebody_elses(client, petugas):
    taken = str(uuid.uuid4())
    for _page in range(2):
        data = inputs(signed_in(client, petugas).get(NEW)) | {"name": "Keripik", "photos_uuid": taken}
        assert autosaved(client, data, photos=photo())["state"] == "saved"

    assert [s.attachments.count() for s in Submission.objects.all()] == [1, 1]


def test_signed_out_the_page_is_sent_to_sign_in_and_nothing_is_written(client, petugas):
    data = inputs(signed_in(client, petugas).get(NEW)) | {"name": "Keripik", "do": "autosave"}
    client.logout()

    assert client.post(NEW, data).url.startswith("/masuk/?next=/usaha/baru/")
    assert not Submission.objects.exists()


def test_what_was_sent_meanwhile_answers_where_it_is(client, petugas):
    data = inputs(signed_in(client, petugas).get(NEW)) | {"name": "Keripik", "activity": "keripik"}
    client.post(NEW, data | {"do": "send"})

    answer = autosaved(client, data)
    assert answer == {"state": "gone", "address": Submission.objects.get().get_absolute_url()}


# ---- two editors -----------------------------------------------------------------------------------------


def test_autosave_tells_of_another_editor_and_writes_nothing(client, city, petugas):
    draft = make_submission(by=petugas, name="Keripik", rt=3)
    path = f"/data-saya/{draft.uuid}/ubah/"
    data = inputs(signed_in(client, petugas).get(path))
    draft.edit(by=make_officer("petugas", city["Purwantoro"]), values=dict(KEPT, name="Nama Lain"))

    assert autosaved(client, data, path, name="Nama Saya") == {"state": "conflict"}
    draft.refresh_from_db()
    assert draft.proposed("name") == "Nama Lain"


def test_both_values_stand_side_by_side_and_the_chosen_one_is_kept(client, city, petugas):
    draft = make_submission(by=petugas, **KEPT, rt=3, address="Jl. Lama")
    other = make_officer("petugas", city["Purwantoro"])
    path = f"/data-saya/{draft.uuid}/ubah/"
    data = inputs(signed_in(client, petugas).get(path))
    draft.edit(by=other, values=KEPT | {"name": "Nama Lain", "rt": 7, "address": "Jl. Lama"})

    answer = client.post(path, data | {"name": "Nama Saya", "address": "Jl. Baru", "do": "draft"})
    page = answer.content.decode()
    both = page[page.index('name="pilih:name"') : page.index("Simpan pilihan")]
    assert "Nama Saya" in both and "Nama Lain" in both and other.name in page
    assert "pilih:address" not in page  # only this page changed it: no question
    assert "pilih:rt" not in page and ">RT</a>: 7" in page  # only the other did: taken over, and said

    client.post(path, inputs(answer) | {"pilih:name": "tersimpan", "do": "draft"})
    draft.refresh_from_db()
    kept = (draft.proposed("name"), draft.proposed("rt"), draft.proposed("address"))
    assert kept == ("Nama Lain", 7, "Jl. Baru")


def test_rows_that_the_other_added_are_kept(client, city, petugas):
    draft = make_submission(by=petugas, **KEPT)
    path = f"/data-saya/{draft.uuid}/ubah/"
    data = inputs(signed_in(client, petugas).get(path))
    item = {"kind": "product", "uuid": str(uuid.uuid4()), "values": {"name": "Keripik 250 g"}}
    draft.edit(by=make_officer("petugas", city["Purwantoro"]), values=KEPT, items=[item])

    answer = client.post(path, data | {"name": "Nama Saya", "do": "draft"})
    assert "Keripik 250 g" in answer.content.decode()
    client.post(path, inputs(answer) | {"do": "draft"})
    draft.refresh_from_db()
    assert [i["values"]["name"] for i in draft.items] == ["Keripik 250 g"]


def test_a_second_closing_leaves_no_draft(client, petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator)
    path = f"/usaha/{business.uuid}/tutup/"
    signed_in(client, petugas)

    assert filled(client, path, note="Pindah.").status_code == 302
    assert "Sudah ada usulan tutup" in filled(client, path).content.decode()
    assert Submission.objects.filter(kind="close").count() == 1


# ---- the next one ----------------------------------------------------------------------------------------


def test_save_and_add_another_keeps_kelurahan_rt_and_rw(client, operator):
    answer = filled(
        signed_in(client, operator),
        do="again",
        name="A",
        activity="a",
        rt="5",
        rw="15",
        kelurahan=KEPT["kelurahan"],
    )

    assert Submission.objects.get().status == "submitted"
    data = inputs(client.get(answer.url))
    assert [data[n] for n in ("name", "kelurahan", "rt", "rw")] == [[""], [KEPT["kelurahan"]], ["5"], ["15"]]
    assert autosaved(client, data, answer.url)["state"] == "nothing"


def test_after_sending_another_business_of_the_same_owner_can_be_added(client, petugas, verifikator):
    told = {"owner__0__name": "Wiji Lestari", "owner__0__nik": nik(9), "owner__0__phone": "081234567890"}
    answer = filled(signed_in(client, petugas), name="Warung A", activity="nasi", **told)
    first = Submission.objects.get()
    page = client.get(answer.url).content.decode()
    owner = first.items[0]["uuid"]
    path = f"/usaha/baru/?setelah={first.uuid}&pemilik={owner}"
    assert path.replace("&", "&amp;") in page

    data = inputs(client.get(path))
    assert data["owner-0-name"] == ["Wiji Lestari"] and data["owner-0-uuid"] == [owner]
    assert autosaved(client, data, path)["state"] == "nothing"
    assert client.post(path, data | {"name": "Warung B", "activity": "soto", "do": "send"}).status_code == 302
    second = Submission.objects.exclude(pk=first.pk).get()
    second.approve(by=verifikator)
    first.approve(by=verifikator)
    person = second.business.ownerships.get().person
    assert {o.business.name for o in person.ownerships.all()} == {"Warung A", "Warung B"}
    assert person.nik_last4 == nik(9)[-4:]


def test_the_owner_of_a_submission_out_of_reach_is_not_handed_on(client, petugas, petugas_dinoyo):
    owner = {"kind": "owner", "uuid": str(uuid.uuid4()), "values": {"name": "Wiji Rahasia"}}
    other = make_submission(by=petugas_dinoyo, kelurahan="35.73.05.1004", items=[owner], submit=True)
    path = f"/usaha/baru/?setelah={other.uuid}&pemilik={owner['uuid']}"

    assert signed_in(client, petugas).get(path).status_code == 404


@pytest.mark.parametrize("nik_typed", ["", "123"])
def test_only_what_is_true_is_said_to_be_lost(client, petugas, nik_typed):
    page = filled(
        signed_in(client, petugas), name="A", rt="lima", **{"owner__0__nik": nik_typed}
    ).content.decode()

    assert ("NIK perlu diketik ulang" in page) == bool(nik_typed)
    assert "Foto perlu dipilih ulang" not in page


# ---- pickers ---------------------------------------------------------------------------------------------


def test_kbli_is_found_by_words_with_typos(client, petugas):
    make_kbli("10794", "2025", "Industri kerupuk, keripik, peyek")
    make_kbli("10307", "2025")
    for typed in ("kerupuk", "krupuk", "keripik peyek", "1079"):
        page = signed_in(client, petugas).get("/isian/kbli/", {"q": typed}).content.decode()
        assert 'data-value="2025:10794"' in page and "10307" not in page, typed


@pytest.mark.parametrize("typed", ["purwa", "Purwontoro", "purwan toro", "blimbing", "sanan"])
def test_kelurahan_are_found_by_typos_other_names_and_kecamatan(client, city, operator, typed):
    city["Purwantoro"].aliases.create(alias="Sanan", folded="sanan")
    page = signed_in(client, operator).get("/isian/kelurahan/", {"q": typed}).content.decode()

    assert 'data-value="35.73.01.1007"' in page and "Dinoyo" not in page


def test_kelurahan_stay_within_reach_but_owners_live_anywhere(client, petugas):
    signed_in(client, petugas)

    assert "Dinoyo" not in client.get("/isian/kelurahan/", {"q": "dinoyo"}).content.decode()
    assert "Dinoyo" in client.get("/isian/kelurahan/", {"q": "dinoyo", "semua": "1"}).content.decode()


def test_persons_in_reach_are_found_by_name_with_typos_and_by_telephone(
    client, city, petugas, petugas_dinoyo
):
    person = make_person(name="Wiji Lestari", domicile=city["Purwantoro"])
    signed_in(client, petugas)
    for typed in ("wiji", "Lestari Wiji", "wigi lestari", "lestary"):
        assert str(person.uuid) in client.post("/isian/orang/", {"q": typed}).content.decode(), typed
    assert str(person.uuid) not in client.post("/isian/orang/", {"q": "bambang"}).content.decode()

    signed_in(client, petugas_dinoyo)
    assert client.post("/isian/orang/", {"q": "wiji lestari"}).content.decode().strip() == ""
    assert client.get("/isian/orang/", {"q": "wiji"}).status_code == 405  # a name never stands in an address


def test_without_javascript_a_person_is_searched_by_a_button(client, city, petugas):
    person = make_person(name="Wiji Lestari", domicile=city["Purwantoro"])
    answer = filled(signed_in(client, petugas), do="find", name="Warung", person_query="wigi lestari")

    assert f'name="use_person" value="{person.uuid}"' in answer.content.decode()
    assert Submission.objects.get().proposed("name") == "Warung"


def test_the_pickers_need_the_permission_to_propose(client, kepala):
    signed_in(client, kepala)
    assert [client.get(f"/isian/{p}/").status_code for p in ("kbli", "kelurahan")] == [403, 403]
    assert [client.post(f"/isian/{p}/").status_code for p in ("orang", "mirip")] == [403, 403]
