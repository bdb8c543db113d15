"""One migrated database, which every worker's own test database is copied from.

On PostgreSQL it is made once for each run; on SQLite it is a file under var/ that serves every run until a
migration changes. Why: docs/decisions/0002-one-migrated-database-per-run.md
"""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

MIGRATED = Path(settings.BASE_DIR) / "var" / "tests"

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


def migrated_file():
    """Where the migrated SQLite database lies, or will; its name says of which migrations."""
    digest = hashlib.sha256(django.__version__.encode())
    for config in sorted(apps.get_app_configs(), key=lambda config: config.label):
        for path in sorted(Path(config.path, "migrations").glob("*.py")):
            digest.update(f"{config.label}/{path.name}".encode() + path.read_bytes())
    return MIGRATED / f"migrated-{digest.hexdigest()[:16]}.sqlite3"


def copy_migrated(to):
    """Put a copy of the migrated file at `to`; returns whether there was one."""
    try:
        shutil.copyfile(migrated_file(), to)
    except OSError:
        return False
    return True


def keep_migrated():
    """Keep the migrated database of this connection for the runs to come, and forget older ones.

    Written beside and moved into place: of two workers that finish together either's will do. A checkout that
    can not be written to goes without.
    """
    kept = migrated_file()
    try:
        MIGRATED.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=MIGRATED) as beside:
            made = Path(beside) / kept.name
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(made)])
            os.replace(made, kept)
        for old in MIGRATED.glob("migrated-*.sqlite3"):
            if old != kept:
                old.unlink(missing_ok=True)
    except OSError:
        return
