"""Persons on working pages: one person, and who bears an exact NIK."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from rest_framework.throttling import UserRateThrottle

from accounts.access import requires
from registry.people.actions import look_up
from registry.people.forms import LookupForm
from registry.people.models import Person
from registry.regions.access import reach

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
        },
    )


class Questions(UserRateThrottle):
    """One limit for this page and the API together: their counters bear the same name."""

    scope = "identity"


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
    if not Questions().allow_request(request, person_lookup):
        form.add_error(None, _("Terlalu banyak NIK dicari dalam satu jam. Coba lagi nanti."))
        return render(request, "registry/people/person_lookup.html", {"form": form}, status=429)
    found, person = look_up(form.cleaned_data["nik"], by=request.user)
    if person:
        return redirect(reverse("person-detail", args=[person.uuid]))
    tail = form.cleaned_data["nik"][-4:]
    return render(
        request, "registry/people/person_lookup.html", {"form": LookupForm(), "found": found, "tail": tail}
    )
