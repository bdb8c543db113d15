"""Finding businesses by what somebody typed: a ladder from the words as written to what may be meant.

1. Every word as it stands: its spellings, synonyms and beginnings. Whoever spells right gets nothing else.
2. Nothing found: every word may be its neighbour, honorifics need not be there. Where each word is one that
   somebody bears, those few that bear the rarest come first: it may be meant as it stands.
3. Still nothing: words nobody bears are left out, then the commonest; the page says which.
A text has one meaning, whatever filters stand beside it: the ladder is climbed over all public businesses.
"""

from dataclasses import dataclass, field

from django.db.models import Q
from rapidfuzz import fuzz

from registry.search.models import Posting, Weight
from registry.search.reading import MAX_WORDS, Reading, read
from registry.search.sound import words_of
from umkm_portal.lib.prepared import rows_of_all
from umkm_portal.lib.text import clean_line, fold

FEW = 5  # businesses that may stand before what a widened search found
MOST = 1000  # businesses that a search compares and counts one by one


def condition(found):
    """Q on public businesses that a Found stands for: those found, or where they are many, by their keys.

    Many are dense: whoever reads them in an order passes over few others.
    """
    if not found.is_capped:
        return Q(pk__in=[hit.pk for hit in found.hits])
    every = Q()
    for slot in found.reading.slots:
        every &= slot.holding()
    return every | Q(pk__in=[hit.pk for hit in found.before]) if found.before else every


def condition_or(reading, also):
    """As `condition`, but each word as typed may instead be found by `also(word)`, a Q on other columns."""
    found = Q()
    for word in clean_line(reading.text).split()[:MAX_WORDS]:
        parts = set(words_of(word))
        slots = [slot for slot in reading.slots if parts & set(slot.words)]
        if slots:
            here = Q()
            for slot in slots:
                here &= _answers(slot)
            found &= here | also(word)
    return found


def _answers(slot):
    here = Q(pk__in=Posting.objects.filter(slot.driving()).values("business_id"))
    return here & slot.holding() if slot.needs_holding else here


@dataclass(frozen=True)
class Hit:
    """A business found: its row id, what it is counted by, and what ranks it."""

    pk: int
    facet_key: str
    name: str
    keys: str


@dataclass
class Found:
    """What a text found among public businesses: `hits`, best first; `is_capped` when there are more."""

    reading: Reading
    hits: list = field(default_factory=list)
    is_capped: bool = False
    corrected: str = ""  # the text put right, when it was widened or when few bear what was typed
    is_widened: bool = False
    before: list = field(default_factory=list)  # hits that stand first whatever the rest says
    left_out: tuple = ()  # words that nobody bears, or nobody together with the others


def hits_of(reading, among=None, most=None):
    """([Hit], whether there are more) of all public businesses, or of the queryset `among`, unranked.

    One query. Those that bear the rarest word in their name come first, so that a cap cuts off the others.
    """
    hits, more, _few = _hits(reading, among, most)
    return hits, more


def _hits(reading, among=None, most=None, rare=None):
    """As `hits_of`, and up to FEW hits of the Reading `rare`, in the same query."""
    most = MOST if most is None else most
    limit = most + most // 2 + 1  # a business stands there once for every key it bears
    rows = _postings(reading, among)
    parts = [rows.filter(weight=Weight.NAME)[:limit], rows[:limit]]
    if rare is not None:
        parts.append(_postings(rare, among)[: FEW * 4])
    lines = rows_of_all(parts)
    named, every, *few = [{row[0]: Hit(*row) for row in found} for found in lines]
    hits = list((named | every).values())
    more = max(len(found) for found in lines[:2]) >= limit or len(hits) > most
    return hits[:most], more, [hit for found in few for hit in found.values()][:FEW]


def _postings(reading, among):
    """values_list of a Hit's columns: the postings that a Reading leads to."""
    rarest = reading.rarest
    rows = Posting.objects.filter(rarest.driving())
    # A facet key is what a public business has; `facts_of` asks once more before anything is shown.
    rows = rows.filter(business__facet_key__gt="") if among is None else rows.filter(business__in=among)
    for slot in reading.slots:
        if slot is not rarest or slot.needs_holding:
            rows = rows.filter(slot.holding("business__"))
    columns = ("business_id", "business__facet_key", "business__name", "business__search_keys")
    return rows.order_by().values_list(*columns)


def ranked(hits, reading):
    """The hits, best first: how well each word is answered, in the name before elsewhere; then spelling."""
    words = [word for slot in reading.slots for word in slot.words]
    text = " ".join(words)

    def place(hit):
        name_keys = hit.keys.partition(";")[0]
        fit = sum(slot.fit(name_keys, hit.keys) for slot in reading.slots)
        name = fold(hit.name)
        spelled = sum(f" {word} " in f" {name} " for word in words)
        return (-round(fit, 2), -spelled, -fuzz.token_sort_ratio(text, name), hit.name, hit.pk)

    return sorted(hits, key=place)


def search(text):
    """The Found of a text among all public businesses, its hits ranked."""
    found = _found(text)
    before = {hit.pk for hit in found.before}
    hits = ranked([hit for hit in found.hits if hit.pk not in before], found.reading)
    found.hits = ranked(found.before, found.reading) + hits
    return found


def _found(text):
    """As `search`, with the hits as they came and those of `before` apart."""
    first = read(text)
    if not first:
        return Found(first)
    hits, more = hits_of(first)
    if hits:
        few = not more and len(hits) <= 5
        return Found(first, hits, more, corrected=first.corrected() if few else "")
    wide = first.widened()
    hits, more, before = _hits(wide, rare=_rarest_meant(first))
    if hits:
        return Found(wide, hits, more, corrected=first.corrected(), is_widened=True, before=before)
    for fewer in wide.with_fewer_words():
        hits, more = hits_of(fewer)
        if hits:
            kept = {word for slot in fewer.slots for word in slot.words}
            dropped = tuple(word for slot in first.slots for word in slot.words if word not in kept)
            return Found(fewer, hits, more, corrected=fewer.corrected(), is_widened=True, left_out=dropped)
    return Found(first)


def _rarest_meant(reading):
    """A Reading of the rarest word alone, when each word is one that somebody bears and few bear this one."""
    rarest = reading.rarest
    if len(reading.slots) < 2 or not all(slot.count for slot in reading.slots) or rarest.count > FEW:
        return None
    return Reading([rarest], reading.text)
