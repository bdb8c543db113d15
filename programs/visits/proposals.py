"""Proposals from forums (usulan): what people asked for at a Ngombe, a Musrenbang or a Muskelsus."""

import re
import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import AuditEntry
from registry.businesses.models import Business
from registry.regions.access import covers_on, reach, within_reach
from registry.regions.models import Region
from registry.reports.needs import Need
from registry.reports.times import refuse_day_long_ago, refuse_future, refuse_long_ago
from umkm_portal.lib.errors import Refused, not_found
from umkm_portal.lib.once import insert_once
from umkm_portal.lib.sealed_fields import SealedTextField
from umkm_portal.lib.text import clean_line, clean_text, has_long_digits, mask_long_digits

VIEW = "programs.view_proposal"
LOG = "programs.log_proposal"
ANSWER = "programs.answer_proposal"
TEXT_LENGTH, PUBLIC_LENGTH = 4000, 200
# A phone number: not the noughts of "Rp2.000.000.000".
PHONE = re.compile(r"(?<![\d.,])(?:\+?62|0)(?:[ .()\-]{0,2}\d){7,12}(?!\d)")


def _spoken(text):
    """What was asked for, as it is kept. Raises Refused text-missing."""
    text = clean_text(mask_long_digits(text or ""))[:TEXT_LENGTH]
    if not text:
        message = _("Tulis usulannya.")
        raise Refused("text-missing", message, fields={"text": message})
    return text


def _hall(place):
    return clean_line(mask_long_digits(place or ""))[:200]


def _refuse_forum_on(day):
    """Raises Refused told-in-future, told-long-ago for a day on which no forum was held."""
    if day > timezone.localdate():
        message = _("Tanggal forum tidak boleh di masa depan.")
        raise Refused("told-in-future", message, fields={"held_on": message})
    refuse_day_long_ago(day, "held_on")


class ProposalQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Proposals of the kelurahan of one's posts."""
        return within_reach(self, user, VIEW)

    def open(self):
        return self.filter(state__in=[Proposal.State.NEW, Proposal.State.TAKEN])

    def answered(self):
        return self.exclude(answered_at=None)

    def public(self):
        """What everybody may follow: answered with a public line; without text, business or names."""
        return self.answered().exclude(public_line="")

    def for_list(self):
        return self.select_related("kelurahan__parent", "business", "told_by")


