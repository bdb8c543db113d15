"""Paths of this room."""

from django.urls import path

from registry.rows import views

urlpatterns = [
    path("usaha/deret/", views.rows_entry, name="rows-entry"),
    path("usaha/deret/blok/", views.rows_block, name="rows-block"),
]
