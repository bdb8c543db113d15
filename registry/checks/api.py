""" "Masih aktif?" over the API: answers read, recorded one by one or many at once, and taken back."""

from datetime import UTC, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import holding
from accounts.idempotency import Idempotent
from registry.checks.filters import CheckFilter
from registry.checks.models import BY_HAND, CONFIRM, NOTE_LENGTH, VIEW, Check
from registry.checks.recording import business_named
from registry.regions.held import holding_once
from registry.submissions.api_bodies import NothingSerializer
from registry.submissions.api_many import MOST, ManyResultsSerializer, checked, each_row
from umkm_portal.lib.api import KnownParameters, ShownSerializer, StrictSerializer
from umkm_portal.lib.conditional import Conditional, tag_of
from umkm_portal.lib.schema import IF_MATCH

RECORDS = holding_once(CONFIRM)
OLDEST = datetime(2020, 1, 1, tzinfo=UTC)
JOINED = ("business", "kelurahan", "submission")
SHOWN = (
    "uuid", "rw", "answer", "via", "seen_on", "told_at", "received_at", "taken_back_at",
    "business__uuid", "business__name", "kelurahan__code", "submission__uuid",
)  # fmt: skip

ANSWER = {
    "uuid": "0d5f1c9e-2f0b-4b0e-9a53-1a2b3c4d5e6f",
    "business": "2f1c8f3a-6f0e-4a55-8f4b-1a2b3c4d5e6f",
    "answer": "active",
    "told_at": "2026-11-20T09:12:00+07:00",
}


class CheckRowSerializer(ShownSerializer):
    """One answer in a list, without its note."""

    business = serializers.UUIDField(source="business.uuid", read_only=True)
    business_name = serializers.CharField(source="business.name", read_only=True)
    kelurahan = serializers.CharField(source="kelurahan.code", read_only=True)
    submission = serializers.UUIDField(
        source="submission.uuid",
        read_only=True,
        allow_null=True,
        help_text="Usulan yang lahir dari jawaban ini.",
    )

    class Meta:
        model = Check
        fields = (
            "uuid",
            "business",
            "business_name",
            "kelurahan",
            "rw",
            "answer",
            "via",
            "seen_on",
            "told_at",
            "received_at",
            "taken_back_at",
            "submission",
        )
        read_only_fields = fields


class CheckSerializer(CheckRowSerializer):
    """One answer, with its note."""

    note = serializers.CharField(read_only=True)

    class Meta(CheckRowSerializer.Meta):
        fields = (*CheckRowSerializer.Meta.fields, "note")
        read_only_fields = fields


class NewCheckSerializer(StrictSerializer):
    """What somebody found. `uuid` is minted by who asks, so that a repeated request stays one answer."""

    uuid = serializers.UUIDField(required=False)
    business = serializers.UUIDField()
    answer = serializers.ChoiceField(choices=Check.Answer.choices)
    told_at = serializers.DateTimeField(required=False, help_text="Menurut jam ponsel; bawaan: sekarang.")
    seen_on = serializers.DateField(required=False, help_text="Hari dilihat; bawaan: hari dari told_at.")
    via = serializers.ChoiceField(choices=BY_HAND, required=False)
    note = serializers.CharField(max_length=NOTE_LENGTH, required=False, allow_blank=True)

    def validate_told_at(self, value):
        if value < OLDEST:
            raise serializers.ValidationError(_("Waktu ini terlalu lama. Periksa tanggal dan jam ponsel."))
        return value

    def validate_seen_on(self, value):
        if value < OLDEST.date():
            raise serializers.ValidationError(_("Tanggal ini terlalu lama."))
        return value


@extend_schema_field(NewCheckSerializer(many=True))
class ChecksField(serializers.ListField):
    """Each row is checked for itself, so that one bad row does not refuse the others."""


class ManyChecksSerializer(StrictSerializer):
    """Up to a hundred answers."""

    checks = ChecksField(child=serializers.JSONField(), min_length=1, max_length=MOST)


