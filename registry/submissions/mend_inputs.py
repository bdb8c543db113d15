"""Inputs with which a reviewer corrects a typo of what was proposed, in place; and what they corrected."""

from dataclasses import dataclass

from registry.businesses import cleaning, fields
from registry.submissions.bases import item_at
from registry.submissions.difference import note_key
from registry.submissions.mending import may_be_mended
from registry.submissions.wording import is_hidden
from umkm_portal.lib import formats

MEND = "perbaiki:"
LONG_LINE = 36  # letters
LINES = (cleaning.line, cleaning.name, cleaning.number_text, cleaning.email, cleaning.web, cleaning.handle)
NUMBERS = (cleaning.whole, cleaning.year)
OFFERED = (
    *LINES,
    *NUMBERS,
    cleaning.text,
    cleaning.idr,
    cleaning.phone,
    cleaning.day,
    cleaning.choice,
)  # codes of tables are chosen, not mistyped: those go back to the sender


@dataclass
class MendInput:
    """One input: `kind` is line, text, choice or date; `value` what was sent, as one would type it."""

    key: str
    label: str
    kind: str
    value: str
    sent: str
    inputmode: str = ""
    options: tuple = ()
    is_line: bool = True  # Enter ends it

    @property
    def name(self):
        return MEND + self.key

    @property
    def id(self):
        return "perbaiki-" + self.key.replace(".", "-")


def typed(spec, value):
    """The JSON value of a field as somebody would type it."""
    if cleaning.is_empty(value):
        return ""
    if spec.clean is cleaning.idr:
        return formats.number(value)
    return formats.phone(value) if spec.clean is cleaning.phone else str(value)


def mend_inputs(submission, hidden, posted=None):
    """{row key: [MendInput]} of what was proposed and may be mended by a reader of all but `hidden`.

    `posted` holds what was typed before, where the page comes back with an error.
    """
    found = {}
    for name, (_base, value) in submission.values.items():
        _offer(found, name, submission, name, fields.BUSINESS.get(name), value, hidden, posted)
    for item in submission.items:
        stem = note_key(item["kind"], item["uuid"])
        for name, value in item["values"].items():
            spec = fields.ITEMS[item["kind"]].get(name)
            _offer(found, stem, submission, f"{stem}.{name}", spec, value, hidden, posted)
    return found


def _offer(found, row, submission, key, spec, value, hidden, posted):
    if spec is None or spec.clean not in OFFERED or cleaning.is_empty(value) or is_hidden(key, hidden):
        return
    if not may_be_mended(submission, key):
        return
    sent = typed(spec, value)
    kind = {cleaning.text: "text", cleaning.choice: "choice", cleaning.day: "date"}.get(spec.clean, "line")
    if kind == "line" and len(sent) > LONG_LINE:
        kind = "text"  # the whole of it has to be seen to be mended
    mode = "tel" if spec.clean is cleaning.phone else ""
    if spec.clean in (*NUMBERS, cleaning.idr):
        mode = "numeric"
    options = tuple(spec.choices.choices) if kind == "choice" else ()
    now = (posted or {}).get(MEND + key, sent)
    is_line = spec.clean is not cleaning.text
    found.setdefault(row, []).append(MendInput(key, str(spec.label), kind, now, sent, mode, options, is_line))


def mends_in(submission, hidden, post):
    """{key: typed value} of the inputs in which the reviewer wrote something else than was sent."""
    found = {}
    for inputs in mend_inputs(submission, hidden).values():
        for item in inputs:
            now = post.get(item.name)
            if now is not None and _same(now) != _same(item.sent):
                found[item.key] = now.strip()
    return found


def _same(text):
    return text.replace("\r\n", "\n").strip()


def spec_at(submission, key):
    """The Field a mend's key names, or None."""
    if key in fields.BUSINESS:
        return fields.BUSINESS[key]
    item, name = item_at(submission.items, key)
    return fields.ITEMS[item["kind"]].get(name) if item else None
