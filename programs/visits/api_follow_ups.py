"""Follow-ups and mentorings over the API: the same rows, filters and verbs as the pages."""

from uuid import uuid5

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.renderers import JSONRenderer

from accounts.access import holding
from programs.visits import api_shapes as shapes
from programs.visits.api_rows import Rows, act
from programs.visits.filters import FollowUpFilter, MentoringFilter
from programs.visits.follow_ups import ANSWER, HANDED, FollowUp
from programs.visits.follow_ups import VIEW as VIEW_FOLLOW_UP
from programs.visits.mentoring import Mentoring
from programs.visits.models import RECORD, Visit
from programs.visits.models import VIEW as VIEW_VISIT
from registry.businesses.models import Business
from registry.reports.models import VisitRequest
from umkm_portal.lib.pictures import PictureRenderer, picture_response

ANSWERS = holding(ANSWER, HANDED)
MANAGES = holding(ANSWER)
RECORDS = holding(RECORD)


@extend_schema_view(
    list=extend_schema(responses=shapes.FollowUpRowSerializer(many=True)),
    retrieve=extend_schema(responses=shapes.FollowUpSerializer),
)
class FollowUpViewSet(Rows):
    """Tindak lanjut: satu masalah, siapa yang menanganinya, sampai kapan.

    Akun instansi lain membaca dan menutup hanya yang diserahkan kepada instansinya.
    """

    queryset = FollowUp.objects.none()
    serializer_class = shapes.FollowUpRowSerializer
    detail_class = shapes.FollowUpSerializer
    filterset_class = FollowUpFilter
    permission_classes = [holding(VIEW_FOLLOW_UP, HANDED)]
    ordering_fields = ("due_on",)

    def get_permissions(self):
        return [MANAGES()] if self.action == "create" else super().get_permissions()

    def get_queryset(self):
        rows = self.detailed(FollowUp.objects.visible_to(self.request.user))
        return rows.defer("problem", "evidence") if self.action == "list" else rows

    def detailed(self, rows):
        return rows.select_related("organisation", "kelurahan", "business", "visit", "request")

    @extend_schema(request=shapes.NewFollowUpSerializer, responses={201: shapes.FollowUpSerializer})
    def create(self, request):
        """Membuka tindak lanjut untuk satu kunjungan, laporan, atau usaha."""
        given = self.given(shapes.NewFollowUpSerializer)
        user = request.user
        sources = {
            "visit": Visit.objects.visible_to(user),
            "request": VisitRequest.objects.visible_to(user),
            "business": Business.objects.visible_to(user),
        }
        named = [name for name in sources if name in given]
        if len(named) != 1:
            raise ValidationError({"visit": [_("Sebut tepat satu: visit, request, atau business.")]})
        about = {named[0]: self.named(sources[named[0]], given.pop(named[0]))}
        row = FollowUp.open_for(by=user, **about, **given)
        return self.answer(row, status.HTTP_201_CREATED)

    @act("hand-over", shapes.FollowUpHandOverSerializer, MANAGES, shapes.FollowUpSerializer)
    def hand_over(self, request, uuid):
        """Meneruskan ke instansi lain, dengan alasannya."""
        return self.done(
            shapes.FollowUpHandOverSerializer,
            lambda row, given: row.hand_over(given.pop("organisation"), by=request.user, **given),
        )

    @act("reply", shapes.FollowUpReplySerializer, ANSWERS, shapes.FollowUpSerializer)
    def reply(self, request, uuid):
        """Menjawab tanpa menutup."""
        return self.done(
            shapes.FollowUpReplySerializer, lambda row, given: row.reply(by=request.user, **given)
        )

    @act(
        "close",
        shapes.FollowUpEvidenceSerializer,
        ANSWERS,
        shapes.FollowUpSerializer,
        parsers=(JSONParser, MultiPartParser),
    )
    def close(self, request, uuid):
        """Menutup dengan bukti dalam kata, boleh dengan foto (form dengan berkas)."""
        return self.done(
            shapes.FollowUpEvidenceSerializer, lambda row, given: row.close(by=request.user, **given)
        )

    @act("drop", shapes.FollowUpReasonSerializer, MANAGES, shapes.FollowUpSerializer)
    def drop(self, request, uuid):
        """Tidak melanjutkan, dengan alasannya."""
        return self.done(
            shapes.FollowUpReasonSerializer, lambda row, given: row.drop(by=request.user, **given)
        )

    @act("reopen", shapes.FollowUpReasonSerializer, MANAGES, shapes.FollowUpSerializer)
    def reopen(self, request, uuid):
        """Membuka kembali: ternyata belum selesai."""
        return self.done(
            shapes.FollowUpReasonSerializer, lambda row, given: row.reopen(by=request.user, **given)
        )

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY}, filters=False)
    @action(detail=True, methods=["get"], renderer_classes=[PictureRenderer, JSONRenderer])
    def photo(self, request, uuid):
        """Foto bukti; 404 bila tidak ada."""
        row = self.get_object()
        identity = uuid5(row.uuid, row.evidence_photo.name)  # closed again, it may be another picture
        return picture_response(request, row.evidence_photo, identity)


@extend_schema_view(
    list=extend_schema(responses=shapes.MentoringRowSerializer(many=True)),
    retrieve=extend_schema(responses=shapes.MentoringSerializer),
)
class MentoringViewSet(Rows):
    """Pendampingan: satu usaha, satu tujuan, beberapa sesi dengan layanan yang diberikan."""

    queryset = Mentoring.objects.none()
    serializer_class = shapes.MentoringRowSerializer
    detail_class = shapes.MentoringSerializer
    filterset_class = MentoringFilter
    permission_classes = [holding(VIEW_VISIT)]
    ordering_fields = ("started_at",)

    def get_permissions(self):
        return [RECORDS()] if self.action == "create" else super().get_permissions()

    def get_queryset(self):
        rows = Mentoring.objects.visible_to(self.request.user)
        if self.action == "list":
            return rows.select_related("business", "organisation").defer("result_note")
        return self.detailed(rows)

    def detailed(self, rows):
        return rows.select_related("business", "organisation").prefetch_related("sessions")

    @extend_schema(request=shapes.NewMentoringSerializer, responses={201: shapes.MentoringSerializer})
    def create(self, request):
        """Memulai pendampingan satu usaha."""
        given = self.given(shapes.NewMentoringSerializer)
        given["business"] = self.named(Business.objects.visible_to(request.user), given["business"])
        return self.answer(Mentoring.start(by=request.user, **given), status.HTTP_201_CREATED)

    @act("sessions", shapes.NewSessionSerializer, RECORDS, shapes.MentoringSerializer)
    def sessions(self, request, uuid):
        """Mencatat satu sesi dan layanan yang diberikan."""
        return self.done(
            shapes.NewSessionSerializer,
            lambda row, given: row.add_session(by=request.user, **({"note": ""} | given)),
        )

    @act("end", shapes.MentoringEndSerializer, RECORDS, shapes.MentoringSerializer)
    def end(self, request, uuid):
        """Mengakhiri dengan hasilnya."""
        return self.done(shapes.MentoringEndSerializer, lambda row, given: row.end(by=request.user, **given))
