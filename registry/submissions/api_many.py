"""Many proposals or decisions in one request, each answered for itself. Part of SubmissionViewSet."""

from django.core.exceptions import ValidationError as ModelValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import holding
from registry.submissions import api_bodies as bodies
from registry.submissions.api_acts import refuse_unknown_choices
from registry.submissions.models import Submission
from umkm_portal.lib.api import StrictSerializer, exception_handler
from umkm_portal.lib.conditional import PreconditionFailed, PreconditionRequired, matches
from umkm_portal.lib.errors import Refused

MOST = 100
SHAPES = {
    "approve": bodies.ApproveSerializer,
    "return": bodies.ReturnSerializer,
    "reject": bodies.RejectSerializer,
}


@extend_schema_field(bodies.NewSubmissionSerializer(many=True))
class ProposalsField(serializers.ListField):
    """Each row is checked for itself, so that one bad row does not refuse the others."""


class ManyProposalsSerializer(StrictSerializer):
    """Up to a hundred proposals."""

    proposals = ProposalsField(child=serializers.JSONField(), min_length=1, max_length=MOST)


class DecisionHeadSerializer(StrictSerializer):
    """Which submission, what is decided, and which state of it was read."""

    uuid = serializers.UUIDField()
    act = serializers.ChoiceField(choices=sorted(SHAPES))
    if_match = serializers.CharField(
        max_length=200,
        required=False,
        allow_blank=True,
        help_text='ETag kiriman yang Anda baca, atau "*". Tanpa ini barisnya dijawab 428.',
    )


class DecisionSchema(DecisionHeadSerializer, bodies.ApproveSerializer, bodies.ReturnSerializer):
    """One decision, as the schema describes it."""


class DecisionSerializer(DecisionHeadSerializer):
    """One decision as it is read: what belongs to its act is checked by the act's own shape."""

    keep = serializers.JSONField(required=False)
    take = serializers.JSONField(required=False)
    mends = serializers.JSONField(required=False)
    notes = serializers.JSONField(required=False)
    reason = serializers.JSONField(required=False)


@extend_schema_field(DecisionSchema(many=True))
class DecisionsField(serializers.ListField):
    """As ProposalsField."""


class ManyDecisionsSerializer(StrictSerializer):
    """Up to a hundred decisions."""

    decisions = DecisionsField(child=serializers.JSONField(), min_length=1, max_length=MOST)


class RowResultSerializer(serializers.Serializer):
    """What came of one row: as its own request would have been answered."""

    index = serializers.IntegerField(help_text="Urutan baris dalam permintaan, mulai dari 0.")
    status = serializers.IntegerField(
        help_text="201 atau 200 bila jadi; 400, 404, 409, 412 atau 428 bila tidak."
    )
    uuid = serializers.UUIDField(allow_null=True)
    state = serializers.CharField(allow_null=True, help_text="Status sesudahnya, bila diketahui.")
    etag = serializers.CharField(allow_null=True)
    code = serializers.CharField(allow_null=True, help_text="`invalid` untuk 400; null bila jadi.")
    detail = serializers.CharField(allow_null=True)
    fields = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))


class ManyResultsSerializer(serializers.Serializer):
    done = serializers.IntegerField(help_text="Banyaknya baris yang jadi.")
    refused = serializers.IntegerField(help_text="Banyaknya baris yang tidak jadi.")
    results = RowResultSerializer(many=True)


