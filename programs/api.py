"""The programmes' part of the API: (prefix, viewset, basename), room by room."""

from programs.monthly.api import MonthlyReportViewSet
from programs.visits.api_follow_ups import FollowUpViewSet, MentoringViewSet
from programs.visits.api_visits import VisitDayViewSet, VisitViewSet
from programs.visits.needs_api import NeedViewSet
from programs.visits.proposal_api import ProposalViewSet

routes = [
    ("visits", VisitViewSet, "api-visit"),
    ("visit-days", VisitDayViewSet, "api-visit-day"),
    ("follow-ups", FollowUpViewSet, "api-follow-up"),
    ("mentorings", MentoringViewSet, "api-mentoring"),
    ("proposals", ProposalViewSet, "api-proposal"),
    ("needs", NeedViewSet, "api-need"),
    ("monthly-reports", MonthlyReportViewSet, "api-monthly-report"),
]
