"""The portal's addresses, and beside them the views it is compared with."""

from bench.floor import urlpatterns as floor
from umkm_portal.urls import *  # noqa: F403
from umkm_portal.urls import urlpatterns as portal

urlpatterns = [*floor, *portal]
