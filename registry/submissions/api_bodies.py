"""What a request about submissions may say: the bodies of api.py, checked for shape only."""

from uuid import uuid4

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from registry.businesses import cleaning, fields
from registry.submissions.api_shapes import MARKS
from registry.submissions.models import Submission
from registry.submissions.shape import MAX_ITEMS, OPS
from umkm_portal.lib.api import StrictSerializer


def table_schema(table):
    """A table of businesses/fields.py in the schema's words."""
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _field_schema(spec) for name, spec in table.items()},
    }


def _field_schema(spec):
    words = {"description": str(spec.label)}
    if spec.choices:
        return words | {"type": "string", "enum": [*spec.choices.values, ""]}
    if spec.clean in (cleaning.whole, cleaning.idr, cleaning.year):
        return words | {"type": "integer", "nullable": True}
    if spec.clean is cleaning.boolean:
        return words | {"type": "boolean"}
    if isinstance(spec.empty, list):
        kind = "integer" if spec.clean is cleaning.months else "string"
        return words | {"type": "array", "items": {"type": kind}}
    limit = {"maxLength": spec.limit} if spec.limit else {}
    return words | limit | {"type": "string", **({"nullable": True} if spec.empty is None else {})}


@extend_schema_field(table_schema(fields.BUSINESS))
class ValuesField(serializers.DictField):
    """{field: raw value}, cleaned by shape.py."""


@extend_schema_field(
    {"oneOf": [table_schema(t) | {"title": str(fields.ITEM_LABELS[k])} for k, t in fields.ITEMS.items()]}
)
class ItemValuesField(serializers.DictField):
    """As ValuesField, by the item's kind."""


class ItemSerializer(StrictSerializer):
    """One owner, licence, product, photo or consent to add, change or end."""

    op = serializers.ChoiceField(choices=OPS, default="add")
    kind = serializers.ChoiceField(choices=sorted(fields.ITEMS))
    uuid = serializers.UUIDField(required=False)
    values = ItemValuesField(required=False, default=dict)


class IdentitySerializer(StrictSerializer):
    """Identity numbers: kept sealed, never answered."""

    nik = serializers.CharField(max_length=40, required=False, allow_blank=True, write_only=True)
    kk = serializers.CharField(max_length=40, required=False, allow_blank=True, write_only=True)


class ProposalSerializer(StrictSerializer):
    """What a draft or returned submission proposes, in the forms of businesses/fields.py."""

    values = ValuesField(required=False)
    items = ItemSerializer(many=True, required=False, max_length=MAX_ITEMS)
    identity = serializers.DictField(
        child=IdentitySerializer(),
        required=False,
        write_only=True,
        help_text="NIK dan KK per UUID baris pemilik, atau `owner` bila pemiliknya satu; tidak dibalas.",
    )
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class NewSubmissionSerializer(ProposalSerializer):
    """A new proposal."""

    uuid = serializers.UUIDField(
        required=False, help_text="Buat sendiri agar kiriman ulang tidak menjadi dua; ulangannya dijawab 409."
    )
    kind = serializers.ChoiceField(choices=Submission.Kind.choices)
    business = serializers.UUIDField(required=False, allow_null=True, help_text="Wajib selain register.")
    submit = serializers.BooleanField(default=False, help_text="Kirim sekaligus; bila tidak, tetap draf.")


class NothingSerializer(StrictSerializer):
    """An act that needs no words."""


class ReturnSerializer(StrictSerializer):
    """Notes on fields, or one reason."""

    notes = serializers.DictField(
        child=serializers.CharField(max_length=1000), required=False, help_text="{isian: catatan}"
    )
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class ApproveSerializer(StrictSerializer):
    """What the reviewer chose where the business moved on."""

    keep = serializers.ListField(
        child=serializers.CharField(max_length=60),
        required=False,
        max_length=100,
        help_text="Isian yang dibiarkan seperti sekarang.",
    )
    take = serializers.ListField(
        child=serializers.CharField(max_length=60),
        required=False,
        max_length=100,
        help_text="Isian yang tetap diganti meskipun nilainya berubah sejak diusulkan.",
    )
    mends = serializers.DictField(
        child=serializers.JSONField(allow_null=True),
        required=False,
        help_text="Setujui dengan perbaikan: {kunci: nilai yang benar}. Kunci: isian yang diusulkan, atau "
        "`jenis.8 huruf pertama uuid.isian` untuk baris. Perlu `reason`.",
    )
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class RejectSerializer(StrictSerializer):
    """Why not."""

    reason = serializers.CharField(max_length=2000)


class ReverseSerializer(RejectSerializer):
    """Why a decision is taken back."""

    submit = serializers.BooleanField(default=True, help_text="Kirim sekaligus; bila tidak, tetap draf.")


class PhotoUploadSerializer(StrictSerializer):
    """One picture."""

    file = serializers.FileField(allow_empty_file=True, help_text="JPG, PNG, WebP, GIF atau BMP.")


def items_in(given, stored=()):
    """Raw items for the verbs. Marks that only we set are dropped, and put back where they stand already."""
    marks = {i["uuid"]: {n: v for n, v in i["values"].items() if n in MARKS} for i in stored}
    items = []
    for item in given:
        raw = {"op": item["op"], "kind": item["kind"]}
        if "uuid" in item:
            raw["uuid"] = str(item["uuid"])
        raw["values"] = {n: v for n, v in item["values"].items() if n not in MARKS}
        if item["kind"] == "owner" and (kept := marks.get(raw.get("uuid"))):
            raw["values"] |= kept
            if kept.get("nik_last4"):
                raw["values"].setdefault("nik_answer", "given")
        items.append(raw)
    return items


def sealed_in(identity, items):
    """{owner uuid: numbers} from the request's `identity`; "owner" means the only owner item."""
    owners = [item for item in items if item["kind"] == "owner"]
    sealed = {}
    for name, numbers in (identity or {}).items():
        numbers = {kind: number for kind, number in numbers.items() if number}
        if name == "owner" and len(owners) == 1:
            name = owners[0].setdefault("uuid", str(uuid4()))
        if name not in {item.get("uuid") for item in owners}:
            raise serializers.ValidationError({"identity": [_("Tidak ada baris pemilik untuk nomor ini.")]})
        sealed[name] = numbers
    return sealed
