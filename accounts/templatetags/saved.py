"""{% load saved %}{% saved_views "business-list" %}: the menu of saved views beside a list's heading."""

from django import template

from accounts import saved

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
        "csrf_token": context.get("csrf_token"),
    }
