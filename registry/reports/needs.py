"""What a business may need and how soon: the lists that reports, visits and forum proposals share. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Need(models.TextChoices):
    """DOMAIN "Kelurahan and field": the categories Sahabat UMKM and the kelurahan use."""

    PRODUCTION = "production", _("Produksi")
    EQUIPMENT = "equipment", _("Alat")
    MATERIAL = "material", _("Bahan")
    MARKETING = "marketing", _("Pemasaran")
    PACKAGING = "packaging", _("Kemasan")
    LICENCE = "licence", _("Legalitas dan halal")
    CAPITAL = "capital", _("Permodalan")
    TRAINING = "training", _("Pelatihan")
    OTHER = "other", _("Lainnya")


class Urgency(models.IntegerChoices):
    ORDINARY = 1, _("Biasa")
    SOON = 2, _("Segera")
    URGENT = 3, _("Mendesak")


# The board ranks by weight × days waited (docs/decisions/0012): one step of urgency counts threefold, and a
# business nobody has visited counts twice.
URGENCY_WEIGHT = {Urgency.ORDINARY: 1, Urgency.SOON: 3, Urgency.URGENT: 9}
NEVER_VISITED = 2


def weight_of(urgency, *, never_visited):
    """How fast a need of this urgency climbs the board, a whole number from 1 to 18."""
    return URGENCY_WEIGHT[Urgency(urgency)] * (NEVER_VISITED if never_visited else 1)
