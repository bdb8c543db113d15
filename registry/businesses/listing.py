"""What the address of the staff list asks for: filters, order, columns, page size; for page, print, workbook.

An address that is not understood finds nothing, so that a slip never looks like an answer. Whoever holds a
link to the list sees the same question answered for their own reach.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import CharField, Count, DateField, F, IntegerField, Value
from django.db.models.functions import Coalesce, Concat
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from registry.businesses.columns import LIST_COLUMNS, MONEY, USUAL, Sight
from registry.businesses.filters import BusinessFilter
from registry.businesses.models import Business
from registry.regions.access import reach
from umkm_portal.lib.formats import number
from umkm_portal.lib.paging import capped_count

# What the list reads from the address besides its filters.
VIEW_PARAMETERS = ("urut", "baris", "kolom")
PAGE_PARAMETERS = (*VIEW_PARAMETERS, "after", "before")
SIZES = (25, 50, 100)
COUNT_CAP = 10_000  # counted exactly up to here; above it reads "10.000+"
KEPT_SECONDS = 60
UNLISTED = (
    "search_keys",
    "facet_key",
    "description",
    "address",
    "phone",
    "phone_other",
    "email",
    "owner_words",
)


@dataclass(frozen=True)
class Sort:
    """One order of the list. `key` is a column or an annotation that is never null, so that a page by key
    can stand on it. Orders without an index sort what was found, and only up to COUNT_CAP rows.
    """

    label: Any
    key: str
    annotation: Any = None
    indexed: bool = False
    falling: bool = False  # whether the first click starts with the greatest


SORTS = {
    "nama": Sort(lazy("Nama"), "name", indexed=True),
    "kelurahan": Sort(
        lazy("Kelurahan"),
        "order_place",
        Concat(Coalesce("kelurahan__name", Value("")), Value("\x1f"), "name", output_field=CharField()),
    ),
    "kbli": Sort("KBLI", "order_kbli", Coalesce("kbli__code", Value(""), output_field=CharField())),
    "tenaga": Sort(
        lazy("Tenaga kerja"),
        "order_workers",
        Coalesce("workers", Value(-1), output_field=IntegerField()),
        falling=True,
    ),
    "omzet": Sort(lazy("Omzet/tahun"), "order_sales", Coalesce("annual_sales_idr", Value(-1)), falling=True),
    "dipastikan": Sort(
        lazy("Dipastikan"),
        "order_confirmed",
        Coalesce("last_confirmed_on", Value(date(1900, 1, 1)), output_field=DateField()),
    ),
    "berubah": Sort(lazy("Berubah"), "changed_at", indexed=True, falling=True),
}
USUAL_SORT = "nama"


class Listing:
    """The rows of one address, for `user`; `params` is the address's QueryDict."""

    def __init__(self, request):
        self.request, self.user, self.params = request, request.user, request.GET
        self.sight = Sight(request.user)
        self.filterset = BusinessFilter(
            self.params, Business.objects.visible_to(request.user), request=request
        )
        self.problems = self.filterset.unread(PAGE_PARAMETERS)
        self.rows = self.filterset.qs.none() if self.filterset.errors else self.filterset.qs
        asked = self.params.get("baris", "")
        self.size = int(asked) if asked in map(str, SIZES) else SIZES[0]
        self.columns = self._columns()
        self.sort = self._sort()
        chosen = SORTS[self.sort.removeprefix("-")]
        self.order = ("-" if self.sort.startswith("-") else "") + chosen.key
        if chosen.annotation is not None:
            self.rows = self.rows.annotate(**{chosen.key: chosen.annotation})

    # ---- how many ----------------------------------------------------------------------------------------

    @cached_property
    def _counted(self):
        """(number, whether there are more): exact without filters, else exact up to COUNT_CAP."""
        if not self.filterset.words() and not self.problems:
            return total_in_reach(self.user), False
        return capped_count(self.rows, COUNT_CAP)

    @property
    def count(self):
        return self._counted[0]

    @property
    def more(self):
        return self._counted[1]

    @property
    def count_text(self):
        return number(self.count) + "+" * self.more

    # ---- order and columns -------------------------------------------------------------------------------

    def may_sort(self, key):
        """Whether `key` is an order for this user: turnover only where all they see may be known."""
        if key != "omzet":
            return key in SORTS
        money, seen = reach(self.user, MONEY), reach(self.user, "registry.view_business")
        return money.everywhere or (not seen.everywhere and bool(seen) and seen.kelurahan <= money.kelurahan)

    def _sort(self):
        asked = self.params.get("urut", "")
        name = asked.removeprefix("-")
        if not self.may_sort(name):
            if asked:
                self.problems.append(_("Urutan itu tidak tersedia; daftar diurutkan menurut nama."))
            return USUAL_SORT
        if not SORTS[name].indexed and self.more:
            self.problems.append(
                _("Lebih dari %(cap)s usaha diurutkan menurut nama saja. Persempit dengan filter dulu.")
                % {"cap": number(COUNT_CAP)}
            )
            return USUAL_SORT
        return asked

    def _columns(self):
        """Keys of the columns to show: those asked for, else the usual; none that may never be seen."""
        told = {key for value in self.params.getlist("kolom") for key in value[:400].split(",")}
        asked = told & LIST_COLUMNS.keys() or USUAL
        return [k for k, column in LIST_COLUMNS.items() if k in asked and self.sight.ever(column.permission)]

    def headings(self):
        """[{key, label, css, url, aria}] of the table's head, the name first; `url` where it sorts."""
        found = [self._heading("nama", lazy("Usaha"), "")]
        for key in self.columns:
            column = LIST_COLUMNS[key]
            found.append(self._heading(key, column.label, column.css))
        return found

    def _heading(self, key, label, css):
        if not self.may_sort(key):
            return {"key": key, "label": label, "css": css, "url": "", "aria": ""}
        on = self.sort.removeprefix("-") == key
        down = self.sort.startswith("-")
        following = (not down) if on else SORTS[key].falling
        aria = ("descending" if down else "ascending") if on else ""
        return {
            "key": key,
            "label": label,
            "css": css,
            "url": self.address(urut=("-" if following else "") + key),
            "aria": aria,
        }

    def sort_choices(self):
        """[(value, words)] for the drop-down, which phones use for want of headings."""
        found = []
        for key, sort in SORTS.items():
            if self.may_sort(key):
                ways = (("", _("naik")), ("-", _("turun")))
                for sign, word in ways[:: -1 if sort.falling else 1]:
                    found.append((sign + key, f"{sort.label}, {word}"))
        return found

    # ---- addresses ---------------------------------------------------------------------------------------

    def kept(self, *without):
        """The address's parameters for links and hidden fields: no blanks, no pager, none of `without`."""
        skip = {"after", "before", *without}
        return [(k, v) for k, vs in self.params.lists() for v in vs if v and k not in skip]

    def address(self, **changed):
        """This list with some parameters changed (None leaves one out): "?…"."""
        return "?" + urlencode([*self.kept(*changed), *((k, v) for k, v in changed.items() if v)])

    def query(self, *without):
        return urlencode(self.kept(*without))

    def columns_query(self):
        """The query string with the columns that are shown now, whether the address names them or not."""
        return urlencode([*self.kept("kolom", "baris"), ("kolom", ",".join(self.columns))])

    def ordered(self):
        """All rows in the list's order, the key breaking ties."""
        return self.rows.order_by(self.order, "-pk" if self.order.startswith("-") else "pk")


def total_in_reach(user):
    """How many businesses `user` may read: summed from counts by kelurahan that are kept for a minute."""
    there = reach(user, "registry.view_business")
    if not there:
        return 0
    last = Business.objects.order_by("-changed_at", "-pk").values_list("changed_at", "pk").first()
    if last is None:
        return 0
    key = f"business-totals:{last[0].timestamp()}:{last[1]}"
    totals = cache.get(key)
    if totals is None:
        rows = Business.objects.filter(merged_into=None).order_by().values_list(F("kelurahan"))
        totals = dict(rows.annotate(n=Count("pk")))
        cache.set(key, totals, KEPT_SECONDS)
    return sum(n for place, n in totals.items() if there.covers(place))
