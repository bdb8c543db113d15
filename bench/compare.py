"""Measuring one filled database (DATABASE_URL) in process: `python -m bench.compare [--json FILE]`.

Every answer goes through Django's test client and the portal's whole middleware; the plain SQL and the floor
take turns with it. Only ratios of one run mean anything: absolute times are this machine's today.
"""
# ruff: noqa: E402  (models can be imported once Django is set up)

import argparse
import json
import logging
import os
import random
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
django.setup()

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test import Client, RequestFactory, override_settings

from bench import floor, measure
from bench.city import mistyped
from bench.floor import CARD, CARD_PARTS, WHOLE, WHOLE_PARTS, Question
from bench.measure import Way
from registry.businesses.models import Business
from registry.directory import points
from registry.directory.listing import Listing
from registry.regions.models import Region
from registry.search import facets
from registry.search.sound import is_honorific, sound, words_of
from registry.sectors.models import Subsector
from umkm_portal.lib.paging import encode_cursor

PAIRS = 12  # two-word searches measured, and as many with a mistake
SEED = 4
CARDS, LISTED = 20, 50


class Asking:
    """The portal through its test client, and the floor through its own with Django's default middleware."""

    def __init__(self):
        self.client = Client()
        with override_settings(MIDDLEWARE=floor.MIDDLEWARE):
            self.bare = Client()
            self.bare.handler.load_middleware()

    def get(self, url, **headers):
        response = self.client.get(url, headers=headers)
        if response.status_code not in (200, 304):
            raise SystemExit(f"{url} answered {response.status_code}")
        return response

    def floor(self, name):
        response = self.bare.get(f"/dasar/{name}/")
        if response.status_code != 200:
            raise SystemExit(f"the floor {name} answered {response.status_code}")
        return response


asking = Asking()


class Case:
    """One line of the table: addresses of the portal and, for each, the plain SQL for what it shows."""

    def __init__(self, name, urls, questions):
        self.name, self.urls = name, urls
        self.floors = []
        for number, question in enumerate(questions):
            key = f"{''.join(c if c.isalnum() else '-' for c in name)}-{number}"
            floor.ASKED[key] = question
            self.floors.append((key, question))

    @staticmethod
    def _plain(question):
        return question.rows() if isinstance(question, Question) else question()

    def run(self, runs):
        """{"cold", "cache", "304", "sql", "floor"}: [Way per address], and queries and sizes."""
        cold = [Way("cold", partial(asking.get, url), measure.forget) for url in self.urls]
        sql = [Way("sql", partial(self._plain, question)) for _key, question in self.floors]
        bare = [Way("floor", partial(asking.floor, key)) for key, _question in self.floors]
        measure.in_turns([*cold, *sql, *bare], runs)
        answers = [asking.get(url) for url in self.urls]
        kept = [Way("cache", partial(asking.get, url)) for url in self.urls]
        measure.in_turns(kept, runs)
        tags = [answer.headers.get("ETag", "") for answer in answers]
        same = [
            Way("304", partial(asking.get, url, **{"If-None-Match": tag}))
            for url, tag in zip(self.urls, tags, strict=True)
            if tag and asking.get(url, **{"If-None-Match": tag}).status_code == 304
        ]
        if same:
            measure.in_turns(same, runs)
        measure.forget()
        counted = [self._counted(url) for url in self.urls]
        sizes = [measure.sizes(answer) for answer in answers]
        return {
            "name": self.name,
            "ways": {
                name: self._told(ways)
                for name, ways in (
                    ("cold", cold),
                    ("cache", kept),
                    ("304", same),
                    ("sql", sql),
                    ("floor", bare),
                )
                if ways
            },
            "queries": max(cold for cold, _warm in counted),
            "queries_kept": max(warm for _cold, warm in counted),
            "bytes": round(sum(size for size, _gz in sizes) / len(sizes)),
            "gzip": round(sum(gz for _size, gz in sizes) / len(sizes)),
        }

    @staticmethod
    def _counted(url):
        asking.get(url)  # what a process reads once in its life is no part of an answer
        measure.forget()
        return measure.queries(partial(asking.get, url)), measure.queries(partial(asking.get, url))

    @staticmethod
    def _told(ways):
        """Mean over the addresses of each one's median, and each."""
        return {
            "ms": 1000 * sum(way.median for way in ways) / len(ways),
            "cpu": 1000 * sum(way.cpu_median for way in ways) / len(ways),
            "each": [1000 * way.median for way in ways],
        }


