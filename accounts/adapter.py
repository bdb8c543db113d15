"""How sign-in behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.db import transaction

from accounts import audit
from accounts.tokens import end_all
from umkm_portal.lib.sealing import PREFIX, seal, unseal


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


class SealedMFAAdapter(DefaultMFAAdapter):
    """Authenticators' secrets are sealed as identity numbers are: a dump of the database lets nobody in."""

    def encrypt(self, text):
        return seal(text)

    def decrypt(self, encrypted_text):
        return unseal(encrypted_text) if encrypted_text.startswith(f"{PREFIX}:") else encrypted_text
