"""A state machine over everybody and every act: what may never happen, whatever people do in which order.

The machine keeps a small model beside the database (who had a hand in what, what each business should look
like after the approved proposals) and compares after every step. Who may do what is told here as the office
tells it, not read from registry/regions/roles.py.
"""

import uuid
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from accounts.models import AuditEntry, User
from registry.models import Business, Post, Submission
from registry.regions.access import forget_posts
from registry.submissions import actions, many, reversing
from registry.submissions.batches import Batch
from tests import factories
from umkm_portal.lib.errors import Refused

HERE, THERE = "35.73.01.1007", "35.73.05.1004"
PLACES = {HERE: "Purwantoro", THERE: "Dinoyo"}
STARTING = [  # (who, role, region): posts on the first day
    ("here", "petugas", "Purwantoro"),
    ("there", "petugas", "Dinoyo"),
    ("operator", "operator", "Kota"),
    ("one", "verifikator", "Kota"),
    ("two", "verifikator", "Kota"),
    ("both", "operator", "Kota"),
    ("both", "verifikator", "Kota"),
    ("kasi", "kasi", "Kota"),
    ("lurah", "lurah", "Purwantoro"),
    ("camat", "camat", "Kec. Blimbing"),
    ("kepala", "kepala", "Kota"),
    ("auditor", "auditor", "Kota"),
    ("admin", "admin", "Kota"),
    ("program", "program", "Kota"),
    ("keuangan", "keuangan", "Kota"),
]
PEOPLE = sorted({who for who, _role, _region in STARTING} | {"nobody", "successor"})
PROPOSE, DECIDE = {"petugas", "operator", "verifikator"}, {"verifikator"}
RECOGNISE, VERIFY = {"verifikator", "program"}, {"verifikator"}
VALUES = {
    "workers": [2, 5, 9],
    "opening_hours": ["07.00-15.00", "08.00-16.00", "tiap hari"],
    "description": ["Cerita satu.", "Cerita dua."],
    "rw": [4, 7],
    "stall": ["A1", "B2"],
}
LIGHT = {"opening_hours", "description", "rw"}
TRACKED = (*VALUES, "operating_state")
BASE = {
    "workers": None,
    "opening_hours": "",
    "description": "",
    "rw": None,
    "stall": "",
    "operating_state": "active",
}
OPEN, EDITABLE = ("submitted", "returned"), ("draft", "returned")

some_values = st.dictionaries(st.sampled_from(sorted(VALUES)), st.integers(0, 2), min_size=1, max_size=3).map(
    lambda chosen: {name: VALUES[name][n % len(VALUES[name])] for name, n in chosen.items()}
)
anybody = st.sampled_from(PEOPLE)
# Acts are tried more often by who may do them, so that the machine gets somewhere.
proposers = st.one_of(st.sampled_from(["here", "there", "operator", "both"]), anybody)
deciders = st.one_of(st.sampled_from(["one", "two", "both"]), anybody)
index = st.integers(0, 30)


class Told:
    """What the model knows of one submission."""

    def __init__(self, kind, by, place, business, proposed, base, **more):
        self.kind, self.proposer, self.place, self.business = kind, by, place, business
        self.proposed, self.base = proposed, base
        self.hands, self.status = {by}, "draft"
        self.destination = more.get("destination")
        self.batch = more.get("batch")
        self.agreed = False
        self.submitted_on = None


def prepare():
    """The city, its people and their posts; before the machines run."""
    city = factories.make_city()
    for who in PEOPLE:
        factories.make_user(f"m.{who}")
    for who, role, region in STARTING:
        factories.make_post(User.objects.get(username=f"m.{who}"), role, city[region], days=3650)
    return city


