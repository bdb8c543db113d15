"""How sign-in behaves here."""

from allauth.account.adapter import DefaultAccountAdapter


class ClosedSignUpAdapter(DefaultAccountAdapter):
    """Accounts are made by an admin: nobody registers themselves."""

    def is_open_for_signup(self, request):
        return False
