"""The upload page and the API over lists: dry run, send, decide, and who may."""

import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from registry.imports.models import Import
from registry.models import Business, Submission
from tests.factories import nik
from tests.registry.imports.files import csv

HEAD = "No,Nama Usaha,Nama Pemilik,NIK,Alamat,Kelurahan,Produk"
NIK = nik(99)
LIST = csv(
    HEAD,
    f"1,Toko A,Siti,{NIK},Jl. A,Purwantoro,keripik",
    "2,-,Ani,,Jl. B,Dinoyo,kue",
    "3,Toko C,,,Jl. C,Kota Batu,teh",
)


def signed_in(client, user):
    client.force_login(user)
    return client


def upload(client, data=LIST, name="daftar.csv", **given):
    return client.post(reverse("import-list"), {"file": SimpleUploadedFile(name, data), **given})


@pytest.fixture
def row(client, operator):
    upload(signed_in(client, operator))
    return Import.objects.get()


def test_an_upload_is_read_and_nothing_is_sent(client, operator, row):
    assert row.state == Import.State.READY and not Submission.objects.exists()
    page = client.get(row.get_absolute_url())
    text = page.content.decode()
    assert page.status_code == 200 and NIK not in text and "Siti" not in text
    assert "Nama usaha kosong" in text and "Kirim untuk verifikasi" in text
    assert "Nama Pemilik" in text  # the mapping is shown
    assert client.get(row.get_absolute_url() + "?baris=semua").status_code == 200
    assert client.get(reverse("import-list")).status_code == 200


def test_the_way_from_upload_to_the_registry(client, operator, verifikator, row):
    client.post(reverse("import-send", args=[row.uuid]))
    row.refresh_from_db()
    assert row.state == Import.State.SENT and Submission.objects.count() == 2
    assert client.post(reverse("import-approve", args=[row.uuid])).status_code == 403
    signed_in(client, verifikator)
    assert "Setujui seluruh daftar" in client.get(row.get_absolute_url()).content.decode()
    client.post(reverse("import-approve", args=[row.uuid]))
    assert Business.objects.count() == 2
    assert Business.objects.filter(kelurahan=None).count() == 1
    assert client.get(row.get_absolute_url()).status_code == 200


def test_rejecting_needs_a_reason(client, operator, verifikator, row):
    client.post(reverse("import-send", args=[row.uuid]))
    signed_in(client, verifikator)
    assert client.post(reverse("import-reject", args=[row.uuid]), {"reason": ""}).status_code == 400
    client.post(reverse("import-reject", args=[row.uuid]), {"reason": "Daftar lama."})
    row.batch = None
    row.refresh_from_db()
    assert row.batch.state == "rejected"
    assert "Daftar lama." in client.get(row.get_absolute_url()).content.decode()


def test_withdrawing(client, operator, row):
    client.post(reverse("import-send", args=[row.uuid]))
    client.post(reverse("import-withdraw", args=[row.uuid]))
    row.refresh_from_db()
    assert row.batch.state == "withdrawn"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"#!/bin/sh", "x.xlsx"),
        (b"PK\x03\x04rusak", "x.xlsx"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 80, "x.csv"),
        (b"halo", "x.csv"),
    ],
)
def test_a_file_that_is_no_list_is_told_so(client, operator, data, name):
    upload(signed_in(client, operator), data, name)
    row = Import.objects.get()
    assert row.state == Import.State.FAILED and row.refusal
    assert row.refusal in client.get(row.get_absolute_url()).content.decode()
    assert client.post(reverse("import-send", args=[row.uuid])).status_code == 302
    assert not Submission.objects.exists()


def test_an_empty_file_and_no_file(client, operator):
    signed_in(client, operator)
    assert upload(client, b"").status_code == 400
    assert client.post(reverse("import-list"), {}).status_code == 400
    assert not Import.objects.exists()


def test_consent_for_a_whole_list_needs_its_ground(client, operator, verifikator):
    signed_in(client, operator)
    assert upload(client, consent_groups=["phone"]).status_code == 400
    upload(client, consent_groups=["owner_name"], consent_statement="Formulir pendataan 2026")
    row = Import.objects.get()
    client.post(reverse("import-send", args=[row.uuid]))
    signed_in(client, verifikator)
    client.post(reverse("import-approve", args=[row.uuid]))
    business = Business.objects.get(name="Toko A")
    assert business.shows_owner_name and not business.shows_phone
    assert business.consents.get().channel == "list"


