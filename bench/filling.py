"""Writing a generated city into an empty database, in bulk: `python -m bench.filling --rows N [--seed S]`.

PostgreSQL takes the rows by COPY, from one process per core, and its indexes and keys are made afterwards;
SQLite takes them by executemany. The address is DATABASE_URL. A name that stands in two sealed columns of
one business is sealed once; nothing else is cut short.
"""
# ruff: noqa: E402  (models can be imported once Django is set up, here and in each process)

import argparse
import io
import itertools
import json
import os
import sys
import time
from collections import Counter
from multiprocessing import get_context

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from bench.city import SEED, City
from bench.rows import CLERK, MODELS, Rows
from registry.models import Post, Region
from registry.search.models import Term, Variant
from umkm_portal.lib.sealed_fields import SealedTextField
from umkm_portal.lib.sealing import seal

VERIFIER = "verifikator"
LINES = 100_000  # of the vocabulary's tables, in one statement


def prepare():
    """Tables, reference data, and accounts of the city: one that records, one that may withdraw consents."""
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0, stdout=io.StringIO())
    city, today = Region.objects.get(level="city"), timezone.localdate()
    for name, role in ((CLERK, "operator"), (VERIFIER, "verifikator")):
        user, new = User.objects.get_or_create(username=name, defaults={"name": name.title()})
        if new:
            ends = today.replace(year=today.year + 2, day=min(today.day, 28))
            Post.assign(user=user, role=role, region=city, starts_on=today, ends_on=ends, by=None)


def quoted(columns):
    return ", ".join(f'"{column.column}"' for column in columns)


# ---- PostgreSQL ----------------------------------------------------------------------------------


def copy_writers(model):
    """[(column, function from its value to its text in COPY)]."""
    return [
        (f.attname, _sealed if isinstance(f, SealedTextField) else KINDS.get(f.get_internal_type(), _plain))
        for f in model._meta.concrete_fields
        if f.concrete and f.column
    ]


def _plain(value):
    return "\\N" if value is None else str(value)


def _text(value):
    if value is None:
        return "\\N"
    if "\\" in value or "\n" in value or "\t" in value or "\r" in value:
        return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return value


def _bool(value):
    return "t" if value else "f"


def _json(value):
    return _text(json.dumps(value))


_last_sealed = ("", "")


def _sealed(value):
    global _last_sealed
    if not value:
        return ""
    if _last_sealed[0] != value:
        _last_sealed = value, seal(value)
    return _last_sealed[1]


KINDS = {
    "CharField": _text, "TextField": _text, "SlugField": _text, "BooleanField": _bool, "JSONField": _json,
}  # fmt: skip


def copy(cursor, model, lines):
    cursor.copy_expert(
        f'COPY "{model._meta.db_table}" ({quoted(_columns(model))}) FROM STDIN',
        io.StringIO("\n".join(lines) + "\n"),
    )


def _columns(model):
    return [f for f in model._meta.concrete_fields if f.column]


def fill_part(work):
    """One process's share of the chunks: (how many rows of each table, what the index learnt)."""
    rows, seed, numbers = work
    made = Rows(City(rows, seed))
    writers = {name: copy_writers(model) for name, model in MODELS.items()}
    written = Counter()
    with connection.cursor() as cursor:
        for number in numbers:
            for name, found in made.chunk(number).items():
                lines = [
                    "\t".join([write(row[attname]) for attname, write in writers[name]]) for row in found
                ]
                if lines:
                    copy(cursor.cursor, MODELS[name], lines)
                written[name] += len(lines)
    return written, made.learnt


