"""Which icon lives in which sprite. Public pages load only the small one.

A name that is in neither is refused by `{% icon %}`, so a typo shows at once.
"""

_public = (
    "back badge check clock close down envelope error external filter flag globe home info list lock "
    "login map mark menu moon next pin plus print qr right search share shop state-assisted "
    "state-closed state-curated state-licensed state-open state-recorded state-stale state-verified "
    "sun user warn whatsapp"
)

_working = (
    "aim archive bell bookmark box calendar camera chart clip columns copy download edit eye file "
    "gear history inbox key keyboard link logout merge mortar note offline people phone retry send "
    "sheet shield sort state-approved state-draft state-failed state-overdue state-queued "
    "state-rejected state-returned state-sending state-sent state-waiting state-withdrawn tag undo "
    "upload visit"
)

PUBLIC, WORKING = frozenset(_public.split()), frozenset(_working.split())


def sprite(name):
    """File of the sprite that holds `name`. Raises KeyError for an unknown icon."""
    if name in PUBLIC:
        return "icons-public.svg"
    if name in WORKING:
        return "icons.svg"
    raise KeyError(f"no icon {name!r}")
