"""Checks: somebody looked whether a business is still there. The printed sheets stand in sheets.py."""

import uuid
from functools import partial

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from registry.businesses.choices import OperatingState
from registry.businesses.models import Business
from registry.checks.closing import propose_what_was_seen
from registry.checks.undoing import day_without
from registry.regions.access import covers_on, within_reach
from registry.regions.models import Region
from registry.reports.times import refuse_day_long_ago, refuse_future, refuse_long_ago
from registry.submissions.models import Submission
from umkm_portal.lib.errors import Refused, not_found
from umkm_portal.lib.once import insert_once
from umkm_portal.lib.sealed_fields import SealedTextField
from umkm_portal.lib.text import clean_text, mask_long_digits

CONFIRM = "registry.confirm_business"
VIEW = "registry.view_check"
NOTE_LENGTH = 500
NOT_FOUND_TWICE = 2  # "tidak ketemu" this often in a row, on different days, makes it stale (DOMAIN)


BY_HAND = [("walk", _("Keliling RW")), ("chat", _("Jawaban WhatsApp"))]  # what a phone may say it came by


class CheckQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Checks `user` may read: of businesses in the kelurahan of their posts."""
        return within_reach(self, user, VIEW)

    def standing(self):
        """Those not taken back."""
        return self.filter(taken_back_at=None)


class Check(models.Model):
    """One answer to "masih aktif?" about one business on one day.

    Being active is recorded at once (Business.confirm_active); every other answer proposes through the one
    door or, where nobody knows enough to propose ("pindah", "tidak ketemu"), stays a dated finding.
    """

    class Answer(models.TextChoices):
        ACTIVE = "active", _("Aktif")
        TEMPORARY = "temporary", _("Tutup sementara")
        CLOSED = "closed", _("Tutup permanen")
        MOVED = "moved", _("Pindah")
        NOT_FOUND = "not_found", _("Tidak ketemu")

    class Via(models.TextChoices):
        WALK = "walk", _("Keliling RW")
        SHEET = "sheet", _("Lembar RW")
        OWNER = "owner", _("Pemilik lewat tautan")
        CHAT = "chat", _("Jawaban WhatsApp")
        VISIT = "visit", _("Kunjungan")

    # by whom it arrived is told_by, who is empty for the owner's own answer by link
    UNATTENDED = {"received", "told"}

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey(Business, models.PROTECT, related_name="checks", editable=False)
    kelurahan = models.ForeignKey(
        Region, models.PROTECT, related_name="checks", editable=False
    )  # on that day
    rw = models.PositiveSmallIntegerField(null=True, editable=False)
    answer = models.CharField(_("jawaban"), max_length=9, choices=Answer, editable=False)
    via = models.CharField(_("lewat"), max_length=5, choices=Via, editable=False)
    seen_on = models.DateField(_("dilihat"), editable=False)
    note = SealedTextField(_("catatan"), blank=True, editable=False)
    told_at = models.DateTimeField(editable=False)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    submission = models.ForeignKey(  # what it proposed; a draft nobody finished is deleted
        Submission, models.SET_NULL, null=True, related_name="checks", editable=False
    )
    confirms = models.BooleanField(default=False, editable=False)  # it dated the business's confirmation
    confirmed_before = models.DateField(null=True, editable=False)  # what stood there before it did
    taken_back_at = models.DateTimeField(null=True, editable=False)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = CheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("pemeriksaan masih aktif")
        verbose_name_plural = _("pemeriksaan masih aktif")
        indexes = [
            models.Index(fields=["kelurahan", "seen_on"], name="check_place_day"),
            models.Index(fields=["business", "-seen_on", "-id"], name="check_business_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="check_taken_back_at_and_by_together",
                condition=Q(taken_back_at=None, taken_back_by=None)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
            ),
            models.CheckConstraint(
                name="check_told_by_somebody_or_the_owner",
                condition=Q(told_by__isnull=False) | Q(via="owner"),
            ),
        ]

    def __str__(self):
        return f"{self.get_answer_display()} {self.seen_on:%Y-%m-%d}"

    @classmethod
    def record(cls, *, business, answer, via, told_at, by, asked_by=None, uuid=None, seen_on=None, note=""):
        """Keep an answer; returns (check, whether it is new). The same `uuid` is the same answer.

        `told_at` is an aware datetime by the phone's clock, `seen_on` the day meant (default: that day).
        `by` None only for the owner's own link, whose caller has checked it and names in `asked_by` who made
        it. A post held on `seen_on` suffices. A proposal already open counts as this answer's. Raises
        Refused: not-found, unplaced, uuid-taken, told-in-future, told-long-ago.
        """
        # what is here already is answered first: by the time it is sent again, the business may have moved
        if uuid is not None and (mine := cls.objects.filter(uuid=uuid, told_by=by).first()):
            return mine._again(by, business), False
        refuse_future(told_at)
        refuse_long_ago(told_at)
        seen_on = seen_on or timezone.localdate(told_at)
        refuse_day_long_ago(seen_on, "seen_on")
        if seen_on > timezone.localdate():
            message = _("Tanggal dilihat tidak boleh di masa depan.")
            raise Refused("told-in-future", message, fields={"seen_on": message})
        if by is not None and not covers_on(by, CONFIRM, business.kelurahan_id, seen_on):
            raise not_found()
        if business.kelurahan_id is None:
            raise Refused("unplaced", _("Usaha ini belum punya kelurahan. Lengkapi tempatnya dulu."))
        if uuid is not None and (existing := cls.objects.filter(uuid=uuid).first()):
            return existing._again(by, business), False
        check = cls(
            business=business,
            kelurahan=business.kelurahan,
            rw=business.rw,
            answer=answer,
            via=via,
            seen_on=seen_on,
            note=clean_text(mask_long_digits(note or ""))[:NOTE_LENGTH],
            told_at=told_at,
            told_by=by,
        )
        if uuid is not None:
            check.uuid = uuid
        kept, new = insert_once(check, partial(check._settle, by, asked_by))
        return (kept, True) if new else (kept._again(by, business), False)

    def _again(self, by, business):
        if self.told_by_id != (by.pk if by else None) or self.business_id != business.pk:
            raise Refused("uuid-taken", _("Tanda jawaban ini sudah dipakai. Buat jawaban baru."))
        return self

    def _settle(self, by, asked_by):
        """Write the row, then what follows from the answer, all or nothing. The business is locked first: of
        two who find it closed at once, the second finds what the first proposed."""
        self.business.refresh_from_db(from_queryset=Business.objects.select_for_update(of=("self",)))
        if self.answer == self.Answer.ACTIVE and self.business.operating_state != OperatingState.CLOSED:
            self.confirms, self.confirmed_before = True, self.business.last_confirmed_on
        self.save(force_insert=True)
        audit.record(
            "check.recorded", self, by=by, about=self.business.uuid, answer=self.answer, via=self.via,
            on=self.seen_on.isoformat(),
        )  # fmt: skip
        if self.confirms:
            self.business.confirm_active(on=self.seen_on, by=by)
        self.submission = propose_what_was_seen(self, by=by, asked_by=asked_by)
        if self.submission is not None:
            self.save(update_fields=["submission"])

    @transaction.atomic
    def take_back(self, *, by):
        """Undo a slip of the thumb on the same day, by its author: the finding no longer counts, what it
        proposed, still undecided, is withdrawn, and the business's confirmation gets the date it had before,
        unless something else confirms that day. Raises Refused: not-found, check-settled."""
        business = Business.objects.select_for_update(of=("self",)).get(pk=self.business_id)  # first, always
        self.refresh_from_db(from_queryset=Check.objects.select_for_update(of=("self",)))
        if self.told_by_id != by.pk:
            raise not_found()
        if self.taken_back_at or timezone.localdate(self.received_at) != timezone.localdate():
            raise Refused("check-settled", _("Jawaban ini sudah tidak dapat dibatalkan. Jawab lagi saja."))
        if self._alone_led_to_its_proposal(by):
            self.submission.withdraw(by=by)
        self.taken_back_at, self.taken_back_by = timezone.now(), by
        self.save(update_fields=["taken_back_at", "taken_back_by"])
        if self.confirms:
            business.unconfirm(on=self.seen_on, before=day_without(self, business), by=by)
        audit.record("check.taken-back", self, by=by, about=self.business.uuid)

    def _alone_led_to_its_proposal(self, by):
        """Whether what it proposed is its author's, undecided, and no other answer stands on it. What they
        had proposed by hand before anybody answered is none of its own."""
        if self.submission_id is None or self.submission.proposed_by_id != by.pk:
            return False
        if self.submission.proposed_at < self.submission.checks.earliest("pk").received_at:
            return False
        others = Check.objects.standing().filter(submission=self.submission_id).exclude(pk=self.pk)
        return self.submission.may_withdraw(by) and not others.exists()
