"""`make load`: the highest rate of visitors that two workers answer with 99 of 100 within a second.

gunicorn with two workers on 100,000 businesses in PostgreSQL, 5,000 different public addresses, three in ten
requests for one that nobody asked for before. Rates are tried for a few seconds each; the best is then held
for a minute, while consents are withdrawn through the real verb and every page that showed them is watched.
"""

import argparse
import contextlib
import http.client
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from bench.databases import BENCH_DIR, ROOT, city_on_postgres, postgres
from tests.postgres import free_port

ROWS, SEED = 100_000, 20261123
ADDRESSES, FIRST_TIME = 5_000, 0.3
LIMIT, SHARE = 1.0, 0.99  # seconds in which so many of the answers have to be there
PROBE, HELD = 15, 60
WITHDRAWN, GONE_WITHIN = 8, 60
WAKING = (
    "/direktori/?q=hangat",
    "/direktori/?halal=ada&pirt=ada",
    "/direktori/angka/",
    "/api/v1/businesses/?limit=3",
)
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
        self.log = (BENCH_DIR / "load.log").open("w")
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
            stderr=self.log,
        )  # fmt: skip
        self._wait()
        return self

    def _wait(self):
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                self._wake()
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.2)
        raise SystemExit("gunicorn did not start")

    def _wake(self):
        """Let every thread of both workers answer each kind of page once: what a process does once in its
        life (reading templates, connecting) is not what visitors wait for."""
        asked = [path for path in WAKING for _thread in range(12)]
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(self.ask, asked))

    def ask(self, path):
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        asking.request("GET", path, headers={"Host": "localhost"})
        asking.getresponse().read()
        asking.close()

    def __exit__(self, *_exc):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()


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
        "slowest": times[-1],
        "megabytes": sum(row[4] for row in outcome) / 1e6,
        "cpu": found["cpu"] / found["wall"],
    }


def holds(result):
    return result["p99"] < LIMIT and not result["errors"]


def told(rate, result):
    return (
        f"{rate:7.1f}/s  {result['visits']:6} requests, {result['distinct']:5} addresses: p50"
        f" {1000 * result['p50']:6.0f} ms, p99 {1000 * result['p99']:6.0f} ms, {result['errors']} errors"
        f" {result['error']}, {result['megabytes']:.1f} MB, visitors' own CPU {100 * result['cpu']:.0f} %;"
        f" slowest {1000 * result['slowest']:.0f} ms {result['slowest_path'][:60]}"
    )


def hold(url, paths, rate, seconds, world):
    """Visitors at `rate` for so many seconds, while consents are withdrawn: what became of them."""
    watched = world.watched(max(2, seconds * WITHDRAWN // HELD))
    pages = [path for _marker, shown, _withdraw in watched for path in shown]
    every = [*paths[: ADDRESSES - len(pages)], *pages]  # visitors ask for the pages that show them, too
    planned = plan(every, rate, seconds, world.chance, [marker for marker, _shown, _withdraw in watched])
    box, withdrawn_at, seen_until = {}, [], {}
    with Portal(url) as portal:
        shown_before = sum(bool(world.shown(portal.port, m, shown)) for m, shown, _w in watched)
        visitors = threading.Thread(target=lambda: box.update(send(portal.port, planned)))
        visitors.start()
        began = time.monotonic()
        for number, (marker, shown, withdraw) in enumerate(watched):
            time.sleep(max(0, began + seconds * (0.1 + 0.7 * number / len(watched)) - time.monotonic()))
            withdraw()
            withdrawn_at.append(time.monotonic())
            while world.shown(portal.port, marker, shown) is not False:
                seen_until[number] = time.monotonic()
                if seen_until[number] > withdrawn_at[number] + GONE_WITHIN + 5:
                    break
                time.sleep(0.5)
        visitors.join()
        for number, (marker, shown, _withdraw) in enumerate(watched):
            if world.shown(portal.port, marker, shown):
                seen_until[number] = time.monotonic()
    sightings = 0
    for due, _number, took, _status, _size, seen in box["outcome"]:
        for number in seen:
            if isinstance(number, int):
                sightings += 1
                seen_until[number] = max(seen_until.get(number, 0), box["start"] + due + took)
    return judged(box) | {
        "slowest_path": every[max(box["outcome"], key=lambda row: row[2])[1]],
        "lasted": [max(0.0, seen_until.get(n, 0) - at) for n, at in enumerate(withdrawn_at)],
        "shown_before": shown_before,
        "sightings": sightings,
    }


def highest(url, paths, world):
    """The highest rate that holds for a short while: doubled until one does not, then halved in."""
    low, high, rate = 0.0, None, 8.0
    while high is None or high / max(low, 1) > 1.15:
        result = hold(url, paths, rate, PROBE, world)
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
    rate = rate or highest(url, paths, world)
    while True:
        result = hold(url, paths, rate, HELD, world)
        print("  held", told(rate, result), flush=True)
        if holds(result) or rate < 2:
            break
        rate *= 0.85
    lasted, shown = result["lasted"], result["shown_before"]
    gone = max(lasted) <= GONE_WITHIN and shown == len(lasted)
    print(
        f"\nHighest rate held for {HELD} s with p99 under {LIMIT:g} s and no error: {rate:.1f} requests a"
        f" second ({result['visits']} requests to {result['distinct']} addresses); the visitors' process took"
        f" {100 * result['cpu']:.0f} % of its core."
        f"\n{len(lasted)} consents withdrawn meanwhile; shown before on their pages: {shown}, and to visitors"
        f" {result['sightings']} times; last seen {max(lasted):.1f} s after the withdrawal at most"
        f" (bar: {GONE_WITHIN} s)."
    )
    return 0 if holds(result) and gone else 1


if __name__ == "__main__":
    sys.exit(main())
