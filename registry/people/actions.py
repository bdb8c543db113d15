"""Acts of this room that need more than one row."""

from django.db import transaction

from accounts import audit
from registry.people.models import Person
from registry.regions.access import reach
from umkm_portal.lib.errors import not_found

IN_REACH, ELSEWHERE, NOBODY = "in-reach", "elsewhere", "nobody"


@transaction.atomic
def look_up(number, *, by):
    """(found, person) for an exact, well-formed NIK: IN_REACH with the person, ELSEWHERE or NOBODY without.

    Leaves an audit line that holds the answer, never the number. Raises Refused without the permission.
    """
    if not reach(by, "registry.lookup_identity"):
        raise not_found()
    person = Person.objects.visible_to(by).with_nik(number).first()
    if person:
        found = IN_REACH
    else:
        found = ELSEWHERE if Person.objects.with_nik(number).exists() else NOBODY
    audit.record("identity.looked-up", person or by, by=by, found=found)
    return found, person
