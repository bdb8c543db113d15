"""A private picture over the API: JPEG to who may see it, JSON when it is refused."""

import json

from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response
from rest_framework.renderers import BaseRenderer
from rest_framework.utils.encoders import JSONEncoder


class PictureRenderer(BaseRenderer):
    """Lets a client ask for image/jpeg. The picture itself is no DRF answer; a refusal is written as JSON."""

    media_type = "image/jpeg"
    format = "jpg"
    charset = None
    render_style = "binary"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        renderer_context["response"]["Content-Type"] = "application/json"
        return json.dumps(data, cls=JSONEncoder, ensure_ascii=False).encode()


def picture_response(request, file, identity):
    """The stored JPEG, or 304: a picture is never rewritten under its uuid. Raises Http404."""
    etag = f'"{identity.hex}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            with file.open("rb") as stored:
                content = stored.read()
        except (OSError, ValueError) as error:
            raise Http404 from error
        response = HttpResponse(content, content_type="image/jpeg", headers={"ETag": etag})
        response["Content-Disposition"] = f'inline; filename="{identity}.jpg"'
        response["X-Content-Type-Options"] = "nosniff"
    return response
