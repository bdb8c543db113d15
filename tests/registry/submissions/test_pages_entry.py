"""The entry page: what is typed comes through the one door, and nothing typed is lost on the way."""

import io
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from registry.models import Attachment, Business, Person, Submission
from tests.factories import (
    make_business,
    make_kbli,
    make_officer,
    make_person,
    make_submission,
    make_subsector,
    nik,
)

pytestmark = pytest.mark.django_db
NEW = "/usaha/baru/"
QUERIES_MINE = 7


def signed_in(client, user):
    client.force_login(user)
    return client


def inputs(page):
    """{name: value} as a browser would send the page's form back, files and buttons left out."""
    html = page.content.decode()
    form = html[html.index('<form method="post" id="isian"') :]
    form = form[: form.index("</form>")]
    data = {}
    for tag in re.findall(r"<input[^>]*>", form):
        facts = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        kind, name = facts.get("type", "text"), facts.get("name")
        if not name or kind == "file" or (kind in ("checkbox", "radio") and " checked" not in tag):
            continue
        data.setdefault(name, []).append(facts.get("value", "on" if kind == "checkbox" else ""))
    for name, body in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.findall(r'<option value="([^"]*)" selected', body)
        data[name] = chosen or re.findall(r'<option value="([^"]*)"', body)[:1]
    for name, body in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.S):
        data[name] = [body]
    data.pop("csrfmiddlewaretoken", None)
    return data


def filled(client, path=NEW, *, do="send", **changes):
    """Open a page, fill some of it in and send it; returns the answer."""
    data = inputs(client.get(path))
    data |= {name.replace("__", "-"): value for name, value in changes.items()}
    return client.post(path, data | {"do": do})


def photo(name="foto.jpg"):
    buffer = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(buffer, "JPEG")
    return SimpleUploadedFile(name, buffer.getvalue(), "image/jpeg")


# ---- a registration ------------------------------------------------------------------------------


def test_an_officer_registers_a_business_with_the_three_required_facts(client, petugas):
    answer = filled(signed_in(client, petugas), name="Keripik Sanan", activity="keripik tempe")

    submission = Submission.objects.get()
    assert answer.url == f"/data-saya/{submission.uuid}/"
    assert submission.status == Submission.Status.SUBMITTED
    assert submission.proposed("name") == "Keripik Sanan"
    assert submission.kelurahan_next.name == "Purwantoro"  # the only one in reach stood there already
    assert submission.items == []


def test_everything_on_the_page_reaches_the_registry(client, petugas, verifikator):
    make_kbli()
    make_subsector()
    answer = filled(
        signed_in(client, petugas),
        name="Keripik Tempe Bu Wiji",
        activity="keripik tempe",
        rt="5",
        rw="15",
        address="Jl. Sanan Gg. III No. 47",
        place_kind="rumah",
        owner__0__name="Wiji Lestari",
        owner__0__nik=nik(7),
        owner__0__phone="0812-3456-7890",
        owner__0__phone_of="owner",
        owner__0__sex="P",
        owner__0__domicile="35.73.05.1004",
        phone="081234567890",
        phone_of="owner",
        kbli="10307",
        subsector="kuliner",
        licence__0__status="has",
        licence__0__number="0123456789012",
        licence__1__status="none",
        licence__2__status="non_halal",
        product__0__name="Keripik tempe 250 g",
        product__0__price_idr="12.000",
        product__0__unit="bungkus",
        workers="4",
        capital_idr="25.000.000",
        turnover_answer="exact",
        turnover_idr="500.000",
        turnover_period="day",
        turnover_days_per_week="6",
        turnover_is_estimate="on",
        founded_year="2023",
        opening_hours="Setiap hari 07.00–17.00",
        instagram="@keripik.wiji",
        description="Sejak 2023.",
        consents=["phone", "photo"],
        consent_channel="paper",
        photos=photo(),
        photo_kind="place",
        note="Didata di rumahnya.",
    )
    submission = Submission.objects.get()
    assert answer.url == f"/data-saya/{submission.uuid}/", answer.content.decode()[:3000]
    submission.approve(by=verifikator)

    business = Business.objects.get()
    assert (business.kbli.key, business.subsector.slug, business.phone) == (
        "2025:10307",
        "kuliner",
        "6281234567890",
    )
    assert (business.capital_idr, business.annual_sales_idr) == (25_000_000, 500_000 * 6 * 52)
    assert business.turnover_is_estimate
    assert set(business.licences.values_list("kind", "status", "number")) == {
        ("nib", "has", "0123456789012"),
        ("pirt", "none", ""),
        ("halal", "non_halal", ""),
    }
    assert list(business.products.values_list("name", "price_idr", "unit")) == [
        ("Keripik tempe 250 g", 12000, "bungkus")
    ]
    assert set(business.consents.values_list("group", "channel")) == {("phone", "paper"), ("photo", "paper")}
    assert business.photos.get().kind == "place"
    person = Person.objects.get()
    assert (person.name, person.nik_last4, person.domicile.name, person.sex) == (
        "Wiji Lestari",
        "0007",
        "Dinoyo",
        "P",
    )
    assert submission.note == "Didata di rumahnya."


