"""The board "mana yang perlu didatangi": open needs by urgency, age and never visited, or by place.

However many needs there are, the page asks the database as often: rows of one page, what is known of their
businesses, one count by place, one by RW where a single kelurahan is looked at.
"""

from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, Q, Sum
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from programs.visits import board_printed
from programs.visits.days import MOST_A_DAY, VisitDay
from programs.visits.filters import VISITED, BoardFilter
from programs.visits.models import RECORD, Visit
from registry.businesses.models import Business
from registry.regions.access import reach
from registry.regions.models import Region
from registry.reports.models import SCHEDULE, VisitRequest
from registry.reports.needs import NEVER_VISITED, Urgency
from registry.submissions.filters import stated
from umkm_portal.lib.formats import day as told_day
from umkm_portal.lib.formats import moment, number
from umkm_portal.lib.paging import BadCursor, KeysetPage, decode_cursor

SIZE = 50
VIEW_PARAMETERS = ("urut", "hari", "after", "before")
PLACES = ("kecamatan", "kelurahan", "rw")
ORDERS = {"peringkat": lazy("Peringkat"), "tempat": lazy("Kelurahan dan RW")}
TABS = (
    (VisitRequest.State.NEW, lazy("Menunggu")),
    (VisitRequest.State.SCHEDULED, lazy("Dijadwalkan")),
    (VisitRequest.State.VISITED, lazy("Dikunjungi")),
    ("open", lazy("Semua")),
)
DAYS_OFFERED = 40
SHOWN = (
    "uuid", "kelurahan_id", "rt", "rw", "business_id", "told_name", "told_place", "need", "urgency",
    "told_day", "weight", "state", "scheduled_on", "visited_on",
)  # fmt: skip
# Columns of one number, so that pages follow each other by key: what stands left weighs more.
BY_SCORE, BY_PLACE, BY_RW = 10_000_000, 10**12, 10**9
NO_RW = 1000  # stands behind the last RW of its kelurahan


def ordered(rows, order, today):
    """(rows with a column `place_in_line`, ascending): by score, then older, then id; or by kelurahan and
    RW, then score. Whole numbers, the same in both databases."""
    score = Cast(F("score"), BigIntegerField())
    if order == "tempat":
        line = (
            Cast(F("kelurahan_id"), BigIntegerField()) * BY_PLACE
            + Cast(Coalesce(F("rw"), NO_RW), BigIntegerField()) * BY_RW
            - score
        )
    else:
        line = F("told_day") - score * BY_SCORE
    return rows.ranked(today).annotate(place_in_line=ExpressionWrapper(line, output_field=BigIntegerField()))


class Place(NamedTuple):
    """A kelurahan, in what the board shows of it."""

    pk: int
    code: str
    name: str
    parent_id: int
    kecamatan: str
    kecamatan_code: str


def known_places():
    """Values of Place of every kelurahan, by name: fifty-seven light rows instead of as many models."""
    columns = ("pk", "code", "name", "parent_id", "parent__name", "parent__code")
    return Region.objects.kelurahan().order_by("name", "code").values_list(*columns)


@dataclass
class Line:
    """One need as the board, the printed list and the workbook show it."""

    request: VisitRequest
    name: str
    business: str  # its page's address, "" where it is not recorded or out of reach
    kelurahan: Place
    waited: int  # days since the report
    visited_on: object  # when the business was last visited, None for never
    heading: str = ""  # of the kelurahan and RW that begin here, on the list by place
    picked: bool = False

    @property
    def url(self):
        return self.request.get_absolute_url()

    @property
    def is_waiting(self):
        return self.request.state == VisitRequest.State.NEW

    @property
    def never_visited(self):
        return self.request.weight % NEVER_VISITED == 0

    @property
    def is_urgent(self):
        return self.request.urgency == Urgency.URGENT


