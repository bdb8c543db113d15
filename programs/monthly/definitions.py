"""The figures of a monthly report: what each is called, what it means, and which rows it counts."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from programs.monthly import rows
from programs.monthly.rows import within
from programs.visits.mentoring import Service
from registry.checks.models import Check
from registry.reports.models import VisitRequest
from registry.reports.needs import Need
from registry.submissions.models import Submission

State = VisitRequest.State


@dataclass(frozen=True)
class Figure:
    """One number: rows of its source that fit `given(span)` and `fits(span)`. Figures of a source with the
    same `given` are counted together. `part_of` names the figure it is a share of."""

    key: str
    label: object
    definition: object
    fits: object
    part_of: str = ""
    given: object = None


@dataclass(frozen=True)
class Source:
    key: str
    title: object
    rows: object  # span -> queryset
    place: str  # the column that says which kelurahan
    figures: tuple
    whole: bool = False  # of many kelurahan nearly every row of its table is asked for


def _all(**conditions):
    return lambda span: Q(**conditions)


def _told(**conditions):
    return lambda span: Q(**conditions) & ~Q(stood="withdrawn")


def _each(stem, values, label, fits, part_of=""):
    """One figure for each choice of a list."""
    return tuple(
        Figure(f"{stem}-{value}", words, label, fits(value), part_of or stem) for value, words in values
    )


def _sent(kind=None):
    return lambda span: within("submitted_at", span) & (Q(kind=kind) if kind else Q())


def _approved(kind=None):
    return lambda span: within("decided_at", span) & Q(status="approved") & (Q(kind=kind) if kind else Q())


def _closed(state):
    return lambda span: within("closed_at", span) & Q(state=state)


def _left_open(span):
    return Q(closed_at=None) | Q(closed_at__gte=span.until)


SOURCES = (
    Source(
        "requests",
        _("Laporan perlu didatangi"),
        rows.requests,
        "kelurahan",
        (
            Figure(
                "requests",
                _("Laporan perlu didatangi"),
                _("Dilaporkan pada bulan ini menurut waktu petugas menulisnya; yang ditarik tidak ikut."),
                _told(),
            ),
            *_each(
                "requests-need",
                Need.choices,
                _("Laporan bulan ini menurut kebutuhannya; satu laporan satu kebutuhan."),
                lambda value: _told(need=value),
                "requests",
            ),
            *_each(
                "requests-state",
                [
                    (state.value, format_lazy("{}: {}", _("keadaan"), state.label))
                    for state in (State.NEW, State.SCHEDULED, State.VISITED, State.CLOSED)
                ],
                _("Laporan bulan ini menurut keadaannya pada akhir bulan."),
                lambda value: _all(stood=value),
                "requests",
            ),
            Figure(
                "requests-withdrawn",
                _("Ditarik kembali"),
                _("Laporan bulan ini yang ditarik petugas sebelum bulan berakhir; tidak ikut dijumlah."),
                _all(stood="withdrawn"),
            ),
        ),
    ),
    Source(
        "visits",
        _("Kunjungan"),
        rows.visits,
        "kelurahan",
        (
            Figure(
                "visits",
                _("Kunjungan"),
                _("Usaha yang didatangi pada bulan ini, tiap kunjungan dihitung."),
                _all(state="done"),
            ),
            Figure(
                "visits-unplanned",
                _("jemput bola"),
                _("Kunjungan yang tidak direncanakan lebih dulu."),
                _all(state="done", day=None, request=None),
                "visits",
            ),
            Figure(
                "visits-missed",
                _("Tidak bertemu"),
                _("Didatangi pada bulan ini, tetapi tidak ada yang ditemui; tidak ikut dijumlah."),
                _all(state="missed"),
            ),
        ),
    ),
    Source(
        "followups",
        _("Tindak lanjut"),
        rows.follow_ups,
        "kelurahan",
        (
            Figure(
                "followups-opened",
                _("Dibuat"),
                _("Tindak lanjut yang dibuat pada bulan ini."),
                lambda span: within("opened_at", span),
            ),
            Figure(
                "followups-closed",
                _("Selesai"),
                _("Tindak lanjut yang ditutup dengan hasil pada bulan ini, kapan pun dibuatnya."),
                _closed("closed"),
            ),
            Figure(
                "followups-dropped",
                _("Tidak dilanjutkan"),
                _("Tindak lanjut yang dihentikan dengan alasan pada bulan ini."),
                _closed("dropped"),
            ),
            Figure(
                "followups-open",
                _("Masih terbuka"),
                _("Belum selesai pada akhir bulan, kapan pun dibuatnya."),
                _left_open,
            ),
            Figure(
                "followups-overdue",
                _("lewat tenggat"),
                _("Masih terbuka pada akhir bulan dan sudah lewat tenggatnya."),
                lambda span: _left_open(span) & Q(due_on__lt=span.day),
                "followups-open",
            ),
        ),
    ),
    Source(
        "sessions",
        _("Pendampingan"),
        rows.sessions,
        "mentoring__business__kelurahan",
        (
            Figure(
                "sessions",
                _("Sesi pendampingan"),
                _("Sesi yang dilaksanakan pada bulan ini, menurut kelurahan usahanya sekarang."),
                _all(),
            ),
            *_each(
                "sessions",
                Service.choices,
                _("Sesi bulan ini menurut layanan yang diberikan."),
                lambda value: _all(service=value),
            ),
        ),
    ),
    Source(
        "proposals",
        _("Usulan forum"),
        rows.proposals,
        "kelurahan",
        (
            Figure(
                "proposals",
                _("Usulan forum"),
                _("Usulan dari Ngombe, Musrenbang, Muskelsus RT Berkelas dan forum lain pada bulan ini."),
                lambda span: Q(held_on__range=(span.first, span.last)),
            ),
            Figure(
                "proposals-answered",
                _("Usulan dijawab"),
                _("Usulan yang jawaban terakhirnya diberikan pada bulan ini, kapan pun diusulkan."),
                lambda span: within("answered_at", span),
            ),
        ),
    ),
    Source(
        "checks",
        _("Masih aktif?"),
        rows.checks,
        "kelurahan",
        (
            Figure(
                "checks",
                _("Jawaban “masih aktif?”"),
                _("Tiap jawaban dihitung, menurut hari usahanya dilihat; yang dibatalkan tidak ikut."),
                _all(),
            ),
            *_each(
                "checks",
                Check.Answer.choices,
                _("Jawaban bulan ini menurut isinya."),
                lambda value: _all(answer=value),
            ),
        ),
    ),
    Source(
        "submissions",
        _("Data yang dikirim"),
        rows.submissions,
        "place",
        (
            Figure(
                "sent",
                _("Data dikirim"),
                _("Dikirim untuk diverifikasi pada bulan ini, satu per satu (bukan unggahan daftar)."),
                _sent(),
            ),
            *_each("sent", Submission.Kind.choices, _("Dikirim bulan ini menurut jenisnya."), _sent),
            Figure(
                "approved",
                _("Data disetujui"),
                _("Disetujui pada bulan ini, kapan pun dikirimnya."),
                _approved(),
            ),
            *_each(
                "approved", Submission.Kind.choices, _("Disetujui bulan ini menurut jenisnya."), _approved
            ),
        ),
    ),
    Source(
        "businesses",
        _("Usaha"),
        rows.businesses,
        "kelurahan",
        (
            Figure(
                "businesses",
                _("Usaha terdata"),
                _("Terdata pada akhir bulan dan tidak tercatat tutup permanen."),
                _all(),
                given=rows.was_open,
            ),
            Figure(
                "confirmed",
                _("dipastikan dalam 180 hari"),
                _("Terdata dan dipastikan masih aktif dalam 180 hari sebelum akhir bulan."),
                rows.fresh,
                "businesses",
                rows.was_open,
            ),
            Figure(
                "seen",
                _("dilihat pada bulan ini"),
                _("Terdata dan dilihat pada bulan ini: dijawab aktif atau tutup sementara, atau dikunjungi."),
                rows.seen,
                "businesses",
                rows.was_open,
            ),
            Figure(
                "seen-ever",
                _("pernah dilihat"),
                _("Terdata dan pernah dilihat sampai akhir bulan: dipastikan, dijawab, atau dikunjungi."),
                rows.seen_ever,
                "businesses",
                rows.was_open,
            ),
            Figure(
                "businesses-new",
                _("Usaha baru terdata"),
                _("Datanya disetujui masuk pada bulan ini."),
                lambda span: Q(recorded_at__gte=span.since),
            ),
        ),
        whole=True,
    ),
)
FIGURES = {figure.key: figure for source in SOURCES for figure in source.figures}
SOURCE_OF = {figure.key: source for source in SOURCES for figure in source.figures}
