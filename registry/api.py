"""The registry's part of the API: (prefix, viewset, basename), room by room."""

from registry.regions.api import RegionViewSet
from registry.sectors.api import SectorViewSet, SubsectorViewSet

routes = [
    ("regions", RegionViewSet, "api-region"),
    ("sectors", SectorViewSet, "api-sector"),
    ("subsectors", SubsectorViewSet, "api-subsector"),
]
