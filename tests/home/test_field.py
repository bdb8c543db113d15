"""What of the field waits on the home of each role, and the menu over the field's pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programs.models import FollowUp, MonthlyReport, Visit
from programs.monthly.letter import month_name
from programs.monthly.reminding import wanted_month
from tests.factories import (
    make_city,
    make_follow_up,
    make_officer,
    make_organisation,
    make_proposal,
    make_representative,
    make_visit_day,
    make_visit_request,
)

pytestmark = pytest.mark.django_db


def home(client, user):
    client.force_login(user)
    response = client.get("/")
    assert response.status_code == 200
    return response


def field(client, user):
    return home(client, user).context["field"]


def month_ago(today=None):
    return ((today or timezone.localdate()).replace(day=1) - timedelta(days=1)).replace(day=1)


def late(follow_up):
    FollowUp.objects.filter(pk=follow_up.pk).update(due_on=timezone.localdate() - timedelta(days=2))


def test_an_officer_sees_what_became_of_the_kelurahans_reports(client, petugas, petugas_dinoyo, operator):
    new, planned, done = (make_visit_request(by=petugas, told_name=n) for n in ("Satu", "Dua", "Tiga"))
    make_visit_day(by=operator, requests=[planned])
    done.close(outcome="helped", by=operator)

    page = home(client, petugas)

    told = page.context["field"]["reported"]
    assert [n for _label, n in told["told"]] == [1, 1, 0, 1]
    assert "Dua" in page.text and "Terbantu" in page.text
    assert 'href="/lapor/perlu-didatangi/"' in page.text
    other = field(client, petugas_dinoyo)["reported"]
    assert not other["any"] and other["coming"] == []
    assert new.state == "new"


def test_the_month_that_is_due_is_said_until_it_is_sent(client, petugas, city):
    month, _due = wanted_month(timezone.localdate())
    said = f"Laporan bulanan {month_name(month)} belum dikirim"
    assert [each["title"] for each in field(client, petugas)["monthly"]] == [said]
    report, _new = MonthlyReport.begin(kelurahan=city["Purwantoro"], month=month, by=petugas)
    page = home(client, petugas)
    assert [each["url"] for each in page.context["field"]["monthly"]] == [report.get_absolute_url()]
    assert said in page.text
    MonthlyReport.objects.update(
        state="sent", letter_number="1", letter_on=timezone.localdate(), approved_at=timezone.now(),
        approved_by=make_officer("lurah", city["Purwantoro"]),
    )  # fmt: skip
    assert field(client, petugas)["monthly"] == []


def test_a_lurah_sees_the_reports_to_approve(client, city, petugas):
    report, _new = MonthlyReport.begin(kelurahan=city["Purwantoro"], month=month_ago(), by=petugas)
    report.submit(by=petugas)

    told = field(client, make_officer("lurah", city["Purwantoro"]))["monthly"]
    assert [each["url"] for each in told] == [report.get_absolute_url()]
    assert petugas.name in told[0]["text"]
    page = home(client, make_officer("lurah", city["Dinoyo"]))
    assert page.context["field"]["monthly"] == [] and "Tidak ada laporan bulanan yang menunggu." in page.text


def test_home_and_list_count_the_same_reports_to_receive(client, city, petugas):
    report, _new = MonthlyReport.begin(kelurahan=city["Purwantoro"], month=month_ago(), by=petugas)
    lurah, kasi = make_officer("lurah", city["Purwantoro"]), make_officer("kasi", city["Kota"])
    for _edition in range(2):
        report.submit(by=petugas)
        report.approve(letter_number="1", letter_on=timezone.localdate(), by=lurah)
        assert _to_receive(client, kasi) == ("1 laporan bulanan menunggu diterima", 1)
        report = report.correct(reason="Lupa.", by=petugas)
        assert _to_receive(client, kasi) == ("1 laporan bulanan menunggu diterima", 1)


def _to_receive(client, user):
    """(what the home says of reports to receive, how many rows its list has)."""
    told = next(each for each in field(client, user)["monthly"] if "lihat=terkirim" in each["url"])
    return told["title"], len(client.get(told["url"]).context["rows"])


def test_staff_see_the_board_the_day_what_is_late_and_what_came_in(client, operator, petugas):
    urgent = make_visit_request(by=petugas, urgency=3)
    make_visit_request(by=petugas)
    planned = make_visit_request(by=petugas)
    day = make_visit_day(by=operator, requests=[planned], title="Kunjungan Sanan")
    late(make_follow_up(by=operator))
    make_follow_up(by=operator)
    make_proposal(by=petugas)

    page = home(client, operator)

    told = page.context["field"]
    assert told["board"] == {"total": 2, "urgent": 1}
    assert (told["days"]["today"], told["days"]["rows"]) == (True, [day])
    assert told["problems"] == {"total": 2, "late": 1}
    assert told["proposed"] == 1
    assert not [each for each in told["monthly"] if "lihat=terkirim" in each["url"]]
    assert "Kunjungan Sanan" in page.text and "1 usaha, 1 belum dikunjungi" in page.text
    assert len(client.get(told["late_url"]).context["rows"]) == 1
    assert len(client.get(told["new_proposals_url"]).context["rows"]) == 1
    assert urgent.urgency == 3


def test_another_office_sees_what_was_handed_to_it_and_nothing_else(client, city, operator, petugas):
    mine, theirs = make_organisation("Dinkes"), make_organisation("Disnaker")
    user = make_representative(mine, city["Kota"])
    row = make_follow_up(by=operator, organisation=mine)
    make_follow_up(by=operator, organisation=theirs)
    make_visit_request(by=petugas)
    late(row)

    page = home(client, user)

    told = page.context["field"]
    assert (told["handed"]["total"], told["handed"]["late"], told["handed"]["rows"]) == (1, 1, [row])
    assert {k for k, v in told.items() if v and k not in ("handed", "urls", "late_url")} == set()
    assert "lewat" in page.text


def test_another_office_sees_its_own_kecamatan_only(client, city, operator):
    office = make_organisation("Dinkes")
    user = make_representative(office, city["Kec. Blimbing"])
    make_follow_up(by=operator, organisation=office, kelurahan=city["Dinoyo"], problem="Di Dinoyo.")
    assert (field(client, user)["handed"]["total"], field(client, user)["handed"]["rows"]) == (0, [])
    row = make_follow_up(by=operator, organisation=office)
    assert (field(client, user)["handed"]["total"], field(client, user)["handed"]["rows"]) == (1, [row])


def test_readers_see_how_the_field_stands(client, city, petugas, operator):
    make_visit_request(by=petugas)
    late(make_follow_up(by=operator))
    visited = make_visit_request(by=petugas)
    make_visit_day(by=operator, requests=[visited])
    Visit.objects.get(request=visited).record(by=operator)
    for reader in (make_officer("camat", city["Kec. Blimbing"]), make_officer("kepala", city["Kota"])):
        assert field(client, reader)["watched"] == {"open": 2, "visited": 1, "late": 1}
    assert field(client, make_officer("lurah", city["Dinoyo"]))["watched"]["open"] == 0


def test_the_fields_pages_stand_under_one_heading(client, petugas):
    page = home(client, petugas)
    (heading,) = [entry for entry in page.context["nav"] if entry["items"]]
    addresses = [entry["url"] for entry in heading["items"]]
    assert "/laporan/" in addresses and "/usulan/" in addresses and "/kebutuhan/" in addresses
    for address in addresses:
        shown = client.get(address, follow=True)
        assert shown.status_code == 200, address
        (heading,) = [entry for entry in shown.context["nav"] if entry["items"]]
        assert [e["url"] for e in heading["items"] if e["current"]] == [address]


@pytest.mark.parametrize("rows", [1, 3])
def test_each_home_asks_the_same_for_any_number_of_rows(client, rows):
    city = make_city()
    petugas, operator = make_officer("petugas", city["Purwantoro"]), make_officer("operator", city["Kota"])
    office = make_organisation("Dinkes")
    opd = make_representative(office, city["Kota"])
    lurah, kasi = make_officer("lurah", city["Purwantoro"]), make_officer("kasi", city["Kota"])
    for _each in range(rows):
        make_visit_request(by=petugas)
        make_visit_day(by=operator, requests=[make_visit_request(by=petugas)])
        make_visit_request(by=petugas).close(outcome="helped", by=operator)
        make_follow_up(by=operator, organisation=office)
        make_proposal(by=petugas)
    month = month_ago()
    for _each in range(rows):
        report, _new = MonthlyReport.begin(kelurahan=city["Purwantoro"], month=month, by=petugas)
        report.submit(by=petugas)
        month = month_ago(month)
    asked = {}
    for name, user in (
        ("petugas", petugas),
        ("operator", operator),
        ("lurah", lurah),
        ("kasi", kasi),
        ("opd", opd),
    ):
        home(client, user)
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        asked[name] = len(queries)
    assert asked == {"petugas": 16, "operator": 16, "lurah": 7, "kasi": 18, "opd": 5}
