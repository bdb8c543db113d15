"""A month's report on phones, while its officer is replaced: the successor goes on with the draft, the acting
lurah signs it, a need told before the change arrives late and shows as a correction, Diskopindag receives."""

import uuid
from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from programs.models import MonthlyReport
from programs.monthly.letter import month_name
from programs.monthly.months import month_before
from registry.models import VisitRequest
from tests.browser import axe
from tests.factories import make_officer

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


def fits(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert axe(page) == []


def test_an_officer_is_replaced_in_mid_month(live, city, petugas):
    today = timezone.localdate()
    month, place = month_before(today), city["Purwantoro"]
    successor = make_officer("petugas", place)
    acting, kasi = make_officer("lurah", place), make_officer("kasi", city["Kota"])
    admin = make_officer("admin", city["Kota"])

    page = live.open("/laporan/bulanan/", user=petugas, size="phone")
    fits(page)
    page.get_by_role("button", name=f"Susun {month_name(month)}").click()
    page.get_by_role("textbox", name="Catatan").fill("RW 1 sampai 4 sudah didatangi.")
    page.get_by_role("button", name="Simpan catatan").click()
    page.get_by_text("Catatan tersimpan.").wait_for()
    address = page.url
    petugas.posts.get().end(on=today - timedelta(days=1), by=admin)
    assert page.goto(address).status == 403
    live.problems.clear()

    page = live.open("/laporan/bulanan/", user=successor, size="phone")
    page.get_by_role("link", name=month_name(month), exact=True).click()
    assert page.get_by_role("textbox", name="Catatan").input_value() == "RW 1 sampai 4 sudah didatangi."
    page.get_by_role("textbox", name="Catatan").fill("RW 1 sampai 4 sudah didatangi. RW 5 menyusul.")
    page.get_by_role("button", name="Teruskan kepada lurah").click()
    page.get_by_text("Laporan diteruskan kepada lurah.").wait_for()
    page.get_by_text(f"Disusun oleh {petugas.name}, {successor.name}.").wait_for()
    fits(page)

    page = live.open(page.url, user=acting, size="phone")
    fits(page)
    page.get_by_label("Nomor surat").fill("400.10/12/2026")
    page.keyboard.press("Enter")
    page.get_by_text("Laporan disetujui dan dikirim ke Diskopindag.").wait_for()
    report = MonthlyReport.objects.get()
    assert (report.state, report.approved_by, report.figures["counts"]["requests"]) == ("sent", acting, 0)

    told_at = timezone.make_aware(datetime.combine(month + timedelta(days=9), time(10)))
    VisitRequest.report(
        by=petugas,
        uuid=uuid.uuid4(),
        kelurahan=place,
        need="packaging",
        told_at=told_at,
        told_name="Warung Bu Ani",
    )
    page = live.open(address, user=kasi)
    page.get_by_text("Laporan perlu didatangi dari 0 menjadi 1").wait_for()
    fits(page)
    page.get_by_role("link", name="1 Kemasan").click()
    page.get_by_role("cell", name="Warung Bu Ani").wait_for()
    fits(page)
    page.go_back()
    page.get_by_role("button", name="Terima laporan").click()
    page.get_by_text("Laporan diterima.").wait_for()
    page.goto(f"{live.url}/laporan/bulanan/?bulan={month:%Y-%m}")
    fits(page)
