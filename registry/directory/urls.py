"""Paths of this room."""

from django.urls import path

from registry.directory import faces, views

urlpatterns = [
    path("direktori/", views.directory, name="directory"),
    path("direktori/peta/", faces.directory_map, name="directory-map"),
    path("direktori/peta/data/", faces.directory_map_data, name="directory-map-data"),
    path("direktori/angka/", faces.directory_figures, name="directory-figures"),
    path("direktori/unduh/", faces.directory_download, name="directory-download"),
    path("direktori/foto/<uuid:uuid>/", views.directory_photo, name="directory-photo"),
    path("direktori/foto/<uuid:uuid>/kecil/", views.directory_photo_small, name="directory-photo-small"),
    path("direktori/<slug:slug>/", views.directory_business, name="directory-business"),
]
