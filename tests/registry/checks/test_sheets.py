"""The printed sheet of an RW: numbered as printed, keyed by its numbers, each with its own outcome."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from registry.models import Business, Check, Sheet
from tests.factories import make_business, make_officer
from umkm_portal.lib.errors import Refused

pytestmark = pytest.mark.django_db
A = Check.Answer


@pytest.fixture
def lane(city, operator, verifikator):
    """Four businesses of RW 5, by RT and name, and one that closed."""
    by = {"by": operator, "decided_by": verifikator, "rw": 5}
    rows = [make_business(name=name, rt=rt, **by) for name, rt in (("Cici", 2), ("Budi", 1), ("Ani", 2))]
    rows.append(make_business(name="Tanpa RT", **by))
    closed = make_business(name="Tutup", rt=1, **by)
    Business.objects.filter(pk=closed.pk).update(operating_state="closed")
    return rows


@pytest.fixture
def sheet(lane, petugas, city):
    return Sheet.make(kelurahan=city["Purwantoro"], rw=5, by=petugas)


def test_it_is_numbered_as_one_walks_without_what_is_closed(sheet):
    names = list(sheet.lines.order_by("number").values_list("number", "business__name"))
    assert names == [(1, "Budi"), (2, "Ani"), (3, "Cici"), (4, "Tanpa RT")]
    assert not set(sheet.code) & set("IOL01")


def test_what_is_printed_stays_under_its_number(sheet, petugas):
    first = sheet.lines.get(number=1).business
    Business.objects.filter(pk=first.pk).update(name="Zulaika", rt=9)
    assert sheet.lines.get(number=1).business_id == first.pk


def test_keying_keeps_every_number_with_its_own_outcome(sheet, petugas, petugas_dinoyo):
    told = sheet.key({1: A.ACTIVE, 2: A.CLOSED, 4: A.NOT_FOUND}, on=timezone.localdate(), by=petugas)

    assert [(line.number, check.answer, refused) for line, check, refused in told] == [
        (1, A.ACTIVE, None),
        (2, A.CLOSED, None),
        (4, A.NOT_FOUND, None),
    ]
    assert set(Check.objects.values_list("via", flat=True)) == {"sheet"}
    assert Check.objects.get(answer=A.CLOSED).submission.kind == "close"
    assert sheet.keyed_by == petugas


def test_a_number_is_answered_once_and_a_wrong_one_never_loses_the_rest(sheet, petugas):
    today = timezone.localdate()
    sheet.key({1: A.ACTIVE}, on=today, by=petugas)

    again = sheet.key({1: A.ACTIVE, 3: A.ACTIVE}, on=today, by=petugas)
    other = sheet.key({1: A.CLOSED, 2: A.ACTIVE}, on=today, by=petugas)

    assert all(check for _line, check, _refused in again)
    assert [(check and check.answer, refused and refused.code) for _line, check, refused in other] == [
        (None, "number-answered"),
        (A.ACTIVE, None),
    ]
    assert Check.objects.count() == 3


def test_it_is_keyed_by_who_holds_the_post_for_a_day_after_printing(sheet, petugas, petugas_dinoyo, city):
    today = timezone.localdate()
    for by, on, code in (
        (petugas_dinoyo, today, "not-found"),
        (make_officer("lurah", city["Purwantoro"]), today, "not-found"),
        (petugas, today + timedelta(days=1), "told-in-future"),
        (petugas, today - timedelta(days=1), "before-printing"),
    ):
        with pytest.raises(Refused) as refused:
            sheet.key({1: A.ACTIVE}, on=on, by=by)
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        sheet.key({1: A.ACTIVE, 9: A.ACTIVE, 12: A.ACTIVE}, on=today, by=petugas)
    assert "9, 12" in refused.value.message
    assert not Check.objects.exists()


def test_an_rw_without_businesses_and_another_kelurahans_make_no_sheet(petugas, city, lane):
    for kelurahan, code in (("Purwantoro", "sheet-empty"), ("Dinoyo", "not-found")):
        with pytest.raises(Refused) as refused:
            Sheet.make(kelurahan=city[kelurahan], rw=77, by=petugas)
        assert refused.value.code == code


# ---- pages ---------------------------------------------------------------------------------------


def test_the_paper_shows_code_numbers_and_names_and_nothing_of_a_person(client, petugas, sheet, lane):
    client.force_login(petugas)
    page = client.get(reverse("sheet", args=[sheet.code])).content.decode()
    assert sheet.code in page
    assert all(business.name in page for business in lane)
    assert client.get(reverse("sheets"), {"kode": sheet.code.lower()}).url == reverse(
        "sheet-key", args=[sheet.code]
    )


def test_what_is_wrong_is_named_and_nothing_is_saved(client, petugas, sheet):
    client.force_login(petugas)
    answer = client.post(
        reverse("sheet-key", args=[sheet.code]),
        {"text": "1a 2q 9a 3a 3t halo", "on": timezone.localdate().isoformat(), "jawab-1": "t"},
    )
    page = answer.content.decode()
    for named in ("huruf q", "1 sampai 4", "Nomor 3 ditulis dua kali", "halo", "Nomor 1: diketik a"):
        assert named in page
    assert "1a 2q 9a 3a 3t halo" in page
    assert not Check.objects.exists()


def test_typed_and_chosen_numbers_are_saved_together(client, petugas, sheet):
    client.force_login(petugas)
    answer = client.post(
        reverse("sheet-key", args=[sheet.code]),
        {"text": "1a 2t", "on": timezone.localdate().isoformat(), "jawab-4": "x"},
        follow=True,
    )
    assert "3 jawaban tersimpan" in answer.content.decode()
    assert sorted(Check.objects.values_list("answer", flat=True)) == ["active", "closed", "not_found"]


def test_a_sheet_of_another_kelurahan_is_not_there(client, petugas_dinoyo, sheet):
    client.force_login(petugas_dinoyo)
    for name in ("sheet", "sheet-key"):
        assert client.get(reverse(name, args=[sheet.code])).status_code == 404
    assert sheet.code not in client.get(reverse("sheets")).content.decode()


def test_the_successor_keys_what_the_predecessor_printed(client, sheet, city):
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        successor = make_officer("petugas", city["Purwantoro"])
        told = sheet.key({1: A.ACTIVE}, on=timezone.localdate() - timedelta(days=1), by=successor)
    assert told[0][1].told_by == successor
