"""The page of entri deret: what arrives, what stays, and what is said about it."""

import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from registry.models import Submission
from registry.people.asking import Questions
from registry.rows import actions, checking
from registry.rows.columns import COLUMNS, MAX_ROWS
from registry.rows.grid import Row
from tests import factories

URL = "/usaha/deret/"
NEEDED = {"activity": "keripik tempe", "kelurahan": "Purwantoro"}


def row(name, /, *, anyway="", identity=None, **cells):
    identity = identity or str(uuid.uuid4())
    return {"uuid": identity, "cells": NEEDED | {"name": name} | cells, "anyway": anyway}


def send(client, rows, do="send", shown=()):
    return client.post(URL, {"grid": json.dumps({"rows": rows, "shown": list(shown)}), "do": do})


def told(response):
    """What the page's script is given."""
    return response.context["data"]


@pytest.fixture
def officer(client, petugas):
    client.force_login(petugas)
    return client


def test_each_row_becomes_a_submission_of_its_own(officer, petugas):
    response = send(officer, [row("Satu", rt="003/005", note="dari RW"), row("Dua")])

    assert response.status_code == 302
    first, second = Submission.objects.order_by("pk")
    assert {first.title, second.title} == {"Satu", "Dua"}
    assert {s.status for s in (first, second)} == {"submitted"}
    assert (first.source, first.proposed_by, first.note) == ("page", petugas, "dari RW")
    assert (first.proposed("rt"), first.proposed("rw")) == (3, 5)
    assert AuditEntry.objects.filter(act="submission.submitted").count() == 2


def test_right_rows_go_and_wrong_rows_stay_with_their_messages(officer):
    rows = [row("Benar"), row("Salah", rt="0"), row("Jauh", kelurahan="Dinoyo")]

    response = send(officer, rows)

    assert list(Submission.objects.values_list("title", flat=True)) == ["Benar"]
    kept = told(response)["rows"]
    assert [(r["cells"]["name"], list(r["errors"])) for r in kept] == [
        ("Salah", ["rt"]),
        ("Jauh", ["kelurahan"]),
    ]
    assert told(response)["focus"] == f"s-{rows[1]['uuid']}-rt"
    assert f'href="#s-{rows[1]["uuid"]}-rt"' in response.content.decode()


def test_what_is_sent_again_arrives_once(officer):
    rows = [row("Satu"), row("Dua"), row("Tiga", phone="08")]

    send(officer, rows)
    again = send(officer, rows)

    assert Submission.objects.count() == 2
    assert [r["cells"]["name"] for r in told(again)["rows"]] == ["Tiga"]
    rows[2]["cells"]["phone"] = "0812-3456-7890"
    send(officer, rows)
    assert sorted(Submission.objects.values_list("title", flat=True)) == ["Dua", "Satu", "Tiga"]


def test_somebody_elses_number_is_never_taken_over(officer, city, petugas_dinoyo):
    other = factories.make_submission(by=petugas_dinoyo, kelurahan=city["Dinoyo"].code)

    response = send(officer, [row("Satu", identity=str(other.uuid))])

    assert response.status_code == 302
    mine = Submission.objects.exclude(pk=other.pk).get()
    assert mine.title == "Satu"
    other.refresh_from_db()
    assert other.status == "draft"


def test_a_nik_is_sealed_and_never_shown_again(officer):
    number = factories.nik()
    rows = [row("Satu", owner="Siti", nik=number, rt="0")]

    response = send(officer, rows)

    assert number not in response.content.decode()
    assert told(response)["rows"][0]["nik4"] == number[-4:]
    assert number not in json.dumps(dict(officer.session))
    rows[0]["cells"] |= {"rt": "3"}
    del rows[0]["cells"]["nik"]
    send(officer, rows)
    submission = Submission.objects.get()
    assert list(submission.unsealed().values()) == [{"nik": number}]
    assert officer.session["rows_numbers"] == {}


def test_a_damaged_nik_is_asked_for_until_it_is_answered(officer):
    rows = [row("Satu", owner="Siti", nik="3.57302E+15")]

    first = send(officer, rows)

    assert told(first)["rows"][0]["cells"].get("nik") is None
    rows[0]["cells"]["nik"] = ""
    assert list(told(send(officer, rows))["rows"][0]["errors"]) == ["nik"]
    rows[0]["cells"]["nik"] = "menyusul"
    assert send(officer, rows).status_code == 302
    owner = Submission.objects.get().items[0]
    assert owner["values"]["nik_answer"] == "later"