class Many:
    """Rows are independent: each is its own transaction, and its result says what came of it."""

    @extend_schema(request=ManyProposalsSerializer, responses=ManyResultsSerializer, filters=False)
    @action(
        detail=False,
        methods=["post"],
        permission_classes=[holding("registry.propose_submission")],
        throttle_scope="bulk",
        pagination_class=None,
    )
    def bulk(self, request):
        """Mengusulkan sampai 100 sekaligus. Jawabannya selalu 200 dengan hasil tiap baris.

        Tiap baris berdiri sendiri: yang satu ditolak, yang lain tetap jadi. Beri tiap baris `uuid` sendiri:
        bila permintaan diulang, baris yang sudah jadi dijawab 409 `already-proposed` dan tidak menjadi dua.
        """
        rows = self.given(ManyProposalsSerializer)["proposals"]
        return each_row(self, rows, self._propose_row)

    def _propose_row(self, raw, told):
        given = checked(bodies.NewSubmissionSerializer, raw)
        told["uuid"] = given.get("uuid")
        submission = self.propose(given)
        told |= {"status": 201, "uuid": submission.uuid, "state": submission.status}
        told["etag"] = self.tag(submission)

    @extend_schema(request=ManyDecisionsSerializer, responses=ManyResultsSerializer, filters=False)
    @action(
        detail=False,
        methods=["post"],
        permission_classes=[holding("registry.decide_submission", "registry.decide_escalated")],
        throttle_scope="bulk",
        pagination_class=None,
    )
    def decide(self, request):
        """Memutuskan sampai 100 kiriman: approve, return atau reject, masing-masing dengan ETag-nya.

        Jawabannya selalu 200 dengan hasil tiap baris: 412 bila kirimannya berubah sejak dibaca, 409 bila
        sebuah aturan menolak. Yang satu ditolak, yang lain tetap diputuskan.
        """
        rows = self.given(ManyDecisionsSerializer)["decisions"]
        return each_row(self, rows, self._decide_row)

    def _decide_row(self, raw, told):
        row = checked(DecisionSerializer, raw)
        told["uuid"] = row.pop("uuid")
        name, header = row.pop("act"), row.pop("if_match", "").strip()
        given = checked(SHAPES[name], row)
        user = self.request.user
        submission = Submission.objects.visible_to(user).filter(uuid=told["uuid"]).first()
        if submission is None:
            raise Http404
        if not header:
            raise PreconditionRequired(self.tag(submission))
        self._lock(submission)
        if header != "*" and not matches(header, tag := self.tag(submission)):
            raise PreconditionFailed(tag)
        if name == "approve":
            refuse_unknown_choices(submission, given, user)
            submission.approve(by=user, **given)
        elif name == "return":
            submission.return_for_changes(by=user, **given)
        else:
            submission.reject(by=user, **given)
        told |= {"status": 200, "state": submission.status}
        told["etag"] = self.tag(Submission.objects.get(pk=submission.pk))


def each_row(view, rows, work):
    """Run `work(raw, told)` on every row in a transaction of its own; the answer says what came of each.

    `work` fills in `told` (status, uuid, state, etag) or raises as its own request would.
    """
    results = []
    for index, raw in enumerate(rows):
        told = {"index": index, "uuid": None, "state": None, "etag": None}
        told |= {"code": None, "detail": None, "fields": {}}
        try:
            with transaction.atomic():
                work(raw, told)
        except (Refused, Http404, ModelValidationError, exceptions.APIException) as error:
            told |= _refused(error, view)
        results.append(told)
    done = sum(told["status"] < 300 for told in results)
    body = {"done": done, "refused": len(results) - done, "results": results}
    return Response(ManyResultsSerializer(body).data)


def checked(shape, raw):
    """One row against its shape. Raises ValidationError."""
    if not isinstance(raw, dict):
        raise exceptions.ValidationError({"row": [_("Tiap baris berupa satu objek.")]})
    serializer = shape(data=raw)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def _refused(error, view):
    """A row's result from what its own request would have been answered."""
    response = exception_handler(error, {"view": view})
    body, told = response.data, {"status": response.status_code, "etag": response.get("ETag")}
    if set(body) >= {"code", "detail"}:
        found = {name: [message] for name, message in body.get("fields", {}).items()}
        return told | {"code": body["code"], "detail": body["detail"], "fields": found}
    return told | {"code": "invalid", "detail": _("Ada isian yang tidak diterima."), "fields": body}
