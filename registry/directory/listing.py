"""One page of the directory: what was asked, the businesses found, and the counts beside them.

The list itself is always read anew; only the counts come from the kept cube (cube.py).
"""

from functools import cached_property
from types import SimpleNamespace
from urllib.parse import urlencode

from django.http import QueryDict
from django.templatetags.static import static
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from registry.businesses.choices import OperatingState
from registry.businesses.filters import PUBLIC_STATES, PublicBusinessFilter
from registry.businesses.models import Business
from registry.directory import cube as cubes
from registry.directory.pictures import drawing_for
from registry.directory.public import directory_facts, public_businesses
from umkm_portal.lib import tilemap
from umkm_portal.lib.formats import number
from umkm_portal.lib.paging import KeysetPage

PAGE_SIZE = 20
SORTS = {"nama": ("name", lazy("Nama A–Z")), "terbaru": ("-id", lazy("Terbaru terdata"))}
DEFAULT_SORT = "nama"
PAGING = ("after", "before")
REGIONS = ("kecamatan", "kelurahan")
# Facets the cube knows, in the order of `_key`; whatever else the address asks goes to the database.
FACETS = (*REGIONS, "subsector", "operating_state", "halal", "pirt")
LICENCES = {"halal": lazy("Bersertifikat halal"), "pirt": lazy("P-IRT berlaku")}
TOP_PLACES = 10


def directory_url(**params):
    """The directory with these parameters; a list value repeats its name."""
    query = urlencode(params, doseq=True)
    return reverse("directory") + (f"?{query}" if query else "")


