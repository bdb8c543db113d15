"""The server of map tiles a setting may name: its address checked, and whom the browser may then ask.

Without one the portal draws its maps by itself and no browser asks anybody else. With one, visitors' browsers
tell that server which part of the city they look at: the office decides whether it wants that.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

LOCAL = {"localhost", "127.0.0.1"}
HOST = re.compile(r"(\{s\}\.)?[a-z0-9.-]+(:\d{1,5})?", re.ASCII)


@dataclass(frozen=True)
class Tiles:
    """`url` with {z}, {x}, {y} and perhaps {s} and {r}; `origin` is what the policy lets images come from."""

    url: str
    attribution: str
    origin: str


def tiles(url, attribution):
    """Tiles of that server, or None where the setting is empty. Raises ValueError for no usable address."""
    url = url.strip()
    if not url:
        return None
    if not all(part in url for part in ("{z}", "{x}", "{y}")):
        raise ValueError("MAP_TILE_URL must hold {z}, {x} and {y}")
    if re.search(r"[\s;,'\"<>]", url):
        raise ValueError("MAP_TILE_URL holds characters that no address has")
    parts = urlsplit(url)
    local = parts.scheme == "http" and parts.hostname in LOCAL
    if not (parts.scheme == "https" or local) or "@" in parts.netloc or not HOST.fullmatch(parts.netloc):
        raise ValueError("MAP_TILE_URL must start with https:// and a host name")
    if not attribution.strip():
        raise ValueError("MAP_TILE_ATTRIBUTION must say whose map it is")
    origin = f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"
    return Tiles(url, attribution.strip()[:200], origin)
