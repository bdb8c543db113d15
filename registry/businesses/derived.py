"""Columns computed from other columns; written by apply, by the six acts and by a rebuild only."""

from datetime import date

from django.utils import timezone

from registry.businesses import choices
from registry.search import facets, index
from registry.search.sound import HONORIFICS, words_of
from registry.sectors.industry import industry_class
from registry.sectors.scale import annual_sales, scale_of
from umkm_portal.lib.sealing import lookup, word_tokens
from umkm_portal.lib.text import fold

COLUMNS = [
    "annual_sales_idr",
    "industry_class",
    "search_keys",
    "facet_key",
    "owner_name",
    "owner_words",
    "phone_lookup",
    "name_has_owner",
    "has_nib",
    "has_halal",
    "has_pirt",
    *(f"shows_{group}" for group in choices.ConsentGroup.values),
]
SCALE_COLUMNS = ["scale", "scale_basis", "scale_on"]


def owner_words_in_name(business_name, owner_names):
    """Whether the business's name holds a part of its owner's name (flagged to the reviewer, section 8)."""
    words = set(fold(business_name).split()) - HONORIFICS.keys()
    return any(
        w in words for name in owner_names for w in fold(name).split() if len(w) >= 3 and w not in HONORIFICS
    )


def derive(business, *, owners, licences, products, consents, place_names=()):
    """Set the derived columns on `business` (unsaved) from its current belongings.

    `owners` are persons, `licences`, `products`, `consents` current rows; `place_names` the names of the
    kelurahan and kecamatan, which belong to the text that search reads.
    """
    index.remember(business)
    names = [p.name for p in owners if p.name]
    business.owner_name = ", ".join(names)[:300]
    derive_lookups(business)
    business.name_has_owner = owner_words_in_name(business.name, names)
    valid = {
        row.kind
        for row in licences
        if row.status == choices.LicenceStatus.HAS
        and (row.expires_on is None or _day(row.expires_on) >= timezone.localdate())
    }
    business.has_nib = "nib" in valid
    business.has_halal = "halal" in valid
    business.has_pirt = "pirt" in valid
    given = {row.group for row in consents}
    for group in choices.ConsentGroup.values:
        setattr(business, f"shows_{group}", group in given)
    business.annual_sales_idr = (
        yearly(business, business.turnover_idr)
        if business.turnover_answer == choices.TurnoverAnswer.EXACT
        else None
    )
    business.industry_class = industry_class(
        on=timezone.localdate(),
        section=business.kbli.section if business.kbli_id else "",
        workers=business.workers,
        workers_upper=upper_end(business.workers, business.workers_upper),
        investment_idr=business.investment_idr,
    ).industry_class
    texts = search_texts(business, products, place_names)
    business.search_keys = index.search_keys(*texts)
    business._told = " ".join(texts[:2])  # for vocabulary_of
    derive_facet_key(business)


def derive_lookups(business):
    """The columns by which sealed ones are found again."""
    business.owner_words = word_tokens("name", business.owner_name)
    business.phone_lookup = lookup("phone", business.phone)


def yearly(business, amount_idr):
    """Rupiah a year from an amount told per period, or None when it was not told as a figure."""
    told = (choices.TurnoverAnswer.EXACT, choices.TurnoverAnswer.BAND)
    if business.turnover_answer not in told or amount_idr is None or not business.turnover_period:
        return None
    sales = annual_sales(amount_idr, business.turnover_period, business.turnover_days_per_week)
    return sales.amount_idr if sales else None


def upper_end(lower, upper):
    """The upper end of a band, or None where a later correction left it below the lower end."""
    return None if lower is not None and upper is not None and upper < lower else upper


def _day(value):
    return value if isinstance(value, date) else date.fromisoformat(value)


# What official titles are full of; as words to find a business by they would only make noise.
TITLE_WORDS = {
    "aktivitas", "atas", "bukan", "dagang", "dalam", "eceran", "golongan", "industri", "jasa", "kegiatan",
    "khusus", "lain", "lainnya", "melalui", "penyediaan", "perdagangan", "pokok", "sejenisnya", "termasuk",
    "usaha",
}  # fmt: skip


def search_texts(business, products, place_names):
    """The texts the public may find a business by, one per search Weight; never the owner's name or a number.

    The official title of its KBLI is the weakest: it names whatever the class holds, not what is sold here.
    """
    offers = [business.activity, *(product.name for product in products)]
    around = list(place_names)
    if business.subsector_id:
        around.append(business.subsector.name)
    if business.kbli_id:
        around += [word for word in words_of(business.kbli.title) if word not in TITLE_WORDS]
    return business.name, " ".join(filter(None, offers))[:4000], " ".join(around)


def derive_facet_key(business):
    """Set what the directory counts it by, "" for one the public does not see; after its scale is known."""
    business.facet_key = (
        facets.facet_key(
            business.kelurahan_id,
            business.subsector_id,
            business.kbli.sector if business.kbli_id else "",
            business.scale,
            business.operating_state,
            halal=business.has_halal,
            pirt=business.has_pirt,
            nib=business.has_nib,
        )
        if business.is_public
        else ""
    )


def vocabulary_of(businesses):
    """The folded words of names and offers of those the public sees, for index.put.

    Nobody learns from a suggestion, or from one that is missing, what a hidden business is called.
    """
    told = [getattr(b, "_told", f"{b.name} {b.activity}") for b in businesses if b.is_public]
    return {word for text in told for word in words_of(text)}


def computed_scale(business, on):
    """(scale, basis) on the day `on` from capital and sales as told; ("", "") when they do not decide it."""
    found = scale_of(
        on=on,
        founded_on=business.founded_on,
        founded_year=business.founded_year,
        capital_idr=business.capital_idr,
        capital_upper_idr=upper_end(business.capital_idr, business.capital_upper_idr),
        annual_sales_idr=yearly(business, business.turnover_idr),
        annual_sales_upper_idr=yearly(
            business, upper_end(business.turnover_idr, business.turnover_upper_idr)
        ),
    )
    return (found.scale, found.basis) if found.scale else ("", "")
