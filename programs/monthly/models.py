"""Monthly reports: one kelurahan, one month, and each time it was sent."""

import uuid

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import AuditEntry
from programs.monthly import figures, months, moved
from programs.monthly.editions import APPROVE, RECEIVE, WRITE, MonthlyReportQuerySet
from programs.partners.models import OfficeHolder
from registry.regions.access import reach
from registry.regions.models import Holiday, Region
from umkm_portal.lib import formats
from umkm_portal.lib.errors import Refused, not_found
from umkm_portal.lib.sealed_fields import SealedTextField
from umkm_portal.lib.text import clean_line, clean_text, mask_long_digits

NOTE_LENGTH, REASON_LENGTH, NUMBER_LENGTH = 4000, 1000, 100
MONTHS_BACK = 24  # older months are begun no more
WROTE = ("monthly-report.begun", "monthly-report.written", "monthly-report.submitted")


class MonthlyReport(models.Model):
    """What one kelurahan did in one month. Until it is sent its figures are counted anew each time; sending
    keeps them as they were (`figures`), and what came in later shows beside them as a correction."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Disusun")
        SUBMITTED = "submitted", _("Menunggu lurah")
        RETURNED = "returned", _("Perlu perbaikan")
        SENT = "sent", _("Terkirim")
        RECEIVED = "received", _("Diterima")

    OPEN = (State.DRAFT, State.RETURNED)  # the officer's to go on with
    OUT = (State.SENT, State.RECEIVED)
    UNATTENDED = {"reminded"}  # by the clock

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kelurahan = models.ForeignKey(Region, models.PROTECT, related_name="monthly_reports", editable=False)
    month = models.DateField(_("bulan"), editable=False)  # its first day
    edition = models.PositiveSmallIntegerField(default=1, editable=False)  # 2 and on: sent again, corrected
    state = models.CharField(_("status"), max_length=9, choices=State, default=State.DRAFT, editable=False)
    note = SealedTextField(_("catatan"), blank=True)
    reason = SealedTextField(_("alasan"), blank=True, editable=False)  # why the lurah gave it back
    correction = SealedTextField(_("alasan koreksi"), blank=True, editable=False)  # why there is this edition
    # {"submitted": counts as handed to the lurah, "counts": as sent, "at"}; counted anew until it is sent
    figures = models.JSONField(default=dict, editable=False)
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
            models.CheckConstraint(  # besides them whoever wrote on it: approve asks the audit trail
                name="monthly_report_not_approved_by_who_wrote",
                condition=Q(approved_by=None)
                | (~Q(approved_by=F("begun_by")) & ~Q(approved_by=F("submitted_by"))),
            ),
            models.CheckConstraint(
                name="monthly_report_sent_with_letter",
                condition=Q(state__in=["draft", "submitted", "returned"], approved_at=None)
                | (
                    Q(state__in=["sent", "received"], approved_at__isnull=False, letter_on__isnull=False)
                    & ~Q(letter_number="")
                ),
            ),
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

    @property
    def is_out(self):
        """Whether it was sent: its figures and its letter stand."""
        return self.state in self.OUT

    @property
    def handed_in(self):
        """Its figures as they were handed to the lurah; {} where it was not, or before they were kept."""
        return self.figures.get("submitted", {}) if self.state == "submitted" or self.is_out else {}

    @property
    def month_is_told(self):
        """Whether its month was ever sent: a later edition is begun only of one that was."""
        return self.is_out or self.edition > 1

    # ---- the officer's acts ------------------------------------------------------------------------

    @classmethod
    def begin(cls, *, kelurahan, month, by):
        """The report of this kelurahan and month (its first day), begun where there is none; returns
        (report, whether it is new). Its figures write themselves.

        Raises Refused: not-found (no post there), month-ahead, month-too-old.
        """
        if not reach(by, WRITE).covers(kelurahan.pk):
            raise not_found()
        month, this = months.first_of(month), months.first_of(timezone.localdate())
        if month > this:
            raise Refused("month-ahead", _("Bulan ini belum mulai."))
        if (this.year - month.year) * 12 + this.month - month.month > MONTHS_BACK:
            raise Refused(
                "month-too-old", _("Laporan lebih dari %(n)d bulan lalu tidak disusun lagi."), n=MONTHS_BACK
            )
        if known := cls.objects.of(kelurahan, month).first():
            return known, False
        report = cls(kelurahan=kelurahan, month=month, begun_by=by)
        try:
            with transaction.atomic():
                report.save(force_insert=True)
                report._say("begun", by)
        except IntegrityError:  # somebody was first
            return cls.objects.of(kelurahan, month).get(), False
        return report, True

    @transaction.atomic
    def write(self, *, note, by, version=None):
        """Put the note down. Whoever holds the post now goes on with it; with the `version` they read,
        nobody's words are written over unseen. Raises Refused: not-found, report-state, report-changed."""
        self._guard(by, WRITE, *self.OPEN)
        note = clean_text(mask_long_digits(note or ""))[:NOTE_LENGTH]
        if note == self.note:
            return
        self._refuse_changed(version, "note")
        self.note = note
        self._save("note")
        self._say("written", by)

    @transaction.atomic
    def submit(self, *, by, version=None):
        """Hand it to the lurah. Raises Refused: not-found, report-state, report-changed (since `version`),
        month-not-over (before the month's last working day)."""
        self._guard(by, WRITE, *self.OPEN)
        self._refuse_changed(version, "note")
        self._refuse_early()
        self.state, self.reason = self.State.SUBMITTED, ""
        self.submitted_at, self.submitted_by = timezone.now(), by
        self.figures = {"submitted": figures.count(self.kelurahan, self.month)}
        self._save("state", "reason", "figures", "submitted_at", "submitted_by")
        self._say("submitted", by)

    @transaction.atomic
    def correct(self, *, reason, by):
        """Begin the next edition of a report that was sent; returns it. What was sent stays as it is.
        Raises Refused: not-found, report-state, report-corrected (somebody was first), reason-missing."""
        self._guard(by, WRITE, *self.OUT)
        reason = self._words(reason)
        if self.is_superseded:
            raise Refused("report-corrected", _("Koreksi laporan ini sudah disusun. Muat ulang halamannya."))
        edition = MonthlyReport(
            kelurahan=self.kelurahan,
            month=self.month,
            edition=self.edition + 1,
            note=self.note,
            correction=reason,
            begun_by=by,
        )
        edition.save(force_insert=True)
        edition._say("begun", by, edition=edition.edition)
        self._say("corrected", by, edition=edition.edition)
        return edition

    # ---- the lurah's, and Diskopindag's ------------------------------------------------------------

    @transaction.atomic
    def approve(self, *, letter_number, letter_on, by, version=None, seen=None):
        """Sign and send it: its figures are kept as they are now, beside those handed in. By the lurah's
        post, also a Plh's, and by nobody who wrote on it. With the `version` and the figures they were shown
        (`seen`, moved.carried), what is signed is what was read.

        Raises Refused: not-found, report-state, own-report, report-changed, figures-changed, number-missing,
        letter-day (in the future, or before the month's last working day).
        """
        self._guard(by, APPROVE, self.State.SUBMITTED)
        if self.was_written_by(by):
            raise Refused(
                "own-report", _("Anda ikut menyusun laporan ini; yang menyetujui harus orang lain.")
            )
        self._refuse_changed(version)
        number = clean_line(mask_long_digits(letter_number or ""))[:NUMBER_LENGTH]
        if not number:
            message = _("Tulis nomor suratnya.")
            raise Refused("number-missing", message, fields={"letter_number": message})
        first = self.may_go_on()
        if letter_on is None or not first <= letter_on <= timezone.localdate():
            message = _("Tanggal surat antara hari kerja terakhir bulan itu dan hari ini.")
            raise Refused("letter-day", message, fields={"letter_on": message})
        now = timezone.now()
        counts = figures.count(self.kelurahan, self.month)
        if seen is not None:
            self._refuse_moved(moved.read(seen), counts)
        self.figures |= {"counts": counts, "at": now.isoformat()}
        self.state, self.letter_number, self.letter_on = self.State.SENT, number, letter_on
        self.approved_at, self.approved_by = now, by
        self._save("state", "figures", "letter_number", "letter_on", "approved_at", "approved_by")
        self._say("approved", by, letter_on=letter_on.isoformat())

    @transaction.atomic
    def return_for_changes(self, *, reason, by, version=None):
        """Give it back to the officer. By the lurah. Raises Refused: not-found, report-state,
        report-changed (since `version`), reason-missing."""
        self._guard(by, APPROVE, self.State.SUBMITTED)
        self._refuse_changed(version)
        self.reason = self._words(reason)
        self.state = self.State.RETURNED
        self._save("state", "reason")
        self._say("returned", by)

    @transaction.atomic
    def receive(self, *, by):
        """Diskopindag has it. Raises Refused: not-found, report-state."""
        self._guard(by, RECEIVE, self.State.SENT)
        self.state = self.State.RECEIVED
        self.received_at, self.received_by = timezone.now(), by
        self._save("state", "received_at", "received_by")
        self._say("received", by)

    # ---- what the acts and pages share -------------------------------------------------------------

    def may_go_on(self):
        """The first day on which it may be sent: the month's last working day."""
        return months.last_working_day(self.month, self._holidays())

    def due_on(self):
        """The day by which it is expected."""
        return months.due_on(self.month, self._holidays())

    def _holidays(self):
        return Holiday.set_between(self.month, months.next_month(months.next_month(self.month)))

    def authors(self):
        """Who wrote on this edition, in the order they came in: an officer replaced within the month stands
        beside the successor."""
        lines = AuditEntry.objects.filter(
            target_type=self._meta.model_name, target_id=str(self.pk), act__in=WROTE
        )
        return list(
            {
                line.recorded_by_id: line.recorded_by
                for line in lines.select_related("recorded_by").order_by("pk")
            }.values()
        )

    def was_written_by(self, user):
        return user.pk in {author.pk for author in self.authors()}

    @property
    def is_superseded(self):
        return MonthlyReport.objects.filter(
            kelurahan=self.kelurahan_id, month=self.month, edition__gt=self.edition
        ).exists()

    def signer(self):
        """The OfficeHolder of the letter's day; None where none is recorded (then the account's name)."""
        return (
            OfficeHolder.on(self.letter_on, OfficeHolder.Office.LURAH, self.kelurahan)
            if self.letter_on
            else None
        )

    def may(self, act, user):
        """Whether `user` could do `act` now, as far as post and state say; the verb has the last word."""
        permission, states = {
            "write": (WRITE, self.OPEN),
            "submit": (WRITE, self.OPEN),
            "approve": (APPROVE, (self.State.SUBMITTED,)),
            "return": (APPROVE, (self.State.SUBMITTED,)),
            "receive": (RECEIVE, (self.State.SENT,)),
            "correct": (WRITE, self.OUT),
        }[act]
        return self.state in states and reach(user, permission).covers(self.kelurahan_id)

    def _lock(self):
        self.refresh_from_db(from_queryset=MonthlyReport.objects.select_for_update(of=("self",)))

    def _guard(self, by, permission, *states):
        self._lock()
        if not reach(by, permission).covers(self.kelurahan_id):
            raise not_found()
        if self.state not in states:
            raise Refused(
                "report-state",
                _("Laporan ini berstatus %(state)s. Muat ulang halamannya."),
                state=str(self.get_state_display()).lower(),
            )

    def _refuse_changed(self, version, *fields):
        if version is not None and version != self.version:
            message = _("Laporan ini berubah sejak Anda membukanya. Isian Anda tetap di sini; periksa lagi.")
            raise Refused("report-changed", message, fields=dict.fromkeys(fields, message))

    @staticmethod
    def _refuse_moved(shown, counts):
        if shown == counts:
            return
        if shown is None:
            message = _(
                "Angkanya mungkin berubah sejak Anda membuka laporan ini. Periksa lagi, lalu setujui."
            )
            raise Refused("figures-changed", message)
        raise Refused(
            "figures-changed",
            _("Angkanya berubah sejak Anda membuka laporan ini: %(moved)s. Periksa lagi, lalu setujui."),
            moved=moved.sentence(figures.corrections(shown, counts)),
        )

    def _refuse_early(self):
        first = self.may_go_on()
        if timezone.localdate() < first:
            raise Refused(
                "month-not-over",
                _("Laporan bulan ini baru dapat dikirim mulai %(day)s, hari kerja terakhirnya."),
                day=formats.day(first),
            )

    @staticmethod
    def _words(text):
        text = clean_text(mask_long_digits(text or ""))[:REASON_LENGTH]
        if not text:
            message = _("Tulis alasannya.")
            raise Refused("reason-missing", message, fields={"reason": message})
        return text

    def _say(self, act, by, **detail):
        audit.record(f"monthly-report.{act}", self, by=by, month=f"{self.month:%Y-%m}", **detail)

    def _save(self, *names):
        self.version += 1
        self.save(update_fields=[*names, "version"])
