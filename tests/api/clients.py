"""Asking the API in tests: one call, the status expected, the JSON that came."""

import re

from rest_framework.test import APIClient

from accounts.models import User

# What names, with If-Match, the state its sender has read; "*" unless a test says which.
CHANGING = re.compile(
    r"^submissions/[0-9a-f-]{32,36}/((submit|withdraw|agree|decline|return|approve|reject)/)?$"
)


def call(user, method, path, body=None, *, if_match="*", **options):
    """The answer of /api/v1/<path> to `user` (None: a visitor).

    The user is read anew, as every request does: nothing is remembered from an earlier call.
    """
    client = APIClient()
    if user is not None:
        client.force_authenticate(User.objects.get(pk=user.pk))
    if if_match and method in ("post", "put", "patch") and CHANGING.match(path):
        options["HTTP_IF_MATCH"] = if_match
    return getattr(client, method)(f"/api/v1/{path}", body, **options)


def ask(user, method, path, body=None, *, status=200, **options):
    """The JSON answer of /api/v1/<path> to `user`, which must have this status."""
    response = call(user, method, path, body, **options)
    assert response.status_code == status, (response.status_code, response.content[:800])
    return response.json() if response.content else None


def get(user, path, expected=200, **params):
    return ask(user, "get", path, params, status=expected)


def post(user, path, body=None, status=200):
    return ask(user, "post", path, body if body is not None else {}, status=status)
