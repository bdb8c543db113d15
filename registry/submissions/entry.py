"""One filled-in entry page: what it proposes, and how the door's messages come back to it."""

import uuid as uuids

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.businesses import cleaning, fields
from registry.submissions import shape
from registry.submissions.actions import keep_entry
from registry.submissions.entry_compare import EntryCompare
from registry.submissions.forms import same, shown
from registry.submissions.models import Attachment, Submission
from registry.submissions.offers import find_kbli
from registry.submissions.photos import reencode
from umkm_portal.lib.errors import Refused

# Where one of a pair is wrong the other cannot be kept alone.
PARTNERS = {"scale_basis": ("scale",), "latitude": ("longitude",), "longitude": ("latitude",)}


class Entry(EntryCompare):
    """The page on which a submission of one kind is filled in; `data` and `files` when it was sent.

    `kbli_offers`, `known_person` and the forms' errors say afterwards what the page has to ask.
    """

    # ---- what it proposes ----------------------------------------------------------------------

    def proposal(self):
        """(values, items, sealed, pictures) as raw input of the one door; asks about KBLI and photos here."""
        values = self._values()
        items, sealed = [], {}
        for row in self.each_row():
            item = row.raw_item()
            if item is None:
                continue
            if item["kind"] == "owner" and item["op"] != "end" and (number := row.retyped_nik()):
                if item["values"].pop("nik_known", None):
                    item["uuid"] = str(uuids.uuid4())
                sealed[item["uuid"]] = {"nik": number}
            items.append(item)
        shown_rows = {row.uuid for row in self.each_row()}
        items += [
            i for u, i in self.items.items() if u not in shown_rows and i["kind"] != "consent"
        ]  # what another page added meanwhile, or this one before its answer was lost
        items += self._consent_items()
        pictures = self._pictures(items)
        return values, items, sealed, pictures

    def _values(self):
        values = {}
        if self.submission:
            values = {n: pair[1] for n, pair in self.submission.values.items() if n not in self.names}
        for name in self.names:
            typed = self.main.typed(name)
            if name == "kbli":
                typed = self._kbli(typed)
            if typed is None:
                continue
            if self.business and same(typed, shown(fields.BUSINESS[name], self.today[name])):
                continue
            values[name] = typed
        if self.kind == "move" and not self.main.typed("kelurahan"):
            values["kelurahan"] = None
        return values

    def _kbli(self, typed):
        """What was typed as a key, "" when blank, None while it is not settled."""
        typed = str(typed or "")
        if not typed.strip():
            return ""
        pick = str(self.data.get("kbli_pick") or "")
        if pick and self.data.get("kbli_asked") == typed:
            key = pick
        else:
            key, self.kbli_offers = find_kbli(typed)
        if key:
            self.data["kbli"] = key  # so that the page does not ask again
            return key
        if self.kbli_offers:
            self.main.fields["kbli_pick"].widget.choices = [
                (row.key, f"{row.code} {row.title} (KBLI {row.version})") for row in self.kbli_offers
            ]
            self.main.refuse("kbli", _("Cocok dengan beberapa kode. Pilih salah satu di bawah."))
        else:
            self.main.refuse(
                "kbli", _("Tidak ada KBLI dengan kode atau kata ini. Coba kata lain, atau kosongkan.")
            )
        kept = self.proposed("kbli")
        return kept or None

    def _consent_items(self):
        if not self.has_rows:
            return []
        found = []
        drafted = {
            i["values"].get("group"): u
            for u, i in self.items.items()
            if i["kind"] == "consent" and i["op"] == "add"
        }
        if "consents" in self.main.fields:
            channel = self.main.typed("consent_channel")
            for group in self.main.typed("consents"):
                item = {"op": "add", "kind": "consent", "values": {"group": group, "channel": channel}}
                item["uuid"] = drafted.get(group) or str(uuids.uuid4())
                found.append(item)
        if "consents_end" in self.main.fields:
            current = self._current_consents()
            for identity in self.main.typed("consents_end"):
                if identity in current:
                    found.append({"op": "end", "kind": "consent", "uuid": identity, "values": {}})
        return found

    def _pictures(self, items):
        """Decode the uploads; those that are pictures get an item each, the others a message."""
        pictures = []
        here = {i["values"].get("attachment") for i in items if i["kind"] == "photo"}
        for name, upload, identity in self.main.uploads():
            if identity in here:
                continue  # it came through already; the page did not hear so
            if Attachment.objects.filter(uuid=identity).exists():
                identity = str(uuids.uuid4())  # a file of another submission keeps its name
            try:
                picture = reencode(upload)
            except Refused as refused:
                self.main.refuse(name, refused.message)
                continue
            here.add(identity)
            items.append(
                {
                    "op": "add",
                    "kind": "photo",
                    "uuid": str(uuids.uuid4()),
                    "values": {
                        "kind": self.main.typed("photo_kind") or "product",
                        "attachment": identity,
                    },
                }
            )
            pictures.append((uuids.UUID(identity), picture))
        return pictures

    # ---- keeping it ----------------------------------------------------------------------------

    def keep(self, *, token=None, use_person=None):
        """Save what can be saved as a draft, and put a message at each field that cannot. Returns the
        submission, or None when nothing was saved; look at `has_errors` besides."""
        values, items, sealed, pictures = self.proposal()
        if use_person is not None:
            items = [i for i in items if i["kind"] != "owner" or i["uuid"] in self.stored]
            items.append({"op": "add", "kind": "owner", "uuid": str(use_person.uuid), "values": {}})
            sealed = {}
        if self.business and not values and not items and self.kind in ("change", "move"):
            if not self.has_errors:
                self.main.refuse(None, _("Belum ada yang diubah."))
            if self.submission is None:
                return None
        if self._refuse_second_closing():
            return None
        for _attempt in range(4):
            if self.submission is None and self._is_bare(values, items, sealed, pictures):
                return None
            try:
                self.submission = keep_entry(
                    by=self.user,
                    kind=self.kind,
                    values=values,
                    items=items,
                    sealed=sealed,
                    submission=self.submission,
                    business=self.business,
                    note=str(self.main.typed("note") or ""),
                    pictures=pictures,
                    uuid=token,
                )
            except ValidationError as error:
                problems = {n: " ".join(m) for n, m in error.message_dict.items()}
            except Refused as refused:
                problems = {n: str(m) for n, m in refused.fields.items()}
                if not problems:
                    self.main.refuse("photos" if refused.code == "photos-full" else None, refused.message)
                    return None
            else:
                self._tell_what_is_kept()
                return self.submission
            for name, message in problems.items():
                self.refuse(name, message, items)
            self._prune(problems, values, items, sealed, pictures)
        return None

    def _is_bare(self, values, items, sealed, pictures):
        """Whether nothing is left that is worth a draft: only blanks, and what the page itself put in."""
        if self.kind in ("close", "reopen"):
            return False
        if self.business:
            return not values and not items
        if sealed or pictures or str(self.main.typed("note") or "").strip():
            return False
        told = any(
            not cleaning.is_empty(value)
            and value is not False
            and not same(value, self.main.initial.get(name))
            for name, value in values.items()
        )
        return not told and all(
            item["uuid"] in self.given_items
            or (item["uuid"] in self.stored and not set(item["values"]) - {"role"})
            for item in items
        )

    def _refuse_second_closing(self):
        """One open closing or reopening a business: say so before a draft is written for nothing."""
        if self.kind not in ("close", "reopen") or self.submission is not None:
            return False
        if (
            not Submission.objects.open()
            .filter(business=self.business, kind__in=("close", "reopen"))
            .exists()
        ):
            return False
        self.main.refuse(None, _("Sudah ada usulan tutup atau buka kembali untuk usaha ini."))
        return True

    def _tell_what_is_kept(self):
        last4 = {i["uuid"]: i["values"].get("nik_last4") for i in self.submission.items}
        for row in self.rows["owner"]:
            if last4.get(row.uuid):
                row["nik"].help_text = _("Tersimpan: •••• %s. Ketik ulang untuk mengganti.") % last4[row.uuid]
        self.items = {i["uuid"]: i for i in self.submission.items}
        self.data, sent = None, self.data
        self.rows["photo"] = self._rows("photo")  # those just taken stand there with their picture
        self.data = sent

    def ask_for_missing(self):
        """Say at once what sending would ask for, beside what is wrong."""
        if self.submission:
            missing = self.submission.missing()
        else:
            wanted = fields.REQUIRED if self.kind == "register" else ()
            missing = [name for name in wanted if not self.main.typed(name)]
        for name in missing:
            if name in self.main.fields and not self.main.errors.get(name):
                self.main.refuse(name, _("Isian ini wajib."))

    def refuse(self, name, message, items=()):
        """Put one of the door's messages at its field: "rt", "owner.nik", "licence.number"."""
        if name in self.main.fields:
            return self.main.refuse(name, message)
        kind, _dot, part = name.partition(".")
        if kind == "consent" and "consents" in self.main.fields:
            return self.main.refuse("consent_channel" if part == "channel" else "consents", message)
        for row in self.rows.get(kind, ()):
            if part in row.fields and self._is_wrong(row, part):
                row.refuse(part, message)
                return None
        rows = [r for r in self.rows.get(kind, ()) if part in r.fields]
        if rows:
            return rows[0].refuse(part, message)
        return self.main.refuse(None, message)

    @staticmethod
    def _is_wrong(row, part):
        if row.errors.get(part):
            return False
        if part == "nik":
            return bool(row.retyped_nik()) or row.typed("nik_answer") == "given"
        item = row.raw_item()
        return bool(item) and part in shape.clean_item(item)[1]

    def _prune(self, problems, values, items, sealed, pictures):
        """Take out what was refused, so that the rest can be kept."""
        for name in problems:
            for part in (name, *PARTNERS.get(name, ())):
                stored = self.submission.proposed(part) if self.submission else None
                if values.pop(part, None) is not None and stored is not None and part == name:
                    values[part] = stored
            kind, _dot, field = name.partition(".")
            if kind not in fields.ITEMS:
                continue
            if field in ("nik", "kk"):
                for owner in (i for i in items if i["kind"] == "owner"):
                    numbers = sealed.get(owner["uuid"], {})
                    if field in numbers or not owner["values"].get("nik_last4"):
                        numbers.pop(field, None)
                        if (
                            owner["values"].get("nik_answer") == "given"
                            and "nik_last4" not in owner["values"]
                        ):
                            owner["values"].pop("nik_answer")
                continue
            of_kind = [i for i in items if i["kind"] == kind]
            alone = not any(shape.clean_item(item)[1] for item in of_kind)  # a code that no table knows
            for item in of_kind:
                wrong = [field] if alone else shape.clean_item(item)[1]
                for part in wrong:
                    item["values"].pop(part, None)
                if wrong and (not item["values"] or shape.clean_item(item)[1]):
                    items.remove(item)
        named = {i["values"].get("attachment") for i in items if i["kind"] == "photo"}
        pictures[:] = [(u, p) for u, p in pictures if str(u) in named]

    def send(self):
        """Submit what was kept. Returns whether it went; messages are at their fields otherwise."""
        try:
            self.submission.submit(by=self.user)
        except Refused as refused:
            self.submission.refresh_from_db()
            self.known_person = getattr(refused, "person", None)
            for name, message in refused.fields.items():
                self.refuse(name, message)
            if not refused.fields:
                self.main.refuse(None, refused.message)
            return False
        return True
