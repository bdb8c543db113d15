"""Whether somebody showed a second factor, and how they come to one.

allauth asks for the code at sign-in once somebody has an authenticator; that it is *required* for
permissions that decide or reveal is ours (settings.REQUIRE_SECOND_FACTOR, SECOND_FACTOR_PERMISSIONS).
A session counts when its records hold a code typed since the authenticator was made, or when the browser
was remembered; an API token when it was made after the authenticator.
"""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.internal.flows.trust import is_trusted_browser
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect

BACK = "second_factor_back"  # session key: where to go on after enrolling
CODE = "second-factor-required"
MESSAGE = _("Hak ini memerlukan pengaman dua langkah. Aktifkan di halaman Akun, lalu masuk dengan kodenya.")


def permissions():
    """The permissions that need it: the set the setting names, so that this app need not know the roles."""
    return import_string(settings.SECOND_FACTOR_PERMISSIONS)


def authenticator_of(user):
    """The user's authenticator app, or None."""
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).first()


def watch(user, shown):
    """Let `user` (one object, one request) answer `lacks_second_factor` by `shown()`, asked at most once."""
    if settings.REQUIRE_SECOND_FACTOR and user.is_authenticated:
        answer = SimpleLazyObject(lambda: (bool(shown()),))
        user._second_factor = lambda: answer[0]
    return user


def shown_in_session(request, user):
    """Whether this session was opened, or gone on with, by a code or from a remembered browser."""
    row = authenticator_of(user)
    if row is None:
        return False
    made = row.created_at.timestamp()
    records = get_authentication_records(request, user)
    if any(r.get("method") == "mfa" and r.get("at", 0) >= made for r in records):
        return True
    return is_trusted_browser(request, user)


def shown_by_token(user, token):
    """Whether this token was handed out after the user had an authenticator: then a code was asked for."""
    row = authenticator_of(user)
    return row is not None and token.created >= row.created_at


class SecondFactorMiddleware:
    """Puts the question to the signed-in user's object; it is answered only when a permission needs it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.REQUIRE_SECOND_FACTOR:
            asleep = request.user

            def watched():
                user = asleep if asleep.pk is None else asleep._wrapped  # the row itself, not a lazy wrapper
                return watch(user, lambda: shown_in_session(request, user))

            request.user = SimpleLazyObject(watched)
        return self.get_response(request)


def missing_for(user, wanted):
    """Whether `user` holds one of the permissions `wanted`, were it not for the second factor."""
    if not (set(wanted) & permissions()) or not user.lacks_second_factor():
        return False
    asked, user._second_factor = user._second_factor, None
    try:
        return any(user.has_perm(permission) for permission in wanted)
    finally:
        user._second_factor = asked


def ask(request, back=""):
    """Send somebody to the page where they enrol, or type a code, and afterwards back to where they were."""
    if not back:
        back = request.get_full_path() if request.method in ("GET", "HEAD") else _came_from(request)
    if authenticator_of(request.user):
        url = f"{reverse('mfa_reauthenticate')}?{urlencode({'next': back})}"
        words = _("Halaman yang Anda tuju memerlukan kode dari aplikasi pengaman.")
    else:
        request.session[BACK] = back
        url = reverse("mfa_activate_totp")
        words = _(
            "Jabatan Anda memutuskan data atau membuka data pribadi, jadi diperlukan pengaman dua langkah. "
            "Aktifkan sekali saja; sesudahnya Anda kembali ke halaman tadi."
        )
    messages.warning(request, words)
    htmx = getattr(request, "htmx", False)
    return HttpResponseClientRedirect(url) if htmx else HttpResponseRedirect(url)


def _came_from(request):
    """The page a form was sent from: the form itself is not sent again."""
    page = request.META.get("HTTP_REFERER", "")
    here = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if here else reverse("home")
