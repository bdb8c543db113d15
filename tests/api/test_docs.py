"""The API's page in a browser, under the same policy as every other page."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_page_draws_every_operation_without_a_breach_of_the_policy(live):
    page = live.open("/api/v1/docs/")

    page.wait_for_selector("#operations-submissions-submissions_create")
    assert page.locator(".opblock").count() >= 20
    page.locator("#operations-submissions-submissions_create .opblock-summary-control").click()
    page.get_by_text("Keripik Tempe Contoh").first.wait_for()
