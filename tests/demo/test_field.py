"""The demo city's life in the field: by the verbs, on its days, the same for the same seed."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import AuditEntry
from programs.models import FollowUp, MonthlyReport, Proposal, Visit
from registry.models import VisitRequest
from tests.factories import make_business
from umkm_portal.demo import accounts, field

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PLACES = ("35.73.01.1007", "35.73.05.1004", "35.73.04.1003")


@pytest.fixture
def malang(db):
    """The accounts of the demo, and a few businesses in three of its kelurahan."""
    call_command("load_reference", verbosity=0)
    users = accounts.make_accounts()
    for code in PLACES * 2:
        make_business(by=users["operator"], decided_by=users["verifikator"], kelurahan=code, rw=2)
    return users


def test_weeks_in_the_field_leave_work_for_everybody(malang):
    real = timezone.now
    told = field.live(malang, weeks=5)

    assert timezone.now is real
    assert all(count for count in told.values()), told
    states = Counter(VisitRequest.objects.values_list("state", flat=True))
    assert states["new"] and states["scheduled"] and states["closed"]
    first = VisitRequest.objects.order_by("told_at").first()
    assert (timezone.now() - first.told_at).days >= 20
    assert timezone.localdate(first.received_at) == timezone.localdate(first.told_at)
    reported = AuditEntry.objects.filter(act="visit-request.reported", target_id=str(first.pk)).get()
    assert timezone.localdate(reported.recorded_at) == timezone.localdate(first.told_at)
    assert Visit.objects.filter(state="planned", on__gte=timezone.localdate()).exists()
    assert FollowUp.objects.open().exists() and FollowUp.objects.filter(state="closed").exists()
    assert Proposal.objects.public().exists() and Proposal.objects.filter(state="new").exists()
    month = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    reports = MonthlyReport.objects.filter(month=month, kelurahan__name="Purwantoro")
    assert [r.state for r in reports] in ([], ["submitted"], ["draft"])


def test_another_offices_account_stands_on_the_sign_in_page(malang, settings):
    settings.DEBUG, settings.IS_LOCAL = True, True
    assert "opd.dinkes" in [account["username"] for account in accounts.for_sign_in_page()]
    field.belong(malang)
    field.belong(malang)
    assert malang["opd.dinkes"].memberships.count() == 1
