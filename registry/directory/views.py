"""Pages for everybody: the list, and the pictures of businesses."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import public
from registry.directory.keeping import kept_for_visitors
from registry.directory.listing import Listing
from registry.directory.photos import photo_response


@public
@require_safe
@kept_for_visitors
def directory(request):
    listing = Listing(request)
    context = {"section": "directory", "listing": listing, "title": _title(listing)}
    return render(request, "registry/directory/list.html", context)


def _title(listing):
    words = {"n": listing.total_text, "text": listing.text}
    if listing.text:
        return _("%(n)s usaha untuk “%(text)s”") % words
    return _("%(n)s usaha") % words if listing.total else _("Direktori usaha")


@public
@require_safe
def directory_photo(request, uuid):
    return photo_response(request, uuid)


@public
@require_safe
def directory_photo_small(request, uuid):
    return photo_response(request, uuid, small=True)