def test_an_incomplete_entry_can_be_kept_as_a_draft(client, petugas):
    answer = filled(signed_in(client, petugas), do="draft", name="Keripik", activity="")

    draft = Submission.objects.get()
    assert draft.status == Submission.Status.DRAFT
    assert answer.url == f"/data-saya/{draft.uuid}/ubah/"


def test_what_is_missing_is_said_beside_what_is_wrong(client, petugas):
    page = filled(signed_in(client, petugas), name="Keripik", rt="lima").content.decode()

    assert 'href="#id_rt"' in page and 'href="#id_activity"' in page


def test_what_is_missing_is_said_at_its_field_and_the_rest_is_kept(client, petugas):
    answer = filled(signed_in(client, petugas), name="", activity="keripik", kelurahan="")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Isian ini wajib." in page and 'href="#id_name"' in page and 'href="#id_kelurahan"' in page
    assert "Isian lain sudah tersimpan" in page
    draft = Submission.objects.get()
    assert draft.status == Submission.Status.DRAFT
    assert draft.proposed("activity") == "keripik"
    assert f'action="/data-saya/{draft.uuid}/ubah/"' in page  # what comes next mends this draft


HOSTILE = [
    ("name", "x" * 10_000),
    ("name", "a\0b"),
    ("name", "—…!"),
    ("activity", "y" * 3000),
    ("kelurahan", "53.71.05.1008"),
    ("kelurahan", "<script>"),
    ("rt", "lima"),
    ("rw", "1000"),
    ("address", "NIK saya 3573015508800001"),
    ("place_kind", "istana"),
    ("latitude", "91"),
    ("longitude", "timur"),
    ("owner-0-name", "…"),
    ("owner-0-nik", "123"),
    ("owner-0-nik", "3573015508ABCDEF"),
    ("owner-0-nik_answer", "given"),
    ("owner-0-nik_answer", "rahasia"),
    ("owner-0-phone", "abc"),
    ("owner-0-sex", "X"),
    ("owner-0-domicile", "53.71.05.1008"),
    ("phone", "abc"),
    ("phone_of", "tetangga"),
    ("email", "bukan surel"),
    ("website", "javascript:alert(1)"),
    ("instagram", "<b>"),
    ("subsector", "tidak-ada"),
    ("licence-0-number", "123"),
    ("licence-1-number", "12"),
    ("licence-2-number", "AB123"),
    ("licence-0-issued_on", "2205-01-01"),
    ("licence-0-status", "non_halal"),
    ("product-0-name", "…"),
    ("product-0-price_idr", "-5"),
    ("workers", "banyak"),
    ("capital_idr", "1e9"),
    ("capital_idr", "9" * 30),
    ("turnover_answer", "mungkin"),
    ("turnover_days_per_week", "8"),
    ("founded_year", "1500"),
    ("scale", "raksasa"),
    ("scale", "micro"),
    ("consents", "semua"),
    ("consent_channel", "gosip"),
    ("public_opt_out", "mungkin\0"),
    ("description", "<img src=x onerror=alert(1)>" * 300),
]


