"""Paths of forum proposals and of the counts of needs."""

from django.urls import path

from programs.visits import needs_pages, proposal_correct, proposal_pages, proposal_public

urlpatterns = [
    path("lapor/usulan/", proposal_pages.proposal_log, name="proposal-log"),
    path("lapor/kerangka/usulan/", proposal_pages.proposal_log_shell, name="proposal-log-shell"),
    path("usulan/", proposal_pages.proposal_list, name="proposal-list"),
    path("usulan/unduh/", proposal_pages.proposal_export, name="proposal-export"),
    path("usulan/<uuid:uuid>/", proposal_pages.proposal_detail, name="proposal"),
    path("usulan/<uuid:uuid>/jawab/", proposal_pages.proposal_answer, name="proposal-answer"),
    path("usulan/<uuid:uuid>/perbaiki/", proposal_correct.proposal_correct, name="proposal-correct"),
    path("usulan-warga/", proposal_public.proposal_public, name="proposal-public"),
    path("kebutuhan/", needs_pages.needs, name="needs"),
    path("kebutuhan/daftar/", needs_pages.needs_list, name="needs-list"),
    path("kebutuhan/unduh/", needs_pages.needs_export, name="needs-export"),
]
