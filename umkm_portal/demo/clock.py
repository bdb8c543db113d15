"""The clock of the demo city, moved back: what is made on a day of the past is stamped with that day."""

from contextlib import contextmanager
from datetime import datetime, time

from django.utils import timezone

from accounts.models import AuditEntry
from programs.models import (
    FollowUp,
    FollowUpNote,
    Mentoring,
    MentoringSession,
    MonthlyReport,
    Proposal,
    Visit,
    VisitDay,
)
from registry.models import Check, VisitRequest

# What stamps itself when it is made.
STAMPED = (
    (VisitRequest, "received_at"),
    (VisitDay, "planned_at"),
    (Visit, "received_at"),
    (FollowUp, "opened_at"),
    (FollowUpNote, "told_at"),
    (Mentoring, "started_at"),
    (MentoringSession, "told_at"),
    (Proposal, "received_at"),
    (Check, "received_at"),
    (MonthlyReport, "begun_at"),
    (AuditEntry, "recorded_at"),
)


@contextmanager
def stamped_by_the_clock():
    """What stamps itself when it is made asks the clock at that moment, so that `on_the_day` moves it too."""
    fields = [model._meta.get_field(column) for model, column in STAMPED]
    before = [field._get_default for field in fields]
    for field in fields:
        field._get_default = lambda: timezone.now()
    try:
        yield
    finally:
        for field, default in zip(fields, before, strict=True):
            field._get_default = default


@contextmanager
def on_the_day(day, hour=9):
    """Everything inside happens on `day`: the clock says so."""
    moment = min(timezone.make_aware(datetime.combine(day, time(hour))), timezone.now())
    real, timezone.now = timezone.now, lambda: moment
    try:
        yield moment
    finally:
        timezone.now = real
