"""One migrated database per run, which every worker's own test database is copied from.

Why: docs/decisions/0002-one-migrated-database-per-run.md
"""

import hashlib

from django.core.management import call_command
from django.db import connection

LOCK = int.from_bytes(hashlib.sha256(b"umkm test template").digest()[:7])


def migrated_template(run):
    """The name of the migrated database of this `run`; the first worker makes it, the others wait.

    The run's id is kept as the database's comment, so one left by an earlier run is made anew and never
    taken for a current one. The wait is PostgreSQL's advisory lock: no polling, freed if a worker dies.
    """
    settings = connection.settings_dict
    ours = settings["NAME"]
    name = f"test_{ours}_template"
    quoted = connection.ops.quote_name(name)
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            cursor.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
            )
            found = cursor.fetchone()
            if found and found[0] == run:
                return name
            cursor.execute(f"DROP DATABASE IF EXISTS {quoted}")
            cursor.execute(f"CREATE DATABASE {quoted}")
            connection.close()
            settings["NAME"] = name
            try:
                call_command("migrate", verbosity=0, interactive=False)
            finally:
                connection.close()
                settings["NAME"] = ours
            cursor.execute(f"COMMENT ON DATABASE {quoted} IS %s", [run])
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    return name
