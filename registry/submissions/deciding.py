"""What a reviewer may do with a submission: return, approve, reject. Part of Submission (models.py)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from registry.businesses import fields
from registry.regions.access import reach
from registry.submissions import apply
from registry.submissions.ages import Ages
from registry.submissions.bases import is_row, item_conflicts
from registry.submissions.mending import mend
from umkm_portal.lib.errors import Refused, not_found
from umkm_portal.lib.text import clean_line, clean_text, mask_long_digits

DECIDE, DECIDE_LATE = "registry.decide_submission", "registry.decide_escalated"


class Deciding:
    """The reviewer's acts, and the guard that nobody decides what they had a hand in."""

    def obstacle_to_decide(self, user, edited=None):
        """Why `user` may not decide this now: a code of what `_guard_decision` refuses, "" when they may.

        `edited` tells whether they edited it, where that was looked up for many rows at once.
        """
        if not self._decision_reach(user):
            return "not-found"
        if self.status != self.Status.SUBMITTED:
            return "submission-decided" if self.decided_at else "submission-wrong-state"
        if self.batch_id:
            return "in-batch"
        if self._had_a_hand(user, edited):
            return "own-submission"
        return "" if self._in_time_for(user) else "not-overdue"

    def may_decide(self, user):
        """Whether this user may decide it now: waiting, in reach, and no hand of theirs in it."""
        return not self.obstacle_to_decide(user)

    def conflicts(self, belongings=None):
        """{key: (base, today, proposed)} where the registry moved on since this was proposed.

        `belongings` is bases.belongings_today of many submissions, read once for all of them.
        """
        if self.status not in (self.Status.SUBMITTED, *self.EDITABLE):
            return {}
        found = item_conflicts(self.items, belongings)
        if self.business_id:
            today = fields.current_values(self.business, self.values)
            found |= {
                name: (base, today[name], proposed)
                for name, (base, proposed) in self.values.items()
                if today[name] not in (base, proposed)
            }
        return found

    def _decision_reach(self, user):
        place = self.kelurahan_next_id or self.kelurahan_now_id
        return any(reach(user, permission).covers(place) for permission in (DECIDE, DECIDE_LATE))

    def _in_time_for(self, user):
        """The head of section decides only what nobody decided within the days the office sets itself."""
        place = self.kelurahan_next_id or self.kelurahan_now_id
        return reach(user, DECIDE).covers(place) or Ages().is_overdue(self)

    def _had_a_hand(self, user, edited=None):
        if user.pk in (self.proposed_by_id, self.submitted_by_id):
            return True
        return self.editors.filter(user=user).exists() if edited is None else edited

    def _guard_decision(self, by):
        self.lock()
        if not self._decision_reach(by):
            raise not_found()
        self._refuse_unless(self.Status.SUBMITTED)
        if self.batch_id:
            raise Refused("in-batch", _("Data ini bagian dari unggahan dan diputuskan bersama unggahannya."))
        if self._had_a_hand(by):
            raise Refused(
                "own-submission", _("Data yang Anda kirim atau ubah sendiri harus diputuskan orang lain.")
            )
        if not self._in_time_for(by):
            raise Refused(
                "not-overdue",
                _("Data ini masih dalam tenggat verifikator; Anda memutuskan yang lewat tenggat."),
            )

    @transaction.atomic
    def return_for_changes(self, *, by, notes=None, reason=""):
        """Send it back with notes on fields ({field: text}) or one reason. Raises Refused without either."""
        notes = {
            clean_line(mask_long_digits(name))[:60]: clean_text(mask_long_digits(text))[:1000]
            for name, text in (notes or {}).items()
            if clean_text(text)
        }
        reason = clean_text(mask_long_digits(reason))[:2000]
        if not notes and not reason:
            raise Refused("note-missing", _("Tulis catatan pada isian yang perlu diperbaiki."))
        self._guard_decision(by)
        self.status, self.returned_at, self.returned_by = self.Status.RETURNED, timezone.now(), by
        self.notes, self.reason = notes, reason
        self.save(update_fields=["status", "returned_at", "returned_by", "notes", "reason"])
        audit.record("submission.returned", self, by=by, about=self.business_uuid, notes=notes, reason=reason)

    @transaction.atomic
    def approve(self, *, by, keep=(), take=(), reason="", mends=None):
        """Accept and apply. Where the registry moved on since this was proposed, the reviewer chooses:
        `keep` names what stays as it is today, `take` what is overwritten all the same (keys of `conflicts`).
        `mends` {key: value} corrects what was proposed, and `reason` says why (mending.py).

        Raises Refused: conflict (with `fields`) unless the reviewer has chosen, row-gone, move-not-agreed,
        not-mendable, mend-invalid, mend-unexplained, and what apply refuses.
        """
        self._guard_decision(by)
        reason = clean_text(mask_long_digits(reason or ""))[:2000]
        self._refuse_without_agreement(reason)
        self.lock_business()
        conflicts = self.conflicts()
        if unsettled := set(conflicts) - set(keep) - set(take):
            raise Refused(
                "conflict",
                _("Data usaha berubah sejak diusulkan. Pilih nilai yang benar untuk isian yang berbeda."),
                fields={name: _("Nilai sekarang berbeda dari saat diusulkan.") for name in sorted(unsettled)},
            )
        gone = {key for key, (_base, today, _new) in conflicts.items() if today is None and is_row(key)}
        if gone - set(keep):
            raise Refused(
                "row-gone",
                _("Baris ini sudah diakhiri. Biarkan berakhir, atau minta pengirim menambah yang baru."),
                fields={key: _("Baris ini sudah diakhiri.") for key in sorted(gone)},
            )
        self.mends = mend(self, mends) if mends else {}
        if self.mends and not reason:
            raise Refused(
                "mend-unexplained",
                _("Sebut apa yang Anda perbaiki; pengirim membacanya."),
                fields={"reason": _("Isian ini wajib.")},
            )
        apply.apply_all([self], by=by, keep={self.pk: set(keep)})
        self._decide(self.Status.APPROVED, by=by, reason=reason)
        self.save(
            update_fields=[
                "status",
                "decided_at",
                "decided_by",
                "reason",
                "business",
                "values",
                "items",
                "mends",
                "title",
            ]
        )
        audit.record(
            "submission.approved",
            self,
            by=by,
            about=self.business_uuid,
            kind=self.kind,
            kept=sorted(keep),
            mended=sorted(self.mends),
            reason=reason,
        )

    def _decide(self, status, *, by, reason=""):
        self.status, self.decided_at, self.decided_by = status, timezone.now(), by
        self.reason = clean_text(mask_long_digits(reason))[:2000]

    @transaction.atomic
    def reject(self, *, by, reason):
        """Turn it down with a reason that the proposer reads. Raises Refused."""
        if not clean_text(reason or ""):
            raise Refused(
                "reason-missing", _("Tulis alasan penolakan."), fields={"reason": _("Isian ini wajib.")}
            )
        self._guard_decision(by)
        self._decide(self.Status.REJECTED, by=by, reason=reason)
        self.save(update_fields=["status", "decided_at", "decided_by", "reason"])
        audit.record("submission.rejected", self, by=by, about=self.business_uuid, reason=self.reason)
