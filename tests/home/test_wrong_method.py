"""Addresses that take forms only, opened in a browser: a page with the way on instead of a bare 405."""

import uuid

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "args", "above"),
    [
        ("board-schedule", [], "visit-board"),
        ("follow-up-close", [uuid.uuid4()], "follow-up"),
        ("visit-miss", [uuid.uuid4()], "visit"),
    ],
)
def test_it_leads_to_the_page_of_the_form(client, operator, name, args, above):
    client.force_login(operator)

    answer = client.get(reverse(name, args=args))

    assert answer.status_code == 405 and answer["Allow"] == "POST"
    page = answer.content.decode()
    assert "Tidak ada yang diubah." in page
    assert f'href="{reverse(above, args=args)}">Buka halamannya, lalu isi lagi' in page


def test_after_signing_in_again_there_is_a_way_on(client, operator):
    sent = reverse("follow-up-close", args=[uuid.uuid4()])
    answer = client.post(sent, {"selesai-evidence": "Terbit."})
    assert answer.url == f"/masuk/?next={sent}"

    client.force_login(operator)

    assert "Isian belum terkirim." in client.get(sent).content.decode()


def test_a_visitor_without_an_account_and_other_methods(client):
    assert "Isian belum terkirim." in client.get("/tampilan/").content.decode()
    assert client.put("/tampilan/").content == b""
    assert client.get("/api/v1/docs/").status_code != 405