def test_digits_of_an_identity_number_in_another_cell_are_covered(officer):
    number = factories.nik()
    rows = [row("Satu", address=f"Jl. Mawar {number} RT 3")]

    response = send(officer, rows)

    assert number not in response.content.decode()
    kept = told(response)["rows"][0]
    assert kept["cells"]["address"] == "Jl. Mawar •••• RT 3"
    again = send(officer, [kept | {"anyway": ""}])
    assert list(told(again)["rows"][0]["errors"]) == ["address"]


def test_a_nik_of_a_known_person_joins_them_or_asks(officer, petugas):
    number = factories.nik()
    owner = str(uuid.uuid4())
    business = factories.make_business(
        items=[{"op": "add", "kind": "owner", "uuid": owner, "values": {"name": "Siti Aminah"}}],
        sealed={owner: {"nik": number}},
    )
    person = business.ownerships.get().person

    response = send(
        officer,
        [row("Usaha Kedua", owner="SITI AMINAH", nik=number), row("Lain", owner="Budi", nik=number)],
    )

    assert [list(r["errors"]) for r in told(response)["rows"]] == [["nik"]]
    joined = Submission.objects.get(title="Usaha Kedua")
    assert [i["uuid"] for i in joined.items if i["kind"] == "owner"] == [str(person.uuid)]


def owned(name, number, **values):
    """A business whose owner bears this NIK."""
    owner = {"op": "add", "kind": "owner", "uuid": str(uuid.uuid4()), "values": {"name": name}}
    return factories.make_business(items=[owner], sealed={owner["uuid"]: {"nik": number}}, **values)


def pending(number, *, by, kelurahan):
    """An open registration whose owner bears this NIK."""
    owner = {"op": "add", "kind": "owner", "uuid": str(uuid.uuid4()), "values": {"name": "Budi"}}
    sealed = {owner["uuid"]: {"nik": number}}
    return factories.make_submission(
        by=by, items=[owner], sealed=sealed, submit=True, kelurahan=kelurahan.code
    )


def questions():
    lines = AuditEntry.objects.filter(act="identity.looked-up").order_by("pk")
    return [(line.target_type, line.detail["found"]) for line in lines]


def test_each_nik_told_is_a_question_that_counts(officer, city, petugas_dinoyo, monkeypatch):
    monkeypatch.setitem(Questions.THROTTLE_RATES, "identity", "3/hour")
    known = [factories.nik() for _n in range(3)]
    for number in known:
        owned("Siti Aminah", number)
    waits = factories.nik()
    pending(waits, by=petugas_dinoyo, kelurahan=city["Dinoyo"])
    rows = [
        row("Lain", owner="Budi", nik=known[0]),
        row("Milik Siti", owner="Siti Aminah", nik=known[1]),
        row("Menunggu", owner="Budi", nik=waits),
        row("Satu Lagi", owner="Budi", nik=known[2]),
        row("Lagi Siti", owner="Siti Aminah", nik=known[2]),
        row("Baru", owner="Budi", nik=factories.nik()),
    ]

    for _attempt in range(2):  # the same answers again are no new questions
        said = told(send(officer, rows, do="check"))["rows"]
        assert [list(r["errors"]) for r in said] == [["nik"], [], ["nik"], [], ["nik"], []]
        assert ["sudah tercatat" in r["notes"].get("owner", "") for r in said] == [
            False, True, False, False, False, False,
        ]  # fmt: skip
        assert "juga tertulis pada" in said[4]["errors"]["nik"]
        assert questions() == [("person", "in-reach"), ("person", "in-reach"), ("user", "refused")]
    assert not any(number in str(e.detail) for e in AuditEntry.objects.all() for number in [*known, waits])

    left = told(send(officer, rows))["rows"]
    by_name = {r["cells"]["name"]: r["errors"] for r in left}
    assert set(by_name) == {"Lain", "Menunggu", "Satu Lagi", "Lagi Siti"}
    assert "dalam satu jam" in by_name["Satu Lagi"]["nik"]  # what sending says by itself
    assert len(questions()) == 3


