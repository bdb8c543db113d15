"""A city of invented businesses, drawn from a seed: the same seed and size give the same rows anywhere.

`City(total).chunk(n)` makes the rows of one chunk from nothing but the seed and its number, so that chunks
can be made in any order and by several processes. Words follow a Zipf-like law: a few trades, honorifics and
words of luck stand in every fifth name, most personal names and brands in a handful. A million businesses
hold about 100,000 distinct words. Facts only: what is derived is derived by the portal's own functions
(filling.py).
"""

import random
import uuid
from bisect import bisect
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import accumulate

from bench import words
from registry.businesses.choices import ConsentGroup
from registry.regions.models import Region
from registry.sectors.models import Kbli, Subsector

SEED = 20261123
CHUNK = 2000
BASE = date(2026, 11, 1)  # the city's today: every date lies before it, but for licences that still run
CONSENT_TEXT = "2026-11"
GROUPS = ConsentGroup.values
PERSON_NAMES, BRANDS, PLACES = 48_000, 62_000, 900


def listed(text):
    return [part for part in text.replace("\n", "").split("|") if part]


class Lexicon:
    """Words drawn by rank: the n-th as often as 1 / (n + shift) ** steepness."""

    def __init__(self, words, steepness=1.0, shift=3):
        self.words = words
        self.sums = list(accumulate(1 / (n + shift) ** steepness for n in range(len(words))))

    def draw(self, chance):
        return self.words[bisect(self.sums, chance.random() * self.sums[-1])]


class Weighted:
    """Values drawn by weight."""

    def __init__(self, pairs):
        self.values = [value for value, _weight in pairs]
        self.sums = list(accumulate(weight for _value, weight in pairs))

    def draw(self, chance):
        return self.values[bisect(self.sums, chance.random() * self.sums[-1])]


@dataclass(frozen=True)
class Trade:
    subsector: str
    kbli: str
    heads: Lexicon
    tails: list
    activity: str
    products: list  # (name, price in rupiah, unit)


def trades():
    found = []
    for line in words.TRADES.strip().splitlines():
        share, subsector, code, heads, tails, activity, products = line.split("|")
        goods = [p.split(":") for p in products.split(",")]
        trade = Trade(
            subsector, code, Lexicon(heads.split(",")), tails.split(","), activity,
            [(name, int(price), unit) for name, price, unit in goods],
        )  # fmt: skip
        found.append((trade, int(share)))
    return Weighted(found)


@dataclass
class Made:
    """One business as drawn: column values, and the rows of what belongs to it."""

    values: dict
    kelurahan: object
    kbli: object
    subsector: object
    products: list = field(default_factory=list)
    licences: list = field(default_factory=list)
    consents: list = field(default_factory=list)
    owner: dict | None = None


