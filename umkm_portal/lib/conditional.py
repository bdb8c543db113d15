"""ETag, If-None-Match and If-Match: nothing is sent twice, and nothing is changed unseen.

A tag is a keyed hash, so that it tells nobody a value it was made of, and it belongs to one reader: what two
people may see of a row differs. `tag_of` makes one, `Conditional` serves it.
"""

import json
from contextlib import contextmanager
from functools import partial

from django.core.exceptions import ObjectDoesNotExist
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import Http404, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from umkm_portal.lib.sealing import lookup

READING = ("GET", "HEAD")
KEPT_HEADERS = ("ETag", "Cache-Control", "Vary", "Content-Location")


def tag_of(*parts):
    """A strong entity tag, quoted, of anything JSON can hold (bytes as they are)."""
    if len(parts) == 1 and isinstance(parts[0], bytes):
        text = parts[0].decode()
    else:
        text = json.dumps(parts, cls=DjangoJSONEncoder, separators=(",", ":"))
    return f'"{lookup("etag", text)[:32]}"'


def matches(header, tag):
    """Whether an If-Match or If-None-Match header names `tag`; "*" names any.

    Compression on the way (ours or a proxy's) marks our strong tags as weak: the mark is not compared.
    """
    return "*" in (named := parse_etags(header)) or tag in [each.removeprefix("W/") for each in named]


class PreconditionRequired(exceptions.APIException):
    """428: an act on a row that others may change too, sent without If-Match."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "precondition-required"
    default_detail = _("Sertakan If-Match dengan ETag dari data yang Anda baca.")

    def __init__(self, etag):
        super().__init__()
        self.etag = etag


class PreconditionFailed(exceptions.APIException):
    """412: the row is not what its sender read."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "precondition-failed"
    default_detail = _("Data ini berubah sejak Anda membacanya. Baca lagi, lalu kirim dengan ETag yang baru.")

    def __init__(self, etag):
        super().__init__()
        self.etag = etag


class Conditional:
    """Mixin for API views: tags what is read, and holds an act to the row its sender has read.

    A view whose rows carry everything a tag needs has `tag(row)`; where it has not, the tag is made of the
    body. `changing(row)` wraps an act.
    """

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ("Authorization", "Cookie"))
        if not response.has_header("Cache-Control"):
            signed_in = getattr(request, "user", None) and request.user.is_authenticated
            response["Cache-Control"] = "private, no-cache" if signed_in else "no-cache"
        if request.method in READING and isinstance(response, Response) and response.status_code == 200:
            response.add_post_render_callback(partial(_tagged, request))
        return response

    def unchanged(self, tag):
        """A 304 for who has what `tag` stands for, made before it is serialised; otherwise None."""
        if matches(self.request.headers.get("If-None-Match", ""), tag):
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers={"ETag": tag})
        return None

    @contextmanager
    def changing(self, row, *, required=True):
        """Hold `row` under lock while the act in the `with` block runs, all in one transaction.

        Raises PreconditionRequired without If-Match (where `required`), PreconditionFailed when it names
        another state than the one under lock: between comparing and changing nobody else gets in.
        """
        header = self.request.headers.get("If-Match", "").strip()
        if required and not header:
            raise PreconditionRequired(self.tag(row))
        with transaction.atomic():
            if header:
                self._lock(row)
            if header and header != "*":
                tag = self.tag(row)
                if not matches(header, tag):
                    raise PreconditionFailed(tag)
            yield row

    @staticmethod
    def _lock(row):
        rows = type(row)._default_manager.select_for_update(of=("self",))
        try:
            row.refresh_from_db(from_queryset=rows)
        except ObjectDoesNotExist as error:
            raise Http404 from error


def body_tag(data):
    """The tag of a body before it is sent."""
    return tag_of(JSONRenderer().render(data))


def _tagged(request, response):
    """Post-render callback: give the answer its tag, or answer 304 to who has it."""
    if not response.has_header("ETag"):
        response["ETag"] = tag_of(response.content)
    if not matches(request.headers.get("If-None-Match", ""), response["ETag"]):
        return None
    same = HttpResponseNotModified()
    for name in KEPT_HEADERS:
        if response.has_header(name):
            same[name] = response[name]
    return same
