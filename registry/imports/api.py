"""Uploaded lists and their rows over the API: the same rows and verbs as the pages."""

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from accounts.access import holding
from accounts.idempotency import Idempotent
from registry.businesses.choices import ConsentGroup
from umkm_portal.lib.api import KnownParameters, ShownSerializer, StrictSerializer
from umkm_portal.lib.conditional import Conditional

from . import actions, tasks
from .display import row_shown
from .filters import ImportFilter, ImportRowFilter
from .models import Import, ImportRow

SEES = holding("registry.upload_import", "registry.decide_import", "registry.view_import")
UPLOADS = holding("registry.upload_import")
DECIDES = holding("registry.decide_import")


class CountsSerializer(serializers.Serializer):
    records = serializers.IntegerField()
    accepted = serializers.IntegerField()
    rejected = serializers.IntegerField()
    duplicates = serializers.IntegerField()
    candidates = serializers.IntegerField()
    changed = serializers.IntegerField()
    warnings = serializers.IntegerField()


class ColumnSerializer(serializers.Serializer):
    letter = serializers.CharField()
    label = serializers.CharField()
    role = serializers.CharField()


class ImportSerializer(ShownSerializer):
    """Satu daftar yang diunggah dan sampai di mana ia."""

    progress_state = serializers.CharField(source="status", read_only=True)
    kelurahan = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    counts = serializers.SerializerMethodField()
    columns = serializers.SerializerMethodField()
    uploaded_by = serializers.SlugRelatedField(slug_field="username", read_only=True)

    class Meta:
        model = Import
        fields = (
            "uuid", "filename", "size", "sheet_name", "kelurahan", "consent_groups", "consent_statement",
            "progress_state",
            "counts", "columns", "notes", "refusal_code", "refusal",
            "done", "total", "uploaded_at", "uploaded_by",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(CountsSerializer(allow_null=True))
    def get_counts(self, row):
        return {name: row.counts[name] for name in CountsSerializer().fields} if row.counts else None

    @extend_schema_field(ColumnSerializer(many=True))
    def get_columns(self, row):
        return [{"letter": letter, "label": label, "role": role} for letter, label, role in row.columns]


class UploadSerializer(StrictSerializer):
    """Berkas dan apa yang perlu diketahui tentangnya."""

    file = serializers.FileField()
    sheet = serializers.IntegerField(required=False, min_value=1, max_value=999)
    kelurahan = serializers.RegexField(r"^\d{2}\.\d{2}\.\d{2}\.\d{4}$", required=False)
    consent_groups = serializers.MultipleChoiceField(choices=ConsentGroup.choices, required=False)
    consent_statement = serializers.CharField(max_length=300, required=False, allow_blank=True)

    def validate_file(self, upload):
        if upload.size > settings.MAX_WORKBOOK_BYTES:
            raise serializers.ValidationError(
                _("Berkas ini lebih besar dari 20 MB. Pecah menjadi beberapa berkas.")
            )
        return upload


class ReasonSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=2000)


class EmptySerializer(StrictSerializer):
    """No body."""


class MessageSerializer(serializers.Serializer):
    column = serializers.CharField(allow_blank=True)
    label = serializers.CharField(allow_blank=True)
    text = serializers.CharField()


class ImportRowSerializer(ShownSerializer):
    """Satu baris: hasilnya dan pesannya; isi sel tidak disertakan."""

    messages = serializers.SerializerMethodField()

    business = serializers.SlugRelatedField(slug_field="uuid", read_only=True, allow_null=True)
    submission = serializers.SlugRelatedField(slug_field="uuid", read_only=True, allow_null=True)

    class Meta:
        model = ImportRow
        fields = (
            "number", "outcome", "changed", "duplicate_of", "candidate_of", "business", "submission",
            "messages",
        )  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {
            "changed": {"help_text": "Diterima sebagai nilai baru pada usaha yang sudah tercatat."},
            "duplicate_of": {"help_text": "Baris lain pada berkas yang sama."},
            "candidate_of": {"help_text": "Baris lain yang mirip; untuk dilihat orang."},
        }

    @extend_schema_field(MessageSerializer(many=True))
    def get_messages(self, row):
        return row_shown(row)["messages"]


