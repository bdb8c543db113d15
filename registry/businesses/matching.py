"""Are these two the same business? One rule for lists, entry forms and the registry. Pure.

DOMAIN.md, "Bringing lists in": R3 the same normalised name at the same address where no other filled
identity (owner, phone, NIK, NIB, stall number) differs is the same business; the same name there with a
differing identity, the same name at the same point, or a name one letter off at the same place is a
candidate. R4 a candidate is shown to a person, never merged or dropped by itself.
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field

from rapidfuzz.distance import Levenshtein

from umkm_portal.lib.text import fold

_RT_RW = re.compile(
    r"(?:\b|(?<=[a-z]))rt(?:\W{0,3}rw\b)?\W{0,3}(?:\d{1,3}(?!\d)|[ivxl]{1,6}\b)(?:\s*[/\\-]\s*\d{1,3}(?!\d))?"
    r"|(?:\b|(?<=[a-z0-9]))rw\W{0,3}(?:\d{1,3}(?!\d)|[ivxl]{1,6}\b)"
    r"|(?<![\d/])0\d{1,2}\s*/\s*0\d{1,2}(?![\d/])"  # the bare pair 003/005
)
_POSTAL = re.compile(r"\b(?:kode ?pos|kodepos)?\W{0,2}\b\d{5}\b")
_WORDS = {"jalan": "jl", "jln": "jl", "jlan": "jl", "gang": "gg", "nomor": "no", "nmr": "no", "blk": "blok"}
_LOOSE_SPACE = re.compile(r"(?<!\d) | (?!\d)")
_DROPPED = {"kel", "kelurahan", "kec", "kecamatan", "desa", "ds", "kodepos"}
SHORTEST_NEAR_NAME = 4  # letters; below this "one letter off" says nothing


@dataclass(slots=True)
class Card:
    """What one business is recognised by. Every part may be empty; see the functions that make them."""

    name: str
    address: str = ""
    place: str = ""  # kelurahan code, or the folded words of the list's own kelurahan and kecamatan
    point: tuple | None = None
    owner: str = ""
    phones: frozenset = frozenset()
    nik: str = ""
    nib: str = ""
    stall: str = ""

    @property
    def site(self):
        """The key of "the same address", or None: two empty addresses are not the same address."""
        return (self.address, self.place) if self.address else None

    def identities(self):
        return (self.owner, self.phones, self.nik, self.nib, self.stall)


def name_key(name):
    """A name without case, punctuation and spaces: "UD. Maju-Jaya " -> "udmajujaya"."""
    key = fold(name).replace(" ", "")
    if key:
        return key
    return "".join(c for c in unicodedata.normalize("NFKC", str(name)).casefold() if c.isalnum())


def address_key(address, rt=None, rw=None):
    """An address with RT and RW, without postal code; "" when nothing of it was told."""
    text = fold_address(address)
    parts = [text] if text else []
    if rt:
        parts.append(f"rt{int(rt)}")
    if rw:
        parts.append(f"rw{int(rw)}")
    return " ".join(parts)


def fold_address(address):
    """The street part of an address for comparison: RT/RW (told apart), postal code and labels left out."""
    if not address:
        return ""
    text = unicodedata.normalize("NFKD", str(address)).lower()
    text = _POSTAL.sub(" ", _RT_RW.sub(" ", text))
    words = [_WORDS.get(word, word) for word in fold(text).split()]
    # "Tegal Mulyo 10 B" is "Tegalmulyo 10B"; only between two figures a space tells them apart.
    return _LOOSE_SPACE.sub("", " ".join(word for word in words if word not in _DROPPED))


def point_key(latitude, longitude):
    """Coordinates to five decimals (about a metre), or None."""
    if latitude in (None, "") or longitude in (None, ""):
        return None
    return (round(float(latitude), 5), round(float(longitude), 5))


def differs(one, other):
    """Whether any identity that both tell is not the same."""
    for a, b in (
        (one.owner, other.owner),
        (one.nik, other.nik),
        (one.nib, other.nib),
        (one.stall, other.stall),
    ):
        if a and b and a != b:
            return True
    return bool(one.phones and other.phones and one.phones.isdisjoint(other.phones))


def same_business(one, other):
    """R3: same name, same address, nothing against it."""
    return (
        one.name == other.name and one.site is not None and one.site == other.site and not differs(one, other)
    )


def one_letter_off(one, other):
    """Whether two normalised names differ by one letter put in, left out or changed; digits do not count."""
    if one == other or min(len(one), len(other)) < SHORTEST_NEAR_NAME or abs(len(one) - len(other)) > 1:
        return False
    if Levenshtein.distance(one, other, score_cutoff=1) != 1:
        return False
    edits = Levenshtein.editops(one, other)
    if len(edits) != 1:
        return False
    edit = edits[0]
    touched = (one[edit.src_pos] if edit.tag != "insert" else "") + (
        other[edit.dest_pos] if edit.tag != "delete" else ""
    )
    return not any(c.isdigit() for c in touched)


@dataclass(slots=True)
class _Bucket:
    """Accepted cards of one name at one address, found again by identity without comparing all pairs."""

    cards: list = field(default_factory=list)
    by_identity: dict = field(default_factory=lambda: defaultdict(list))

    def add(self, position, card):
        self.cards.append((position, card))
        for kind, value in enumerate(card.identities()):
            if kind == 1:
                for phone in value or ("",):
                    self.by_identity[kind, phone].append((position, card))
            else:
                self.by_identity[kind, value].append((position, card))

    def match(self, card):
        """Position of an earlier card this one is the same business as, or None."""
        best = self.cards
        for kind, value in enumerate(card.identities()):
            if not value:
                continue
            values = value if kind == 1 else (value,)
            found = [entry for one in values for entry in self.by_identity.get((kind, one), ())]
            found += self.by_identity.get((kind, ""), ())
            if len(found) < len(best):
                best = found
        for position, other in best:
            if not differs(card, other):
                return position
        return None


class Index:
    """Cards seen so far: rows of a list, or businesses of the registry."""

    def __init__(self):
        self._sites = {}
        self._points = {}

    def add(self, position, card):
        if card.site:
            self._sites.setdefault((card.name, *card.site), _Bucket()).add(position, card)
        if card.point:
            self._points.setdefault((card.name, card.point), position)

    def match(self, card):
        """(position of the same business or None, position of a candidate or None)."""
        candidate = None
        if card.site:
            bucket = self._sites.get((card.name, *card.site))
            if bucket:
                same = bucket.match(card)
                if same is not None:
                    return same, None
                candidate = bucket.cards[0][0]
        if candidate is None and card.point:
            candidate = self._points.get((card.name, card.point))
        return None, candidate


def judge(cards):
    """[(duplicate of, candidate of)] for cards in order; an entry that is None is passed over.

    Only the later one of two is marked, and only against rows that stay. Near-linear: rows are compared
    inside their own address or point only, and there by identity and by spelling keys, not in pairs.
    """
    index = Index()
    verdicts = [(None, None)] * len(cards)
    places = defaultdict(list)
    for position, card in enumerate(cards):
        if card is None:
            continue
        same, candidate = index.match(card)
        verdicts[position] = (same, candidate)
        if same is None:
            index.add(position, card)
            if card.site:
                places[card.site].append(position)
            if card.point:
                places[card.point].append(position)
    for members in places.values():
        if len(members) > 1:
            _mark_near_names(members, cards, verdicts)
    return verdicts


def _mark_near_names(members, cards, verdicts):
    """Among rows of one place, mark names one letter off: two such share a form with a letter left out."""
    first_with = {}
    for position in members:
        name = cards[position].name
        if len(name) < SHORTEST_NEAR_NAME:
            continue
        forms = {name}
        forms.update(name[:i] + name[i + 1 :] for i in range(len(name)))
        if verdicts[position] == (None, None):
            for form in forms:
                known = first_with.get(form, ())
                near = next((p for p in known if one_letter_off(name, cards[p].name)), None)
                if near is not None:
                    verdicts[position] = (None, near)
                    break
        for form in forms:
            known = first_with.setdefault(form, [])
            if len(known) < 4 and all(cards[p].name != name for p in known):
                known.append(position)
