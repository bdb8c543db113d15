"""The shape of a proposal: values and items cleaned against the tables of businesses/fields.py.

Pure but for the reference tables handed in; knows nothing of users or states.
"""

import uuid
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from registry.businesses import choices, fields
from registry.people.identity import digits, kk_problem, nik_problem
from umkm_portal.lib.text import mask_long_digits

SCHEMA_VERSION = 1  # of values and items; a later change keeps applying what was stored under an earlier one
OPS = ("add", "change", "end")
MAX_ITEMS = 200
BANDS = (
    ("workers", "workers_upper"),
    ("capital_idr", "capital_upper_idr"),
    ("turnover_idr", "turnover_upper_idr"),
)
NEEDED = {"licence": "kind", "product": "name", "consent": "group", "photo": "attachment"}
NUMBER_RULES = {
    "nib": (13, 13, "NIB terdiri dari 13 angka."),
    "pirt": (15, 15, "Nomor P-IRT terdiri dari 15 angka."),
}


@dataclass
class Shape:
    """A cleaned proposal: `values` {field: JSON}, `items` list, `sealed` {owner uuid: {"nik", "kk"}}."""

    values: dict
    items: list
    sealed: dict = field(default_factory=dict)


def errors_of_numbers(kind, values):
    """Messages for a licence's number and dates (NIB: PP 5/2021; P-IRT: BPOM 22/2018)."""
    errors = {}
    number = values.get("number", "")
    if number and kind in NUMBER_RULES:
        low, high, message = NUMBER_RULES[kind]
        only = digits(number)
        if only != number.replace(" ", "").replace("-", "").replace(".", "") or not low <= len(only) <= high:
            errors["number"] = _("%(rule)s Sekarang %(now)d angka.") % {"rule": message, "now": len(only)}
        else:
            values["number"] = only
    if number and kind == "halal" and not number.upper().startswith("ID"):
        errors["number"] = _("Nomor sertifikat halal dimulai dengan ID.")
    if values.get("issued_on") and values.get("expires_on") and values["expires_on"] < values["issued_on"]:
        errors["expires_on"] = _("Tanggal berlaku mendahului tanggal terbit.")
    if kind != "halal" and values.get("status") == choices.LicenceStatus.NON_HALAL:
        errors["status"] = _("Produk non-halal hanya untuk legalitas halal.")
    return errors


def clean_item(raw):
    """One item cleaned: (item, errors). `errors` is {} when it can be kept."""
    if not isinstance(raw, dict):
        return None, {"item": _("Bentuk data tidak dikenal.")}
    kind, op = raw.get("kind"), raw.get("op", "add")
    table = fields.ITEMS.get(kind) if isinstance(kind, str) else None
    if table is None or op not in OPS:
        return None, {"item": _("Bentuk data tidak dikenal.")}
    try:
        identity = str(uuid.UUID(str(raw["uuid"]))) if raw.get("uuid") else str(uuid.uuid4())
    except ValueError:
        return None, {"uuid": _("Penanda baris tidak dikenal.")}
    given = raw.get("values") or {}
    if not isinstance(given, dict):
        return None, {"item": _("Bentuk data tidak dikenal.")}
    internal = {k: given[k] for k in ("nik_last4", "nik_known") if k in given}
    values, errors = fields.clean_values(
        {k: v for k, v in given.items() if k not in ("nik_last4", "nik_known")}, table
    )
    needed = NEEDED.get(kind)
    if needed and not values.get(needed) and (op == "add" or (needed in values and kind != "photo")):
        errors.setdefault(needed, _("Isian ini wajib."))
    if kind == "consent" and op == "change":
        errors["op"] = _("Persetujuan tidak diubah: akhiri yang lama, lalu catat yang baru.")
    if op == "add":
        for name, spec in table.items():
            if spec.empty and name not in errors:  # what "not told" means: licence "has", photo "product"
                values.setdefault(name, spec.empty)
    if kind == "licence":
        errors |= errors_of_numbers(values.get("kind"), values)
    if kind == "owner" and isinstance(internal.get("nik_last4"), str) and len(internal["nik_last4"]) == 4:
        values["nik_last4"] = internal["nik_last4"]
    if kind == "owner" and internal.get("nik_known"):
        values["nik_known"] = True
    return {"op": op, "kind": kind, "uuid": identity, "values": values}, errors


def clean_sealed(raw, items):
    """Identity numbers per owner item: (sealed, errors by "owner.nik"/"owner.kk"); digits only, checked."""
    sealed, errors = {}, {}
    owners = {item["uuid"]: item for item in items if item["kind"] == "owner"}
    for identity, numbers in (raw or {}).items():
        owner = owners.get(str(identity))
        if owner is None:
            continue
        kept = {}
        if nik := numbers.get("nik"):
            if problem := nik_problem(nik):
                errors["owner.nik"] = problem
            else:
                kept["nik"] = digits(nik)
                owner["values"] |= {"nik_answer": "given", "nik_last4": kept["nik"][-4:]}
        if kk := numbers.get("kk"):
            if problem := kk_problem(kk):
                errors["owner.kk"] = problem
            else:
                kept["kk"] = digits(kk)
        if kept:
            sealed[str(identity)] = kept
    for identity, owner in owners.items():
        if (
            owner["values"].get("nik_answer") == "given"
            and not owner["values"].get("nik_last4")
            and "owner.nik" not in errors
        ) and identity not in sealed:
            errors["owner.nik"] = _("Tulis NIK-nya, atau pilih menyusul.")
    return sealed, errors


def clean_proposal(values=None, items=(), sealed=None):
    """The whole proposal cleaned. Raises ValidationError({field: message}); item fields are "kind.field"."""
    cleaned, errors = fields.clean_values(values or {})
    kept = []
    items = list(items or ())
    if len(items) > MAX_ITEMS:
        raise ValidationError({"items": _("Terlalu banyak baris dalam satu usulan.")})
    for raw in items:
        item, problems = clean_item(raw)
        kind = raw.get("kind") if isinstance(raw, dict) else "items"
        errors |= {f"{kind}.{name}": message for name, message in problems.items()}
        if item:
            kept.append(item)
    hidden, problems = clean_sealed(sealed, kept)
    errors |= problems
    if bool(cleaned.get("latitude")) != bool(cleaned.get("longitude")) and {"latitude", "longitude"} <= set(
        cleaned
    ):
        errors.setdefault("latitude", _("Isi lintang dan bujur bersama-sama."))
    if cleaned.get("scale") and not cleaned.get("scale_basis"):
        errors.setdefault("scale_basis", _("Pilih dasar penentuan skala."))
    if "scale" in cleaned and not cleaned["scale"]:
        cleaned["scale_basis"] = ""  # without a scale there is nothing to base
    for lower, upper in BANDS:
        if (
            cleaned.get(lower) is not None
            and cleaned.get(upper) is not None
            and cleaned[upper] < cleaned[lower]
        ):
            errors.setdefault(upper, _("Batas atas lebih kecil daripada batas bawah."))
    if errors:
        raise ValidationError({name: mask_long_digits(message) for name, message in errors.items()})
    return Shape(cleaned, kept, hidden)
