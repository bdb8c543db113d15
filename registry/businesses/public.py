"""What the public may know of a business: the one rule that directory and API read.

Public task (UU 27/2022 art. 20; ARCHITECTURE section 8): name, sector, products, kelurahan, whether it is
open. The owner's name, phone, address, photos and exact place only while the owner's consent for that
group stands; `shows_<group>` is kept by apply and by withdrawing, so that reading needs no join.
"""

from django.db.models import Prefetch

from registry.businesses.belongings import Photo, Product
from registry.businesses.choices import PhoneOf

# Shown only when it is known whose number it is; another's is never published, whatever the owner agreed to.
OWN_PHONES = {PhoneOf.OWNER, PhoneOf.EMPLOYEE}


def with_public_parts(queryset):
    """`queryset` with what `public_facts` reads besides the row itself; the same few queries for any size."""
    return queryset.for_list().prefetch_related(
        "other_subsectors",
        Prefetch("products", Product.objects.current().order_by("pk"), to_attr="current_products"),
        Prefetch("photos", Photo.objects.current().order_by("pk"), to_attr="current_photos"),
    )


def public_facts(business):
    """{name: value} of what anyone may read about a business that is in `Business.objects.public()`.

    Every name is always there: "" or None or [] where it is not known or the owner did not agree. E-mail,
    web address, Instagram and marketplace have no consent group of their own and stay inside. Rows come
    from `with_public_parts`.
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
        "other_subsectors": list(business.other_subsectors.all()),
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
