"""Paths of this room. The page of one business stands in submissions, which knows what is proposed."""

from django.urls import path

from registry.businesses import list_pages, views

urlpatterns = [
    path("usaha/", list_pages.business_list, name="business-list"),
    path("usaha/unduh/", list_pages.business_export, name="business-export"),
    path("usaha/unduh/minta/", list_pages.business_export_ask, name="business-export-ask"),
    path("usaha/cetak/", list_pages.business_print, name="business-print"),
    path("pekerjaan/", list_pages.job_list, name="job-list"),
    path("pekerjaan/<uuid:uuid>/", list_pages.job_detail, name="job-detail"),
    path("pekerjaan/<uuid:uuid>/berkas/", list_pages.job_file, name="job-file"),
    path("usaha/<uuid:identity>/aktif/", views.business_confirm, name="business-confirm"),
    path("usaha/<uuid:identity>/verifikasi/", views.business_verify, name="business-verify"),
    path(
        "usaha/<uuid:identity>/persetujuan/<uuid:consent>/tarik/",
        views.consent_withdraw,
        name="consent-withdraw",
    ),
    path("usaha/<uuid:identity>/foto/<uuid:photo>/", views.business_photo, name="business-photo"),
]
