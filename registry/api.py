"""The registry's part of the API: (prefix, viewset, basename), room by room."""

from registry.directory.api import BusinessViewSet
from registry.imports.api import ImportViewSet
from registry.people.api import PersonViewSet
from registry.regions.api import RegionViewSet
from registry.sectors.api import SectorViewSet, SubsectorViewSet
from registry.submissions.api import SubmissionViewSet

routes = [
    ("businesses", BusinessViewSet, "api-business"),
    ("submissions", SubmissionViewSet, "api-submission"),
    ("imports", ImportViewSet, "api-import"),
    ("people", PersonViewSet, "api-person"),
    ("regions", RegionViewSet, "api-region"),
    ("sectors", SectorViewSet, "api-sector"),
    ("subsectors", SubsectorViewSet, "api-subsector"),
]
