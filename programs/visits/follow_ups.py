"""Follow-ups: each problem found goes to a responsible organisation with a day by which it is due."""

import uuid
from functools import partial

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from programs.partners.models import Organisation
from programs.visits.due import due_after
from programs.visits.models import Visit
from registry.businesses.models import Business
from registry.regions.access import reach, within_reach
from registry.regions.models import Region
from registry.reports.models import VisitRequest
from registry.reports.needs import Need
from registry.submissions.photos import reencode
from umkm_portal.lib.errors import Refused, not_found
from umkm_portal.lib.once import insert_once
from umkm_portal.lib.sealed_fields import SealedTextField
from umkm_portal.lib.text import clean_text, mask_long_digits

VIEW = "programs.view_followup"
ANSWER = "programs.answer_followup"  # the office's: opens, hands over, closes any
HANDED = "programs.answer_handed"  # another office's: only what was handed to it
TEXT_LENGTH = 4000
USUAL_WORKING_DAYS = 10


class FollowUpQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Follow-ups of the kelurahan of one's posts, and those handed to an organisation one acts for."""
        rows = within_reach(self, user, VIEW)
        if not reach(user, HANDED):
            return rows
        handed = self.handed_to(user)
        if not reach(user, VIEW):
            return handed
        return self.filter(Q(pk__in=rows.values("pk")) | Q(pk__in=handed.values("pk")))

    def handed_to(self, user):
        """Those that wait at (or were solved by) an organisation `user` acts for, where their post lies:
        somebody of Sahabat UMKM with a post in one kecamatan answers for that kecamatan."""
        mine = self.filter(organisation__in=Organisation.objects.of(user).values("pk"))
        return within_reach(mine, user, HANDED)

    def mine(self, user):
        """Those `user` opened, and those of an organisation they act for."""
        return self.filter(Q(opened_by=user) | Q(organisation__in=Organisation.objects.of(user).values("pk")))

    def open(self):
        return self.filter(state__in=FollowUp.OPEN)

    def overdue(self, today=None):
        """Open past their day."""
        return self.open().filter(due_on__lt=today or timezone.localdate())

    def for_list(self):
        return self.select_related("kelurahan__parent", "business", "organisation", "visit")


