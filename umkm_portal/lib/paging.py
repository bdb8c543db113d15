"""Paging by key: `(key, id) > (…)`, so that page 10,000 costs what page 1 costs.

DRF's CursorPagination steps by offset inside equal keys and loops when a thousand keys are equal;
here the row id always breaks the tie. `KeysetPage` serves pages, `KeysetPagination` the API; both read
`after` and `before`, opaque tokens made here.
"""

import base64
import binascii
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError as ApiValidationError
from rest_framework.pagination import BasePagination
from rest_framework.response import Response


class BadCursor(ValueError):
    """`after`, `before` or a page size was not one of ours."""


def encode_cursor(key, pk):
    raw = json.dumps([key if key is None or isinstance(key, (int, str)) else str(key), str(pk)])
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def decode_cursor(token):
    try:
        if len(token) > 2000:
            raise BadCursor(token[:20])
        raw = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        key, pk = json.loads(raw)
        f"{key}{pk}".encode()  # half of a surrogate pair fits in JSON and in no database
    except (binascii.Error, UnicodeError, ValueError, TypeError, RecursionError) as error:
        raise BadCursor("cursor") from error
    if not isinstance(key, (int, str)) or not isinstance(pk, str):
        raise BadCursor("cursor")
    return key, pk


def capped_count(queryset, cap=1000):
    """Number of rows up to `cap`, and whether there are more: (1000, True) reads "1.000+"."""
    found = queryset.order_by().values("pk")[: cap + 1].count()
    return min(found, cap), found > cap


@dataclass
class Keyset:
    """One page of `queryset`, ordered by one non-null column and the primary key.

    `order` is a column name, with a leading "-" for descending. `after`/`before` are tokens or "".
    Raises BadCursor for a token that does not fit the column.
    """

    queryset: object
    order: str
    size: int = 25
    after: str = ""
    before: str = ""
    rows: list = field(default_factory=list, init=False)
    next_cursor: str = field(default="", init=False)
    previous_cursor: str = field(default="", init=False)

    def __post_init__(self):
        descending = self.order.startswith("-")
        name = self.order.lstrip("-")
        backwards = bool(self.before)
        queryset = self.queryset
        if token := self.before or self.after:
            queryset = queryset.filter(self._beyond(name, token, greater=descending == backwards))
        sign = "-" if descending != backwards else ""
        rows = list(queryset.order_by(f"{sign}{name}", f"{sign}pk")[: self.size + 1])
        more = len(rows) > self.size
        rows = rows[: self.size]
        if backwards:
            rows.reverse()
        self.rows = rows
        if rows:
            if more or backwards:
                self.next_cursor = self._cursor(rows[-1], name)
            if (more and backwards) or (self.after and not backwards):
                self.previous_cursor = self._cursor(rows[0], name)

    @staticmethod
    def _cursor(row, name):
        value = row
        for part in name.split("__"):
            value = value[part] if isinstance(value, dict) else getattr(value, part)
        return encode_cursor(value, row["pk"] if isinstance(row, dict) else row.pk)

    def _beyond(self, name, token, *, greater):
        key, pk = decode_cursor(token)
        model = self.queryset.model
        try:
            if name in self.queryset.query.annotations:
                key = self.queryset.query.annotations[name].output_field.to_python(key)
            else:
                column = model
                for part in (model._meta.pk.name if name == "pk" else name).split("__"):
                    column = column._meta.get_field(part)
                    column_model = getattr(column, "related_model", None)
                    key_field, column = column, column_model or column
                key = key_field.to_python(key)
            pk = model._meta.pk.to_python(pk)
            if model._meta.pk.get_internal_type().endswith("AutoField") and not 0 <= pk < 2**63:
                raise BadCursor("cursor")
            if isinstance(key, str) and "\0" in key:
                raise BadCursor("cursor")
            if isinstance(key, datetime):
                if key.tzinfo is None:  # ours always name their zone
                    raise BadCursor("cursor")
                key = key.astimezone(UTC)  # OverflowError at the ends of the calendar
        except (ValidationError, FieldDoesNotExist, ValueError, TypeError, OverflowError) as error:
            raise BadCursor("cursor") from error
        sign = "gt" if greater else "lt"
        # The first condition is implied by the second; it lets the database use the index on the key.
        return Q(**{f"{name}__{sign}e": key}) & (
            Q(**{f"{name}__{sign}": key}) | Q(**{name: key, f"pk__{sign}": pk})
        )


class KeysetPage(Keyset):
    """A `Keyset` for a page: knows the addresses of its neighbours and says when a token was bad."""

    def __init__(self, request, queryset, order, size=25):
        self.bad_cursor = False
        params = request.GET
        try:
            super().__init__(queryset, order, size, params.get("after", ""), params.get("before", ""))
        except BadCursor:
            self.bad_cursor = True
            super().__init__(queryset, order, size)
        kept = [(k, v) for k, vs in params.lists() for v in vs if k not in ("after", "before")]
        self.next_url = self._url(kept, "after", self.next_cursor)
        self.previous_url = self._url(kept, "before", self.previous_cursor)
        self.first_url = "?" + urlencode(kept)

    @staticmethod
    def _url(kept, name, cursor):
        return "?" + urlencode([*kept, (name, cursor)]) if cursor else ""


class KeysetPagination(BasePagination):
    """The API's pager: `limit` (1–200, 50), `after`, `before`, `ordering` from the view's list.

    The view gives `ordering_fields` (a tuple of columns that are never null) and `ordering` (the default).
    """

    default_limit = 50
    max_limit = 200
    parameters = ("limit", "after", "before", "ordering")

    def paginate_queryset(self, queryset, request, view=None):
        self.request = request
        params = request.query_params
        try:
            limit = self._limit(params)
            order = self._order(params, view)
            self.page = Keyset(queryset, order, limit, params.get("after", ""), params.get("before", ""))
        except BadCursor as error:
            raise ApiValidationError(
                {str(error) if str(error) in self.parameters else "after": [_("Nilai tidak dikenali.")]}
            ) from error
        return self.page.rows

    def _limit(self, params):
        text = params.get("limit", str(self.default_limit))
        if not (text.isascii() and text.isdigit()) or len(text) > 4 or not 1 <= int(text) <= self.max_limit:
            raise BadCursor("limit")
        return int(text)

    @staticmethod
    def _order(params, view):
        default = getattr(view, "ordering", "pk")
        order = params.get("ordering", default)
        if order != default and order.removeprefix("-") not in getattr(view, "ordering_fields", ()):
            raise BadCursor("ordering")
        return order

    def get_paginated_response(self, data):
        return Response(
            {
                "next": self._link("after", self.page.next_cursor),
                "previous": self._link("before", self.page.previous_cursor),
                "results": data,
            }
        )

    def _link(self, name, cursor):
        if not cursor:
            return None
        kept = [
            (k, v) for k, vs in self.request.query_params.lists() for v in vs if k not in ("after", "before")
        ]
        return self.request.build_absolute_uri("?" + urlencode([*kept, (name, cursor)]))

    def get_paginated_response_schema(self, schema):
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view):
        text = {"type": "string"}
        orders = [s + f for f in getattr(view, "ordering_fields", ()) for s in ("", "-")]
        return [
            {
                "name": "limit",
                "in": "query",
                "schema": {"type": "integer", "minimum": 1, "maximum": self.max_limit},
            },
            {"name": "after", "in": "query", "schema": text, "description": "Token dari `next`."},
            {"name": "before", "in": "query", "schema": text, "description": "Token dari `previous`."},
            {"name": "ordering", "in": "query", "schema": {**text, **({"enum": orders} if orders else {})}},
        ]
