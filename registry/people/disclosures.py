"""Who saw a person's data: a line for each viewing, and the list the owner may ask for.

UU 27/2022 article 32: the controller gives the person access to their data together with the record of its
processing, within 3 × 24 hours of asking. One line a day for each person and reader is kept, not one a click.
"""

from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import AuditEntry
from registry.people.models import Person
from registry.regions.models import Post

VIEWED, REVEALED, LOOKED_UP, LIST_OPENED = (
    "person.viewed",
    "identity.revealed",
    "identity.looked-up",
    "person.disclosures-opened",
)
ACTS = {
    VIEWED: _("Data dibuka"),
    REVEALED: _("NIK atau KK dibuka penuh"),
    LOOKED_UP: _("Dicari dengan NIK"),
    LIST_OPENED: _("Daftar pembuka data dilihat"),
}
HOW = {
    "page": _("halaman orang"),
    "business": _("halaman usahanya"),
    "api": "API",
    "api-list": _("daftar lewat API"),
    "export": _("unduhan daftar usaha"),
    "chat": _("antrean WhatsApp"),
}
CHUNK = 500


def today():
    """The first moment of today in Jakarta."""
    return timezone.make_aware(datetime.combine(timezone.localdate(), time.min))


def note(persons, *, by, how):
    """Leave a line for each of `persons` that `by` sees (a key of HOW), once a person, reader and day.

    `persons` is a list or queryset of Person; thousands of them cost a few queries. Returns how many lines.
    """
    seen = AuditEntry.objects.filter(act=VIEWED, recorded_by=by, recorded_at__gte=today())
    if isinstance(persons, list):
        wanted = [p.pk for p in persons]
        seen = seen.filter(target_type="person", target_id__in=[str(pk) for pk in wanted])
    else:
        wanted = list(persons.order_by().values_list("pk", flat=True).distinct())
    if not wanted:
        return 0
    known = set(seen.values_list("target_id", flat=True))
    fresh = [pk for pk in wanted if str(pk) not in known]
    for start in range(0, len(fresh), CHUNK):
        lines = [audit.line(VIEWED, Person(pk=pk), by=by, how=how) for pk in fresh[start : start + CHUNK]]
        AuditEntry.objects.bulk_create(lines)
    return len(fresh)


def of(person):
    """The lines about who saw this person's data."""
    return AuditEntry.objects.filter(target_type="person", target_id=str(person.pk), act__in=ACTS)


def described(entries, *, for_owner):
    """[{"at", "what", "who", "why"}] of a page of lines.

    For the owner the reader's post of that day stands in place of the name: the office answers for it.
    """
    entries = list(entries)
    readers = {e.recorded_by_id for e in entries}
    posts = {}
    for post in Post.objects.filter(user__in=readers).select_related("region").order_by("starts_on"):
        posts.setdefault(post.user_id, []).append(post)
    found = []
    for entry in entries:
        detail = entry.detail or {}
        held = _held(posts.get(entry.recorded_by_id, ()), timezone.localtime(entry.recorded_at).date())
        office = ", ".join(str(post) for post in held) or str(_("pegawai Diskopindag"))
        why = [str(HOW[detail["how"]])] if detail.get("how") in HOW else []
        if detail.get("activity"):
            why.append(str(_("kegiatan %s")) % detail["activity"])
        if detail.get("reason") and not for_owner:
            why.append(detail["reason"])
        found.append(
            {
                "at": entry.recorded_at,
                "what": ACTS[entry.act],
                "who": office if for_owner else f"{entry.recorded_by or '—'} ({office})",
                "why": ", ".join(why),
            }
        )
    return found


def _held(posts, day):
    """The posts in force on a day; after their end, within grace, the last one."""
    current = [p for p in posts if p.starts_on <= day <= p.ends_on]
    return current or [p for p in posts if p.ends_on < day <= p.grace_ends_on]
