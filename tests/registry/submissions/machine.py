"""A state machine over everybody and every act: what may never happen, whatever people do in which order.

The machine keeps a small model beside the database (who had a hand in what, what each business should look
like after the approved proposals: machine_books.py) and compares after every step. Who may do what is told
here as the office tells it, not read from registry/regions/roles.py.
"""

from datetime import timedelta

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from accounts.models import AuditEntry, User
from registry.models import Business, Post, Submission
from registry.submissions import actions
from tests import factories
from tests.registry.submissions.machine_books import (
    BASE,
    LIGHT,
    OPEN,
    PEOPLE,
    PLACES,
    PROPOSE,
    RECOGNISE,
    STARTING,
    TRACKED,
    VERIFY,
    Told,
    deciders,
    index,
)
from tests.registry.submissions.machine_deciding import Deciding
from tests.registry.submissions.machine_proposing import Proposing


def prepare():
    """The city, its people and their posts; before the machines run."""
    city = factories.make_city()
    for who in PEOPLE:
        factories.make_user(f"m.{who}")
    for who, role, region in STARTING:
        factories.make_post(User.objects.get(username=f"m.{who}"), role, city[region], days=3650)
    return city


class Office(Proposing, Deciding):
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