@pytest.mark.parametrize(("field", "value"), HOSTILE)
def test_a_hostile_value_is_answered_with_a_message_and_never_half_written(client, petugas, field, value):
    data = {
        "name": "Keripik",
        "activity": "keripik tempe",
        "consents": ["phone"],
        "product-0-unit": "bungkus",
    }
    if field == "product-0-price_idr":
        data["product-0-name"] = "Keripik"
    data[field] = value

    answer = filled(signed_in(client, petugas), **{k.replace("-", "__"): v for k, v in data.items()})

    if answer.status_code == 302:  # a checkbox is only on or off: the rest of such a value means nothing
        assert field == "public_opt_out"
        return
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "perlu diperbaiki" in page
    assert "<script>" not in page.split("<main")[1].replace("<script src", "")
    assert "onerror=alert(1)>" not in page or "&lt;img" in page
    assert not Submission.objects.exclude(status="draft").exists()
    draft = Submission.objects.first()
    if draft and len(value) > 2 and field not in ("scale", "consents"):
        assert value[:40] not in str(draft.values) + str([i["values"] for i in draft.items])
    assert not Person.objects.exists() and not Business.objects.exists()


def test_a_form_from_a_stranger_page_with_odd_rows_is_no_error(client, petugas):
    data = {
        "name": "Keripik",
        "activity": "keripik",
        "kelurahan": "35.73.01.1007",
        "licence-0-uuid": "bukan-uuid",
        "licence-0-fixed": "../../etc",
        "licence-0-status": "has",
        "licence-0-kind": "merek",
        "owner-0-uuid": str(uuid.uuid4()),
        "consents_end": "x",
        "token": "x",
        "use_person": "",
        "do": "send",
    }
    page = signed_in(client, petugas).post(NEW, data)

    assert page.status_code == 200
    assert "berubah sejak Anda membuka" in page.content.decode()  # it carries no stamp of ours
    assert not Submission.objects.exists()


# ---- NIK -----------------------------------------------------------------------------------------


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


# ---- KBLI, photos, sending twice -----------------------------------------------------------------


def test_a_kbli_that_fits_several_codes_is_asked_for(client, petugas):
    make_kbli()
    make_kbli("10391", "2020", "Industri tempe kedelai")
    make_kbli("10399", "2025", "Industri makanan kedelai lainnya")
    answer = filled(signed_in(client, petugas), name="Tempe", activity="tempe", kbli="kedelai")

    page = answer.content.decode()
    assert "Pilih salah satu di bawah" in page and 'value="2025:10399"' in page
    draft = Submission.objects.get()
    path = f"/data-saya/{draft.uuid}/ubah/"
    again = client.post(path, inputs(answer) | {"kbli_pick": "2025:10307", "rt": "lima", "do": "send"})
    assert "Pilih salah satu di bawah" not in again.content.decode()
    client.post(path, inputs(again) | {"rt": "5", "do": "send"})
    draft.refresh_from_db()
    assert (draft.status, draft.proposed("kbli")) == ("submitted", "2025:10307")


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("2025:10307", "2025:10307"),
        ("10307", "2025:10307"),
        ("Industri tempe kedelai", "2025:10307"),
        ("56102", None),
        ("99999", None),
        ("tidak ada apa-apa", None),
        ("2025:99999", None),
    ],
)
def test_a_kbli_is_found_by_key_code_or_title(client, petugas, typed, key):
    make_kbli()
    make_kbli("56102", "2020", "Rumah makan")
    make_kbli("56102", "2025", "Restoran keliling")
    filled(signed_in(client, petugas), name="Tempe", activity="tempe", kbli=typed)

    submission = Submission.objects.get()
    assert submission.proposed("kbli") == key
    assert submission.status == ("submitted" if key else "draft")


