"""One filled-in entry page: what it shows, what it proposes, and how the door's messages come back to it."""

import hashlib
import json
import re
import uuid as uuids

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.businesses import choices, fields
from registry.people.models import Person
from registry.regions.access import reach
from registry.regions.models import Region
from registry.sectors.models import Kbli, Subsector
from registry.submissions import shape
from registry.submissions.actions import keep_entry
from registry.submissions.display import stored_of, stored_person
from registry.submissions.forms import BusinessForm, RowForm, same, shown
from registry.submissions.photos import reencode
from registry.submissions.rules import MOVE_FIELDS
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.text import clean_line, fold

FIXED_LICENCES = ("nib", "pirt", "halal")
MAX_ROWS = 60
PRODUCT_LINES = 3
KBLI_OFFERS = 8
KBLI_TEXT = re.compile(r"^(?:(20\d\d)\s*[: ]\s*)?(\d{5})$", re.ASCII)
NOT_ON_THE_PAGE = {
    "other_subsectors", "sector_told", "founded_on", "workers_upper", "workers_told", "capital_upper_idr",
    "capital_told", "turnover_told", "scale_on", "phone_other",
}  # fmt: skip
# Where one of a pair is wrong the other cannot be kept alone.
PARTNERS = {"scale_basis": ("scale",), "latitude": ("longitude",), "longitude": ("latitude",)}


def field_names(kind, business, user):
    """The fields of the business that a page of this kind shows to this user."""
    if kind in ("close", "reopen"):
        return []
    names = [n for n in fields.BUSINESS if n not in NOT_ON_THE_PAGE]
    if kind == "move":
        return [n for n in names if n in MOVE_FIELDS]
    if kind == "register":
        names = [n for n in names if n not in ("operating_state", "season_months")]
    elif business.kelurahan_id:
        names.remove("kelurahan")  # another kelurahan is a move
    if business is not None and business.operating_state == choices.OperatingState.CLOSED:
        names.remove("operating_state")
    if not user.has_perm("registry.view_turnover"):
        names = [n for n in names if not fields.BUSINESS[n].need_to_know]
    return names


def kelurahan_options(user, *, everywhere=False, without=None):
    """Choices of kelurahan grouped by kecamatan: those in the user's reach, or all of them."""
    there = reach(user, "registry.propose_submission")
    rows = Region.objects.kelurahan().select_related("parent").order_by("parent__code", "name")
    if not everywhere and not there.everywhere:
        rows = rows.filter(pk__in=there.kelurahan)
    groups = {}
    for region in rows:
        if region.pk != without:
            groups.setdefault(region.parent.name, []).append((region.code, region.name))
    return [("", _("Pilih kelurahan")), *groups.items()]


def find_kbli(text):
    """(key, rows): the code meant by what was typed, or None with the rows that fit it, if any."""
    cleaned = clean_line(text)
    leaves = Kbli.objects.leaves()
    if match := KBLI_TEXT.match(cleaned):
        version, code = match.groups()
        if version:
            return f"{version}:{code}", []
        rows = list(leaves.filter(code=code).order_by("-version"))
        if len({row.title_folded for row in rows}) == 1:
            return rows[0].key, []
        return None, rows
    if not fold(cleaned):
        return None, []
    for version in ("2025", "2020"):
        rows = list(leaves.search(cleaned, version)[: KBLI_OFFERS + 1])
        exact = [row for row in rows if row.title_folded == fold(cleaned)]
        if len(rows) == 1 or len(exact) == 1:
            return (exact or rows)[0].key, []
        if rows:
            return None, rows[:KBLI_OFFERS]
    return None, []


class Entry:
    """The page on which a submission of one kind is filled in; `data` and `files` when it was sent.

    `kbli_offers`, `known_person` and the forms' errors say afterwards what the page has to ask.
    """

    def __init__(self, user, *, kind, business=None, submission=None, person=None, data=None, files=None):
        self.user, self.kind, self.business, self.submission = user, kind, business, submission
        self.data, self.files = data, files
        self.kbli_offers, self.known_person, self.conflict = [], None, False
        self.today = fields.current_values(business) if business else {}
        self.stored = stored_of(business) if kind in ("register", "change") else {}
        self.items = {i["uuid"]: i for i in submission.items} if submission else {}
        self._join_people(person)
        self.names = field_names(kind, business, user)
        self.main = BusinessForm(
            data,
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
        if "kelurahan" in self.names and not initial["kelurahan"] and self.kind != "move":
            own = reach(self.user, "registry.propose_submission").kelurahan
            if len(own) == 1:
                initial["kelurahan"] = Region.objects.get(pk=next(iter(own))).code
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

    # ---- stamp: has somebody else changed this meanwhile? --------------------------------------

    def stamp(self):
        """A short sign of the state this page was filled in from."""
        state = [self.business.version if self.business else 0]
        if self.submission:
            state += [self.submission.status, self.submission.values, self.submission.items]
        return hashlib.sha256(json.dumps(state, cls=DjangoJSONEncoder, sort_keys=True).encode()).hexdigest()[
            :16
        ]

    def differs_from_stored(self):
        """{field: words now stored} where what was typed is another value: for the page of two editors."""
        found = {}
        for name in self.names:
            now = shown(fields.BUSINESS[name], self.proposed(name))
            if not same(self.main.typed(name), now) and not isinstance(now, list):
                found[name] = str(now) or _("kosong")
        return found

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
            i for u, i in self.items.items() if u not in shown_rows and i["kind"] not in ("consent", "photo")
        ]
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
            return pick
        key, self.kbli_offers = find_kbli(typed)
        if key:
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
        for name, upload in self.main.uploads():
            try:
                picture = reencode(upload)
            except Refused as refused:
                self.main.refuse(name, refused.message)
                continue
            identity = uuids.uuid4()
            items.append(
                {
                    "op": "add",
                    "kind": "photo",
                    "uuid": str(uuids.uuid4()),
                    "values": {
                        "kind": self.main.typed("photo_kind") or "product",
                        "attachment": str(identity),
                    },
                }
            )
            pictures.append((identity, picture))
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
        for _attempt in range(4):
            if self.business and not values and not items and self.submission is None and self.names:
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

    def _tell_what_is_kept(self):
        last4 = {i["uuid"]: i["values"].get("nik_last4") for i in self.submission.items}
        for row in self.rows["owner"]:
            if last4.get(row.uuid):
                row["nik"].help_text = _("Tersimpan: •••• %s. Ketik ulang untuk mengganti.") % last4[row.uuid]

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
