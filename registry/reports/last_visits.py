"""When a business was last visited: what has never been visited climbs the board twice as fast."""

from django.db import models, transaction

from registry.businesses.models import Business
from registry.reports.needs import Urgency, weight_of


class LastVisit(models.Model):
    """When a business was last visited by the city; programs/visits tells, the board weighs by it."""

    business = models.OneToOneField(Business, models.PROTECT, related_name="last_visit", editable=False)
    on = models.DateField(editable=False)

    def __str__(self):
        return f"{self.on:%Y-%m-%d}"

    @classmethod
    def known(cls, business):
        """Whether anybody has ever visited it; False for a business that is not recorded."""
        return business is not None and cls.objects.filter(business=business).exists()

    @classmethod
    @transaction.atomic
    def note(cls, business, *, on):
        """Remember a visit, and let what the business still waits for climb more slowly."""
        row, new = cls.objects.select_for_update().get_or_create(business=business, defaults={"on": on})
        if not new and on > row.on:
            row.on = on
            row.save(update_fields=["on"])
        for urgency in Urgency:
            business.visit_requests.open().filter(urgency=urgency).update(
                weight=weight_of(urgency, never_visited=False)
            )

    @classmethod
    @transaction.atomic
    def correct(cls, business, days):
        """The day of a visit was put right: remember the newest of `days`, a queryset of all days on which
        somebody was there, read when nobody else can add one."""
        row = cls.objects.select_for_update().filter(business=business).first()
        if row is not None and (newest := days.order_by("-on").values_list("on", flat=True).first()):
            row.on = newest
            row.save(update_fields=["on"])
