"""The page of one business and what goes with it: share card, QR code, sheet to print.

All of them answer under the business's address of today; a former one is sent on to it.
"""

import io
from functools import wraps

import segno
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from accounts.access import public
from registry.businesses.addresses import moved_to
from registry.businesses.models import Business
from registry.directory import sharecard
from registry.directory.detail import business_context, city_with
from registry.directory.keeping import kept_for_visitors
from registry.directory.photos import public_photos, whole_picture
from registry.directory.public import facts_of
from registry.directory.structured import absolute
from umkm_portal.lib.conditional import tag_of

KEPT_SECONDS = 60  # a withdrawn consent shows within a minute (ARCHITECTURE section 8)
CARD_KEPT = 24 * 60 * 60


def at_todays_address(view):
    """Decorator: `view(request, facts)` of a public business, found by the slug in the address.

    Under a former address, or that of a business merged into another, the answer is 301 to the same page
    at today's address; 404 when the business that stands there now is not public. Browsers keep a 301 for
    ever unless told otherwise, and a name can come back, so it says how long.
    """

    @wraps(view)
    def answer(request, slug):
        found = Business.objects.public().filter(slug=slug).values_list("pk", flat=True)[:1]
        if facts := facts_of(found):
            return view(request, facts[0])
        now = moved_to(slug)
        if now is None:
            raise Http404
        response = redirect(request.resolver_match.url_name, now.slug, permanent=True)
        patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
        return response

    return answer


@public
@require_safe
@kept_for_visitors
@at_todays_address
def directory_business(request, facts):
    context = {"section": "directory"} | business_context(facts)
    return render(request, "registry/directory/business.html", context)


@public
@require_safe
@kept_for_visitors
@at_todays_address
def directory_business_sheet(request, facts):
    """One A4 sheet to hang up: what the page says, with a code that leads there."""
    context = {"section": "directory"} | business_context(facts)
    return render(request, "registry/directory/business_sheet.html", context)


@public
@require_safe
@at_todays_address
def directory_business_card(request, facts):
    """The picture beside a shared link. Its tag is made of what it shows, so that it tells nothing else."""
    photo = public_photos().filter(business__uuid=facts.uuid).order_by("pk").first() if facts.photos else None
    shown = {
        "name": facts.name,
        "what": facts.activity or ", ".join(product.name for product in facts.products[:4]),
        # one picture for every visitor, so in no language but that of the facts
        "place": f"{facts.kelurahan['name']}, Kec. {facts.kecamatan['name']}",
    }
    etag = tag_of(sharecard.DESIGN, shown, facts.kelurahan["code"], photo and photo.uuid)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        picture = _card(etag, shown, facts.kelurahan["code"], photo)
        response = HttpResponse(picture, content_type="image/jpeg", headers={"ETag": etag})
    patch_cache_control(response, public=True, max_age=KEPT_SECONDS, must_revalidate=True)
    return response


def _card(etag, shown, code, photo):
    key = f"share-card:{etag}"
    picture = cache.get(key)
    if picture is None:
        content = None
        if photo is not None:
            try:
                content = whole_picture(photo)
            except Http404:  # the file is gone: the card stands without it
                content = None
        picture = sharecard.draw(**shown, city_map=city_with(code), photo=content)
        cache.set(key, picture, CARD_KEPT)
    return picture


@public
@require_safe
@at_todays_address
def directory_business_qr(request, facts):
    """A QR code of the address people type (SITE_URL), as SVG without inline style."""
    out = io.BytesIO()
    address = absolute(facts.url)
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgclass=None, lineclass=None, omitsize=True, border=2, light="#fff"
    )
    etag = tag_of(settings.SITE_URL, facts.slug)
    response = get_conditional_response(request, etag=etag) or HttpResponse(
        out.getvalue(), content_type="image/svg+xml", headers={"ETag": etag}
    )
    patch_cache_control(response, public=True, max_age=KEPT_SECONDS, must_revalidate=True)
    return response
