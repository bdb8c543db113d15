"""The entry page of a business that is recorded: changing, closing, moving it, mending what came back."""

import uuid

import pytest
from django.urls import reverse

from registry.models import Submission
from tests.factories import make_business, make_submission, nik
from tests.registry.submissions.entry import filled, inputs, signed_in

pytestmark = pytest.mark.django_db


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


def test_the_page_is_read_with_few_queries_however_many_belongings(
    client, petugas, verifikator, django_assert_max_num_queries
):
    business = rich_business(petugas, verifikator)
    signed_in(client, petugas).get(f"/usaha/{business.uuid}/ubah/")
    with django_assert_max_num_queries(40):
        client.get(f"/usaha/{business.uuid}/ubah/")


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
