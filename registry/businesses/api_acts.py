"""The acts on a business that are no proposals, over the API. Part of BusinessViewSet (directory/api.py)."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from accounts.access import holding
from registry.businesses import choices
from registry.businesses.api import BusinessSerializer, rows_for
from registry.businesses.models import Business
from umkm_portal.lib.api import StrictSerializer
from umkm_portal.lib.conditional import body_tag
from umkm_portal.lib.pictures import PictureRenderer, picture_response
from umkm_portal.lib.schema import IF_MATCH_OPTIONAL

IDENTITY = "[0-9a-fA-F-]{32,36}"


class ConfirmSerializer(StrictSerializer):
    """When it was seen at work."""

    on = serializers.DateField(required=False, help_text="Bila tidak disebut: hari ini.")


class VerifySerializer(StrictSerializer):
    """What was checked, and how."""

    what = serializers.ChoiceField(choices=["existence", "identity"])
    how = serializers.ChoiceField(choices=choices.VerificationHow.choices)


class RecogniseSerializer(StrictSerializer):
    """Which recognition, since when."""

    what = serializers.ChoiceField(choices=sorted(Business.RECOGNITIONS))
    on = serializers.DateField(required=False, help_text="Bila tidak disebut: hari ini.")
    note = serializers.CharField(required=False, allow_blank=True, max_length=500)


class UnrecogniseSerializer(StrictSerializer):
    """Which recognition is taken back, and why."""

    what = serializers.ChoiceField(choices=sorted(Business.RECOGNITIONS))
    reason = serializers.CharField(max_length=500)


class NoWordsSerializer(StrictSerializer):
    """An act that needs no words."""


def act(name, shape, permission):
    """Decorator: POST …/<name>/ on one business, for holders of `permission`, answering the business."""

    def decorate(method):
        acting = action(
            detail=True, methods=["post"], url_path=name, permission_classes=[holding(permission)]
        )(method)
        return extend_schema(
            request=shape, responses=BusinessSerializer, filters=False, parameters=[IF_MATCH_OPTIONAL]
        )(acting)

    return decorate


class BusinessActs:
    """Dated facts, each written whole: nothing of another's is overwritten, so If-Match is not required."""

    def _own_rows(self):
        return rows_for(self.request.user, whole=True)

    def _shown(self, business):
        row = self._own_rows().get(pk=business.pk)
        return BusinessSerializer(row, context=self.get_serializer_context()).data

    def tag(self, business):
        return body_tag(self._shown(business))

    def _done(self, shape, verb):
        serializer = shape(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        with self.changing(self.get_object(), required=False) as business:
            verb(business, serializer.validated_data)
        body = self._shown(business)
        return Response(body, headers={"ETag": body_tag(body)})

    @act("confirm", ConfirmSerializer, "registry.confirm_business")
    def confirm(self, request, uuid):
        """Mencatat bahwa usaha terlihat masih berjalan."""
        return self._done(
            ConfirmSerializer,
            lambda row, given: row.confirm_active(
                on=given.get("on") or timezone.localdate(), by=request.user
            ),
        )

    @act("verify", VerifySerializer, "registry.verify_business")
    def verify(self, request, uuid):
        """Mencatat verifikasi keberadaan atau identitas."""
        return self._done(
            VerifySerializer, lambda row, given: row.verify(given["what"], how=given["how"], by=request.user)
        )

    @act("recognise", RecogniseSerializer, "registry.recognise_business")
    def recognise(self, request, uuid):
        """Mencatat usaha terkurasi (`curated`) atau binaan (`assisted`)."""

        def recognise(business, given):
            on = given.get("on") or timezone.localdate()
            business.recognise(given["what"], on=on, note=given.get("note", ""), by=request.user)

        return self._done(RecogniseSerializer, recognise)

    @act("unrecognise", UnrecogniseSerializer, "registry.recognise_business")
    def unrecognise(self, request, uuid):
        """Mencabut catatan terkurasi atau binaan, dengan alasannya."""
        return self._done(
            UnrecogniseSerializer,
            lambda row, given: row.unrecognise(given["what"], reason=given["reason"], by=request.user),
        )

    @extend_schema(
        request=NoWordsSerializer,
        responses=BusinessSerializer,
        filters=False,
        parameters=[
            OpenApiParameter("consent", OpenApiTypes.UUID, OpenApiParameter.PATH),
            IF_MATCH_OPTIONAL,
        ],
    )
    @action(
        detail=True,
        methods=["post"],
        url_path=f"consents/(?P<consent>{IDENTITY})/withdraw",
        permission_classes=[holding("registry.withdraw_consent")],
    )
    def withdraw_consent(self, request, uuid, consent):
        """Mencatat penarikan satu persetujuan: berlaku seketika, tanpa diputuskan orang lain."""

        def withdraw(business, given):
            standing = [row for row in business.consents.all() if str(row.uuid) == consent.lower()]
            if not standing:
                raise Http404
            standing[0].withdraw(by=request.user)

        return self._done(NoWordsSerializer, withdraw)

    @extend_schema(
        parameters=[OpenApiParameter("photo", OpenApiTypes.UUID, OpenApiParameter.PATH)],
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY},
        filters=False,
    )
    @action(
        detail=True,
        methods=["get"],
        permission_classes=[holding("registry.view_business")],
        renderer_classes=[PictureRenderer, JSONRenderer],
        url_path=f"photos/(?P<photo>{IDENTITY})",
        url_name="photo",
    )
    def photo(self, request, uuid, photo):
        """Satu foto usaha di wilayah Anda, juga yang tidak tampil bagi umum."""
        named = [row for row in self.get_object().current_photos if str(row.uuid) == photo.lower()]
        if not named:
            raise Http404
        return picture_response(request, named[0].file, named[0].uuid)
