"""Mentoring (pendampingan): more than one visit, by one mentor, with the service given each time."""

import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from programs.partners.models import Organisation
from programs.visits.models import RECORD, VIEW
from registry.businesses.models import Business
from registry.regions.access import reach, within_reach
from registry.reports.times import refuse_day_long_ago
from umkm_portal.lib.errors import Refused, not_found
from umkm_portal.lib.once import insert_once
from umkm_portal.lib.sealed_fields import SealedTextField
from umkm_portal.lib.text import clean_line, clean_text, mask_long_digits


class Service(models.TextChoices):
    NIB = "nib", "NIB"
    HALAL = "halal", _("Sertifikat halal")
    PIRT = "pirt", "P-IRT"
    BRAND = "brand", _("Merek")
    PACKAGING = "packaging", _("Kemasan")
    MARKETING = "marketing", _("Pemasaran")
    BOOKS = "books", _("Pembukuan")
    CAPITAL = "capital", _("Akses permodalan")
    PRODUCTION = "production", _("Produksi")
    OTHER = "other", _("Lainnya")


class MentoringQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Series of businesses in the kelurahan of one's posts."""
        return within_reach(self, user, VIEW, column="business__kelurahan")

    def running(self):
        return self.filter(ended_at=None)


class Mentoring(models.Model):
    """A series for one business: who guides it, towards what, and how it ended."""

    class Result(models.TextChoices):
        REACHED = "reached", _("Tujuan tercapai")
        PARTLY = "partly", _("Tercapai sebagian")
        STOPPED = "stopped", _("Berhenti")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey(Business, models.PROTECT, related_name="mentorings", editable=False)
    goal = models.CharField(_("tujuan"), max_length=300)
    mentor = models.CharField(_("pendamping"), max_length=150)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mentorings",
        verbose_name=_("instansi"),
    )
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    result = models.CharField(_("hasil"), max_length=8, choices=Result, blank=True, editable=False)
    result_note = SealedTextField(_("catatan hasil"), blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MentoringQuerySet.as_manager()

    class Meta:
        verbose_name = _("pendampingan")
        verbose_name_plural = _("pendampingan")
        constraints = [
            models.CheckConstraint(
                name="mentoring_ended_at_and_by_together",
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self):
        return self.goal

    def get_absolute_url(self):
        return reverse("mentoring", args=[self.uuid])

    @classmethod
    @transaction.atomic
    def start(cls, *, business, goal, mentor, by, organisation=None):
        """Begin a series. Raises Refused: not-found, goal-missing."""
        if not reach(by, RECORD).covers(business.kelurahan_id):
            raise not_found()
        goal = clean_line(mask_long_digits(goal or ""))[:300]
        if not goal:
            message = _("Tulis tujuan pendampingannya.")
            raise Refused("goal-missing", message, fields={"goal": message})
        row = cls(
            business=business,
            goal=goal,
            mentor=clean_line(mask_long_digits(mentor or ""))[:150],
            organisation=organisation,
            started_by=by,
        )
        row.save(force_insert=True)
        audit.record("mentoring.started", row, by=by, about=business.uuid)
        return row

    def _guard(self, by):
        self.refresh_from_db(from_queryset=Mentoring.objects.select_for_update(of=("self",)))
        if not reach(by, RECORD).covers(self.business.kelurahan_id):
            raise not_found()
        if self.ended_at:
            raise Refused("mentoring-ended", _("Pendampingan ini sudah berakhir."))

    @transaction.atomic
    def add_session(self, *, on, service, note, by, uuid=None):
        """Write one session down; the same `uuid` again is the same session. Raises Refused: not-found,
        mentoring-ended, told-in-future, told-long-ago, uuid-taken (by a session of another series)."""
        self._guard(by)
        if on > timezone.localdate():
            message = _("Sesi tidak boleh bertanggal di masa depan.")
            raise Refused("told-in-future", message, fields={"on": message})
        refuse_day_long_ago(on, "on")
        if uuid is not None and (known := self.sessions.filter(uuid=uuid).first()):
            return known
        session = MentoringSession(
            mentoring=self,
            on=on,
            service=service,
            note=clean_text(mask_long_digits(note or ""))[:2000],
            told_by=by,
        )
        if uuid is not None:
            session.uuid = uuid
        _kept, new = insert_once(session)
        if not new:  # this series is locked, so the one that stands is of another
            message = _("Tanda sesi ini sudah dipakai. Muat ulang halamannya, lalu catat lagi.")
            raise Refused("uuid-taken", message)
        self.version += 1
        self.save(update_fields=["version"])
        audit.record("mentoring.session", self, by=by, about=self.business.uuid, service=service)
        return session

    @transaction.atomic
    def end(self, *, result, by, note=""):
        """Finish it with what was reached. Raises Refused: not-found, mentoring-ended, result-missing."""
        self._guard(by)
        if result not in self.Result.values:
            message = _("Pilih hasilnya.")
            raise Refused("result-missing", message, fields={"result": message})
        self.result, self.result_note = result, clean_text(mask_long_digits(note or ""))[:2000]
        self.ended_at, self.ended_by = timezone.now(), by
        self.version += 1
        self.save(update_fields=["result", "result_note", "ended_at", "ended_by", "version"])
        audit.record("mentoring.ended", self, by=by, about=self.business.uuid, result=result)


class MentoringSession(models.Model):
    """One time the mentor was there, and the service given."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mentoring = models.ForeignKey(Mentoring, models.PROTECT, related_name="sessions", editable=False)
    on = models.DateField(_("tanggal"))
    service = models.CharField(_("layanan"), max_length=10, choices=Service)
    note = SealedTextField(_("catatan"), blank=True)
    told_at = models.DateTimeField(default=timezone.now, editable=False)
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    class Meta:
        ordering = ["-on", "-id"]

    def __str__(self):
        return f"{self.get_service_display()} {self.on:%Y-%m-%d}"
