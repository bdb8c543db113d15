"""Paths of this room."""

from django.urls import path

from registry.tips import desk, views

urlpatterns = [
    path("direktori/<slug:slug>/lapor/", views.tip_new, name="tip-new"),
    path("lapor/terima-kasih/", views.tip_thanks, name="tip-thanks"),
    path("masukan/", desk.tip_list, name="tip-list"),
    path("masukan/<uuid:uuid>/", desk.tip_detail, name="tip-detail"),
    path("masukan/<uuid:uuid>/usulkan/", desk.tip_propose, name="tip-propose"),
    path("masukan/<uuid:uuid>/tidak-benar/", desk.tip_dismiss, name="tip-dismiss"),
]
