"""Who am I to the API: the account, its posts, what it may do and where."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import AccountSerializer
from registry.regions.access import current_posts, reach
from registry.regions.models import Post, Region
from umkm_portal.lib.api import KnownParameters
from umkm_portal.lib.conditional import Conditional


class PostRegionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Region
        fields = ("code", "name", "level")
        read_only_fields = fields


class PostSerializer(serializers.ModelSerializer):
    role_label = serializers.CharField(source="get_role_display", read_only=True)
    region = PostRegionSerializer(read_only=True)

    class Meta:
        model = Post
        fields = ("role", "role_label", "region", "starts_on", "ends_on")
        read_only_fields = fields


class ReachSerializer(serializers.Serializer):
    everywhere = serializers.BooleanField(help_text="Seluruh kota, termasuk data yang belum berkelurahan.")
    kelurahan = serializers.ListField(
        child=serializers.CharField(), help_text="Kode; kosong bila seluruh kota."
    )


class MeSerializer(AccountSerializer):
    posts = PostSerializer(many=True, read_only=True)
    permissions = serializers.ListField(child=serializers.CharField(), read_only=True)
    reach = ReachSerializer(read_only=True, help_text="Tempat data usaha dapat dibaca.")

    class Meta(AccountSerializer.Meta):
        fields = (*AccountSerializer.Meta.fields, "posts", "permissions", "reach")
        read_only_fields = fields


class MeView(Conditional, KnownParameters, APIView):
    """Akun yang dipakai, jabatannya yang berlaku hari ini, haknya dan wilayahnya."""

    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="me_retrieve", responses=MeSerializer)
    def get(self, request):
        user = request.user
        there = reach(user, "registry.view_business")
        codes = Region.objects.filter(pk__in=there.kelurahan).order_by("code").values_list("code", flat=True)
        posts, _remembered = current_posts(user)
        body = {
            "username": user.username,
            "name": user.name,
            "email": user.email,
            "posts": posts,
            "permissions": sorted(user.get_all_permissions()),
            "reach": {"everywhere": there.everywhere, "kelurahan": [] if there.everywhere else list(codes)},
        }
        return Response(MeSerializer(body).data)
