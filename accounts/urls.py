"""Paths of what is kept for an account: saved views. Those of the account itself stand in account_urls.py."""

from django.urls import path

from accounts import saved_pages

urlpatterns = [
    path("akun/tampilan/", saved_pages.view_list, name="saved-views"),
    path("akun/tampilan/simpan/", saved_pages.view_save, name="saved-view-save"),
    path("akun/tampilan/<uuid:uuid>/", saved_pages.view_change, name="saved-view-change"),
]