class Listing:
    """What a request to the directory asks for, and everything its page shows."""

    def __init__(self, request):
        asked = _readable(request.GET)
        self.filterset = PublicBusinessFilter(asked, Business.objects.public(), request=request)
        self.problems = self.filterset.unread(known=("urut", *PAGING))
        self.words = self.filterset.words()
        self.chosen = {}
        for word in self.words:
            self.chosen.setdefault(word["name"], []).append(word["value"])
        self.text = self.chosen.get("q", [""])[0]
        self.sort = asked.get("urut", DEFAULT_SORT)
        if self.sort not in SORTS:
            self.problems.append(_("Urutan itu tidak dikenal; daftar diurutkan menurut nama."))
            self.sort = DEFAULT_SORT
        # Links repeat only what was understood: nothing that strayed into the address travels on.
        self.params = dict(self.chosen)
        if self.sort != DEFAULT_SORT:
            self.params["urut"] = [self.sort]
        self.page = self._page(asked)
        self.cube = cubes.current_cube()

    def _page(self, asked):
        understood = QueryDict(mutable=True)
        for name, values in self.params.items():
            understood.setlist(name, values)
        for name in PAGING:
            if name in asked:
                understood[name] = asked[name]
        rows, order = public_businesses(self.filterset.qs), SORTS[self.sort][0]
        page = KeysetPage(SimpleNamespace(GET=understood), rows, order, size=PAGE_SIZE)
        if page.bad_cursor:
            self.problems.append(_("Alamat halaman itu tidak dikenal; yang tampil halaman pertama."))
        return page

    # ---- addresses ---------------------------------------------------------------------------

    def url(self, **changes):
        """This list with some parameters replaced (a list; empty to drop), from its first page."""
        params = self.params | changes
        return directory_url(**{name: values for name, values in params.items() if values})

    @property
    def clear_url(self):
        """The same text without any filter."""
        return directory_url(**{n: v for n, v in self.params.items() if n in ("q", "urut")})

    @property
    def chips(self):
        """Every filter in use but the text, each with the address that takes it off."""
        found = []
        for word in self.words:
            if word["name"] == "q":
                continue
            changes = {word["name"]: [v for v in self.chosen[word["name"]] if v != word["value"]]}
            if word["name"] == "kecamatan":
                inside = word["value"] + "."
                changes["kelurahan"] = [
                    v for v in self.chosen.get("kelurahan", ()) if not v.startswith(inside)
                ]
            found.append({"kind": word["kind"], "label": word["label"], "url": self.url(**changes)})
        return found

    @property
    def sorts(self):
        return [
            {"label": label, "url": self.url(urut=[name]), "on": name == self.sort}
            for name, (_order, label) in SORTS.items()
        ]

    @property
    def kept(self):
        """(name, value) pairs the filter form sends along: the text, the order, filters without a box."""
        return [
            (name, value)
            for name, values in self.params.items()
            for value in values
            if not self._has_box(name, value)
        ]

    def _has_box(self, name, value):
        return name in FACETS and (name not in LICENCES or value == "ada")

    # ---- counting ----------------------------------------------------------------------------

    @cached_property
    def _counted(self):
        """([(key, how many)], whether the cap cut them); a key holds one value per facet."""
        uncounted = {
            name
            for name, values in self.chosen.items()
            if name not in FACETS or (name in LICENCES and values != ["ada"])
        }
        if uncounted:
            data = QueryDict(mutable=True)
            for name in uncounted:
                data.setlist(name, self.chosen[name])
            found = PublicBusinessFilter(data, Business.objects.public(), request=self.filterset.request)
            rows, cut = cubes.rows_of(found.qs)
        else:
            rows, cut = self.cube.rows, False
        tested = [name for name in FACETS if name in self.chosen and name not in uncounted]
        places = self.cube.places
        return [(self._key(row), row[-1]) for row in rows if row[0] in places], cut, tested

    def _key(self, row):
        kelurahan, subsector, state, halal, pirt, _number = row
        place = self.cube.places[kelurahan]
        slug = self.cube.subsectors.get(subsector, ("", ""))[0]
        return place.kecamatan_code, place.code, slug, state, "ada" * halal, "ada" * pirt

    def counts(self, facet, without=()):
        """{value of `facet`: how many businesses} under every filter in use but those in `without`."""
        rows, _cut, tested = self._counted
        tests = [(FACETS.index(name), set(self.chosen[name])) for name in tested if name not in without]
        at, found = FACETS.index(facet), {}
        for key, many in rows:
            if all(key[number] in values for number, values in tests):
                found[key[at]] = found.get(key[at], 0) + many
        return found

    @property
    def is_capped(self):
        """Whether more businesses hold the text than are counted one by one."""
        return self._counted[1]

    @property
    def cap(self):
        return cubes.TEXT_CAP

    @cached_property
    def total(self):
        if not self.page.rows and not self.page.previous_url:
            return 0
        return sum(self.counts("kecamatan").values())

    @property
    def total_text(self):
        return self._told(self.total)

    @property
    def city_total_text(self):
        return self._told(self.city_total)

    def _told(self, count):
        return number(count) + ("+" if self.is_capped else "")

    @cached_property
    def _by_kelurahan(self):
        return self.counts("kelurahan", without=REGIONS)

    @property
    def city_total(self):
        """How many there are in the whole city under the same text and other filters."""
        return sum(self._by_kelurahan.values())

    # ---- what the page shows -----------------------------------------------------------------

    @property
    def facets(self):
        """Facets with more than one thing to choose, or with something chosen."""
        found = [self._facet("kecamatan", _("Kecamatan"), self._kecamatan_names(), REGIONS)]
        if names := self._kelurahan_names():
            found.append(self._facet("kelurahan", _("Kelurahan"), names, ("kelurahan",)))
        found.append(self._facet("subsector", _("Subsektor"), dict(self.cube.subsectors.values())))
        states = {value: str(label) for value, label in PUBLIC_STATES}
        found.append(self._facet("operating_state", _("Keadaan"), states))
        return [facet for facet in found if facet["options"]]

    @property
    def licence_boxes(self):
        boxes = []
        for name, label in LICENCES.items():
            many = self.counts(name, without=(name,)).get("ada", 0)
            on = self.chosen.get(name) == ["ada"]
            if many or on:
                boxes.append({"name": name, "label": label, "count": many, "on": on})
        return boxes

    def _facet(self, name, label, names, without=None):
        counts = self.counts(name, without=without or (name,))
        chosen = set(self.chosen.get(name, ()))
        options = [
            {"value": value, "label": text, "count": counts.get(value, 0), "on": value in chosen}
            for value, text in names.items()
            if counts.get(value) or value in chosen
        ]
        options.sort(key=lambda option: (-option["count"], option["label"]))
        return {"name": name, "label": label, "options": options}

    def _kecamatan_names(self):
        return {place.kecamatan_code: place.kecamatan for place in self.cube.places.values()}

    def _kelurahan_names(self):
        """The kelurahan of the one kecamatan that is looked at; {} while it is the whole city."""
        looked_at = set(self.chosen.get("kecamatan", ()))
        looked_at |= {code.rpartition(".")[0] for code in self.chosen.get("kelurahan", ())}
        if len(looked_at) != 1:
            return {}
        return {p.code: p.name for p in self.cube.places.values() if p.kecamatan_code in looked_at}

    @property
    def map(self):
        """Counts per kelurahan under every other filter; a tile chooses its kelurahan, or lets go of it."""
        chosen = self.chosen.get("kelurahan", ())
        rows = [
            tile(place, self._by_kelurahan.get(place.code, 0), self._tile_url(place, chosen))
            for place in self.cube.places.values()
        ]
        return tilemap.build(rows, selected=chosen)

    def _tile_url(self, place, chosen):
        if place.code in chosen:
            return self.url(kelurahan=[])
        return self.url(kecamatan=[place.kecamatan_code], kelurahan=[place.code])

    @property
    def top_places(self):
        """The fullest kelurahan, for phones, where the tiles have no room for names."""
        chosen = self.chosen.get("kelurahan", ())
        places = sorted(self.cube.places.values(), key=lambda p: (-self._by_kelurahan.get(p.code, 0), p.name))
        return [
            {"name": p.name, "count": self._by_kelurahan[p.code], "url": self._tile_url(p, chosen)}
            for p in places[:TOP_PLACES]
            if p.code in self._by_kelurahan
        ]

    @property
    def cards(self):
        return [card(directory_facts(business)) for business in self.page.rows]

    @property
    def way_out(self):
        """(address, words) of the next best list when this one is empty."""
        if any(name in self.chosen for name in REGIONS) and self.city_total:
            words = _("Lihat %(n)s usaha di seluruh kota") % {"n": number(self.city_total)}
            return self.url(kecamatan=[], kelurahan=[]), words
        unfiltered = sum(self.counts("kecamatan", without=FACETS).values())
        if self.chips and unfiltered:
            return self.clear_url, _("Lihat %(n)s usaha tanpa filter") % {"n": number(unfiltered)}
        return directory_url(), _("Lihat semua usaha")


