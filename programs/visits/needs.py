"""How many need what, and where: counted from reports, from what visits found, and from forum proposals.

Each need counts once. A report that was withdrawn or answered "sudah dilaporkan" does not count; of what a
visit found counts only what the report behind it did not already name. The rows behind a number are the very
querysets it was counted from (`Needs.rows`), within the reader's reach.
"""

from dataclasses import dataclass, field
from datetime import date

from django import forms
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from programs.visits.follow_ups import FollowUp
from programs.visits.proposals import Proposal
from registry.regions.models import Region
from registry.reports.models import VisitRequest
from registry.reports.needs import Need

REPORTS, FOLLOW_UPS, PROPOSALS = SOURCES = ("reports", "follow_ups", "proposals")
SOURCE_WORDS = {
    REPORTS: _("Laporan kelurahan"),
    FOLLOW_UPS: _("Temuan kunjungan"),
    PROPOSALS: _("Usulan forum"),
}
DEFINITIONS = {
    REPORTS: _(
        "Laporan perlu didatangi dari petugas, tanpa yang ditarik dan yang ternyata sudah dilaporkan "
        "sebelumnya."
    ),
    FOLLOW_UPS: _(
        "Masalah yang ditemukan saat kunjungan dan menjadi tindak lanjut, tanpa yang kebutuhannya sudah "
        "disebut laporannya."
    ),
    PROPOSALS: _("Usulan yang dicatat di Ngombe, Musrenbang, Muskelsus RT Berkelas dan forum lain."),
}
FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)


class NeedsFilter(forms.Form):
    """Reads ?query for page, list, workbook and API alike."""

    need = forms.MultipleChoiceField(label=_("Kebutuhan"), choices=Need.choices, required=False)
    kecamatan = forms.ModelMultipleChoiceField(
        label=_("Kecamatan"), queryset=Region.objects.kecamatan(), to_field_name="code", required=False
    )
    kelurahan = forms.ModelMultipleChoiceField(
        label=_("Kelurahan"), queryset=Region.objects.kelurahan(), to_field_name="code", required=False
    )
    since = forms.DateField(label=_("Sejak"), required=False)
    until = forms.DateField(label=_("Sampai"), required=False)
    open = forms.ChoiceField(
        label=_("Keadaan"), choices=[("", _("Semua")), ("true", _("belum selesai"))], required=False
    )

    def clean(self):
        given = super().clean()
        for name in ("since", "until"):
            if given.get(name) and not FIRST <= given[name] <= LAST:
                self.add_error(name, _("Tulis tahun antara 2000 dan 2100."))
        if given.get("since") and given.get("until") and given["until"] < given["since"]:
            self.add_error("until", _("Hari ini mendahului hari pertamanya."))
        return given

    def words(self):
        """[(label, words)] of what is asked, for headings."""
        given, names = self.cleaned_data, dict(Need.choices)
        told = [
            (_("Kebutuhan"), ", ".join(str(names[n]) for n in given["need"])),
            (_("Kecamatan"), ", ".join(r.name for r in given["kecamatan"])),
            (_("Kelurahan"), ", ".join(r.name for r in given["kelurahan"])),
            (_("Sejak"), given["since"]),
            (_("Sampai"), given["until"]),
            (_("Keadaan"), _("belum selesai") if given["open"] else ""),
        ]
        return [(label, words) for label, words in told if words]


@dataclass
class Tally:
    """One count, kept apart by source."""

    reports: int = 0
    follow_ups: int = 0
    proposals: int = 0

    @property
    def total(self):
        return self.reports + self.follow_ups + self.proposals

    def add(self, source, count):
        setattr(self, source, getattr(self, source) + count)


