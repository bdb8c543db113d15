"""The entry page: what is typed comes through the one door, and nothing typed is lost on the way."""

import uuid

import pytest

from registry.models import Business, Person, Submission
from tests.factories import make_kbli, make_subsector, nik
from tests.registry.submissions.entry import NEW, filled, photo, signed_in

pytestmark = pytest.mark.django_db


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
