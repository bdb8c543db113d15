"""The one table of states people see: key -> (words, colour, icon).

Colour is a class suffix ("" neutral, ok, warn, bad, wait); the icon gives each state a shape of its own, so
that colour is never the only sign. A model's own state value is the key, so pages never map twice.
"""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _


class Status(NamedTuple):
    text: object
    tone: str
    icon: str


STATUSES = {
    # a submission
    "draft": Status(_("Draf"), "", "state-draft"),
    "submitted": Status(_("Menunggu verifikasi"), "wait", "state-waiting"),
    "returned": Status(_("Perlu diperbaiki"), "warn", "state-returned"),
    "approved": Status(_("Disetujui"), "ok", "state-approved"),
    "rejected": Status(_("Ditolak"), "bad", "state-rejected"),
    "withdrawn": Status(_("Ditarik"), "", "state-withdrawn"),
    # a business: "Masih aktif?" ("buka" is about opening hours)
    "active": Status(_("Aktif"), "ok", "state-open"),
    "temporary": Status(_("Tutup sementara"), "warn", "state-closed"),
    "seasonal": Status(_("Musiman"), "wait", "clock"),
    "closed": Status(_("Tutup permanen"), "", "state-closed"),
    "reported_closed": Status(_("Dilaporkan tutup"), "warn", "flag"),
    # recognition: separate marks, never one ladder
    "recorded": Status(_("Terdata"), "", "state-recorded"),
    "verified_existence": Status(_("Keberadaan terverifikasi"), "wait", "state-verified"),
    "verified_identity": Status(_("Identitas terverifikasi"), "wait", "state-verified"),
    "curated": Status(_("Terkurasi"), "wait", "state-curated"),
    "assisted": Status(_("Binaan"), "wait", "state-assisted"),
    "licensed": Status(_("Berlegalitas"), "ok", "state-licensed"),
    # an uploaded workbook
    "reading": Status(_("Sedang dibaca"), "wait", "state-sending"),
    "ready": Status(_("Siap diperiksa"), "wait", "eye"),
    "applying": Status(_("Sedang diterapkan"), "wait", "state-sending"),
    "applied": Status(_("Diterapkan"), "ok", "state-approved"),
    "refused": Status(_("Ditolak"), "bad", "state-rejected"),
    "failed": Status(_("Gagal"), "bad", "state-failed"),
    "undone": Status(_("Diurungkan"), "", "undo"),
    # a forum's proposal; the last three are met by visitors too
    "proposal_new": Status(_("Baru"), "", "state-waiting"),
    "proposal_taken": Status(_("Diproses"), "wait", "clock"),
    "proposal_done": Status(_("Terlaksana"), "ok", "state-verified"),
    "proposal_declined": Status(_("Belum dapat dipenuhi"), "warn", "state-closed"),
    # a kelurahan's request for a visit
    "request_new": Status(_("Baru"), "wait", "state-waiting"),
    "request_scheduled": Status(_("Dijadwalkan"), "wait", "calendar"),
    "request_visited": Status(_("Dikunjungi"), "ok", "visit"),
    "request_closed": Status(_("Selesai"), "ok", "state-approved"),
    "request_withdrawn": Status(_("Ditarik"), "", "state-withdrawn"),
    # a visit
    "visit_planned": Status(_("Direncanakan"), "wait", "calendar"),
    "visit_done": Status(_("Dikunjungi"), "ok", "state-approved"),
    "visit_missed": Status(_("Tidak bertemu"), "warn", "state-returned"),
    "visit_cancelled": Status(_("Batal"), "", "state-withdrawn"),
    # a follow-up
    "follow_up_open": Status(_("Terbuka"), "wait", "state-waiting"),
    "follow_up_answered": Status(_("Dijawab"), "wait", "state-sent"),
    "follow_up_closed": Status(_("Selesai"), "ok", "state-approved"),
    "follow_up_dropped": Status(_("Tidak dilanjutkan"), "", "state-withdrawn"),
    # age is not a state, but it is shown with the same component
    "overdue": Status(_("Lewat tenggat"), "bad", "state-overdue"),
    "on_time": Status(_("Dalam tenggat"), "", "clock"),
    "stale": Status(_("Lama tak dipastikan"), "warn", "state-stale"),
}


def status_of(key):
    """The row for `key` (a TextChoices member or its value). Raises KeyError for an unknown state."""
    return STATUSES[str(getattr(key, "value", key))]