@extend_schema_view(
    list=extend_schema(responses=CheckRowSerializer(many=True)),
    retrieve=extend_schema(responses=CheckSerializer),
)
class CheckViewSet(Idempotent, Conditional, KnownParameters, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Jawaban "masih aktif?" tentang usaha di wilayah Anda.

    Aktif langsung mencatat tanggal dipastikan; tutup dan buka lagi menjadi usulan (`submission`) yang
    diputuskan orang lain. Yang dicatat petugas sebelum jabatannya berakhir tetap diterima untuk harinya.
    """

    queryset = Check.objects.none()
    serializer_class = CheckRowSerializer
    filterset_class = CheckFilter
    permission_classes = [holding(VIEW)]
    throttle_scope = None
    lookup_field = "uuid"
    lookup_value_regex = "[0-9a-fA-F-]{32,36}"
    ordering = "-id"
    ordering_fields = ("received_at",)

    def get_permissions(self):
        return [RECORDS()] if self.action == "create" else super().get_permissions()

    def get_queryset(self):
        user = self.request.user
        if self.action == "take_back":  # their own, also after their post ended
            return Check.objects.filter(told_by=user).select_related(*JOINED)
        rows = Check.objects.visible_to(user).select_related(*JOINED)
        return rows.only(*SHOWN) if self.action == "list" else rows

    def tag(self, check):
        return tag_of(
            str(check.uuid),
            check.taken_back_at,
            check.submission_id,
            check.business.name,
            self.request.user.pk,
        )

    def shown(self, check, code=status.HTTP_200_OK):
        body = CheckSerializer(check, context=self.get_serializer_context()).data
        return Response(body, code, headers={"ETag": self.tag(check)})

    def given(self, serializer_class):
        serializer = serializer_class(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def retrieve(self, request, uuid):
        check = self.get_object()
        return self.unchanged(self.tag(check)) or self.shown(check)

    @extend_schema(
        request=NewCheckSerializer,
        responses={201: CheckSerializer, 200: CheckSerializer},
        examples=[OpenApiExample("Masih aktif", value=ANSWER, request_only=True)],
    )
    def create(self, request):
        """Mencatat satu jawaban. `uuid` yang sama dijawab 200 dengan jawaban yang sudah tersimpan."""
        check, new = self.record(self.given(NewCheckSerializer))
        return self.shown(check, status.HTTP_201_CREATED if new else status.HTTP_200_OK)

    def record(self, given):
        """(check, whether it is new) of a checked NewCheckSerializer. Raises Refused."""
        return Check.record(
            business=business_named(given["business"]),
            answer=given["answer"],
            via=given.get("via", Check.Via.WALK),
            told_at=given.get("told_at") or timezone.now(),
            by=self.request.user,
            uuid=given.get("uuid"),
            seen_on=given.get("seen_on"),
            note=given.get("note", ""),
        )

    @extend_schema(
        request=ManyChecksSerializer,
        responses=ManyResultsSerializer,
        filters=False,
        examples=[OpenApiExample("Satu RW", value={"checks": [ANSWER]}, request_only=True)],
    )
    @action(
        detail=False,
        methods=["post"],
        permission_classes=[RECORDS],
        throttle_scope="bulk",
        pagination_class=None,
    )
    def bulk(self, request):
        """Mencatat sampai 100 jawaban sekaligus. Jawabannya selalu 200 dengan hasil tiap baris.

        Tiap baris berdiri sendiri: yang satu ditolak, yang lain tetap tersimpan. Beri tiap baris `uuid`
        sendiri; bila permintaan diulang, baris yang sudah tersimpan dijawab 200 dan tidak menjadi dua.
        """
        return each_row(self, self.given(ManyChecksSerializer)["checks"], self._record_row)

    def _record_row(self, raw, told):
        given = checked(NewCheckSerializer, raw)
        told["uuid"] = given.get("uuid")
        check, new = self.record(given)
        told |= {"status": 201 if new else 200, "uuid": check.uuid, "state": check.answer}
        told["etag"] = self.tag(check)

    @extend_schema(request=NothingSerializer, responses=CheckSerializer, filters=False, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"], url_path="take-back", permission_classes=[RECORDS])
    def take_back(self, request, uuid):
        """Membatalkan jawaban sendiri pada hari yang sama; usulan yang lahir darinya ikut ditarik."""
        self.given(NothingSerializer)
        with self.changing(self.get_object()) as check:
            check.take_back(by=request.user)
        return self.shown(check)
