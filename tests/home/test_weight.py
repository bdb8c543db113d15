"""What a first visit loads, weighed as it is served: hashed files with gzip beside each, gzip on the page."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings

from registry.models import Region
from registry.regions.loading import load_regions, load_tiles
from registry.sectors.loading import load_product_centres, load_subsectors
from tests.factories import make_business

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DATA = Path(settings.BASE_DIR) / "registry/data"
FIRST_VISIT = 100_000
# An address in a page, in a style sheet or in an SVG; the fragment names a piece of the same file.
ADDRESS = re.compile(r"""(?:href|src|srcset|url)\s*[=(]\s*["']?(/static/)?([^"'\s)#?]+)""")
FOREIGN = ["admin", "rest_framework", "drf_spectacular_sidecar", "django-htmx*"]


@pytest.fixture(scope="module")
def gathered(tmp_path_factory):
    """Static files as `collectstatic` gathers, names and compresses them on a server."""
    folder = tmp_path_factory.mktemp("static")
    storages = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    with override_settings(STATIC_ROOT=str(folder), STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=FOREIGN)
        yield folder


@pytest.fixture
def whole_city(db):
    """57 kelurahan with their tiles, every subsector and sentra, and businesses in all of them."""
    list(load_regions(DATA / "regions_kota_malang.csv"))
    list(load_tiles(DATA / "cartogram_tiles.csv"))
    list(load_subsectors(DATA / "ekraf_subsectors.csv"))
    list(load_product_centres(DATA / "product_centres.csv"))
    for row in Region.objects.kelurahan():
        make_business(kelurahan=row.code, subsector="kuliner", name=f"Keripik Tempe {row.name}")


def weight_of(path):
    """Bytes on the wire: the file made by gzip beside it, or itself where that would be no smaller."""
    packed = path.with_name(path.name + ".gz")
    return packed.stat().st_size if packed.exists() else path.stat().st_size


def addresses(text, beside, folder):
    for static, name in ADDRESS.findall(text):
        path = folder / name if static else (beside / name if beside else None)
        if path and path.is_file():
            yield path.resolve()


def weigh(folder, address, **cookies):
    """{name: bytes} of the page and of everything it names, and of what that names, once each."""
    client = Client()
    client.cookies.load(cookies)
    html = client.get(address, headers={"accept-encoding": "gzip"})
    assert html.status_code == 200 and html["Content-Encoding"] == "gzip"
    found = {"page": len(html.content)}
    waiting = set(addresses(client.get(address).content.decode(), None, folder))
    while waiting:
        path = waiting.pop()
        name = str(path.relative_to(folder.resolve()))
        if name in found:
            continue
        found[name] = weight_of(path)
        if path.suffix in (".css", ".svg"):
            waiting |= set(addresses(path.read_text("utf-8"), path.parent, folder))
    return found


def names_of(found):
    """Names without their hash, to see what was counted."""
    return {re.sub(r"\.[0-9a-f]{12}(?=\.)", "", name) for name in found}


@pytest.mark.parametrize("cookies", [{}, {"tema": "dark", "bahasa": "en"}])
def test_the_first_public_page_weighs_at_most_100_kb(gathered, whole_city, cookies):
    found = weigh(gathered, "/", **cookies)

    assert {
        "css/portal.css", "vendor/bootstrap.css", "js/portal.js", "icons-public.svg", "img/rak.svg",
        "img/etalase.svg", "img/favicon.svg", "img/motif.svg", "img/form-check.svg",
        "fonts/plus-jakarta-sans-latin-wght-normal.woff2",
    } <= names_of(found)  # fmt: skip
    print(
        f"\nlanding page: {sum(found.values()):,} bytes", sorted(found.items(), key=lambda row: -row[1])[:8]
    )
    assert sum(found.values()) <= FIRST_VISIT, found


def test_the_directory_and_a_business_weigh_at_most_100_kb_apart_from_photos(gathered, whole_city):
    for address in ("/direktori/", make_business().public_url):
        found = weigh(gathered, address)
        print(f"\n{address}: {sum(found.values()):,} bytes")
        assert sum(found.values()) <= FIRST_VISIT, found


def test_public_pages_carry_nothing_of_the_working_ones(gathered, whole_city):
    business = make_business().public_url
    others = (
        "/direktori/peta/",
        "/direktori/angka/",
        "/direktori/unduh/",
        "/kelurahan/",
        f"{business}lapor/",
    )
    for address in ("/", "/direktori/", "/tentang/", "/privasi/", "/masuk/", business, *others):
        carried = names_of(weigh(gathered, address))
        assert not carried & {"css/work.css", "css/entry.css", "css/rows.css", "icons.svg"}, address
        assert not [name for name in carried if "htmx" in name], address


def test_scripts_do_not_keep_a_page_waiting(client, whole_city):
    for address in ("/", "/direktori/", "/masuk/"):
        html = client.get(address).content.decode()
        assert all(" defer" in tag or " async" in tag for tag in re.findall(r"<script[^>]*>", html)), address
