"""Who races whom in the tests of the field."""

import pytest

from tests.factories import make_city, make_officer


@pytest.fixture
def two(db):
    city = make_city()
    return [make_officer("operator", city["Kota"]), make_officer("program", city["Kota"])]