class Needs:
    """The needs that `user` may read, as `given` (a valid NeedsFilter's cleaned_data) narrows them."""

    def __init__(self, user, given):
        self.user, self.given = user, given

    def rows(self, source):
        """The rows that count under one of SOURCES."""
        return {REPORTS: self._reports, FOLLOW_UPS: self._follow_ups, PROPOSALS: self._proposals}[source]()

    def _reports(self):
        rows = VisitRequest.objects.visible_to(self.user).exclude(state=VisitRequest.State.WITHDRAWN)
        rows = rows.exclude(outcome=VisitRequest.Outcome.TWICE)
        if self.given["open"]:
            rows = rows.open()
        if self.given["since"]:
            rows = rows.filter(told_day__gte=self.given["since"].toordinal())
        if self.given["until"]:
            rows = rows.filter(told_day__lte=self.given["until"].toordinal())
        return self._narrowed(rows)

    def _follow_ups(self):
        rows = FollowUp.objects.visible_to(self.user).exclude(visit=None)
        rows = rows.filter(Q(request=None) | ~Q(request__need=F("need")))
        if self.given["open"]:
            rows = rows.open()
        if self.given["since"]:
            rows = rows.filter(opened_at__date__gte=self.given["since"])
        if self.given["until"]:
            rows = rows.filter(opened_at__date__lte=self.given["until"])
        return self._narrowed(rows)

    def _proposals(self):
        rows = Proposal.objects.visible_to(self.user)
        if self.given["open"]:
            rows = rows.open()
        if self.given["since"]:
            rows = rows.filter(held_on__gte=self.given["since"])
        if self.given["until"]:
            rows = rows.filter(held_on__lte=self.given["until"])
        return self._narrowed(rows)

    def _narrowed(self, rows):
        if self.given["need"]:
            rows = rows.filter(need__in=self.given["need"])
        if self.given["kelurahan"]:
            rows = rows.filter(kelurahan__in=[r.pk for r in self.given["kelurahan"]])
        if self.given["kecamatan"]:
            rows = rows.filter(kelurahan__parent__in=[r.pk for r in self.given["kecamatan"]])
        return rows

    def counted(self):
        """{(kelurahan id, need): Tally}, one query for each source."""
        found = {}
        for source in SOURCES:
            told = self.rows(source).order_by().values("kelurahan", "need").annotate(many=Count("pk"))
            for kelurahan, need, many in told.values_list("kelurahan", "need", "many"):
                found.setdefault((kelurahan, need), Tally()).add(source, many)
        return found


@dataclass
class Line:
    """One line of a table: a need or a place, its tallies by the other, and its sum."""

    key: str
    label: str
    cells: dict = field(default_factory=dict)
    sum: Tally = field(default_factory=Tally)


def by_need(counted):
    """[Line] of every need that anybody told, the most wanted first."""
    lines = {need: Line(need, str(label)) for need, label in Need.choices}
    for (_kelurahan, need), tally in counted.items():
        for source in SOURCES:
            lines[need].sum.add(source, getattr(tally, source))
    return sorted((line for line in lines.values() if line.sum.total), key=lambda line: -line.sum.total)


def by_place(counted, regions, *, parents):
    """[Line] of kecamatan (`parents`) or kelurahan by name, with a Tally for each need in `cells`.

    `regions` {id: Region of a kelurahan, its parent joined}.
    """
    lines = {}
    for (kelurahan, need), tally in counted.items():
        region = regions[kelurahan].parent if parents else regions[kelurahan]
        line = lines.setdefault(region.code, Line(region.code, region.name))
        cell = line.cells.setdefault(need, Tally())
        for source in SOURCES:
            cell.add(source, getattr(tally, source))
            line.sum.add(source, getattr(tally, source))
    return sorted(lines.values(), key=lambda line: (line.label, line.key))


def regions_of(counted):
    """{id: Region} of the kelurahan that were counted, their kecamatan joined."""
    ids = {kelurahan for kelurahan, _need in counted}
    return {region.pk: region for region in Region.objects.filter(pk__in=ids).select_related("parent")}
