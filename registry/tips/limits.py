"""How many reports one address may send (settings: DEFAULT_THROTTLE_RATES["tip"])."""

from rest_framework.throttling import AnonRateThrottle

from umkm_portal.lib.throttling import FromSettings


class TipThrottle(FromSettings, AnonRateThrottle):
    """`tip`: by address, signed in or not. Whole offices share one address, so it is no tight limit."""

    scope = "tip"

    def get_cache_key(self, request, view):
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


def too_many(request):
    """Whether this address has sent its share; asking counts as one."""
    return not TipThrottle().allow_request(request, None)
