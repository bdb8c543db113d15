"""One page of the directory: what was asked, the businesses found, and the counts beside them.

Without a text the list is read by key and the counts come from the kept ledger. With a text the businesses
found are ranked and counted one by one, up to `finding.MOST`; above that the counts are of those, and the
page says so. List, map, figures and download ask a Listing, so that one address means the same rows in all.
"""

from collections import Counter
from functools import cached_property
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from registry.businesses import choices, finding
from registry.businesses.filters import PUBLIC_STATES, PublicBusinessFilter
from registry.businesses.models import Business
from registry.directory.cards import card, tile
from registry.directory.cube import REGIONS, Tally, current_cube
from registry.directory.pages import KeyedPage, RankedPage, directory_url, readable, views_of
from registry.search import facets
from registry.sectors.kbli import SECTORS
from umkm_portal.lib import tilemap
from umkm_portal.lib.formats import number
from umkm_portal.lib.text import clean_line

BEST = "cocok"
SORTS = {
    BEST: ("", lazy("Paling cocok")),
    "nama": ("name", lazy("Nama A–Z")),
    "terbaru": ("-id", lazy("Terbaru terdata")),
}
PAGING = ("after", "before", "hal")
# Facets the ledger knows; whatever else the address asks goes to the database.
FACETS = ("kecamatan", "kelurahan", "sector", "subsector", "scale", "operating_state", "halal", "pirt", "nib")
LICENCES = {"halal": lazy("Bersertifikat halal"), "pirt": lazy("P-IRT berlaku"), "nib": lazy("Punya NIB")}
TOP_PLACES = 10


