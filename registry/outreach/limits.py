"""How often one address may open or answer personal links (settings: DEFAULT_THROTTLE_RATES)."""

from umkm_portal.lib.throttling import AddressThrottle


class OwnerLinkThrottle(AddressThrottle):
    """`owner-link`: whole neighbourhoods share one mobile address, so it is no tight limit; a token cannot be
    guessed anyway."""

    scope = "owner-link"


def too_many(request):
    """Whether this address has had its share; asking counts as one."""
    return not OwnerLinkThrottle().allow_request(request, None)
