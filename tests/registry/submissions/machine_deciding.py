"""The machine's acts of who decides (machine.py): one by one, together, as a batch; and what is reversed."""

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from registry.models import Business
from registry.submissions import actions, many, reversing
from registry.submissions.batches import Batch
from tests.registry.submissions.machine_books import (
    BASE,
    DECIDE,
    HERE,
    PROPOSE,
    TRACKED,
    Books,
    Told,
    anybody,
    deciders,
    index,
    proposers,
    some_values,
)


class Deciding(Books):
    """Part of Office."""

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
