"""Searches whose answer is known, asked of the directory's own list; see quality.py.

What is right: the business whose name the search was made from, or one whose name sounds the same ("Keripik
Bu Sri" and "Kripik Ibu Sri" cannot be told apart by who types them). Names that more than SAME_SOUNDING
businesses share are not asked for: no order among them is the right one.
"""
# ruff: noqa: E402  (models can be imported once Django is set up)

import logging
import random
import statistics
from collections import Counter
from contextlib import contextmanager

import django

django.setup()

from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.utils.http import urlencode

from bench.city import mistyped
from registry.businesses.models import Business
from registry.directory.listing import Listing
from registry.search import reading
from registry.search.models import Term
from registry.search.sound import is_honorific, sound, words_of
from umkm_portal.lib.text import fold

MISTAKES, CORRECT, PER_COMMON, PER_PAIR = 200, 200, 5, 12
SAME_SOUNDING = 3
FIRST_PAGE, TEN = 20, 10
# (what is typed, what stands in names): found on the first page, both ways.
PAIRS = (
    ("krupuk", "kerupuk"), ("kripik", "keripik"), ("catering", "katering"), ("ketring", "katering"),
    ("klontong", "kelontong"), ("foto copy", "fotokopi"), ("fotocopy", "fotokopi"), ("ibu", "bu"),
    ("bapak", "pak"), ("pk", "pak"), ("bp", "pak"), ("mba", "mbak"), ("mb", "mbak"), ("waroeng", "warung"),
    ("roedjak", "rujak"), ("wedangan", "angkringan"), ("hik", "angkringan"), ("loundry", "laundry"),
)  # fmt: skip
OLD_SPELLINGS = (("u", "oe"), ("j", "dj"), ("c", "tj"), ("y", "j"))


def ask(text):
    """The Listing of the directory for a text."""
    request = RequestFactory().get(f"/direktori/?{urlencode({'q': text})}")
    request.user, request.session, request.htmx = AnonymousUser(), {}, False
    return Listing(request)


def found(text, most=FIRST_PAGE):
    """Slugs of the first page."""
    return [row.slug for row in ask(text).page.rows[:most]]


@contextmanager
def without_widening():
    """Search as it would be did it not know neighbours."""
    neighbours, reading._neighbours = reading._neighbours, lambda keys: {key: [] for key in keys}
    try:
        yield
    finally:
        reading._neighbours = neighbours


class Town:
    """The public businesses by the sound of their names."""

    def __init__(self, seed):
        self.chance = random.Random(f"{seed}:quality")
        rows = list(Business.objects.public().order_by("pk").values_list("slug", "name", "search_keys"))
        self.sounds = {slug: sound_of(name) for slug, name, _keys in rows}
        self.names = {slug: name for slug, name, _keys in rows}
        self.keys = {slug: keys for slug, _name, keys in rows}
        share = Counter(self.sounds.values())
        self.few = [slug for slug, _n, _k in rows if share[self.sounds[slug]] <= SAME_SOUNDING]
        self.by_word = {}
        for slug, name, _keys in rows:
            for word in set(fold(name).split()):
                self.by_word.setdefault(word, []).append(slug)

    def rank(self, slug, text):
        """Where on the first page the business, or one that sounds the same, stands; 0 when it does not."""
        meant = self.sounds[slug]
        for place, other in enumerate(found(text), start=1):
            if self.sounds[other] == meant:
                return place
        return 0


def sound_of(name):
    return tuple(sorted({sound(word) for word in words_of(name)}))


def mistakes(town):
    """[(kind of mistake, text, slug, rank)]."""
    results = []
    slugs = town.chance.sample(town.few, min(len(town.few), MISTAKES * 4))
    kinds = ("insert", "drop", "replace", "swap")
    for slug in slugs:
        words = fold(town.names[slug]).split()
        long = [n for n, word in enumerate(words) if len(word) >= 4 and not word.isdigit()]
        if not long or len(results) == MISTAKES:
            continue
        kind, at = kinds[len(results) % 4], town.chance.choice(long)
        words[at] = mistyped(town.chance, words[at], kind)
        text = " ".join(words)
        results.append((kind, text, slug, town.rank(slug, text)))
    return results