def test_a_nik_somebody_out_of_reach_bears_is_passed_on_silently(officer, city, petugas_dinoyo):
    number = factories.nik()
    waiting = pending(number, by=petugas_dinoyo, kelurahan=city["Dinoyo"])
    identity = str(uuid.uuid4())
    Submission.objects.filter(pk=waiting.pk).update(owner_nik_lookup=None)
    owned("Budi", number, kelurahan=city["Dinoyo"].code)
    Submission.objects.filter(pk=waiting.pk).update(owner_nik_lookup=waiting.owner_nik_lookup)

    said = told(send(officer, [row("Satu", identity=identity, owner="Budi", nik=number)], do="check"))

    assert said["rows"][0]["errors"] == {}
    assert questions() == []
    assert send(officer, [row("Satu", identity=identity, owner="Budi", nik=number)]).status_code == 302


def test_what_is_told_of_a_nik_costs_one_line_and_no_other_query(officer):
    known = [factories.nik() for _n in range(14)]
    for number in known:
        owned("Siti Aminah", number)

    def queries(numbers):
        rows = [row(f"Usaha {n}", owner="Budi", nik=number) for n, number in enumerate(numbers)]
        with CaptureQueriesContext(connection) as found:
            send(officer, rows, do="check")
        return len([q for q in found if "SAVEPOINT" not in q["sql"]])

    queries(known[:2])
    assert queries(known[5:14]) - queries(known[2:5]) == 9 - 3
    assert len(questions()) == 14


def test_one_nik_twice_in_a_grid_is_asked_about(officer):
    number = factories.nik()

    response = send(officer, [row("A", owner="Siti", nik=number), row("B", owner="Siti", nik=number)])

    assert [(r["cells"]["name"], list(r["errors"])) for r in told(response)["rows"]] == [("B", ["nik"])]


def test_a_likely_duplicate_waits_for_a_tick_that_names_it(officer):
    factories.make_business(name="Keripik Sanan Jaya", address="Jl. Sanan 7", phone="081234567890")
    rows = [row("Keripik Sanan Jaya", phone="0812-3456-7890"), row("Lain Sekali")]

    response = send(officer, rows)

    kept = told(response)["rows"]
    assert [r["cells"]["name"] for r in kept] == ["Keripik Sanan Jaya"]
    assert "telepon sama" in kept[0]["warnings"][0]["text"]
    assert kept[0]["warnings"][0]["url"].startswith("/usaha/")
    assert kept[0]["errors"] == {}
    stale = send(officer, [rows[0] | {"anyway": "0123456789ab"}])
    assert len(told(stale)["rows"]) == 1
    send(officer, [rows[0] | {"anyway": kept[0]["sign"]}])
    assert Submission.objects.filter(title="Keripik Sanan Jaya", kind="register").count() == 2


def test_rows_that_repeat_each_other_or_the_queue_are_told(officer, petugas):
    factories.make_submission(by=petugas, submit=True, name="Tempe Pak Noto", address="Jl. Sanan 1")

    response = send(
        officer,
        [
            row("Batik Bu Rini", phone="0812-1111-2222"),
            row("BATIK BU RINI", phone="+62 812 1111 2222"),
            row("Tempe Pak Nota", address="Jl Sanan no 1"),
            row("Tempe Pak Noto", address="Jalan Sanan 1"),
        ],
        do="check",
    )

    warned = {r["cells"]["name"]: r["warnings"] for r in told(response)["rows"]}
    assert warned["Batik Bu Rini"] == []
    assert warned["BATIK BU RINI"][0]["row"] == 0
    assert "menunggu verifikasi" in warned["Tempe Pak Noto"][0]["text"]
    assert Submission.objects.count() == 1


def test_a_tick_holds_when_the_other_row_has_gone_ahead(officer):
    rows = [row("Batik Bu Rini", phone="0812-1111-2222"), row("Batik Bu Rini", phone="0812-1111-2222")]

    first = told(send(officer, rows))["rows"]

    assert [(w["name"], w["row"]) for w in first[0]["warnings"]] == [("Batik Bu Rini", None)]
    assert send(officer, [rows[1] | {"anyway": first[0]["sign"]}]).status_code == 302
    assert Submission.objects.filter(status="submitted").count() == 2


