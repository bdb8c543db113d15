"""Paths of this room."""

from django.urls import path

from registry.reports import desk, names, shell, views

urlpatterns = [
    path("lapor/sw.js", shell.service_worker, name="service-worker"),
    path("lapor/keadaan/", shell.outbox_state, name="outbox-state"),
    path("lapor/daftar/<str:code>.json", names.names_list, name="names-list"),
    path("lapor/perlu-didatangi/", views.report_need, name="report-need"),
    path("lapor/kerangka/perlu-didatangi/", views.report_need_shell, name="report-need-shell"),
    path("laporan/", desk.request_list, name="visit-request-list"),
    path("laporan/<uuid:uuid>/", desk.request_detail, name="visit-request"),
    path("laporan/<uuid:uuid>/foto/", desk.request_photo, name="visit-request-photo"),
    path("laporan/<uuid:uuid>/foto/kirim/", desk.request_photo_add, name="visit-request-photo-add"),
    path("laporan/<uuid:uuid>/tarik/", desk.request_withdraw, name="visit-request-withdraw"),
]
