"""What holds for every operation, said once in the API's schema: refusals, ETag, Idempotency-Key."""

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

# What an act on a row that others may change too asks for (lib/conditional.py).
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="ETag dari data yang Anda baca: bila sementara itu berubah, jawabannya 412 dan tidak ada "
    "yang terjadi. `*` berarti bagaimana pun keadaannya sekarang. Tanpa kepala ini: 428.",
)
IF_MATCH_OPTIONAL = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="Tidak wajib, sebab tidak ada tulisan orang lain yang tertimpa. Bila disebut, dibandingkan.",
)
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "pattern": "^[!-~]{1,100}$"},
    "description": "Buatan Anda, misalnya UUID, baru untuk tiap maksud. Permintaan yang sama dengan kunci "
    "yang sama dalam 24 jam dikerjakan sekali dan dijawab sama (`Idempotency-Replayed: true`). Isi lain "
    "dengan kunci yang sama: 422. Yang pertama masih dikerjakan: 409 `in-progress`. Jawaban 5xx, 412 dan "
    "428 tidak disimpan.",
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "schema": {"type": "string"},
    "description": "ETag yang sudah Anda punya: bila masih sama, jawabannya 304 tanpa isi.",
}
ETAG = {
    "description": "Penanda keadaan data ini bagi pembacanya.",
    "schema": {"type": "string"},
}

REFUSAL = {
    "type": "object",
    "required": ["code", "detail"],
    "properties": {
        "code": {"type": "string", "description": "Tetap, dalam bahasa Inggris; untuk program."},
        "detail": {"type": "string", "description": "Kalimat bahasa Indonesia; untuk orang."},
        "fields": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "Bila penolakan menyangkut isian: {isian: kalimat}.",
        },
        "person": {
            "type": "string",
            "format": "uuid",
            "description": "Pada `nik-known`: orang yang sudah tercatat dengan NIK itu.",
        },
        "etag": {"type": "string", "description": "Pada 412 dan 428: ETag yang berlaku sekarang."},
    },
}
INVALID = {
    "type": "object",
    "additionalProperties": {"type": "array", "items": {"type": "string"}},
    "description": "{isian atau parameter: [kalimat]}",
}
EXAMPLES = {
    "400": {"name": ["Isian ini wajib."]},
    "401": {"code": "not-authenticated", "detail": "Kredensial autentikasi tidak diberikan."},
    "403": {"code": "permission-denied", "detail": "Anda tidak memiliki hak untuk melakukan ini."},
    "404": {"code": "not-found", "detail": "Data tidak ditemukan."},
    "409": {
        "code": "submission-wrong-state",
        "detail": "Data ini sudah berstatus draf. Muat ulang halaman untuk melihat keadaan terbaru.",
    },
    "412": {
        "code": "precondition-failed",
        "detail": "Data ini berubah sejak Anda membacanya. Baca lagi, lalu kirim dengan ETag yang baru.",
        "etag": '"5f0c9d1b6a7e4d3c8b2a1f0e9d8c7b6a"',
    },
    "413": {"code": "body-too-large", "detail": "Isi permintaan terlalu besar."},
    "415": {"code": "unsupported-media-type", "detail": "Jenis isi permintaan ini tidak diterima."},
    "422": {
        "code": "idempotency-key-reused",
        "detail": "Idempotency-Key ini sudah dipakai untuk permintaan lain. Buat kunci yang baru.",
    },
    "428": {
        "code": "precondition-required",
        "detail": "Sertakan If-Match dengan ETag dari data yang Anda baca.",
        "etag": '"5f0c9d1b6a7e4d3c8b2a1f0e9d8c7b6a"',
    },
    "429": {"code": "throttled", "detail": "Permintaan Anda terlalu sering. Coba lagi dalam 30 detik."},
}
WORDS = {
    "400": "Isi atau parameter tidak dapat diterima.",
    "401": "Tanpa token, atau tokennya tidak berlaku.",
    "403": "Akun ini tidak memiliki hak untuk ini.",
    "404": "Tidak ada, atau di luar wilayah Anda.",
    "406": "Bentuk jawaban yang diminta tidak ada.",
    "409": "Ditolak sebuah aturan; tidak ada yang berubah.",
    "412": "Berubah sejak dibaca; ETag yang berlaku ada pada kepala dan isinya.",
    "413": "Isi terlalu besar.",
    "415": "Isi bukan jenis yang diterima.",
    "422": "Idempotency-Key milik permintaan lain.",
    "428": "Tanpa If-Match.",
    "429": "Terlalu sering; lihat kepala Retry-After.",
}


class Schema(AutoSchema):
    """drf-spectacular's, knowing that an answer may leave out what a serializer names as `sometimes`."""

    def _map_basic_serializer(self, serializer, direction):
        schema = super()._map_basic_serializer(serializer, direction)
        if sometimes := set(getattr(serializer, "sometimes", ())):
            schema["required"] = [name for name in schema.get("required", ()) if name not in sometimes]
        return schema


def describe_manners(result, generator, **options):
    """drf-spectacular postprocessing hook: the headers and the refusals of each operation."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Refusal"], schemas["Invalid"] = REFUSAL, INVALID
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            _headers(method, operation)
            for code in _codes(path, method, operation):
                operation["responses"].setdefault(code, _response(code))
    return result


def _headers(method, operation):
    parameters = operation.setdefault("parameters", [])
    if method == "get":
        parameters.append(IF_NONE_MATCH)
        operation["responses"].setdefault("304", {"description": "Masih sama dengan ETag yang disebut."})
        operation["responses"]["200"].setdefault("headers", {})["ETag"] = ETAG
    elif method == "post" and _needs_token(operation):
        parameters.append(IDEMPOTENCY_KEY)


def _needs_token(operation):
    security = operation.get("security", [])
    return bool(security) and {} not in security


# Rooms whose new rows name others (a business, a kelurahan) that may lie out of reach: 404 without a key.
NAMING = {
    "submissions", "checks", "visit-requests", "visits", "visit-days", "follow-ups", "mentorings",
    "proposals", "monthly-reports",
}  # fmt: skip


def _codes(path, method, operation):
    yield from ("400", "429")
    if _needs_token(operation):
        yield from ("401", "403")
    elif operation.get("security") or method == "post":
        yield "401"  # a token that is none, also where none is needed; signing in
    if "{" in path or (method == "post" and path.split("/")[3] in NAMING):
        yield "404"
    if method == "get":
        yield "406"
        return
    if method != "delete":
        yield from ("413", "415")
    if method != "delete" and _needs_token(operation):
        yield "409"
    if method == "post" and _needs_token(operation):
        yield "422"
    named = [p for p in operation["parameters"] if p["name"] == "If-Match"]
    if named:
        yield "412"
    if any(p.get("required") for p in named):
        yield "428"


def _response(code):
    schema = {"$ref": "#/components/schemas/Refusal"}
    if code == "400":
        schema = {"oneOf": [{"$ref": "#/components/schemas/Invalid"}, schema]}
    content = {"schema": schema}
    if code in EXAMPLES:
        content["examples"] = {"contoh": {"value": EXAMPLES[code]}}
    return {"description": WORDS[code], "content": {"application/json": content}}
