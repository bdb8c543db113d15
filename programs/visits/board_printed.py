"""The parts of the board that stand fifty times on a page, printed as text: as templates they cost most.

Everything that comes from data passes `_told`, which escapes it; what comes back is safe to print.
"""

from html import escape

from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from registry.reports.models import VisitRequest
from registry.reports.needs import Need, Urgency
from umkm_portal.lib import formats

CURRENT = ' aria-current="true"'
NOBODY = "00000000-0000-0000-0000-000000000000"


def _told(value):
    return escape(str(value))


def options(choices):
    """The options of a select, of (value, label, whether chosen)."""
    return mark_safe(
        "".join(
            f'<option value="{_told(value)}"{" selected" if on else ""}>{_told(label)}</option>'
            for value, label, on in choices
        )
    )


def places(rows):
    """The kelurahan and how much waits there, each a link, of dicts name, kecamatan, n, urgent, on, url."""
    urgent = _told(_("mendesak"))
    return mark_safe(
        "".join(
            f'<li><a class="row-link" href="{_told(row["url"])}"{CURRENT if row["on"] else ""}>'
            f'<span class="flex-grow-1 min-w-0">{_told(row["name"])}'
            f'<span class="small text-body-secondary d-block">{_told(row["kecamatan"])}'
            + (f' · <span class="overdue">{row["urgent"]} {urgent}</span>' if row["urgent"] else "")
            + f'</span></span><strong class="num">{_told(row["n"])}</strong></a></li>'
            for row in rows
        )
    )


class Rows:
    """Prints lines of the board as table rows; words are looked up once."""

    def __init__(self, *, may_schedule, query):
        self.may_schedule = may_schedule
        self.query = f"?{_told(query)}" if query else ""
        self.needs = {value: _told(label) for value, label in Need.choices}
        self.urgencies = {value: _told(label) for value, label in Urgency.choices}
        self.states = {value: _told(label) for value, label in VisitRequest.State.choices}
        self.pick, self.days, self.never = _told(_("Pilih")), _told(_("hari")), _told(_("belum pernah"))
        self.answer = _told(_("Jawab"))
        self.page = reverse("visit-request", args=[NOBODY])
        self.closing = reverse("request-close", args=[NOBODY])

    def __call__(self, lines):
        return mark_safe("".join(self.row(line) for line in lines))

    def row(self, line):
        request, name, uuid = line.request, _told(line.name), str(line.request.uuid)
        place, where = _told(line.kelurahan.name), _told(formats.rt_rw(request.rt, request.rw))
        parts = []
        if line.heading:
            parts.append(
                f'<tr class="group-row"><th scope="rowgroup" colspan="7">{_told(line.heading)}</th></tr>'
            )
        parts.append("<tr>")
        if self.may_schedule:
            parts.append(f'<td class="pick keep">{self._box(line, uuid, name)}</td>')
        landmark = (
            f'<span class="small text-body-secondary d-block only-wide">{_told(request.told_place)}</span>'
            if request.told_place
            else ""
        )
        parts.append(
            f'<td class="keep wrap"><a href="{self.page.replace(NOBODY, uuid)}">{name}</a>{landmark}</td>'
            f'<td class="keep below">{self.needs[request.need]}{self._urgency(line)}'
            f'<span class="only-phone"> · {place} {where}</span></td>'
            f"<td>{place}{f' <span class=text-body-secondary>{where}</span>' if where else ''}</td>"
            f'<td class="keep num"><span class="text-nowrap">{formats.number(line.waited)} {self.days}</span>'
            f"</td><td>{self._last(line)}</td>"
            f'<td class="keep below">{self._state(request)}{self._act(uuid, name)}</td></tr>\n'
        )
        return "".join(parts)

    def _box(self, line, uuid, name):
        if not line.is_waiting:
            return ""
        return (
            f'<label class="pick-box"><input class="form-check-input" type="checkbox" name="pilih"'
            f' value="{uuid}" form="jadwalkan" data-pick{" checked" if line.picked else ""}>'
            f'<span class="visually-hidden">{self.pick} {name}</span></label>'
        )

    def _urgency(self, line):
        if line.request.urgency == Urgency.ORDINARY:
            return ""
        word = self.urgencies[line.request.urgency]
        return f' · <span class="overdue">{word}</span>' if line.is_urgent else f" · {word}"

    def _last(self, line):
        if line.visited_on:
            return _told(formats.day(line.visited_on))
        return f'<span class="text-body-secondary">{self.never}</span>'

    def _state(self, request):
        if request.state == VisitRequest.State.NEW:
            return ""
        on = request.visited_on or request.scheduled_on
        return self.states[request.state] + (f", {_told(formats.day(on))}" if on else "")

    def _act(self, uuid, name):
        if not self.may_schedule:
            return ""
        address = self.closing.replace(NOBODY, uuid)
        return (
            f' <a class="text-nowrap" href="{address}{self.query}">{self.answer}'
            f'<span class="visually-hidden"> {name}</span></a>'
        )
