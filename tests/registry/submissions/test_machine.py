"""The office as a state machine (machine.py): no illegal state; and planted faults are found."""

import datetime
import inspect

import pytest
import time_machine
from django.db import IntegrityError
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RULE_MARKER, run_state_machine_as_test

from accounts import audit
from registry.models import Submission
from registry.submissions import moving
from registry.submissions.deciding import Deciding
from tests.registry.submissions import machine

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NOW = datetime.datetime(2026, 11, 23, 2, 0, tzinfo=datetime.UTC)  # a Monday
CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
STEPS = {"deadline": None, "database": None, "suppress_health_check": CHECKS, "stateful_step_count": 40}


def run(max_examples, *, only=(), **more):
    """Let the office work (with these acts `only`); returns how many acts were tried."""
    machine.prepare()
    tried = []

    class Watched(machine.Office):
        def __init__(self):
            self.clock = clock
            clock.move_to(NOW)
            super().__init__()

        def teardown(self):
            tried.append(self.steps)
            super().teardown()

    for name, act in inspect.getmembers(machine.Office):
        if only and hasattr(act, RULE_MARKER) and name not in only:
            setattr(Watched, name, None)
    with time_machine.travel(NOW, tick=False) as clock:
        run_state_machine_as_test(Watched, settings=settings(max_examples=max_examples, **(STEPS | more)))
    return sum(tried)


def test_whatever_people_do_the_office_stays_in_order(capsys):
    tried = run(30)
    with capsys.disabled():
        print(f"\nstate machine: {tried} acts tried")


def no_hand(patch):
    patch.setattr(Deciding, "_had_a_hand", lambda self, user, edited=None: False)


def everywhere(patch):
    patch.setattr(Deciding, "_decision_reach", lambda self, user: True)
    patch.setattr(Deciding, "_in_time_for", lambda self, user: True)


def no_conflicts(patch):
    patch.setattr(Submission, "conflicts", lambda self, belongings=None: {})


def any_state(patch):
    patch.setattr(Submission, "_refuse_unless", lambda self, *states: None)


def no_consent(patch):
    patch.setattr(moving.Moving, "_refuse_without_agreement", lambda self, reason: None)


def silent_return(patch):
    honest = audit.record
    patch.setattr(
        audit, "record", lambda act, *a, **k: None if act == "submission.returned" else honest(act, *a, **k)
    )


# Each fault, and the few acts with which it is met soon.
FAULTS = {
    "who had a hand in it decides": (no_hand, ("register", "approve")),
    "anybody decides anywhere": (everywhere, ("register", "approve", "reject")),
    "states are not guarded": (any_state, ("register", "approve", "reject", "withdraw")),
    "a return leaves no line": (silent_return, ("register", "send_back")),
    "conflicts are not seen": (no_conflicts, ("two_change_one_fact", "approve")),
    "a move needs no consent": (no_consent, ("a_move_is_sent", "approve")),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault, monkeypatch):
    """Negative control."""
    plant, only = FAULTS[fault]
    plant(monkeypatch)

    with pytest.raises((AssertionError, IntegrityError)):
        run(200, only=only, phases=(Phase.generate,), derandomize=True, report_multiple_bugs=False)