class ImportViewSet(
    Idempotent,
    Conditional,
    KnownParameters,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet,
):
    """Daftar usaha yang diunggah: dibaca, dikirim, diputuskan orang lain, diterapkan."""

    queryset = Import.objects.none()
    serializer_class = ImportSerializer
    filterset_class = ImportFilter
    permission_classes = [SEES]
    lookup_field = "uuid"
    lookup_value_regex = "[0-9a-fA-F-]{32,36}"
    ordering = "-uploaded_at"
    ordering_fields = ("uploaded_at",)

    def get_permissions(self):
        return [UPLOADS()] if self.action == "create" else super().get_permissions()

    def get_parsers(self):
        # A list is uploaded as a form with a file; the acts take JSON like everywhere else.
        if getattr(self, "action_map", {}).get("post") == "create":
            return [MultiPartParser()]
        return super().get_parsers()

    def get_queryset(self):
        return Import.objects.visible_to(self.request.user).for_list().select_related("uploaded_by")

    def _given(self, shape):
        serializer = shape(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def _answer(self, row, code=status.HTTP_200_OK):
        shown = Import.objects.for_list().get(pk=row.pk)
        return Response(ImportSerializer(shown).data, code)

    @extend_schema(request=UploadSerializer, responses={201: ImportSerializer})
    def create(self, request):
        """Mengunggah satu daftar. Hasil bacanya ada pada `counts`; belum ada yang dikirim."""
        given = self._given(UploadSerializer)
        options = actions.Options(
            sheet=given.get("sheet"),
            kelurahan=given.get("kelurahan", ""),
            consents=tuple(sorted(given.get("consent_groups", ()))),
            statement=given.get("consent_statement", ""),
        )
        row = actions.upload(given["file"].read(), given["file"].name, options, by=request.user)
        tasks.start_reading(row)
        return self._answer(row, status.HTTP_201_CREATED)

    @extend_schema(request=EmptySerializer, responses=ImportSerializer)
    @action(detail=True, methods=["post"], permission_classes=[UPLOADS])
    def submit(self, request, uuid):
        """Mengirim daftar yang sudah dibaca untuk diverifikasi orang lain."""
        self._given(EmptySerializer)
        row = self.get_object()
        tasks.start_sending(row, by=request.user)
        return self._answer(row)

    @extend_schema(request=EmptySerializer, responses=ImportSerializer)
    @action(detail=True, methods=["post"], permission_classes=[UPLOADS])
    def withdraw(self, request, uuid):
        """Menarik kiriman yang belum diputuskan."""
        self._given(EmptySerializer)
        row = self.get_object()
        row.sent_batch().withdraw(by=request.user)
        return self._answer(row)

    @extend_schema(request=EmptySerializer, responses=ImportSerializer)
    @action(detail=True, methods=["post"], permission_classes=[DECIDES])
    def approve(self, request, uuid):
        """Menyetujui seluruh daftar dan menerapkannya. Pengunggah tidak dapat memutuskan."""
        self._given(EmptySerializer)
        row = self.get_object()
        tasks.approve(row, by=request.user)
        return self._answer(row)

    @extend_schema(request=ReasonSerializer, responses=ImportSerializer)
    @action(detail=True, methods=["post"], permission_classes=[DECIDES])
    def reject(self, request, uuid):
        """Menolak seluruh daftar dengan alasan."""
        given = self._given(ReasonSerializer)
        row = self.get_object()
        row.sent_batch().reject(by=request.user, **given)
        return self._answer(row)


@extend_schema_view(
    list=extend_schema(parameters=[OpenApiParameter("upload", OpenApiTypes.UUID, OpenApiParameter.PATH)])
)
class ImportRowViewSet(Conditional, KnownParameters, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Baris satu daftar: hasilnya, pesannya, dan kiriman yang dibuat darinya. Isi sel tidak disertakan."""

    queryset = ImportRow.objects.none()
    serializer_class = ImportRowSerializer
    filterset_class = ImportRowFilter
    permission_classes = [SEES]
    ordering = "number"
    ordering_fields = ("number",)

    def get_queryset(self):
        upload = get_object_or_404(Import.objects.visible_to(self.request.user), uuid=self.kwargs["upload"])
        rows = upload.rows.select_related("business", "submission")
        return rows.only(
            "number", "outcome", "changed", "duplicate_of", "candidate_of", "messages", "reason",
            "business__uuid", "submission__uuid",
        )  # fmt: skip
