"""Days by which something is due, in working days by the city's holidays."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.regions.models import Holiday
from registry.regions.workdays import is_working_day
from umkm_portal.lib.errors import Refused

LONGEST = 60  # working days


def due_after(working_days, today=None):
    """The day `working_days` (1 to LONGEST) after `today`. Raises Refused days-out-of-range."""
    if not 1 <= working_days <= LONGEST:
        message = _("Tenggat antara 1 dan %(most)d hari kerja.")
        raise Refused(
            "days-out-of-range", message, fields={"working_days": message % {"most": LONGEST}}, most=LONGEST
        )
    day = today or timezone.localdate()
    holidays = Holiday.set_between(day, day + timedelta(days=LONGEST * 3))
    left = working_days
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day, holidays)
    return day