def test_a_row_sent_twice_at_the_same_moment_arrives_once(petugas):
    one, other = (Row(identity, NEEDED | {"name": "Satu"}) for identity in [uuid.uuid4()] * 2)
    for grid in ([one], [other]):
        checking.check(grid, petugas)

    assert actions.send([one], by=petugas) == [one]
    assert actions.send([other], by=petugas) == [other]
    assert Submission.objects.count() == 1


def test_generic_names_stay_silent(officer):
    factories.make_business(name="Warung Kelontong", address="Jl. Sanan 7", phone="081200000001")

    response = send(
        officer,
        [
            row("Warung Kelontong", owner="Siti", address="Jl. Sanan 9"),
            row("Warung Kelontong", owner="Budi", address="Jl. Sanan 9"),
            row("Toko Sembako"),
            row("Toko Sembako"),
        ],
    )

    assert response.status_code == 302
    assert Submission.objects.filter(kind="register", status="submitted").count() == 4


def test_drafts_are_kept_once_and_sent_later(officer):
    rows = [row("Satu", owner="Siti", nik=factories.nik(), activity=""), row("Dua", rt="0")]

    response = send(officer, rows, do="draft")

    assert [(s.title, s.status) for s in Submission.objects.all()] == [("Satu", "draft")]
    kept = told(response)["rows"]
    assert [bool(r["saved"]) for r in kept] == [True, False]
    rows[0]["cells"] |= {"nik": "", "activity": "kue"}
    rows[1]["cells"]["rt"] = "2"
    send(officer, rows)
    assert {(s.title, s.status) for s in Submission.objects.all()} == {
        ("Satu", "submitted"),
        ("Dua", "submitted"),
    }
    assert Submission.objects.get(title="Satu").unsealed()


@pytest.mark.parametrize("do", ["send", "draft", "check"])
def test_a_draft_completed_on_another_page_is_not_overwritten(officer, petugas, do):
    rows = [row("Satu", owner="Siti"), row("Dua")]
    send(officer, rows, do="draft")
    draft = Submission.objects.get(title="Satu")
    whole = {n: pair[1] for n, pair in draft.values.items()} | {"address": "Jl. Sanan 7"}
    product = {"op": "add", "kind": "product", "uuid": str(uuid.uuid4()), "values": {"name": "Keripik"}}
    draft.edit(by=petugas, values=whole, items=[*draft.items, product])

    for _attempt in range(2):
        response = send(officer, rows, do=do)
        draft.refresh_from_db()
        assert (draft.status, draft.proposed("address")) == ("draft", "Jl. Sanan 7")
        assert [i["kind"] for i in draft.items] == ["owner", "product"]
        kept = next(r for r in told(response)["rows"] if r["cells"]["name"] == "Satu")
        assert "sudah diubah di halaman lain" in kept["errors"]["name"]
        assert f'<a href="{draft.get_absolute_url()}">' in response.content.decode()
    assert Submission.objects.get(title="Dua").status == ("submitted" if do == "send" else "draft")


def test_a_returned_row_that_was_mended_is_not_overwritten(officer, petugas, verifikator):
    rows = [row("Satu")]
    send(officer, rows)
    sent = Submission.objects.get()
    sent.return_for_changes(by=verifikator, notes={"address": "Alamatnya?"})
    values = {n: pair[1] for n, pair in sent.values.items()} | {"address": "Jl. Sanan 7"}
    sent.edit(by=petugas, values=values)

    response = send(officer, rows)

    sent.refresh_from_db()
    assert (sent.status, sent.proposed("address")) == ("returned", "Jl. Sanan 7")
    assert list(told(response)["rows"][0]["errors"]) == ["name"]


def test_a_draft_changed_between_reading_and_writing_is_not_overwritten(petugas):
    draft = factories.make_submission(by=petugas, name="Satu")
    one = Row(draft.uuid, NEEDED | {"name": "Satu"})
    checking.check([one], petugas)
    values = {n: pair[1] for n, pair in draft.values.items()} | {"address": "Jl. Sanan 7"}
    draft.edit(by=petugas, values=values)

    assert actions.send([one], by=petugas) == []
    assert (one.elsewhere, list(one.errors)) == (True, ["name"])
    assert Submission.objects.get().proposed("address") == "Jl. Sanan 7"