class Listing:
    """What a request to the directory asks for, and everything its page shows."""

    def __init__(self, request):
        asked = self._asked = readable(request.GET)
        self.view_name = getattr(getattr(request, "resolver_match", None), "url_name", "") or "directory"
        self._request = request
        self.problems, self.words = [], []
        if set(asked) - {"urut", *PAGING}:
            self.problems = self.filterset.unread(known=("urut", *PAGING))
            self.words = self.filterset.words()
        self.chosen = {}
        for word in self.words:
            self.chosen.setdefault(word["name"], []).append(word["value"])
        self.text = self.chosen.get("q", [""])[0]
        self.found = finding.search(self.text) if self.text else None
        if self.found is not None and not self.found.reading:
            self.found = None  # nothing in it can be looked for by sound: it is looked for in names
        self.default_sort = BEST if self.found else "nama"
        self.sort = asked.get("urut", self.default_sort)
        if self.sort not in SORTS or (self.sort == BEST and not self.found):
            self.problems.append(_("Urutan itu tidak dikenal; daftar diurutkan seperti biasa."))
            self.sort = self.default_sort
        # Links repeat only what was understood: nothing that strayed into the address travels on.
        self.params = dict(self.chosen)
        if self.sort != self.default_sort:
            self.params["urut"] = [self.sort]
        self.cube = current_cube()

    @cached_property
    def filterset(self):
        """The address as PublicBusinessFilter reads it; building one is dear, and most visits have none."""
        return PublicBusinessFilter(self._asked, Business.objects.public(), request=self._request)

    # Whether the hits were asked for again under the filters, and whether there are more of them than that.
    _counted_anew = _more_shown = False

    # ---- which businesses --------------------------------------------------------------------

    def matching(self):
        """Every public business under the same text and filters: complete, unordered, bare rows."""
        return self._filtered(self.chosen)

    def _filtered(self, chosen):
        """Public businesses under some of the chosen filters, and the text where it is among them."""
        data = QueryDict(mutable=True)
        for name, values in chosen.items():
            if name != "q":
                data.setlist(name, values)
        rows = Business.objects.public()
        if data and not self.problems and len(data) == len(self.chosen):
            rows = self.filterset.qs  # all of the address, without a text: read already
        elif data:
            rows = PublicBusinessFilter(data, rows, request=self._request).qs
        if "q" not in chosen:
            return rows
        if not self.found:
            return rows.filter(name__icontains=clean_line(self.text))
        return rows.filter(finding.condition(self.found))

    @cached_property
    def _counted_by_ledger(self):
        """{facet: values} of the chosen filters that a facet key can answer."""
        return {
            name: values
            for name, values in self.chosen.items()
            if name in FACETS and not (name == "halal" and values != ["ada"])
        }

    @cached_property
    def _beside(self):
        """The chosen filters that only the database can answer."""
        return {n: v for n, v in self.chosen.items() if n != "q" and n not in self._counted_by_ledger}

    @cached_property
    def _hits(self):
        """(businesses found by the text and what stands beside it, whether there are more), ranked."""
        if not self._beside or not self.found.hits:
            return self.found.hits, self.found.is_capped
        beside = self._filtered(self._beside)
        if not self.found.is_capped:  # which of them a text means was decided once
            passing = set(beside.filter(pk__in=[h.pk for h in self.found.hits]).values_list("pk", flat=True))
            return [hit for hit in self.found.hits if hit.pk in passing], False
        hits, more = finding.hits_of(self.found.reading, beside)
        return finding.ranked(hits, self.found.reading), more

    @cached_property
    def _shown_hits(self):
        """The hits that pass every filter, in the order asked for; None where the database must page."""
        hits, more = self._hits
        if more and (self._counted_by_ledger or self.sort != BEST):
            if self.sort != BEST:
                return None
            chosen = {n: v for n, v in self.chosen.items() if n != "q"}
            hits, self._more_shown = finding.hits_of(self.found.reading, self._filtered(chosen))
            self._counted_anew = True
            return finding.ranked(hits, self.found.reading)
        tests = [self.cube.allowed(name, values) for name, values in self._counted_by_ledger.items()]
        if tests:
            hits = [hit for hit in hits if _passes(facets.parts(hit.facet_key), tests)]
        if self.sort == "nama":
            hits = sorted(hits, key=lambda hit: (hit.name, hit.pk))
        elif self.sort == "terbaru":
            hits = sorted(hits, key=lambda hit: -hit.pk)
        return hits

    @cached_property
    def page(self):
        asked = self._asked
        if self.found and self._shown_hits is not None:
            page = RankedPage(self, self._shown_hits, asked.get("hal", ""))
        else:
            understood = QueryDict(mutable=True)
            for name, values in self.params.items():
                understood.setlist(name, values)
            for name in ("after", "before"):
                if name in asked:
                    understood[name] = asked[name]
            order = SORTS[self.sort][0] or "name"
            page = KeyedPage(understood, self.matching(), order)
            page.bad_cursor = page.bad_cursor or "hal" in asked
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

    @cached_property
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
            {
                "label": label,
                "url": self.url(urut=[name] if name != self.default_sort else []),
                "on": name == self.sort,
            }
            for name, (_order, label) in SORTS.items()
            if name != BEST or self.found
        ]

    @property
    def query(self):
        """What this list asks for as an address writes it, without its page."""
        return urlencode(self.params, doseq=True)

    @property
    def views(self):
        """The same rows as list, map, figures and download."""
        return views_of(self.query, self.view_name)

    @property
    def corrected_url(self):
        """The list for the text as it may have been meant."""
        return self.url(q=[self.found.corrected]) if self.found and self.found.corrected else ""

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
    def _cells(self):
        """(cells to count, whether the cap cut them): None for all public businesses."""
        if self.found:
            hits, more = self._hits
            cells = Counter(hit.facet_key for hit in hits)
        elif self._beside or self.text:
            beside = self._beside | ({"q": [self.text]} if self.text else {})
            keys = self._filtered(beside).order_by().values_list("facet_key", flat=True)
            keys = list(keys[: finding.MOST + 1])
            more, cells = len(keys) > finding.MOST, Counter(keys[: finding.MOST])
        else:
            return None, False
        return [(facets.parts(key), n) for key, n in cells.items() if key], more

    @cached_property
    def tally(self):
        return Tally(self.cube, self._counted_by_ledger, self._cells[0])

    def counts(self, facet, without=()):
        """{value of `facet`: how many businesses} under every filter in use but those in `without`.

        `without` is the facet itself, or the two regions for one of them.
        """
        return self.tally.counts(facet, without)

    @property
    def is_capped(self):
        """Whether more businesses match than are counted one by one."""
        return self._cells[1]

    @property
    def cap(self):
        return finding.MOST

    @cached_property
    def total(self):
        if not self.page.rows and not self.page.previous_url:
            return 0
        return len(self._shown_hits) if self._counted_anew else self.tally.total

    @property
    def total_text(self):
        if self.page and self._counted_anew:
            return number(self.total) + ("+" if self._more_shown else "")
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

    @cached_property
    def facets(self):
        """Facets with more than one thing to choose, or with something chosen."""
        found = [self._facet("kecamatan", _("Kecamatan"), self._kecamatan_names(), REGIONS)]
        if names := self._kelurahan_names():
            found.append(self._facet("kelurahan", _("Kelurahan"), names, ("kelurahan",)))
        sectors = {slug: str(words[0]) for slug, words in SECTORS.items()}
        found.append(self._facet("sector", _("Bidang usaha"), sectors))
        found.append(self._facet("subsector", _("Subsektor"), dict(self.cube.subsectors.values())))
        scales = {value: str(label) for value, label in choices.Scale.choices}
        found.append(self._facet("scale", _("Skala"), scales | {"unknown": _("belum diketahui")}))
        states = {value: str(label) for value, label in PUBLIC_STATES}
        found.append(self._facet("operating_state", _("Keadaan"), states))
        return [facet for facet in found if facet["options"]]

    @cached_property
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

    @cached_property
    def map(self):
        """Counts per kelurahan under every other filter; a tile chooses its kelurahan, or lets go of it."""
        chosen = self.chosen.get("kelurahan", ())
        chosen = set(chosen)
        rows = [
            tile(place, self._by_kelurahan.get(place.code, 0), self._tile_url(place, chosen))
            for place in self.cube.places.values()
        ]
        return tilemap.build(rows, selected=chosen)

    @cached_property
    def _anywhere_url(self):
        """This list without a region, ready to have one added."""
        url = self.url(kecamatan=[], kelurahan=[])
        return url + ("&" if "?" in url else "?")

    def _tile_url(self, place, chosen):
        if place.code in chosen:
            return self.url(kelurahan=[])
        return f"{self._anywhere_url}kecamatan={place.kecamatan_code}&kelurahan={place.code}"

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
        return [card(facts) for facts in self.page.rows]

    @property
    def way_out(self):
        """(address, words) of the next best list when this one is empty."""
        if any(name in self.chosen for name in REGIONS) and self.city_total:
            words = _("Lihat %(n)s usaha di seluruh kota") % {"n": number(self.city_total)}
            return self.url(kecamatan=[], kelurahan=[]), words
        unfiltered = len(self.found.hits) if self.found else self.cube.total
        if self.chips and unfiltered and (self.found or not self.text):
            return self.clear_url, _("Lihat %(n)s usaha tanpa filter") % {"n": number(unfiltered)}
        return directory_url(), _("Lihat semua usaha")


def _passes(values, tests):
    return all(values[at] in allowed for at, allowed in tests)
