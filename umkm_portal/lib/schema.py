"""What every answer that is no success looks like, said once in the API's schema."""

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
    "429": {"code": "throttled", "detail": "Permintaan Anda terlalu sering. Coba lagi dalam 30 detik."},
}
WORDS = {
    "400": "Isi atau parameter tidak dapat diterima.",
    "401": "Tanpa token, atau tokennya tidak berlaku.",
    "403": "Akun ini tidak memiliki hak untuk ini.",
    "404": "Tidak ada, atau di luar wilayah Anda.",
    "409": "Ditolak sebuah aturan; tidak ada yang berubah.",
    "429": "Terlalu sering; lihat kepala Retry-After.",
}


def describe_refusals(result, generator, **options):
    """drf-spectacular postprocessing hook: add the refusals each operation can answer with."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Refusal"], schemas["Invalid"] = REFUSAL, INVALID
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            for code in _codes(path, method, operation):
                operation["responses"].setdefault(code, _response(code))
    return result


def _codes(path, method, operation):
    yield from ("400", "429")
    security = operation.get("security", [])
    if security and {} not in security:
        yield from ("401", "403")
    elif method == "post" and not security:
        yield "401"  # signing in
    if "{" in path:
        yield "404"
    if method not in ("get", "delete") and security:
        yield "409"


def _response(code):
    name = "Invalid" if code == "400" else "Refusal"
    return {
        "description": WORDS[code],
        "content": {
            "application/json": {
                "schema": {"$ref": f"#/components/schemas/{name}"},
                "examples": {"contoh": {"value": EXAMPLES[code]}},
            }
        },
    }
