"""Paths of this room."""

from django.urls import path

from registry.checks import sheet_pages, target_pages, walk

urlpatterns = [
    path("lapor/masih-aktif/", walk.walk, name="checks-walk"),
    path("lapor/kerangka/masih-aktif/", walk.walk_shell, name="checks-walk-shell"),
    path("masih-aktif/", target_pages.check_list, name="check-list"),
    path("masih-aktif/unduh/", target_pages.check_export, name="check-export"),
    path("masih-aktif/lembar/", sheet_pages.sheets, name="sheets"),
    path("masih-aktif/lembar/<slug:code>/", sheet_pages.sheet, name="sheet"),
    path("masih-aktif/lembar/<slug:code>/isi/", sheet_pages.sheet_key, name="sheet-key"),
]
