"""The demo accounts: one for every role, all with the same password, only on a local host with DEBUG."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from registry.models import Post, Region
from umkm_portal.demo.field import LAST_MONTH

CITY = "35.73"
ACCOUNTS = [
    # user name, shown name, role, region, what it is for on the sign-in page
    ("admin", "Admin Portal", "admin", CITY, "akun dan data acuan"),
    ("operator", "Yuni Operator", "operator", CITY, "memasukkan dan mengunggah data"),
    ("verifikator", "Bagus Verifikator", "verifikator", CITY, "memverifikasi data"),
    ("kasi", "Kepala Seksi", "kasi", CITY, "memutuskan yang lewat tenggat"),
    ("petugas.purwantoro", "Rini Petugas", "petugas", "35.73.01.1007", "petugas Kelurahan Purwantoro"),
    ("petugas.dinoyo", "Dimas Petugas", "petugas", "35.73.05.1004", "petugas Kelurahan Dinoyo"),
    ("lurah.purwantoro", "Lurah Purwantoro", "lurah", "35.73.01.1007", "lurah"),
    ("camat.blimbing", "Camat Blimbing", "camat", "35.73.01", "camat"),
    ("program", "Sari Program", "program", CITY, "pelatihan, pameran, klaster"),
    ("keuangan", "Hendra Keuangan", "keuangan", CITY, "sumber dana"),
    ("kepala", "Kepala Dinas", "kepala", CITY, "melihat seluruh kota"),
    ("auditor", "Pemeriksa Inspektorat", "auditor", CITY, "memeriksa"),
    ("opd.dinkes", "Ratna Dinas Kesehatan", "opd", CITY, "instansi lain: menyelesaikan yang diserahkan"),
]
# Days until these posts end; the last one has run out and stands in its days of grace.
ENDING_SOON = {"petugas.kasin": 9, "petugas.sukun": 16, "petugas.gadang": 27, "petugas.klojen": -5}


def allowed():
    """Whether demo accounts may exist here: DEBUG on a local host."""
    return settings.DEBUG and settings.IS_LOCAL


def for_sign_in_page():
    """[{username, role}] to show beside the sign-in form, or [] where they may not exist."""
    if not allowed():
        return []
    there = set(
        User.objects.filter(username__in=[a[0] for a in ACCOUNTS], is_active=True).values_list(
            "username", flat=True
        )
    )
    return [{"username": a[0], "role": a[4]} for a in ACCOUNTS if a[0] in there]


def make_accounts():
    """Make the accounts and their posts, once; returns {user name: User}. The other 55 officers too."""
    regions = {r.code: r for r in Region.objects.all()}
    accounts = list(ACCOUNTS)
    named = {a[3] for a in ACCOUNTS if a[2] == "petugas"}
    accounts += [
        (f"petugas.{slug(r.name)}", f"Petugas {r.name}", "petugas", r.code, "")
        for r in regions.values()
        if r.level == "kelurahan" and r.code not in named
    ]
    accounts += lurah_too(regions)
    users, shared = {}, None
    for username, name, role, code, _use in accounts:
        user = User.objects.filter(username=username).first()
        if user is None:
            user = User(username=username, name=name, is_staff=role == "admin")
            if shared is None:
                user.set_password(settings.DEMO_PASSWORD)
                shared = user.password  # one hash for all: sixty of them would take half a minute
            user.password = shared
            user.save()
        if not user.posts.exists():
            Post.assign(
                user=user,
                role=role,
                region=regions[code],
                starts_on=timezone.localdate() - timedelta(days=320),
                ends_on=timezone.localdate() + timedelta(days=ENDING_SOON.get(username, 400)),
                by=None,
                letter="700/12/ST-DEMO" if role == "auditor" else "",
            )
        users[username] = user
    return users


def lurah_too(regions):
    """Accounts of the lurah whose monthly reports the demo city sends (umkm_portal/demo/field.py)."""
    named = {a[3] for a in ACCOUNTS if a[2] == "lurah"}
    return [
        (f"lurah.{slug(r.name)}", f"Lurah {r.name}", "lurah", r.code, "")
        for r in regions.values()
        if r.level == "kelurahan" and r.name in LAST_MONTH and r.code not in named
    ]


def slug(name):
    return "".join(c for c in name.lower() if c.isalpha())
