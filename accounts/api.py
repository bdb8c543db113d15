"""API tokens: signing in and out without a browser."""

from allauth.account.adapter import get_adapter
from allauth.mfa.base.forms import BaseAuthenticateForm
from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from drf_spectacular.utils import OpenApiExample, extend_schema
from knox.models import AuthToken
from rest_framework import exceptions, serializers, status
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import audit
from accounts.idempotency import Idempotent
from accounts.models import User
from accounts.tokens import TokenAuthentication, end_all
from umkm_portal.lib.api import KnownParameters, StrictSerializer


class TokenScheme(KnoxTokenScheme):
    """How the schema describes our tokens."""

    target_class = "accounts.tokens.TokenAuthentication"
    name = "token"


class CredentialsSerializer(StrictSerializer):
    """A user name and password, and the second step's code where the account has one."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=200, trim_whitespace=False, write_only=True)
    code = serializers.CharField(
        max_length=20,
        required=False,
        allow_blank=True,
        help_text="Kode dari aplikasi autentikator, bagi akun yang memakai langkah kedua.",
    )


class AccountSerializer(serializers.ModelSerializer):
    email = serializers.CharField(read_only=True, help_text="Kosong bila tidak dicatat.")

    class Meta:
        model = User
        fields = ("username", "name", "email")
        read_only_fields = fields


class NewTokenSerializer(serializers.Serializer):
    token = serializers.CharField(help_text="Ditampilkan sekali ini saja.")
    expires_at = serializers.DateTimeField()
    user = AccountSerializer()


class TokensView(KnownParameters, APIView):
    """Masuk untuk aplikasi: nama akun dan sandi ditukar dengan token yang berbatas waktu."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_scope = "token"

    @extend_schema(
        operation_id="tokens_create",
        request=CredentialsSerializer,
        responses={201: NewTokenSerializer},
        auth=[],
        examples=[
            OpenApiExample(
                "Masuk",
                value={"username": "petugas.contoh", "password": "sandi-yang-panjang"},
                request_only=True,
            ),
            OpenApiExample(
                "Token",
                value={
                    "token": "umkm_0f2d…",
                    "expires_at": "2026-12-22T10:00:00+07:00",
                    "user": {"username": "petugas.contoh", "name": "Petugas Contoh", "email": ""},
                },
                response_only=True,
            ),
        ],
    )
    def post(self, request):
        given = CredentialsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user = self.sign_in(request, **given.validated_data)
        row, token = new_token(user, by=user)
        body = {"token": token, "expires_at": row.expiry, "user": user}
        return Response(NewTokenSerializer(body).data, status=status.HTTP_201_CREATED)

    @staticmethod
    def sign_in(request, *, username, password, code=""):
        """The user behind the credentials; the sign-in page's own limits count these attempts too."""
        try:
            user = get_adapter().authenticate(request._request, username=username, password=password)
        except ValidationError as error:
            raise exceptions.Throttled(
                detail=_("Terlalu banyak percobaan masuk. Coba lagi nanti.")
            ) from error
        if user is None or not user.is_active:
            raise exceptions.AuthenticationFailed(_("Nama akun atau sandi tidak cocok."), "bad-credentials")
        if is_mfa_enabled(user):
            form = BaseAuthenticateForm({"code": code}, user=user)
            if not code or not form.is_valid():
                raise exceptions.AuthenticationFailed(
                    _("Akun ini memakai langkah kedua. Sertakan kodenya pada `code`."),
                    "code-needed",
                )
            form.authenticator.record_usage()
        return user

    def get_authenticate_header(self, request):
        return TokenAuthentication().authenticate_header(request)


@transaction.atomic
def new_token(user, *, by):
    """(row, token): a token in the user's name; only its hash is kept. `by` None: from the command line."""
    row, token = AuthToken.objects.create(user=user)
    audit.record("token.created", user, by=by, expires_at=row.expiry.isoformat())
    return row, token


class CurrentTokenView(KnownParameters, APIView):
    """Keluar: token yang dipakai pada permintaan ini tidak berlaku lagi."""

    authentication_classes = [TokenAuthentication]
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="tokens_current_destroy", request=None, responses={204: None})
    @transaction.atomic
    def delete(self, request):
        request.auth.delete()
        audit.record("token.ended", request.user, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class AllTokensView(Idempotent, KnownParameters, APIView):
    """Keluar dari semua aplikasi: semua token akun ini tidak berlaku lagi."""

    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="tokens_end_all", request=None, responses={204: None})
    @transaction.atomic
    def post(self, request):
        end_all(request.user, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
