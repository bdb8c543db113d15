"""A form sent after the session ended is not lost: it comes back, filled, to be sent again after signing in.

Nothing is stored: what was typed travels in the answer, which no cache keeps. Only a form that the browser
vouches for as sent from a page of ours (Sec-Fetch-Site) is offered again; what another site made somebody
send never is. Passwords, codes and NIK are never repeated: a form that holds one goes its usual way (those
of businesses keep a draft of their own, without the NIK).
"""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.shortcuts import render, resolve_url
from django.utils.cache import add_never_cache_headers

SECRET = re.compile(r"password|^code$|(^|[-_])nik($|[-_])|^grid$")  # grid: the rows of many businesses
OURS = ("csrfmiddlewaretoken",)


class KeptFormMiddleware:
    """Instead of the way to the sign-in page, a page with the form; GET, fetch and other sites as ever."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != 302 or not may_be_kept(request):
            return response
        if urlsplit(response["Location"]).path != resolve_url(settings.LOGIN_URL):
            return response
        return kept_page(request, status=401, sign_in=True)


def may_be_kept(request):
    """Whether what was sent may be shown again to whoever sent it."""
    return (
        request.method == "POST"
        and request.headers.get("Sec-Fetch-Site") == "same-origin"
        and request.headers.get("Sec-Fetch-Dest") == "document"
        and bool(request.POST)
        and not any(SECRET.search(name) for name in request.POST)
    )


def kept_page(request, status, *, sign_in=False):
    """The page with what was sent; `status` is the answer's, `sign_in` whether it needs an account.

    Files cannot be sent again by a page. Its address goes into no Referer: it may hold an owner's key.
    """
    fields = [(name, value) for name, values in request.POST.lists() for value in values if name not in OURS]
    context = {"fields": fields, "files": bool(request.FILES)}
    if sign_in:
        context["login_url"] = resolve_url(settings.LOGIN_URL)
    response = render(request, "kept_form.html", context, status=status)
    add_never_cache_headers(response)
    response["Referrer-Policy"] = "strict-origin"
    return response
