"""Tokens whose days are over are deleted at night, and only they."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from knox.models import AuthToken

pytestmark = pytest.mark.django_db


def test_expired_tokens_are_deleted_by_the_nightly_clean_up(petugas):
    AuthToken.objects.create(user=petugas, expiry=timedelta(days=-1))
    kept, _token = AuthToken.objects.create(user=petugas)

    call_command("clean_up", verbosity=0)

    assert list(AuthToken.objects.all()) == [kept]
