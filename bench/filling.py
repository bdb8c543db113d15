"""Writing a generated city into an empty database, in bulk: `python -m bench.filling --rows N [--seed S]`.

Facts come from city.py, what is derived from the portal's own functions, row by row. PostgreSQL takes them
by COPY, from as many processes as it has rows for, with its indexes and keys made afterwards; SQLite by
executemany. The address is DATABASE_URL. A name that stands in two sealed columns of one business is sealed
once.
"""

import argparse
import io
import json
import os
import sys
import time
from collections import Counter
from multiprocessing import get_context

import django
from django.db.models.base import ModelState

LETTER = "700/01/ST-UKUR"


def setup():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    django.setup()


def prepare():
    """Tables, reference data, and the accounts in whose name everything is recorded."""
    from django.core.management import call_command
    from django.utils import timezone

    from accounts.models import User
    from registry.models import Post, Region

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0, stdout=io.StringIO())
    city = Region.objects.get(level="city")
    for name, role in (("pendata", "operator"), ("verifikator", "verifikator")):
        user, new = User.objects.get_or_create(username=name, defaults={"name": name.title()})
        if new:
            today = timezone.localdate()
            ends = today.replace(year=today.year + 2, day=min(today.day, 28))
            Post.assign(
                user=user, role=role, region=city, starts_on=today, ends_on=ends, by=None, letter=LETTER
            )


class Tables:
    """The rows of a chunk, by model, as tuples in the order of its columns; None where derived from nothing."""

    def __init__(self, city):
        from accounts.models import User
        from registry.businesses import belongings, derived, models
        from registry.people.models import Person
        from registry.submissions.apply import new_slug

        self.city, self.derive, self.new_slug = city, derived.derive, new_slug
        self.Business, self.Person = models.Business, Person
        self.models = {
            "business": models.Business,
            "person": Person,
            "ownership": models.Ownership,
            "product": belongings.Product,
            "licence": belongings.Licence,
            "consent": belongings.Consent,
        }
        self.by = User.objects.get(username="pendata").pk
        self.columns = {name: [f.attname for f in m._meta.concrete_fields] for name, m in self.models.items()}
        self.blank = {name: self._defaults(model) for name, model in self.models.items()}
        self.places = {r.pk: (r.name, r.parent.name) for r in city.kelurahan.values}

    @staticmethod
    def _defaults(model):
        """Column values of a row of which nothing is told."""
        found = {}
        for column in model._meta.concrete_fields:
            if column.primary_key or column.name == "uuid":
                continue
            found[column.attname] = column.get_default()
        return found

    def rows(self, number):
        """{name: [column values as dicts]} of one chunk; ids of belongings are made from the business's."""
        found = {name: [] for name in self.models}
        for made in self.city.chunk(number):
            self._business(made, found)
        return found

    def _business(self, made, found):
        pk = made.values["id"]
        belongings = {"product": made.products, "licence": made.licences, "consent": made.consents}
        shown = {}
        for name, rows in belongings.items():
            shown[name] = [self._row(name, row, pk * 8 + n, business_id=pk) for n, row in enumerate(rows)]
            found[name] += [row.__dict__ for row in shown[name]]
        owners = []
        if made.owner:
            owners = [self._row("person", made.owner, pk)]
            owners[0].__dict__["nik_answer"] = "later"
            owners[0].__dict__["domicile_id"] = made.kelurahan.pk if made.kelurahan else None
            found["person"].append(owners[0].__dict__)
            found["ownership"].append(
                self._row(
                    "ownership", {"uuid": made.owner["uuid"], "person_id": pk, "role": "owner"}, pk,
                    business_id=pk,
                ).__dict__
            )  # fmt: skip
        business = self._unsaved(made)
        business.recorded_by_id = business.changed_by_id = self.by
        if business.existence_verified_at:
            business.existence_verified_by_id = self.by
        business.slug = self.new_slug(business)
        self.derive(
            business,
            owners=owners,
            licences=shown["licence"],
            products=shown["product"],
            consents=shown["consent"],
            place_names=self.places[made.kelurahan.pk] if made.kelurahan else (),
        )
        if owners:
            owners[0].__dict__["name_words"] = business.owner_words
        found["business"].append(business.__dict__)

    def _unsaved(self, made):
        """What `Business(**values)` is, without asking eighty fields for their defaults once more."""
        business = self.Business.__new__(self.Business)
        business.__dict__.update(self.blank["business"])
        business.__dict__.update(made.values)
        business._state = ModelState()
        business._state.fields_cache = {}
        for name in ("kelurahan", "kbli", "subsector"):
            row = getattr(made, name)
            business.__dict__[name + "_id"] = row.pk if row else None
            business._state.fields_cache[name] = row
        return business

    def _row(self, name, values, pk, **more):
        row = Plain()
        row.__dict__.update(self.blank[name])
        row.__dict__.update(values)
        row.__dict__.update(more)
        row.__dict__["id"] = pk
        if name == "consent":
            row.__dict__["text_version"], row.__dict__["channel"] = "2026-11", "list"
        return row


def quoted(columns):
    return ", ".join(f'"{column.column}"' for column in columns)


class Plain:
    """A row that is only its values: making a model of each would cost half the time."""


# ---- PostgreSQL ----------------------------------------------------------------------------------


