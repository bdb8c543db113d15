"""A small city for calling the whole API: rows in every state an act needs, and a token for each role."""

import io
import uuid
from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from knox.models import AuthToken
from PIL import Image

from programs.models import Mentoring, MonthlyReport
from programs.monthly.months import month_before
from registry.imports import actions as imports
from registry.imports import tasks
from registry.models import Business, Check, Submission
from registry.submissions.actions import attach_photo
from registry.submissions.many import propose_many
from tests import factories

ROLES = ("petugas", "lurah", "operator", "verifikator", "auditor")
PURWANTORO, BLIMBING, DINOYO = "35.73.01.1007", "35.73.01.1005", "35.73.05.1004"
LIST = "Nama Usaha,Jenis Usaha,Alamat,Kelurahan\n{name},keripik tempe,Jl. Sanan {number},Purwantoro\n"


def picture():
    buffer = io.BytesIO()
    Image.new("RGB", (24, 18), "green").save(buffer, "JPEG")
    return buffer.getvalue()


def listed(number):
    """The bytes of a list with one new business."""
    return LIST.format(name=f"Usaha Baru {number}", number=number).encode()


def make_world():
    """Everything below by name; `tokens` {role: token}, `users` {role: User}."""
    city = factories.make_city()
    users = {
        "petugas": factories.make_officer("petugas", city["Purwantoro"]),
        "lurah": factories.make_officer("lurah", city["Purwantoro"]),
        **{
            role: factories.make_officer(role, city["Kota"])
            for role in ("operator", "verifikator", "auditor")
        },
    }
    world = SimpleNamespace(
        city=city,
        users=users,
        tokens={role: AuthToken.objects.create(user=user)[1] for role, user in users.items()},
        neighbour=factories.make_officer("petugas", city["Blimbing"]),
        second=factories.make_officer("verifikator", city["Kota"]),
    )
    factories.make_kbli()
    factories.make_subsector()
    _businesses(world)
    _submissions(world)
    _lists(world)
    _monthly(world)
    _field(world)
    world.proposals = [factories.make_proposal(by=world.users["petugas"]) for _each in range(2)]
    return world


def _businesses(world):
    world.businesses, world.people, world.published, world.consents = [], [], [], []
    for number in range(3):
        owner = str(uuid.uuid4())
        draft = factories.make_submission(
            by=world.users["petugas"], kbli="2025:10307", subsector="kuliner", workers=number + 1,
            capital_idr=1_000_000,
        )  # fmt: skip
        photo = attach_photo(draft, upload=SimpleUploadedFile("a.jpg", picture()), by=world.users["petugas"])
        values = {name: pair[1] for name, pair in draft.values.items()}
        draft.edit(
            by=world.users["petugas"],
            values=values,
            items=[
                {
                    "kind": "owner",
                    "uuid": owner,
                    "values": {"name": f"Pemilik {number}", "disability": "netra"},
                },
                {"kind": "licence", "values": {"kind": "nib", "number": f"{number:013d}"}},
                {"kind": "product", "values": {"name": "Keripik", "price_idr": 10_000}},
                {"kind": "consent", "values": {"group": "phone"}},
                {"kind": "photo", "values": {"attachment": str(photo.uuid)}},
            ],
            sealed={owner: {"nik": factories.nik(number + 11)}},
        )
        draft.submit(by=world.users["petugas"])
        draft.approve(by=world.second)
        business = Business.objects.get(pk=draft.business_id)
        business.recognise("curated", on=business.recorded_at.date(), by=world.second)
        world.businesses.append(business)
        world.people.append(owner)
        world.published.append((business, business.photos.get()))
        world.consents.append((business, business.consents.get()))
    world.checks = [
        Check.record(
            business=world.businesses[2], answer=answer, via="walk", told_at=timezone.now(),
            by=world.users["petugas"],
        )[0]
        for answer in ("active", "not_found", "moved")
    ]  # fmt: skip
    world.approved = list(Submission.objects.filter(status="approved"))


