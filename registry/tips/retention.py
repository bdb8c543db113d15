"""How long a visitor's contact is kept (docs/personal-data.md)."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from registry.tips.models import Tip

AFTER_HANDLED = timedelta(days=30)
AT_MOST = timedelta(days=180)


def forget_contacts(now=None):
    """Empty the contacts of tips handled 30 days ago, and of any that is half a year old; returns how many.

    The words stay: they are the source of what was proposed because of them. A tip that was led to a proposal
    is handled the day that was decided.
    """
    now = now or timezone.now()
    since = now - AFTER_HANDLED
    over = Tip.objects.filter(
        Q(dismissed_at__lt=since) | Q(submission__decided_at__lt=since) | Q(received_at__lt=now - AT_MOST)
    )
    pks = list(over.exclude(contact="").values_list("pk", flat=True))
    return Tip.objects.filter(pk__in=pks).update(contact="")