class Proposal(models.Model):
    """One thing somebody asked for at a forum, logged there in a line, and what was answered.

    `text` is as spoken and stays inside. Only `public_line`, written for that by who answers, is public.
    """

    class Forum(models.TextChoices):
        NGOMBE = "ngombe", _("Ngombe")
        MUSRENBANG = "musrenbang", _("Musrenbang")
        MUSKELSUS = "muskelsus", _("Muskelsus RT Berkelas")
        OTHER = "other", _("Forum lain")

    class State(models.TextChoices):
        NEW = "new", _("Baru")
        TAKEN = "taken", _("Diproses")
        DONE = "done", _("Terlaksana")
        DECLINED = "declined", _("Belum dapat dipenuhi")

    UNATTENDED = {"received"}

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    forum = models.CharField(_("forum"), max_length=10, choices=Forum)
    held_on = models.DateField(_("tanggal forum"))
    place = models.CharField(_("tempat"), max_length=200, blank=True)
    kelurahan = models.ForeignKey(Region, models.PROTECT, related_name="proposals", editable=False)
    rt = models.PositiveSmallIntegerField("RT", null=True, blank=True)
    rw = models.PositiveSmallIntegerField("RW", null=True, blank=True)
    business = models.ForeignKey(Business, models.PROTECT, null=True, related_name="+", editable=False)
    need = models.CharField(_("kebutuhan"), max_length=10, choices=Need)
    text = SealedTextField(_("usulan"))
    told_at = models.DateTimeField(editable=False)
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    state = models.CharField(_("status"), max_length=8, choices=State, default=State.NEW, editable=False)
    answer = SealedTextField(_("jawaban"), blank=True, editable=False)
    public_line = models.CharField(_("ringkasan untuk umum"), max_length=PUBLIC_LENGTH, blank=True)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("usulan forum")
        verbose_name_plural = _("usulan forum")
        permissions = [
            ("log_proposal", _("Mencatat usulan forum")),
            ("answer_proposal", _("Menjawab usulan forum")),
        ]
        indexes = [
            models.Index(fields=["kelurahan", "held_on"], name="proposal_place_day"),
            models.Index(fields=["state", "held_on"], name="proposal_state_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="proposal_answered_at_and_by_together",
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.get_forum_display()} {self.held_on:%Y-%m-%d}"

    def get_absolute_url(self):
        return reverse("proposal", args=[self.uuid])

    @property
    def status(self):
        """Its key in umkm_portal/lib/statuses."""
        return f"proposal_{self.state}"

    @classmethod
    def log(
        cls, *, by, uuid, forum, held_on, kelurahan, need, text, told_at, place="", rt=None, rw=None,
        business=None,
    ):  # fmt: skip
        """Keep a proposal; returns (proposal, whether it is new). The same `uuid` by the same user is the
        same proposal, whatever became of their post or of its business since.

        `business` lies in `kelurahan`. A post held on `held_on` suffices, also when it ended since. Raises
        Refused: not-found, uuid-taken, told-in-future, told-long-ago, text-missing.
        """
        if known := cls.told_before(uuid, by):
            return known, False
        refuse_future(told_at)
        refuse_long_ago(told_at)
        _refuse_forum_on(held_on)
        if kelurahan is None or not covers_on(by, LOG, kelurahan.pk, held_on):
            raise not_found()
        if business is not None and business.kelurahan_id != kelurahan.pk:
            raise not_found()  # a proposal is counted where the forum's people live
        text = _spoken(text)
        if existing := cls.objects.filter(uuid=uuid).first():
            return existing._again(by), False
        row = cls(
            uuid=uuid,
            forum=forum,
            held_on=held_on,
            place=_hall(place),
            kelurahan=kelurahan,
            rt=rt,
            rw=rw,
            business=business,
            need=need,
            text=text,
            told_at=told_at,
            told_by=by,
        )
        kept, new = insert_once(row, row._write)
        return (kept, True) if new else (kept._again(by), False)

    def _write(self):
        self.save(force_insert=True)
        about = self.business.uuid if self.business_id else None
        audit.record("proposal.logged", self, by=self.told_by, about=about, forum=self.forum)

    @classmethod
    def told_before(cls, uuid, by):
        """What `by` logged under `uuid`, or None."""
        return cls.objects.filter(uuid=uuid, told_by=by).first()

    def _again(self, by):
        if self.told_by_id != by.pk:
            raise Refused("uuid-taken", _("Tanda usulan ini sudah dipakai. Buat usulan baru."))
        return self

    # What may be put right, and what each is called where a correction is told.
    CORRECTABLE = {
        "text": _("usulan"), "need": _("kebutuhan"), "business": _("usaha"), "rt": "RT", "rw": "RW",
        "forum": _("forum"), "held_on": _("tanggal forum"), "place": _("tempat"),
        "kelurahan": _("kelurahan"),
    }  # fmt: skip

    @transaction.atomic
    def correct(self, *, by, version=None, **told):
        """Put right what was logged, until it is answered; returns the names of what changed.

        `told` holds those of CORRECTABLE that are said anew; the others stay. By who may log in its kelurahan
        today, and in the one it is moved to. `version` is the one the correction was written over, where the
        caller knows it. Nothing is written where nothing changes. Raises Refused: not-found,
        proposal-answered, proposal-changed, business-elsewhere, and `log`'s for the day and the text.
        """
        self.refresh_from_db(from_queryset=Proposal.objects.select_for_update(of=("self",)))
        there = reach(by, LOG)
        if not there.covers(self.kelurahan_id):
            raise not_found()
        if self.answered_at:
            raise Refused(
                "proposal-answered",
                _(
                    "Usulan ini sudah dijawab (%(state)s), jadi tidak diperbaiki lagi. "
                    "Beri tahu Diskopindag, yang dapat menjawab lagi, atau catat usulan baru."
                ),
                state=self.get_state_display(),
            )
        if version is not None and version != self.version:
            raise Refused(
                "proposal-changed",
                _("Orang lain memperbaiki usulan ini sejak Anda membukanya. Bandingkan, lalu simpan lagi."),
            )
        if unknown := set(told) - set(self.CORRECTABLE):
            raise TypeError(f"Proposal.correct: {sorted(unknown)}")
        if "text" in told:
            told["text"] = _spoken(told["text"])
        if "place" in told:
            told["place"] = _hall(told["place"])
        changed = [name for name in self.CORRECTABLE if name in told and told[name] != getattr(self, name)]
        if "held_on" in changed:
            _refuse_forum_on(told["held_on"])
        if "kelurahan" in changed and (told["kelurahan"] is None or not there.covers(told["kelurahan"].pk)):
            raise not_found()
        for name in changed:
            setattr(self, name, told[name])
        if (
            {"kelurahan", "business"} & set(changed)
            and self.business_id
            and self.business.kelurahan_id != self.kelurahan_id
        ):
            message = _("Usaha ini ada di kelurahan lain. Sebut usaha di kelurahan itu, atau kosongkan.")
            raise Refused("business-elsewhere", message, fields={"business": message})
        if changed:
            self.version += 1
            self.save(update_fields=[*changed, "version"])
            about = self.business.uuid if self.business_id else None
            audit.record("proposal.corrected", self, by=by, about=about, fields=changed)
        return changed

    def corrections(self):
        """Lines of the trail about what was put right, the last first: when, by whom, which parts."""
        lines = AuditEntry.objects.filter(
            act="proposal.corrected", target_type="proposal", target_id=str(self.pk)
        )
        return lines.select_related("recorded_by").order_by("-pk")

    @transaction.atomic
    def respond(self, *, state, by, answer="", public_line="", version=None):
        """Say how it stands; may be said again as things move on.

        `public_line` replaces what everybody reads; empty takes it off the public page. `version` is the one
        the answer was written over, where the caller knows it. Raises Refused: not-found, proposal-changed
        (somebody answered meanwhile), state-unknown, answer-missing (done and declined need words),
        line-personal (the public line holds a phone or identity number).
        """
        self.refresh_from_db(from_queryset=Proposal.objects.select_for_update(of=("self",)))
        if not reach(by, ANSWER).covers(self.kelurahan_id):
            raise not_found()
        if version is not None and version != self.version:
            raise Refused(
                "proposal-changed",
                _("Usulan ini sudah dijawab orang lain sejak Anda membuka halamannya.")
                if self.answered_at
                else _(
                    "Usulan ini diperbaiki sejak Anda membuka halamannya. Baca lagi, lalu simpan jawabannya."
                ),
            )
        if state not in (self.State.TAKEN, self.State.DONE, self.State.DECLINED):
            raise Refused("state-unknown", _("Pilih bagaimana usulan ini dijawab."))
        answer = clean_text(mask_long_digits(answer or ""))[:TEXT_LENGTH]
        if state != self.State.TAKEN and not answer:
            message = _("Tulis jawabannya.")
            raise Refused("answer-missing", message, fields={"answer": message})
        public_line = clean_line(public_line or "")[:PUBLIC_LENGTH]
        if PHONE.search(public_line) or has_long_digits(public_line):
            message = _("Ringkasan untuk umum tidak boleh memuat nomor telepon, NIK atau nomor KK.")
            raise Refused("line-personal", message, fields={"public_line": message})
        self.state, self.answer, self.public_line = state, answer or self.answer, public_line
        self.answered_at, self.answered_by = timezone.now(), by
        self.version += 1
        self.save(update_fields=["state", "answer", "public_line", "answered_at", "answered_by", "version"])
        audit.record("proposal.answered", self, by=by, to=state)
