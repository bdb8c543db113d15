"""The outbox while things happen at once: edits while it sends, double taps, undoing, signing out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from programs.models import Proposal
from registry.models import Business, Check, Post, VisitRequest
from tests.factories import make_business
from tests.journeys.test_report_offline import PAGE, kept

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
PURWANTORO = "35.73.01.1007"


class Hold:
    """Keeps requests to an address on their way until `release`."""

    def __init__(self, page, address):
        self.page, self.address, self.routes, self.over = page, address, [], False
        page.route(address, self._meet)

    def _meet(self, route):
        route.continue_() if self.over else self.routes.append(route)

    def wait(self):
        for _try in range(100):
            if self.routes:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"nothing was sent to {self.address}")

    def release(self):
        self.over = True
        for route in self.routes:
            route.continue_()


def opened(live, user, path=PAGE):
    page = live.open(path, user=user, size="phone")
    page.locator("form.is-live").wait_for()
    return page


def names_come(page):
    for _try in range(100):
        if "Keripik" in kept(page):
            return
        page.wait_for_timeout(50)
    raise AssertionError("the names did not come")


def test_what_changes_while_another_item_is_sent_goes_as_it_is_then(live, petugas, city):
    page = opened(live, petugas)
    hold = Hold(page, "**/api/v1/visit-requests/")
    page.evaluate(
        """async (kelurahan) => {
          window.told = (n, name) => Outbox.put("report", {
            uuid: `00000000-0000-4000-8000-00000000000${n}`, kelurahan, told_name: name, need: "equipment",
          });
          for (const n of [1, 2, 3]) await told(n, `Warung ${n}`);
          window.run = Outbox.send();
        }""",
        PURWANTORO,
    )
    hold.wait()
    answers = page.evaluate(
        """async () => {
          const one = "00000000-0000-4000-8000-000000000001";
          const refused = await told(1, "Warung 1 lagi").then(() => "", (problem) => problem.code);
          const dropped = [await Outbox.drop(one), await Outbox.drop(one.replace(/1$/, "3"))];
          await told(2, "Warung 2 diperbaiki");
          window.after = Outbox.settled(one, 20000);
          return [refused, ...dropped];
        }"""
    )
    assert answers == ["gone", False, True]
    hold.release()
    assert page.evaluate("after") == "sent"
    page.evaluate("run")
    page.evaluate("Outbox.send()")
    assert sorted(VisitRequest.objects.values_list("told_name", flat=True)) == [
        "Warung 1",
        "Warung 2 diperbaiki",
    ]


def test_a_double_tap_is_one_report_and_one_proposal(live, petugas, city):
    page = opened(live, petugas)
    page.get_by_label("Nama usaha").fill("Warung Bu Jumi")
    page.get_by_text("Alat", exact=True).tap()
    twice = """(css) => {
      const form = document.querySelector(css);
      form.requestSubmit();
      form.requestSubmit();
      return new Promise((done) => setTimeout(() => done(form.requestSubmit()), 300));
    }"""
    page.evaluate(twice, "form[data-report]")
    page.locator("[data-box-count]", has_text="semua terkirim").wait_for()
    assert page.locator("#kotak li").count() == 1
    assert page.locator("[data-error]:visible").count() == 0
    assert VisitRequest.objects.count() == 1

    page.goto("/lapor/usulan/")
    page.locator("form.is-live").wait_for()
    page.get_by_label("Forum", exact=True).select_option(label="Musrenbang")
    page.get_by_label("Kebutuhan").select_option(label="Kemasan")
    page.locator("#id_text").fill("Minta kemasan")
    page.evaluate(twice, "form[data-proposal]")
    page.locator("#kotak li").nth(1).wait_for()
    page.locator("[data-box-count]", has_text="semua terkirim").wait_for()
    assert page.locator("#kotak li").count() == 2
    assert page.locator("[data-error]:visible").count() == 0
    assert Proposal.objects.count() == 1


def test_an_answer_undone_while_it_is_sent_is_taken_back(live, petugas, city):
    for name in ("Warung A", "Warung B"):
        make_business(name=name, rw=5)
    Business.objects.update(last_confirmed_on=None)
    page = live.open("/lapor/masih-aktif/", user=petugas, size="phone")
    page.get_by_role("button", name="RW 5").tap()
    hold = Hold(page, "**/api/v1/checks/")
    page.get_by_role("button", name="Aktif", exact=True).tap()
    hold.wait()
    page.get_by_role("button", name="Batalkan").tap()
    page.locator("[data-told]", has_text="Sedang dikirim.").wait_for()
    hold.release()
    page.locator("[data-name]", has_text="Warung A").wait_for()
    assert Check.objects.get().taken_back_at is not None


def test_signing_out_on_a_slow_line_leaves_no_key_in_another_tab(live, petugas, city):
    make_business(name="Keripik Bu Sri")
    field = opened(live, petugas)
    names_come(field)
    assert "keys" in kept(field)
    page = live.watched(field.context)
    page.goto("/akun/")
    hold = Hold(page, "**/keluar/")
    page.evaluate("document.querySelector('form[action$=\"/keluar/\"]').requestSubmit()")
    hold.wait()
    field.wait_for_timeout(1500)
    assert field.locator("main").inner_text() == ""
    assert "keys" not in kept(field) and "Keripik" not in kept(field)
    late = live.watched(field.context)  # opened before the portal has heard of the sign-out
    late.goto(PAGE)
    late.locator("form.is-live").wait_for()

    hold.release()
    page.wait_for_url(live.url + "/")
    for each in (field, late):
        each.wait_for_url("**/masuk/**")
    assert "keys" not in kept(page) and "Keripik" not in kept(page)


def test_the_names_of_a_kelurahan_leave_the_phone_with_its_post(live, petugas, city):
    make_business(name="Keripik Bu Sri")
    page = opened(live, petugas)
    again = "async (code) => { await Outbox.names(code); }"
    later = """(code) => {
      const now = Date.now;
      Date.now = () => now() + 13 * 3600000;
      return Outbox.names(code);
    }"""
    names_come(page)
    page.evaluate("Outbox.ask()")
    assert "Keripik" in kept(page)

    then = timezone.now() - timedelta(days=1)
    Post.objects.update(ended_at=then, ended_by=petugas, ends_on=timezone.localdate(then))
    page.evaluate(again, PURWANTORO)
    assert "Keripik" in kept(page)  # nobody has told the phone
    assert page.evaluate(later, PURWANTORO) is None
    assert "Keripik" not in kept(page)
