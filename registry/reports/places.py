"""Whether a point is anywhere near the city, by the middle points of its kelurahan."""

from django.core.cache import cache
from django.db.models import Max, Min

from registry.regions.models import Region

MARGIN = 0.05  # degrees, about 5 km: past the edge of the outermost kelurahan
KEPT = 3600  # seconds


def is_far_away(latitude, longitude):
    """True for a point outside the city's box and its margin; False where no region has a middle point."""
    box = cache.get_or_set("reports:city-box", _box, KEPT)
    if None in box:
        return False
    south, north, west, east = box
    return not (
        south - MARGIN <= float(latitude) <= north + MARGIN
        and west - MARGIN <= float(longitude) <= east + MARGIN
    )


def _box():
    found = Region.objects.kelurahan().aggregate(
        south=Min("latitude"), north=Max("latitude"), west=Min("longitude"), east=Max("longitude")
    )
    return tuple(None if value is None else float(value) for value in found.values())
