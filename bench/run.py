"""`make bench`: a million businesses on PostgreSQL, 100,000 on SQLite; a table, and the bars at the end.

Fills what is not filled yet (databases.py), measures each city in a process of its own (compare.py), prints,
and ends with 1 when a bar is missed at full size. Bars are ratios within one run.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.databases import BENCH_DIR, ROOT, city_on_postgres, city_on_sqlite, postgres
from tests.postgres import programs

FULL, FULL_SQLITE, FEW = 1_000_000, 100_000, 2_000
SEED = 20261123
WAYS = (("cold", "cold"), ("cache", "from cache"), ("304", "304"))


def measured(url, *arguments):
    """What compare.py finds in the database at `url`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "found.json"
        subprocess.run(
            [sys.executable, "-m", "bench.compare", f"--json={path}", *arguments],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "bench.settings"},
            check=True,
        )
        return json.loads(path.read_text())


def table(found):
    """The lines of the table."""
    yield (
        f"{'':28} {'':10} {'ms':>8} {'CPU ms':>8} {'queries':>7} {'bytes':>8} {'gzip':>7}"
        f" {'x SQL':>7} {'x floor':>7}"
    )
    for case in found["cases"]:
        ways = case["ways"]
        for key, label in WAYS:
            if key not in ways:
                continue
            first, way = key == "cold", ways[key]
            yield (
                f"{case['name'] if first else '':28} {label:10} {way['ms']:8.2f} {way['cpu']:8.2f}"
                f" {case['queries'] if first else case['queries_kept']:7}"
                f" {case['bytes'] if key != '304' else 0:8} {case['gzip'] if key != '304' else 0:7}"
                f" {way['ms'] / ways['sql']['ms']:7.1f} {way['ms'] / ways['floor']['ms']:7.1f}"
            )
        for key, label in (("sql", "plain SQL"), ("floor", "the floor")):
            yield f"{'':28} {label:10} {ways[key]['ms']:8.2f} {ways[key]['cpu']:8.2f}"
        each = [a / b for a, b in zip(ways["cold"]["each"], ways["sql"]["each"], strict=True)]
        if len(each) > 1:
            yield (
                f"{'':28} {len(each)} addresses; cold, each against its own SQL:"
                f" {min(each):.1f} to {max(each):.1f}, SQL {min(ways['sql']['each']):.1f}"
                f" to {max(ways['sql']['each']):.1f} ms"
            )
    drf, facets = found["drf"], found["facets"]
    yield ""
    yield (
        f"API list of 50 {drf['ours']:.1f} ms; DRF's default ModelViewSet with count {drf['theirs']:.1f} ms,"
        f" {drf['queries']} queries"
    )
    for name, each in found["deep"].items():
        yield f"{name}: first page {each['first']:.1f} ms, the middle one {each['middle']:.1f} ms, in turns"
    yield (
        f"Facets under two filters {facets['ours']:.1f} ms ({facets['fresh']:.1f} ms in a process that has"
        f" not unpacked the counts yet), GROUP BY over the table {facets['theirs']:.1f} ms;"
        f" {facets['cells']:,} different facet keys"
    )


def bars(found, few):
    """[(what, measured, bar, whether it holds)]."""
    ways = {case["name"]: case["ways"] for case in found["cases"]}

    def times(name, to):
        return ways[name]["cold"]["ms"] / ways[name][to]["ms"]

    def deep(name):
        return found["deep"][name]["middle"] / found["deep"][name]["first"]

    ratios = [
        ("API list, times the floor", times("API list of 50", "floor"), "<=", 4),
        ("ModelViewSet, times the API list", found["drf"]["theirs"] / found["drf"]["ours"], ">=", 10),
        ("directory page, times the floor", times("directory page", "floor"), "<=", 12),
        ("two filters with facets, times the floor", times("two filters with facets", "floor"), "<=", 12),
        ("two-word search, times the indexed SQL", times("two-word search", "sql"), "<=", 3),
        ("misspelled search, times the indexed SQL", times("misspelled search", "sql"), "<=", 6),
        ("API at the middle row, times the first", deep("API"), "<=", 1.2),
        ("directory at the middle row, times the first", deep("directory"), "<=", 1.2),
        ("GROUP BY, times the kept facets", found["facets"]["theirs"] / found["facets"]["ours"], ">=", 5),
    ]
    for what, ratio, sign, bar in ratios:
        yield what, f"{ratio:.2f}", f"{sign} {bar}", ratio <= bar if sign == "<=" else ratio >= bar
    wrong = found["facets"]["wrong"]
    yield "facets equal to a recount", ", ".join(wrong) or "equal", "equal", not wrong
    text = found["facets"]["text"]
    yield (
        f"facets under a text equal to a recount ({text['tried']} texts)",
        ", ".join(text["differ"]) or "equal",
        "equal",
        not text["differ"] and text["tried"] > 0,
    )
    here = {case["name"]: case["queries"] for case in found["cases"]}
    other = {name: (few[name], n) for name, n in here.items() if few[name] != n}
    yield (
        f"queries at {FEW:,} and at {found['rows']:,} rows",
        ", ".join(f"{name}: {a} and {b}" for name, (a, b) in other.items()) or "the same",
        "the same",
        not other,
    )


def report(title, found, few):
    """Print one city's table and bars; returns the bars that were missed."""
    print(f"\n{title}: {found['rows']:,} businesses, {found['public']:,} of them public\n")
    for line in table(found):
        print(line)
    print()
    missed = []
    for what, value, bar, holds in bars(found, few):
        print(f"{'pass' if holds else 'MISS':5} {what:55} {value:>8}   {bar}")
        if not holds:
            missed.append(what)
    return missed


def main(argv=None):
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, default=FULL, help="businesses on PostgreSQL")
    options.add_argument("--sqlite-rows", type=int, help="on SQLite (100,000, or --rows when that is fewer)")
    options.add_argument("--runs", type=int, default=30)
    options.add_argument("--only", choices=("postgres", "sqlite"))
    chosen = options.parse_args(argv)
    runs, missed = f"--runs={chosen.runs}", []
    results = {}
    if chosen.only != "sqlite":
        if programs() is None:
            print("No PostgreSQL server was found (Debian/Ubuntu: sudo apt install postgresql).")
            missed.append("PostgreSQL")
        else:
            with postgres() as cluster:
                few = measured(city_on_postgres(cluster, FEW, SEED), "--only-queries")["queries"]
                found = measured(city_on_postgres(cluster, chosen.rows, SEED), runs)
                missed += report("PostgreSQL", found, few)
                results["postgres"] = found
    if chosen.only != "postgres":
        few = measured(city_on_sqlite(FEW, SEED), "--only-queries")["queries"]
        found = measured(city_on_sqlite(chosen.sqlite_rows or min(FULL_SQLITE, chosen.rows), SEED), runs)
        report("SQLite (the bars are PostgreSQL's)", found, few)
        results["sqlite"] = found
    (BENCH_DIR / "last.json").write_text(json.dumps(results, indent=1))
    full = chosen.rows >= FULL and chosen.only != "sqlite"
    if missed:
        print(f"\n{len(missed)} of the bars missed" + ("." if full else "; they count at full size only."))
    return 1 if missed and full else 0


if __name__ == "__main__":
    sys.exit(main())
