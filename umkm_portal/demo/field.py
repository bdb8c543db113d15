"""Three months in the field of the demo city: reports, visits, problems, checks, forums, monthly reports.

Every row goes through its verb, on the day it is said to have happened: `on_the_day` moves the clock back
(clock.py).
"""

import random
import uuid
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from programs.models import (
    FollowUp,
    Membership,
    Mentoring,
    MonthlyReport,
    Organisation,
    Proposal,
    Visit,
    VisitDay,
)
from programs.visits.actions import close_request, record_unplanned, record_visit
from registry.models import Business, Check, Holiday, Post, Region, VisitRequest
from registry.regions.workdays import is_working_day
from umkm_portal.demo import field_words as words
from umkm_portal.demo.clock import on_the_day, stamped_by_the_clock
from umkm_portal.demo.pictures import draw_picture

WEEKS = 13
REPORTS_A_WEEK = 12
PACKAGING = ("Sukun", 3)  # "47 di Sukun membutuhkan kemasan": so many more a week from there
VISITS_A_DAY = 7
NEEDS = ["packaging"] * 4 + ["licence"] * 4 + ["marketing"] * 3 + ["equipment", "capital"] * 2
NEEDS += ["production", "material", "training", "other"]
FORUMS = [
    # weeks ago, forum, kelurahan, how many were logged
    (12, "musrenbang", "Sukun", 9),
    (10, "ngombe", "Purwantoro", 7),
    (9, "muskelsus", "Dinoyo", 5),
    (7, "musrenbang", "Purwantoro", 9),
    (6, "ngombe", "Sukun", 6),
    (4, "muskelsus", "Purwantoro", 6),
    (3, "ngombe", "Dinoyo", 7),
    (1, "musrenbang", "Dinoyo", 6),
]
# Kelurahan whose lurah has an account here, and how far last month's report has come.
LAST_MONTH = {
    "Purwantoro": "submitted",
    "Dinoyo": "draft",
    "Sukun": "received",
    "Kasin": "sent",
    "Merjosari": "sent",
    "Tlogomas": "returned",
    "Bunulrejo": "received",
    "Kotalama": "received",
}


