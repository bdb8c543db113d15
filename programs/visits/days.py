"""Visit days: who goes into the field on which day, and which visits they plan."""

import uuid

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from programs.partners.models import Organisation
from programs.visits.models import RECORD, VIEW, Visit
from registry.regions.access import reach
from registry.reports.models import VisitRequest
from registry.reports.times import refuse_past
from umkm_portal.lib.errors import Refused, not_found
from umkm_portal.lib.formats import day as told_day
from umkm_portal.lib.once import insert_once
from umkm_portal.lib.text import clean_line, mask_long_digits

MOST_A_DAY = 60  # visits in one visit day; more is another day


class VisitDayQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All days for who reads visits of the whole city; else those that go to a kelurahan of one's posts:
        its title and who comes are for every kelurahan it goes to, and for no other."""
        there = reach(user, VIEW)
        if there.everywhere:
            return self
        if not there:
            return self.none()
        here = Visit.objects.filter(kelurahan__in=there.kelurahan, day__isnull=False)
        return self.filter(pk__in=here.exclude(state=Visit.State.CANCELLED).values("day"))

    def counted(self, user):
        """With `planned`, `visited` and `missed`: how many of its visits `user` may read stand so. A day that
        goes through several kelurahan tells each only of its own."""
        there, states = reach(user, VIEW), Visit.State
        own = Q() if there.everywhere else Q(visits__kelurahan__in=there.kelurahan)
        return self.annotate(
            planned=Count("visits", filter=own & Q(visits__state=states.PLANNED)),
            visited=Count("visits", filter=own & Q(visits__state=states.DONE)),
            missed=Count("visits", filter=own & Q(visits__state=states.MISSED)),
        )

    def standing(self):
        return self.filter(cancelled_at=None)

    def ahead(self, today=None):
        """Today's and later ones that were not called off."""
        return self.standing().filter(on__gte=today or timezone.localdate())


