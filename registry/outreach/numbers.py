"""Which recorded numbers may be written to by WhatsApp, and which not.

A message goes to the business about its own record, a public task; it goes to nobody's private number that
merely stands there: not an enumerator's, and not one that many businesses share, which is how an
enumerator's number looks in old lists (DOMAIN "Person is not business"). The message holds no personal data.
"""

from django.db.models import Count

from registry.businesses.choices import OperatingState, PhoneOf
from registry.businesses.models import Business

DECLINED = "declined"  # OutreachLine.Why: the owner asked not to be written to again
SHARED_BY = 5  # businesses in the city with the same number: from here on it is nobody's own


def number_of(business):
    """The digits to write to, "628…", or "" where nobody may be written to."""
    mobile = business.phone.startswith("628") and business.phone.isdigit()
    return business.phone if mobile and business.phone_of != PhoneOf.ENUMERATOR else ""


def usable(businesses):
    """Those of a list that may be written to, in their order: three queries for any number."""
    fitting = [
        business
        for business in businesses
        if number_of(business)
        and business.merged_into_id is None
        and business.kelurahan_id is not None
        and business.operating_state != OperatingState.CLOSED
    ]
    shared = set(
        Business.objects.filter(phone_lookup__in={b.phone_lookup for b in fitting} - {""}, merged_into=None)
        .order_by()
        .values("phone_lookup")
        .annotate(n=Count("pk"))
        .filter(n__gte=SHARED_BY)
        .values_list("phone_lookup", flat=True)
    )
    declined = set(
        Business.objects.filter(pk__in=[b.pk for b in fitting], outreach__why=DECLINED).values_list(
            "pk", flat=True
        )
    )
    return [b for b in fitting if b.phone_lookup not in shared and b.pk not in declined]