# ---- what is asked -------------------------------------------------------------------------------


class World:
    """Rows of the filled city that the questions are about; the same for the same city."""

    def __init__(self):
        self.chance = random.Random(SEED)
        self.public = Business.objects.public()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM registry_business b WHERE {floor.PUBLIC}")
            self.count = cursor.fetchone()[0]
        self.kecamatan = Region.objects.kecamatan().order_by("code").first()
        self.subsector = Subsector.objects.get(slug="kuliner")
        middle = self.public.order_by("name", "pk").values_list("name", "pk")[self.count // 2]
        self.after = encode_cursor(*middle)
        self.middle = middle
        ids = self.chance.sample(range(1, Business.objects.count() + 1), 400)
        self.some = list(self.public.filter(pk__in=ids).order_by("pk"))
        self.chance.shuffle(self.some)

    def pairs(self):
        """Two words that stand in one name: half of them two of the commonest, half as names have them."""
        found = [("keripik", "tempe"), ("warung", "nasi"), ("toko", "kelontong"), ("kue", "basah")]
        for business in self.some:
            words = [w for w in words_of(business.name) if len(w) > 4 and not is_honorific(w)]
            if len(words) >= 2 and len(found) < PAIRS:
                found.append((words[0], words[-1]))
        return found

    def mistaken(self, pair):
        """The pair with a letter wrong in its longer word."""
        longer = max(pair, key=len)
        return [mistyped(self.chance, word) if word == longer else word for word in pair]


def search_sql(pair):
    """The rows of a two-word search through the index of postings, as one would write it by hand.

    SQLite joins by loops alone and would read the one word's postings anew for each of the other's: a table
    of its own, told to come second, gets an index for the statement.
    """
    first, second = (sound(word) for word in pair)
    postings = "(SELECT business_id, weight FROM registry_posting WHERE key = %s{})"
    join, once = ("CROSS JOIN", " LIMIT -1") if connection.vendor == "sqlite" else ("JOIN", "")
    both = f"{postings.format('')} p1 {join} {postings.format(once)} p2 ON p2.business_id = p1.business_id"
    return Question(
        CARD,
        CARD_PARTS,
        CARDS,
        params=(first, second),
        order="p1.weight + p2.weight, b.name, b.id",
        tables=f"{both} JOIN "
        + floor.TABLES.replace("registry_business b", "registry_business b ON b.id = p1.business_id", 1),
    )


def map_sql(kecamatan):
    """The points of a kecamatan on the map, or, of more than its page sends, the cells of a grid.

    The counts by kelurahan that the answer also holds are left out: the table would have to be grouped.
    """
    there = (
        f"FROM {floor.TABLES} WHERE {floor.PUBLIC} AND kec.code = %s AND b.shows_exact_place"
        " AND b.latitude IS NOT NULL AND b.longitude IS NOT NULL"
    )
    # As many cells to a degree as registry.directory.points makes when no box is asked for.
    cell = "CAST(CAST(b.{0} AS double precision) * 128 AS integer)"

    def ask():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT b.latitude, b.longitude, b.name, b.slug {there} LIMIT {points.MOST + 1}", [kecamatan]
            )
            found = cursor.fetchall()
            if len(found) <= points.MOST:
                return {"points": found}
            cursor.execute(
                f"SELECT count(*), avg(b.latitude), avg(b.longitude) {there}"
                f" GROUP BY {cell.format('latitude')}, {cell.format('longitude')}",
                [kecamatan],
            )
            return {"cells": cursor.fetchall()}

    return ask


