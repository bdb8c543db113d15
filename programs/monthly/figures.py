"""Counting one kelurahan's month, or every kelurahan's, from the rows themselves.

A source is one query or two, whatever the number of kelurahan. The list behind a figure is those very rows
(`behind`), so the two cannot part ways. What a figure means stands in definitions.py, which day counts in
rows.py.
"""

from collections import namedtuple
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter

from django.db import connection, transaction
from django.db.models import Count, F
from django.db.models.functions import Coalesce

from programs.monthly.definitions import FIGURES, SOURCE_OF, SOURCES
from programs.monthly.months import span_of
from programs.visits.mentoring import Mentoring, MentoringSession

MANY = 20  # kelurahan: more than any kecamatan has


def count_many(kelurahan_ids, month, today=None):
    """{kelurahan id: {figure key: number}} of the month that begins on `month`. As many queries for one as
    for all: one for each source and each `given` of its figures."""
    span = span_of(month, today)
    found = {pk: dict.fromkeys(FIGURES, 0) for pk in kelurahan_ids}
    with _uncompiled():
        for source in SOURCES:
            rows = _of(source, source.rows(span), list(found)).order_by()
            for given, figures in groupby(source.figures, key=attrgetter("given")):
                counted = _counted(rows.filter(given(span)) if given else rows, list(figures), span)
                for place, counts in counted:
                    found[place] |= counts
    return found


@contextmanager
def _uncompiled():
    """PostgreSQL guesses these statements so dear that it compiles them first, which takes longer than they
    run."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL jit = off")
        yield


def _of(source, rows, ids):
    """The rows of these kelurahan, with theirs as `at`. Many of a whole table are read in its own order: one
    kelurahan after the other, through its index, SQLite takes more than twice as long."""
    if source.whole and len(ids) > MANY:
        return rows.annotate(at=Coalesce(source.place, 0)).filter(at__in=ids)
    return rows.annotate(at=F(source.place)).filter(**{f"{source.place}__in": ids})


def _counted(rows, figures, span):
    """(kelurahan id, {figure key: number}) of some figures in one query; `rows` as _of gives them."""
    if len(figures) == 1:  # its condition in front: an index may serve it
        rows, filters = rows.filter(figures[0].fits(span)), [None]
    else:
        filters = [figure.fits(span) or None for figure in figures]
    columns = {f"n{index}": Count("pk", filter=fits) for index, fits in enumerate(filters)}
    for row in rows.values("at").annotate(**columns):
        yield row["at"], {f.key: row[name] for f, name in zip(figures, columns, strict=True)}


def count(kelurahan, month, today=None):
    """{figure key: number} of one kelurahan."""
    return count_many([kelurahan.pk], month, today)[kelurahan.pk]


def total(many):
    """The roll-up: each figure summed over `many` dicts of figures."""
    many = list(many)
    return {key: sum(counts[key] for counts in many) for key in FIGURES}


def behind(key, kelurahan_ids, month, today=None):
    """The rows a figure counts, as a queryset of its source's model."""
    source, figure, span = SOURCE_OF[key], FIGURES[key], span_of(month, today)
    rows = source.rows(span).filter(figure.fits(span), **{f"{source.place}__in": list(kelurahan_ids)})
    return rows.filter(figure.given(span)) if figure.given else rows


def visible(key, rows, user):
    """`rows` cut down to what `user` may read."""
    if rows.model is MentoringSession:
        return rows.filter(mentoring__in=Mentoring.objects.visible_to(user).values("pk"))
    seen = rows.model.objects.visible_to(user).values("pk")
    return rows.filter(pk__in=seen)


# ---- shares and corrections ----------------------------------------------------------------------

Rates = namedtuple("Rates", "freshness coverage coverage_ever")


def percent(part, whole):
    """A whole number of percent, half rounded up; None of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else None


def rates(counts):
    """Freshness and coverage of `counts` in percent: of the recorded open businesses, how many were confirmed
    within 180 days, seen in the month, ever seen."""
    whole = counts["businesses"]
    return Rates(*(percent(counts[key], whole) for key in ("confirmed", "seen", "seen-ever")))


def corrections(sent, now):
    """{key: (as sent, as counted now)} of the figures that differ. A figure that did not exist when the
    report was sent is none."""
    return {key: (sent[key], now[key]) for key in FIGURES if key in sent and sent[key] != now[key]}
