"""Tips: words of a visitor about one business, and what became of them."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from registry.businesses.models import Business
from registry.regions.access import reach, within_reach
from registry.submissions.from_public import propose_closing
from registry.submissions.models import Submission
from umkm_portal.lib.errors import Refused, not_found
from umkm_portal.lib.sealed_fields import SealedTextField
from umkm_portal.lib.sealing import lookup
from umkm_portal.lib.text import clean_line, clean_text, fold, mask_long_digits

HANDLE = "registry.handle_tip"
MOST_A_DAY = 5  # new tips about one business on one day; what is said again counts as the same tip
SAME_WITHIN = timedelta(days=30)
MOST_TIMES = 9_999
WORDS_LENGTH, CONTACT_LENGTH, REASON_LENGTH = 1000, 200, 1000


class TipQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Tips `user` may read and handle: about businesses in the kelurahan of their posts."""
        return within_reach(self, user, HANDLE, column="business__kelurahan")

    def waiting(self):
        """Nobody has proposed anything for them, or what was proposed came to nothing by being taken back."""
        unled = Q(submission=None) | Q(submission__status=Submission.Status.WITHDRAWN)
        return self.filter(unled, dismissed_at=None)

    def under_way(self):
        """A proposal they led to waits for a decision, or to be finished by its author."""
        return self.filter(
            dismissed_at=None, submission__status__in=[Submission.Status.DRAFT, *Submission.OPEN]
        )

    def handled(self):
        """Dismissed, or decided by way of a proposal."""
        return self.filter(
            Q(dismissed_at__isnull=False)
            | Q(submission__status__in=[Submission.Status.APPROVED, Submission.Status.REJECTED])
        )


