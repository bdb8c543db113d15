"""An owner's link is a key: what gunicorn writes by itself, whatever went wrong, does not hold it."""

import http.client
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

TOKEN = "Zm9vYmFy:1vN4kq:s3cr3t-Of-0ne-0wner"
PHONE = "081234567890"
PATIENCE = 20  # seconds


@contextmanager
def running(folder, *options):
    """gunicorn on a port of its own, started in the project's folder as the service starts it. Yields
    (port, what it wrote so far)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "gunicorn.log"
    with log.open("w") as out:
        server = subprocess.Popen(
            [
                sys.executable, "-m", "gunicorn", "tests.security.failing_app:application",
                f"--bind=127.0.0.1:{port}", "--access-logfile=-", "--log-level=debug",
                "--no-control-socket", *options,
            ],
            cwd=settings.BASE_DIR, stdout=out, stderr=out, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _until(lambda: _answers(port), "gunicorn did not answer")
            yield port, log.read_text
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _until(true, complaint):
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, complaint
        time.sleep(0.05)


def _answers(port):
    return _ask(port, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 200")


def _ask(port, words):
    """Whatever comes back of these very words, however little."""
    try:
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as line:
            line.sendall(words.encode())
            return line.recv(100)
    except OSError:
        return b""


def _get(port, path):
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        asking.request(
            "GET", path, headers={"Referer": f"https://x.id/konfirmasi/{TOKEN}/", "User-Agent": PHONE}
        )
        asking.getresponse().read()
    except (http.client.HTTPException, OSError):
        pass  # the server broke off, as it was asked to
    finally:
        asking.close()


def _all_that_fails(port):
    link = f"/konfirmasi/{TOKEN}/"
    for why in ("rusak", "putus", "baik"):
        _get(port, f"{link}?{why}")
    _ask(port, f"GET {link} HTTP/9.9\r\nHost: x\r\n\r\n")
    _ask(port, f"GET {link} buruk\r\n\r\n")
    _ask(port, f"GET / HTTP/1.1\r\nHost: x\r\nReferer /konfirmasi/{TOKEN}/\r\n\r\n")


def test_no_line_of_the_server_keeps_an_owners_link(tmp_path):
    with running(tmp_path, "--worker-class=gthread", "--threads=4") as (port, written):
        _all_that_fails(port)
        _until(lambda: "Invalid HTTP header name" in written() or "Referer" in written(), "not written")
    text = written()
    assert "Error handling request GET /konfirmasi/[tautan disamarkan]/?rusak" in text
    assert "no answer to /konfirmasi/[tautan disamarkan]/" in text  # its traceback
    assert "broken off at" in text and '"GET /konfirmasi/[tautan disamarkan]/?baik HTTP/1.1" 200' in text
    assert TOKEN not in text and PHONE not in text


def test_a_request_that_runs_too_long_does_not_tell_it_either(tmp_path):
    with running(tmp_path, "--worker-class=sync", "--timeout=1") as (port, written):
        _get(port, f"/konfirmasi/{TOKEN}/?lama")
        _until(lambda: "?lama" in written(), "not written")
    text = written()
    assert "WORKER TIMEOUT" in text
    assert "Error handling request GET /konfirmasi/[tautan disamarkan]/?lama" in text
    assert TOKEN not in text


def test_gunicorns_own_logger_would_tell_it(tmp_path):
    """Negative control: the same without the project's gunicorn.conf.py."""
    options = ("--worker-class=gthread", "--threads=4", "--logger-class=gunicorn.glogging.Logger")
    with running(tmp_path, *options) as (port, written):
        _all_that_fails(port)
        _until(lambda: f"Error handling request GET /konfirmasi/{TOKEN}/?rusak" in written(), "not written")
        _until(lambda: PHONE in written(), "not written")
