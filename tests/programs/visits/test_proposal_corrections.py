"""A logged proposal put right, until it is answered: the verb, its page and the API."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from programs.models import Proposal
from registry.models import Business
from registry.regions.access import forget_posts
from tests.api.clients import call
from tests.factories import make_business, make_officer, make_proposal
from umkm_portal.lib.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal(petugas):
    return make_proposal(by=petugas, rt=3, rw=5, text="Minta kemsan")


def refusal(act, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return refused.value.code


# ---- the verb --------------------------------------------------------------------------------------


def test_who_holds_the_post_puts_it_right_and_it_shows_without_the_words(proposal, city):
    successor = make_officer("petugas", city["Purwantoro"])
    business = make_business()

    changed = proposal.correct(
        by=successor, text="Minta kemasan 3573011508800001", rw=6, rt=3, business=business, version=1
    )

    proposal.refresh_from_db()
    assert changed == ["text", "business", "rw"]
    assert (proposal.rw, proposal.rt, proposal.business, proposal.version) == (6, 3, business, 2)
    assert "kemasan" in proposal.text and "3573011508800001" not in proposal.text
    line = AuditEntry.objects.get(act="proposal.corrected")
    assert (line.recorded_by, line.about, line.detail) == (successor, business.uuid, {"fields": changed})
    assert list(proposal.corrections()) == [line]


def test_saying_the_same_again_is_no_correction(proposal, petugas):
    assert proposal.correct(by=petugas, text="Minta kemsan", rt=3) == []
    proposal.refresh_from_db()
    assert (proposal.version, AuditEntry.objects.filter(act="proposal.corrected").count()) == (1, 0)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"text": "  \u200b "}, "text-missing"),
        ({"held_on": timezone.localdate() + timedelta(days=1)}, "told-in-future"),
        ({"held_on": timezone.localdate() - timedelta(days=900)}, "told-long-ago"),
        ({"kelurahan": None}, "not-found"),
        ({"text": "Baru", "version": 7}, "proposal-changed"),
    ],
)
def test_what_cannot_be_right_is_refused(proposal, petugas, values, code):
    assert refusal(proposal.correct, by=petugas, **values) == code
    assert Proposal.objects.get().version == 1


def test_an_answered_one_stays_as_it_is_and_the_words_say_what_to_do(proposal, petugas, operator):
    proposal.respond(state="taken", by=operator)
    with pytest.raises(Refused) as refused:
        proposal.correct(by=petugas, text="Lain")
    assert refused.value.code == "proposal-answered"
    assert "Diproses" in refused.value.message and "catat usulan baru" in refused.value.message


def test_an_answer_over_words_that_were_put_right_is_asked_again(proposal, petugas, operator):
    proposal.correct(by=petugas, text="Minta kemasan")
    with pytest.raises(Refused) as refused:
        proposal.respond(state="taken", by=operator, version=1)
    assert refused.value.code == "proposal-changed" and "diperbaiki" in refused.value.message


def test_strangers_and_those_whose_post_ended_mend_nothing(proposal, petugas, petugas_dinoyo, kepala):
    for other in (petugas_dinoyo, kepala):
        assert refusal(proposal.correct, by=other, text="Lain") == "not-found"
    petugas.posts.update(ends_on=timezone.localdate() - timedelta(days=1))
    forget_posts(petugas)
    assert refusal(proposal.correct, by=petugas, text="Lain") == "not-found"


def test_it_moves_only_to_a_kelurahan_within_reach(proposal, petugas, operator, city):
    assert refusal(proposal.correct, by=petugas, kelurahan=city["Dinoyo"]) == "not-found"
    proposal.correct(by=operator, kelurahan=city["Dinoyo"])
    assert Proposal.objects.get().kelurahan == city["Dinoyo"]


def test_a_business_elsewhere_is_not_linked_but_one_that_moved_since_stays(petugas, operator, city):
    business, away = make_business(), make_business(kelurahan="35.73.05.1004")
    proposal = make_proposal(by=petugas, business=business)

    assert refusal(proposal.correct, by=petugas, business=away) == "business-elsewhere"
    assert refusal(proposal.correct, by=operator, kelurahan=city["Dinoyo"]) == "business-elsewhere"
    Business.objects.filter(pk=business.pk).update(kelurahan=city["Dinoyo"])
    assert proposal.correct(by=petugas, text="Minta rak") == ["text"]
    assert proposal.correct(by=petugas, business=None) == ["business"]


# ---- the page --------------------------------------------------------------------------------------


def page_of(proposal):
    return f"/usulan/{proposal.uuid}/perbaiki/"


def typed(proposal, **values):
    return {
        "version": proposal.version, "text": proposal.text, "need": proposal.need, "rt": proposal.rt or "",
        "rw": proposal.rw or "", "kelurahan": proposal.kelurahan.code, "forum": proposal.forum,
        "held_on": proposal.held_on.isoformat(), "place": proposal.place,
        "name": proposal.business.name if proposal.business_id else "",
    } | values  # fmt: skip


def test_the_page_starts_with_what_was_logged_and_the_proposal_tells_of_it(client, petugas, proposal):
    client.force_login(petugas)
    assert page_of(proposal) in client.get(proposal.get_absolute_url()).text
    start = client.get(page_of(proposal)).context["form"]
    assert {name: start[name].value() for name in ("text", "rw", "kelurahan", "version")} == {
        "text": "Minta kemsan", "rw": "5", "kelurahan": "35.73.01.1007", "version": 1,
    }  # fmt: skip

    page = client.post(page_of(proposal), typed(proposal, text="Minta kemasan", rw="6"), follow=True)

    assert page.redirect_chain == [(proposal.get_absolute_url(), 302)]
    assert "Perbaikan tersimpan." in page.text and "Minta kemasan" in page.text
    assert dict(page.context["facts"])["Diperbaiki"].startswith(f"{petugas.name}, ")
    assert dict(page.context["facts"])["Diperbaiki"].endswith("(usulan, RW)")


def test_the_second_of_two_sees_what_the_first_saved_and_keeps_what_they_typed(
    client, petugas, operator, proposal
):
    client.force_login(petugas)
    seen = client.get(page_of(proposal)).context["form"]["seen"].value()
    sent = typed(proposal, text="Kata saya", seen=seen)
    proposal.correct(by=operator, text="Kata orang lain", rw=9)

    page = client.post(page_of(proposal), sent)

    assert page.context["overtaken"] and "Orang lain memperbaiki usulan ini" in page.text
    assert "Kata orang lain" in page.text and page.context["form"]["text"].value() == "Kata saya"
    assert Proposal.objects.get().text == "Kata orang lain"
    again = {bound.name: bound.value() or "" for bound in page.context["form"]}
    client.post(page_of(proposal), again)
    row = Proposal.objects.get()
    assert (row.text, row.rw) == ("Kata saya", 9)  # and what the other mended stays mended


@pytest.mark.parametrize(
    "seen",
    ["", "{", "[1]", '{"text": 1, "version": "9", "x": "y"}', "1", "[" * 99_999],
    ids=str.__len__,
)
def test_what_the_page_showed_may_be_lost_on_the_way(client, petugas, operator, proposal, seen):
    sent = typed(proposal, text="Kata saya", seen=seen)
    proposal.correct(by=operator, rw=9)
    client.force_login(petugas)
    page = client.post(page_of(proposal), sent)
    assert page.status_code == 200 and page.context["form"]["text"].value() == "Kata saya"


def test_after_the_answer_the_page_says_so_and_nothing_typed_is_lost(client, petugas, operator, proposal):
    sent = typed(proposal, text="Kata saya")
    proposal.respond(state="taken", by=operator)
    client.force_login(petugas)

    page = client.post(page_of(proposal), sent)
    assert "catat usulan baru" in page.text and "Kata saya" in page.text
    assert Proposal.objects.get().text == "Minta kemsan"
    page = client.get(page_of(proposal), follow=True)
    assert page.redirect_chain and "tidak diperbaiki lagi" in page.text
    assert page_of(proposal) not in page.text


def test_what_is_wrong_is_said_at_its_field(client, petugas, proposal):
    client.force_login(petugas)
    page = client.post(page_of(proposal), typed(proposal, text="", held_on="2199-01-01", rw="x"))
    assert set(page.context["form"].errors) == {"text", "held_on", "rw"}
    page = client.post(page_of(proposal), typed(proposal, held_on="2019-01-01"))
    assert set(page.context["form"].errors) == {"held_on"}
    client.post(page_of(proposal), typed(proposal, kelurahan="35.73.05.1004"))
    assert Proposal.objects.get().version == 1


def test_of_several_with_one_name_the_linked_one_stays_and_another_is_asked_for(client, petugas):
    twins = [make_business(name="Kios Sembako", rw=rw) for rw in (1, 2)]
    proposal = make_proposal(by=petugas, business=twins[1])
    client.force_login(petugas)

    client.post(page_of(proposal), typed(proposal, text="Minta rak"))
    assert Proposal.objects.get().business == twins[1]
    other = make_business(name="Toko Rejeki")
    proposal.refresh_from_db()
    client.post(page_of(proposal), typed(proposal, name="toko rejeki"))
    assert Proposal.objects.get().business == other
    proposal.refresh_from_db()
    page = client.post(page_of(proposal), typed(proposal, name="Kios Sembako"))
    assert page.context["form"].resembling == twins and "Usaha mana?" in page.text
    client.post(page_of(proposal), typed(proposal, name=""))
    assert Proposal.objects.get().business is None


def test_strangers_find_nothing_and_readers_may_not(client, petugas_dinoyo, city, proposal):
    client.force_login(petugas_dinoyo)
    assert client.get(page_of(proposal)).status_code == 404
    client.force_login(make_officer("lurah", city["Purwantoro"]))
    assert client.post(page_of(proposal), typed(proposal, text="Lain")).status_code == 403
    assert page_of(proposal) not in client.get(proposal.get_absolute_url()).text


def test_during_the_meeting_the_lines_of_the_forum_can_be_put_right(client, petugas, operator):
    client.force_login(petugas)
    sent = typed(make_proposal(by=petugas, forum="musrenbang"))
    client.post("/lapor/usulan/", sent | {"uuid": str(uuid.uuid4())})
    proposal = Proposal.objects.last()
    assert page_of(proposal) in client.get("/lapor/usulan/").text
    proposal.respond(state="taken", by=operator)
    assert page_of(proposal) not in client.get("/lapor/usulan/").text


@pytest.mark.parametrize("times", [1, 3])
def test_the_proposal_asks_as_often_however_often_it_was_put_right(
    client, petugas, proposal, times, django_assert_num_queries
):
    for number in range(times):
        proposal.correct(by=petugas, rw=10 + number)
    client.force_login(petugas)
    client.get(proposal.get_absolute_url())
    with django_assert_num_queries(5):
        page = client.get(proposal.get_absolute_url())
    assert len([term for term, _text in page.context["facts"] if term == "Diperbaiki"]) == times


# ---- the API ---------------------------------------------------------------------------------------


def test_the_api_mends_over_the_state_that_was_read(petugas, petugas_dinoyo, city, operator, proposal):
    path, lurah = f"proposals/{proposal.uuid}/", make_officer("lurah", city["Purwantoro"])
    tag = call(petugas, "get", path)["ETag"]

    assert call(petugas, "patch", path, {"text": "Minta kemasan"}, if_match="").status_code == 428
    done = call(petugas, "patch", path, {"text": "Minta kemasan", "rt": None}, HTTP_IF_MATCH=tag)
    assert (done.status_code, done.json()["text"], done.json()["rt"]) == (200, "Minta kemasan", None)
    (line,) = done.json()["corrections"]
    assert (line["by"], line["fields_changed"]) == (petugas.name, ["text", "rt"])
    assert call(petugas, "patch", path, {"text": "Lain"}, HTTP_IF_MATCH=tag).status_code == 412
    assert call(petugas, "patch", path, {"state": "done"}, HTTP_IF_MATCH="*").status_code == 400
    assert call(petugas_dinoyo, "patch", path, {"text": "Lain"}, HTTP_IF_MATCH="*").status_code == 404
    assert call(lurah, "patch", path, {"text": "Lain"}, HTTP_IF_MATCH="*").status_code == 403
    proposal.refresh_from_db()
    proposal.respond(state="taken", by=operator)
    late = call(petugas, "patch", path, {"text": "Lain"}, HTTP_IF_MATCH="*")
    assert (late.status_code, late.json()["code"]) == (409, "proposal-answered")


def test_the_api_links_a_business_of_the_same_kelurahan(petugas, operator, proposal):
    path, here, away = (
        f"proposals/{proposal.uuid}/",
        make_business(),
        make_business(kelurahan="35.73.05.1004"),
    )

    def mend(user, **values):
        return call(user, "patch", path, values, HTTP_IF_MATCH="*")

    assert mend(petugas, business=str(here.uuid)).json()["business"] == str(here.uuid)
    assert mend(petugas, business=str(away.uuid)).status_code == 404
    assert mend(petugas, kelurahan="35.73.05.1004").status_code == 404
    assert mend(operator, kelurahan="35.73.05.1004").json()["code"] == "business-elsewhere"
    moved = mend(operator, kelurahan="35.73.05.1004", business=str(away.uuid))
    assert (moved.status_code, moved.json()["kelurahan"]) == (200, "35.73.05.1004")