def after_sql(columns, parts, limit, middle):
    return Question(
        columns, parts, limit, where="b.name >= %s AND (b.name > %s OR b.id > %s)",
        params=(middle[0], middle[0], middle[1]),
    )  # fmt: skip


def cases(world):
    """Every line of the table."""
    listed, cards = Question(WHOLE, WHOLE_PARTS, LISTED + 1), Question(CARD, CARD_PARTS, CARDS + 1)
    kec, sub = world.kecamatan, world.subsector
    filtered = Question(
        CARD, CARD_PARTS, CARDS + 1, where="kec.code = %s AND b.subsector_id = %s", params=(kec.code, sub.pk)
    )
    pairs = world.pairs()
    asked = [f"/direktori/?q={'+'.join(pair)}" for pair in pairs]
    wrong = [f"/direktori/?q={'+'.join(world.mistaken(pair))}" for pair in pairs]
    searches = [search_sql(pair) for pair in pairs]
    some = world.some[:5]
    pages = [Question(WHOLE, WHOLE_PARTS, 1, where="b.slug = %s", params=(b.slug,)) for b in some]
    yield Case("API list of 50", ["/api/v1/businesses/"], [listed])
    yield Case("API at the middle row", [f"/api/v1/businesses/?after={world.after}"],
               [after_sql(WHOLE, WHOLE_PARTS, LISTED + 1, world.middle)])  # fmt: skip
    yield Case("directory page", ["/direktori/"], [cards])
    yield Case("directory at the middle row", [f"/direktori/?after={world.after}"],
               [after_sql(CARD, CARD_PARTS, CARDS + 1, world.middle)])  # fmt: skip
    yield Case(
        "two filters with facets", [f"/direktori/?kecamatan={kec.code}&subsector={sub.slug}"], [filtered]
    )
    yield Case("two-word search", asked, searches)
    yield Case("misspelled search", wrong, searches)
    yield Case("business page", [b.public_url for b in some], pages)
    yield Case(
        "map data of a kecamatan", [f"/direktori/peta/data/?kecamatan={kec.code}"], [map_sql(kec.code)]
    )


# ---- what is compared one by one -----------------------------------------------------------------


def listing_of(url):
    request = RequestFactory().get(url)
    request.user, request.session, request.htmx = AnonymousUser(), {}, False
    return Listing(request)


def modelviewset(runs):
    """Our list of 50 and DRF's own over the same rows."""
    ours = Way("ours", partial(asking.get, "/api/v1/businesses/"), measure.forget)
    theirs = Way("theirs", lambda: asking.bare.get("/dasar/drf/"))
    if asking.bare.get("/dasar/drf/").status_code != 200:
        raise SystemExit("the ModelViewSet does not answer")
    measure.in_turns([ours, theirs], min(runs, 15))
    return {
        "ours": ours.median * 1000,
        "theirs": theirs.median * 1000,
        "queries": measure.queries(theirs.ask),
    }


def deep(world, runs):
    """The first page and the middle one, in turns: seconds each, of list and API."""
    found = {}
    for name, url in (("API", "/api/v1/businesses/"), ("directory", "/direktori/")):
        first = Way("first", partial(asking.get, url), measure.forget)
        middle = Way("middle", partial(asking.get, f"{url}?after={world.after}"), measure.forget)
        measure.in_turns([first, middle], runs)
        found[name] = {"first": first.median * 1000, "middle": middle.median * 1000}
    return found


FACET_COLUMNS = {
    "kecamatan": "kec.code",
    "kelurahan": "kel.code",
    "subsector": "sub.slug",
    "scale": "CASE WHEN b.scale = '' THEN 'unknown' ELSE b.scale END",
    "operating_state": "b.operating_state",
    "halal": "CASE WHEN b.has_halal THEN 'ada' ELSE 'tidak' END",
    "pirt": "CASE WHEN b.has_pirt THEN 'ada' ELSE 'tidak' END",
    "nib": "CASE WHEN b.has_nib THEN 'ada' ELSE 'tidak' END",
}
REGIONS = ("kecamatan", "kelurahan")


