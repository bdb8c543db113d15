"""The registry's part of the API: (prefix, viewset, basename), room by room."""

from registry.checks.api import CheckViewSet
from registry.directory.api import BusinessViewSet
from registry.imports.api import ImportRowViewSet, ImportViewSet
from registry.imports.api_batches import BatchRowViewSet, BatchViewSet
from registry.people.api import PersonViewSet
from registry.regions.api import RegionViewSet
from registry.reports.api import VisitRequestViewSet
from registry.sectors.api import SectorViewSet, SubsectorViewSet
from registry.submissions.api import SubmissionViewSet

UUID = "[0-9a-fA-F-]{32,36}"

routes = [
    ("businesses", BusinessViewSet, "api-business"),
    ("submissions", SubmissionViewSet, "api-submission"),
    ("checks", CheckViewSet, "api-check"),
    ("visit-requests", VisitRequestViewSet, "api-visit-request"),
    ("batches", BatchViewSet, "api-batch"),
    (rf"batches/(?P<batch>{UUID})/rows", BatchRowViewSet, "api-batch-row"),
    ("imports", ImportViewSet, "api-import"),
    (rf"imports/(?P<upload>{UUID})/rows", ImportRowViewSet, "api-import-row"),
    ("people", PersonViewSet, "api-person"),
    ("regions", RegionViewSet, "api-region"),
    ("sectors", SectorViewSet, "api-sector"),
    ("subsectors", SubsectorViewSet, "api-subsector"),
]
