"""ASGI entry point: `uvicorn umkm_portal.asgi:application`."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "umkm_portal.settings")
application = get_asgi_application()
