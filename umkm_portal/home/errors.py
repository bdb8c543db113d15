"""Pages for requests that went wrong; the API gets the same as JSON."""

from django.http import HttpResponseServerError, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from umkm_portal.home.kept_form import kept_page, may_be_kept


def _answer(request, status, code, detail):
    if request.path.startswith("/api/"):
        return JsonResponse({"code": code, "detail": detail}, status=status)
    return render(request, f"{status}.html", status=status)


def bad_request(request, exception):
    return _answer(request, 400, "bad-request", _("Permintaan tidak dapat dibaca."))


def forbidden(request, exception):
    return _answer(request, 403, "forbidden", _("Akun Anda tidak memiliki hak untuk ini."))


def missing(request, exception):
    return _answer(request, 404, "not-found", _("Tidak ditemukan."))


def broken(request):
    """Must work when nothing else does: no context, no database."""
    if request.path.startswith("/api/"):
        return JsonResponse({"code": "error", "detail": "Terjadi kesalahan pada portal."}, status=500)
    return HttpResponseServerError(render_to_string("500.html"))


def csrf_failure(request, reason=""):
    """A form came from an old page or another site: say so, and that nothing was changed.

    From a page of ours, as after signing in once more in another tab, it comes back filled.
    """
    if may_be_kept(request):
        return kept_page(request, status=403)
    response = render(request, "403_csrf.html", status=403)
    response["Referrer-Policy"] = "strict-origin"  # the address may hold an owner's key
    return response


class WrongMethodMiddleware:
    """An address that takes forms only, opened in the browser: say so on a page of ours, still a 405.

    Somebody gets there without a fault of theirs: the session ended while they typed, and signing in brings
    them to where the form was sent; or the form was refused and they turn the page dark.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET" or response.content:
            return response
        page = render(request, "405.html", {"page_url": _page_above(request.path)}, status=405)
        page["Allow"] = response["Allow"]
        page._has_been_logged = True  # as the answer it stands for
        return page


def _page_above(path):
    """The nearest address above `path` that is one of ours: the page whose form was sent to `path`."""
    parts = path.strip("/").split("/")
    while parts := parts[:-1]:
        above = f"/{'/'.join(parts)}/"
        try:
            resolve(above)
        except Resolver404:
            continue
        return above
    return ""
