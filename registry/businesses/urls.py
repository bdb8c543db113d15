"""Paths of this room. The page of one business stands in submissions, which knows what is proposed."""

from django.urls import path

from registry.businesses import views

urlpatterns = [
    path("usaha/", views.business_list, name="business-list"),
    path("usaha/unduh/", views.business_export, name="business-export"),
    path("usaha/<uuid:identity>/aktif/", views.business_confirm, name="business-confirm"),
    path("usaha/<uuid:identity>/verifikasi/", views.business_verify, name="business-verify"),
    path(
        "usaha/<uuid:identity>/persetujuan/<uuid:consent>/tarik/",
        views.consent_withdraw,
        name="consent-withdraw",
    ),
    path("usaha/<uuid:identity>/foto/<uuid:photo>/", views.business_photo, name="business-photo"),
]
