"""Paths of this room."""

from django.urls import path

from programs.monthly import acting, lists, pages

urlpatterns = [
    path("laporan/bulanan/", lists.monthly_list, name="monthly-list"),
    path("laporan/bulanan/unduh/", lists.monthly_export, name="monthly-export"),
    path("laporan/bulanan/mulai/", acting.monthly_begin, name="monthly-begin"),
    path("laporan/bulanan/<uuid:uuid>/", pages.monthly_report, name="monthly-report"),
    path("laporan/bulanan/<uuid:uuid>/tulis/", acting.monthly_write, name="monthly-write"),
    path("laporan/bulanan/<uuid:uuid>/putuskan/", acting.monthly_approve, name="monthly-approve"),
    path("laporan/bulanan/<uuid:uuid>/terima/", acting.monthly_receive, name="monthly-receive"),
    path("laporan/bulanan/<uuid:uuid>/koreksi/", acting.monthly_correct, name="monthly-correct"),
    path("laporan/bulanan/<uuid:uuid>/unduh/<slug:form>/", pages.monthly_document, name="monthly-document"),
    path(
        "laporan/bulanan/<str:code>/<str:month>/<slug:figure>/", pages.monthly_behind, name="monthly-behind"
    ),
]
