"""The verification queue and the review page: what a reviewer sees, chooses and decides."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from registry.models import Business, Submission
from registry.submissions.ages import Ages
from registry.submissions.difference import Names, label_of, value_rows
from registry.submissions.wording import timeline
from tests.factories import make_business, make_officer, make_submission, nik

pytestmark = pytest.mark.django_db
QUEUE = "/verifikasi/"
QUERIES_QUEUE = 11
QUERIES_REVIEW = 15


def signed_in(client, user):
    client.force_login(user)
    return client


def aged(submission, days):
    """The submission as if it had been sent `days` days ago."""
    Submission.objects.filter(pk=submission.pk).update(submitted_at=timezone.now() - timedelta(days=days))
    return submission


def waiting(by, **values):
    return make_submission(by=by, submit=True, **values)


# ---- the queue -----------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_costs_the_same_for_one_and_for_three(
    client, petugas, verifikator, django_assert_num_queries, rows
):
    for _row in range(rows):
        waiting(petugas)
    signed_in(client, verifikator).get(QUEUE)

    with django_assert_num_queries(QUERIES_QUEUE):
        page = client.get(QUEUE)

    assert page.content.decode().count("<tr>") == rows + 1


def test_the_longest_waiting_comes_first_and_overdue_is_marked(client, petugas, verifikator):
    waiting(petugas, name="Baru Masuk")
    aged(waiting(petugas, name="Lama Sekali"), 20)

    page = signed_in(client, verifikator).get(QUEUE).content.decode()

    assert page.index("Lama Sekali") < page.index("Baru Masuk")
    assert "1 lewat tenggat" in page and page.count("#state-overdue") == 1


def test_the_address_filters_the_queue(client, petugas, petugas_dinoyo, verifikator):
    aged(waiting(petugas, name="Dari Purwantoro"), 20)
    waiting(petugas_dinoyo, name="Dari Dinoyo", kelurahan="35.73.05.1004")
    signed_in(client, verifikator)

    def listed(query):
        page = client.get(QUEUE + query).content.decode()
        return [name for name in ("Dari Purwantoro", "Dari Dinoyo") if name in page]

    assert listed("?kelurahan=35.73.05.1004") == ["Dari Dinoyo"]
    assert listed("?overdue=true") == ["Dari Purwantoro"]
    assert listed("?overdue=false") == ["Dari Dinoyo"]
    assert listed("?kind=close") == []
    assert listed("?kelurahan=&kind=&overdue=") == ["Dari Purwantoro", "Dari Dinoyo"]
    for query in ("?kind=entah", "?overdue=mungkin", "?warna=biru", "?after=x", "?kelurahan=1"):
        answer = client.get(QUEUE + query)
        assert answer.status_code == 200 and "notice-warn" in answer.content.decode(), query


def test_overdue_means_more_than_three_working_days(petugas):
    ages = Ages(today=timezone.localdate())
    moment = ages.overdue_before()

    assert ages.since(timezone.localtime(moment - timedelta(seconds=1)).date()) == 4
    assert ages.since(timezone.localtime(moment).date()) == 3


def test_the_queue_is_for_who_decides(client, petugas, kepala, nobody):
    submission = waiting(petugas)
    for path in (QUEUE, submission.review_url):
        assert client.get(path).url.startswith("/masuk/")
    for user in (petugas, kepala, nobody):
        signed_in(client, user)
        assert client.get(QUEUE).status_code == 403
        assert client.get(submission.review_url).status_code == 403
        assert client.post(submission.review_url, {"act": "approve"}).status_code == 403
    submission.refresh_from_db()
    assert submission.status == "submitted"


def test_drafts_are_not_the_reviewers(client, petugas, verifikator):
    draft = make_submission(by=petugas)

    assert signed_in(client, verifikator).get(draft.review_url).status_code == 404


# ---- deciding ------------------------------------------------------------------------------------


def test_approving_opens_the_next_one_with_the_same_filter(client, petugas, verifikator):
    first, second = aged(waiting(petugas), 9), aged(waiting(petugas, name="Berikutnya Ini"), 8)
    signed_in(client, verifikator)

    answer = client.post(first.review_url + "?overdue=true", {"act": "approve"})

    assert answer.url == second.review_url + "?overdue=true"
    first.refresh_from_db()
    assert first.status == "approved" and Business.objects.get(uuid=first.business_uuid)
    page = client.get(answer.url).content.decode()
    assert "Disetujui: " in page and "Berikutnya Ini" in page
    assert client.post(second.review_url, {"act": "approve"}).url == QUEUE


def test_returning_with_notes_on_fields_and_a_template(client, petugas, verifikator):
    item = {
        "kind": "licence",
        "uuid": str(uuid.uuid4()),
        "values": {"kind": "nib", "number": "0123456789012"},
    }
    submission = waiting(petugas, items=[item])
    key = f"licence.{item['uuid'][:8]}"

    assert (
        f'name="catatan:{key}"' in signed_in(client, verifikator).get(submission.review_url).content.decode()
    )
    client.post(
        submission.review_url,
        {
            "act": "return",
            "catatan:name": "Salah ejaan?",
            f"catatan:{key}": "Nomornya lain.",
            "catatan:activity": "",
            "return-template": ["Foto tidak jelas."],
            "return-reason": "Hubungi saya.",
        },
    )

    submission.refresh_from_db()
    assert submission.status == "returned"
    assert submission.notes == {"name": "Salah ejaan?", key: "Nomornya lain."}
    assert submission.reason == "Foto tidak jelas.\nHubungi saya."


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("return", "Tulis catatan"),
        ("reject", "Tulis alasan penolakan"),
        ("hapus", "tidak dikenal"),
        ("", "tidak dikenal"),
    ],
)
def test_without_a_reason_nothing_happens_and_notes_typed_stay(client, petugas, verifikator, act, said):
    submission = waiting(petugas)
    answer = signed_in(client, verifikator).post(submission.review_url, {"act": act, "reject-reason": " "})

    assert answer.status_code == 200 and said in answer.content.decode()
    submission.refresh_from_db()
    assert submission.status == "submitted"


def test_what_was_typed_stays_when_the_decision_is_refused(client, petugas, verifikator):
    submission = waiting(petugas)
    answer = signed_in(client, verifikator).post(
        submission.review_url, {"act": "reject", "catatan:name": "Nama ini <b>aneh</b>"}
    )

    assert "Nama ini &lt;b&gt;aneh&lt;/b&gt;</textarea>" in answer.content.decode()


def test_rejecting_with_a_reason(client, petugas, verifikator):
    submission = waiting(petugas)
    signed_in(client, verifikator).post(
        submission.review_url, {"act": "reject", "reject-reason": "Di luar kota."}
    )

    submission.refresh_from_db()
    assert (submission.status, submission.reason) == ("rejected", "Di luar kota.")


def test_ones_own_submission_says_why_it_cannot_be_decided(client, city, petugas):
    both = make_officer("verifikator", city["Kota"])
    submission = waiting(both)
    page = signed_in(client, both).get(submission.review_url).content.decode()

    assert "harus diputuskan orang lain" in page and 'value="approve"' not in page
    assert "milik Anda" in client.get(QUEUE).content.decode()
    answer = client.post(submission.review_url, {"act": "approve"})
    assert answer.status_code == 200 and "harus diputuskan orang lain" in answer.content.decode()
    submission.refresh_from_db()
    assert submission.status == "submitted"


def test_one_that_was_decided_meanwhile_says_so(client, petugas, verifikator, verifikator_lain):
    submission = waiting(petugas)
    submission.approve(by=verifikator_lain)
    following = waiting(petugas, name="Berikutnya Ini")
    answer = signed_in(client, verifikator).post(submission.review_url, {"act": "approve"})

    assert answer.url == following.review_url
    page = client.get(answer.url).content.decode()
    assert "keputusan Anda tidak disimpan" in page
    assert f"Sudah disetujui oleh {verifikator_lain.name}, " in page
    assert AuditEntry.objects.filter(act="submission.approved", target_id=str(submission.pk)).count() == 1


def test_where_today_differs_both_values_stand_and_the_reviewer_chooses(
    client, petugas, operator, verifikator
):
    business = make_business(by=petugas, decided_by=verifikator, workers=3, address="Jl. Sanan")
    late = make_submission(
        by=petugas, kind="change", business=business, workers=5, address="Jl. Sanan 1", submit=True
    )
    make_submission(by=operator, kind="change", business=business, workers=7, submit=True).approve(
        by=verifikator
    )
    page = signed_in(client, verifikator).get(late.review_url).content.decode()
    assert 'name="pilih:workers"' in page and "Biarkan yang sekarang:" in page

    answer = client.post(late.review_url, {"act": "approve"})
    assert "Pilih nilai yang benar" in answer.content.decode()
    client.post(late.review_url, {"act": "approve", "pilih:workers": "keep", "pilih:entah": "keep"})

    business.refresh_from_db()
    assert (business.workers, business.address) == (7, "Jl. Sanan 1")
    kept = AuditEntry.objects.filter(act="submission.approved", target_id=str(late.pk)).get().detail["kept"]
    assert kept == ["workers"]


# ---- what is shown -------------------------------------------------------------------------------


def test_a_change_shows_only_what_changes_marked_word_by_word(client, petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator, address="Jl. Sanan No. 47", workers=3)
    change = make_submission(
        by=petugas, kind="change", business=business, address="Jl. Sanan No. 48", submit=True
    )
    page = signed_in(client, verifikator).get(change.review_url).content.decode()

    assert "Jl. Sanan No. <del>47</del>" in page and "<ins>48</ins>" in page
    assert "isian lain tidak berubah" in page
    assert 'id="baris-workers"' not in page


def test_items_show_before_and_after_and_owners_only_masked(client, petugas, verifikator):
    identity = str(uuid.uuid4())
    business = make_business(
        by=petugas,
        decided_by=verifikator,
        items=[
            {"kind": "product", "values": {"name": "Keripik", "price_idr": 12000}},
            {"kind": "owner", "uuid": identity, "values": {"name": "Wiji Lestari"}},
        ],
        sealed={identity: {"nik": nik(4321)}},
    )
    product = business.products.get()
    change = make_submission(
        by=petugas,
        kind="change",
        business=business,
        items=[
            {"op": "change", "kind": "product", "uuid": str(product.uuid), "values": {"price_idr": 15000}},
            {"op": "end", "kind": "owner", "uuid": identity},
        ],
        submit=True,
    )
    page = signed_in(client, verifikator).get(change.review_url).content.decode()

    assert "<del>Rp12.000</del>" in page.replace("Rp12<", "Rp12.000</del><") or "12" in page
    assert "Wiji Lestari" in page and "•••• 4321" in page and nik(4321) not in page
    assert "diakhiri" in page


def test_hostile_text_is_shown_as_text(client, petugas, verifikator):
    submission = waiting(petugas, name="<script>alert(1)</script>", address="<img src=x>")
    for path in (submission.review_url, QUEUE, submission.get_absolute_url()):
        page = signed_in(client, verifikator).get(path).content.decode()
        assert "<script>alert" not in page and "<img src=x>" not in page


def test_checks_name_what_looks_alike(client, petugas, verifikator):
    make_business(by=petugas, decided_by=verifikator, name="Keripik Wiji", phone="081234567890")
    owner = {"kind": "owner", "values": {"name": "Wiji Lestari", "phone": "081234567890"}}
    pirt = {"kind": "licence", "values": {"kind": "pirt", "number": "206357301021420"}}
    submission = waiting(petugas, name="keripik wiji", items=[owner, pirt])
    page = signed_in(client, verifikator).get(submission.review_url).content.decode()

    assert "Nama sama di kelurahan yang sama" in page
    assert "Telepon sama." in page
    assert "P-IRT berakhir 2020" in page
    assert "memuat nama pemilik" in page
    assert "Belum ada foto" in page


def test_a_generic_name_fires_no_warning(client, petugas, verifikator):
    for _copy in range(6):
        make_business(by=petugas, decided_by=verifikator, name="Warung Kelontong")
    submission = waiting(petugas, name="Warung Kelontong")
    page = signed_in(client, verifikator).get(submission.review_url).content.decode()

    assert "mungkin sudah tercatat" not in page and "dipakai banyak usaha" in page


def test_a_nik_known_elsewhere_tells_the_reviewer_whom_it_joins(client, petugas, petugas_dinoyo, verifikator):
    identity = str(uuid.uuid4())
    make_business(
        by=petugas,
        decided_by=verifikator,
        items=[{"kind": "owner", "uuid": identity, "values": {"name": "Wiji Lestari"}}],
        sealed={identity: {"nik": nik(9)}},
    )
    other = str(uuid.uuid4())
    submission = waiting(
        petugas_dinoyo,
        kelurahan="35.73.05.1004",
        items=[{"kind": "owner", "uuid": other, "values": {"name": "W. Lestari"}}],
        sealed={other: {"nik": nik(9)}},
    )

    page = signed_in(client, verifikator).get(submission.review_url).content.decode()
    assert "sudah tercatat atas nama Wiji Lestari" in page
    page = signed_in(client, petugas_dinoyo).get(submission.get_absolute_url()).content.decode()
    assert "Wiji Lestari" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_review_costs_the_same_for_one_and_for_three_waiting(
    client, petugas, verifikator, django_assert_num_queries, rows
):
    for _row in range(rows):
        submission = waiting(petugas)
    signed_in(client, verifikator).get(submission.review_url)

    with django_assert_num_queries(QUERIES_REVIEW):
        client.get(submission.review_url)


# ---- pure ----------------------------------------------------------------------------------------


def test_values_are_told_in_words():
    names = Names(kbli={"2025:10307": "Industri tempe kedelai"}, regions={"35.73.01.1007": "Purwantoro"})
    values = {
        "capital_idr": [None, 25_000_000],
        "kbli": [None, "2025:10307"],
        "kelurahan": [None, "35.73.01.1007"],
        "phone": ["", "6281234567890"],
        "place_kind": ["", "kios"],
        "season_months": [[], [1, 8]],
        "scale_on": [None, "2026-11-22"],
        "public_opt_out": [False, True],
    }
    told = {
        row.key: str(row.after).replace("<ins>", "").replace("</ins>", "")
        for row in value_rows(values, names)
    }

    assert told == {
        "capital_idr": "Rp25.000.000",
        "kbli": "10307 Industri tempe kedelai (KBLI 2025)",
        "kelurahan": "Purwantoro",
        "phone": "0812-3456-7890",
        "place_kind": "Kios atau toko",
        "season_months": "Januari, Agustus",
        "scale_on": "22 November 2026",
        "public_opt_out": "ya",
    }


def test_a_note_names_its_field():
    item = {
        "kind": "licence",
        "uuid": "0badcafe-0000-4000-8000-000000000000",
        "op": "add",
        "values": {"kind": "nib"},
    }

    assert label_of("address") == "Alamat"
    assert label_of("owner.nik_answer") == "Pemilik: NIK"
    assert label_of("licence.0badcafe", [item]) == "NIB"
    assert label_of("apa saja") == "apa saja"


def test_the_timeline_tells_every_act_in_words(petugas, verifikator):
    submission = make_submission(by=petugas)
    for address in ("Jl. A", "Jl. B"):
        submission.edit(
            by=petugas,
            values={"name": "K", "activity": "k", "kelurahan": "35.73.01.1007", "address": address},
        )
    submission.submit(by=petugas)
    submission.return_for_changes(by=verifikator, notes={"address": "Tulis gangnya."})
    submission.submit(by=petugas)
    submission.approve(by=verifikator)
    entries = AuditEntry.objects.filter(about=submission.business_uuid).select_related("recorded_by")

    told = timeline(entries.order_by("-pk"))

    assert [line["title"] for line in told] == [
        "Disetujui: usaha baru",
        "Dikirim untuk diverifikasi: usaha baru",
        "Diminta diperbaiki",
        "Dikirim untuk diverifikasi: usaha baru",
        "Isian diubah",
        "Isian dibuat: usaha baru",
    ]
    assert told[2]["text"] == "Alamat: Tulis gangnya."
    assert told[2]["by"] == verifikator.name


def test_a_decided_submission_still_shows_what_it_brought(client, petugas, verifikator):
    business = make_business(by=petugas, decided_by=verifikator)
    submission = make_submission(
        by=petugas,
        kind="change",
        business=business,
        submit=True,
        items=[{"kind": "product", "values": {"name": "Marning manis", "price_idr": 9000}}],
    )
    client.force_login(petugas)

    def row():
        page = client.get(f"/data-saya/{submission.uuid}/").text
        start = page.index('<tr id="baris-product')
        return page[start : page.index("</tr>", start)]

    waiting = row()
    submission.approve(by=verifikator)

    assert "<ins>" in waiting
    assert row() == waiting.replace("Sekarang", "Sebelumnya").replace("Diusulkan", "Menjadi")


def test_a_missing_reason_is_asked_for_in_words(client, petugas, verifikator):
    submission = make_submission(by=petugas, submit=True)
    client.force_login(verifikator)

    page = client.post(f"/verifikasi/{submission.uuid}/", {"act": "reject"}).text

    assert "Tulis alasan penolakan." in page
    assert "reason:" not in page