def test_a_file_that_is_no_picture_is_named_and_the_good_one_is_kept(client, petugas):
    script = SimpleUploadedFile("foto.jpg", b"<script>alert(1)</script>", "image/jpeg")
    empty = SimpleUploadedFile("kosong.jpg", b"", "image/jpeg")
    data = inputs(signed_in(client, petugas).get(NEW))
    data |= {"name": "Keripik", "activity": "keripik", "photos": [script, empty, photo()], "do": "send"}
    page = client.post(NEW, data).content.decode()

    assert "bukan foto yang dapat dibaca" in page
    draft = Submission.objects.get()
    assert draft.status == "draft"
    assert f"/data-saya/{draft.uuid}/foto/" in page and "Pilih ulang foto yang salah." in page
    assert [i["kind"] for i in draft.items] == ["photo"]
    assert Attachment.objects.count() == 1


def test_a_photo_taken_out_of_a_draft_is_gone(client, petugas):
    filled(signed_in(client, petugas), do="draft", name="Keripik", photos=photo())
    draft = Submission.objects.get()
    path = f"/data-saya/{draft.uuid}/ubah/"
    attachment = Attachment.objects.get()
    assert attachment.file.storage.exists(attachment.file.name)

    filled(client, path, do="draft", photo__0__end="on")

    draft.refresh_from_db()
    assert draft.items == [] and not Attachment.objects.exists()


def test_the_same_page_sent_twice_makes_one_submission(client, petugas):
    signed_in(client, petugas)
    data = inputs(client.get(NEW)) | {"name": "Keripik", "activity": "keripik", "do": "send"}

    first, second = client.post(NEW, data), client.post(NEW, data)

    assert first.url == second.url
    assert Submission.objects.count() == 1


def test_the_same_draft_sent_twice_makes_one_submission(client, petugas):
    signed_in(client, petugas)
    data = inputs(client.get(NEW)) | {"name": "Keripik", "do": "draft", "product-0-name": "Keripik"}

    client.post(NEW, data)
    client.post(NEW, data)

    assert len(Submission.objects.get().items) == 1


# ---- changes -------------------------------------------------------------------------------------


def rich_business(petugas, verifikator):
    identity = str(uuid.uuid4())
    return make_business(
        by=petugas,
        decided_by=verifikator,
        name="Keripik Bu Wiji",
        address="Jl. Sanan",
        workers=3,
        capital_idr=5_000_000,
        phone="081234567890",
        items=[
            {"kind": "owner", "uuid": identity, "values": {"name": "Wiji Lestari", "phone": "081234567890"}},
            {"kind": "licence", "values": {"kind": "nib", "status": "has", "number": "0123456789012"}},
            {"kind": "product", "values": {"name": "Keripik 250 g", "price_idr": 12000}},
            {"kind": "consent", "values": {"group": "phone", "channel": "paper"}},
        ],
        sealed={identity: {"nik": nik(9)}},
    )


def test_only_what_was_changed_is_proposed(client, petugas, verifikator):
    business = rich_business(petugas, verifikator)
    path = f"/usaha/{business.uuid}/ubah/"

    assert filled(signed_in(client, petugas), path, address="Jl. Sanan Gg. III").status_code == 302

    change = Submission.objects.get(kind="change")
    assert change.values == {"address": ["Jl. Sanan", "Jl. Sanan Gg. III"]}
    assert change.items == []


