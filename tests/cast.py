"""The cast: the same few people in every test, named as in the demo city."""

import pytest

from tests import factories


@pytest.fixture
def city(db):
    """{name: Region}: Kota, Kec. Blimbing, Purwantoro, Blimbing, Kec. Lowokwaru, Dinoyo."""
    return factories.make_city()


@pytest.fixture
def petugas(city):
    """The officer of Kelurahan Purwantoro."""
    return factories.make_officer("petugas", city["Purwantoro"], "petugas.purwantoro")


@pytest.fixture
def petugas_dinoyo(city):
    """An officer of another kelurahan: nothing of Purwantoro is theirs."""
    return factories.make_officer("petugas", city["Dinoyo"], "petugas.dinoyo")


@pytest.fixture
def operator(city):
    return factories.make_officer("operator", city["Kota"], "operator")


@pytest.fixture
def verifikator(city):
    return factories.make_officer("verifikator", city["Kota"], "verifikator")


@pytest.fixture
def verifikator_lain(city):
    """A second reviewer, for races and for submissions the first one had a hand in."""
    return factories.make_officer("verifikator", city["Kota"], "verifikator.lain")


@pytest.fixture
def kepala(city):
    return factories.make_officer("kepala", city["Kota"], "kepala")


@pytest.fixture
def nobody(db):
    """An account without a post: may do nothing."""
    return factories.make_user("tanpa.jabatan")
