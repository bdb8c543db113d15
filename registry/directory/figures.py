"""What the landing page counts: figures, kinds, centres and the map, kept for up to a minute."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.core.cache import cache
from django.db.models import Count, Q
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from registry.businesses.filters import holds_words
from registry.businesses.models import Business
from registry.directory.cube import HALAL, KELURAHAN, KEPT_SECONDS, NUMBER, PIRT, SUBSECTOR, current_cube
from registry.directory.listing import directory_url, tile
from registry.directory.pictures import drawing_for
from registry.sectors.models import ProductCentre
from umkm_portal.lib import tilemap

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


@dataclass(frozen=True)
class Door:
    """A counted way into the directory."""

    label: str
    count: int
    params: dict
    place: str = ""
    picture: str = ""

    @property
    def url(self):
        return directory_url(**self.params)

    @property
    def picture_url(self):
        return static(self.picture) if self.picture else ""


@dataclass(frozen=True)
class Figures:
    """Counts of public businesses at `counted_at`."""

    counted_at: datetime
    total: int
    halal: int
    pirt: int
    kelurahan: dict  # {region id: count}
    subsectors: dict  # {slug: count}


def figures():
    """Figures from the directory's cube, so that a figure and the list behind it agree."""
    cube = current_cube()
    kelurahan, subsectors = {}, {}
    halal = pirt = total = 0
    for row in cube.rows:
        many = row[NUMBER]
        total += many
        halal += many * row[HALAL]
        pirt += many * row[PIRT]
        kelurahan[row[KELURAHAN]] = kelurahan.get(row[KELURAHAN], 0) + many
        slug = cube.subsectors.get(row[SUBSECTOR], ("", ""))[0]
        subsectors[slug] = subsectors.get(slug, 0) + many
    return Figures(cube.counted_at, total, halal, pirt, kelurahan, subsectors)


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
    places = current_cube().places
    return tilemap.build(
        tile(p, found.kelurahan.get(p.pk, 0), directory_url(kecamatan=p.kecamatan_code, kelurahan=p.code))
        for p in places.values()
    )


def doors(found):
    """{"kinds", "centres", "suggestions"}: lists of Door with something behind them; one query a minute."""
    key = f"landing-doors:{found.counted_at.timestamp()}"
    kept = cache.get(key)
    if kept is None:
        kept = _count_doors(found)
        cache.set(key, kept, KEPT_SECONDS)
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
    asked = {
        f"n{at}": Count("pk", filter=_condition(door)) for at, door in enumerate(every) if "q" in door.params
    }
    answers = Business.objects.public().aggregate(**asked) if found.total else {}
    every = [
        replace(door, count=answers.get(f"n{at}") or found.subsectors.get(door.params.get("subsector"), 0))
        for at, door in enumerate(every)
    ]
    first, second = len(kinds), len(kinds) + len(centres)
    centres = sorted(every[first:second], key=lambda door: (-door.count, door.label))[:MAX_CENTRES]
    parts = {"kinds": every[:first], "centres": centres, "suggestions": every[second:]}
    return {name: [door for door in part if door.count] for name, part in parts.items()}


def _condition(door):
    condition = holds_words(door.params["q"])
    if "kelurahan" in door.params:
        condition &= Q(kelurahan__code=door.params["kelurahan"])
    return condition


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