def _readable(query):
    """The parameters without empty values, and without a kelurahan outside every chosen kecamatan."""
    params = QueryDict(mutable=True)
    for name, values in query.lists():
        if kept := [value for value in values if value]:
            params.setlist(name, kept)
    if kecamatan := params.getlist("kecamatan"):
        inside = tuple(code + "." for code in kecamatan)
        kept = [code for code in params.getlist("kelurahan") if code.startswith(inside)]
        params.setlist("kelurahan", kept)
        if not kept:
            del params["kelurahan"]
    return params


def tile(place, count, url):
    """A row for tilemap.build."""
    return {
        "code": place.code,
        "name": place.name,
        "kecamatan": place.kecamatan,
        "column": place.column,
        "row": place.row,
        "count": count,
        "url": url,
    }


def card(facts):
    """One business as the business_card component wants it."""
    place = facts.kelurahan["name"]
    if facts.rw:
        place += f" RW {facts.rw:02d}"
    drawing = drawing_for(facts.name, facts.activity, *(product.name for product in facts.products))
    photo = facts.photos[0] if facts.photos else None
    licences = {licence.kind for licence in facts.licences if licence.status == "has" and licence.is_valid}
    tags = [facts.subsector["name"]] if facts.subsector else []
    tags += [label for kind, label in (("halal", _("Halal")), ("pirt", "P-IRT")) if kind in licences]
    if facts.operating_state != OperatingState.ACTIVE:
        tags.insert(0, str(OperatingState(facts.operating_state).label))
    return {
        "url": facts.url,
        "name": facts.name,
        "what": Truncator(facts.activity).chars(110),
        "price": facts.lowest_price_idr,
        "place": f"{place}, {facts.kecamatan['name']}",
        "hours": Truncator(facts.opening_hours).chars(40),
        "photo": photo.small_url if photo else (static(drawing) if drawing else ""),
        "alt": (photo.caption or facts.name) if photo else "",
        "tags": tags,
        "chat_url": facts.chat_url,
    }
