"""Thirty businesses of an RW asked about without signal, one thumb, one slip undone; all arrive once."""

from collections import Counter

import pytest

from registry.models import Business, Check, Submission
from tests.browser import axe
from tests.factories import make_business
from tests.journeys.test_report_offline import cut, mend
from tests.line import Line

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
PAGE = "/lapor/masih-aktif/"
OTHERS = {5: "Tutup permanen", 11: "Tutup sementara", 17: "Pindah", 23: "Tidak ketemu"}


@pytest.fixture
def line(live):
    made = Line(live.url)
    yield made
    made.close()


@pytest.fixture
def lane(city, operator, verifikator):
    """Thirty businesses of RW 5 that nobody ever confirmed, two of another RW, one confirmed lately."""
    by = {"by": operator, "decided_by": verifikator}
    rows = [make_business(name=f"Warung {n:02d}", rw=5, rt=n // 6 + 1, **by) for n in range(30)]
    for n in range(2):
        make_business(name=f"Kios {n}", rw=7, **by)
    Business.objects.update(last_confirmed_on=None)
    make_business(name="Baru dipastikan", rw=5, **by)
    return rows


def until(page, expression):
    """Ask again and again until it is true: a page's policy forbids the browser to evaluate by itself."""
    for _try in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(expression)


def ready(page):
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    until(page, "Boolean(navigator.serviceWorker.controller)")
    page.locator("[data-rws] li").first.wait_for()


def name_now(page):
    return page.locator("[data-name]").inner_text()


def answer(page, words):
    """Tap an answer, and wait until the next business has opened by itself."""
    before = name_now(page)
    page.get_by_role("button", name=words, exact=True).tap()
    page.locator("[data-name]", has_text=before).wait_for(state="hidden")
    return before


def test_thirty_businesses_confirmed_without_signal_and_synced(live, line, petugas, lane):
    page = live.open(PAGE, user=petugas, size="phone", url=line.url, workers=True)
    page.set_viewport_size({"width": 360, "height": 740})
    ready(page)
    assert axe(page) == []

    cut(page, line)
    page.reload()
    page.locator("[data-rws] li").first.wait_for()
    page.get_by_role("button", name="RW 5 30 perlu dipastikan").tap()
    assert name_now(page) == "Warung 00"
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert axe(page) == []
    # the answers lie in the lower half of the screen, wide enough for a thumb
    boxes = [each.bounding_box() for each in page.locator("[data-answer]").all()]
    assert all(box["y"] > 370 and box["y"] + box["height"] <= 740 and box["height"] >= 44 for box in boxes)

    answer(page, "Tutup permanen")  # a slip
    page.get_by_role("button", name="Batalkan").tap()
    page.locator("[data-name]", has_text="Warung 00").wait_for()
    asked = [answer(page, OTHERS.get(n, "Aktif")) for n in range(30)]

    page.get_by_text("30 usaha dijawab").wait_for()
    assert len(set(asked)) == 30
    assert axe(page) == []
    context = page.context
    page.close()
    assert not Check.objects.exists()

    page = live.watched(context)
    page.goto(PAGE)
    page.locator("#kotak").get_by_text("30 menunggu dikirim").wait_for()
    assert "semua sudah" in page.locator("[data-rws] li").first.inner_text()
    mend(page, line)
    page.locator("#kotak").get_by_text("semua terkirim").wait_for(timeout=60_000)

    assert Counter(Check.objects.values_list("answer", flat=True)) == {
        "active": 26,
        "closed": 1,
        "temporary": 1,
        "moved": 1,
        "not_found": 1,
    }
    assert Check.objects.values("business").distinct().count() == 30
    assert Business.objects.filter(name__startswith="Warung", last_confirmed_on=None).count() == 4
    proposed = Submission.objects.filter(source="page", kind__in=["close", "change"], proposed_by=petugas)
    assert sorted(proposed.values_list("kind", flat=True)) == ["change", "close"]
    assert "Warung" not in page.locator("#kotak").inner_text()