def grouped(world):
    """{facet: {value: n}} by GROUP BY over the table, each facet under the two filters but its own."""
    conditions = {
        "region": ("kec.code = %s", world.kecamatan.code),
        "subsector": ("sub.slug = %s", "kuliner"),
    }
    found = {}
    with connection.cursor() as cursor:
        for facet, column in FACET_COLUMNS.items():
            own = "region" if facet in REGIONS else facet
            used = [value for name, value in conditions.items() if name != own]
            where = "".join(f" AND {sql}" for sql, _value in used)
            cursor.execute(
                f"SELECT {column}, count(*) FROM {floor.TABLES} WHERE {floor.PUBLIC}{where} GROUP BY 1",
                [value for _sql, value in used],
            )
            found[facet] = {value: n for value, n in cursor.fetchall() if value is not None}
    return found


def kept_counts(url):
    """The same out of the kept counts, as the page asks for them."""
    listing = listing_of(url)
    return {
        facet: listing.counts(facet, without=REGIONS if facet in REGIONS else (facet,))
        for facet in FACET_COLUMNS
    }


def facets_compared(world, runs):
    url = f"/direktori/?kecamatan={world.kecamatan.code}&subsector=kuliner"

    def restart():
        measure.forget()
        facets._kept = None

    ours = Way("kept", partial(kept_counts, url), measure.forget)
    fresh = Way("fresh process", partial(kept_counts, url), restart)
    theirs = Way("GROUP BY", partial(grouped, world))
    measure.in_turns([ours, theirs], min(runs, 15))
    measure.in_turns([fresh], 5)
    counted, recounted = kept_counts(url), grouped(world)
    wrong = [
        facet
        for facet, values in recounted.items()
        if {v: n for v, n in counted[facet].items() if n} != values
    ]
    return {
        "ours": ours.median * 1000,
        "fresh": fresh.median * 1000,
        "theirs": theirs.median * 1000,
        "wrong": wrong,
        "cells": Business.objects.exclude(facet_key="").values("facet_key").distinct().count(),
        "text": text_counts(world),
    }


def text_counts(world):
    """Facets under a text against a recount of the businesses the list holds: [texts that differ]."""
    differ, tried = [], 0
    for pair in world.pairs()[4:]:
        listing = listing_of(f"/direktori/?q={'+'.join(pair)}")
        if listing.is_capped:
            continue
        tried += 1
        rows = listing.matching().values_list("kelurahan__parent__code", flat=True)
        if dict(Counter(rows)) != {k: n for k, n in listing.counts("kecamatan").items() if n}:
            differ.append(" ".join(pair))
    return {"tried": tried, "differ": differ}


def ready():
    """Static files as in production, and the counts folded as today's code keeps them."""
    logging.disable(logging.WARNING)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    counted = Business.objects.exclude(facet_key="").order_by().values_list("facet_key")
    facets.recount(lambda: dict(counted.annotate(n=Count("pk"))))
    measure.forget()


def everything(runs, only_queries=False):
    ready()
    world = World()
    if only_queries:
        return {"queries": {case.name: max(case._counted(u)[0] for u in case.urls) for case in cases(world)}}
    found = {"rows": Business.objects.count(), "public": world.count, "cases": []}
    for case in cases(world):
        started = time.monotonic()
        found["cases"].append(case.run(runs))
        print(f"  {case.name}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    found["deep"] = deep(world, runs)
    found["drf"] = modelviewset(runs)
    found["facets"] = facets_compared(world, runs)
    return found


def main(argv=None):
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--runs", type=int, default=measure.RUNS)
    options.add_argument("--only-queries", action="store_true")
    options.add_argument("--json", type=Path)
    chosen = options.parse_args(argv)
    found = everything(chosen.runs, chosen.only_queries)
    if chosen.json:
        chosen.json.write_text(json.dumps(found))
    else:
        print(json.dumps(found, indent=1))


if __name__ == "__main__":
    sys.exit(main())
