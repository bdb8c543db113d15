""" "Setujui dengan perbaikan": what a reviewer may mend in a proposal while approving it.

Only what was proposed can be corrected, never added to; what decides place, state, identity and consent
goes back to the proposer instead. Part of the reviewer's acts (deciding.py).
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.businesses import fields
from registry.submissions import rules
from registry.submissions.bases import item_at
from registry.submissions.shape import clean_proposal
from umkm_portal.lib.errors import Refused

NOT_MENDED = {"kelurahan", "operating_state", "season_months", "public_opt_out", "latitude", "longitude"}
ITEMS_MENDED = ("licence", "product", "owner", "photo")
ITEM_FIELDS_NOT_MENDED = {"kind", "attachment", "role", "nik_answer", "nik_last4", "nik_known"}


def may_be_mended(submission, key):
    """Whether this key of a proposal ("opening_hours", "product.1a2b3c4d.name") may be corrected."""
    if key in submission.values:
        return submission.kind in ("register", "change", "move") and key not in NOT_MENDED
    item, name = item_at(submission.items, key)
    return (
        item is not None
        and item["op"] != "end"
        and item["kind"] in ITEMS_MENDED
        and name in item["values"]
        and name not in ITEM_FIELDS_NOT_MENDED
    )


def mend(submission, mends):
    """Put corrected values into `submission` (unsaved) and return {key: [sent, mended]} of what changed.

    `mends` is {key: raw value}. Raises Refused: not-mendable, mend-invalid (with `fields` by key).
    """
    if wrong := sorted(key for key in mends if not may_be_mended(submission, key)):
        raise Refused(
            "not-mendable",
            _("Isian ini tidak dapat diperbaiki sambil menyetujui. Minta pengirim memperbaikinya."),
            fields={key: _("Minta pengirim memperbaikinya.") for key in wrong},
        )
    values = {n: pair[1] for n, pair in submission.values.items()}
    items = [item | {"values": dict(item["values"])} for item in submission.items]
    for key, raw in mends.items():
        if key in values:
            values[key] = raw
        else:
            item, name = item_at(items, key)
            item["values"][name] = raw
    try:
        shape = clean_proposal(values, items)
        rules.check(submission, shape, by=None)
    except ValidationError as error:
        messages = {name: " ".join(told) for name, told in error.message_dict.items()}
        raise Refused("mend-invalid", " ".join(messages.values()), fields=_by_key(messages, mends)) from error
    changed = {}
    for key in mends:
        if key in submission.values:
            sent, now = submission.values[key][1], shape.values[key]
            if now == fields.BUSINESS[key].empty and key in fields.REQUIRED:
                raise Refused("mend-invalid", _("Isian ini wajib."), fields={key: _("Isian ini wajib.")})
            submission.values[key] = [submission.values[key][0], now]
        else:
            item, name = item_at(submission.items, key)
            cleaned, _name = item_at(shape.items, key)
            sent, now = item["values"][name], cleaned["values"][name]
            item["values"][name] = now
        if now != sent:
            changed[key] = [sent, now]
    submission.title = submission.proposed("name") or submission.title
    return changed


def _by_key(messages, mends):
    """The shape's messages ("licence.number") at the keys that were mended ("licence.1a2b3c4d.number")."""
    found = {}
    for name, message in messages.items():
        kind, _dot, field = name.partition(".")
        keys = [k for k in mends if k == name or (k.startswith(kind + ".") and k.endswith("." + field))]
        for key in keys or [name]:
            found[key] = message
    return found
