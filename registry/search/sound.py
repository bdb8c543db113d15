"""How a word sounds to somebody who writes it down: the key that spellings of one word share. Pure.

The rules are of Indonesian as people type it (issue "The face", point 2; tried on real lists): honorifics to
one form; old spellings oe, dj, tj; ph and v as f; y as i; c as k; ou and au as o; doubled letters once; the
weak e before l and r dropped. So krupuk and kerupuk, catering and katering, klontong and kelontong share a
key. What they do not bring together (ketring, Kajoetangan) is one edit away, and `within` finds it.
"""

import re
import zlib
from functools import lru_cache

from rapidfuzz.distance import OSA

from umkm_portal.lib.text import fold

MAX_KEY = 40
LONG = 8  # keys this long are compared with two edits, shorter ones with one
SHORTEST_WIDENED = 4  # a shorter key has too many neighbours to guess by
HONORIFICS = {
    **dict.fromkeys(("bu", "ibu", "ib"), "bu"),
    **dict.fromkeys(("pak", "bapak", "pk", "bp", "bpk"), "pak"),
    **dict.fromkeys(("mbak", "mba", "mb"), "mbak"),
    **dict.fromkeys(("haji", "h", "hj", "hajah", "hajjah"), "haji"),
    **dict.fromkeys(("mas", "cak", "ning", "mbah", "bunda", "abah", "neng"), ""),  # a key of their own
}
# Words that say nothing about a business: never looked for, never kept.
SILENT = frozenset(
    "and atau dan dari dengan di dll dsb ke of serta the untuk yang ytdl".split()  # noqa: SIM905
)

_APOSTROPHE = re.compile(r"(?<=\w)['’‘`ʼ](?=\w)")
_DOUBLED = re.compile(r"([a-z])\1+")
_WEAK_E = re.compile(r"(?<=[a-z])e(?=[lr])")
_SPELLINGS = (
    ("oe", "u"),
    ("dj", "j"),
    ("tj", "c"),
    ("ph", "f"),
    ("v", "f"),
    ("y", "i"),
    ("c", "k"),
    ("ou", "o"),
    ("au", "o"),
)


@lru_cache(maxsize=200_000)
def sound(word):
    """The key of one folded word (lower-case ASCII letters and digits): "kerupuk" -> "krupuk"."""
    if word in HONORIFICS:
        return HONORIFICS[word] or word
    key = word
    for old, new in _SPELLINGS:
        if old in key:
            key = key.replace(old, new)
    key = _DOUBLED.sub(r"\1", key)
    return _WEAK_E.sub("", key)[:MAX_KEY]


def words_of(text):
    """The folded words of a text that mean something, in their order, each once; "Ma'ruf" is one word."""
    plain = _APOSTROPHE.sub("", str(text))
    return list(dict.fromkeys(word for word in fold(plain).split() if word not in SILENT))


def is_honorific(word):
    return word in HONORIFICS


def edits_allowed(key):
    """How many edits `key` may be away from a word somebody meant: 0, 1 or 2."""
    return 0 if len(key) < SHORTEST_WIDENED else 1 if len(key) < LONG else 2


def distance(one, other, most):
    """Edits between two keys (insert, drop, replace, swap neighbours); `most` + 1 where there are more."""
    return OSA.distance(one, other, score_cutoff=most)


def variants(key, edits=None):
    """Numbers of `key` with up to `edits` letters dropped: two keys near each other share at least one.

    Numbers, not texts: the table stays small, and a chance meeting of two is told apart by `distance`.
    """
    edits = edits_allowed(key) if edits is None else edits
    found, layer = {key}, {key}
    for _round in range(edits):
        layer = {word[:at] + word[at + 1 :] for word in layer for at in range(len(word))}
        found |= layer
    return {zlib.crc32(word.encode()) - 2**31 for word in found}
