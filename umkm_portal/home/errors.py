"""Pages for requests that went wrong; the API gets the same as JSON."""

from django.http import HttpResponseServerError, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


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
    """A form came from an old page or another site: say so, and that nothing was changed."""
    return render(request, "403_csrf.html", status=403)
