"""A crowd at the counter: gunicorn on the test's database, and many clients that ask at the same moment."""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from accounts.api import new_token
from tests.postgres import free_port

CLIENTS = int(os.environ.get("RACE_CLIENTS", "64"))
ROUNDS = int(os.environ.get("RACE_ROUNDS", "1"))  # `make races` runs 50
CONTROL_ROUNDS = 10  # a race without its guard shows itself within so many, and usually in the first
PATIENCE = 60


def database_url():
    """The address of the database that the test itself uses."""
    known = connection.settings_dict
    return f"postgres://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/{known['NAME']}"


@contextmanager
def serving(without=""):
    """The portal on a port of its own: two processes, sixteen threads each. Yields the port."""
    port = free_port()
    environment = os.environ | {"DATABASE_URL": database_url(), "UMKM_WITHOUT": without}
    server = subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "tests.http_races.app:application",
            f"--bind=127.0.0.1:{port}", "--workers=2", "--threads=16", "--worker-class=gthread",
            "--backlog=512", "--keep-alive=75", "--timeout=120", "--log-level=error",
        ],
        cwd=Path(settings.BASE_DIR),
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,  # a line for every refusal, by the thousand
    )  # fmt: skip
    try:
        _wait_for(server, port)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_for(server, port):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            raise AssertionError(f"gunicorn ended with {server.returncode}")
        asking = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            asking.request("GET", "/robots.txt", headers={"Host": "localhost"})
            asking.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
        finally:
            asking.close()
    raise AssertionError("gunicorn did not answer")


class Crowd:
    """Clients that keep their connections and ask together, as many rounds as wanted."""

    def __init__(self, port, size=CLIENTS):
        self.port, self.size = port, size
        self.connections = [None] * size

    def ask(self, *requests):
        """All `requests` ({method, path, token, body, headers}) at once: [(status, answer, headers)]."""
        start = threading.Barrier(len(requests))
        outcomes = [None] * len(requests)

        def run(number, request):
            try:
                start.wait(PATIENCE)
                outcomes[number] = self._one(number, **request)
            except Exception as error:
                outcomes[number] = error

        threads = [
            threading.Thread(target=run, args=(number, request), daemon=True)
            for number, request in enumerate(requests)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        failed = [o for o in outcomes if not isinstance(o, tuple)]
        assert not failed, f"{len(failed)} requests had no answer: {failed[:3]}"
        return outcomes

    def _one(self, number, *, method, path, token, body=None, headers=None):
        if self.connections[number] is None:
            self.connections[number] = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        asking = self.connections[number]
        asking.request(
            method,
            f"/api/v1/{path}",
            body=json.dumps(body or {}),
            headers={
                "Host": "localhost",
                "Authorization": f"Token {token}",
                "Content-Type": "application/json",
            }
            | (headers or {}),
        )
        answer = asking.getresponse()
        content = answer.read()
        return answer.status, json.loads(content) if content else None, dict(answer.getheaders())

    def close(self):
        for asking in filter(None, self.connections):
            asking.close()


def token_of(user):
    """A token in the user's name."""
    return new_token(user, by=None)[1]