def test_a_page_sent_back_untouched_proposes_nothing(client, petugas, verifikator):
    business = rich_business(petugas, verifikator)
    answer = filled(signed_in(client, petugas), f"/usaha/{business.uuid}/ubah/")

    assert "Belum ada yang diubah" in answer.content.decode()
    assert not Submission.objects.filter(kind="change").exists()


def test_belongings_are_changed_and_ended(client, petugas, verifikator):
    business = rich_business(petugas, verifikator)
    path = f"/usaha/{business.uuid}/ubah/"
    page = inputs(signed_in(client, petugas).get(path))
    product = next(n for n in page if n.startswith("product-") and page[n] == ["Keripik 250 g"])

    filled(
        client,
        path,
        **{
            product.replace("-name", "__price_idr").replace("-", "__"): "15.000",
            "licence__0__end": "on",
            "consents_end": str(business.consents.get().uuid),
            "owner__0__phone": "081299999999",
            "owner__1__name": "Sri Astuti",
        },
    )

    change = Submission.objects.get(kind="change")
    assert sorted((i["kind"], i["op"]) for i in change.items) == [
        ("consent", "end"),
        ("licence", "end"),
        ("owner", "add"),
        ("owner", "change"),
        ("product", "change"),
    ]
    change.approve(by=verifikator)
    business.refresh_from_db()
    assert (business.has_nib, business.shows_phone) == (False, False)
    assert business.products.get().price_idr == 15000
    assert {o.person.name for o in business.ownerships.all()} == {"Wiji Lestari", "Sri Astuti"}


def test_a_page_opened_before_the_business_changed_asks_again(client, petugas, operator, verifikator):
    business = rich_business(petugas, verifikator)
    path = f"/usaha/{business.uuid}/ubah/"
    old = inputs(signed_in(client, petugas).get(path)) | {"workers": "5", "do": "send"}
    make_submission(by=operator, kind="change", business=business, workers=7, submit=True).approve(
        by=verifikator
    )

    answer = client.post(path, old)

    page = answer.content.decode()
    assert "berubah sejak Anda membuka halaman ini" in page and 'name="pilih:workers"' in page
    assert not Submission.objects.filter(kind="change", status="submitted").exists()
    assert client.post(path, inputs(answer) | {"do": "send"}).status_code == 302


def test_closing_and_reopening(client, petugas, verifikator):
    business = rich_business(petugas, verifikator)
    signed_in(client, petugas)

    assert filled(client, f"/usaha/{business.uuid}/tutup/", note="Pindah ke Blitar.").status_code == 302
    assert "Sudah ada usulan tutup" in filled(client, f"/usaha/{business.uuid}/tutup/").content.decode()
    Submission.objects.get(kind="close", status="submitted").approve(by=verifikator)

    assert "sudah tercatat tutup" in filled(client, f"/usaha/{business.uuid}/tutup/").content.decode()
    assert filled(client, f"/usaha/{business.uuid}/buka/").status_code == 302


def test_a_move_goes_to_a_kelurahan_out_of_reach(client, petugas, verifikator):
    business = rich_business(petugas, verifikator)
    path = f"/usaha/{business.uuid}/pindah/"

    assert "Pilih kelurahan yang baru" in filled(signed_in(client, petugas), path, rt="3").content.decode()
    assert filled(client, path, kelurahan="35.73.05.1004", rt="3").status_code == 302
    move = Submission.objects.get(kind="move", status="submitted")
    assert move.kelurahan_next.name == "Dinoyo"


# ---- returned ------------------------------------------------------------------------------------


