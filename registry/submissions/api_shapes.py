"""How a submission reads over the API; api_bodies.py holds what may be sent, api.py the acts."""

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import AuditEntry
from registry.businesses import fields
from registry.regions.access import reach
from registry.submissions.bases import is_row, item_at
from registry.submissions.display import hidden_fields
from registry.submissions.models import Attachment, Submission
from registry.submissions.shape import OPS
from registry.submissions.wording import is_hidden
from umkm_portal.lib.api import ShownSerializer
from umkm_portal.lib.conditional import tag_of

MARKS = {"nik_last4", "nik_known", "nik_masked"}  # ours to set; a client that sends them back is not believed
TOLD_IN_TIMELINE = ("kind", "notes", "reason", "kept", "mended", "rule", "code")
ALLOWED = ("may_edit", "may_withdraw", "may_decide", "may_agree")
WITH_BUSINESS = ("business__kelurahan", "business__kbli", "business__subsector", "reverses")


class Sight:
    """What one reader may see of one submission: figures need registry.view_turnover there, or its author."""

    def __init__(self, submission, user):
        place = submission.kelurahan_next_id or submission.kelurahan_now_id
        self.items = submission.items
        self.figures = submission.proposed_by_id == user.pk or reach(user, "registry.view_turnover").covers(
            place
        )

    def hides(self, spec):
        return spec is not None and spec.need_to_know and not self.figures

    def hides_key(self, key):
        """As `hides`, for a key of conflicts and mends: a field, or "kind.uuid8.field" of an item."""
        if key in fields.BUSINESS or is_row(key):
            return self.hides(fields.BUSINESS.get(key))
        item, name = item_at(self.items, key)
        return item is None or name in MARKS or self.hides(fields.ITEMS[item["kind"]].get(name))


def stamp(submission, user):
    """The tag of what `user` reads here: of everything the answer is made of, without making it."""
    told = AuditEntry.objects.filter(target_type="submission", target_id=str(submission.pk)).order_by("pk")
    return tag_of(
        [getattr(submission, field.attname) for field in submission._meta.concrete_fields],
        submission.proposed_by and submission.proposed_by.name,
        list(told.values_list("pk", "recorded_by__name")),
        list(submission.attachments.order_by("pk").values_list("pk")),
        sorted(submission.conflicts().items()),
        [getattr(submission, name)(user) for name in ALLOWED],
        [submission.needs_agreement(), Sight(submission, user).figures, user.pk],
    )


class Allowed(serializers.BooleanField):
    """Whether the reader may do now what the field's name says: the submission's own `may_…(user)`."""

    def __init__(self, **options):
        super().__init__(read_only=True, **options)

    def get_attribute(self, submission):
        return getattr(submission, self.field_name)(self.context["request"].user)


class AttachmentSerializer(ShownSerializer):
    url = serializers.SerializerMethodField()

    class Meta:
        model = Attachment
        fields = ("uuid", "url", "width", "height", "bytes", "uploaded_at")
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.URI_REF)
    def get_url(self, attachment):
        """Where the picture lies: private, for who may read the submission."""
        return reverse("api-submission-photo", args=[attachment.submission.uuid, attachment.uuid])


class ChangeSerializer(serializers.Serializer):
    base = serializers.JSONField(help_text="Nilai saat diusulkan.", allow_null=True)
    proposed = serializers.JSONField(help_text="Nilai yang diusulkan.", allow_null=True)


class ConflictSerializer(ChangeSerializer):
    today = serializers.JSONField(
        help_text="Nilai sekarang; null bila barisnya sudah diakhiri.", allow_null=True
    )


class MendSerializer(serializers.Serializer):
    sent = serializers.JSONField(help_text="Nilai yang dikirim pengusul.", allow_null=True)
    mended = serializers.JSONField(help_text="Nilai yang disetujui.", allow_null=True)


class ItemShownSerializer(serializers.Serializer):
    """One owner, licence, product, photo or consent: to add, change or end."""

    op = serializers.ChoiceField(choices=OPS)
    kind = serializers.ChoiceField(choices=sorted(fields.ITEMS))
    uuid = serializers.UUIDField()
    values = serializers.DictField()
    base = serializers.DictField(required=False, help_text="Nilai yang tercatat saat diusulkan.")


class TimelineSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    by = serializers.CharField(allow_null=True, help_text="Nama akun; null bila sebuah aturan.")
    act = serializers.CharField(help_text="Misalnya `submission.returned`.")
    detail = serializers.DictField()


class SubmissionRowSerializer(ShownSerializer):
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
    notes = serializers.SerializerMethodField()
    mends = serializers.SerializerMethodField(help_text="Yang diperbaiki verifikator sambil menyetujui.")
    reverses = serializers.SlugRelatedField(
        slug_field="uuid", read_only=True, allow_null=True, help_text="Kiriman yang dibalikkan oleh ini."
    )
    photos = AttachmentSerializer(source="attachments", many=True, read_only=True)
    timeline = serializers.SerializerMethodField()
    may_edit = Allowed()
    may_withdraw = Allowed()
    may_decide = Allowed()
    may_agree = Allowed(help_text="Menyetujui atau menolak pindah sebagai kelurahan penerima.")
    needs_agreement = serializers.BooleanField(
        read_only=True, help_text="Pindah yang menunggu persetujuan kelurahan penerima."
    )

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
            "mends",
            "reverses",
            "agreed_at",
            "photos",
            "timeline",
            "may_edit",
            "may_withdraw",
            "may_decide",
            "may_agree",
            "needs_agreement",
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

    @extend_schema_field(ItemShownSerializer(many=True))
    def get_items(self, submission):
        sight = Sight(submission, self.reader)
        return [item_out(item, sight) for item in submission.items]

    @extend_schema_field(serializers.DictField(child=ConflictSerializer()))
    def get_conflicts(self, submission):
        sight = Sight(submission, self.reader)
        return {
            name: {"base": base, "today": today, "proposed": proposed}
            for name, (base, today, proposed) in submission.conflicts().items()
            if not sight.hides_key(name)
        }

    @extend_schema_field(serializers.DictField(child=MendSerializer()))
    def get_mends(self, submission):
        sight = Sight(submission, self.reader)
        return {
            key: {"sent": sent, "mended": mended}
            for key, (sent, mended) in submission.mends.items()
            if not sight.hides_key(key)
        }

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_notes(self, submission):
        return readable_notes(submission.notes, hidden_fields(submission, self.reader))

    @staticmethod
    def _detail(entry, hidden):
        told = {name: entry.detail[name] for name in TOLD_IN_TIMELINE if entry.detail.get(name)}
        if "notes" in told:
            told["notes"] = readable_notes(told["notes"], hidden)
        return told

    @extend_schema_field(TimelineSerializer(many=True))
    def get_timeline(self, submission):
        entries = AuditEntry.objects.filter(target_type="submission", target_id=str(submission.pk))
        hidden = hidden_fields(submission, self.reader)
        return [
            {
                "at": timezone.localtime(entry.recorded_at),
                "by": entry.recorded_by.name if entry.recorded_by else None,
                "act": entry.act,
                "detail": self._detail(entry, hidden),
            }
            for entry in entries.select_related("recorded_by").order_by("pk")
        ]


def readable_notes(notes, hidden):
    """A reviewer's notes without those on fields this reader may not see."""
    return {key: text for key, text in (notes or {}).items() if not is_hidden(key, hidden)}


def item_out(item, sight):
    """An item as the API shows it: a NIK masked, nothing that is not to be known."""
    table = fields.ITEMS[item["kind"]]
    values = {n: v for n, v in item["values"].items() if n not in MARKS and not sight.hides(table.get(n))}
    if last4 := item["values"].get("nik_last4"):
        values["nik_masked"] = f"•••• {last4}"
    if item["values"].get("nik_known"):
        values["nik_known"] = True
    shown = {"op": item["op"], "kind": item["kind"], "uuid": item["uuid"], "values": values}
    if "base" in item:
        shown["base"] = {
            n: v for n, v in item["base"].items() if n not in MARKS and not sight.hides(table.get(n))
        }
    return shown
