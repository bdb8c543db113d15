"""Businesses on the map as JSON: those whose owners agreed to show the exact place, under the filters in use.

Up to MOST points come one by one, with name and page. More come as cells of a grid with how many each holds:
the whole truth in a bounded answer, also where a kecamatan has a hundred thousand. Rows are read as values;
two queries beside those of the listing, whatever the number of businesses.
"""

import json
import math
import re

from django.db.models import Avg, Count, FloatField, IntegerField
from django.db.models.functions import Cast
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.directory.asked import Counted, listing_of
from umkm_portal.lib.formats import number

MOST = 500
CELLS_ACROSS = 12  # cells on the longer side of what is looked at
WIDEST = 0.25  # of a degree: what a grid is made for when the address names no bbox
NUMBER = re.compile(r"-?\d{1,3}(\.\d{1,15})?", re.ASCII)


class BadBox(ValueError):
    """The bbox in the address is none."""


def box_of(text):
    """(west, south, east, north) in degrees, or None for an empty text. Raises BadBox."""
    if not text:
        return None
    parts = text.split(",")
    if len(parts) != 4 or not all(NUMBER.fullmatch(part) for part in parts):
        raise BadBox(_("bbox ditulis barat,selatan,timur,utara dalam derajat, misalnya 112.6,-8,112.7,-7.9."))
    west, south, east, north = map(float, parts)
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise BadBox(_("bbox: barat harus kurang dari timur, selatan kurang dari utara, dalam derajat."))
    return west, south, east, north


def map_data(request):
    """The JSON answer; 400 with the reasons for an address that is not understood."""
    listing, own = listing_of(request, "bbox")
    try:
        box = box_of(own["bbox"])
    except BadBox as error:
        return _refused([str(error)])
    if listing.problems:
        return _refused(listing.problems)
    data = json.dumps(_found(listing, box), ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(data, content_type="application/json")


def _refused(problems):
    return JsonResponse({"code": "invalid", "detail": [str(text) for text in problems]}, status=400)


def placed(listing):
    """The rows of `listing` whose owners agreed to show the exact place."""
    return (
        listing.matching()
        .order_by()
        .filter(shows_exact_place=True, latitude__isnull=False, longitude__isnull=False)
    )


def _found(listing, box):
    rows = placed(listing)
    if box:
        west, south, east, north = box
        rows = rows.filter(longitude__range=(west, east), latitude__range=(south, north))
    points = list(rows.values_list("latitude", "longitude", "name", "slug")[: MOST + 1])
    # Both are asked, so that a city of a million asks no more questions than one of two thousand.
    cells = _cells(rows, box)
    if len(points) <= MOST:
        cells = []
    many = sum(cell[2] for cell in cells) if cells else len(points)
    return {
        "per": timezone.localdate().isoformat(),
        "label": _label(many, bool(cells)),
        "count": many,
        "grouped": bool(cells),
        "page": reverse("directory-business", args=["SLUG"]),
        "points": []
        if cells
        else [[float(lat), float(lon), name, slug] for lat, lon, name, slug in points[:MOST]],
        "cells": cells,
        "areas": [] if box else sorted(Counted(listing).counts("kelurahan").items()),
    }


def _label(many, grouped):
    told = ngettext(
        "%(n)s usaha menunjukkan tempat tepatnya di sini.",
        "%(n)s usaha menunjukkan tempat tepatnya di sini.",
        many,
    ) % {"n": number(many)}
    return f"{told} {_('Terlalu banyak untuk satu per satu: perbesar petanya.')}" if grouped else told


def _cells(rows, box):
    """[[latitude, longitude, how many]]: the mean place of each cell of a grid, so none lies in the river."""
    wide = max(box[2] - box[0], box[3] - box[1]) if box else WIDEST / 2
    per_degree = 2 ** min(max(math.ceil(math.log2(CELLS_ACROSS / wide)), 0), 16)
    found = (
        rows.annotate(
            column=Cast(Cast("longitude", FloatField()) * per_degree, IntegerField()),
            line=Cast(Cast("latitude", FloatField()) * per_degree, IntegerField()),
        )
        .values("column", "line")
        .annotate(many=Count("pk"), x=Avg("longitude"), y=Avg("latitude"))
        .order_by("line", "column")
        .values_list("y", "x", "many")
    )
    return [[round(float(y), 6), round(float(x), 6), many] for y, x, many in found]