class FollowUp(models.Model):
    """One problem, who solves it and by when. Closed with evidence by the responsible organisation's own
    account, or by the office."""

    class State(models.TextChoices):
        OPEN = "open", _("Terbuka")
        ANSWERED = "answered", _("Dijawab")
        CLOSED = "closed", _("Selesai")
        DROPPED = "dropped", _("Tidak dilanjutkan")

    OPEN = (State.OPEN, State.ANSWERED)
    UNATTENDED = {"escalated"}  # by the clock

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="follow_ups", editable=False)
    request = models.ForeignKey(
        VisitRequest, models.PROTECT, null=True, related_name="follow_ups", editable=False
    )
    business = models.ForeignKey(Business, models.PROTECT, null=True, related_name="+", editable=False)
    kelurahan = models.ForeignKey(Region, models.PROTECT, related_name="+", editable=False)
    need = models.CharField(_("jenis masalah"), max_length=10, choices=Need)
    problem = SealedTextField(_("masalah"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="follow_ups", verbose_name=_("penanggung jawab")
    )
    due_on = models.DateField(_("tenggat"))
    state = models.CharField(_("status"), max_length=8, choices=State, default=State.OPEN, editable=False)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    escalated_at = models.DateTimeField(null=True, editable=False)  # told to the head of section: overdue
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    evidence = SealedTextField(_("bukti atau hasil"), blank=True, editable=False)
    evidence_photo = models.FileField(max_length=200, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("tindak lanjut")
        verbose_name_plural = _("tindak lanjut")
        permissions = [
            ("answer_followup", _("Membuat, meneruskan dan menutup tindak lanjut")),
            ("answer_handed", _("Menjawab dan menutup masalah yang diserahkan ke instansinya")),
        ]
        indexes = [
            models.Index(fields=["state", "due_on"], name="follow_up_state_due"),
            models.Index(fields=["organisation", "state", "due_on"], name="follow_up_office"),
            models.Index(fields=["kelurahan", "state"], name="follow_up_place"),
        ]
        constraints = [
            models.CheckConstraint(
                name="follow_up_closed_at_and_by_together",
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="follow_up_closed_fits",
                condition=Q(state__in=["open", "answered"], closed_at=None)
                | Q(state__in=["closed", "dropped"], closed_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.get_need_display()} ({self.due_on:%Y-%m-%d})"

    def get_absolute_url(self):
        return reverse("follow-up", args=[self.uuid])

    @property
    def mark(self):
        """Its key in the table of states people see (lib/statuses.py)."""
        return f"follow_up_{self.state}"

    @property
    def is_open(self):
        return self.state in self.OPEN

    def is_overdue(self, today=None):
        return self.is_open and self.due_on < (today or timezone.localdate())

    @classmethod
    @transaction.atomic
    def open_for(
        cls, *, need, problem, organisation, by, visit=None, request=None, business=None, kelurahan=None,
        working_days=USUAL_WORKING_DAYS, uuid=None,
    ):  # fmt: skip
        """Open one for a problem found at a visit, told in a request, or neither (then `kelurahan`).

        Due `working_days` after today, by the city's holidays; the same `uuid` by the same user is the same
        follow-up. Raises Refused: not-found, problem-missing, organisation-ended, uuid-taken,
        days-out-of-range (1 to 60).
        """
        business = business or (visit.business if visit else request.business if request else None)
        place = visit or request
        kelurahan = place.kelurahan if place else business.kelurahan if business else kelurahan
        if kelurahan is None or not reach(by, ANSWER).covers(kelurahan.pk):
            raise not_found()
        problem = clean_text(mask_long_digits(problem or ""))[:TEXT_LENGTH]
        if not problem:
            message = _("Tulis masalahnya.")
            raise Refused("problem-missing", message, fields={"problem": message})
        cls._refuse_ended(organisation)
        if uuid is not None and (known := cls.objects.filter(uuid=uuid).first()):
            return known._again(by)
        row = cls(
            visit=visit,
            request=request or (visit.request if visit else None),
            business=business,
            kelurahan=kelurahan,
            need=need,
            problem=problem,
            organisation=organisation,
            due_on=due_after(working_days),
            opened_by=by,
        )
        if uuid is not None:
            row.uuid = uuid
        kept, new = insert_once(row)
        if not new:
            return kept._again(by)
        row._say("opened", by, to=organisation.short_name)
        return row

    def _again(self, by):
        if self.opened_by_id != by.pk:
            raise Refused("uuid-taken", _("Tanda tindak lanjut ini sudah dipakai. Buat yang baru."))
        return self

    @transaction.atomic
    def hand_over(self, organisation, *, by, reason, working_days=None):
        """Give it to another organisation, with a new day when `working_days` is given. Raises Refused:
        not-found, follow-up-done, reason-missing."""
        self._guard(by, office=True)
        reason = self._words(reason)
        if self.organisation_id == organisation.pk:
            raise Refused("same-organisation", _("Tindak lanjut ini sudah ada pada instansi itu."))
        self._refuse_ended(organisation)
        self.organisation, self.state = organisation, self.State.OPEN
        if working_days:
            self.due_on, self.escalated_at = due_after(working_days), None
        self._save("organisation", "state", "due_on", "escalated_at")
        self._say("handed-over", by, reason, to=organisation.short_name)

    @transaction.atomic
    def reply(self, *, by, text):
        """Say how it stands, without closing it. Raises Refused: not-found, follow-up-done,
        reason-missing."""
        self._guard(by)
        text = self._words(text)
        self.state = self.State.ANSWERED
        self._save("state")
        self._say("answered", by, text)

    @transaction.atomic
    def close(self, *, by, evidence, photo=None):
        """Solved: in words, with a photo where there is one. Raises Refused: not-found, follow-up-done,
        reason-missing and those of `reencode`."""
        self._guard(by)
        words, picture = self._words(evidence), reencode(photo) if photo is not None else None
        self.evidence = words  # only now: what was refused must not look recorded on the page
        names = ["state", "evidence", "evidence_photo", "closed_at", "closed_by"]
        if before := self.evidence_photo.name:  # of an earlier closing, which was taken back
            transaction.on_commit(partial(self.evidence_photo.storage.delete, before))
        self.evidence_photo = ""
        if picture is not None:
            kept = f"follow-ups/{self.uuid.hex[:2]}/{uuid.uuid4()}.jpg"
            self.evidence_photo.save(kept, picture.content, save=False)
        self.state, self.closed_at, self.closed_by = self.State.CLOSED, timezone.now(), by
        self._save(*names)
        self._say("closed", by, self.evidence)

    @transaction.atomic
    def drop(self, *, by, reason):
        """Nothing will come of it, and why. The office only. Raises Refused as `close`."""
        self._guard(by, office=True)
        self.evidence = self._words(reason)
        self.state, self.closed_at, self.closed_by = self.State.DROPPED, timezone.now(), by
        self._save("state", "evidence", "closed_at", "closed_by")
        self._say("dropped", by, self.evidence)

    @transaction.atomic
    def reopen(self, *, by, reason):
        """It was not solved after all. The office only. Raises Refused: not-found, follow-up-open."""
        self._lock()
        if not reach(by, ANSWER).covers(self.kelurahan_id):
            raise not_found()
        if self.is_open:
            raise Refused("follow-up-open", _("Tindak lanjut ini masih terbuka."))
        reason = self._words(reason)
        self.state, self.closed_at, self.closed_by = self.State.OPEN, None, None
        self.escalated_at = None  # told anew when it is late again
        self._save("state", "closed_at", "closed_by", "escalated_at")
        self._say("reopened", by, reason)

    @classmethod
    def escalate_overdue(cls, now=None):
        """By the clock, once each: mark what is past its day, so that the head of section is told. Returns
        how many."""
        now = now or timezone.now()
        late = cls.objects.overdue(timezone.localdate(now)).filter(escalated_at=None)
        count = 0
        for row in late.order_by("pk").iterator(chunk_size=500):
            with transaction.atomic():
                changed = cls.objects.filter(pk=row.pk, escalated_at=None).update(escalated_at=now)
                if changed:
                    row._say("escalated", None)
                    count += 1
        return count

    # ---- what the acts share -----------------------------------------------------------------------

    def may_answer(self, user):
        """Whether `user` may reply and close: the office in its reach, or who acts for the organisation."""
        if reach(user, ANSWER).covers(self.kelurahan_id):
            return True
        return reach(user, HANDED).covers(self.kelurahan_id) and (
            Organisation.objects.of(user).filter(pk=self.organisation_id).exists()
        )

    def may_manage(self, user):
        """Whether `user` may hand it over, drop and reopen it: the office in its reach."""
        return reach(user, ANSWER).covers(self.kelurahan_id)

    @staticmethod
    def _refuse_ended(organisation):
        if organisation.ended_on is not None:
            message = _("Instansi itu tidak dipakai lagi. Pilih yang lain.")
            raise Refused("organisation-ended", message, fields={"organisation": message})

    def _lock(self):
        self.refresh_from_db(from_queryset=FollowUp.objects.select_for_update(of=("self",)))

    def _guard(self, by, *, office=False):
        self._lock()
        if not (reach(by, ANSWER).covers(self.kelurahan_id) if office else self.may_answer(by)):
            raise not_found()
        if not self.is_open:
            raise Refused(
                "follow-up-done",
                _("Tindak lanjut ini sudah %(state)s. Muat ulang halamannya."),
                state=str(self.get_state_display()).lower(),
            )

    @staticmethod
    def _words(text):
        text = clean_text(mask_long_digits(text or ""))[:TEXT_LENGTH]
        if not text:
            raise Refused("reason-missing", _("Tulis keterangannya."), fields={"text": _("Isian ini wajib.")})
        return text

    def _say(self, act, by, text="", **detail):
        """One line of its history, and of the audit trail (without the words)."""
        FollowUpNote(follow_up=self, act=act, text=text, told_by=by, organisation=self.organisation).save()
        about = self.business.uuid if self.business_id else None
        audit.record(f"follow-up.{act}", self, by=by, about=about, **detail)

    def _save(self, *names):
        self.version += 1
        self.save(update_fields=[*names, "version"])


class FollowUpNote(models.Model):
    """One step in a follow-up's history; the officer whose kelurahan it is reads every one."""

    UNATTENDED = {"told"}  # escalated by the clock

    follow_up = models.ForeignKey(FollowUp, models.CASCADE, related_name="history", editable=False)
    act = models.CharField(max_length=11, editable=False)
    text = SealedTextField(blank=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", editable=False)
    told_at = models.DateTimeField(default=timezone.now, editable=False)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    ACTS = {
        "opened": _("Dibuat"),
        "handed-over": _("Diteruskan"),
        "answered": _("Dijawab"),
        "escalated": _("Lewat tenggat, disampaikan kepada kepala seksi"),
        "closed": _("Selesai"),
        "dropped": _("Tidak dilanjutkan"),
        "reopened": _("Dibuka kembali"),
    }

    class Meta:
        indexes = [models.Index(fields=["follow_up", "id"], name="follow_up_note_row")]

    def __str__(self):
        return self.act

    @property
    def title(self):
        return self.ACTS[self.act]
