"""What happens around every request: what no database can hold is refused, what is personal stays private."""

from django.conf import settings
from django.http import HttpResponseBadRequest
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control


class RefuseNulMiddleware:
    """Answer 400 when the path or query carries a NUL character, or more parameters than Django reads.

    PostgreSQL refuses NUL in text, SQLite keeps it: without this the same link would be a 500 on one
    database and a result on the other. Too many parameters Django refuses itself, but each time somebody
    looks at them, the page of the refusal too. Form bodies are checked by their forms.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        raw = request.META.get("QUERY_STRING", "")
        if "\0" in request.path or "%00" in raw or "\0" in raw:
            return self._refuse(request, b'{"code": "nul", "detail": "Karakter NUL tidak diterima."}')
        if raw.count("&") >= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:
            return self._refuse(request, b'{"code": "too-many", "detail": "Terlalu banyak parameter."}')
        return self.get_response(request)

    @staticmethod
    def _refuse(request, body):
        if request.path.startswith("/api/"):
            return HttpResponseBadRequest(body, content_type="application/json")
        return HttpResponseBadRequest(render_to_string("400.html", {}, request=None))


class KeepPrivateMiddleware:
    """What somebody signed in was shown is kept by nobody else, and not on the office's computer afterwards.

    Answers that say nothing themselves become `private, no-cache`: no cache between us and the browser keeps
    them, and the browser asks again. Signing out empties the browser's own cache (over HTTPS), so that the
    back button brings no owner's data to whoever sits there next.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        known = settings.SESSION_COOKIE_NAME in request.COOKIES or "HTTP_AUTHORIZATION" in request.META
        if known and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        match = request.resolver_match
        if request.method == "POST" and match is not None and match.url_name == "account_logout":
            response["Clear-Site-Data"] = '"cache"'
        return response
