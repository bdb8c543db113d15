"""Visit requests over the API: what an officer's phone sends, and what came of it."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from accounts.access import holding
from accounts.idempotency import Idempotent
from registry.businesses.models import Business
from registry.regions.held import holding_once
from registry.regions.models import Region
from registry.reports.filters import VisitRequestFilter
from registry.reports.models import (
    DOUBTFUL,
    NAME_LENGTH,
    NOTE_LENGTH,
    PLACE_LENGTH,
    REPORT,
    VIEW,
    VisitRequest,
)
from registry.reports.needs import Need, Urgency
from umkm_portal.lib.api import KnownParameters, ShownSerializer, StrictSerializer
from umkm_portal.lib.conditional import Conditional, tag_of
from umkm_portal.lib.errors import not_found
from umkm_portal.lib.pictures import PictureRenderer, picture_response
from umkm_portal.lib.schema import IF_MATCH

REPORTED = OpenApiExample(
    "Usaha yang sudah terdata",
    value={
        "uuid": "0b7e5a0c-8f6f-4f0e-9a53-0a8f4c2d1e10",
        "business": "2f1c8f3a-6f0e-4a55-8f4b-1a2b3c4d5e6f",
        "need": "equipment",
        "urgency": 3,
        "note": "Mesin perajang rusak sejak Senin.",
        "told_at": "2026-11-23T08:15:00+07:00",
    },
    request_only=True,
)


class ReportPhotoSerializer(StrictSerializer):
    """One picture, at most 15 MB; JPG, PNG or WebP."""

    file = serializers.FileField()


class WithdrawReportSerializer(StrictSerializer):
    """Why it is taken back; nobody has to say."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=NOTE_LENGTH)


class ReportSerializer(StrictSerializer):
    """A report: `business`, or `told_name` and `kelurahan` for one not recorded yet."""

    uuid = serializers.UUIDField(help_text="Buatan pengirim: yang dikirim ulang tetap satu laporan.")
    business = serializers.UUIDField(required=False, allow_null=True)
    kelurahan = serializers.SlugRelatedField(
        slug_field="code", queryset=Region.objects.kelurahan(), required=False, allow_null=True
    )
    told_name = serializers.CharField(required=False, allow_blank=True, max_length=NAME_LENGTH)
    told_place = serializers.CharField(required=False, allow_blank=True, max_length=PLACE_LENGTH)
    rt = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=999)
    rw = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=999)
    need = serializers.ChoiceField(choices=Need.choices)
    urgency = serializers.ChoiceField(choices=Urgency.choices, default=Urgency.ORDINARY.value)
    note = serializers.CharField(required=False, allow_blank=True, max_length=NOTE_LENGTH)
    latitude = serializers.DecimalField(
        required=False, allow_null=True, max_digits=9, decimal_places=6, min_value=-90, max_value=90
    )
    longitude = serializers.DecimalField(
        required=False, allow_null=True, max_digits=9, decimal_places=6, min_value=-180, max_value=180
    )
    accuracy_m = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=10_000_000)
    told_at = serializers.DateTimeField(required=False, help_text="Jam ponsel; tanpa ini: sekarang.")

    def validate(self, told):
        if (told.get("latitude") is None) != (told.get("longitude") is None):
            told["latitude"] = told["longitude"] = None
        return told


class VisitRequestRowSerializer(ShownSerializer):
    """One row of a list."""

    name = serializers.CharField(read_only=True)
    kelurahan = serializers.SlugRelatedField(slug_field="code", read_only=True)
    business = serializers.UUIDField(source="business.uuid", read_only=True, allow_null=True, default=None)

    class Meta:
        model = VisitRequest
        fields = (
            "uuid", "name", "business", "kelurahan", "rt", "rw", "need", "urgency", "state",
            "told_at", "received_at", "scheduled_on", "visited_on", "closed_at", "outcome",
        )  # fmt: skip
        read_only_fields = fields


class VisitRequestSerializer(VisitRequestRowSerializer):
    """One request. `warning` is a sentence for its sender, "" when there is nothing to say."""

    photo = serializers.SerializerMethodField()
    warning = serializers.SerializerMethodField()

    class Meta(VisitRequestRowSerializer.Meta):
        fields = (
            *VisitRequestRowSerializer.Meta.fields,
            "told_name", "told_place", "note", "latitude", "longitude", "accuracy_m", "place_is_doubtful",
            "photo", "answer", "warning",
        )  # fmt: skip
        read_only_fields = fields

    def get_photo(self, row) -> bool:
        return bool(row.photo)

    def get_warning(self, row) -> str:
        return str(DOUBTFUL) if row.place_is_doubtful else ""


