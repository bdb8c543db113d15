"""All rows of a grid looked at together: cells, codes, identity numbers, likely duplicates.

Reads only, in a number of queries that does not grow with the rows. What is told of a NIK is a question that
counts, with its line (identities.py).
"""

from collections import defaultdict

from django.utils.translation import gettext as _

from registry.imports.against import load_places
from registry.regions.access import reach
from registry.regions.models import Region
from registry.rows import drafts, identities, resembling
from registry.rows.cells import Reader
from registry.sectors.models import Kbli

PROPOSE = "registry.propose_submission"


def kelurahan_of(user):
    """[(code, name, kecamatan)] the user may propose for, in the order of their kecamatan."""
    there = reach(user, PROPOSE)
    rows = Region.objects.kelurahan().order_by("parent__code", "name")
    if not there.everywhere:
        rows = rows.filter(pk__in=there.kelurahan)
    return list(rows.values_list("code", "name", "parent__name"))


def check(rows, user, *, numbers=None):
    """Read every row and put its messages and warnings at it.

    `numbers` {row uuid: words} are NIK cells typed earlier, which are never shown again; they stand until
    the cell says something else.
    """
    drafts.known(rows, user)
    codes = {code for code, _name, _kecamatan in kelurahan_of(user)}
    reader = Reader(load_places(), codes)
    for row in rows:
        earlier = (numbers or {}).get(str(row.uuid))
        if earlier and not row.cells.get("nik", "").strip():
            row.cells["nik"] = earlier
        row.reading = reader.read(row.cells, row.uuid, nik_last4=_drafted(row))
        row.errors = row.reading.errors
        if row.elsewhere:
            row.errors["name"] = drafts.words()
        row.nik_last4 = row.reading.nik[-4:] or _drafted(row)
    _settle_kbli(rows)
    identities.settle(rows, user)
    found = resembling.find(
        [(n, row.reading.card, row.reading.values.get("name", ""), row.uuid) for n, row in enumerate(rows)],
        user,
    )
    for position, warnings in found.items():
        rows[position].warnings = warnings


def _drafted(row):
    """The last digits of a NIK that stands in the row's own draft."""
    if row.submission is None:
        return ""
    owners = [i["values"] for i in row.submission.items if i["kind"] == "owner"]
    return owners[0].get("nik_last4", "") if owners else ""


def _settle_kbli(rows):
    """Give told codes their version, as for lists: newest where both mean the same, else ask."""
    told = [row for row in rows if row.reading.kbli_told]
    if not told:
        return
    table = defaultdict(dict)
    codes = {row.reading.kbli_told[0] for row in told}
    leaves = Kbli.objects.leaves().filter(code__in=codes)
    for code, version, title in leaves.values_list("code", "version", "title_folded"):
        table[code][version] = title
    for row in told:
        code, version = row.reading.kbli_told
        versions = table.get(code, {})
        if version in versions:
            row.reading.values["kbli"] = f"{version}:{code}"
        elif versions and not version and len(set(versions.values())) == 1:
            row.reading.values["kbli"] = f"{max(versions)}:{code}"
        elif versions and not version:
            ways = _(" atau ").join(f"{v}:{code}" for v in sorted(versions, reverse=True))
            row.refuse("kbli", _("Kode ini berarti lain di tiap versi KBLI. Tulis %s.") % ways)
        else:
            row.refuse("kbli", _("Kode ini tidak ada di KBLI."))
