"""The pages of visit days, visits, follow-ups and mentoring: what they do, what they keep when refused."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from programs.models import FollowUp, Mentoring, Visit, VisitDay
from tests.factories import (
    make_business,
    make_follow_up,
    make_officer,
    make_organisation,
    make_representative,
    make_visit_day,
    make_visit_request,
)
from tests.programs.visits.test_visits import picture

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def desk(client, operator):
    client.force_login(operator)
    return client


@pytest.fixture
def planned(operator):
    return make_visit_day(by=operator, requests=[make_visit_request(told_name="Warung Sri")]).visits.get()


def problem(**values):
    told = {"uuid": uuid.uuid4(), "need": "licence", "problem": "P-IRT habis", "working_days": "3"} | values
    return {f"masalah1-{name}": value for name, value in told.items()}


# ---- visit days ----------------------------------------------------------------------------------------


def test_a_new_day_leads_to_the_board_with_that_day_chosen(desk):
    answer = desk.post(reverse("visit-day-new"), {"on": TODAY().isoformat(), "uuid": str(uuid.uuid4())})
    day = VisitDay.objects.get()
    assert answer.url == f"/kunjungan/papan/?hari={day.uuid}"


def test_a_day_in_the_past_is_said_at_its_field(desk):
    yesterday = (TODAY() - timedelta(days=1)).isoformat()
    answer = desk.post(
        reverse("visit-day-new"), {"on": yesterday, "uuid": str(uuid.uuid4()), "title": "Halal"}
    )
    assert "on" in answer.context["form"].errors
    assert b"Halal" in answer.content


def test_a_day_shows_its_visits_in_the_order_of_the_way(desk, operator, petugas, petugas_dinoyo, city):
    needs = [
        make_visit_request(by=petugas_dinoyo, kelurahan=city["Dinoyo"], told_name="D", rw=1),
        make_visit_request(by=petugas, told_name="P7", rw=7),
        make_visit_request(by=petugas, told_name="P2b", rw=2, rt=3),
        make_visit_request(by=petugas, told_name="P2a", rw=2, rt=1),
    ]
    day = make_visit_day(by=operator, requests=needs)
    stops = desk.get(day.get_absolute_url()).context["stops"]
    assert [(stop.title, [visit.name for visit in stop.visits]) for stop in stops] == [
        ("Purwantoro, Kec. Blimbing, RW 02", ["P2a", "P2b"]),
        ("Purwantoro, Kec. Blimbing, RW 07", ["P7"]),
        ("Dinoyo, Kec. Lowokwaru, RW 01", ["D"]),
    ]
    assert b"P2a" in desk.get(reverse("visit-day-print", args=[day.uuid])).content


def test_taking_out_changing_and_calling_off(desk, planned):
    day = planned.day
    desk.post(reverse("visit-remove", args=[planned.uuid]))
    desk.post(reverse("visit-day-change", args=[day.uuid]), {"title": "Halal", "who": "Regu 1"})
    desk.post(reverse("visit-day-cancel", args=[day.uuid]))
    planned.refresh_from_db()
    day.refresh_from_db()
    assert (planned.state, day.title) == ("cancelled", "Halal")
    assert day.cancelled_at is not None


@pytest.mark.parametrize(("tab", "queries"), [("hari", 4), ("lalu", 4), ("kunjungan", 7)])
@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_as_often_for_one_as_for_three(
    desk, operator, django_assert_num_queries, tab, queries, count
):
    for _number in range(count):
        make_visit_day(by=operator, requests=[make_visit_request(business=make_business())])
    if tab == "lalu":
        VisitDay.objects.update(on=TODAY() - timedelta(days=3))
    address = reverse("visit-list") + f"?lihat={tab}"
    desk.get(address)
    with django_assert_num_queries(queries):
        answer = desk.get(address)
    assert len(answer.context["page"].rows) == count


# ---- visits --------------------------------------------------------------------------------------------


def test_the_form_of_a_visit_opens_a_follow_up_and_keeps_photos(desk, planned):
    office = make_organisation("DINKES")
    answer = desk.post(
        reverse("visit-record", args=[planned.uuid]),
        {"on": TODAY().isoformat(), "production": "20 bungkus", "photos": [picture()]}
        | problem(organisation=office.uuid),
    )
    planned.refresh_from_db()
    assert answer.url == planned.get_absolute_url()
    assert (planned.state, planned.production) == ("done", "20 bungkus")
    assert FollowUp.objects.get().organisation == office
    assert planned.photos.count() == 1
    shown = desk.get(reverse("visit-photo", args=[planned.uuid, planned.photos.get().uuid]))
    assert b"".join(shown.streaming_content).startswith(b"\xff\xd8")


def test_a_problem_half_filled_in_keeps_everything_that_was_typed(desk, planned):
    answer = desk.post(
        reverse("visit-record", args=[planned.uuid]),
        {"on": TODAY().isoformat(), "production": "20 bungkus"} | problem(organisation=""),
    )
    assert answer.status_code == 200
    assert b"20 bungkus" in answer.content
    assert answer.context["problems"][0].errors
    planned.refresh_from_db()
    assert planned.state == "planned"


def test_a_visit_of_which_nothing_is_told_is_not_kept(desk, planned):
    empty = {"on": TODAY().isoformat(), "who": "Tim A"}
    answer = desk.post(reverse("visit-record", args=[planned.uuid]), empty)

    assert "Tulis setidaknya satu hal" in answer.text and "Tim A" in answer.text
    planned.refresh_from_db()
    assert planned.state == "planned"

    office = make_organisation("DINKES")
    desk.post(reverse("visit-record", args=[planned.uuid]), empty | problem(organisation=office.uuid))
    planned.refresh_from_db()
    assert planned.state == "done"


def test_a_file_that_is_no_picture_tells_nothing(desk, planned):
    address, empty = reverse("visit-record", args=[planned.uuid]), {"on": TODAY().isoformat()}
    broken = SimpleUploadedFile("a.jpg", b"kosong", "image/jpeg")
    assert "Tulis setidaknya satu hal" in desk.post(address, empty | {"photos": [broken]}).text
    planned.refresh_from_db()
    assert planned.state == "planned"

    desk.post(address, empty | {"photos": [picture()]})
    planned.refresh_from_db()
    assert planned.state == "done" and planned.photos.count() == 1

    desk.post(address, empty | {"who": "Tim A", "version": planned.version})  # put right later on
    planned.refresh_from_db()
    assert planned.who == "Tim A"


def test_a_file_that_is_no_picture_is_said_and_the_words_are_kept(desk, planned):
    heic = SimpleUploadedFile("IMG_1.heic", b"\x00\x00\x00 ftypheic", content_type="image/heic")
    answer = desk.post(
        reverse("visit-record", args=[planned.uuid]),
        {"on": TODAY().isoformat(), "production": "20 bungkus", "photos": [heic]},
        follow=True,
    )
    planned.refresh_from_db()
    assert planned.production == "20 bungkus"
    assert "IMG_1.heic tidak tersimpan" in answer.content.decode()


@pytest.mark.parametrize(
    "sent", [{"on": "2999-01-01"}, {"on": "kemarin"}, {"production": "NIK 3573015508800001"}]
)
def test_what_cannot_be_kept_is_said_at_the_form(desk, planned, sent):
    answer = desk.post(
        reverse("visit-record", args=[planned.uuid]), {"on": TODAY().isoformat(), "needs": "Kemasan"} | sent
    )
    assert answer.context["form"].errors
    assert b"Kemasan" in answer.content


def test_what_somebody_else_wrote_meanwhile_is_not_written_over_unseen(desk, planned, city):
    planned.record(by=make_officer("program", city["Kota"]), production="Dari rekan")
    address = reverse("visit-record", args=[planned.uuid])
    sent = {"on": TODAY().isoformat(), "production": "Dari saya", "version": "1"}

    answer = desk.post(address, sent)

    planned.refresh_from_db()
    assert planned.production == "Dari rekan"
    assert b"Dari saya" in answer.content
    desk.post(address, sent | {"version": str(planned.version)})
    planned.refresh_from_db()
    assert planned.production == "Dari saya"


def test_on_the_way_a_business_is_found_and_its_visit_written_down(desk):
    business = make_business(name="Keripik Tempe Ani")
    found = desk.get(reverse("visit-new"), {"q": "tempe ani"}).context["found"]
    assert [row.name for row, _last in found] == ["Keripik Tempe Ani"]
    same = str(uuid.uuid4())
    for _time in range(2):
        answer = desk.post(
            reverse("visit-new") + f"?usaha={business.uuid}",
            {"on": TODAY().isoformat(), "uuid": same, "needs": "Kemasan"},
        )
    visit = Visit.objects.get()
    assert answer.url == visit.get_absolute_url()
    assert (visit.business, visit.state) == (business, "done")


def test_on_the_way_a_name_that_is_not_recorded_will_do(desk, city):
    desk.post(
        reverse("visit-new"),
        {
            "on": TODAY().isoformat(), "uuid": str(uuid.uuid4()), "told_name": "Bakso Keliling",
            "kelurahan": city["Dinoyo"].code, "rw": "3", "needs": "Gerobak",
        },
    )  # fmt: skip
    visit = Visit.objects.get()
    assert (visit.name, visit.kelurahan, visit.rw) == ("Bakso Keliling", city["Dinoyo"], 3)


def test_nobody_met(desk, planned):
    desk.post(reverse("visit-miss", args=[planned.uuid]), {"text": "Tutup."})
    planned.refresh_from_db()
    assert planned.state == "missed"


def test_the_page_of_a_visit_offers_to_propose_what_changed(desk, operator):
    visit = make_visit_day(by=operator, requests=[make_visit_request(business=make_business())]).visits.get()
    answer = desk.get(visit.get_absolute_url())
    assert reverse("visit-propose", args=[visit.uuid]).encode() in answer.content


# ---- follow-ups ----------------------------------------------------------------------------------------


def names(answer):
    return [one["row"].problem for one in answer.context["rows"]]


def test_whose_list_opens_with_what(client, city, operator):
    office = make_organisation("DINKES")
    opd = make_representative(office, city["Kota"])
    late = make_follow_up(by=operator, problem="Terlambat")
    make_follow_up(by=operator, problem="Diserahkan", organisation=office)
    FollowUp.objects.filter(pk=late.pk).update(due_on=TODAY() - timedelta(days=1))

    for user, tab, found in (
        (operator, "terbuka", ["Terlambat", "Diserahkan"]),
        (opd, "saya", ["Diserahkan"]),
        (make_officer("kasi", city["Kota"]), "lewat", ["Terlambat"]),
    ):
        client.force_login(user)
        answer = client.get(reverse("follow-up-list"))
        assert (answer.context["tab"], names(answer)) == (tab, found)


def test_closing_with_a_picture_by_the_other_offices_account(client, city, operator):
    office = make_organisation("DINKES")
    client.force_login(make_representative(office, city["Kota"]))
    row = make_follow_up(by=operator, organisation=office)

    wrong = client.post(reverse("follow-up-close", args=[row.uuid]), {"selesai-evidence": ""})
    big = SimpleUploadedFile("a.jpg", b"bukan foto", content_type="image/jpeg")
    unread = client.post(
        reverse("follow-up-close", args=[row.uuid]), {"selesai-evidence": "Terbit.", "selesai-photo": big}
    )
    right = client.post(
        reverse("follow-up-close", args=[row.uuid]),
        {"selesai-evidence": "Terbit.", "selesai-photo": picture()},
    )

    assert (wrong.status_code, unread.status_code, right.status_code) == (400, 400, 302)
    assert b"Terbit." in unread.content and b'id="bukti"' not in unread.content
    row.refresh_from_db()
    assert row.state == "closed"
    shown = client.get(reverse("follow-up-photo", args=[row.uuid]))
    assert b"".join(shown.streaming_content).startswith(b"\xff\xd8")
    again = client.post(
        reverse("follow-up-close", args=[row.uuid]), {"selesai-evidence": "Lagi."}, follow=True
    )
    assert "sudah selesai" in again.content.decode()


def test_handing_over_replying_dropping_and_reopening(desk, operator):
    row, other = make_follow_up(by=operator), make_organisation("DISNAKER")
    for name, sent in (
        ("follow-up-hand-over", {"teruskan-organisation": other.uuid, "teruskan-reason": "Urusannya."}),
        ("follow-up-reply", {"jawab-text": "Sedang diproses."}),
        ("follow-up-drop", {"hentikan-text": "Usahanya tutup."}),
        ("follow-up-reopen", {"buka-text": "Buka lagi."}),
    ):
        assert desk.post(reverse(name, args=[row.uuid]), sent).status_code == 302, name
    assert [entry["title"] for entry in desk.get(row.get_absolute_url()).context["entries"]] == [
        "Dibuka kembali", "Tidak dilanjutkan", "Dijawab", "Diteruskan → DISNAKER",
        f"Dibuat → {row.organisation.short_name}",
    ]  # fmt: skip


def test_a_new_one_for_a_report(desk, operator):
    need, office = make_visit_request(), make_organisation()
    answer = desk.post(
        reverse("follow-up-new") + f"?laporan={need.uuid}",
        {
            "uuid": uuid.uuid4(),
            "need": "capital",
            "problem": "KUR",
            "organisation": office.uuid,
            "working_days": 5,
        },
    )
    row = FollowUp.objects.get()
    assert (answer.url, row.request) == (row.get_absolute_url(), need)
    assert desk.get(reverse("follow-up-new")).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_follow_ups_ask_as_often(desk, operator, django_assert_num_queries, count):
    for _number in range(count):
        make_follow_up(by=operator, business=make_business())
    desk.get(reverse("follow-up-list"))
    with django_assert_num_queries(10):
        assert len(desk.get(reverse("follow-up-list")).context["rows"]) == count


# ---- requests ------------------------------------------------------------------------------------------


def test_answering_a_report_from_the_board_goes_back_to_it(desk):
    need = make_visit_request()
    address = reverse("request-close", args=[need.uuid]) + "?need=packaging"
    assert desk.post(address, {"outcome": "unable", "answer": ""}).context["form"].errors["answer"]
    answer = desk.post(address, {"outcome": "helped", "answer": "Sudah dibantu."})
    assert answer.url == "/kunjungan/papan/?need=packaging"
    need.refresh_from_db()
    assert (need.state, need.answer) == ("closed", "Sudah dibantu.")
    desk.post(reverse("request-reopen", args=[need.uuid]))
    need.refresh_from_db()
    assert need.state == "new"


def test_the_steps_are_a_piece_for_htmx_and_a_page_without(
    client, petugas, petugas_dinoyo, operator, planned
):
    planned.record(by=operator, production="20 bungkus")
    make_follow_up(by=operator, visit=planned, problem="P-IRT habis")
    address = reverse("request-steps", args=[planned.request.uuid])
    client.force_login(petugas)
    piece = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in piece
    assert "P-IRT habis" in piece
    assert "20 bungkus" in client.get(address).content.decode()
    client.force_login(petugas_dinoyo)
    assert client.get(address).status_code == 404


# ---- mentoring -----------------------------------------------------------------------------------------


def test_a_series_of_mentoring(desk):
    business = make_business()
    desk.post(reverse("mentoring-new") + f"?usaha={business.uuid}", {"goal": "Halal", "mentor": "Bu Ani"})
    row = Mentoring.objects.get()
    session = {"sesi-uuid": uuid.uuid4(), "sesi-on": TODAY().isoformat(), "sesi-service": "halal"}
    for _time in range(2):
        desk.post(reverse("mentoring-session", args=[row.uuid]), session)
    late = desk.post(
        reverse("mentoring-session", args=[row.uuid]),
        session | {"sesi-on": "2999-01-01", "sesi-uuid": uuid.uuid4()},
    )
    assert late.context["session_form"].errors["on"]
    desk.post(reverse("mentoring-end", args=[row.uuid]), {"selesai-result": "reached"})
    row.refresh_from_db()
    assert (row.sessions.count(), row.result) == (1, "reached")
    assert b"Tujuan tercapai" in desk.get(row.get_absolute_url()).content


@pytest.mark.parametrize("count", [1, 3])
def test_mentorings_ask_as_often(desk, operator, django_assert_num_queries, count):
    for _number in range(count):
        Mentoring.start(business=make_business(), goal="Halal", mentor="Bu Ani", by=operator)
    desk.get(reverse("mentoring-list"))
    with django_assert_num_queries(5):
        assert len(desk.get(reverse("mentoring-list")).context["rows"]) == count


def test_a_form_sent_again_brings_the_photos_that_did_not_arrive(desk, operator):
    business = make_business()
    address = f"{reverse('visit-new')}?usaha={business.uuid}"
    told = {"uuid": str(uuid.uuid4()), "on": TODAY().isoformat(), "production": "20 bungkus"}
    desk.post(address, told | {"photos": [picture()]})

    desk.post(address, told | {"photos": [picture(), picture("#3ac")]})

    assert Visit.objects.get().photos.count() == 2


def test_an_rt_that_is_none_is_said_in_plain_words(desk):
    page = desk.post(reverse("visit-new"), {"told_name": "Bakso keliling", "rt": "0"}).content.decode()
    assert "RT: Tulis angkanya saja, 1 sampai 999, atau kosongkan." in page
