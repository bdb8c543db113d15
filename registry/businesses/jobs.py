"""Work over about a second that somebody waits for: a large export, a change of many rows.

The row tells how far it is and keeps what came of it; the work itself is a task (businesses/tasks.py,
submissions/tasks.py). A job acts as the user who asked for it, with the reach they have when it runs.
"""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.sealed_fields import SealedJSONField
from umkm_portal.lib.sealing import seal_bytes, unseal_bytes

FILE_KEPT = timedelta(hours=24)  # a made file waits so long for the one who asked for it


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Jobs are their asker's alone: an export holds what that person may see."""
        return self.filter(asked_by=user) if user.is_authenticated else self.none()


class Job(models.Model):
    """One piece of work somebody asked for. waiting -> running -> done or failed; progress in done/total.

    `request` says what to do (it may hold words typed into a search box, so it is sealed), `outcome` what
    came of it. A file lies sealed in the private store until `file_kept_until`.
    """

    class Kind(models.TextChoices):
        EXPORT = "export", _("Unduh daftar usaha")
        BULK = "bulk", _("Ubah banyak usaha")

    class State(models.TextChoices):
        WAITING = "waiting", _("Menunggu giliran")
        RUNNING = "running", _("Sedang dikerjakan")
        DONE = "done", _("Selesai")
        FAILED = "failed", _("Gagal")

    OPEN = (State.WAITING, State.RUNNING)

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(_("jenis"), max_length=6, choices=Kind, editable=False)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING, editable=False)
    title = models.CharField(_("judul"), max_length=200, editable=False)
    request = SealedJSONField(default=dict, editable=False)
    outcome = models.JSONField(default=dict, editable=False)
    done = models.PositiveIntegerField(default=0, editable=False)
    total = models.PositiveIntegerField(default=0, editable=False)
    refusal = models.TextField(blank=True, editable=False)
    file = models.FileField(max_length=200, blank=True, editable=False)
    filename = models.CharField(max_length=100, blank=True, editable=False)
    file_kept_until = models.DateTimeField(null=True, editable=False)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("pekerjaan")
        verbose_name_plural = _("pekerjaan")
        indexes = [models.Index(fields=["asked_by", "asked_at", "id"], name="job_asked")]
        constraints = [
            models.CheckConstraint(
                name="job_file_kept_for_a_time",
                condition=Q(file="") | Q(file_kept_until__isnull=False),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("job-detail", args=[self.uuid])

    @property
    def is_busy(self):
        return self.state in self.OPEN

    @property
    def has_file(self):
        """Whether its file can still be fetched."""
        return bool(self.file) and self.file_kept_until > timezone.now()

    @classmethod
    def ask(cls, kind, *, by, title, request, total=0):
        """Make the row of a job; the caller enqueues its task on commit."""
        return cls.objects.create(kind=kind, asked_by=by, title=title[:200], request=request, total=total)

    def lock(self):
        self.refresh_from_db(from_queryset=Job.objects.select_for_update(of=("self",)))

    @transaction.atomic
    def begin(self):
        """Take the job up; False when it is finished already. One stopped half way is begun again."""
        self.lock()
        if self.state not in self.OPEN:
            return False
        self.state = self.State.RUNNING
        self.save(update_fields=["state"])
        return True

    def progress(self, done, total):
        """Say how far it is; outside of the work's own transactions, so that the page sees it."""
        self.done, self.total = done, total
        self.save(update_fields=["done", "total"])

    @transaction.atomic
    def finish(self, *, content=None, filename="", **outcome):
        """It is done: keep what came of it, and the file, sealed, for FILE_KEPT."""
        self.lock()
        self.state, self.outcome, self.done = self.State.DONE, outcome, self.total
        if content is not None:
            self.filename = filename
            self.file_kept_until = timezone.now() + FILE_KEPT
            self.file.save(
                f"jobs/{self.uuid.hex[:2]}/{self.uuid}.sealed", ContentFile(seal_bytes(content)), save=False
            )
        self.save()

    @transaction.atomic
    def fail(self, refused=None):
        """It cannot be done; the page says why."""
        self.lock()
        self.state = self.State.FAILED
        self.refusal = refused.message if refused else str(_("Pekerjaan ini terhenti. Coba minta lagi."))
        self.save(update_fields=["state", "refusal"])

    def bytes(self):
        """The made file. Raises Refused when its time is over."""
        if not self.has_file:
            raise Refused("file-gone", _("Berkas ini sudah dihapus. Minta lagi dari daftar usaha."))
        with self.file.open("rb") as stored:
            return unseal_bytes(stored.read())

    def reseal_file(self):
        """Seal the kept file again under the newest key."""
        with self.file.open("rb") as stored:
            content = seal_bytes(unseal_bytes(stored.read()))
        name, storage = self.file.name, self.file.storage
        storage.delete(name)
        storage.save(name, ContentFile(content))

    def delete_file(self):
        """Delete the file; the row stays, to say that there was one."""
        file = self.file
        name, storage = file.name, file.storage
        self.file = ""
        self.save(update_fields=["file"])
        transaction.on_commit(lambda: storage.delete(name))


def delete_old_files(now=None):
    """Delete made files whose time is over; returns how many."""
    total = 0
    for row in Job.objects.exclude(file="").filter(file_kept_until__lt=now or timezone.now()):
        with transaction.atomic():
            row.delete_file()
            audit.record("job.file-deleted", row, by=None)
        total += 1
    return total
