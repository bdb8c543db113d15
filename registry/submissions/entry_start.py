"""What an entry page starts with: its fields and rows, from what is recorded, proposed or was just sent."""

import uuid as uuids

from django.utils import timezone
from django.utils.translation import gettext as _

from registry.businesses import choices, fields
from registry.people.models import Person
from registry.regions.working import preset
from registry.sectors.models import Subsector
from registry.submissions.display import stored_of, stored_person
from registry.submissions.forms import BusinessForm, RowForm, shown
from registry.submissions.offers import field_names, kelurahan_options

FIXED_LICENCES = ("nib", "pirt", "halal")
MAX_ROWS = 60
PRODUCT_LINES = 3
KEPT_FOR_THE_NEXT = ("kelurahan", "rt", "rw")


class EntryStart:
    """The forms of an entry page, filled from the record, the draft, a person or what was sent.

    `after` is the submission just sent: a new page keeps its kelurahan, RT and RW ("tambah lagi"), and with
    `owner_of_it` (uuid) also the owner it brought, who may not be recorded yet.
    """

    def __init__(
        self,
        user,
        *,
        kind,
        business=None,
        submission=None,
        person=None,
        after=None,
        owner_of_it="",
        data=None,
        files=None,
    ):
        self.user, self.kind, self.business, self.submission = user, kind, business, submission
        self.data, self.files = data.copy() if data is not None else None, files
        self.kbli_offers, self.known_person, self.people_found = [], None, None
        self.after = after if submission is None else None
        self.today = fields.current_values(business) if business else {}
        self.stored = stored_of(business) if kind in ("register", "change") else {}
        self.items = {i["uuid"]: i for i in submission.items} if submission else {}
        self.given_items = self._owner_given(owner_of_it) if self.after and person is None else {}
        self.items |= self.given_items
        self._join_people(person)
        self.names = field_names(kind, business, user)
        self.main = BusinessForm(
            self.data,
            files,
            names=self.names,
            initial=self._initial(),
            options=self._options(),
            consents=self._consents_open(),
            given=self._consents_given(),
            with_photos=self.has_rows,
        )
        self.rows = {kind: self._rows(kind) for kind in ("owner", "licence", "product", "photo")}
        if data is not None:
            self.main.full_clean()
            for row in self.each_row():
                row.full_clean()

    # ---- what the page starts with -------------------------------------------------------------

    @property
    def has_rows(self):
        return self.kind in ("register", "change")

    def each_row(self):
        return [row for rows in self.rows.values() for row in rows]

    @property
    def forms(self):
        return [self.main, *self.each_row()]

    @property
    def has_errors(self):
        return any(form.errors for form in self.forms)

    def _join_people(self, person):
        """Persons who are known already and become owners here: the one picked, and those a draft names."""
        named = {
            u for u, i in self.items.items() if i["kind"] == "owner" and not i["values"].get("nik_known")
        }
        known = list(
            Person.objects.visible_to(self.user).filter(uuid__in=named).select_related("domicile")
            if named
            else ()
        )
        if person is not None:
            known.append(person)
        for one in known:
            if str(one.uuid) not in self.stored:
                entry = stored_person(one)
                entry["values"]["joins"] = True
                self.stored[str(one.uuid)] = entry

    def _owner_given(self, identity):
        """The owner of the submission just sent, as an item of this one: the same person, without the NIK,
        which comes with the first submission."""
        for item in self.after.items:
            if item["kind"] == "owner" and item["uuid"] == identity and item["op"] == "add":
                known = {n: v for n, v in item["values"].items() if n in fields.OWNER and n != "nik_answer"}
                return {identity: {"op": "add", "kind": "owner", "uuid": identity, "values": known}}
        return {}

    def proposed(self, name):
        """The JSON value a field starts with: proposed, else today's, else the only possible one."""
        if self.submission and name in self.submission.values:
            return self.submission.values[name][1]
        if self.business and not (self.kind == "move" and name == "kelurahan"):
            return self.today[name]
        return fields.BUSINESS[name].empty

    def _initial(self):
        initial = {n: shown(fields.BUSINESS[n], self.proposed(n)) for n in self.names}
        if self.submission:
            initial["note"] = self.submission.note
        drafted = [i for i in self.items.values() if i["kind"] == "consent" and i["op"] == "add"]
        initial["consents"] = [i["values"].get("group") for i in drafted]
        initial["consent_channel"] = drafted[0]["values"].get("channel") if drafted else "in_person"
        initial["consents_end"] = [
            u for u, i in self.items.items() if i["kind"] == "consent" and i["op"] == "end"
        ]
        if self.after:
            initial |= {n: shown(fields.BUSINESS[n], self.after.proposed(n)) for n in KEPT_FOR_THE_NEXT}
        if "kelurahan" in self.names and not initial["kelurahan"] and self.kind != "move":
            region = preset(self.user)
            initial["kelurahan"] = region.code if region else initial["kelurahan"]
        return initial

    def _options(self):
        options = {}
        if "kelurahan" in self.names:
            here = self.business.kelurahan_id if self.business else None
            options["kelurahan"] = kelurahan_options(
                self.user, everywhere=self.kind == "move", without=here if self.kind == "move" else None
            )
        if "subsector" in self.names:
            now = list(Subsector.objects.on(timezone.localdate()).values_list("slug", "name"))
            kept = self.proposed("subsector")
            if kept and kept not in dict(now):
                now.append((kept, kept))
            options["subsector"] = [("", _("Bukan ekonomi kreatif atau belum tahu")), *now]
        return options

    def _current_consents(self):
        return {u: s["row"] for u, s in self.stored.items() if s["kind"] == "consent"}

    def _consents_open(self):
        if not self.has_rows:
            return []
        given = {row.group for row in self._current_consents().values()}
        return [g for g in choices.ConsentGroup.values if g not in given]

    def _consents_given(self):
        return [(u, str(row)) for u, row in self._current_consents().items()] if self.has_rows else []

    # ---- rows ----------------------------------------------------------------------------------

    def _rows(self, kind):
        if not self.has_rows:
            return []
        options = {}
        if kind == "owner":
            if not hasattr(self, "_domiciles"):
                self._domiciles = kelurahan_options(self.user, everywhere=True)
                self._domiciles[0] = ("", _("Belum diketahui"))
            options = {"domicile": self._domiciles}
        wanted = self._sent_rows(kind) if self.data is not None else self._starting_rows(kind)
        return [self._row(kind, i, identity, fixed, options) for i, (identity, fixed) in enumerate(wanted)]

    def _row(self, kind, index, identity, fixed, options):
        stored, item = self.stored.get(identity, {}), self.items.get(identity)
        if stored.get("kind", kind) != kind:
            stored, identity = {}, str(uuids.uuid4())
        if item and item["kind"] != kind:
            item = None
        if kind == "licence":
            fixed = (
                stored.get("values", {}).get("kind") or (item or {}).get("values", {}).get("kind") or fixed
            )
            if not stored and fixed not in FIXED_LICENCES:
                fixed = ""
        last4 = (item or {}).get("values", {}).get("nik_last4") or stored.get("nik_last4", "")
        return RowForm(
            kind,
            index,
            self.data,
            uuid=identity,
            stored=stored.get("values"),
            item=item,
            fixed=fixed,
            options=options,
            last4=last4,
        )

    def _starting_rows(self, kind):
        found = [(u, "") for u, s in self.stored.items() if s["kind"] == kind]
        known = {u for u, _fixed in found}
        found += [
            (u, "")
            for u, i in self.items.items()
            if i["kind"] == kind and i["op"] == "add" and u not in known
        ]
        blank = lambda fixed="": (str(uuids.uuid4()), fixed)  # noqa: E731
        if kind == "licence":
            have = {(self.stored.get(u) or self.items.get(u))["values"].get("kind") for u, _fixed in found}
            found += [blank(fixed) for fixed in FIXED_LICENCES if fixed not in have]
            order = {"nib": 0, "pirt": 1, "halal": 2}
            found.sort(key=lambda pair: order.get(self._licence_kind(*pair), 3))
            found.append(blank())
        elif kind == "product":
            found += [blank() for _n in range(max(1, PRODUCT_LINES - len(found)))]
        elif kind == "owner" and (self.kind == "change" or not found):
            found.append(blank())
        return found

    def _licence_kind(self, identity, fixed):
        row = self.stored.get(identity) or self.items.get(identity)
        return row["values"].get("kind") if row else fixed

    def _sent_rows(self, kind):
        found = []
        for index in range(MAX_ROWS):
            sent = self.data.get(f"{kind}-{index}-uuid")
            if sent is None:
                break
            try:
                identity = str(uuids.UUID(sent))
            except ValueError:
                identity = str(uuids.uuid4())
            fixed = self.data.get(f"{kind}-{index}-fixed", "")
            found.append((identity, fixed if fixed in FIXED_LICENCES else ""))
        return found
