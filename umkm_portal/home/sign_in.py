"""The sign-in page: allauth's, with the demo accounts beside it where those may exist."""

from allauth.account.views import LoginView
from django.contrib.auth.decorators import login_not_required

from umkm_portal.demo.accounts import for_sign_in_page


class SignIn(LoginView):
    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"demo_accounts": for_sign_in_page()}


sign_in = login_not_required(SignIn.as_view())
