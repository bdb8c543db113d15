"""Gathers the rooms' models for Django; one migrations folder serves them all."""

from programs.monthly.models import MonthlyReport
from programs.partners.models import Membership, OfficeAddress, OfficeHolder, Organisation
from programs.visits.days import VisitDay
from programs.visits.follow_ups import FollowUp, FollowUpNote
from programs.visits.mentoring import Mentoring, MentoringSession
from programs.visits.models import Visit, VisitPhoto
from programs.visits.proposals import Proposal

__all__ = [
    "FollowUp",
    "FollowUpNote",
    "Membership",
    "Mentoring",
    "MentoringSession",
    "MonthlyReport",
    "OfficeAddress",
    "OfficeHolder",
    "Organisation",
    "Proposal",
    "Visit",
    "VisitDay",
    "VisitPhoto",
]
