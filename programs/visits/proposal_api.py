"""Forum proposals over the API: the same rows, filter and verbs as the pages."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import holding
from accounts.idempotency import Idempotent
from programs.visits.proposal_filters import ProposalFilter
from programs.visits.proposals import ANSWER, LOG, PUBLIC_LENGTH, TEXT_LENGTH, VIEW, Proposal
from registry.businesses.models import Business
from registry.regions.held import holding_once
from registry.regions.models import Region
from registry.reports.needs import Need
from umkm_portal.lib.api import KnownParameters, ShownSerializer, StrictSerializer
from umkm_portal.lib.conditional import Conditional, tag_of
from umkm_portal.lib.errors import not_found
from umkm_portal.lib.schema import IF_MATCH

NEW = OpenApiExample(
    "Usulan",
    value={
        "uuid": "0b6a1c1e-1f8a-4d53-8f2e-6f4c9d1a7e20",
        "forum": "musrenbang",
        "held_on": "2026-11-20",
        "place": "Balai RW 5",
        "kelurahan": "35.73.01.1007",
        "rt": 3,
        "rw": 5,
        "need": "packaging",
        "text": "Kemasan keripik supaya tahan lama di toko.",
    },
    request_only=True,
)


class ProposalRowSerializer(ShownSerializer):
    """One row of a list, without what was said and answered."""

    kelurahan = serializers.SlugRelatedField(slug_field="code", read_only=True)
    business = serializers.SlugRelatedField(slug_field="uuid", read_only=True, allow_null=True)

    class Meta:
        model = Proposal
        fields = (
            "uuid", "forum", "held_on", "place", "kelurahan", "rt", "rw", "need", "business", "state",
            "public_line", "told_at", "received_at", "answered_at",
        )  # fmt: skip
        read_only_fields = fields


class CorrectionSerializer(serializers.Serializer):
    """One time it was put right."""

    at = serializers.DateTimeField(source="recorded_at")
    by = serializers.CharField(source="recorded_by.name", help_text="Nama akun.")
    fields_changed = serializers.ListField(
        source="detail.fields", child=serializers.ChoiceField(choices=list(Proposal.CORRECTABLE))
    )


class ProposalSerializer(ProposalRowSerializer):
    """One proposal as it was spoken, its answer, and when it was put right, the last first."""

    corrections = CorrectionSerializer(many=True, read_only=True)

    class Meta(ProposalRowSerializer.Meta):
        fields = (*ProposalRowSerializer.Meta.fields, "text", "answer", "corrections")
        read_only_fields = fields


class NewProposalSerializer(StrictSerializer):
    """A proposal as it was logged. The same `uuid` again is the same proposal."""

    uuid = serializers.UUIDField(help_text="Buat sendiri, sekali untuk tiap usulan.")
    forum = serializers.ChoiceField(choices=Proposal.Forum.choices)
    held_on = serializers.DateField()
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)
    kelurahan = serializers.CharField(max_length=13, help_text="Kode wilayah.")
    rt = serializers.IntegerField(min_value=1, max_value=999, required=False, allow_null=True)
    rw = serializers.IntegerField(min_value=1, max_value=999, required=False, allow_null=True)
    business = serializers.UUIDField(
        required=False, allow_null=True, help_text="Usaha di kelurahan yang sama."
    )
    need = serializers.ChoiceField(choices=Need.choices)
    text = serializers.CharField(max_length=TEXT_LENGTH)
    told_at = serializers.DateTimeField(
        required=False, help_text="Saat dicatat, menurut jam perangkat; tanpa ini, sekarang."
    )


class CorrectProposalSerializer(StrictSerializer):
    """What was logged wrong. What is not named stays as it is."""

    forum = serializers.ChoiceField(choices=Proposal.Forum.choices, required=False)
    held_on = serializers.DateField(required=False)
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)
    kelurahan = serializers.CharField(max_length=13, required=False, help_text="Kode wilayah.")
    rt = serializers.IntegerField(min_value=1, max_value=999, required=False, allow_null=True)
    rw = serializers.IntegerField(min_value=1, max_value=999, required=False, allow_null=True)
    business = serializers.UUIDField(
        required=False, allow_null=True, help_text="Usaha di kelurahan usulan; null: tidak dihubungkan."
    )
    need = serializers.ChoiceField(choices=Need.choices, required=False)
    text = serializers.CharField(max_length=TEXT_LENGTH, required=False)


class AnswerSerializer(StrictSerializer):
    """How it stands: an act with an outcome, not a status that is written."""

    outcome = serializers.ChoiceField(
        source="state", choices=[c for c in Proposal.State.choices if c[0] != Proposal.State.NEW]
    )
    answer = serializers.CharField(max_length=TEXT_LENGTH, required=False, allow_blank=True)
    public_line = serializers.CharField(
        max_length=PUBLIC_LENGTH,
        required=False,
        allow_blank=True,
        help_text="Dibaca semua orang; kosong: tidak tampil untuk umum.",
    )


@extend_schema_view(
    list=extend_schema(responses=ProposalRowSerializer(many=True)),
    retrieve=extend_schema(responses=ProposalSerializer),
)
class ProposalViewSet(
    Idempotent, Conditional, KnownParameters, mixins.ListModelMixin, viewsets.GenericViewSet
):
    """Usulan forum warga: Ngombe, Musrenbang, Muskelsus RT Berkelas.

    Dicatat di forum, juga tanpa sinyal: UUID buatan perangkat membuat kiriman ulang tidak menjadi dua. Yang
    dicatat sebelum sebuah jabatan berakhir tetap diterima sesudahnya.
    """

    queryset = Proposal.objects.none()
    serializer_class = ProposalRowSerializer
    filterset_class = ProposalFilter
    permission_classes = [holding(VIEW)]
    throttle_scope = None
    lookup_field = "uuid"
    lookup_value_regex = "[0-9a-fA-F-]{32,36}"
    ordering = "-id"
    ordering_fields = ("held_on", "received_at")

    def get_permissions(self):
        if self.action == "create":
            return [holding_once(LOG)()]
        if self.action == "partial_update":
            return [holding(LOG)()]
        return super().get_permissions()

    def get_queryset(self):
        rows = Proposal.objects.visible_to(self.request.user).select_related("kelurahan", "business")
        return rows.defer("text", "answer") if self.action == "list" else rows

    def tag(self, proposal):
        return tag_of(str(proposal.uuid), proposal.version, self.request.user.pk)

    def answered(self, proposal, code=status.HTTP_200_OK):
        body = ProposalSerializer(proposal, context=self.get_serializer_context()).data
        return Response(body, code, headers={"ETag": self.tag(proposal)})

    def retrieve(self, request, uuid):
        proposal = self.get_object()
        return self.unchanged(self.tag(proposal)) or self.answered(proposal)

    @extend_schema(request=NewProposalSerializer, responses={201: ProposalSerializer}, examples=[NEW])
    def create(self, request):
        """Mencatat usulan. UUID yang sama dijawab dengan usulan yang sama."""
        given = NewProposalSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        told = given.validated_data
        told["kelurahan"] = Region.objects.kelurahan().filter(code=told["kelurahan"]).first()
        wanted = told.pop("business", None)
        if wanted and Proposal.told_before(told["uuid"], request.user) is None:  # it may have moved since
            told["business"] = Business.objects.filter(uuid=wanted, kelurahan=told["kelurahan"]).first()
            if told["kelurahan"] is None or told["business"] is None:
                raise not_found()
        told.setdefault("told_at", timezone.now())
        proposal, _new = Proposal.log(by=request.user, **told)
        return self.answered(proposal, status.HTTP_201_CREATED)

    @extend_schema(
        request=CorrectProposalSerializer, responses=ProposalSerializer, parameters=[IF_MATCH], filters=False
    )
    def partial_update(self, request, uuid):
        """Memperbaiki yang dicatat, sampai dijawab. Sesudah dijawab: 409 `proposal-answered`."""
        given = CorrectProposalSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        told = given.validated_data
        with self.changing(self.get_object()) as proposal:
            place = proposal.kelurahan
            if "kelurahan" in told:
                place = told["kelurahan"] = Region.objects.kelurahan().filter(code=told["kelurahan"]).first()
            if wanted := told.get("business"):
                told["business"] = Business.objects.filter(uuid=wanted, kelurahan=place).first()
                if place is None or told["business"] is None:
                    raise not_found()
            proposal.correct(by=request.user, **told)
        return self.answered(proposal)

    @extend_schema(request=AnswerSerializer, responses=ProposalSerializer, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"], permission_classes=[holding(ANSWER)])
    def respond(self, request, uuid):
        """Menjawab: diproses, terlaksana, atau belum dapat dipenuhi. Boleh dijawab lagi kelak."""
        given = AnswerSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        with self.changing(self.get_object()) as proposal:
            proposal.respond(by=request.user, **given.validated_data)
        return self.answered(proposal)
