"""How often one may ask: visitors by address, accounts by reading and by writing, and what a view names.

Rates stand in settings (DEFAULT_THROTTLE_RATES) and are read at each request; None means no limit. Settings
name these classes, so this imports no views.
"""

from rest_framework.permissions import SAFE_METHODS
from rest_framework.settings import api_settings
from rest_framework.throttling import (
    AnonRateThrottle,
    ScopedRateThrottle,
    SimpleRateThrottle,
    UserRateThrottle,
)


class FromSettings:
    def get_rate(self):
        return api_settings.DEFAULT_THROTTLE_RATES.get(self.scope)


class VisitorThrottle(FromSettings, AnonRateThrottle):
    """`anon`: who has not signed in, by address."""


class ReadThrottle(FromSettings, UserRateThrottle):
    """`read`: what an account reads."""

    scope = "read"

    def applies(self, request):
        return request.method in SAFE_METHODS

    def get_cache_key(self, request, view):
        if not (request.user and request.user.is_authenticated and self.applies(request)):
            return None
        return super().get_cache_key(request, view)


class WriteThrottle(ReadThrottle):
    """`write`: what an account proposes, decides or uploads."""

    scope = "write"

    def applies(self, request):
        return request.method not in SAFE_METHODS


class NamedThrottle(FromSettings, ScopedRateThrottle):
    """What a view names as its `throttle_scope`: signing in, asking for a NIK, many rows at once."""


class AddressThrottle(FromSettings, SimpleRateThrottle):
    """Base for pages: everybody, signed in or not, by address. Ask `allow_request(request, None)`."""

    def get_cache_key(self, request, view):
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}