class Board:
    """What the address asks of the board, for `request.user`."""

    def __init__(self, request):
        self.request, self.user = request, request.user
        self.today = timezone.localdate()
        self.params = stated(request.GET)
        self.order = self.params.get("urut") if self.params.get("urut") in ORDERS else "peringkat"
        self.everything = VisitRequest.objects.visible_to(self.user).open()
        self.filterset = BoardFilter(self.params, self.everything, request=request)
        self.problems = self.filterset.unread(VIEW_PARAMETERS)
        self.state = self.filterset.form.cleaned_data.get("state") or VisitRequest.State.NEW
        self.rows = self._kept(self.filterset)
        self.places = {row[0]: Place(*row) for row in known_places()}
        self.may_schedule = bool(reach(self.user, RECORD)) and bool(reach(self.user, SCHEDULE))

    def _kept(self, filterset):
        if filterset.errors:
            return self.everything.none()
        rows = filterset.qs
        return rows if filterset.data.get("state") else rows.filter(state=VisitRequest.State.NEW)

    # ---- rows ----------------------------------------------------------------------------------------

    @property
    def line_up(self):
        return ordered(self.rows, self.order, self.today).only(*SHOWN)

    def page(self):
        page = KeysetPage(self.request, self._near(self.line_up), "place_in_line", SIZE)
        if page.bad_cursor:
            self.problems.append(
                _("Halaman lanjutan di alamat ini tidak dikenali, jadi papan mulai dari awal.")
            )
        return page

    def _near(self, rows):
        """By place, a page lies in one or two kelurahan: which ones is told by what each of them counts, so
        that only theirs are put in order."""
        if self.order != "tempat" or self.params.get("rw"):
            return rows
        backwards = bool(self.params.get("before"))
        counts = {pk: n for pk, n in self._by_place.items() if self._inside is None or pk in self._inside}
        try:
            start = decode_cursor(self.params.get("before") or self.params.get("after", ""))[0] // BY_PLACE
        except (BadCursor, TypeError):
            start = 0
        near, room = [], SIZE + 1 + counts.get(start, 0)
        for pk in sorted(counts, reverse=backwards):
            if room > 0 and (not start or (pk <= start if backwards else pk >= start)):
                near.append(pk)
                room -= counts[pk]
        return rows.filter(kelurahan__in=near)

    def lines(self, requests, picked=()):
        """`requests` with what is known of their businesses: one query."""
        known = {
            pk: (name, uuid, on)
            for pk, name, uuid, on in Business.objects.filter(
                pk__in={row.business_id for row in requests if row.business_id}
            ).values_list("pk", "name", "uuid", "last_visit__on")
        }
        readable = reach(self.user, "registry.view_business")
        found, before = [], None
        for row in requests:
            name, uuid, on = known.get(row.business_id, (row.told_name, None, None))
            line = Line(
                request=row,
                name=name,
                business=reverse("business-detail", args=[uuid])
                if uuid and readable.covers(row.kelurahan_id)
                else "",
                kelurahan=self.places[row.kelurahan_id],
                waited=self.today.toordinal() - row.told_day,
                visited_on=on,
                picked=str(row.uuid) in picked,
            )
            if self.order == "tempat" and (row.kelurahan_id, row.rw) != before:
                before = (row.kelurahan_id, row.rw)
                line.heading = f"{line.kelurahan.name}, {self.rw_name(row.rw)}"
            found.append(line)
        return found

    @staticmethod
    def rw_name(rw):
        return f"RW {rw:02d}" if rw else _("RW belum diketahui")

    # ---- counts --------------------------------------------------------------------------------------

    def _asked_but_for(self, names):
        """Open needs as filtered, but for these filters."""
        wide = self.params.copy()
        for name in names:
            wide.pop(name, None)
        if not set(wide) & set(BoardFilter.base_filters):
            return self.everything
        filterset = BoardFilter(wide, self.everything, request=self.request)
        return filterset.qs if not filterset.errors else self.everything.none()

    @cached_property
    def _counted(self):
        """Open needs by kelurahan and state, as filtered but for the place and the state: one query."""
        rows = self._asked_but_for((*PLACES, "state"))
        score = F("weight") * (self.today.toordinal() + 1 - F("told_day"))
        urgent = Count("pk", filter=Q(urgency=Urgency.URGENT))
        counted = rows.order_by().values("kelurahan_id", "state")
        return list(counted.annotate(n=Count("pk"), urgent=urgent, total=Sum(score)))

    @property
    def _by_place(self):
        """{kelurahan id: needs in the chosen state}."""
        found = Counter()
        for row in self._counted:
            if self.state in ("open", row["state"]):
                found[row["kelurahan_id"]] += row["n"]
        return found

    def count(self):
        """Needs the address asks for: from the counts by place, unless an RW is asked for too."""
        if self.filterset.errors:
            return 0
        if self.params.get("rw"):
            return self.rows.count()
        inside = self._inside
        return sum(n for pk, n in self._by_place.items() if inside is None or pk in inside)

    def summary(self):
        """{"tabs", "places", "rws"}: open needs by state and place, as filtered but for the place."""
        inside = self._inside
        states = dict.fromkeys([key for key, _label in TABS], 0)
        places = {}
        for row in self._counted:
            if inside is None or row["kelurahan_id"] in inside:
                states[row["state"]] += row["n"]
                states["open"] += row["n"]
            if self.state in ("open", row["state"]):
                kept = places.setdefault(row["kelurahan_id"], {"n": 0, "urgent": 0, "total": 0})
                for name in kept:
                    kept[name] += row[name]
        return {
            "tabs": [
                {
                    "label": label,
                    "count": number(states[key]),
                    "url": self.address(state=None if key == VisitRequest.State.NEW else key),
                    "on": key == self.state,
                }
                for key, label in TABS
            ],
            "places": (listed := self._places(places)),
            "places_printed": board_printed.places(listed),
            "rws": self._rws(),
        }

    @cached_property
    def _inside(self):
        """Ids of the kelurahan the address asks for, None for all."""
        asked = self.filterset.form.cleaned_data
        chosen = {region.pk for region in asked.get("kelurahan") or ()}
        above = {region.pk for region in asked.get("kecamatan") or ()}
        if not chosen and not above:
            return None
        below = {pk for pk, region in self.places.items() if region.parent_id in above}
        return chosen & below if chosen and above else chosen or below

    def _places(self, counts):
        chosen = self.params.getlist("kelurahan")
        before, _mark, after = self.address(kelurahan="KODE", kecamatan=None, rw=None).partition("KODE")
        found = [
            {
                "name": self.places[pk].name,
                "kecamatan": self.places[pk].kecamatan,
                "n": number(row["n"]),
                "urgent": row["urgent"],
                "total": row["total"],
                "on": chosen == [self.places[pk].code],
                "url": f"{before}{self.places[pk].code}{after}",
            }
            for pk, row in counts.items()
        ]
        return sorted(found, key=lambda place: (-place["total"], place["name"]))

    def _rws(self):
        """Needs by RW, where one kelurahan is looked at; [] elsewhere."""
        if len(self.params.getlist("kelurahan")) != 1 or self.filterset.errors:
            return []
        rows = self._asked_but_for(("rw",))
        rows = rows if self.params.get("state") else rows.filter(state=VisitRequest.State.NEW)
        counted = rows.order_by("rw").values("rw").annotate(n=Count("pk"))
        chosen = self.params.get("rw", "")
        return [
            {
                "name": self.rw_name(row["rw"]),
                "n": number(row["n"]),
                "on": str(row["rw"]) == chosen,
                "url": self.address(rw=None if str(row["rw"]) == chosen else row["rw"]),
            }
            for row in counted
            if row["rw"]
        ]

    # ---- the bar -------------------------------------------------------------------------------------

    def days(self):
        """Visit days ahead that needs can be put into: [{uuid, label, on, left}]; the chosen one marked."""
        if not self.may_schedule:
            return []
        rows = (
            VisitDay.objects.ahead(self.today)
            .annotate(planned=Count("visits", filter=Q(visits__state=Visit.State.PLANNED)))
            .order_by("on", "pk")[:DAYS_OFFERED]
        )
        chosen = self.params.get("hari", "")
        return [
            {
                "uuid": str(row.uuid),
                "label": f"{told_day(row.on)}{f', {row.title}' if row.title else ''}",
                "planned": row.planned,
                "left": MOST_A_DAY - row.planned,
                "on": str(row.uuid) == chosen,
                "url": row.get_absolute_url(),
            }
            for row in rows
        ]

    def bar(self):
        """The filter bar's choices, with what is chosen."""
        there = reach(self.user, "registry.view_visitrequest")
        mine = [r for pk, r in self.places.items() if there.covers(pk)]
        above = {place.kecamatan_code: place.kecamatan for place in mine}
        fields = self.filterset.form.fields
        return [
            self._choice("kelurahan", _("Semua kelurahan"), [(r.code, r.name) for r in mine]),
            self._choice("need", _("Semua kebutuhan"), fields["need"].choices),
            self._choice("urgency", _("Semua kemendesakan"), fields["urgency"].choices),
            self._choice("kecamatan", _("Semua kecamatan"), sorted(above.items(), key=lambda pair: pair[1])),
            self._choice("visited", _("Pernah atau belum"), VISITED),
        ]

    def _choice(self, name, everything, choices):
        chosen = self.params.getlist(name)
        return {
            "name": name,
            "label": self.filterset.filters[name].label,
            "all": everything,
            "on": any(str(value) in chosen for value, _label in choices),
            "options": board_printed.options(
                (value, label, str(value) in chosen) for value, label in choices
            ),
        }

    # ---- addresses and words -------------------------------------------------------------------------

    def address(self, **changes):
        """The board's address with some parameters changed (None: left out), from its first page."""
        kept = [
            (name, value)
            for name, values in self.params.lists()
            for value in values
            if name not in ("after", "before") and name not in changes
        ]
        kept += [(name, value) for name, value in changes.items() if value is not None]
        return reverse("visit-board") + ("?" + urlencode(kept) if kept else "")

    def query(self, *without):
        """The address's query without cursors and the parameters named."""
        return self.address(**dict.fromkeys(without)).partition("?")[2]

    def kept(self, *names):
        """(name, value) pairs of these parameters, for hidden fields."""
        return [(name, value) for name in names for value in self.params.getlist(name)]

    def said(self, count):
        """The lines above a board that leaves the screen."""
        words = self.filterset.words()
        if not self.params.get("state"):
            words.append({"kind": _("Status"), "label": _("menunggu")})
        return [
            _("Usaha yang perlu didatangi, Portal UMKM Kota Malang"),
            _("Filter: %(words)s") % {"words": ", ".join(f"{w['kind']} {w['label']}" for w in words)},
            _("%(count)s kebutuhan, urut %(order)s, per %(now)s")
            % {
                "count": number(count),
                "order": str(ORDERS[self.order]).lower(),
                "now": moment(timezone.now()),
            },
        ]
