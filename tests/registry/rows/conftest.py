"""An officer who is signed in: whoever writes rows."""

import pytest


@pytest.fixture
def officer(client, petugas):
    client.force_login(petugas)
    return client
