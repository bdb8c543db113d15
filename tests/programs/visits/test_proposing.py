"""From a visit to the entry page, through the one door, and back: the visit tells what became of it."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.models import AuditEntry
from programs.models import Visit
from registry.models import Submission
from tests.api.clients import call
from tests.factories import make_business, make_officer, make_submission, make_visit_day, make_visit_request
from tests.registry.submissions.entry import inputs
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.formats import day

pytestmark = pytest.mark.django_db


def make_visit(by, **told):
    told = {"uuid": uuid.uuid4(), "on": timezone.localdate(), "told_at": timezone.now()} | told
    return Visit.unplanned(by=by, kelurahan=told.pop("kelurahan", None), **told)[0]


@pytest.fixture
def visit(operator):
    return make_visit(operator, business=make_business(rt=2, rw=5), production="20 bungkus")


@pytest.fixture
def unknown(operator, city):
    return make_visit(operator, kelurahan=city["Purwantoro"], told_name="Warung Bu Jum", rt=3, rw=7)


def page_of(visit):
    return f"/kunjungan/{visit.uuid}/usulkan/"


def body_of(page):
    """What the page would send, as it is."""
    return {name: values[0] for name, values in inputs(page).items() if values}


def filled(client, address, **values):
    """What the page of `address` would send, with `values` typed over it."""
    return body_of(client.get(address)) | values


# ---- a change ------------------------------------------------------------------------------------------


def test_a_change_begins_with_a_note_that_names_the_visit_and_leads_back(client, petugas, visit):
    client.force_login(petugas)
    assert page_of(visit) in client.get(visit.get_absolute_url()).text

    page = client.get(page_of(visit))

    assert body_of(page)["note"] == f"Dari kunjungan {day(visit.on)}."
    assert body_of(page)["name"] == visit.business.name
    assert "Yang ditemukan saat kunjungan" in page.text and "20 bungkus" in page.text
    assert f'href="{visit.get_absolute_url()}"' in page.text and "Kembali ke kunjungan" in page.text
    assert Submission.objects.filter(business=visit.business, kind="change").count() == 0


def test_before_anybody_went_no_visit_is_named(client, operator, petugas):
    request = make_visit_request(business=make_business())
    visit = make_visit_day(by=operator, requests=[request]).visits.get()
    client.force_login(petugas)
    assert body_of(client.get(page_of(visit))).get("note", "") == ""


def test_what_is_sent_stands_on_the_visit_with_its_state(client, petugas, verifikator, visit):
    client.force_login(petugas)
    version = visit.version
    sent = filled(client, page_of(visit), workers="4", do="send")

    page = client.post(page_of(visit), sent, follow=True)

    submission = Submission.objects.get(business=visit.business, kind="change")
    assert page.redirect_chain == [(submission.get_absolute_url(), 302)]
    assert f'href="{visit.get_absolute_url()}">Kembali ke kunjungan' in page.text
    assert (list(visit.proposed.all()), submission.note) == ([submission], f"Dari kunjungan {day(visit.on)}.")
    assert AuditEntry.objects.get(act="visit.proposed").about == visit.business.uuid
    visit.refresh_from_db()
    assert visit.version == version  # its notes are what they were
    shown = client.get(visit.get_absolute_url())
    assert submission.get_absolute_url() in shown.text and "Menunggu verifikasi" in shown.text
    submission.approve(by=verifikator)
    assert "Disetujui" in client.get(visit.get_absolute_url()).text


def test_a_draft_knows_its_way_back_and_is_noted_once(client, petugas, visit):
    client.force_login(petugas)
    sent = filled(client, page_of(visit), workers="4")

    answer = client.post(page_of(visit), sent | {"do": "autosave"}).json()

    submission = visit.proposed.get()
    back = urlencode({"kembali": visit.get_absolute_url()})
    assert answer["address"] == f"{reverse('submission-edit', args=[submission.uuid])}?{back}"
    draft = client.get(answer["address"])
    assert "Kembali ke kunjungan" in draft.text and answer["address"] in draft.text
    page = client.post(answer["address"], body_of(draft) | {"do": "send"}, follow=True)
    assert "Kembali ke kunjungan" in page.text
    assert visit.proposed.get().status == "submitted"
    assert AuditEntry.objects.filter(act="visit.proposed").count() == 1


def test_nothing_changed_is_no_proposal(client, petugas, visit):
    client.force_login(petugas)
    page = client.post(page_of(visit), filled(client, page_of(visit), do="send"))
    assert "Belum ada yang diubah." in page.text
    assert not visit.proposed.exists()


@pytest.mark.parametrize(
    "address", ["https://evil.example/kunjungan/", "//evil.example", "/usaha/", "kunjungan", "/%00", "/x"]
)
def test_the_way_back_leads_to_visits_only(client, petugas, address):
    draft = make_submission(by=petugas)
    client.force_login(petugas)
    page = client.get(reverse("submission-edit", args=[draft.uuid]), {"kembali": address})
    assert page.status_code == 200
    assert "Kembali ke kunjungan" not in page.text and "//evil" not in page.text


# ---- one that is not recorded yet ----------------------------------------------------------------------


def test_a_business_met_on_the_way_begins_with_its_name_and_place(client, petugas, unknown):
    client.force_login(petugas)

    sent = filled(client, page_of(unknown), activity="gorengan", do="send")

    assert {name: sent[name] for name in ("name", "kelurahan", "rt", "rw")} == {
        "name": "Warung Bu Jum", "kelurahan": "35.73.01.1007", "rt": "3", "rw": "7",
    }  # fmt: skip
    page = client.post(page_of(unknown), sent, follow=True)
    submission = unknown.proposed.get()
    assert (submission.kind, submission.status, submission.proposed("rw")) == ("register", "submitted", 7)
    assert "Kembali ke kunjungan" in page.text
    again = client.post(page_of(unknown), sent, follow=True)  # the answer was lost on the way
    assert again.redirect_chain[-1][0] == submission.get_absolute_url()
    assert unknown.proposed.count() == 1


# ---- who -----------------------------------------------------------------------------------------------


def test_strangers_find_nothing_and_readers_do_not_propose(client, petugas_dinoyo, city, visit):
    client.force_login(petugas_dinoyo)
    assert client.get(page_of(visit)).status_code == 404
    client.force_login(make_officer("lurah", city["Purwantoro"]))
    assert client.get(page_of(visit)).status_code == 403
    assert page_of(visit) not in client.get(visit.get_absolute_url()).text


def test_of_a_visit_that_was_called_off_nothing_is_proposed(client, operator, petugas, visit):
    Visit.objects.update(state="cancelled", recorded_at=None, recorded_by=None)
    client.force_login(petugas)
    assert client.get(page_of(visit)).status_code == 404
    assert page_of(visit) not in client.get(visit.get_absolute_url()).text


def test_a_proposal_about_another_business_did_not_come_of_this_visit(petugas, operator, visit, unknown):
    other = make_submission(by=petugas, kind="change", business=make_business(), workers=4)
    for row in (visit, unknown):
        with pytest.raises(Refused) as refused:
            row.note_proposal(other, by=petugas)
        assert refused.value.code == "proposal-elsewhere"
    draft = make_submission(by=petugas, kind="change", business=visit.business, workers=4)
    with pytest.raises(Refused) as refused:
        visit.note_proposal(draft, by=operator)  # a draft is nobody else's business
    assert refused.value.code == "not-found"
    assert (visit.note_proposal(draft, by=petugas), visit.note_proposal(draft, by=petugas)) == (True, False)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_visit_asks_as_often_for_any_number_of_proposals(
    client, petugas, visit, rows, django_assert_num_queries
):
    for number in range(rows):
        made = make_submission(by=petugas, kind="change", business=visit.business, workers=4 + number)
        visit.note_proposal(made, by=petugas)
    client.force_login(petugas)
    client.get(visit.get_absolute_url())
    with django_assert_num_queries(8):
        page = client.get(visit.get_absolute_url())
    assert len(page.context["proposed"]) == rows


# ---- the API -------------------------------------------------------------------------------------------


def test_the_api_names_what_came_of_a_visit(petugas, petugas_dinoyo, operator, city, visit):
    path = f"visits/{visit.uuid}/"
    made = make_submission(by=petugas, kind="change", business=visit.business, workers=4)
    other, sent = make_submission(by=petugas), {"submission": str(made.uuid)}
    tag = call(petugas, "get", path)["ETag"]

    assert call(petugas, "post", path + "proposed/", sent, if_match="").status_code == 428
    done = call(petugas, "post", path + "proposed/", sent, HTTP_IF_MATCH=tag)
    assert (done.status_code, done.json()["proposed"][0]["uuid"]) == (200, str(made.uuid))
    assert done.json()["proposed"][0]["status"] == "draft"
    assert call(operator, "get", path).json()["proposed"] == []  # a draft is nobody else's business
    assert call(petugas, "post", path + "proposed/", sent, HTTP_IF_MATCH=tag).status_code == 412

    def refused(user, uuid):
        return call(user, "post", path + "proposed/", {"submission": str(uuid)}, HTTP_IF_MATCH="*")

    assert refused(petugas, other.uuid).json()["code"] == "proposal-elsewhere"
    assert refused(petugas, uuid.uuid4()).status_code == 404
    assert refused(petugas_dinoyo, made.uuid).status_code == 404
    assert refused(make_officer("lurah", city["Purwantoro"]), made.uuid).status_code == 403
