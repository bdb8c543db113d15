"""How the rows behind a figure are listed: a line each, linked to the thing itself."""

from dataclasses import dataclass

from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from umkm_portal.lib.formats import rt_rw

SEALED = {  # what a list has no use for
    "requests": ("note", "answer"),
    "visits": ("production", "marketing", "problems", "needs"),
    "followups": ("problem", "evidence"),
    "sessions": ("note",),
    "proposals": ("text", "answer"),
    "checks": ("note",),
    "submissions": ("values", "items", "sealed", "notes", "note", "reason", "mends"),
    "businesses": ("phone", "phone_other", "email", "owner_name"),
}


@dataclass(frozen=True)
class Shape:
    """`columns`: labels of name, day, what and place; `order` for paging; `joins` read along."""

    key: str
    columns: tuple
    order: str
    joins: tuple
    cells: object  # row -> (name, day, what)

    def light(self, rows):
        business = next((join for join in self.joins if "business" in join), "").removesuffix("__kelurahan")
        unread = [f"{business}__{name}" for name in SEALED["businesses"]] if business else []
        return rows.select_related(*self.joins).defer(*SEALED[self.key], *unread)

    def row(self, row):
        name, day, what = self.cells(row)
        return {"name": name, "day": day, "what": what, "place": _place(row), "url": _url(row)}


def _url(row):
    """Where the row itself is shown, "" where it has no page of its own."""
    of = getattr(row, "mentoring", None) or (row.business if type(row).__name__ == "Check" else row)
    try:
        return of.get_absolute_url()
    except NoReverseMatch:
        return ""


def _place(row):
    region = getattr(row, "kelurahan", None) or getattr(row, "kelurahan_next", None)
    region = region or getattr(row, "kelurahan_now", None)
    if region is None and hasattr(row, "mentoring"):
        region = row.mentoring.business.kelurahan
    where = rt_rw(getattr(row, "rt", None), getattr(row, "rw", None))
    return " ".join(part for part in (region.name if region else "", where) if part)


def _local(at):
    return timezone.localdate(at) if at else None


DESCRIBED = {
    "requests": Shape(
        "requests",
        (_("Usaha"), _("Dilaporkan"), _("Kebutuhan")),
        "-told_day",
        ("business", "kelurahan"),
        lambda r: (r.name, _local(r.told_at), f"{r.get_need_display()} ({r.get_state_display()})"),
    ),
    "visits": Shape(
        "visits",
        (_("Usaha"), _("Dikunjungi"), _("Hasil")),
        "-on",
        ("business", "kelurahan"),
        lambda r: (r.name, r.on, r.get_state_display()),
    ),
    "followups": Shape(
        "followups",
        (_("Usaha"), _("Tenggat"), _("Masalah dan penanggung jawab")),
        "-due_on",
        ("business", "kelurahan", "organisation"),
        lambda r: (
            r.business.name if r.business_id else r.get_need_display(),
            r.due_on,
            f"{r.get_need_display()}, {r.organisation} ({r.get_state_display()})",
        ),
    ),
    "sessions": Shape(
        "sessions",
        (_("Usaha"), _("Tanggal"), _("Layanan")),
        "-on",
        ("mentoring__business__kelurahan",),
        lambda r: (r.mentoring.business.name, r.on, r.get_service_display()),
    ),
    "proposals": Shape(
        "proposals",
        (_("Forum"), _("Tanggal"), _("Kebutuhan")),
        "-held_on",
        ("kelurahan",),
        lambda r: (r.get_forum_display(), r.held_on, f"{r.get_need_display()} ({r.get_state_display()})"),
    ),
    "checks": Shape(
        "checks",
        (_("Usaha"), _("Dilihat"), _("Jawaban")),
        "-seen_on",
        ("business", "kelurahan"),
        lambda r: (r.business.name, r.seen_on, r.get_answer_display()),
    ),
    "submissions": Shape(
        "submissions",
        (_("Usaha"), _("Dikirim"), _("Jenis dan status")),
        "-id",
        ("kelurahan_now", "kelurahan_next"),
        lambda r: (r.title, _local(r.submitted_at), f"{r.get_kind_display()} ({r.get_status_display()})"),
    ),
    "businesses": Shape(
        "businesses",
        (_("Usaha"), _("Terakhir dipastikan"), _("Keadaan")),
        "name",
        ("kelurahan",),
        lambda r: (r.name, r.last_confirmed_on, r.get_operating_state_display()),
    ),
}


def described(key):
    """The Shape of a source's rows."""
    return DESCRIBED[key]
