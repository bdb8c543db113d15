"""The names of a kelurahan's businesses, for picking one on a phone without signal."""

from django.http import Http404, HttpResponseNotModified, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from accounts.access import requires
from registry.businesses.choices import OperatingState
from registry.businesses.models import Business
from registry.regions.access import reach
from registry.regions.models import Region
from umkm_portal.lib.conditional import matches, tag_of

VIEW = "registry.view_business"
CAP = 5_000  # a kelurahan has some hundreds; what is beyond is written by hand
SHOWN = ("uuid", "name", "rt", "rw", "operating_state", "last_confirmed_on")


def names_in(user, kelurahan):
    """[{uuid, name, rt, rw, state, confirmed_on}] of what is not closed there, by RW, RT and name."""
    rows = Business.objects.visible_to(user).filter(kelurahan=kelurahan)
    rows = rows.exclude(operating_state=OperatingState.CLOSED).order_by("rw", "rt", "name", "pk")
    return [
        {
            "uuid": str(identity),
            "name": name,
            "rt": rt,
            "rw": rw,
            "state": state,
            "confirmed_on": confirmed_on and confirmed_on.isoformat(),
        }
        for identity, name, rt, rw, state, confirmed_on in rows.values_list(*SHOWN)[:CAP]
    ]


@requires(VIEW)
@require_safe
def names_list(request, code):
    """{"names": […]} with an ETag; 404 outside one's reach."""
    kelurahan = Region.objects.kelurahan().filter(code=code).first()
    if kelurahan is None or not reach(request.user, VIEW).covers(kelurahan.pk):
        raise Http404
    names = names_in(request.user, kelurahan)
    tag = tag_of(names)
    same = matches(request.headers.get("If-None-Match", ""), tag)
    response = HttpResponseNotModified() if same else JsonResponse({"names": names})
    response["ETag"] = tag
    patch_cache_control(response, private=True, no_cache=True)
    return response
