"""Counts of needs over the API: the same rows and filter as the page."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from accounts.access import holding
from programs.visits.needs import Needs, NeedsFilter, regions_of
from registry.reports.needs import Need
from umkm_portal.lib.api import KnownParameters
from umkm_portal.lib.conditional import Conditional

CODE = {"many": True, "description": "Kode wilayah."}


class NeedCountSerializer(serializers.Serializer):
    """How many need one thing in one kelurahan, apart by source and in sum."""

    kecamatan = serializers.CharField(help_text="Kode.")
    kelurahan = serializers.CharField(help_text="Kode.")
    need = serializers.ChoiceField(choices=Need.choices)
    reports = serializers.IntegerField(help_text="Laporan perlu didatangi.")
    follow_ups = serializers.IntegerField(help_text="Temuan kunjungan yang belum disebut laporannya.")
    proposals = serializers.IntegerField(help_text="Usulan forum.")
    total = serializers.IntegerField()


class NeedViewSet(Conditional, KnownParameters, viewsets.GenericViewSet):
    """Kebutuhan usaha menurut jenis dan kelurahan, di wilayah Anda; tanpa baris yang nol."""

    serializer_class = NeedCountSerializer
    permission_classes = [holding("registry.view_visitrequest")]
    pagination_class = None
    filter_backends = ()
    throttle_scope = None
    extra_parameters = ("need", "kecamatan", "kelurahan", "since", "until", "open")

    @extend_schema(
        responses=NeedCountSerializer(many=True),
        parameters=[
            OpenApiParameter("need", str, enum=Need.values, many=True),
            OpenApiParameter("kecamatan", str, **CODE),
            OpenApiParameter("kelurahan", str, **CODE),
            OpenApiParameter("since", {"type": "string", "format": "date"}, description="Sejak hari ini."),
            OpenApiParameter("until", {"type": "string", "format": "date"}, description="Sampai hari ini."),
            OpenApiParameter("open", str, enum=["true"], description="Hanya yang belum selesai."),
        ],
    )
    def list(self, request):
        """Satu baris untuk tiap kelurahan dan jenis kebutuhan."""
        form = NeedsFilter(request.query_params)
        if not form.is_valid():
            raise ValidationError({name: [str(e) for e in errors] for name, errors in form.errors.items()})
        counted = Needs(request.user, form.cleaned_data).counted()
        regions = regions_of(counted)
        told = [
            {
                "kecamatan": regions[kelurahan].parent.code,
                "kelurahan": regions[kelurahan].code,
                "need": need,
                "reports": tally.reports,
                "follow_ups": tally.follow_ups,
                "proposals": tally.proposals,
                "total": tally.total,
            }
            for (kelurahan, need), tally in counted.items()
        ]
        told.sort(key=lambda row: (row["kelurahan"], row["need"]))
        return Response(NeedCountSerializer(told, many=True).data)
