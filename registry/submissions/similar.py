"""Likely duplicates of what is being typed: businesses and waiting registrations that may be the same one.

A hint for a person, never a decision (DOMAIN.md R4). Each comes with its reasons. Names that many bear
("Warung Kelontong") and telephones that many share (an enumerator's) say nothing by themselves. Outside
the reader's reach nothing is shown of a business, only that one with the same telephone is recorded.
"""

from dataclasses import dataclass, field

from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from registry.businesses.matching import address_key, name_key, one_letter_off
from registry.businesses.models import Business
from registry.regions.models import Region
from registry.submissions.models import Submission
from umkm_portal.lib.phones import phone_digits
from umkm_portal.lib.sealing import lookups
from umkm_portal.lib.text import clean_line, fold

MANY = 5  # bearers of one name in a kelurahan, or of one telephone: from here on it says nothing
SHOWN = 4
ALIKE, VERY_ALIKE = 85, 93  # of 100
LONG_NAME = 8  # letters: from here on one letter off is a slip rather than another name
SHORTEST = 4  # letters of a name before it is compared at all
ASKED_OUTSIDE = 60  # telephones an hour one person may ask about beyond their reach
POINTS = {"phone": 50, "name": 40, "near": 30, "alike": 25, "address": 30, "rt": 10}
ENOUGH = 40  # a same name, a same telephone, or two weaker reasons together


@dataclass
class Likeness:
    """One business or waiting registration that may be the one being typed, and why."""

    name: str
    place: str
    url: str
    uuid: object = None  # of a recorded business, which can be changed instead
    waiting: bool = False
    reasons: list = field(default_factory=list)
    points: int = 0


@dataclass
class Similar:
    """What was found: `shown`, closest first, and whether a telephone is recorded `outside` one's reach."""

    shown: list = field(default_factory=list)
    outside: bool = False

    def __bool__(self):
        return bool(self.shown or self.outside)


@dataclass
class Typed:
    """What has been typed so far, in the forms it is compared in."""

    name: str = ""
    kelurahan: object = None
    phones: list = field(default_factory=list)
    address: str = ""
    place: str = ""  # "rt 5 rw 3", so that a street without a number is not "the same address"
    without: object = None  # uuid of the submission's own business

    @classmethod
    def read(cls, *, name="", kelurahan="", phones=(), address="", rt="", rw="", without=None):
        """From raw field values; what cannot be read is left out."""
        rt, rw = (int(x) if str(x).strip().isdecimal() and len(str(x)) < 4 else None for x in (rt, rw))
        code = str(kelurahan or "")
        digits = {phone_digits(clean_line(p)) for p in phones if p}
        return cls(
            name=clean_line(str(name or ""))[:250],
            kelurahan=Region.objects.kelurahan().filter(code=code).first() if code else None,
            phones=sorted(d for d in digits if d),
            address=address_key(clean_line(str(address or ""))[:300]),
            place=address_key("", rt, rw),
            without=without,
        )


def similar(typed, user):
    """`Similar` to what was typed, within the user's reach (and the one bit beyond it)."""
    by_phone, shared = _with_phone(typed, user)
    rows = {b.pk: b for b in _in_the_kelurahan(typed, user)} | {b.pk: b for b in by_phone}
    found = [_judged(typed, b, same_phone=b in by_phone) for b in rows.values()]
    found = _without_generic(typed, [one for one in found if one])
    found += _waiting(typed, user)
    found.sort(key=lambda one: -one.points)
    return Similar(found[:SHOWN], outside=not shared and not by_phone and _is_outside(typed, user))


def of_submission(submission, user):
    """The same question for a registration that stands as a draft."""
    if submission.kind != "register":
        return Similar()
    owners = [i["values"] for i in submission.items if i["kind"] == "owner"]
    told = {n: submission.proposed(n) for n in ("name", "kelurahan", "address", "rt", "rw")}
    phones = [submission.proposed("phone"), *(o.get("phone") for o in owners)]
    return similar(Typed.read(**told, phones=phones, without=submission.business_uuid), user)


# ---- inside ----------------------------------------------------------------------------------------------


