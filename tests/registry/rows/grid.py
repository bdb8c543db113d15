"""The page of entri deret in tests: rows as its script sends them, and what it is told back."""

import json
import uuid

URL = "/usaha/deret/"
NEEDED = {"activity": "keripik tempe", "kelurahan": "Purwantoro"}


def row(name, /, *, anyway="", identity=None, **cells):
    identity = identity or str(uuid.uuid4())
    return {"uuid": identity, "cells": NEEDED | {"name": name} | cells, "anyway": anyway}


def send(client, rows, do="send", shown=()):
    return client.post(URL, {"grid": json.dumps({"rows": rows, "shown": list(shown)}), "do": do})


def told(response):
    """What the page's script is given."""
    return response.context["data"]
