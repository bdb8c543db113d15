"""What every page knows: the theme, and on working pages where this user can go."""

from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from registry.regions.access import reach
from registry.regions.working import switch
from registry.submissions.queue import queue_of
from umkm_portal.lib.formats import number
from umkm_portal.lib.paging import capped_count

THEMES = ("light", "dark")
QUEUE_CAP = 200  # a nav badge: beyond this "200+" says enough
ALSO_UNDER = {"/orang/": "/usaha/"}  # paths that belong to an entry with another path


def portal(request):
    """Context processor. `nav` and `tabbar` ask the database only when a frame shows them."""
    theme = request.COOKIES.get("tema")
    return {
        "site_name": "UMKM Kota Malang",
        "theme": theme if theme in THEMES else "light",
        "nav": SimpleLazyObject(lambda: nav(request)),
        "tabbar": SimpleLazyObject(lambda: tabbar(request)),
        "working": SimpleLazyObject(lambda: switch(request.user)),
    }


def address(name, *args):
    """The path of a page, or "" when there is no such page (yet)."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def serves_kelurahan(user):
    """Whether this user proposes from the field: an officer's post, not the city's."""
    there = reach(user, "registry.propose_submission")
    return bool(there) and not there.everywhere


def nav(request):
    """[{url, label, count, current}] of the pages this user may open; [] for visitors."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    may = user.has_perm
    entries = [(address("home"), _("Beranda"), 0)]
    if may("registry.view_business"):
        entries.append((address("business-list"), _("Usaha"), 0))
    if may("registry.decide_submission") or may("registry.decide_escalated"):
        entries.append((address("submission-queue"), _("Verifikasi data"), waiting_count(user)))
    if may("registry.propose_submission"):
        entries.append((address("submission-mine"), _("Data yang saya kirim"), 0))
    if may("registry.upload_import") or may("registry.view_import"):
        label = _("Unggah Excel") if may("registry.upload_import") else _("Unggahan")
        entries.append((address("import-list"), label, 0))
    if may("registry.view_business"):
        entries.append((address("statistics"), _("Statistik"), 0))
    if may("accounts.view_auditentry"):
        entries.append((address("trail"), _("Jejak"), 0))
    if may("registry.change_post"):
        entries.append((address("post-list"), _("Jabatan"), 0))
        entries.append((address("admin:index"), _("Akun dan data acuan"), 0))
    here = _here(request, [url for url, _label, _count in entries])
    return [
        {"url": url, "label": label, "count": count, "current": url == here}
        for url, label, count in entries
        if url
    ]


def waiting_count(user):
    """How many submissions wait for a decision in the user's reach: a number, or "200+"."""
    count, more = capped_count(queue_of(user), QUEUE_CAP)
    return f"{number(count)}+" if more else count


def tabbar(request):
    """The bar at the foot of a phone, for officers in the field; [] for everybody else."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not serves_kelurahan(user):
        return []
    entries = [
        (address("home"), _("Beranda"), "home"),
        (address("business-list"), _("Usaha"), "shop"),
        (address("submission-new"), _("Usaha baru"), "plus"),
        (address("submission-mine"), _("Data saya"), "list"),
    ]
    here = _here(request, [url for url, _label, _icon in entries])
    return [
        {"url": url, "label": label, "icon": icon, "current": url == here}
        for url, label, icon in entries
        if url
    ]


def _here(request, urls):
    """The entry this page belongs to: the longest of `urls` that its path begins with, "" for none."""
    path = request.path
    for prefix, under in ALSO_UNDER.items():
        if path.startswith(prefix):
            path = under
    return max(
        (u for u in urls if u and (path == u if u == "/" else path.startswith(u))), key=len, default=""
    )