def precision(town, texts):
    """Mean share of the first ten that hold every word of the text by sound, honorifics aside."""
    shares = []
    for text in texts:
        keys = [sound(word) for word in words_of(text)]
        first = found(text, TEN)
        right = [slug for slug in first if all(f" {key}" in town.keys[slug] for key in keys)]
        shares.append(len(right) / len(first) if first else 0)
    return statistics.mean(shares)


def correct_texts(town):
    """Two words of a name, well spelled."""
    texts = []
    for slug in town.chance.sample(town.few, min(len(town.few), CORRECT * 4)):
        words = [w for w in words_of(town.names[slug]) if len(w) > 3 and not is_honorific(w)]
        if len(words) >= 2 and len(texts) < CORRECT:
            texts.append(" ".join(town.chance.sample(words, 2)))
    return texts


def drowned(town):
    """[(text, whether the first ones found bear the rare word)] for the twenty commonest words, each beside
    rare words: those it stands beside in a name, and those it stands beside nowhere."""
    common = list(Term.objects.order_by("-count").values_list("shown", "key")[:20])
    rare = [
        (word, slugs) for word, slugs in sorted(town.by_word.items())
        if len(slugs) <= 2 and len(word) >= 6 and word.isalpha()
    ]  # fmt: skip
    results = {"together": [], "apart": []}
    for word, key in common:
        together = [(w, s) for w, s in rare if any(f" {key} " in town.keys[slug] for slug in s)]
        for kind, choices in (("together", together), ("apart", rare)):
            for other, slugs in town.chance.sample(choices, min(PER_COMMON, len(choices))):
                holders = [s for s in slugs if kind == "apart" or f" {key} " in town.keys[s]]
                first = found(f"{word} {other}")[: len(holders)]
                sounded = sound(other)
                right = bool(first) and all(f" {sounded} " in town.keys[slug] for slug in first)
                results[kind].append((f"{word} {other}", right))
    return results


