"""Counting one kelurahan's month, or every kelurahan's, from the rows themselves.

A source is one query or a few, whatever the number of kelurahan. The list behind a figure is those very rows
(`behind`), so the two cannot part ways. What a figure means stands in definitions.py, which day counts in
rows.py.
"""

import json
from collections import namedtuple
from dataclasses import replace

from django.db.models import Count
from django.utils.crypto import salted_hmac

from programs.monthly.definitions import FIGURES, SOURCE_OF, SOURCES
from programs.monthly.months import span_of
from programs.visits.mentoring import Mentoring, MentoringSession

FEW = 3  # kelurahan that are counted by their own businesses, not by sets of the whole city


def count_many(kelurahan_ids, month, today=None):
    """{kelurahan id: {figure key: number}} of the month that begins on `month`. As many queries for one as
    for all: one a source, or one a figure where the source says so."""
    span = _span(kelurahan_ids, month, today)
    found = {pk: dict.fromkeys(FIGURES, 0) for pk in kelurahan_ids}
    for source in SOURCES:
        rows = source.rows(span).filter(**{f"{source.place}__in": list(found)}).order_by()
        for figures in [(figure,) for figure in source.figures] if source.apart else [source.figures]:
            for place, counts in _counted(rows, source, figures, span):
                found[place] |= counts
    return found


def _span(kelurahan_ids, month, today):
    few = tuple(kelurahan_ids) if len(kelurahan_ids) <= FEW else ()
    return replace(span_of(month, today), places=few)


def _counted(rows, source, figures, span):
    """(kelurahan id, {figure key: number}) of some figures of a source, in one query."""
    if len(figures) == 1:  # its condition in front: the database joins what fits
        rows, filters = rows.filter(figures[0].fits(span)), [None]
    else:
        filters = [figure.fits(span) or None for figure in figures]
    columns = {f"n{index}": Count("pk", filter=fits) for index, fits in enumerate(filters)}
    for row in rows.values(source.place).annotate(**columns):
        yield row[source.place], {f.key: row[name] for f, name in zip(figures, columns, strict=True)}


def count(kelurahan, month, today=None):
    """{figure key: number} of one kelurahan."""
    return count_many([kelurahan.pk], month, today)[kelurahan.pk]


def total(many):
    """The roll-up: each figure summed over `many` dicts of figures."""
    many = list(many)
    return {key: sum(counts[key] for counts in many) for key in FIGURES}


def behind(key, kelurahan_ids, month, today=None):
    """The rows a figure counts, as a queryset of its source's model."""
    source, span = SOURCE_OF[key], _span(kelurahan_ids, month, today)
    return source.rows(span).filter(FIGURES[key].fits(span), **{f"{source.place}__in": list(kelurahan_ids)})


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


def mark_of(counts):
    """A short mark of `counts`, another one where any figure differs: what a page showed is compared by it
    with what is signed."""
    return salted_hmac("programs.monthly.figures", json.dumps(counts, sort_keys=True)).hexdigest()[:16]


def corrections(sent, now):
    """{key: (as sent, as counted now)} of the figures that differ. A figure that did not exist when the
    report was sent is none."""
    return {key: (sent[key], now[key]) for key in FIGURES if key in sent and sent[key] != now[key]}
