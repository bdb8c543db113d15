"""Every address of the portal. Pages in Indonesian, the API under /api/v1/ in English."""

from allauth.account import views as account
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.urls import urlpatterns as saved_views
from programs.urls import urlpatterns as programs
from registry.admin import site as admin_site
from registry.urls import urlpatterns as registry
from umkm_portal.api import urlpatterns as api
from umkm_portal.home.sign_in import sign_in
from umkm_portal.home.urls import urlpatterns as home
from umkm_portal.trail.urls import urlpatterns as trail

urlpatterns = [
    *home,
    *saved_views,
    *registry,
    *programs,
    *trail,
    path("api/v1/", include(api)),
    path("masuk/", sign_in, name="account_login"),
    path("keluar/", account.logout, name="account_logout"),
    path("akun/sandi/", account.password_change, name="account_change_password"),
    path("akun/ulang/", account.reauthenticate, name="account_reauthenticate"),
    path("akun/", include("accounts.account_urls")),
    path("akun/dua-langkah/", include("allauth.mfa.urls")),
    # allauth asks for these names; there is no sign-up and no mail of its own here.
    path("akun/daftar/", account.signup, name="account_signup"),
    path("akun/nonaktif/", login_not_required(account.account_inactive), name="account_inactive"),
    path(
        "akun/lupa/",
        login_not_required(RedirectView.as_view(pattern_name="account_login")),
        name="account_reset_password",
    ),
    path("admin/", admin_site.urls),
]

handler400 = "umkm_portal.home.errors.bad_request"
handler403 = "umkm_portal.home.errors.forbidden"
handler404 = "umkm_portal.home.errors.missing"
handler500 = "umkm_portal.home.errors.broken"
