"""What every page knows: the theme, and on working pages where this user can go."""

from functools import lru_cache

from django.urls import NoReverseMatch, resolve, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from registry.regions.access import reach
from registry.regions.working import switch
from registry.submissions.queue import queue_of
from umkm_portal.lib.formats import number
from umkm_portal.lib.paging import capped_count

THEMES = ("light", "dark")
QUEUE_CAP = 200  # a nav badge: beyond this "200+" says enough
# paths that belong to an entry with another path
ALSO_UNDER = {
    "/orang/": "/usaha/",
    "/lapor/masih-aktif/": "/masih-aktif/",
    "/lapor/usulan/": "/usulan/",
    "/lapor/": "/laporan/",
    "/pendampingan/": "/kunjungan/",
}
# The field's pages by URL name, under one heading; who may open one is what the page itself says.
FIELD = (
    ("visit-request-list", lazy("Laporan perlu didatangi")),
    ("visit-board", lazy("Papan kunjungan")),
    ("visit-list", lazy("Kunjungan")),
    ("follow-up-list", lazy("Tindak lanjut")),
    ("check-list", lazy("Masih aktif?")),
    ("outreach-list", lazy("Antrean WhatsApp")),
    ("proposal-list", lazy("Usulan forum")),
    ("needs", lazy("Kebutuhan")),
    ("monthly-list", lazy("Laporan bulanan")),
)


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


@lru_cache(maxsize=100)
def door(name):
    """(path, permissions one of which opens it) of a page without arguments; ("", ()) when there is none."""
    url = address(name)
    return (url, tuple(getattr(resolve(url).func, "access", ()))) if url else ("", ())


def open_to(user, name):
    """The path of a page where `user` may open it, or ""."""
    url, permissions = door(name)
    return url if any(user.has_perm(permission) for permission in permissions) else ""


def serves_kelurahan(user):
    """Whether this user proposes from the field: an officer's post, not the city's."""
    there = reach(user, "registry.propose_submission")
    return bool(there) and not there.everywhere


def nav(request):
    """[{url, label, count, current, items}] of the pages this user may open; [] for visitors.

    An entry with `items` is a heading over them and leads nowhere itself.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    may = user.has_perm
    entries = [(address("home"), _("Beranda"), 0)]
    if may("registry.view_business"):
        entries.append((address("business-list"), _("Usaha"), 0))
    if may("registry.decide_submission") or may("registry.decide_escalated"):
        entries.append((address("submission-queue"), _("Verifikasi data"), waiting_count(user)))
    field = [(url, str(label), 0) for name, label in FIELD if (url := open_to(user, name))]
    if len(field) < 2:
        entries += field
    else:
        entries.append(("", _("Lapangan"), field))
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
    flat = [url for entry in entries for url, _label, _count in _leaves(entry)]
    here = _here(request, flat)
    return [_entry(*entry, here) for entry in entries if entry[0] or isinstance(entry[2], list)]


def _leaves(entry):
    return entry[2] if isinstance(entry[2], list) else [entry]


def _entry(url, label, inside, here):
    """One entry of the menu; `inside` is a count, or the entries under a heading."""
    items = [_entry(*each, here) for each in inside] if isinstance(inside, list) else []
    current = any(each["current"] for each in items) if items else url == here
    return {"url": url, "label": label, "count": 0 if items else inside, "current": current, "items": items}


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
        (open_to(user, "report-need"), _("Lapor"), "flag"),
        (address("submission-new"), _("Usaha baru"), "plus"),
        (address("submission-mine"), _("Data saya"), "list"),
    ]
    here = _here(request, [url for url, _label, _icon in entries])
    first = open_to(user, "report-need")
    return [
        {"url": url, "label": label, "icon": icon, "current": url == here, "first": url == first}
        for url, label, icon in entries
        if url
    ]


def _here(request, urls):
    """The entry this page belongs to: the longest of `urls` that its path begins with, "" for none."""
    return _longest(request.path, urls) or next(
        (
            found
            for prefix, under in ALSO_UNDER.items()
            if request.path.startswith(prefix) and (found := _longest(under, urls))
        ),
        "",
    )


def _longest(path, urls):
    return max(
        (u for u in urls if u and (path == u if u == "/" else path.startswith(u))), key=len, default=""
    )
