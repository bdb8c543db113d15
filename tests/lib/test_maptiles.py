"""The address of map tiles: only what a browser may safely be sent to."""

import pytest

from umkm_portal.lib.maptiles import tiles

GOOD = "https://tile.example.org/{z}/{x}/{y}.png"


def test_no_address_means_no_tiles():
    assert tiles("", "") is None
    assert tiles("  ", "Bappeda") is None


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        (GOOD, "https://tile.example.org"),
        ("https://{s}.tile.example.org/{z}/{x}/{y}{r}.png?kunci=1", "https://*.tile.example.org"),
        ("https://peta.malangkota.go.id:8443/{z}/{x}/{y}", "https://peta.malangkota.go.id:8443"),
        ("http://127.0.0.1:9000/{z}/{x}/{y}.png", "http://127.0.0.1:9000"),
    ],
)
def test_the_policy_opens_for_that_host_only(url, origin):
    assert tiles(url, "Bappeda").origin == origin


@pytest.mark.parametrize(
    "url",
    [
        "https://tile.example.org/{z}/{x}.png",
        "http://tile.example.org/{z}/{x}/{y}.png",
        "//tile.example.org/{z}/{x}/{y}.png",
        "javascript:alert({z}{x}{y})",
        "data:image/png,{z}{x}{y}",
        "https://*/{z}/{x}/{y}",
        "https:///{z}/{x}/{y}",
        "https://nama:sandi@tile.example.org/{z}/{x}/{y}",
        "https://tile.example.org; script-src *; /{z}/{x}/{y}",
        "https://{x}.example.org/{z}/{y}",
    ],
)
def test_an_address_that_opens_more_is_refused(url):
    with pytest.raises(ValueError, match="MAP_TILE_URL"):
        tiles(url, "Bappeda")


def test_whose_map_it_is_must_be_said():
    with pytest.raises(ValueError, match="MAP_TILE_ATTRIBUTION"):
        tiles(GOOD, " ")
