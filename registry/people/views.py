"""Persons on working pages: one person, and who bears an exact NIK."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit
from accounts.access import requires
from registry.people import disclosures
from registry.people.actions import look_up, reveal
from registry.people.asking import may_ask
from registry.people.forms import LookupForm, RevealForm
from registry.people.models import Person
from registry.regions.access import reach
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.paging import KeysetPage

REVEAL, DISCLOSURES = "registry.reveal_identity", "registry.view_disclosures"
MONEY = "registry.view_turnover"  # disability is need-to-know as turnover is (ARCHITECTURE section 8)
PHONE_OF = {
    "owner": _("milik sendiri"),
    "family": _("milik keluarga"),
    "employee": _("milik pegawai"),
    "enumerator": _("milik pendata"),
}


@requires("registry.view_person")
@require_safe
@never_cache
def person_detail(request, identity):
    """What the office knows of a person, and their businesses in the reader's reach."""
    person = get_object_or_404(
        Person.objects.visible_to(request.user).select_related("domicile__parent"), uuid=identity
    )
    disclosures.note([person], by=request.user, how="page")
    there = reach(request.user, "registry.view_business")
    owned = person.ownerships.select_related("business__kelurahan__parent").filter(business__merged_into=None)
    if not there.everywhere:
        owned = owned.filter(business__kelurahan__in=there.kelurahan)
    owned = list(owned.order_by("ended_on", "business__name", "pk")[:200])
    money = reach(request.user, MONEY)
    places = [person.domicile_id, *(o.business.kelurahan_id for o in owned if o.ended_on is None)]
    return render(
        request,
        "registry/people/person_detail.html",
        {
            "person": person,
            "phone_of": PHONE_OF.get(person.phone_of, ""),
            "owned": owned,
            "sees_disability": any(money.covers(p) for p in places),
            "may_reveal": bool(reach(request.user, REVEAL)) and (person.nik_sealed or person.kk_sealed),
            "sees_names": bool(reach(request.user, DISCLOSURES)),
        },
    )


SHOWN_SECONDS = 120


@requires(REVEAL)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("reason")
@cache_control(no_store=True, private=True)
def person_reveal(request, identity):
    """The full NIK or KK, in the answer to this one POST: no address shows it again, no cache keeps it."""
    person = get_object_or_404(Person.objects.visible_to(request.user), uuid=identity)
    if not (person.nik_sealed or person.kk_sealed):
        raise Http404
    form = RevealForm(request.POST if request.method == "POST" else None, person=person)
    number = ""
    if request.method == "POST" and form.is_valid():
        try:
            number = reveal(person, by=request.user, **form.cleaned_data)
        except Refused as refused:
            for name in [n for n in refused.fields if n in form.fields] or [None]:
                form.add_error(name, refused.message)
    grouped = " ".join(number[i : i + 4] for i in range(0, len(number), 4))
    response = render(
        request,
        "registry/people/person_reveal.html",
        {
            "person": person,
            "form": form,
            "number": grouped,
            "what": dict(form.fields["what"].choices).get(form.cleaned_data.get("what")) if number else "",
            "minutes": SHOWN_SECONDS // 60,
            "limit": settings.REVEALS_PER_DAY,
        },
    )
    if number:  # left open on a desk it closes by itself
        response["Refresh"] = f"{SHOWN_SECONDS}; url={reverse('person-detail', args=[person.uuid])}"
    return response


@requires(DISCLOSURES, "registry.propose_submission")
@require_safe
@never_cache
def person_disclosures(request, identity):
    """Who opened this person's data. With names for those who watch over it; with posts, to print, for the
    owner who asks their officer (UU 27/2022 article 32). Opening the list leaves a line as well."""
    person = get_object_or_404(Person.objects.visible_to(request.user), uuid=identity)
    for_owner = request.GET.get("untuk") == "pemilik" or not reach(request.user, DISCLOSURES)
    lines = disclosures.of(person).select_related("recorded_by")
    page = KeysetPage(request, lines, "-id", 100)
    rows = disclosures.described(page.rows, for_owner=for_owner)
    audit.record(disclosures.LIST_OPENED, person, by=request.user, for_owner=for_owner)
    return render(
        request,
        "registry/people/person_disclosures.html",
        {
            "person": person,
            "rows": rows,
            "page": page,
            "for_owner": for_owner,
            "sees_names": bool(reach(request.user, DISCLOSURES)),
            "now": timezone.localtime(),
        },
    )


@requires("registry.lookup_identity")
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("nik")
@never_cache
def person_lookup(request):
    """Who bears this NIK. The number travels in the body only; the answer goes on by uuid.

    Of somebody outside one's reach it says only that the number is known (ARCHITECTURE section 8).
    """
    form = LookupForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "registry/people/person_lookup.html", {"form": form})
    if not may_ask(request.user):
        form.add_error(None, _("Terlalu banyak NIK dicari dalam satu jam. Coba lagi nanti."))
        return render(request, "registry/people/person_lookup.html", {"form": form}, status=429)
    found, person = look_up(form.cleaned_data["nik"], by=request.user)
    if person:
        return redirect(reverse("person-detail", args=[person.uuid]))
    tail = form.cleaned_data["nik"][-4:]
    return render(
        request, "registry/people/person_lookup.html", {"form": LookupForm(), "found": found, "tail": tail}
    )
