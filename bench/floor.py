"""What the portal is compared with: plain SQL by hand, and bare views that return its rows as JSON.

A `Question` selects exactly the columns that the portal's answer shows, consent applied in SQL; what is
sealed stays sealed. The views have Django's default middleware and nothing else; the last one is what
`ModelViewSet` does when left alone.
"""

import json
from dataclasses import dataclass, field

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.http import JsonResponse
from django.urls import include, path
from rest_framework import routers, serializers, viewsets
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import AllowAny

from registry.businesses.models import Business

# `startproject`'s list.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

PUBLIC = (
    "b.merged_into_id IS NULL AND NOT b.public_opt_out AND b.kelurahan_id IS NOT NULL"
    " AND b.operating_state IN ('active', 'temporary', 'seasonal')"
)
TABLES = (
    "registry_business b"
    " LEFT JOIN registry_region kel ON kel.id = b.kelurahan_id"
    " LEFT JOIN registry_region kec ON kec.id = kel.parent_id"
    " LEFT JOIN registry_kbli kb ON kb.id = b.kbli_id"
    " LEFT JOIN registry_subsector sub ON sub.id = b.subsector_id"
)
PHONE = "CASE WHEN b.shows_phone AND b.phone_of IN ('owner', 'employee') THEN b.phone ELSE '' END"
WHOLE = {
    "id": "b.id", "uuid": "b.uuid", "slug": "b.slug", "name": "b.name", "activity": "b.activity",
    "description": "b.description", "operating_state": "b.operating_state",
    "season_months": "b.season_months", "opening_hours": "b.opening_hours",
    "last_confirmed_on": "b.last_confirmed_on", "existence_verified_at": "b.existence_verified_at",
    "kelurahan_code": "kel.code", "kelurahan": "kel.name", "postal_code": "kel.postal_code",
    "kecamatan_code": "kec.code", "kecamatan": "kec.name",
    "kbli_version": "kb.version", "kbli_code": "kb.code", "kbli": "kb.title",
    "subsector_slug": "sub.slug", "subsector": "sub.name",
    "owner_name": "CASE WHEN b.shows_owner_name THEN b.owner_name ELSE '' END",
    "phone": PHONE,
    "address": "CASE WHEN b.shows_address THEN b.address ELSE '' END",
    "stall": "CASE WHEN b.shows_address THEN b.stall ELSE '' END",
    "rt": "CASE WHEN b.shows_address THEN b.rt END",
    "rw": "CASE WHEN b.shows_address THEN b.rw END",
    "latitude": "CASE WHEN b.shows_exact_place THEN b.latitude END",
    "longitude": "CASE WHEN b.shows_exact_place THEN b.longitude END",
}  # fmt: skip
CARD = {
    name: WHOLE[name]
    for name in (
        "id", "slug", "name", "activity", "operating_state", "opening_hours", "kelurahan", "kecamatan",
        "subsector", "phone", "rw",
    )
}  # fmt: skip
SHOWN_PHOTO = "ended_on IS NULL AND business_id IN (SELECT id FROM registry_business WHERE shows_photo)"
# {what belongs to a business: (table, columns, condition)}
WHOLE_PARTS = {
    "products": (
        "registry_product", "name, price_idr, unit, description, material, technique", "ended_on IS NULL",
    ),
    "licences": (
        "registry_licence", "kind, status, number, expires_on, checked_on",
        "ended_on IS NULL AND status IN ('has', 'non_halal')",
    ),
    "photos": ("registry_photo", "uuid, caption, kind, width, height", SHOWN_PHOTO),
    "other_subsectors": (
        "registry_business_other_subsectors JOIN registry_subsector s ON s.id = subsector_id",
        "s.slug, s.name", "true",
    ),
}  # fmt: skip
CARD_PARTS = {
    "products": ("registry_product", "name, price_idr", "ended_on IS NULL"),
    "licences": ("registry_licence", "kind, status, expires_on", "ended_on IS NULL AND status = 'has'"),
    "photos": ("registry_photo", "uuid, caption", SHOWN_PHOTO),
}


@dataclass
class Question:
    """Rows of businesses and what belongs to them. `tables` may join more, as `b.id = …`."""

    columns: dict
    parts: dict
    limit: int
    where: str = ""
    params: tuple = ()
    order: str = "b.name, b.id"
    tables: str = TABLES
    sql: str = field(init=False)

    def __post_init__(self):
        columns = ", ".join(f'{sql} AS "{name}"' for name, sql in self.columns.items())
        extra = f" AND {self.where}" if self.where else ""
        self.sql = (
            f"SELECT {columns} FROM {self.tables} WHERE {PUBLIC}{extra}"
            f" ORDER BY {self.order} LIMIT {self.limit}"
        )

    def rows(self):
        """Execute and fetch: [row], {part: [row]}."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.params)
            rows = cursor.fetchall()
            ids = [row[0] for row in rows]
            found, marks = {}, ", ".join(["%s"] * len(ids))
            for name, (table, columns, condition) in self.parts.items():
                if ids:
                    cursor.execute(
                        f"SELECT business_id, {columns} FROM {table}"
                        f" WHERE business_id IN ({marks}) AND {condition}",
                        ids,
                    )
                    found[name] = cursor.fetchall()
        return rows, found

    def as_json(self):
        rows, parts = self.rows()
        results = [dict(zip(self.columns, row, strict=True)) for row in rows]
        by_id = {row["id"]: row for row in results}
        for name, (_table, columns, _condition) in self.parts.items():
            names = columns.split(", ")
            for row in results:
                row[name] = []
            for pk, *values in parts.get(name, ()):
                by_id[pk][name].append(dict(zip(names, values, strict=True)))
        return {"results": results}


ASKED = {}  # {name: Question or a function that returns what becomes JSON}, put there by compare.py


def floor(request, name):
    """The floor: one view, the plain SQL, JSON."""
    question = ASKED[name]
    return JsonResponse(question.as_json() if isinstance(question, Question) else question())


def as_bytes(data):
    return json.dumps(data, cls=DjangoJSONEncoder).encode()


class Pages(PageNumberPagination):
    page_size = 50


class PlainSerializer(serializers.ModelSerializer):
    class Meta:
        model = Business
        fields = "__all__"


class PlainViewSet(viewsets.ModelViewSet):
    """DRF as its tutorial has it, over the same rows in the same order; only open to everybody."""

    queryset = Business.objects.public().order_by("name", "id")
    serializer_class = PlainSerializer
    pagination_class = Pages
    filter_backends = ()
    throttle_classes = ()
    permission_classes = (AllowAny,)


router = routers.SimpleRouter()
router.register("drf", PlainViewSet, basename="drf")
urlpatterns = [path("dasar/", include([*router.urls, path("<slug:name>/", floor)]))]
