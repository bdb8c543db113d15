"""The filled databases, kept under var/bench/ (BENCH_DIR) and found again by what made them.

One PostgreSQL cluster with a database per city, and one SQLite file per city. The name carries a hash of the
generator, the schema and every function that derives a column: a change of any makes a new city and throws
the old one away. Needs no Django: it decides what DATABASE_URL will be.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.postgres import Cluster, ordinary_user, programs

ROOT = Path(__file__).resolve().parent.parent
BENCH_DIR = Path(os.environ.get("BENCH_DIR", ROOT / "var" / "bench"))
# What a city is made by; a change in these is a change of its rows, its tables or its indexes.
MADE_BY = (
    "bench/city.py", "bench/words.py", "bench/rows.py", "bench/filling.py", "registry/data/*.csv",
    "registry/migrations/*.py", "accounts/migrations/*.py",
    "registry/businesses/derived.py", "umkm_portal/lib/text.py",
    "registry/search/sound.py", "registry/search/index.py",
)  # fmt: skip
# A small server of its own, with its data on an SSD; nothing is synced to disk, which reading does not feel.
SETTINGS = {
    "unix_socket_directories": "",
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "max_wal_size": "8GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}


def fingerprint():
    """Twelve hex digits of everything in MADE_BY."""
    digest = hashlib.sha256()
    for pattern in MADE_BY:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def name_of(rows, seed):
    if kept := os.environ.get(
        "BENCH_KEEP"
    ):  # measure an older city again, after a change that makes no other
        return f"city_{rows}_{seed}_{kept}"
    return f"city_{rows}_{seed}_{fingerprint()}"


class BenchCluster(Cluster):
    """The cluster of the measurements: stays on disk, and serves every run that comes while it is up."""

    def __init__(self):
        self.home = BENCH_DIR / "postgres"
        super().__init__(self.home, ordinary_user())
        self.started_here = False

    def make(self):
        self.home.mkdir(parents=True)
        try:
            super().make()
        except SystemExit:
            shutil.rmtree(self.home, ignore_errors=True)
            raise
        with (self.home / "data" / "postgresql.conf").open("a") as conf:
            conf.writelines(f"{name} = '{value}'\n" for name, value in SETTINGS.items())

    def __enter__(self):
        fresh = not (self.home / "data" / "PG_VERSION").exists()
        if fresh:
            shutil.rmtree(self.home, ignore_errors=True)
            self.make()
        self.password = (self.home / "password").read_text()
        if self.run("pg_ctl", "status", "--pgdata=data", stdout=subprocess.DEVNULL).returncode == 0:
            self.port = int((self.home / "data" / "postmaster.pid").read_text().splitlines()[3])
        else:
            self.start()
            self.started_here = True
        if fresh:
            self.create_role_and_database()
        return self

    def __exit__(self, *_exc):
        if self.started_here:
            self.run("pg_ctl", "stop", "--pgdata=data", "--mode=fast", "--silent", stdout=subprocess.DEVNULL)

    def databases(self):
        with self._admin() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'city%%'")
            return {name for (name,) in cursor.fetchall()}

    def create(self, name, template="template0"):
        with self._admin() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" OWNER umkm TEMPLATE "{template}"')

    def drop(self, name):
        with self._admin() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def rename(self, name, new):
        with self._admin() as cursor:
            cursor.execute(f'ALTER DATABASE "{name}" RENAME TO "{new}"')

    @contextlib.contextmanager
    def _admin(self):
        import psycopg2

        connection = psycopg2.connect(self.url("postgres", "postgres"))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()


@contextlib.contextmanager
def postgres():
    """The running cluster, or a sentence why there is none (SystemExit)."""
    if programs() is None:
        raise SystemExit("No PostgreSQL server was found. Debian/Ubuntu: sudo apt install postgresql")
    BENCH_DIR.mkdir(parents=True, exist_ok=True)
    with BenchCluster() as cluster:
        yield cluster


def _fill(url, rows, seed):
    """Fill in a process of its own: this one has not chosen its database yet."""
    subprocess.run(
        [sys.executable, "-m", "bench.filling", f"--rows={rows}", f"--seed={seed}"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "bench.settings"},
        check=True,
    )


def city_on_postgres(cluster, rows, seed):
    """The address of a filled database, made when it is not there."""
    name, kind = name_of(rows, seed), f"city_{rows}_{seed}_"
    there = cluster.databases()
    if name not in there:
        for old in there:
            if old.startswith(kind) or old == f"{kind}filling":
                cluster.drop(old)
        cluster.create(f"{kind}filling")
        print(f"Filling PostgreSQL with {rows:,} businesses (kept for the next time):", flush=True)
        _fill(cluster.url("umkm", f"{kind}filling"), rows, seed)
        cluster.rename(f"{kind}filling", name)
    return cluster.url("umkm", name)


def city_on_sqlite(rows, seed):
    """As `city_on_postgres`, for a file."""
    folder = BENCH_DIR / "sqlite"
    folder.mkdir(parents=True, exist_ok=True)
    path, part = folder / f"{name_of(rows, seed)}.sqlite3", folder / f"city_{rows}_{seed}.part"
    if not path.exists():
        for old in folder.glob(f"city_{rows}_{seed}[_.]*"):
            old.unlink()
        print(f"Filling SQLite with {rows:,} businesses (kept for the next time):", flush=True)
        _fill(f"sqlite:///{part}", rows, seed)
        part.rename(path)
    return f"sqlite:///{path}"
