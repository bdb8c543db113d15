"""Paths of this room."""

from django.urls import path

from registry.people import views

urlpatterns = [
    path("orang/cari/", views.person_lookup, name="person-lookup"),
    path("orang/<uuid:identity>/", views.person_detail, name="person-detail"),
]
