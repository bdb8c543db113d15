"""A list of businesses to take home: as a workbook at once, as a job when it is long, or on paper.

Callers: the list's pages and tasks of this room. Every one of the three leaves a line in the audit trail.
"""

import tempfile
from contextlib import nullcontext

from django.conf import settings
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from accounts import audit
from registry.businesses.belongings import Licence
from registry.businesses.columns import PERSON, Sight, workbook_columns
from registry.businesses.jobs import Job
from registry.people import disclosures
from registry.people.models import Person
from registry.regions.access import within_reach
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.formats import moment, number
from umkm_portal.lib.tables import to_xlsx

AT_ONCE = 20_000  # rows; above it the workbook is made by a job
MOST = 500_000  # rows of one workbook (Excel holds 1,048,576)
ON_PAPER = 1_000  # rows of one printed list: some thirty sheets of A4
CHUNK = 2_000


def exportable(queryset, by, limit):
    """(rows of `queryset` that `by` may take home, how many, whether there are more than `limit`)."""
    rows = within_reach(queryset, by, "registry.export_business")
    count = len(rows.order_by().values_list("pk", flat=True)[: limit + 1])
    return rows, min(count, limit), count > limit


def workbook(rows, *, by, count, filters, now, shown=None, progress=None):
    """XLSX bytes of `rows` (from `exportable`), in their order, with the columns of the list `shown`.

    `filters` are the words of `DescribedFilterSet.words`; they head the sheet, and their names (never what
    was typed) go into the audit trail. `progress(done, total)` is called now and then: such a long one is
    spooled to disk, below the private folder, instead of being held in memory.
    """
    columns = workbook_columns(Sight(by), shown)
    # Reference rows by prefetch, not by join: thousands of businesses share a few dozen of them.
    rows = rows.prefetch_related(
        "kelurahan__parent",
        "kbli",
        "subsector",
        Prefetch("licences", Licence.objects.current().order_by("pk"), to_attr="current_licences"),
    )
    readers = [column.reader(by) for column in columns]

    def lines():
        for done, business in enumerate(rows.iterator(chunk_size=CHUNK)):
            if progress and done % CHUNK == 0:
                progress(done, count)
            yield tuple(read(business) for read in readers)

    if progress:
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.VAR_DIR) if progress else nullcontext("") as spool:
        content = to_xlsx(
            [(c.label, c.width, c.kind) for c in columns],
            lines(),
            sheet=_("Usaha"),
            heading=heading(filters, count, now),
            spool=spool,
        )
    if any(column.permission == PERSON for column in columns):
        note_owners(rows, by=by)
    record_export(by, count=count, filters=filters, columns=len(columns), as_="xlsx")
    return content


def heading(filters, count, now):
    """The lines above a taken-home list: what it is, its filter, how many, as of when, and a warning."""
    return [
        _("Daftar usaha, Portal UMKM Kota Malang"),
        _("Filter: %(words)s") % {"words": said(filters)},
        _("%(count)s usaha, per %(now)s") % {"count": number(count), "now": moment(now)},
        _("Memuat data pribadi. Simpan dan bagikan hanya untuk tugas."),
    ]


def note_owners(rows, *, by):
    """Whoever takes home the owners of `rows` has seen them (people/disclosures)."""
    businesses = rows.prefetch_related(None).order_by().values("pk")
    owners = Person.objects.filter(ownerships__ended_on=None, ownerships__business__in=businesses)
    disclosures.note(owners, by=by, how="export")


def record_export(by, *, count, filters, columns, as_):
    """The audit line of a list taken home: how many, filtered by what (names only), in which form."""
    audit.record(
        "business.exported",
        by,
        by=by,
        count=count,
        filters=sorted({f["name"] for f in filters}),
        columns=columns,
        form=as_,
    )


def said(filters):
    """The filter in words for a heading."""
    if not filters:
        return _("semua usaha di wilayah Anda")
    return ", ".join(f"{f['kind']} {f['label']}" for f in filters)


def refuse_more_than(limit):
    return Refused(
        "export-too-large",
        _("Lebih dari %(limit)s usaha. Persempit dengan filter, misalnya per kecamatan."),
        limit=number(limit),
    )


def ask_for(listing, *, by, shown, whole):
    """The job that will make the workbook of a `Listing`'s address, with how many rows it finds now."""
    return Job.ask(
        Job.Kind.EXPORT,
        by=by,
        title=_("Daftar usaha: %(words)s") % {"words": said(_without_text(listing.filterset.words()))},
        request={"query": listing.query(), "whole": whole, "shown": shown},
        total=listing.count,
    )


def _without_text(words):
    """Filter words for a title that stands unsealed: what was typed into the search box stays out."""
    return [w if w["name"] != "q" else w | {"label": "…"} for w in words]
