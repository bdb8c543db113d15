"""Two people at once: run acts in threads, each with a database connection of its own."""

import contextlib
import threading

from django.db import connections


def race(*acts, timeout=20):
    """Start all `acts` (callables) together; returns their outcomes in order: a value or the exception.

    Raises AssertionError when one did not finish, so that a deadlock is a failure and not a hanging suite.
    """
    start = threading.Barrier(len(acts))
    outcomes = [None] * len(acts)

    def run(index, act):
        try:
            start.wait(timeout)
            outcomes[index] = act()
        except Exception as error:
            outcomes[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index, act), daemon=True) for index, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout)
    assert not any(thread.is_alive() for thread in threads), "an act did not finish"
    return outcomes


def meeting(parties, patience):
    """A function that lets `parties` threads meet, and lets a lone one go on after `patience` seconds."""
    barrier = threading.Barrier(parties)

    def wait():
        with contextlib.suppress(threading.BrokenBarrierError):
            barrier.wait(patience)

    return wait
