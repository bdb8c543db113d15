"""Pieces the entry page asks for while somebody types: codes, kelurahan, persons, likely duplicates.

Lists of options for the pickers (static/js/pick.js), and the hint about duplicates. What may name a person
travels in the body of a POST, never in an address or a log. The entry page works without any of them.
"""

import uuid as uuids

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from registry.businesses.models import Business
from registry.submissions.offers import kbli_offers, kelurahan_offers, people_offers
from registry.submissions.similar import Typed, similar

PROPOSE = "registry.propose_submission"
LONGEST = 120  # letters of a question; nobody types more into a picker
OPTIONS = "registry/submissions/partials/options.html"


def _options(request, options):
    """[(value, text, small text)] as the rows of a list box."""
    return render(request, OPTIONS, {"options": options})


@requires(PROPOSE)
@require_safe
def pick_kbli(request):
    """KBLI codes by words ("kripik", "laundry") or by the beginning of a code."""
    found = kbli_offers(request.GET.get("q", "")[:LONGEST])
    return _options(request, [(row.key, row.title, f"{row.code} · KBLI {row.version}") for row in found])


@requires(PROPOSE)
@require_safe
def pick_kelurahan(request):
    """Kelurahan by name, other spelling or kecamatan: in reach, or with `semua` all of the city's."""
    everywhere = bool(request.GET.get("semua"))
    found = kelurahan_offers(request.GET.get("q", "")[:LONGEST], request.user, everywhere=everywhere)
    return _options(request, [(row.code, row.name, f"Kec. {row.parent.name}") for row in found])


@requires(PROPOSE)
@require_POST
@never_cache
@sensitive_post_parameters()
def pick_person(request):
    """Persons in reach by name or telephone."""
    found = people_offers(
        request.POST.get("q", "")[:LONGEST], request.user, request.POST.get("kelurahan", "")
    )
    return _options(request, [(str(p.uuid), p.name, about) for p, about in told_apart(found, request.user)])


def told_apart(people, user):
    """[(person, words)]: what tells two persons of one name apart, without a number anybody could use."""
    reached = Business.objects.visible_to(user).filter(
        ownerships__person__in=people, ownerships__ended_on=None
    )
    shops = dict(reached.order_by("-pk").values_list("ownerships__person", "name")) if people else {}
    found = []
    for person in people:
        place = person.domicile.place if person.domicile_id else ""
        number = f"NIK {person.nik_masked}" if person.nik_last4 else ""
        found.append((person, " · ".join(filter(None, [shops.get(person.pk, ""), place, number]))))
    return found


@requires(PROPOSE)
@require_POST
@never_cache
@sensitive_post_parameters()
def entry_similar(request):
    """The hint "mungkin sudah tercatat" for what has been typed so far into a new registration."""
    told = {n: request.POST.get(n, "")[:300] for n in ("name", "kelurahan", "address", "rt", "rw")}
    phones = [v[:40] for n, v in request.POST.items() if n == "phone" or n.endswith("-phone")][:10]
    try:
        without = uuids.UUID(request.POST.get("without", ""))
    except ValueError:
        without = None
    found = similar(Typed.read(**told, phones=phones, without=without), request.user)
    return render(request, "registry/submissions/partials/similar.html", {"similar": found, "live": True})
