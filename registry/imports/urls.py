"""Paths of this room."""

from django.urls import path

from . import views

urlpatterns = [
    path("unggah/", views.import_list, name="import-list"),
    path("unggah/<uuid:uuid>/", views.import_detail, name="import-detail"),
    path("unggah/<uuid:uuid>/kirim/", views.import_send, name="import-send"),
    path("unggah/<uuid:uuid>/tarik/", views.import_withdraw, name="import-withdraw"),
    path("unggah/<uuid:uuid>/setujui/", views.import_approve, name="import-approve"),
    path("unggah/<uuid:uuid>/tolak/", views.import_reject, name="import-reject"),
    path("unggah/<uuid:uuid>/kesalahan.xlsx", views.import_problems, name="import-problems"),
]
