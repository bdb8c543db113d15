"""Sending a published picture, whole or small, while its owner's consent stands."""

import io

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from PIL import Image

from registry.businesses.belongings import Photo
from registry.businesses.models import Business

SMALL_EDGE = 480
SMALL_KEPT = 60 * 60
# A withdrawn consent shows within a minute (ARCHITECTURE section 8), so nobody may keep a picture longer.
CACHE_CONTROL = "public, max-age=60, must-revalidate"


def public_photos():
    """Pictures the public may fetch: of a public business, with consent for photos, not ended."""
    return Photo.objects.current().filter(business__in=Business.objects.public(), business__shows_photo=True)


def photo_response(request, uuid, *, small=False):
    """The picture as JPEG, or 304 for a browser that has it. Raises Http404."""
    photo = get_object_or_404(public_photos(), uuid=uuid)
    etag = f'"{photo.uuid.hex}{"-kecil" if small else ""}"'  # a picture is never rewritten under its uuid
    response = get_conditional_response(request, etag=etag)
    if response is None:
        content = _small(photo) if small else whole_picture(photo)
        response = HttpResponse(content, content_type="image/jpeg", headers={"ETag": etag})
    response.headers["Cache-Control"] = CACHE_CONTROL
    return response


def whole_picture(photo):
    """The bytes of a published picture; who asks has looked up the consent. Raises Http404."""
    try:
        with photo.file.open("rb") as file:
            return file.read()
    except (OSError, ValueError) as error:
        raise Http404 from error


def _small(photo):
    """At most SMALL_EDGE pixels, kept for an hour; asked for only after the consent was looked up."""
    key = f"photo-small:{photo.uuid.hex}"
    content = cache.get(key)
    if content is None:
        image = Image.open(io.BytesIO(whole_picture(photo)), formats=["JPEG"])
        image.draft("RGB", (SMALL_EDGE, SMALL_EDGE))
        image.thumbnail((SMALL_EDGE, SMALL_EDGE))
        buffer = io.BytesIO()
        image.convert("RGB").save(buffer, "JPEG", quality=78, optimize=True)
        content = buffer.getvalue()
        cache.set(key, content, SMALL_KEPT)
    return content
