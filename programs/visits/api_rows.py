"""What the viewsets of this room share: one way to read a row, tag it and act on it."""

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.idempotency import Idempotent
from umkm_portal.lib.api import KnownParameters
from umkm_portal.lib.conditional import Conditional, tag_of
from umkm_portal.lib.errors import not_found
from umkm_portal.lib.schema import IF_MATCH


def act(name, request, permission, response, *, parsers=None, **described):
    """Decorator: POST …/<name>/ on one row, for holders of `permission`, with If-Match."""

    def decorate(method):
        options = {"parser_classes": parsers} if parsers else {}
        acting = action(
            detail=True, methods=["post"], url_path=name, permission_classes=[permission], **options
        )(method)
        return extend_schema(
            request=request, responses=response, filters=False, parameters=[IF_MATCH], **described
        )(acting)

    return decorate


class Rows(Idempotent, Conditional, KnownParameters, mixins.ListModelMixin, viewsets.GenericViewSet):
    """Rows named by uuid; `detail_class` is the serializer of one of them, and its body makes the tag."""

    detail_class = None
    throttle_scope = None
    lookup_field = "uuid"
    lookup_value_regex = "[0-9a-fA-F-]{32,36}"
    ordering = "-id"

    def body(self, row):
        return self.detail_class(row, context=self.get_serializer_context()).data

    def tag(self, row):
        return tag_of(self.body(row), self.request.user.pk)

    def answer(self, row, code=status.HTTP_200_OK):
        """The row as it is now, read afresh: also to who acted and does not see it any more."""
        shown = self.detailed(type(row)._default_manager).get(pk=row.pk)
        body = self.body(shown)
        return Response(body, code, headers={"ETag": tag_of(body, self.request.user.pk)})

    def detailed(self, rows):
        """`rows` with what the detail shows joined."""
        return rows

    def retrieve(self, request, uuid):
        row = self.get_object()
        tag = self.tag(row)
        return self.unchanged(tag) or Response(self.body(row), headers={"ETag": tag})

    def given(self, serializer_class):
        """The request's body, checked against a shape."""
        serializer = serializer_class(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def done(self, shape, verb):
        """Check the body, run `verb(row, given)` on the row under lock, answer what came of it."""
        given = self.given(shape)
        with self.changing(self.get_object()) as row:
            verb(row, given)
        return self.answer(row)

    @staticmethod
    def named(rows, uuid):
        """The one of `rows` under `uuid`. Raises Refused not-found."""
        found = rows.filter(uuid=uuid).first()
        if found is None:
            raise not_found()
        return found
