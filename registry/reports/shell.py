"""What the field pages under /lapor/ need without signal: their shells, the service worker, who is signed in.

A shell is a page without anything of anybody; the service worker keeps it on the phone (static/js/sw.js).
A room adds one: a route made by `shell_page` and its name in SHELLS. The files it loads are found in it.
"""

import hashlib
import json
import posixpath
import re
from functools import lru_cache, wraps

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.views.decorators.http import require_safe

from accounts.access import public
from registry.regions.access import reach
from registry.regions.models import Region
from umkm_portal.lib.sealing import lookups

# Page under /lapor/ -> its shell, by URL name; rooms above this one bring theirs.
SHELLS = {
    "report-need": "report-need-shell",
    "checks-walk": "checks-walk-shell",
    "proposal-log": "proposal-log-shell",
}
# What the phone records, and the permission that lets one record it.
KINDS = {
    "report": "registry.report_need",
    "check": "registry.confirm_business",
    "proposal": "programs.log_proposal",
}
LOADED = re.compile(r"""(?:href|src)="([^"#?]+)[#"]""")
NAMED_IN_STYLES = re.compile(r"""url\(["']?([^"')]+\.svg)["']?\)""")


def shell_page(template, context=None):
    """A public view that serves `template` with nobody signed in, and `html()` for the service worker.

    `context` is a function, called at each rendering; the template is told `shell` as True.
    """

    def html():
        with translation.override(settings.LANGUAGE_CODE):
            return render_to_string(template, (context() if context else {}) | {"shell": True})

    @public
    @require_safe
    @wraps(shell_page, updated=())
    def view(request):
        response = HttpResponse(html())
        patch_cache_control(response, no_cache=True, public=True)
        return response

    view.html = html
    return view


@public
@require_safe
def service_worker(request):
    """/lapor/sw.js: the list of what to keep, then the worker itself. It changes when anything in it does."""
    text, whole = _worker() if settings.DEBUG else _worker_once()
    if not whole:
        _worker_once.cache_clear()  # made while files were being gathered: the next one asks again
    response = HttpResponse(text, content_type="text/javascript")
    patch_cache_control(response, no_cache=True, public=True)
    response["Service-Worker-Allowed"] = "/lapor/"
    return response


def _worker():
    """(its text, whether every file it lists was there)."""
    pages, digest, files, whole = {}, hashlib.sha256(), set(), True
    for page, shell in SHELLS.items():
        try:
            address = reverse(shell)
            pages[reverse(page)] = address
        except NoReverseMatch:  # a room that is not there (yet)
            continue
        html = resolve(address).func.html()
        digest.update(html.encode())
        files |= {name for name in LOADED.findall(html) if name.startswith(settings.STATIC_URL)}
    scripts = [static(f"js/{name}.js") for name in ("outbox-store", "outbox", "sw")]
    for address in sorted(files):
        if address.endswith(".css"):
            files |= {
                posixpath.normpath(posixpath.join(posixpath.dirname(address), name))
                for name in NAMED_IN_STYLES.findall(_content(address).decode())
            }
    for address in [*sorted(files), *scripts]:
        content = _content(address)
        whole = whole and bool(content)
        digest.update(address.encode() + content)
    told = {"version": digest.hexdigest()[:16], "pages": pages, "files": sorted(files)}
    return f"self.SHELL = {json.dumps(told)};\nimportScripts({json.dumps(scripts)[1:-1]});\n", whole


_worker_once = lru_cache(maxsize=1)(_worker)


def _content(address):
    """The bytes of a static file by its address, hashed or not; b"" where it is not gathered yet."""
    name = address.removeprefix(settings.STATIC_URL)
    if found := finders.find(name):
        with open(found, "rb") as file:
            return file.read()
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            return file.read()
    return b""


@public
@require_safe
def outbox_state(request):
    """Who is signed in on this phone, what they may record where, and the key that seals their outbox.

    {"user", "csrf", "posts": [{"code", "name", "may"}], "keys", "at"}; `user` is null for a visitor, and then
    nothing else of anybody is told. The key is derived from IDENTITY_KEY, so nothing is stored for it.
    """
    user, told = request.user, {"user": None, "csrf": "", "posts": [], "keys": [], "at": ""}
    if user.is_authenticated:
        told = {
            "user": user.pk,
            "csrf": get_token(request),
            "posts": _posts(user),
            "keys": lookups("outbox", str(user.pk)),
            "at": timezone.now().isoformat(),
        }
    response = JsonResponse(told)
    add_never_cache_headers(response)
    return response


def _posts(user):
    """The kelurahan in which `user` may record something today, and what."""
    there = {kind: reach(user, permission) for kind, permission in KINDS.items()}
    if not any(there.values()):
        return []
    rows = Region.objects.kelurahan().order_by("name", "code")
    if not any(each.everywhere for each in there.values()):
        rows = rows.filter(pk__in=frozenset().union(*(each.kelurahan for each in there.values())))
    return [
        {
            "code": row.code,
            "name": row.name,
            "may": [kind for kind, each in there.items() if each.covers(row.pk)],
        }
        for row in rows
    ]
