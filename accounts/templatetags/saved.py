"""{% load saved %}{% saved_views "business-list" %}: the menu of saved views beside a list's heading."""

from django import template

from accounts import saved
from umkm_portal.lib.sealing import SealBroken, unseal

register = template.Library()


@register.inclusion_tag("components/saved_views.html", takes_context=True)
def saved_views(context, page):
    """The views of one list (its URL name), and a form that keeps the address shown now."""
    request = context["request"]
    own, shared = saved.for_page(request.user, page)
    now, _left_out = saved.clean_query(request.GET.urlencode())
    found = [(view, view.query == now) for view in own]
    of_others = [(view, view.query == now) for view in shared]
    return {
        "page": page,
        "own": found,
        "shared": of_others,
        "now": now,
        "current": next((v.title for v, on in [*found, *of_others] if on and now), ""),
        "may_open": saved.may_open(request.user, page),
        "typed": _typed(request, page),
        "csrf_token": context.get("csrf_token"),
    }


def _typed(request, page):
    """What was typed for a view of this list that could not be kept, once; None where nothing was."""
    typed = request.session.get(saved.NOT_KEPT)
    if not typed or typed["page"] != page:
        return None
    del request.session[saved.NOT_KEPT]
    try:
        return typed | {"title": unseal(typed["title"])}
    except SealBroken:  # the keys changed meanwhile
        return None
