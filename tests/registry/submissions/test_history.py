"""The history of one business: what it tells, to whom, and what it never tells."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from registry.models import Business, Submission
from registry.submissions import history
from registry.submissions.earlier import earlier_days
from registry.submissions.reversing import reverse
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
QUERIES = 18  # the history page, whatever its length
OWNER = "7a2b6f9e-0f0c-4b57-9d0c-0b8c0b1f3a55"


def changed(business, by, decided_by, *, mends=None, **values):
    """An approved change of a business."""
    business = Business.objects.get(pk=business.pk)
    submission = make_submission(by=by, kind="change", business=business, submit=True, **values)
    submission.approve(by=decided_by, **({"mends": mends, "reason": "Salah ketik."} if mends else {}))
    return submission


def rows(business, user):
    entries = history.entries_about(business, user).order_by("-pk")
    return history.told(entries, business, user)


def said(row):
    """One line as a reader hears it."""
    parts = [row["title"], row["text"], row["by"], row["source"]]
    parts += [f"{c.label}: {c.before} menjadi {c.after} {c.note}" for c in [*row["changes"], *row["more"]]]
    parts += [f"{label}: {text}" for label, text in row["notes"]]
    return " | ".join(filter(None, parts))


def whole(business, user):
    return "\n".join(said(row) for row in rows(business, user))


def text_of(client, user, path):
    client.force_login(user)
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_a_change_tells_before_after_who_and_from_where(petugas, verifikator):
    business = make_business(opening_hours="08.00–16.00")
    changed(business, petugas, verifikator, opening_hours="08.00–17.00")

    newest, sent = rows(business, petugas)[:2]

    assert said(newest) == (
        f"Disetujui: perubahan data | {verifikator.name} | Jam buka: 08.00–16.00 menjadi 08.00–17.00 "
    )
    assert said(sent) == f"Diisi dan dikirim: perubahan data | {petugas.name} | lewat halaman isian"


def test_what_waits_is_told_where_it_was_sent(petugas):
    business = make_business(rw=2)
    make_submission(by=petugas, kind="change", business=business, rt=1, rw=3, submit=True)

    assert "RT/RW: RW 02 menjadi RT 01 RW 03" in said(rows(business, petugas)[0])


def test_a_mend_tells_what_was_sent_and_what_it_became(petugas, verifikator):
    business = make_business(opening_hours="08.00–16.00")
    changed(business, petugas, verifikator, opening_hours="8-17", mends={"opening_hours": "08.00–17.00"})

    newest = said(rows(business, petugas)[0])

    assert "08.00–16.00 menjadi 08.00–17.00 dikirim “8-17”, diperbaiki verifikator" in newest
    assert "Disetujui dengan perbaikan. Salah ketik." in newest


def test_what_the_reviewer_left_as_it_was_is_told_as_not_used(petugas, operator, verifikator):
    business = make_business(address="Lama")
    waiting = make_submission(by=petugas, kind="change", business=business, address="Usulan", submit=True)
    changed(business, operator, verifikator, address="Antara")
    Submission.objects.get(pk=waiting.pk).approve(by=verifikator, keep=["address"])

    assert "Alamat: Lama menjadi Usulan tidak dipakai" in said(rows(business, petugas)[0])


def test_a_light_correction_says_that_a_rule_approved_it(operator):
    business = make_business(opening_hours="08.00–16.00")
    make_submission(by=operator, kind="change", business=business, opening_hours="09.00", submit=True)

    newest = said(rows(business, operator)[0])

    assert "Koreksi ringan, disetujui menurut aturan." in newest and "Aturan portal" in newest


def test_notes_and_reasons_are_told(petugas, verifikator):
    business = make_business()
    back = make_submission(by=petugas, kind="change", business=business, address="Gg. 3", submit=True)
    back.return_for_changes(by=verifikator, notes={"address": "Tulis nomornya."}, reason="Belum lengkap.")
    no = make_submission(by=petugas, kind="change", business=business, activity="Batik", submit=True)
    no.reject(by=verifikator, reason="Bukan usaha ini.")

    told = whole(business, petugas)

    assert "Diminta diperbaiki | Belum lengkap." in told and "Alamat: Tulis nomornya." in told
    assert "Ditolak: perubahan data | Bukan usaha ini." in told


def test_verification_recognition_and_consent_are_told(petugas, verifikator):
    business = make_business(items=[{"kind": "consent", "values": {"group": "phone", "channel": "paper"}}])
    business.verify("existence", how="visit", by=verifikator)
    business.verify("existence", how="document", by=verifikator)
    business.recognise("curated", on=timezone.localdate(), by=verifikator, note="Kurasi MCC.")
    business.unrecognise("curated", by=verifikator, reason="Salah usaha.")
    business.consents.get().withdraw(by=petugas)

    told = whole(business, petugas)

    for words in (
        "Keberadaan diverifikasi | Lewat kunjungan.",
        "Keberadaan diverifikasi | Lewat dokumen.",
        "Kurasi MCC.",
        "Salah usaha.",
        "Persetujuan ditarik | Untuk telepon.",
    ):
        assert words in told


def test_figures_are_for_who_needs_to_know(city, petugas, verifikator):
    business = make_business()
    make_kbli()
    submission = make_submission(
        by=petugas, kind="change", business=business, capital_idr=25_000_000, submit=True
    )
    submission.return_for_changes(by=verifikator, notes={"capital_idr": "25 juta itu termasuk tanah?"})
    lurah = make_officer("lurah", city["Purwantoro"])

    assert "Rp25.000.000" in whole(business, petugas) and "termasuk tanah" in whole(business, petugas)
    told = whole(business, lurah)
    assert "Rp25.000.000" not in told and "termasuk tanah" not in told
    assert "Modal usaha:  menjadi  diubah, isinya tidak ditampilkan untuk Anda" in told


def test_owners_are_named_within_sight_and_never_by_number(city, petugas, petugas_dinoyo, verifikator):
    business = make_business(
        items=[{"kind": "owner", "uuid": OWNER, "values": {"name": "Wiji Lestari", "phone": "081234567890"}}],
        sealed={OWNER: {"nik": nik(7)}},
    )
    stranger = make_person(name="Orang Dinoyo", phone="6281300000000", domicile=city["Dinoyo"])
    Submission.objects.create(  # as sending does with a NIK known elsewhere
        kind="change",
        status="submitted",
        business=business,
        business_uuid=business.uuid,
        kelurahan_now=business.kelurahan,
        proposed_by=petugas,
        submitted_at=timezone.now(),
        submitted_by=petugas,
        items=[
            {
                "op": "add",
                "kind": "owner",
                "uuid": str(stranger.uuid),
                "values": {"nik_known": True, "phone": "6281300000000", "nik_last4": "9999"},
            }
        ],
    )
    sent = Submission.objects.get(status="submitted")
    AuditEntry.objects.create(
        act="submission.submitted",
        target_type="submission",
        target_id=str(sent.pk),
        about=business.uuid,
        recorded_by=petugas,
        detail={"kind": "change"},
    )

    told = whole(business, petugas)

    assert "Wiji Lestari" in told and "orang di luar wilayah Anda" in told
    for secret in ("Orang Dinoyo", "0813-0000-0000", "6281300000000", "9999", nik(7)):
        assert secret not in told
    assert "Orang Dinoyo" in whole(business, verifikator)


def test_a_draft_is_told_to_its_desk_only(petugas, verifikator):
    business = make_business()
    make_submission(by=petugas, kind="change", business=business, activity="Rahasia")

    assert "Produk atau kegiatan: keripik tempe menjadi Rahasia" in said(rows(business, petugas)[0])
    assert "Rahasia" not in whole(business, verifikator)
    assert rows(business, verifikator)[0]["title"] == "Disetujui: usaha baru"


def test_a_move_tells_who_agreed_and_an_earlier_kelurahans_steps_without_its_contents(
    petugas, petugas_dinoyo, verifikator
):
    business = make_business(kelurahan="35.73.05.1004")
    changed(business, petugas_dinoyo, verifikator, activity="Batik Dinoyo")
    move = make_submission(
        by=petugas_dinoyo, kind="move", business=business, kelurahan="35.73.01.1007", submit=True
    )
    move.agree(by=petugas)
    move.approve(by=verifikator)
    business.refresh_from_db()

    told = rows(business, petugas)

    assert [row["title"] for row in told][:3] == [
        "Disetujui: pindah kelurahan",
        "Perpindahan disetujui kelurahan penerima",
        "Diisi dan dikirim: pindah kelurahan",
    ]
    assert told[1]["by"] == petugas.name
    assert "Disetujui: perubahan data" in whole(business, petugas)
    assert "Batik Dinoyo" not in whole(business, petugas)


def test_who_reads_no_submissions_reads_the_acts_on_the_business_only(city, petugas, verifikator):
    business = make_business()
    changed(business, petugas, verifikator, address="Gg. Rahasia")
    business.verify("existence", how="visit", by=verifikator)

    told = rows(business, make_officer("keuangan", city["Kota"]))

    assert [row["title"] for row in told] == ["Keberadaan diverifikasi"]


def test_a_reversal_and_what_it_reverses_link_to_each_other(petugas, operator, verifikator):
    business = make_business(address="Lama")
    first = changed(business, petugas, verifikator, address="Keliru")
    second = reverse(Submission.objects.get(pk=first.pk), by=operator, reason="Alamat usaha lain.")
    second.approve(by=verifikator)

    newest, sent, older = rows(business, verifikator)[:3]

    assert newest["title"] == "Disetujui: pembalikan keputusan"
    assert newest["links"] == [("Keputusan yang dibalikkan", first.get_absolute_url())]
    assert older["links"] == [("Dibalikkan kemudian", second.get_absolute_url())]
    assert "Alamat usaha lain." in sent["text"]
    assert "Alamat: Keliru menjadi Lama" in said(newest)


def test_names_sectors_and_places_of_earlier_days(city, petugas, petugas_dinoyo, verifikator):
    make_subsector()
    make_subsector("kriya", "Kriya")
    make_kbli("10391", "2020", "Industri tempe")
    make_kbli()
    business = make_business(
        name="Warung Lama", kbli="2020:10391", subsector="kriya", kelurahan="35.73.05.1004"
    )
    changed(business, petugas_dinoyo, verifikator, name="Warung Baru", kbli="2025:10307", subsector="kuliner")
    business = Business.objects.get(pk=business.pk)
    move = make_submission(
        by=petugas_dinoyo, kind="move", business=business, kelurahan="35.73.01.1007", submit=True
    )
    move.agree(by=petugas)
    move.approve(by=verifikator)
    today = timezone.localdate()

    told = earlier_days(Business.objects.get(pk=business.pk))

    assert len(told) == 4
    assert told[0].startswith("Dulu bernama “Warung Lama”, sampai ") and str(today.year) in told[0]
    assert told[1].startswith("Dulu di Dinoyo, Kec. Lowokwaru, sampai ")
    assert told[2].startswith("Dulu tercatat KBLI 10391 Industri tempe (KBLI 2020), sampai ")
    assert told[3].startswith("Dulu tercatat subsektor Kriya, sampai ")


def test_a_name_that_was_kept_as_it_was_is_no_earlier_name(petugas, operator, verifikator):
    business = make_business(name="Asli")
    waiting = make_submission(by=petugas, kind="change", business=business, name="Usulan", submit=True)
    changed(business, operator, verifikator, name="Antara")
    Submission.objects.get(pk=waiting.pk).approve(by=verifikator, keep=["name"])

    assert [t.partition(",")[0] for t in earlier_days(Business.objects.get(pk=business.pk))] == [
        "Dulu bernama “Asli”"
    ]


def test_the_page_goes_on_beyond_the_newest_sixty(client, petugas):
    business = make_business()
    for days in range(70):
        business.confirm_active(on=timezone.localdate() - timedelta(days=days), by=petugas)
    path = f"{business.get_absolute_url()}riwayat/"

    first = text_of(client, petugas, path)
    second = text_of(client, petugas, path + next_link(first))

    assert first.count("Dipastikan masih aktif") == 60
    assert second.count("Dipastikan masih aktif") == 10 and "Disetujui: usaha baru" in second
    assert "tidak dikenali" in text_of(client, petugas, path + "?after=xx")


def next_link(page):
    start = page.index('href="?after=') + len('href="')
    return page[start : page.index('"', start)].replace("&amp;", "&")


def test_the_history_is_for_who_may_read_the_business(client, petugas_dinoyo, nobody):
    business = make_business()
    path = f"{business.get_absolute_url()}riwayat/"

    client.force_login(petugas_dinoyo)
    assert client.get(path).status_code == 404
    client.force_login(nobody)
    assert client.get(path).status_code == 403


@pytest.mark.parametrize("times", [1, 3])
def test_the_history_costs_the_same_for_one_change_and_for_three(
    client, petugas, verifikator, times, django_assert_num_queries
):
    make_subsector()
    make_subsector("kriya", "Kriya")
    make_kbli()
    make_kbli("10391", "2020", "Industri tempe")
    business = make_business(
        kbli="2020:10391",
        subsector="kriya",
        items=[
            {"kind": "owner", "uuid": OWNER, "values": {"name": "Wiji"}},
            {"kind": "product", "values": {"name": "Tempe"}},
        ],
    )
    product = str(business.products.get().uuid)
    for turn in range(times):
        changed(
            business,
            petugas,
            verifikator,
            kbli=("2025:10307", "2020:10391")[turn % 2],
            subsector=("kuliner", "kriya")[turn % 2],
            items=[
                {"op": "change", "kind": "product", "uuid": product, "values": {"price_idr": 1000 + turn}},
                {"op": "change", "kind": "owner", "uuid": OWNER, "values": {"phone": f"08123456789{turn}"}},
            ],
        )
    path = f"{business.get_absolute_url()}riwayat/"
    text_of(client, petugas, path)

    with django_assert_num_queries(QUERIES):
        client.get(path)


def test_a_change_of_owner_is_told_by_name(petugas, verifikator):
    business = make_business(items=[{"kind": "owner", "uuid": OWNER, "values": {"name": "Wiji Lestari"}}])
    submission = make_submission(
        by=petugas,
        kind="change",
        business=business,
        submit=True,
        items=[
            {"op": "end", "kind": "owner", "uuid": OWNER, "values": {}},
            {"op": "add", "kind": "owner", "values": {"name": "Slamet Riyadi"}},
        ],
    )
    submission.approve(by=verifikator)

    newest = said(rows(business, petugas)[0])

    assert "Pemilik: Wiji Lestari menjadi bukan pemilik lagi" in newest
    assert "Slamet Riyadi menjadi pemilik" in newest
