"""Pages of saved views: keep one, and the page where they are renamed, shared and deleted."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import saved
from accounts.access import signed_in
from accounts.models import SavedView
from umkm_portal.lib.errors import Refused
from umkm_portal.lib.sealing import seal


@signed_in
@require_POST
def view_save(request):
    """Keep the list shown before under a title, and go back to it."""
    page, query = request.POST.get("page", ""), request.POST.get("query", "")
    if not saved.may_open(request.user, page):
        raise Http404
    kept, _left_out = saved.clean_query(query)
    try:
        view, left_out = saved.save_view(
            page=page,
            title=request.POST.get("title", ""),
            query=query,
            by=request.user,
            shared=request.POST.get("shared") == "1",
        )
    except Refused as refused:
        messages.error(request, refused.message)
        _keep_typed(request, page, refused.message)
    else:
        kept = view.query
        messages.success(request, _("Tampilan “%s” disimpan.") % view.title)
        if left_out:
            messages.warning(
                request,
                _("Kata pencarian berisi nomor tidak ikut disimpan, supaya data orang tidak tersimpan."),
            )
    return redirect(_address(page, kept))


def _keep_typed(request, page, message):
    """For the menu of the list, which opens again: a title may hold a number, so it is kept sealed."""
    title = request.POST.get("title", "")[:200]
    shared = request.POST.get("shared") == "1"
    request.session[saved.NOT_KEPT] = {
        "page": page, "title": seal(title), "shared": shared, "said": str(message),
    }  # fmt: skip


@signed_in
@require_safe
def view_list(request):
    """All views of this user, by list."""
    own = SavedView.objects.filter(user=request.user).order_by("page", "title")
    groups = {}
    for view in own:
        if saved.may_open(request.user, view.page):
            groups.setdefault(view.page, []).append((view, _address(view.page, view.query)))
    return render(
        request,
        "accounts/saved_views.html",
        {"groups": [(saved.PAGES[page][0], rows) for page, rows in groups.items()]},
    )


@signed_in
@require_POST
def view_change(request, uuid):
    """Rename, share, stop sharing or delete one's own view."""
    view = get_object_or_404(SavedView, uuid=uuid, user=request.user)
    act = request.POST.get("act", "")
    try:
        if act == "rename":
            saved.rename(view, title=request.POST.get("title", ""), by=request.user)
            messages.success(request, _("Nama tampilan diubah."))
        elif act in ("share", "unshare"):
            saved.share(view, shared=act == "share", by=request.user)
            messages.success(
                request, _("Tampilan dibagikan.") if act == "share" else _("Tampilan tidak lagi dibagikan.")
            )
        elif act == "delete":
            saved.delete(view, by=request.user)
            messages.success(request, _("Tampilan dihapus."))
        else:
            raise Http404
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("saved-views")


def _address(page, query):
    """Where a view leads; home while the list has no page of its own yet."""
    try:
        return reverse(page) + (f"?{query}" if query else "")
    except NoReverseMatch:
        return reverse("home")