class Tip(models.Model):
    """One visitor's report about one business. It changes nothing by itself: people propose because of it.

    The report of a closed business is a proposal to close it at the same time, through the one door
    (submissions/from_public.py); every other kind is words that somebody has to look into.
    """

    class Kind(models.TextChoices):
        CLOSED = "closed", _("Usaha ini sudah tutup")
        MOVED = "moved", _("Usaha ini sudah pindah")
        WRONG = "wrong", _("Telepon, alamat atau keterangan lain salah")
        NOT_MINE = "not_mine", _("Ini data saya: bukan usaha saya, atau saya minta dihapus")
        OTHER = "other", _("Lainnya")

    UNATTENDED = {"received"}  # from the public: nobody is named

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey(Business, models.PROTECT, related_name="tips", editable=False)
    kind = models.CharField(_("jenis"), max_length=8, choices=Kind, editable=False)
    words = SealedTextField(_("keterangan"), blank=True, editable=False)
    words_lookup = models.CharField(max_length=64, editable=False)  # finds the same words again
    contact = SealedTextField(_("kontak pelapor"), blank=True, editable=False)
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    times = models.PositiveSmallIntegerField(default=1, editable=False)  # how often it was said
    last_on = models.DateField(default=timezone.localdate, editable=False)
    submission = models.ForeignKey(  # a draft that nobody finished is deleted: then the tip waits again
        Submission, models.SET_NULL, null=True, related_name="tips", editable=False
    )
    dismissed_at = models.DateTimeField(null=True, editable=False)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    reason = SealedTextField(_("alasan"), blank=True, editable=False)

    objects = TipQuerySet.as_manager()

    class Meta:
        verbose_name = _("masukan masyarakat")
        verbose_name_plural = _("masukan masyarakat")
        permissions = [("handle_tip", _("Menangani masukan masyarakat"))]
        indexes = [models.Index(fields=["received_at", "id"], name="tip_received")]
        constraints = [
            models.CheckConstraint(
                name="tip_dismissed_at_and_by_together",
                condition=Q(dismissed_at=None, dismissed_by=None)
                | Q(dismissed_at__isnull=False, dismissed_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} ({self.received_at:%Y-%m-%d})"

    def get_absolute_url(self):
        return reverse("tip-detail", args=[self.uuid])

    @property
    def is_waiting(self):
        """Whether somebody still has to propose something or dismiss it."""
        led = self.submission_id is not None and self.submission.status != Submission.Status.WITHDRAWN
        return self.dismissed_at is None and not led

    def set_lookup(self):
        """The column by which the same words about the same thing are found again."""
        self.words_lookup = lookup("tip", f"{self.kind} {fold(self.words)}")

    @classmethod
    @transaction.atomic
    def receive(cls, *, business, kind, words="", contact="", by=None):
        """Keep what a visitor says about a public business, and return the tip.

        Said again in the same words within SAME_WITHIN, while it is not handled, it is the same tip, said
        once more. A closing becomes a proposal as well. `by` is nobody: the form needs no account. Raises
        Refused: tips-enough when this business was reported MOST_A_DAY times today.
        """
        Business.objects.select_for_update(of=("self",)).get(pk=business.pk)  # the parent first, always
        words = clean_text(mask_long_digits(words))[:WORDS_LENGTH]
        contact = clean_line(mask_long_digits(contact))[:CONTACT_LENGTH]
        tip = cls(business=business, kind=kind, words=words, contact=contact)
        tip.set_lookup()
        since = timezone.now() - SAME_WITHIN
        same = cls.objects.filter(business=business, words_lookup=tip.words_lookup, received_at__gte=since)
        known = (same.waiting() | same.under_way()).order_by("-pk").first()
        if known is not None:
            return known._again(contact)
        today = cls.objects.filter(business=business, received_at__date=timezone.localdate())
        if today.count() >= MOST_A_DAY:
            raise Refused(
                "tips-enough",
                _(
                    "Usaha ini sudah dilaporkan beberapa kali hari ini dan petugas akan memeriksanya. "
                    "Kirim lagi besok bila ada yang belum tersampaikan."
                ),
            )
        if kind == cls.Kind.CLOSED:
            tip.submission = propose_closing(business, words=words)
        tip.save(force_insert=True)
        audit.record("tip.received", tip, by=by, about=business.uuid, tip=kind)
        return tip

    def _again(self, contact):
        self.times = min(self.times + 1, MOST_TIMES)
        self.last_on = timezone.localdate()
        if contact and not self.contact:
            self.contact = contact
        self.save(update_fields=["times", "last_on", "contact"])
        return self

    def _guard(self, by):
        self.refresh_from_db(from_queryset=Tip.objects.select_for_update(of=("self",)))
        if not reach(by, HANDLE).covers(self.business.kelurahan_id):
            raise not_found()
        if not self.is_waiting:
            raise Refused("tip-handled", _("Masukan ini sudah ditangani. Muat ulang halamannya."))

    @transaction.atomic
    def lead_to(self, submission, *, by):
        """Mark that `submission`, about the same business, was made because of this.

        Raises Refused: not-found (out of reach, another business's), tip-handled.
        """
        self._guard(by)
        if submission.business_id != self.business_id:
            raise not_found()
        self.submission = submission
        self.save(update_fields=["submission"])
        audit.record("tip.led", self, by=by, about=self.business.uuid, kind=submission.kind)

    @transaction.atomic
    def dismiss(self, *, by, reason):
        """Say that it is not so, or asks for nothing. Raises Refused: reason-missing, not-found,
        tip-handled."""
        reason = clean_text(mask_long_digits(reason or ""))[:REASON_LENGTH]
        if not reason:
            raise Refused("reason-missing", _("Tulis alasannya."), fields={"reason": _("Isian ini wajib.")})
        self._guard(by)
        self.dismissed_at, self.dismissed_by, self.reason = timezone.now(), by, reason
        self.save(update_fields=["dismissed_at", "dismissed_by", "reason"])
        audit.record("tip.dismissed", self, by=by, about=self.business.uuid, reason=reason)