class City:
    """`total` businesses over the kelurahan that are loaded; `seed` decides everything else."""

    def __init__(self, total, seed=SEED):
        self.total, self.seed = total, seed
        chance = random.Random(f"{seed}:city")
        self.trades = trades()
        self.female = self._names(chance, words.FEMALE, words.NAME_ENDS_F)
        self.male = self._names(chance, words.MALE, words.NAME_ENDS_M)
        self.family = Lexicon(words.FAMILY)
        self.brands = Lexicon(self._brands(chance), 0.95, 12)
        self.signs = Lexicon(listed(words.SIGNS), 0.8)
        self.streets = listed(words.STREETS)
        self.hours, self.stories = listed(words.HOURS), listed(words.STORIES)
        regions = Region.objects.kelurahan().select_related("parent").order_by("code")
        self.kelurahan = Weighted([(r, chance.lognormvariate(0, 0.55)) for r in regions])
        self.places = Lexicon(self._places(chance), 0.9, 4)
        self.kbli = {k.code: k for k in Kbli.objects.filter(version=Kbli.Version.V2025)}
        self.subsectors = {s.slug: s for s in Subsector.objects.all()}

    # ---- words -------------------------------------------------------------------------------

    @staticmethod
    def _names(chance, common, ends):
        """Personal names: those everybody knows first, then made ones."""
        made = dict.fromkeys(common)
        while len(made) < PERSON_NAMES // 2:
            middle = "".join(chance.choices(words.NAME_MIDDLES, k=chance.choice((0, 1, 1, 1, 2))))
            made[chance.choice(words.NAME_STARTS) + middle + chance.choice(ends)] = None
        return Lexicon(list(made), 0.98, 8)

    @staticmethod
    def _brands(chance):
        made = {}
        while len(made) < BRANDS:
            middle = "".join(chance.choices(words.BRAND_MIDDLES, k=chance.choice((0, 1, 1, 2))))
            made[chance.choice(words.BRAND_STARTS) + middle + chance.choice(words.BRAND_ENDS)] = None
        return list(made)

    def _places(self, chance):
        made = {r.name: None for r in self.kelurahan.values}
        most = min(PLACES, len(words.PLACE_STARTS) * len(words.PLACE_ENDS) // 2)
        while len(made) < most:
            glue = chance.choice(("", "", " "))
            end = chance.choice(words.PLACE_ENDS)
            made[chance.choice(words.PLACE_STARTS) + glue + (end.title() if glue else end)] = None
        return list(made)

    def sign(self, chance):
        """A shop's own name: a brand of its maker, or words of luck."""
        roll = chance.random()
        if roll < 0.62:
            brand = self.brands.draw(chance)
            return f"{brand} {chance.choice(words.SECOND)}" if roll < 0.08 else brand
        sign = self.signs.draw(chance)
        return f"{sign} {chance.choice(words.SECOND)}" if roll < 0.86 else sign

    def name(self, chance, trade, called, first):
        """What stands over the door."""
        head = trade.heads.draw(chance)
        for word in head.split():
            if word in words.SPELLINGS and chance.random() < 0.12:
                head = head.replace(word, chance.choice(words.SPELLINGS[word]))
        tail = chance.choice(trade.tails)
        roll = chance.random()
        if roll < 0.27:
            text = f"{head} {called}"
        elif roll < 0.36:
            text = f"{head} {tail} {called}"
        elif roll < 0.58:
            text = f"{head} {self.sign(chance)}"
        elif roll < 0.68:
            text = f"{head} {tail} {self.sign(chance)}"
        elif roll < 0.76:
            text = f"{self.sign(chance)} {head}"
        elif roll < 0.82:
            text = f"{head} {first}"
        elif roll < 0.88:
            text = f"{head} {self.places.draw(chance)}"
        elif roll < 0.92:
            text = f"{head} {tail} {self.places.draw(chance)}"
        elif roll < 0.96:
            text = f"{head} {self.sign(chance)} {called}"
        elif roll < 0.985:
            text = f"{head} {tail}"
        else:
            text = head
        roll = chance.random()
        if roll < 0.012:
            text = slip(chance, text)
        return text.upper() if roll > 0.95 else text.lower() if roll > 0.925 else text

    # ---- rows --------------------------------------------------------------------------------

    def numbers(self):
        return range(-(-self.total // CHUNK))

    def chunk(self, number):
        """The businesses of chunk `number`, ids counted from 1 over the whole city."""
        chance = random.Random(f"{self.seed}:{number}")
        first = number * CHUNK + 1
        return [self.business(chance, pk) for pk in range(first, min(first + CHUNK, self.total + 1))]

    def business(self, chance, pk):
        draw = chance.random
        trade = self.trades.draw(chance)
        kelurahan = self.kelurahan.draw(chance) if draw() > 0.004 else None
        female = draw() < 0.62
        first = (self.female if female else self.male).draw(chance)
        honorific = chance.choice(words.HONORIFICS_F if female else words.HONORIFICS_M)
        days = int(draw() ** 1.5 * 900)
        recorded = datetime.combine(BASE - timedelta(days=days), time(1), UTC) + timedelta(
            seconds=int(draw() * 28_800)
        )
        changed = recorded + timedelta(days=int(draw() * days)) if draw() < 0.4 else recorded
        confirmed = changed.date() if draw() < 0.55 else None
        seen = confirmed is not None and draw() < 0.35
        micro = draw() < 0.94
        scale = ("micro" if micro else "small" if draw() < 0.85 else "medium") if draw() < 0.85 else ""
        turnover = int(draw() * 280) * 100_000 if draw() < 0.4 else None
        values = {
            "id": pk,
            "uuid": uuid.UUID(int=chance.getrandbits(128), version=4),
            "name": self.name(chance, trade, f"{honorific} {first}", first),
            "activity": trade.activity if draw() < 0.9 else "",
            "description": chance.choice(self.stories) if draw() < 0.12 else "",
            "legal_form": "perorangan" if draw() < 0.5 else "",
            "rt": int(draw() * 12) + 1,
            "rw": int(draw() * 18) + 1,
            "address": f"Jl. {chance.choice(self.streets)} No. {int(draw() * 180) + 1}"
            if draw() < 0.85
            else "",
            "place_kind": ("rumah", "rumah", "kios", "stan_pasar", "pkl", "keliling", "")[int(draw() * 7)],
            # 0800 is nobody's mobile phone.
            "phone": f"62800{pk % 10_000_000:07d}" if draw() < 0.82 else "",
            "phone_of": "owner",
            "opening_hours": chance.choice(self.hours) if draw() < 0.4 else "",
            "sector_told": "Makanan dan minuman"
            if draw() < 0.2 and trade.subsector == "kuliner"
            else "",
            "founded_year": 1996 + int(draw() ** 0.5 * 30) if draw() < 0.7 else None,
            "workers": (int(draw() ** 3 * 5) + 1 if micro else int(draw() * 20) + 6)
            if draw() < 0.8
            else None,
            "capital_idr": (int(draw() * 180) + 2) * (500_000 if micro else 20_000_000)
            if draw() < 0.6
            else None,
            "turnover_idr": turnover,
            "turnover_answer": "exact" if turnover is not None else "",
            "turnover_period": "month" if turnover is not None else "",
            "scale": scale,
            "scale_basis": chance.choice(("capital", "capital", "sales", "statement", "estimate"))
            if scale
            else "",
            "operating_state": self.state(draw()),
            "public_opt_out": draw() < 0.006,
            "last_confirmed_on": confirmed,
            "existence_verified_at": changed if seen else None,
            "existence_verified_how": "visit" if seen else "",
            "recorded_at": recorded,
            "changed_at": changed,
        }  # fmt: skip
        if values["operating_state"] == "seasonal":
            values["season_months"] = [1, 6, 7, 12]
        if kelurahan is not None and kelurahan.latitude is not None and draw() < 0.35:
            values["latitude"] = _near(kelurahan.latitude, draw())
            values["longitude"] = _near(kelurahan.longitude, draw())
        made = Made(
            values,
            kelurahan,
            self.kbli.get(trade.kbli) if draw() < 0.62 else None,
            self.subsectors.get(trade.subsector) if trade.subsector and draw() < 0.9 else None,
        )
        self._belongings(chance, made, trade, female, first, pk)
        return made

    @staticmethod
    def state(roll):
        if roll < 0.925:
            return "active"
        if roll < 0.955:
            return "temporary"
        if roll < 0.97:
            return "seasonal"
        return "closed" if roll < 0.99 else "reported_closed"

    def _belongings(self, chance, made, trade, female, first, pk):
        draw = chance.random
        count = (0, 1, 1, 1, 2, 2, 3)[int(draw() * 7)]
        for name, price, unit in chance.sample(trade.products, min(count, len(trade.products))):
            made.products.append({"name": name, "price_idr": int(price * (0.8 + draw() * 0.5)) // 100 * 100,
                                  "unit": unit, "uuid": self._uuid(chance)})  # fmt: skip
        food = trade.subsector == "kuliner"
        for kind, share in (("nib", 0.34), ("pirt", 0.22 * food), ("halal", 0.28 * food)):
            roll = draw()
            if roll < share:
                made.licences.append({"kind": kind, "status": "has", "number": _number(kind, pk, draw()),
                                      "expires_on": None if kind == "nib" else BASE + timedelta(
                                          days=int(draw() * 1800) - 300),
                                      "uuid": self._uuid(chance)})  # fmt: skip
            elif share and roll > 0.9:
                made.licences.append({"kind": kind, "status": "none", "number": "", "expires_on": None,
                                      "uuid": self._uuid(chance)})  # fmt: skip
        asked = draw()
        if asked > 0.5:  # one in three was not asked, some said no
            for group, share in zip(GROUPS, (0.5, 0.85, 0.55, 0.8, 0.4), strict=True):
                if draw() < share:
                    made.consents.append({"group": group, "given_on": made.values["recorded_at"].date(),
                                          "uuid": self._uuid(chance)})  # fmt: skip
        if draw() < 0.3:
            made.owner = {"name": f"{first} {self.family.draw(chance)}", "sex": "P" if female else "L",
                          "uuid": self._uuid(chance)}  # fmt: skip

    @staticmethod
    def _uuid(chance):
        return uuid.UUID(int=chance.getrandbits(128), version=4)


def _near(degrees, roll):
    return degrees + Decimal(round((roll - 0.5) * 8000)) / 1_000_000


def _number(kind, pk, roll):
    if kind == "nib":
        return f"9{pk:07d}{int(roll * 99_999):05d}"
    return f"2{pk:08d}{int(roll * 9999):04d}27" if kind == "pirt" else f"ID3599{pk:07d}{int(roll * 9999):04d}"


def slip(chance, text):
    """`text` with one letter of one longer word mistyped: added, dropped, replaced or swapped."""
    parts = text.split(" ")
    long = [n for n, part in enumerate(parts) if len(part) >= 5 and part.isascii() and part.isalpha()]
    if not long:
        return text
    at = chance.choice(long)
    parts[at] = mistyped(chance, parts[at])
    return " ".join(parts)


def mistyped(chance, word, how=None):
    """One word with one mistake, different from the word: insert, drop, replace or swap of neighbours."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    how = how or chance.choice(("insert", "drop", "replace", "swap"))
    for _attempt in range(20):
        at = chance.randrange(len(word))
        other = chance.choice(letters)
        if how == "insert":
            new = word[:at] + other + word[at:]
        elif how == "drop":
            new = word[:at] + word[at + 1 :]
        elif how == "replace":
            new = word[:at] + other + word[at + 1 :]
        else:
            new = word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
        if new.lower() != word.lower():
            return new
    return word
