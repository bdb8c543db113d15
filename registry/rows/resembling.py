"""Which rows may tell of a business that another row, the registry or the queue tells of already.

A warning with its reason, never a decision (R4 of DOMAIN.md). A name that many bear says nothing: "Warung
Kelontong" alone, or with another owner, stays silent.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from registry.businesses import matching
from registry.businesses.belongings import Licence
from registry.businesses.models import Business
from registry.submissions.checks import MANY_OF_ONE_NAME
from registry.submissions.models import Submission
from umkm_portal.lib.sealing import lookups
from umkm_portal.lib.text import fold

# Words that name a trade and no business; a name made of them only is nobody's own.
TRADE_WORDS = {
    "warung", "toko", "kios", "kedai", "lapak", "rumah", "makan", "depot", "kelontong", "klontong",
    "sembako", "pracangan", "peracangan", "kopi", "nasi", "bakso", "mie", "ayam", "soto", "sate", "pecel",
    "lalapan", "penyetan", "gorengan", "jajan", "jajanan", "kue", "basah", "kering", "roti", "keripik",
    "tempe", "tahu", "es", "jus", "minuman", "makanan", "catering", "katering", "laundry", "konveksi",
    "penjahit", "jahit", "salon", "pangkas", "rambut", "potong", "bengkel", "motor", "mobil", "las",
    "cuci", "pulsa", "konter", "counter", "fotokopi", "percetakan", "sablon", "batik", "kerajinan",
    "usaha", "dagang", "ud", "jual", "jualan", "sayur", "buah", "ikan", "daging", "telur", "beras", "gas",
    "air", "isi", "ulang", "galon", "tambal", "ban", "dan", "di", "serba", "ada", "mainan", "pakaian",
    "baju", "sepatu", "tas", "bunga", "tanaman", "ternak", "lele", "burung", "mebel", "meubel", "kayu",
}  # fmt: skip
NEAR_NAMES_UP_TO = 20_000  # names of the registry; with more, only equal names are looked for


@dataclass
class Warning:
    """`text` with the reason; `name` and `url` of what it resembles; `target` tells it from others."""

    text: str
    target: str
    name: str = ""
    url: str = ""
    other: str = ""  # uuid of the other row, where it is one
    row: int | None = None  # and its place in the grid, while it still stands there


def sign_of(warnings):
    """A short sign of what a row was warned about: "kirim juga" holds for these and no others."""
    if not warnings:
        return ""
    return hashlib.sha256("|".join(sorted(w.target for w in warnings)).encode()).hexdigest()[:12]


def reason(one, other, generic):
    """Why two cards may be the same business, in words; "" when they need not be."""
    if one.nib and one.nib == other.nib:
        return _("NIB sama")
    same = one.name == other.name
    if not one.name or not (same or matching.one_letter_off(one.name, other.name)):
        return ""
    shared = []
    if one.phones & other.phones:
        shared.append(_("telepon sama"))
    if one.site is not None and one.site == other.site:
        shared.append(_("alamat sama"))
    if same and one.owner and one.owner == other.owner:
        shared.append(_("pemilik sama"))
    different = matching.differs(one, other)
    if shared and not (generic and different):
        return ", ".join([_("nama sama") if same else _("nama hampir sama"), *shared])
    if same and not shared and not different and not generic and one.place and one.place == other.place:
        return _("nama sama di kelurahan yang sama")
    return ""


def is_trade_name(name):
    """Whether a name only says what is sold: "Toko Kelontong"."""
    words = fold(name).split()
    return bool(words) and all(word in TRADE_WORDS or word.isdigit() for word in words)


def _forms(key):
    """A name and it with each letter left out: two names one letter off share one of these."""
    if len(key) < matching.SHORTEST_NEAR_NAME:
        return {key}
    return {key, *(key[:i] + key[i + 1 :] for i in range(len(key)))}


def find(rows, user):
    """{position: [Warning]} of rows [(position, card, name, uuid)] in order; a fixed number of queries."""
    wanted = _Wanted(rows)
    found = defaultdict(list)
    for position, warning in [
        *wanted.among_themselves(),
        *wanted.in_the_registry(user),
        *wanted.in_the_queue(user),
    ]:
        if len(found[position]) < 3:
            found[position].append(warning)
    return dict(found)


class _Wanted:
    """The rows by what they can be found by."""

    def __init__(self, rows):
        self.rows = {position: (card, name) for position, card, name, _identity in rows if card.name}
        self.uuids = {position: str(identity) for position, _card, _name, identity in rows}
        self.by_form = defaultdict(set)
        self.by_nib = defaultdict(set)
        self.by_name = defaultdict(set)
        for position, (card, _name) in self.rows.items():
            self.by_name[card.name].add(position)
            for form in _forms(card.name):
                self.by_form[form].add(position)
            if card.nib:
                self.by_nib[card.nib].add(position)
        self.crowded = {key for key, members in self.by_name.items() if len(members) >= MANY_OF_ONE_NAME}

    def _near(self, name, near=True):
        """Positions whose name is this one or one letter off."""
        if not near:
            return self.by_name.get(name, set())
        return set().union(*(self.by_form.get(form, ()) for form in _forms(name)))

    def _generic(self, position):
        card, name = self.rows[position]
        return card.name in self.crowded or is_trade_name(name)

    def among_themselves(self):
        """Only the later one of two is marked."""
        for position, (card, _name) in self.rows.items():
            others = {p for p in self._near(card.name) if p < position}
            others |= {p for p in self.by_nib.get(card.nib, ()) if p < position}
            for other in sorted(others):
                there, name = self.rows[other]
                if why := reason(card, there, self._generic(position)):
                    # A row keeps its uuid when it is sent: the tick holds for it there as well.
                    target = self.uuids[other]
                    yield position, Warning(why, f"s:{target}", name, other=target, row=other)
                    break

    def in_the_registry(self, user):
        pks, everyone = set(), Business.objects.visible_to(user)
        places = {card.place for card, _name in self.rows.values() if card.place}
        names = list(everyone.filter(kelurahan__code__in=places).values_list("pk", "name"))
        bearers = defaultdict(int)
        near = len(names) <= NEAR_NAMES_UP_TO
        for pk, name in names:
            key = matching.name_key(name)
            if self._near(key, near):
                pks.add(pk)
                bearers[key] += 1
        self.crowded |= {key for key, count in bearers.items() if count >= MANY_OF_ONE_NAME}
        digests = [d for card, _name in self.rows.values() for n in card.phones for d in lookups("phone", n)]
        if digests:
            pks |= set(everyone.filter(phone_lookup__in=digests).values_list("pk", flat=True)[:2000])
        if self.by_nib:
            held = Licence.objects.current().filter(kind="nib", number__in=list(self.by_nib))
            pks |= set(held.filter(business__in=everyone).values_list("business_id", flat=True)[:2000])
        yield from self._compared(pks, everyone)

    def _compared(self, pks, everyone):
        if not pks:
            return
        businesses = list(everyone.filter(pk__in=sorted(pks)[:4000]).select_related("kelurahan"))
        nibs = dict(
            Licence.objects.current()
            .filter(kind="nib", business__in=businesses)
            .values_list("business_id", "number")
        )
        for business in businesses:
            card = matching.Card(
                name=matching.name_key(business.name),
                address=matching.address_key(business.address, business.rt, business.rw),
                place=business.kelurahan.code if business.kelurahan_id else "",
                owner=matching.name_key(business.owner_name.split(", ")[0]),
                phones=_numbers(business.phone, business.phone_other),
                nib=nibs.get(business.pk, ""),
                stall=matching.name_key(business.stall),
            )
            for position in self._near(card.name) | self.by_nib.get(card.nib, set()):
                if why := reason(self.rows[position][0], card, self._generic(position)):
                    yield (
                        position,
                        Warning(why, f"b:{business.uuid}", business.name, business.get_absolute_url()),
                    )

    def in_the_queue(self, user):
        """Registrations that wait for a decision: typed yesterday, or by a colleague."""
        places = {card.place for card, _name in self.rows.values() if card.place}
        waiting = (
            Submission.objects.visible_to(user)
            .open()
            .filter(kind=Submission.Kind.REGISTER, kelurahan_next__code__in=places)
            .exclude(uuid__in=self.uuids.values())
        )
        titles = waiting.values_list("pk", "title")
        pks = [pk for pk, title in titles if self._near(matching.name_key(title))]
        for row in Submission.objects.filter(pk__in=pks[:2000]).select_related("kelurahan_next"):
            card = _card_of(row)
            for position in self._near(card.name):
                if why := reason(self.rows[position][0], card, self._generic(position)):
                    yield (
                        position,
                        Warning(
                            _("%s, menunggu verifikasi") % why,
                            f"s:{row.uuid}",
                            row.title,
                            reverse("submission-detail", args=[row.uuid]),
                        ),
                    )


def _numbers(first, others):
    return frozenset(n for n in [first, *str(others or "").split()] if n)


def _card_of(submission):
    value = lambda name: submission.proposed(name) or ""  # noqa: E731
    told = {i["kind"]: i["values"] for i in submission.items if i["kind"] in ("owner", "licence")}
    nib = next(
        (i["values"].get("number", "") for i in submission.items if i["values"].get("kind") == "nib"), ""
    )
    return matching.Card(
        name=matching.name_key(submission.title),
        address=matching.address_key(value("address"), value("rt"), value("rw")),
        place=submission.kelurahan_next.code if submission.kelurahan_next_id else "",
        owner=matching.name_key(told.get("owner", {}).get("name", "")),
        phones=_numbers(value("phone"), value("phone_other")),
        nib=nib,
        stall=matching.name_key(value("stall")),
    )