@extend_schema_view(
    list=extend_schema(responses=VisitRequestRowSerializer(many=True)),
    retrieve=extend_schema(responses=VisitRequestSerializer),
)
class VisitRequestViewSet(
    Idempotent, Conditional, KnownParameters, mixins.ListModelMixin, viewsets.GenericViewSet
):
    """Laporan perlu didatangi: dikirim petugas, dijadwalkan dan dijawab Diskopindag.

    Laporan yang sama (uuid) dari pengirim yang sama tetap satu, berapa kali pun dikirim. Laporan yang dicatat
    selagi jabatan masih berlaku diterima juga sesudahnya. Status berubah lewat kunjungan, tidak ditulis.
    """

    queryset = VisitRequest.objects.none()
    serializer_class = VisitRequestRowSerializer
    filterset_class = VisitRequestFilter
    permission_classes = [holding(VIEW)]
    throttle_scope = None
    lookup_field = "uuid"
    lookup_value_regex = "[0-9a-fA-F-]{32,36}"
    ordering = "-id"
    ordering_fields = ("told_at",)

    def get_permissions(self):
        if self.action == "create" or (self.action == "photo" and self.request.method == "PUT"):
            return [holding_once(REPORT)()]
        return super().get_permissions()

    def get_queryset(self):
        rows = VisitRequest.objects.visible_to(self.request.user).select_related("kelurahan", "business")
        return rows.defer("note", "answer") if self.action == "list" else rows

    def tag(self, row):
        return tag_of(str(row.uuid), row.version, row.name, self.request.user.pk)

    def answer(self, row, code=status.HTTP_200_OK):
        body = VisitRequestSerializer(row, context=self.get_serializer_context()).data
        return Response(body, code, headers={"ETag": self.tag(row)})

    def given(self, serializer_class):
        serializer = serializer_class(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def retrieve(self, request, uuid):
        row = self.get_object()
        return self.unchanged(self.tag(row)) or self.answer(row)

    @extend_schema(
        request=ReportSerializer, responses={201: VisitRequestSerializer}, examples=[REPORTED], filters=False
    )
    def create(self, request):
        """Melaporkan. Jawabannya sama untuk kiriman pertama dan ulangannya: laporan itu, 201."""
        told = self.given(ReportSerializer)
        business = told.pop("business", None)
        told["business"] = _business(business) if business else None
        told.setdefault("kelurahan", None)
        told.setdefault("told_at", timezone.now())
        row, _new = VisitRequest.report(by=request.user, **told)
        return self.answer(row, status.HTTP_201_CREATED)

    @extend_schema(
        request=WithdrawReportSerializer,
        responses=VisitRequestSerializer,
        parameters=[IF_MATCH],
        filters=False,
    )
    @action(detail=True, methods=["post"], permission_classes=[holding(REPORT)])
    def withdraw(self, request, uuid):
        """Menarik laporan yang belum dijadwalkan."""
        given = self.given(WithdrawReportSerializer)
        with self.changing(self.get_object()) as row:
            row.withdraw(by=request.user, **given)
        return self.answer(row)

    @extend_schema(
        methods=["PUT"],
        request={"multipart/form-data": ReportPhotoSerializer},
        responses=VisitRequestSerializer,
        filters=False,
    )
    @extend_schema(methods=["GET"], responses={(200, "image/jpeg"): OpenApiTypes.BINARY}, filters=False)
    @action(
        detail=True,
        methods=["get", "put"],
        parser_classes=[MultiPartParser],
        renderer_classes=[PictureRenderer, JSONRenderer],
    )
    def photo(self, request, uuid):
        """Satu foto laporan. PUT oleh pengirimnya, sesudah teksnya; yang sama lagi tidak mengubah apa pun."""
        if request.method == "PUT":
            row = get_object_or_404(
                VisitRequest.objects.filter(told_by=request.user).select_related("kelurahan", "business"),
                uuid=uuid,
            )
            row.add_photo(self.given(ReportPhotoSerializer)["file"], by=request.user)
            return self.answer(row)
        row = self.get_object()
        if not row.photo:
            raise Http404
        return picture_response(request, row.photo, row.uuid)


def _business(identity):
    """The business told of, or what it was merged into. Whether it may be reported is the verb's to say."""
    found = (
        Business.objects.select_related("kelurahan", "merged_into__kelurahan").filter(uuid=identity).first()
    )
    if found is None:
        raise not_found()
    return found.merged_into or found
