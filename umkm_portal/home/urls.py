"""Paths of the landing page, the signed-in home and the account."""

from django.urls import path

from umkm_portal.home import account, health, komponen, views

urlpatterns = [
    path("", views.home, name="home"),
    path("tentang/", views.about, name="about"),
    path("privasi/", views.privacy, name="privacy"),
    path("tampilan/", views.theme, name="theme"),
    path("bahasa/", views.language, name="language"),
    path("akun/", account.account, name="account"),
    path("sehat/", health.health, name="health"),
    path("komponen/", komponen.komponen, name="komponen"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
]
