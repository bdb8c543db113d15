"""Which icon lives in which sprite. Public pages load only the small one.

A name that is in neither is refused by `{% icon %}`, so a typo shows at once.
"""

_public = (
    "back clock close down error filter globe list lock login map mark menu moon next pin print "
    "search send share state-closed state-open state-verified sun user whatsapp"
)

_working = (
    "aim archive badge bell bookmark box calendar camera chart check clip columns copy download "
    "edit envelope external eye file flag gear history home inbox info key keyboard link logout "
    "merge mortar note offline people phone plus qr retry right sheet shield shop sort "
    "state-approved state-assisted state-curated state-draft state-failed state-licensed "
    "state-overdue state-queued state-recorded state-rejected state-returned state-sending "
    "state-sent state-stale state-waiting state-withdrawn tag undo upload visit warn"
)

PUBLIC, WORKING = frozenset(_public.split()), frozenset(_working.split())


def sprite(name):
    """File of the sprite that holds `name`. Raises KeyError for an unknown icon."""
    if name in PUBLIC:
        return "icons-public.svg"
    if name in WORKING:
        return "icons.svg"
    raise KeyError(f"no icon {name!r}")
