"""Makers of valid rows for tests; every default can be overridden by keyword."""

import itertools
import uuid
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from programs.models import FollowUp, Membership, Organisation, Proposal, VisitDay
from registry.models import Business, Kbli, Person, Post, Region, Subsector
from registry.reports.models import VisitRequest
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


# ---- the field -------------------------------------------------------------------------------------------


def make_visit_request(*, by=None, days_ago=0, **values):
    """A need that a kelurahan reported `days_ago`: of `business`, or of one that is only named."""
    city = make_city()
    by = by or make_officer("petugas", city["Purwantoro"])
    told = {
        "uuid": uuid.uuid4(),
        "kelurahan": city["Purwantoro"],
        "need": "packaging",
        "told_at": timezone.now() - timedelta(days=days_ago),
    }
    if "business" not in values:
        told["told_name"] = f"Warung {next(numbers)}"
    return VisitRequest.report(by=by, **told | values)[0]


def make_organisation(short_name=None, **values):
    short_name = short_name or f"DINAS {next(numbers)}"
    values = {"name": f"Nama {short_name}", "kind": "opd"} | values
    return Organisation.objects.get_or_create(short_name=short_name, defaults=values)[0]


def make_representative(organisation, region, username=None, *, days=365):
    """An account of another office: a post in the role OPD, and the organisation it acts for."""
    user = make_officer("opd", region, username)
    ends_on = timezone.localdate() + timedelta(days=days)
    since = timezone.localdate() - timedelta(days=300)
    Membership.objects.create(user=user, organisation=organisation, starts_on=since, ends_on=ends_on)
    return user


def make_visit_day(*, by=None, requests=(), on=None, **values):
    """A visit day (today) of the city's staff, with a planned visit for each of `requests`."""
    by = by or make_officer("operator", make_city()["Kota"])
    day = VisitDay.plan(on=on or timezone.localdate(), by=by, **values)
    if requests:
        day.add(requests, by=by)
    return day


def make_follow_up(*, by=None, organisation=None, **values):
    """An open problem in Purwantoro."""
    city = make_city()
    by = by or make_officer("operator", city["Kota"])
    if not {"visit", "request", "business"} & set(values):
        values["kelurahan"] = values.get("kelurahan") or city["Purwantoro"]
    told = {"need": "licence", "problem": "Belum punya sertifikat halal."} | values
    return FollowUp.open_for(by=by, organisation=organisation or make_organisation(), **told)


def make_proposal(*, by=None, **values):
    """A proposal logged today at a Ngombe in Purwantoro."""
    city = make_city()
    by = by or make_officer("petugas", city["Purwantoro"])
    told = {
        "uuid": uuid.uuid4(),
        "forum": "ngombe",
        "held_on": timezone.localdate(),
        "kelurahan": city["Purwantoro"],
        "need": "packaging",
        "text": f"Minta kemasan {next(numbers)}",
        "told_at": timezone.now(),
    }
    return Proposal.log(by=by, **told | values)[0]
