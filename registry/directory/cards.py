"""What the lists of the directory show: one business as a card, one kelurahan as a tile."""

from django.templatetags.static import static
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from registry.businesses.choices import OperatingState
from registry.directory.pictures import drawing_for


def tile(place, count, url):
    """A row for tilemap.build."""
    return {
        "code": place.code,
        "name": place.name,
        "kecamatan": place.kecamatan,
        "column": place.column,
        "row": place.row,
        "count": count,
        "url": url,
    }


def card(facts):
    """One business as the business_card component wants it."""
    place = facts.kelurahan["name"]
    if facts.rw:
        place += f" RW {facts.rw:02d}"
    drawing = drawing_for(facts.name, facts.activity, *(product.name for product in facts.products))
    photo = facts.photos[0] if facts.photos else None
    licences = {licence.kind for licence in facts.licences if licence.status == "has" and licence.is_valid}
    tags = [facts.subsector["name"]] if facts.subsector else []
    tags += [label for kind, label in (("halal", _("Halal")), ("pirt", "P-IRT")) if kind in licences]
    if facts.operating_state != OperatingState.ACTIVE:
        tags.insert(0, str(OperatingState(facts.operating_state).label))
    return {
        "url": facts.url,
        "name": facts.name,
        "what": Truncator(facts.activity).chars(110),
        "price": facts.lowest_price_idr,
        "place": f"{place}, {facts.kecamatan['name']}",
        "hours": Truncator(facts.opening_hours).chars(40),
        "photo": photo.small_url if photo else (static(drawing) if drawing else ""),
        "alt": (photo.caption or facts.name) if photo else "",
        "tags": tags,
        "chat_url": facts.chat_url,
    }
