"""The component sheet: every piece of the interface in every state, with invented data, for who works here.

Whoever changes a component looks here first, at both widths and in both themes.
"""

import csv
import datetime
from types import SimpleNamespace

from django import forms
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import requires
from umkm_portal.lib import tilemap
from umkm_portal.lib.icons import PUBLIC, WORKING
from umkm_portal.lib.statuses import STATUSES
from umkm_portal.lib.textdiff import marked

TODAY = datetime.date(2026, 11, 22)
PER = datetime.datetime(2026, 11, 20, 10, 32)


class SampleForm(forms.Form):
    name = forms.CharField(label="Nama usaha")
    nik = forms.RegexField(
        r"^\d{16}$",
        label="NIK pemilik",
        help_text="16 angka. Disimpan terenkripsi, hanya 4 angka terakhir yang tampil.",
        error_messages={"invalid": "NIK harus 16 angka"},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    kelurahan = forms.ChoiceField(
        label="Kelurahan tempat usaha", choices=[("", "Pilih kelurahan"), ("1", "Dinoyo")]
    )
    phone = forms.CharField(label="Nomor WhatsApp", required=False)
    turnover = forms.CharField(label="Omzet/tahun", required=False, help_text="Perkiraan pemilik pun boleh.")
    state = forms.ChoiceField(
        label="Masih aktif?",
        choices=[("active", "Aktif"), ("temporary", "Tutup sementara"), ("closed", "Tutup permanen")],
        widget=forms.RadioSelect,
    )
    channel = forms.ChoiceField(
        label="Cara persetujuan diberikan",
        choices=[
            ("paper", "Formulir kertas"),
            ("wa", "Lewat WhatsApp"),
            ("in_person", "Lisan, disaksikan petugas"),
        ],
        widget=forms.RadioSelect,
    )
    needs = forms.MultipleChoiceField(
        label="Butuh apa?",
        required=False,
        choices=[(word, word) for word in ("Produksi", "Alat", "Bahan", "Pemasaran", "Halal", "Modal")],
        widget=forms.CheckboxSelectMultiple,
    )
    consent = forms.BooleanField(label="WhatsApp boleh tampil di halaman publik", required=False)
    note = forms.CharField(label="Catatan", required=False, widget=forms.Textarea)
    photo = forms.FileField(label="Foto", required=False)


def _sample_map():
    path = settings.BASE_DIR / "registry" / "data" / "cartogram_tiles.csv"
    if not path.exists():
        return tilemap.build([])
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return tilemap.build(
        [
            {
                "code": row["kelurahan_code"],
                "name": row["kelurahan"],
                "kecamatan": row["kecamatan"],
                "column": int(row["column"]),
                "row": int(row["row"]),
                "count": (number * 37) % 260 if number % 9 else 0,
                "url": f"?kelurahan={row['kelurahan_code']}",
            }
            for number, row in enumerate(rows)
        ],
        selected="35.73.01.1007",
    )


def _sample_difference():
    rows = [
        ("Nama usaha", "Keripik Tempe Bu Wji", "Keripik Tempe Bu Wiji", ""),
        ("Alamat", "Jl. Sanan No. 47, RT 02 RW 15", "Jl. Sanan Gg. III No. 47, RT 05 RW 15", ""),
        ("Tenaga kerja", "4 orang", "6 orang", ""),
        ("Omzet/tahun", "", "Rp312.000.000", "dari “±1 jt/hari, 6 hari”, perkiraan pemilik"),
        ("Situs web", "buwiji.example", "", ""),
    ]
    for label, old, new, note in rows:
        before, after = marked(old, new)
        yield {"label": label, "before": before, "after": after, "note": note}


def _sample_form():
    form = SampleForm(
        {"name": "Keramik Dinoyo Pak Samsul", "nik": "357305120579000", "state": "active", "needs": ["Alat"]}
    )
    form.is_valid()
    return form


ROWS = [
    ("Keripik Tempe Lumintu", "Blimbing", 24_500_000, "submitted"),
    (
        "Oleh-oleh Sanan Jaya Makmur Sentosa Keluarga Besar Haji Mustofa",
        "Purwantoro",
        118_500_000,
        "approved",
    ),
    ("Bakso Cak Mukidi", "Kotalama", None, "returned"),
    ("Kue Kering Nyonya Tan", "Purwantoro", 36_000_000, "draft"),
]

CARDS = [
    {
        "url": "?usaha=1",
        "name": "Keripik Tempe Bu Wiji",
        "what": "Keripik tempe iris tipis",
        "price": 12_000,
        "place": "Purwantoro RW 15",
        "hours": "tutup 17.00",
        "tags": ["Halal", "P-IRT", "Sentra Sanan"],
        "chat_url": "https://wa.me/6281200001427",
    },
    {
        "url": "?usaha=2",
        "name": "Oleh-oleh Sanan Jaya Makmur Sentosa Keluarga Besar Haji Mustofa",
        "what": "Keripik tempe, marning, keripik buah",
        "place": "Purwantoro RW 16",
    },
]

HISTORY = [
    {"title": "Perubahan diajukan", "by": "Rini Astuti", "at": datetime.datetime(2026, 11, 11, 9, 14)},
    {"title": "Dipastikan masih aktif", "by": "Rini Astuti", "at": datetime.date(2026, 8, 14)},
    {"title": "Masuk dari unggahan", "text": "sanan-2024.xlsx baris 118"},
]


# What the frame says after an act, in each of its levels.
SAID = [
    Message(constants.SUCCESS, "Kiriman disetujui."),
    Message(constants.WARNING, "Tiga baris dilewati."),
    Message(constants.ERROR, "Berkas tidak dapat dibaca."),
    Message(constants.INFO, "Yang lain sedang mengerjakannya."),
]


@requires("registry.view_business")
@require_safe
def komponen(request):
    """Every component with sample data. A component without a place here fails the suite."""
    return render(
        request,
        "dev/komponen.html",
        {
            "map": _sample_map(),
            "form": _sample_form(),
            "empty_form": SampleForm(prefix="kosong"),
            "difference": list(_sample_difference()),
            "rows": ROWS,
            "cards": CARDS,
            "history": HISTORY,
            "statuses": STATUSES,
            "icons": sorted(PUBLIC | WORKING),
            "filters": [
                {"kind": "Kecamatan", "label": "Blimbing", "url": "?"},
                {"label": "Aktif", "url": "?"},
            ],
            "facet": [
                {"value": "a", "label": "Blimbing", "count": 128, "on": True},
                {"value": "b", "label": "Kedungkandang", "count": 17, "on": False},
            ],
            "missing": [("Foto depan", ""), ("NIB", "?isian=nib")],
            "trail": [("Usaha", "?"), ("Keripik Tempe Bu Wiji", "")],
            "terms": [
                ("Jam buka", "Senin–Sabtu 07.00–17.00 WIB"),
                ("Cara beli", ""),
                ("RT/RW", "RT 05 RW 15"),
            ],
            "page": SimpleNamespace(previous_url="", next_url="?after=x"),
            "middle": SimpleNamespace(previous_url="?before=x", next_url="?after=x"),
            "said": SAID,
            "today": TODAY,
            "per": PER,
        },
    )
