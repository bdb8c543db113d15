"""The upload page as people see it: no script needed, no violation found by axe, nothing sideways."""

import pytest
from django.urls import reverse

from registry.imports import actions, tasks
from tests.browser import axe
from tests.registry.imports.files import csv

HEAD = "No,Nama Usaha,Nama Pemilik,Alamat,Kelurahan,No HP,Produk"


@pytest.mark.browser
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_upload_and_dry_run(live, operator, tmp_path, size):
    lines = [
        f"{i},Warung Keripik Tempe Sumber Rejeki {i},Orang {i},Jl. Sanan {i},Purwantro,-,keripik"
        for i in range(60)
    ]
    path = tmp_path / "Daftar UMKM Sentra Sanan Tahun 2026 Hasil Pendataan.csv"
    path.write_bytes(csv(HEAD, *lines, "61,-,Ani,Jl. B,Kota Batu,123,teh"))
    page = live.open(reverse("import-list"), user=operator, size=size)
    assert axe(page) == []
    page.get_by_label("Berkas").set_input_files(str(path))
    page.get_by_role("button", name="Unggah dan baca").click()
    page.get_by_role("button", name="Kirim untuk verifikasi").wait_for()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.browser
def test_the_verifikator_decides(live, operator, verifikator):
    upload = actions.upload(
        csv(HEAD, "1,Toko A,Siti,Jl. A,Purwantoro,,kue"), "x.csv", actions.Options(), by=operator
    )
    tasks.start_reading(upload)
    tasks.start_sending(upload, by=operator)
    page = live.open(upload.get_absolute_url(), user=verifikator)
    assert axe(page) == []
    page.get_by_role("button", name="Setujui seluruh daftar").click()
    page.get_by_text("Daftar disetujui.").wait_for()
