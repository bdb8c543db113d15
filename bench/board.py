"""`make bench-board`: the board of open needs, 15,000 of them over 57 kelurahan, beside the floor.

    python tests/postgres.py python -m bench.board      on a throwaway PostgreSQL
    python -m bench.board --sqlite                      on a throwaway SQLite file

Fills an empty database, asks for the board as an operator through the portal's whole middleware, and in
turns for the floor: a bare Django view that sends the same rows as JSON from plain SQL. Prints a table and
ends with 1 when the board takes more than BAR times the floor on PostgreSQL, which production runs, or asks
more often for many needs than for few.
"""
# ruff: noqa: E402  (the database is chosen before Django is set up)

import argparse
import os
import random
import sys
import tempfile
from functools import partial
from pathlib import Path

options = argparse.ArgumentParser(description=__doc__)
options.add_argument("--needs", type=int, default=15_000)
options.add_argument("--runs", type=int, default=30)
options.add_argument("--sqlite", action="store_true")
asked = options.parse_args() if __name__ == "__main__" else options.parse_args([])
folder = tempfile.TemporaryDirectory(prefix="bench-board-")
os.environ.setdefault("BENCH_DIR", folder.name)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
if asked.sqlite:
    os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder.name) / 'board.sqlite3'}"

import django

django.setup()

import io
import uuid
from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import User
from bench import floor, measure
from bench.measure import Way
from registry.models import Business, Post, Region
from registry.reports.models import LastVisit, VisitRequest
from registry.reports.needs import Need, weight_of

BAR = 12  # times the floor
SEED = 5
LIMIT = 50  # rows of one page
CHUNK = 5_000
FEW = 60
WHO = "operator"
COLUMNS = (
    "r.uuid, r.rt, r.rw, r.told_name, r.told_place, r.need, r.urgency, r.told_day, r.weight, r.state,"
    " r.scheduled_on, r.visited_on, k.code, k.name, p.name, b.uuid, b.name, v.on"
).replace("v.on", 'v."on"')
TABLES = (
    "registry_visitrequest r JOIN registry_region k ON k.id = r.kelurahan_id"
    " JOIN registry_region p ON p.id = k.parent_id"
    " LEFT JOIN registry_business b ON b.id = r.business_id"
    " LEFT JOIN registry_lastvisit v ON v.business_id = r.business_id"
)


def people():
    """Reference data, and the operator who asks."""
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0, stdout=io.StringIO())
    user = User.objects.create(username=WHO, name="Operator")
    today = timezone.localdate()
    Post.objects.create(
        user=user,
        role="operator",
        region=Region.objects.get(level="city"),
        starts_on=today,
        ends_on=today + timedelta(days=300),
    )
    return user


def fill(user, many, start=1):
    """`many` open needs of as many businesses, a year's worth; every third business was visited before."""
    chance = random.Random(SEED + start)
    places = list(Region.objects.kelurahan().values_list("pk", flat=True))
    today, now = timezone.localdate(), timezone.now()
    for first in range(start, start + many, CHUNK):
        numbers = range(first, min(first + CHUNK, start + many))
        shops = [
            Business(
                pk=n, uuid=uuid.UUID(int=n), slug=f"usaha-{n}", name=f"Keripik Tempe {n}", activity="keripik",
                kelurahan_id=chance.choice(places), rw=chance.randint(1, 15), recorded_by=user,
                changed_by=user,
            )
            for n in numbers
        ]  # fmt: skip
        Business.objects.bulk_create(shops)
        needs = []
        for shop in shops:
            urgency = chance.choices([1, 2, 3], [6, 3, 1])[0]
            told = today - timedelta(days=chance.randint(0, 364))
            needs.append(
                VisitRequest(
                    uuid=uuid.uuid4(), kelurahan_id=shop.kelurahan_id, rt=chance.randint(1, 9), rw=shop.rw,
                    business=shop, need=chance.choice(Need.values), urgency=urgency, note="Minta dibantu.",
                    told_at=now, told_by=user, told_day=told.toordinal(),
                    weight=weight_of(urgency, never_visited=shop.pk % 3 != 0),
                )
            )  # fmt: skip
        VisitRequest.objects.bulk_create(needs)
        LastVisit.objects.bulk_create([LastVisit(business=s, on=today) for s in shops if s.pk % 3 == 0])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def rows_of(where, order):
    """The floor's answer: the same rows, as JSON."""
    day = timezone.localdate().toordinal() + 1
    sql = f"SELECT {COLUMNS} FROM {TABLES} WHERE {where} ORDER BY {order.format(day=day)} LIMIT {LIMIT}"

    def ask():
        with connection.cursor() as cursor:
            cursor.execute(sql)
            names = [f"{n}_{column[0]}" for n, column in enumerate(cursor.description)]
            return {"results": [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]}

    return ask


SCORE = "r.weight * ({day} - r.told_day)"
BY_SCORE = f"{SCORE} DESC, r.told_day, r.id"
BY_PLACE = f"r.kelurahan_id, coalesce(r.rw, 0), {SCORE} DESC, r.id"
CASES = (
    ("ranked", "", "r.state = 'new'", BY_SCORE),
    ("by kelurahan and RW", "?urut=tempat", "r.state = 'new'", BY_PLACE),
    ("urgent, never visited", "?urgency=3&visited=never", "r.state = 'new' AND r.weight = 18", BY_SCORE),
    ("all states", "?state=open", "r.state IN ('new', 'scheduled', 'visited')", BY_SCORE),
)


def answer(client, address):
    response = client.get(address)
    if response.status_code != 200:
        raise SystemExit(f"{address} answered {response.status_code}")
    return response


def compared(client, bare, runs):
    """[(name, the board's ms, the floor's ms, statements)]."""
    found = []
    for number, (name, query, where, order) in enumerate(CASES):
        floor.ASKED[f"board-{number}"] = rows_of(where, order)
        board = Way("board", partial(answer, client, f"/kunjungan/papan/{query}"), measure.forget)
        plain = Way("floor", partial(answer, bare, f"/dasar/board-{number}/"))
        measure.in_turns([board, plain], runs)
        found.append((name, board.median * 1000, plain.median * 1000, measure.queries(board.ask)))
    return found


def main():
    user = people()
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    with override_settings(MIDDLEWARE=floor.MIDDLEWARE):
        bare = Client()
        bare.handler.load_middleware()
    fill(user, FEW)
    few = {name: queries for name, _board, _floor, queries in compared(client, bare, 1)}
    fill(user, asked.needs - FEW, FEW + 1)
    held, judged = True, connection.vendor == "postgresql"
    print(f"{VisitRequest.objects.open().count():,} open needs on {connection.vendor}")
    print(f"{'':24} {'board ms':>9} {'floor ms':>9} {'x floor':>8} {'queries':>8} {'at ' + str(FEW):>8}")
    for name, board, plain, queries in compared(client, bare, asked.runs):
        holds = (board / plain <= BAR or not judged) and queries == few[name]
        held = held and holds
        print(
            f"{name:24} {board:9.1f} {plain:9.1f} {board / plain:8.1f} {queries:8} {few[name]:8}"
            f"{'' if holds else '  MISSED'}"
        )
    told = f"<= {BAR} x the floor, and" if judged else "judged on PostgreSQL; here only"
    print(f"bar: {told} as many queries for many needs as for {FEW}")
    return not held


if __name__ == "__main__":
    sys.exit(main())
