"""Reading what somebody typed: each word becomes a slot, the ways in which a business may answer it.

A slot is answered by the word's own key, by the beginning of a longer one, by the same word written apart or
together, and by a synonym; once widened, by a word a letter or two off. `read` asks the database a fixed
number of times, whatever was typed and however many words the registry knows.

A slot knows two conditions: `driving`, on postings, for the one slot a search starts from (the rarest), and
`holding`, on the search_keys of the businesses found there, for every other.
"""

from dataclasses import dataclass, field

from django.db.models import Q

from registry.search.models import Synonym, Term, Variant
from registry.search.sound import (
    SHORTEST_WIDENED,
    distance,
    edits_allowed,
    is_honorific,
    sound,
    variants,
    words_of,
)
from umkm_portal.lib.text import fold

MAX_WORDS = 12
MAX_NEAR = 12  # neighbours a word may have; nearest and commonest first
PREFIX_FROM = 3  # letters of a key that already stand for the words beginning with it
SHORTEST_PART = 3  # "fotokopi" is "foto" and "kopi"; shorter parts are no words
END = "~"  # sorts after every letter and digit a key may hold
MAX_FEWER = 3
# How well an answer fits: the word itself, a spelling or synonym of it, one it begins, one a letter off.
SAME, MEANT, BEGUN, NEAR = 1.0, 0.8, 0.6, 0.5
ELSEWHERE = 0.4  # of that where the word does not stand in the name


@dataclass
class Slot:
    """One word of a search (or two neighbours that are also written together)."""

    words: tuple
    key: str = ""
    ways: list = field(default_factory=list)  # [((key, …) all needed, fit)]
    prefix: str = ""
    count: int = 0  # public businesses that bear it, at most; a guess to start from the rarest
    near: list = field(default_factory=list)  # [(key, edits, count, shown)] neighbours in the vocabulary

    @property
    def is_honorific(self):
        return all(is_honorific(word) for word in self.words)

    def driving(self, path=""):
        """Q on postings: at least the rarest key of every way."""
        keys = {keys[-1] for keys, _fit in self.ways}
        found = Q(**{f"{path}key__in": sorted(keys)}) if keys else Q(pk__in=())
        if self.prefix:
            found |= Q(**{f"{path}key__gte": self.prefix, f"{path}key__lt": self.prefix + END})
        return found

    def holding(self, path=""):
        """Q on businesses: their search_keys hold one of the ways."""
        column = f"{path}search_keys__contains"
        found = Q(**{column: f" {self.prefix}"}) if self.prefix else Q()
        for keys, _fit in self.ways:
            way = Q()
            for key in keys:
                way &= Q(**{column: f" {key} "})
            found |= way
        return found

    @property
    def needs_holding(self):
        """Whether `driving` says less than `holding`: a way of several keys names only one of them there."""
        return any(len(keys) > 1 for keys, _fit in self.ways)

    def fit(self, name_keys, all_keys):
        """How well a business answers: 1 for the word itself in its name, less elsewhere or otherwise."""
        best = 0.0
        for keys, fit in self.ways:
            if fit <= best:
                continue
            if all(f" {key} " in name_keys for key in keys):
                best = fit
            elif fit * ELSEWHERE > best and all(f" {key} " in all_keys for key in keys):
                best = fit * ELSEWHERE
        if self.prefix and best < BEGUN:
            if f" {self.prefix}" in name_keys:
                best = BEGUN
            elif best < BEGUN * ELSEWHERE and f" {self.prefix}" in all_keys:
                best = BEGUN * ELSEWHERE
        return best


@dataclass
class Reading:
    """A search as it was understood."""

    slots: list
    text: str = ""

    def __bool__(self):
        return bool(self.slots)

    @property
    def rarest(self):
        return min(self.slots, key=lambda slot: slot.count)

    def widened(self):
        """The same search with every word widened to its neighbours, and honorifics left out; or None."""
        slots = [slot for slot in self.slots if not slot.is_honorific] or self.slots
        found = []
        for slot in slots:
            near = [((key,), NEAR) for key, _edits, _count, _shown in slot.near]
            ways = slot.ways + [way for way in near if way not in slot.ways]
            most = max((count for _key, _edits, count, _shown in slot.near), default=0)
            found.append(Slot(slot.words, slot.key, ways, slot.prefix, slot.count + most, slot.near))
        return Reading(found, self.text)

    def with_fewer_words(self):
        """The same without the words nobody bears, then without the commonest, one after the other.

        The rarest stay longest: they say most about what was meant. At most MAX_FEWER readings.
        """
        known = [slot for slot in self.slots if slot.count or slot.near]
        if 0 < len(known) < len(self.slots):
            yield Reading(known, self.text)
        for _more in range(min(MAX_FEWER, len(known) - 1)):
            known.remove(max(known, key=lambda slot: slot.count))
            yield Reading(list(known), self.text)

    def corrected(self):
        """The text with each word put right that nobody bears, or far fewer than its neighbour; or ""."""
        words, changed = [], False
        for slot in self.slots:
            best = next(
                (near for near in slot.near if near[2] > 20 * max(slot.count, 1) or not slot.count), None
            )
            if best and best[2] and best[3] not in slot.words:
                words.append(best[3])
                changed = True
            else:
                words += slot.words
        return " ".join(words) if changed else ""


