"""The page of one business, and the sheet made of it, from its public facts: words, marks, the small map."""

from dataclasses import replace
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from registry.businesses.choices import LicenceStatus, OperatingState
from registry.directory.cards import tile
from registry.directory.cube import current_cube
from registry.directory.pages import directory_url
from registry.directory.pictures import drawing_for
from registry.directory.structured import as_script, preview
from umkm_portal.lib import tilemap
from umkm_portal.lib.formats import day, rt_rw
from umkm_portal.lib.language import as_told


def business_context(facts):
    """What the page of a business prints."""
    kelurahan, kecamatan = facts.kelurahan, facts.kecamatan
    here = {"kecamatan": kecamatan["code"], "kelurahan": kelurahan["code"]}
    drawing = drawing_for(facts.name, facts.activity, *(product.name for product in facts.products))
    return {
        "facts": facts,
        "drawing": drawing,
        "photos": facts.photos[:3],
        "more_photos": facts.photos[3:],
        "trail": [
            (_("Direktori"), directory_url()),
            (_("Kec. %(name)s") % {"name": kecamatan["name"]}, directory_url(kecamatan=kecamatan["code"])),
            (kelurahan["name"], directory_url(**here)),
        ],
        "marks": _marks(facts),
        "licences": [_licence(row) for row in facts.licences],
        "address": _address(facts),
        "route_url": _route_url(facts),
        "map": city_with(kelurahan["code"]),
        "neighbours_url": directory_url(**here),
        "asides": _asides(facts),
        "preview": preview(facts),
        "structured": as_script(facts),
        "sheet_url": reverse("directory-business-sheet", args=[facts.slug]),
        "qr_url": reverse("directory-business-qr", args=[facts.slug]),
    }


def _marks(facts):
    """Status keys of the business: whether it is open, and whether somebody went and saw it."""
    return [facts.operating_state] + ["verified_existence"] * bool(facts.existence_verified_on)


def _licence(row):
    if row.status == LicenceStatus.NON_HALAL:
        until = ""
    elif row.expires_on is None:
        until = _("tanpa batas waktu")
    elif row.is_valid:
        until = _("berlaku sampai %(day)s") % {"day": day(row.expires_on)}
    else:
        until = _("berakhir %(day)s") % {"day": day(row.expires_on)}
    return {"label": row.label, "number": row.number, "until": until, "row": row}


def _address(facts):
    """The address line, with what the owner let us show: "Jl. Sanan 47, RT 05 RW 15"."""
    return ", ".join(filter(None, [facts.address, facts.stall, rt_rw(facts.rt, facts.rw)]))


def _route_url(facts):
    if facts.latitude is None or facts.longitude is None:
        return ""
    point = urlencode({"destination": f"{facts.latitude},{facts.longitude}"})
    return f"https://www.google.com/maps/dir/?api=1&{point}"


def city_with(code):
    """The city with this kelurahan filled and its kecamatan tinted: where it is, not where exactly."""
    places = current_cube().places.values()
    city = tilemap.build([tile(place, None, "") for place in places], selected=code)
    kecamatan = code.rpartition(".")[0] + "."
    steps = {place.code: 1 for place in places if place.code.startswith(kecamatan)} | {code: 5}
    return replace(city, tiles=[replace(t, step=steps.get(t.code, 0)) for t in city.tiles])


def _asides(facts):
    rows = []
    if facts.opening_hours:
        rows.append((_("Jam buka"), as_told(facts.opening_hours)))
    if facts.operating_state == OperatingState.SEASONAL and facts.season_months:
        rows.append((_("Bulan buka"), months_told(facts.season_months)))
    if facts.owner_name:
        rows.append((_("Pemilik"), facts.owner_name))
    sectors = [row["name"] for row in (facts.subsector, *facts.other_subsectors) if row]
    if sectors:
        rows.append((_("Subsektor"), ", ".join(sectors)))
    if facts.kbli:
        rows.append((_("Bidang usaha"), as_told(facts.kbli["title"])))
    confirmed = facts.last_confirmed_on
    rows.append((_("Data dipastikan"), day(confirmed) if confirmed else _("belum pernah dipastikan petugas")))
    return rows


def months_told(months):
    """Months as people say them, also over the new year: [11, 12, 1, 4] -> "April, November–Januari"."""
    months = sorted(set(months) & set(MONTHS))
    if len(months) == len(MONTHS):
        return _("sepanjang tahun")
    runs = []
    for month in months:
        if runs and runs[-1][-1] == month - 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    if len(runs) > 1 and runs[0][0] == 1 and runs[-1][-1] == 12:
        runs[-1] += runs.pop(0)
    return ", ".join(
        str(MONTHS[run[0]]) if len(run) == 1 else f"{MONTHS[run[0]]}–{MONTHS[run[-1]]}" for run in runs
    )
