"""Paths of the audit trail."""

from django.urls import path

from umkm_portal.trail import views

urlpatterns = [
    path("jejak/", views.trail, name="trail"),
    path("jejak/unduh/", views.trail_export, name="trail-export"),
]
