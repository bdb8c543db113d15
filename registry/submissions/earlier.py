"""What a business was called, where it stood and what it made in earlier days, from approved submissions."""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuditEntry
from registry.businesses import cleaning
from registry.regions.models import Region
from registry.sectors.models import Kbli, Subsector
from registry.submissions.models import Submission
from umkm_portal.lib.formats import day

LOOKED_AT = 200  # newest approved changes; who changed more often is told by the history
TOLD = 3  # earlier values of one kind
FACTS = ("name", "kelurahan", "kbli", "subsector")


def earlier_days(business):
    """Sentences such as "Dulu bernama Warung Bu Siti, sampai 3 Mei 2026.", newest first; [] for none.

    Tells names, kelurahan, KBLI and subsector, which everybody may read who may read the business. Three
    queries, up to three more where something changed.
    """
    found = _spans(business)
    if not any(found.values()):
        return []
    names = _names(found)
    told = {
        "name": _("Dulu bernama “%(was)s”, sampai %(until)s."),
        "kelurahan": _("Dulu di %(was)s, sampai %(until)s."),
        "kbli": _("Dulu tercatat KBLI %(was)s, sampai %(until)s."),
        "subsector": _("Dulu tercatat subsektor %(was)s, sampai %(until)s."),
    }
    return [
        told[name] % {"was": names.get(was, was), "until": day(until)}
        for name in FACTS
        for was, until in found[name][:TOLD]
    ]


def _spans(business):
    """{field: [(earlier value, its last day)]}, newest first."""
    changed = (
        Submission.objects.filter(business=business, status=Submission.Status.APPROVED)
        .exclude(kind__in=["register", "close", "reopen"])
        .only("pk", "values", "decided_at")
        .order_by("-decided_at", "-pk")
    )
    rows = [row for row in changed[:LOOKED_AT] if set(FACTS) & set(row.values)]
    found = {name: [] for name in FACTS}
    if not rows:
        return found
    kept = _kept(rows)
    for row in rows:
        until = timezone.localtime(row.decided_at).date()
        for name in FACTS:
            if name not in row.values or name in kept.get(str(row.pk), ()):
                continue
            was, now = row.values[name]
            if was and was != now and was not in [value for value, _until in found[name]]:
                found[name].append((was, until))
    return found


def _kept(rows):
    """{submission pk: keys} the reviewer left as they were, so that nothing of them was applied."""
    entries = AuditEntry.objects.filter(
        act="submission.approved", target_type="submission", target_id__in=[str(row.pk) for row in rows]
    )
    return {e.target_id: set((e.detail or {}).get("kept", ())) for e in entries}


def _names(found):
    """{code: words} of the codes among these values."""
    codes = {was for name in ("kelurahan",) for was, _until in found[name]}
    keys = {was for was, _until in found["kbli"] if cleaning.KBLI.match(was)}
    slugs = {was for was, _until in found["subsector"]}
    names = {}
    if codes:
        rows = Region.objects.filter(code__in=codes).select_related("parent")
        names |= {row.code: row.place for row in rows}
    if keys:
        rows = Kbli.objects.filter(code__in={key.split(":")[1] for key in keys})
        names |= {row.key: f"{row.code} {row.title} (KBLI {row.version})" for row in rows}
    if slugs:
        names |= dict(Subsector.objects.filter(slug__in=slugs).values_list("slug", "name"))
    return names
