"""A business as staff read it over the API; the address itself, with its public side, is directory/api.py."""

from django.db.models import Prefetch
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from registry.businesses import fields
from registry.businesses.belongings import Consent, Licence, Photo, Product, ScaleRecord
from registry.businesses.columns import MONEY, PERSON, Sight
from registry.businesses.models import Business, Ownership
from registry.businesses.public import with_public_parts
from umkm_portal.lib.api import ShownSerializer

ROW = (
    "uuid", "slug", "name", "activity", "legal_form", "kelurahan", "rt", "rw", "address", "stall",
    "place_kind", "latitude", "longitude", "owner_name", "phone", "phone_of", "kbli", "subsector", "scale",
    "scale_basis", "scale_on", "industry_class", "workers", "workers_upper", "turnover_answer",
    "annual_sales_idr", "capital_idr", "capital_upper_idr", "operating_state", "has_nib", "has_halal",
    "has_pirt", "last_confirmed_on", "existence_verified_at", "identity_verified_at", "curated_on",
    "assisted_on", "version", "recorded_at", "changed_at",
)  # fmt: skip
WHOLE = (
    *ROW, "description", "phone_other", "email", "website", "instagram", "marketplace", "opening_hours",
    "other_subsectors", "sector_told", "founded_on", "founded_year", "workers_told", "capital_told",
    "turnover_idr", "turnover_upper_idr", "turnover_period", "turnover_days_per_week", "turnover_is_estimate",
    "turnover_told", "investment_idr", "season_months", "public_opt_out", "existence_verified_how",
    "identity_verified_how", "owners", "licences", "products", "photos", "consents", "scales",
)  # fmt: skip
# Left out of an answer, not emptied: None and "" are answers of their own.
NEEDS = {
    **{name: MONEY for name, spec in fields.BUSINESS.items() if spec.need_to_know},
    "annual_sales_idr": MONEY,
    **dict.fromkeys(("owner_name", "phone", "phone_of", "phone_other", "email", "owners"), PERSON),
}


def rows_for(user, *, whole):
    """Businesses `user` may read, with what the serializers show: the same queries for any number of rows."""
    rows = Business.objects.visible_to(user)
    if not whole:
        return rows.for_list()
    owners = Ownership.objects.filter(ended_on=None).select_related("person").order_by("pk")
    return with_public_parts(rows).prefetch_related(
        Prefetch("ownerships", owners, to_attr="current_ownerships"),
        Prefetch("licences", Licence.objects.current().order_by("pk"), to_attr="current_licences"),
        Prefetch("consents", Consent.objects.current().order_by("pk"), to_attr="current_consents"),
        "scales",
    )


class OwnerSerializer(ShownSerializer):
    uuid = serializers.UUIDField(source="person.uuid")
    name = serializers.CharField(source="person.name")
    nik_answer = serializers.CharField(source="person.nik_answer")
    nik_masked = serializers.CharField(source="person.nik_masked")
    phone = serializers.CharField(source="person.phone")

    class Meta:
        model = Ownership
        fields = ("uuid", "name", "nik_answer", "nik_masked", "phone", "role", "started_on")
        read_only_fields = fields


class LicenceSerializer(ShownSerializer):
    is_valid = serializers.BooleanField(read_only=True)

    class Meta:
        model = Licence
        fields = (
            "uuid", "kind", "status", "number", "issued_on", "expires_on", "checked_on", "note", "is_valid",
        )  # fmt: skip
        read_only_fields = fields


class ProductSerializer(ShownSerializer):
    class Meta:
        model = Product
        fields = ("uuid", "name", "price_idr", "unit", "description", "material", "technique")
        read_only_fields = fields


class PhotoSerializer(ShownSerializer):
    url = serializers.SerializerMethodField()

    class Meta:
        model = Photo
        fields = ("uuid", "url", "kind", "caption", "width", "height")
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.URI_REF)
    def get_url(self, photo):
        """Where the picture lies: private, for who may read the business."""
        return reverse("api-business-photo", args=[photo.business.uuid, photo.uuid])


class ConsentSerializer(ShownSerializer):
    class Meta:
        model = Consent
        fields = ("uuid", "group", "given_on", "text_version", "channel")
        read_only_fields = fields


class ScaleSerializer(ShownSerializer):
    class Meta:
        model = ScaleRecord
        fields = ("scale", "basis", "effective_on")
        read_only_fields = fields


class BusinessRowSerializer(ShownSerializer):
    """One row of a staff list. Codes are written as a submission writes them: kbli "2025:10307"."""

    sometimes = tuple(NEEDS)
    kelurahan = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    subsector = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    kbli = serializers.SerializerMethodField()

    class Meta:
        model = Business
        fields = ROW
        read_only_fields = ROW

    @extend_schema_field({"type": "string", "nullable": True, "example": "2025:10307"})
    def get_kbli(self, business):
        return fields.column_value(business, "kbli")

    def to_representation(self, business):
        shown = super().to_representation(business)
        sight = Sight(self.context["request"].user)
        for name in [n for n in shown if not sight.may(NEEDS.get(n, ""), business)]:
            del shown[name]
        return shown


class BusinessSerializer(BusinessRowSerializer):
    """Everything recorded of one business that this reader may see; never a NIK."""

    other_subsectors = serializers.SlugRelatedField(slug_field="slug", read_only=True, many=True)
    season_months = serializers.ListField(child=serializers.IntegerField(), read_only=True)
    owners = OwnerSerializer(source="current_ownerships", many=True, read_only=True)
    licences = LicenceSerializer(source="current_licences", many=True, read_only=True)
    products = ProductSerializer(source="current_products", many=True, read_only=True)
    photos = PhotoSerializer(source="current_photos", many=True, read_only=True)
    consents = ConsentSerializer(source="current_consents", many=True, read_only=True)
    scales = ScaleSerializer(many=True, read_only=True)

    class Meta(BusinessRowSerializer.Meta):
        fields = WHOLE
        read_only_fields = WHOLE
