"""Where an entry page was opened from by a room above this one, such as a visit (programs/visits).

An `Origin` says what a new page starts with, and hears of the submission when it is kept. The way back goes
along in the address (FIELD), so that it is still known when the draft has an address of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as lazy

from registry.businesses import fields
from registry.submissions.forms import shown

FIELD = "kembali"
# Pages that are led back to, by URL name.
BACK = {"visit": lazy("Kembali ke kunjungan")}


@dataclass(frozen=True)
class Origin:
    """What an entry page gets from where it was opened."""

    back: str  # address of a page named in BACK
    note: str = ""
    values: dict = field(default_factory=dict)  # {field: JSON value} a new page starts with
    facts: tuple = ()  # (term, text) to be read beside the fields, for who may read them there
    kept: Callable = lambda submission: None  # called in the transaction that keeps it, at every save

    def begin(self, entry):
        """Put what is known into a page that holds nothing yet."""
        start = entry.main.initial
        for name, value in self.values.items():
            if name in entry.names and value not in (None, ""):
                start[name] = shown(fields.BUSINESS[name], value)
        start["note"] = start.get("note") or self.note


def way_back(text):
    """(address, words) of a page that may be led back to; ("", "") for anything else."""
    if not text or not text.startswith("/"):
        return "", ""
    try:
        name = resolve(text).url_name
    except Resolver404:
        return "", ""
    return (text, BACK[name]) if name in BACK else ("", "")
