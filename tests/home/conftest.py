"""Counts are kept for a minute; every test starts without any."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def no_kept_counts():
    cache.clear()
    yield
    cache.clear()
