"""/konfirmasi/: an owner confirms or corrects one business by a personal link, without an account.

Whoever holds a link that is not good any more, or never was, learns nothing: one page for all of them.
"""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import public
from registry.businesses.choices import PlaceKind
from registry.outreach.forms import OwnerForm
from registry.outreach.limits import too_many
from registry.outreach.links import OwnerLink
from registry.outreach.masking import masked_phone, masked_words
from registry.outreach.models import note_answer
from umkm_portal.lib.errors import Refused


@public
@sensitive_post_parameters()
@sensitive_variables("token")
@require_http_methods(["GET", "HEAD", "POST"])
def owner_link(request, token):
    """What is recorded, masked, and the form. Opening it uses nothing up: chat programs open links too."""
    if too_many(request):
        return _private(render(request, "registry/outreach/owner_wait.html", status=429))
    link = OwnerLink.objects.by_token(token)
    if link is None:
        return _private(render(request, "registry/outreach/owner_gone.html", status=404))
    form = OwnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            link.answer(answer=form.cleaned_data["answer"], corrections=form.corrections())
        except Refused:
            return _private(render(request, "registry/outreach/owner_gone.html", status=404))
        except ValidationError as error:
            for name, told in error.message_dict.items():
                form.add_error(name if name in form.fields else None, told)
        else:
            note_answer(link)
            return _private(redirect("owner-thanks"))
    return _private(
        render(
            request,
            "registry/outreach/owner.html",
            {"form": form, "facts": facts(link.business), "link": link},
        )
    )


def facts(business):
    """[(label, what is recorded)], masked where it is somebody's."""
    place = business.kelurahan.place if business.kelurahan_id else _("Kota Malang")
    kind = PlaceKind(business.place_kind).label if business.place_kind else ""
    rows = [
        (_("Nama usaha"), business.name),
        (_("Produk atau kegiatan"), business.activity),
        (_("Kelurahan"), place),
        (_("Tempat"), kind),
        (_("Telepon"), masked_phone(business.phone)),
        (_("Alamat"), masked_words(business.address)),
        (_("Jam buka"), business.opening_hours),
        (_("Tercatat"), business.get_operating_state_display()),
    ]
    return [(label, told or _("belum ada")) for label, told in rows if told or label != _("Tempat")]


@public
@require_safe
def owner_thanks(request):
    """The same words for everybody: nothing of the answer stands here."""
    return _private(render(request, "registry/outreach/owner_thanks.html"))


def _private(response):
    """Kept by nobody, found by no search engine, and named to no other page: an address with a token goes
    into no Referer, of which servers keep logs. (The origin alone must go along: forms are checked by it.)"""
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "strict-origin"
    return response
