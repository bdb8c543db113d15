"""Pages for everybody beside the list: the same rows as a map, as figures, and as a file to take home."""

from django.conf import settings
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.access import public
from registry.directory import points
from registry.directory.areas import AreaMap
from registry.directory.asked import address, listing_of, view_context
from registry.directory.breakdown import Breakdown
from registry.directory.download import FORMATS, Download, DownloadThrottle
from registry.directory.keeping import kept_for_visitors
from umkm_portal.lib.formats import number
from umkm_portal.lib.maptiles import tiles


def _counted(total, is_capped):
    """ "1.204 usaha", with a plus where more match."""
    told = number(total) + ("+" if is_capped else "")
    return ngettext("%(n)s usaha", "%(n)s usaha", total) % {"n": told}


def _title(listing, counted):
    told = _counted(counted.total, counted.is_capped)
    if listing.text:
        return _("%(n)s untuk “%(text)s”") % {"n": told, "text": listing.text}
    return told


def _degrees(box):
    """A box as the script reads it, with points whatever the language writes."""
    return ",".join(f"{degrees:.6f}" for degrees in box) if box else ""


@public
@require_safe
@kept_for_visitors
def directory_map(request):
    listing, own = listing_of(request, "warna")
    area_map = AreaMap(listing, own["warna"])
    server = tiles(settings.MAP_TILE_URL, settings.MAP_TILE_ATTRIBUTION)
    context = view_context("directory-map", listing, warna="" if area_map.mode == "jumlah" else area_map.mode)
    ground = area_map.ground if area_map.drawing or server else None
    context |= {
        "title": _title(listing, area_map.counted),
        "map": area_map,
        "counted": area_map.counted,
        "tiles": server,
        "today": timezone.localdate(),
        "is_drawn": bool(area_map.drawing),
        # What lies where needs a ground to lie on: without outlines and tiles there is nothing to zoom into.
        "has_script": bool(ground),
        "box": _degrees(ground),
        "view_box": _degrees(area_map.bounds),
        "data_url": address("directory-map-data", listing),
    }
    response = render(request, "registry/directory/map.html", context)
    if server:
        response._csp_update = {"img-src": [server.origin]}
    return response


@public
@require_safe
@kept_for_visitors
def directory_map_data(request):
    return points.map_data(request)


@public
@require_safe
@kept_for_visitors
def directory_figures(request):
    listing, _own = listing_of(request)
    breakdown = Breakdown(listing)
    context = view_context("directory-figures", listing)
    context |= {
        "title": _title(listing, breakdown.counted),
        "breakdown": breakdown,
        "tables": breakdown.tables,
        "counted": breakdown.counted,
        "today": timezone.localdate(),
    }
    return render(request, "registry/directory/figures.html", context)


@public
@require_safe
@cache_control(private=True, no_cache=True)
def directory_download(request):
    listing, own = listing_of(request, "berkas")
    download = Download(listing)
    context = view_context("directory-download", listing) | {"today": timezone.localdate()}
    if own["berkas"] in FORMATS and not download.is_too_long and download.total:
        throttle = DownloadThrottle()
        if throttle.allow_request(request, None):
            return download.response(own["berkas"])
        context["wait_minutes"] = max(round((throttle.wait() or 60) / 60), 1)
    elif own["berkas"] and own["berkas"] not in FORMATS:
        listing.problems.append(_("Berkas hanya tersedia sebagai XLSX dan CSV."))
    context |= {
        "title": _title(listing, download.counted),
        "download": download,
        "counted": download.counted,
    }
    response = render(request, "registry/directory/download.html", context)
    if "wait_minutes" in context:
        response.status_code = 429
        response["Retry-After"] = str(context["wait_minutes"] * 60)
    return response
