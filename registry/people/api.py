"""Persons over the API, and the question whether somebody with this NIK is known."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from accounts.access import holding
from accounts.idempotency import Idempotent
from registry.people import disclosures
from registry.people.actions import ELSEWHERE, IN_REACH, NOBODY, look_up
from registry.people.filters import PersonFilter
from registry.people.identity import digits, nik_problem
from registry.people.models import Person
from registry.regions.access import reach, within_reach
from umkm_portal.lib.api import KnownParameters, ShownSerializer, StrictSerializer
from umkm_portal.lib.conditional import Conditional

ANSWERS = {
    IN_REACH: _("NIK ini sudah tercatat."),
    ELSEWHERE: _("NIK ini sudah tercatat di luar wilayah Anda."),
    NOBODY: _("NIK ini belum tercatat."),
}


class PersonRowSerializer(ShownSerializer):
    """One row of a list; of the NIK only the last four digits."""

    domicile = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    nik_masked = serializers.CharField(read_only=True, help_text="“•••• 1234”, atau kosong.")

    class Meta:
        model = Person
        fields = ("uuid", "name", "nik_answer", "nik_masked", "domicile")
        read_only_fields = fields


class OwnedBusinessSerializer(serializers.Serializer):
    uuid = serializers.UUIDField(source="business.uuid")
    name = serializers.CharField(source="business.name")
    role = serializers.CharField()


class PersonSerializer(PersonRowSerializer):
    """One person. `disability` is there only for who may see it (registry.view_turnover)."""

    sometimes = ("disability",)
    businesses = serializers.SerializerMethodField()

    class Meta(PersonRowSerializer.Meta):
        fields = (
            *PersonRowSerializer.Meta.fields,
            "sex",
            "born_on",
            "phone",
            "phone_of",
            "email",
            "address",
            "rt",
            "rw",
            "education",
            "disability",
            "businesses",
        )
        read_only_fields = fields

    def _owned(self, person):
        """Current ownerships of businesses the reader may read."""
        user = self.context["request"].user
        current = person.ownerships.filter(ended_on=None, business__merged_into=None)
        return within_reach(
            current.select_related("business").order_by("pk"),
            user,
            "registry.view_business",
            column="business__kelurahan",
        )

    @extend_schema_field(OwnedBusinessSerializer(many=True))
    def get_businesses(self, person):
        return OwnedBusinessSerializer(self._owned(person), many=True).data

    def to_representation(self, person):
        shown = super().to_representation(person)
        there = reach(self.context["request"].user, "registry.view_turnover")
        places = [person.domicile_id, *(row.business.kelurahan_id for row in self._owned(person))]
        if not any(there.covers(place) for place in places):
            shown.pop("disability")
        return shown


class LookupSerializer(StrictSerializer):
    """The question."""

    nik = serializers.CharField(max_length=40, write_only=True, help_text="16 angka dari KTP.")


class FoundSerializer(serializers.Serializer):
    result = serializers.ChoiceField(choices=list(ANSWERS))
    detail = serializers.CharField()
    person = PersonRowSerializer(required=False, help_text="Hanya bila `in-reach`.")


class PersonViewSet(Idempotent, Conditional, KnownParameters, viewsets.ReadOnlyModelViewSet):
    """Orang yang tinggal atau memiliki usaha di wilayah Anda. NIK dan KK tidak pernah ditampilkan."""

    queryset = Person.objects.none()
    serializer_class = PersonSerializer
    filterset_class = PersonFilter
    permission_classes = [holding("registry.view_person")]
    throttle_scope = None
    lookup_field = "uuid"
    lookup_value_regex = "[0-9a-fA-F-]{32,36}"
    ordering = "id"
    ordering_fields = ()

    def get_queryset(self):
        return Person.objects.visible_to(self.request.user).select_related("domicile")

    def get_serializer_class(self):
        return PersonRowSerializer if self.action == "list" else PersonSerializer

    def get_object(self):
        person = super().get_object()
        disclosures.note([person], by=self.request.user, how="api")
        return person

    def paginate_queryset(self, queryset):
        page = super().paginate_queryset(queryset)
        disclosures.note(list(page or ()), by=self.request.user, how="api-list")
        return page

    @extend_schema(
        request=LookupSerializer,
        responses=FoundSerializer,
        filters=False,
        examples=[
            OpenApiExample("Bertanya", value={"nik": "16 angka"}, request_only=True),
            OpenApiExample(
                "Di luar wilayah",
                value={"result": "elsewhere", "detail": "NIK ini sudah tercatat di luar wilayah Anda."},
                response_only=True,
            ),
        ],
    )
    @action(
        detail=False,
        methods=["post"],
        permission_classes=[holding("registry.lookup_identity")],
        throttle_scope="identity",
        pagination_class=None,
    )
    def lookup(self, request):
        """Mencari satu NIK persis, dengan KTP di tangan. Setiap pertanyaan dicatat."""
        given = LookupSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        number = given.validated_data["nik"]
        if problem := nik_problem(number):
            raise ValidationError({"nik": [problem]})
        found, person = look_up(digits(number), by=request.user)
        body = {"result": found, "detail": ANSWERS[found]} | ({"person": person} if person else {})
        return Response(FoundSerializer(body).data)
