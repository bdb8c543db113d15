"""A WSGI application that fails as a portal in trouble would; only test_server_log.py starts it."""

import time


def application(environ, start_response):
    path, query = environ["PATH_INFO"], environ["QUERY_STRING"]
    if query == "lama":
        time.sleep(30)
    if query == "rusak":
        raise RuntimeError(f"no answer to {path}")
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    if query == "putus":
        raise RuntimeError(f"broken off at {path}")
    return [b"ok"]
