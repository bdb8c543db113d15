"""Paths of this room."""

from django.urls import path

from registry.outreach import link_pages, owner_pages, queue_pages

urlpatterns = [
    path("konfirmasi/terima-kasih/", owner_pages.owner_thanks, name="owner-thanks"),
    path("konfirmasi/<str:token>/", owner_pages.owner_link, name="owner-link"),
    path("antrean/", queue_pages.outreach_list, name="outreach-list"),
    path("antrean/baru/", queue_pages.outreach_new, name="outreach-new"),
    path("antrean/<uuid:uuid>/", queue_pages.outreach_queue, name="outreach-queue"),
    path("antrean/<uuid:uuid>/kirim/", queue_pages.outreach_send, name="outreach-send"),
    path("antrean/<uuid:uuid>/baris/", queue_pages.outreach_line, name="outreach-line"),
    path("usaha/<uuid:identity>/tautan-pemilik/", link_pages.owner_links, name="owner-links"),
    path("tautan-pemilik/<uuid:uuid>/cabut/", link_pages.owner_link_revoke, name="owner-link-revoke"),
]
