"""Loading outlines: a GeoJSON layer whose features carry a code that joins them to regions.

Layers name that code in many ways; the property that joins most features wins. Called by load_boundaries.
"""

import math

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.regions.loading import LATITUDES, LONGITUDES, dotted
from registry.regions.models import Boundary, Region
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.reference_files import read_json, upsert
from umkm_portal.lib.text import clean_line

# Property names seen in layers of BIG, Kemendagri and city offices, the most specific first: a kelurahan
# layer usually carries the kecamatan's code too. Compared without case and punctuation.
_CODES = (
    "kelurahancode kodekelurahan kdkelurahan kodekel kdkel kodedesa kddesa kdepum kodekemendagri kodewilayah "
    "kecamatancode kodekecamatan kdkecamatan kodekec kdkec kdcpum kode code id"
)
CODE_PROPERTIES = tuple(_CODES.split())
BPS_PROPERTIES = ("bpscode2016", "bpscode", "kodebps", "kdbps", "iddesa")

MAX_FEATURES = 5_000
MAX_POINTS = 1_000_000
MAX_NAMES_SHOWN = 10


def load_boundaries(path, source):
    """Load outlines; all or nothing. Returns the lines to print, with what did not join. Raises Refused.

    `source` says whose layer it is. An outline that did not change keeps its source and day.
    """
    features = _features(read_json(path))
    regions = {region.code: region for region in Region.objects.all()}
    joined, name, strangers = _join(features, regions)
    shapes, points = {}, 0
    for code, parts in joined.items():
        polygons = []
        for geometry in parts:
            found, size = _polygons(geometry, code)
            polygons += found
            points += size
            if points > MAX_POINTS:
                raise Refused("boundaries-too-many-points", _("Lapisan memuat terlalu banyak titik."))
        shapes[code] = (
            {"type": "Polygon", "coordinates": polygons[0]}
            if len(polygons) == 1
            else {"type": "MultiPolygon", "coordinates": polygons}
        )
    with transaction.atomic():
        known = {boundary.region.code: boundary for boundary in Boundary.objects.select_related("region")}
        wanted = {
            code: {"region_id": regions[code].pk, "geometry": shape, "source": source[:200]}
            for code, shape in shapes.items()
        }
        today = timezone.localdate()
        for code, values in wanted.items():
            if code in known and known[code].geometry == values["geometry"]:
                del values["source"]
            else:
                values["loaded_on"] = today
        counts = upsert(Boundary, known, wanted, batch_size=50)
    return [
        _("Batas wilayah: %(counts)s (lewat properti %(name)s)") % {"counts": counts, "name": name},
        *_left_over(strangers, joined, regions),
    ]


def _features(document):
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not all(isinstance(feature, dict) for feature in features):
        raise Refused("boundaries-not-geojson", _("Berkas bukan GeoJSON FeatureCollection."))
    if not features:
        raise Refused("boundaries-empty", _("Lapisan tidak memuat satu pun wilayah."))
    if len(features) > MAX_FEATURES:
        raise Refused(
            "boundaries-too-many", _("Lapisan memuat lebih dari %(most)s wilayah."), most=MAX_FEATURES
        )
    return features


def _properties(feature):
    properties = feature.get("properties")
    return properties if isinstance(properties, dict) else {}


def _plain(name):
    return "".join(c for c in str(name).lower() if c.isalnum())


def _join(features, regions):
    """({region code: [geometry, …]}, its property, values that joined nothing), by the best property."""
    by_bps = {region.bps_code_2016: code for code, region in regions.items() if region.bps_code_2016}
    by_code = {code: code for code in regions}
    names = {name for feature in features for name in _properties(feature)}
    order = {plain: position for position, plain in enumerate((*CODE_PROPERTIES, *BPS_PROPERTIES))}
    best, best_name, best_strangers = {}, "", []
    for name in sorted((n for n in names if _plain(n) in order), key=lambda n: (order[_plain(n)], n)):
        is_bps = _plain(name) in BPS_PROPERTIES
        joined, strangers = {}, []
        for feature in features:
            text = _text(_properties(feature).get(name))
            code = (by_bps if is_bps else by_code).get(text if is_bps else dotted(text))
            if code:
                joined.setdefault(code, []).append(feature.get("geometry"))
            else:
                strangers.append(text)
        if len(joined) > len(best):
            best, best_name, best_strangers = joined, name, strangers
    if not best:
        raise Refused(
            "boundaries-none-joined",
            _("Tidak ada bentuk yang cocok dengan kode wilayah yang sudah dimuat. Properti: %(names)s"),
            names=", ".join(sorted(clean_line(name)[:30] for name in names)[:20]) or "-",
        )
    return best, best_name, best_strangers


def _text(value):
    """A property's value as text: a name or a whole number, else nothing."""
    return clean_line(value)[:40] if isinstance(value, str) or type(value) is int else ""


def _polygons(geometry, code):
    """(list of polygons, number of points), rounded to six decimals (about 0.1 m), x and y only."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(coordinates, list):
        raise Refused(
            "boundaries-shape", _("Bentuk %(region)s bukan Polygon atau MultiPolygon."), region=code
        )
    polygons = [coordinates] if kind == "Polygon" else coordinates
    try:
        cleaned = [[[_point(point) for point in ring] for ring in polygon] for polygon in polygons]
    except (TypeError, ValueError, LookupError, OverflowError) as error:
        raise Refused(
            "boundaries-shape", _("Koordinat %(region)s tidak terbaca atau di luar Indonesia."), region=code
        ) from error
    if not cleaned or any(not polygon or any(len(ring) < 4 for ring in polygon) for polygon in cleaned):
        raise Refused("boundaries-shape", _("Bentuk %(region)s tidak utuh."), region=code)
    return cleaned, sum(len(ring) for polygon in cleaned for ring in polygon)


def _point(point):
    x, y = float(point[0]), float(point[1])
    if isinstance(point, str) or not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError("no coordinate")
    if not (LONGITUDES[0] <= x <= LONGITUDES[1] and LATITUDES[0] <= y <= LATITUDES[1]):
        raise ValueError("outside Indonesia (or not in degrees)")
    return [round(x, 6), round(y, 6)]


def _left_over(strangers, joined, regions):
    """What did not join: shapes without a region, and regions of the same city and level without a shape."""
    levels = {(regions[code].level, code[:5]) for code in joined}
    without_shape = [
        f"{code} {region.name}"
        for code, region in sorted(regions.items())
        if (region.level, code[:5]) in levels and code not in joined
    ]
    lines = (
        _names(_("Bentuk tanpa wilayah"), [text or "-" for text in strangers]),
        _names(_("Wilayah tanpa bentuk"), without_shape),
    )
    return [line for line in lines if line]


def _names(label, names):
    if not names:
        return ""
    more = "" if len(names) <= MAX_NAMES_SHOWN else ", …"
    return f"{label} ({len(names)}): {', '.join(names[:MAX_NAMES_SHOWN])}{more}"
