"""The map of public addresses for search engines: an index, and files of at most 5,000 addresses each.

Files of businesses are cut by key: file n holds the public ones among keys 5,000·(n-1)+1 to 5,000·n. So no
file is counted or skipped to, each stays the same file for ever, and the hundredth costs what the first does.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemaps
from django.core.paginator import EmptyPage, PageNotAnInteger
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.access import public
from registry.businesses.models import Business
from registry.directory.places import SPOTS
from registry.directory.structured import absolute

MOST = 5_000
KEPT_SECONDS = 60  # who is hidden is gone from here within a minute too


class OfThePortal(Sitemap):
    """Addresses under SITE_URL, whatever host was asked."""

    limit = MOST

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc

    def location(self, item):
        return item


class PagesSitemap(OfThePortal):
    """The landing page and what it leads to, and the page of every kelurahan, sector and sentra."""

    def items(self):
        names = ("home", "directory", "about", "privacy", *(f"places-{kind}" for kind in SPOTS))
        spots = [spot.url for find in SPOTS.values() for spot in find()]
        return [reverse(name) for name in names] + spots


class BlocksOfKeys:
    """Django's Paginator as a Sitemap asks it, by ranges of primary keys instead of by offset."""

    def __init__(self, rows, size):
        self.rows, self.size = rows, size

    @property
    def num_pages(self):
        last = Business.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        return max(1, -(-last // self.size))

    def page(self, number):
        if not (isinstance(number, int) or (number.isascii() and number.isdigit() and len(number) < 8)):
            raise PageNotAnInteger(number)
        if not 1 <= int(number) <= self.num_pages:
            raise EmptyPage(number)
        end = int(number) * self.size
        self.object_list = self.rows.filter(pk__gt=end - self.size, pk__lte=end).order_by("pk")
        return self


class BusinessSitemap(OfThePortal):
    """Every public business, with the day of its last applied change."""

    @property
    def paginator(self):
        rows = Business.objects.public().values_list("slug", "changed_at")
        return BlocksOfKeys(rows, self.limit)

    def location(self, item):
        return f"{reverse('directory')}{item[0]}/"

    def lastmod(self, item):
        """The day only: it tells that something was applied, not what."""
        return timezone.localdate(item[1])


SECTIONS = {"halaman": PagesSitemap, "usaha": BusinessSitemap}


@public
@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def sitemap_index(request):
    """The list of files; two queries, however many businesses there are."""
    files = []
    for section, build in SECTIONS.items():
        url = absolute(reverse("sitemap-section", args=[section]))
        pages = build().paginator.num_pages
        files += [{"location": url if page == 1 else f"{url}?p={page}"} for page in range(1, pages + 1)]
    return render(request, "sitemap_index.xml", {"sitemaps": files}, content_type="application/xml")


@public
@require_safe
@cache_control(public=True, max_age=KEPT_SECONDS)
def sitemap_section(request, section):
    return sitemaps.sitemap(request, SECTIONS, section=section)
