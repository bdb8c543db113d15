"""Acts of this room that need more than one row."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import AuditEntry, User
from registry.people.disclosures import REVEALED, today
from registry.people.models import Person
from registry.regions.access import reach
from umkm_portal.lib.errors import Refused, not_found
from umkm_portal.lib.sealing import unseal
from umkm_portal.lib.text import clean_line, clean_text, mask_long_digits

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


LEAST_REASON = 10  # letters: "cek" explains nothing to whoever reads the trail


@transaction.atomic
def reveal(person, *, what, reason, activity, by):
    """The full NIK (`what` "nik") or family card number ("kk"), once, for a reason and a numbered activity.

    Leaves an audit line with reason and activity, never the number; the caller shows it and keeps nothing.
    Raises Refused: not-found (out of reach, no right), reason-missing, activity-missing, nothing-to-reveal,
    reveal-limit (settings.REVEALS_PER_DAY of one user in a day).
    """
    if not (
        reach(by, "registry.reveal_identity") and Person.objects.visible_to(by).filter(pk=person.pk).exists()
    ):
        raise not_found()
    reason = clean_text(mask_long_digits(reason or ""))[:500]
    activity = clean_line(mask_long_digits(activity or ""))[:60]
    if len(reason) < LEAST_REASON:
        message = _("Tulis untuk apa nomor ini dibuka, paling sedikit 10 huruf.")
        raise Refused("reason-missing", message, fields={"reason": message})
    if not activity:
        message = _("Tulis nomor kegiatan atau surat yang menjadi dasarnya.")
        raise Refused("activity-missing", message, fields={"activity": message})
    sealed = {"nik": person.nik_sealed, "kk": person.kk_sealed}.get(what)
    if not sealed:
        raise Refused("nothing-to-reveal", _("Nomor itu tidak tersimpan."))
    User.objects.select_for_update().get(pk=by.pk)  # two clicks at once count as two
    opened = AuditEntry.objects.filter(act=REVEALED, recorded_by=by, recorded_at__gte=today()).count()
    if opened >= settings.REVEALS_PER_DAY:
        raise Refused(
            "reveal-limit",
            _("Hari ini Anda sudah membuka %(limit)s nomor, batas untuk satu hari."),
            limit=settings.REVEALS_PER_DAY,
        )
    audit.record(REVEALED, person, by=by, what=what, reason=reason, activity=activity)
    return unseal(sealed)
