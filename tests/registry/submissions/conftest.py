"""Who else decides: the head of section, when it is late."""

import pytest

from tests.factories import make_officer


@pytest.fixture
def kasi(city):
    return make_officer("kasi", city["Kota"], "kasi")
