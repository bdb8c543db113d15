"""Submissions over the API: the same rows, rules and verbs as the pages."""

from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from accounts.access import holding
from registry.businesses.models import Business
from registry.submissions import api_shapes as shapes
from registry.submissions.actions import attach_photo, propose
from registry.submissions.filters import SubmissionFilter
from registry.submissions.models import Submission
from umkm_portal.lib.api import KnownParameters
from umkm_portal.lib.errors import not_found

READS = holding("registry.view_submission")
PROPOSES = holding("registry.propose_submission")
DECIDES = holding("registry.decide_submission")
OWNER = "7b0f6f5e-3f0a-4c63-9d3e-0d2f5a1c9e11"

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
NOTES = OpenApiExample(
    "Catatan pada satu isian", value={"notes": {"address": "Tulis nama gangnya."}}, request_only=True
)


def act(name, request, permission, **described):
    """Decorator: POST …/<name>/ on one submission, for holders of `permission`, answering the submission."""

    def decorate(method):
        acting = action(detail=True, methods=["post"], url_path=name, permission_classes=[permission])(method)
        return extend_schema(
            request=request, responses=shapes.SubmissionSerializer, filters=False, **described
        )(acting)

    return decorate


@extend_schema_view(
    list=extend_schema(responses=shapes.SubmissionRowSerializer(many=True)),
    retrieve=extend_schema(responses=shapes.SubmissionSerializer),
)
class SubmissionViewSet(KnownParameters, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Data yang dikirim: usaha baru, perubahan, pindah, tutup, buka kembali.

    Setiap perubahan data usaha lewat sini: diusulkan, diputuskan orang lain, lalu diterapkan. Status tidak
    dapat ditulis; ia berubah lewat submit, withdraw, return, approve dan reject.
    """

    queryset = Submission.objects.none()
    serializer_class = shapes.SubmissionRowSerializer
    filterset_class = SubmissionFilter
    permission_classes = [READS]
    lookup_field = "uuid"
    lookup_value_regex = "[0-9a-fA-F-]{32,36}"
    ordering = "-id"
    ordering_fields = ("proposed_at",)

    def get_permissions(self):
        if self.action in ("create", "update", "partial_update"):
            return [PROPOSES()]
        return super().get_permissions()

    def get_queryset(self):
        rows = Submission.objects.visible_to(self.request.user).select_related(
            "kelurahan_now", "kelurahan_next", "proposed_by", "batch"
        )
        if self.action == "list":
            return rows.defer("values", "items", "sealed", "notes", "note", "reason")
        return rows.select_related(
            "business__kelurahan", "business__kbli", "business__subsector"
        ).prefetch_related("attachments")

    def answer(self, submission, code=status.HTTP_200_OK):
        """The submission as it is now. Who acted may read the outcome, also where it leaves their list."""
        shown = Submission.objects.select_related(
            "kelurahan_now",
            "kelurahan_next",
            "proposed_by",
            "batch",
            "business__kelurahan",
            "business__kbli",
            "business__subsector",
        ).get(pk=submission.pk)
        return Response(shapes.SubmissionSerializer(shown, context={"request": self.request}).data, code)

    def given(self, serializer_class, **options):
        """The request's body, checked against a shape."""
        serializer = serializer_class(data=self.request.data, **options)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def retrieve(self, request, uuid):
        return Response(
            shapes.SubmissionSerializer(self.get_object(), context=self.get_serializer_context()).data
        )

    @extend_schema(
        request=shapes.NewSubmissionSerializer,
        responses={201: shapes.SubmissionSerializer},
        examples=[REGISTER, CHANGE],
    )
    def create(self, request):
        """Mengusulkan. Tanpa `submit` menjadi draf; dengan `submit` langsung menunggu verifikasi."""
        given = self.given(shapes.NewSubmissionSerializer)
        business = None
        if given.get("business"):
            business = (
                Business.objects.visible_to(request.user).for_list().filter(uuid=given["business"]).first()
            )
            if business is None:
                raise not_found()
        items = shapes.items_in(given.get("items", ()))
        submission = propose(
            kind=given["kind"],
            by=request.user,
            values=given.get("values"),
            items=items,
            sealed=shapes.sealed_in(given.get("identity"), items),
            business=business,
            note=given.get("note", ""),
            source=Submission.Source.API,
            submit=given["submit"],
            uuid=given.get("uuid"),
        )
        return self.answer(submission, status.HTTP_201_CREATED)

    @extend_schema(request=shapes.ProposalSerializer, responses=shapes.SubmissionSerializer)
    def update(self, request, uuid):
        """Mengganti seluruh isi draf atau kiriman yang dikembalikan; NIK yang tidak ditulis lagi tetap."""
        return self._edit(whole=True)

    @extend_schema(request=shapes.ProposalSerializer, responses=shapes.SubmissionSerializer)
    def partial_update(self, request, uuid):
        """Mengganti isian yang disebut saja. `items` diganti seluruhnya bila disebut."""
        return self._edit(whole=False)

    @transaction.atomic
    def _edit(self, *, whole):
        submission = self.get_object()
        given = self.given(shapes.ProposalSerializer)
        submission.lock()  # what is kept is read under the same lock as it is written
        values, items = given.get("values", {}), given.get("items")
        if not whole:
            values = {name: pair[1] for name, pair in submission.values.items()} | values
        if items is None:
            items = [] if whole else submission.items
        items = shapes.items_in(items, submission.items)
        submission.edit(
            by=self.request.user,
            values=values,
            items=items,
            sealed=shapes.sealed_in(given.get("identity"), items),
            note=given.get("note"),
        )
        return self.answer(submission)

    @act("submit", shapes.NothingSerializer, PROPOSES)
    def submit(self, request, uuid):
        """Mengirim draf, atau kiriman yang sudah diperbaiki, untuk diputuskan."""
        self.given(shapes.NothingSerializer)
        submission = self.get_object()
        submission.submit(by=request.user)
        return self.answer(submission)

    @act("withdraw", shapes.NothingSerializer, PROPOSES)
    def withdraw(self, request, uuid):
        """Menarik yang belum diputuskan."""
        self.given(shapes.NothingSerializer)
        submission = self.get_object()
        submission.withdraw(by=request.user)
        return self.answer(submission)

    @act("return", shapes.ReturnSerializer, DECIDES, examples=[NOTES])
    def send_back(self, request, uuid):
        """Mengembalikan untuk diperbaiki, dengan catatan pada isian atau satu alasan."""
        given = self.given(shapes.ReturnSerializer)
        submission = self.get_object()
        submission.return_for_changes(by=request.user, **given)
        return self.answer(submission)

    @act("approve", shapes.ApproveSerializer, DECIDES)
    def approve(self, request, uuid):
        """Menyetujui dan menerapkan. Pengusul dan penyuntingnya tidak dapat memutuskan.

        Bila data usaha berubah sejak diusulkan, jawabannya 409 `conflict`: sebut tiap isian pada `keep` atau
        `take`.
        """
        given = self.given(shapes.ApproveSerializer)
        submission = self.get_object()
        unknown = {*given.get("keep", ()), *given.get("take", ())} - set(submission.conflicts())
        if unknown and submission.may_decide(request.user):
            raise ValidationError({"keep": [_("Hanya isian pada `conflicts` yang dapat dipilih.")]})
        submission.approve(by=request.user, **given)
        return self.answer(submission)

    @act("reject", shapes.RejectSerializer, DECIDES)
    def reject(self, request, uuid):
        """Menolak dengan alasan yang dibaca pengusul."""
        given = self.given(shapes.RejectSerializer)
        submission = self.get_object()
        submission.reject(by=request.user, **given)
        return self.answer(submission)

    @extend_schema(
        request=shapes.PhotoUploadSerializer, responses={201: shapes.AttachmentSerializer}, filters=False
    )
    @action(
        detail=True,
        methods=["post"],
        permission_classes=[PROPOSES],
        parser_classes=[MultiPartParser],
        url_path="photos",
    )
    def photos(self, request, uuid):
        """Mengunggah satu foto untuk draf; pasang lewat baris {kind: photo, values: {attachment: uuid}}."""
        given = self.given(shapes.PhotoUploadSerializer)
        attachment = attach_photo(self.get_object(), upload=given["file"], by=request.user)
        return Response(shapes.AttachmentSerializer(attachment).data, status.HTTP_201_CREATED)
