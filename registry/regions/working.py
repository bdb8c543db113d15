"""The kelurahan an officer of several works in at the moment: chosen on every page, kept in the session.

It narrows lists and presets the kelurahan of a new entry. It is no permission: reach stays what the posts
say, and a chosen kelurahan that is not (or no longer) one of theirs counts as none.
"""

from django.db.models import Q
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import requires
from registry.regions.access import current_posts, reach
from registry.regions.models import Region

KEY = "working_in"  # session: a kelurahan's code
PROPOSE = "registry.propose_submission"


class WorkingInMiddleware:
    """Lets the signed-in user's object know what its session chose; read only where something asks."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        asleep = request.user

        def awake():
            user = asleep if asleep.pk is None else asleep._wrapped
            user._working_in = lambda: request.session.get(KEY)
            return user

        request.user = SimpleLazyObject(awake)
        return self.get_response(request)


def served(user):
    """The kelurahan among which `user` may choose, by name; [] for who serves one, or the city."""
    there = reach(user, PROPOSE)
    if there.everywhere or len(there.kelurahan) < 2:
        return []
    _posts, remembered = current_posts(user)
    if served not in remembered:
        rows = Region.objects.kelurahan().filter(pk__in=there.kelurahan)
        remembered[served] = list(rows.select_related("parent").order_by("name", "code"))
    return remembered[served]


def chosen(user):
    """The Region `user` works in at the moment, or None for all of theirs."""
    asked = getattr(user, "_working_in", None)
    code = asked() if asked else None
    return next((region for region in served(user) if region.code == code), None) if code else None


def here(queryset, user, *columns):
    """`queryset` cut down to the chosen kelurahan by any of `columns`; whole where nothing is chosen."""
    region = chosen(user)
    if region is None:
        return queryset
    wanted = Q()
    for column in columns or ("kelurahan",):
        wanted |= Q(**{column: region.pk})  # the region's own row, too, may be a column
    return queryset.filter(wanted)


def narrowed(request):
    """The address of this list cut down to the chosen kelurahan, when it was opened without any filter;
    None otherwise. The filter then stands in the address, where everybody sees it and can take it off."""
    region = chosen(request.user)
    return f"{request.path}?kelurahan={region.code}" if region and not request.GET else None


def preset(user):
    """The kelurahan a new entry begins with: the chosen one, or the only one of the post; else None."""
    if region := chosen(user):
        return region
    there = reach(user, PROPOSE)
    return Region.objects.get(pk=next(iter(there.kelurahan))) if len(there.kelurahan) == 1 else None


def switch(user):
    """[{"code", "name", "on"}] for the frame's switch; [] where there is nothing to choose."""
    regions = served(user) if user.is_authenticated else []
    if not regions:
        return []
    now, names = chosen(user), [region.name for region in regions]
    return [
        {"code": "", "name": _("Semua"), "on": now is None},
        *(
            {
                "code": region.code,
                "name": region.place if names.count(region.name) > 1 else region.name,
                "on": region == now,
            }
            for region in regions
        ),
    ]


@requires(PROPOSE)
@require_POST
def choose(request):
    """Work in one of one's kelurahan, or (empty) in all, and go back to the page."""
    code = request.POST.get("kelurahan", "")
    if any(region.code == code for region in served(request.user)):
        request.session[KEY] = code
    else:
        request.session.pop(KEY, None)
    back = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(back if ours and back.startswith("/") else reverse("home"))
