"""Paths of the board, visit days, visits, follow-ups and mentoring."""

from django.urls import path

from programs.visits import (
    board_pages,
    day_pages,
    follow_up_pages,
    mentoring_pages,
    propose_page,
    request_pages,
    visit_pages,
)

urlpatterns = [
    path("kunjungan/papan/", board_pages.visit_board, name="visit-board"),
    path("kunjungan/papan/jadwalkan/", board_pages.board_schedule, name="board-schedule"),
    path("kunjungan/papan/cetak/", board_pages.board_print, name="board-print"),
    path("kunjungan/papan/unduh/", board_pages.board_export, name="board-export"),
    path("kunjungan/laporan/<uuid:uuid>/langkah/", request_pages.request_steps, name="request-steps"),
    path("kunjungan/laporan/<uuid:uuid>/tutup/", request_pages.request_close, name="request-close"),
    path("kunjungan/laporan/<uuid:uuid>/buka/", request_pages.request_reopen, name="request-reopen"),
    path("kunjungan/", day_pages.visit_list, name="visit-list"),
    path("kunjungan/hari/baru/", day_pages.visit_day_new, name="visit-day-new"),
    path("kunjungan/hari/<uuid:uuid>/", day_pages.visit_day, name="visit-day"),
    path("kunjungan/hari/<uuid:uuid>/cetak/", day_pages.visit_day_print, name="visit-day-print"),
    path("kunjungan/hari/<uuid:uuid>/ubah/", day_pages.visit_day_change, name="visit-day-change"),
    path("kunjungan/hari/<uuid:uuid>/pindah/", day_pages.visit_day_move, name="visit-day-move"),
    path("kunjungan/hari/<uuid:uuid>/batal/", day_pages.visit_day_cancel, name="visit-day-cancel"),
    path("kunjungan/<uuid:uuid>/usulkan/", propose_page.visit_propose, name="visit-propose"),
    path("kunjungan/baru/", visit_pages.visit_new, name="visit-new"),
    path("kunjungan/<uuid:uuid>/", visit_pages.visit, name="visit"),
    path("kunjungan/<uuid:uuid>/catat/", visit_pages.visit_record, name="visit-record"),
    path("kunjungan/<uuid:uuid>/tidak-bertemu/", visit_pages.visit_miss, name="visit-miss"),
    path("kunjungan/<uuid:uuid>/keluarkan/", day_pages.visit_remove, name="visit-remove"),
    path("kunjungan/<uuid:uuid>/foto/", visit_pages.visit_photo_add, name="visit-photo-add"),
    path("kunjungan/<uuid:uuid>/foto/<uuid:photo>/", visit_pages.visit_photo, name="visit-photo"),
    path("tindak-lanjut/", follow_up_pages.follow_up_list, name="follow-up-list"),
    path("tindak-lanjut/baru/", follow_up_pages.follow_up_new, name="follow-up-new"),
    path("tindak-lanjut/<uuid:uuid>/", follow_up_pages.follow_up, name="follow-up"),
    path("tindak-lanjut/<uuid:uuid>/jawab/", follow_up_pages.follow_up_reply, name="follow-up-reply"),
    path("tindak-lanjut/<uuid:uuid>/selesai/", follow_up_pages.follow_up_close, name="follow-up-close"),
    path(
        "tindak-lanjut/<uuid:uuid>/teruskan/", follow_up_pages.follow_up_hand_over, name="follow-up-hand-over"
    ),
    path("tindak-lanjut/<uuid:uuid>/hentikan/", follow_up_pages.follow_up_drop, name="follow-up-drop"),
    path("tindak-lanjut/<uuid:uuid>/buka/", follow_up_pages.follow_up_reopen, name="follow-up-reopen"),
    path("tindak-lanjut/<uuid:uuid>/foto/", follow_up_pages.follow_up_photo, name="follow-up-photo"),
    path("pendampingan/", mentoring_pages.mentoring_list, name="mentoring-list"),
    path("pendampingan/baru/", mentoring_pages.mentoring_new, name="mentoring-new"),
    path("pendampingan/<uuid:uuid>/", mentoring_pages.mentoring, name="mentoring"),
    path("pendampingan/<uuid:uuid>/sesi/", mentoring_pages.mentoring_session, name="mentoring-session"),
    path("pendampingan/<uuid:uuid>/selesai/", mentoring_pages.mentoring_end, name="mentoring-end"),
]
