"""Change one thing of many businesses: choose rows, choose field and value, look at it, send it as one batch.

Rights are checked row by row (`propose_submission` must reach each). What comes out is proposed like any
other change and decided by somebody else, as one batch.
"""

import hashlib
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from registry.businesses import choices, fields
from registry.businesses.filters import BusinessFilter
from registry.businesses.jobs import Job
from registry.businesses.listing import PAGE_PARAMETERS
from registry.businesses.models import Business
from registry.regions.access import reach
from registry.sectors.kbli import CURRENT
from registry.sectors.models import Kbli, Subsector
from registry.submissions.many import propose_many
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.formats import number
from umkm_portal.lib.text import clean_line, clean_text, fold, mask_long_digits

MOST = 2_000  # businesses of one bulk change
AT_ONCE = 200  # above it a job sends them
PROPOSE = "registry.propose_submission"
CHANGES = {
    "rw": lazy("RW"),
    "rtrw": lazy("RT dan RW"),
    "kbli": lazy("KBLI"),
    "subsector": lazy("Subsektor ekonomi kreatif"),
    "place_kind": lazy("Jenis tempat"),
}
OFFERED = 8  # codes of KBLI offered for words
SHOWN = 25  # rows of each list in the preview; the rest is counted


# ---- which rows ------------------------------------------------------------------------------------------


@dataclass
class Chosen:
    """The businesses a bulk change is about: picked one by one, or all that a list's address finds."""

    businesses: list
    everything: bool = False
    words: list = field(default_factory=list)
    missing: int = 0  # picked, but no longer among what the user may see

    @property
    def mark(self):
        """A short digest of which rows these are, to see between preview and sending that they still are."""
        pks = ",".join(str(b.pk) for b in self.businesses)
        return hashlib.sha256(pks.encode()).hexdigest()[:16]


def rows_of(queryset):
    """With what `propose_many` compares joined; sealed columns and long texts stay closed."""
    return queryset.select_related("kelurahan", "kbli", "subsector").only(
        "pk", "uuid", "name", "rt", "rw", "place_kind", "operating_state",
        "kelurahan__name", "kelurahan__code", "kbli__version", "kbli__code", "kbli__title",
        "subsector__slug", "subsector__name",
    )  # fmt: skip


def picked(uuids, user):
    """The businesses with these uuids that `user` may see. Raises Refused for more than MOST."""
    wanted = set(uuids)
    if len(wanted) > MOST:
        raise too_many()
    try:
        rows = list(rows_of(Business.objects.visible_to(user)).filter(uuid__in=wanted).order_by("name", "pk"))
    except (ValidationError, ValueError) as error:
        raise Refused("rows-unknown", _("Pilihan tidak dikenali. Pilih lagi dari daftar usaha.")) from error
    return Chosen(rows, missing=len(wanted) - len(rows))


def found_by(request):
    """All businesses that the list's address in `request.GET` finds. Raises Refused for more than MOST."""
    filterset = BusinessFilter(request.GET, Business.objects.visible_to(request.user), request=request)
    if problems := filterset.unread(PAGE_PARAMETERS):
        raise Refused("filter-unread", "%(problem)s", problem=problems[0])
    rows = list(rows_of(filterset.qs).order_by("name", "pk")[: MOST + 1])
    if len(rows) > MOST:
        raise too_many()
    return Chosen(rows, everything=True, words=filterset.words())


def too_many():
    return Refused(
        "bulk-too-many",
        _("Paling banyak %(most)s usaha sekali ubah. Persempit dengan filter."),
        most=number(MOST),
    )


# ---- field and value -------------------------------------------------------------------------------------


@dataclass
class Change:
    """What is to be changed to what: `values` as propose takes them, `said` in words."""

    what: str
    values: dict
    said: str

    @property
    def label(self):
        return str(CHANGES[self.what])

    def title(self, count):
        """The title offered for the batch: "RW menjadi 05, 120 usaha"."""
        return _("%(label)s menjadi %(said)s, %(count)s usaha") % {
            "label": self.label,
            "said": self.said,
            "count": number(count),
        }


def read_change(data):
    """The Change a posted form asks for. Raises ValidationError({input name: message})."""
    what = data.get("what", "")
    if what not in CHANGES:
        raise ValidationError({"what": _("Pilih apa yang diubah.")})
    inputs = {"rtrw": {"rt": "rt", "rt_rw": "rw"}}.get(what, {what: what})  # name on the page -> field
    raw = {name: clean_line(data.get(name, "")) for name in inputs}
    blank = {name: _("Isi nilai yang baru.") for name in inputs if not raw[name]}
    if blank:
        raise ValidationError(blank)
    if what == "kbli":
        return _kbli(raw["kbli"])
    values, errors = fields.clean_values({inputs[name]: raw[name] for name in inputs})
    if errors:
        raise ValidationError({name: errors[f] for name, f in inputs.items() if f in errors})
    if what == "subsector":
        row = Subsector.objects.filter(slug=values["subsector"]).first()
        if row is None:
            raise ValidationError({"subsector": _("Subsektor ini tidak ada di daftar.")})
        return Change(what, values, row.name)
    if what == "place_kind":
        return Change(what, values, str(choices.PlaceKind(values["place_kind"]).label))
    rw = f"{values['rw']:02d}"
    return Change(what, values, rw if what == "rw" else f"RT {values['rt']:02d} RW {rw}")


