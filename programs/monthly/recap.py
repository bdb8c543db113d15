"""All kelurahan of one's reach in one month: who sent, who is late, and the figures rolled up."""

from dataclasses import dataclass

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.monthly import figures, months
from programs.monthly.editions import VIEW
from programs.monthly.models import MonthlyReport
from registry.regions.access import reach
from registry.regions.models import Holiday, Region

KEPT = 300  # seconds: the whole city's month is counted anew so often, and says when


@dataclass
class Line:
    """One kelurahan, or a roll-up (`region` a kecamatan or the city)."""

    region: Region
    counts: dict  # as counted now
    stated: dict  # as the last edition sent told them, else as counted now
    report: MonthlyReport | None = None  # the last edition sent; the newest where none was
    mending: MonthlyReport | None = None  # a correction that was begun and is not sent
    late: bool = False
    corrected: bool = False
    sent: int = 0  # of a roll-up: how many kelurahan have sent
    of: int = 0

    @property
    def rates(self):
        return figures.rates(self.counts)

    @property
    def stated_rates(self):
        return figures.rates({key: value or 0 for key, value in self.stated.items()})


@dataclass
class Recap:
    """`groups`: [(roll-up of a kecamatan, its lines)]; `whole`: the roll-up of all."""

    month: object
    groups: list
    whole: Line
    due_on: object
    at: object

    @property
    def lines(self):
        return [line for _kecamatan, lines in self.groups for line in lines]


def kelurahan_of(user):
    """The kelurahan whose reports `user` may read, by code, with kecamatan and city."""
    there = reach(user, VIEW)
    rows = Region.objects.kelurahan().select_related("parent__parent").order_by("code")
    return list(rows if there.everywhere else rows.filter(pk__in=there.kelurahan))


def holidays_around(month):
    return Holiday.set_between(month, months.next_month(months.next_month(month)))


def recap_of(user, month, today=None):
    """The Recap of a month for `user`."""
    today = today or timezone.localdate()
    places = kelurahan_of(user)
    counts, at = _counted([region.pk for region in places], month, today)
    newest = {}
    reports = MonthlyReport.objects.visible_to(user).filter(month=month).defer("note", "reason", "correction")
    for report in reports.order_by("edition"):
        newest[report.kelurahan_id] = [*newest.get(report.kelurahan_id, ()), report]
    due = months.due_on(month, holidays_around(month))
    groups = {}
    for region in places:
        line = _line(region, counts[region.pk], newest.get(region.pk, []), today > due)
        groups.setdefault(region.parent, []).append(line)
    found = [(_rolled(kecamatan, lines), lines) for kecamatan, lines in groups.items()]
    city = places[0].parent.parent if places else None
    whole = _rolled(city, [line for _kecamatan, lines in found for line in lines])
    return Recap(month, found, whole, due, at)


def standing(editions):
    """(the edition that stands, a correction of it not sent yet) of `editions` from the first to the newest:
    what was sent stays sent while a correction of it is written. Each None where there is none."""
    out = [report for report in editions if report.is_out]
    newest = editions[-1] if editions else None
    return (out[-1], newest if newest is not out[-1] else None) if out else (newest, None)


def _line(region, counts, editions, is_past_due):
    """Late is who has never sent."""
    report, mending = standing(editions)
    out = report is not None and report.is_out
    sent = report.figures.get("counts", {}) if out else {}
    return Line(
        region,
        counts,
        stated={key: sent.get(key) for key in counts} if out else counts,
        report=report,
        mending=mending,
        late=is_past_due and not out,
        corrected=bool(figures.corrections(sent, counts)),
        sent=int(out),
        of=1,
    )


def _rolled(region, lines):
    return Line(
        region,
        figures.total(line.counts for line in lines),
        figures.total({key: value or 0 for key, value in line.stated.items()} for line in lines),
        late=any(line.late for line in lines),
        sent=sum(line.sent for line in lines),
        of=len(lines),
    )


def _counted(ids, month, today):
    """({kelurahan: figures}, when they were counted). Counting a whole city takes a while, so many kelurahan
    at once are kept for some minutes; a single one never is."""
    if len(ids) <= 3:
        return figures.count_many(ids, month, today), timezone.now()
    key = f"monthly:{month:%Y-%m}:{today:%Y-%m-%d}:{'-'.join(map(str, ids))}"
    kept = cache.get(key)
    if kept is None:
        kept = figures.count_many(ids, month, today), timezone.now()
        cache.set(key, kept, KEPT)
    return kept


def state_words(line):
    """How a kelurahan's report stands, in a word."""
    return line.report.get_state_display() if line.report else _("Belum disusun")
