"""Three months of field life, written straight into the tables, and a recount of them in plain Python.

The recount knows no queryset of programs/monthly: it walks over all rows and asks each of them by its dates.
"""

import random
import uuid
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from programs.models import FollowUp, Mentoring, MentoringSession, Organisation, Proposal, Visit
from registry.models import Business, Check, Submission, VisitRequest
from registry.reports.needs import Need

JAKARTA = ZoneInfo("Asia/Jakarta")
MONTHS = (date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1))
FIRST, LAST = date(2026, 7, 25), date(2026, 11, 5)  # life goes on around them
NEEDS = [need.value for need in Need]


def at(day, hour=10, minute=0):
    """A moment of a day in Jakarta, kept as the database keeps it."""
    return datetime.combine(day, time(hour, minute), JAKARTA).astimezone(UTC)


def day_of(moment):
    return moment.astimezone(JAKARTA).date() if moment else None


class Life:
    """`people`: petugas, operator and verifikator; `places`: the kelurahan it happens in."""

    def __init__(self, places, people, seed=1, rows=40):
        self.chance, self.places, self.people, self.rows = random.Random(seed), places, people, rows
        self.office = Organisation.objects.create(short_name="Dinas Contoh", name="Dinas Contoh", kind="opd")
        self._businesses()
        for make in (self.request, self.visit, self.check, self.follow_up, self.session, self.proposal):
            for _each in range(rows):
                make(self.day())
        for _each in range(rows):
            self.submission(self.day())

    def day(self):
        """A day; edges of months, where mistakes sit, more often than others."""
        edges = [d for m in MONTHS for d in (m - timedelta(1), m, m + timedelta(1))]
        if self.chance.random() < 0.4:
            return self.chance.choice(edges)
        return FIRST + timedelta(self.chance.randrange((LAST - FIRST).days + 1))

    def later(self, day, most=40):
        return day + timedelta(self.chance.randrange(most))

    def moment(self, day):
        """Some moment of the day; the first and the last minutes fall on another day in UTC."""
        return at(day, *self.chance.choice([(0, 1), (6, 59), (7, 0), (10, 0), (23, 59)]))

    def maybe(self, value, odds=0.5):
        return value if self.chance.random() < odds else None

    def _businesses(self):
        by = self.people["operator"]
        for number in range(self.rows):
            recorded = self.maybe(at(date(2026, 2, 1)), 0.7) or self.moment(self.day())
            Business.objects.create(
                slug=f"usaha-{number}-{self.rows}",
                name=f"Usaha {number}",
                kelurahan=self.chance.choice([*self.places, self.places[0]]),
                recorded_at=recorded,
                recorded_by=by,
                changed_by=by,
                operating_state=self.chance.choice(["active"] * 4 + ["temporary", "closed"]),
                last_confirmed_on=self.maybe(date(2026, 1, 1) + timedelta(self.chance.randrange(300))),
            )
        self.businesses = list(Business.objects.order_by("pk"))
        for business in self.businesses[:4]:  # closed or opened again after a month was over
            kind = "close" if business.operating_state == "closed" else "reopen"
            self.submission(self.day(), kind=kind, business=business, approved=True)
        double = self.businesses[-1]
        Business.objects.filter(pk=double.pk).update(merged_into=self.businesses[0])
        self.businesses = self.businesses[:-1]

    def business(self):
        return self.chance.choice(self.businesses)

    def request(self, day, **values):
        state = values.get("state") or self.chance.choice(
            ["new", "scheduled", "visited", "closed", "withdrawn"]
        )
        by, then = self.people["operator"], self.moment
        given = {}
        if state in ("scheduled", "visited", "closed") and (state == "scheduled" or self.maybe(True)):
            given |= {
                "scheduled_at": then(self.later(day, 20)),
                "scheduled_by": by,
                "scheduled_on": self.later(day),
            }
        if state == "visited" or (state == "closed" and self.maybe(True)):
            given |= {"visited_on": self.later(day), "visited_at": then(self.later(day)), "visited_by": by}
        if state in ("closed", "withdrawn"):
            given |= {"closed_at": then(self.later(day)), "closed_by": by}
        if state == "closed":
            given["outcome"] = "helped"
        row = {
            "uuid": uuid.uuid4(),
            "kelurahan": self.chance.choice(self.places),
            "told_name": "Warung",
            "need": self.chance.choice(NEEDS),
            "told_at": then(day),
            "told_by": self.people["petugas"],
            "told_day": day.toordinal(),
            "weight": 1,
            "state": state,
        }
        return VisitRequest.objects.create(**row | given | values)

    def visit(self, day, **values):
        business = self.business()
        done = self.chance.random() < 0.7
        row = {
            "business": business,
            "kelurahan": business.kelurahan,
            "on": day,
            "state": "done" if done else self.chance.choice(["missed", "planned", "cancelled"]),
            "told_at": at(day),
            "told_by": self.people["operator"],
            "recorded_at": at(day) if done else None,
            "recorded_by": self.people["operator"] if done else None,
        }
        return Visit.objects.create(**row | values)

    def check(self, day, **values):
        business = self.business()
        taken = self.maybe(at(day), 0.1)
        row = {
            "business": business,
            "kelurahan": business.kelurahan,
            "answer": self.chance.choice(["active"] * 3 + ["temporary", "closed", "moved", "not_found"]),
            "via": "walk",
            "seen_on": day,
            "told_at": at(day),
            "told_by": self.people["petugas"],
            "taken_back_at": taken,
            "taken_back_by": self.people["petugas"] if taken else None,
        }
        return Check.objects.create(**row | values)

    def follow_up(self, day, **values):
        state = self.chance.choice(["open", "answered", "closed", "dropped"])
        over = state in ("closed", "dropped")
        row = {
            "kelurahan": self.chance.choice(self.places),
            "need": self.chance.choice(NEEDS),
            "problem": "masalah",
            "organisation": self.office,
            "due_on": self.later(day, 30),
            "state": state,
            "opened_at": self.moment(day),
            "opened_by": self.people["operator"],
            "closed_at": self.moment(self.later(day)) if over else None,
            "closed_by": self.people["operator"] if over else None,
        }
        return FollowUp.objects.create(**row | values)

    def session(self, day, **values):
        mentoring = Mentoring.objects.create(
            business=self.business(), goal="NIB", mentor="", started_by=self.people["operator"]
        )
        row = {
            "mentoring": mentoring,
            "on": day,
            "service": self.chance.choice(["nib", "halal", "other"]),
            "told_by": self.people["operator"],
        }
        return MentoringSession.objects.create(**row | values)

    def proposal(self, day, **values):
        answered = self.maybe(self.moment(self.later(day)))
        row = {
            "uuid": uuid.uuid4(),
            "forum": "ngombe",
            "held_on": day,
            "kelurahan": self.chance.choice(self.places),
            "need": self.chance.choice(NEEDS),
            "text": "usulan",
            "told_at": at(day),
            "told_by": self.people["petugas"],
            "answered_at": answered,
            "answered_by": self.people["operator"] if answered else None,
        }
        return Proposal.objects.create(**row | values)

    def submission(self, day, *, kind=None, business=None, approved=None):
        kind = kind or self.chance.choice(["register", "change", "change", "move"])
        business = business or (None if kind == "register" else self.business())
        status = (
            "approved" if approved else self.chance.choice(["draft", "submitted", "approved", "rejected"])
        )
        decided = self.moment(self.later(day)) if status in ("approved", "rejected") else None
        sent = status != "draft"
        now = business.kelurahan if business else None
        other = self.chance.choice(self.places)
        return Submission.objects.create(
            kind=kind,
            status=status,
            source=self.chance.choice(["page", "page", "api", "tip"]),
            business=business,
            proposed_by=self.people["petugas"],
            kelurahan_now=now,
            kelurahan_next=other if kind in ("register", "move") else self.maybe(other, 0.2),
            submitted_at=self.moment(day) if sent else None,
            submitted_by=self.people["petugas"] if sent else None,
            decided_at=decided,
            decided_by=self.people["verifikator"] if decided else None,
        )


