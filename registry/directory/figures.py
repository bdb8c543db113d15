"""What the landing page counts: figures, kinds, centres and the map, kept for up to a minute."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.core.cache import cache
from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from registry.businesses import finding
from registry.businesses.models import Business
from registry.directory.cards import tile
from registry.directory.cube import Cube, Tally, current_cube
from registry.directory.pages import directory_url
from registry.directory.pictures import drawing_for
from registry.search import facets
from registry.sectors.models import ProductCentre
from umkm_portal.lib import tilemap
from umkm_portal.lib.formats import number

# Ways into the directory: a subsector or a word, whichever people would use, each with a drawing.
KINDS = (
    (lazy("Kuliner"), {"subsector": "kuliner"}, "bakso"),
    (lazy("Fesyen"), {"subsector": "fesyen"}, "tas"),
    (lazy("Kriya"), {"subsector": "kriya"}, "rotan"),
    (lazy("Batik"), {"q": "batik"}, "batik"),
    (lazy("Kopi"), {"q": "kopi"}, "kopi"),
    (lazy("Kue dan roti"), {"q": "kue"}, "kukis"),
)
SUGGESTIONS = ("keripik tempe", "batik", "kopi", "bakso")
MAX_CENTRES = 6
DOORS_KEPT_SECONDS = 10 * 60  # each door is a search of its own


@dataclass(frozen=True)
class Door:
    """A counted way into the directory."""

    label: str
    count: int
    params: dict
    capped: bool = False  # there are more than are counted one by one
    place: str = ""
    picture: str = ""

    @property
    def url(self):
        return directory_url(**self.params)

    @property
    def count_text(self):
        return number(self.count) + ("+" if self.capped else "")

    @property
    def picture_url(self):
        return static(self.picture) if self.picture else ""


@dataclass(frozen=True)
class Figures:
    """Counts of public businesses at `counted_at`."""

    cube: Cube
    counted_at: datetime
    total: int
    halal: int
    pirt: int
    kelurahan: dict  # {code: count}
    subsectors: dict  # {slug: count}


def figures():
    """Figures from the directory's cube, so that a figure and the list behind it agree."""
    cube = current_cube()
    return Figures(
        cube=cube,
        counted_at=cube.counted_at,
        total=cube.total,
        halal=cube.totals("halal").get("ada", 0),
        pirt=cube.totals("pirt").get("ada", 0),
        kelurahan={code: n for code, n in cube.totals("kelurahan").items() if n},
        subsectors=cube.totals("subsector"),
    )


def stats(found):
    """The figures shown, each with the list behind it, and what it means."""
    rows = [
        (
            found.total,
            _("usaha terdata"),
            directory_url(),
            _(
                "Usaha yang disetujui masuk data, punya kelurahan, masih berjalan, dan tidak minta "
                "disembunyikan. Terdata belum berarti sudah diverifikasi."
            ),
        ),
        (
            found.halal,
            _("bersertifikat halal"),
            directory_url(halal="ada"),
            _("Usaha terdata yang mencatat sertifikat halal yang masih berlaku."),
        ),
        (
            found.pirt,
            _("ber-P-IRT"),
            directory_url(pirt="ada"),
            _("Usaha terdata yang mencatat nomor P-IRT yang masih berlaku."),
        ),
    ]
    return [
        {"value": value, "label": label, "url": url, "definition": definition}
        for value, label, url, definition in rows
    ] + [
        {
            "value": len(found.kelurahan),
            "label": _("kelurahan sudah punya data"),
            "url": directory_url() + "#peta",
            "definition": _("Kelurahan dengan paling sedikit satu usaha terdata."),
        }
    ]


def city_map(found):
    places = found.cube.places
    return tilemap.build(
        tile(p, found.kelurahan.get(p.code, 0), directory_url(kecamatan=p.kecamatan_code, kelurahan=p.code))
        for p in places.values()
    )


def doors(found):
    """{"kinds", "centres", "suggestions"}: lists of Door with something behind them; counted now and then."""
    key = f"landing-doors:{bool(found.total)}:{get_language()}"
    kept = cache.get(key)
    if kept is None:
        kept = _count_doors(found)
        cache.set(key, kept, DOORS_KEPT_SECONDS)
    return kept


def _count_doors(found):
    kinds = [Door(str(label), 0, params, picture=f"img/{name}.svg") for label, params, name in KINDS]
    centres = [
        _centre(row)
        for row in ProductCentre.objects.filter(planned=False, kelurahan__isnull=False).select_related(
            "kelurahan__parent"
        )
    ]
    suggestions = [Door(text, 0, {"q": text}) for text in SUGGESTIONS]
    every = [*kinds, *centres, *suggestions]
    answers = [_count(door, found) for door in every]
    every = [
        replace(door, count=count, capped=capped)
        for door, (count, capped) in zip(every, answers, strict=True)
    ]
    first, second = len(kinds), len(kinds) + len(centres)
    centres = sorted(every[first:second], key=lambda door: (-door.count, door.label))[:MAX_CENTRES]
    parts = {"kinds": every[:first], "centres": centres, "suggestions": every[second:]}
    return {name: [door for door in part if door.count] for name, part in parts.items()}


def _count(door, found):
    """(how many businesses stand behind a door, whether there are more), as its list will say."""
    if "q" not in door.params:
        return found.subsectors.get(door.params["subsector"], 0), False
    answer = finding.search(door.params["q"]) if found.total else None
    if answer is None or not answer.hits:
        return 0, False
    if answer.is_capped and "kelurahan" in door.params:  # as the list does, asked again in that place
        there = Business.objects.public().filter(kelurahan__code=door.params["kelurahan"])
        hits, more = finding.hits_of(answer.reading, there)
        return len(hits), more
    cells = [(facets.parts(hit.facet_key), 1) for hit in answer.hits if hit.facet_key]
    chosen = {name: [door.params[name]] for name in ("kecamatan", "kelurahan") if name in door.params}
    return Tally(found.cube, chosen, cells).total, answer.is_capped


def _centre(row):
    """A sentra as the search that shows it: its product in its kelurahan."""
    product = row.product.split("/")[0]
    rws = sorted(row.rws)
    place = _("Kelurahan %(name)s") % {"name": row.kelurahan.name}
    if rws:
        span = (
            f"{rws[0]}–{rws[-1]}"
            if rws == list(range(rws[0], rws[-1] + 1)) and len(rws) > 1
            else ", ".join(map(str, rws))
        )
        place += f" RW {span}"
    return Door(
        label=row.name.removeprefix("Sentra "),
        count=0,
        params={"q": product, "kecamatan": row.kelurahan.parent.code, "kelurahan": row.kelurahan.code},
        place=f"{place}, {row.kelurahan.parent.name}",
        picture=drawing_for(product),
    )
