"""Queues of WhatsApp messages: a list of businesses, one message each, sent by hand one after the other."""

import uuid
from functools import partial

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from registry.businesses.models import Business
from registry.checks.models import CONFIRM, Check
from registry.outreach.links import OwnerLink
from registry.outreach.messages import refuse_bad, worded
from registry.outreach.numbers import DECLINED, number_of, usable
from registry.people import disclosures
from registry.people.models import Person
from registry.regions.access import reach, within_reach
from registry.regions.models import Region
from umkm_portal.lib.errors import Refused, not_found
from umkm_portal.lib.once import insert_once
from umkm_portal.lib.sealed_fields import SealedTextField
from umkm_portal.lib.text import clean_line, mask_long_digits

__all__ = ["OutreachLine", "OutreachQueue", "OwnerLink"]

MOST = 200  # businesses of one queue: what one person can send by hand in an afternoon
TITLE_LENGTH = 120


class OutreachQueueQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Queues `user` may send from: their own, and those of the kelurahan of their posts, whoever made
        them, as long as a business of theirs lies in reach; the city's staff all."""
        there = reach(user, CONFIRM)
        if not there:
            return self.none()
        if there.everywhere:
            return self
        theirs = OutreachLine.objects.filter(queue=OuterRef("pk"), business__kelurahan__in=there.kelurahan)
        return self.filter(Q(made_by=user) | Q(kelurahan__in=there.kelurahan)).filter(Exists(theirs))

    def with_progress(self, user):
        """Counted by state, as far as `user` reads the lines: `waiting`, `sent` (all that went out),
        `answered`, `skipped`, `total`."""
        there, state = reach(user, CONFIRM), OutreachLine.State
        seen = Q() if there.everywhere else Q(lines__business__kelurahan__in=there.kelurahan)
        return self.annotate(
            total=Count("lines", filter=seen or None),
            waiting=Count("lines", filter=seen & Q(lines__state=state.WAITING)),
            sent=Count("lines", filter=seen & Q(lines__state__in=[state.SENT, state.ANSWERED])),
            answered=Count("lines", filter=seen & Q(lines__state=state.ANSWERED)),
            skipped=Count("lines", filter=seen & Q(lines__state=state.SKIPPED)),
        )


