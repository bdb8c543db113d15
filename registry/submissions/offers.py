"""What an entry page offers: its fields, and the rows of reference tables that a field can name."""

import re

from django.utils.translation import gettext as _

from registry.businesses import choices, fields
from registry.regions.access import reach
from registry.regions.models import Region
from registry.sectors.models import Kbli
from registry.submissions.rules import MOVE_FIELDS
from umkm_portal.lib.text import clean_line, fold

KBLI_OFFERS = 8
KBLI_TEXT = re.compile(r"^(?:(20\d\d)\s*[: ]\s*)?(\d{5})$", re.ASCII)
NOT_ON_THE_PAGE = {
    "other_subsectors", "sector_told", "founded_on", "workers_upper", "workers_told", "capital_upper_idr",
    "capital_told", "turnover_told", "scale_on", "phone_other",
}  # fmt: skip


def field_names(kind, business, user):
    """The fields of the business that a page of this kind shows to this user."""
    if kind in ("close", "reopen"):
        return []
    names = [n for n in fields.BUSINESS if n not in NOT_ON_THE_PAGE]
    if kind == "move":
        return [n for n in names if n in MOVE_FIELDS]
    if kind == "register":
        names = [n for n in names if n not in ("operating_state", "season_months")]
    elif business.kelurahan_id:
        names.remove("kelurahan")  # another kelurahan is a move
    if business is not None and business.operating_state == choices.OperatingState.CLOSED:
        names.remove("operating_state")
    if not user.has_perm("registry.view_turnover"):
        names = [n for n in names if not fields.BUSINESS[n].need_to_know]
    return names


def kelurahan_options(user, *, everywhere=False, without=None):
    """Choices of kelurahan grouped by kecamatan: those in the user's reach, or all of them."""
    there = reach(user, "registry.propose_submission")
    rows = Region.objects.kelurahan().select_related("parent").order_by("parent__code", "name")
    if not everywhere and not there.everywhere:
        rows = rows.filter(pk__in=there.kelurahan)
    groups = {}
    for region in rows:
        if region.pk != without:
            groups.setdefault(region.parent.name, []).append((region.code, region.name))
    return [("", _("Pilih kelurahan")), *groups.items()]


def find_kbli(text):
    """(key, rows): the code meant by what was typed, or None with the rows that fit it, if any."""
    cleaned = clean_line(text)
    leaves = Kbli.objects.leaves()
    if match := KBLI_TEXT.match(cleaned):
        version, code = match.groups()
        if version:
            return f"{version}:{code}", []
        rows = list(leaves.filter(code=code).order_by("-version"))
        if len({row.title_folded for row in rows}) == 1:
            return rows[0].key, []
        return None, rows
    if not fold(cleaned):
        return None, []
    for version in ("2025", "2020"):
        rows = list(leaves.search(cleaned, version)[: KBLI_OFFERS + 1])
        exact = [row for row in rows if row.title_folded == fold(cleaned)]
        if len(rows) == 1 or len(exact) == 1:
            return (exact or rows)[0].key, []
        if rows:
            return None, rows[:KBLI_OFFERS]
    return None, []
