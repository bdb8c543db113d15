"""Manners of the API: one error shape, no name in a body and no parameter silently ignored."""

import math

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as ModelValidationError
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler as drf_exception_handler

from umkm_portal.lib.bodies import BodyTooLarge
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.text import mask_long_digits

WAIT = 60  # seconds, where a limit does not say

# ---- errors --------------------------------------------------------------------------------------


def _masked(body):
    """`body` with every run of 15 to 17 digits covered: DRF repeats the value it refuses."""
    if isinstance(body, dict):
        return {mask_long_digits(str(name)[:100]): _masked(value) for name, value in body.items()}
    if isinstance(body, (list, tuple)):
        return [_masked(value) for value in body]
    return mask_long_digits(body) if isinstance(body, str) else body


def exception_handler(exc, context):
    """Every answer that is no success.

    409 {"code", "detail", "fields"?, "person"?} for a `Refused`; 400 {field: [message]} for values that do
    not pass; {"code", "detail"} for the rest. A NIK that stood where it should not is never repeated.
    """
    if isinstance(exc, Refused):
        body = {"code": exc.code, "detail": exc.message}
        if exc.fields:
            body["fields"] = {name: str(message) for name, message in exc.fields.items()}
        if person := getattr(exc, "person", None):  # the one to choose instead, within the asker's reach
            body["person"] = str(person.uuid)
        code = status.HTTP_404_NOT_FOUND if exc.code == "not-found" else status.HTTP_409_CONFLICT
        return Response(_masked(body), status=code)
    if isinstance(exc, ModelValidationError):
        exc = exceptions.ValidationError(
            exc.message_dict if hasattr(exc, "error_dict") else {"detail": exc.messages}
        )
    elif isinstance(exc, RequestDataTooBig):
        exc = BodyTooLarge()
    elif isinstance(exc, SuspiciousOperation):
        exc = exceptions.ParseError(_("Permintaan tidak dapat dibaca."))
    elif isinstance(exc, exceptions.Throttled):
        exc = _throttled(exc)
    response = drf_exception_handler(exc, context)
    if response is None:
        return None
    if etag := getattr(exc, "etag", ""):  # 412 and 428: the state that an act has to name
        response["ETag"] = etag
    if isinstance(response.data, dict) and set(response.data) == {"detail"} and not _is_list(response.data):
        detail = response.data["detail"]
        code = getattr(detail, "code", None) or "error"
        response.data = {"code": str(code).replace("_", "-"), "detail": str(detail)}
        if response.has_header("ETag"):
            response.data["etag"] = response["ETag"]
    elif response.status_code == status.HTTP_400_BAD_REQUEST:
        response.data = flat(response.data)
    response.data = _masked(response.data)
    return response


def flat(errors, stem=""):
    """{"items.0.kind": [message]} of errors however deep; what concerns no field stands under `detail`."""
    found = {}
    for name, value in errors.items() if isinstance(errors, dict) else enumerate(errors):
        if isinstance(value, str):
            found.setdefault(stem or (name if isinstance(errors, dict) else "detail"), []).append(value)
        else:
            found |= flat(value, f"{stem}.{name}" if stem else str(name))
    return found


def _throttled(exc):
    """A 429 that says in our words when to come back, and always in Retry-After too."""
    wait = math.ceil(exc.wait or WAIT)
    detail = exc.detail
    if exc.wait:
        detail = _("Permintaan Anda terlalu sering. Coba lagi dalam %(wait)d detik.") % {"wait": wait}
    told = exceptions.Throttled()
    told.detail, told.wait = exceptions.ErrorDetail(detail, "throttled"), wait
    return told


def _is_list(body):
    return isinstance(body["detail"], list)


# ---- bodies --------------------------------------------------------------------------------------


class ShownSerializer(serializers.ModelSerializer):
    """A row as it is answered. A choice that was not told is "", and the schema says so.

    `sometimes` names what an answer leaves out for who need not know it.
    """

    sometimes = ()

    def get_fields(self):
        found = super().get_fields()
        columns = {column.name: column for column in self.Meta.model._meta.fields}
        for name, field in found.items():
            column = columns.get(field.source or name)
            if column is not None and column.choices and column.blank:
                field.allow_blank = True
        return found


class StrictSerializer(serializers.Serializer):
    """Input that refuses names it does not know: a typo, or a status somebody wants to set."""

    def to_internal_value(self, data):
        if isinstance(data, dict):
            unknown = sorted(str(name) for name in set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError(
                    {name[:100]: [_("Isian ini tidak dikenal.")] for name in unknown[:20]}
                )
        return super().to_internal_value(data)


# ---- parameters ----------------------------------------------------------------------------------


class KnownParametersFilterBackend(DjangoFilterBackend):
    """Filters by the view's FilterSet and answers 400 to any parameter nobody reads.

    Known are the filterset's fields, the pager's own parameters and, per view, `extra_parameters`.
    A typo in a filter must not look like an answer to the question that was meant. A view whose filters
    depend on who asks has a method `filterset_class_for(user)` beside its `filterset_class`.
    """

    def get_filterset_class(self, view, queryset=None):
        choose = getattr(view, "filterset_class_for", None)
        if choose and not getattr(view, "swagger_fake_view", False):
            return choose(view.request.user)
        return super().get_filterset_class(view, queryset)

    def known(self, view, filterset_class):
        names = {api_settings.URL_FORMAT_OVERRIDE, *getattr(view, "extra_parameters", ())}
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
            raise exceptions.ValidationError(
                {name[:100]: [_("Parameter tidak dikenal.")] for name in unknown[:20]}
            )

    def filter_queryset(self, request, queryset, view):
        if getattr(view, "action", "list") != "list":
            self.refuse_unknown(request, view)
            return queryset
        filterset_class = self.get_filterset_class(view, queryset)
        self.refuse_unknown(request, view, filterset_class)
        if filterset_class is None or not set(request.query_params) & set(filterset_class.base_filters):
            return queryset  # no filter in the address: nothing to build a form for
        filterset = filterset_class(request.query_params, queryset=queryset, request=request)
        if not filterset.is_valid():
            raise exceptions.ValidationError(filterset.errors)
        return filterset.qs


class KnownParameters:
    """Mixin for views: what takes no parameters, or not these, says so before anything happens."""

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        backend = KnownParametersFilterBackend()
        lists = getattr(self, "action", "") == "list"
        backend.refuse_unknown(request, self, backend.get_filterset_class(self) if lists else None)