def test_the_grid_goes_on_with_its_own_draft_as_often_as_it_likes(officer):
    rows = [row("Satu")]
    for rt in ("1", "2", "3"):
        rows[0]["cells"]["rt"] = rt
        send(officer, rows, do="draft")

    assert Submission.objects.get().proposed("rt") == 3
    assert len(officer.session["rows_stamps"]) == 1
    assert send(officer, rows).status_code == 302
    assert Submission.objects.get().status == "submitted"
    assert officer.session["rows_stamps"] == {}


def test_a_draft_kept_once_is_known_without_the_session_too(officer, petugas):
    rows = [row("Satu")]
    send(officer, rows, do="draft")
    officer.logout()
    officer.force_login(petugas)

    assert send(officer, rows).status_code == 302


def test_the_place_is_kept_for_the_next_block(operator, client):
    client.force_login(operator)

    send(client, [row("Satu", kelurahan="Dinoyo", rw="7")], do="next")
    page = client.get(URL)

    assert told(page)["kept"] == {"kelurahan": "Dinoyo", "rw": "7"}
    assert told(client.get(URL))["kept"] == {}


def test_an_officer_of_one_kelurahan_begins_there(officer):
    assert told(officer.get(URL))["kept"] == {"kelurahan": "Purwantoro"}


def test_what_arrived_is_told_to_the_page_that_comes_back(officer):
    rows = [row("Satu")]

    send(officer, rows)

    assert told(officer.get(URL))["arrived"] == [rows[0]["uuid"]]
    assert told(officer.get(URL))["arrived"] == []


def test_more_rows_than_one_sending_takes_stay_where_they_are(officer, monkeypatch):
    rows = [row(f"Usaha Nomor {n}") for n in range(MAX_ROWS + 1)]

    response = send(officer, rows)

    assert Submission.objects.count() == MAX_ROWS
    assert [r["cells"]["name"] for r in told(response)["rows"]] == [f"Usaha Nomor {MAX_ROWS}"]
    assert "200" in response.context["problems"][0]


@pytest.mark.parametrize(
    "grid",
    [
        "{", "[]", '{"rows": 3, "shown": []}', '{"rows": [1, null, {"cells": 3}], "shown": [4]}',
        '{"rows": [{"uuid": {}, "cells": {"name": ["x"], "kelurahan": null, "nope": "x"}}], "shown": []}',
        '{"rows": [], "shown": []}', "[" * 100_000,
    ],
)  # fmt: skip
def test_a_spoilt_grid_is_answered_in_words(officer, grid):
    response = officer.post(URL, {"grid": grid, "do": "send"})

    assert response.status_code == 200
    assert Submission.objects.count() == 0


HOSTILE = [
    "\u202egnirts", "\u200b\u200d", "\0", "=cmd|'/c calc'!A0", "+SUM(1;1)", "javascript:alert(1)",
    "０８１２３４５６７８９０",
    "<script>alert(1)</script>", "x" * 10_240, "31/12/2205", "1e309", "-1", "٣", "💥" * 300,
    "'; DROP TABLE x;--",
    "NaN", "9" * 400, "1" * 16, "%s %(n)d {0}", "Toko \ud800 A",
]  # fmt: skip


@pytest.mark.parametrize("cell", HOSTILE)
def test_hostile_cells_are_answered_and_the_rest_is_kept(officer, cell):
    rows = [row("Baik-baik Saja")]
    for column in COLUMNS:
        rows.append(row(f"Usaha {column.key}", **{"owner": "Siti", column.key: cell}))

    for do in ("check", "draft", "send"):
        response = send(officer, rows, do=do)
        assert response.status_code in (200, 302)
        if response.status_code == 200:
            assert "<script>alert(1)" not in response.content.decode()
    assert Submission.objects.filter(title="Baik-baik Saja", status="submitted").count() == 1
    left = {r["uuid"] for r in told(response)["rows"]} if response.status_code == 200 else set()
    sent = {str(u) for u in Submission.objects.filter(status="submitted").values_list("uuid", flat=True)}
    assert left | sent == {r["uuid"] for r in rows}
    assert left & sent == set()