def test_the_reviewers_notes_stand_at_their_fields(client, petugas, verifikator):
    item = {
        "kind": "licence",
        "uuid": str(uuid.uuid4()),
        "values": {"kind": "nib", "number": "0123456789012"},
    }
    submission = make_submission(by=petugas, submit=True, items=[item])
    submission.return_for_changes(
        by=verifikator,
        notes={
            "address": "Tulis nama gangnya.",
            f"licence.{item['uuid'][:8]}": "Nomor berbeda dari dokumen.",
        },
        reason="Hampir lengkap.",
    )
    path = f"/data-saya/{submission.uuid}/ubah/"
    page = signed_in(client, petugas).get(path).content.decode()

    assert page.index("Tulis nama gangnya.") < page.index('name="address"')
    assert page.index("Nomor berbeda dari dokumen.") < page.index('name="licence-0-number"')
    assert "Hampir lengkap." in page
    assert filled(client, path, address="Jl. Sanan Gg. III").status_code == 302
    submission.refresh_from_db()
    assert submission.status == "submitted"
    assert [i["values"]["number"] for i in submission.items] == ["0123456789012"]


# ---- who may -------------------------------------------------------------------------------------


def test_who_may_open_which_page(client, petugas, petugas_dinoyo, verifikator, kepala, nobody):
    business = make_business(by=petugas, decided_by=verifikator)
    draft = make_submission(by=petugas)
    pages = [NEW, f"/usaha/{business.uuid}/ubah/", f"/data-saya/{draft.uuid}/ubah/", "/data-saya/"]

    for path in pages:
        assert client.get(path).url.startswith("/masuk/"), path
    for user in (kepala, nobody):
        signed_in(client, user)
        assert [client.get(p).status_code for p in pages] == [403] * 4
    signed_in(client, petugas_dinoyo)
    assert [client.get(p).status_code for p in pages] == [200, 404, 404, 200]
    signed_in(client, petugas)
    assert [client.get(p).status_code for p in pages] == [200] * 4


def test_what_was_sent_cannot_be_changed_any_more(client, petugas):
    submission = make_submission(by=petugas, submit=True)
    answer = signed_in(client, petugas).get(f"/data-saya/{submission.uuid}/ubah/")

    assert answer.url == submission.get_absolute_url()


def test_the_page_is_read_with_few_queries_however_many_belongings(
    client, petugas, verifikator, django_assert_max_num_queries
):
    business = rich_business(petugas, verifikator)
    signed_in(client, petugas).get(f"/usaha/{business.uuid}/ubah/")
    with django_assert_max_num_queries(40):
        client.get(f"/usaha/{business.uuid}/ubah/")


# ---- lists and detail ----------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_my_submissions_cost_the_same_for_one_and_for_three(
    client, petugas, verifikator, django_assert_num_queries, rows
):
    for _row in range(rows):
        make_submission(by=petugas, submit=True)
        make_submission(by=petugas, submit=True).return_for_changes(by=verifikator, reason="Lengkapi.")
    signed_in(client, petugas).get("/data-saya/")

    with django_assert_num_queries(QUERIES_MINE):
        page = client.get("/data-saya/")

    assert page.content.decode().count('class="row-link"') == 2 * rows


def test_returned_items_stand_on_top_and_the_successor_sees_them(client, city, petugas, verifikator):
    make_submission(by=petugas, name="Yang Lain", submit=True)
    returned = make_submission(by=petugas, name="Yang Kembali", submit=True)
    returned.return_for_changes(by=verifikator, notes={"address": "Tulis gangnya."})
    successor = make_officer("petugas", city["Purwantoro"])

    page = signed_in(client, successor).get("/data-saya/").content.decode()

    assert page.index("Yang Kembali") < page.index("Yang Lain")
    assert "Alamat: Tulis gangnya." in page and petugas.name in page


def test_an_unknown_filter_is_said_and_not_guessed(client, petugas):
    make_submission(by=petugas, name="Keripik Rahasia")
    for query in ("?status=entah", "?warna=biru", "?after=x"):
        page = signed_in(client, petugas).get(f"/data-saya/{query}")
        assert page.status_code == 200
        assert "notice-warn" in page.content.decode(), query