def read(text):
    """The Reading of a text; false when nothing in it can be looked for. Three queries."""
    words = words_of(text)[:MAX_WORDS] or fold(text).split()[:MAX_WORDS]
    if not words:
        return Reading([], text)
    keys = [sound(word) for word in words]
    joined = {at: keys[at] + keys[at + 1] for at in range(len(keys) - 1)}
    joined |= {at: sound(words[at] + words[at + 1]) for at in joined}
    splits = {key: _splits(word) for word, key in zip(words, keys, strict=True)}
    synonyms = _synonyms(words)
    neighbours = _neighbours([key for key in keys if len(key) >= SHORTEST_WIDENED])
    named = {*keys, *joined.values()}
    named |= {part for pairs in splits.values() for pair in pairs for part in pair}
    named |= {key for ways in synonyms.values() for way in ways for key in way}
    named |= {near for nears in neighbours.values() for near, _edits in nears}
    terms = {
        row[0]: row[1:] for row in Term.objects.filter(key__in=named).values_list("key", "shown", "count")
    }

    slots, at = [], 0
    while at < len(words):
        slot = _slot(words[at], keys[at], splits[keys[at]], synonyms, neighbours, terms)
        together = joined.get(at)
        if _count(terms, together) and len(together) >= 2 * SHORTEST_PART:
            other = _slot(words[at + 1], keys[at + 1], splits[keys[at + 1]], synonyms, neighbours, terms)
            both = tuple(sorted({slot.key, other.key}, key=lambda key: -_count(terms, key)))
            slot = Slot(
                (words[at], words[at + 1]),
                slot.key,
                [(both, SAME), ((together,), MEANT)],
                count=min(slot.count, other.count) + _count(terms, together),
            )
            at += 1
        slots.append(slot)
        at += 1
    return Reading(slots, text)


def _slot(word, key, splits, synonyms, neighbours, terms):
    own = _count(terms, key)
    slot = Slot((word,), key, [((key,), SAME)], key if len(key) >= PREFIX_FROM else "", own)
    for pair in splits:
        if all(_count(terms, part) for part in pair):
            slot.ways.append((tuple(sorted(pair, key=lambda part: -_count(terms, part))), MEANT))
            slot.count += min(_count(terms, part) for part in pair)
    for way in synonyms.get(word, ()):
        slot.ways.append((tuple(sorted(way, key=lambda part: -_count(terms, part))), MEANT))
        slot.count += min(_count(terms, part) for part in way)
    slot.near = sorted(
        (
            (near, edits, _count(terms, near), terms[near][0])
            for near, edits in neighbours.get(key, ())
            if _count(terms, near)
        ),
        key=lambda row: (row[1], -row[2], row[0]),
    )[:MAX_NEAR]
    return slot


def _count(terms, key):
    return terms[key][1] if key in terms else 0


def _splits(word):
    """The ways to part a word into two keys of words: "fotokopi" -> ("foto", "kopi")."""
    ends = range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)
    return [(sound(word[:at]), sound(word[at:])) for at in ends] if len(word) <= 24 else []


def _neighbours(keys):
    """{key: [(key of the vocabulary, edits between them)]} for keys long enough to guess by; one query."""
    numbers = {number for key in keys for number in variants(key)}
    found = {key: [] for key in keys}
    known = Variant.objects.filter(number__in=numbers).values_list("key", flat=True).distinct()
    for near in known:
        for key in keys:
            most = min(edits_allowed(key), edits_allowed(near))
            if near != key and (edits := distance(key, near, most)) <= most:
                found[key].append((near, edits))
    return found


def _synonyms(words):
    """{word: [keys of a synonym, all needed]} from the office's table; one query over a short table."""
    typed, found = {sound(word): word for word in words}, {}
    for (line,) in Synonym.objects.values_list("words"):
        ways = [way for part in line.split(",") if (way := tuple(sound(word) for word in words_of(part)))]
        for way in ways:
            if len(way) == 1 and way[0] in typed:
                others = [other for other in ways if other != way]
                found.setdefault(typed[way[0]], []).extend(others)
    return found
