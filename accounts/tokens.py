"""Who an API token is: knox's tokens, hashed and expiring. Imports no views, settings name it."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed

from accounts import audit, second_factor


class TokenAuthentication(KnoxAuthentication):
    """`Authorization: Token umkm_…`. Reading never writes: expired rows are left for a cleaning command."""

    def authenticate_credentials(self, token):
        if not token.isascii() or b"\0" in token:
            raise AuthenticationFailed(_("Token tidak dikenal."))
        try:
            return super().authenticate_credentials(token)
        except AuthenticationFailed as error:
            raise AuthenticationFailed(_("Token tidak dikenal atau sudah kedaluwarsa.")) from error

    def validate_user(self, auth_token):
        user, token = super().validate_user(auth_token)
        return second_factor.watch(user, lambda: second_factor.shown_by_token(user, token)), token

    def _cleanup_token(self, auth_token):
        return auth_token.expiry is not None and auth_token.expiry < timezone.now()


def tokens_of(user):
    """The user's tokens that still work, newest first."""
    return list(AuthToken.objects.filter(user=user, expiry__gt=timezone.now()).order_by("-created"))


def delete_expired():
    """Delete tokens whose days are over; returns how many."""
    return AuthToken.objects.filter(expiry__lt=timezone.now()).delete()[0]


def end_all(user, *, by):
    """End every token of `user`: asked for, or as password or account changed. Returns how many."""
    ended = AuthToken.objects.filter(user=user).delete()[0]
    audit.record("token.all-ended", user, by=by, count=ended)
    return ended
