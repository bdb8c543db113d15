"""Submissions over the API: the same rows, rules and verbs as the pages. The acts stand in api_acts.py."""

from django.db import transaction
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.response import Response

from accounts.access import holding
from accounts.idempotency import Idempotent
from registry.businesses.models import Business
from registry.submissions import api_bodies as bodies
from registry.submissions import api_shapes as shapes
from registry.submissions.actions import propose
from registry.submissions.api_acts import Acts
from registry.submissions.api_many import Many
from registry.submissions.api_photos import Photos
from registry.submissions.filters import SubmissionFilter
from registry.submissions.models import Submission
from umkm_portal.lib.api import KnownParameters
from umkm_portal.lib.conditional import Conditional
from umkm_portal.lib.errors import not_found
from umkm_portal.lib.schema import IF_MATCH

READS = holding("registry.view_submission")
PROPOSES = holding("registry.propose_submission")
OWNER = "7b0f6f5e-3f0a-4c63-9d3e-0d2f5a1c9e11"
JOINED = ("kelurahan_now", "kelurahan_next", "proposed_by", "batch")

REGISTER = OpenApiExample(
    "Usaha baru",
    value={
        "kind": "register",
        "values": {
            "name": "Keripik Tempe Contoh",
            "activity": "keripik tempe",
            "kelurahan": "35.73.01.1007",
            "rw": 15,
            "phone": "081200000001",
            "phone_of": "owner",
            "turnover_answer": "exact",
            "turnover_idr": 500000,
            "turnover_period": "day",
        },
        "items": [
            {"kind": "owner", "uuid": OWNER, "values": {"name": "Nama Pemilik Contoh"}},
            {"kind": "licence", "values": {"kind": "nib", "status": "has", "number": "0000000000001"}},
            {"kind": "consent", "values": {"group": "phone", "channel": "in_person"}},
        ],
        "identity": {OWNER: {"nik": "16 angka"}},
        "submit": True,
    },
    request_only=True,
)
CHANGE = OpenApiExample(
    "Perubahan",
    value={
        "kind": "change",
        "business": "2f1c8f3a-6f0e-4a55-8f4b-1a2b3c4d5e6f",
        "values": {"opening_hours": "08.00–16.00"},
        "submit": True,
    },
    request_only=True,
)


@extend_schema_view(
    list=extend_schema(responses=shapes.SubmissionRowSerializer(many=True)),
    retrieve=extend_schema(responses=shapes.SubmissionSerializer),
)
class SubmissionViewSet(
    Idempotent,
    Conditional,
    KnownParameters,
    Acts,
    Many,
    Photos,
    mixins.ListModelMixin,
    viewsets.GenericViewSet,
):
    """Data yang dikirim: usaha baru, perubahan, pindah, tutup, buka kembali.

    Setiap perubahan data usaha lewat sini: diusulkan, diputuskan orang lain, lalu diterapkan. Status tidak
    dapat ditulis; ia berubah lewat submit, withdraw, return, approve dan reject.

    Yang mengubah satu kiriman (PUT, PATCH, submit, withdraw, agree, decline, return, approve, reject) wajib
    menyebut If-Match. Yang membuat kiriman baru (mengusulkan, reverse, propose-again) dan menambah foto
    tidak: tidak ada tulisan orang lain yang dapat tertimpa.
    """

    queryset = Submission.objects.none()
    serializer_class = shapes.SubmissionRowSerializer
    filterset_class = SubmissionFilter
    permission_classes = [READS]
    throttle_scope = None
    lookup_field = "uuid"
    lookup_value_regex = "[0-9a-fA-F-]{32,36}"
    ordering = "-id"
    ordering_fields = ("proposed_at",)

    def get_permissions(self):
        if self.action in ("create", "update", "partial_update"):
            return [PROPOSES()]
        return super().get_permissions()

    def get_queryset(self):
        rows = Submission.objects.visible_to(self.request.user).select_related(*JOINED)
        if self.action == "list":
            return rows.defer("values", "items", "sealed", "notes", "note", "reason", "mends")
        return rows.select_related(*shapes.WITH_BUSINESS).prefetch_related("attachments")

    def tag(self, submission):
        return shapes.stamp(submission, self.request.user)

    def answer(self, submission, code=status.HTTP_200_OK):
        """The submission as it is now. Who acted may read the outcome, also where it leaves their list."""
        rows = Submission.objects.select_related(*JOINED, *shapes.WITH_BUSINESS)
        shown = rows.prefetch_related("attachments").get(pk=submission.pk)
        return self.shown(shown, self.tag(shown), code)

    def shown(self, submission, tag, code=status.HTTP_200_OK):
        body = shapes.SubmissionSerializer(submission, context=self.get_serializer_context()).data
        return Response(body, code, headers={"ETag": tag})

    def given(self, serializer_class, **options):
        """The request's body, checked against a shape."""
        serializer = serializer_class(data=self.request.data, **options)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def retrieve(self, request, uuid):
        submission = self.get_object()
        tag = self.tag(submission)
        return self.unchanged(tag) or self.shown(submission, tag)

    @extend_schema(
        request=bodies.NewSubmissionSerializer,
        responses={201: shapes.SubmissionSerializer},
        examples=[REGISTER, CHANGE],
    )
    def create(self, request):
        """Mengusulkan. Tanpa `submit` menjadi draf; dengan `submit` langsung menunggu verifikasi."""
        submission = self.propose(self.given(bodies.NewSubmissionSerializer))
        return self.answer(submission, status.HTTP_201_CREATED)

    def propose(self, given):
        """The submission that a checked NewSubmissionSerializer asks for. Raises as actions.propose does."""
        user, business = self.request.user, None
        if given.get("business"):
            business = Business.objects.visible_to(user).for_list().filter(uuid=given["business"]).first()
            if business is None:
                raise not_found()
        items = bodies.items_in(given.get("items", ()))
        return propose(
            kind=given["kind"],
            by=user,
            values=given.get("values"),
            items=items,
            sealed=bodies.sealed_in(given.get("identity"), items),
            business=business,
            note=given.get("note", ""),
            source=Submission.Source.API,
            submit=given["submit"],
            uuid=given.get("uuid"),
        )

    @extend_schema(
        request=bodies.ProposalSerializer, responses=shapes.SubmissionSerializer, parameters=[IF_MATCH]
    )
    def update(self, request, uuid):
        """Mengganti seluruh isi draf atau kiriman yang dikembalikan; NIK yang tidak ditulis lagi tetap."""
        return self._edit(whole=True)

    @extend_schema(
        request=bodies.ProposalSerializer, responses=shapes.SubmissionSerializer, parameters=[IF_MATCH]
    )
    def partial_update(self, request, uuid):
        """Mengganti isian yang disebut saja. `items` diganti seluruhnya bila disebut."""
        return self._edit(whole=False)

    @transaction.atomic
    def _edit(self, *, whole):
        given = self.given(bodies.ProposalSerializer)
        with self.changing(self.get_object()) as submission:
            # What is kept is read under the same lock as it is written.
            values, items = given.get("values", {}), given.get("items")
            if not whole:
                values = {name: pair[1] for name, pair in submission.values.items()} | values
            if items is None:
                items = [] if whole else submission.items
            items = bodies.items_in(items, submission.items)
            submission.edit(
                by=self.request.user,
                values=values,
                items=items,
                sealed=bodies.sealed_in(given.get("identity"), items),
                note=given.get("note"),
            )
        return self.answer(submission)
