"""Which businesses ask for a look, and why; the same for the list, its export and the walk.

"Tidak ketemu" twice on different days makes a business stale, not closed (DOMAIN "Kelurahan and field"). An
answer that somebody confirmed over since, by whatever way, no longer counts.
"""

from datetime import date

from django.db.models import DateField, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from registry.businesses.choices import OperatingState
from registry.businesses.filters import STALE_AFTER
from registry.checks.models import Check
from registry.submissions.models import Submission
from umkm_portal.lib.formats import number

LONG, MISSING, MOVED, CLOSED = "lama", "tidak-ketemu", "pindah", "tutup"
REASONS = {
    LONG: lazy("Lama tak dipastikan"),
    MISSING: lazy("Tidak ketemu dua kali"),
    MOVED: lazy("Pindah, tujuan belum diketahui"),
    CLOSED: lazy("Tutup, belum diusulkan"),
}
NEVER = date(1900, 1, 1)
A = Check.Answer


def still_open(businesses):
    """Those not recorded as closed for good."""
    return businesses.exclude(operating_state=OperatingState.CLOSED)


def long_unconfirmed(businesses, today=None):
    """Open ones that nobody has confirmed for STALE_AFTER, or ever."""
    since = (today or timezone.localdate()) - STALE_AFTER
    return still_open(businesses).filter(Q(last_confirmed_on=None) | Q(last_confirmed_on__lt=since))


def _checks():
    return Check.objects.standing().filter(business=OuterRef("pk")).order_by("-seen_on", "-pk")


def with_latest(businesses):
    """Annotated with the newest standing answer, `last_answer` and `last_answer_on` (None where none)."""
    newest = _checks()
    return businesses.annotate(
        last_answer=Subquery(newest.values("answer")[:1]),
        last_answer_on=Subquery(newest.values("seen_on")[:1]),
    )


def _answered(businesses, answer):
    """Open ones whose newest answer is `answer` and was not confirmed over since."""
    with_one = Check.objects.standing().filter(answer=answer).values("business")
    rows = with_latest(still_open(businesses).filter(pk__in=with_one)).filter(last_answer=answer)
    return rows.filter(Q(last_confirmed_on=None) | Q(last_confirmed_on__lt=F("last_answer_on")))


def missing_twice(businesses):
    """Those not found on two different days or more, and by nobody in between."""
    other = _checks().exclude(answer=A.NOT_FOUND).values("seen_on")[:1]
    never = Value(NEVER, output_field=DateField())
    rows = _answered(businesses, A.NOT_FOUND).annotate(
        found_on=Coalesce(Subquery(other), never), confirmed_on=Coalesce("last_confirmed_on", never)
    )
    earlier = Check.objects.standing().filter(
        business=OuterRef("pk"),
        answer=A.NOT_FOUND,
        seen_on__lt=OuterRef("last_answer_on"),
        seen_on__gt=OuterRef("confirmed_on"),
    )
    return rows.filter(Exists(earlier.filter(seen_on__gt=OuterRef("found_on"))))


def moved_away(businesses):
    """Those said to have moved, of which no move is proposed or agreed since."""
    move = Submission.objects.filter(business=OuterRef("pk"), kind=Submission.Kind.MOVE).filter(
        Q(status__in=[Submission.Status.DRAFT, *Submission.OPEN])
        | Q(status=Submission.Status.APPROVED, decided_at__date__gte=OuterRef("last_answer_on"))
    )
    return _answered(businesses, A.MOVED).exclude(Exists(move))


def closed_unproposed(businesses):
    """Those said to have closed while nothing was proposed: the answer came by who may not propose, or after
    the end of a post (checks/closing.py)."""
    closing = Submission.objects.filter(business=OuterRef("pk"), kind=Submission.Kind.CLOSE)
    standing = closing.exclude(status=Submission.Status.WITHDRAWN).filter(
        Q(decided_at=None) | Q(decided_at__date__gte=OuterRef("last_answer_on"))
    )
    return _answered(businesses, A.CLOSED).exclude(Exists(standing))


FINDERS = {LONG: long_unconfirmed, MISSING: missing_twice, MOVED: moved_away, CLOSED: closed_unproposed}


def targets(businesses, reason):
    """Those of `businesses` that ask for a look for this reason; `latest_of` tells their newest answers."""
    return FINDERS[reason](businesses)


def latest_of(businesses):
    """{pk: (answer in words, day)} of the newest standing answer to each of a list, in one query."""
    rows = Check.objects.standing().filter(business__in=[business.pk for business in businesses])
    found = rows.order_by("seen_on", "pk").values_list("business", "answer", "seen_on")
    return {pk: (A(answer).label, on) for pk, answer, on in found}


def since_words(day, today=None):
    """How long ago a business was confirmed, in words for a list: "214 hari lalu", "belum pernah"."""
    if day is None:
        return _("belum pernah")
    days = ((today or timezone.localdate()) - day).days
    return _("hari ini") if days <= 0 else _("%(days)s hari lalu") % {"days": number(days)}
