"""The city of the access matrix: each role in each relation to its post, and one thing of every kind.

Made once for the whole matrix; every request runs in a savepoint that is rolled back.
"""

import io
import uuid
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.models import AuditEntry, SavedView
from programs.models import Membership, Mentoring, MonthlyReport, Proposal
from programs.monthly.months import month_before
from registry.businesses.jobs import Job
from registry.imports.models import Import
from registry.models import (
    Business,
    Check,
    OutreachLine,
    OutreachQueue,
    OwnerLink,
    Post,
    ProductCentre,
    Sheet,
    SheetLine,
    Tip,
)
from registry.outreach.links import token_of
from registry.regions.roles import Role
from registry.submissions.actions import attach_photo
from registry.submissions.batches import Batch
from registry.submissions.many import propose_many
from registry.submissions.sampling import SampleCheck
from tests import factories
from umkm_portal.lib.sealing import seal_bytes

HERE, THERE = "Purwantoro", "Dinoyo"
PROPOSERS = (Role.PETUGAS, Role.OPERATOR, Role.VERIFIKATOR)
BACKEND = "accounts.backends.SignInBackend"

# How somebody stands to the post that Purwantoro's things belong to: days since it ended (None: it has not).
RELATIONS = {
    "own": None,  # holds it, and made the drafts
    "other": None,  # the same person before the things of Dinoyo
    "successor": None,  # holds it after the one who made them
    "in grace": 5,  # it ran out five days ago
    "expired": 15,  # it ran out before the 14 days of grace
    "ended": 2,  # it was ended by hand two days ago: no grace
}


def picture():
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "#a3c").save(buffer, "JPEG")
    return buffer.getvalue()


def upload():
    return SimpleUploadedFile("foto.jpg", picture(), content_type="image/jpeg")


