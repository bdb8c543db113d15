"""`make quality`: does search find what is meant? In a generated city that nothing was tuned on.

Prints shares and ranks, and the bars at the end; ends with 1 when one is missed.
"""

import argparse
import os
import sys

from bench.databases import city_on_sqlite

ROWS, SEED = 100_000, 4711  # another seed than the measurements of speed: other names


def main(argv=None):
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, default=ROWS)
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("--show", action="store_true", help="print every search that failed")
    chosen = options.parse_args(argv)
    # The database is chosen before Django is.
    os.environ["DATABASE_URL"] = city_on_sqlite(chosen.rows, chosen.seed)
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    from bench.searching import measure

    print(f"A city of {chosen.rows:,} businesses, seed {chosen.seed}\n")
    missed = measure(chosen.seed, show=chosen.show)
    if missed:
        print(f"\n{missed} of the bars missed.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
