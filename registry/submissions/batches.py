"""Many submissions proposed and decided as one."""

from uuid import uuid4

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from registry.regions.access import reach
from umkm_portal.lib.errors import Refused, not_found
from umkm_portal.lib.text import clean_text, mask_long_digits

DECIDES = {"import": "registry.decide_import", "bulk": "registry.decide_submission"}


class BatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Batches the user proposed, and all of them for those who decide or follow imports."""
        if reach(user, "registry.decide_import").everywhere or reach(user, "registry.view_import").everywhere:
            return self
        return self.filter(proposed_by=user) if user.is_authenticated else self.none()


class Batch(models.Model):
    """Many submissions proposed and decided as one: an imported list, a bulk change.

    submitted -> approved -> applying -> applied, or rejected, or withdrawn. Applying is resumable: rows
    already applied carry their own state. The same guard as for one submission: another person decides.
    """

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("Menunggu verifikasi")
        APPROVED = "approved", _("Disetujui, menunggu diterapkan")
        APPLYING = "applying", _("Sedang diterapkan")
        APPLIED = "applied", _("Diterapkan")
        REJECTED = "rejected", _("Ditolak")
        WITHDRAWN = "withdrawn", _("Ditarik")

    class Kind(models.TextChoices):
        IMPORT = "import", _("Unggahan Excel")
        BULK = "bulk", _("Ubah banyak")

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(_("jenis"), max_length=6, choices=Kind, default=Kind.IMPORT, editable=False)
    title = models.CharField(_("judul"), max_length=200)
    state = models.CharField(max_length=9, choices=State, default=State.SUBMITTED, editable=False)
    total = models.PositiveIntegerField(default=0, editable=False)
    reason = models.TextField(blank=True, editable=False)
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = BatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="batch_decided_at_and_by_together",
                condition=Q(decided_at=None, decided_by=None)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="batch_not_decided_by_its_proposer",
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="batch_decided_when_decided",
                condition=Q(state__in=["submitted", "withdrawn"], decided_at=None)
                | Q(state__in=["approved", "applying", "applied", "rejected"], decided_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.title

    def lock(self):
        """Read this row again under lock."""
        self.refresh_from_db(from_queryset=Batch.objects.select_for_update())

    def _decision_reach(self, user):
        return reach(user, DECIDES[self.kind]).everywhere

    def may_decide(self, user):
        """Whether `user` may approve or reject it now: it waits, is in their hands, and not their own."""
        waiting = self.state == self.State.SUBMITTED
        return waiting and self._decision_reach(user) and self.proposed_by_id != user.pk

    def _guard_decision(self, by):
        self.lock()
        if not self._decision_reach(by):
            raise not_found()
        if self.state != self.State.SUBMITTED:
            raise Refused(
                "batch-decided",
                _("Kumpulan data ini sudah %(state)s."),
                state=self.get_state_display().lower(),
            )
        if self.proposed_by_id == by.pk:
            raise Refused("own-submission", _("Data yang Anda kirim sendiri harus diputuskan orang lain."))

    @transaction.atomic
    def approve(self, *, by):
        """Accept the whole batch; applying follows in chunks (actions.apply_batch). Raises Refused."""
        self._guard_decision(by)
        self.state, self.decided_at, self.decided_by = self.State.APPROVED, timezone.now(), by
        self.save(update_fields=["state", "decided_at", "decided_by"])
        audit.record("batch.approved", self, by=by, total=self.total)

    @transaction.atomic
    def reject(self, *, by, reason):
        """Turn the whole batch down with a reason. Raises Refused."""
        reason = clean_text(mask_long_digits(reason or ""))
        if not reason:
            raise Refused(
                "reason-missing", _("Tulis alasan penolakan."), fields={"reason": _("Isian ini wajib.")}
            )
        self._guard_decision(by)
        self.state, self.decided_at, self.decided_by = self.State.REJECTED, timezone.now(), by
        self.reason = reason[:2000]
        self.save(update_fields=["state", "decided_at", "decided_by", "reason"])
        self.submissions.update(
            status="rejected", decided_at=self.decided_at, decided_by=by, reason=self.reason
        )
        audit.record("batch.rejected", self, by=by, total=self.total)

    @transaction.atomic
    def withdraw(self, *, by):
        """Take back a batch that nobody decided yet. Raises Refused."""
        self.lock()
        if self.proposed_by_id != by.pk:
            raise not_found()
        if self.state != self.State.SUBMITTED:
            raise Refused(
                "batch-decided",
                _("Kumpulan data ini sudah %(state)s."),
                state=self.get_state_display().lower(),
            )
        self.state = self.State.WITHDRAWN
        self.save(update_fields=["state"])
        self.submissions.update(status="withdrawn", withdrawn_at=timezone.now(), withdrawn_by=by)
        audit.record("batch.withdrawn", self, by=by, total=self.total)
