"""What every test stands on: the database, the markers, the property-test profile.

The cast and factories come from `tests/cast.py`, the browser from `tests/browser.py`.
"""

import importlib.util
import os

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import caches

# Named here, imported by pytest first of all: so its assertions are as readable there as in a test.
pytest_plugins = [
    name for name in ("tests.browser", "tests.cast") if importlib.util.find_spec(name) is not None
]

# The same examples on every run in CI; at a desk a new draw each time, to find what the last one missed.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, database=None, print_blob=True)
hypothesis.settings.register_profile("desk", deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "desk")


def asks_the_database(item):
    return bool({"db", "transactional_db", "live_server"} & set(item.fixturenames)) or bool(
        item.get_closest_marker("django_db") or item.get_closest_marker("postgres")
    )


def pytest_collection_modifyitems(config, items):
    """`postgres` needs PostgreSQL, `browser` needs Chromium; elsewhere they say so and are skipped. What asks
    no database answers alike beside any: with PostgreSQL it is left to the run on SQLite."""
    from tests.browser import CHROMIUM

    on_postgres = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    no_postgres = pytest.mark.skip(reason="needs PostgreSQL: make test-postgres")
    no_browser = pytest.mark.skip(reason="needs Chromium: sudo apt install chromium-headless-shell")
    if on_postgres:
        pure = [item for item in items if not asks_the_database(item)]
        config.hook.pytest_deselected(items=pure)
        items[:] = [item for item in items if asks_the_database(item)]
    for item in items:
        if not on_postgres and item.get_closest_marker("postgres"):
            item.add_marker(no_postgres)
        if not CHROMIUM and item.get_closest_marker("browser"):
            item.add_marker(no_browser)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker):
    """The workers copy one migrated database instead of migrating one each."""
    from tests.database import copy_migrated, migrated_template

    database, run = settings.DATABASES["default"], os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if not database["ENGINE"].endswith("postgresql"):
        database["MIGRATED"] = copy_migrated(database["TEST"]["NAME"])
    elif run:
        with django_db_blocker.unblock():
            template = migrated_template(run)
        database["TEST"]["TEMPLATE"] = template


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings, django_db_keepdb):
    """A copied database is gone on with, not made anew."""
    return django_db_keepdb or settings.DATABASES["default"].get("MIGRATED", False)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """What had to be migrated here is kept for the next run."""
    from tests.database import keep_migrated

    if settings.DATABASES["default"].get("MIGRATED") is False:
        with django_db_blocker.unblock():
            keep_migrated()


@pytest.fixture(autouse=True)
def nothing_cached(request, monkeypatch):
    """Rate limits and kept fragments of one test say nothing to the next; finished pages are not kept at all.

    A test that wants them kept asks for `kept_pages`.
    """
    from registry.reports.shell import _worker_once

    for name in settings.CACHES:
        caches[name].clear()
    _worker_once.cache_clear()  # it lists what the templates and the storage of static files were then
    if "kept_pages" not in request.fixturenames:
        monkeypatch.setattr("umkm_portal.lib.keeping.SECONDS", 0)


@pytest.fixture
def kept_pages():
    """Finished public pages are kept, as they are outside of tests."""
