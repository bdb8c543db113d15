"""Which language a page speaks: Indonesian, or English on a public page for whoever chose it there.

The choice is a cookie and nothing else: a link opens alike for everybody, whatever their browser is set to.
Working pages stay Indonesian, the language in which the office does its work; so does the API.
"""

from django.conf import settings
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html

COOKIE = settings.LANGUAGE_COOKIE_NAME
CODES = tuple(code for code, _name in settings.LANGUAGES)
# Pages of others that stand before the door: whoever is not signed in yet reads them too.
AT_THE_DOOR = {"account_login", "account_logout", "mfa_authenticate"}
NEVER = ("/api/", "/admin/")


def chosen(request):
    """The language this visitor chose, "id" without a choice or with one we do not have."""
    code = request.COOKIES.get(COOKIE)
    return code if code in CODES else settings.LANGUAGE_CODE


def as_told(text):
    """Words of a business itself, marked as Indonesian where the page around them is English."""
    if not text or translation.get_language() == settings.LANGUAGE_CODE:
        return text
    return format_html('<span lang="id">{}</span>', text)


class LanguageMiddleware:
    """Speaks the chosen language until it is known that the page is a working one.

    So an address that leads nowhere is answered in the visitor's language too.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        code = settings.LANGUAGE_CODE if request.path.startswith(NEVER) else chosen(request)
        with translation.override(code):
            response = self.get_response(request)
            if response.headers.get("Content-Type", "").startswith("text/html"):
                response.headers.setdefault("Content-Language", translation.get_language())
                patch_vary_headers(response, ["Cookie"])
        return response

    def process_view(self, request, view, args, kwargs):
        open_to_all = getattr(view, "access", ()) == ("public",)
        if not open_to_all and request.resolver_match.url_name not in AT_THE_DOOR:
            translation.activate(settings.LANGUAGE_CODE)
