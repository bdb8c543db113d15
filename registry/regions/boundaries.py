"""Loading outlines: a GeoJSON layer whose features carry a code that joins them to regions.

Layers name that code in many ways; the property that joins most features wins. Called by load_boundaries.
Every mistake of geometry is named with its region, up to MAX_NAMES_SHOWN, and none of the layer is loaded.
"""

import math
from itertools import pairwise

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.regions.loading import LATITUDES, LONGITUDES, dotted
from registry.regions.models import Boundary, Region
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.reference_files import Counts, read_json
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
DECIMALS = 5  # of a degree: about one metre, finer than any kelurahan is surveyed
# The only coordinates GeoJSON knows (RFC 7946 section 4), under the names older files give them.
WGS84 = ("crs84", "epsg::4326", "epsg:4326")


def load_boundaries(path, source):
    """Load outlines; all or nothing. Returns the lines to print, with what did not join. Raises Refused.

    `source` says whose layer it is. An outline that did not change keeps its source and day.
    """
    document = read_json(path)
    features = _features(document)
    regions = {region.code: region for region in Region.objects.all()}
    joined, name, strangers = _join(features, regions)
    shapes = _shapes(joined, regions)
    with transaction.atomic():
        known = {boundary.region.code: boundary for boundary in Boundary.objects.select_related("region")}
        same = {code for code, shape in shapes.items() if code in known and known[code].geometry == shape}
        changed = [code for code in shapes if code in known and code not in same]
        # A changed outline is a new row, so that `outlines_version` moves: no page keeps the old one.
        Boundary.objects.filter(pk__in=[known[code].pk for code in changed]).delete()
        Boundary.objects.bulk_create(
            [
                Boundary(
                    region=regions[code],
                    geometry=shape,
                    source=clean_line(source)[:200],
                    loaded_on=timezone.localdate(),
                )
                for code, shape in shapes.items()
                if code not in same
            ],
            batch_size=50,
        )
    counts = Counts(len(shapes) - len(changed) - len(same), len(changed), len(same))
    return [
        _("Batas wilayah: %(counts)s (lewat properti %(name)s)") % {"counts": counts, "name": name},
        *_left_over(strangers, joined, regions),
    ]


def outlines_version():
    """Moves when an outline is loaded, changed or removed: (how many, the newest row). One small query."""
    found = Boundary.objects.aggregate(many=Count("pk"), newest=Max("pk"))
    return found["many"], found["newest"] or 0


def _features(document):
    _refuse_other_coordinates(document)
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


def _shapes(joined, regions):
    """{code: geometry} of all that joined, or Refused with every outline that cannot be read."""
    shapes, wrong, points = {}, [], 0
    for code, parts in joined.items():
        polygons = []
        try:
            for geometry in parts:
                polygons += _polygons(geometry)
        except ValueError as error:
            wrong.append(f"{code} {regions[code].name}: {error}")
            continue
        points += sum(len(ring) for polygon in polygons for ring in polygon)
        if points > MAX_POINTS:
            raise Refused("boundaries-too-many-points", _("Lapisan memuat terlalu banyak titik."))
        shapes[code] = (
            {"type": "Polygon", "coordinates": polygons[0]}
            if len(polygons) == 1
            else {"type": "MultiPolygon", "coordinates": polygons}
        )
    if wrong:
        shown = wrong[:MAX_NAMES_SHOWN]
        if more := len(wrong) - len(shown):
            shown.append(_("dan %(more)s kesalahan lain.") % {"more": more})
        raise Refused("boundaries-shape", "\n".join([_("Batas wilayah tidak dimuat:"), *shown]))
    return shapes


def _refuse_other_coordinates(document):
    """Older files may name another system of coordinates (metres of UTM, mostly). Raises Refused."""
    crs = document.get("crs") if isinstance(document, dict) else None
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or not name.lower().endswith(WGS84):
        raise Refused(
            "boundaries-coordinates",
            _("Lapisan memakai sistem koordinat %(name)s. Simpan ulang dalam derajat WGS 84 (EPSG:4326)."),
            name=clean_line(str(name))[:40],
        )


def _polygons(geometry):
    """Polygons of one geometry, rounded to DECIMALS, x and y only. Raises ValueError saying what is wrong."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(coordinates, list):
        raise ValueError(_("bukan Polygon atau MultiPolygon"))
    polygons = [coordinates] if kind == "Polygon" else coordinates
    if not polygons or not all(_is_filled(polygon) for polygon in polygons):
        raise ValueError(_("bentuk tidak utuh"))
    return [[_ring(ring) for ring in polygon] for polygon in polygons]


def _is_filled(value):
    return isinstance(value, list) and bool(value)


def _ring(points):
    """A closed ring with some ground in it, points that fell together left out."""
    if not _is_filled(points):
        raise ValueError(_("bentuk tidak utuh"))
    ring = []
    for point in map(_point, points):
        if not ring or ring[-1] != point:
            ring.append(point)
    if ring[0] != ring[-1]:
        raise ValueError(_("garisnya tidak kembali ke titik pertama"))
    if len(ring) < 4 or not _twice_area(ring):
        raise ValueError(_("bentuk tidak utuh"))
    return ring


def _twice_area(ring):
    """Twice the signed area, in square steps of the last decimal: whole numbers, so that 0 is 0."""
    whole = [(round(x * 10**DECIMALS), round(y * 10**DECIMALS)) for x, y in ring]
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(whole))


def _point(point):
    if not isinstance(point, list) or len(point) < 2 or {type(point[0]), type(point[1])} - {int, float}:
        raise ValueError(_("koordinat tidak terbaca"))
    try:
        x, y = float(point[0]), float(point[1])
    except OverflowError as error:
        raise ValueError(_("koordinat tidak terbaca")) from error
    if not _within(x, LONGITUDES) or not _within(y, LATITUDES):
        if _within(x, LATITUDES) and _within(y, LONGITUDES):
            raise ValueError(_("lintang dan bujur tertukar: bujur (112…) berdiri lebih dulu"))
        raise ValueError(_("koordinat di luar Indonesia, atau bukan derajat WGS 84"))
    return [round(x, DECIMALS), round(y, DECIMALS)]


def _within(number, bounds):
    return math.isfinite(number) and bounds[0] <= number <= bounds[1]


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
