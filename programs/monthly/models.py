"""Monthly reports: one kelurahan, one month, and each time it was sent."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.regions.access import within_reach
from registry.regions.models import Region
from umkm_portal.lib.sealed_fields import SealedTextField

VIEW = "programs.view_monthlyreport"
WRITE = "programs.write_monthlyreport"
APPROVE = "programs.approve_monthlyreport"
RECEIVE = "programs.receive_monthlyreport"


class MonthlyReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Reports of the kelurahan of one's posts."""
        return within_reach(self, user, VIEW)


class MonthlyReport(models.Model):
    """What one kelurahan did in one month. Until it is sent its figures are counted anew each time; sending
    keeps them as they were (`figures`), and what came in later shows beside them as a correction."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Disusun")
        SUBMITTED = "submitted", _("Menunggu lurah")
        RETURNED = "returned", _("Perlu perbaikan")
        SENT = "sent", _("Terkirim")
        RECEIVED = "received", _("Diterima")

    UNATTENDED = {"reminded"}

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kelurahan = models.ForeignKey(Region, models.PROTECT, related_name="monthly_reports", editable=False)
    month = models.DateField(_("bulan"), editable=False)  # its first day
    edition = models.PositiveSmallIntegerField(default=1, editable=False)  # 2 and on: sent again, corrected
    state = models.CharField(_("status"), max_length=9, choices=State, default=State.DRAFT, editable=False)
    note = SealedTextField(_("catatan"), blank=True)
    reason = SealedTextField(_("alasan"), blank=True, editable=False)  # why it was returned or corrected
    figures = models.JSONField(default=dict, editable=False)  # as sent; figures.count while it is not
    letter_number = models.CharField(_("nomor surat"), max_length=100, blank=True)
    letter_on = models.DateField(_("tanggal surat"), null=True, blank=True)
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    approved_at = models.DateTimeField(null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    received_at = models.DateTimeField(null=True, editable=False)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    reminded_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MonthlyReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("laporan bulanan")
        verbose_name_plural = _("laporan bulanan")
        permissions = [
            ("write_monthlyreport", _("Menyusun laporan bulanan")),
            ("approve_monthlyreport", _("Menyetujui dan mengirim laporan bulanan")),
            ("receive_monthlyreport", _("Menerima laporan bulanan")),
        ]
        indexes = [models.Index(fields=["month", "state"], name="monthly_report_month")]
        constraints = [
            models.UniqueConstraint(fields=["kelurahan", "month", "edition"], name="monthly_report_once"),
            models.CheckConstraint(
                name="monthly_report_submitted_at_and_by_together",
                condition=Q(submitted_at=None, submitted_by=None)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="monthly_report_approved_at_and_by_together",
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="monthly_report_received_at_and_by_together",
                condition=Q(received_at=None, received_by=None)
                | Q(received_at__isnull=False, received_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.kelurahan} {self.month:%Y-%m}"

    def get_absolute_url(self):
        return reverse("monthly-report", args=[self.uuid])
