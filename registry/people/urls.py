"""Paths of this room."""

from django.urls import path

from registry.people import views

urlpatterns = [
    path("orang/cari/", views.person_lookup, name="person-lookup"),
    path("orang/<uuid:identity>/", views.person_detail, name="person-detail"),
    path("orang/<uuid:identity>/buka-nomor/", views.person_reveal, name="person-reveal"),
    path("orang/<uuid:identity>/pembuka/", views.person_disclosures, name="person-disclosures"),
]
