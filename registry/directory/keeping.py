"""When a finished public page is out of date: as soon as any business changed."""

from registry.businesses.models import Business
from umkm_portal.lib.keeping import kept


def version():
    """Moves with applied changes and withdrawn consent; one look into an index.

    A long chunk that commits after a later change does not move it: what it changed shows within a minute.
    """
    return Business.objects.order_by("-changed_at", "-pk").values_list("changed_at", "pk").first()


kept_for_visitors = kept(version)
