"""The registry's paths, room by room."""

from registry.businesses.urls import urlpatterns as businesses
from registry.checks.urls import urlpatterns as checks
from registry.directory.urls import urlpatterns as directory
from registry.imports.urls import urlpatterns as imports
from registry.outreach.urls import urlpatterns as outreach
from registry.people.urls import urlpatterns as people
from registry.regions.urls import urlpatterns as regions
from registry.reports.urls import urlpatterns as reports
from registry.rows.urls import urlpatterns as rows
from registry.submissions.act_urls import urlpatterns as submission_acts
from registry.submissions.business_urls import urlpatterns as business_page
from registry.submissions.urls import urlpatterns as submissions
from registry.tips.urls import urlpatterns as tips

urlpatterns = [
    *directory,
    *tips,
    *businesses,
    *business_page,
    *people,
    *regions,
    *submissions,
    *submission_acts,
    *imports,
    *rows,
    *reports,
    *checks,
    *outreach,
]
