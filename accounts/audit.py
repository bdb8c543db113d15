"""Writing the audit trail."""

from accounts.models import AuditEntry


def line(act, target, *, by, about=None, **detail):
    """An unsaved AuditEntry; `AuditEntry.objects.bulk_create` takes many at once.

    `target` is a saved row, `by` the acting user or None when a rule or the clock acted.
    """
    return AuditEntry(
        act=act,
        target_type=target._meta.model_name,
        target_id=str(target.pk),
        about=about,
        recorded_by=by,
        detail=detail,
    )


def record(act, target, *, by, about=None, **detail):
    """Append one line to the audit trail, in the caller's transaction."""
    entry = line(act, target, by=by, about=about, **detail)
    entry.save(force_insert=True)
    return entry
