"""How sign-in behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction

from accounts import audit
from accounts.tokens import end_all


class ClosedSignUpAdapter(DefaultAccountAdapter):
    """Accounts are made by an admin: nobody registers themselves."""

    def is_open_for_signup(self, request):
        return False

    @transaction.atomic
    def set_password(self, user, password):
        """Change one's own password. Whoever knew the old one may hold a token: those end with it."""
        super().set_password(user, password)
        audit.record("account.password-changed", user, by=user)
        end_all(user, by=user)
