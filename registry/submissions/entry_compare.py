"""Two people at one entry page: did somebody change this meanwhile, what, and whose value counts.

A page carries a `stamp` of the state it was filled in from and, in `asal`, a short mark of each value it
started with. When the stamp no longer fits, the marks tell three cases apart: what only the other changed
is taken over, what only this page changed is kept, and where both did, a person chooses.
"""

import hashlib
import json

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from registry.submissions.entry_start import EntryStart
from registry.submissions.forms import same
from registry.submissions.layout import FIXED

CHOICE = "pilih:"  # prefix of the radios on the page of two editors
STORED = "tersimpan"
NOT_COMPARED = {"uuid", "camera", "photos", "photo_kind", "kbli_pick", "consent_channel", "nik"}


def mark(value):
    """Eight hex digits that stand for one value of a form field, however it came: shown or sent."""
    if isinstance(value, list | tuple):
        text = "\n".join(sorted(map(str, value)))
    elif isinstance(value, bool):
        text = "ya" if value else ""
    else:
        text = str(value or "").replace("\r\n", "\n").strip()
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _alike(field, typed, now):
    """Whether two raw values say the same: "0812 3456" and "0812-3456" are one telephone."""
    if same(typed, now) or mark(typed) == mark(now):
        return True
    if field.spec is None:
        return False
    try:
        return field.spec.cleaned(typed) == field.spec.cleaned(now)
    except ValidationError:
        return False


class EntryCompare(EntryStart):
    """An entry page that can say what differs between it and what is stored now."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.conflict, self.taken = False, []
        if self.data is not None:
            self._take_chosen()

    def stamp(self):
        """A short sign of the state this page was filled in from."""
        state = [self.business.version if self.business else 0]
        if self.submission:
            state += [self.submission.status, self.submission.values, self.submission.items]
        text = json.dumps(state, cls=DjangoJSONEncoder, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def marks(self):
        """What the page starts with, as "name=mark" words: see the head of this file."""
        return " ".join(
            f"{self._key(form, name)}={mark(form.initial.get(name))}" for form, name in self._compared()
        )

    def meet(self):
        """The page was filled in from another state: take over what only the other changed.

        Afterwards `differences()` lists what both changed, `taken` the labels of what was taken over.
        """
        self.conflict = True
        self._join_new_rows()
        started = dict(word.split("=", 1) for word in str(self.data.get("asal", "")).split() if "=" in word)
        for form, name in self._compared(sent=True):
            key, now = self._key(form, name), form.initial.get(name)
            if key in started and mark(form.typed(name)) == started[key] != mark(now):
                self._put(form, name, now)
                self.taken.append(
                    (form[name].id_for_label, self._label(form, name), self._words(form, name, now))
                )
        self._started = started

    def differences(self):
        """[{"name", "id", "label", "mine", "stored"}]: fields that hold another value than what is stored,
        without those that only this page changed."""
        found = []
        for form, name in self._compared(sent=True) if self.conflict else ():
            key, typed, now = self._key(form, name), form.typed(name), form.initial.get(name)
            if _alike(form.fields[name], typed, now) or self._started.get(key) == mark(now):
                continue
            found.append(
                {
                    "name": CHOICE + form.add_prefix(name),
                    "id": form[name].id_for_label,
                    "label": self._label(form, name),
                    "mine": self._words(form, name, typed),
                    "stored": self._words(form, name, now),
                }
            )
        return found

    # ---- inside --------------------------------------------------------------------------------

    def _compared(self, *, sent=False):
        """(form, field name) of what two editors can disagree on; rows that only this page has are not."""
        for form in self.forms:
            if form is not self.main and not (form.stored or form.item):
                continue
            if sent and not form.is_bound:
                continue
            for name in form.fields:
                if name not in NOT_COMPARED:
                    yield form, name

    def _key(self, form, name):
        return name if form is self.main else f"{form.kind}.{form.uuid[:8]}.{name}"

    def _label(self, form, name):
        label = str(form.fields[name].label)
        legend = "" if form is self.main else form.base.get("name") or FIXED.get(form.fixed)
        return f"{legend}: {label}" if legend else label

    @staticmethod
    def _words(form, name, value):
        """A raw form value in the words the page shows for it."""
        labels = {}
        for key, label in getattr(form.fields[name].widget, "choices", ()):
            for one, text in label if isinstance(label, list | tuple) else [(key, label)]:
                labels[str(one)] = str(text)
        if isinstance(value, list | tuple):
            return ", ".join(labels.get(str(one), str(one)) for one in value) or _("kosong")
        if isinstance(value, bool):
            return _("ya") if value else _("tidak")
        return labels.get(str(value or ""), str(value or "")) or _("kosong")

    def _put(self, form, name, value):
        """Let a field of the sent page hold `value`, as if it had been typed."""
        key = form.add_prefix(name)
        if isinstance(value, list | tuple):
            self.data.setlist(key, [str(one) for one in value])
        elif value is False:
            self.data.pop(key, None)
        else:
            self.data[key] = "on" if value is True else str("" if value is None else value)

    def _take_chosen(self):
        """Where the stored value was chosen on the page of two editors, it stands in for what was typed."""
        for form, name in self._compared(sent=True):
            if self.data.get(CHOICE + form.add_prefix(name)) == STORED:
                self._put(form, name, form.initial.get(name))

    def _join_new_rows(self):
        """Show what the other added, too: rows that this page did not have when it was sent."""
        sent, self.data = self.data, None
        for kind, rows in self.rows.items():
            shown = {row.uuid for row in rows}
            rows += [row for row in self._rows(kind) if row.item and row.uuid not in shown]
        self.data = sent
        for rows in self.rows.values():
            for index, row in enumerate(rows):
                if not row.is_bound:
                    row.prefix = f"{row.kind}-{index}"
