"""Visits: one to one business, planned in a visit day (days.py) or on the way."""

import uuid
from contextlib import suppress

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from programs.partners.models import Organisation
from registry.businesses.models import Business
from registry.regions.access import reach, within_reach
from registry.regions.models import Region
from registry.reports.models import LastVisit, VisitRequest
from registry.reports.times import refuse_day_long_ago, refuse_future
from registry.submissions.models import Submission
from registry.submissions.photos import reencode
from umkm_portal.lib.errors import Refused, not_found
from umkm_portal.lib.once import insert_once
from umkm_portal.lib.sealed_fields import SealedTextField
from umkm_portal.lib.text import clean_line, clean_text, mask_long_digits

VIEW = "programs.view_visit"
RECORD = "programs.record_visit"
PROPOSE = "registry.propose_submission"
FINDING_LENGTH = 4000
MOST_PHOTOS = 8


class VisitQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Visits `user` may read: in the kelurahan of their posts."""
        return within_reach(self, user, VIEW)

    def done(self):
        return self.filter(state=Visit.State.DONE)

    def for_list(self):
        return self.select_related("kelurahan__parent", "business", "day", "told_by")


class Visit(models.Model):
    """One visit to one business (or to one not recorded yet), planned or "jemput bola" (on the way).

    Findings are the four things Sahabat UMKM look at (DOMAIN "Kelurahan and field"). A problem found becomes
    a FollowUp; what changed about the business is proposed through the one door, never written here.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Direncanakan")
        DONE = "done", _("Dikunjungi")
        MISSED = "missed", _("Tidak bertemu")
        CANCELLED = "cancelled", _("Batal")

    UNATTENDED = {"received"}

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    day = models.ForeignKey(
        "programs.VisitDay", models.PROTECT, null=True, related_name="visits", editable=False
    )
    request = models.ForeignKey(
        VisitRequest, models.PROTECT, null=True, related_name="visits", editable=False
    )
    business = models.ForeignKey(Business, models.PROTECT, null=True, related_name="visits", editable=False)
    told_name = models.CharField(_("nama usaha"), max_length=250, blank=True)
    kelurahan = models.ForeignKey(Region, models.PROTECT, related_name="visits", editable=False)
    rt = models.PositiveSmallIntegerField("RT", null=True, blank=True)
    rw = models.PositiveSmallIntegerField("RW", null=True, blank=True)
    on = models.DateField(_("hari"))
    state = models.CharField(_("status"), max_length=9, choices=State, default=State.PLANNED, editable=False)
    production = SealedTextField(_("produksi"), blank=True)
    marketing = SealedTextField(_("pemasaran"), blank=True)
    problems = SealedTextField(_("masalah"), blank=True)
    needs = SealedTextField(_("kebutuhan"), blank=True)
    who = models.CharField(_("siapa yang datang"), max_length=300, blank=True)
    organisations = models.ManyToManyField(Organisation, blank=True, related_name="visits")
    proposed = models.ManyToManyField(Submission, related_name="visits", editable=False)  # what came of it
    told_at = models.DateTimeField(editable=False)  # when it was planned, or written down
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_at = models.DateTimeField(null=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("kunjungan")
        verbose_name_plural = _("kunjungan")
        permissions = [("record_visit", _("Merencanakan dan mencatat kunjungan"))]
        indexes = [
            models.Index(fields=["kelurahan", "on"], name="visit_place_day"),
            models.Index(fields=["on", "id"], name="visit_day_id"),
        ]
        constraints = [
            models.UniqueConstraint(  # the second of two who schedule one need is refused
                fields=["request"], condition=Q(state="planned"), name="visit_planned_once_per_request"
            ),
            models.CheckConstraint(
                name="visit_names_something", condition=Q(business__isnull=False) | ~Q(told_name="")
            ),
            models.CheckConstraint(
                name="visit_recorded_at_and_by_together",
                condition=Q(recorded_at=None, recorded_by=None)
                | Q(recorded_at__isnull=False, recorded_by__isnull=False),
            ),
            models.CheckConstraint(
                name="visit_done_is_recorded", condition=~Q(state="done") | Q(recorded_at__isnull=False)
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("visit", args=[self.uuid])

    @property
    def name(self):
        return self.business.name if self.business_id else self.told_name

    @property
    def mark(self):
        """Its key in the table of states people see (lib/statuses.py)."""
        return f"visit_{self.state}"

    @property
    def is_planned(self):
        return self.state == self.State.PLANNED

    FINDINGS = ("production", "marketing", "problems", "needs")

    @classmethod
    @transaction.atomic
    def unplanned(
        cls, *, uuid, kelurahan, on, by, told_at, business=None, told_name="", rt=None, rw=None, **found
    ):
        """Record a visit nobody planned; returns (visit, whether new). The same `uuid` is the same visit.

        `found`: the FINDINGS, `who`, `organisations`. Raises Refused: not-found, uuid-taken, told-in-future,
        told-long-ago, name-missing.
        """
        if known := cls.told_before(uuid, by):
            return known, False  # also where its business moved since, or the post ended
        refuse_future(told_at)
        refuse_day_long_ago(on, "on")
        if business is not None:
            kelurahan = business.kelurahan
        if kelurahan is None or not reach(by, RECORD).covers(kelurahan.pk):
            raise not_found()
        told_name = clean_line(mask_long_digits(told_name or ""))[:250]
        if business is None and not told_name:
            message = _("Pilih usahanya, atau tulis namanya.")
            raise Refused("name-missing", message, fields={"told_name": message})
        if existing := cls.objects.filter(uuid=uuid).first():
            return existing._again(by), False
        visit = cls(
            uuid=uuid,
            business=business,
            told_name="" if business is not None else told_name,
            kelurahan=kelurahan,
            rt=business.rt if business is not None and rt is None else rt,
            rw=business.rw if business is not None and rw is None else rw,
            on=on,
            told_at=told_at,
            told_by=by,
        )
        kept, new = insert_once(visit)
        if not new:
            return kept._again(by), False
        visit.record(on=on, by=by, **found)
        return visit, True

    @classmethod
    def told_before(cls, uuid, by):
        """The visit `by` told under `uuid`, or None."""
        return cls.objects.filter(uuid=uuid, told_by=by).first()

    def _again(self, by):
        if self.told_by_id != by.pk:
            raise Refused("uuid-taken", _("Tanda kunjungan ini sudah dipakai. Buat kunjungan baru."))
        return self

    @transaction.atomic
    def record(self, *, by, on=None, who="", organisations=(), **found):
        """Write down what was found, the first time or again; the request it answers becomes visited.

        Raises Refused: not-found, visit-done (cancelled), told-in-future, told-long-ago (a day it did not
        have before).
        """
        self._lock()
        if not reach(by, RECORD).covers(self.kelurahan_id):
            raise not_found()
        if self.state == self.State.CANCELLED:
            raise Refused("visit-done", _("Kunjungan ini sudah dibatalkan."))
        on = on or self.on
        if on > timezone.localdate():
            message = _("Kunjungan tidak boleh bertanggal di masa depan.")
            raise Refused("told-in-future", message, fields={"on": message})
        if on != self.on:
            refuse_day_long_ago(on, "on")
        if unknown := set(found) - set(self.FINDINGS):
            raise TypeError(f"Visit.record: {sorted(unknown)}")
        first, was = self.state != self.State.DONE, self.on
        if self.business_id:
            VisitRequest.lock_around(self.business, self.request_id)
        for name in self.FINDINGS:
            if name in found:
                setattr(self, name, clean_text(mask_long_digits(found[name] or ""))[:FINDING_LENGTH])
        self.who = clean_line(mask_long_digits(who or self.who))[:300]
        self.on, self.state = on, self.State.DONE
        self.recorded_at, self.recorded_by = timezone.now(), by
        self._save(*self.FINDINGS, "who", "on", "state", "recorded_at", "recorded_by")
        if organisations:
            self.organisations.set(organisations)
        if (
            first
            and self.request_id
            and self.request.state in (VisitRequest.State.NEW, VisitRequest.State.SCHEDULED)
        ):
            self.request.visited(on=on, by=by)
        elif not first and self.request_id:
            self.request.redate_visit(was=was, on=on, by=by)
        if self.business_id:
            LastVisit.note(self.business, on=on)
            if not first and on < was:
                LastVisit.correct(self.business, Visit.objects.done().filter(business=self.business))
        audit.record("visit.recorded", self, by=by, about=self._about(), on=on.isoformat(), again=not first)

    @transaction.atomic
    def miss(self, *, by, reason=""):
        """Nobody was met: the request waits again. Raises Refused: not-found, visit-done."""
        self._lock()
        if not reach(by, RECORD).covers(self.kelurahan_id):
            raise not_found()
        self._refuse_unless_planned()
        self.state = self.State.MISSED
        self.problems = clean_text(mask_long_digits(reason or ""))[:FINDING_LENGTH]
        self._save("state", "problems")
        self._let_wait(by)
        audit.record("visit.missed", self, by=by, about=self._about())

    def may_propose(self, user):
        """Whether `user` may propose what this visit learned: of its business, or as a new one."""
        return self.state != self.State.CANCELLED and reach(user, PROPOSE).covers(self.kelurahan_id)

    @transaction.atomic
    def note_proposal(self, submission, *, by):
        """Remember that `submission` came of this visit; returns whether that is new. Raises Refused:
        not-found, proposal-elsewhere (it is about another business, or no new one)."""
        self._lock()
        if (
            not self.may_propose(by)
            or not Submission.objects.visible_to(by).filter(pk=submission.pk).exists()
        ):
            raise not_found()
        fits = submission.kind == Submission.Kind.REGISTER
        if self.business_id:
            fits = submission.business_id == self.business_id
        if not fits:
            raise Refused(
                "proposal-elsewhere",
                _("Usulan itu bukan tentang usaha yang dikunjungi.")
                if self.business_id
                else _("Usaha ini belum terdata: sebut usulan usaha baru."),
            )
        if self.proposed.filter(pk=submission.pk).exists():
            return False
        self.proposed.add(submission)
        audit.record("visit.proposed", self, by=by, about=self._about(), kind=submission.kind)
        return True

    def proposals_for(self, user):
        """What was proposed because of this visit, as far as `user` may read it, the last first."""
        rows = Submission.objects.visible_to(user).filter(visits=self)
        return rows.only("uuid", "kind", "status", "title", "proposed_at").order_by("-pk")

    @transaction.atomic
    def add_photo(self, upload, *, by):
        """Put a photo to it, at most MOST_PHOTOS; the same picture again is the same photo. Raises Refused:
        not-found, photos-enough, reencode's."""
        self._lock()
        if not reach(by, RECORD).covers(self.kelurahan_id):
            raise not_found()
        picture = reencode(upload)
        if known := self._photo_like(picture):
            return known
        if self.photos.count() >= MOST_PHOTOS:
            raise Refused(
                "photos-enough", _("Satu kunjungan memuat paling banyak %(most)d foto."), most=MOST_PHOTOS
            )
        kept = VisitPhoto(visit=self, uploaded_by=by)
        kept.file.save(f"visits/{kept.uuid.hex[:2]}/{kept.uuid}.jpg", picture.content, save=False)
        kept.save(force_insert=True)
        return kept

    def _photo_like(self, picture):
        """The photo that holds just this picture: a form sent again over a bad line brings it again."""
        picture.content.seek(0)
        content = picture.content.read()
        picture.content.seek(0)
        for photo in self.photos.order_by("pk"):
            with suppress(FileNotFoundError), photo.file.open() as kept:
                if kept.size == len(content) and kept.read() == content:
                    return photo
        return None

    def _about(self):
        return self.business.uuid if self.business_id else None

    def _lock(self):
        self.refresh_from_db(from_queryset=Visit.objects.select_for_update(of=("self",)))

    def _let_wait(self, by):
        """The request of a visit that did not come about waits as before; one closed meanwhile stays so."""
        if self.request_id and self.request.state == VisitRequest.State.SCHEDULED:
            self.request.unschedule(by=by)

    def _refuse_unless_planned(self):
        if not self.is_planned:
            raise Refused(
                "visit-done",
                _("Kunjungan ini sudah %(state)s. Muat ulang halamannya."),
                state=str(self.get_state_display()).lower(),
            )

    def _save(self, *names):
        self.version += 1
        self.save(update_fields=[*names, "version"])


class VisitPhoto(models.Model):
    """A private photo of a visit, re-encoded without EXIF; served to whoever may read the visit."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="photos", editable=False)
    file = models.FileField(max_length=200, editable=False)
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )

    def __str__(self):
        return str(self.uuid)
