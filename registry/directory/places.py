"""Landing pages of a kelurahan, a sector and a sentra: their addresses, and what stands on one.

Everything counted and listed comes from the directory's own Listing under the filter the page stands for, so
a page and the list it leads to can not part ways, and nothing is counted over the whole table.
"""

from copy import copy
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from registry.directory.listing import Listing
from registry.directory.pages import directory_url
from registry.regions.models import Region
from registry.sectors import kbli
from registry.sectors.models import ProductCentre, Subsector
from umkm_portal.lib.text import fold

CARDS = 8
LINKS = 8  # of each kind of link: the fullest first, the rest is in the directory


@dataclass(frozen=True)
class Spot:
    """One such page: what it is called, where it stands, and the filter it stands for."""

    kind: str  # kelurahan, sektor, sentra
    code: str
    name: str
    slug: str
    params: dict
    group: str = ""  # the heading it stands under in the index
    note: str = ""
    near: tuple = field(default=(), compare=False)  # codes of neighbours

    @property
    def url(self):
        return reverse(f"place-{self.kind}", args=[self.slug])


def _slugged(rows):
    """Spots with a readable slug each; names that make the same slug get the end of their code besides."""
    bases = [slugify(fold(row["name"])) or slugify(row["code"]) for row in rows]
    return [
        Spot(
            **row,
            slug=base if bases.count(base) == 1 else f"{base}-{slugify(row['code'].rpartition('.')[2])}",
        )
        for row, base in zip(rows, bases, strict=True)
    ]


