"""Sign-in by user name and password; says nothing about permissions."""

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings


class SignInBackend(AuthenticationBackend):
    """allauth's backend without Django's permission tables: posts alone decide."""

    def authenticate(self, request, **credentials):
        """The password everybody can read in the manual opens nothing but a demo on this machine."""
        demo = settings.DEBUG and settings.IS_LOCAL
        if credentials.get("password") == settings.DEMO_PASSWORD and not demo:
            return None
        return super().authenticate(request, **credentials)

    def has_perm(self, user_obj, perm, obj=None):
        return False

    def has_module_perms(self, user_obj, app_label):
        return False

    def get_user_permissions(self, user_obj, obj=None):
        return set()

    def get_group_permissions(self, user_obj, obj=None):
        return set()

    def get_all_permissions(self, user_obj, obj=None):
        return set()
