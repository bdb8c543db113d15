"""Every operation of the schema, called with generated requests by five roles: no 5xx, nothing undocumented.

A few cases for each operation in every run of the suite; `make fuzz` (FUZZ_CASES=97) runs thousands, prints
how each operation answered, and asks that three in ten of its cases succeed. Half-right and wrong requests
come from the schema alone; the rest is put right from valid.py, so that acts are reached. Each case is
undone, so that an act finds its row as it was.
"""

import logging
import os
from collections import Counter, defaultdict

import hypothesis
import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import strategies as st
from rest_framework.settings import api_settings
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from registry.models import Submission
from registry.submissions.api_shapes import stamp
from tests.api.valid import OPERATIONS
from tests.api.world import ROLES, make_world
from umkm_portal.wsgi import application

pytestmark = [pytest.mark.django_db, pytest.mark.once]
CASES = int(os.environ.get("FUZZ_CASES", "0"))
FEW = 5  # cases for each operation in an ordinary run
SHARE = 0.3  # of each operation's cases that must succeed in a full run
PREFIX = "/api/v1"
ROOMS = (  # the largest first, so that two workers end together
    "submissions", "businesses", "imports", "batches", "people", "tokens", "sectors", "subsectors", "regions",
    "me", "checks", "visit-requests", "monthly-reports", "proposals", "needs",
    "visits", "visit-days", "follow-ups", "mentorings",
)  # fmt: skip
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
PLAIN = ("limit", "ordering", "status", "kind", "scale", "level", "outcome", "progress_state", "mine")
told = defaultdict(Counter)  # {operation: {status: cases}}
asked = defaultdict(Counter)  # {operation: {role: cases}}


@pytest.fixture(scope="module")
def schema():
    load_all_checks()
    raw = SchemaGenerator().get_schema(request=None, public=True)
    config = schemathesis.Config.from_dict(
        {"generation": {"with-security-parameters": False, "allow-x00": True}}
    )
    loaded = schemathesis.openapi.from_dict(raw, config=config)
    loaded.app = application
    return {result.ok().label.replace(PREFIX, ""): result.ok() for result in loaded.get_all_operations()}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Made once, gone afterwards: one transaction around the whole module, one inside it for each case."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def as_one_conversation():
    """The connection with its open transactions outlives each request, as in Django's own client."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def unlimited(monkeypatch):
    monkeypatch.setattr(api_settings, "DEFAULT_THROTTLE_RATES", {}, raising=False)


@pytest.fixture(scope="module", autouse=True)
def quiet():
    """Thousands of refusals go into no log."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_every_operation_is_known(schema):
    assert set(schema) == set(OPERATIONS)
    assert {name.split("/")[1] for name in schema} == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_no_error_and_nothing_undocumented(room, schema, world, record_property):
    problems, names = Counter(), [name for name in schema if name.split("/")[1] == room]
    for name in names:
        problems += call_often(name, schema[name], world)
        record_property("fuzz", [name, dict(told[name]), dict(asked[name])])  # printed by conftest.py
    assert not problems, "\n\n".join(f"{name} ({count}): {text}" for (name, text), count in problems.items())
    if CASES:
        good = {name: sum(n for code, n in told[name].items() if 200 <= code < 300) for name in names}
        assert {n: told[n] for n in names if good[n] < SHARE * told[n].total()} == {}


def call_often(name, operation, world):
    """Call one operation with generated requests; returns {(operation, problem): how often}."""
    problems = Counter()
    strategies = {
        mode: operation.as_strategy(generation_mode=mode)
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    }

    @hypothesis.settings(
        max_examples=CASES or FEW,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
        deadline=None,
        database=None,
    )
    @hypothesis.given(data=st.data())
    def each(data):
        role, case = made(data, name, strategies, world)
        cache.clear()
        try:
            with transaction.atomic():
                headers = {"Accept-Encoding": "identity"}
                if name != "POST /tokens/":
                    headers["Authorization"] = f"Token {world.tokens[role]}"
                response = case.call(headers=headers, environ_base={"REMOTE_ADDR": "127.0.0.1"})
                transaction.set_rollback(True)
            told[name][response.status_code] += 1
            asked[name][role] += 1
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as group:
            for failure in group.exceptions:
                problems[name, str(failure)[:1500]] += 1

    each()
    return problems


def made(data, name, strategies, world):
    """(role, case): one in eight as wrong as the schema lets it be, most others put right from valid.py."""
    known = OPERATIONS[name]
    if data.draw(st.integers(0, 7)) == 7:
        return data.draw(st.sampled_from(ROLES)), data.draw(strategies[GenerationMode.NEGATIVE])
    role = data.draw(st.sampled_from(ROLES if data.draw(st.integers(0, 4)) == 4 else known.roles))
    case = data.draw(strategies[GenerationMode.POSITIVE])
    if data.draw(st.integers(0, 15)) < 15:
        case.path_parameters = dict(data.draw(st.sampled_from(known.path(world))))
    if data.draw(st.integers(0, 4)) < 4:
        case.query = {key: value for key, value in (case.query or {}).items() if key in PLAIN}
    body = known.body(world)
    if body is not None and data.draw(st.integers(0, 4)) < 4:
        case.body = data.draw(body)
    if known.row or "If-Match" in case.headers:
        stamped = known.row and case.path_parameters in known.path(world)
        choice = data.draw(st.integers(0, 9))
        if choice == 9:
            case.headers.pop("If-Match", None)
        elif choice < 4 and stamped:
            row = known.row(world, case.path_parameters)
            fresh = Submission.objects.get(pk=row.pk)
            case.headers["If-Match"] = stamp(fresh, world.users[role])
        elif choice < 8:
            case.headers["If-Match"] = "*"
    return role, case