class Life:
    """The same three months for the same day and seed."""

    def __init__(self, users, *, seed=11, today=None, weeks=WEEKS):
        self.chance, self.weeks = random.Random(seed), weeks
        self.users, self.today = users, today or timezone.localdate()
        self.kelurahan = {r.name: r for r in Region.objects.kelurahan().select_related("parent")}
        self.officers = self._officers()
        self.staff = users["program"]
        self.shops = {}
        open_ones = Business.objects.exclude(operating_state="closed").exclude(kelurahan=None)
        for business in open_ones.select_related("kelurahan__parent").order_by("pk"):
            self.shops.setdefault(business.kelurahan_id, []).append(business)
        self.offices = organisations()
        self.weights = [self.chance.uniform(0.3, 1.7) for _ in self.kelurahan]

    def _officers(self):
        """{kelurahan id: its officer} of today's posts."""
        posts = Post.objects.filter(role="petugas", user__in=self.users.values()).select_related("user")
        return {post.region_id: post.user for post in posts.order_by("-pk")}

    def uuid(self):
        return uuid.UUID(int=self.chance.getrandbits(128), version=4)

    def working_day(self, day):
        """`day`, or the next one on which the office works."""
        holidays = Holiday.set_between(day, day + timedelta(days=14))
        while not is_working_day(day, holidays):
            day += timedelta(days=1)
        return day

    # ---- the weeks -------------------------------------------------------------------------------------

    def run(self):
        """Live all of it in order, so that each month's figures are those of its days."""
        monday = self.today - timedelta(days=self.today.weekday())
        events = []
        for week in range(self.weeks, -1, -1):
            begin = monday - timedelta(weeks=week)
            events += [
                (begin, 8, self.report),
                (begin + timedelta(days=1), 10, self.plan),
                (begin + timedelta(days=2), 15, self.visit),
                (begin + timedelta(days=3), 11, self.solve),
                (begin + timedelta(days=4), 9, self.look),
            ]
        for weeks_ago, forum, name, count in FORUMS:
            if name in self.kelurahan:
                day = monday - timedelta(weeks=weeks_ago) + timedelta(days=5)
                events.append((day, 19, lambda f=forum, n=name, c=count: self.meet(f, n, c)))
                events.append((day + timedelta(days=9), 13, lambda n=name: self.answer(n)))
        events += self.months()
        for day, hour, act in sorted(events, key=lambda event: event[:2]):
            if monday - timedelta(weeks=self.weeks) <= day < self.today:
                with on_the_day(day, hour):
                    act()
        self.ahead()
        return self.told()

    def report(self):
        """Monday: the officers report; a fifth of the names are not recorded yet."""
        named = list(self.kelurahan.values())
        places = self.chance.choices(named, self.weights, k=REPORTS_A_WEEK)
        places += [self.kelurahan[n] for n in ("Purwantoro", "Purwantoro", "Dinoyo") if n in self.kelurahan]
        for place in places:
            self._report(place, self.chance.choice(NEEDS))
        name, count = PACKAGING
        for _each in range(count if name in self.kelurahan else 0):
            self._report(self.kelurahan[name], "packaging", known=True)

    def _report(self, place, need, *, known=False):
        chance, shops = self.chance, self.shops.get(place.pk, ())
        told = {}
        if shops and (known or chance.random() < 0.8):
            told["business"] = chance.choice(shops)
        else:
            told |= {"told_name": chance.choice(words.UNKNOWN), "rw": chance.randrange(1, 13)}
            told |= {"rt": chance.randrange(1, 9), "told_place": "dekat pos kamling"}
        request, _new = VisitRequest.report(
            by=self.officers[place.pk], uuid=self.uuid(), kelurahan=place, need=need,
            told_at=timezone.now(), urgency=chance.choices([1, 2, 3], [60, 30, 10])[0],
            note=chance.choice(words.NOTES[need]), **told,
        )  # fmt: skip
        if chance.random() < 0.04:
            picture = SimpleUploadedFile("foto.jpg", draw_picture("jar", request.pk).read())
            request.add_photo(picture, by=self.officers[place.pk])

    def plan(self):
        """Tuesday: the most urgent of the board get tomorrow."""
        tomorrow = timezone.localdate() + timedelta(days=1)
        waiting = VisitRequest.objects.filter(state="new").ranked(timezone.localdate())
        chosen = list(waiting.select_related("kelurahan", "business")[:VISITS_A_DAY])
        if chosen:
            title = f"Kunjungan {chosen[0].kelurahan.name} dan sekitarnya"
            friends = [self.offices["Sahabat UMKM"]]
            day = VisitDay.plan(
                on=tomorrow, by=self.staff, title=title, who="Sari, Yuni", organisations=friends
            )
            day.add(chosen, by=self.staff)

    def visit(self):
        """Wednesday: most are met; every other problem goes to whoever can solve it."""
        for visit in Visit.objects.filter(state="planned", on=timezone.localdate()).order_by("pk"):
            if self.chance.random() < 0.1:
                visit.miss(by=self.staff, reason="Rumah tertutup, tetangga bilang sedang ke pasar.")
                continue
            record_visit(visit, by=self.staff, follow_ups=self._problems(), who="Sari, Yuni", **self._found())
        shop = self.chance.choice(self.shops[self.chance.choice(list(self.shops))])
        record_unplanned(
            uuid=self.uuid(), by=self.staff, business=shop, kelurahan=shop.kelurahan,
            on=timezone.localdate(), told_at=timezone.now(), who="Sari", **self._found(),
        )  # fmt: skip

    def _found(self):
        return {name: self.chance.choice(told) for name, told in words.FOUND.items()}

    def _problems(self):
        if self.chance.random() < 0.5:
            return []
        need = self.chance.choice([*words.PROBLEMS, "licence"])
        return [
            {
                "uuid": self.uuid(),
                "need": need,
                "problem": words.PROBLEMS[need],
                "organisation": self.offices[words.HELPER[need]],
                "working_days": self.chance.choice([5, 10, 10, 15]),
            }
        ]

    def solve(self):
        """Thursday: visited requests are answered, problems solved or replied to; some wait too long."""
        for request in VisitRequest.objects.filter(state="visited").order_by("pk")[:12]:
            if self.chance.random() < 0.7:
                outcome = self.chance.choices(["helped", "referred", "unable", "gone"], [60, 25, 10, 5])[0]
                close_request(
                    request, outcome=outcome, by=self.staff, answer=self.chance.choice(words.ANSWERS[outcome])
                )
        dinkes = self.users["opd.dinkes"]
        for row in FollowUp.objects.open().select_related("organisation").order_by("pk"):
            by = dinkes if row.organisation.short_name == "Dinkes" else self.staff
            luck = self.chance.random()
            if luck < 0.28:
                row.close(by=by, evidence=words.SOLVED[row.need])
            elif luck < 0.4:
                row.reply(by=by, text="Sudah dihubungi, dijadwalkan minggu depan.")

    def look(self):
        """Friday: one officer walks an RW and asks who is still there; some businesses are guided on."""
        name = self.chance.choice(["Purwantoro", "Dinoyo", *list(self.kelurahan)[:20]])
        place = self.kelurahan.get(name) or next(iter(self.kelurahan.values()))
        shops = self.shops.get(place.pk, ())
        if not shops:
            return
        rw = self.chance.choice(shops).rw
        answers = ["active"] * 12 + ["not_found", "not_found", "moved"]
        if (self.today - timezone.localdate()).days < 10:  # what these propose still waits to be decided
            answers += ["temporary", "closed"]
        for shop in [s for s in shops if s.rw == rw][:12]:
            Check.record(
                business=shop, answer=self.chance.choice(answers), via="walk", uuid=self.uuid(),
                told_at=timezone.now(), by=self.officers[place.pk],
            )  # fmt: skip
        self.guide()

    def guide(self):
        goal, service = self.chance.choice(words.GOALS)
        running = list(Mentoring.objects.running().order_by("pk")[:6])
        for series in running:
            if self.chance.random() < 0.5:
                note, on = "Berkas dilengkapi bersama.", timezone.localdate()
                series.add_session(on=on, service=service, note=note, by=self.staff, uuid=self.uuid())
            elif self.chance.random() < 0.2 and series.sessions.exists():
                series.end(result="reached", by=self.staff, note="Tujuannya tercapai.")
        if len(running) < 6:
            shop = self.chance.choice(self.shops[self.chance.choice(list(self.shops))])
            ours = self.offices["Diskopindag"]
            Mentoring.start(business=shop, goal=goal, mentor="Yuni", organisation=ours, by=self.staff)

    # ---- forums ------------------------------------------------------------------------------------------

    def meet(self, forum, name, count):
        """An evening's forum, logged line by line."""
        place = self.kelurahan[name]
        officer, chance = self.officers[place.pk], self.chance
        where = (
            f"{chance.choice(words.PLACES)} {chance.randrange(1, 9)}"
            if forum != "musrenbang"
            else "Kantor kelurahan"
        )
        rt, rw = chance.randrange(1, 9), chance.randrange(1, 12)
        needs = ["packaging", "packaging", *words.SAID]
        for number in range(count):
            need = "packaging" if name == "Sukun" and number % 2 == 0 else chance.choice(needs)
            shops = self.shops.get(place.pk, ())
            Proposal.log(
                by=officer, uuid=self.uuid(), forum=forum, held_on=timezone.localdate(), kelurahan=place,
                need=need, text=chance.choice(words.SAID[need]), told_at=timezone.now(), place=where,
                rt=rt if forum == "muskelsus" else chance.randrange(1, 9),
                rw=rw if forum == "muskelsus" else chance.randrange(1, 12),
                business=chance.choice(shops) if shops and chance.random() < 0.3 else None,
            )  # fmt: skip

    def answer(self, name):
        """Diskopindag answers most of a forum a week later, some for everybody to read."""
        for row in Proposal.objects.filter(kelurahan=self.kelurahan[name], state="new").order_by("pk"):
            luck = self.chance.random()
            if luck < 0.25:
                continue
            state = "taken" if luck < 0.55 else "done" if luck < 0.88 else "declined"
            line = self.chance.choice(words.PUBLIC[row.need])
            if state == "declined":
                line = "Belum dapat dipenuhi dengan anggaran tahun ini."
            row.respond(
                state=state, by=self.staff, answer="" if state == "taken" else line,
                public_line=line if self.chance.random() < 0.8 else "",
            )  # fmt: skip

    # ---- monthly reports -----------------------------------------------------------------------------------

    def months(self):
        """[(day, hour, act)] of the last three months' reports."""
        events, month = [], self.today.replace(day=1)
        for ago in range(1, 4):
            month = (month - timedelta(days=1)).replace(day=1)
            after = (month + timedelta(days=32)).replace(day=1)
            for name, state in list(LAST_MONTH.items())[: 8 if ago == 1 else 4]:
                if name in self.kelurahan:
                    events += self._month(name, month, after, state if ago == 1 else "received")
        return events

    def _month(self, name, month, after, state):
        place = self.kelurahan[name]
        officer = self.officers[place.pk]
        lurah = self.users.get(f"lurah.{name.lower()}")
        first, second, third = (self.working_day(after + timedelta(days=n)) for n in (1, 2, 4))

        def report():
            return MonthlyReport.objects.filter(kelurahan=place, month=month).order_by("-edition").first()

        def begin():
            row, _new = MonthlyReport.begin(kelurahan=place, month=month, by=officer)
            row.write(note="Dua RW baru selesai didatangi; sisanya bulan depan.", by=officer)
            if state != "draft":
                row.submit(by=officer)

        def sign():
            if report() is None:  # its beginning lies before what is lived here
                return
            if state == "returned":
                report().return_for_changes(reason="Tambahkan hasil Ngombe RW 3.", by=lurah)
            elif state in ("sent", "received"):
                number = f"400.10/{month.month:02d}{place.pk % 90 + 10}/{month.year}"
                report().approve(letter_number=number, letter_on=timezone.localdate(), by=lurah)

        def receive():
            if state == "received" and report() is not None:
                report().receive(by=self.staff)

        return [(first, 14, begin), (second, 16, sign), (third, 17, receive)]

    # ---- what is still to come ---------------------------------------------------------------------------

    def ahead(self):
        """Today's visit day and next week's, and who is told of what is overdue."""
        day = self.working_day(self.today)
        for on, title in ((day, "Kunjungan hari ini"), (self.working_day(day + timedelta(days=5)), "")):
            waiting = VisitRequest.objects.filter(state="new").ranked(self.today)
            if chosen := list(waiting.select_related("kelurahan", "business")[:6]):
                VisitDay.plan(on=on, by=self.staff, title=title, who="Sari, Yuni").add(chosen, by=self.staff)
        FollowUp.escalate_overdue()

    def told(self):
        return {
            "reports": VisitRequest.objects.count(),
            "visits": Visit.objects.filter(state="done").count(),
            "follow_ups": FollowUp.objects.count(),
            "proposals": Proposal.objects.count(),
            "checks": Check.objects.count(),
            "monthly": MonthlyReport.objects.count(),
        }


def organisations():
    """{short name: Organisation} of the demo's offices and partners, made where they lack."""
    for short_name, name, kind, helps_with in words.ORGANISATIONS:
        Organisation.objects.get_or_create(
            short_name=short_name, defaults={"name": name, "kind": kind, "helps_with": helps_with}
        )
    return {row.short_name: row for row in Organisation.objects.all()}


def belong(users):
    """opd.dinkes acts for the health office."""
    dinkes, user = organisations()["Dinkes"], users["opd.dinkes"]
    if not Membership.objects.filter(user=user, organisation=dinkes).exists():
        today = timezone.localdate()
        Membership.objects.create(
            user=user, organisation=dinkes, starts_on=today - timedelta(days=320),
            ends_on=today + timedelta(days=400),
        )  # fmt: skip


@transaction.atomic
def live(users, *, seed=11, today=None, weeks=WEEKS):
    """Fill the city's field life; returns how many of each there are."""
    belong(users)
    with stamped_by_the_clock():
        return Life(users, seed=seed, today=today, weeks=weeks).run()