class Office(RuleBasedStateMachine):
    """One office, from its first day on."""

    clock = None  # a time_machine traveller, set by the test

    @initialize(places=st.lists(st.sampled_from(sorted(PLACES)), min_size=1, max_size=3))
    def there_are_businesses(self, places):
        """What most acts are about stands there from the first day."""
        for number, place in enumerate(places):
            values = {"name": f"Usaha {number}", "activity": "keripik", "kelurahan": place, "workers": 2}
            made = actions.propose(kind="register", by=self.user("operator"), values=values, submit=True)
            made.approve(by=self.user("one"))
            told = Told("register", "operator", place, None, {"workers": 2}, dict(BASE))
            self.told[made.pk] = told
            self.approved(made.pk)

    def __init__(self):
        super().__init__()
        self.frame = transaction.atomic()
        self.frame.__enter__()
        self.told = {}  # {submission pk: Told}
        self.state = {}  # {business pk: {field: value}}
        self.version = {}
        self.place = {}  # {business pk: kelurahan code}
        self.audit = AuditEntry.objects.count()
        self.steps = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.frame.__exit__(None, None, None)

    # ---- helpers -------------------------------------------------------------------------------------------

    def user(self, who):
        found = User.objects.get(username=f"m.{who}")
        forget_posts(found)
        return found

    def posts(self, who):
        """{(role, region code)} in force today."""
        rows = Post.objects.filter(user__username=f"m.{who}").select_related("region")
        today = timezone.localdate()
        return {(p.role, p.region.code) for p in rows if p.starts_on <= today <= p.ends_on}

    def graced(self, who):
        """Roles in a kelurahan that ran out by themselves less than 14 days ago."""
        today = timezone.localdate()
        rows = Post.objects.filter(user__username=f"m.{who}", role="petugas", ended_at=None)
        return {
            ("petugas", p.region.code)
            for p in rows.select_related("region")
            if p.ends_on < today <= p.ends_on + timedelta(days=14)
        }

    def serves(self, who, roles, place, *, grace=False):
        """Whether a post of one of `roles` reaches `place`."""
        held = self.posts(who) | (self.graced(who) if grace else set())
        return any(
            role in roles and (place == code or (place or "").startswith(code + ".")) for role, code in held
        )

    def row(self, pk):
        return Submission.objects.get(pk=pk)

    def pick(self, n, **having):
        """The n-th submission whose model has these values, or None."""
        found = [
            pk
            for pk, told in self.told.items()
            if all(getattr(told, k) in (v if isinstance(v, tuple) else (v,)) for k, v in having.items())
        ]
        return found[n % len(found)] if found else None

    def business(self, n):
        return Business.objects.get(pk=list(self.state)[n % len(self.state)])

    def frozen(self):
        """Everything an act may move, to see that a refused one moved nothing."""
        return (
            sorted(Submission.objects.values_list("pk", "status", "decided_by", "submitted_at", "agreed_by")),
            sorted(Business.objects.values_list("pk", "version", "operating_state", "curated_on")),
            sorted(Batch.objects.values_list("pk", "state")),
        )

    def act(self, do, *, lines=1):
        """Run one act. Returns what it returned, or its Refused; counts the lines of the audit trail.

        `lines` is how many a success leaves: a number, or a function of the outcome.
        """
        before, rows = AuditEntry.objects.count(), self.frozen()
        self.steps += 1
        try:
            with transaction.atomic():
                outcome = do()
        except (Refused, ValidationError) as refused:
            assert AuditEntry.objects.count() == before, f"a refused act left a line: {refused}"
            assert self.frozen() == rows, f"a refused act changed something: {refused}"
            return refused
        left = AuditEntry.objects.count() - before
        wanted = lines(outcome) if callable(lines) else lines
        assert left == wanted, f"{left} lines for an act that should leave {wanted}"
        return outcome

    @staticmethod
    def done(outcome):
        return not isinstance(outcome, Exception)

    def changed_fields(self, business, values):
        now = self.state[business.pk] if business else BASE
        return {n: v for n, v in values.items() if now[n] != v}

    # ---- proposing -----------------------------------------------------------------------------------------

    @rule(who=proposers, place=st.sampled_from(sorted(PLACES)), values=some_values, send=st.booleans())
    def register(self, who, place, values, send):
        values = values | {"name": f"Usaha {uuid.uuid4().hex[:6]}", "activity": "keripik", "kelurahan": place}
        made = self.act(
            lambda: actions.propose(kind="register", by=self.user(who), values=values, submit=send),
            lines=2 if send else 1,
        )
        if self.done(made):
            assert self.serves(who, PROPOSE, place, grace=True), f"{who} proposed outside their reach"
            told = {n: v for n, v in values.items() if n in TRACKED and v != BASE[n]}
            self.told[made.pk] = Told("register", who, place, None, told, dict(BASE))
            if send:
                self.told[made.pk].status, self.told[made.pk].submitted_on = "submitted", timezone.localdate()

    @precondition(lambda self: self.state)
    @rule(
        who=proposers,
        n=index,
        kind=st.sampled_from(["change", "change", "change", "close", "reopen", "move"]),
        values=some_values,
        send=st.booleans(),
    )
    def propose(self, who, n, kind, values, send):
        business = self.business(n)
        place, destination = self.place[business.pk], None
        given = values if kind == "change" else {}
        if kind == "move":
            destination = THERE if place == HERE else HERE
            given = {"kelurahan": destination}
        made = self.act(
            lambda: actions.propose(
                kind=kind, by=self.user(who), business=business, values=given, submit=send
            ),
            lines=lambda made: {"draft": 1, "submitted": 2, "approved": 3}[self.row(made.pk).status],
        )
        if not self.done(made):
            return
        assert self.serves(who, PROPOSE, place, grace=True), f"{who} proposed outside their reach"
        now = self.state[business.pk]
        told = self.changed_fields(business, given) if kind == "change" else {}
        if kind in ("close", "reopen"):
            told = {"operating_state": "closed" if kind == "close" else "active"}
        self.told[made.pk] = Told(kind, who, place, business.pk, told, dict(now), destination=destination)
        if send:
            self.sent(who, made.pk)

    @precondition(lambda self: self.state)
    @rule(n=index)
    def a_move_is_sent(self, n):
        """Moves are rare among proposals, and have a guard of their own."""
        business = self.business(n)
        place = self.place[business.pk]
        destination = THERE if place == HERE else HERE
        made = self.act(
            lambda: actions.propose(
                kind="move", by=self.user("operator"), business=business,
                values={"kelurahan": destination}, submit=True,
            ),
            lines=2,
        )  # fmt: skip
        assert self.done(made), made
        now = dict(self.state[business.pk])
        self.told[made.pk] = Told("move", "operator", place, business.pk, {}, now, destination=destination)
        self.sent("operator", made.pk)

    def sent(self, who, pk):
        """What follows from sending: it waits, or the rule for light corrections has passed it."""
        told = self.told[pk]
        told.hands.add(who)
        told.status, told.submitted_on = "submitted", timezone.localdate()
        if self.row(pk).status == "approved":
            assert told.kind == "change" and set(told.proposed) <= LIGHT, "the rule decided more than it may"
            assert self.serves(who, {"operator", "verifikator"}, HERE), "the rule passed a kelurahan's change"
            self.approved(pk)

    @precondition(lambda self: self.state)
    @rule(n=index, first=st.sampled_from([2, 5, 9]), second=st.sampled_from([2, 5, 9]))
    def two_change_one_fact(self, n, first, second):
        """Two proposals about the same fact wait at once: whoever approves the second has to choose."""
        business = self.business(n)
        place, now = self.place[business.pk], self.state[business.pk]
        for who, workers in (("both", first), ("operator", second)):
            if now["workers"] == workers or now["operating_state"] == "closed":
                continue
            values = {"workers": workers, "stall": f"C{workers}"}
            made = self.act(
                lambda who=who, values=values: actions.propose(
                    kind="change", by=self.user(who), business=business, values=values, submit=True
                ),
                lines=2,
            )
            assert self.done(made), made
            told = Told("change", who, place, business.pk, self.changed_fields(business, values), dict(now))
            told.status, told.submitted_on = "submitted", timezone.localdate()
            self.told[made.pk] = told

    @precondition(lambda self: self.pick(0, status=EDITABLE, kind=("register", "change")) is not None)
    @rule(who=proposers, n=index, values=some_values)
    def edit(self, who, n, values):
        pk = self.pick(n, status=EDITABLE, kind=("register", "change"))
        if pk is None:
            return
        told = self.told[pk]
        given = dict(values)
        if told.kind == "register":
            given |= {"name": "Usaha diubah", "activity": "keripik", "kelurahan": told.place}
        if self.done(self.act(lambda: self.row(pk).edit(by=self.user(who), values=given))):
            assert who == told.proposer or self.serves(who, {"petugas"}, told.place, grace=True), (
                "edited by a stranger"
            )
            assert self.serves_somewhere(who, PROPOSE), "edited by who may not propose"
            now = self.state.get(told.business, BASE)
            told.proposed = {v: x for v, x in values.items() if now[v] != x}
            told.base = dict(now)
            told.hands.add(who)

    def serves_somewhere(self, who, roles):
        return any(role in roles for role, _code in self.posts(who) | self.graced(who))

    @precondition(lambda self: self.pick(0, status=EDITABLE) is not None)
    @rule(who=proposers, n=index)
    def submit(self, who, n):
        pk = self.pick(n, status=EDITABLE)
        if pk is None:
            return
        told, before = self.told[pk], self.row(pk)
        assert before.status == told.status

        def lines(_none):
            return 2 if self.row(pk).status == "approved" else 1

        sent = self.act(lambda: self.row(pk).submit(by=self.user(who)), lines=lines)
        if not self.done(sent):
            return
        assert (
            who == told.proposer
            or self.serves(who, {"petugas"}, told.place, grace=True)
            or (told.destination and self.serves(who, {"petugas"}, told.destination, grace=True))
        ), "sent by a stranger"
        self.sent(who, pk)

    @precondition(lambda self: self.pick(0) is not None)
    @rule(who=proposers, n=index)
    def withdraw(self, who, n):
        pk = self.pick(n)
        if pk is None:
            return
        told = self.told[pk]
        if self.done(self.act(lambda: self.row(pk).withdraw(by=self.user(who)))):
            assert told.status in ("draft", *OPEN), f"withdrew what was {told.status}"
            places = [told.place, told.destination]
            assert who == told.proposer or any(
                p and self.serves(who, {"petugas"}, p, grace=True) for p in places
            )
            told.status = "withdrawn"

    @precondition(
        lambda self: self.pick(0, status=("rejected", "withdrawn"), kind=("register", "change")) is not None
    )
    @rule(who=proposers, n=index)
    def propose_again(self, who, n):
        pk = self.pick(n, status=("rejected", "withdrawn"), kind=("register", "change"))
        if pk is None:
            return
        told = self.told[pk]
        made = self.act(lambda: reversing.propose_again(self.row(pk), by=self.user(who)))
        if self.done(made):
            assert self.serves(who, PROPOSE, told.place, grace=True)
            now = self.state.get(told.business, BASE)
            proposed = {n: v for n, v in told.proposed.items() if now[n] != v}
            self.told[made.pk] = Told(told.kind, who, told.place, told.business, proposed, dict(now))

    # ---- deciding ------------------------------------------------------------------------------------------

    def approved(self, pk, *, keep=(), mended=None):
        told, row = self.told[pk], self.row(pk)
        told.status = "approved"
        applied = {n: v for n, v in told.proposed.items() if n not in keep} | (mended or {})
        if told.business is None:
            told.business = row.business_id
            self.state[row.business_id] = dict(BASE) | applied
            self.place[row.business_id] = told.place
            self.version[row.business_id] = 1
        else:
            self.state[told.business] |= applied
            self.version[told.business] += 1
        if told.kind == "move":
            self.place[told.business] = told.destination

    def may_decide(self, who, told):
        return told.status == "submitted" and who not in told.hands and self.decides(who, told)

    def decides(self, who, told):
        if self.serves(who, DECIDE, told.place):
            return True
        waited = (timezone.localdate() - told.submitted_on).days
        return waited > 3 and self.serves(who, {"kasi"}, told.place)

    def conflicts(self, told):
        now = self.state.get(told.business, BASE)
        return {n for n, v in told.proposed.items() if now[n] not in (told.base[n], v)}

    @precondition(lambda self: self.pick(0) is not None)
    @rule(who=deciders, n=index, choose=st.sampled_from(["nothing", "keep", "take"]), mend=st.booleans())
    def approve(self, who, n, choose, mend):
        pk = self.pick(n, status=("submitted",)) if n % 4 else self.pick(n)
        if pk is None:
            return
        told, row = self.told[pk], self.row(pk)
        chosen = sorted(row.conflicts()) if choose != "nothing" else []
        mends = None
        if mend and "workers" in told.proposed:
            mends = {"workers": 77}
        reason = "Diperbaiki." if mends else ""
        outcome = self.act(
            lambda: self.row(pk).approve(
                by=self.user(who),
                keep=chosen if choose == "keep" else (),
                take=chosen if choose == "take" else (),
                mends=mends,
                reason=reason,
            )
        )
        if not self.done(outcome):
            return
        assert told.batch is None, "a row of a batch was decided alone"
        assert self.may_decide(who, told), f"{who} approved what was {told.status} by {told.hands}"
        assert self.conflicts(told) <= set(chosen), "a conflict was passed over"
        assert told.kind != "move" or told.agreed or self.may_miss_agreement(told), "moved without consent"
        kept = set(chosen) if choose == "keep" else set()
        self.approved(pk, keep=kept, mended={"workers": 77} if mends and "workers" not in kept else None)

    def may_miss_agreement(self, told):
        receives = self.serves(told.proposer, {"petugas"}, told.destination, grace=True)
        return receives

    @precondition(lambda self: self.pick(0, status=("submitted",)) is not None)
    @rule(who=deciders, n=index)
    def send_back(self, who, n):
        pk = self.pick(n, status=("submitted",)) if n % 4 else self.pick(n)
        if pk is None:
            return
        told = self.told[pk]
        if self.done(
            self.act(lambda: self.row(pk).return_for_changes(by=self.user(who), reason="Lengkapi."))
        ):
            assert self.may_decide(who, told), f"{who} returned what was {told.status} by {told.hands}"
            told.status = "returned"

    @precondition(lambda self: self.pick(0, status=("submitted",)) is not None)
    @rule(who=deciders, n=index)
    def reject(self, who, n):
        pk = self.pick(n, status=("submitted",)) if n % 4 else self.pick(n)
        if pk is None:
            return
        told = self.told[pk]
        if self.done(self.act(lambda: self.row(pk).reject(by=self.user(who), reason="Tidak."))):
            assert self.may_decide(who, told), f"{who} rejected what was {told.status} by {told.hands}"
            told.status = "rejected"

    @precondition(lambda self: self.pick(0, status=("submitted",)) is not None)
    @rule(who=deciders, picks=st.lists(index, min_size=1, max_size=4))
    def approve_together(self, who, picks):
        pks = sorted({self.pick(n) for n in picks} - {None})
        if not pks:
            return
        done = self.act(
            lambda: many.approve_many([self.row(pk) for pk in pks], by=self.user(who)),
            lines=lambda outcome: outcome["approved"],
        )
        if not self.done(done):
            return
        for pk in pks:
            told = self.told[pk]
            if self.row(pk).status == "approved" and told.status != "approved":
                assert told.batch is None, "a row of a batch was decided together with others"
                assert self.may_decide(who, told), f"{who} approved what was {told.status} by {told.hands}"
                assert not self.conflicts(told), "a conflict was passed over together"
                self.approved(pk)

    @precondition(lambda self: self.pick(0, kind=("move",), status=("submitted",)) is not None)
    @rule(who=st.one_of(st.sampled_from(["here", "there"]), anybody), n=index, agree=st.booleans())
    def answer_move(self, who, n, agree):
        pk = self.pick(n, kind=("move",))
        if pk is None:
            return
        told = self.told[pk]

        def answer():
            row, by = self.row(pk), self.user(who)
            return row.agree(by=by) if agree else row.decline_move(by=by, reason="Bukan.")

        if self.done(self.act(answer)):
            assert told.status == "submitted" and who != told.proposer
            assert self.serves(who, {"petugas"}, told.destination, grace=True), (
                "answered for another kelurahan"
            )
            told.agreed = agree
            told.status = "submitted" if agree else "returned"

    @precondition(
        lambda self: self.pick(0, status=("approved",), kind=("change", "close", "reopen")) is not None
    )
    @rule(who=proposers, n=index)
    def reverse(self, who, n):
        pk = self.pick(n, status=("approved",), kind=("change", "close", "reopen"))
        if pk is None:
            return
        told, row = self.told[pk], self.row(pk)
        business = Business.objects.get(pk=told.business)
        now = dict(self.state[told.business])
        made = self.act(
            lambda: reversing.reverse(row, by=self.user(who), reason="Salah."),
            lines=2,
        )
        if not self.done(made):
            return
        assert self.serves(who, PROPOSE, self.place[business.pk], grace=True), "reversed outside their reach"
        back = {n: pair[1] for n, pair in made.values.items() if n in TRACKED}
        assert all(now[n] == pair[1] for n, pair in row.values.items() if n in back), (
            "reversed what had moved on"
        )
        again = Told(made.kind, who, self.place[business.pk], business.pk, back, now)
        again.status, again.submitted_on = "submitted", timezone.localdate()
        self.told[made.pk] = again

    # ---- batches -------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.state) > 0)
    @rule(who=proposers, values=some_values)
    def propose_many(self, who, values):
        businesses = list(
            Business.objects.select_related("kelurahan", "kbli", "subsector").order_by("pk")[:3]
        )
        made = self.act(
            lambda: many.propose_many([(b, values) for b in businesses], by=self.user(who), title="Banyak"),
            lines=lambda batch: 1 + batch.total,
        )
        if not self.done(made):
            return
        for row in made.submissions.all():
            place = self.place[row.business_id]
            assert self.serves(who, PROPOSE, place, grace=True), "a batch reached outside"
            proposed = self.changed_fields(row.business, values)
            told = Told("change", who, place, row.business_id, proposed, dict(self.state[row.business_id]))
            told.status, told.batch, told.submitted_on = "submitted", made.pk, timezone.localdate()
            self.told[row.pk] = told

    @precondition(lambda self: any(told.batch for told in self.told.values()))
    @rule(who=deciders, n=index, what=st.sampled_from(["approve", "reject", "withdraw"]))
    def decide_batch(self, who, n, what):
        batches = sorted({told.batch for told in self.told.values()} - {None})
        if not batches:
            return
        batch = Batch.objects.get(pk=batches[n % len(batches)])
        state, proposer = batch.state, batch.proposed_by.username.removeprefix("m.")

        def decide():
            options = {"reason": "Tidak."} if what == "reject" else {}
            return getattr(Batch.objects.get(pk=batch.pk), what)(by=self.user(who), **options)

        if not self.done(self.act(decide)):
            return
        assert state == "submitted", f"a batch that was {state} was decided"
        rows = [pk for pk, told in self.told.items() if told.batch == batch.pk and told.status == "submitted"]
        if what == "withdraw":
            assert who == proposer
        else:
            assert who != proposer and self.serves(who, DECIDE, HERE), "a batch decided by who may not"
        if what != "approve":
            for pk in rows:
                self.told[pk].status = {"reject": "rejected", "withdraw": "withdrawn"}[what]
            return
        before = {pk: self.conflicts(self.told[pk]) for pk in rows}
        self.act(
            lambda: actions.apply_batch(Batch.objects.get(pk=batch.pk)),
            lines=lambda done: done["applied"] + done["refused"] + 1,
        )
        for pk in rows:
            if self.row(pk).status == "approved":
                assert not before[pk], "a batch passed over a conflict"
                self.approved(pk)
            else:
                self.told[pk].batch = None

    # ---- the acts that are no proposals --------------------------------------------------------------------

    @precondition(lambda self: self.state)
    @rule(who=deciders, n=index, what=st.sampled_from(["verify", "recognise", "unrecognise", "confirm"]))
    def act_on_business(self, who, n, what):
        business = self.business(n)

        def do():
            by, row = self.user(who), Business.objects.get(pk=business.pk)
            if what == "verify":
                return row.verify("existence", how="visit", by=by)
            if what == "recognise":
                return row.recognise("curated", on=timezone.localdate(), by=by)
            if what == "unrecognise":
                return row.unrecognise("curated", by=by, reason="Keliru.")
            return row.confirm_active(on=timezone.localdate(), by=by)

        if self.done(self.act(do)):
            roles = {"verify": VERIFY, "confirm": PROPOSE | {"program"}}.get(what, RECOGNISE)
            assert self.serves(who, roles, self.place[business.pk]), f"{who} did {what} outside their reach"

    # ---- posts and days ------------------------------------------------------------------------------------

    @rule(who=st.sampled_from(["here", "there", "two"]), by_hand=st.booleans())
    def post_ends(self, who, by_hand):
        post = Post.objects.filter(user__username=f"m.{who}", ends_on__gte=timezone.localdate()).first()
        if post is None:
            return
        yesterday = timezone.localdate() - timedelta(days=1)
        if by_hand:
            self.act(lambda: post.end(on=yesterday, by=self.user("admin")))
        else:
            Post.objects.filter(pk=post.pk).update(ends_on=yesterday)

    @precondition(lambda self: not self.posts("successor"))
    @rule(region=st.sampled_from(sorted(PLACES.values())))
    def a_successor_comes(self, region):
        city = factories.make_city()
        if not self.posts("successor"):
            factories.make_post(self.user("successor"), "petugas", city[region], days=3650, since=0)

    @rule(days=st.sampled_from([1, 2, 5, 20]))
    def days_pass(self, days):
        if self.clock:
            self.clock.shift(timedelta(days=days))

    # ---- what is always so ---------------------------------------------------------------------------------

    @invariant()
    def every_submission_is_as_told(self):
        for row in Submission.objects.prefetch_related("editors__user").select_related("decided_by"):
            told = self.told[row.pk]
            assert row.status == told.status, f"{row.kind} is {row.status}, told {told.status}"
            assert (row.decided_at is not None) == (row.status in ("approved", "rejected"))
            assert (row.withdrawn_at is not None) == (row.status == "withdrawn")
            assert (row.submitted_at is not None) or row.status in ("draft", "withdrawn")
            assert row.status != "returned" or row.returned_at is not None
            if row.decided_by:
                who = row.decided_by.username.removeprefix("m.")
                assert who not in told.hands, f"{who} decided what they had a hand in"
                assert not row.decided_rule
            elif row.decided_at:
                assert row.decided_rule == "light-correction"
                assert row.kind == "change" and set(row.values) <= LIGHT

    @invariant()
    def every_business_is_what_was_approved(self):
        for business in Business.objects.select_related("kelurahan"):
            now = {name: getattr(business, name) for name in TRACKED}
            assert now == self.state[business.pk], f"{now} is not the replay {self.state[business.pk]}"
            assert business.kelurahan.code == self.place[business.pk]
            assert business.version == self.version[business.pk]

    @invariant()
    def one_line_tells_each_decision(self):
        for act, status in (("submission.approved", "approved"), ("submission.rejected", "rejected")):
            told = sorted(AuditEntry.objects.filter(act=act).values_list("target_id", flat=True))
            assert len(told) == len(set(told)), f"two lines {act} for one submission"
            if act == "submission.approved":
                assert set(told) == {str(pk) for pk, row in self.told.items() if row.status == status}

    @invariant()
    def one_closing_is_open(self):
        rows = Submission.objects.filter(kind__in=["close", "reopen"], status__in=OPEN)
        businesses = list(rows.values_list("business", flat=True))
        assert len(businesses) == len(set(businesses))