class OutreachQueue(models.Model):
    """Antrean WhatsApp: whom to write to, and the message. There is no gateway: a person taps "kirim"."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("nama antrean"), max_length=TITLE_LENGTH, editable=False)
    kelurahan = models.ForeignKey(  # where all of it lies; empty: in several
        Region, models.PROTECT, null=True, related_name="+", editable=False
    )
    message = SealedTextField(_("pesan"), editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = OutreachQueueQuerySet.as_manager()

    class Meta:
        verbose_name = _("antrean WhatsApp")
        verbose_name_plural = _("antrean WhatsApp")
        indexes = [models.Index(fields=["kelurahan", "-id"], name="outreach_queue_place")]
        constraints = [
            models.CheckConstraint(
                name="outreach_queue_closed_at_and_by_together",
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("outreach-queue", args=[self.uuid])

    def lines_for(self, user):
        """The lines `user` may read: a queue outlasts the post of who made it, and a business its place."""
        return within_reach(self.lines.all(), user, CONFIRM, "business__kelurahan")

    @classmethod
    def make(cls, *, businesses, title, message, by, uuid=None):
        """A queue for those of `businesses` (a list) that may be written to. The same `uuid`, the same queue.

        Raises Refused: not-found (one lies out of reach), queue-too-long, queue-empty (nobody has a usable
        number), uuid-taken, and those of messages.refuse_bad.
        """
        if uuid is not None and (known := cls.objects.filter(uuid=uuid, made_by=by).first()):
            return known
        if len(businesses) > MOST:
            raise Refused("queue-too-long", _("Paling banyak %(most)d usaha satu antrean."), most=MOST)
        there = reach(by, CONFIRM)
        if any(not there.covers(business.kelurahan_id) for business in businesses):
            raise not_found()
        refuse_bad(message)
        fitting = usable(businesses)
        if not fitting:
            raise Refused(
                "queue-empty", _("Tidak satu pun usaha ini punya nomor WhatsApp yang boleh dikirimi.")
            )
        places = {business.kelurahan_id for business in fitting}
        queue = cls(
            title=clean_line(mask_long_digits(title or ""))[:TITLE_LENGTH] or str(_("Konfirmasi data usaha")),
            kelurahan_id=places.pop() if len(places) == 1 else None,
            message=message,
            made_by=by,
        )
        if uuid is not None:
            queue.uuid = uuid
        kept, _new = insert_once(queue, partial(queue._write, fitting, by))
        if kept.made_by_id != by.pk:
            raise Refused("uuid-taken", _("Tanda antrean ini sudah dipakai. Buat antrean baru."))
        return kept

    def _write(self, businesses, by):
        self.save(force_insert=True)
        lines = [OutreachLine(queue=self, position=n, business=each) for n, each in enumerate(businesses, 1)]
        OutreachLine.objects.bulk_create(lines)
        audit.record("outreach.queued", self, by=by, count=len(lines))

    @transaction.atomic
    def send_next(self, line_uuid, *, by):
        """Mark one line sent and return the address at wa.me that opens the written message.

        The line is named, so that a double tap sends one. Notes that `by` saw the owner's number. Raises
        Refused: not-found, queue-closed, line-sent (already), line-unusable (the number
        changed meanwhile, the business closed, or its owner asked not to be written to).
        """
        self._guard(by)
        line = self.lines.select_for_update(of=("self",)).filter(uuid=line_uuid).first()
        if line is None or not reach(by, CONFIRM).covers(line.business.kelurahan_id):
            raise not_found()
        if line.state != OutreachLine.State.WAITING:
            raise Refused("line-sent", _("Pesan ini sudah ditangani. Muat ulang antreannya."))
        if not usable([line.business]):
            raise Refused(
                "line-unusable",
                _("Usaha ini tidak dapat dikirimi WhatsApp lagi: nomornya atau keadaannya berubah."),
            )
        line.link = OwnerLink.make(business=line.business, by=by)
        line.state, line.sent_at, line.sent_by = OutreachLine.State.SENT, timezone.now(), by
        line.save(update_fields=["link", "state", "sent_at", "sent_by"])
        audit.record("outreach.sent", line, by=by, about=line.business.uuid)
        owners = Person.objects.filter(ownerships__ended_on=None, ownerships__business=line.business)
        disclosures.note(list(owners.distinct()), by=by, how="chat")
        return worded(self.message, line, number_of(line.business))

    @transaction.atomic
    def close(self, *, by):
        """Send no more from it; what waits is left out. Raises Refused: not-found, queue-closed."""
        self._guard(by)
        self.closed_at, self.closed_by = timezone.now(), by
        self.save(update_fields=["closed_at", "closed_by"])
        audit.record("outreach.closed", self, by=by)

    def _guard(self, by):
        self.refresh_from_db(from_queryset=OutreachQueue.objects.select_for_update(of=("self",)))
        if not OutreachQueue.objects.visible_to(by).filter(pk=self.pk).exists():
            raise not_found()
        if self.closed_at:
            raise Refused("queue-closed", _("Antrean ini sudah ditutup."))


class OutreachLine(models.Model):
    """One business of a queue and how far the message to its owner has come."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Belum dikirim")
        SENT = "sent", _("Terkirim")
        ANSWERED = "answered", _("Dijawab")
        SKIPPED = "skipped", _("Dilewati")

    class Why(models.TextChoices):
        WRONG = "wrong", _("Nomor salah atau bukan pemiliknya")
        NO_CHAT = "no_chat", _("Tidak ada WhatsApp")
        DECLINED = DECLINED, _("Minta tidak dihubungi lagi")
        LATER = "later", _("Lain kali")

    UNATTENDED = {"answered"}  # by nobody where the owner answered by the link

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    queue = models.ForeignKey(OutreachQueue, models.PROTECT, related_name="lines", editable=False)
    position = models.PositiveSmallIntegerField(editable=False)
    business = models.ForeignKey(Business, models.PROTECT, related_name="outreach", editable=False)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING, editable=False)
    link = models.ForeignKey(OwnerLink, models.PROTECT, null=True, related_name="lines", editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    check_made = models.ForeignKey(Check, models.PROTECT, null=True, related_name="+", editable=False)
    skipped_at = models.DateTimeField(null=True, editable=False)
    skipped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    why = models.CharField(_("alasan"), max_length=8, choices=Why, blank=True, editable=False)

    class Meta:
        verbose_name = _("baris antrean")
        verbose_name_plural = _("baris antrean")
        indexes = [models.Index(fields=["queue", "state", "position"], name="outreach_line_next")]
        constraints = [
            models.UniqueConstraint(fields=["queue", "business"], name="outreach_line_business_once"),
            models.CheckConstraint(
                name="outreach_line_sent_at_and_by_together",
                condition=Q(sent_at=None, sent_by=None) | Q(sent_at__isnull=False, sent_by__isnull=False),
            ),
            models.CheckConstraint(
                name="outreach_line_skipped_at_and_by_together",
                condition=Q(skipped_at=None, skipped_by=None)
                | Q(skipped_at__isnull=False, skipped_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.queue_id} {self.position}"

    @transaction.atomic
    def mark_answered(self, *, answer, by, note=""):
        """Keep what the owner wrote back: an answer to "masih aktif?" (Check.Answer).

        Raises Refused: not-found, line-unsent, and those of Check.record.
        """
        self._guard(by)
        if self.state != self.State.SENT:
            raise Refused("line-unsent", _("Pesan ini belum dikirim, atau jawabannya sudah dicatat."))
        self.check_made, _new = Check.record(
            business=self.business,
            answer=answer,
            via=Check.Via.CHAT,
            told_at=timezone.now(),
            by=by,
            note=note,
        )
        self._answered(by)

    def _answered(self, by):
        self.state, self.answered_at, self.answered_by = self.State.ANSWERED, timezone.now(), by
        self.save(update_fields=["state", "answered_at", "answered_by", "check_made"])
        audit.record("outreach.answered", self, by=by, about=self.business.uuid)

    @transaction.atomic
    def skip(self, *, why, by):
        """Leave it out, with the reason; an unused link of it ends. Raises Refused: not-found, line-done,
        reason-missing."""
        self._guard(by)
        if why not in self.Why.values:
            raise Refused("reason-missing", _("Pilih alasannya."), fields={"why": _("Isian ini wajib.")})
        if self.state not in (self.State.WAITING, self.State.SENT):
            raise Refused("line-done", _("Baris ini sudah selesai. Muat ulang antreannya."))
        if self.link_id and self.link.is_good:
            self.link.revoke(by=by)
        self.state, self.why = self.State.SKIPPED, why
        self.skipped_at, self.skipped_by = timezone.now(), by
        self.save(update_fields=["state", "why", "skipped_at", "skipped_by"])
        audit.record("outreach.skipped", self, by=by, about=self.business.uuid, why=why)

    @transaction.atomic
    def take_up_again(self, *, by):
        """Undo a skip or a tap too many: it waits again, and an unused link of it ends. Raises Refused:
        not-found, line-done (answered, or the owner asked not to be written to)."""
        self._guard(by)
        done = self.state in (self.State.WAITING, self.State.ANSWERED) or self.why == self.Why.DECLINED
        if done:
            raise Refused("line-done", _("Baris ini tidak dapat dikembalikan ke antrean."))
        if self.link_id and self.link.is_good:
            self.link.revoke(by=by)
        self.state, self.why, self.link = self.State.WAITING, "", None
        self.sent_at = self.sent_by = self.skipped_at = self.skipped_by = None
        self.save(update_fields=["state", "why", "link", "sent_at", "sent_by", "skipped_at", "skipped_by"])
        audit.record("outreach.again", self, by=by, about=self.business.uuid)

    def _guard(self, by):
        self.queue._guard(by)  # the parent first, always
        rows = OutreachLine.objects.select_for_update(of=("self",)).select_related(
            "business", "queue", "link"
        )
        self.refresh_from_db(from_queryset=rows)
        if not reach(by, CONFIRM).covers(self.business.kelurahan_id):
            raise not_found()


@transaction.atomic
def note_answer(link):
    """The owner answered by `link`: its line in a queue, if any, counts as answered.

    A transaction of its own, after the answer's: who skips a line locks it before its link.
    """
    lines = OutreachLine.objects.select_for_update(of=("self",)).select_related("business")
    line = lines.filter(link=link, state=OutreachLine.State.SENT).first()
    if line is not None:
        line.check_made = link.check_made
        line._answered(None)
