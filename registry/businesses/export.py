"""A list of businesses as a workbook to take home. Callers: the list page of this room."""

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from accounts import audit
from registry.businesses.belongings import Licence
from registry.businesses.columns import EXPORT, Sight
from registry.regions.access import within_reach
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.formats import moment, number
from umkm_portal.lib.tables import to_xlsx

MAX_ROWS = 20_000
CHUNK = 2_000


def export_rows(queryset, *, by, filters, now):
    """The rows of `queryset` (already cut to what `by` may read) as XLSX bytes, in its order.

    `filters` are the words of `DescribedFilterSet.words`; they head the sheet, and their names (never what
    was typed) go into the audit trail. Raises Refused for more than MAX_ROWS.
    """
    queryset = within_reach(queryset, by, "registry.export_business")
    count = len(queryset.order_by().values_list("pk", flat=True)[: MAX_ROWS + 1])
    if count > MAX_ROWS:
        raise Refused(
            "export-too-large",
            _("Lebih dari %(limit)s usaha. Persempit dengan filter, misalnya per kecamatan, lalu unduh."),
            limit=number(MAX_ROWS),
        )
    sight = Sight(by)
    columns = [column for column in EXPORT if sight.ever(column.permission)]
    # Reference rows by prefetch, not by join: thousands of businesses share a few dozen of them.
    rows = queryset.prefetch_related(
        "kelurahan__parent",
        "kbli",
        "subsector",
        Prefetch("licences", Licence.objects.current().order_by("pk"), to_attr="current_licences"),
    )
    readers = [column.reader(by) for column in columns]
    content = to_xlsx(
        [(c.label, c.width, c.kind) for c in columns],
        (tuple(read(business) for read in readers) for business in rows.iterator(chunk_size=CHUNK)),
        sheet=_("Usaha"),
        heading=[
            _("Daftar usaha, Portal UMKM Kota Malang"),
            _("Filter: %(words)s") % {"words": _said(filters)},
            _("%(count)s usaha, per %(now)s") % {"count": number(count), "now": moment(now)},
            _("Memuat data pribadi. Simpan dan bagikan hanya untuk tugas."),
        ],
    )
    audit.record(
        "business.exported",
        by,
        by=by,
        count=count,
        filters=sorted({f["name"] for f in filters}),
        columns=len(columns),
    )
    return content


def _said(filters):
    if not filters:
        return _("semua usaha di wilayah Anda")
    return ", ".join(f"{f['kind']} {f['label']}" for f in filters)