class VisitDay(models.Model):
    """One day in the field: who goes, and which visits they plan. Its visits may lie in several kelurahan."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    on = models.DateField(_("hari"))
    title = models.CharField(_("judul"), max_length=120, blank=True)
    who = models.CharField(_("siapa yang pergi"), max_length=300, blank=True)
    organisations = models.ManyToManyField(Organisation, blank=True, related_name="visit_days")
    planned_at = models.DateTimeField(default=timezone.now, editable=False)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = VisitDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("hari kunjungan")
        verbose_name_plural = _("hari kunjungan")
        indexes = [models.Index(fields=["on", "id"], name="visit_day_on")]
        constraints = [
            models.CheckConstraint(
                name="visit_day_cancelled_at_and_by_together",
                condition=Q(cancelled_at=None, cancelled_by=None)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
            ),
        ]

    def __str__(self):
        return self.title or f"{self.on:%Y-%m-%d}"

    def get_absolute_url(self):
        return reverse("visit-day", args=[self.uuid])

    @classmethod
    @transaction.atomic
    def plan(cls, *, on, by, title="", who="", organisations=(), uuid=None):
        """Make a visit day; the same `uuid` by the same user is the same day. Raises Refused: not-found (no
        such permission), scheduled-in-past, uuid-taken."""
        if not reach(by, RECORD):
            raise not_found()
        if uuid is not None and (known := cls.objects.filter(uuid=uuid).first()):
            return known._again(by)
        refuse_past(on)
        day = cls(
            on=on,
            title=clean_line(mask_long_digits(title))[:120],
            who=clean_line(mask_long_digits(who))[:300],
            planned_by=by,
        )
        if uuid is not None:
            day.uuid = uuid
        kept, new = insert_once(day)
        if not new:
            return kept._again(by)
        day.organisations.set(organisations)
        audit.record("visit-day.planned", day, by=by, on=on.isoformat())
        return day

    def _again(self, by):
        if self.planned_by_id != by.pk:
            raise Refused("uuid-taken", _("Tanda hari kunjungan ini sudah dipakai. Buat yang baru."))
        return self

    @transaction.atomic
    def change(self, *, by, title, who, organisations):
        """Say anew who goes and what the day is called; its date stays (`move`). Raises Refused: not-found,
        day-cancelled."""
        self._lock()
        if not reach(by, RECORD):
            raise not_found()
        self.title = clean_line(mask_long_digits(title))[:120]
        self.who = clean_line(mask_long_digits(who))[:300]
        self._touch("title", "who")
        self.organisations.set(organisations)
        audit.record("visit-day.changed", self, by=by)

    @transaction.atomic
    def move(self, *, on, by, was=None):
        """Put the day on another date: all its planned visits follow, and the officers read the new date.
        Returns how many followed; 0 and nothing written where it is the same date.

        `was` is the date it was moved from, where the caller knows it. Raises Refused: not-found,
        day-cancelled, day-begun (a visit is written down), day-moved (somebody moved it meanwhile),
        scheduled-in-past. As in `plan`, Sundays and holidays are the planner's choice.
        """
        self._lock()
        there = reach(by, RECORD)
        if not there:
            raise not_found()
        if was is not None and was != self.on:
            raise Refused(
                "day-moved",
                _("Hari ini sudah dipindah orang lain ke %(day)s. Periksa, lalu simpan lagi bila perlu."),
                day=told_day(self.on),
            )
        visits = self._lock_planned()
        if self.visits.filter(state__in=[Visit.State.DONE, Visit.State.MISSED]).exists():
            raise Refused(
                "day-begun",
                _(
                    "Sudah ada kunjungan yang dicatat di hari ini, jadi tanggalnya tetap. Keluarkan yang "
                    "belum didatangi, lalu masukkan ke hari lain dari papan."
                ),
            )
        refuse_past(on)
        if on == self.on:
            return 0
        if not all(there.covers(visit.kelurahan_id) for visit in visits):
            raise not_found()
        for visit in visits:
            visit.on = on
            visit._save("on")
            if visit.request_id and visit.request.state == VisitRequest.State.SCHEDULED:
                visit.request.reschedule(on=on, by=by)
        before, self.on = self.on, on
        self._touch("on")
        audit.record(
            "visit-day.moved", self, by=by, on=on.isoformat(), was=before.isoformat(), visits=len(visits)
        )
        return len(visits)

    @transaction.atomic
    def add(self, requests, *, by):
        """Plan a visit for each of these VisitRequests, all or none; returns the visits.

        Raises Refused: day-cancelled, day-full, and VisitRequest.schedule's: of two people who plan the same
        need at once the second is told so, and nothing of theirs is planned.
        """
        self._lock()
        requests = sorted(requests, key=lambda request: request.pk)  # one order: two days never deadlock
        if self.visits.filter(state=Visit.State.PLANNED).count() + len(requests) > MOST_A_DAY:
            raise Refused(
                "day-full",
                _("Satu hari memuat paling banyak %(most)d kunjungan. Buat hari lain."),
                most=MOST_A_DAY,
            )
        visits = []
        for request in requests:
            request.schedule(on=self.on, by=by)
            visit = Visit(
                day=self,
                request=request,
                business=request.business,
                told_name=request.told_name,
                kelurahan=request.kelurahan,
                rw=request.rw,
                rt=request.rt,
                on=self.on,
                told_at=timezone.now(),
                told_by=by,
            )
            visit.save(force_insert=True)
            visits.append(visit)
        self._touch()
        audit.record("visit-day.added", self, by=by, visits=len(visits))
        return visits

    @transaction.atomic
    def remove(self, visit, *, by):
        """Take a planned visit out again; its request waits as before. Raises Refused: not-found,
        visit-done."""
        self._lock()
        visit._lock()
        if visit.day_id != self.pk or not reach(by, RECORD).covers(visit.kelurahan_id):
            raise not_found()
        visit._refuse_unless_planned()
        visit._let_wait(by)
        visit.state = Visit.State.CANCELLED
        visit._save("state")
        self._touch()
        audit.record("visit-day.removed", self, by=by, visit=str(visit.uuid))

    @transaction.atomic
    def cancel(self, *, by):
        """Call the day off: what was not visited waits again. Raises Refused: not-found, day-cancelled."""
        self._lock()
        if not reach(by, RECORD):
            raise not_found()
        for visit in self._lock_planned():
            self.remove(visit, by=by)
        self.cancelled_at, self.cancelled_by = timezone.now(), by
        self._touch("cancelled_at", "cancelled_by")
        audit.record("visit-day.cancelled", self, by=by)

    def _lock(self):
        self.refresh_from_db(from_queryset=VisitDay.objects.select_for_update(of=("self",)))
        if self.cancelled_at:
            raise Refused("day-cancelled", _("Hari kunjungan ini sudah dibatalkan."))

    def _lock_planned(self):
        """Its planned visits, locked, and then what they answer: days before visits before requests, each in
        the order of their keys, as everywhere. Who writes one down now waits, and is not waited for."""
        visits = list(
            self.visits.filter(state=Visit.State.PLANNED).order_by("pk").select_for_update(of=("self",))
        )
        asked = VisitRequest.objects.filter(pk__in=[visit.request_id for visit in visits if visit.request_id])
        locked = {row.pk: row for row in asked.order_by("pk").select_for_update(of=("self",))}
        for visit in visits:
            if visit.request_id:
                visit.request = locked[visit.request_id]
        return visits

    def _touch(self, *names):
        self.version += 1
        self.save(update_fields=["version", *names])
