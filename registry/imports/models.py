"""An uploaded list and its rows; what was read, what was decided about each, and how far the work is."""

import hashlib
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from registry.businesses.models import Business
from registry.regions.access import reach
from registry.regions.models import Region
from registry.submissions.batches import Batch
from registry.submissions.models import Submission
from umkm_portal.lib.errors import Refused, not_found
from umkm_portal.lib.sealed_fields import SealedJSONField
from umkm_portal.lib.sealing import lookup, seal_bytes, unseal_bytes

KEPT_DAYS = 90  # an uploaded file is deleted after that (ARCHITECTURE.md section 8)


class ImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Uploads the user made, and all of them for those who decide or follow imports."""
        if reach(user, "registry.decide_import").everywhere or reach(user, "registry.view_import").everywhere:
            return self
        return self.filter(uploaded_by=user) if user.is_authenticated else self.none()

    def for_list(self):
        return self.select_related("uploaded_by", "kelurahan", "batch__decided_by")


class Import(models.Model):
    """One uploaded workbook. reading -> ready -> sending -> sent (its Batch goes on), or failed.

    The file lies sealed in the private store and is deleted after KEPT_DAYS; the rows stay, sealed.
    """

    class State(models.TextChoices):
        READING = "reading", _("Sedang dibaca")
        READY = "ready", _("Siap dikirim")
        SENDING = "sending", _("Sedang dikirim")
        SENT = "sent", _("Terkirim")
        FAILED = "failed", _("Gagal dibaca")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    filename = models.CharField(_("berkas"), max_length=200, editable=False)
    file = models.FileField(max_length=200, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    size = models.PositiveIntegerField(_("ukuran"), editable=False)
    sheet_number = models.PositiveSmallIntegerField(_("lembar"), null=True, blank=True)
    sheet_name = models.CharField(max_length=100, blank=True, editable=False)
    kelurahan = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kelurahan")
    )
    kelurahan_told = models.CharField(max_length=13, blank=True, editable=False)
    consent_groups = models.JSONField(_("persetujuan untuk seluruh daftar"), default=list, blank=True)
    consent_statement = models.CharField(_("dasar persetujuan"), max_length=300, blank=True)

    state = models.CharField(max_length=7, choices=State, default=State.READING, editable=False)
    counts = models.JSONField(default=dict, editable=False)
    columns = models.JSONField(default=list, editable=False)
    notes = models.JSONField(default=list, editable=False)
    refusal_code = models.CharField(max_length=60, blank=True, editable=False)
    refusal = models.TextField(blank=True, editable=False)
    done = models.PositiveIntegerField(default=0, editable=False)
    total = models.PositiveIntegerField(default=0, editable=False)
    batch = models.OneToOneField(
        Batch, models.PROTECT, null=True, related_name="upload", editable=False, verbose_name=_("kiriman")
    )
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    file_deleted_on = models.DateField(null=True, editable=False)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("unggahan")
        verbose_name_plural = _("unggahan")
        permissions = [
            ("upload_import", _("Mengunggah daftar usaha")),
            ("decide_import", _("Memutuskan daftar yang diunggah")),
        ]
        indexes = [models.Index(fields=["uploaded_at", "id"], name="import_uploaded")]
        constraints = [
            models.CheckConstraint(
                name="import_sent_with_its_batch",
                condition=Q(state="sent", batch__isnull=False) | (~Q(state="sent") & Q(batch=None)),
            ),
        ]

    def __str__(self):
        return self.filename

    def get_absolute_url(self):
        return reverse("import-detail", args=[self.uuid])

    @property
    def status(self):
        """The word shown for it: its own state until it is sent, then its batch's."""
        return self.batch.state if self.batch_id else self.state

    def keep_file(self, data):
        """Put the bytes, sealed, into the private store (unsaved row)."""
        self.size, self.sha256 = len(data), hashlib.sha256(data).hexdigest()
        self.file.save(
            f"imports/{self.uuid.hex[:2]}/{self.uuid}.sealed", ContentFile(seal_bytes(data)), save=False
        )

    def bytes(self):
        """The uploaded file again. Raises Refused when it was deleted."""
        if not self.file:
            raise Refused("import-file-gone", _("Berkas unggahan ini sudah dihapus."))
        with self.file.open("rb") as stored:
            return unseal_bytes(stored.read())

    def reseal_file(self):
        """Seal the kept file again under the newest key."""
        if self.file:
            content = seal_bytes(self.bytes())
            name = self.file.name
            self.file.storage.delete(name)
            self.file.storage.save(name, ContentFile(content))

    def lock(self):
        self.refresh_from_db(from_queryset=Import.objects.select_for_update(of=("self",)))

    @transaction.atomic
    def begin_sending(self, *, by):
        """Mark a read list as being sent; only its uploader, only once. Raises Refused."""
        self.lock()
        if self.uploaded_by_id != by.pk:
            raise not_found()
        if self.state != self.State.READY:
            raise Refused(
                "import-not-ready", _("Unggahan ini %(state)s."), state=self.get_state_display().lower()
            )
        if not self.counts.get("accepted"):
            raise Refused("import-nothing-new", _("Tidak ada baris baru untuk dikirim."))
        self.state = self.State.SENDING
        self.save(update_fields=["state"])
        audit.record("import.sent", self, by=by, sha256=self.sha256, **self.counts)

    def fail(self, refused):
        """Keep why the file could not be read."""
        self.state, self.refusal_code, self.refusal = self.State.FAILED, refused.code, refused.message
        self.save(update_fields=["state", "refusal_code", "refusal"])

    def sending_failed(self, refused=None):
        """Back to a list that can be sent, with the reason where a rule gave one."""
        self.state = self.State.READY
        self.refusal_code = refused.code if refused else "import-failed"
        self.refusal = refused.message if refused else str(_("Pengiriman gagal. Coba kirim lagi."))
        self.save(update_fields=["state", "refusal_code", "refusal"])

    def sent_batch(self):
        """Its batch. Raises Refused while it was not sent."""
        if self.batch_id is None:
            raise Refused("import-not-sent", _("Unggahan ini belum dikirim."))
        return self.batch

    def progress(self, done, total):
        """How far the running job is; written outside the job's own transactions."""
        Import.objects.filter(pk=self.pk).update(done=done, total=total)

    def delete_file(self):
        """Remove the stored file (after KEPT_DAYS); rows and counts stay."""
        if self.file:
            self.file.delete(save=False)
        self.file, self.file_deleted_on = "", timezone.localdate()
        self.save(update_fields=["file", "file_deleted_on"])