class WithoutIndexes:
    """PostgreSQL's tables without their indexes and keys while the rows go in; made again at the end."""

    def __init__(self, models):
        self.tables = [model._meta.db_table for model in models]

    def _all(self, cursor, sql):
        cursor.execute(sql, [self.tables])
        return cursor.fetchall()

    def __enter__(self):
        with connection.cursor() as cursor:
            # A primary key others point at stays: rows come in its order.
            keys = self._all(
                cursor,
                "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype"
                " FROM pg_constraint k WHERE conrelid = ANY(%s::regclass[])"
                " AND (contype IN ('u', 'f') OR contype = 'p' AND NOT EXISTS (SELECT FROM pg_constraint f"
                " WHERE f.contype = 'f' AND f.confrelid = k.conrelid))"
                " ORDER BY contype = 'f'",
            )
            for table, name, _definition, _kind in reversed(keys):
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
            indexes = self._all(
                cursor,
                "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
                " WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary",
            )
            for name, _definition in indexes:
                cursor.execute(f"DROP INDEX {name}")
        self.again = [definition for _name, definition in indexes]
        self.again += [f'ALTER TABLE {t} ADD CONSTRAINT "{n}" {d}' for t, n, d, _kind in keys]
        return self

    def __exit__(self, kind, _error, _trace):
        if kind is None:
            with connection.cursor() as cursor:
                cursor.execute("SET maintenance_work_mem = '1GB'; SET max_parallel_maintenance_workers = 2")
                for sql in self.again:
                    cursor.execute(sql)


def fill_postgres(rows, seed, processes, say):
    numbers = list(City(rows, seed).numbers())
    shares = [(rows, seed, numbers[n::processes]) for n in range(processes) if numbers[n::processes]]
    written, learnt = Counter(), None
    with WithoutIndexes([*MODELS.values(), Variant]) as without:
        connection.close()  # each process opens its own
        with get_context("spawn").Pool(len(shares)) as pool:
            for part, known in pool.imap_unordered(fill_part, shares):
                written += part
                if learnt is None:
                    learnt = known
                else:
                    learnt.add(known)
        say(f"{sum(written.values()):,} rows written, {written['posting']:,} of them postings")
        with connection.cursor() as cursor:
            copy(cursor.cursor, Term, ["\t".join(map(str, term)) for term in learnt.terms()])
            pairs = (f"{number}\t{key}" for number, key in learnt.variants())
            while lines := list(itertools.islice(pairs, LINES)):
                copy(cursor.cursor, Variant, lines)
        say(f"{len(learnt.spellings):,} words learnt")
    say(f"{len(without.again)} indexes and keys made")
    connection.set_autocommit(True)
    learnt.count()
    with connection.cursor() as cursor:
        for model in MODELS.values():
            if model._meta.pk.get_internal_type() == "BigAutoField":
                table = model._meta.db_table
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT max(id) FROM \"{table}\"))",
                    [table],
                )
        cursor.execute("VACUUM ANALYZE")


# ---- any database --------------------------------------------------------------------------------


def insert(model, rows):
    """Many rows of one table, given as sequences in the order of its columns."""
    columns = _columns(model)
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f'INSERT INTO "{model._meta.db_table}" ({quoted(columns)}) VALUES ({marks})', list(rows)
        )


def fill_plainly(rows, seed, say):
    """The same by statements any database takes, in one process: SQLite's way, and the tests'."""
    city = City(rows, seed)
    made, written = Rows(city), Counter()
    for number in city.numbers():
        found = made.chunk(number)
        with transaction.atomic():
            for name, model in MODELS.items():
                columns = _columns(model)
                insert(
                    model,
                    [
                        [f.get_db_prep_save(row[f.attname], connection) for f in columns]
                        for row in found[name]
                    ],
                )
                written[name] += len(found[name])
    say(f"{sum(written.values()):,} rows written, {written['posting']:,} of them postings")
    with transaction.atomic():
        insert(Term, made.learnt.terms())
        insert(Variant, made.learnt.variants())
    made.learnt.count()
    say(f"{len(made.learnt.spellings):,} words learnt")


def fill(rows, seed=SEED, processes=None, say=print):
    """Fill the empty database that DATABASE_URL names with `rows` businesses."""
    start = time.monotonic()

    def told(text):
        say(f"  [{time.monotonic() - start:6.1f} s] {text}")

    prepare()
    told("tables, reference data and accounts")
    if connection.vendor == "postgresql":
        fill_postgres(rows, seed, processes or os.cpu_count(), told)
    else:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA cache_size=-500000")
            fill_plainly(rows, seed, told)
            cursor.execute("ANALYZE")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    told(f"a city of {rows:,} businesses")


def main(argv=None):
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, required=True)
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("--processes", type=int)
    chosen = options.parse_args(argv)
    fill(chosen.rows, chosen.seed, chosen.processes)


if __name__ == "__main__":
    sys.exit(main())
