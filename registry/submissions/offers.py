"""What an entry page offers: its fields, and the rows that a field can name, found by words with typos."""

import re

from django.db.models import Q
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from registry.businesses import choices, fields
from registry.people.models import Person
from registry.regions.access import reach
from registry.regions.models import Region
from registry.sectors.models import Kbli
from registry.submissions.rules import MOVE_FIELDS
from umkm_portal.lib.phones import phone_digits
from umkm_portal.lib.sealing import lookups, word_queries
from umkm_portal.lib.text import clean_line, fold

KBLI_OFFERS = 8
FOUND_AT_ONCE = 8  # what a list under a field shows; more says nothing
CLOSE_ENOUGH = 74  # of 100: "purwontoro" finds Purwantoro, "dinoya" Dinoyo
SAME_PERSON_PERHAPS = 80
NAMES_COMPARED = 2_000  # names are sealed: comparing spellings opens each, so only those of one place
KBLI_TEXT = re.compile(r"^(?:(20\d\d)\s*[: ]\s*)?(\d{5})$", re.ASCII)
NOT_ON_THE_PAGE = {
    "other_subsectors", "sector_told", "founded_on", "workers_upper", "workers_told", "capital_upper_idr",
    "capital_told", "turnover_told", "scale_on", "phone_other",
}  # fmt: skip


def field_names(kind, business, user):
    """The fields of the business that a page of this kind shows to this user."""
    if kind in ("close", "reopen"):
        return []
    names = [n for n in fields.BUSINESS if n not in NOT_ON_THE_PAGE]
    if kind == "move":
        return [n for n in names if n in MOVE_FIELDS]
    if kind == "register":
        names = [n for n in names if n not in ("operating_state", "season_months")]
    elif business.kelurahan_id:
        names.remove("kelurahan")  # another kelurahan is a move
    if business is not None and business.operating_state == choices.OperatingState.CLOSED:
        names.remove("operating_state")
    if not user.has_perm("registry.view_turnover"):
        names = [n for n in names if not fields.BUSINESS[n].need_to_know]
    return names


def kelurahan_options(user, *, everywhere=False, without=None):
    """Choices of kelurahan grouped by kecamatan: those in the user's reach, or all of them."""
    there = reach(user, "registry.propose_submission")
    rows = Region.objects.kelurahan().select_related("parent").order_by("parent__code", "name")
    if not everywhere and not there.everywhere:
        rows = rows.filter(pk__in=there.kelurahan)
    groups = {}
    for region in rows:
        if region.pk != without:
            groups.setdefault(region.parent.name, []).append((region.code, region.name))
    return [("", _("Pilih kelurahan")), *groups.items()]


def find_kbli(text):
    """(key, rows): the code meant by what was typed, or None with the rows that fit it, if any."""
    cleaned = clean_line(text)
    leaves = Kbli.objects.leaves()
    if match := KBLI_TEXT.match(cleaned):
        version, code = match.groups()
        if version:
            return f"{version}:{code}", []
        rows = list(leaves.filter(code=code).order_by("-version"))
        if len({row.title_folded for row in rows}) == 1:
            return rows[0].key, []
        return None, rows
    if not fold(cleaned):
        return None, []
    for version in ("2025", "2020"):
        rows = list(leaves.search(cleaned, version)[: KBLI_OFFERS + 1])
        exact = [row for row in rows if row.title_folded == fold(cleaned)]
        if len(rows) == 1 or len(exact) == 1:
            return (exact or rows)[0].key, []
        if rows:
            return None, rows[:KBLI_OFFERS]
    return None, []


def title_of_kbli(key):
    """The title behind "2025:10307", or "" for anything else."""
    match = KBLI_TEXT.match(str(key or ""))
    if not match or not match.group(1):
        return ""
    row = Kbli.objects.filter(version=match.group(1), code=match.group(2)).first()
    return f"{row.title} (KBLI {row.version})" if row else ""


def kbli_offers(text):
    """Codes that fit what is being typed, this year's classification first, up to FOUND_AT_ONCE."""
    if not fold(text):
        return []
    found = []
    for version in ("2025", "2020"):
        found += Kbli.objects.leaves().search(text, version)[: FOUND_AT_ONCE - len(found)]
        if len(found) >= FOUND_AT_ONCE:
            break
    return found


