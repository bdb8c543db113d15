"""Visits and visit days over the API: the same rows, filters and verbs as the pages."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from accounts.access import holding
from programs.visits import api_shapes as shapes
from programs.visits.actions import record_unplanned, record_visit
from programs.visits.api_rows import Rows, act
from programs.visits.days import VisitDay
from programs.visits.filters import VisitDayFilter, VisitFilter
from programs.visits.models import PROPOSE, RECORD, VIEW, Visit
from registry.businesses.models import Business
from registry.regions.models import Region
from registry.reports.models import VisitRequest
from registry.submissions.api_bodies import NothingSerializer
from registry.submissions.models import Submission
from umkm_portal.lib.errors import not_found
from umkm_portal.lib.pictures import PictureRenderer, picture_response
from umkm_portal.lib.schema import IF_MATCH

RECORDS = holding(RECORD)
FOUND = OpenApiExample(
    "Hasil kunjungan",
    value={
        "on": "2026-11-20",
        "production": "20 bungkus per hari.",
        "problems": "Belum punya sertifikat halal.",
        "follow_ups": [
            {
                "uuid": "5f0c8a86-6a0f-4f8e-9f55-0f6b7a3a4c11",
                "need": "licence",
                "problem": "Sertifikat halal.",
                "organisation": "DISKOPINDAG",
                "working_days": 10,
            }
        ],
    },
    request_only=True,
)


@extend_schema_view(
    list=extend_schema(responses=shapes.VisitRowSerializer(many=True)),
    retrieve=extend_schema(responses=shapes.VisitSerializer),
)
class VisitViewSet(Rows):
    """Kunjungan ke usaha: direncanakan dalam hari kunjungan, atau di jalan (jemput bola).

    Yang berubah pada data usahanya diusulkan lewat submissions, tidak ditulis di sini.
    """

    queryset = Visit.objects.none()
    serializer_class = shapes.VisitRowSerializer
    detail_class = shapes.VisitSerializer
    filterset_class = VisitFilter
    permission_classes = [holding(VIEW)]
    ordering_fields = ("on",)

    def get_permissions(self):
        return [RECORDS()] if self.action == "create" else super().get_permissions()

    def get_queryset(self):
        rows = Visit.objects.visible_to(self.request.user)
        if self.action != "list":
            return self.detailed(rows)
        joined = rows.select_related("kelurahan", "business", "day", "request")
        return joined.defer(*Visit.FINDINGS, "request__note", "request__answer")

    def detailed(self, rows):
        joined = rows.select_related("kelurahan", "business", "day", "request")
        return joined.prefetch_related("organisations", "photos__visit")

    @extend_schema(request=shapes.UnplannedVisitSerializer, responses={201: shapes.VisitSerializer})
    def create(self, request):
        """Mencatat kunjungan yang tidak direncanakan. UUID yang sama dijawab dengan kunjungan yang sama."""
        told = self.given(shapes.UnplannedVisitSerializer)
        told["kelurahan"] = Region.objects.kelurahan().filter(code=told.get("kelurahan") or "").first()
        wanted = told.pop("business", None)
        if wanted and Visit.told_before(told["uuid"], request.user) is None:  # it may have moved since
            told["business"] = self.named(Business.objects.visible_to(request.user), wanted)
        told.setdefault("told_at", timezone.now())
        visit, _new = record_unplanned(by=request.user, **told)
        return self.answer(visit, status.HTTP_201_CREATED)

    @act("record", shapes.VisitFoundSerializer, RECORDS, shapes.VisitSerializer, examples=[FOUND])
    def record(self, request, uuid):
        """Mencatat hasil, juga memperbaikinya kemudian. Tiap masalah menjadi tindak lanjut."""
        return self.done(
            shapes.VisitFoundSerializer, lambda row, given: record_visit(row, by=request.user, **given)
        )

    @act("miss", shapes.VisitMissSerializer, RECORDS, shapes.VisitSerializer)
    def miss(self, request, uuid):
        """Tidak bertemu siapa pun: laporannya kembali menunggu."""
        return self.done(shapes.VisitMissSerializer, lambda row, given: row.miss(by=request.user, **given))

    @act("proposed", shapes.VisitProposedSerializer, holding(PROPOSE), shapes.VisitSerializer)
    def proposed(self, request, uuid):
        """Menyebut usulan (submissions) yang lahir dari kunjungan ini. Yang sama lagi tidak mengubah apa
        pun."""

        def note(visit, given):
            rows = Submission.objects.visible_to(request.user)
            visit.note_proposal(self.named(rows, given["submission"]), by=request.user)

        self.get_object()  # a visit out of reach is not found, whatever the body says
        return self.done(shapes.VisitProposedSerializer, note)

    @extend_schema(
        request=shapes.VisitPictureSerializer, responses={201: shapes.VisitPhotoSerializer}, filters=False
    )
    @action(
        detail=True,
        methods=["post"],
        permission_classes=[RECORDS],
        parser_classes=[MultiPartParser],
        url_path="photos",
    )
    def photos(self, request, uuid):
        """Menambah satu foto. Foto tidak menggantikan: If-Match tidak diperlukan."""
        given = self.given(shapes.VisitPictureSerializer)
        photo = self.get_object().add_photo(given["file"], by=request.user)
        body = shapes.VisitPhotoSerializer(photo, context=self.get_serializer_context()).data
        return Response(body, status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[OpenApiParameter("photo", OpenApiTypes.UUID, OpenApiParameter.PATH)],
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY},
        filters=False,
    )
    @action(
        detail=True,
        methods=["get"],
        renderer_classes=[PictureRenderer, JSONRenderer],
        url_path="photos/(?P<photo>[0-9a-fA-F-]{32,36})",
        url_name="photo",
    )
    def photo(self, request, uuid, photo):
        """Satu foto kunjungan, bagi yang boleh membaca kunjungannya."""
        named = [row for row in self.get_object().photos.all() if str(row.uuid) == photo.lower()]
        if not named:
            raise Http404
        return picture_response(request, named[0].file, named[0].uuid)


@extend_schema_view(
    list=extend_schema(responses=shapes.VisitDaySerializer(many=True)),
    retrieve=extend_schema(responses=shapes.VisitDaySerializer),
)
class VisitDayViewSet(Rows):
    """Hari kunjungan: siapa yang pergi, dan laporan mana yang didatangi.

    Kunjungannya dibaca pada visits dengan `day`. Dua orang yang menjadwalkan satu laporan: yang kedua
    mendapat 409 `request-scheduled`, dan tidak satu pun laporannya terjadwal.
    """

    queryset = VisitDay.objects.none()
    serializer_class = shapes.VisitDaySerializer
    detail_class = shapes.VisitDaySerializer
    filterset_class = VisitDayFilter
    permission_classes = [holding(VIEW)]
    ordering_fields = ("on",)

    def get_permissions(self):
        writes = self.action in ("create", "partial_update")
        return [RECORDS()] if writes else super().get_permissions()

    def get_queryset(self):
        return self.detailed(VisitDay.objects.visible_to(self.request.user))

    def detailed(self, rows):
        return rows.prefetch_related("organisations")

    @extend_schema(request=shapes.NewVisitDaySerializer, responses={201: shapes.VisitDaySerializer})
    def create(self, request):
        """Merencanakan satu hari."""
        day = VisitDay.plan(by=request.user, **self.given(shapes.NewVisitDaySerializer))
        return self.answer(day, status.HTTP_201_CREATED)

    @extend_schema(
        request=shapes.VisitDayChangeSerializer, responses=shapes.VisitDaySerializer, parameters=[IF_MATCH]
    )
    def partial_update(self, request, uuid):
        """Mengganti judul, siapa yang pergi, dan instansi yang ikut; yang tidak disebut tetap."""

        def change(day, given):
            told = {"title": day.title, "who": day.who, "organisations": list(day.organisations.all())}
            day.change(by=request.user, **(told | given))

        return self.done(shapes.VisitDayChangeSerializer, change)

    @act("move", shapes.VisitDayMoveSerializer, RECORDS, shapes.VisitDaySerializer)
    def move(self, request, uuid):
        """Memindah hari ke tanggal lain; yang belum didatangi ikut, dan laporannya memuat tanggal baru.
        Sesudah ada yang dicatat: 409 `day-begun`."""
        return self.done(shapes.VisitDayMoveSerializer, lambda day, given: day.move(by=request.user, **given))

    @act("add", shapes.VisitDayAddSerializer, RECORDS, shapes.VisitDaySerializer)
    def add(self, request, uuid):
        """Memasukkan laporan ke hari ini, semua atau tidak satu pun."""

        def add(day, given):
            wanted = set(given["requests"])
            rows = VisitRequest.objects.visible_to(request.user).filter(uuid__in=wanted)
            found = list(rows.defer("note", "answer").select_related("business", "kelurahan"))
            if len(found) != len(wanted):
                raise not_found()
            day.add(found, by=request.user)

        return self.done(shapes.VisitDayAddSerializer, add)

    @act("remove", shapes.VisitDayRemoveSerializer, RECORDS, shapes.VisitDaySerializer)
    def remove(self, request, uuid):
        """Mengeluarkan satu kunjungan yang direncanakan; laporannya kembali menunggu."""

        def remove(day, given):
            visits = Visit.objects.visible_to(request.user).filter(day=day)
            day.remove(self.named(visits, given["visit"]), by=request.user)

        return self.done(shapes.VisitDayRemoveSerializer, remove)

    @act("cancel", NothingSerializer, RECORDS, shapes.VisitDaySerializer)
    def cancel(self, request, uuid):
        """Membatalkan hari; yang belum didatangi kembali menunggu."""
        return self.done(NothingSerializer, lambda day, given: day.cancel(by=request.user))
