"""What is done to one submission over the API. Part of SubmissionViewSet (api.py)."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError

from accounts.access import holding
from registry.submissions import api_bodies as bodies
from registry.submissions import api_shapes as shapes
from registry.submissions.reversing import propose_again, reverse
from umkm_portal.lib.schema import IF_MATCH

PROPOSES = holding("registry.propose_submission")
DECIDES = holding("registry.decide_submission", "registry.decide_escalated")

NOTES = OpenApiExample(
    "Catatan pada satu isian", value={"notes": {"address": "Tulis nama gangnya."}}, request_only=True
)
MENDED = OpenApiExample(
    "Setujui dengan perbaikan",
    value={"mends": {"opening_hours": "08.00–16.00"}, "reason": "Jam buka ditulis 24 jam."},
    request_only=True,
)


def act(name, request, permission, *, code=200, **described):
    """Decorator: POST …/<name>/ on one submission, for holders of `permission`, answering a submission."""

    def decorate(method):
        acting = action(detail=True, methods=["post"], url_path=name, permission_classes=[permission])(method)
        parameters = [IF_MATCH] if code == 200 else []
        return extend_schema(
            request=request,
            responses={code: shapes.SubmissionSerializer},
            filters=False,
            parameters=parameters,
            **described,
        )(acting)

    return decorate


def refuse_unknown_choices(submission, given, user):
    """400 for a `keep` or `take` that names no conflict: a typo would otherwise decide nothing, silently."""
    unknown = {*given.get("keep", ()), *given.get("take", ())} - set(submission.conflicts())
    if unknown and submission.may_decide(user):
        raise ValidationError({"keep": [_("Hanya isian pada `conflicts` yang dapat dipilih.")]})


class Acts:
    """Each act but those that make a new submission names, with If-Match, the state its sender has read."""

    def _done(self, shape, verb):
        """Check the body, run `verb(submission, given)` on the row under lock, answer what came of it."""
        given = self.given(shape)
        with self.changing(self.get_object()) as submission:
            verb(submission, given)
        return self.answer(submission)

    @act("submit", bodies.NothingSerializer, PROPOSES)
    def submit(self, request, uuid):
        """Mengirim draf, atau kiriman yang sudah diperbaiki, untuk diputuskan.

        Koreksi ringan oleh staf kota dapat langsung disetujui oleh aturan: lihat `status` pada jawabannya.
        """
        return self._done(bodies.NothingSerializer, lambda row, given: row.submit(by=request.user))

    @act("withdraw", bodies.NothingSerializer, PROPOSES)
    def withdraw(self, request, uuid):
        """Menarik yang belum diputuskan."""
        return self._done(bodies.NothingSerializer, lambda row, given: row.withdraw(by=request.user))

    @act("agree", bodies.NothingSerializer, PROPOSES)
    def agree(self, request, uuid):
        """Menerima usaha yang pindah, sebagai petugas kelurahan penerima; verifikator tetap memutuskan."""
        return self._done(bodies.NothingSerializer, lambda row, given: row.agree(by=request.user))

    @act("decline", bodies.RejectSerializer, PROPOSES)
    def decline(self, request, uuid):
        """Tidak menerima usaha yang pindah: kembali kepada pengusul dengan alasannya."""
        return self._done(
            bodies.RejectSerializer, lambda row, given: row.decline_move(by=request.user, **given)
        )

    @act("return", bodies.ReturnSerializer, DECIDES, examples=[NOTES])
    def send_back(self, request, uuid):
        """Mengembalikan untuk diperbaiki, dengan catatan pada isian atau satu alasan."""
        return self._done(
            bodies.ReturnSerializer, lambda row, given: row.return_for_changes(by=request.user, **given)
        )

    @act("approve", bodies.ApproveSerializer, DECIDES, examples=[MENDED])
    def approve(self, request, uuid):
        """Menyetujui dan menerapkan. Pengusul dan penyuntingnya tidak dapat memutuskan.

        Bila data usaha berubah sejak diusulkan, jawabannya 409 `conflict`: sebut tiap isian pada `keep`
        atau `take`. Salah ketik diperbaiki sekaligus dengan `mends` dan `reason`; yang dikirim tetap terbaca.
        """

        def approve(submission, given):
            refuse_unknown_choices(submission, given, request.user)
            submission.approve(by=request.user, **given)

        return self._done(bodies.ApproveSerializer, approve)

    @act("reject", bodies.RejectSerializer, DECIDES)
    def reject(self, request, uuid):
        """Menolak dengan alasan yang dibaca pengusul."""
        return self._done(bodies.RejectSerializer, lambda row, given: row.reject(by=request.user, **given))

    @act("reverse", bodies.ReverseSerializer, PROPOSES, code=201)
    def take_back(self, request, uuid):
        """Mengusulkan pembalikan kiriman yang sudah disetujui: isian yang masih seperti saat disetujui
        dikembalikan ke nilai sebelumnya. Jawabannya kiriman yang baru; orang lain memutuskannya."""
        given = self.given(bodies.ReverseSerializer)
        made = reverse(self.get_object(), by=request.user, **given)
        return self.answer(made, status.HTTP_201_CREATED)

    @act("propose-again", bodies.NothingSerializer, PROPOSES, code=201)
    def again(self, request, uuid):
        """Draf baru dengan isi kiriman yang ditolak atau ditarik; fotonya dipilih lagi."""
        self.given(bodies.NothingSerializer)
        made = propose_again(self.get_object(), by=request.user)
        return self.answer(made, status.HTTP_201_CREATED)
