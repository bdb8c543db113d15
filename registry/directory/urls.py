"""Paths of this room."""

from django.urls import path

from registry.directory import business_pages, faces, place_pages, sitemap, views

urlpatterns = [
    path("direktori/", views.directory, name="directory"),
    path("direktori/peta/", faces.directory_map, name="directory-map"),
    path("direktori/peta/data/", faces.directory_map_data, name="directory-map-data"),
    path("direktori/angka/", faces.directory_figures, name="directory-figures"),
    path("direktori/unduh/", faces.directory_download, name="directory-download"),
    path("direktori/foto/<uuid:uuid>/", views.directory_photo, name="directory-photo"),
    path("direktori/foto/<uuid:uuid>/kecil/", views.directory_photo_small, name="directory-photo-small"),
    path("sitemap.xml", sitemap.sitemap_index, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemap.sitemap_section, name="sitemap-section"),
    path("kelurahan/", place_pages.places_kelurahan, name="places-kelurahan"),
    path("kelurahan/<slug:slug>/", place_pages.place_kelurahan, name="place-kelurahan"),
    path("sektor/", place_pages.places_sektor, name="places-sektor"),
    path("sektor/<slug:slug>/", place_pages.place_sektor, name="place-sektor"),
    path("sentra/", place_pages.places_sentra, name="places-sentra"),
    path("sentra/<slug:slug>/", place_pages.place_sentra, name="place-sentra"),
    path("direktori/<slug:slug>/", business_pages.directory_business, name="directory-business"),
    path(
        "direktori/<slug:slug>/kartu.jpg",
        business_pages.directory_business_card,
        name="directory-business-card",
    ),
    path("direktori/<slug:slug>/qr.svg", business_pages.directory_business_qr, name="directory-business-qr"),
    path(
        "direktori/<slug:slug>/cetak/",
        business_pages.directory_business_sheet,
        name="directory-business-sheet",
    ),
]