def kelurahan_offers(text, user, *, everywhere=False):
    """Kelurahan whose name, other spelling or kecamatan is close to `text`, the closest first.

    Those in the user's reach only, unless `everywhere` (an owner may live anywhere in the city).
    """
    wanted = fold(text)
    rows = Region.objects.kelurahan().select_related("parent").prefetch_related("aliases")
    there = reach(user, "registry.propose_submission")
    if not everywhere and not there.everywhere:
        rows = rows.filter(pk__in=there.kelurahan)
    if not wanted:
        return []
    scored = []
    for region in rows:
        names = [fold(region.name), *(alias.folded for alias in region.aliases.all())]
        best = max(_closeness(wanted, name) for name in names)
        best = max(best, _closeness(wanted, fold(region.parent.name)) - 5)
        best = max(best, _closeness(wanted, f"{names[0]} {fold(region.parent.name)}"))
        if best >= CLOSE_ENOUGH:
            scored.append((-best, region.name, region))
    return [region for _score, _name, region in sorted(scored, key=lambda s: s[:2])[:FOUND_AT_ONCE]]


def _closeness(wanted, name):
    """0 to 100: a name that begins with what was typed so far is close, whatever is still to come."""
    if name.startswith(wanted):
        return 100
    if any(word.startswith(wanted) for word in name.split()):
        return 95
    so_far = fuzz.ratio(wanted, name[: len(wanted)]) - 2 if len(wanted) >= 4 else 0
    return max(fuzz.ratio(wanted, name), so_far, fuzz.ratio(wanted.replace(" ", ""), name.replace(" ", "")))


def people_offers(text, user, kelurahan=None):
    """Persons `user` may read whose name or telephone is what was typed, spelling mistakes allowed.

    Names are sealed and found by whole words; spellings are compared only among the people of one place:
    the user's kelurahan, or `kelurahan` (code) for those whose reach is the city.
    """
    rows = Person.objects.visible_to(user)
    if (number := phone_digits(clean_line(text))) and sum(c.isdigit() for c in text) >= 9:
        return list(_listed(rows.filter(phone_lookup__in=lookups("phone", number))))
    words = [word for word in fold(text).split()[:6] if len(word) > 1]
    if not words or len("".join(words)) < 3:
        return []
    every = Q()
    for word in words:
        any_key = Q()
        for token in word_queries("name", word):
            any_key |= Q(name_words__contains=token)
        every &= any_key
    found = list(_listed(rows.filter(every)))
    if len(found) < FOUND_AT_ONCE:
        known = {person.pk for person in found}
        near = [pk for pk in _near_names(rows, words, user, kelurahan) if pk not in known]
        people = {person.pk: person for person in _listed(rows.filter(pk__in=near))}
        found += [people[pk] for pk in near if pk in people]
    return found[:FOUND_AT_ONCE]


def _listed(rows):
    return rows.select_related("domicile__parent").order_by("pk")[:FOUND_AT_ONCE]


def _near_names(rows, words, user, kelurahan):
    """Keys of persons of one place with a name like the words, the likest first."""
    there = reach(user, "registry.view_person")
    if there.everywhere:
        if not kelurahan:
            return []
        owners = Q(ownerships__business__kelurahan__code=kelurahan, ownerships__ended_on=None)
        rows = rows.filter(Q(domicile__code=kelurahan) | owners).distinct()
    names = {pk: fold(name) for pk, name in rows.order_by("-pk").values_list("pk", "name")[:NAMES_COMPARED]}
    typed = " ".join(words)
    near = process.extract(
        typed, names, scorer=_name_closeness, score_cutoff=SAME_PERSON_PERHAPS, limit=FOUND_AT_ONCE
    )
    return [pk for _name, _score, pk in near]


def _name_closeness(typed, name, score_cutoff=None):
    """Each typed word against the nearest word of the name (or its beginning, while it is being typed)."""
    known = name.split()
    if not known:
        return 0
    each = [
        max(max(fuzz.ratio(word, other), fuzz.ratio(word, other[: len(word)]) - 3) for other in known)
        for word in typed.split()
    ]
    return sum(each) / len(each)