def test_the_workbook_of_problems_is_safe(client, operator):
    data = csv(HEAD, f'1,-,"=1+1",{NIK},Jl. A,Purwantoro,keripik')
    upload(signed_in(client, operator), data)
    row = Import.objects.get()
    answer = client.get(reverse("import-problems", args=[row.uuid]))
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cells = [cell for line in page.iter_rows() for cell in line if cell.value is not None]
    assert any(cell.value == "=1+1" and cell.data_type == "s" for cell in cells) or all(
        cell.data_type != "f" for cell in cells
    )
    assert not any(NIK in str(cell.value) for cell in cells)
    assert any(cell.value == "Kesalahan" for cell in cells)


def test_who_may_and_who_sees_nothing(client, operator, petugas, nobody, kepala, row):
    for user in (petugas, nobody):
        signed_in(client, user)
        assert client.get(reverse("import-list")).status_code == 403
        assert client.get(row.get_absolute_url()).status_code == 403
    signed_in(client, kepala)
    assert client.get(row.get_absolute_url()).status_code == 200
    assert client.post(reverse("import-send", args=[row.uuid])).status_code == 403
    client.logout()
    assert client.get(reverse("import-list")).status_code == 302


def test_another_operator_does_not_send_it(client, operator, city, row):
    from tests.factories import make_officer

    other = make_officer("operator", city["Kota"], "operator.lain")
    signed_in(client, other)
    client.post(reverse("import-send", args=[row.uuid]))
    assert not Submission.objects.exists()


def test_messages_are_paged(client, operator, django_assert_max_num_queries):
    data = csv("nama usaha,alamat", *(f"Toko {i},Jl. {i}" for i in range(120)))
    upload(signed_in(client, operator), data)
    row = Import.objects.get()
    with django_assert_max_num_queries(20):
        page = client.get(row.get_absolute_url())
    assert page.content.decode().count("belum ditempatkan") == 50
    assert "after=" in page.content.decode()


# ---- API ---------------------------------------------------------------------------------------------


def api(client, method, path, body=None, **options):
    options = {
        "content_type": "application/json",
        "data": json.dumps(body if body is not None else {}),
    } | options
    return getattr(client, method)(f"/api/v1/imports/{path}", **options)


def test_a_list_over_the_api(client, operator, verifikator):
    signed_in(client, operator)
    answer = client.post("/api/v1/imports/", {"file": SimpleUploadedFile("x.csv", LIST)})
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert made["counts"] | {} == {
        "records": 3, "accepted": 2, "rejected": 1, "duplicates": 0, "candidates": 0, "changed": 0,
        "warnings": made["counts"]["warnings"],
    }  # fmt: skip
    path = made["uuid"] + "/"
    assert client.get("/api/v1/imports/").json()["results"][0]["uuid"] == made["uuid"]
    assert api(client, "post", path + "submit/").json()["progress_state"] == "submitted"
    assert api(client, "post", path + "approve/").status_code == 403
    signed_in(client, verifikator)
    assert api(client, "post", path + "reject/", {}).status_code == 400
    assert api(client, "post", path + "approve/").json()["progress_state"] == "applied"
    assert api(client, "post", path + "approve/").status_code == 409
    assert Business.objects.count() == 2


def test_bad_requests_over_the_api(client, operator):
    signed_in(client, operator)
    assert client.post("/api/v1/imports/", {}).status_code == 400
    assert (
        client.post(
            "/api/v1/imports/", {"file": SimpleUploadedFile("x.csv", LIST), "status": "sent"}
        ).status_code
        == 400
    )
    assert client.get("/api/v1/imports/?salah=1").status_code == 400
    assert client.get("/api/v1/imports/00000000-0000-0000-0000-000000000000/").status_code == 404
    failed = client.post("/api/v1/imports/", {"file": SimpleUploadedFile("x.xlsx", b"#!/bin/sh")}).json()
    assert (failed["progress_state"], failed["refusal_code"]) == ("failed", "import-kind")
    assert api(client, "post", failed["uuid"] + "/submit/").status_code == 409


def test_strangers_and_visitors_over_the_api(client, operator, petugas, row):
    client.logout()
    assert client.get("/api/v1/imports/").status_code in (401, 403)
    signed_in(client, petugas)
    assert client.get("/api/v1/imports/").status_code == 403
