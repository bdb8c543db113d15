"""Paths of this room."""

from django.urls import path

from registry.submissions import (
    batch_pages,
    bulk_pages,
    entry_page,
    picking,
    queue,
    reviewing,
    sample_pages,
    together,
    views,
)

urlpatterns = [
    path("usaha/ubah-banyak/", bulk_pages.bulk_change, name="bulk-change"),
    path("usaha/baru/", entry_page.submission_new, name="submission-new"),
    path(
        "usaha/<uuid:uuid>/ubah/",
        entry_page.submission_for_business,
        {"kind": "change"},
        name="submission-change",
    ),
    path(
        "usaha/<uuid:uuid>/tutup/",
        entry_page.submission_for_business,
        {"kind": "close"},
        name="submission-close",
    ),
    path(
        "usaha/<uuid:uuid>/buka/",
        entry_page.submission_for_business,
        {"kind": "reopen"},
        name="submission-reopen",
    ),
    path(
        "usaha/<uuid:uuid>/pindah/",
        entry_page.submission_for_business,
        {"kind": "move"},
        name="submission-move",
    ),
    path("isian/kbli/", picking.pick_kbli, name="pick-kbli"),
    path("isian/kelurahan/", picking.pick_kelurahan, name="pick-kelurahan"),
    path("isian/orang/", picking.pick_person, name="pick-person"),
    path("isian/mirip/", picking.entry_similar, name="entry-similar"),
    path("data-saya/", views.submission_mine, name="submission-mine"),
    path("data-saya/<uuid:uuid>/", views.submission_detail, name="submission-detail"),
    path("data-saya/<uuid:uuid>/ubah/", entry_page.submission_edit, name="submission-edit"),
    path("data-saya/<uuid:uuid>/kirim/", views.submission_send, name="submission-send"),
    path("data-saya/<uuid:uuid>/tarik/", views.submission_withdraw, name="submission-withdraw"),
    path("data-saya/<uuid:uuid>/foto/<uuid:photo>/", views.submission_photo, name="submission-photo"),
    path("verifikasi/", queue.submission_queue, name="submission-queue"),
    path("verifikasi/bersama/", together.submission_together, name="submission-together"),
    path("verifikasi/bersama/hasil/", together.submission_together_done, name="submission-together-done"),
    path("verifikasi/kumpulan/<uuid:uuid>/", batch_pages.batch_detail, name="batch-detail"),
    path("verifikasi/sampel/", sample_pages.sample, name="sample"),
    path("verifikasi/sampel/unduh/", sample_pages.sample_export, name="sample-export"),
    path("verifikasi/sampel/<uuid:uuid>/", sample_pages.sample_check, name="sample-check"),
    path("verifikasi/<uuid:uuid>/", reviewing.submission_review, name="submission-review"),
]
