"""Addresses of the directory, and its pages: by key, or of an ordered list of businesses found."""

from functools import cache
from types import SimpleNamespace
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext_lazy as lazy

from registry.directory.public import facts_of
from umkm_portal.lib.paging import KeysetPage

PAGE_SIZE = 20
VIEWS = (
    ("directory", lazy("Daftar")),
    ("directory-map", lazy("Peta")),
    ("directory-figures", lazy("Angka")),
    ("directory-download", lazy("Unduh")),
)


def directory_url(**params):
    """The directory with these parameters; a list value repeats its name."""
    query = urlencode(params, doseq=True)
    return _directory(get_script_prefix()) + (f"?{query}" if query else "")


@cache
def _directory(_prefix):
    """A page has a hundred links into the directory: its address is reversed once."""
    return reverse("directory")


def views_of(query, current):
    """The same rows as list, map, figures and download: [{"label", "url", "current"}]."""
    return [
        {"label": label, "url": reverse(name) + (f"?{query}" if query else ""), "current": name == current}
        for name, label in VIEWS
    ]


def readable(query):
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


class KeyedPage(KeysetPage):
    """A page of businesses by key, read in two steps: keys by the index, then what is shown of them."""

    def __init__(self, params, businesses, order):
        keys = businesses.values("pk", *{order.lstrip("-")})
        super().__init__(SimpleNamespace(GET=params), keys, order, size=PAGE_SIZE)
        self.rows = facts_of(row["pk"] for row in self.rows)


class RankedPage:
    """A page of an already ordered list of businesses found, numbered from 1; as KeysetPage to a template."""

    bad_cursor = False

    def __init__(self, listing, hits, asked):
        pages = max(1, -(-len(hits) // PAGE_SIZE))
        ascii_number = asked.isascii() and asked.isdigit() and len(asked) < 5
        self.number = int(asked) if ascii_number else 1
        self.bad_cursor = bool(asked) and not (ascii_number and 1 <= self.number <= pages)
        if self.bad_cursor:
            self.number = 1
        start = (self.number - 1) * PAGE_SIZE
        shown = [hit.pk for hit in hits[start : start + PAGE_SIZE]]
        self.rows = facts_of(shown)
        self.previous_url = listing.url(hal=[str(self.number - 1)]) if self.number > 1 else ""
        self.next_url = listing.url(hal=[str(self.number + 1)]) if self.number < pages else ""
        self.first_url = listing.url()
