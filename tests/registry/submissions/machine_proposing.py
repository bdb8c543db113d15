"""The machine's acts of who proposes (machine.py): proposing, mending, sending, taking back."""

import uuid

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from registry.submissions import actions, reversing
from tests.registry.submissions.machine_books import (
    BASE,
    EDITABLE,
    HERE,
    LIGHT,
    OPEN,
    PLACES,
    PROPOSE,
    THERE,
    TRACKED,
    Books,
    Told,
    index,
    proposers,
    some_values,
)


class Proposing(Books):
    """Part of Office."""

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
