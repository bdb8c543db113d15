from rest_framework import serializers, viewsets
from rest_framework.permissions import AllowAny

from registry.regions.filters import RegionFilter
from registry.regions.models import Region
from umkm_portal.lib.conditional import Conditional


class RegionSerializer(serializers.ModelSerializer):
    parent = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)

    class Meta:
        model = Region
        fields = (
            "code",
            "name",
            "level",
            "parent",
            "postal_code",
            "latitude",
            "longitude",
            "bps_code_2016",
            "tile_column",
            "tile_row",
        )
        read_only_fields = fields


class RegionViewSet(Conditional, viewsets.ReadOnlyModelViewSet):
    """Kota, kecamatan dan kelurahan menurut kode Kemendagri. Terbuka untuk umum."""

    queryset = Region.objects.select_related("parent")
    serializer_class = RegionSerializer
    filterset_class = RegionFilter
    permission_classes = [AllowAny]
    lookup_field = "code"
    lookup_value_regex = r"[0-9.]{1,13}"
    ordering = "code"
    ordering_fields = ("code", "name")
