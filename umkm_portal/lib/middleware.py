"""Requests that no database can hold are answered before they reach a view."""

from django.http import HttpResponseBadRequest
from django.template.loader import render_to_string


class RefuseNulMiddleware:
    """Answer 400 when the path or query carries a NUL character.

    PostgreSQL refuses NUL in text, SQLite keeps it: without this the same link would be a 500 on one
    database and a result on the other. Form bodies are checked by their forms.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        raw = request.META.get("QUERY_STRING", "")
        if "\0" in request.path or "%00" in raw or "\0" in raw:
            if request.path.startswith("/api/"):
                return HttpResponseBadRequest(
                    b'{"code": "nul", "detail": "Karakter NUL tidak diterima."}',
                    content_type="application/json",
                )
            return HttpResponseBadRequest(render_to_string("400.html", {}, request=None))
        return self.get_response(request)
