from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.permissions import AllowAny

from registry.sectors.filters import KbliFilter, SubsectorFilter
from registry.sectors.models import Kbli, Subsector
from umkm_portal.lib.conditional import Conditional


class KbliSerializer(serializers.ModelSerializer):
    key = serializers.CharField(read_only=True, help_text="Versi dan kode: 2025:10307")
    is_leaf = serializers.BooleanField(read_only=True, help_text="Kode lima angka, boleh dipakai usaha")

    class Meta:
        model = Kbli
        fields = ("key", "version", "code", "section", "title", "is_leaf")
        read_only_fields = fields


@extend_schema_view(
    retrieve=extend_schema(
        parameters=[
            OpenApiParameter("key", OpenApiTypes.STR, OpenApiParameter.PATH, description="2025:10307")
        ]
    )
)
class SectorViewSet(Conditional, viewsets.ReadOnlyModelViewSet):
    """Lapangan usaha menurut KBLI, versi 2020 dan 2025. Terbuka untuk umum."""

    queryset = Kbli.objects.all()
    serializer_class = KbliSerializer
    filterset_class = KbliFilter
    permission_classes = [AllowAny]
    lookup_url_kwarg = "key"
    lookup_value_regex = r"[0-9]{4}:[0-9A-Z]{1,5}"
    ordering = "code"
    ordering_fields = ("code", "title")

    def get_object(self):
        self.filter_queryset(self.get_queryset())  # refuses unknown parameters
        try:
            return Kbli.objects.at(self.kwargs["key"])
        except Kbli.DoesNotExist as error:
            raise Http404 from error


class SubsectorSerializer(serializers.ModelSerializer):
    class Meta:
        model = Subsector
        fields = ("slug", "name", "name_en", "position", "starts_on", "ends_on")
        read_only_fields = fields


class SubsectorViewSet(Conditional, viewsets.ReadOnlyModelViewSet):
    """Subsektor ekonomi kreatif, dengan masa berlakunya. Terbuka untuk umum."""

    queryset = Subsector.objects.all()
    serializer_class = SubsectorSerializer
    filterset_class = SubsectorFilter
    permission_classes = [AllowAny]
    lookup_field = "slug"
    lookup_value_regex = r"[a-z0-9_-]{1,50}"
    ordering = "position"
    ordering_fields = ("position", "name")
