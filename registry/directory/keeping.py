"""When a finished public page is out of date: as soon as any business changed."""

from registry.businesses.models import Business
from umkm_portal.lib.keeping import kept


def version():
    """Moves with every applied change and withdrawn consent; one look into an index."""
    return Business.objects.order_by("-changed_at", "-pk").values_list("changed_at", "pk").first()


kept_for_visitors = kept(version)
