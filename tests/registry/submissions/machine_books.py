"""What the state machine (machine.py) knows beside the database, and how it tries one act.

Its people and the words it proposes, what it was told of each submission, and what each business should look
like after the approved proposals.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from accounts.models import AuditEntry, User
from registry.models import Business, Post, Submission
from registry.regions.access import forget_posts
from registry.submissions.batches import Batch
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


class Books(RuleBasedStateMachine):
    """The model beside the database; the acts themselves stand in the machines made from it."""

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
