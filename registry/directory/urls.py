"""Paths of this room."""

from django.urls import path

from registry.directory import views

urlpatterns = [
    path("direktori/", views.directory, name="directory"),
    path("direktori/foto/<uuid:uuid>/", views.directory_photo, name="directory-photo"),
    path("direktori/foto/<uuid:uuid>/kecil/", views.directory_photo_small, name="directory-photo-small"),
    path("direktori/<slug:slug>/", views.directory_business, name="directory-business"),
]
