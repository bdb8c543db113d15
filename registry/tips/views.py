"""The public side: a form on a page of its own, and a word of thanks."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import public
from registry.businesses.addresses import moved_to
from registry.businesses.models import Business
from registry.tips.forms import TipForm, new_stamp
from registry.tips.limits import too_many
from registry.tips.models import Tip
from umkm_portal.lib.errors import Refused


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def tip_new(request, slug):
    """Report something about a business in the directory. Nothing typed is lost when it is not accepted."""
    business = Business.objects.public().select_related("kelurahan__parent").filter(slug=slug).first()
    if business is None:
        return _elsewhere(slug)
    status = 200
    if request.method == "POST":
        form = TipForm(request.POST, business=business)
        if form.is_valid():
            refused = _send(request, form, business)
            if refused is None:
                return redirect("tip-thanks")
            form.add_error(None, refused)
            status = 429
        form.fresh()
    else:
        form = TipForm(business=business, initial={"stamp": new_stamp(business)})
    response = render(request, "registry/tips/new.html", {"business": business, "form": form}, status=status)
    add_never_cache_headers(response)
    return response


def _elsewhere(slug):
    """301 to the form of the business that this former address leads to; Http404 when there is none."""
    now = moved_to(slug)
    if now is None:
        raise Http404
    response = redirect("tip-new", now.slug, permanent=True)
    patch_cache_control(response, public=True, max_age=60)
    return response


def _send(request, form, business):
    """Keep the report; the words to say when it is not accepted, None when it is."""
    if too_many(request):
        return _(
            "Dari jaringan ini sudah banyak laporan dalam satu jam. Isian Anda masih ada; coba lagi nanti, "
            "atau beri tahu kantor kelurahan."
        )
    told = form.cleaned_data
    try:
        Tip.receive(business=business, kind=told["kind"], words=told["words"], contact=told["contact"])
    except Refused as refused:
        return refused.message
    return None


@public
@require_safe
def tip_thanks(request):
    return render(request, "registry/tips/thanks.html")
