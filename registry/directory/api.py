"""/api/v1/businesses/: what anybody may read, and more for who serves the kelurahan."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.permissions import AllowAny

from accounts.idempotency import Idempotent
from registry.businesses.api import BusinessRowSerializer, BusinessSerializer, rows_for
from registry.businesses.api_acts import BusinessActs
from registry.businesses.filters import BusinessFilter, PublicBusinessFilter
from registry.businesses.models import Business
from registry.directory.keeping import version
from registry.directory.public import facts_of
from registry.regions.access import reach
from umkm_portal.lib.api import KnownParameters
from umkm_portal.lib.conditional import Conditional, tag_of


class PlaceSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class KbliNameSerializer(serializers.Serializer):
    version = serializers.CharField()
    code = serializers.CharField()
    title = serializers.CharField()


class SubsectorNameSerializer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()


class PublicProductSerializer(serializers.Serializer):
    name = serializers.CharField()
    price_idr = serializers.IntegerField(allow_null=True)
    unit = serializers.CharField()
    description = serializers.CharField()
    material = serializers.CharField()
    technique = serializers.CharField()


class PublicLicenceSerializer(serializers.Serializer):
    kind = serializers.CharField()
    status = serializers.CharField()
    number = serializers.CharField(help_text="Hanya nomor yang tercetak pada kemasan.")
    expires_on = serializers.DateField(allow_null=True)
    is_valid = serializers.BooleanField()


class PublicPhotoSerializer(serializers.Serializer):
    url = serializers.CharField()
    small_url = serializers.CharField()
    caption = serializers.CharField()
    kind = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class PublicBusinessSerializer(serializers.Serializer):
    """What the directory shows. "" or null also where the owner did not agree to show it."""

    uuid = serializers.UUIDField()
    slug = serializers.CharField()
    url = serializers.CharField(help_text="Halamannya di direktori.")
    name = serializers.CharField()
    activity = serializers.CharField()
    description = serializers.CharField()
    kelurahan = PlaceSerializer()
    kecamatan = PlaceSerializer()
    kbli = KbliNameSerializer(allow_null=True)
    subsector = SubsectorNameSerializer(allow_null=True)
    other_subsectors = SubsectorNameSerializer(many=True)
    operating_state = serializers.CharField()
    season_months = serializers.ListField(child=serializers.IntegerField())
    opening_hours = serializers.CharField()
    last_confirmed_on = serializers.DateField(allow_null=True)
    existence_verified_on = serializers.DateField(allow_null=True)
    products = PublicProductSerializer(many=True)
    licences = PublicLicenceSerializer(many=True)
    owner_name = serializers.CharField()
    phone = serializers.CharField()
    address = serializers.CharField()
    stall = serializers.CharField()
    rt = serializers.IntegerField(allow_null=True)
    rw = serializers.IntegerField(allow_null=True)
    latitude = serializers.DecimalField(9, 6, allow_null=True)
    longitude = serializers.DecimalField(9, 6, allow_null=True)
    photos = PublicPhotoSerializer(many=True)

    def to_representation(self, facts):
        """The declared fields of a PublicFacts, as they are: they are plain values already."""
        return told(facts)


TOLD = tuple(PublicBusinessSerializer().fields)


def told(facts):
    """The fields of PublicBusinessSerializer of a PublicFacts: a field at a time would cost ten times it."""
    values = facts.as_dict()
    for name in ("latitude", "longitude"):  # decimals travel as text, as everywhere in the API
        values[name] = None if values[name] is None else str(values[name])
    return {name: values[name] for name in TOLD}


def either(name, staff):
    """Schema: the public form or the staff's, by who asks."""
    return PolymorphicProxySerializer(
        component_name=name,
        serializers=[PublicBusinessSerializer, staff],
        resource_type_field_name=None,
    )


@extend_schema_view(
    list=extend_schema(responses=either("BusinessListed", BusinessRowSerializer)),
    retrieve=extend_schema(responses=either("BusinessShown", BusinessSerializer)),
)
class BusinessViewSet(Idempotent, Conditional, KnownParameters, BusinessActs, viewsets.ReadOnlyModelViewSet):
    """Usaha. Tanpa akun: yang tampil di direktori. Dengan jabatan: usaha di wilayahnya, lebih lengkap.

    Petugas melihat hanya usaha di wilayahnya; untuk usaha lain, bertanyalah tanpa token. Isian yang bukan
    untuk perannya (omzet, modal, pemilik) tidak ikut dalam jawaban. Data diubah lewat `submissions`; yang
    dicatat langsung di sini hanya: masih berjalan, terverifikasi, terkurasi atau binaan, persetujuan ditarik.
    """

    queryset = Business.objects.none()
    filterset_class = BusinessFilter
    permission_classes = [AllowAny]
    lookup_field = "uuid"
    lookup_value_regex = "[0-9a-fA-F-]{32,36}"
    ordering = "name"

    @property
    def ordering_fields(self):
        return ("name", "changed_at") if self.serves() else ("name",)

    def serves(self):
        """Whether who asks reads businesses by their post; the schema describes that side."""
        if getattr(self, "swagger_fake_view", False):
            return True
        return bool(reach(self.request.user, "registry.view_business"))

    def filterset_class_for(self, user):
        return BusinessFilter if self.serves() else PublicBusinessFilter

    def get_queryset(self):
        if self.serves():
            return rows_for(self.request.user, whole=self.action != "list")
        return Business.objects.public() if self.action in ("list", "retrieve") else Business.objects.none()

    def filter_queryset(self, queryset):
        """For the public, only the keys: `facts_of` reads the rows of the page by columns."""
        queryset = super().filter_queryset(queryset)
        return queryset if self.serves() or self.action != "list" else queryset.values("pk", "name")

    def paginate_queryset(self, queryset):
        page = super().paginate_queryset(queryset)
        return page if self.serves() else facts_of(row["pk"] for row in page)

    def list(self, request, *args, **kwargs):
        if self.serves():
            return super().list(request, *args, **kwargs)
        tag = self._visitors_tag()
        page = self.unchanged(tag)
        if page is None:
            rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
            page = self.get_paginated_response([told(facts) for facts in rows])
            page["ETag"] = tag
        return page

    def _visitors_tag(self):
        """The tag of a list for anybody: of its address, the last change, and the minute.

        So who asks again is answered before anything is read; what moves no version shows within a minute.
        """
        return tag_of(version(), self.request.build_absolute_uri(), timezone.now().strftime("%F %H:%M"))

    def get_object(self):
        business = super().get_object()
        if self.serves():
            return business
        facts = facts_of([business.pk])
        if not facts:  # hidden between two questions
            raise Http404
        return facts[0]

    def get_serializer_class(self):
        if not self.serves():
            return PublicBusinessSerializer
        return BusinessRowSerializer if self.action == "list" else BusinessSerializer