class ImportRowQuerySet(models.QuerySet):
    def live(self):
        """Rows that still count: sent and neither rejected nor withdrawn."""
        return self.filter(submission__status__in=["submitted", "returned", "approved"])

    def with_messages(self):
        return self.filter(Q(has_messages=True) | ~Q(outcome="accepted"))


class ImportRow(models.Model):
    """One record of a list: its outcome, the original words (sealed), what was found odd."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Diterima")
        REJECTED = "rejected", _("Ditolak")
        DUPLICATE = "duplicate", _("Ganda")

    upload = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("baris"))
    outcome = models.CharField(max_length=9, choices=Outcome)
    changed = models.BooleanField(default=False)  # accepted as a change of a known business
    originals = SealedJSONField(default=dict)  # {"cells": [words], "print": …, "match": …}
    facts = SealedJSONField(default=dict)  # what will be proposed, ready to send
    reason = models.CharField(max_length=300, blank=True)
    messages = models.JSONField(default=list)  # [column letter, header, sentence]; never a cell's value
    has_messages = models.BooleanField(default=False)
    duplicate_of = models.PositiveIntegerField(null=True)  # row of the same file
    candidate_of = models.PositiveIntegerField(null=True)
    business = models.ForeignKey(Business, models.PROTECT, null=True, related_name="+")  # the known one
    submission = models.OneToOneField(Submission, models.PROTECT, null=True, related_name="import_row")
    fingerprint = models.CharField(max_length=64, blank=True)  # keyed: same row at the same place
    match_key = models.CharField(max_length=64, blank=True)  # keyed: same name at the same address

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(fields=["fingerprint"], name="import_row_fingerprint"),
            models.Index(fields=["match_key"], name="import_row_match"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["upload", "number"], name="import_row_once"),
        ]

    def __str__(self):
        return f"{self.number}: {self.get_outcome_display()}"

    @property
    def cells(self):
        """The words of the row as the office wrote them, by column."""
        return self.originals.get("cells", [])

    def set_keys(self):
        """Compute the keyed columns from what stands sealed; again after IDENTITY_KEY was rotated."""
        printed, matched = self.originals.get("print"), self.originals.get("match")
        self.fingerprint = lookup("import-row", printed) if printed else ""
        self.match_key = lookup("import-match", matched) if matched else ""