# ---- the recount ---------------------------------------------------------------------------------


def recount(places, month, today):
    """{figure: number} of a month in `places`, by walking over every row. Zeros are left out."""
    ids = {place.pk for place in places}
    last = (month + timedelta(31)).replace(day=1) - timedelta(1)
    day = min(today, last)
    found = Counter()

    def inside(d):
        return d is not None and month <= d <= last

    def happened(d):
        return d is not None and d <= last

    for row in VisitRequest.objects.filter(kelurahan__in=ids):
        if not inside(day_of(row.told_at)):
            continue
        state = "new"
        if row.scheduled_at and happened(day_of(row.scheduled_at)):
            state = "scheduled"
        if happened(row.visited_on):
            state = "visited"
        if row.closed_at and happened(day_of(row.closed_at)):
            state = row.state
        if state == "withdrawn":
            found["requests-withdrawn"] += 1
            continue
        found.update(["requests", f"requests-need-{row.need}", f"requests-state-{state}"])
    for row in Visit.objects.filter(kelurahan__in=ids):
        if inside(row.on) and row.state == "done":
            found.update(["visits"] + ["visits-unplanned"] * (row.day_id is None and row.request_id is None))
        if inside(row.on) and row.state == "missed":
            found["visits-missed"] += 1
    for row in FollowUp.objects.filter(kelurahan__in=ids):
        opened, closed = day_of(row.opened_at), day_of(row.closed_at)
        if inside(opened):
            found["followups-opened"] += 1
        if inside(closed):
            found["followups-closed" if row.state == "closed" else "followups-dropped"] += 1
        if opened <= last and not happened(closed):
            found.update(["followups-open"] + ["followups-overdue"] * (row.due_on < day))
    for row in MentoringSession.objects.select_related("mentoring__business"):
        if row.mentoring.business.kelurahan_id in ids and inside(row.on):
            found.update(["sessions", f"sessions-{row.service}"])
    for row in Proposal.objects.filter(kelurahan__in=ids):
        found["proposals"] += inside(row.held_on)
        found["proposals-answered"] += inside(day_of(row.answered_at))
    for row in Check.objects.filter(kelurahan__in=ids, taken_back_at=None):
        if inside(row.seen_on):
            found.update(["checks", f"checks-{row.answer}"])
    for row in Submission.objects.exclude(source="tip").filter(batch=None):
        place = row.kelurahan_next_id or row.kelurahan_now_id
        if row.kind == "move" and row.kelurahan_now_id:
            place = row.kelurahan_now_id
        if place not in ids:
            continue
        if inside(day_of(row.submitted_at)):
            found.update(["sent", f"sent-{row.kind}"])
        if row.status == "approved" and inside(day_of(row.decided_at)):
            found.update(["approved", f"approved-{row.kind}"])
    for business in Business.objects.filter(kelurahan__in=ids, merged_into=None):
        _count_business(business, month, last, day, found)
    return {key: number for key, number in found.items() if number}


def _count_business(business, month, last, day, found):
    recorded = day_of(business.recorded_at)
    if recorded > last:
        return
    found["businesses-new"] += recorded >= month
    is_open = business.operating_state != "closed"
    for act in sorted(
        business.submissions.filter(kind__in=["close", "reopen"], status="approved"),
        key=lambda row: row.decided_at,
        reverse=True,
    ):
        if day_of(act.decided_at) > last:
            is_open = act.kind == "close"
    if not is_open:
        return
    found["businesses"] += 1
    confirmed = [business.last_confirmed_on] if business.last_confirmed_on else []
    if business.existence_verified_at:
        confirmed.append(day_of(business.existence_verified_at))
    checks = [c for c in business.checks.all() if c.taken_back_at is None]
    active = confirmed + [c.seen_on for c in checks if c.answer == "active"]
    seen = active + [c.seen_on for c in checks if c.answer == "temporary"]
    seen += [visit.on for visit in business.visits.all() if visit.state == "done"]
    found["confirmed"] += any(day - timedelta(180) <= d <= day for d in active)
    found["seen"] += any(month <= d <= last for d in seen)
    found["seen-ever"] += any(d <= last for d in seen)
