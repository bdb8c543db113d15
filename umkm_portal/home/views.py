"""The landing page and the small pages around it."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from accounts.access import public
from registry.directory import figures
from registry.directory.keeping import kept_for_visitors
from registry.directory.structured import absolute
from registry.regions.access import current_posts
from umkm_portal.home.context import THEMES
from umkm_portal.home.waiting import waiting
from umkm_portal.lib import language as languages

THEME_COOKIE = "tema"
YEAR = 365 * 24 * 60 * 60


@public
@require_safe
@kept_for_visitors
def home(request):
    """What waits for whoever holds a post; the landing page for everybody else, and under ?umum=1."""
    if request.user.is_authenticated and "umum" not in request.GET and current_posts(request.user)[0]:
        translation.activate(settings.LANGUAGE_CODE)  # a working page at a public address
        return waiting(request)
    return landing(request)


def landing(request):
    found = figures.figures()
    context = {
        "found": found,
        "stats": figures.stats(found),
        "map": figures.city_map(found),
        **figures.doors(found),
        "without_post": request.user.is_authenticated and not current_posts(request.user)[0],
    }
    return render(request, "home/landing.html", context)


@public
@require_safe
def about(request):
    return render(request, "home/about.html", {"section": "about", "found": figures.figures()})


@public
@require_safe
def privacy(request):
    return render(request, "home/privacy.html")


# The two switches ask for no token, so that a public page is the same for all its readers and can be kept.
# What a foreign page could do with them is turn the light on.


@csrf_exempt
@public
@require_POST
def theme(request):
    """Change between light and dark (or take the one named by `tema`), and go back to where one was."""
    wanted = request.POST.get("tema")
    if wanted not in THEMES:
        wanted = "light" if request.COOKIES.get(THEME_COOKIE) == "dark" else "dark"
    return _remember(request, THEME_COOKIE, wanted)


@csrf_exempt
@public
@require_POST
def language(request):
    """Change to the language named by `bahasa` (Indonesian when we lack it), and go back to where one was."""
    wanted = request.POST.get("bahasa")
    return _remember(
        request, languages.COOKIE, wanted if wanted in languages.CODES else settings.LANGUAGE_CODE
    )


def _remember(request, cookie, value):
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = reverse("home")
    response = redirect(back)
    response.set_cookie(
        cookie, value, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


@public
@require_safe
@cache_control(public=True, max_age=86400)
def robots(request):
    """Search engines may read the public pages, not every combination of filters nor the working side."""
    closed = (
        "/direktori/?",
        "/direktori/peta/?",
        "/direktori/peta/data/",
        "/direktori/angka/?",
        "/direktori/unduh/?",
        "/?",
        "/masuk/",
        "/akun/",
        "/admin/",
        "/api/",
        "/usaha/",
        "/verifikasi/",
        "/unggah/",
        "/masukan/",
        "/lapor/",
        "/laporan/",
        "/kunjungan/",
        "/tindak-lanjut/",
        "/pendampingan/",
        "/masih-aktif/",
        "/antrean/",
        "/konfirmasi/",
        "/usulan/",
        "/usulan-warga/?",
        "/kebutuhan/",
    )
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in closed),
        "",
        f"Sitemap: {absolute(reverse('sitemap'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@public
@require_safe
@cache_control(public=True, max_age=86400)
def favicon(request):
    return redirect(static("img/favicon.svg"))