def copy_writers(model):
    """One function per column, from a value to its text in COPY."""
    from umkm_portal.lib.sealed_fields import SealedTextField

    return [
        (f.attname, _sealed if isinstance(f, SealedTextField) else KINDS.get(f.get_internal_type(), _plain))
        for f in model._meta.concrete_fields
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
    """Sealed, or the token of the value sealed just before: an owner's name stands in two columns."""
    global _last_sealed
    from umkm_portal.lib.sealing import seal

    if not value:
        return ""
    if _last_sealed[0] != value:
        _last_sealed = value, seal(value)
    return _last_sealed[1]


KINDS = {
    "CharField": _text, "TextField": _text, "SlugField": _text, "BooleanField": _bool, "JSONField": _json,
}  # fmt: skip


def fill_part(work):
    """One process's share of the chunks: [(name, how many rows)] written."""
    rows, seed, numbers = work
    setup()
    from django.db import connection

    from bench.city import City

    connection.close()
    tables = Tables(City(rows, seed))
    writers = {name: copy_writers(model) for name, model in tables.models.items()}
    written = Counter()
    with connection.cursor() as cursor:
        raw = cursor.cursor
        for number in numbers:
            for name, found in tables.rows(number).items():
                model, columns = tables.models[name], writers[name]
                lines = ["\t".join([write(row[attname]) for attname, write in columns]) for row in found]
                names = quoted(model._meta.concrete_fields)
                raw.copy_expert(
                    f'COPY "{model._meta.db_table}" ({names}) FROM STDIN',
                    io.StringIO("\n".join(lines) + "\n"),
                )
                written[name] += len(lines)
    return written


class WithoutIndexes:
    """PostgreSQL's tables without their indexes and keys while the rows go in; made again at the end."""

    def __init__(self, tables):
        self.tables = tables

    def _all(self, cursor, sql):
        cursor.execute(sql, [self.tables])
        return cursor.fetchall()

    def __enter__(self):
        from django.db import connection

        with connection.cursor() as cursor:
            # A primary key others point at stays: rows come in its order.
            keys = self._all(
                cursor,
                "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype"
                " FROM pg_constraint k WHERE conrelid = ANY(%s::regclass[])"
                " AND (contype IN ('u', 'f') OR contype = 'p' AND NOT EXISTS (SELECT 1 FROM pg_constraint f WHERE f.contype = 'f' AND f.confrelid = k.conrelid))"
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
        from django.db import connection

        if kind is None:
            with connection.cursor() as cursor:
                cursor.execute("SET maintenance_work_mem = '1GB'; SET max_parallel_maintenance_workers = 2")
                for sql in self.again:
                    cursor.execute(sql)


def fill_postgres(rows, seed, processes, say):
    from django.db import connection

    from bench.city import City

    city = City(rows, seed)
    tables = Tables(city)
    named = {name: model._meta.db_table for name, model in tables.models.items()}
    with WithoutIndexes(list(named.values())) as without:
        connection.close()
        numbers = list(city.numbers())
        shares = [(rows, seed, numbers[n::processes]) for n in range(processes)]
        written = Counter()
        if processes == 1:
            written = fill_part(shares[0])
        else:
            with get_context("spawn").Pool(processes) as pool:
                for part in pool.imap_unordered(fill_part, shares):
                    written += part
        say(f"{sum(written.values()):,} rows written")
    say(f"{len(without.again)} indexes and keys made")
    finish(named)


def finish(named):
    """Sequences where the rows end, and the statistics the planner goes by."""
    from django.db import connection

    connection.ensure_connection()
    connection.set_autocommit(True)
    with connection.cursor() as cursor:
        for table in named.values():
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
            if sequence := cursor.fetchone()[0]:
                cursor.execute(f'SELECT setval(%s, (SELECT max(id) FROM "{table}"))', [sequence])
        cursor.execute("VACUUM ANALYZE")


# ---- SQLite --------------------------------------------------------------------------------------


def fill_sqlite(rows, seed, say):
    from django.db import connection, transaction

    from bench.city import City

    city = City(rows, seed)
    tables = Tables(city)
    columns = {name: list(m._meta.concrete_fields) for name, m in tables.models.items()}
    statements = {
        name: f'INSERT INTO "{m._meta.db_table}" ({quoted(columns[name])})'
        f" VALUES ({', '.join('?' * len(columns[name]))})"
        for name, m in tables.models.items()
    }
    written = Counter()
    connection.ensure_connection()
    connection.connection.execute("PRAGMA synchronous=OFF")
    connection.connection.execute("PRAGMA cache_size=-500000")
    for number in city.numbers():
        found = tables.rows(number)
        with transaction.atomic():
            for name in ("person", "business", "ownership", "product", "licence", "consent"):
                prepared = [
                    [f.get_db_prep_save(row[f.attname], connection) for f in columns[name]]
                    for row in found[name]
                ]
                connection.connection.executemany(statements[name], prepared)
                written[name] += len(prepared)
    say(f"{sum(written.values()):,} rows written")
    connection.connection.execute("ANALYZE")
    connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def fill(rows, seed, processes=None, say=print):
    """Fill the empty database that DATABASE_URL names with `rows` businesses."""
    from django.db import connection

    start = time.monotonic()

    def told(text):
        say(f"  [{time.monotonic() - start:6.1f} s] {text}")

    prepare()
    told("tables, reference data and accounts")
    if connection.vendor == "postgresql":
        fill_postgres(rows, seed, processes or min(os.cpu_count(), 4), told)
    else:
        fill_sqlite(rows, seed, told)
    told(f"a city of {rows:,} businesses")


def main(argv=None):
    from bench.city import SEED

    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, required=True)
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("--processes", type=int)
    chosen = options.parse_args(argv)
    setup()
    fill(chosen.rows, chosen.seed, chosen.processes)


if __name__ == "__main__":
    setup()  # before bench.city, which needs the models
    sys.exit(main())
