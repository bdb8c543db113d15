"""GET /api/v1/submissions/: the list, one of them, and what of it is told to whom."""

import pytest

from tests.api.clients import get
from tests.api.submissions import DINOYO, PURWANTORO, at, owner
from tests.factories import make_officer, make_submission

pytestmark = pytest.mark.django_db

ROW = {
    "uuid", "kind", "status", "source", "title", "business", "batch", "kelurahan_now", "kelurahan_next",
    "proposed_at", "proposed_by", "submitted_at", "returned_at", "decided_at", "withdrawn_at",
}  # fmt: skip
WHOLE = ROW | {
    "note", "values", "items", "hidden", "conflicts", "notes", "reason", "mends", "reverses", "agreed_at",
    "photos", "timeline", "may_edit", "may_withdraw", "may_decide", "may_agree", "needs_agreement",
}  # fmt: skip


def test_a_list_shows_rows_and_one_shows_all(petugas):
    submission = make_submission(by=petugas)

    rows = get(petugas, "submissions/")["results"]
    whole = get(petugas, at(submission))

    assert [set(row) for row in rows] == [ROW]
    assert set(whole) == WHOLE
    assert (whole["status"], whole["kelurahan_next"], whole["may_edit"]) == ("draft", PURWANTORO, True)
    assert whole["values"]["activity"] == {"base": "", "proposed": "keripik tempe"}
    assert [line["act"] for line in whole["timeline"]] == ["submission.proposed"]


def test_the_list_is_filtered_by_status_kind_kelurahan_and_mine(petugas, petugas_dinoyo, verifikator):
    here = make_submission(by=petugas, submit=True)
    there = make_submission(by=petugas_dinoyo, kelurahan=DINOYO, submit=True)
    draft = make_submission(by=petugas)

    def found(user, **params):
        return {row["uuid"] for row in get(user, "submissions/", **params)["results"]}

    assert found(verifikator) == {str(here.uuid), str(there.uuid)}
    assert found(verifikator, kelurahan=DINOYO) == {str(there.uuid)}
    assert found(petugas, status="draft") == {str(draft.uuid)}
    assert found(petugas, kind="close") == set()
    assert found(petugas, mine="true") == {str(here.uuid), str(draft.uuid)}
    assert found(verifikator, mine="true") == set()
    assert found(petugas, business=here.business_uuid) == {str(here.uuid)}


def test_a_strangers_submission_is_not_found(petugas, petugas_dinoyo, verifikator):
    draft = make_submission(by=petugas)
    sent = make_submission(by=petugas, submit=True)

    assert get(petugas_dinoyo, at(sent), 404)["code"] == "not-found"
    get(verifikator, at(draft), 404)
    assert get(petugas_dinoyo, "submissions/")["results"] == []


def test_who_may_not_read_submissions_gets_403_and_a_visitor_401(city, nobody):
    get(nobody, "submissions/", 403)
    assert get(None, "submissions/", 401)["code"] == "not-authenticated"
    get(make_officer("keuangan", city["Kota"]), "submissions/", 403)


def test_figures_are_hidden_from_who_need_not_know(city, petugas, verifikator):
    submission = make_submission(
        by=petugas, submit=True, capital_idr=5_000_000, workers=3, items=[owner(disability="netra")]
    )
    lurah = make_officer("lurah", city["Purwantoro"])

    told = get(lurah, at(submission))

    assert "capital_idr" not in told["values"] and told["values"]["workers"]["proposed"] == 3
    assert told["items"][0]["values"] == {"name": "Wiji", "role": "owner"}
    assert told["hidden"] == ["capital_idr", "owner.disability"]
    assert get(verifikator, at(submission))["values"]["capital_idr"]["proposed"] == 5_000_000


@pytest.mark.parametrize(("path", "queries"), [("submissions/", 3)])
def test_one_row_and_three_cost_the_same(petugas, verifikator, django_assert_num_queries, path, queries):
    for more in (1, 2):
        for _each in range(more):
            make_submission(by=petugas, submit=True)
        with django_assert_num_queries(queries):
            get(verifikator, path)


def test_notes_on_figures_are_told_only_to_who_may_see_the_figures(petugas, verifikator, city):
    lurah = make_officer("lurah", city["Purwantoro"])
    submission = make_submission(by=petugas, submit=True, turnover_idr=777123, turnover_period="day")
    submission.return_for_changes(
        by=verifikator, notes={"turnover_idr": "Omzet 777123 terlalu kecil.", "address": "Tulis gangnya."}
    )
    address = f"submissions/{submission.uuid}/"

    assert "777123" in str(get(verifikator, address))
    told = get(lurah, address)
    assert told["notes"] == {"address": "Tulis gangnya."}
    assert "777123" not in str(told)
