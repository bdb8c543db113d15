"""Who is reminded of a monthly report, on the home and the list; the mark on one past its day."""

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import audit
from programs.monthly import months
from programs.monthly.letter import month_name
from programs.monthly.models import APPROVE, RECEIVE, WRITE, MonthlyReport
from registry.regions.access import reach
from registry.regions.models import Holiday, Region
from registry.regions.working import here
from umkm_portal.lib.formats import day, number

State = MonthlyReport.State


def wanted_month(today):
    """(the month whose report is asked for on `today`, the day it is due): last month's; this month's from
    its last working day on."""
    this = months.first_of(today)
    holidays = Holiday.set_between(months.month_before(this), months.next_month(months.next_month(this)))
    month = this if today >= months.last_working_day(this, holidays) else months.month_before(this)
    return month, months.due_on(month, holidays)


def reminders(user, today=None):
    """[{"title", "text", "url", "late"}] of the monthly reports that wait for `user`; [] for who has none.

    The officer: reports not handed in, or given back, where they work at the moment. The lurah: those to
    sign. Diskopindag: those to receive, and how many kelurahan are late. The home and the list of reports
    both show this and nothing else.
    """
    today = today or timezone.localdate()
    writes, signs, receives = (reach(user, name) for name in (WRITE, APPROVE, RECEIVE))
    found = []
    if writes and not writes.everywhere:
        found += _to_write(here(Region.objects.filter(pk__in=writes.kelurahan), user, "pk"), today)
    if signs and not signs.everywhere:
        rows = MonthlyReport.objects.to_sign(user).for_list().select_related("submitted_by")
        found += [_signing(row) for row in rows]
    if receives:
        found += _to_receive(user, receives, today)
    return found


def _to_write(places, today):
    """The reminders of who writes for `places` (a queryset of Region): what was given back, the month that is
    asked for until it is handed in, and corrections that were begun. Late is what was never sent."""
    month, due = wanted_month(today)
    asked = Q(month=month) | Q(state=State.RETURNED) | Q(state=State.DRAFT, edition__gt=1)
    rows = list(MonthlyReport.objects.filter(asked, kelurahan__in=places).latest().for_list())
    begun = {row.kelurahan_id: row for row in rows if row.month == month}
    earlier = sorted((row for row in rows if row.month != month), key=lambda row: (row.month, row.pk))
    found = [_to_go_on(row) for row in earlier]
    for region in places.order_by("code"):
        row = begun.get(region.pk)
        if row is None or (row.state == State.DRAFT and not row.month_is_told):
            found.append(
                {
                    "title": _("Laporan bulanan %(month)s belum dikirim") % {"month": month_name(month)},
                    "text": _("%(place)s, paling lambat %(day)s.") % {"place": region.name, "day": day(due)},
                    "url": row.get_absolute_url()
                    if row
                    else f"{reverse('monthly-list')}#{region.code}-{month:%Y-%m}",
                    "late": today > due,
                }
            )
        elif row.state in MonthlyReport.OPEN:
            found.append(_to_go_on(row))
    return found


def _to_go_on(row):
    """A report given back, or a correction somebody began."""
    title = (
        _("Laporan bulanan %(month)s perlu diperbaiki")
        if row.state == State.RETURNED
        else _("Koreksi laporan bulanan %(month)s belum dikirim")
    )
    return {
        "title": title % {"month": month_name(row.month)},
        "text": row.kelurahan.name,
        "url": row.get_absolute_url(),
        "late": False,
    }


def _signing(row):
    title = _("Laporan bulanan %(month)s menunggu persetujuan Anda")
    text = _("%(place)s, dari %(name)s, %(day)s.")
    return {
        "title": title % {"month": month_name(row.month)},
        "text": text
        % {
            "place": row.kelurahan.name,
            "name": row.submitted_by.name,
            "day": day(timezone.localdate(row.submitted_at)),
        },
        "url": row.get_absolute_url(),
        "late": False,
    }


def _to_receive(user, there, today):
    month, due = wanted_month(today)
    places = Region.objects.kelurahan()
    if not there.everywhere:
        places = places.filter(pk__in=there.kelurahan)
    found = []
    if waiting := MonthlyReport.objects.to_receive(user).count():
        found.append(
            {
                "title": ngettext(
                    "%(n)s laporan bulanan menunggu diterima",
                    "%(n)s laporan bulanan menunggu diterima",
                    waiting,
                )
                % {"n": number(waiting)},
                "text": _("Sudah dikirim kelurahan dan belum diterima Diskopindag."),
                "url": f"{reverse('monthly-list')}?lihat=terkirim",
                "late": False,
            }
        )
    sent = MonthlyReport.objects.filter(month=month, state__in=MonthlyReport.OUT).values("kelurahan")
    if today > due and (missing := places.exclude(pk__in=sent).count()):
        found.append(
            {
                "title": _("%(n)s kelurahan terlambat mengirim laporan %(month)s")
                % {"n": number(missing), "month": month_name(month)},
                "text": _("Tenggatnya %(day)s.") % {"day": day(due)},
                "url": f"{reverse('monthly-list')}?bulan={month:%Y-%m}&terlambat=ya",
                "late": True,
            }
        )
    return found


def mark_reminded(now=None):
    """By the clock, once each: mark the reports that are past their day and not sent yet; the mark says
    since when their officer and lurah have been told so. Returns how many."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    month, due = wanted_month(today)
    waiting = MonthlyReport.objects.latest().filter(
        reminded_at=None, state__in=[State.DRAFT, State.RETURNED, State.SUBMITTED], edition=1
    )
    late = waiting.filter(month__lt=month) | (waiting.filter(month=month) if today > due else waiting.none())
    count = 0
    for row in late.order_by("pk"):
        if MonthlyReport.objects.filter(pk=row.pk, reminded_at=None).update(reminded_at=now):
            audit.record("monthly-report.reminded", row, by=None, month=f"{row.month:%Y-%m}")
            count += 1
    return count
