"""Rows that may be recorded already: told with a reason, sent after a tick that names it."""

from registry.models import Submission
from tests import factories
from tests.registry.rows.grid import row, send, told


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