def test_the_number_of_queries_does_not_grow_with_the_rows(officer):
    factories.make_kbli("10391")
    factories.make_business(name="Keripik Nomor Satu", phone="081234567001")

    def rows(count):
        facts = {"kbli": "10391", "owner": "Siti"}
        return [
            row(f"Keripik Nomor {n}", phone=f"08123456{n:04d}", nik=factories.nik(), **facts)
            for n in range(count)
        ]

    send(officer, rows(1), do="check")
    counts = []
    for number in (3, 60):
        with CaptureQueriesContext(connection) as queries:
            send(officer, rows(number), do="check")
        counts.append(len(queries))
    assert counts[0] == counts[1]


# ---- without script ------------------------------------------------------------------------------


def plain(response):
    """The fields of the form as a browser without script would send them back."""
    fields = {"row": [], "kolom": []}
    for item in response.context["rows"]:
        fields["row"].append(str(item["row"].uuid))
        fields |= {cell["name"]: cell["value"] for cell in item["cells"]} | dict(item["hidden"])
    fields["kolom"] = [c["key"] for c in response.context["choices"] if c["on"]]
    return fields


def test_without_script_a_pasted_block_comes_back_as_rows_and_goes(officer):
    block = (
        "Nama Usaha\tJenis Usaha\tRT/RW\tOmzet per bulan\nKios A\tsembako\t001/002\t5 juta\nKios B\tkue\t0\t"
    )
    page = officer.get(URL)

    read = officer.post(URL, plain(page) | {"block": block, "do": "block"})

    fields = plain(read)
    assert {"turnover", "turnover_period"} <= set(fields["kolom"])
    sent = officer.post(URL, fields | {"do": "send"})
    assert Submission.objects.get().title == "Kios A"
    assert Submission.objects.get().proposed("turnover_period") == "month"
    wrong = next(i for i in sent.context["rows"] if i["row"].errors)
    assert list(wrong["row"].errors) == ["rt"]
    cell = next(c for c in wrong["cells"] if c["error"])
    html = sent.content.decode()
    assert f'aria-describedby="{cell["id"]}-p"' in html
    assert "autofocus" in html


def test_without_script_a_long_block_is_read_in_portions(officer):
    block = "\n".join(f"Usaha {n}\tkue\tPurwantoro" for n in range(300))

    read = officer.post(URL, {"block": block, "do": "block", "kolom": ["name", "activity", "kelurahan"]})

    room = len(read.context["rows"])
    assert room < 300
    assert read.context["pasted"].count("\n") == 300 - len(
        [i for i in read.context["rows"] if not i["row"].is_blank]
    )
    again = officer.post(URL, {"block": read.context["pasted"], "do": "block", "kolom": ["name"]})
    assert again.context["rows"][0]["row"].cells["name"].startswith("Usaha ")


def test_without_script_columns_and_rows_can_be_added(officer):
    page = officer.post(URL, {"kolom": ["name", "note"], "do": "columns"})

    assert [c.key for c in page.context["columns"]] == ["name", "activity", "kelurahan", "note"]
    more = officer.post(URL, plain(page) | {"do": "add"})
    assert len(more.context["rows"]) == 10


# ---- who -----------------------------------------------------------------------------------------


def test_only_who_may_propose_comes_in(client, kepala, nobody):
    assert client.get(URL).status_code == 302
    for user in (kepala, nobody):
        client.force_login(user)
        assert client.get(URL).status_code == 403
        assert client.post(reverse("rows-block"), {"rows": "[]"}).status_code == 403


def test_a_block_is_read_for_the_page(officer):
    rows = [["Nama Usaha", "Alamat", "Omzet"], ["A", "Jl. B", "5"]]

    answer = officer.post(reverse("rows-block"), {"rows": json.dumps(rows)}).json()

    assert answer == {
        "header": True,
        "rows": [{"name": "A", "address": "Jl. B", "turnover": "5"}],
        "unused": [],
    }
    for spoilt in ("", "{", "3", "[3]", "[" * 100_000, '[["\\ud800", null]]'):
        assert officer.post(reverse("rows-block"), {"rows": spoilt}).status_code == 200
