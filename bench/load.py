"""`make load`: the highest rate of visitors that two workers answer with 99 of 100 within a second.

gunicorn with two workers on 100,000 businesses in PostgreSQL, 5,000 different public addresses, three in ten
requests for one that nobody asked for before. Rates are tried for a few seconds each; the best is then held
for a minute, while consents are withdrawn through the real verb and every page that showed them is watched.
"""

import argparse
import contextlib
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import threading
import time

from bench.databases import BENCH_DIR, ROOT, city_on_postgres, postgres
from tests.postgres import free_port

ROWS, SEED = 100_000, 20261123
ADDRESSES, FIRST_TIME = 5_000, 0.3
LIMIT, SHARE = 1.0, 0.99  # seconds in which so many of the answers have to be there
PROBE, HELD = 8, 60
WITHDRAWN, GONE_WITHIN = 12, 60
COPY = "load"  # consents are withdrawn in a copy of the city


def plan(paths, rate, seconds, chance, markers=()):
    """Visits at random moments, `rate` a second on average, three in ten to an address not asked for yet."""
    visits, due, asked = [], 0.0, []
    fresh = iter(chance.sample(range(len(paths)), len(paths)))
    while due < seconds:
        number = next(fresh, None) if not asked or chance.random() < FIRST_TIME else None
        if number is None:
            number = chance.choice(asked)
        else:
            asked.append(number)
        visits.append((round(due, 4), number))
        due += chance.expovariate(rate)
    # The machine's last core is the visitors'; with one core there is nothing to part.
    core = os.cpu_count() - 1 if os.cpu_count() > 1 else None
    return {"paths": paths, "visits": visits, "markers": list(markers), "core": core}


class Portal:
    """gunicorn with two workers of four threads, as deploy/umkm-portal.service runs it."""

    def __init__(self, url):
        self.url = url

    def __enter__(self):
        self.port = free_port()
        shutil.rmtree(BENCH_DIR / "cache", ignore_errors=True)
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "gunicorn", "umkm_portal.wsgi:application",
                f"--bind=127.0.0.1:{self.port}", "--workers=2", "--threads=4", "--timeout=60",
                "--log-level=error", "--worker-tmp-dir=/dev/shm",
            ],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": self.url, "DJANGO_SETTINGS_MODULE": "bench.settings"},
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        self._wait()
        return self

    def _wait(self):
        import http.client

        until = time.monotonic() + 60
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
                for _both in range(4):
                    asking.request("GET", "/direktori/", headers={"Host": "localhost"})
                    asking.getresponse().read()
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.2)
        raise SystemExit("gunicorn did not start")

    def __exit__(self, *_exc):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()