def _kbli(text):
    version, _colon, code = text.rpartition(":")
    leaves = Kbli.objects.leaves()
    if code.isascii() and code.isdigit():
        row = leaves.filter(version=version or CURRENT, code=code).first()
    else:
        like = kbli_like(text)
        row = like[0] if len(like) == 1 else None
        if len(like) > 1:
            raise ValidationError({"kbli": _("Beberapa kode cocok. Pilih satu di bawah.")})
    if row is None:
        raise ValidationError(
            {"kbli": _("Tidak ada di KBLI %s. Tulis lima angka, atau kata dari judulnya.") % CURRENT}
        )
    return Change("kbli", {"kbli": f"{row.version}:{row.code}"}, f"{row.code} {row.title}")


def kbli_like(text):
    """Codes of today's KBLI whose title holds the words of `text`, for who types words instead of a code."""
    text = clean_line(text)
    if not fold(text) or text.replace(":", "").isdigit():
        return []
    return list(Kbli.objects.leaves().search(text, CURRENT).order_by("code")[:OFFERED])


# ---- what would come of it -------------------------------------------------------------------------------


@dataclass
class Preview:
    """The chosen rows in three heaps, each [(business, value today in words)]."""

    changing: list
    already: list
    forbidden: list

    def heaps(self):
        """[(key, count, shown rows, how many more)] for the page."""
        return [
            (key, len(rows), rows[:SHOWN], max(len(rows) - SHOWN, 0))
            for key, rows in (
                ("changing", self.changing), ("already", self.already), ("forbidden", self.forbidden),
            )
        ]  # fmt: skip


def preview(chosen, change, *, by):
    """Sort the chosen rows by what would become of each; asks the database nothing."""
    there = reach(by, PROPOSE)
    found = Preview([], [], [])
    for business in chosen.businesses:
        today = fields.current_values(business, change.values)
        row = (business, today_said(business, change.what))
        if not there.covers(business.kelurahan_id):
            found.forbidden.append(row)
        elif today == change.values:
            found.already.append(row)
        else:
            found.changing.append(row)
    return found


def today_said(business, what):
    """Today's value of what is changed, in words; "—" for none."""
    if what == "kbli":
        return business.kbli.code if business.kbli_id else "—"
    if what == "subsector":
        return business.subsector.name if business.subsector_id else "—"
    if what == "place_kind":
        return str(business.get_place_kind_display() or "—")
    parts = [("RT", business.rt), ("RW", business.rw)] if what == "rtrw" else [("RW", business.rw)]
    return " ".join(f"{name} {value:02d}" for name, value in parts if value) or "—"


# ---- sending ---------------------------------------------------------------------------------------------


def send(businesses, values, *, by, title, note):
    """Propose the change for these businesses as one batch; those without a change are left out.

    Raises Refused(nothing-proposed, not-found) and ValidationError. Returns the submitted Batch.
    """
    return propose_many([(b, dict(values)) for b in businesses], by=by, title=title, note=note)


def ask_for(businesses, values, *, by, title, note):
    """The job that will send a long one; its rows are named by uuid and looked up again when it runs."""
    return Job.ask(
        Job.Kind.BULK,
        by=by,
        title=titled(title),
        request={
            "uuids": [str(b.uuid) for b in businesses],
            "values": values,
            "note": noted(note),
            "title": titled(title),
        },
        total=len(businesses),
    )


@transaction.atomic
def send_job(job):
    """Send what a job asks for, and close the job in the same transaction: sent twice is sent once."""
    by, asked = job.asked_by, job.request
    there = reach(by, PROPOSE)
    rows = rows_of(Business.objects.visible_to(by)).filter(uuid__in=asked["uuids"]).order_by("name", "pk")
    able = [b for b in rows if there.covers(b.kelurahan_id)]
    batch = send(able, asked["values"], by=by, title=asked["title"], note=asked["note"])
    job.finish(batch=str(batch.uuid), total=batch.total, left=job.total - batch.total)
    return batch


def titled(title):
    """A batch title as it is kept: one line, no identity number."""
    return clean_line(mask_long_digits(title or ""))[:200]


def noted(note):
    return clean_text(mask_long_digits(note or ""))[:2000]
