"""Paths of one's own account, under /akun/; those before allauth's own take its names."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("sesi/", views.sessions, name="account-sessions"),
    path("dua-langkah/mulai/", views.begin, name="second-factor"),
    path("dua-langkah/lanjut/", views.go_on, name="second-factor-done"),
    path("dua-langkah/perangkat/", views.forget, name="second-factor-forget"),
    path("dua-langkah/totp/activate/", views.enrol, name="mfa_activate_totp"),
    path("dua-langkah/totp/deactivate/", views.switch_off, name="mfa_deactivate_totp"),
]