def _submissions(world):
    petugas, make = world.users["petugas"], factories.make_submission
    business = world.businesses[0]
    world.drafts = [make(by=petugas) for _each in range(3)]
    world.drafts.append(
        make(by=petugas, kind="change", business=business, workers=8, opening_hours="08.00–12.00")
    )
    world.pictured = [
        (draft, attach_photo(draft, upload=SimpleUploadedFile("a.jpg", picture()), by=petugas))
        for draft in world.drafts[:2]
    ]
    world.sent = [make(by=petugas, submit=True, address=f"Jl. Sanan {n}") for n in range(3)]
    world.sent.append(make(by=petugas, kind="change", business=business, workers=9, submit=True))
    world.sent.append(make(by=petugas, kind="close", business=world.businesses[1], submit=True))
    away = factories.make_business(by=world.neighbour, decided_by=world.second, kelurahan=BLIMBING)
    world.moves = [
        make(by=world.neighbour, kind="move", business=away, kelurahan=PURWANTORO, rw=rw, submit=True)
        for rw in (1, 2)
    ]
    world.turned_down = [make(by=petugas, submit=True) for _each in range(3)]
    for submission in world.turned_down[:2]:
        submission.reject(by=world.second, reason="Data ganda.")
    world.turned_down[2].withdraw(by=petugas)


def _lists(world):
    operator = world.users["operator"]

    def upload(number):
        row = imports.upload(listed(number), f"daftar-{number}.csv", imports.Options(), by=operator)
        tasks.start_reading(row)
        return row

    world.ready = [upload(1)]
    world.uploads = [upload(2)]
    for row in world.uploads:
        tasks.start_sending(row, by=operator)
    changes = [(business, {"rw": 5}) for business in world.businesses]
    world.batches = [propose_many(changes, by=operator, title="RW 5"), world.uploads[0].batch]


def _monthly(world):
    """Reports of Purwantoro by how far they have come; `months` has none yet."""
    month, found = timezone.localdate().replace(day=1), []
    for _each in range(9):
        month = month_before(month)
        found.append(month)
    petugas, lurah = world.users["petugas"], world.users["lurah"]
    reports = [
        MonthlyReport.begin(kelurahan=world.city["Purwantoro"], month=month, by=petugas)[0]
        for month in found[:6]
    ]
    for report in reports[2:]:
        report.submit(by=petugas)
    for report in reports[4:]:
        report.approve(letter_number="400/1", letter_on=timezone.localdate(), by=lurah)
    world.begun, world.handed, world.signed = reports[:2], reports[2:4], reports[4:]
    world.months = [f"{month:%Y-%m}" for month in found[6:]]


def _field(world):
    """Needs that wait, a day with planned and recorded visits, problems open and solved, mentoring."""
    operator, petugas = world.users["operator"], world.users["petugas"]
    business = world.businesses[0]
    world.offices = [factories.make_organisation(name) for name in ("DINKES", "DISNAKER")]
    world.needs = [factories.make_visit_request(by=petugas, business=business) for _each in range(7)]
    world.waiting_needs = world.needs[:3]
    world.pictured_needs = [factories.make_visit_request(by=petugas)]
    world.pictured_needs[0].add_photo(photo(), by=petugas)
    day = factories.make_visit_day(by=operator, requests=world.needs[3:])
    world.days, world.visits = [day], list(day.visits.order_by("pk"))
    world.recorded = [(visit, visit.add_photo(photo(), by=operator)) for visit in world.visits[3:]]
    for visit, _photo in world.recorded:
        visit.record(by=operator, production="20 bungkus")
    world.visits = world.visits[:3]
    made = [
        factories.make_follow_up(by=operator, business=business, organisation=world.offices[0])
        for _each in range(4)
    ]
    world.problems, world.solved = made[:3], made[3:]
    for row in world.solved:
        row.close(by=operator, evidence="Terbit.", photo=photo())
    world.mentorings = [
        Mentoring.start(business=business, goal="Halal", mentor="Bu Ani", by=operator) for _each in range(2)
    ]


def photo():
    return SimpleUploadedFile("a.jpg", picture())
