"""Pictures that wait with a submission, over the API. Part of SubmissionViewSet (api.py)."""

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from accounts.access import holding
from registry.submissions import api_bodies as bodies
from registry.submissions import api_shapes as shapes
from registry.submissions.actions import attach_photo
from umkm_portal.lib.pictures import PictureRenderer, picture_response

PROPOSES = holding("registry.propose_submission")
READS = holding("registry.view_submission")


class Photos:
    @extend_schema(
        request=bodies.PhotoUploadSerializer, responses={201: shapes.AttachmentSerializer}, filters=False
    )
    @action(
        detail=True,
        methods=["post"],
        permission_classes=[PROPOSES],
        parser_classes=[MultiPartParser],
        url_path="photos",
    )
    def photos(self, request, uuid):
        """Mengunggah satu foto untuk draf; pasang lewat baris {kind: photo, values: {attachment: uuid}}.

        Foto ditambahkan, tidak menggantikan: If-Match tidak diperlukan.
        """
        given = self.given(bodies.PhotoUploadSerializer)
        attachment = attach_photo(self.get_object(), upload=given["file"], by=request.user)
        return Response(shapes.AttachmentSerializer(attachment).data, status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[OpenApiParameter("photo", OpenApiTypes.UUID, OpenApiParameter.PATH)],
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY},
        filters=False,
    )
    @action(
        detail=True,
        methods=["get"],
        permission_classes=[READS],
        renderer_classes=[PictureRenderer, JSONRenderer],
        url_path="photos/(?P<photo>[0-9a-fA-F-]{32,36})",
        url_name="photo",
    )
    def photo(self, request, uuid, photo):
        """Satu foto yang menunggu bersama kirimannya. Hanya bagi yang boleh membaca kirimannya."""
        submission = self.get_object()
        named = [row for row in submission.attachments.all() if str(row.uuid) == photo.lower()]
        if not named:
            raise Http404
        return picture_response(request, named[0].file, named[0].uuid)
