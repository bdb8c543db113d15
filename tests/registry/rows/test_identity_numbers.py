"""A NIK in a row: sealed, never shown again, and what is told of who bears it counts as a question."""

import json
import uuid

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEntry
from registry.models import Submission
from registry.people.asking import Questions
from tests import factories
from tests.registry.rows.grid import row, send, told


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
