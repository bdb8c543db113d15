"""How a submission reads and is written over the API; api.py holds the acts."""

from uuid import uuid4

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import AuditEntry
from registry.businesses import cleaning, fields
from registry.regions.access import reach
from registry.submissions.models import Attachment, Submission
from registry.submissions.shape import MAX_ITEMS, OPS
from umkm_portal.lib.api import StrictSerializer

MARKS = {"nik_last4", "nik_known", "nik_masked"}  # ours to set; a client that sends them back is not believed
TOLD_IN_TIMELINE = ("kind", "notes", "reason", "kept", "code")


# ---- what goes out -------------------------------------------------------------------------------


class Sight:
    """What one reader may see of one submission: figures need registry.view_turnover there, or its author."""

    def __init__(self, submission, user):
        place = submission.kelurahan_next_id or submission.kelurahan_now_id
        self.figures = submission.proposed_by_id == user.pk or reach(user, "registry.view_turnover").covers(
            place
        )

    def hides(self, spec):
        return spec is not None and spec.need_to_know and not self.figures


class AttachmentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Attachment
        fields = ("uuid", "width", "height", "bytes", "uploaded_at")
        read_only_fields = fields


class ChangeSerializer(serializers.Serializer):
    base = serializers.JSONField(help_text="Nilai saat diusulkan.")
    proposed = serializers.JSONField(help_text="Nilai yang diusulkan.")


class ConflictSerializer(ChangeSerializer):
    today = serializers.JSONField(help_text="Nilai sekarang.")


class TimelineSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    by = serializers.CharField(allow_null=True, help_text="Nama akun; null bila sebuah aturan.")
    act = serializers.CharField(help_text="Misalnya `submission.returned`.")
    detail = serializers.DictField()


class SubmissionRowSerializer(serializers.ModelSerializer):
    """One row of a list."""

    business = serializers.UUIDField(
        source="business_uuid",
        read_only=True,
        help_text="Untuk usaha baru: UUID yang akan dipakai bila disetujui.",
    )
    kelurahan_now = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    kelurahan_next = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    batch = serializers.SlugRelatedField(slug_field="uuid", read_only=True, allow_null=True)
    proposed_by = serializers.SlugRelatedField(slug_field="name", read_only=True, allow_null=True)

    class Meta:
        model = Submission
        fields = (
            "uuid",
            "kind",
            "status",
            "source",
            "title",
            "business",
            "batch",
            "kelurahan_now",
            "kelurahan_next",
            "proposed_at",
            "proposed_by",
            "submitted_at",
            "returned_at",
            "decided_at",
            "withdrawn_at",
        )
        read_only_fields = fields


class SubmissionSerializer(SubmissionRowSerializer):
    """All of one submission but the identity numbers; of a NIK only the last four digits, masked."""

    values = serializers.SerializerMethodField()
    items = serializers.SerializerMethodField()
    hidden = serializers.SerializerMethodField(help_text="Isian yang diusulkan tetapi bukan untuk Anda.")
    conflicts = serializers.SerializerMethodField(
        help_text="Isian yang nilainya berubah sejak diusulkan; pilih `keep` atau `take` saat menyetujui."
    )
    notes = serializers.DictField(child=serializers.CharField(), read_only=True)
    photos = AttachmentSerializer(source="attachments", many=True, read_only=True)
    timeline = serializers.SerializerMethodField()
    may_edit = serializers.SerializerMethodField()
    may_decide = serializers.SerializerMethodField()

    class Meta(SubmissionRowSerializer.Meta):
        fields = (
            *SubmissionRowSerializer.Meta.fields,
            "note",
            "values",
            "items",
            "hidden",
            "conflicts",
            "notes",
            "reason",
            "photos",
            "timeline",
            "may_edit",
            "may_decide",
        )
        read_only_fields = fields

    @property
    def reader(self):
        return self.context["request"].user

    @extend_schema_field(serializers.DictField(child=ChangeSerializer()))
    def get_values(self, submission):
        sight = Sight(submission, self.reader)
        return {
            name: {"base": base, "proposed": proposed}
            for name, (base, proposed) in submission.values.items()
            if not sight.hides(fields.BUSINESS.get(name))
        }

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_hidden(self, submission):
        sight = Sight(submission, self.reader)
        found = [name for name in submission.values if sight.hides(fields.BUSINESS.get(name))]
        for item in submission.items:
            table = fields.ITEMS[item["kind"]]
            found += [f"{item['kind']}.{name}" for name in item["values"] if sight.hides(table.get(name))]
        return sorted(set(found))

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_items(self, submission):
        sight = Sight(submission, self.reader)
        return [item_out(item, sight) for item in submission.items]

    @extend_schema_field(serializers.DictField(child=ConflictSerializer()))
    def get_conflicts(self, submission):
        sight = Sight(submission, self.reader)
        return {
            name: {"base": base, "today": today, "proposed": proposed}
            for name, (base, today, proposed) in submission.conflicts().items()
            if not sight.hides(fields.BUSINESS.get(name))
        }

    @extend_schema_field(TimelineSerializer(many=True))
    def get_timeline(self, submission):
        entries = AuditEntry.objects.filter(target_type="submission", target_id=str(submission.pk))
        return [
            {
                "at": entry.recorded_at,
                "by": entry.recorded_by.name if entry.recorded_by else None,
                "act": entry.act,
                "detail": {name: entry.detail[name] for name in TOLD_IN_TIMELINE if entry.detail.get(name)},
            }
            for entry in entries.select_related("recorded_by").order_by("pk")
        ]

    @extend_schema_field(bool)
    def get_may_edit(self, submission):
        return submission.may_edit(self.reader)

    @extend_schema_field(bool)
    def get_may_decide(self, submission):
        return submission.may_decide(self.reader)


def item_out(item, sight):
    """An item as the API shows it: a NIK masked, nothing that is not to be known."""
    table = fields.ITEMS[item["kind"]]
    values = {n: v for n, v in item["values"].items() if n not in MARKS and not sight.hides(table.get(n))}
    if last4 := item["values"].get("nik_last4"):
        values["nik_masked"] = f"•••• {last4}"
    if item["values"].get("nik_known"):
        values["nik_known"] = True
    return {"op": item["op"], "kind": item["kind"], "uuid": item["uuid"], "values": values}


# ---- what comes in -------------------------------------------------------------------------------


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
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class RejectSerializer(StrictSerializer):
    """Why not."""

    reason = serializers.CharField(max_length=2000)


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
