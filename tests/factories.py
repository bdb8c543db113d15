"""Makers of valid rows for tests; every default can be overridden by keyword."""

import itertools
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from registry.models import Business, Kbli, Person, Post, Region, Subsector
from registry.submissions.actions import propose

numbers = itertools.count(1)
PASSWORD = "kata-sandi-uji-1"


def make_user(username=None, **values):
    number = next(numbers)
    return User.objects.create_user(
        username or f"orang{number}", PASSWORD, name=values.pop("name", f"Orang {number}"), **values
    )


def make_city():
    """Kota Malang with two kecamatan and three kelurahan; returns {name: Region}, the city as "Kota"."""
    city, _ = Region.objects.get_or_create(code="35.73", defaults={"name": "Kota Malang", "level": "city"})
    found = {"Kota": city}
    for code, name, kelurahan in (
        ("35.73.01", "Blimbing", [("1007", "Purwantoro"), ("1005", "Blimbing")]),
        ("35.73.05", "Lowokwaru", [("1004", "Dinoyo")]),
    ):
        kecamatan, _ = Region.objects.get_or_create(
            code=code, defaults={"name": name, "level": "kecamatan", "parent": city}
        )
        found["Kec. " + name] = kecamatan
        for tail, kelurahan_name in kelurahan:
            found[kelurahan_name], _ = Region.objects.get_or_create(
                code=f"{code}.{tail}",
                defaults={"name": kelurahan_name, "level": "kelurahan", "parent": kecamatan},
            )
    return found


def make_post(user, role, region, *, days=365, since=300):
    today = timezone.localdate()
    return Post.objects.create(
        user=user,
        role=role,
        region=region,
        starts_on=today - timedelta(days=since),
        ends_on=today + timedelta(days=days),
    )


def make_officer(role, region, username=None):
    """A user with one post in force."""
    user = make_user(username)
    make_post(user, role, region)
    return user


def make_kbli(code="10307", version="2025", title="Industri tempe kedelai"):
    return Kbli.objects.get_or_create(
        version=version, code=code, defaults={"section": "C", "title": title, "title_folded": title.lower()}
    )[0]


def make_subsector(slug="kuliner", name="Kuliner"):
    return Subsector.objects.get_or_create(slug=slug, defaults={"name": name})[0]


def make_person(**values):
    return Person.objects.create(**{"name": f"Pemilik {next(numbers)}"} | values)


def nik(serial=None, *, birth="150880"):
    """A well-formed NIK of nobody: Blimbing, born 15 August 1980 (or `birth` as DDMMYY)."""
    return f"357301{birth}{serial if serial is not None else next(numbers):04d}"


def make_submission(*, by, kind="register", submit=False, items=(), sealed=None, business=None, **values):
    """A submission through the one door; a registration gets the required values."""
    if kind == "register":
        values = {
            "name": f"Keripik Tempe {next(numbers)}",
            "activity": "keripik tempe",
            "kelurahan": "35.73.01.1007",
        } | values
    return propose(
        kind=kind, by=by, values=values, items=items, sealed=sealed, business=business, submit=submit
    )


def make_business(*, by=None, decided_by=None, items=(), sealed=None, **values):
    """A business brought in through the one door by an operator and a verifikator of the city."""
    city = make_city()
    by = by or make_officer("operator", city["Kota"])
    decided_by = decided_by or make_officer("verifikator", city["Kota"])
    submission = make_submission(by=by, submit=True, items=items, sealed=sealed, **values)
    submission.approve(by=decided_by)
    return Business.objects.get(pk=submission.business_id)