def kelurahan_spots():
    """The city's kelurahan; neighbours are those whose tiles touch."""
    regions = list(Region.objects.kelurahan().select_related("parent").order_by("code"))
    tiles = {(r.tile_column, r.tile_row): r.code for r in regions if r.tile_column is not None}

    def near(region):
        if region.tile_column is None:
            return tuple(r.code for r in regions if r.parent_id == region.parent_id and r != region)
        around = [(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy]
        found = (tiles.get((region.tile_column + dx, region.tile_row + dy)) for dx, dy in around)
        return tuple(filter(None, found))

    return _slugged(
        [
            {
                "kind": "kelurahan",
                "code": r.code,
                "name": r.name,
                "params": {"kecamatan": r.parent.code, "kelurahan": r.code},
                "group": _("Kecamatan %(name)s") % {"name": r.parent.name},
                "near": near(r),
            }
            for r in regions
        ]
    )


def sector_spots():
    """Subsectors of the creative economy, then the fields of business that KBLI's sections make."""
    spots = [
        Spot("sektor", s.slug, s.shown_name, s.slug, {"subsector": s.slug}, _("Ekonomi kreatif"))
        for s in Subsector.objects.order_by("position", "slug")
    ]
    taken = {spot.slug for spot in spots}
    return spots + [
        Spot(
            "sektor",
            f"KBLI {slug}",
            str(label),
            f"{slug}-kbli" if slug in taken else slug,
            {"sector": slug},
            _("Lapangan usaha (KBLI)"),
        )
        for slug, (label, _old, _new) in kbli.SECTORS.items()
    ]


def centre_spots():
    """Sentra that stand, then those planned: a product, in its kelurahan where that is known."""
    rows = ProductCentre.objects.select_related("kelurahan__parent").order_by("planned", "name")
    return _slugged(
        [
            {
                "kind": "sentra",
                "code": str(row.pk),
                "name": row.name,
                "params": {"q": row.product.split("/")[0]}
                | (
                    {"kecamatan": row.kelurahan.parent.code, "kelurahan": row.kelurahan.code}
                    if row.kelurahan
                    else {}
                ),
                "group": _("Masih rencana") if row.planned else _("Sentra"),
                "note": centre_place(row),
            }
            for row in rows
        ]
    )


def centre_place(row):
    """ "Kelurahan Purwantoro RW 14–16, Blimbing", as far as it is known."""
    if not row.kelurahan:
        return ""
    rws = sorted(row.rws)
    place = _("Kelurahan %(name)s") % {"name": row.kelurahan.name}
    if rws:
        runs = len(rws) > 1 and rws == list(range(rws[0], rws[-1] + 1))
        place += f" RW {rws[0]}–{rws[-1]}" if runs else f" RW {', '.join(map(str, rws))}"
    return f"{place}, {row.kelurahan.parent.name}"


SPOTS = {"kelurahan": kelurahan_spots, "sektor": sector_spots, "sentra": centre_spots}


def find(kind, slug):
    """(the spot, all of its kind). Raises Http404."""
    spots = SPOTS[kind]()
    spot = next((spot for spot in spots if spot.slug == slug), None)
    if spot is None:
        raise Http404
    return spot, spots


def listing_of(request, **params):
    """The directory's Listing as if `params` had been asked for."""
    asked = copy(request)
    asked.GET = QueryDict(urlencode(params, doseq=True))
    asked.resolver_match = None  # of the directory, not of the page we stand on
    return Listing(asked)


def spot_context(request, kind, slug):
    """What the page of one spot prints."""
    spot, spots = find(kind, slug)
    listing = listing_of(request, **spot.params)
    by_code = {other.code: other for other in spots}
    return {
        "spot": spot,
        "listing": listing,
        "total": listing.total,
        "total_text": listing.total_text,
        "list_url": directory_url(**spot.params),
        "index_url": reverse(f"places-{kind}"),
        "cards": listing.cards[:CARDS],
        "links": _links(listing),
        "map": listing.map,
        "near": [by_code[code] for code in spot.near if code in by_code] or _beside(spot, spots, listing),
    }


def _beside(spot, spots, listing):
    """Others of the same group: of a sector those with businesses, the fullest first."""
    others = [other for other in spots if other.group == spot.group and other != spot]
    facet = next((name for name in FACETS[spot.kind] if name in spot.params), None)
    if facet:
        counts = listing.counts(facet, without=(facet,))
        others = [other for other in others if counts.get(other.params[facet])]
        others.sort(key=lambda other: -counts[other.params[facet]])
    return others[:LINKS]


def _links(listing):
    """[{"title", "rows": [(label, count, address)]}] of ways on, each the same list with one filter more."""
    found = []
    if "kelurahan" in listing.chosen:
        names = {s.slug: s.shown_name for s in Subsector.objects.all()}
        found.append((_("Yang ada di sini"), "subsector", names, {}))
    else:
        regions = {r.code: r for r in Region.objects.kelurahan().select_related("parent")}
        names = {code: region.name for code, region in regions.items()}
        parents = {code: {"kecamatan": [region.parent.code]} for code, region in regions.items()}
        found.append((_("Terbanyak di kelurahan"), "kelurahan", names, parents))
    marks = {"halal": _("Bersertifikat halal"), "pirt": _("P-IRT berlaku")}
    groups = []
    for title, facet, names, more in found:
        counts = {value: n for value, n in listing.counts(facet).items() if n and value in names}
        top = sorted(counts, key=lambda value: (-counts[value], names[value]))[:LINKS]
        rows = [
            (names[value], counts[value], listing.url(**({facet: [value]} | more.get(value, {}))))
            for value in top
        ]
        groups.append({"title": title, "rows": rows})
    rows = [
        (label, n, listing.url(**{name: ["ada"]}))
        for name, label in marks.items()
        if (n := listing.counts(name).get("ada"))
    ]
    groups.append({"title": _("Legalitas"), "rows": rows})
    return [group for group in groups if group["rows"]]


FACETS = {"kelurahan": ("kelurahan",), "sektor": ("subsector", "sector"), "sentra": ()}


def index_context(request, kind):
    """What the index of one kind prints: spots under their headings, counted where a facet counts them."""
    spots, groups = SPOTS[kind](), {}
    listing = listing_of(request)
    counts = {}
    for facet in FACETS[kind]:
        counts |= {(facet, value): n for value, n in listing.counts(facet).items()}
    for spot in spots:
        value = next(((f, spot.params[f]) for f in FACETS[kind] if f in spot.params), None)
        groups.setdefault(spot.group, []).append((spot, counts.get(value, 0) if value else None))
    return {
        "kind": kind,
        "groups": [
            {"title": title, "rows": [(s, n) for s, n in rows if n or n is None or kind == "kelurahan"]}
            for title, rows in groups.items()
        ],
        "map": listing.map if kind == "kelurahan" else None,
    }
