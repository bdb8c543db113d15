"""Manners of the API: one error shape, and no query parameter that is silently ignored."""

from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler

from umkm_portal.lib.errors import Refused


class RefusedByRule(APIException):
    """A `Refused` on its way out of the API: 409 with the code of the rule."""

    status_code = status.HTTP_409_CONFLICT


def exception_handler(exc, context):
    """DRF's handler, and 409 {"code", "detail", "fields"?} for a rule that refused."""
    if isinstance(exc, Refused):
        body = {"code": exc.code, "detail": exc.message}
        if exc.fields:
            body["fields"] = {name: str(message) for name, message in exc.fields.items()}
        code = status.HTTP_404_NOT_FOUND if exc.code == "not-found" else status.HTTP_409_CONFLICT
        return Response(body, status=code)
    return drf_exception_handler(exc, context)


class KnownParametersFilterBackend(DjangoFilterBackend):
    """Filters by the view's FilterSet and answers 400 to any parameter nobody reads.

    Known are the filterset's fields, the pager's own parameters and, per view, `extra_parameters`.
    A typo in a filter must not look like an answer to the question that was meant.
    """

    def known(self, view, filterset_class):
        names = set(getattr(view, "extra_parameters", ()))
        if filterset_class:
            for name, spec in filterset_class.base_filters.items():
                widget = spec.field.widget
                suffixes = getattr(widget, "suffixes", None)
                names |= {f"{name}_{s}" for s in suffixes} if suffixes else {name}
        pager = getattr(view, "paginator", None)
        if pager is not None and getattr(view, "action", "list") == "list":
            names |= set(pager.parameters)
        return names

    def refuse_unknown(self, request, view, filterset_class=None):
        unknown = sorted(set(request.query_params) - self.known(view, filterset_class))
        if unknown:
            raise ValidationError({name[:100]: [_("Parameter tidak dikenal.")] for name in unknown[:20]})

    def filter_queryset(self, request, queryset, view):
        if getattr(view, "action", "list") != "list":
            self.refuse_unknown(request, view)
            return queryset
        filterset_class = self.get_filterset_class(view, queryset)
        self.refuse_unknown(request, view, filterset_class)
        if filterset_class is None:
            return queryset
        filterset = filterset_class(request.query_params, queryset=queryset, request=request)
        if not filterset.is_valid():
            raise ValidationError(filterset.errors)
        return filterset.qs
