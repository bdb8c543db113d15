"""Run a command on a throwaway PostgreSQL: `python tests/postgres.py COMMAND...`

Finds the server's programs, makes a cluster in a temporary folder (locale C, UTF-8, nothing synced to
disk), starts it on a free loopback port, gives COMMAND its address as DATABASE_URL, and removes
everything when COMMAND ends, fails or is interrupted. Needs only Python and PostgreSQL 13 or newer.
As root the server runs as an ordinary user, because PostgreSQL refuses to run as root.
"""

import contextlib
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

ROLE = "umkm"
DATABASE = "umkm"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "autovacuum_naptime": "10min",
    "timezone": "UTC",
    "log_min_messages": "warning",
}


def programs():
    """The folder that holds initdb and postgres, newest version first; None when there is no server."""
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: float(re.sub(r"[^\d.]", "", folder.parent.name) or 0),
        reverse=True,
    )
    on_path = shutil.which("initdb")
    for folder in [*versions, *([Path(on_path).resolve().parent] if on_path else [])]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


def ordinary_user():
    """Who owns the server: nobody special, so as root `postgres` or `nobody`; otherwise ourselves (None)."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise SystemExit("Running as root, and neither 'postgres' nor 'nobody' exists to run the server as.")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cluster:
    """One server in one temporary folder, for the length of a `with`."""

    def __init__(self, folder, owner):
        self.folder = folder
        self.bin = programs()
        self.owner = owner
        self.password = secrets.token_urlsafe(24)

    def run(self, program, *args, **kwargs):
        identity = {}
        if self.owner:
            identity = {"user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []}
        # A session of its own: ctrl-C reaches the command first, and the server is stopped by us, in order.
        return subprocess.run(
            [self.bin / program, *args],
            cwd=self.folder,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": str(self.folder)},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            text=True,
            **identity,
            **kwargs,
        )

    def must(self, program, *args, **kwargs):
        done = self.run(program, *args, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **kwargs)
        if done.returncode:
            raise SystemExit(f"{program} failed:\n{done.stdout}{self.log()}")

    def log(self):
        log = self.folder / "log"
        return log.read_text(errors="replace")[-4000:] if log.exists() else ""

    def make(self):
        secret = self.folder / "password"
        secret.write_text(self.password)
        os.chmod(secret, 0o600)
        if self.owner:
            os.chown(self.folder, self.owner.pw_uid, self.owner.pw_gid)
            os.chown(secret, self.owner.pw_uid, self.owner.pw_gid)
        self.must(
            "initdb", "--pgdata=data", "--username=postgres", "--locale=C", "--encoding=UTF8",
            "--auth=scram-sha-256", "--pwfile=password", "--no-sync",
        )  # fmt: skip
        with (self.folder / "data" / "postgresql.conf").open("a") as conf:
            conf.writelines(f"{name} = '{value}'\n" for name, value in SETTINGS.items())
            conf.write(f"unix_socket_directories = '{self.folder}'\n")

    def start(self):
        """Start on a port that is free now; another program may take it first, so try three."""
        for _attempt in range(3):
            self.port = free_port()
            started = self.run(
                "pg_ctl", "start", "--pgdata=data", "--wait", "--timeout=60", "--silent", "--log=log",
                f"--options=-p {self.port}",
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            if started.returncode == 0:
                return
        raise SystemExit(f"PostgreSQL did not start:\n{self.log()}")

    def stop(self):
        if (self.folder / "data" / "postmaster.pid").exists():
            self.run(
                "pg_ctl", "stop", "--pgdata=data", "--mode=immediate", "--silent",
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip

    def url(self, role, database):
        return f"postgres://{role}:{self.password}@127.0.0.1:{self.port}/{database}"

    def create_role_and_database(self):
        """The portal's role owns its database and may create others (the suite needs that); no superuser."""
        import psycopg2

        connection = psycopg2.connect(self.url("postgres", "postgres"))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD %s", [self.password])
            cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
        connection.close()

    def __enter__(self):
        self.make()
        self.start()
        self.create_role_and_database()
        return self

    def __exit__(self, *_exc):
        self.stop()


def follow(command, environment):
    """Run COMMAND to its end and return its exit code, passing an interruption on to it."""
    child = subprocess.Popen(command, env=environment)

    def pass_on(number, _frame):
        # The terminal has sent ctrl-C to the child as well; a plain `kill` reaches only us.
        if number != signal.SIGINT:
            child.send_signal(signal.SIGINT)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    return child.wait()


def leave(number, _frame):
    raise SystemExit(128 + number)


def main(command):
    if not command:
        raise SystemExit(__doc__)
    if programs() is None:
        raise SystemExit(
            "No PostgreSQL server was found (/usr/lib/postgresql/*/bin or PATH). "
            "Debian/Ubuntu: sudo apt install postgresql"
        )
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    # /tmp, not TMPDIR: the server's owner must be able to enter, and a socket's path has 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="umkm-postgres-", dir="/tmp"))
    cluster = Cluster(folder, ordinary_user())
    try:
        with cluster:
            code = follow(command, {**os.environ, "DATABASE_URL": cluster.url(ROLE, DATABASE)})
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
