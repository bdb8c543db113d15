"""A row that comes again: sent once more, kept as a draft, mended elsewhere; never overwritten."""

import uuid

import pytest

from registry.models import Submission
from registry.rows import actions, checking
from registry.rows.grid import Row
from tests import factories
from tests.registry.rows.grid import NEEDED, row, send, told


def test_what_is_sent_again_arrives_once(officer):
    rows = [row("Satu"), row("Dua"), row("Tiga", phone="08")]

    send(officer, rows)
    again = send(officer, rows)

    assert Submission.objects.count() == 2
    assert [r["cells"]["name"] for r in told(again)["rows"]] == ["Tiga"]
    rows[2]["cells"]["phone"] = "0812-3456-7890"
    send(officer, rows)
    assert sorted(Submission.objects.values_list("title", flat=True)) == ["Dua", "Satu", "Tiga"]


def test_a_row_sent_twice_at_the_same_moment_arrives_once(petugas):
    one, other = (Row(identity, NEEDED | {"name": "Satu"}) for identity in [uuid.uuid4()] * 2)
    for grid in ([one], [other]):
        checking.check(grid, petugas)

    assert actions.send([one], by=petugas) == [one]
    assert actions.send([other], by=petugas) == [other]
    assert Submission.objects.count() == 1


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
