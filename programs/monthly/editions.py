"""Which monthly reports there are: whose, the newest, those that wait for somebody; and who may do what."""

from django.db import models
from django.db.models import Exists, OuterRef

from registry.regions.access import within_reach

VIEW = "programs.view_monthlyreport"
WRITE = "programs.write_monthlyreport"
APPROVE = "programs.approve_monthlyreport"
RECEIVE = "programs.receive_monthlyreport"


class MonthlyReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Reports of the kelurahan of one's posts."""
        return within_reach(self, user, VIEW)

    def latest(self):
        """Of each kelurahan and month the newest edition."""
        later = self.model.objects.filter(
            kelurahan=OuterRef("kelurahan"), month=OuterRef("month"), edition__gt=OuterRef("edition")
        )
        return self.filter(~Exists(later))

    def to_receive(self, user):
        """Those `user` has to receive: sent, and nothing newer of the same month sent since. A correction
        that is only being written takes nothing away."""
        newer = self.model.objects.filter(
            kelurahan=OuterRef("kelurahan"),
            month=OuterRef("month"),
            edition__gt=OuterRef("edition"),
            state__in=self.model.OUT,
        )
        rows = within_reach(self.visible_to(user), user, RECEIVE)
        return rows.filter(~Exists(newer), state=self.model.State.SENT)

    def to_sign(self, user):
        """Those that wait for `user`, a lurah; the oldest first."""
        rows = within_reach(self, user, APPROVE).filter(state=self.model.State.SUBMITTED)
        return rows.order_by("month", "kelurahan__code", "pk")

    def of(self, kelurahan, month):
        """Its editions, the newest first."""
        return self.filter(kelurahan=kelurahan, month=month).order_by("-edition")

    def for_list(self):
        return self.select_related("kelurahan__parent__parent").defer("note", "reason", "correction")
