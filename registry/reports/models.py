"""Visit requests: what a kelurahan asks to be visited, and the dated states the officer sees."""

import hashlib
import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from registry.businesses.models import Business
from registry.regions.access import covers_on, reach, within_reach
from registry.regions.models import Region
from registry.reports.last_visits import LastVisit
from registry.reports.needs import Need, Urgency, weight_of
from registry.reports.places import is_far_away
from registry.reports.times import refuse_future, refuse_long_ago, refuse_past
from registry.submissions.photos import reencode
from umkm_portal.lib.errors import Refused, not_found
from umkm_portal.lib.once import insert_once
from umkm_portal.lib.sealed_fields import SealedTextField
from umkm_portal.lib.text import clean_line, clean_text, mask_long_digits

REPORT = "registry.report_need"
VIEW = "registry.view_visitrequest"
SCHEDULE = "registry.schedule_visit"
NAME_LENGTH, PLACE_LENGTH, NOTE_LENGTH = 250, 200, 2000
UNNAMED = _("Pilih usahanya, atau tulis namanya.")
DOUBTFUL = _("Titik lokasinya jauh dari kota ini. Laporannya tetap diterima; periksa tempatnya.")
__all__ = ["LastVisit", "VisitRequest", "VisitRequestQuerySet"]


class VisitRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Requests `user` may read: of the kelurahan of their posts. Work belongs to the post, so who comes
        after an officer reads what that officer reported."""
        return within_reach(self, user, VIEW)

    def open(self):
        """Nobody is done with them: new, given a day, or visited without an answer yet."""
        return self.filter(state__in=VisitRequest.OPEN)

    def ranked(self, today=None):
        """By urgency × age × never visited: `score` = weight × days waited, the day of the report counting
        as one. Ties go to the older. Arithmetic on whole numbers, the same in both databases."""
        day = (today or timezone.localdate()).toordinal()
        score = F("weight") * (day + 1 - F("told_day"))
        return self.annotate(score=score).order_by("-score", "told_day", "id")

    def for_list(self):
        return self.select_related("kelurahan__parent", "business", "told_by")


class VisitRequest(models.Model):
    """One need of one business (or of one not recorded yet) that asks for a visit. At most ten fields.

    `uuid` is minted on the phone: what is sent twice over a bad line is one request. `told_at` is the phone's
    clock, `received_at` ours. Nobody approves a request: it never waits for the lurah.
    """

    class State(models.TextChoices):
        NEW = "new", _("Baru")
        SCHEDULED = "scheduled", _("Dijadwalkan")
        VISITED = "visited", _("Dikunjungi")
        CLOSED = "closed", _("Selesai")
        WITHDRAWN = "withdrawn", _("Ditarik")

    OPEN = (State.NEW, State.SCHEDULED, State.VISITED)

    class Outcome(models.TextChoices):
        HELPED = "helped", _("Terbantu")
        REFERRED = "referred", _("Diteruskan ke instansi lain")
        GONE = "gone", _("Tidak diperlukan lagi")
        TWICE = "twice", _("Sudah dilaporkan sebelumnya")
        UNABLE = "unable", _("Belum dapat dibantu")

    UNATTENDED = {"received"}  # by whom is told_by

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kelurahan = models.ForeignKey(Region, models.PROTECT, related_name="visit_requests", editable=False)
    rt = models.PositiveSmallIntegerField("RT", null=True, blank=True)
    rw = models.PositiveSmallIntegerField("RW", null=True, blank=True)
    business = models.ForeignKey(
        Business, models.PROTECT, null=True, related_name="visit_requests", editable=False
    )
    told_name = models.CharField(_("nama usaha"), max_length=NAME_LENGTH, blank=True)
    told_place = models.CharField(_("patokan tempat"), max_length=PLACE_LENGTH, blank=True)
    need = models.CharField(_("kebutuhan"), max_length=10, choices=Need)
    urgency = models.PositiveSmallIntegerField(_("kemendesakan"), choices=Urgency, default=Urgency.ORDINARY)
    note = SealedTextField(_("catatan"), blank=True)
    latitude = models.DecimalField(_("lintang"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("bujur"), max_digits=9, decimal_places=6, null=True, blank=True)
    accuracy_m = models.PositiveIntegerField(_("ketelitian (meter)"), null=True, blank=True)
    place_is_doubtful = models.BooleanField(default=False, editable=False)  # the point lies far from the city

    photo = models.FileField(max_length=200, blank=True, editable=False)
    photo_digest = models.CharField(max_length=64, blank=True, editable=False)  # of what was uploaded

    told_at = models.DateTimeField(editable=False)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="visit_requests", editable=False
    )
    told_day = models.PositiveIntegerField(editable=False)  # date.toordinal() of told_at in Jakarta
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    weight = models.PositiveSmallIntegerField(editable=False)  # needs.weight_of

    state = models.CharField(_("status"), max_length=9, choices=State, default=State.NEW, editable=False)
    scheduled_on = models.DateField(_("hari kunjungan"), null=True, editable=False)
    scheduled_at = models.DateTimeField(null=True, editable=False)
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    visited_on = models.DateField(_("dikunjungi"), null=True, editable=False)
    visited_at = models.DateTimeField(null=True, editable=False)
    visited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    outcome = models.CharField(_("hasil"), max_length=8, choices=Outcome, blank=True, editable=False)
    answer = SealedTextField(_("jawaban untuk petugas"), blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)  # moves with every act

    objects = VisitRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("laporan perlu didatangi")
        verbose_name_plural = _("laporan perlu didatangi")
        permissions = [
            ("report_need", _("Melaporkan usaha yang perlu didatangi")),
            ("schedule_visit", _("Menjadwalkan kunjungan dan menjawab laporan")),
        ]
        indexes = [
            models.Index(fields=["kelurahan", "state", "rw"], name="visit_request_place_state"),
            models.Index(fields=["state", "told_day"], name="visit_request_state_day"),
            models.Index(fields=["kelurahan", "told_day"], name="visit_request_place_day"),
            models.Index(fields=["need", "kelurahan"], name="visit_request_need"),
        ]
        constraints = [
            models.CheckConstraint(
                name="visit_request_names_something", condition=Q(business__isnull=False) | ~Q(told_name="")
            ),
            models.CheckConstraint(
                name="visit_request_scheduled_at_and_by_together",
                condition=Q(scheduled_at=None, scheduled_by=None)
                | Q(scheduled_at__isnull=False, scheduled_by__isnull=False),
            ),
            models.CheckConstraint(
                name="visit_request_visited_at_and_by_together",
                condition=Q(visited_at=None, visited_by=None, visited_on=None)
                | Q(visited_at__isnull=False, visited_by__isnull=False, visited_on__isnull=False),
            ),
            models.CheckConstraint(
                name="visit_request_closed_at_and_by_together",
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="visit_request_state_fits",
                condition=(
                    Q(state="new", scheduled_on=None, visited_on=None, closed_at=None)
                    | Q(state="scheduled", scheduled_on__isnull=False, visited_on=None, closed_at=None)
                    | Q(state="visited", visited_on__isnull=False, closed_at=None)
                    | (Q(state="closed", closed_at__isnull=False) & ~Q(outcome=""))
                    | Q(state="withdrawn", closed_at__isnull=False)
                ),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("visit-request", args=[self.uuid])

    @property
    def name(self):
        """What the business is called: as recorded, else as told."""
        return self.business.name if self.business_id else self.told_name

    @property
    def status_key(self):
        """Its state among all states people see (umkm_portal/lib/statuses.py)."""
        return f"request_{self.state}"

    @property
    def is_open(self):
        return self.state in self.OPEN

    @property
    def arrived_late(self):
        """Whole days between the report and its arrival, 0 on the same day."""
        return max(0, (timezone.localdate(self.received_at) - timezone.localdate(self.told_at)).days)

    # ---- the officer's acts ------------------------------------------------------------------------

    @classmethod
    def report(
        cls,
        *,
        by,
        uuid,
        kelurahan,
        need,
        told_at,
        urgency=Urgency.ORDINARY,
        business=None,
        told_name="",
        told_place="",
        rt=None,
        rw=None,
        note="",
        latitude=None,
        longitude=None,
        accuracy_m=None,
    ):
        """Keep a report; returns (request, whether it is new). The same `uuid` from the same user is the same
        report, whatever else it says and whoever serves the place by now: what arrived first stands.

        `kelurahan` is a Region; with `business` the business's own place counts. `told_at` is an aware
        datetime by the phone's clock; a post held on that day suffices, also when it ended since. Raises
        Refused: not-found (no such post, a business out of reach), uuid-taken, told-in-future, told-long-ago,
        name-missing.
        """
        existing = cls.objects.filter(uuid=uuid).first()
        if existing is not None and existing.told_by_id == by.pk:
            return existing, False
        if business is not None:
            kelurahan = business.kelurahan
        refuse_future(told_at)
        refuse_long_ago(told_at)
        day = timezone.localdate(told_at)
        if kelurahan is None or not covers_on(by, REPORT, kelurahan.pk, day):
            raise not_found()
        told_name = clean_line(mask_long_digits(told_name or ""))[:NAME_LENGTH]
        if business is None and not told_name:
            raise Refused("name-missing", UNNAMED, fields={"told_name": UNNAMED})
        if existing is not None:
            return existing._again(by), False
        request = cls(
            uuid=uuid,
            kelurahan=kelurahan,
            rt=business.rt if business is not None and rt is None else rt,
            rw=business.rw if business is not None and rw is None else rw,
            business=business,
            told_name="" if business is not None else told_name,
            told_place=clean_line(mask_long_digits(told_place or ""))[:PLACE_LENGTH],
            need=need,
            urgency=urgency,
            note=clean_text(mask_long_digits(note or ""))[:NOTE_LENGTH],
            latitude=latitude,
            longitude=longitude,
            accuracy_m=accuracy_m,
            place_is_doubtful=latitude is not None and is_far_away(latitude, longitude),
            told_at=told_at,
            told_by=by,
            told_day=day.toordinal(),
            weight=weight_of(urgency, never_visited=not LastVisit.known(business)),
        )
        kept, new = insert_once(request, request._write)
        return (kept, True) if new else (kept._again(by), False)

    def _write(self):
        self.save(force_insert=True)
        told_on = timezone.localdate(self.told_at).isoformat()
        audit.record(
            "visit-request.reported", self, by=self.told_by, about=self._about(), need=self.need,
            told_on=told_on,
        )  # fmt: skip

    def _again(self, by):
        if self.told_by_id != by.pk:
            raise Refused("uuid-taken", _("Tanda laporan ini sudah dipakai. Buat laporan baru."))
        return self

    @transaction.atomic
    def add_photo(self, upload, *, by):
        """Put the one photo to it; the same file again changes nothing. Returns whether it was added.

        By its author only, whatever became of their post. Raises Refused: not-found, photo-there and those
        of `reencode`.
        """
        digest = hashlib.sha256()
        for chunk in upload.chunks():
            digest.update(chunk)
        upload.seek(0)
        self._lock()
        if self.told_by_id != by.pk:
            raise not_found()
        if self.photo_digest == digest.hexdigest():
            return False
        if self.photo:
            raise Refused("photo-there", _("Laporan ini sudah berfoto. Satu laporan memuat satu foto."))
        picture = reencode(upload)
        self.photo.save(f"reports/{self.uuid.hex[:2]}/{self.uuid}.jpg", picture.content, save=False)
        self.photo_digest = digest.hexdigest()
        self._save("photo", "photo_digest")
        audit.record("visit-request.photo", self, by=by, about=self._about(), bytes=picture.size)
        return True

    @transaction.atomic
    def withdraw(self, *, by, reason=""):
        """Take a report back that nobody has acted on. By whoever holds the kelurahan's post. Raises Refused:
        not-found, request-scheduled, request-done."""
        self._guard(by, REPORT)
        if self.state == self.State.SCHEDULED or self.state == self.State.VISITED:
            raise Refused(
                "request-scheduled", _("Kunjungannya sudah dijadwalkan. Hubungi Diskopindag bila batal.")
            )
        self._refuse_unless(self.State.NEW)
        self.state = self.State.WITHDRAWN
        self.closed_at, self.closed_by = timezone.now(), by
        self.answer = clean_text(mask_long_digits(reason or ""))[:NOTE_LENGTH]
        self._save("state", "closed_at", "closed_by", "answer")
        audit.record("visit-request.withdrawn", self, by=by, about=self._about())

    # ---- the city's acts, called by programs/visits ------------------------------------------------

    @transaction.atomic
    def schedule(self, *, on, by):
        """Give it a day. Raises Refused: not-found, request-scheduled (somebody was first), request-done,
        scheduled-in-past."""
        self._guard(by, SCHEDULE)
        if self.state == self.State.SCHEDULED:
            raise Refused(
                "request-scheduled", _("Laporan ini sudah dijadwalkan orang lain. Muat ulang halamannya.")
            )
        self._refuse_unless(self.State.NEW)
        refuse_past(on)
        self.state, self.scheduled_on = self.State.SCHEDULED, on
        self.scheduled_at, self.scheduled_by = timezone.now(), by
        self._save("state", "scheduled_on", "scheduled_at", "scheduled_by")
        audit.record("visit-request.scheduled", self, by=by, about=self._about(), on=on.isoformat())

    @transaction.atomic
    def reschedule(self, *, on, by):
        """Its visit is put on another day: the officer reads that one. `scheduled_at` stays: by it a month is
        told whether the need had a day when the month ended. Raises Refused: not-found, request-done (it has
        no day), scheduled-in-past."""
        self._guard(by, SCHEDULE)
        self._refuse_unless(self.State.SCHEDULED)
        refuse_past(on)
        self.scheduled_on = on
        self._save("scheduled_on")
        audit.record("visit-request.rescheduled", self, by=by, about=self._about(), on=on.isoformat())

    @transaction.atomic
    def unschedule(self, *, by):
        """Take its day back: it waits as before. Raises Refused: not-found, request-done."""
        self._guard(by, SCHEDULE)
        self._refuse_unless(self.State.SCHEDULED)
        self.state, self.scheduled_on = self.State.NEW, None
        self.scheduled_at = self.scheduled_by = None
        self._save("state", "scheduled_on", "scheduled_at", "scheduled_by")
        audit.record("visit-request.unscheduled", self, by=by, about=self._about())

    @transaction.atomic
    def visited(self, *, on, by):
        """Mark that somebody was there. Raises Refused: not-found, request-done, told-in-future."""
        self._guard(by, SCHEDULE)
        self._refuse_unless(self.State.NEW, self.State.SCHEDULED)
        if on > timezone.localdate():
            message = _("Kunjungan tidak boleh bertanggal di masa depan.")
            raise Refused("told-in-future", message, fields={"on": message})
        self.state, self.visited_on = self.State.VISITED, on
        self.visited_at, self.visited_by = timezone.now(), by
        self._save("state", "visited_on", "visited_at", "visited_by")
        audit.record("visit-request.visited", self, by=by, about=self._about(), on=on.isoformat())

    @transaction.atomic
    def redate_visit(self, *, was, on, by):
        """The visit that marked it, of the day `was`, is dated `on` now: follow it. Nothing happens where
        another day stands. Raises Refused: not-found."""
        self._guard(by, SCHEDULE)
        if self.visited_on != was or on == was:
            return
        self.visited_on = on
        self._save("visited_on")
        audit.record("visit-request.redated", self, by=by, about=self._about(), on=on.isoformat())

    @transaction.atomic
    def close(self, *, outcome, by, answer=""):
        """Finish it with what came of it, in words the officer reads. Raises Refused: not-found,
        request-done, outcome-missing, answer-missing (where nothing could be done)."""
        self._guard(by, SCHEDULE)
        self._refuse_unless(*self.OPEN)
        if outcome not in self.Outcome.values:
            message = _("Pilih hasilnya.")
            raise Refused("outcome-missing", message, fields={"outcome": message})
        answer = clean_text(mask_long_digits(answer or ""))[:NOTE_LENGTH]
        if outcome == self.Outcome.UNABLE and not answer:
            message = _("Tulis alasannya, supaya petugas dapat menyampaikannya.")
            raise Refused("answer-missing", message, fields={"answer": message})
        self.state, self.outcome, self.answer = self.State.CLOSED, outcome, answer
        self.closed_at, self.closed_by = timezone.now(), by
        self._save("state", "outcome", "answer", "closed_at", "closed_by")
        audit.record("visit-request.closed", self, by=by, about=self._about(), outcome=outcome)

    @transaction.atomic
    def reopen(self, *, by):
        """Take a closing back: visited as before, or new. Raises Refused: not-found, request-open."""
        self._guard(by, SCHEDULE)
        if self.state != self.State.CLOSED:
            raise Refused("request-open", _("Laporan ini tidak berstatus selesai."))
        self.state = self.State.VISITED if self.visited_on else self.State.NEW
        self.closed_at = self.closed_by = None
        self.outcome = self.answer = ""
        if self.state == self.State.NEW:
            self.scheduled_on = self.scheduled_at = self.scheduled_by = None
        self._save(
            "state", "outcome", "answer", "closed_at", "closed_by",
            "scheduled_on", "scheduled_at", "scheduled_by",
        )  # fmt: skip
        audit.record("visit-request.reopened", self, by=by, about=self._about())

    # ---- what the acts share -----------------------------------------------------------------------

    @classmethod
    def lock_around(cls, business, request_id=None):
        """Lock, in one order, the request a visit answers and all that its business still waits for: noting
        the visit writes to each of them, and two visits of one business would otherwise wait for one
        another. Inside a transaction, before the first of them is changed."""
        rows = cls.objects.filter(Q(pk=request_id) | Q(business=business, state__in=cls.OPEN))
        list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))

    def _about(self):
        return self.business.uuid if self.business_id else None

    def _lock(self):
        self.refresh_from_db(from_queryset=VisitRequest.objects.select_for_update(of=("self",)))

    def _guard(self, by, permission):
        self._lock()
        if not reach(by, permission).covers(self.kelurahan_id):
            raise not_found()

    def _refuse_unless(self, *states):
        if self.state not in states:
            raise Refused(
                "request-done",
                _("Laporan ini sudah %(state)s. Muat ulang halamannya."),
                state=str(self.get_state_display()).lower(),
            )

    def _save(self, *names):
        self.version += 1
        self.save(update_fields=[*names, "version"])
