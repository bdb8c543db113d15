"""Pages for everybody: the list, and the pictures of businesses."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
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
    if not listing.text and not listing.total:
        return _("Direktori usaha")
    counted = ngettext("%(n)s usaha", "%(n)s usaha", listing.total) % {"n": listing.total_text}
    return _("%(n)s untuk “%(text)s”") % {"n": counted, "text": listing.text} if listing.text else counted


@public
@require_safe
def directory_photo(request, uuid):
    return photo_response(request, uuid)


@public
@require_safe
def directory_photo_small(request, uuid):
    return photo_response(request, uuid, small=True)
