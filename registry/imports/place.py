"""Which kelurahan a row means. Pure: works on plain lists of regions and aliases.

Five kecamatan of Malang share their name with a kelurahan, offices misspell, and lists hold other cities:
a name is taken when it is official, a known alias, or a slip of the pen with one clear winner (R5).
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from umkm_portal.lib.text import fold

CLOSE = 83
CLEAR = 6  # points ahead of the next best
_PREFIX = re.compile(r"^(?:kelurahan|kel|desa|ds|kl)\b\s*")
_KECAMATAN = re.compile(r"\b(?:kecamatan|kec|kecamtan)\b\s*(.*)$")
_CITY_TAIL = re.compile(r"\b(?:kota|kab|kabupaten)\b.*$")
_IN_ADDRESS = re.compile(r"\b(?:kel|kelurahan|ds|desa)\b[ .:]*([a-z' -]{3,40})", re.IGNORECASE)
_OTHER_CITY = re.compile(
    r"\b(?:kab|kabupaten|kota|regency)\b[ .]*([a-z ]{3,30})|([a-z]{3,20}) regency", re.IGNORECASE
)


@dataclass(frozen=True)
class Found:
    """`code` is None when it stays unplaced; `problem` says why, or what was assumed ("" when plain)."""

    code: str | None
    problem: str = ""  # "", typo, from-address, kecamatan-differs, unknown, ambiguous, other-city, none


class Places:
    """The regions of this city, asked row by row."""

    def __init__(self, regions, aliases=(), city=""):
        """`regions` = [(code, name, kecamatan)], `aliases` = [(alias, code)], `city` as "Kota Malang"."""
        self.names = {code: name for code, name, _kecamatan in regions}
        self.kecamatan_of = {code: _key(kecamatan) for code, _name, kecamatan in regions}
        self._by_name = defaultdict(set)
        for code, name, _kecamatan in regions:
            self._by_name[_key(name)].add(code)
        for alias, code in aliases:
            if code in self.names:
                self._by_name[_key(alias)].add(code)
        self._kecamatan = set(self.kecamatan_of.values())
        self._city = _key(re.sub(r"^(kota|kabupaten|kab)\b", "", fold(city)))
        self._city_is_kota = not fold(city).startswith("kab")
        self.resolve = lru_cache(maxsize=20_000)(self._resolve)

    def _resolve(self, told="", kecamatan="", city="", address=""):
        """The Found for one row's kelurahan, kecamatan and city columns and its address."""
        if city and not self._is_this_city(city):
            return Found(None, "other-city")
        kecamatan_key = self._kecamatan_key(kecamatan)
        if told:
            return self._by_told(told, kecamatan_key, city, kecamatan)
        if kecamatan and kecamatan_key is None:
            return Found(None, "other-city" if self._kecamatan else "none")
        found = self._in_address(address, kecamatan_key) if address else None
        return found or Found(None, "none")

    def lies_in(self, code, kecamatan):
        """Whether a kelurahan lies in the kecamatan that a row names."""
        return self.kecamatan_of.get(code) == self._kecamatan_key(kecamatan)

    def _by_told(self, told, kecamatan_key, city, kecamatan):
        text = fold(told)
        inside = _KECAMATAN.search(text)
        if inside:
            kecamatan_key = self._kecamatan_key(_CITY_TAIL.sub("", inside[1])) or kecamatan_key
            text = text[: inside.start()].strip()
            if not text:
                return Found(None, "unknown")
        stripped = _PREFIX.sub("", _CITY_TAIL.sub("", text)).strip() or text
        key = _key(stripped)
        codes = self._by_name.get(key) or set()
        problem = ""
        if not codes:
            codes = self._near(key, kecamatan_key)
            problem = "typo"
        if not codes:
            return Found(None, "other-city" if kecamatan and kecamatan_key is None else "unknown")
        if len(codes) > 1:
            inside_kecamatan = {code for code in codes if self.kecamatan_of[code] == kecamatan_key}
            if len(inside_kecamatan) != 1:
                return Found(None, "ambiguous")
            codes = inside_kecamatan
        code = next(iter(codes))
        if kecamatan and kecamatan_key is None:
            # The kecamatan is none of ours: a namesake in another city, not a typo.
            return Found(None, "other-city")
        if kecamatan_key and self.kecamatan_of[code] != kecamatan_key:
            return Found(code if not problem else None, "kecamatan-differs" if not problem else "unknown")
        return Found(code, problem)

    def _near(self, key, kecamatan_key):
        """One clear winner by spelling, inside the kecamatan when it is known."""
        if len(key) < 5:
            return set()
        names = {
            name: codes
            for name, codes in self._by_name.items()
            if not kecamatan_key or any(self.kecamatan_of[code] == kecamatan_key for code in codes)
        }
        best = process.extract(key, names.keys(), scorer=fuzz.ratio, limit=6, score_cutoff=CLOSE)
        if not best:
            return set()
        winner = names[best[0][0]]
        for name, score, _index in best[1:]:
            if names[name] != winner and best[0][1] - score < CLEAR:
                return set()
        return winner

    def _kecamatan_key(self, told):
        """The key of one of our kecamatan; None when the words are none of ours; "" when nothing is told."""
        text = re.sub(r"^(kecamatan|kec)\b\s*", "", _CITY_TAIL.sub("", fold(told))).strip()
        if not text or set(text) <= {"-"}:
            return ""
        key = _key(text)
        if key in self._kecamatan:
            return key
        near = process.extractOne(key, self._kecamatan, scorer=fuzz.ratio, score_cutoff=CLOSE)
        return near[0] if near else None

    def _is_this_city(self, told):
        text = fold(told)
        key = _key(re.sub(r"^(kota madya|kotamadya|kota|kabupaten|kab)\b", "", text))
        if not key or not self._city:
            return True
        if text.startswith("kab") and self._city_is_kota:
            return False
        return fuzz.ratio(key, self._city) >= 85

    def _in_address(self, address, kecamatan_key):
        """A kelurahan named in an address: after "Kel.", or alone between commas; never a street."""
        for other in _OTHER_CITY.finditer(address):
            if not self._is_this_city(other[0].split(",")[0].replace(".", " ")):
                return Found(None, "other-city")
        for match in _IN_ADDRESS.finditer(address):
            words = fold(
                re.split(r"\b(?:kec|kecamatan|kota|kab|rt|rw)\b", match[1], flags=re.IGNORECASE)[0]
            ).split()
            for size in range(min(3, len(words)), 0, -1):
                codes = self._by_name.get(_key(" ".join(words[:size])))
                if codes and len(codes) == 1:
                    return self._checked(next(iter(codes)), kecamatan_key)
            codes = self._near(_key(" ".join(words[:2])), kecamatan_key) if words else None
            if codes and len(codes) == 1:
                return self._checked(next(iter(codes)), kecamatan_key)
        found = set()
        for segment in re.split(r"[,;\n]", address)[1:]:
            codes = self._by_name.get(_key(re.sub(r"\b\d{5}\b", "", segment)))
            if codes and len(codes) == 1 and not re.search(r"\bkec", segment, re.IGNORECASE):
                found |= codes
        if len(found) > 1:
            # "…, Lowokwaru, Kota Malang" after the kelurahan is the kecamatan of the same name.
            found = {code for code in found if _key(self.names[code]) not in self._kecamatan} or found
        if len(found) == 1:
            return self._checked(found.pop(), kecamatan_key)
        return None

    def _checked(self, code, kecamatan_key):
        if kecamatan_key and self.kecamatan_of[code] != kecamatan_key:
            return Found(None, "unknown")
        return Found(code, "from-address")


def _key(text):
    return fold(text).replace(" ", "")