def _in_the_kelurahan(typed, user):
    """Businesses of the kelurahan whose name is anything like the one typed."""
    if typed.kelurahan is None or len(name_key(typed.name)) < SHORTEST:
        return []
    here = Business.objects.visible_to(user).filter(kelurahan=typed.kelurahan).exclude(uuid=typed.without)
    near = [pk for pk, name in here.values_list("pk", "name") if _name_reason(typed.name, name)[0]]
    return list(here.filter(pk__in=near[:50]).for_list())


def _phone_rows(typed, rows):
    digests = [digest for number in typed.phones for digest in lookups("phone", number)]
    if not digests:
        return rows.none()
    own = Q(phone_lookup__in=digests)
    owners = Q(ownerships__person__phone_lookup__in=digests, ownerships__ended_on=None)
    return rows.filter(own | owners).exclude(uuid=typed.without).distinct()


def _with_phone(typed, user):
    """(businesses in reach with the same telephone, whether so many share it that it says nothing)."""
    rows = list(_phone_rows(typed, Business.objects.visible_to(user)).for_list()[: MANY + 1])
    return ([], True) if len(rows) > MANY else (rows, False)


def _is_outside(typed, user):
    """Whether a business beyond the user's reach has this telephone: the one bit that is told of it.

    Asked a bounded number of times an hour, so that nobody can try numbers one after the other.
    """
    if not typed.phones:
        return False
    key = f"similar:{user.pk}:{timezone.now():%Y%m%d%H}"
    cache.add(key, 0, 3600)
    if cache.incr(key) > ASKED_OUTSIDE:
        return False
    return 0 < _phone_rows(typed, Business.objects.filter(merged_into=None))[: MANY + 1].count() <= MANY


def _name_reason(mine, theirs):
    """(points, words) of how alike two names are; (0, "") when they are not."""
    one, other = name_key(mine), name_key(theirs)
    if one == other:
        return POINTS["name"], _("nama sama")
    if one_letter_off(one, other):
        return POINTS["name" if len(one) >= LONG_NAME else "near"], _("nama beda satu huruf")
    score = fuzz.token_sort_ratio(fold(mine), fold(theirs))
    if score >= ALIKE:
        return POINTS["name" if score >= VERY_ALIKE else "alike"], _("nama %d %% mirip") % score
    return 0, ""


def _judged(typed, business, *, same_phone):
    points, reasons = _name_reason(typed.name, business.name) if typed.name else (0, "")
    reasons = [reasons] if reasons else []
    if same_phone:
        points += POINTS["phone"]
        reasons.append(_("telepon sama"))
    if typed.address and typed.address == address_key(business.address):
        points += POINTS["address"]
        reasons.append(_("alamat sama"))
    elif typed.place and typed.place == address_key("", business.rt, business.rw):
        points += POINTS["rt"]
        reasons.append(_("RT/RW sama"))
    if points < ENOUGH:
        return None
    return Likeness(
        name=business.name,
        place=business.kelurahan.place if business.kelurahan_id else "",
        url=business.get_absolute_url(),
        uuid=business.uuid,
        reasons=reasons,
        points=points,
    )


def _without_generic(typed, found):
    """Where many bear the name, keep only those for whom more than the name speaks."""
    key = name_key(typed.name)
    bearers = sum(1 for one in found if name_key(one.name) == key)
    if bearers < MANY and not _is_generic(typed.name):
        return found
    return [one for one in found if one.points >= POINTS["name"] + POINTS["address"]]


def _is_generic(name):
    """Whether at least MANY businesses of the city bear this name, in the ways offices write it."""
    spelt = {name, name.upper(), name.lower(), name.title(), name.capitalize()}
    return Business.objects.filter(name__in=spelt, merged_into=None)[:MANY].count() >= MANY


def _waiting(typed, user):
    """Registrations that somebody else has sent and nobody has decided: not yet in the registry."""
    if typed.kelurahan is None or len(name_key(typed.name)) < SHORTEST or _is_generic(typed.name):
        return []
    rows = Submission.objects.visible_to(user).open().filter(kind="register", kelurahan_next=typed.kelurahan)
    found = []
    for row in rows.exclude(business_uuid=typed.without).order_by("-pk")[:500]:
        points, reason = _name_reason(typed.name, row.title)
        if points >= POINTS["near"]:
            likeness = Likeness(row.title, typed.kelurahan.place, row.get_absolute_url(), waiting=True)
            likeness.points, likeness.reasons = points, [reason]
            found.append(likeness)
    return found
