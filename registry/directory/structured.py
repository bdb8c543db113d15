"""What machines read of a business's page: schema.org facts for search engines, a preview for WhatsApp.

Both are made of PublicFacts alone, so they can tell nothing that the page does not.
"""

import json
from dataclasses import dataclass
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from registry.directory.sharecard import SIZE

# As django.utils.html.json_script: what could end the script or begin a comment in it is escaped.
ESCAPES = {
    ord(">"): "\\u003E",
    ord("<"): "\\u003C",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}
REGION = "Jawa Timur"
CITY = "Kota Malang"
DESCRIPTION_LENGTH = 160


def absolute(path):
    """`path` as an address that works outside the portal: under SITE_URL, whatever host was asked."""
    return urljoin(settings.SITE_URL.rstrip("/") + "/", path.lstrip("/"))


@dataclass(frozen=True)
class Preview:
    """What a chat or a search result shows of a page."""

    title: str
    description: str
    url: str
    picture: str
    picture_alt: str
    width: int = SIZE[0]
    height: int = SIZE[1]


def preview(facts):
    """The Preview of a business."""
    place = f"{facts.kelurahan['name']}, {CITY}"
    what = facts.activity or facts.description
    return Preview(
        title=f"{facts.name}, {facts.kelurahan['name']}",
        description=Truncator(" ".join(f"{what}. {place}".split()) if what else place).chars(
            DESCRIPTION_LENGTH
        ),
        url=absolute(facts.url),
        picture=absolute(reverse("directory-business-card", args=[facts.slug])),
        picture_alt=_("%(name)s di Kelurahan %(place)s") % {"name": facts.name, "place": place},
    )


def local_business(facts):
    """The facts as schema.org LocalBusiness, a dict; only what is known and agreed to is named.

    Source of the names: https://schema.org/LocalBusiness. Opening hours are told in the business's own
    words, which schema.org has no place for, so they stay on the page.
    """
    found = {
        "@context": "https://schema.org",
        "@type": "LocalBusiness",
        "@id": absolute(facts.url),
        "url": absolute(facts.url),
        "name": facts.name,
        "description": Truncator(facts.activity or facts.description).chars(500),
        "image": [absolute(photo.url) for photo in facts.photos[:3]],
        "telephone": f"+{facts.phone}" if facts.phone else "",
        "address": _address(facts),
        "geo": _point(facts),
        "makesOffer": [_offer(product) for product in facts.products if product.price_idr],
        "keywords": ", ".join(row["name"] for row in (facts.subsector, *facts.other_subsectors) if row),
    }
    return {name: value for name, value in found.items() if value}


def _address(facts):
    lines = [facts.address, facts.stall, f"Kelurahan {facts.kelurahan['name']}"]
    return {
        "@type": "PostalAddress",
        "streetAddress": ", ".join(filter(None, [*lines, f"Kecamatan {facts.kecamatan['name']}"])),
        "addressLocality": CITY,
        "addressRegion": REGION,
        "addressCountry": "ID",
    } | (
        {"postalCode": facts.kelurahan["postal_code"]}
        if facts.address and facts.kelurahan["postal_code"]
        else {}
    )


def _point(facts):
    if facts.latitude is None or facts.longitude is None:
        return None
    return {"@type": "GeoCoordinates", "latitude": str(facts.latitude), "longitude": str(facts.longitude)}


def _offer(product):
    return {
        "@type": "Offer",
        "price": str(product.price_idr),
        "priceCurrency": "IDR",
        "itemOffered": {"@type": "Product", "name": product.name},
    }


def as_script(facts):
    """`local_business` as text that may stand inside a <script type="application/ld+json">."""
    text = json.dumps(local_business(facts), ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(ESCAPES))
