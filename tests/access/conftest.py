"""One world and no templates for the whole matrix."""

import logging

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.template.backends.base import BaseEngine
from django.test.utils import override_settings
from rest_framework.throttling import SimpleRateThrottle

from tests.access.world import World


class BlankTemplates(BaseEngine):
    """Every template exists and says nothing: the matrix asks who may enter, not what the page looks like.

    Views, queries and redirects run as ever; pages are rendered in test_lists.py and in each room's tests.
    """

    app_dirname = "templates"

    class Template:
        def render(self, context=None, request=None):
            return ""

    def __init__(self, params):
        params = params.copy()
        params.pop("OPTIONS", None)
        super().__init__(params)

    def get_template(self, template_name):
        return self.Template()


BLANK = [{"BACKEND": "tests.access.conftest.BlankTemplates", "NAME": "blank", "DIRS": [], "APP_DIRS": False}]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The city of the matrix, made and committed once; the tables are emptied when the module ends."""
    with override_settings(REQUIRE_SECOND_FACTOR=False, ACCOUNT_RATE_LIMITS=False):
        cache.clear()
        with django_db_blocker.unblock():
            made = World()
            connection.close()
        yield made
        with django_db_blocker.unblock():
            call_command("flush", interactive=False, verbosity=0)
            connection.close()


class KnownUserMiddleware:
    """Who asks is handed over instead of read from the session at every request, with their posts.

    Signing in has tests of its own; here it would be two thirds of the time. The rest goes its usual way.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if user := request.META.get("tests.user"):
            request._cached_user = user  # where AuthenticationMiddleware looks first
        return self.get_response(request)


# Middleware that has no say in who may enter; leaving it out saves a third of the time.
ASIDE = ("SecurityMiddleware", "GZipMiddleware", "CSPMiddleware", "WhiteNoiseMiddleware", "HtmxMiddleware")


@pytest.fixture(scope="module")
def bare():
    """No words on pages, no log lines of the refusals, no middleware that only dresses answers."""
    kept = [name for name in settings.MIDDLEWARE if not name.endswith(ASIDE)]
    kept.insert(0, "tests.access.conftest.KnownUserMiddleware")
    logging.disable(logging.WARNING)
    with override_settings(TEMPLATES=BLANK, MIDDLEWARE=kept):
        yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def no_throttle(monkeypatch):
    """Limits have tests of their own; thousands of requests in a minute are this suite's manner."""
    monkeypatch.setattr(SimpleRateThrottle, "allow_request", lambda self, request, view: True)
    monkeypatch.setattr("drf_spectacular.generators.SchemaGenerator.get_schema", lambda *a, **k: {})
