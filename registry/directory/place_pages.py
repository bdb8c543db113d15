"""Pages of kelurahan, sectors and sentra, and the index of each kind."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from accounts.access import public
from registry.directory.keeping import kept_for_visitors
from registry.directory.places import index_context, spot_context
from registry.directory.structured import Preview, absolute

TITLES = {
    "kelurahan": lazy("Usaha menurut kelurahan"),
    "sektor": lazy("Usaha menurut sektor"),
    "sentra": lazy("Sentra usaha"),
}
LEADS = {
    "kelurahan": lazy("57 kelurahan dalam lima kecamatan, masing-masing dengan usahanya."),
    "sektor": lazy("Subsektor ekonomi kreatif dan lapangan usaha menurut KBLI."),
    "sentra": lazy("Satu kampung, satu keahlian: tempat satu produk dibuat oleh banyak tetangga."),
}


def _heading(spot):
    if spot.kind == "kelurahan":
        return _("Usaha di Kelurahan %(name)s") % {"name": spot.name}
    return spot.name


def _preview(title, lead, path):
    return Preview(title=title, description=lead, url=absolute(path), picture="", picture_alt="")


def _spot(request, kind, slug):
    context = spot_context(request, kind, slug)
    spot = context["spot"]
    heading = _heading(spot)
    lead = _("%(n)s usaha terdata: %(what)s, Kota Malang.") % {"n": context["total_text"], "what": heading}
    return render(
        request,
        "registry/directory/place.html",
        context
        | {
            "section": "directory",
            "heading": heading,
            "preview": _preview(heading, lead, spot.url),
            "trail": [(str(TITLES[kind]), context["index_url"]), (spot.name, "")],
            "near_title": _("Kelurahan tetangga") if kind == "kelurahan" else _("Lihat juga"),
        },
    )


def _index(request, kind):
    return render(
        request,
        "registry/directory/place_index.html",
        index_context(request, kind)
        | {
            "section": "directory",
            "heading": TITLES[kind],
            "lead": LEADS[kind],
            "preview": _preview(str(TITLES[kind]), str(LEADS[kind]), request.path),
        },
    )


@public
@require_safe
@kept_for_visitors
def place_kelurahan(request, slug):
    return _spot(request, "kelurahan", slug)


@public
@require_safe
@kept_for_visitors
def place_sektor(request, slug):
    return _spot(request, "sektor", slug)


@public
@require_safe
@kept_for_visitors
def place_sentra(request, slug):
    return _spot(request, "sentra", slug)


@public
@require_safe
@kept_for_visitors
def places_kelurahan(request):
    return _index(request, "kelurahan")


@public
@require_safe
@kept_for_visitors
def places_sektor(request):
    return _index(request, "sektor")


@public
@require_safe
@kept_for_visitors
def places_sentra(request):
    return _index(request, "sentra")