def test_the_detail_tells_state_and_history_without_identity_numbers(client, petugas, verifikator):
    identity = str(uuid.uuid4())
    submission = make_submission(
        by=petugas,
        submit=True,
        items=[{"kind": "owner", "uuid": identity, "values": {"name": "Wiji"}}],
        sealed={identity: {"nik": nik(4321)}},
    )
    submission.return_for_changes(by=verifikator, notes={"address": "Tulis nama gangnya."})

    page = signed_in(client, petugas).get(submission.get_absolute_url()).content.decode()

    assert "Diminta diperbaiki" in page and "Tulis nama gangnya." in page
    assert "•••• 4321" in page and nik(4321) not in page


def test_figures_are_shown_only_to_who_needs_them(client, city, petugas):
    lurah = make_officer("lurah", city["Purwantoro"])
    submission = make_submission(by=petugas, submit=True, capital_idr=98_765_432, address="Jl. Sanan")

    assert "98.765.432" in signed_in(client, petugas).get(submission.get_absolute_url()).content.decode()
    page = signed_in(client, lurah).get(submission.get_absolute_url()).content.decode()
    assert "Jl. Sanan" in page and "98.765.432" not in page and "hanya untuk petugas" in page


def test_sending_and_withdrawing_from_the_detail(client, petugas, petugas_dinoyo, operator):
    draft = make_submission(by=petugas)
    send, take_back = f"/data-saya/{draft.uuid}/kirim/", f"/data-saya/{draft.uuid}/tarik/"

    assert signed_in(client, petugas_dinoyo).post(send).status_code == 404
    assert client.get(send).status_code == 405
    signed_in(client, petugas).post(send)
    draft.refresh_from_db()
    assert draft.status == "submitted"
    page = client.post(send, follow=True).content.decode()
    assert "sudah berstatus" in page
    assert signed_in(client, petugas_dinoyo).post(take_back).status_code == 404
    page = signed_in(client, operator).post(take_back, follow=True).content.decode()
    assert "Hanya pengusul" in page
    signed_in(client, petugas).post(take_back)
    draft.refresh_from_db()
    assert draft.status == "withdrawn"


def test_an_incomplete_draft_cannot_be_sent_from_the_detail(client, petugas):
    draft = make_submission(by=petugas, activity="")
    answer = signed_in(client, petugas).post(f"/data-saya/{draft.uuid}/kirim/", follow=True)

    assert "Lengkapi dulu isian yang wajib" in answer.content.decode()


def test_photos_are_private(client, petugas, petugas_dinoyo, verifikator):
    filled(signed_in(client, petugas), name="Keripik", activity="keripik", photos=photo())
    attachment = Attachment.objects.get()
    path = reverse("submission-photo", args=[attachment.submission.uuid, attachment.uuid])

    answer = signed_in(client, verifikator).get(path)

    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "private, max-age=3600"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
    assert signed_in(client, petugas_dinoyo).get(path).status_code == 404
    other = make_submission(by=petugas, submit=True)
    wrong = reverse("submission-photo", args=[other.uuid, attachment.uuid])
    assert signed_in(client, petugas).get(wrong).status_code == 404


def test_what_was_sent_back_does_not_go_unchanged_without_a_word(client, petugas, verifikator):
    submission = make_submission(by=petugas, submit=True)
    submission.return_for_changes(by=verifikator, notes={"address": "Tulis gangnya."})
    client.force_login(petugas)
    address = reverse("submission-edit", args=[submission.uuid])

    def send(**more):
        form = client.get(address).context["entry"].main
        shown = {name: form[name].value() or "" for name in ("name", "activity", "kelurahan", "note")}
        stamp = client.get(address).context["entry"].stamp()
        return client.post(address, shown | {"stamp": stamp, "do": "send"} | more)

    assert "Belum ada yang diubah" in send().content.decode()
    submission.refresh_from_db()
    assert submission.status == "returned"
    assert not submission.editors.exists()
    send(note="Gangnya memang tidak bernama.")
    submission.refresh_from_db()
    assert submission.status == "submitted"
