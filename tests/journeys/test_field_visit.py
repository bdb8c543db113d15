"""One need from the lane to its end: reported, planned by keyboard, visited, handed to another office, late,
closed by that office's own account. The officer reads every step, another kelurahan's officer nothing."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from programs.models import FollowUp, Visit
from registry.reports.models import VisitRequest
from tests.browser import axe
from tests.factories import make_officer, make_organisation, make_representative, make_visit_request

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
SHOP = "Warung Bu Sri"


def report(live, petugas):
    """By the plain form, as on a phone without JavaScript."""
    page = live.open("/lapor/perlu-didatangi/", user=petugas, size="phone", javascript=False)
    page.locator("[name=told_name]").fill(SHOP)
    page.get_by_label("Legalitas dan halal").check(force=True)
    page.get_by_label("Mendesak").check(force=True)
    page.locator("button[value=send]").click()
    page.wait_for_load_state()
    return VisitRequest.objects.get(told_name=SHOP)


def plan(live, operator):
    """Two keys pick the most pressing need, two more put it into a day."""
    page = live.open("/kunjungan/papan/", user=operator)
    page.locator("#tanggal").evaluate(f"field => field.value = '{timezone.localdate().isoformat()}'")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    assert page.locator("[data-picked]").inner_text() == "1"
    page.keyboard.press("m")
    page.get_by_text("1 kebutuhan masuk ke hari kunjungan").wait_for()
    assert axe(page) == []
    return Visit.objects.get(request__told_name=SHOP)


def visit(live, operator, planned):
    """What was found, and the problem with who solves it, in one form."""
    page = live.open(f"/kunjungan/{planned.uuid}/catat/", user=operator, size="phone")
    page.locator("[name=production]").fill("20 bungkus keripik per hari.")
    page.get_by_text("Masalah 1").click()
    page.locator("[name=masalah1-need]").select_option("licence")
    page.locator("[name=masalah1-problem]").fill("P-IRT sudah habis.")
    page.locator("[name=masalah1-organisation]").select_option(label="DISKOPINDAG (Nama DISKOPINDAG)")
    page.locator("[name=masalah1-working_days]").fill("3")
    assert axe(page) == []
    page.get_by_role("button", name="Simpan kunjungan").click()
    page.get_by_text("1 tindak lanjut dibuat").wait_for()
    return FollowUp.objects.get()


def hand_over(live, operator, row):
    page = live.open(f"/tindak-lanjut/{row.uuid}/", user=operator)
    page.get_by_text("Teruskan ke instansi lain").click()
    page.locator("[name=teruskan-organisation]").select_option(label="DINKES (Nama DINKES)")
    page.locator("[name=teruskan-reason]").fill("Urusan P-IRT.")
    page.get_by_role("button", name="Teruskan", exact=True).click()
    page.get_by_text("Diteruskan.").wait_for()


def test_a_need_from_the_lane_to_its_end(live, city, petugas, petugas_dinoyo, operator):
    make_organisation("DISKOPINDAG", kind="own")
    opd = make_representative(make_organisation("DINKES"), city["Kota"], "opd.dinkes")
    kasi = make_officer("kasi", city["Kota"], "kasi")
    make_visit_request(by=petugas, told_name="Kurang mendesak", days_ago=3)

    need = report(live, petugas)
    planned = plan(live, operator)
    row = visit(live, operator, planned)
    hand_over(live, operator, row)

    # Its day passes without an answer; the clock tells the head of section.
    FollowUp.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    call_command("daily")
    head = live.open("/tindak-lanjut/", user=kasi)
    assert head.get_by_role("link", name="P-IRT sudah habis").is_visible()
    assert head.get_by_text("Lewat tenggat").first.is_visible()

    # The other office sees this one problem and nothing else, and closes it with evidence.
    page = live.open("/tindak-lanjut/", user=opd, size="phone")
    page.get_by_role("link", name="P-IRT sudah habis").click()
    page.get_by_label("Bukti atau hasil").fill("P-IRT baru terbit.")
    assert axe(page) == []
    page.get_by_role("button", name="Selesai", exact=True).click()
    page.get_by_text("Petugas kelurahan dapat membacanya").wait_for()
    assert page.goto(f"/kunjungan/{planned.uuid}/").status == 403

    # The office answers the report.
    page = live.open(f"/kunjungan/laporan/{need.uuid}/tutup/", user=operator)
    page.get_by_label("Terbantu").check()
    page.get_by_role("button", name="Selesaikan laporan").click()
    page.get_by_text("Laporan selesai.").wait_for()

    # The officer reads every step at the report, another kelurahan's officer finds nothing.
    page = live.open(f"/laporan/{need.uuid}/", user=petugas, size="phone")
    page.get_by_text("Yang sudah dilakukan").wait_for()
    steps = page.locator("section[aria-labelledby=di-lapangan]").inner_text()
    for step in (
        "Kunjungan direncanakan",
        "Dikunjungi",
        "20 bungkus keripik per hari.",
        "Dibuat",
        "P-IRT sudah habis.",
        "Diteruskan",
        "Urusan P-IRT.",
        "Lewat tenggat, disampaikan kepada kepala seksi",
        "Selesai",
        "P-IRT baru terbit.",
        "DINKES",
    ):
        assert step in steps, step
    stranger = live.open("/kunjungan/papan/?state=open", user=petugas_dinoyo)
    assert SHOP not in stranger.content()
    for address in (
        f"/laporan/{need.uuid}/",
        f"/kunjungan/laporan/{need.uuid}/langkah/",
        f"/kunjungan/{planned.uuid}/",
        f"/kunjungan/hari/{planned.day.uuid}/",
        f"/tindak-lanjut/{row.uuid}/",
    ):
        assert stranger.goto(address).status == 404
    stranger.goto("/tindak-lanjut/?lihat=selesai")
    assert "P-IRT" not in stranger.content()
