"""How long submissions have waited, in working days, and which are overdue."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from registry.regions.models import Holiday
from registry.regions.workdays import working_days_between

TARGET_WORKING_DAYS = 3  # a submission that waited longer is overdue
HOLIDAYS_BACK = timedelta(days=800)


class Ages:
    """The queue's clock on one day; reads the holidays once."""

    def __init__(self, today=None):
        self.today = today or timezone.localdate()
        self.holidays = Holiday.set_between(self.today - HOLIDAYS_BACK, self.today)

    def of(self, submission):
        """Working days since it was sent, or None when it was not."""
        if submission.submitted_at is None:
            return None
        return self.since(timezone.localtime(submission.submitted_at).date())

    def since(self, day):
        return working_days_between(day, self.today, self.holidays)

    def is_overdue(self, submission):
        return (self.of(submission) or 0) > TARGET_WORKING_DAYS

    def overdue_before(self):
        """The moment before which what was sent has waited longer than it should."""
        day = self.today
        while self.since(day) <= TARGET_WORKING_DAYS:
            day -= timedelta(days=1)
        return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
