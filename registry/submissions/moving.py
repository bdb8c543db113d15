"""A move needs the consent of the kelurahan that receives the business. Part of Submission (models.py)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from registry.regions.access import reach
from registry.regions.models import Post
from registry.regions.roles import PERMISSIONS, Role
from registry.submissions.ages import Ages
from umkm_portal.lib.errors import Refused, not_found
from umkm_portal.lib.text import clean_text, mask_long_digits

PROPOSE = "registry.propose_submission"
OFFICERS = [role for role in Role if PROPOSE in PERMISSIONS[role] and role.levels == {"kelurahan"}]


class Moving:
    """The receiving kelurahan's acts on a move (ARCHITECTURE: "the receiving kelurahan agrees")."""

    def needs_agreement(self):
        """Whether the receiving kelurahan has still to agree. Who proposes from there has agreed already."""
        if self.kind != self.Kind.MOVE or self.agreed_at or self.kelurahan_next_id is None:
            return False
        return self.proposed_by is None or not self._receives(self.proposed_by)

    def _receives(self, user):
        return self.kelurahan_next_id in reach(user, PROPOSE).kelurahan

    def may_agree(self, user):
        """Whether `user` may agree to this move now, or decline it: an officer of the receiving kelurahan."""
        waiting = self.status == self.Status.SUBMITTED and self.needs_agreement()
        return waiting and user.pk != self.proposed_by_id and self._receives(user)

    def agreement_may_be_missing(self):
        """Whether a reason may stand for the consent: nobody serves there, or nobody answered in time."""
        served = Post.objects.current().filter(role__in=OFFICERS, region=self.kelurahan_next_id)
        return not served.exists() or Ages().is_overdue(self)

    def _guard_agreement(self, by):
        self.lock()
        if not type(self).objects.visible_to(by).filter(pk=self.pk).exists() or not self._receives(by):
            raise not_found()
        self._refuse_unless(self.Status.SUBMITTED)
        if not self.may_agree(by):
            raise Refused("move-agreed", _("Perpindahan ini tidak menunggu persetujuan Anda."))

    @transaction.atomic
    def agree(self, *, by):
        """The receiving kelurahan takes the business over; a reviewer still decides. Raises Refused."""
        self._guard_agreement(by)
        self.agreed_at, self.agreed_by = timezone.now(), by
        self.save(update_fields=["agreed_at", "agreed_by"])
        audit.record("submission.move-agreed", self, by=by, about=self.business_uuid)

    @transaction.atomic
    def decline_move(self, *, by, reason):
        """The receiving kelurahan does not take it over: back to the proposer with the reason."""
        reason = clean_text(mask_long_digits(reason or ""))[:2000]
        if not reason:
            raise Refused("reason-missing", _("Tulis alasannya."), fields={"reason": _("Isian ini wajib.")})
        self._guard_agreement(by)
        self.status, self.returned_at, self.returned_by = self.Status.RETURNED, timezone.now(), by
        self.notes, self.reason = {}, reason
        self.save(update_fields=["status", "returned_at", "returned_by", "notes", "reason"])
        audit.record("submission.move-declined", self, by=by, about=self.business_uuid, reason=reason)

    def _refuse_without_agreement(self, reason):
        if not self.needs_agreement() or (reason and self.agreement_may_be_missing()):
            return
        if self.agreement_may_be_missing():
            raise Refused(
                "move-not-agreed",
                _("Kelurahan penerima belum menjawab. Bila tetap disetujui, tulis alasannya."),
                fields={"reason": _("Tulis mengapa disetujui tanpa jawaban kelurahan penerima.")},
            )
        raise Refused("move-not-agreed", _("Kelurahan penerima belum menyetujui perpindahan ini."))
