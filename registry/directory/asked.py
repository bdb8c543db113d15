"""One question, four answers: what list, map, figures and download take from the same address.

Every view of the directory reads its rows through `Listing`; here stands what lets the others do so: their
own parameters beside the filters, complete counts, and the way from one view to the next.
"""

from collections import Counter
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from registry.directory.cube import Tally
from registry.directory.listing import PAGING, Listing
from registry.search import facets

OF_THE_LIST = ("urut", *PAGING)  # order and paging say nothing to the other views
# Rows counted one by one where the listing stops at its cap: about a tenth of a second.
COMPLETE = 20_000


def listing_of(request, *own):
    """(Listing of the filters in the address, {name: text} of the view's `own` parameters)."""
    asked = request.GET.copy()
    values = {name: asked.pop(name, [""])[-1] for name in own}
    for name in OF_THE_LIST:
        asked.pop(name, None)
    request.GET = asked
    return Listing(request), values


class Counted:
    """How many businesses a listing means, by facet; complete up to COMPLETE where the listing is capped."""

    def __init__(self, listing):
        self.listing = listing
        self.cap = listing.cap

    @cached_property
    def _tally(self):
        """(Tally, whether more match than it counts)."""
        if not self.listing.is_capped:
            return self.listing.tally, False
        keys = self.listing.matching().order_by().values_list("facet_key", flat=True)
        keys = list(keys[: COMPLETE + 1])
        if len(keys) > COMPLETE:
            return self.listing.tally, True
        cells = [(facets.parts(key), n) for key, n in Counter(keys).items() if key]
        return Tally(self.listing.cube, {}, cells), False

    @property
    def is_capped(self):
        return self._tally[1]

    def counts(self, facet):
        """{value: n} under every filter in use."""
        return self._tally[0].counts(facet)

    @cached_property
    def total(self):
        return self._tally[0].total


def address(view, listing, **own):
    """The address of a view of these rows, with parameters of its own."""
    params = {name: values for name, values in listing.params.items() if name not in OF_THE_LIST}
    query = urlencode(params | {name: value for name, value in own.items() if value}, doseq=True)
    return reverse(view) + (f"?{query}" if query else "")


def onto(view, url, **own):
    """An address of the list, as the address of another view of the same rows."""
    _path, _mark, query = url.partition("?")
    more = urlencode({name: value for name, value in own.items() if value})
    query = "&".join(filter(None, [query, more]))
    return reverse(view) + (f"?{query}" if query else "")


def filter_text(listing):
    """The filters in use as one line: "Cari: tempe; Kecamatan: Blimbing", or that there are none."""
    said = [f"{word['kind']}: {word['label']}" for word in listing.words]
    return "; ".join(said) or _("tanpa filter, seluruh direktori")


def view_context(view, listing, **own):
    """What the frame of a view prints: the filters' form and the chips, all leading back to it."""
    return {
        "section": "directory",
        "listing": listing,
        "view_title": next(row["label"] for row in listing.views if row["url"].startswith(reverse(view))),
        "filters": filter_text(listing),
        "action": reverse(view),
        "own": [(name, value) for name, value in own.items() if value],
        "chips": [chip | {"url": onto(view, chip["url"], **own)} for chip in listing.chips],
        "clear": onto(view, listing.clear_url, **own),
        "corrected": onto(view, listing.corrected_url, **own) if listing.corrected_url else "",
    }
