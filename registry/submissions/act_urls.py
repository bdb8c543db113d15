"""Paths of acts on one submission besides filling it in and sending it."""

from django.urls import path

from registry.submissions import acts, views

urlpatterns = [
    path("data-saya/<uuid:uuid>/jawab-pindah/", views.submission_agree, name="submission-agree"),
    path("data-saya/<uuid:uuid>/balikkan/", acts.submission_reverse, name="submission-reverse"),
    path("data-saya/<uuid:uuid>/ajukan-lagi/", acts.submission_again, name="submission-again"),
]
