"""Batches over the API: submissions proposed as one (an imported list, a bulk change), decided as one."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import holding
from accounts.idempotency import Idempotent
from registry.submissions.api_bodies import NothingSerializer, RejectSerializer
from registry.submissions.api_shapes import Allowed, SubmissionRowSerializer
from registry.submissions.batches import Batch
from registry.submissions.filters import SubmissionFilter
from registry.submissions.models import Submission
from umkm_portal.lib.api import KnownParameters, ShownSerializer
from umkm_portal.lib.conditional import Conditional, tag_of
from umkm_portal.lib.schema import IF_MATCH_OPTIONAL

from . import tasks

SEES = holding("registry.view_submission", "registry.decide_import", "registry.view_import")
DECIDES = holding("registry.decide_import", "registry.decide_submission")


class BatchFilter(FilterSet):
    """Batches by kind and state. Start from `Batch.objects.visible_to(user)`."""

    kind = ChoiceFilter(label=_("Jenis"), choices=Batch.Kind.choices)
    progress_state = ChoiceFilter(label=_("Keadaan"), field_name="state", choices=Batch.State.choices)

    class Meta:
        model = Batch
        fields = []


class BatchSerializer(ShownSerializer):
    """Satu kumpulan kiriman dan sampai di mana ia."""

    progress_state = serializers.ChoiceField(source="state", choices=Batch.State.choices, read_only=True)
    proposed_by = serializers.SlugRelatedField(slug_field="name", read_only=True)
    decided_by = serializers.SlugRelatedField(slug_field="name", read_only=True, allow_null=True)
    may_decide = Allowed()

    class Meta:
        model = Batch
        fields = (
            "uuid", "kind", "title", "progress_state", "total", "reason", "proposed_at", "proposed_by",
            "decided_at", "decided_by", "may_decide",
        )  # fmt: skip
        read_only_fields = fields


class BatchViewSet(
    Idempotent,
    Conditional,
    KnownParameters,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet,
):
    """Kumpulan kiriman yang diputuskan sekaligus: unggahan daftar, dan ubah banyak.

    Isinya tidak berubah setelah dikirim, dan keputusan kedua ditolak 409: If-Match boleh, tidak wajib.
    """

    queryset = Batch.objects.none()
    serializer_class = BatchSerializer
    filterset_class = BatchFilter
    permission_classes = [SEES]
    lookup_field = "uuid"
    lookup_value_regex = "[0-9a-fA-F-]{32,36}"
    ordering = "-proposed_at"
    ordering_fields = ("proposed_at",)

    def get_queryset(self):
        return Batch.objects.visible_to(self.request.user).select_related("proposed_by", "decided_by")

    def tag(self, batch):
        return tag_of(
            [getattr(batch, field.attname) for field in batch._meta.concrete_fields],
            [batch.proposed_by.name, batch.decided_by and batch.decided_by.name],
            [batch.may_decide(self.request.user), self.request.user.pk],
        )

    def _answer(self, batch):
        shown = Batch.objects.select_related("proposed_by", "decided_by").get(pk=batch.pk)
        return Response(self.get_serializer(shown).data, headers={"ETag": self.tag(shown)})

    def retrieve(self, request, uuid):
        batch = self.get_object()
        return self.unchanged(self.tag(batch)) or self._answer(batch)

    def _decide(self, shape, verb):
        serializer = shape(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        with self.changing(self.get_object(), required=False) as batch:
            verb(batch, serializer.validated_data)
        return self._answer(batch)

    @extend_schema(request=NothingSerializer, responses=BatchSerializer, parameters=[IF_MATCH_OPTIONAL])
    @action(detail=True, methods=["post"], permission_classes=[DECIDES])
    def approve(self, request, uuid):
        """Menyetujui seluruhnya dan menerapkannya; yang panjang di belakang layar: lihat `progress_state`."""
        return self._decide(
            NothingSerializer, lambda batch, given: tasks.approve_batch(batch, by=request.user)
        )

    @extend_schema(request=RejectSerializer, responses=BatchSerializer, parameters=[IF_MATCH_OPTIONAL])
    @action(detail=True, methods=["post"], permission_classes=[DECIDES])
    def reject(self, request, uuid):
        """Menolak seluruhnya dengan alasan."""
        return self._decide(RejectSerializer, lambda batch, given: batch.reject(by=request.user, **given))


@extend_schema_view(
    list=extend_schema(parameters=[OpenApiParameter("batch", OpenApiTypes.UUID, OpenApiParameter.PATH)])
)
class BatchRowViewSet(Conditional, KnownParameters, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Kiriman di dalam satu kumpulan, sejauh pembacanya boleh melihatnya."""

    queryset = Submission.objects.none()
    serializer_class = SubmissionRowSerializer
    filterset_class = SubmissionFilter
    permission_classes = [SEES]
    ordering = "id"
    ordering_fields = ("proposed_at",)

    def get_queryset(self):
        user = self.request.user
        batch = get_object_or_404(Batch.objects.visible_to(user), uuid=self.kwargs["batch"])
        rows = Submission.objects.visible_to(user).filter(batch=batch)
        return rows.select_related("kelurahan_now", "kelurahan_next", "proposed_by", "batch").defer(
            "values", "items", "sealed", "notes", "note", "reason", "mends"
        )
