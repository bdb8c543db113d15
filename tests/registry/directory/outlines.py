"""Invented outlines for the three kelurahan of the test city: squares side by side."""

from registry.models import Region
from registry.regions.models import Boundary

SIZE = 0.02


def square(west, south):
    ring = [[west, south], [west + SIZE, south], [west + SIZE, south + SIZE], [west, south + SIZE]]
    ring = [[round(x, 5), round(y, 5)] for x, y in ring]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def load_outlines(level="kelurahan", source="Bappeda"):
    """Outlines of every region of the level, from west to east."""
    rows = Region.objects.filter(level=level).order_by("code")
    return [
        Boundary.objects.create(region=row, geometry=square(112.60 + SIZE * at, -7.96), source=source)
        for at, row in enumerate(rows)
    ]