def send(port, planned):
    """Let the visitors come; what became of them."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.visitors", str(port)],
        cwd=ROOT, input=json.dumps(planned), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def judged(found):
    """{p50, p99, errors, …} of an outcome."""
    outcome = found["outcome"]
    times = sorted(row[2] for row in outcome)
    errors = [row for row in outcome if row[3] not in (200, 301, 302)]
    seconds = max(row[0] for row in outcome)
    return {
        "visits": len(outcome),
        "rate": len(outcome) / seconds,
        "p50": statistics.median(times),
        "p99": times[min(len(times) - 1, int(len(times) * SHARE))],
        "errors": len(errors),
        "error": f"{errors[0][3]} {errors[0][5]}" if errors else "",
        "distinct": len({row[1] for row in outcome}),
        "megabytes": sum(row[4] for row in outcome) / 1e6,
        "cpu": found["cpu"] / found["wall"],
    }


def holds(result):
    return result["p99"] < LIMIT and not result["errors"]


def told(rate, result):
    return (
        f"{rate:7.1f}/s  {result['visits']:6} requests, {result['distinct']:5} addresses: p50"
        f" {1000 * result['p50']:6.0f} ms, p99 {1000 * result['p99']:6.0f} ms, {result['errors']} errors"
        f" {result['error']}, {result['megabytes']:.1f} MB, visitors' own CPU {100 * result['cpu']:.0f} %"
    )


def highest(url, paths, chance):
    """The highest rate that holds for a few seconds: doubled until one does not, then halved in."""
    low, high, rate = 0.0, None, 8.0
    while high is None or high / max(low, 1) > 1.12:
        with Portal(url) as portal:
            result = judged(send(portal.port, plan(paths, rate, PROBE, chance)))
        print("  try ", told(rate, result), flush=True)
        if holds(result):
            low = rate
            rate = rate * 2 if high is None else (rate + high) / 2
        else:
            high = rate
            rate = (low + high) / 2
        if high is not None and high < 2:
            raise SystemExit("Not even two visitors a second are answered in time.")
    return low


def held(url, paths, rate, chance, world):
    """One minute at `rate` while consents are withdrawn: (result, seconds each was still seen afterwards,
    how many were seen before, how often visitors saw one)."""
    watched = world.watched(WITHDRAWN)
    markers = [marker for marker, _paths, _withdraw in watched]
    withdrawn_at, seen_until = {}, {}
    with Portal(url) as portal:
        # The visitors ask for the pages that show them, too.
        pages = [path for _m, shown, _w in watched for path in shown]
        every = [*paths[: ADDRESSES - len(pages)], *pages]
        box = {}
        visitors = threading.Thread(
            target=lambda: box.update(send(portal.port, plan(every, rate, HELD, chance, markers)))
        )
        before = [world.shown(portal.port, marker, shown) for marker, shown, _withdraw in watched]
        visitors.start()
        time.sleep(5)
        for number, (_marker, _shown, withdraw) in enumerate(watched):
            withdraw()
            withdrawn_at[number] = time.monotonic()
            time.sleep((HELD - 25) / len(watched))
        while visitors.is_alive():
            for number, (marker, shown, _withdraw) in enumerate(watched):
                if world.shown(portal.port, marker, shown):
                    seen_until[number] = time.monotonic()
            time.sleep(1)
        visitors.join()
        for number, (marker, shown, _withdraw) in enumerate(watched):
            until = withdrawn_at[number] + GONE_WITHIN
            while world.shown(portal.port, marker, shown):
                seen_until[number] = time.monotonic()
                if time.monotonic() > until + 5:
                    break
                time.sleep(1)
    for due, _number, took, _status, _size, seen in box["outcome"]:
        for number in seen:
            if isinstance(number, int):
                seen_until[number] = max(seen_until.get(number, 0), box["start"] + due + took)
    lasted = [max(0.0, seen_until.get(n, 0) - withdrawn_at[n]) for n in range(len(watched))]
    sightings = sum(isinstance(number, int) for row in box["outcome"] for number in row[5])
    return judged(box), lasted, sum(map(bool, before)), sightings


def main(argv=None):
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, default=ROWS)
    options.add_argument("--rate", type=float, help="hold this rate instead of looking for the highest")
    chosen = options.parse_args(argv)
    chance = random.Random(SEED)
    with postgres() as cluster:
        city = city_on_postgres(cluster, chosen.rows, SEED).rpartition("/")[2]
        cluster.drop(COPY)
        cluster.create(COPY, template=city)
        try:
            return measure(cluster.url("umkm", COPY), chosen.rate, chance)
        finally:
            cluster.drop(COPY)


def measure(url, rate, chance):
    # The database is chosen before Django is.
    os.environ["DATABASE_URL"], os.environ["DJANGO_SETTINGS_MODULE"] = url, "bench.settings"
    from bench.addresses import World

    world = World(chance)
    paths = world.paths(ADDRESSES)
    print(f"{len(set(paths)):,} public addresses: {world.told}\n")
    rate = rate or highest(url, paths, chance)
    while True:
        result, lasted, shown, sightings = held(url, paths, rate, chance, world)
        print("  held", told(rate, result), flush=True)
        if holds(result) or rate < 2:
            break
        rate *= 0.88
    gone = max(lasted) <= GONE_WITHIN and shown == len(lasted)
    print(
        f"\nHighest rate held for {HELD} s with p99 under {LIMIT:g} s and no error: {rate:.1f} requests a"
        f" second ({result['visits']} requests to {result['distinct']} addresses)."
        f"\n{len(lasted)} consents withdrawn meanwhile; shown before on their pages: {shown}, and"
        f" to visitors {sightings} times; last seen"
        f" {max(lasted):.1f} s after the withdrawal at most (bar: {GONE_WITHIN} s)."
    )
    return 0 if holds(result) and gone else 1


if __name__ == "__main__":
    sys.exit(main())
