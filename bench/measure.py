"""Timing: several ways of answering one question, taken in turns, so that a busy moment hits all alike."""

import gc
import gzip
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

RUNS, WARM_UP = 30, 3


@dataclass
class Way:
    """One way of answering: `ask()` answers, `before()` runs untimed before each time."""

    name: str
    ask: Callable
    before: Callable | None = None
    seconds: list = field(default_factory=list)
    cpu: list = field(default_factory=list)

    @property
    def median(self):
        return statistics.median(self.seconds)

    @property
    def cpu_median(self):
        return statistics.median(self.cpu)

    @property
    def best(self):
        return min(self.seconds)


def in_turns(ways, runs=RUNS, warm_up=WARM_UP):
    """Run every way `runs` times in rotating order, the first `warm_up` rounds untimed.

    What lives already is set aside from the collector, so that no answer pays for sweeping through it.
    """
    ways = list(ways)
    for round_number in range(warm_up + runs):
        turn = round_number % len(ways)
        if round_number == warm_up:
            gc.collect()
            gc.freeze()
        gc.collect()
        for way in ways[turn:] + ways[:turn]:
            if way.before:
                way.before()
            cpu, start = time.process_time(), time.perf_counter()
            way.ask()
            took, burnt = time.perf_counter() - start, time.process_time() - cpu
            if round_number >= warm_up:
                way.seconds.append(took)
                way.cpu.append(burnt)
    gc.unfreeze()
    return ways


def forget():
    """Empty every cache: the next answer is made from the database."""
    for cache in caches.all(initialized_only=False):
        cache.clear()


def queries(ask):
    """How many statements `ask` sends to the database."""
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)


def sizes(response):
    """(bytes of the body, bytes as gzip sends it)."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return len(body), len(gzip.compress(body, 6))
