"""The acts on a business that are no proposals, and its pictures. The list stands in list_pages.py."""

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from registry.businesses.belongings import Consent, Photo
from registry.businesses.forms import ConfirmForm, VerifyForm
from registry.businesses.models import Business
from umkm_portal.lib.errors import Refused


def _business(request, identity):
    return get_object_or_404(Business.objects.visible_to(request.user), uuid=identity)


def _answer(request, business, act, done):
    """Run one act and go back to the business, saying what came of it."""
    try:
        act()
    except Refused as refused:
        if refused.code == "not-found":
            raise Http404 from refused
        messages.error(request, refused.message)
    else:
        messages.success(request, done)
    return redirect(business)


@requires("registry.confirm_business")
@require_POST
def business_confirm(request, identity):
    """The business was seen at work on the given day."""
    business = _business(request, identity)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Tanggal tidak dikenali. Pilih tanggal terlihat aktif."))
        return redirect(business)
    return _answer(
        request,
        business,
        lambda: business.confirm_active(on=form.cleaned_data["on"], by=request.user),
        _("Tercatat masih aktif."),
    )


@requires("registry.verify_business")
@require_POST
def business_verify(request, identity):
    """Existence or identity was checked."""
    business = _business(request, identity)
    form = VerifyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Pilih yang diperiksa dan caranya."))
        return redirect(business)
    asked = form.cleaned_data
    return _answer(
        request,
        business,
        lambda: business.verify(asked["what"], how=asked["how"], by=request.user),
        _("Verifikasi dicatat."),
    )


@requires("registry.withdraw_consent")
@require_http_methods(["GET", "HEAD", "POST"])
def consent_withdraw(request, identity, consent):
    """Ask, then take one consent back at once."""
    business = _business(request, identity)
    row = get_object_or_404(Consent, uuid=consent, business=business)
    if request.method == "POST":
        return _answer(
            request,
            business,
            lambda: row.withdraw(by=request.user),
            _("Persetujuan ditarik. Halaman publik tidak lagi menampilkannya."),
        )
    return render(
        request, "registry/businesses/consent_withdraw.html", {"business": business, "consent": row}
    )


@requires("registry.view_business")
@require_safe
def business_photo(request, identity, photo):
    """A picture of a business in reach; the public page has its own address for consented ones."""
    row = get_object_or_404(Photo.objects.current(), uuid=photo, business=_business(request, identity))
    try:
        file = row.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=600"
    return response
