"""The parts of the board that stand fifty times on a page, printed here: as templates they cost most.

Everything is put in by `format_html`, which escapes what comes from data.
"""

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from registry.reports.models import VisitRequest
from registry.reports.needs import Need, Urgency
from umkm_portal.lib import formats

NOTHING = SafeString("")
CURRENT = SafeString(' aria-current="true"')
SELECTED, CHECKED = SafeString(" selected"), SafeString(" checked")
NOBODY = "00000000-0000-0000-0000-000000000000"


def options(choices):
    """The options of a select, of (value, label, whether chosen)."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, SELECTED if on else NOTHING, label) for value, label, on in choices),
    )


def places(rows):
    """The kelurahan and how much waits there, each a link, of dicts name, kecamatan, n, urgent, on, url."""
    word = _("mendesak")
    return format_html_join(
        "",
        '<li><a class="row-link" href="{}"{}><span class="flex-grow-1 min-w-0">{}'
        '<span class="small text-body-secondary d-block">{}{}</span></span>'
        '<strong class="num">{}</strong></a></li>',
        (
            (
                row["url"],
                CURRENT if row["on"] else NOTHING,
                row["name"],
                row["kecamatan"],
                format_html(' · <span class="overdue">{} {}</span>', row["urgent"], word)
                if row["urgent"]
                else NOTHING,
                row["n"],
            )
            for row in rows
        ),
    )


class Rows:
    """Prints lines of the board as table rows; words are looked up once."""

    def __init__(self, *, may_schedule, query):
        self.may_schedule = may_schedule
        self.query = f"?{query}" if query else ""
        self.needs = dict(Need.choices)
        self.urgencies = dict(Urgency.choices)
        self.states = dict(VisitRequest.State.choices)
        self.pick, self.days, self.answer = _("Pilih"), _("hari"), _("Jawab")
        self.never = format_html('<span class="text-body-secondary">{}</span>', _("belum pernah"))
        self.page = reverse("visit-request", args=[NOBODY])
        self.closing = reverse("request-close", args=[NOBODY])

    def __call__(self, lines):
        return format_html_join("", "{}", ((self.row(line),) for line in lines))

    def row(self, line):
        request, uuid = line.request, str(line.request.uuid)
        place, where = line.kelurahan.name, formats.rt_rw(request.rt, request.rw)
        return format_html(
            '{heading}<tr>{pick}<td class="keep wrap"><a href="{page}">{name}</a>{landmark}</td>'
            '<td class="keep below">{need}{urgency}<span class="only-phone"> · {place} {where}</span></td>'
            "<td>{place}{beside}</td>"
            '<td class="keep num"><span class="text-nowrap">{waited} {days}</span></td>'
            '<td>{last}</td><td class="keep below">{state}{act}</td></tr>\n',
            heading=format_html(
                '<tr class="group-row"><th scope="rowgroup" colspan="7">{}</th></tr>', line.heading
            )
            if line.heading
            else NOTHING,
            pick=self._pick(line, uuid),
            page=self.page.replace(NOBODY, uuid),
            name=line.name,
            landmark=format_html(
                '<span class="small text-body-secondary d-block only-wide">{}</span>', request.told_place
            )
            if request.told_place
            else NOTHING,
            need=self.needs[request.need],
            urgency=self._urgency(line),
            place=place,
            where=where,
            beside=format_html(' <span class="text-body-secondary">{}</span>', where) if where else NOTHING,
            waited=formats.number(line.waited),
            days=self.days,
            last=formats.day(line.visited_on) if line.visited_on else self.never,
            state=self._state(request),
            act=self._act(line, uuid),
        )

    def _pick(self, line, uuid):
        if not self.may_schedule:
            return NOTHING
        if not line.is_waiting:
            return SafeString('<td class="pick keep"></td>')
        return format_html(
            '<td class="pick keep"><label class="pick-box"><input class="form-check-input" type="checkbox"'
            ' name="pilih" value="{}" form="jadwalkan" data-pick{}>'
            '<span class="visually-hidden">{} {}</span></label></td>',
            uuid,
            CHECKED if line.picked else NOTHING,
            self.pick,
            line.name,
        )

    def _urgency(self, line):
        if line.request.urgency == Urgency.ORDINARY:
            return NOTHING
        word = self.urgencies[line.request.urgency]
        if line.is_urgent:
            return format_html(' · <span class="overdue">{}</span>', word)
        return format_html(" · {}", word)

    def _state(self, request):
        if request.state == VisitRequest.State.NEW:
            return NOTHING
        word, on = self.states[request.state], request.visited_on or request.scheduled_on
        return format_html("{}, {}", word, formats.day(on)) if on else format_html("{}", word)

    def _act(self, line, uuid):
        if not self.may_schedule:
            return NOTHING
        return format_html(
            ' <a class="text-nowrap" href="{}{}">{}<span class="visually-hidden"> {}</span></a>',
            self.closing.replace(NOBODY, uuid),
            self.query,
            self.answer,
            line.name,
        )
