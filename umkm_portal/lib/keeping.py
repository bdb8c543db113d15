"""Keeping finished public pages for a minute, under a version that moves with the data.

A page that is the same for every visitor is made once: `kept(version)` stores it compressed, in this process,
under its address, language and theme and what `version()` says. When the data change the version does, so
nothing that was withdrawn is sent again; `SECONDS` bounds the age of everything the version does not cover.
Browsers may keep a page too but ask each time: who has it already is answered 304.
"""

import gzip
import hashlib
from functools import wraps

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import caches
from django.http import HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import get_language

from umkm_portal.lib.conditional import matches

SECONDS = 60
MESSAGES = CookieStorage.cookie_name
LONGEST_ADDRESS = 1_000  # longer ones are rare and odd: they are made anew


def kept(version):
    """Decorate a page that shows nothing of who asks. `version()` is a value that moves when it should."""

    def decorate(view):
        @wraps(view)
        def answer(request, *args, **kwargs):
            address = request.get_full_path()
            # Messages travel in a cookie of their own, which outlives the session: they are somebody's.
            visitor = not {settings.SESSION_COOKIE_NAME, MESSAGES} & request.COOKIES.keys()
            if not visitor or len(address) > LONGEST_ADDRESS or request.method not in ("GET", "HEAD"):
                return _always_asked(view(request, *args, **kwargs))
            parts = (
                version(), request.get_host(), request.scheme, address, get_language(),
                request.COOKIES.get("tema", ""), timezone.localdate(),
            )  # fmt: skip
            key = "page:" + hashlib.sha256(repr(parts).encode()).hexdigest()
            entry = caches["pages"].get(key)
            if entry is None:
                response = view(request, *args, **kwargs)
                told = getattr(getattr(request, "_messages", None), "used", False)
                entry = None if told else _entry(response)
                if entry is None:
                    return _always_asked(response)
                caches["pages"].set(key, entry, SECONDS)
            return _answer(request, *entry)

        return answer

    return decorate


def _entry(response):
    """(tag, compressed body, its headers) of an answer that may be sent to others, or None."""
    personal = response.cookies or hasattr(response, "_csp_update") or response.streaming
    if response.status_code != 200 or personal:
        return None
    body = response.content
    # Two visitors read the same bytes, so that a tag tells nobody more than the page does.
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"', gzip.compress(body, 6), dict(response.headers)


def _answer(request, tag, compressed, headers):
    if matches(request.headers.get("If-None-Match", ""), tag):
        response = HttpResponseNotModified()
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = HttpResponse(compressed, headers={**headers, "Content-Encoding": "gzip"})
    else:
        response = HttpResponse(gzip.decompress(compressed), headers=headers)
    response["ETag"] = tag
    patch_vary_headers(response, ("Accept-Encoding",))
    return _always_asked(response)


def _always_asked(response):
    if not response.has_header("Cache-Control"):
        patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ("Cookie",))
    return response