class World:
    """`clients[role, relation]` are signed in; `things[row, place, role]` fill the parts of an address."""

    def __init__(self):
        self.city = factories.make_city()
        factories.make_kbli()
        factories.make_subsector()
        self.users, self.clients, self.things = {}, {}, {}
        for role in Role:
            for relation, days in RELATIONS.items():
                if relation != "other":
                    self.users[role, relation] = self._officer(role, relation, days)
        self.users["nobody", ""] = factories.make_user("tanpa.jabatan")
        for who, user in self.users.items():
            self.clients[who] = Client(raise_request_exception=False)
            self.clients[who].force_login(user, backend=BACKEND)
        for role in Role:
            self.clients[role, "other"] = self.clients[role, "own"]
            self.users[role, "other"] = self.users[role, "own"]
        self.clients["anonymous", ""] = Client(raise_request_exception=False)
        self.cookies = {
            who: client.cookies.output(header="", sep=";") for who, client in self.clients.items()
        }
        for place in (HERE, THERE):
            self._things_of(place)
        self.acts = AuditEntry.objects.count()

    def _officer(self, role, relation, days):
        user = factories.make_user(f"{role}.{relation.replace(' ', '-')}")
        levels = {"kelurahan": HERE, "kecamatan": "Kec. Blimbing", "city": "Kota"}
        region = self.city[levels[min(role.levels, key=list(levels).index)]]
        post = factories.make_post(user, role, region, days=365 if days is None else -days)
        if relation == "ended":
            Post.objects.filter(pk=post.pk).update(ended_at=timezone.now(), ended_by=user)
        return user

    def _things_of(self, place):
        kelurahan = self.city[place]
        reviewer = self.users[Role.VERIFIKATOR, "successor"]
        officer = self.users[Role.PETUGAS, "own"]
        if place == THERE:
            officer = factories.make_officer(Role.PETUGAS, kelurahan, "petugas.dinoyo")
        business = self._business(kelurahan, officer, reviewer)
        consent, photo = business.consents.get(), business.photos.get()
        owner = business.ownerships.get().person
        parts = {"consent": consent.uuid, "photo": photo.uuid, "slug": business.slug}
        self._keep("business", place, business.uuid, **parts)
        self._keep("photo", place, photo.uuid)
        self._keep("person", place, owner.uuid)
        for role in (None, Role.OPERATOR, Role.VERIFIKATOR):
            author = self.users[role, "own"] if role else officer
            draft = factories.make_submission(by=author, kelurahan=kelurahan.code)
            self._keep("draft", place, draft.uuid, role=role)
        waiting = factories.make_submission(by=officer, kelurahan=kelurahan.code)
        attachment = attach_photo(waiting, upload=upload(), by=officer)
        waiting.submit(by=officer)
        self._keep("waiting", place, waiting.uuid, photo=attachment.uuid)
        returned = factories.make_submission(by=officer, kelurahan=kelurahan.code, submit=True)
        returned.return_for_changes(by=reviewer, reason="Lengkapi alamat.")
        self._keep("returned", place, returned.uuid)
        self._decided(place, kelurahan, business, officer, reviewer)
        uploaded = self._list().uuid
        self._keep("list", place, uploaded, upload=uploaded)
        self._keep("upload", place, uploaded)
        self._keep("region", place, code=kelurahan.code)
        self._keep("sector", place, key="2025:10307")
        self._keep("subsector", place, slug="kuliner")
        self._keep("kelurahan", place, slug=place.lower())
        ProductCentre.objects.create(name=f"Sentra {place}", product="keripik", kelurahan=kelurahan)
        self._keep("centre", place, slug=f"sentra-{place.lower()}")
        self._keep("section", place, section="usaha")
        tip = Tip.receive(business=business, kind="wrong", words="Jam bukanya salah", contact="0812")
        self._keep("tip", place, tip.uuid)
        self._asked(place, kelurahan, business, officer)
        self._visited(place, business, officer)
        proposal, _new = Proposal.log(
            by=officer, uuid=uuid.uuid4(), forum="ngombe", held_on=timezone.localdate(), kelurahan=kelurahan,
            need="packaging", text="Minta kemasan", told_at=timezone.now(), business=business,
        )  # fmt: skip
        self._keep("proposal", place, proposal.uuid)
        self._monthly(place, kelurahan, officer)

    def _monthly(self, place, kelurahan, officer):
        """A report of each of the last three months: being written, handed in, sent."""
        lurah = self.users[Role.LURAH, "own"]
        if place == THERE:
            lurah = factories.make_officer(Role.LURAH, kelurahan)
        month = timezone.localdate().replace(day=1)
        for row in ("monthly", "monthly-handed", "monthly-sent"):
            month = month_before(month)
            report, _new = MonthlyReport.begin(kelurahan=kelurahan, month=month, by=officer)
            if row != "monthly":
                report.submit(by=officer)
            if row == "monthly-sent":
                report.approve(letter_number="400/1", letter_on=timezone.localdate(), by=lurah)
            self._keep(
                row,
                place,
                report.uuid,
                code=kelurahan.code,
                month=f"{month:%Y-%m}",
                figure="requests",
                form="pdf",
            )

    def _asked(self, place, kelurahan, business, officer):
        """ "Masih aktif?" answered, a sheet to key in, a queue of messages and a link."""
        check, _new = Check.record(
            business=business, answer="not_found", via="walk", told_at=timezone.now(), by=officer
        )
        self._keep("check", place, check.uuid)
        self._keep("own-check", place, check.uuid)
        sheet = Sheet.objects.create(code=f"UJI{place[0]}", kelurahan=kelurahan, rw=5, made_by=officer)
        SheetLine.objects.create(sheet=sheet, number=1, business=business)
        self._keep("sheet", place, code=sheet.code)
        queue = OutreachQueue.objects.create(
            title="Konfirmasi", kelurahan=kelurahan, message="{tautan}", made_by=officer
        )
        OutreachLine.objects.create(queue=queue, position=1, business=business)
        self._keep("outreach", place, queue.uuid)
        link = OwnerLink.make(business=business, by=officer)
        self._keep("owner-link", place, link.uuid, token=token_of(link.uuid))

    def _visited(self, place, business, officer):
        """Needs, the day and the visits that answer them, problems handed to another office, mentoring."""
        operator = self.users[Role.OPERATOR, "own"]
        needs = [factories.make_visit_request(by=officer, business=business) for _each in range(4)]
        self._keep("need", place, needs[0].uuid)
        self._keep("own-need", place, needs[0].uuid)
        pictured = factories.make_visit_request(by=officer, business=business)
        pictured.add_photo(upload(), by=officer)
        self._keep("pictured-need", place, pictured.uuid)
        self._keep("names", place, code=business.kelurahan.code)
        needs[1].close(outcome="helped", by=operator)
        self._keep("answered-need", place, needs[1].uuid)
        day = factories.make_visit_day(by=operator, requests=needs[2:])
        self._keep("visit-day", place, day.uuid)
        ahead = factories.make_visit_day(
            by=operator, requests=[factories.make_visit_request(by=officer, business=business)]
        )
        self._keep("day-ahead", place, ahead.uuid)
        planned, done = day.visits.order_by("pk")
        self._keep("visit", place, planned.uuid)
        done.record(by=operator, production="20 bungkus")
        self._keep("visited", place, done.uuid, photo=done.add_photo(upload(), by=operator).uuid)
        office = factories.make_organisation("DINKES")
        for relation in ("own", "successor", "in grace", "expired"):
            days = {"starts_on": timezone.localdate(), "ends_on": timezone.localdate()}
            Membership.objects.get_or_create(
                user=self.users[Role.OPD, relation], organisation=office, defaults=days
            )
        handed = factories.make_follow_up(by=operator, visit=done, organisation=office)
        self._keep("follow-up", place, handed.uuid)
        solved = factories.make_follow_up(by=operator, visit=done, organisation=office)
        solved.close(by=operator, evidence="Sertifikat terbit.", photo=upload())
        self._keep("solved", place, solved.uuid)
        series = Mentoring.start(business=business, goal="Halal", mentor="Pendamping", by=operator)
        self._keep("mentoring", place, series.uuid)

    def _decided(self, place, kelurahan, business, officer, reviewer):
        operator = self.users[Role.OPERATOR, "own"]
        approved = factories.make_submission(
            by=officer, kind="change", business=business, workers=4, submit=True
        )
        approved.approve(by=reviewer)
        self._keep("approved", place, approved.uuid)
        rejected = factories.make_submission(by=officer, kelurahan=kelurahan.code, submit=True)
        rejected.reject(by=reviewer, reason="Bukan usaha.")
        self._keep("rejected", place, rejected.uuid)
        business.refresh_from_db()
        light = factories.make_submission(
            by=operator, kind="change", business=business, opening_hours="08.00-16.00", submit=True
        )
        SampleCheck.objects.create(submission=light, month=timezone.localdate().replace(day=1))
        self._keep("light", place, light.uuid)
        elsewhere = factories.make_business(by=operator, decided_by=reviewer, kelurahan="35.73.01.1005")
        move = factories.make_submission(
            by=operator, kind="move", business=elsewhere, kelurahan=kelurahan.code, submit=True
        )
        self._keep("move", place, move.uuid)
        batch = propose_many([(business, {"rw": 7})], by=operator, title="RW baru")
        self._keep("batch", place, batch.uuid, batch=batch.uuid)
        self._keep("post", place, pk=operator.posts.get().pk)
        view = SavedView.objects.create(user=operator, page="business-list", title=f"Kios {place}")
        self._keep("view", place, view.uuid)
        job = Job(
            kind="export",
            state="done",
            title="Daftar",
            asked_by=operator,
            filename="usaha.xlsx",
            file_kept_until=timezone.now() + timedelta(hours=1),
        )
        job.file.save(f"jobs/{job.uuid}.sealed", ContentFile(seal_bytes(b"isi")))
        self._keep("job", place, job.uuid)

    def _business(self, kelurahan, officer, reviewer):
        owner = str(uuid.uuid4())
        draft = factories.make_submission(
            by=officer, kelurahan=kelurahan.code, name=f"Rahasia {kelurahan.name}"
        )
        attachment = attach_photo(draft, upload=upload(), by=officer)
        draft.edit(
            by=officer,
            values={"name": f"Keripik {kelurahan.name}", "activity": "keripik", "kelurahan": kelurahan.code},
            items=[
                {
                    "op": "add",
                    "kind": "owner",
                    "uuid": owner,
                    "values": {"name": f"Pemilik {kelurahan.name}", "domicile": kelurahan.code},
                },
                {
                    "op": "add",
                    "kind": "photo",
                    "uuid": str(uuid.uuid4()),
                    "values": {"attachment": str(attachment.uuid)},
                },
                {"kind": "consent", "values": {"group": "photo", "channel": "paper"}},
            ],
            sealed={owner: {"nik": factories.nik()}},
        )
        draft.submit(by=officer)
        draft.approve(by=reviewer)
        return Business.objects.get(pk=draft.business_id)

    def _list(self):
        operator = self.users[Role.OPERATOR, "own"]
        batch = Batch.objects.create(title="Daftar", proposed_by=operator, total=1)
        row = Import(filename="daftar.csv", uploaded_by=operator, state="sent", batch=batch)
        row.file.save("imports/uji.sealed", ContentFile(b""), save=False)
        row.sha256, row.size, row.counts = "0" * 64, 0, {}
        row.save()
        return row

    def _keep(self, row, place, identity=None, *, role=None, **parts):
        if identity is not None:
            parts |= {"uuid": identity, "identity": identity}
        self.things[row, place, role] = parts

    def parts(self, row, place, role):
        """{part of the address: value} of one thing as `role` meets it."""
        return self.things.get((row, place, role)) or self.things[row, place, None]

    def body(self, send):
        """The body with its placeholders filled in: "today", "picture"."""
        filled = {"today": timezone.localdate().isoformat(), "picture": None}
        return {
            name: upload()
            if value == "picture"
            else filled.get(value, value)
            if isinstance(value, str)
            else value
            for name, value in send.items()
        }
