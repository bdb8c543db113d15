"""A business as the directory and the API show it: what registry.businesses.public allows, ready to print.

Whether a fact is public is decided there, once. Here stand its words and addresses, and the one thing that
rule leaves open: of legalitas only what the business has, with the numbers printed on packs.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from uuid import UUID

from django.db.models import Prefetch
from django.urls import get_script_prefix, reverse
from django.utils import timezone

from registry.businesses import choices
from registry.businesses.belongings import Licence
from registry.businesses.models import Business
from registry.businesses.public import public_facts as consented_facts
from registry.businesses.public import public_rows, with_public_parts

# Printed on the pack of whoever has one, so public already. A NIB is not: it opens the owner's OSS file.
NUMBERS_ON_PACKS = {choices.LicenceKind.PIRT, choices.LicenceKind.HALAL, choices.LicenceKind.BPOM_MD}
TOLD_LICENCES = {choices.LicenceStatus.HAS, choices.LicenceStatus.NON_HALAL}
ORDER = {kind: at for at, kind in enumerate(choices.LicenceKind.values)}
LICENCE_TOLD = ("kind", "status", "number", "expires_on", "is_valid")
SAME = (
    "slug", "name", "activity", "description", "operating_state", "season_months", "opening_hours",
    "owner_name", "phone", "address", "stall", "rt", "rw", "latitude", "longitude",
)  # fmt: skip


@dataclass(frozen=True)
class PublicProduct:
    name: str
    price_idr: int | None
    unit: str
    description: str
    material: str
    technique: str


@dataclass(frozen=True)
class PublicLicence:
    """Legalitas the business has. `number` only for those printed on packs; `is_valid` today."""

    kind: str
    label: str
    status: str
    number: str
    expires_on: date | None
    checked_on: date | None
    is_valid: bool


@dataclass(frozen=True)
class PublicPhoto:
    url: str
    small_url: str
    caption: str
    kind: str
    width: int
    height: int


@dataclass(frozen=True)
class PublicFacts:
    """Every fact the public may read of one business; "" or None where unknown or not consented to."""

    uuid: str
    slug: str
    url: str
    name: str
    activity: str
    description: str
    kelurahan: dict  # code, name
    kecamatan: dict
    kbli: dict | None  # version, code, title
    subsector: dict | None  # slug, name
    operating_state: str
    season_months: list
    opening_hours: str
    last_confirmed_on: date | None
    existence_verified_on: date | None
    other_subsectors: list = field(default_factory=list)
    products: list = field(default_factory=list)
    licences: list = field(default_factory=list)
    # By consent
    owner_name: str = ""
    phone: str = ""
    address: str = ""
    stall: str = ""
    rt: int | None = None
    rw: int | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    photos: list = field(default_factory=list)

    def as_dict(self):
        """The same as plain dicts and lists, for the API; with what PublicBusinessSerializer describes."""
        kelurahan = {"code": self.kelurahan["code"], "name": self.kelurahan["name"]}
        licences = [{name: getattr(row, name) for name in LICENCE_TOLD} for row in self.licences]
        return vars(self) | {
            "kelurahan": kelurahan,
            "products": [vars(row) for row in self.products],
            "licences": licences,
            "photos": [vars(row) for row in self.photos],
        }

    @property
    def is_mobile(self):
        """Whether the number published can have WhatsApp."""
        return self.phone.startswith("628")

    @property
    def chat_url(self):
        """WhatsApp for a mobile number, "" for a landline or no number at all."""
        return f"https://wa.me/{self.phone}" if self.is_mobile else ""

    @property
    def lowest_price_idr(self):
        return min((p.price_idr for p in self.products if p.price_idr), default=None)


def public_businesses(queryset=None):
    """Public businesses with all that `directory_facts` reads: five queries for any number of rows."""
    queryset = Business.objects.public() if queryset is None else queryset
    return with_public_parts(queryset).prefetch_related(
        Prefetch("licences", Licence.objects.current().order_by("pk"), to_attr="current_licences")
    )


def directory_facts(business):
    """The PublicFacts of `business`, a row of `public_businesses()`.

    Whether the business is public at all is the queryset's answer, not this function's.
    """
    return _facts_of(business, consented_facts(business))


def facts_of(pks):
    """The PublicFacts of these businesses, in this order, without those that are not public.

    Five queries at most for any number; as `directory_facts`, by the same rule, at a fifth of the price.
    """
    return [_facts_of(row, consented_facts(row)) for row in public_rows(pks)]


def _facts_of(business, facts):
    kelurahan, verified_at = facts["kelurahan"], business.existence_verified_at
    return PublicFacts(
        **{name: facts[name] for name in SAME},
        uuid=str(facts["uuid"]),
        url=_address("directory-business", facts["slug"]),
        kelurahan={"code": kelurahan.code, "name": kelurahan.name, "postal_code": kelurahan.postal_code},
        kecamatan={"code": kelurahan.parent.code, "name": kelurahan.parent.name},
        kbli=_kbli(facts["kbli"]),
        subsector=_subsector(facts["subsector"]),
        other_subsectors=[_subsector(row) for row in facts["other_subsectors"]],
        last_confirmed_on=business.last_confirmed_on,
        existence_verified_on=timezone.localdate(verified_at) if verified_at else None,
        products=[_product(row) for row in facts["products"]],
        licences=_licences(business.current_licences),
        photos=[_photo(row) for row in facts["photos"]],
    )


def _address(name, key):
    return _pattern(name, get_script_prefix()) % key


@cache
def _pattern(name, _prefix):
    """The address of a public page with a place for its key: fifty are reversed once."""
    sample = UUID(int=0) if "photo" in name else "x"
    return reverse(name, args=[sample]).replace(f"/{sample}/", "/%s/")


def _subsector(row):
    return {"slug": row.slug, "name": row.shown_name} if row else None


def _kbli(row):
    return {"version": row.version, "code": row.code, "title": row.title} if row else None


def _product(row):
    return PublicProduct(row.name, row.price_idr, row.unit, row.description, row.material, row.technique)


def _licences(rows):
    """Only what the business has (or that its product is non-halal): "has none" is nobody's business."""
    return [
        PublicLicence(
            kind=row.kind,
            label=str(
                choices.LicenceStatus(row.status).label
                if row.status == choices.LicenceStatus.NON_HALAL
                else choices.LicenceKind(row.kind).label
            ),
            status=row.status,
            number=row.number
            if row.kind in NUMBERS_ON_PACKS and row.status == choices.LicenceStatus.HAS
            else "",
            expires_on=row.expires_on,
            checked_on=row.checked_on,
            is_valid=row.is_valid,
        )
        for row in sorted(rows, key=lambda row: ORDER[row.kind])
        if row.status in TOLD_LICENCES
    ]


def _photo(row):
    return PublicPhoto(
        url=_address("directory-photo", row.uuid),
        small_url=_address("directory-photo-small", row.uuid),
        caption=row.caption,
        kind=row.kind,
        width=row.width,
        height=row.height,
    )
