"""A personal link: its bearer speaks for one business, once, until it expires, without an account."""

import base64
import binascii
import uuid
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from registry.businesses.models import Business
from registry.checks.models import CONFIRM, Check
from registry.regions.access import reach
from registry.submissions.from_owner import propose_for_owner
from registry.submissions.models import Submission
from umkm_portal.lib.errors import Refused, not_found

LIVES = timedelta(days=14)
CORRECTABLE = ("phone", "opening_hours", "address")
ANSWERS = (Check.Answer.ACTIVE, Check.Answer.TEMPORARY, Check.Answer.CLOSED)


class OwnerLinkQuerySet(models.QuerySet):
    def good(self, today=None):
        """Those that may still be answered."""
        return self.filter(used_at=None, revoked_at=None, ends_on__gte=today or timezone.localdate())

    def by_token(self, token):
        """The good link of this token, or None: for a forged, an expired and a used one alike."""
        named = read_token(token)
        rows = self.good().select_related("business__kelurahan__parent")
        return rows.filter(uuid=named, business__merged_into=None).first() if named else None


class OwnerLink(models.Model):
    """One link for the owner of one business. The row alone opens nothing: the token in the address is signed
    with SECRET_KEY and stands in no column, so that neither a dump nor a log lets anybody answer.
    """

    UNATTENDED = {"used"}  # whoever bears the link: nobody signed in

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey(Business, models.PROTECT, related_name="owner_links", editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    ends_on = models.DateField(_("berlaku sampai"), editable=False)  # inclusive
    used_at = models.DateTimeField(null=True, editable=False)
    check_made = models.ForeignKey(Check, models.PROTECT, null=True, related_name="+", editable=False)
    submission = models.ForeignKey(  # what was corrected, if anything
        Submission, models.SET_NULL, null=True, related_name="+", editable=False
    )
    revoked_at = models.DateTimeField(null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = OwnerLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("tautan pemilik")
        verbose_name_plural = _("tautan pemilik")
        indexes = [models.Index(fields=["business", "-id"], name="owner_link_business")]
        constraints = [
            models.CheckConstraint(
                name="owner_link_revoked_at_and_by_together",
                condition=Q(revoked_at=None, revoked_by=None)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
            models.CheckConstraint(
                name="owner_link_used_with_its_check",
                condition=Q(used_at=None, check_made=None)
                | Q(used_at__isnull=False, check_made__isnull=False),
            ),
            models.CheckConstraint(
                name="owner_link_not_used_and_revoked", condition=Q(used_at=None) | Q(revoked_at=None)
            ),
        ]

    def __str__(self):
        return f"{self.business_id} {self.ends_on:%Y-%m-%d}"

    @property
    def is_good(self):
        return self.used_at is None and self.revoked_at is None and self.ends_on >= timezone.localdate()

    @property
    def address(self):
        """The whole address that opens it; for the owner's eyes, in no log and no column."""
        return settings.SITE_URL.rstrip("/") + reverse("owner-link", args=[token_of(self.uuid)])

    @classmethod
    @transaction.atomic
    def make(cls, *, business, by):
        """A new link, good for LIVES; an earlier one that nobody used ends. Raises Refused: not-found."""
        if business.kelurahan_id is None or not reach(by, CONFIRM).covers(business.kelurahan_id):
            raise not_found()
        Business.objects.select_for_update(of=("self",)).get(pk=business.pk)  # the parent first, always
        cls.objects.good().filter(business=business).update(revoked_at=timezone.now(), revoked_by=by)
        link = cls(business=business, made_by=by, ends_on=timezone.localdate() + LIVES)
        link.save(force_insert=True)
        audit.record("owner-link.made", link, by=by, about=business.uuid, ends_on=link.ends_on.isoformat())
        return link

    @transaction.atomic
    def revoke(self, *, by):
        """Let nobody answer by it any more. Raises Refused: not-found, link-ended."""
        self._lock()
        if not reach(by, CONFIRM).covers(self.business.kelurahan_id):
            raise not_found()
        if not self.is_good:
            raise Refused("link-ended", _("Tautan ini sudah tidak berlaku."))
        self.revoked_at, self.revoked_by = timezone.now(), by
        self.save(update_fields=["revoked_at", "revoked_by"])
        audit.record("owner-link.revoked", self, by=by, about=self.business.uuid)

    @transaction.atomic
    def answer(self, *, answer, corrections=None, note="", by=None):
        """Keep what its bearer says, once: a Check, and what was corrected as a proposal of its own.

        `answer` one of ANSWERS, `corrections` {field: raw value} of CORRECTABLE; of a business that closed
        nothing is corrected. `by` is nobody: the link is the proof. Raises Refused: link-ended;
        ValidationError({field: message}); then nothing was written.
        """
        Business.objects.select_for_update(of=("self",)).get(pk=self.business_id)  # the parent first, always
        self._lock()
        if not self.is_good:
            raise Refused("link-ended", _("Tautan ini sudah tidak berlaku."))
        if answer not in ANSWERS:
            raise ValidationError({"answer": _("Pilih salah satu.")})
        self.business.refresh_from_db()
        self.check_made, _new = Check.record(
            business=self.business,
            answer=answer,
            via=Check.Via.OWNER,
            told_at=timezone.now(),
            by=None,
            asked_by=self.made_by,
            note=note,
        )
        told = {name: value for name, value in (corrections or {}).items() if name in CORRECTABLE and value}
        if told and answer != Check.Answer.CLOSED:
            if "phone" in told:
                told["phone_of"] = "owner"
            self.submission = propose_for_owner(
                self.business, kind="change", asked_by=self.made_by, values=told
            )
        self.used_at = timezone.now()
        self.save(update_fields=["used_at", "check_made", "submission"])
        audit.record("owner-link.answered", self, by=None, about=self.business.uuid, answer=answer)
        return self

    def _lock(self):
        self.refresh_from_db(
            from_queryset=OwnerLink.objects.select_for_update(of=("self",)).select_related("business")
        )


# ---- the token -----------------------------------------------------------------------------------


def _signer():
    return Signer(salt="registry.outreach.link", sep=".")


def token_of(identity):
    """What stands in the address for the link with this uuid: 22 letters, a point, a signature."""
    return _signer().sign(base64.urlsafe_b64encode(identity.bytes).decode().rstrip("="))


def read_token(token):
    """The uuid behind a token of ours, or None."""
    if len(token) > 100 or not token.isascii():
        return None
    try:
        plain = _signer().unsign(token)
        return uuid.UUID(bytes=base64.urlsafe_b64decode(plain + "=="))
    except (BadSignature, binascii.Error, ValueError):
        return None