def pairs(town):
    """{pair: [(text, slug, rank)]}: names with one word written the other way, both ways where both occur."""
    results = {}
    few = set(town.few)
    for typed, meant in PAIRS:
        rows = []
        for one, other in ((typed, meant), (meant, typed)):
            slugs = [s for s in town.by_word.get(other.split()[0], ()) if s in few and
                     f" {other} " in f" {fold(town.names[s])} "]  # fmt: skip
            for slug in town.chance.sample(slugs, min(PER_PAIR // 2, len(slugs))):
                text = f" {fold(town.names[slug])} ".replace(f" {other} ", f" {one} ").strip()
                rows.append((text, slug, town.rank(slug, text)))
        results[f"{typed} / {meant}"] = rows
    results["old spelling"] = spelled(town, _old)
    results["words in another order"] = spelled(town, lambda words: words[::-1])
    results["words written together"] = spelled(town, lambda w: [w[0] + w[1], *w[2:]] if len(w) > 2 else None)
    results["product and kelurahan"] = products(town)
    return results


def _old(words):
    for at, word in enumerate(words):
        for new, old in OLD_SPELLINGS[:3]:
            if new in word and len(word) > 4 and old not in word and "au" not in word and "ou" not in word:
                return [*words[:at], word.replace(new, old), *words[at + 1 :]]
    return None


def spelled(town, change):
    rows = []
    for slug in town.chance.sample(town.few, min(len(town.few), PER_PAIR * 10)):
        words = fold(town.names[slug]).split()
        new = change(words) if len(words) > 1 else None
        if new and new != words and len(rows) < PER_PAIR:
            text = " ".join(new)
            rows.append((text, slug, town.rank(slug, text)))
    return rows


def products(town):
    """A product and the kelurahan: everything on the first page sells it there."""
    rows = []
    some = (
        Business.objects.public().filter(products__isnull=False).select_related("kelurahan").order_by("uuid")
    )
    for business in some[:PER_PAIR]:
        product = fold(business.products.order_by("pk").first().name)
        text = f"{product} {fold(business.kelurahan.name)}"
        keys = [sound(word) for word in words_of(text)]
        first = found(text)
        right = first and all(all(f" {key}" in town.keys[slug] for key in keys) for slug in first)
        rows.append((text, business.slug, 1 if right else 0))
    return rows


def share(part, whole):
    return f"{part}/{whole} = {100 * part / whole:.1f} %" if whole else "none"


def measure(seed, show=False):
    """Ask everything, print it, return how many bars were missed."""
    logging.disable(logging.WARNING)
    town, bars = Town(seed), []
    print(f"{len(town.names):,} public businesses, {len(town.few):,} of them with a name that at most"
          f" {SAME_SOUNDING} share; {Term.objects.count():,} words in the vocabulary")  # fmt: skip

    results = mistakes(town)
    ranks = [rank or FIRST_PAGE + 1 for _kind, _text, _slug, rank in results]
    on_page = sum(1 for row in results if row[3])
    print(f"\n{len(results)} names with one letter wrong")
    for kind in ("insert", "drop", "replace", "swap"):
        of_kind = [rank for k, _t, _s, rank in results if k == kind]
        print(f"  {kind:8} on the first page {share(sum(map(bool, of_kind)), len(of_kind))}")
    print(f"  median rank {statistics.median(ranks)}, first {share(ranks.count(1), len(ranks))}")
    bars += [
        ("median rank of a misspelled name", statistics.median(ranks), "<= 3", statistics.median(ranks) <= 3),
        ("misspelled names on the first page", share(on_page, len(results)), ">= 95 %",
         on_page >= 0.95 * len(results)),
    ]  # fmt: skip
    failed = [f"{text}   meant {town.names[slug]}" for _k, text, slug, rank in results if not rank]

    texts = correct_texts(town)
    wide = precision(town, texts)
    with without_widening():
        narrow = precision(town, texts)
    print(f"\n{len(texts)} searches of two well spelled words: precision of the first ten {wide:.3f},"
          f" without widening {narrow:.3f}")  # fmt: skip
    bars.append(
        ("precision with widening", f"{wide:.3f}", f">= {narrow:.3f}", round(wide, 3) >= round(narrow, 3))
    )

    print("\nA common word beside a rare one: the rare one's businesses come first")
    for kind, rows in drowned(town).items():
        right = sum(good for _text, good in rows)
        print(f"  {kind:9} {share(right, len(rows))}")
        bars.append((f"rare words not drowned, {kind}", share(right, len(rows)), "all", right == len(rows)))
        failed += [f"{text}   (a common word and a rare one, {kind})" for text, good in rows if not good]

    print("\nWritten another way: the business on the first page (its rank at the median)")
    all_rows = []
    for name, rows in pairs(town).items():
        right = [rank for _t, _s, rank in rows if rank]
        median = statistics.median(right) if right else "-"
        print(f"  {name:26} {share(len(right), len(rows)):20} {median}")
        all_rows += rows
        failed += [f"{text}   meant {town.names[slug]} ({name})" for text, slug, rank in rows if not rank]
    right = sum(1 for _t, _s, rank in all_rows if rank)
    bars.append(("other spellings on the first page", share(right, len(all_rows)), ">= 95 %",
                 right >= 0.95 * len(all_rows)))  # fmt: skip

    if show and failed:
        print("\nNot found:", *failed, sep="\n  ")
    print()
    for what, value, bar, holds in bars:
        print(f"{'pass' if holds else 'MISS':5} {what:42} {value!s:>20}   {bar}")
    return sum(1 for bar in bars if not bar[3])
