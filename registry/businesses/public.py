"""What the public may know of a business: the one rule that directory and API read.

Public task (UU 27/2022 art. 20; ARCHITECTURE section 8): name, sector, products, kelurahan, whether it is
open. The owner's name, phone, address, photos and exact place only while the owner's consent for that
group stands; `shows_<group>` is kept by apply and by withdrawing, so that reading needs no join.
"""

from types import SimpleNamespace

from django.db.models import Case, F, Prefetch, Q, Value, When
from django.utils import timezone

from registry.businesses.belongings import Licence, Photo, Product, is_valid
from registry.businesses.choices import PhoneOf
from registry.businesses.models import Business
from registry.sectors.models import Subsector, in_page_language
from umkm_portal.lib.prepared import Prepared
from umkm_portal.lib.sealed_fields import SealedTextField

# Shown only when it is known whose number it is; another's is never published, whatever the owner agreed to.
OWN_PHONES = {PhoneOf.OWNER, PhoneOf.EMPLOYEE}


def with_public_parts(queryset):
    """`queryset` with what `public_facts` reads besides the row itself; the same few queries for any size."""
    return queryset.for_list().prefetch_related(
        Prefetch("other_subsectors", Subsector.objects.order_by("pk"), to_attr="current_subsectors"),
        Prefetch("products", Product.objects.current().order_by("pk"), to_attr="current_products"),
        Prefetch("photos", Photo.objects.current().order_by("pk"), to_attr="current_photos"),
    )


def public_facts(business):
    """{name: value} of what anyone may read about a business that is in `Business.objects.public()`.

    Every name is always there: "" or None or [] where it is not known or the owner did not agree. E-mail,
    web address, Instagram and marketplace have no consent group of their own and stay inside. `business` is
    a row of `with_public_parts` or of `public_rows`.
    """
    phone = business.shows_phone and business.phone_of in OWN_PHONES
    place = business.shows_exact_place
    address = business.shows_address
    return {
        "uuid": business.uuid,
        "slug": business.slug,
        "name": business.name,
        "activity": business.activity,
        "description": business.description,
        "operating_state": business.operating_state,
        "season_months": business.season_months,
        "opening_hours": business.opening_hours,
        "kelurahan": business.kelurahan,
        "kbli": business.kbli,
        "subsector": business.subsector,
        "other_subsectors": business.current_subsectors,
        "products": business.current_products,
        "owner_name": business.owner_name if business.shows_owner_name else "",
        "phone": business.phone if phone else "",
        "address": business.address if address else "",
        "rt": business.rt if address else None,
        "rw": business.rw if address else None,
        "stall": business.stall if address else "",
        "latitude": business.latitude if place else None,
        "longitude": business.longitude if place else None,
        "photos": business.current_photos if business.shows_photo else [],
    }


# ---- many at once: columns instead of models -----------------------------------------------------

PLAIN = (
    "pk", "uuid", "slug", "name", "activity", "description", "operating_state", "season_months",
    "opening_hours", "address", "rt", "rw", "stall", "latitude", "longitude", "phone_of", "last_confirmed_on",
    "existence_verified_at", "shows_owner_name", "shows_phone", "shows_address", "shows_photo",
    "shows_exact_place",
)  # fmt: skip
JOINED = (
    "kelurahan__code", "kelurahan__name", "kelurahan__postal_code", "kelurahan__parent__code",
    "kelurahan__parent__name", "kbli__version", "kbli__code", "kbli__title", "subsector__slug",
    "subsector__name", "subsector__name_en",
)  # fmt: skip
# Sealed columns leave the database only for businesses whose owners agreed; `public_facts` asks again.
SEALED = {
    "owner_name": Q(shows_owner_name=True),
    "phone": Q(shows_phone=True, phone_of__in=OWN_PHONES),
}


def _public(pks):
    sealed = {
        f"told_{name}": Case(When(allowed, then=F(name)), default=Value(""), output_field=SealedTextField())
        for name, allowed in SEALED.items()
    }
    rows = Business.objects.public().filter(pk__in=pks).annotate(**sealed)
    return rows.values_list(*PLAIN, *JOINED, *sealed)


PRODUCT = ("name", "price_idr", "unit", "description", "material", "technique")
LICENCE = ("kind", "status", "number", "expires_on", "checked_on")
PHOTO = ("uuid", "caption", "kind", "width", "height")
SUBSECTORS = ("business_id", "subsector__slug", "subsector__name", "subsector__name_en")


def _current(model, columns):
    """A statement for the current rows of `model` that belong to businesses, oldest first."""
    return Prepared(
        lambda pks: (
            model.objects.current()
            .filter(business__in=pks)
            .order_by("pk")
            .values_list("business_id", *columns)
        )
    )


# The statements behind every public list and page, compiled once.
_businesses = Prepared(_public)
_products = _current(Product, PRODUCT)
_licences = _current(Licence, LICENCE)
_photos = _current(Photo, PHOTO)
_subsectors = Prepared(
    lambda pks: (
        Business.other_subsectors.through.objects.filter(business__in=pks)
        .order_by("subsector_id")
        .values_list(*SUBSECTORS)
    )
)
STATEMENTS = (_businesses, _products, _licences, _photos, _subsectors)


def public_rows(pks):
    """Rows for `public_facts` of these businesses, in this order, without those that are not public.

    As `with_public_parts` with licences, but made of the columns that are shown: a list of fifty costs a
    fifth of fifty models. Five queries at most, for any number of rows.
    """
    pks = list(pks)
    columns = (*PLAIN, *JOINED, *(f"told_{name}" for name in SEALED))
    rows = {}
    for values in _businesses(pks):
        at = dict(zip(columns, values, strict=True))
        rows[at["pk"]] = _row(at)
    found = list(rows)
    _put(rows, "current_products", PRODUCT, _products(found))
    _put(rows, "current_licences", LICENCE, _licences(found))
    _put(rows, "current_photos", PHOTO, _photos([pk for pk, row in rows.items() if row.shows_photo]))
    today = timezone.localdate()
    for row in rows.values():
        for licence in row.current_licences:
            licence.is_valid = is_valid(licence.status, licence.expires_on, today)
    for pk, *told in _subsectors(found):
        rows[pk].current_subsectors.append(_subsector(*told))
    return [rows[pk] for pk in pks if pk in rows]


def _row(at):
    place = SimpleNamespace(
        code=at["kelurahan__code"],
        name=at["kelurahan__name"],
        postal_code=at["kelurahan__postal_code"],
        parent=SimpleNamespace(code=at["kelurahan__parent__code"], name=at["kelurahan__parent__name"]),
    )
    kbli = SimpleNamespace(version=at["kbli__version"], code=at["kbli__code"], title=at["kbli__title"])
    subsector = (at["subsector__slug"], at["subsector__name"], at["subsector__name_en"])
    row = SimpleNamespace(
        owner_name=at["told_owner_name"],
        phone=at["told_phone"],
        kelurahan=place,
        kbli=kbli if kbli.code else None,
        subsector=_subsector(*subsector) if subsector[0] else None,
        current_products=[],
        current_licences=[],
        current_photos=[],
        current_subsectors=[],
    )
    for name in PLAIN:
        setattr(row, name, at[name])
    return row


def _put(rows, name, columns, belongings):
    """Put what belongs to each row on its list `name`."""
    for pk, *values in belongings:
        getattr(rows[pk], name).append(SimpleNamespace(**dict(zip(columns, values, strict=True))))


def _subsector(slug, name, name_en):
    return SimpleNamespace(slug=slug, name=name, shown_name=in_page_language(name, name_en))
